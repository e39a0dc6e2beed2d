//! Which part of a package is what: relationships, and names where those are
//! missing. Also packages written as one XML file.

use super::SPACES;
use crate::extract::limits::Limits;
use crate::extract::package::{Package, PartError};
use crate::extract::xml::{Event, Xml, decoded};

/// A link from one part to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub id: String,
    /// The last piece of its type ("footnotes"), which is the same in both
    /// editions of the standard.
    pub kind: String,
    /// The name of the part.
    pub target: String,
}

/// The text of a part, and whether its end is missing.
pub struct PartText {
    pub text: String,
    pub cut: bool,
}

/// The part of this name as text; `None` where there is none.
///
/// # Errors
/// See [`PartError`].
pub fn text(package: &mut Package<'_>, name: &str) -> Result<Option<PartText>, PartError> {
    let part = package.part(name)?;
    Ok(part.map(|part| PartText { text: decoded(part.bytes), cut: part.cut }))
}

const USUAL: &str = "word/document.xml";

/// The name of the part that holds the body.
pub fn main_part(package: &mut Package<'_>) -> Option<String> {
    let linked = relations(package, "").into_iter().find(|r| r.kind == "officeDocument");
    if let Some(relation) = linked
        && package.has(&relation.target)
    {
        return Some(relation.target);
    }
    if package.has(USUAL) {
        return Some(USUAL.to_owned());
    }
    // Some programs number it.
    let is_body = |name: &str| {
        let name = name.to_lowercase();
        let number = name.strip_prefix("word/document").and_then(|n| n.strip_suffix(".xml"));
        number.is_some()
    };
    package.names().find(|name| is_body(name)).map(str::to_owned)
}

/// The links of part `of` (empty: of the package); none where they are missing
/// or broken.
pub fn relations(package: &mut Package<'_>, of: &str) -> Vec<Relation> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let slash = if folder.is_empty() { "" } else { "/" };
    let Ok(Some(part)) = text(package, &format!("{folder}{slash}_rels/{file}.rels")) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut xml = Xml::new(&part.text, SPACES);
    while let Ok(event) = xml.event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) if tag.local() == "Relationship" => {
                if tag.attr("TargetMode").as_deref() == Some("External") {
                    continue;
                }
                let kind = tag.attr("Type").unwrap_or_default();
                let target = tag.attr("Target").unwrap_or_default();
                found.push(Relation {
                    id: tag.attr("Id").unwrap_or_default(),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    target: resolved(folder, &target),
                });
            }
            _ => {}
        }
    }
    found
}

/// A target as a part's name: relative to `folder`, or from the root.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut pieces: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|p| !p.is_empty()).collect()
    };
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                pieces.pop();
            }
            name => pieces.push(name),
        }
    }
    pieces.join("/")
}

/// A package that was written as a single XML file (`pkg:package`); `None` where
/// `text` is none.
pub fn flat<'a>(text: &str, limits: &Limits) -> Option<Package<'a>> {
    let mut xml = Xml::new(text, SPACES);
    let mut parts = Vec::new();
    let mut name = String::new();
    let mut is_package = false;
    // A file that breaks off in the middle keeps the parts before.
    while let Ok(event) = xml.event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) if tag.space == "pkg" => match tag.local() {
                "package" => is_package = true,
                "part" => name = tag.attr("name").unwrap_or_default(),
                "xmlData" => {
                    let from = xml.position();
                    let to = match xml.skip() {
                        Ok(()) => text.get(..xml.position()).and_then(|t| t.rfind("</")),
                        Err(_) => None,
                    };
                    let content = text.get(from..to.unwrap_or(text.len())).unwrap_or_default();
                    parts.push((std::mem::take(&mut name), content.as_bytes().to_vec()));
                }
                _ => {}
            },
            Event::Start(_) if !is_package => return None,
            _ => {}
        }
    }
    is_package.then(|| Package::of_parts(parts, limits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::package::testing::zipped;

    #[test]
    fn targets_are_found_from_the_folder_of_the_part_or_from_the_root() {
        assert_eq!(resolved("word", "styles.xml"), "word/styles.xml");
        assert_eq!(resolved("word", "/word/styles.xml"), "word/styles.xml");
        assert_eq!(resolved("word/sub", "../media/./a.png"), "word/media/a.png");
        assert_eq!(resolved("", "../../a.xml"), "a.xml");
    }

    #[test]
    fn the_body_is_where_the_package_says_or_where_it_usually_is() {
        let rels = "<Relationships><Relationship Id='1' Target='text/body.xml' \
                    Type='http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument'/></Relationships>";
        for (parts, expected) in [
            (vec![("_rels/.rels", rels), ("text/body.xml", "")], Some("text/body.xml")),
            (vec![("_rels/.rels", rels), ("word/document.xml", "")], Some("word/document.xml")),
            (vec![("word/document2.xml", "")], Some("word/document2.xml")),
            (vec![("xl/workbook.xml", "")], None),
        ] {
            let source = zipped(&parts);
            let mut package = Package::open(&source, &Limits::default()).expect("a package");
            assert_eq!(main_part(&mut package).as_deref(), expected);
        }
    }

    #[test]
    fn a_package_in_one_xml_file_is_a_package() {
        let text = "<pkg:package xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'>\
                    <pkg:part pkg:name='/word/document.xml'><pkg:xmlData><a>1</a></pkg:xmlData></pkg:part>\
                    <pkg:part pkg:name='/b.xml'><pkg:xmlData><b/></pkg:xmlData></pkg:part></pkg:package>";
        let mut package = flat(text, &Limits::default()).expect("a package");
        let body = package.part("word/document.xml").expect("readable").expect("there");
        assert_eq!(body.bytes, b"<a>1</a>");
        assert!(package.has("b.xml"));
        assert!(flat("<a><b/></a>", &Limits::default()).is_none());
    }
}
