//! What a document's settings say of how its notes are numbered.

use super::SPACES;
use super::state::State;
use crate::extract::xml::{Event, Xml};

/// Takes in `settings.xml`, as far as it can be read.
pub fn read(text: &str, state: &mut State) {
    let mut xml = Xml::new(text, SPACES);
    let mut end = None;
    while let Ok(event) = xml.event() {
        let tag = match event {
            Event::Start(tag) if tag.space == "w" => tag,
            Event::Eof => break,
            _ => continue,
        };
        let notes = match end {
            Some(true) => &mut state.endnotes,
            _ => &mut state.footnotes,
        };
        match tag.local() {
            "footnotePr" => end = Some(false),
            "endnotePr" => end = Some(true),
            "numFmt" if end.is_some() => notes.format = tag.attr("val").unwrap_or_default(),
            "numStart" if end.is_some() => notes.start = tag.number("val").unwrap_or(1),
            "numRestart" | "pos" | "footnote" | "endnote" => {}
            _ => end = None,
        }
    }
}
