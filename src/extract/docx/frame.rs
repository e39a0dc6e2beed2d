//! What is open while a story is read: tags, and texts inside texts.

use crate::extract::blocks::{Block, Change, Line};
use crate::extract::look::Look;
use crate::extract::xml::Tag;

/// What an open tag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    Other,
    Paragraph,
    ParagraphProperties,
    NumberProperties,
    MarkProperties,
    Run,
    RunProperties,
    Text {
        deleted: bool,
    },
    Change {
        inserts: bool,
    },
    Table,
    TableProperties,
    /// With how many tags in its properties say that it was inserted or deleted.
    Row {
        inserted: u32,
        deleted: u32,
    },
    RowProperties,
    Cell {
        inserted: u32,
        deleted: u32,
    },
    CellProperties,
    Box,
    /// Several ways to say the same; whether one was taken.
    Alternate {
        taken: bool,
    },
    /// With how much had been said before it.
    Choice {
        said: usize,
    },
    /// A note or a comment.
    Entry,
}

/// What properties are said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Paragraph,
    Number,
    Mark,
    Run,
    Table,
    Row,
    Cell,
}

impl Frame {
    /// What the tags inside this one say something of, if they are properties.
    pub fn target(self) -> Option<Target> {
        Some(match self {
            Self::ParagraphProperties => Target::Paragraph,
            Self::NumberProperties => Target::Number,
            Self::MarkProperties => Target::Mark,
            Self::RunProperties => Target::Run,
            Self::TableProperties => Target::Table,
            Self::RowProperties => Target::Row,
            Self::CellProperties => Target::Cell,
            _ => return None,
        })
    }
}

/// What is said of the end of a paragraph.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mark {
    pub change: Change,
    pub hidden: bool,
    /// The next paragraph follows on the same line (a style separator).
    pub runs_on: bool,
    /// A section ends here; Word neither numbers nor shows such a paragraph
    /// where it has no words.
    pub ends_section: bool,
}

/// The properties of a paragraph.
#[derive(Debug, Default)]
pub struct Para {
    pub style: Option<String>,
    pub num: Option<String>,
    /// The label itself, where it is written down.
    pub label: Option<String>,
    pub level: Option<usize>,
    pub shade: Look,
    pub mark: Mark,
}

/// A list of a form from which one entry is chosen.
#[derive(Debug, Default)]
pub struct Choice {
    chosen: usize,
    entries: Vec<String>,
}

impl Choice {
    /// Takes in what the list says: its entries, which is the first choice, and
    /// which was chosen.
    pub fn take(&mut self, tag: &Tag<'_>) {
        match tag.local() {
            "listEntry" => self.entries.push(tag.attr("val").unwrap_or_default()),
            _ => self.chosen = tag.number("val").map_or(0, |n| n as usize),
        }
    }

    #[must_use]
    pub fn chosen(mut self) -> Option<String> {
        (self.chosen < self.entries.len()).then(|| self.entries.swap_remove(self.chosen))
    }
}

/// One text as it is read: a story, a cell, a box, a note.
#[derive(Default)]
pub struct Level {
    pub blocks: Vec<Block>,
    pub line: Line,
    pub para: Para,
    /// Whether a paragraph is open.
    pub open: bool,
    /// The style of the open run, and what it says itself.
    pub run: (Option<String>, Look),
    /// Of each field that is open, whether its result has begun.
    pub fields: Vec<bool>,
    /// A box of a form was met, and whether it is ticked.
    pub ticked: Option<bool>,
    /// The same of a list to choose from.
    pub choice: Option<Choice>,
    /// Words of paragraphs before, label and all, that the next one follows on
    /// the same line.
    pub front: String,
    /// Words of paragraphs whose end is not there in this view; they belong to
    /// the next one, behind its label.
    pub back: String,
    /// What comes after the paragraph that these words end up in.
    pub held: Vec<Block>,
}

impl Level {
    pub fn begin(&mut self) {
        self.open = true;
        self.para = Para::default();
        self.run = (None, Look::default());
    }

    pub fn end(&mut self) {
        self.open = false;
        self.para = Para::default();
        self.run = (None, Look::default());
        // A field whose result never began would hide all that follows.
        self.fields.retain(|result| *result);
    }

    /// Puts a paragraph down, and what comes after it.
    pub fn put(&mut self, text: String, item: bool) {
        if !text.trim().is_empty() {
            self.blocks.push(Block::Paragraph { text, item });
        }
        self.blocks.append(&mut self.held);
    }

    pub fn field(&mut self, kind: &str) {
        match kind {
            "begin" => self.fields.push(false),
            "separate" => {
                if let Some(last) = self.fields.last_mut() {
                    *last = true;
                }
            }
            "end" => {
                self.fields.pop();
            }
            _ => {}
        }
    }

    /// Whether text here is a field's result and not its instruction.
    pub fn is_field_shown(&self) -> bool {
        self.fields.iter().all(|result| *result)
    }
}
