//! The readers of mails and mailboxes: a mail's head and body are its text,
//! attachments and the mails of a mailbox are documents of their own.

mod body;
mod compound;
mod eml;
mod head;
mod lzfu;
mod mbox;
mod msg;
mod names;
mod properties;
mod source;
mod uuencode;

#[cfg(test)]
mod tests;

use super::failure::ReadError;
use super::flow::Flow;
use super::html::CUT;
use super::options::Options;
use super::protocol::{PageRecord, Piece};
use super::{Extractor, Sink};
use crate::domain::document::Part;

/// More parts than this are not listed of one file.
const MOST_PARTS: usize = 20_000;

/// Attachments that a mail's text names.
const MOST_NAMED: usize = 100;

/// A mail as RFC 5322 and MIME have it.
pub struct Eml;

/// A mailbox: mails one after the other in one file.
pub struct Mbox;

/// A mail as Outlook saves it.
pub struct Msg;

impl Extractor for Eml {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mail = source::prepared(source)?;
        let mut flow = Flow::new(options.limits.text_bytes);
        let read = eml::write(&mail, &mut flow);
        name_attachments(&read.parts, &mut flow);
        hand_out(flow, "eml", read.notes, read.parts, sink);
        Ok(())
    }

    fn part(&self, source: &[u8], name: &str) -> Result<Vec<u8>, ReadError> {
        eml::part(&source::prepared(source)?, name)
    }
}

impl Extractor for Mbox {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mails = mbox::mails(source);
        if mails.is_empty() {
            return Eml.read(source, options, sink);
        }
        let mut flow = Flow::new(options.limits.text_bytes);
        let (parts, note) = mbox::list(&mails, &mut flow);
        hand_out(flow, "mbox", note.into_iter().collect(), parts, sink);
        Ok(())
    }

    fn part(&self, source: &[u8], name: &str) -> Result<Vec<u8>, ReadError> {
        let mails = mbox::mails(source);
        if mails.is_empty() { Eml.part(source, name) } else { mbox::part(&mails, name) }
    }
}

impl Extractor for Msg {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mut flow = Flow::new(options.limits.text_bytes);
        let read = msg::write(source, options, &mut flow)?;
        name_attachments(&read.parts, &mut flow);
        hand_out(flow, "msg", read.notes, read.parts, sink);
        Ok(())
    }

    fn part(&self, source: &[u8], name: &str) -> Result<Vec<u8>, ReadError> {
        msg::part(source, name)
    }
}

/// What is found in a mail beside its text.
#[derive(Debug, Default)]
struct Read {
    parts: Vec<Part>,
    notes: Vec<String>,
}

/// As mail programs print it: that a file came with a mail is part of what the
/// mail says, also where the file itself cannot be read.
fn name_attachments(parts: &[Part], flow: &mut Flow) {
    if parts.is_empty() {
        return;
    }
    let names = parts.iter().take(MOST_NAMED).map(|part| part.name.as_str());
    let names = names.collect::<Vec<_>>().join("; ");
    let more = parts.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    flow.end_block();
    flow.words(&format!("Attachments: {names}{more}"));
    flow.end_block();
}

fn hand_out(
    flow: Flow,
    reader: &str,
    mut notes: Vec<String>,
    mut parts: Vec<Part>,
    sink: &mut Sink<'_>,
) {
    if flow.is_full() {
        notes.push(CUT.to_owned());
    }
    if parts.len() > MOST_PARTS {
        notes.push(format!(
            "It holds {} documents, of which the first {MOST_PARTS} are listed.",
            parts.len()
        ));
        parts.truncate(MOST_PARTS);
    }
    let (text, marks) = flow.finish();
    let note = (!notes.is_empty()).then(|| notes.join(" "));
    let page = PageRecord { note, ..PageRecord::only(text, marks, reader) };
    let mut pieces = std::iter::once(Piece::Page(page)).chain(parts.into_iter().map(Piece::Part));
    // Where nobody wants more, nothing more is handed out.
    let _ = pieces.try_for_each(sink);
}
