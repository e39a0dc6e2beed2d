//! The reader of PDF: `pdf-extract`, page by page, behind repairs and a quality
//! gate. Runs in the worker process, because some files crash or hang it.

mod content;
mod output;
mod rebuild;
mod repair;

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, ObjectId, output_doc_page};

use output::{Capped, Marking};
use rebuild::Top;

use super::failure::{ReadError, size};
use super::limits::Limits;
use super::protocol::PageRecord;
use super::{Extractor, Sink, quality, tidy};
use crate::domain::document::PageState;

const READER: &str = "pdf-extract";

/// Some programs draw empty strings on empty pages, but hardly more than these.
const MOST_MUTE: u32 = 3;

const MUTE: &str = "This page has text, but its fonts do not say which letters it shows.";

const TORN: &str = "A part of this page is missing or damaged.";

const PIECED: &str = "The file is damaged and was pieced together from what is left of it: parts \
                      may be missing, or out of date.";

pub struct PdfExtract;

impl Extractor for PdfExtract {
    fn read(&self, source: &[u8], limits: &Limits, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let Opened { mut doc, pieced } = open(source)?;
        let with_images = guarded(|| repair::pages_with_images(&doc)).unwrap_or_default();
        guarded(|| repair::repair(&mut doc))
            .ok_or_else(|| damaged("its objects do not fit together"))?;
        let ids: Vec<ObjectId> = guarded(|| doc.page_iter().collect()).unwrap_or_default();
        if ids.is_empty() {
            return Err(ReadError::NoPages);
        }
        let of = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        for (n, id) in (1..=limits.pages).zip(ids) {
            let torn = guarded(|| content::is_missing_commands(&doc, id)).unwrap_or(true);
            let mut page = read_page(&doc, n, with_images.contains(&id), limits);
            if torn || pieced {
                admit_damage(&mut page, if torn { TORN } else { PIECED });
            }
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

/// A loaded file.
struct Opened {
    doc: Document,
    /// Whether it had to be pieced together.
    pieced: bool,
}

/// Loads and, where it takes no password, decrypts. Tries the file as it is,
/// then without what follows its end, then with its parts searched for.
fn open(source: &[u8]) -> Result<Opened, ReadError> {
    let fault = match load(source) {
        Ok(doc) if is_whole(&doc) => return Ok(Opened { doc: unlocked(doc)?, pieced: false }),
        Ok(_) => ReadError::NoPages,
        Err(fault) => fault,
    };
    let trimmed = repair::up_to_last_end_mark(source).and_then(|trimmed| load(trimmed).ok());
    if let Some(doc) = trimmed.filter(is_whole) {
        return Ok(Opened { doc: unlocked(doc)?, pieced: false });
    }
    for top in [Top::Own, Top::New] {
        let rebuilt = guarded(|| rebuild::rebuilt(source, top)).flatten();
        if let Some(doc) = rebuilt.and_then(|rebuilt| load(&rebuilt).ok()).filter(is_whole) {
            return Ok(Opened { doc, pieced: true });
        }
    }
    Err(fault)
}

/// Whether there is a page in it, or at least a lock before it.
fn is_whole(doc: &Document) -> bool {
    doc.trailer.has(b"Encrypt") || doc.was_encrypted() || doc.page_iter().next().is_some()
}

fn unlocked(mut doc: Document) -> Result<Document, ReadError> {
    if doc.is_encrypted() {
        guarded(|| doc.decrypt("")).unwrap_or(Ok(())).map_err(|e| locked(&e))?;
    }
    if doc.is_encrypted() {
        return Err(ReadError::UnknownLock);
    }
    // A file whose key does not fit may load without complaint, but empty.
    if doc.page_iter().next().is_none() {
        return Err(ReadError::Password);
    }
    Ok(doc)
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

/// What is missing is not known to have been empty.
fn admit_damage(page: &mut PageRecord, note: &str) {
    if page.state == PageState::Empty {
        page.state = PageState::Failed;
    }
    page.note.get_or_insert_with(|| note.to_owned());
}

fn read_page(doc: &Document, n: u32, has_images: bool, limits: &Limits) -> PageRecord {
    let mut out = Capped::new(limits.text_bytes);
    let mut output = Marking::new(&mut out);
    let ended = guarded(|| output_doc_page(doc, &mut output, n));
    let mute = output.mute;
    let fault = match ended {
        Some(Ok(())) => None,
        _ if out.full => {
            Some(format!("This page holds more than {} of text.", size(limits.text_bytes)))
        }
        Some(Err(_)) => Some(TORN.to_owned()),
        None => Some("The reader crashed on this page, on a font perhaps.".to_owned()),
    };
    let (state, text, note) = if fault.is_some() {
        // What came before the fault is no longer the page: half a sentence
        // would pass for a whole one.
        (PageState::Failed, String::new(), fault)
    } else {
        let (state, note) = match quality::judge(&out.text, has_images) {
            (PageState::Empty, _) if mute >= MOST_MUTE => (PageState::Garbled, Some(MUTE.into())),
            judged => judged,
        };
        (state, tidy::page(&out.text), note)
    };
    PageRecord { n, of: n, state, text, reader: READER.into(), note }
}
