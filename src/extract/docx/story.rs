//! One story of a Word document (the body, a header, the notes) from its XML to
//! blocks, in one pass and without recursion.

mod ends;
mod properties;
mod shapes;
mod words;

use std::ops::ControlFlow;

use super::SPACES;
use super::banding::Table;
use super::frame::{Frame, Level};
use super::state::State;
use super::symbols;
use crate::extract::blocks::{Block, Change, row};
use crate::extract::look::{Ink, Look, hex};
use crate::extract::xml::{Event, Tag, Xml, XmlError};

/// Tables in one another; deeper ones are read as plain paragraphs.
const DEEPEST_TABLE: usize = 50;

/// A note or a comment, which is a story of its own in a part with others.
pub struct Entry {
    pub kind: EntryKind,
    pub id: String,
    pub author: String,
    pub date: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    Footnote,
    Endnote,
    Comment,
}

/// Where blocks of the top level go, and what has to be fetched for them.
pub trait Output {
    fn block(&mut self, block: Block) -> ControlFlow<()>;
    /// The text of another file that is to stand here (`w:altChunk`).
    fn chunk(&mut self, relation: &str) -> Vec<Block>;
}

impl Output for Vec<Block> {
    fn block(&mut self, block: Block) -> ControlFlow<()> {
        self.push(block);
        ControlFlow::Continue(())
    }

    fn chunk(&mut self, _: &str) -> Vec<Block> {
        Self::new()
    }
}

/// Reads the story in `text`. Returns the notes or comments in it, and what
/// ended reading where that was not the end.
pub fn read(text: &str, state: &mut State, out: &mut dyn Output) -> (Vec<Entry>, Option<XmlError>) {
    state.numbering.restart();
    let mut story = Story {
        state,
        out,
        frames: Vec::new(),
        levels: vec![Level::default()],
        rows: Vec::new(),
        grounds: Vec::new(),
        tables: Vec::new(),
        fill: Some(Ink::Unknown),
        inserted: 0,
        deleted: 0,
        said: 0,
        entries: Vec::new(),
        open_entries: Vec::new(),
        full: false,
    };
    let error = story.run(&mut Xml::new(text, SPACES)).err();
    story.finish();
    (story.entries, error)
}

struct Story<'s> {
    state: &'s mut State,
    out: &'s mut dyn Output,
    /// What each open tag is.
    frames: Vec<Frame>,
    /// Texts inside texts: the story, a cell, a box, a note. Never empty.
    levels: Vec<Level>,
    /// The cells of the rows that are open.
    rows: Vec<Vec<Vec<Block>>>,
    /// What is behind the tables, cells and boxes that are open.
    grounds: Vec<Option<Ink>>,
    tables: Vec<Table>,
    /// What fills the shape that was opened last; nothing where it is see-through.
    fill: Option<Ink>,
    /// How many tags are open that say so.
    inserted: u32,
    deleted: u32,
    /// Counts pieces of text, to see whether a choice said anything.
    said: usize,
    entries: Vec<Entry>,
    /// Which of them are open.
    open_entries: Vec<usize>,
    full: bool,
}

impl Story<'_> {
    fn run(&mut self, xml: &mut Xml<'_>) -> Result<(), XmlError> {
        while !self.full {
            match xml.event()? {
                Event::Start(tag) => match self.open(&tag) {
                    Some(frame) => self.frames.push(frame),
                    None => xml.skip()?,
                },
                Event::End => {
                    if let Some(frame) = self.frames.pop() {
                        self.close(frame);
                    }
                }
                Event::Words(words) => {
                    if let Some(Frame::Text { deleted }) = self.frames.last() {
                        let deleted = *deleted;
                        self.say(&symbols::plain(&words).replace(['\n', '\r'], " "), deleted);
                    }
                }
                Event::Eof => break,
            }
        }
        Ok(())
    }

    /// What the tag is; `None` for one that is left out with all in it.
    fn open(&mut self, tag: &Tag<'_>) -> Option<Frame> {
        if let Some(property) = self.property(tag) {
            return property;
        }
        Some(match (tag.space, tag.local()) {
            ("w", "p") => {
                self.end_paragraph();
                self.level().begin();
                Frame::Paragraph
            }
            ("w", "pPr") => Frame::ParagraphProperties,
            ("w" | "m", "r") => {
                self.level().run = (None, Look::default());
                Frame::Run
            }
            ("w" | "m" | "a", "t") => Frame::Text { deleted: false },
            ("w", "delText") => Frame::Text { deleted: true },
            ("w", "ins") => {
                self.state.markup.insertions += 1;
                self.change(true)
            }
            ("w", "del") => {
                self.state.markup.deletions += 1;
                self.change(false)
            }
            ("w", "moveTo") => {
                self.state.moves.1 += 1;
                self.change(true)
            }
            ("w", "moveFrom") => self.change(false),
            ("w", "moveToRangeStart") => {
                self.state.moves.0 += 1;
                Frame::Other
            }
            ("w", "tbl") => return Some(self.open_table()),
            ("w", "tr") if self.outer() == Some(&Frame::Table) => {
                self.rows.push(Vec::new());
                if let Some(table) = self.tables.last_mut() {
                    table.begin_row();
                }
                Frame::Row { inserted: 0, deleted: 0 }
            }
            ("w", "tc") if matches!(self.outer(), Some(Frame::Row { .. })) => {
                self.end_paragraph();
                self.levels.push(Level::default());
                let column = self.rows.last().map_or(0, Vec::len);
                let ground = self.tables.last().and_then(|table| table.ground(column));
                self.grounds.push(ground);
                Frame::Cell { inserted: 0, deleted: 0 }
            }
            ("w", "txbxContent") => {
                self.levels.push(Level::default());
                self.grounds.push(self.fill.replace(Ink::Unknown));
                Frame::Box
            }
            ("mc", "AlternateContent") => Frame::Alternate { taken: false },
            ("mc", "Choice" | "Fallback") => return self.open_choice(),
            ("w", "footnote") => return self.open_entry(tag, EntryKind::Footnote),
            ("w", "endnote") => return self.open_entry(tag, EntryKind::Endnote),
            ("w", "comment") => return self.open_entry(tag, EntryKind::Comment),
            ("aml", "annotation") => return self.open_annotation(tag),
            ("w", "altChunk") => {
                let chunk = self.out.chunk(&tag.attr("id").unwrap_or_default());
                self.end_paragraph();
                self.level().blocks.extend(chunk);
                self.flush();
                Frame::Other
            }
            ("w", "background") => {
                if let Some(rgb) = tag.attr("color").and_then(|c| hex(&c)) {
                    self.state.page = Ink::Rgb(rgb);
                }
                Frame::Other
            }
            ("w", "rt") => {
                self.state.readings = true;
                return None;
            }
            ("wps" | "v" | "a", _) if self.shape(tag) => return None,
            _ => {
                self.inline(tag);
                return frame_of(tag);
            }
        })
    }

    fn change(&mut self, inserts: bool) -> Frame {
        if inserts {
            self.inserted += 1;
        } else {
            self.deleted += 1;
        }
        Frame::Change { inserts }
    }

    fn open_table(&mut self) -> Frame {
        self.end_paragraph();
        self.flush_carry();
        if self.rows.len() >= DEEPEST_TABLE {
            return Frame::Other;
        }
        self.level().blocks.push(Block::Gap);
        self.grounds.push(None);
        self.tables.push(Table::default());
        Frame::Table
    }

    /// The tag that this one is in, but for wrappers such as `w:sdt`, which may
    /// stand between a table, its rows and their cells.
    fn outer(&self) -> Option<&Frame> {
        let mut outward = self.frames.iter().rev();
        outward.find(|frame| !matches!(frame, Frame::Other | Frame::Change { .. }))
    }

    /// Only one of the ways to say the same is taken: the first that says anything.
    fn open_choice(&mut self) -> Option<Frame> {
        match self.frames.last() {
            Some(Frame::Alternate { taken: true }) => None,
            _ => Some(Frame::Choice { said: self.said }),
        }
    }

    fn open_entry(&mut self, tag: &Tag<'_>, kind: EntryKind) -> Option<Frame> {
        let of = tag.attr("type").unwrap_or_default();
        if matches!(of.as_str(), "separator" | "continuationSeparator" | "continuationNotice") {
            return None;
        }
        let mut id = tag.attr("id").unwrap_or_default();
        if self.level().open && kind != EntryKind::Comment {
            // Word 2003 puts a note where its mark is.
            id = format!("here{}", self.entries.len());
            self.mark_note(&id, kind == EntryKind::Endnote, false);
        } else if kind != EntryKind::Comment {
            self.end_paragraph();
        }
        self.levels.push(Level::default());
        self.open_entries.push(self.entries.len());
        let date = tag.attr("date").or_else(|| tag.attr("createdate"));
        self.entries.push(Entry {
            kind,
            id,
            author: tag.attr("author").unwrap_or_default(),
            date: date.unwrap_or_default(),
            blocks: Vec::new(),
        });
        Some(Frame::Entry)
    }

    /// Changes and comments as Word 2003 writes them.
    fn open_annotation(&mut self, tag: &Tag<'_>) -> Option<Frame> {
        let id = || tag.attr("id").unwrap_or_default();
        Some(match tag.attr("type").unwrap_or_default().as_str() {
            "Word.Insertion" => {
                self.state.markup.insertions += 1;
                self.change(true)
            }
            "Word.Deletion" => {
                self.state.markup.deletions += 1;
                self.change(false)
            }
            "Word.Comment" => {
                self.state.comments.push(id());
                return self.open_entry(tag, EntryKind::Comment);
            }
            "Word.Comment.Start" => {
                self.start_anchor(id());
                Frame::Other
            }
            "Word.Comment.End" => {
                let id = id();
                self.state.anchoring.retain(|open| *open != id);
                Frame::Other
            }
            "Word.Formatting" => return None,
            _ => Frame::Other,
        })
    }

    fn change_here(&self, deleted: bool) -> Change {
        Change { inserted: self.inserted > 0, deleted: deleted || self.deleted > 0 }
    }

    fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn close(&mut self, frame: Frame) {
        match frame {
            Frame::Paragraph => self.end_paragraph(),
            Frame::Change { inserts: true } => self.inserted = self.inserted.saturating_sub(1),
            Frame::Change { inserts: false } => self.deleted = self.deleted.saturating_sub(1),
            Frame::Run => self.tick(),
            Frame::Table => {
                self.flush_carry();
                self.grounds.pop();
                self.tables.pop();
                self.level().blocks.push(Block::Gap);
                self.flush();
            }
            Frame::Row { inserted, deleted } => {
                let cells = self.rows.pop().unwrap_or_default();
                self.level().blocks.extend(row(cells));
                self.inserted = self.inserted.saturating_sub(inserted);
                self.deleted = self.deleted.saturating_sub(deleted);
                self.flush();
            }
            Frame::Cell { inserted, deleted } => self.end_cell(inserted, deleted),
            Frame::Box => {
                let blocks = self.end_level();
                self.grounds.pop();
                self.level().line.after.extend(blocks);
            }
            Frame::Entry => {
                let blocks = self.end_level();
                let open = self.open_entries.pop();
                if let Some(entry) = open.and_then(|at| self.entries.get_mut(at)) {
                    entry.blocks = blocks;
                }
            }
            Frame::Choice { said } => {
                let told = self.said > said;
                if let Some(Frame::Alternate { taken }) = self.frames.last_mut() {
                    *taken |= told;
                }
            }
            _ => {}
        }
    }

    /// Ends all that is open, as at the end or at a break.
    fn finish(&mut self) {
        while let Some(frame) = self.frames.pop() {
            self.close(frame);
        }
        self.end_paragraph();
        self.flush_carry();
    }
}

/// Tags that say nothing themselves: kept open, or left out with all in them.
fn frame_of(tag: &Tag<'_>) -> Option<Frame> {
    let skipped = match (tag.space, tag.local()) {
        ("w", local) if local.ends_with("PrChange") => true,
        (
            "w",
            "instrText" | "delInstrText" | "sdtPr" | "sdtEndPr" | "sectPr" | "tblGrid"
            | "numberingChange" | "docPartPr",
        ) => true,
        ("w", "rPr") => return Some(Frame::RunProperties),
        ("w", "tblPr") => return Some(Frame::TableProperties),
        ("w", "trPr") => return Some(Frame::RowProperties),
        ("w", "tcPr") => return Some(Frame::CellProperties),
        _ => false,
    };
    (!skipped).then_some(Frame::Other)
}
