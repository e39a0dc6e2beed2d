//! Blocks as a Word document: the smallest `WordprocessingML` package (ECMA-376)
//! that word processors open. The same report gives the same bytes.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Report;
use super::layout::{Block, Layout, Line, Run, Style};
use super::words;
use crate::domain::ledger::Coverage;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const NAMESPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"#;

const PACKAGE_RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

const DOCUMENT_RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

/// Paragraph styles: id, name, paragraph properties, run properties. Lengths
/// are twentieths of a point, sizes half points.
const STYLES: [(&str, &str, &str, &str); 7] = [
    ("Normal", "Normal", r#"<w:spacing w:after="120"/>"#, r#"<w:sz w:val="22"/>"#),
    ("Title", "Title", r#"<w:spacing w:after="200"/>"#, r#"<w:b/><w:sz w:val="40"/>"#),
    (
        "Heading1",
        "heading 1",
        r#"<w:keepNext/><w:spacing w:before="360" w:after="120"/><w:outlineLvl w:val="0"/>"#,
        r#"<w:b/><w:sz w:val="30"/>"#,
    ),
    (
        "Heading2",
        "heading 2",
        r#"<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="1"/>"#,
        r#"<w:b/><w:sz w:val="25"/>"#,
    ),
    (
        "ListParagraph",
        "List Paragraph",
        r#"<w:spacing w:after="100"/><w:ind w:left="284" w:hanging="284"/>"#,
        r#"<w:sz w:val="22"/>"#,
    ),
    ("Quote", "Quote", r#"<w:ind w:left="567"/>"#, r#"<w:i/><w:color w:val="595959"/>"#),
    ("TableText", "Table Text", r#"<w:spacing w:after="0"/>"#, r#"<w:sz w:val="20"/>"#),
];

/// A4 with margins of about 2.5 cm.
const PAGE: &str = r#"<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>"#;

/// Widths of the coverage table's columns.
const COLUMNS: [usize; 5] = [3_000, 1_500, 1_500, 1_500, 1_500];

/// The document as a zip package.
pub(super) fn package(report: &Report<'_>) -> Vec<u8> {
    let parts = [
        ("[Content_Types].xml", TYPES.to_owned()),
        ("_rels/.rels", PACKAGE_RELS.to_owned()),
        ("word/document.xml", document(&Layout::new(report).document())),
        ("word/styles.xml", styles()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELS.to_owned()),
    ];
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, xml) in parts {
        zip.start_file(name, options).expect("five different names");
        zip.write_all(DECLARATION.as_bytes()).expect("memory takes it");
        zip.write_all(xml.as_bytes()).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

fn document(blocks: &[Block]) -> String {
    let body: String = blocks.iter().map(block).collect();
    format!(r#"<w:document xmlns:w="{NAMESPACE}"><w:body>{body}{PAGE}</w:body></w:document>"#)
}

fn styles() -> String {
    let mut all = format!(r#"<w:styles xmlns:w="{NAMESPACE}">"#);
    for (id, name, paragraph, run) in STYLES {
        let default = if id == "Normal" { r#" w:default="1""# } else { "" };
        let based = if id == "Normal" { "" } else { r#"<w:basedOn w:val="Normal"/>"# };
        let _ = write!(
            all,
            r#"<w:style w:type="paragraph" w:styleId="{id}"{default}><w:name w:val="{name}"/>{based}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"#
        );
    }
    all + "</w:styles>"
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { level, text } => {
            let style = match level {
                1 => "Title",
                2 => "Heading1",
                _ => "Heading2",
            };
            paragraph(style, &runs(&[Run { text: text.clone(), style: Style::Plain }]))
        }
        Block::Paragraph(lines) => paragraph("Normal", &broken(lines)),
        Block::Item(lines) => {
            let bullet = "<w:r><w:t>•</w:t></w:r><w:r><w:tab/></w:r>";
            paragraph("ListParagraph", &format!("{bullet}{}", broken(lines)))
        }
        Block::Quote(line) => paragraph("Quote", &runs(line)),
        Block::Ledger(rows) => table(rows),
    }
}

fn paragraph(style: &str, content: &str) -> String {
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>"#)
}

/// Lines with breaks between them.
fn broken(lines: &[Line]) -> String {
    lines.iter().map(|line| runs(line)).collect::<Vec<_>>().join("<w:r><w:br/></w:r>")
}

fn runs(line: &[Run]) -> String {
    let runs: Vec<String> = line
        .iter()
        .map(|run| {
            let (properties, text) = match run.style {
                Style::Plain => ("", run.text.clone()),
                Style::Strong => ("<w:rPr><w:b/></w:rPr>", run.text.clone()),
                Style::Emphasis => ("<w:rPr><w:i/></w:rPr>", run.text.clone()),
                Style::Value => ("", format!("[{}]", run.text)),
            };
            let text = escape(&text);
            format!(r#"<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>"#)
        })
        .collect();
    runs.concat()
}

/// Text for the inside of an element; the layout has taken out the
/// characters that XML cannot hold at all.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Each job's coverage in bytes; nothing where there is no job.
fn table(rows: &[(String, Coverage)]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let sides = ["top", "left", "bottom", "right", "insideH", "insideV"];
    let border =
        |side| format!(r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A6A6A6"/>"#);
    let borders = sides.map(border).concat();
    let grid = COLUMNS.map(|width| format!(r#"<w:gridCol w:w="{width}"/>"#)).concat();
    let head = ["Bytes", "Read", "Left out", "Not read", "In all"].map(str::to_owned);
    let mut lines = row(&head, Style::Strong);
    for (job, sum) in rows {
        let counts = [sum.read, sum.excluded, sum.failed, sum.total];
        let [read, excluded, failed, total] = counts.map(|n| words::grouped(n as u64));
        lines += &row(&[job.clone(), read, excluded, failed, total], Style::Plain);
    }
    // A paragraph keeps the table off what follows.
    format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>{}"#,
        paragraph("Normal", "")
    )
}

fn row(cells: &[String; 5], style: Style) -> String {
    let cells = cells.iter().zip(COLUMNS).map(|(text, width)| {
        let text = paragraph("TableText", &runs(&[Run { text: text.clone(), style }]));
        format!(r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{text}</w:tc>"#)
    });
    format!("<w:tr>{}</w:tr>", cells.collect::<String>())
}

#[cfg(test)]
mod tests;
