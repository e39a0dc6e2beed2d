//! From bytes to the tokens of Rich Text (RTF Specification 1.9.1, "Basic
//! entities"). Knows no control word's meaning but that of `\bin`.

/// A piece of a Rich Text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    Open,
    Close,
    /// A control word and its number.
    Word(&'a [u8], Option<i32>),
    /// A backslash and a character that is no letter.
    Symbol(u8),
    /// `\'hh`: a byte in the text's encoding.
    Byte(u8),
    /// Bytes as they stand, without line ends.
    Text(&'a [u8]),
}

#[derive(Clone)]
pub struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub fn new(source: &'a [u8]) -> Self {
        Self { rest: source }
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn run(&mut self, of: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().position(|byte| !of(*byte));
        self.take(end.unwrap_or(self.rest.len()))
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let name = self.run(|byte| byte.is_ascii_alphabetic());
        if name.is_empty() {
            let symbol = *self.take(1).first()?;
            return Some(if symbol == b'\'' { self.byte() } else { Token::Symbol(symbol) });
        }
        let sign = usize::from(self.rest.first() == Some(&b'-'));
        let digits = self.rest[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = if digits > 0 { self.take(sign + digits) } else { &[] };
        // A number that does not fit is no number that means anything.
        let number = str::from_utf8(number).ok().and_then(|number| number.parse::<i32>().ok());
        if self.rest.first() == Some(&b' ') {
            self.take(1);
        }
        if name == b"bin" {
            self.take(number.and_then(|length| usize::try_from(length).ok()).unwrap_or(0));
        }
        Some(Token::Word(name, number))
    }

    fn byte(&mut self) -> Token<'a> {
        let digits = self.rest.iter().take(2).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let digits = str::from_utf8(self.take(digits)).unwrap_or_default();
        u8::from_str_radix(digits, 16).map_or(Token::Text(&[]), Token::Byte)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.run(|byte| matches!(byte, b'\r' | b'\n' | 0));
        let token = match self.rest.first()? {
            b'{' => Token::Open,
            b'}' => Token::Close,
            b'\\' => {
                self.take(1);
                return self.control();
            }
            _ => {
                let plain = |byte| !matches!(byte, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0);
                return Some(Token::Text(self.run(plain)));
            }
        };
        self.take(1);
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::Token::{Byte, Close, Open, Symbol, Text, Word};
    use super::*;

    #[test]
    fn words_numbers_and_text_are_told_apart() {
        let tokens: Vec<_> = Tokens::new(b"{\\b0 x\r\ny\\u-12?\\~\\'e9\\par}\\'g").collect();
        assert_eq!(
            tokens,
            [
                Open,
                Word(b"b", Some(0)),
                Text(b"x"),
                Text(b"y"),
                Word(b"u", Some(-12)),
                Text(b"?"),
                Symbol(b'~'),
                Byte(0xE9),
                Word(b"par", None),
                Close,
                Text(b""),
                Text(b"g"),
            ]
        );
    }

    #[test]
    fn binary_data_and_a_cut_end_are_passed_over() {
        let tokens: Vec<_> = Tokens::new(b"\\bin3 {}}x").collect();
        assert_eq!(tokens, [Word(b"bin", Some(3)), Text(b"x")]);
        for cut in [&b"\\"[..], b"\\'", b"\\'f", b"\\bin999999999 x", b"\\b99999999999"] {
            assert!(Tokens::new(cut).count() <= 2, "{}", cut.escape_ascii());
        }
    }
}
