//! A document as the reader hands it over, without a file behind it.

use std::path::Path;

use galley::domain::document::{Document, Format, Page, PageState, SourceHash};
use galley::domain::span::ByteSpan;

/// The source hash of every document made here.
pub fn source() -> SourceHash {
    SourceHash("aa".into())
}

/// A text file of one page.
pub fn text_file(path: &Path, text: &str) -> Document {
    let page = Page {
        n: 1,
        state: PageState::Text,
        span: ByteSpan::new(0, text.len()),
        reader: "text".into(),
        note: None,
    };
    Document {
        path: path.to_owned(),
        format: Format::Txt,
        source: source(),
        bytes: text.len() as u64,
        text: text.to_owned(),
        pages: vec![page],
        marks: galley::domain::marks::Marks::default(),
        markup: None,
        parts: Vec::new(),
        warning: None,
    }
}
