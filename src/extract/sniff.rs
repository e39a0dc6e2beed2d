//! What a file is, from its first bytes and then from the ending of its name.
//! Only tells kinds apart; reads nothing and opens nothing.

use std::path::Path;

use super::failure::ReadError;
use crate::domain::document::Format;

/// PDF readers accept a header anywhere in the first 1,024 bytes (ISO 32000-1,
/// annex H, implementation note 13).
const PDF_HEADER_WITHIN: usize = 1024;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// See [`super::format_of`].
pub fn format_of(path: &Path, source: &[u8]) -> Result<Format, ReadError> {
    if source.is_empty() {
        return Err(ReadError::Empty);
    }
    let ending = ending(path);
    let content = source.strip_prefix(BOM).unwrap_or(source);
    if is_pdf(content, &ending) {
        return Ok(Format::Pdf);
    }
    if let Some(what) = foreign(source) {
        return Err(ReadError::Unsupported { what: what.to_owned() });
    }
    if is_vtt(content) {
        return Ok(Format::Vtt);
    }
    by_ending(ending, content)
}

/// The ending in lower case, without the dot; empty where there is none.
fn ending(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn is_pdf(content: &[u8], ending: &str) -> bool {
    // A text may talk about "%PDF-", but it does not open with it.
    if content.trim_ascii_start().starts_with(b"%PDF-") {
        return true;
    }
    let head = &content[..content.len().min(PDF_HEADER_WITHIN)];
    !is_plain_ending(ending) && position(head, b"%PDF-").is_some()
}

fn is_vtt(content: &[u8]) -> bool {
    // The header is the word alone or followed by white space (WebVTT, section 4.1).
    content
        .strip_prefix(b"WEBVTT")
        .is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

fn is_plain_ending(ending: &str) -> bool {
    matches!(ending, "" | "txt" | "text" | "md" | "markdown" | "vtt")
}

fn by_ending(ending: String, content: &[u8]) -> Result<Format, ReadError> {
    match ending.as_str() {
        "" | "txt" | "text" => Ok(Format::Txt),
        "md" | "markdown" => Ok(Format::Md),
        "vtt" => Ok(Format::Vtt),
        "pdf" if is_html(content) => {
            Err(ReadError::Unsupported { what: "a web page (HTML) under the name of a PDF".into() })
        }
        "pdf" | "docx" | "xlsx" | "pptx" | "odt" | "doc" => Err(ReadError::Misnamed { ending }),
        other => Err(match kind_of_ending(other) {
            Some(what) => ReadError::Unsupported { what: what.to_owned() },
            None if looks_binary(content) => ReadError::Binary,
            None => ReadError::UnknownEnding { ending },
        }),
    }
}

/// Formats that have no mark in their bytes to be known by.
fn kind_of_ending(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "html" | "htm" | "xhtml" => "a web page (HTML)",
        "eml" | "mbox" => "an e-mail",
        "srt" => "SubRip subtitles (.srt)",
        "csv" | "tsv" => "a table (.csv or .tsv)",
        "json" | "jsonl" => "JSON data",
        "xml" => "XML data",
        "tex" => "a LaTeX source",
        "rtf" => "a Rich Text document (.rtf)",
        _ => return None,
    })
}

fn looks_binary(content: &[u8]) -> bool {
    content[..content.len().min(4096)].contains(&0)
}

fn is_html(content: &[u8]) -> bool {
    let head = content[..content.len().min(PDF_HEADER_WITHIN)].to_ascii_lowercase();
    position(&head, b"<html").is_some() || position(&head, b"<!doctype html").is_some()
}

/// What `source` is, where its first bytes say that it is a known other format.
fn foreign(source: &[u8]) -> Option<&'static str> {
    // Marks as the formats' specifications (or the `file` tool's tests) give them.
    const MARKS: &[(&[u8], &str)] = &[
        (b"{\\rtf", "a Rich Text document (.rtf)"),
        (b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
        (b"\xFF\xD8\xFF", "an image (JPEG)"),
        (b"GIF87a", "an image (GIF)"),
        (b"GIF89a", "an image (GIF)"),
        (b"II*\0", "an image (TIFF)"),
        (b"MM\0*", "an image (TIFF)"),
        (b"%!PS", "a PostScript file"),
        (b"\x1F\x8B", "a compressed file (gzip)"),
        (b"7z\xBC\xAF\x27\x1C", "an archive (7z)"),
        (b"Rar!\x1A\x07", "an archive (rar)"),
        (b"\x7FELF", "a program"),
        (b"\xCF\xFA\xED\xFE", "a program"),
        (b"ID3", "a sound recording (MP3)"),
        (b"OggS", "a sound recording (Ogg)"),
        (b"fLaC", "a sound recording (FLAC)"),
        (b"SQLite format 3\0", "a database (SQLite)"),
        (b"GGUF", "a language model (GGUF)"),
    ];
    if source.starts_with(b"PK\x03\x04") || source.starts_with(b"PK\x05\x06") {
        return Some(zip_kind(source));
    }
    if source.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Some(ole_kind(source));
    }
    if source.starts_with(b"RIFF") {
        return match source.get(8..12)? {
            b"WAVE" => Some("a sound recording (WAV)"),
            b"WEBP" => Some("an image (WebP)"),
            _ => Some("a media file"),
        };
    }
    if source.get(4..8) == Some(b"ftyp") {
        return Some("a video or sound recording (MP4)");
    }
    MARKS.iter().find(|(mark, _)| source.starts_with(mark)).map(|(_, what)| *what)
}

/// Office formats are zip files; the names of their parts stand uncompressed in
/// the directory at the end.
fn zip_kind(source: &[u8]) -> &'static str {
    const PARTS: &[(&[u8], &str)] = &[
        (b"application/vnd.oasis.opendocument.text", "an OpenDocument text (.odt)"),
        (b"word/document", "a Word document (.docx)"),
        (b"xl/workbook", "an Excel workbook (.xlsx)"),
        (b"ppt/presentation", "a PowerPoint presentation (.pptx)"),
        (b"application/epub+zip", "an e-book (.epub)"),
        (b"application/vnd.oasis.opendocument", "an OpenDocument file"),
    ];
    let kind = PARTS.iter().find(|(part, _)| position(source, part).is_some());
    kind.map_or("a zip archive", |(_, what)| *what)
}

/// Compound files name their streams in UTF-16LE.
fn ole_kind(source: &[u8]) -> &'static str {
    let holds = |name: &str| {
        let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        position(source, &utf16).is_some()
    };
    if holds("EncryptedPackage") {
        "an Office document that needs a password"
    } else if holds("WordDocument") {
        "a Word document in the old format (.doc)"
    } else if holds("__properties_version1.0") {
        "an Outlook message (.msg)"
    } else {
        "an old Office document"
    }
}

fn position(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(name: &str, source: &[u8]) -> Result<Format, String> {
        format_of(Path::new(name), source).map_err(|e| e.to_string())
    }

    #[test]
    fn content_says_more_than_the_name() {
        assert_eq!(format("a.txt", b"%PDF-1.7\n..."), Ok(Format::Pdf));
        assert_eq!(format("a.txt", b"\xEF\xBB\xBFWEBVTT\n\n"), Ok(Format::Vtt));
        assert_eq!(format("scan", b"\n%PDF-1.4"), Ok(Format::Pdf));
        assert_eq!(format("mime.pdf", b"Content-Type: x\n\n%PDF-1.4"), Ok(Format::Pdf));
    }

    #[test]
    fn a_text_that_talks_about_a_format_is_still_a_text() {
        assert_eq!(format("a.md", b"A PDF opens with %PDF-1.7."), Ok(Format::Md));
        assert_eq!(format("a.txt", b"WEBVTTX is no header"), Ok(Format::Txt));
    }

    #[test]
    fn the_ending_decides_among_plain_texts() {
        assert_eq!(format("a.txt", b"x"), Ok(Format::Txt));
        assert_eq!(format("a.MD", b"x"), Ok(Format::Md));
        assert_eq!(format("README", b"x"), Ok(Format::Txt));
    }

    #[test]
    fn other_formats_are_called_by_their_name() {
        let docx = b"PK\x03\x04....[Content_Types].xml....word/document.xml";
        let mut locked = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        for (name, source, expected) in [
            ("a.docx", &docx[..], "this looks like a Word document (.docx);"),
            ("a.txt", docx, "this looks like a Word document (.docx);"),
            ("a.docx", &locked, "this looks like an Office document that needs a password;"),
            ("a.zip", b"PK\x05\x06", "this looks like a zip archive;"),
            ("a.pdf", b"\x89PNG\r\n\x1a\n", "this looks like an image (PNG);"),
            ("a.pdf", b"<!DOCTYPE html>", "this looks like a web page (HTML) under the name"),
            ("a.html", b"<html>", "this looks like a web page (HTML);"),
            ("a.pdf", b"nothing of the kind", "its name ends in .pdf, but its content"),
            ("a.xyz", b"plain", "this version does not know files that end in .xyz"),
            ("a.xyz", b"\x01\x00\x02", "it holds binary data"),
            ("a.txt", b"", "it is empty"),
        ] {
            let said = format(name, source).expect_err(name);
            assert!(said.starts_with(expected), "{name}: {said}");
        }
    }
}
