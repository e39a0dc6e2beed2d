//! What a worker tells its parent: one JSON record a line on standard output.
//! First the source, then each page as it is ready, last the end; an output
//! without an end is a worker that died.

use serde::{Deserialize, Serialize};

use super::failure::ReadError;
use crate::domain::document::{Format, PageState};

/// One page as a reader found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRecord {
    /// Counted from 1.
    pub n: u32,
    /// How many pages the document says it has, this one among them.
    pub of: u32,
    pub state: PageState,
    pub text: String,
    /// What read it ("pdf-extract").
    pub reader: String,
    /// What is to be said of the page, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a worker opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    pub format: Format,
    /// BLAKE3 of the very bytes that the pages were read from, lower-case hex.
    pub blake3: String,
    pub bytes: u64,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Record {
    Source(SourceRecord),
    Page(PageRecord),
    /// The last line; `error` where the reader gave up.
    End {
        error: Option<ReadError>,
    },
}
