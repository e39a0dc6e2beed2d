//! The reader of web pages: what a window would show, block by block, and
//! apart from it what the page's styles keep from being seen. Runs no script,
//! fetches nothing.

mod colour;
mod declared;
mod elements;
mod list;
mod look;
mod parse;
mod sheet;
mod table;
mod title;
mod walk;

#[cfg(test)]
mod tests;

pub(super) use colour::{Rgb, alike};
pub(super) use parse::label;
pub(super) use table::is_label;

use super::failure::ReadError;
use super::flow::Flow;
use super::options::Options;
use super::protocol::{PageRecord, Piece};
use super::{Extractor, Sink, encoding};

pub struct Html;

/// What is told of a text of which the end is missing.
pub(super) const CUT: &str =
    "It holds more text than is read of one document; the rest is missing.";

impl Extractor for Html {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let decoded = encoding::decode_as(source, parse::label(source).as_deref())?;
        let mut flow = Flow::new(options.limits.text_bytes);
        let too_deep = write(&decoded.text, Title::First, &mut flow);
        let cut = flow.is_full().then(|| CUT.to_owned());
        let (text, marks) = flow.finish();
        let notes = [decoded.note, too_deep, cut];
        let note = notes.into_iter().flatten().reduce(|all, note| format!("{all} {note}"));
        // One page: whether the sink wants another does not matter.
        let _ = sink(Piece::Page(PageRecord { note, ..PageRecord::only(text, marks, "html") }));
        Ok(())
    }
}

/// What becomes of a page's title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Title {
    /// It stands before the text, unless the text has it too.
    First,
    LeftOut,
}

/// Adds a page to `flow`, and says what of it is missing or was not looked at.
pub(super) fn write(html: &str, title: Title, flow: &mut Flow) -> Option<String> {
    let parsed = parse::document(html);
    let styles = walk::write(&parsed.html, title, flow);
    [parsed.note, styles].into_iter().flatten().reduce(|all, note| format!("{all} {note}"))
}
