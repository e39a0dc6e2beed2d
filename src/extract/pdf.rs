//! The reader of PDF: `pdf-extract`, page by page, behind repairs and a quality
//! gate, and other readers for the pages that do not pass it. Runs in the worker
//! process, because some files crash or hang it.

mod attached;
mod choice;
mod content;
mod layout;
mod lock;
mod ocr;
mod open;
mod output;
mod poppler;
mod rebuild;
mod repair;
mod second;
mod tool;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use pdf_extract::ObjectId;

use choice::{Others, Reading, Source};
use layout::laid_out;
use ocr::Ocr;
use open::{Opened, damaged, open};
use output::{Fault, Glyphs, Press};

pub use second::{
    SUBCOMMAND as SECOND_READER, is_in as second_reader_is_in, main as second_reader,
};

use super::failure::{ReadError, size};
use super::options::Options;
use super::protocol::{PageRecord, Piece};
use super::{Extractor, Sink};
use crate::domain::document::PageState;

const READER: &str = "pdf-extract";

const MUTE: &str = "This page has text, but its fonts do not say which letters it shows.";

const TORN: &str = "A part of this page is missing or damaged.";

const CRASHED: &str = "The reader crashed on this page, on a font perhaps.";

const BOMB: &str = "A part of this page unpacks to more than any page needs and was left out.";

const FILES: &str = "Other files are packed into this PDF and are not read: save them from a PDF \
                     viewer into the folder.";

const PIECED: &str = "The file is damaged and was pieced together from what is left of it: parts \
                      may be missing, or out of date.";

const UNKNOWN_LOCK: &str = "The file is locked in a way that not all readers know, and those that \
                            do found nothing on this page.";

pub struct PdfExtract;

impl Extractor for PdfExtract {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let bytes = Source::from(source);
        let room = options.limits.text_bytes;
        let opened = open(source, options.password.as_ref());
        let locked = opened.as_ref().map_or(true, |opened| opened.locked);
        let password = options.password.clone().filter(|_| locked);
        let others = Others::new(Source::clone(&bytes), password.clone(), room);
        match opened {
            Ok(opened) => {
                let source = password.is_none().then_some(bytes);
                let patience = Duration::from_secs(options.limits.seconds_per_scan);
                let ocr = options.ocr.then(|| Ocr::new(source, patience, room));
                read_all(opened, others, ocr, options, sink)
            }
            Err(fault) => read_without_first(others, fault, options, sink),
        }
    }
}

fn read_all(
    opened: Opened,
    mut others: Others,
    mut ocr: Option<Ocr>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let Opened { mut doc, pieced, .. } = opened;
    let repaired = guarded(|| repair::repair(&mut doc));
    let repaired = repaired.ok_or_else(|| damaged("its objects do not fit together"))?;
    let ids: Vec<ObjectId> = guarded(|| doc.page_iter().collect()).unwrap_or_default();
    if ids.is_empty() {
        return Err(ReadError::NoPages);
    }
    let of = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let room = options.limits.text_bytes;
    let with_files = guarded(|| attached::is_there(&doc)).unwrap_or_default();
    let mut press = Press::new(&mut doc, ids.clone(), room);
    for ((n, id), index) in (1..=options.limits.pages).zip(ids).zip(0..) {
        let torn = guarded(|| content::is_missing_commands(&doc, id)).unwrap_or(true);
        let glyphs = guarded(|| press.glyphs(&mut doc, index)).unwrap_or(Err(Fault::Crashed));
        let sheet = glyphs.as_ref().ok().map(|glyphs| &glyphs.sheet);
        let size = sheet.map_or((0.0, 0.0), |sheet| (sheet.width, sheet.height));
        let images = sheet.map(|sheet| sheet.images);
        let mut page = read_page(glyphs, room);
        page.guessed = guarded(|| repaired.is_guessed(&doc, id)).unwrap_or(true);
        if page.state == PageState::Empty && (torn || pieced) {
            page.clean = false;
        }
        if !page.clean || page.guessed {
            let named = || guarded(|| repair::images(&doc, id).len()).unwrap_or(0);
            let images = images.unwrap_or_else(|| f32::from(u8::from(named() > 0)));
            page = others.best(n, page, images);
        }
        if page.state == PageState::Scan
            && let Some(ocr) = &mut ocr
        {
            page = ocr.page(&doc, id, n, page, size);
        }
        let mut page = page.into_record(n, of);
        if repaired.is_cut(&doc, id) {
            admit_damage(&mut page, BOMB);
        } else if torn || pieced {
            admit_damage(&mut page, if torn { TORN } else { PIECED });
        }
        if n == 1 && with_files {
            let note = page.note.take().map_or(FILES.to_owned(), |note| format!("{note} {FILES}"));
            page.note = Some(note);
        }
        if sink(Piece::Page(page)).is_break() {
            break;
        }
    }
    Ok(())
}

/// For a file that the first reader cannot open at all.
fn read_without_first(
    mut others: Others,
    fault: ReadError,
    options: &Options,
    sink: &mut Sink<'_>,
) -> Result<(), ReadError> {
    let Some(of) = others.pages() else { return Err(fault) };
    let damaged = matches!(fault, ReadError::DamagedPdf { .. } | ReadError::NoPages);
    let note = if damaged { PIECED } else { UNKNOWN_LOCK };
    for n in 1..=of.min(options.limits.pages) {
        let failed = Reading::failed(READER, TORN.to_owned());
        let mut page = others.best(n, failed, 0.0).into_record(n, of);
        if damaged || page.state == PageState::Empty {
            admit_damage(&mut page, note);
        }
        if sink(Piece::Page(page)).is_break() {
            break;
        }
    }
    Ok(())
}

/// Runs `work`; a panic in it, which is a bug of the parser, gives `None`.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// What is missing is not known to have been empty.
fn admit_damage(page: &mut PageRecord, note: &str) {
    if page.state == PageState::Empty {
        page.state = PageState::Failed;
    }
    page.note.get_or_insert_with(|| note.to_owned());
}

/// What the first reader makes of a page that may have `room` bytes of text.
fn read_page(glyphs: Result<Glyphs, Fault>, room: u64) -> Reading {
    // What came before a fault is no longer the page: half a sentence would
    // pass for a whole one.
    let glyphs = match glyphs {
        Ok(glyphs) => glyphs,
        Err(Fault::Full) => {
            let note = format!("This page holds more than {} of text.", size(room));
            // No other reader could make it less.
            return Reading { clean: true, ..Reading::failed(READER, note) };
        }
        Err(Fault::Crashed) => return Reading::failed(READER, CRASHED.to_owned()),
    };
    let laid = laid_out(&glyphs);
    let mut reading = Reading::judged(READER, laid.text, laid.marks, glyphs.sheet.images);
    if glyphs.mute > 0 {
        reading.clean = false;
        if reading.state == PageState::Empty {
            reading.state = PageState::Garbled;
            reading.note = Some(MUTE.to_owned());
        }
    }
    reading
}
