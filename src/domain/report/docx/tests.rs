use std::io::Read as _;

use super::*;
use crate::domain::report::sample::{Sample, agreement};

/// The parts of the package by name, as a word processor unpacks them.
fn unpacked(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("it is a zip file");
    let names: Vec<String> = zip.file_names().map(str::to_owned).collect();
    let read = |name: String| {
        let mut text = String::new();
        let mut part = zip.by_name(&name).expect("it is listed");
        part.read_to_string(&mut text).expect("its checksum holds");
        drop(part);
        (name, text)
    };
    names.into_iter().map(read).collect()
}

fn body(sample: &Sample) -> String {
    let parts = unpacked(&sample.with(package));
    let found = parts.into_iter().find(|(name, _)| name == "word/document.xml");
    found.expect("the package has a document").1
}

/// Checks nesting, quoting and entities of an XML text without comments,
/// character data sections or document types, and returns the text in it.
fn text_of(xml: &str) -> Result<String, String> {
    let mut open: Vec<&str> = Vec::new();
    let mut text = String::new();
    let mut rest = xml;
    while let Some((before, after)) = rest.split_once('<') {
        text += &unescaped(before)?;
        let (tag, next) = after.split_once('>').ok_or("a tag is not closed")?;
        let name = tag.trim_matches(['/', '?']).split(' ').next().unwrap_or_default();
        if tag.contains('<') || tag.matches('"').count() % 2 == 1 {
            return Err(format!("bad tag {tag}"));
        } else if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return Err(format!("{name} is closed out of order"));
            }
        } else if !tag.ends_with(['/', '?']) {
            open.push(name);
        }
        rest = next;
    }
    if open.is_empty() && rest.trim().is_empty() { Ok(text) } else { Err(format!("{open:?}")) }
}

fn unescaped(text: &str) -> Result<String, String> {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, after) = part.split_once(';').ok_or("a bare ampersand")?;
        plain.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            other => return Err(format!("unknown entity {other}")),
        });
        plain += after;
    }
    if plain.chars().any(char::is_control) { Err("a control character".into()) } else { Ok(plain) }
}

#[test]
fn the_package_has_every_part_that_its_relations_name() {
    let parts = unpacked(&agreement().with(package));
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[0], "[Content_Types].xml", "word processors look for it first");
    for name in ["_rels/.rels", "word/document.xml", "word/styles.xml"] {
        assert!(names.contains(&name), "{name} is missing from {names:?}");
    }
    for (name, xml) in &parts {
        assert!(xml.starts_with(DECLARATION), "{name}");
        if let Err(why) = text_of(xml) {
            panic!("{name} is not well-formed: {why}");
        }
    }
}

#[test]
fn every_style_that_is_used_is_defined() {
    let sample = agreement();
    let (used, defined) = (body(&sample), styles());
    for use_of in used.split(r#"<w:pStyle w:val=""#).skip(1) {
        let id = use_of.split('"').next().expect("split gives a first part");
        assert!(defined.contains(&format!(r#"w:styleId="{id}""#)), "{id} is not defined");
    }
}

#[test]
fn text_of_a_document_is_text_and_never_markup() {
    let mut sample = agreement();
    sample.results[0].findings[0].text = "a <w:b/> & b &lt; \u{0}\u{b}\"c\" ]]> d".into();
    sample.name = "R&D <1>".into();
    let text = text_of(&body(&sample)).expect("well-formed");
    assert!(text.contains("a <w:b/> & b &lt; \"c\" ]]> d"), "{text}");
    assert!(text.starts_with("R&D <1>"), "{text}");
}

#[test]
fn findings_stand_with_their_places_and_the_ledger_is_a_table() {
    let sample = agreement();
    let total = sample.doc.text.len().to_string();
    let xml = body(&sample);
    let text = text_of(&xml).expect("well-formed");
    assert!(text.contains("“1 March 2026” [2026-03-01] (p. 2, line 2)"), "{text}");
    assert!(text.contains(&format!("In allextract{total}00{total}")), "{text}");
    assert_eq!(xml.matches("<w:tr>").count(), 2, "a head and a row for the one job");
}

#[test]
fn a_source_under_a_version_is_in_italics() {
    let mut sample = agreement();
    sample.results[0].findings[0].text = "The first of March 2026".into();
    sample.results[0].findings[0].value = None;
    let quoted =
        r#"<w:pStyle w:val="Quote"/></w:pPr><w:r><w:t xml:space="preserve">“1 March 2026”"#;
    let xml = body(&sample);
    assert!(xml.contains(quoted), "{xml}");
    let quote = STYLES.iter().find(|style| style.0 == "Quote").expect("it is defined");
    assert!(quote.3.contains("<w:i/>"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(agreement().with(package), agreement().with(package));
    let mut zip = zip::ZipArchive::new(Cursor::new(agreement().with(package))).expect("a zip file");
    for at in 0..zip.len() {
        let part = zip.by_index(at).expect("it is listed");
        assert_eq!(part.last_modified().map(|t| t.year()), Some(1980), "no clock took part");
    }
}
