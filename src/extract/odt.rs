//! The reader of `OpenDocument` texts, as packages and as single XML files: which
//! parts a document has and in which order they are told.

mod frame;
mod lists;
mod story;
mod styles;

#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use self::story::Story;
use self::styles::Styles;
use super::blocks::{self, Block};
use super::failure::ReadError;
use super::flow::Flow;
use super::options::Options;
use super::package::Package;
use super::protocol::{PageRecord, Piece};
use super::xml::{Spaces, XmlError, decoded};
use super::{Extractor, Sink};
use crate::domain::document::Markup;
use crate::domain::marks::AsideKind;

pub struct Odt;

const SPACES: Spaces = &[
    ("urn:oasis:names:tc:opendocument:xmlns:text:1.0", "text"),
    ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", "office"),
    ("urn:oasis:names:tc:opendocument:xmlns:style:1.0", "style"),
    ("urn:oasis:names:tc:opendocument:xmlns:table:1.0", "table"),
    ("urn:oasis:names:tc:opendocument:xmlns:drawing:1.0", "draw"),
    ("urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0", "svg"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
];

impl Extractor for Odt {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let file = File::open(source, options)?;
        let mut flow = Flow::new(options.limits.text_bytes);
        let (markup, note) = tell(&file, options, &mut flow);
        let (text, marks) = flow.finish();
        if sink(Piece::Markup(markup)).is_continue() {
            // One page: whether the sink wants another does not matter.
            let _ = sink(Piece::Page(PageRecord { note, ..PageRecord::only(text, marks, "odt") }));
        }
        Ok(())
    }
}

/// The XML of a document; both are one in a file that is no package.
struct File {
    content: String,
    styles: String,
    note: Option<&'static str>,
}

impl File {
    fn open(source: &[u8], options: &Options) -> Result<Self, ReadError> {
        if !source.starts_with(b"PK") {
            return Self::flat(source);
        }
        let mut package = Package::open(source, &options.limits)?;
        let locks = package.part("META-INF/manifest.xml").ok().flatten();
        let mark = b"encryption-data";
        let locked = locks.is_some_and(|part| part.bytes.windows(mark.len()).any(|w| w == mark));
        if locked || package.has("encrypted-package") {
            return Err(ReadError::LockedOffice);
        }
        let content = package.part("content.xml")?.ok_or_else(|| ReadError::DamagedDocument {
            what: "the part that holds its text is missing".into(),
        })?;
        let styles = package.part("styles.xml").ok().flatten();
        let cut = content.cut || package.is_salvaged();
        Ok(Self {
            content: decoded(content.bytes),
            styles: styles.map(|part| decoded(part.bytes)).unwrap_or_default(),
            note: cut.then_some("The file is damaged, and parts of it may be missing."),
        })
    }

    fn flat(source: &[u8]) -> Result<Self, ReadError> {
        let content = decoded(source.to_vec());
        let head: String = content.chars().take(4_000).collect();
        if !head.contains("office:document") {
            return Err(ReadError::DamagedDocument {
                what: "it is neither a package nor an XML file of an office program".into(),
            });
        }
        Ok(Self { styles: content.clone(), content, note: None })
    }
}

/// Tells heads, text, notes, feet and comments; returns the counts and what is
/// missing.
fn tell(file: &File, options: &Options, flow: &mut Flow) -> (Markup, Option<String>) {
    let mut styles = Styles::default();
    // Broken styles cost labels and hidden letters, not words.
    let told = [styles.read(&file.styles), styles.read(&file.content)];
    let broken = told.iter().any(Result::is_err) && !file.styles.is_empty();

    let mut nowhere = |_| ControlFlow::Continue(());
    let mut furniture = Story::new(&styles, options.view, &mut nowhere);
    let _ = furniture.read(&file.styles, "master-styles");
    let (heads, furniture) = (std::mem::take(&mut furniture.heads), furniture.markup);
    running_heads(&heads, false, flow);

    let mut out = |block: Block| {
        blocks::tell(flow, &block);
        if flow.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let mut story = Story::new(&styles, options.view, &mut out);
    let error = story.read(&file.content, "body");
    let comments: Vec<String> = story.comments().collect();
    let (notes, markup) = (std::mem::take(&mut story.notes), story.markup);
    let objects = (story.objects > 0).then(|| blocks::unread(story.objects, "embedded object"));
    let readings = story.readings.then_some(blocks::READINGS);
    flow.end_block();
    for (end, title) in [(false, "Footnotes"), (true, "Endnotes")] {
        let mut of_kind = notes.iter().filter(|(at_end, _)| *at_end == end).peekable();
        if of_kind.peek().is_some() {
            blocks::tell(flow, &Block::paragraph(title));
        }
        of_kind.flat_map(|(_, blocks)| blocks).for_each(|block| blocks::tell(flow, block));
        flow.end_block();
    }
    running_heads(&heads, true, flow);
    for comment in &comments {
        flow.aside(AsideKind::Comment, comment);
    }

    let ended = match error {
        Some(XmlError::Broken) => Some(
            "Reading the text ended early, since the file is damaged there; what follows is missing.",
        ),
        Some(XmlError::TooDeep) => Some(
            "Reading the text ended early, since the file is nested too deeply there; what follows \
             is missing.",
        ),
        None if broken => Some("The styles are damaged, so labels of lists may be missing."),
        None => None,
    };
    let cut = flow.is_full().then_some(super::html::CUT);
    let notes: Vec<&str> =
        [file.note, ended, objects.as_deref(), readings, cut].into_iter().flatten().collect();
    let all = Markup {
        insertions: markup.insertions + furniture.insertions,
        deletions: markup.deletions + furniture.deletions,
        comments: markup.comments + furniture.comments,
        ..markup
    };
    (all, (!notes.is_empty()).then(|| notes.join(" ")))
}

/// Each text that stands at the head (or foot) of pages, once.
fn running_heads(heads: &[(bool, Vec<Block>)], feet: bool, flow: &mut Flow) {
    let mut told: Vec<String> = Vec::new();
    for (_, blocks) in heads.iter().filter(|(foot, _)| *foot == feet) {
        let words = blocks::on_one_line(blocks);
        if !told.contains(&words) {
            flow.aside(AsideKind::RunningHead, &words);
            told.push(words);
        }
        blocks::asides(blocks.clone()).for_each(|aside| blocks::tell(flow, &aside));
    }
}
