//! What the text of a word processor's file is made of while it is read:
//! paragraphs with their tracked changes, rows of tables, words set aside.
//! Shared by the readers of such files; knows none of their formats.

use super::flow::Flow;
use crate::domain::document::RevisionView;
use crate::domain::marks::{AsideKind, Marks};

/// One block of a text, in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Paragraph {
        /// A line break is a line end, all other white space is a space.
        text: String,
        /// Whether it is an item of a list, which follows the one before it on
        /// the next line.
        item: bool,
    },
    /// The cells of one row of a table.
    Row(Vec<String>),
    Aside(AsideKind, String),
    /// A table begins or ends here.
    Gap,
}

impl Block {
    #[must_use]
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into(), item: false }
    }
}

/// What a tracked change says of a piece of text. Inserted and then deleted is
/// both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    pub inserted: bool,
    pub deleted: bool,
}

impl Change {
    /// Whether the text is there in this view.
    #[must_use]
    pub fn shows_in(self, view: RevisionView) -> bool {
        match view {
            RevisionView::Accepted => !self.deleted,
            RevisionView::Original => !self.inserted,
            RevisionView::Marked => true,
        }
    }

    /// The signs around such text in the marked view. What was inserted and
    /// deleted again is a deletion.
    fn signs(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self { deleted: true, .. } => Some(("[-", "-]")),
            Self { inserted: true, .. } => Some(("{+", "+}")),
            _ => None,
        }
    }
}

/// A paragraph as it grows.
#[derive(Debug, Default)]
pub struct Line {
    text: String,
    change: Change,
    hidden: Vec<(AsideKind, String)>,
    /// Whether words that are seen came since words were hidden.
    seen: bool,
    /// Blocks that hang on the paragraph (a text box) and come after it.
    pub after: Vec<Block>,
}

impl Line {
    /// Adds words that are there in `view`; see [`Change::shows_in`].
    pub fn say(&mut self, words: &str, change: Change, view: RevisionView) {
        if words.is_empty() {
            return;
        }
        if view == RevisionView::Marked {
            turn(&mut self.text, &mut self.change, change);
        }
        self.seen = true;
        self.text.push_str(words);
    }

    /// Adds words that are not to be seen.
    pub fn hide(&mut self, kind: AsideKind, words: &str) {
        match self.hidden.last_mut() {
            Some((last, said)) if *last == kind => {
                if self.seen {
                    said.push(' ');
                }
                said.push_str(words);
            }
            _ => self.hidden.push((kind, words.to_owned())),
        }
        self.seen = false;
    }

    /// Whether it holds no words that are seen.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether every word of it was deleted; only in the marked view, where
    /// they are still there.
    #[must_use]
    pub fn is_all_deleted(&self) -> bool {
        let text = self.text.trim();
        self.change.deleted && text.starts_with("[-") && text.rfind("[-") == Some(0)
    }

    /// Its words; signs of changes are closed.
    pub fn take_text(&mut self) -> String {
        turn(&mut self.text, &mut self.change, Change::default());
        std::mem::take(&mut self.text)
    }

    /// What was hidden in it and what hangs on it, as blocks.
    pub fn take_rest(&mut self, blocks: &mut Vec<Block>) {
        let hidden = std::mem::take(&mut self.hidden);
        blocks.extend(hidden.into_iter().map(|(kind, words)| Block::Aside(kind, words)));
        blocks.append(&mut self.after);
    }
}

/// Closes in `text` the signs of the change that is open and opens those of the
/// next.
fn turn(text: &mut String, open: &mut Change, next: Change) {
    if open.signs() != next.signs() {
        text.push_str(open.signs().map_or("", |(_, end)| end));
        text.push_str(next.signs().map_or("", |(start, _)| start));
    }
    *open = next;
}

/// Puts a block down in `flow`.
pub fn tell(flow: &mut Flow, block: &Block) {
    match block {
        Block::Paragraph { text, item } => {
            if !item {
                flow.end_block();
            }
            for (n, line) in text.split('\n').enumerate() {
                if n > 0 {
                    flow.line_break();
                }
                flow.words(line);
            }
            if *item {
                flow.end_line();
            } else {
                flow.end_block();
            }
        }
        Block::Row(cells) => flow.row(cells),
        Block::Aside(kind, words) => flow.aside(*kind, words),
        Block::Gap => flow.end_block(),
    }
}

/// The blocks of a row whose cells hold these. A single cell with several
/// paragraphs is a frame around text and no row; tables inside cells follow
/// the row that they stand in.
#[must_use]
pub fn row(cells: Vec<Vec<Block>>) -> Vec<Block> {
    let paragraphs = |cell: &[Block]| cell.iter().filter(|b| says_something(b)).count();
    if let [cell] = &cells[..]
        && paragraphs(cell) > 1
    {
        return cells.into_iter().flatten().chain([Block::Gap]).collect();
    }
    let mut texts = Vec::with_capacity(cells.len());
    let mut after = Vec::new();
    for cell in cells {
        let mut text = String::new();
        for block in cell {
            match block {
                Block::Paragraph { text: more, .. } => {
                    if !text.is_empty() && !more.is_empty() {
                        text.push(' ');
                    }
                    text.push_str(&more);
                }
                other => after.push(other),
            }
        }
        texts.push(text);
    }
    after.insert(0, Block::Row(texts));
    after
}

fn says_something(block: &Block) -> bool {
    match block {
        Block::Paragraph { text, .. } => !text.trim().is_empty(),
        Block::Row(_) => true,
        Block::Aside(..) | Block::Gap => false,
    }
}

/// All words of the blocks on one line, but not those set aside.
#[must_use]
pub fn on_one_line(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut add = |words: &str| {
        for word in words.split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    };
    for block in blocks {
        match block {
            Block::Paragraph { text, .. } => add(text),
            Block::Row(cells) => cells.iter().for_each(|cell| add(cell)),
            Block::Aside(..) | Block::Gap => {}
        }
    }
    out
}

/// What is set aside in the blocks.
pub fn asides(blocks: Vec<Block>) -> impl Iterator<Item = Block> {
    blocks.into_iter().filter(|block| matches!(block, Block::Aside(..)))
}

/// A text that another reader made, as blocks.
#[must_use]
pub fn of_text(text: &str, marks: &Marks) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut from = 0;
    let plain = |piece: &str, blocks: &mut Vec<Block>| {
        let pieces = piece.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
        blocks.extend(pieces.map(Block::paragraph));
    };
    for aside in &marks.asides {
        let Some(words) = aside.span.slice(text) else { continue };
        plain(text.get(from..aside.span.start).unwrap_or_default(), &mut blocks);
        blocks.push(Block::Aside(aside.kind, words.to_owned()));
        from = aside.span.end;
    }
    plain(text.get(from..).unwrap_or_default(), &mut blocks);
    blocks
}

/// A comment as it is put down: who, when, on which words, what.
#[must_use]
pub fn comment(author: &str, date: &str, on: &str, words: &str) -> String {
    let by =
        if author.trim().is_empty() { String::new() } else { format!(" by {}", author.trim()) };
    // The time of day and the zone say nothing to a reader of the text.
    let day = date.split('T').next().unwrap_or_default().trim();
    let when = if day.is_empty() { String::new() } else { format!(" ({day})") };
    let on = on.split_whitespace().collect::<Vec<_>>().join(" ");
    let on = if on.is_empty() { String::new() } else { format!(" on “{on}”") };
    format!("Comment{by}{when}{on}: {words}")
}

/// What is said of `count` things of this kind, whose words are left out.
#[must_use]
pub fn unread(count: usize, kind: &str) -> String {
    let (ending, are) = if count == 1 { ("", "is") } else { ("s", "are") };
    format!("It holds {count} {kind}{ending}, which {are} not read.")
}

/// What is said where readings above words (ruby) were left out.
pub const READINGS: &str = "Readings that are printed above words are left out.";

/// The words that a comment is about, as they come; long ones are cut.
#[derive(Debug, Clone, Default)]
pub struct Anchor {
    words: String,
    change: Change,
}

/// Comments whose words are being read; where more begin in one place, their
/// words are not told.
pub const MOST_ANCHORS: usize = 500;

impl Anchor {
    const MOST: usize = 200;

    /// Adds words, with the signs of their change in the marked view; says
    /// whether it takes more.
    pub fn add(&mut self, words: &str, change: Change, view: RevisionView) -> bool {
        if view == RevisionView::Marked {
            turn(&mut self.words, &mut self.change, change);
        }
        for c in words.chars() {
            if self.words.len() >= Self::MOST {
                self.words.push('…');
                return false;
            }
            self.words.push(c);
        }
        true
    }

    #[must_use]
    pub fn words(&self) -> String {
        let mut words = self.words.clone();
        turn(&mut words, &mut self.change.clone(), Change::default());
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::marks::Aside;
    use crate::domain::span::ByteSpan;

    const KEPT: Change = Change { inserted: false, deleted: false };
    const INSERTED: Change = Change { inserted: true, deleted: false };
    const DELETED: Change = Change { inserted: false, deleted: true };
    const BOTH: Change = Change { inserted: true, deleted: true };

    #[test]
    fn the_marked_view_shows_each_change_between_its_signs() {
        let mut line = Line::default();
        for (words, change) in [
            ("within ", KEPT),
            ("ten", DELETED),
            ("thirty", INSERTED),
            (" or", INSERTED),
            (" so", BOTH),
            (" days", KEPT),
        ] {
            line.say(words, change, RevisionView::Marked);
        }
        assert_eq!(line.take_text(), "within [-ten-]{+thirty or+}[- so-] days");
    }

    #[test]
    fn each_view_has_the_words_of_its_time() {
        let shown = |change: Change| {
            [RevisionView::Accepted, RevisionView::Original, RevisionView::Marked]
                .map(|view| change.shows_in(view))
        };
        assert_eq!(shown(KEPT), [true, true, true]);
        assert_eq!(shown(INSERTED), [true, false, true]);
        assert_eq!(shown(DELETED), [false, true, true]);
        assert_eq!(shown(BOTH), [false, false, true]);
    }

    #[test]
    fn a_single_cell_of_several_paragraphs_is_a_frame_around_text() {
        let cell = vec![Block::paragraph("one"), Block::paragraph("two")];
        assert_eq!(row(vec![cell.clone()])[..2], cell[..]);
        let both = row(vec![cell, vec![Block::paragraph("three")]]);
        assert_eq!(both, [Block::Row(vec!["one two".into(), "three".into()])]);
    }

    #[test]
    fn a_text_of_another_reader_keeps_what_it_set_aside() {
        let span = ByteSpan::new(5, 8);
        let marks =
            Marks { asides: vec![Aside { span, kind: AsideKind::Invisible }], ..Marks::default() };
        let blocks = of_text("one\n\nhid\n\ntwo", &marks);
        let hidden = Block::Aside(AsideKind::Invisible, "hid".into());
        assert_eq!(blocks, [Block::paragraph("one"), hidden, Block::paragraph("two")]);
    }

    #[test]
    fn a_comment_says_who_when_and_on_what_as_far_as_known() {
        assert_eq!(
            comment("Ann Lee", "2024-05-06T10:00:00Z", "the  fee", "Too high."),
            "Comment by Ann Lee (2024-05-06) on “the fee”: Too high."
        );
        assert_eq!(comment("", "", "", "Why?"), "Comment: Why?");
        let mut anchor = Anchor::default();
        assert!(anchor.add("short", KEPT, RevisionView::Accepted));
        assert!(!anchor.add(&"long ".repeat(100), KEPT, RevisionView::Accepted));
        assert!(anchor.words().len() < 210 && anchor.words().ends_with('…'));
        let mut anchor = Anchor::default();
        for (words, change) in [("ten", DELETED), ("thirty", INSERTED)] {
            anchor.add(words, change, RevisionView::Marked);
        }
        assert_eq!(anchor.words(), "[-ten-]{+thirty+}");
    }
}
