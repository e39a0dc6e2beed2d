//! Reading documents: one port, one adapter a format, and the guarded worker
//! process in which untrusted files are parsed. It turns a file into a
//! [`Document`](crate::domain::document::Document) and knows nothing of jobs,
//! models, storage or screens.

pub mod folder;
pub mod guard;
pub mod limits;
pub mod locate;
pub mod options;
pub mod pool;
pub mod protocol;
pub mod worker;

mod asides;
mod assemble;
mod blocks;
mod depositions;
mod docx;
mod encoding;
mod failure;
mod flow;
mod hash;
mod helpers;
mod html;
mod invisible;
mod look;
mod mail;
mod numerals;
mod odt;
mod package;
mod pdf;
mod process;
mod quality;
mod rtf;
mod running_heads;
mod sniff;
mod subtitles;
mod table;
mod text;
mod tidy;
mod times;
mod xml;

use std::io;
use std::ops::ControlFlow;
use std::path::Path;

pub use failure::{ReadError, ReadFailure, Reason};
pub use folder::{ListError, Listed, Listing, is_candidate, list};
pub use limits::Limits;
pub use locate::{Location, locate};
pub use options::{Options, Password};
pub use pdf::{SECOND_READER, second_reader, second_reader_is_in};
pub use pool::{WorkerCommand, Workers};
pub use protocol::{PageRecord, Piece};

use crate::domain::document::{Format, SourceHash};

/// Counted up when a reader gives another text for the same file, so that
/// texts kept from earlier are read again.
pub const READER_VERSION: u32 = 2;

/// Where a reader puts its pages, in order, and what else it finds. `Break`
/// tells the reader to stop: nobody wants more (the parent has gone, a limit is
/// reached).
pub type Sink<'a> = dyn FnMut(Piece) -> ControlFlow<()> + 'a;

/// A reader of one format.
///
/// A reader hands out each page as soon as it has it, so that a crash on page
/// nine costs page nine and not the eight before it. It may panic, run out of
/// stack or hang: [`guard::read`] is what makes that harmless.
pub trait Extractor {
    /// Reads `source`, the whole file's bytes, piece by piece into `sink`.
    ///
    /// # Errors
    /// When nothing can be read at all. A page that fails on its own is a
    /// [`PageRecord`] of state `Failed`, not an error.
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError>;

    /// The bytes of the part that [`Extractor::read`] called `name`.
    ///
    /// # Errors
    /// [`ReadError::NoPart`] where there is none of this name, as in all
    /// formats that hold no documents.
    fn part(&self, source: &[u8], name: &str) -> Result<Vec<u8>, ReadError> {
        let _ = (source, name);
        Err(ReadError::NoPart)
    }
}

/// The reader of `format`.
#[must_use]
pub fn extractor(format: Format) -> &'static dyn Extractor {
    match format {
        Format::Txt | Format::Md => &text::PlainText,
        Format::Csv => &table::Csv,
        Format::Html => &html::Html,
        Format::Rtf => &rtf::Rtf,
        Format::Docx => &docx::Docx,
        Format::Odt => &odt::Odt,
        Format::Eml => &mail::Eml,
        Format::Mbox => &mail::Mbox,
        Format::Msg => &mail::Msg,
        Format::Srt => &subtitles::SubRip,
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
