//! The marks of notes: numbers where the document counts them itself, and
//! signs that somebody typed, which stay as they are.

use super::token::{Token, Tokens};
use crate::extract::numerals;

/// Tokens at the beginning of a note among which its mark is looked for.
const LOOKED_AT: usize = 100;

/// How far notes were counted; those with a sign of their own are not.
#[derive(Debug, Default)]
pub struct Labels {
    feet: u32,
    ends: u32,
}

impl Labels {
    /// The next label, as word processors count: footnotes 1, 2, 3, endnotes i,
    /// ii, iii.
    pub fn next(&mut self, end: bool) -> String {
        if end {
            self.ends += 1;
            format!("[{}]", numerals::written(self.ends, "lowerRoman"))
        } else {
            self.feet += 1;
            format!("[{}]", self.feet)
        }
    }
}

/// Whether a note, whose tokens come next, begins with the very sign that
/// stands before it in the text and is not counted by the document.
pub fn has_own_sign(note: &Tokens<'_>, before: &str) -> bool {
    let before = before.trim_end();
    for token in note.clone().take(LOOKED_AT) {
        match token {
            Token::Word(b"chftn", _) | Token::Byte(_) => return false,
            Token::Text(text) => {
                let text = String::from_utf8_lossy(text);
                let Some(sign) = text.split_whitespace().next() else { continue };
                return before.ends_with(sign);
            }
            _ => {}
        }
    }
    false
}
