//! Tests of telling formats apart.

use std::io::{Cursor, Write as _};

use super::*;

fn format(name: &str, source: impl AsRef<[u8]>) -> Result<Format, String> {
    format_of(Path::new(name), source.as_ref()).map_err(|e| e.to_string())
}

/// A zip file with entries of these names and contents.
fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(content.as_bytes()).expect("written");
    }
    zip.finish().expect("a zip file").into_inner()
}

/// A compound file with streams of these names and contents.
fn ole(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a compound file");
    for (name, content) in streams {
        file.create_stream(name).expect("a stream").write_all(content).expect("written");
    }
    file.into_inner().into_inner()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn content_says_more_than_the_name() {
    assert_eq!(format("a.txt", b"%PDF-1.7\n..."), Ok(Format::Pdf));
    assert_eq!(format("a.txt", b"\xEF\xBB\xBFWEBVTT\n\n"), Ok(Format::Vtt));
    assert_eq!(format("scan", b"\n%PDF-1.4"), Ok(Format::Pdf));
    assert_eq!(format("mime.pdf", b"Content-Type: x\n\n%PDF-1.4"), Ok(Format::Pdf));
    assert_eq!(format("letter.doc", b"{\\rtf1 x}"), Ok(Format::Rtf));
    assert_eq!(format("export.xls", b"<html><table>"), Ok(Format::Html));
    assert_eq!(format("saved.pdf", b"<!DOCTYPE html>"), Ok(Format::Html));
    assert_eq!(format("a.txt", b"1\r\n00:00:01,000 --> 00:00:02,000\r\nHi"), Ok(Format::Srt));
    assert_eq!(format("a.txt", b"\n00:00:01.0 --> 00:00:02.5\nHi"), Ok(Format::Srt));
}

#[test]
fn a_text_that_talks_about_a_format_is_still_a_text() {
    assert_eq!(format("a.md", b"A PDF opens with %PDF-1.7."), Ok(Format::Md));
    assert_eq!(format("a.html", b"<p>A PDF opens with %PDF-1.7."), Ok(Format::Html));
    assert_eq!(format("a.txt", b"WEBVTTX is no header"), Ok(Format::Txt));
    assert_eq!(format("a.md", b"<!-- note -->\n# The html tag\n"), Ok(Format::Md));
    assert_eq!(format("a.txt", b"12\nat 10:30 --> at 11:30"), Ok(Format::Txt));
    assert_eq!(format("a.txt", b"The ftyp box, GGUF and ID3 tags"), Ok(Format::Txt));
    assert_eq!(format("a.md", b"GGUF files hold models."), Ok(Format::Md));
    assert_eq!(format("a.txt", b"a,b,c\n1,2,3\n"), Ok(Format::Txt));
}

#[test]
fn the_ending_decides_among_plain_texts() {
    for (name, expected) in [
        ("a.txt", Format::Txt),
        ("a.log", Format::Txt),
        ("README", Format::Txt),
        ("a.MD", Format::Md),
        ("a.htm", Format::Html),
        ("a.tsv", Format::Csv),
        ("a.srt", Format::Srt),
        ("a.eml", Format::Eml),
        ("a.mhtml", Format::Eml),
        ("a.mbox", Format::Mbox),
    ] {
        assert_eq!(format(name, b"x"), Ok(expected), "{name}");
    }
}

#[test]
fn a_web_page_is_known_behind_declarations_and_comments() {
    for page in [
        "\u{FEFF}\n <!doctype HTML><p>x",
        "<?xml version=\"1.0\"?>\n<!-- made by -->\n<!-- a > b --><html xmlns=\"x\">",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"\n\"http://w3.org/x.dtd\">",
        "<HEAD>\n<title>x</title>",
    ] {
        assert_eq!(format("a.txt", page), Ok(Format::Html), "{page}");
        assert_eq!(format("a.txt", utf16(page)), Ok(Format::Html), "{page} in UTF-16");
    }
}

#[test]
fn texts_in_utf16_are_told_apart_like_others() {
    assert_eq!(format("a.txt", utf16("WEBVTT\n\n00:01.000 --> x")), Ok(Format::Vtt));
    assert_eq!(format("a", utf16("1\n00:00:01,000 --> 00:00:02,000\nHi")), Ok(Format::Srt));
    let mail = "MIME-Version: 1.0\nSubject: Lease\n\nHello";
    assert_eq!(format("a.txt", utf16(mail)), Ok(Format::Eml));
}

#[test]
fn a_mail_is_known_by_what_only_programs_write() {
    let mail = "Return-Path: <a@b.example>\r\nSubject: x\r\n y: z\r\nTo: c\r\n\r\nDear C";
    assert_eq!(format("a.txt", mail), Ok(Format::Eml));
    for memo in [
        "From: Dana\nTo: Omar\nDate: 3 May\nSubject: Lease\n\nPlease see below.",
        "Subject: the lease\nMessage-ID: or so I think it is called.\nIt goes on.",
    ] {
        assert_eq!(format("memo.txt", memo), Ok(Format::Txt), "{memo}");
        assert_eq!(format("memo.eml", memo), Ok(Format::Eml), "{memo}");
    }
}

#[test]
fn a_mailbox_is_known_by_its_first_line() {
    let mail = "From a@b.example Thu Jan  1 10:00:00 2026\nSubject: x\n\nHello";
    assert_eq!(format("Inbox", mail), Ok(Format::Mbox));
    // What a mail program saved one mail as.
    assert_eq!(format("a.eml", mail), Ok(Format::Eml));
    let letter = "From here on, at 10:00 in 2026, all was well.\nDear Ann: hello";
    assert_eq!(format("letter.txt", letter), Ok(Format::Txt));
}

#[test]
fn office_documents_are_known_by_their_parts() {
    let docx = zip(&[("[Content_Types].xml", "x"), ("word/document.xml", "x")]);
    let odt = zip(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")]);
    // What is embedded in a document does not say what the document is.
    let sheet = String::from_utf8_lossy(&zip(&[("xl/workbook.xml", "")])).into_owned();
    let with_sheet = zip(&[("word/document.xml", "x"), ("word/embeddings/a.xlsx", &sheet)]);
    for name in ["a.docx", "a.txt", "a", "a.zip", "a.pdf"] {
        assert_eq!(format(name, &docx), Ok(Format::Docx), "{name}");
        assert_eq!(format(name, &odt), Ok(Format::Odt), "{name}");
        assert_eq!(format(name, &with_sheet), Ok(Format::Docx), "{name}");
    }
    assert_eq!(format("a.txt", &docx[..40]), format("a.zip", &docx[..40]));
    assert_eq!(format("a.docx", &docx[..40]), Ok(Format::Docx));
    let flat = "<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><pkg:package>";
    assert_eq!(format("a.xml", flat), Ok(Format::Docx));
    let flat = "<office:document office:mimetype=\"application/vnd.oasis.opendocument.text\">";
    assert_eq!(format("a.fodt", flat), Ok(Format::Odt));
}

#[test]
fn a_message_with_a_word_document_in_it_is_a_message() {
    let doc = ole(&[("/WordDocument", b"x")]);
    let message = ole(&[("/__properties_version1.0", b""), ("/attached", &doc)]);
    assert_eq!(format("a.msg", &message), Ok(Format::Msg));
    assert_eq!(format("a.doc", &message), Ok(Format::Msg));
    let of_word = ole(&[("/WordDocument", b"x"), ("/attached", &message)]);
    assert!(format("a.doc", &of_word).expect_err("old").contains("the old format"));
    // The directory is cut off: the names that are left have to do.
    let said = format("a.doc", &doc[..doc.len() - 1]).expect_err("old");
    assert!(said.contains("save it as .docx"), "{said}");
}

#[test]
fn other_formats_are_called_by_their_name() {
    for (name, source, expected) in [
        (
            "a.docx",
            ole(&[("/EncryptedPackage", b"")]),
            "it is an Office document that needs a pass",
        ),
        ("a.xls", ole(&[("/Workbook", b"")]), "this looks like an Excel workbook in the old"),
        ("a.docx", zip(&[("xl/workbook.xml", "")]), "this looks like an Excel workbook (.xlsx),"),
        ("a.x", zip(&[("ppt/presentation.xml", "")]), "this looks like a PowerPoint presentation"),
        ("a.x", zip(&[("mimetype", "application/epub+zip")]), "this looks like an e-book (.epub),"),
        ("a.zip", b"PK\x05\x06".to_vec(), "this looks like a damaged zip archive,"),
        ("a.zip", zip(&[("a.txt", "")]), "this looks like a zip archive,"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n".to_vec(), "this looks like an image (PNG),"),
        ("a.pdf", b"nothing of the kind".to_vec(), "its name ends in .pdf, but its content"),
        ("a.xml", b"<plist>".to_vec(), "this looks like XML data,"),
        ("a.xyz", b"plain".to_vec(), "this version does not know files that end in .xyz"),
        ("a.xyz", b"\x01\x00\x02".to_vec(), "it holds binary data"),
        ("a.txt", Vec::new(), "it is empty"),
    ] {
        let said = format(name, source).expect_err(name);
        assert!(said.starts_with(expected), "{name}: {said}");
    }
}
