//! The reader of Rich Text documents: words, tables, lists as they are
//! printed, notes, tracked changes in the view that was asked for, and what
//! is not to be seen apart. Pictures are passed over, objects only counted.

mod code_page;
mod destination;
mod label;
mod reader;
mod special;
mod state;
mod table;
mod token;
mod writer;

#[cfg(test)]
mod tests;

pub(super) use code_page::Charset;

use super::blocks;
use super::failure::ReadError;
use super::flow::Flow;
use super::html::CUT;
use super::options::Options;
use super::protocol::{PageRecord, Piece};
use super::{Extractor, Sink};
use crate::domain::document::{Markup, RevisionView};

pub struct Rtf;

impl Extractor for Rtf {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mut flow = Flow::new(options.limits.text_bytes);
        let Read { markup, objects } = reader::Reader::new(source, options.view, &mut flow).read();
        let objects = (objects > 0).then(|| blocks::unread(objects, "embedded object"));
        let cut = flow.is_full().then(|| CUT.to_owned());
        let note = [objects, cut].into_iter().flatten().reduce(|all, note| all + " " + &note);
        let (text, marks) = flow.finish();
        let page = PageRecord { note, ..PageRecord::only(text, marks, "rtf") };
        if sink(Piece::Page(page)).is_continue()
            && markup != (Markup { view: markup.view, ..Markup::default() })
        {
            let _ = sink(Piece::Markup(markup));
        }
        Ok(())
    }
}

/// Adds a document to `flow`, its tracked changes in this view, and counts what
/// stands beside its words.
pub(super) fn write(source: &[u8], view: RevisionView, flow: &mut Flow) -> Markup {
    reader::Reader::new(source, view, flow).read().markup
}

/// What is found beside the words.
struct Read {
    markup: Markup,
    /// Objects of other programs, of which only the picture is for readers.
    objects: usize,
}
