//! Why a file could not be read, in sentences for the person who put it there:
//! what failed, where, why, and what to do next. No text of a document.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::domain::document::Format;

/// What a reader has to say of a file that it cannot read. Travels from the
/// worker to its parent.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadError {
    #[error("it is empty. Put the document's content into it, or remove it")]
    Empty,
    #[error("it holds nothing but white space. Put the document's content into it, or remove it")]
    Blank,
    #[error(
        "it holds binary data and no text. Export the document as one of the formats that are \
         read: {}",
        formats()
    )]
    Binary,
    #[error(
        "its characters are in an encoding that this version does not know. Save it as UTF-8 text"
    )]
    Encoding,
    #[error(
        "this looks like {what}, which this version does not read. Save or export it as one of \
         these: {}",
        formats()
    )]
    Unsupported { what: String },
    #[error(
        "this version does not know files that end in .{ending}. If it is plain text, give it a \
         name that ends in .txt; else save it as one of these: {}",
        formats()
    )]
    UnknownEnding { ending: String },
    #[error(
        "it is a Word document in the old format. Open it in a word processor and save it as .docx"
    )]
    OldWord,
    #[error(
        "it is an Office document that needs a password. Open it in the program that made it and \
         save a copy without the password"
    )]
    LockedOffice,
    #[error(
        "its name ends in .{ending}, but its content is something else. It may be damaged: get a \
         fresh copy"
    )]
    Misnamed { ending: String },
    #[error(
        "it is a PDF that needs a password. Give the password, or save a copy without one and \
         read that"
    )]
    Password,
    #[error(
        "it is a PDF that needs a password, and the one that was given does not open it. Check \
         it for capital letters and spaces, then give it again"
    )]
    WrongPassword,
    #[error(
        "it is a PDF locked in a way that this version cannot open. Print or export it to a new \
         PDF and read that"
    )]
    UnknownLock,
    #[error(
        "it is a damaged PDF: {what}. Get a fresh copy, or open it in a PDF viewer and print it \
         to a new PDF"
    )]
    DamagedPdf { what: String },
    #[error(
        "it is a PDF in which no page could be found. Open it in a PDF viewer and print it to a \
         new PDF"
    )]
    NoPages,
    #[error("none of its subtitles has a time line that makes sense. Export it anew as WebVTT")]
    NoCues,
    #[error("it holds more than {} of text. Split it into smaller files", size(*limit))]
    TooMuchText { limit: u64 },
    #[error("there is no such document in it any more. Open the file that it was in again")]
    NoPart,
    #[error(
        "it is a damaged document: {what}. Get a fresh copy, or open it in a word processor and \
         save it under a new name"
    )]
    DamagedDocument { what: String },
    #[error(
        "it is packed so that it unpacks to more than {}, which no ordinary document does. If you \
         trust it, open it in a word processor and save it under a new name",
        size(*limit)
    )]
    Swollen { limit: u64 },
    #[error(
        "it lies more than {most} documents deep inside another one. Save it as a file of its own \
         and read that"
    )]
    TooDeep { most: usize },
    #[error(
        "it has {} inside another document and the limit is {}. Split it into smaller files",
        size(*bytes), size(*limit)
    )]
    LargePart { bytes: u64, limit: u64 },
    #[error("the system would not let it be opened or read ({what}). Check the file, then retry")]
    Io { what: String },
}

/// Why [`guard::read`](super::guard::read) returned no document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Reason {
    #[error("it is not there any more. Put it back, or refresh the list")]
    Missing,
    #[error(
        "it is a link that leads nowhere, or in a circle. Mend the link, or name the file that it \
         should lead to"
    )]
    BrokenLink,
    #[error("it is {what} and not a regular file. Only regular files are read")]
    NotAFile { what: &'static str },
    #[error(
        "you have no permission to read it. Give yourself the right to read the file, then retry"
    )]
    Permission,
    #[error("the system would not let it be looked at ({0}). Check the disk or the network drive")]
    Io(String),
    #[error(
        "it has {} and the limit is {}. Split it into smaller files",
        size(*bytes), size(*limit)
    )]
    TooLarge { bytes: u64, limit: u64 },
    #[error("{0}")]
    Refused(#[from] ReadError),
    #[error("{0}. Open it in the program that made it and export it to a new file")]
    Stopped(Stopped),
    #[error("it kept changing while it was read. It is read again once it is left alone")]
    Changing,
    #[error("reading was cancelled")]
    Cancelled,
    #[error(
        "the worker that reads files could not be started ({0}). Check that the program is still \
         where it was installed"
    )]
    NoWorker(String),
}

/// What ended a worker before it was through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Stopped {
    #[error("the reader crashed on it")]
    Crash,
    #[error("it is nested so deeply that the reader crashed on it")]
    Depth,
    #[error("reading it takes more than {} of memory", size(*limit))]
    Memory { limit: u64 },
    #[error("the reader made no headway within {seconds} seconds")]
    Time { seconds: u64 },
    #[error("its pages took longer to read than the {seconds} seconds that they may take")]
    Slow { seconds: u64 },
    #[error("it holds more than {} of text", size(*limit))]
    Text { limit: u64 },
    #[error("the reader's answer could not be understood")]
    Nonsense,
}

/// What can be read: "txt, md and pdf", only all of them.
fn formats() -> String {
    let (last, others) = Format::ALL.split_last().expect("there are formats");
    let others: Vec<&str> = others.iter().map(|format| format.name()).collect();
    format!("{} and {}", others.join(", "), last.name())
}

/// A file and why it could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct ReadFailure {
    pub path: PathBuf,
    pub reason: Reason,
}

impl ReadFailure {
    pub(super) fn new(path: &Path, reason: impl Into<Reason>) -> Self {
        Self { path: path.to_owned(), reason: reason.into() }
    }

    /// Whether it was the person who ended the reading.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.reason == Reason::Cancelled
    }
}

impl fmt::Display for ReadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} could not be read: {}.", self.path.display(), self.reason)
    }
}

/// `bytes` for a person: "2 GB", "1.5 MB", "900 KB", "12 bytes".
pub(super) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    const GIB: u64 = MIB * KIB;
    match bytes {
        GIB.. if bytes.is_multiple_of(GIB) => format!("{} GB", bytes / GIB),
        ..KIB => format!("{bytes} bytes"),
        KIB..MIB => format!("{} KB", bytes / KIB),
        _ if bytes.is_multiple_of(MIB) || bytes > 100 * MIB => format!("{} MB", bytes / MIB),
        _ => format!("{}.{} MB", bytes / MIB, bytes % MIB * 10 / MIB),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_a_sentence_with_the_file_the_reason_and_what_to_do() {
        let failure = ReadFailure::new(
            Path::new("contracts/fees.xlsx"),
            ReadError::Unsupported { what: "an Excel workbook (.xlsx)".into() },
        );
        assert_eq!(
            failure.to_string(),
            "contracts/fees.xlsx could not be read: this looks like an Excel workbook (.xlsx), \
             which this version does not read. Save or export it as one of these: txt, md, csv, \
             html, rtf, docx, odt, pdf, eml, mbox, msg, vtt and srt."
        );
    }

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        assert_eq!(size(12), "12 bytes");
        assert_eq!(size(2048), "2 KB");
        assert_eq!(size(64 << 20), "64 MB");
        assert_eq!(size(2 << 30), "2 GB");
        assert_eq!(size((3 << 20) + (1 << 19)), "3.5 MB");
    }
}
