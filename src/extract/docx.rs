//! The reader of Word documents (Office Open XML): which stories a document
//! has, in which order they are told, and what is said of what is missing.

mod banding;
mod chunk;
mod frame;
mod look;
mod numbering;
mod parts;
mod settings;
mod state;
mod story;
mod styles;
mod symbols;

#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use self::numbering::Numbering;
use self::parts::Relation;
use self::state::{References, State};
use self::story::{Entry, EntryKind};
use self::styles::Styles;
use super::blocks::{self, Anchor, Block};
use super::failure::ReadError;
use super::flow::Flow;
use super::limits::Limits;
use super::options::Options;
use super::package::Package;
use super::protocol::{PageRecord, Piece};
use super::xml::{Spaces, XmlError, decoded};
use super::{Extractor, Sink};
use crate::domain::document::Markup;
use crate::domain::marks::{AsideKind, Marks};

pub struct Docx;

/// Both editions of the standard, and what they are used with.
const SPACES: Spaces = &[
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w"),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", "w"),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", "mc"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", "m"),
    ("http://purl.oclc.org/ooxml/officeDocument/math", "m"),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", "a"),
    ("http://purl.oclc.org/ooxml/drawingml/main", "a"),
    ("http://schemas.microsoft.com/office/word/2010/wordprocessingShape", "wps"),
    ("urn:schemas-microsoft-com:vml", "v"),
    ("http://schemas.microsoft.com/office/2006/xmlPackage", "pkg"),
    ("http://schemas.microsoft.com/office/word/2003/wordml", "w"),
    ("http://schemas.microsoft.com/office/word/2003/auxHint", "wx"),
    ("http://schemas.microsoft.com/aml/2001/core", "aml"),
];

/// Documents inside documents that are read as part of their text.
const DEEPEST: usize = 3;
/// Compound files: what Word wrote before, and what it puts around an
/// encrypted package.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

impl Extractor for Docx {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let told = tell(source, options, 0)?;
        let note = (!told.notes.is_empty()).then(|| told.notes.join(" "));
        if sink(Piece::Markup(told.markup)).is_continue() {
            let page = PageRecord { note, ..PageRecord::only(told.text, told.marks, "docx") };
            // One page: whether the sink wants another does not matter.
            let _ = sink(Piece::Page(page));
        }
        Ok(())
    }
}

/// A document as it was read.
struct Told {
    text: String,
    marks: Marks,
    markup: Markup,
    /// What is missing, as sentences.
    notes: Vec<String>,
}

/// Reads a document that lies `depth` documents deep in another.
fn tell(source: &[u8], options: &Options, depth: usize) -> Result<Told, ReadError> {
    let mut package = open(source, &options.limits)?;
    let body = parts::main_part(&mut package).ok_or_else(|| ReadError::DamagedDocument {
        what: "the part that holds its text is missing".into(),
    })?;
    let mut reading = Reading {
        state: State::new(options.view),
        relations: parts::relations(&mut package, &body),
        package,
        flow: Flow::new(options.limits.text_bytes),
        options,
        depth,
        folder: body.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned()),
        inline: Vec::new(),
        notes: Vec::new(),
    };
    reading.all(&body)?;
    Ok(reading.finish())
}

fn open<'a>(source: &'a [u8], limits: &Limits) -> Result<Package<'a>, ReadError> {
    if source.starts_with(COMPOUND) {
        let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let locked = source.windows(wide.len()).any(|window| window == wide);
        return Err(if locked { ReadError::LockedOffice } else { ReadError::OldWord });
    }
    if source.starts_with(b"PK") {
        return Package::open(source, limits);
    }
    let text = decoded(source.to_vec());
    if let Some(package) = parts::flat(&text, limits) {
        return Ok(package);
    }
    // Word 2003 wrote all of a document into one tag.
    let head: String = text.chars().take(4_000).collect();
    if head.contains(":wordDocument") {
        let parts = vec![("word/document.xml".to_owned(), text.into_bytes())];
        return Ok(Package::of_parts(parts, limits));
    }
    Err(ReadError::DamagedDocument {
        what: "it is neither a package nor an XML file of Word".into(),
    })
}

/// One document while it is read.
struct Reading<'a> {
    package: Package<'a>,
    relations: Vec<Relation>,
    state: State,
    flow: Flow,
    options: &'a Options,
    depth: usize,
    /// Where the body lies in the package.
    folder: String,
    /// Notes and comments that stand in the body itself.
    inline: Vec<Entry>,
    notes: Vec<String>,
}

impl Reading<'_> {
    /// Heads first, then the body, notes, feet and comments.
    fn all(&mut self, body: &str) -> Result<(), ReadError> {
        if self.package.is_salvaged() {
            self.say("The file is damaged: its directory is missing, so parts of it may be too.");
        }
        self.prepare();
        self.running_heads("header");
        self.body(body)?;
        self.notes("footnotes", "Footnotes");
        self.notes("endnotes", "Endnotes");
        self.running_heads("footer");
        self.comments();
        self.left_out();
        Ok(())
    }

    /// Says what holds words that are not read.
    fn left_out(&mut self) {
        for (part, kind) in [
            ("embeddings/", "embedded object"),
            ("charts/chart", "chart"),
            ("diagrams/data", "diagram"),
        ] {
            let count = self.package.names().filter(|name| name.contains(part)).count();
            if count > 0 {
                self.say(&blocks::unread(count, kind));
            }
        }
        if self.state.readings {
            self.say(blocks::READINGS);
        }
        let pictures = self.package.names().any(|name| name.contains("media/"));
        if pictures && self.flow.is_empty() {
            self.say("It holds nothing but pictures, and words in pictures are not read.");
        }
    }

    fn prepare(&mut self) {
        if let Some(text) = self.part_of_kind("styles") {
            let (styles, error) = Styles::parse(&text);
            self.state.styles = styles;
            self.broke("the styles", error);
        }
        if let Some(text) = self.part_of_kind("numbering") {
            let (numbering, error) = Numbering::parse(&text);
            self.state.numbering = numbering;
            self.broke("the numbering of lists", error);
        }
        if let Some(text) = self.part_of_kind("settings") {
            settings::read(&text, &mut self.state);
        }
    }

    fn body(&mut self, name: &str) -> Result<(), ReadError> {
        let part = parts::text(&mut self.package, name)?;
        let Some(part) = part else { return Ok(()) };
        let mut out = Telling {
            flow: &mut self.flow,
            package: &mut self.package,
            relations: &self.relations,
            options: self.options,
            depth: self.depth,
            notes: &mut self.notes,
        };
        let (inline, error) = story::read(&part.text, &mut self.state, &mut out);
        self.inline = inline;
        self.flow.end_block();
        self.broke("the text", error);
        if part.cut && error.is_none() {
            self.say("The end of the text is missing: the file is damaged.");
        }
        Ok(())
    }

    /// Each text that stands at the head or foot of pages, once.
    fn running_heads(&mut self, kind: &str) {
        let names: Vec<String> = self.names_of_kind(kind);
        let mut told: Vec<String> = Vec::new();
        for name in names {
            let Some(text) = self.part(&name) else { continue };
            let mut blocks = Vec::new();
            let (_, error) = story::read(&text, &mut self.state, &mut blocks);
            self.broke("a header or footer", error);
            let words = blocks::on_one_line(&blocks);
            if !told.contains(&words) {
                self.flow.aside(AsideKind::RunningHead, &words);
                told.push(words);
            }
            blocks::asides(blocks).for_each(|aside| blocks::tell(&mut self.flow, &aside));
        }
    }

    fn notes(&mut self, kind: &str, title: &str) {
        let wanted = if kind == "endnotes" { EntryKind::Endnote } else { EntryKind::Footnote };
        let mut entries = self.entries(kind, wanted, "the notes");
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let (references, counted) = if kind == "endnotes" {
            (&self.state.endnotes, &mut self.state.markup.endnotes)
        } else {
            (&self.state.footnotes, &mut self.state.markup.footnotes)
        };
        *counted = count;
        let blocks = in_order(references, &mut entries);
        if blocks.is_empty() {
            return;
        }
        blocks::tell(&mut self.flow, &Block::paragraph(title));
        for block in &blocks {
            blocks::tell(&mut self.flow, block);
        }
        self.flow.end_block();
    }

    /// The notes or comments of one kind, in the order of their part.
    fn entries(&mut self, part: &str, kind: EntryKind, what: &str) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.inline.extract_if(.., |e| e.kind == kind).collect();
        if let Some(text) = self.part_of_kind(part) {
            let (more, error) = story::read(&text, &mut self.state, &mut Vec::new());
            self.broke(what, error);
            entries.extend(more.into_iter().filter(|entry| entry.kind == kind));
        }
        entries
    }

    fn comments(&mut self) {
        // Changes inside comments are not changes of the text.
        let (markup, moves) = (self.state.markup, self.state.moves);
        let entries = self.entries("comments", EntryKind::Comment, "the comments");
        (self.state.markup, self.state.moves) = (markup, moves);
        self.state.markup.comments = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        // Those the text refers to first, in its order; a sort keeps the others'.
        let places: std::collections::HashMap<&str, usize> =
            self.state.comments.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let mut entries: Vec<&Entry> = entries.iter().collect();
        entries.sort_by_key(|entry| places.get(entry.id.as_str()).copied().unwrap_or(usize::MAX));
        for entry in entries {
            let anchor = self.state.anchors.get(&entry.id).map_or_else(String::new, Anchor::words);
            let words = blocks::on_one_line(&entry.blocks);
            let comment = blocks::comment(&entry.author, &entry.date, &anchor, &words);
            self.flow.aside(AsideKind::Comment, &comment);
        }
    }

    /// The names of parts of one kind: those that the body is linked to, else
    /// those that are called as usual.
    fn names_of_kind(&self, kind: &str) -> Vec<String> {
        let linked = self.relations.iter().filter(|r| r.kind == kind).map(|r| r.target.clone());
        let linked: Vec<String> = linked.filter(|name| self.package.has(name)).collect();
        if !linked.is_empty() {
            return linked;
        }
        let start = format!("{}/{kind}", self.folder).to_lowercase();
        let is_called = |name: &&str| {
            let name = name.to_lowercase();
            let rest = name.strip_prefix(&start).and_then(|rest| rest.strip_suffix(".xml"));
            rest.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
        };
        self.package.names().filter(is_called).map(str::to_owned).collect()
    }

    fn part_of_kind(&mut self, kind: &str) -> Option<String> {
        let name = self.names_of_kind(kind).into_iter().next()?;
        self.part(&name)
    }

    /// The text of a part that a document can do without.
    fn part(&mut self, name: &str) -> Option<String> {
        if let Ok(part) = parts::text(&mut self.package, name) {
            return part.map(|part| part.text);
        }
        let file = name.rsplit('/').next().unwrap_or(name);
        self.say(&format!("The part {file} could not be unpacked and is left out."));
        None
    }

    fn broke(&mut self, what: &str, error: Option<XmlError>) {
        let why = match error {
            Some(XmlError::Broken) => "is damaged there",
            Some(XmlError::TooDeep) => "is nested too deeply there",
            None => return,
        };
        self.say(&format!(
            "Reading {what} ended early, since the file {why}; what follows is missing."
        ));
    }

    fn say(&mut self, note: &str) {
        if !self.notes.iter().any(|said| said == note) {
            self.notes.push(note.to_owned());
        }
    }

    fn finish(mut self) -> Told {
        if self.flow.is_full() {
            self.say(super::html::CUT);
        }
        let markup = self.state.counted();
        let (text, marks) = self.flow.finish();
        Told { text, marks, markup, notes: self.notes }
    }
}

/// The notes that the text refers to, each with its label.
fn in_order(references: &References, entries: &mut [Entry]) -> Vec<Block> {
    let places: std::collections::HashMap<String, usize> =
        entries.iter().enumerate().map(|(at, entry)| (entry.id.clone(), at)).collect();
    let mut blocks = Vec::new();
    for (id, label) in references.iter() {
        let Some(entry) = places.get(id).and_then(|at| entries.get_mut(*at)) else { continue };
        let mut note = std::mem::take(&mut entry.blocks);
        for block in &mut note {
            if let Block::Paragraph { item, .. } = block {
                *item = true;
            }
        }
        match note.first_mut() {
            Some(Block::Paragraph { text, .. }) => *text = format!("{label} {text}"),
            _ => note.insert(0, Block::Paragraph { text: label.to_owned(), item: true }),
        }
        blocks.append(&mut note);
    }
    blocks
}

/// Where the body's blocks go.
struct Telling<'s, 'a> {
    flow: &'s mut Flow,
    package: &'s mut Package<'a>,
    relations: &'s [Relation],
    options: &'s Options,
    depth: usize,
    notes: &'s mut Vec<String>,
}

impl story::Output for Telling<'_, '_> {
    fn block(&mut self, block: Block) -> ControlFlow<()> {
        blocks::tell(self.flow, &block);
        if self.flow.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn chunk(&mut self, relation: &str) -> Vec<Block> {
        let target = self.relations.iter().find(|r| r.id == relation).map(|r| r.target.as_str());
        let read = target.and_then(|name| {
            let part = self.package.part(name).ok()??;
            chunk::blocks(name, &part.bytes, self.options, self.depth)
        });
        read.unwrap_or_else(|| {
            let note = "A document that was put into this one could not be read.".to_owned();
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
            Vec::new()
        })
    }
}
