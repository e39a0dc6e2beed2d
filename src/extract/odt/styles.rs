//! The styles of an `OpenDocument` text as far as they decide what is seen, and
//! its list styles. Knows names and properties; knows nothing of text.

use std::collections::HashMap;

use super::SPACES;
use super::lists::{Level, ListStyle};
use crate::extract::look::{Ink, Look, hex};
use crate::extract::xml::{Event, Tag, Xml, XmlError};

/// A chain of styles based on one another that is longer goes round in a circle.
const LONGEST_CHAIN: usize = 64;

#[derive(Debug, Clone, Default)]
pub struct Style {
    parent: Option<String>,
    pub look: Look,
    /// Behind a paragraph or in a cell.
    pub ground: Option<Ink>,
    /// An empty name says that there is none.
    pub list: Option<String>,
    /// Of a section: it is not shown.
    pub hidden: bool,
}

#[derive(Debug, Default)]
pub struct Styles {
    /// By family and name.
    by_name: HashMap<(String, String), Style>,
    lists: HashMap<String, ListStyle>,
    /// How headings are numbered.
    pub outline: ListStyle,
}

impl Styles {
    /// Takes in the styles of a part, as far as it can be read.
    ///
    /// # Errors
    /// Where reading ended early; what came before is kept.
    pub fn read(&mut self, text: &str) -> Result<(), XmlError> {
        let mut xml = Xml::new(text, SPACES);
        let mut open: Option<(usize, (String, String), Style)> = None;
        let mut list: Option<(usize, String, ListStyle)> = None;
        let mut depth = 0_usize;
        loop {
            match xml.event()? {
                Event::Start(tag) => {
                    depth += 1;
                    let name = |of: &str| tag.attr(of).unwrap_or_default();
                    match (tag.space, tag.local()) {
                        ("office", "body" | "master-styles") => {
                            xml.skip()?;
                            depth -= 1;
                        }
                        ("style", "style" | "default-style") => {
                            let style = Style {
                                parent: tag.attr("parent-style-name"),
                                list: tag.attr("list-style-name"),
                                ..Style::default()
                            };
                            open = Some((depth, (name("family"), name("name")), style));
                        }
                        ("text", "list-style") => {
                            list = Some((depth, name("name"), ListStyle::default()));
                        }
                        ("text", "outline-style") => {
                            list = Some((depth, String::new(), ListStyle::default()));
                        }
                        ("text", local) if local.contains("-level-style") => {
                            if let Some((_, _, list)) = &mut list {
                                list.add(&tag, Level::of(&tag));
                            }
                        }
                        _ => {
                            if let Some((_, _, style)) = &mut open {
                                style.property(&tag);
                            }
                        }
                    }
                }
                Event::End => {
                    depth = depth.saturating_sub(1);
                    if let Some((_, name, style)) = open.take_if(|(at, ..)| *at > depth) {
                        self.by_name.insert(name, style);
                    }
                    match list.take_if(|(at, ..)| *at > depth) {
                        Some((_, name, outline)) if name.is_empty() => self.outline = outline,
                        Some((_, name, style)) => {
                            self.lists.insert(name, style);
                        }
                        None => {}
                    }
                }
                Event::Words(_) => {}
                Event::Eof => return Ok(()),
            }
        }
    }

    /// A style with all that it has from those above it.
    #[must_use]
    pub fn get(&self, family: &str, name: &str) -> Style {
        let mut whole = Style::default();
        let mut next = self.by_name.get(&(family.to_owned(), name.to_owned()));
        for _ in 0..LONGEST_CHAIN {
            let Some(style) = next else { break };
            whole.look = whole.look.over(&style.look);
            whole.ground = whole.ground.or(style.ground);
            whole.list = whole.list.or_else(|| style.list.clone());
            whole.hidden |= style.hidden;
            let parent = style.parent.as_ref();
            next = parent.and_then(|p| self.by_name.get(&(family.to_owned(), p.clone())));
        }
        whole
    }

    #[must_use]
    pub fn list(&self, name: &str) -> Option<&ListStyle> {
        self.lists.get(name)
    }
}

impl Style {
    fn property(&mut self, tag: &Tag<'_>) {
        let ground = || tag.attr("background-color").and_then(|c| hex(&c)).map(Ink::Rgb);
        match (tag.space, tag.local()) {
            ("style", "text-properties") => {
                let display = tag.attr("display");
                self.look = Look {
                    vanish: display.map(|d| d == "none"),
                    colour: if tag.attr("use-window-font-color").as_deref() == Some("true") {
                        Some(Ink::Auto)
                    } else {
                        tag.attr("color").and_then(|c| hex(&c)).map(Ink::Rgb)
                    },
                    shade: ground(),
                    size: tag.attr("font-size").and_then(|s| half_points(&s)),
                };
            }
            ("style", "paragraph-properties" | "table-cell-properties") => self.ground = ground(),
            ("style", "section-properties") => {
                self.hidden = tag.attr("display").as_deref() == Some("none");
            }
            _ => {}
        }
    }
}

/// A size in points; others (per cent, other units) are not told.
fn half_points(size: &str) -> Option<u32> {
    let points: f32 = size.strip_suffix("pt")?.trim().parse().ok()?;
    let halves = (points * 2.0).round().clamp(0.0, 10_000.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was clamped")]
    Some(halves as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_has_what_its_parents_have_and_circles_end() {
        let mut styles = Styles::default();
        let read = styles.read(
            "<office:styles><style:style style:family='text' style:name='A' style:parent-style-name='B'/>\
             <style:style style:family='text' style:name='B' style:parent-style-name='A'>\
             <style:text-properties text:display='none' fo:font-size='1pt'/></style:style></office:styles>",
        );
        assert_eq!(read, Ok(()));
        let look = styles.get("text", "A").look;
        assert_eq!((look.vanish, look.size), (Some(true), Some(2)));
    }
}
