//! Shapes: what fills them, which is behind the words in them, and words that
//! are drawn as a shape, as watermarks are.

use super::Story;
use crate::extract::blocks::Block;
use crate::extract::look::{Ink, WHITE, hex};
use crate::extract::xml::Tag;

impl Story<'_> {
    /// Takes in a tag that is about a shape; whether it is left out with all in it.
    pub(super) fn shape(&mut self, tag: &Tag<'_>) -> bool {
        match (tag.space, tag.local()) {
            // Outlines and shadows have colours of their own, and a style's are for
            // shapes that name none.
            ("a", "ln" | "effectLst" | "effectDag" | "sp3d" | "extLst") | ("wps", "style") => {
                return true;
            }
            ("wps", "wsp") | ("v", "fill") => self.fill = Some(Ink::Unknown),
            ("a", "noFill") => self.fill = None,
            ("a", "gradFill" | "blipFill" | "pattFill" | "grpFill") => {
                self.fill = Some(Ink::Unknown);
                return true;
            }
            ("a", "srgbClr") => {
                self.fill =
                    Some(tag.attr("val").and_then(|rgb| hex(&rgb)).map_or(Ink::Unknown, Ink::Rgb));
            }
            ("v", "shape" | "rect" | "roundrect" | "oval") => self.fill = filled(tag),
            ("v", "textpath") => self.drawn(tag),
            _ => {}
        }
        false
    }

    /// Words that are drawn: a watermark, a heading in bent letters.
    fn drawn(&mut self, tag: &Tag<'_>) {
        let words = tag.attr("string").unwrap_or_default();
        if words.trim().is_empty() || !self.change_here(false).shows_in(self.state.view) {
            return;
        }
        self.said += 1;
        let level = self.level();
        level.open = true;
        level.line.after.push(Block::paragraph(words));
    }
}

/// What a shape of the older kind is filled with.
fn filled(tag: &Tag<'_>) -> Option<Ink> {
    if tag.attr("filled").is_some_and(|filled| matches!(filled.as_str(), "f" | "false" | "0")) {
        return None;
    }
    let Some(colour) = tag.attr("fillcolor") else {
        return Some(WHITE);
    };
    match colour.split_whitespace().next() {
        Some("white" | "window" | "#fff") => Some(WHITE),
        Some(colour) => Some(hex(colour).map_or(Ink::Unknown, Ink::Rgb)),
        None => Some(Ink::Unknown),
    }
}
