//! The third reader: `pdftotext`, where it is installed. Asked for one page at
//! a time, so that a page it fails on costs that page.

use std::sync::Arc;
use std::time::Duration;

use super::tool::{Refusal, Tool};

pub const READER: &str = "pdftotext";

/// Most files take it a tenth of a second; the rest are hostile.
const PATIENCE: Duration = Duration::from_secs(8);

/// Pages in a row on which it may fail before it is left alone.
const MOST_FAILURES: u32 = 2;

/// `pdftotext` on one file.
pub struct Poppler {
    source: Arc<[u8]>,
    /// Most bytes of a page.
    room: u64,
    failures: u32,
}

impl Poppler {
    /// `source` may not need a password: one on a command line is seen by every
    /// user of the machine.
    pub fn new(source: Arc<[u8]>, room: u64) -> Self {
        Self { source, room, failures: 0 }
    }

    /// How many pages it finds.
    pub fn pages(&mut self) -> Option<u32> {
        // Each page ends with a form feed.
        let pages = self.ask(&["-enc", "UTF-8", "-", "-"])?.matches('\u{C}').count();
        u32::try_from(pages).ok().filter(|pages| *pages > 0)
    }

    /// The text of page `n`, counted from 1.
    pub fn page(&mut self, n: u32) -> Option<String> {
        let number = n.to_string();
        let args = ["-enc", "UTF-8", "-eol", "unix", "-f", &number, "-l", &number, "-", "-"];
        self.ask(&args).map(|said| cleaned(&said))
    }

    fn ask(&mut self, args: &[&str]) -> Option<String> {
        if self.failures >= MOST_FAILURES {
            return None;
        }
        let tool = Tool { program: READER, args, patience: PATIENCE, most: self.room };
        match tool.answer(&self.source) {
            Ok(said) => {
                self.failures = 0;
                Some(String::from_utf8_lossy(&said).into_owned())
            }
            Err(refusal) => {
                let missing = refusal == Refusal::Missing;
                self.failures = if missing { MOST_FAILURES } else { self.failures + 1 };
                None
            }
        }
    }
}

/// The page without what the program adds: the form feed behind it, and marks
/// of direction around every line written from right to left.
fn cleaned(page: &str) -> String {
    let own = |c: &char| !matches!(c, '\u{C}' | '\u{202A}'..='\u{202C}');
    page.trim_end().chars().filter(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_adds_is_taken_off() {
        assert_eq!(cleaned("\u{202B}שלום\u{202C}\nday\n\u{C}"), "שלום\nday");
    }
}
