//! What a file is: its content is asked first, then the ending of its name.
//! Only tells kinds apart; reads nothing of what they say.

mod containers;
mod texts;

use std::path::Path;

use super::encoding;
use super::failure::ReadError;
use crate::domain::document::Format;
use containers::position;
use texts::Kind;

/// PDF readers accept a header anywhere in the first 1,024 bytes (ISO 32000-1,
/// annex H, implementation note 13).
const PDF_HEADER_WITHIN: usize = 1024;

/// How much of a text is looked at, in bytes: comments before a web page's
/// first tag can be long.
const HEAD: usize = 64 * 1024;

/// See [`super::format_of`].
pub fn format_of(path: &Path, source: &[u8]) -> Result<Format, ReadError> {
    if source.is_empty() {
        return Err(ReadError::Empty);
    }
    let ending = ending(path);
    if is_pdf(source, &ending) {
        return Ok(Format::Pdf);
    }
    if containers::is_zip(source) {
        return containers::of_zip(source, &ending);
    }
    if containers::is_ole(source) {
        return containers::of_ole(source, &ending);
    }
    if let Some(what) = foreign(source) {
        return Err(ReadError::Unsupported { what: what.to_owned() });
    }
    let head = encoding::head(source, HEAD);
    by_content(&head, &ending).map_or_else(|| by_ending(ending, source), Ok)
}

/// The ending in lower case, without the dot; empty where there is none.
fn ending(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn is_pdf(source: &[u8], ending: &str) -> bool {
    let content = source.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source);
    // A text may talk about "%PDF-", but it does not open with it.
    if content.trim_ascii_start().starts_with(b"%PDF-") {
        return true;
    }
    let head = &content[..content.len().min(PDF_HEADER_WITHIN)];
    ending == "pdf" && !containers::is_zip(source) && position(head, b"%PDF-").is_some()
}

/// What a text says it is. A few formats are told from each other by the ending
/// alone: a mail that was saved from a mailbox begins as that does, and cues
/// with or without a header are read by their own reader.
fn by_content(head: &str, ending: &str) -> Option<Format> {
    let found = match texts::kind(head)? {
        Kind::Rtf => Format::Rtf,
        Kind::Html => Format::Html,
        Kind::FlatWord => Format::Docx,
        Kind::FlatOpenDocument => Format::Odt,
        Kind::Vtt => Format::Vtt,
        Kind::Srt if ending == "vtt" => Format::Vtt,
        Kind::Srt => Format::Srt,
        Kind::Mailbox if ending == "eml" => Format::Eml,
        Kind::Mail if ending == "mbox" => Format::Mbox,
        Kind::Mailbox => Format::Mbox,
        Kind::Mail => Format::Eml,
    };
    Some(found)
}

fn by_ending(ending: String, source: &[u8]) -> Result<Format, ReadError> {
    match ending.as_str() {
        "" | "txt" | "text" | "log" => Ok(Format::Txt),
        "md" | "markdown" => Ok(Format::Md),
        "htm" | "html" | "xhtml" => Ok(Format::Html),
        "csv" | "tsv" => Ok(Format::Csv),
        "srt" => Ok(Format::Srt),
        "vtt" => Ok(Format::Vtt),
        // A web archive is a mail whose body is a web page (RFC 2557).
        "eml" | "mht" | "mhtml" => Ok(Format::Eml),
        "mbox" => Ok(Format::Mbox),
        "pdf" | "docx" | "docm" | "dotx" | "dotm" | "doc" | "odt" | "ott" | "fodt" | "rtf"
        | "msg" | "xlsx" | "xls" | "pptx" | "ppt" => Err(ReadError::Misnamed { ending }),
        other => Err(match kind_of_ending(other) {
            Some(what) => ReadError::Unsupported { what: what.to_owned() },
            None if looks_binary(source) => ReadError::Binary,
            None => ReadError::UnknownEnding { ending },
        }),
    }
}

/// Formats that have no mark in their bytes to be known by.
fn kind_of_ending(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "json" | "jsonl" => "JSON data",
        "xml" => "XML data",
        "tex" => "a LaTeX source",
        _ => return None,
    })
}

fn looks_binary(content: &[u8]) -> bool {
    content[..content.len().min(4096)].contains(&0)
}

/// What `source` is, where its first bytes say that it is a known other format.
fn foreign(source: &[u8]) -> Option<&'static str> {
    // Marks as the formats' specifications (or the `file` tool's tests) give
    // them, long enough that no text begins so.
    const MARKS: &[(&[u8], &str)] = &[
        (b"\x89PNG\r\n\x1a\n", "an image (PNG)"),
        (b"\xFF\xD8\xFF", "an image (JPEG)"),
        (b"GIF87a", "an image (GIF)"),
        (b"GIF89a", "an image (GIF)"),
        (b"II*\0", "an image (TIFF)"),
        (b"MM\0*", "an image (TIFF)"),
        (b"%!PS-Adobe", "a PostScript file"),
        (b"\x1F\x8B", "a compressed file (gzip)"),
        (b"7z\xBC\xAF\x27\x1C", "an archive (7z)"),
        (b"Rar!\x1A\x07", "an archive (rar)"),
        (b"!BDN", "an Outlook mailbox (.pst)"),
        (b"\x7FELF", "a program"),
        (b"\xCF\xFA\xED\xFE", "a program"),
        (b"ID3\x02", "a sound recording (MP3)"),
        (b"ID3\x03", "a sound recording (MP3)"),
        (b"ID3\x04", "a sound recording (MP3)"),
        (b"OggS\0", "a sound recording (Ogg)"),
        (b"fLaC\0", "a sound recording (FLAC)"),
        (b"SQLite format 3\0", "a database (SQLite)"),
        (b"GGUF\x02\0", "a language model (GGUF)"),
        (b"GGUF\x03\0", "a language model (GGUF)"),
    ];
    if source.starts_with(b"RIFF") {
        return match source.get(8..12)? {
            b"WAVE" => Some("a sound recording (WAV)"),
            b"WEBP" => Some("an image (WebP)"),
            b"AVI " => Some("a video (AVI)"),
            _ => None,
        };
    }
    if source[0] == 0 && source.get(4..8) == Some(b"ftyp") {
        return Some("a video or sound recording (MP4)");
    }
    MARKS.iter().find(|(mark, _)| source.starts_with(mark)).map(|(_, what)| *what)
}

#[cfg(test)]
mod tests;
