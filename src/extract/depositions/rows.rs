//! The lines of a text, and the number that may be printed at their beginning.

use crate::domain::span::ByteSpan;

/// A line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Without the end of the line.
    pub span: ByteSpan,
    /// The number at its beginning.
    pub number: Option<Number>,
    /// Whether anything but that number is on it.
    pub has_words: bool,
}

/// A number printed beside a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// Of "112:4" 112; `None` where only the line is numbered.
    pub page: Option<u32>,
    pub line: u32,
    /// Byte offset at which it ends.
    pub end: usize,
}

impl Row {
    pub fn is_blank(&self) -> bool {
        self.number.is_none() && !self.has_words
    }

    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        self.span.slice(text).unwrap_or_default()
    }
}

/// The lines of `text`; a form feed ends one too.
pub fn rows(text: &str) -> Vec<Row> {
    let mut start = 0;
    let mut rows = Vec::new();
    for piece in text.split_inclusive(['\n', '\u{C}']) {
        let line = piece.trim_end_matches(['\n', '\r', '\u{C}']);
        rows.push(row(line, start));
        start += piece.len();
    }
    rows
}

fn row(line: &str, start: usize) -> Row {
    let number = number(line, start);
    let said = number.map_or(line, |number| &line[number.end - start..]);
    let span = ByteSpan::new(start, start + line.len());
    Row { span, number, has_words: !said.trim().is_empty() }
}

/// "4" or "112:4" before a blank or alone; "4." and "4)" are the items of a list.
fn number(line: &str, start: usize) -> Option<Number> {
    let inner = line.trim_start();
    let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    let (page, digits) = match inner[..end].split_once(':') {
        Some((page, line)) => (Some(digits(page, 6)?), line),
        None => (None, &inner[..end]),
    };
    let end = start + (line.len() - inner.len()) + end;
    Some(Number { page, line: self::digits(digits, 2)?, end })
}

fn digits(text: &str, most: usize) -> Option<u32> {
    let fits = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}
