//! The styles of a Word document as far as they decide what is seen: numbering,
//! hidden letters, colour and size. Each style holds what it inherits.

use std::collections::HashMap;

use super::SPACES;
use super::banding::{self, Cells};
use super::look::take;
use crate::extract::look::{Ink, Look};
use crate::extract::xml::{Event, Tag, Xml, XmlError};

/// A chain of styles based on one another that is longer goes round in a circle.
const LONGEST_CHAIN: usize = 64;

/// One style, with all that it has from the styles it is based on.
#[derive(Debug, Clone, Default)]
pub struct Style {
    based_on: Option<String>,
    pub num: Option<String>,
    pub level: Option<usize>,
    pub look: Look,
    /// Behind the paragraph.
    pub shade: Look,
    /// Of a table: what is behind its cells.
    pub shades: Vec<(Cells, Ink)>,
}

#[derive(Debug, Default)]
pub struct Styles {
    by_id: HashMap<String, Style>,
    default_paragraph: Option<String>,
    defaults: Look,
}

impl Styles {
    /// Reads `styles.xml`; what came before a break in it is kept.
    pub fn parse(text: &str) -> (Self, Option<XmlError>) {
        let mut this = Self::default();
        let error = this.read(&mut Xml::new(text, SPACES)).err();
        this.resolve();
        (this, error)
    }

    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), XmlError> {
        let mut open: Vec<Part> = Vec::new();
        let mut style = Style::default();
        let mut id = String::new();
        // Which cells of a table the properties are about.
        let mut cells = Cells::All;
        loop {
            match xml.event()? {
                Event::Start(tag) => {
                    let part = Part::of(tag.space, tag.local());
                    match part {
                        Part::Skipped => {
                            xml.skip()?;
                            continue;
                        }
                        Part::Style => {
                            style = Style::default();
                            cells = Cells::All;
                            id = tag.attr("styleId").unwrap_or_default();
                            let is =
                                |name: &str, value: &str| tag.attr(name).as_deref() == Some(value);
                            let default = is("default", "1") || is("default", "true");
                            if default && is("type", "paragraph") {
                                self.default_paragraph = Some(id.clone());
                            }
                        }
                        Part::Conditional => {
                            cells = Cells::of(&tag.attr("type").unwrap_or_default());
                        }
                        _ => self.property(&open, &tag, cells, &mut style),
                    }
                    open.push(part);
                }
                Event::End => {
                    let closed = open.pop();
                    if closed == Some(Part::Conditional) {
                        cells = Cells::All;
                    } else if closed == Some(Part::Style) {
                        let style = std::mem::take(&mut style);
                        self.by_id.insert(std::mem::take(&mut id), style);
                    }
                }
                Event::Words(_) => {}
                Event::Eof => return Ok(()),
            }
        }
    }

    fn property(&mut self, open: &[Part], tag: &Tag<'_>, cells: Cells, style: &mut Style) {
        let inside = open.last().copied();
        let conditional = open.contains(&Part::Conditional);
        match (tag.space, tag.local()) {
            ("w", "shd") if open.contains(&Part::Style) => {
                let mut shade = Look::default();
                take(&mut shade, tag);
                match inside {
                    Some(Part::Cell) => style.shades.extend(shade.shade.map(|ink| (cells, ink))),
                    Some(Part::Run) if !conditional => style.look.shade = shade.shade,
                    Some(Part::Paragraph) if !conditional => style.shade = shade,
                    _ => {}
                }
            }
            ("w", "basedOn") => style.based_on = tag.attr("val"),
            ("w", "numId") => style.num = tag.attr("val"),
            ("w", "ilvl") => style.level = tag.number("val").map(|n| n as usize),
            _ if inside == Some(Part::Run) && open.contains(&Part::Defaults) => {
                take(&mut self.defaults, tag);
            }
            _ if inside == Some(Part::Run) && !conditional => take(&mut style.look, tag),
            _ => {}
        }
    }

    /// Gives each style what it inherits.
    fn resolve(&mut self) {
        let ids: Vec<String> = self.by_id.keys().cloned().collect();
        let resolved = ids.iter().map(|id| (id.clone(), self.whole(id)));
        self.by_id = resolved.collect();
    }

    fn whole(&self, id: &str) -> Style {
        let mut whole = Style::default();
        let mut next = self.by_id.get(id);
        for _ in 0..LONGEST_CHAIN {
            let Some(style) = next else { break };
            whole.num = whole.num.or_else(|| style.num.clone());
            whole.level = whole.level.or(style.level);
            whole.look = whole.look.over(&style.look);
            whole.shade = whole.shade.over(&style.shade);
            let more = style.shades.iter().filter(|(cells, _)| !has(&whole.shades, *cells));
            let more: Vec<_> = more.copied().collect();
            whole.shades.extend(more);
            next = style.based_on.as_deref().and_then(|id| self.by_id.get(id));
        }
        banding::in_order(&mut whole.shades);
        whole
    }

    /// The style of a paragraph that names this one, or none.
    #[must_use]
    pub fn paragraph(&self, id: Option<&str>) -> Option<(&str, &Style)> {
        let id =
            id.filter(|id| self.by_id.contains_key(*id)).or(self.default_paragraph.as_deref())?;
        self.by_id.get_key_value(id).map(|(id, style)| (id.as_str(), style))
    }

    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Style> {
        self.by_id.get(id)
    }

    /// How letters look where nothing else is said.
    #[must_use]
    pub fn defaults(&self) -> &Look {
        &self.defaults
    }
}

fn has(shades: &[(Cells, Ink)], cells: Cells) -> bool {
    shades.iter().any(|(of, _)| *of == cells)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Style,
    Defaults,
    Conditional,
    Paragraph,
    Run,
    Cell,
    Skipped,
    Other,
}

impl Part {
    fn of(space: &str, local: &str) -> Self {
        match (space, local) {
            ("w", "style") => Self::Style,
            ("w", "docDefaults") => Self::Defaults,
            ("w", "tblStylePr") => Self::Conditional,
            ("w", "pPr") => Self::Paragraph,
            ("w", "rPr") => Self::Run,
            ("w", "tcPr") => Self::Cell,
            ("w", "pPrChange" | "rPrChange" | "latentStyles") => Self::Skipped,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_has_what_its_base_has_unless_it_says_otherwise() {
        let (styles, error) = Styles::parse(
            "<w:styles><w:style w:styleId='A'><w:basedOn w:val='B'/><w:pPr><w:numPr><w:ilvl w:val='1'/></w:numPr></w:pPr>\
             <w:rPr><w:vanish w:val='0'/></w:rPr></w:style>\
             <w:style w:styleId='B'><w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr>\
             <w:rPr><w:vanish/><w:sz w:val='2'/></w:rPr></w:style></w:styles>",
        );
        assert_eq!(error, None);
        let style = styles.get("A").expect("a style");
        assert_eq!((style.num.as_deref(), style.level), (Some("3"), Some(1)));
        assert_eq!((style.look.vanish, style.look.size), (Some(false), Some(2)));
    }

    #[test]
    fn styles_based_on_one_another_in_a_circle_end() {
        let (styles, _) = Styles::parse(
            "<w:styles><w:style w:styleId='A'><w:basedOn w:val='B'/></w:style>\
             <w:style w:styleId='B'><w:basedOn w:val='A'/><w:rPr><w:sz w:val='9'/></w:rPr></w:style></w:styles>",
        );
        assert_eq!(styles.get("A").expect("a style").look.size, Some(9));
    }
}
