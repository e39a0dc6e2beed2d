//! What is inside a zip or a compound (OLE) file, by the names in its
//! directory; where that is damaged, by names anywhere in it.

use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::domain::document::Format;
use crate::extract::failure::ReadError;

type Told = Result<Format, ReadError>;

fn unsupported(what: &str) -> Told {
    Err(ReadError::Unsupported { what: what.to_owned() })
}

pub fn is_zip(source: &[u8]) -> bool {
    source.starts_with(b"PK\x03\x04") || source.starts_with(b"PK\x05\x06")
}

/// Office formats are zip files with parts of known names.
pub fn of_zip(source: &[u8], ending: &str) -> Told {
    let Some((names, mimetype)) = listing(source) else {
        return of_cut_zip(source, ending);
    };
    if let Some(told) = of_mimetype(&mimetype) {
        return told;
    }
    let holds = |start: &str| names.iter().any(|name| name.starts_with(start));
    let odt = ["odt", "ott"].contains(&ending) && holds("content.xml");
    let docx = ["docx", "docm", "dotx", "dotm"].contains(&ending) && holds("[Content_Types].xml");
    match () {
        () if holds("word/") || holds("word\\") => Ok(Format::Docx),
        () if holds("xl/") => unsupported("an Excel workbook (.xlsx)"),
        () if holds("ppt/") => unsupported("a PowerPoint presentation (.pptx)"),
        () if holds("visio/") => unsupported("a Visio drawing (.vsdx)"),
        () if holds("Index/Document.iwa") || holds("index.xml") && ending == "pages" => {
            unsupported("a Pages document")
        }
        () if odt => Ok(Format::Odt),
        () if docx => Ok(Format::Docx),
        () => unsupported("a zip archive"),
    }
}

/// The names in a zip's directory and what its entry "mimetype" says, which
/// `OpenDocument` files and e-books begin with.
fn listing(source: &[u8]) -> Option<(Vec<String>, String)> {
    let read = || {
        let mut archive = zip::ZipArchive::new(Cursor::new(source)).ok()?;
        let names = archive.file_names().map(str::to_owned).collect();
        let mut mimetype = String::new();
        if let Ok(entry) = archive.by_name("mimetype") {
            // Not text, or cut short: then it names no format.
            let _ = entry.take(100).read_to_string(&mut mimetype);
        }
        Some((names, mimetype))
    };
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

fn of_mimetype(mimetype: &str) -> Option<Told> {
    const OASIS: &str = "application/vnd.oasis.opendocument.";
    if let Some(kind) = mimetype.trim().strip_prefix(OASIS) {
        return Some(match kind {
            _ if kind.starts_with("text") => Ok(Format::Odt),
            _ if kind.starts_with("spreadsheet") => {
                unsupported("an OpenDocument spreadsheet (.ods)")
            }
            _ if kind.starts_with("presentation") => {
                unsupported("an OpenDocument presentation (.odp)")
            }
            _ => unsupported("an OpenDocument file"),
        });
    }
    match mimetype.trim() {
        "application/epub+zip" => Some(unsupported("an e-book (.epub)")),
        other if other.starts_with("application/vnd.sun.xml.") => {
            Some(unsupported("an OpenOffice document in the old format"))
        }
        _ => None,
    }
}

/// A zip without a directory has been cut; the reader of what it was says so.
fn of_cut_zip(source: &[u8], ending: &str) -> Told {
    let holds = |name: &[u8]| position(source, name).is_some();
    if holds(b"word/document") || ["docx", "docm", "dotx", "dotm"].contains(&ending) {
        return Ok(Format::Docx);
    }
    if holds(b"application/vnd.oasis.opendocument.text") || ["odt", "ott"].contains(&ending) {
        return Ok(Format::Odt);
    }
    unsupported("a damaged zip archive")
}

pub fn is_ole(source: &[u8]) -> bool {
    source.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// What streams of the root storage say a compound file is. A message may hold
/// old Word documents, so that their names count in the root alone.
pub fn of_ole(source: &[u8], ending: &str) -> Told {
    let Some(names) = root_entries(source) else {
        return of_damaged_ole(source, ending);
    };
    let holds = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    match () {
        () if holds("__properties_version1.0") => Ok(Format::Msg),
        () if holds("EncryptedPackage") => Err(ReadError::LockedOffice),
        () if holds("WordDocument") => Err(ReadError::OldWord),
        () if holds("Workbook") || holds("Book") => {
            unsupported("an Excel workbook in the old format (.xls)")
        }
        () if holds("PowerPoint Document") => {
            unsupported("a PowerPoint presentation in the old format (.ppt)")
        }
        () => unsupported("an old Office document"),
    }
}

fn root_entries(source: &[u8]) -> Option<Vec<String>> {
    let read = || {
        let file = cfb::CompoundFile::open(Cursor::new(source)).ok()?;
        Some(file.read_root_storage().map(|entry| entry.name().to_owned()).collect())
    };
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// Compound files name their streams in UTF-16LE.
fn of_damaged_ole(source: &[u8], ending: &str) -> Told {
    let holds = |name: &str| {
        let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        position(source, &utf16).is_some()
    };
    match () {
        () if ending == "msg" => Ok(Format::Msg),
        () if holds("EncryptedPackage") => Err(ReadError::LockedOffice),
        () if holds("WordDocument") => Err(ReadError::OldWord),
        () if holds("__properties_version1.0") => Ok(Format::Msg),
        () => unsupported("an old Office document"),
    }
}

pub fn position(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
