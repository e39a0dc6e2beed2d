//! Reading documents: one port, one adapter a format, and the guarded worker
//! process in which untrusted files are parsed. It turns a file into a
//! [`Document`](crate::domain::document::Document) and knows nothing of jobs,
//! models, storage or screens.

pub mod folder;
pub mod guard;
pub mod limits;
pub mod protocol;
pub mod worker;

mod encoding;
mod failure;
mod hash;
mod pdf;
mod process;
mod quality;
mod sniff;
mod subtitles;
mod text;
mod tidy;

use std::io;
use std::ops::ControlFlow;
use std::path::Path;

pub use failure::{ReadError, ReadFailure, Reason};
pub use folder::{ListError, Listed, Listing, is_candidate, list};
pub use guard::WorkerCommand;
pub use limits::Limits;
pub use protocol::PageRecord;

use crate::domain::document::{Format, SourceHash};

/// Counted up when a reader gives another text for the same file, so that
/// texts kept from earlier are read again.
pub const READER_VERSION: u32 = 1;

/// Where a reader puts its pages, in order. `Break` tells the reader to stop:
/// nobody wants more (the parent has gone, a limit is reached).
pub type Sink<'a> = dyn FnMut(PageRecord) -> ControlFlow<()> + 'a;

/// A reader of one format.
///
/// A reader hands out each page as soon as it has it, so that a crash on page
/// nine costs page nine and not the eight before it. It may panic, run out of
/// stack or hang: [`guard::read`] is what makes that harmless.
pub trait Extractor {
    /// Reads `source`, the whole file's bytes, page by page into `sink`.
    ///
    /// # Errors
    /// When nothing can be read at all. A page that fails on its own is a
    /// [`PageRecord`] of state `Failed`, not an error.
    fn read(&self, source: &[u8], limits: &Limits, sink: &mut Sink<'_>) -> Result<(), ReadError>;
}

/// The reader of `format`.
#[must_use]
pub fn extractor(format: Format) -> &'static dyn Extractor {
    match format {
        Format::Txt | Format::Md => &text::PlainText,
        Format::Vtt => &subtitles::WebVtt,
        Format::Pdf => &pdf::PdfExtract,
    }
}

/// The hash by which a file's text is found again.
///
/// # Errors
/// Where the file cannot be opened or read.
pub fn source_hash(path: &Path, limits: &Limits) -> io::Result<SourceHash> {
    hash::of_file(path, limits.source_bytes).map(|(hash, _)| SourceHash(hash))
}

/// What the file is: its content is asked first, the ending of its name second.
///
/// # Errors
/// When it is nothing that can be read here; the error names what it looks like.
pub fn format_of(path: &Path, source: &[u8]) -> Result<Format, ReadError> {
    sniff::format_of(path, source)
}
