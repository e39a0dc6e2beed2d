//! The table that says which letters a font's codes stand for (`ToUnicode`, ISO
//! 32000-1, 9.10.3), read with patience and written anew in the one form that
//! the text reader takes without fault. Knows no fonts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Codes that one table may name: as many as two bytes hold.
const MOST_CODES: usize = 65_536;

/// Letters that one code may stand for, in units of UTF-16.
const MOST_UNITS: usize = 32;

/// What each code stands for, in UTF-16.
type Letters = BTreeMap<u32, Vec<u16>>;

/// The same table in plain form. `None` where it names no letter at all.
pub fn plain(table: &[u8]) -> Option<Vec<u8>> {
    let letters = letters(table);
    if letters.is_empty() {
        return None;
    }
    let mut out =
        String::from("begincmap\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
    // Writing into memory does not fail.
    let _ = writeln!(out, "{} beginbfchar", letters.len());
    for (code, units) in letters {
        let _ = write!(out, "<{code:04X}> <");
        for unit in units {
            let _ = write!(out, "{unit:04X}");
        }
        out.push_str(">\n");
    }
    out.push_str("endbfchar\nendcmap\n");
    Some(out.into_bytes())
}

fn letters(table: &[u8]) -> Letters {
    let mut letters = Letters::new();
    let mut tokens = Tokens { rest: table };
    while let Some(token) = tokens.next() {
        match token {
            Token::Word(b"beginbfchar") => characters(&mut tokens, &mut letters),
            Token::Word(b"beginbfrange") => ranges(&mut tokens, &mut letters),
            _ => {}
        }
    }
    letters
}

/// Pairs of a code and its letters.
fn characters(tokens: &mut Tokens<'_>, letters: &mut Letters) {
    while let Some(Token::Hex(code)) = tokens.next() {
        let Some(Token::Hex(target)) = tokens.next() else { return };
        put(letters, number(&code), units(&target));
    }
}

/// Triples of a first code, a last one, and the letters of the first or a list.
fn ranges(tokens: &mut Tokens<'_>, letters: &mut Letters) {
    while let Some(Token::Hex(first)) = tokens.next() {
        let (Some(Token::Hex(last)), target) = (tokens.next(), tokens.next()) else { return };
        let codes = number(&first)..=number(&last).min(number(&first).saturating_add(0xFFFF));
        match target {
            Some(Token::Hex(target)) => counted_up(codes, &units(&target), letters),
            Some(Token::Open) => {
                let mut codes = codes;
                while let Some(Token::Hex(target)) = tokens.next() {
                    if let Some(code) = codes.next() {
                        put(letters, code, units(&target));
                    }
                }
            }
            _ => return,
        }
    }
}

/// The last unit counts up with the code.
fn counted_up(codes: impl Iterator<Item = u32>, first: &[u16], letters: &mut Letters) {
    let Some((last, before)) = first.split_last() else { return };
    for (code, step) in codes.zip(0..=u16::MAX) {
        let Some(unit) = last.checked_add(step) else { return };
        put(letters, code, [before, &[unit]].concat());
    }
}

fn put(letters: &mut Letters, code: u32, units: Vec<u16>) {
    // Halves of a pair stand for nothing, and so does the first of all codes.
    let meant = !units.is_empty() && units != [0] && String::from_utf16(&units).is_ok();
    if meant && code <= 0xFFFF && letters.len() < MOST_CODES {
        letters.insert(code, units);
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// The units of a target, of which a single byte is one too.
fn units(bytes: &[u8]) -> Vec<u16> {
    if let [byte] = bytes {
        return vec![u16::from(*byte)];
    }
    let pairs = bytes.chunks_exact(2).take(MOST_UNITS);
    pairs.map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

enum Token<'a> {
    /// `<0041>`, its bytes.
    Hex(Vec<u8>),
    Open,
    Word(&'a [u8]),
}

struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_space();
        let (first, rest) = self.rest.split_first()?;
        match first {
            b'<' if rest.first() != Some(&b'<') => {
                let end = rest.iter().position(|b| *b == b'>').unwrap_or(rest.len());
                let (digits, rest) = rest.split_at(end);
                self.rest = rest.get(1..).unwrap_or_default();
                Some(Token::Hex(bytes(digits)))
            }
            b'[' => {
                self.rest = rest;
                Some(Token::Open)
            }
            b'<' | b'>' | b']' | b'(' | b')' | b'{' | b'}' => {
                self.rest = rest;
                Some(Token::Word(b""))
            }
            _ => {
                let ends = |b: &u8| b.is_ascii_whitespace() || b"<>[](){}/%\0".contains(b);
                let end = rest.iter().position(ends).unwrap_or(rest.len()) + 1;
                let (word, rest) = self.rest.split_at(end);
                self.rest = rest;
                Some(Token::Word(word))
            }
        }
    }
}

impl Tokens<'_> {
    fn skip_space(&mut self) {
        loop {
            let space = |b: &u8| b.is_ascii_whitespace() || *b == 0;
            let start = self.rest.iter().position(|b| !space(b)).unwrap_or(self.rest.len());
            self.rest = &self.rest[start..];
            if self.rest.first() != Some(&b'%') {
                return;
            }
            let end = self.rest.iter().position(|b| matches!(b, b'\r' | b'\n'));
            self.rest = &self.rest[end.unwrap_or(self.rest.len())..];
        }
    }
}

/// What hexadecimal digits say; a last one alone is followed by a zero.
fn bytes(digits: &[u8]) -> Vec<u8> {
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let values: Vec<u8> = digits.iter().filter_map(value).collect();
    values.chunks(2).map(|pair| (pair[0] << 4) | pair.get(1).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(table: &str) -> Vec<(u32, String)> {
        let letters = letters(table.as_bytes()).into_iter();
        letters.map(|(code, units)| (code, String::from_utf16_lossy(&units))).collect()
    }

    #[test]
    fn single_codes_and_ranges_are_read() {
        let table = "2 beginbfchar <01> <0041> <0002> <00660069> endbfchar\n\
                     2 beginbfrange <10> <12> <0061> <20><21>[<0078><0079>] endbfrange";
        let expected = [(1, "A"), (2, "fi"), (16, "a"), (17, "b"), (18, "c"), (32, "x"), (33, "y")];
        assert_eq!(spelled(table), expected.map(|(code, letters)| (code, letters.to_owned())));
    }

    #[test]
    fn tables_that_the_reader_stumbles_over_are_understood() {
        // Targets of one byte, a wrong count, comments, halves of a pair.
        let table = "9 beginbfrange <41> <42> <61> endbfrange % <43> <63>\n\
                     1 beginbfchar <44> <D800> <45> <> <46>< 00 65 > endbfchar";
        assert_eq!(spelled(table), [(0x41, "a".into()), (0x42, "b".into()), (0x46, "e".into())]);
    }

    #[test]
    fn a_range_cannot_fill_the_memory_and_an_empty_table_is_none() {
        assert!(letters(b"beginbfrange <00000000> <FFFFFFFF> <0041>").len() <= MOST_CODES);
        assert_eq!(plain(b"0 beginbfchar endbfchar"), None);
    }

    #[test]
    fn the_plain_form_says_the_same() {
        let table = b"beginbfrange <0010> <0011> <D835DC00> endbfrange";
        let plain = plain(table).expect("letters");
        assert_eq!(letters(&plain), letters(table));
        assert_eq!(letters(table).len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(table in "[<>0-9a-f\\[\\] %\n]{0,80}") {
            for begin in ["beginbfchar ", "beginbfrange "] {
                let _ = plain(format!("{begin}{table}").as_bytes());
            }
        }
    }
}
