//! Text without printed pages as it grows, block by block: what readers of
//! marked-up formats have in common. Knows no format.

use crate::domain::marks::{Aside, AsideKind, Marks};
use crate::domain::span::ByteSpan;

/// A text that grows. White space of any length between two words becomes one
/// space; blocks are set apart by an empty line, list items and rows of a
/// table by the end of a line.
#[derive(Debug, Default)]
pub struct Flow {
    text: String,
    marks: Marks,
    /// What was met inside the open block and is set down after it, so that
    /// it breaks no sentence.
    pending: Vec<(AsideKind, String)>,
    /// Whether a space is due before the next word.
    space: bool,
    /// What stands between the last block and the next.
    gap: &'static str,
    /// Whether the open block has words.
    open: bool,
    room: usize,
    full: bool,
}

impl Flow {
    /// Takes at most `room` bytes.
    #[must_use]
    pub fn new(room: u64) -> Self {
        Self { room: usize::try_from(room).unwrap_or(usize::MAX), ..Self::default() }
    }

    /// Adds words to the open block, or opens one.
    pub fn words(&mut self, words: &str) {
        for (at, word) in words.split(is_space).enumerate() {
            self.space |= at > 0;
            if word.is_empty() {
                continue;
            }
            if !self.open {
                self.put(self.gap);
                self.open = true;
            } else if self.space && !self.text.ends_with('\n') {
                self.put(" ");
            }
            self.space = false;
            self.put(word);
        }
    }

    /// A line ends here and the block goes on.
    pub fn line_break(&mut self) {
        if self.open {
            self.put("\n");
            self.space = false;
        }
    }

    /// Adds text whose lines and spaces are its layout, and which may come in
    /// several pieces. Empty lines at the beginning of a block and white space
    /// at the ends of lines are left out.
    pub fn literal(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 && self.open {
                self.trim_end(&[' ', '\t']);
                self.put("\n");
            }
            let line = line.strip_suffix('\r').unwrap_or(line);
            if !self.open && line.trim().is_empty() {
                continue;
            }
            if !self.open {
                self.put(self.gap);
                self.open = true;
            }
            self.space = false;
            self.put(line);
        }
    }

    fn trim_end(&mut self, unwanted: &[char]) {
        while self.text.ends_with(unwanted) {
            self.text.pop();
        }
    }

    /// The block ends; the next one is set apart by an empty line.
    pub fn end_block(&mut self) {
        self.end("\n\n");
    }

    /// The item or row ends; the next one follows on the next line.
    pub fn end_line(&mut self) {
        self.end("\n");
    }

    fn end(&mut self, gap: &'static str) {
        if self.open {
            self.trim_end(&[' ', '\t', '\n']);
        }
        if self.open || gap.len() > self.gap.len() && !self.text.is_empty() {
            self.gap = gap;
        }
        self.open = false;
        self.space = false;
        for (kind, words) in std::mem::take(&mut self.pending) {
            self.put_aside(kind, &words);
        }
    }

    /// A row of a table; its cells are set apart by bars.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        if cells.iter().all(|cell| cell.as_ref().trim().is_empty()) {
            return;
        }
        for cell in cells {
            self.words("| ");
            self.words(cell.as_ref());
            self.words(" ");
        }
        self.words("|");
        self.end_line();
    }

    /// Words that are set aside; they are put down as a block of their own
    /// when the open one ends.
    pub fn aside(&mut self, kind: AsideKind, words: &str) {
        if words.trim().is_empty() {
            return;
        }
        match self.pending.last_mut() {
            Some((last, said)) if *last == kind => said.push_str(words),
            _ => self.pending.push((kind, words.to_owned())),
        }
        if !self.open {
            self.end("");
        }
    }

    fn put_aside(&mut self, kind: AsideKind, words: &str) {
        let words = words.split(is_space).filter(|word| !word.is_empty());
        let words = words.collect::<Vec<_>>().join(" ");
        if !self.text.is_empty() {
            self.put("\n\n");
        }
        let start = self.text.len();
        self.put(&words);
        let span = ByteSpan::new(start, self.text.len());
        self.marks.asides.push(Aside { span, kind });
        self.gap = "\n\n";
    }

    fn put(&mut self, words: &str) {
        if self.text.len() + words.len() > self.room {
            self.full = true;
        }
        if !self.full {
            self.text.push_str(words);
        }
    }

    /// Whether no words came yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether more came than there is room for; then the rest is missing.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Tells of `waiting` more bytes that will come; where there is no room for
    /// them, the text is full from now on.
    pub fn expect(&mut self, waiting: usize) {
        self.full |= self.text.len().saturating_add(waiting) > self.room;
    }

    /// The text and its marks.
    #[must_use]
    pub fn finish(mut self) -> (String, Marks) {
        self.end_block();
        (self.text, self.marks)
    }
}

/// White space that layout makes of; a no-break space is a space to a reader.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_items_and_rows_are_set_apart() {
        let mut flow = Flow::new(1_000);
        flow.words(" 4.2 \n Fees");
        flow.words(" and  costs ");
        flow.end_block();
        flow.words("first ");
        flow.line_break();
        flow.words("\n line");
        flow.end_line();
        flow.words("sec");
        flow.words("ond");
        flow.end_block();
        flow.end_block();
        flow.row(&["a", " b ", ""]);
        flow.row(&["c"]);
        assert_eq!(
            flow.finish().0,
            "4.2 Fees and costs\n\nfirst\nline\nsecond\n\n| a | b | |\n| c |"
        );
    }

    #[test]
    fn hidden_words_stand_after_the_block_they_were_in() {
        let mut flow = Flow::new(1_000);
        flow.words("The fee is");
        flow.aside(AsideKind::SameColour, " not ");
        flow.words(" 90.");
        flow.end_block();
        flow.words("Next");
        let (text, marks) = flow.finish();
        assert_eq!(text, "The fee is 90.\n\nnot\n\nNext");
        let aside = marks.asides[0];
        assert_eq!((aside.span.slice(&text), aside.kind), (Some("not"), AsideKind::SameColour));
    }

    #[test]
    fn laid_out_text_keeps_its_lines_and_its_indents() {
        let mut flow = Flow::new(1_000);
        flow.words("before");
        flow.end_block();
        flow.literal("\r\n\n  if x:\r\n");
        flow.literal("    y  \n\n> z");
        flow.literal("!\n\n");
        flow.end_block();
        flow.words("after");
        assert_eq!(flow.finish().0, "before\n\n  if x:\n    y\n\n> z!\n\nafter");
    }

    #[test]
    fn no_more_is_taken_than_there_is_room_for() {
        let mut flow = Flow::new(5);
        flow.words("one two");
        assert!(flow.is_full());
        assert_eq!(flow.finish().0, "one");
    }
}
