//! What properties say of the paragraph, run, row or cell that they stand in.

use super::{Story, frame_of};
use crate::extract::docx::frame::{Frame, Target};
use crate::extract::docx::look::take;
use crate::extract::look::Look;
use crate::extract::xml::Tag;

impl Story<'_> {
    /// Tags that mean something only inside properties; `None` where it is no
    /// such tag, `Some(None)` where it is left out.
    #[expect(clippy::option_option, reason = "a tag that is left out is not one that is not known")]
    pub(super) fn property(&mut self, tag: &Tag<'_>) -> Option<Option<Frame>> {
        let target = self.frames.last()?.target()?;
        if target == Target::Number && (tag.space, tag.local()) == ("wx", "t") {
            // Word 2003 writes the label that it shows.
            self.level().para.label = tag.attr("val");
        }
        let annotation = || tag.attr("type").unwrap_or_default();
        if tag.space == "aml" && target == Target::Mark {
            match annotation().as_str() {
                "Word.Insertion" => self.property_change(target, "ins"),
                "Word.Deletion" => self.property_change(target, "del"),
                _ => {}
            }
            return Some(None);
        }
        if tag.space != "w" && target != Target::Row && target != Target::Cell {
            return Some(frame_of(tag));
        }
        let frame = match (target, tag.local()) {
            (_, "ins" | "del" | "moveTo" | "moveFrom" | "cellIns" | "cellDel") => {
                self.property_change(target, tag.local());
                Frame::Other
            }
            (_, "sectPr") => {
                self.level().para.mark.ends_section = true;
                return Some(None);
            }
            (_, local) if local.ends_with("Change") => return Some(None),
            (Target::Paragraph, "rPr") => Frame::MarkProperties,
            (Target::Paragraph, "numPr" | "listPr") => Frame::NumberProperties,
            (Target::Paragraph, "pStyle") => {
                self.level().para.style = tag.attr("val");
                Frame::Other
            }
            (Target::Paragraph, "shd") => {
                take(&mut self.level().para.shade, tag);
                Frame::Other
            }
            (Target::Number, "numId") => {
                self.level().para.num = tag.attr("val");
                Frame::Other
            }
            (Target::Number, "ilvl") => {
                self.level().para.level = tag.number("val").map(|n| n as usize);
                Frame::Other
            }
            (Target::Mark, "vanish") => {
                self.level().para.mark.hidden = tag.is_on();
                Frame::Other
            }
            (Target::Mark, "specVanish") => {
                self.level().para.mark.runs_on = tag.is_on();
                Frame::Other
            }
            (Target::Run, "rStyle") => {
                self.level().run.0 = tag.attr("val");
                Frame::Other
            }
            (Target::Run, _) => {
                take(&mut self.level().run.1, tag);
                Frame::Other
            }
            (Target::Cell | Target::Table, "shd") => {
                let mut look = Look::default();
                take(&mut look, tag);
                if let Some(ground) = self.grounds.last_mut()
                    && look.shade.is_some()
                {
                    *ground = look.shade;
                }
                Frame::Other
            }
            (Target::Table, "tblStyle") => {
                let style = tag.attr("val").unwrap_or_default();
                if let Some(table) = self.tables.last_mut()
                    && let Some(style) = self.state.styles.get(&style)
                {
                    table.shades.clone_from(&style.shades);
                }
                Frame::Other
            }
            (Target::Table, "tblLook") => {
                if let Some(table) = self.tables.last_mut() {
                    table.look(tag);
                }
                Frame::Other
            }
            _ => Frame::Other,
        };
        Some(Some(frame))
    }

    /// A change that is said of a paragraph's end, a row or a cell.
    pub(super) fn property_change(&mut self, target: Target, local: &str) {
        let inserts = matches!(local, "ins" | "moveTo" | "cellIns");
        match local {
            "ins" => self.state.markup.insertions += 1,
            "del" => self.state.markup.deletions += 1,
            "moveTo" => self.state.moves.1 += 1,
            _ => {}
        }
        match target {
            Target::Mark => {
                let mark = &mut self.level().para.mark.change;
                mark.inserted |= inserts;
                mark.deleted |= !inserts;
            }
            Target::Row | Target::Cell => {
                let at = self.frames.len().saturating_sub(2);
                if let Some(Frame::Row { inserted, deleted } | Frame::Cell { inserted, deleted }) =
                    self.frames.get_mut(at)
                {
                    let (open, all) = if inserts {
                        (inserted, &mut self.inserted)
                    } else {
                        (deleted, &mut self.deleted)
                    };
                    *open += 1;
                    *all += 1;
                }
            }
            _ => {}
        }
    }
}
