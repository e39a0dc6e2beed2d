//! XML of office packages as a stream of tags and words, with the namespace of
//! each tag told by a short name. Declares nothing, expands no entity of a
//! document's own, and ends at a bounded depth. Knows no vocabulary.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use quick_xml::NsReader;
use quick_xml::events::{BytesRef, BytesStart, Event as Raw};
use quick_xml::name::{LocalName, ResolveResult};

/// Deeper than any document that a person or a program made for people.
const DEEPEST: usize = 4_000;

/// Namespaces and the short names that stand for them. A prefix that was never
/// declared is taken by its usual meaning.
pub type Spaces = &'static [(&'static str, &'static str)];

/// Why reading ended before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XmlError {
    /// From here on it is not well-formed, or it ends in the middle.
    Broken,
    /// Tags stand in one another thousands of levels deep.
    TooDeep,
}

/// A tag that opens.
pub struct Tag<'a> {
    /// Short name of the namespace, empty for one that nobody asked for.
    pub space: &'static str,
    start: BytesStart<'a>,
}

impl Tag<'_> {
    /// The name without its prefix.
    #[must_use]
    pub fn local(&self) -> &str {
        str::from_utf8(self.start.local_name().into_inner()).unwrap_or_default()
    }

    /// The value of the attribute of this name, whatever its prefix.
    #[must_use]
    pub fn attr(&self, local: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        // Looking for names given twice takes time that grows with their square.
        attributes.with_checks(false);
        let wanted = |key: LocalName<'_>| key.into_inner() == local.as_bytes();
        let found = attributes.flatten().find(|a| wanted(a.key.local_name()))?;
        let raw = str::from_utf8(&found.value).ok()?;
        Some(quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), Cow::into_owned))
    }

    /// Whether a switch is on: it is unless it says that it is not.
    #[must_use]
    pub fn is_on(&self) -> bool {
        let value = self.attr("val");
        !value.is_some_and(|v| matches!(v.as_str(), "0" | "false" | "off" | "none"))
    }

    /// The attribute of this name as a number.
    #[must_use]
    pub fn number(&self, local: &str) -> Option<u32> {
        self.attr(local)?.trim().parse().ok()
    }
}

/// What comes next.
pub enum Event<'a> {
    Start(Tag<'a>),
    /// Closes the last tag that is open.
    End,
    Words(Cow<'a, str>),
    Eof,
}

/// A stream of [`Event`]s.
pub struct Xml<'a> {
    reader: NsReader<&'a [u8]>,
    spaces: Spaces,
    depth: usize,
}

impl<'a> Xml<'a> {
    #[must_use]
    pub fn new(text: &'a str, spaces: Spaces) -> Self {
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { reader, spaces, depth: 0 }
    }

    /// # Errors
    /// See [`XmlError`]; nothing more comes after one.
    pub fn event(&mut self) -> Result<Event<'a>, XmlError> {
        loop {
            let (space, event) = self.reader.read_resolved_event().map_err(|_| XmlError::Broken)?;
            match event {
                Raw::Start(start) => {
                    let space = short(self.spaces, &space, &start);
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(XmlError::TooDeep);
                    }
                    return Ok(Event::Start(Tag { space, start }));
                }
                Raw::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Event::End);
                }
                Raw::Text(words) => {
                    return words.decode().map(Event::Words).map_err(|_| XmlError::Broken);
                }
                Raw::CData(words) => {
                    return words.decode().map(Event::Words).map_err(|_| XmlError::Broken);
                }
                Raw::GeneralRef(name) => return Ok(Event::Words(Cow::Owned(resolved(&name)))),
                Raw::Eof if self.depth > 0 => return Err(XmlError::Broken),
                Raw::Eof => return Ok(Event::Eof),
                Raw::Empty(_) | Raw::Comment(_) | Raw::Decl(_) | Raw::PI(_) | Raw::DocType(_) => {}
            }
        }
    }

    /// Leaves out all that is inside the tag that was opened last.
    ///
    /// # Errors
    /// See [`XmlError`].
    pub fn skip(&mut self) -> Result<(), XmlError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if matches!(self.event()?, Event::Eof) {
                return Err(XmlError::Broken);
            }
        }
        Ok(())
    }

    /// How many bytes of the text have been read.
    #[must_use]
    pub fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
}

fn short(spaces: Spaces, space: &ResolveResult<'_>, start: &BytesStart<'_>) -> &'static str {
    let found = match space {
        ResolveResult::Bound(uri) => {
            spaces.iter().find(|(known, _)| known.as_bytes() == uri.into_inner())
        }
        ResolveResult::Unknown(prefix) => {
            spaces.iter().find(|(_, short)| short.as_bytes() == prefix.as_slice())
        }
        ResolveResult::Unbound => {
            let prefix = start.name().prefix();
            spaces.iter().find(|(_, s)| prefix.is_some_and(|p| p.into_inner() == s.as_bytes()))
        }
    };
    found.map_or("", |(_, short)| short)
}

/// The five entities that XML itself has, and characters by number. Others are
/// left as they stand: what a document declares of its own is never expanded.
fn resolved(name: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string();
    }
    let name = name.decode().unwrap_or_default();
    match quick_xml::escape::resolve_predefined_entity(&name) {
        Some(known) => known.to_owned(),
        None => format!("&{name};"),
    }
}

/// The text of an XML part: UTF-8 or UTF-16 by its mark or its first sign, else
/// what its own first line says. Bytes that do not fit become U+FFFD.
#[must_use]
pub fn decoded(bytes: Vec<u8>) -> String {
    if let Some((encoding, length)) = Encoding::for_bom(&bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0.into_owned();
    }
    let encoding = match bytes.get(..2) {
        Some(b"<\0") => UTF_16LE,
        Some(b"\0<") => UTF_16BE,
        _ => declared(&bytes).unwrap_or(UTF_8),
    };
    if encoding == UTF_8 {
        return String::from_utf8(bytes)
            .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
    }
    encoding.decode_without_bom_handling(&bytes).0.into_owned()
}

fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head =
        str::from_utf8(bytes.get(..bytes.len().min(200))?.split(|b| *b == b'>').next()?).ok()?;
    let (_, rest) = head.strip_prefix("<?xml")?.split_once("encoding")?;
    let label = rest.trim_start_matches(['=', ' ', '"', '\'']).split(['"', '\'']).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // A file that says UTF-16 and could be read this far is not.
    (encoding != UTF_16LE && encoding != UTF_16BE).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACES: Spaces = &[("urn:w", "w"), ("urn:m", "m")];

    fn told(text: &str) -> (String, Option<XmlError>) {
        let mut xml = Xml::new(text, SPACES);
        let mut out = String::new();
        loop {
            match xml.event() {
                Ok(Event::Start(tag)) => out.extend(["<", tag.space, ":", tag.local(), ">"]),
                Ok(Event::End) => out += "</>",
                Ok(Event::Words(words)) => out += &words,
                Ok(Event::Eof) => return (out, None),
                Err(error) => return (out, Some(error)),
            }
        }
    }

    #[test]
    fn tags_are_known_by_their_namespace_and_else_by_their_usual_prefix() {
        let (out, error) = told("<x:a xmlns:x='urn:w'><m:b/><y:c/><d/></x:a>");
        assert_eq!((out.as_str(), error), ("<w:a><m:b></><:c></><:d></></>", None));
    }

    #[test]
    fn no_entity_of_the_documents_own_is_expanded() {
        let bomb =
            "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;'>]><a>x &c; &amp; &#x41;</a>";
        assert_eq!(told(bomb).0, "<:a>x &c; & A</>");
    }

    #[test]
    fn what_came_before_a_break_is_told_and_then_the_break() {
        assert_eq!(told("<a>one<b>two</a>"), ("<:a>one<:b>two".into(), Some(XmlError::Broken)));
        assert_eq!(told("<a>one"), ("<:a>one".into(), Some(XmlError::Broken)));
        let deep = "<a>".repeat(100_000);
        assert_eq!(told(&deep).1, Some(XmlError::TooDeep));
    }

    #[test]
    fn a_skipped_tag_takes_all_inside_it_along() {
        let mut xml = Xml::new("<a><b>1<c>2</c></b>3</a>", SPACES);
        assert!(matches!(xml.event(), Ok(Event::Start(_))));
        assert!(matches!(xml.event(), Ok(Event::Start(_))));
        xml.skip().expect("well-formed");
        assert!(matches!(xml.event(), Ok(Event::Words(words)) if words == "3"));
    }

    #[test]
    fn parts_are_decoded_by_mark_first_sign_or_first_line() {
        let little: Vec<u8> = "<a>ü</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(little.clone()), "<a>ü</a>");
        assert_eq!(decoded([b"\xFF\xFE", &little[..]].concat()), "<a>ü</a>");
        assert!(
            decoded(b"<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>".to_vec())
                .contains('€')
        );
        assert_eq!(decoded(b"<a>\xC3</a>".to_vec()), "<a>\u{FFFD}</a>");
    }
}
