//! What a worker and its parent tell each other: one JSON value a line. The
//! parent sends a [`Request`] a file; the worker answers with the source, each
//! page as it is ready, and last the end. An answer without an end is a worker
//! that died. Each line is [numbered](Numbered), so that nothing that belongs
//! to one file can be taken for another's.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::failure::ReadError;
use super::options::Options;
use crate::domain::document::{Format, Markup, PageState, Part};
use crate::domain::marks::Marks;

/// A request with its number, or a record with the number of the request that
/// it answers; a worker's requests are counted from 1.
pub type Numbered<T> = (u64, T);

/// What is to be read, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// A file, absolute.
    pub path: PathBuf,
    /// The names of parts inside it, from the outside in: none for the file itself.
    pub part: Vec<String>,
    pub options: Options,
}

/// One page as a reader found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRecord {
    /// Counted from 1.
    pub n: u32,
    /// How many pages the document says it has, this one among them.
    pub of: u32,
    pub state: PageState,
    pub text: String,
    /// Into this page's text.
    #[serde(default)]
    pub marks: Marks,
    /// What read it ("pdf-extract").
    pub reader: String,
    /// What is to be said of the page, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl PageRecord {
    /// The only page of a document without pages.
    #[must_use]
    pub fn only(text: String, marks: Marks, reader: &str) -> Self {
        let state = if text.trim().is_empty() { PageState::Empty } else { PageState::Text };
        Self { n: 1, of: 1, state, text, marks, reader: reader.to_owned(), note: None }
    }
}

/// What a reader hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Page(PageRecord),
    /// At most once.
    Markup(Markup),
    /// A document inside this one.
    Part(Part),
}

/// What a worker opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    pub format: Format,
    /// BLAKE3 of the very bytes that the pages were read from, lower-case hex.
    pub blake3: String,
    pub bytes: u64,
    /// Of a part, the hash of the whole file that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
}

/// One line of an answer, beside its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Record {
    Source(SourceRecord),
    Page(PageRecord),
    Markup(Markup),
    Part(Part),
    /// The last line; `error` where the reader gave up.
    End {
        error: Option<ReadError>,
    },
}

impl From<Piece> for Record {
    fn from(piece: Piece) -> Self {
        match piece {
            Piece::Page(page) => Self::Page(page),
            Piece::Markup(markup) => Self::Markup(markup),
            Piece::Part(part) => Self::Part(part),
        }
    }
}
