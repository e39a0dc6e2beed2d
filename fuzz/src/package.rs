//! Office packages from plain XML, so that a fuzzer changes what is inside and
//! not a compressed block that then cannot be opened at all. Also used by the
//! tests, for the seeds and for the sample contract.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The parts that a seed for Word gives, in its order, set apart by NUL bytes.
const WORD: [&str; 6] = [
    "word/document.xml",
    "word/numbering.xml",
    "word/styles.xml",
    "word/footnotes.xml",
    "word/comments.xml",
    "word/header1.xml",
];
const WORD_FIXED: [(&str, &str); 3] = [
    ("[Content_Types].xml", CONTENT_TYPES),
    ("_rels/.rels", ROOT_RELATIONS),
    ("word/_rels/document.xml.rels", RELATIONS),
];

const OPEN_DOCUMENT: [&str; 2] = ["content.xml", "styles.xml"];
const OPEN_DOCUMENT_FIXED: [(&str, &str); 1] =
    [("mimetype", "application/vnd.oasis.opendocument.text")];

const CONTENT_TYPES: &str = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>\
    <Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>\
    <Default Extension='xml' ContentType='application/xml'/><Override PartName='/word/document.xml' \
    ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/>\
    </Types>";

const ROOT_RELATIONS: &str = "<Relationships \
    xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' \
    Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' \
    Target='word/document.xml'/></Relationships>";

const RELATIONS: &str = "<Relationships \
    xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>\
    <Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering' Target='numbering.xml'/>\
    <Relationship Id='r2' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles' Target='styles.xml'/>\
    <Relationship Id='r3' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes' Target='footnotes.xml'/>\
    <Relationship Id='r4' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments' Target='comments.xml'/>\
    <Relationship Id='r5' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/header' Target='header1.xml'/>\
    </Relationships>";

/// The package that `source` describes: its parts' XML, set apart by NUL bytes.
/// `None` where the format is no package, or `source` is one already.
#[must_use]
pub fn packed(format: &str, source: &[u8]) -> Option<Vec<u8>> {
    let (fixed, names): (&[(&str, &str)], &[&str]) = match format {
        _ if source.starts_with(b"PK") => return None,
        "docx" => (&WORD_FIXED, &WORD),
        "odt" => (&OPEN_DOCUMENT_FIXED, &OPEN_DOCUMENT),
        _ => return None,
    };
    let fixed = fixed.iter().map(|(name, xml)| (*name, xml.as_bytes()));
    let given = names.iter().copied().zip(source.split(|byte| *byte == 0));
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    // Not compressed: the bytes do not depend on who compresses.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, xml) in fixed.chain(given) {
        package.start_file(name, stored).ok()?;
        package.write_all(xml).ok()?;
    }
    Some(package.finish().ok()?.into_inner())
}
