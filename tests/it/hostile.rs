//! Files made to do harm: each ends in time, with a sentence or with what could
//! be read of it, and the next file is read as if it had not been there.

use std::io::Write as _;
use std::time::{Duration, Instant};

use galley::extract::{Limits, Options};
use zip::write::SimpleFileOptions;

use crate::support::broken_files as broken;
use crate::support::reading::{Files, assert_sound, read, read_with};

/// What such a file may cost. Far less than the defaults, so that a test is
/// quick also where it fails.
fn limits() -> Limits {
    Limits { memory_bytes: 1 << 30, text_bytes: 8 << 20, seconds: 10, ..Limits::default() }
}

/// Reads the file; afterwards a good file must be read as ever.
#[track_caller]
fn survive(name: &str, content: impl AsRef<[u8]>) {
    let files = Files::new();
    let path = files.with(name, content);
    let started = Instant::now();
    let options = Options::within(limits());
    match read_with(&path, &options) {
        Ok(doc) => assert_sound(&doc),
        Err(failure) => {
            let said = failure.to_string();
            assert!(said.contains(name) && said.ends_with('.'), "{said}");
        }
    }
    let took = started.elapsed();
    assert!(took < Duration::from_secs(45), "{name} took {took:?}");
    let good = files.with("good.txt", "good");
    assert_eq!(read(&good).expect("a good file").text, "good", "after {name}");
}

/// An archive of these parts, compressed.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(content).expect("its content");
    }
    archive.finish().expect("an archive").into_inner()
}

const WORD: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main""#;

/// A Word document with this body.
fn docx(body: &str) -> Vec<u8> {
    let document = format!("<w:document {WORD}><w:body>{body}</w:body></w:document>");
    archive(&[
        (
            "[Content_Types].xml",
            br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        ("word/document.xml", document.as_bytes()),
    ])
}

/// An `OpenDocument` text with this body.
fn odt(body: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content
            xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
            xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
            <office:body><office:text>{body}</office:text></office:body>
            </office:document-content>"#
    );
    let kind = b"application/vnd.oasis.opendocument.text";
    archive(&[("mimetype", kind), ("content.xml", content.as_bytes())])
}

#[test]
fn bombs_in_archives_go_off_in_nobody_s_face() {
    let much = "a ".repeat(60 << 20);
    survive("bomb.docx", docx(&format!("<w:p><w:r><w:t>{much}</w:t></w:r></w:p>")));
    survive("bomb.odt", odt(&format!("<text:p>{much}</text:p>")));
}

#[test]
fn elements_in_elements_without_end_end() {
    let deep = 200_000;
    let nested = |open: &str, close: &str| format!("{}x{}", open.repeat(deep), close.repeat(deep));
    survive("deep.docx", docx(&nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>")));
    survive("deep.odt", odt(&nested("<text:section>", "</text:section>")));
    survive("deep.html", nested("<div><table><tr><td>", "</td></tr></table></div>"));
    survive("deep.rtf", format!("{{\\rtf1 {}}}", nested("{\\b ", "}")));
}

#[test]
fn tables_of_a_million_rows_are_read_or_refused_in_time() {
    let rows = |row: &str| row.repeat(1_000_000);
    survive("rows.csv", rows("a,1,2024-01-01\n"));
    survive("rows.html", format!("<table>{}</table>", rows("<tr><td>a<td>1</tr>")));
    let cell = "<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>";
    let table = rows(&format!("<w:tr>{cell}{cell}</w:tr>"));
    survive("rows.docx", docx(&format!("<w:tbl>{table}</w:tbl>")));
}

#[test]
fn counts_that_promise_what_is_not_there_cost_nothing() {
    survive("wide.html", r#"<table><tr><td colspan="999999999" rowspan="999999999">x</table>"#);
    let repeated = r#"<table:table xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">
        <table:table-row table:number-rows-repeated="999999999">
        <table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p>
        </table:table-cell></table:table-row></table:table>"#;
    survive("wide.odt", odt(repeated));
    let spaces = r#"<text:p>a<text:s text:c="4294967295"/>b</text:p>"#;
    survive("spaces.odt", odt(spaces));
    survive("hours.srt", "1\n9999999999:00:00,000 --> 9999999999:00:01,000\nHello\n");
}

#[test]
fn a_mail_of_mails_of_mails_and_one_of_a_million_parts_end() {
    let mut mail = "Subject: x\r\n\r\ntext".to_owned();
    for n in 0..200 {
        mail = format!(
            "Subject: {n}\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"b{n}\"\r\n\r\n\
             --b{n}\r\nContent-Type: message/rfc822\r\n\r\n{mail}\r\n--b{n}--\r\n"
        );
    }
    survive("deep.eml", mail);
    let parts = "--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n".repeat(200_000);
    survive(
        "parts.eml",
        format!(
            "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; \
             boundary=\"b\"\r\n\r\n{parts}--b--\r\n"
        ),
    );
    survive("many.mbox", "From a Mon Jan  1 00:00:00 2024\nSubject: x\n\ny\n\n".repeat(100_000));
}

#[test]
fn a_pdf_that_calls_itself_or_never_ends_costs_no_other_file() {
    survive("self.pdf", broken::second_page_draws_itself_for_ever());
    survive("table.pdf", broken::endless_table());
    survive("circle.pdf", broken::parents_in_a_circle());
}

#[test]
fn a_text_of_nothing_but_pages_or_lines_is_read_in_time() {
    survive("pages.txt", "a\u{C}".repeat(2_000_000));
    survive("lines.txt", "\n".repeat(20 << 20) + "x");
    survive("line.txt", "x".repeat(7 << 20));
}
