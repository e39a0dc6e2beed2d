//! The reader of PDF: `pdf-extract`, page by page, behind repairs and a quality
//! gate. Runs in the worker process, because some files crash or hang it.

mod content;
mod repair;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{ConvertToFmt, Document, ObjectId, PlainTextOutput, output_doc_page};

use super::failure::{ReadError, megabytes};
use super::limits::Limits;
use super::protocol::PageRecord;
use super::quality::Drawn;
use super::{Extractor, Sink, quality, tidy};
use crate::domain::document::PageState;

const READER: &str = "pdf-extract";

pub struct PdfExtract;

impl Extractor for PdfExtract {
    fn read(&self, source: &[u8], limits: &Limits, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mut doc = open(source)?;
        let with_images = guarded(|| repair::pages_with_images(&doc)).unwrap_or_default();
        guarded(|| repair::repair(&mut doc))
            .ok_or_else(|| damaged("its objects do not fit together"))?;
        let ids: Vec<ObjectId> = guarded(|| doc.page_iter().collect()).unwrap_or_default();
        if ids.is_empty() {
            // A file whose key does not fit may load without complaint, but empty.
            let locked = doc.was_encrypted() || doc.trailer.has(b"Encrypt");
            return Err(if locked { ReadError::Password } else { ReadError::NoPages });
        }
        let of = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        for (n, id) in (1..=limits.pages).zip(ids) {
            let drawn = Drawn {
                images: with_images.contains(&id),
                bytes: guarded(|| content::shown_bytes(&doc, id)).unwrap_or(0),
            };
            let page = read_page(&doc, n, &drawn, limits);
            if sink(PageRecord { of, ..page }).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Runs `work`; a panic in it, which is a bug of the parser, gives `None`.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn damaged(what: &str) -> ReadError {
    ReadError::DamagedPdf { what: what.to_owned() }
}

/// Loads and, where it takes no password, decrypts.
fn open(source: &[u8]) -> Result<Document, ReadError> {
    let whole = load(source);
    let loaded = match (&whole, repair::up_to_last_end_mark(source)) {
        (Ok(doc), _) if doc.page_iter().next().is_some() || doc.is_encrypted() => whole,
        (_, Some(trimmed)) => load(trimmed).or(whole),
        _ => whole,
    };
    let mut doc = loaded?;
    if doc.is_encrypted() {
        guarded(|| doc.decrypt("")).unwrap_or(Ok(())).map_err(|e| locked(&e))?;
    }
    if doc.is_encrypted() { Err(ReadError::UnknownLock) } else { Ok(doc) }
}

fn load(source: &[u8]) -> Result<Document, ReadError> {
    match guarded(|| Document::load_mem(source)) {
        Some(Ok(doc)) => Ok(doc),
        Some(Err(error)) => Err(load_error(&error)),
        None => Err(damaged("its structure makes no sense")),
    }
}

fn load_error(error: &pdf_extract::Error) -> ReadError {
    use pdf_extract::Error;
    match error {
        Error::Decryption(_) | Error::InvalidPassword | Error::UnsupportedSecurityHandler(_) => {
            locked(error)
        }
        Error::Parse(_) | Error::Xref(_) => damaged("the table of its parts is missing or wrong"),
        _ => damaged("its parts could not be found"),
    }
}

fn locked(error: &pdf_extract::Error) -> ReadError {
    use pdf_extract::Error;
    use pdf_extract::encryption::DecryptionError;
    match error {
        Error::InvalidPassword | Error::Decryption(DecryptionError::IncorrectPassword) => {
            ReadError::Password
        }
        _ => ReadError::UnknownLock,
    }
}

fn read_page(doc: &Document, n: u32, drawn: &Drawn, limits: &Limits) -> PageRecord {
    let mut out = Capped { text: String::new(), room: limits.text_bytes, full: false };
    let ended = guarded(|| {
        let mut output = PlainTextOutput::new(&mut out);
        output_doc_page(doc, &mut output, n)
    });
    let fault = match ended {
        Some(Ok(())) => None,
        _ if out.full => {
            Some(format!("This page holds more than {} of text.", megabytes(limits.text_bytes)))
        }
        Some(Err(_)) => Some("A part of this page is missing or damaged.".to_owned()),
        None => Some("The reader crashed on this page, on a font perhaps.".to_owned()),
    };
    let (state, text, note) = match fault {
        // What came before the fault is no longer the page: half a sentence
        // would pass for a whole one.
        Some(fault) => (PageState::Failed, String::new(), Some(fault)),
        None => {
            let (state, note) = quality::judge(&out.text, drawn);
            (state, tidy::page(&out.text), note)
        }
    };
    PageRecord { n, of: n, state, text, reader: READER.into(), note }
}

/// Takes a page's text up to a limit.
struct Capped {
    text: String,
    /// In bytes.
    room: u64,
    full: bool,
}

impl fmt::Write for Capped {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        match self.room.checked_sub(s.len() as u64) {
            Some(room) => {
                self.room = room;
                self.text.push_str(s);
                Ok(())
            }
            None => {
                self.full = true;
                Err(fmt::Error)
            }
        }
    }
}

impl<'a> ConvertToFmt for &'a mut Capped {
    type Writer = &'a mut Capped;

    fn convert(self) -> Self::Writer {
        self
    }
}
