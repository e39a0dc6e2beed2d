//! The text of an `OpenDocument` file from its XML to blocks, in one pass and
//! without recursion.

mod ends;
mod opening;
mod words;

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::SPACES;
use super::frame::{Counted, Frame, Level};
use super::styles::Styles;
use crate::domain::document::{Markup, RevisionView};
use crate::extract::blocks::{self, Anchor, Block};
use crate::extract::look::Ink;
use crate::extract::xml::{Event, Tag, Xml, XmlError};

/// What was found beside the text itself.
pub struct Story<'s> {
    styles: &'s Styles,
    view: RevisionView,
    out: &'s mut dyn FnMut(Block) -> ControlFlow<()>,
    pub markup: Markup,
    /// Notes in the order of their marks, and whether at the end of the text.
    pub notes: Vec<(bool, Vec<Block>)>,
    pub comments: Vec<Comment>,
    /// What stands at the head and foot of pages; feet are true.
    pub heads: Vec<(bool, Vec<Block>)>,
    frames: Vec<Frame>,
    /// Never empty.
    levels: Vec<Level>,
    rows: Vec<Row>,
    grounds: Vec<Option<Ink>>,
    counted: Counted,
    hidden_sections: u32,
    /// What each tracked change is, by its id.
    regions: HashMap<String, Region>,
    region: String,
    /// Insertions that are open here.
    inserting: Vec<String>,
    /// Named comments whose words are being read.
    anchoring: Vec<String>,
    anchors: HashMap<String, Anchor>,
    citation: String,
    deletions: u32,
    /// Objects of other programs (tables, charts, formulas).
    pub objects: usize,
    /// Whether readings above words were left out.
    pub readings: bool,
    full: bool,
}

#[derive(Default)]
pub struct Comment {
    author: String,
    date: String,
    name: String,
    words: String,
}

enum Region {
    Insertion,
    Deletion(Vec<String>),
}

#[derive(Default)]
struct Row {
    cells: Vec<Vec<Block>>,
    /// Cells that the last one spans.
    covered: usize,
    /// Cells that wait to see whether anything follows them.
    empty: usize,
}

impl<'s> Story<'s> {
    pub fn new(
        styles: &'s Styles,
        view: RevisionView,
        out: &'s mut dyn FnMut(Block) -> ControlFlow<()>,
    ) -> Self {
        Self {
            styles,
            view,
            out,
            markup: Markup { view, ..Markup::default() },
            notes: Vec::new(),
            comments: Vec::new(),
            heads: Vec::new(),
            frames: Vec::new(),
            levels: vec![Level::default()],
            rows: Vec::new(),
            grounds: Vec::new(),
            counted: Counted::default(),
            hidden_sections: 0,
            regions: HashMap::new(),
            region: String::new(),
            inserting: Vec::new(),
            anchoring: Vec::new(),
            anchors: HashMap::new(),
            citation: String::new(),
            deletions: 0,
            objects: 0,
            readings: false,
            full: false,
        }
    }

    /// Reads what is inside `office:body`, or inside `office:master-styles`.
    pub fn read(&mut self, text: &str, within: &str) -> Option<XmlError> {
        let error = self.run(&mut Xml::new(text, SPACES), within).err();
        while let Some(frame) = self.frames.pop() {
            self.close(frame);
        }
        self.end_paragraph();
        self.flush_carry();
        error
    }

    fn run(&mut self, xml: &mut Xml<'_>, within: &str) -> Result<(), XmlError> {
        while !self.full {
            match xml.event()? {
                Event::Start(tag) => match self.open(&tag, within) {
                    Some(frame) => self.frames.push(frame),
                    None => xml.skip()?,
                },
                Event::End => {
                    if let Some(frame) = self.frames.pop() {
                        self.close(frame);
                    }
                }
                Event::Words(words) => self.words(&words.replace(['\n', '\r'], " ")),
                Event::Eof => break,
            }
        }
        Ok(())
    }

    /// What the tag is; `None` for one that is left out with all in it.
    fn open(&mut self, tag: &Tag<'_>, within: &str) -> Option<Frame> {
        let name = |of: &str| tag.attr(of).unwrap_or_default();
        if is_left_out(tag) {
            self.objects += usize::from(matches!(tag.local(), "object" | "object-ole"));
            self.readings |= tag.local() == "ruby-text";
            return None;
        }
        Some(match (tag.space, tag.local()) {
            ("office", part @ ("body" | "master-styles")) if part != within => return None,
            ("text", "p" | "h") => self.open_paragraph(tag),
            ("text", "span" | "a" | "ruby-base") => {
                let look = self.styles.get("text", &name("style-name")).look;
                self.level().looks.push(look);
                Frame::Span
            }
            ("text", "list") => self.open_list(tag),
            ("text", "list-item") => {
                if let Some(list) = self.level().lists.last_mut() {
                    list.due = true;
                    list.start = tag.number("start-value");
                }
                Frame::Item
            }
            ("text", "section") => {
                let styled = self.styles.get("section", &name("style-name")).hidden;
                let hidden = styled || name("display") == "none" || name("is-hidden") == "true";
                self.hidden_sections += u32::from(hidden);
                Frame::Section { hidden }
            }
            ("table", "table") => {
                self.end_paragraph();
                self.level().blocks.push(Block::Gap);
                self.grounds.push(None);
                Frame::Table
            }
            ("table", "table-row") => {
                self.rows.push(Row::default());
                Frame::Row { times: tag.number("number-rows-repeated").map_or(1, |n| n as usize) }
            }
            ("table", "table-cell" | "covered-table-cell") if !self.rows.is_empty() => {
                return self.open_cell(tag);
            }
            ("draw", "text-box") => {
                self.push_level();
                self.grounds.push(Some(Ink::Unknown));
                Frame::Box
            }
            ("text", "note") => self.open_note(&name("note-class")),
            ("text", "note-citation") => Frame::Citation,
            ("text", "note-body") => {
                self.push_level();
                Frame::NoteBody
            }
            ("office", "annotation") => self.open_comment(name("name")),
            ("office", "annotation-end") => {
                let ended = name("name");
                self.anchoring.retain(|open| *open != ended);
                Frame::Other
            }
            ("dc", "creator") if self.frames.last() == Some(&Frame::Annotation) => Frame::Creator,
            ("dc", "date") if self.frames.last() == Some(&Frame::Annotation) => Frame::Date,
            ("text", "changed-region") => {
                self.region = name("id");
                Frame::Region
            }
            ("text", "insertion") => {
                self.markup.insertions += 1;
                self.regions.insert(std::mem::take(&mut self.region), Region::Insertion);
                return None;
            }
            ("text", "deletion") => {
                self.markup.deletions += 1;
                self.deletions += 1;
                self.push_level();
                Frame::Deletion
            }
            (
                "style",
                part @ ("header" | "footer" | "header-left" | "footer-left" | "header-first"
                | "footer-first"),
            ) => {
                if name("display") == "false" {
                    return None;
                }
                self.push_level();
                Frame::Head { foot: part.starts_with("footer") }
            }
            _ => {
                self.inline(tag);
                Frame::Other
            }
        })
    }

    fn push_level(&mut self) {
        self.levels.push(Level::default());
    }

    fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.push_level();
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn close(&mut self, frame: Frame) {
        match frame {
            Frame::Paragraph => {
                self.end_paragraph();
                self.grounds.pop();
            }
            Frame::ShapeParagraph => {
                let blocks = self.end_level();
                self.grounds.pop();
                self.level().line.after.extend(blocks);
            }
            Frame::Span => {
                self.level().looks.pop();
            }
            Frame::Section { hidden } => {
                self.end_paragraph();
                self.hidden_sections -= u32::from(hidden);
            }
            Frame::List => {
                self.level().lists.pop();
            }
            Frame::Table => {
                self.flush_carry();
                self.grounds.pop();
                self.level().blocks.push(Block::Gap);
                self.flush();
            }
            Frame::Row { times } => self.end_row(times),
            Frame::Cell { times } => self.end_cell(times),
            Frame::Box => {
                let blocks = self.end_level();
                self.grounds.pop();
                self.level().line.after.extend(blocks);
                if !self.level().open {
                    self.end_paragraph_as(true);
                }
            }
            Frame::NoteBody => {
                let blocks = self.end_level();
                let end = matches!(self.frames.last(), Some(Frame::Note { end: true }));
                self.end_note(end, blocks);
            }
            Frame::Annotation => {
                let words = blocks::on_one_line(&self.end_level());
                let Some(comment) = self.comments.last_mut() else { return };
                comment.words = words;
                // What it is about begins behind it.
                let known = comment.name.is_empty() || self.anchors.contains_key(&comment.name);
                if !known && self.anchoring.len() < blocks::MOST_ANCHORS {
                    self.anchoring.push(comment.name.clone());
                }
            }
            Frame::Deletion => {
                self.deletions -= 1;
                let words = self.end_level().into_iter().filter_map(words_of).collect();
                self.regions.insert(std::mem::take(&mut self.region), Region::Deletion(words));
            }
            Frame::Head { foot } => {
                let blocks = self.end_level();
                self.heads.push((foot, blocks));
            }
            _ => {}
        }
    }

    /// The comments as they are put down.
    pub fn comments(&self) -> impl Iterator<Item = String> {
        self.comments.iter().map(|comment| {
            let anchor = self.anchors.get(&comment.name).map_or_else(String::new, Anchor::words);
            blocks::comment(&comment.author, &comment.date, &anchor, &comment.words)
        })
    }
}

/// The words of what was deleted, each paragraph or row by itself. An empty
/// paragraph stands for its end.
fn words_of(block: Block) -> Option<String> {
    match block {
        Block::Paragraph { text, .. } => Some(text),
        Block::Row(cells) => Some(cells.join(" ")),
        Block::Aside(..) | Block::Gap => None,
    }
}

/// Tags that hold no text of the document.
fn is_left_out(tag: &Tag<'_>) -> bool {
    match (tag.space, tag.local()) {
        ("text", local) if local.ends_with("-source") || local.ends_with("-decls") => true,
        ("text", "number" | "ruby-text")
        | ("svg", "title" | "desc")
        | ("draw", "object" | "object-ole" | "glue-point")
        | (
            "office",
            "automatic-styles" | "styles" | "scripts" | "font-face-decls" | "meta" | "settings"
            | "forms" | "binary-data" | "change-info",
        ) => true,
        _ => false,
    }
}
