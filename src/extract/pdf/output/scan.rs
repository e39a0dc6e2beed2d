//! The commands in a page's content stream, told apart without decoding what
//! is in them (ISO 32000-1, 7.2 and 7.8.2). Takes anything: what makes no sense
//! is passed over. Knows no command's meaning but those of inline images, whose
//! data are not commands.

use std::ops::Range;

/// Operands that stand before one operator; more than any operator has.
const MOST_OPERANDS: usize = 64;
/// Arrays and dictionaries inside each other.
const MOST_DEPTH: usize = 32;

/// What an operand is, to the first letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number,
    Name,
    /// `(…)` or `<…>`
    String,
    Array,
    Dictionary,
    Other,
}

/// An operand and where it stands in the stream.
#[derive(Debug, Clone)]
pub struct Operand {
    pub kind: Kind,
    pub at: Range<usize>,
}

/// Reads a stream command by command.
pub struct Scanner<'a> {
    source: &'a [u8],
    at: usize,
    /// Those of the command that was read last.
    pub operands: Vec<Operand>,
}

impl<'a> Scanner<'a> {
    pub fn new(source: &'a [u8]) -> Self {
        Self { source, at: 0, operands: Vec::with_capacity(8) }
    }

    /// The next operator; its operands are in `operands`.
    pub fn next_command(&mut self) -> Option<&'a [u8]> {
        self.operands.clear();
        loop {
            let token = token(self.source, self.at)?;
            self.at = token.at.end;
            match token.kind {
                Kind::Other => {
                    let word = &self.source[token.at.clone()];
                    if is_operator(word) {
                        if word == b"ID" {
                            self.skip_image();
                        }
                        return Some(word);
                    }
                }
                _ if self.operands.len() < MOST_OPERANDS => self.operands.push(token),
                _ => {}
            }
        }
    }

    /// The bytes of the operand at `index` where it is of this kind.
    pub fn bytes(&self, index: usize, kind: Kind) -> Option<&'a [u8]> {
        let operand = self.operands.get(index).filter(|o| o.kind == kind)?;
        self.source.get(operand.at.clone())
    }

    /// The operand's value where it is a number.
    pub fn number(&self, index: usize) -> Option<f64> {
        self.bytes(index, Kind::Number).map(number)
    }

    /// All operands where they are `N` numbers.
    pub fn numbers<const N: usize>(&self) -> Option<[f64; N]> {
        // Some programs leave things lying about before the operands.
        let first = self.operands.len().checked_sub(N)?;
        let mut values = [0.0; N];
        for (index, value) in values.iter_mut().enumerate() {
            *value = self.number(first + index)?;
        }
        Some(values)
    }

    /// Goes on behind the data of an inline image: to `EI` with white space
    /// around it.
    fn skip_image(&mut self) {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let end = rest.windows(4).position(|w| {
            is_space(w[0]) && &w[1..3] == b"EI" && (is_space(w[3]) || is_delimiter(w[3]))
        });
        self.at = end.map_or(self.source.len(), |end| self.at + end + 3);
    }
}

/// What stands inside an array, one after the other.
pub fn items(array: &[u8]) -> impl Iterator<Item = (Kind, &[u8])> {
    let inside = array.strip_prefix(b"[").unwrap_or(array);
    let inside = inside.strip_suffix(b"]").unwrap_or(inside);
    let mut at = 0;
    std::iter::from_fn(move || {
        let token = token(inside, at)?;
        at = token.at.end;
        Some((token.kind, inside.get(token.at)?))
    })
}

/// A number as programs write it, `-.5` and `--5` and `1.2.3` among them.
pub fn number(written: &[u8]) -> f64 {
    let (mut value, mut unit) = (0.0, 1.0);
    let (mut minus, mut fraction) = (false, false);
    let digits = written.iter().position(|b| !matches!(b, b'-' | b'+')).unwrap_or(written.len());
    for (at, byte) in written.iter().enumerate() {
        match byte {
            b'-' if at < digits => minus = true,
            b'0'..=b'9' if fraction => {
                unit /= 10.0;
                value += f64::from(byte - b'0') * unit;
            }
            b'0'..=b'9' => value = value * 10.0 + f64::from(byte - b'0'),
            b'.' if !fraction => fraction = true,
            b'+' => {}
            _ => break,
        }
    }
    if minus { -value } else { value }
}

fn is_operator(word: &[u8]) -> bool {
    word.first().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, b'\'' | b'"'))
        && !matches!(word, b"true" | b"false" | b"null")
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// The first token at or after `at`.
fn token(source: &[u8], mut at: usize) -> Option<Operand> {
    loop {
        match source.get(at)? {
            b'%' => at += line_end(&source[at..]),
            byte if is_space(*byte) => at += 1,
            _ => break,
        }
    }
    let (kind, end) = match (source[at], source.get(at + 1)) {
        (b'(', _) => (Kind::String, string_end(source, at)?),
        (b'<', Some(b'<')) => (Kind::Dictionary, nested_end(source, at)?),
        (b'<', _) => (Kind::String, hex_end(source, at)?),
        (b'[', _) => (Kind::Array, nested_end(source, at)?),
        (b'/', _) => (Kind::Name, word_end(source, at + 1)),
        (b'0'..=b'9' | b'+' | b'-' | b'.', _) => (Kind::Number, number_end(source, at)),
        (byte, _) if is_delimiter(byte) => (Kind::Other, at + 1),
        _ => (Kind::Other, word_end(source, at)),
    };
    Some(Operand { kind, at: at..end })
}

fn line_end(rest: &[u8]) -> usize {
    rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len())
}

fn word_end(source: &[u8], from: usize) -> usize {
    let rest = source.get(from..).unwrap_or_default();
    let end = rest.iter().position(|b| is_space(*b) || is_delimiter(*b));
    from + end.unwrap_or(rest.len())
}

/// Behind a number; an operator may follow without a space.
fn number_end(source: &[u8], from: usize) -> usize {
    let rest = &source[from..];
    let end = rest.iter().position(|b| !matches!(b, b'0'..=b'9' | b'.' | b'+' | b'-'));
    from + end.unwrap_or(rest.len())
}

/// Behind `(…)`, in which parentheses stand in pairs or behind a backslash.
/// `None`, here and below, where the stream ends first.
fn string_end(source: &[u8], from: usize) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, from);
    while let Some(byte) = source.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn hex_end(source: &[u8], from: usize) -> Option<usize> {
    source[from..].iter().position(|b| *b == b'>').map(|end| from + end + 1)
}

/// Behind an array or a dictionary with all that is in it.
fn nested_end(source: &[u8], from: usize) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, from);
    while let Some(byte) = source.get(at) {
        match (byte, source.get(at + 1)) {
            (b'(', _) => at = string_end(source, at)?,
            (b'%', _) => at += line_end(&source[at..]),
            (b'<', Some(b'<')) => (depth, at) = (depth + 1, at + 2),
            (b'>', Some(b'>')) => (depth, at) = (depth.saturating_sub(1), at + 2),
            (b'<', _) => at = hex_end(source, at)?,
            (b'[', _) => (depth, at) = (depth + 1, at + 1),
            (b']', _) => (depth, at) = (depth.saturating_sub(1), at + 1),
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 || depth > MOST_DEPTH {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(source: &str) -> Vec<String> {
        let mut scanner = Scanner::new(source.as_bytes());
        let mut found = Vec::new();
        while let Some(operator) = scanner.next_command() {
            let operands = scanner.operands.iter().map(|o| &source[o.at.clone()]);
            let mut all: Vec<&str> = operands.collect();
            all.push(std::str::from_utf8(operator).expect("ASCII"));
            found.push(all.join(" "));
        }
        found
    }

    #[test]
    fn commands_are_told_apart_whatever_is_in_their_strings() {
        let source = "BT/F1 12 Tf(a \\) (b) Tj)Tj[(x)-.5<41>]TJ % (no) Tj\n1 0 0 1 7 8cm ET";
        let expected =
            ["BT", "/F1 12 Tf", "(a \\) (b) Tj) Tj", "[(x)-.5<41>] TJ", "1 0 0 1 7 8 cm", "ET"];
        assert_eq!(commands(source), expected);
    }

    #[test]
    fn the_pixels_of_an_inline_image_are_no_commands() {
        assert_eq!(commands("q BI /W 1 ID (Tj EIx \n EI Q"), ["q", "BI", "/W 1 ID", "Q"]);
    }

    #[test]
    fn marked_content_and_cut_streams_do_no_harm() {
        assert_eq!(
            commands("/P <</MCID 0 /A [(>>)]>> BDC 1 ) ] Tj (cut"),
            ["/P <</MCID 0 /A [(>>)]>> BDC", "1 Tj"]
        );
        assert_eq!(commands("[(a) [ 1"), [] as [String; 0]);
        assert_eq!(commands(&"[".repeat(100_000)), [] as [String; 0]);
    }

    #[test]
    fn numbers_are_read_as_programs_write_them() {
        for (written, value) in [("-.5", -0.5), ("--5", -5.0), ("1.2.3", 1.2), ("+7", 7.0)] {
            assert!((number(written.as_bytes()) - value).abs() < 1e-9, "{written}");
        }
    }
}
