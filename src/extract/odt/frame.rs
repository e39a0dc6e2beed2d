//! What is open while an `OpenDocument` text is read: tags, and texts inside texts.

use super::lists::Counts;
use crate::extract::blocks::{Block, Line};
use crate::extract::look::Look;

/// What an open tag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    Other,
    Paragraph,
    /// A paragraph in a shape that hangs on another paragraph.
    ShapeParagraph,
    Span,
    Section {
        hidden: bool,
    },
    List,
    Item,
    Table,
    Row {
        times: usize,
    },
    Cell {
        times: usize,
    },
    Box,
    Note {
        end: bool,
    },
    NoteBody,
    Citation,
    Annotation,
    Creator,
    Date,
    /// One change among those that are told before the text.
    Region,
    Deletion,
    /// The text at the head or foot of pages.
    Head {
        foot: bool,
    },
}

/// A list that is open.
#[derive(Debug, Default)]
pub struct List {
    pub style: Option<String>,
    /// Where the counts of the list are kept.
    pub counts: usize,
    /// Whether an item began whose first paragraph has not come.
    pub due: bool,
    pub start: Option<u32>,
}

/// One text as it is read: the story, a cell, a box, a note.
#[derive(Default)]
pub struct Level {
    pub blocks: Vec<Block>,
    pub line: Line,
    /// Whether a paragraph is open.
    pub open: bool,
    /// What the open paragraph and the spans in it say of letters, from the
    /// outside in.
    pub looks: Vec<Look>,
    pub heading: Option<usize>,
    pub style: String,
    pub unnumbered: bool,
    /// The whole paragraph is hidden.
    pub hidden: bool,
    pub lists: Vec<List>,
    /// Words of paragraphs whose end is not there in this view.
    pub carry: String,
    /// What comes after the paragraph that these words end up in.
    pub held: Vec<Block>,
}

impl Level {
    /// Puts a paragraph down, and what comes after it.
    pub fn put(&mut self, text: String, item: bool) {
        if !text.trim().is_empty() {
            self.blocks.push(Block::Paragraph { text, item });
        }
        self.blocks.append(&mut self.held);
    }
}

/// The counts of all lists, each under a number, and by what they are found
/// again.
#[derive(Debug, Default)]
pub struct Counted {
    pub all: Vec<Counts>,
    pub by_id: std::collections::HashMap<String, usize>,
    pub by_style: std::collections::HashMap<String, usize>,
    pub outline: Counts,
}
