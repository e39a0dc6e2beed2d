//! Beginnings of paragraphs, lists, cells and notes.

use super::{Comment, Story};
use crate::extract::odt::frame::{Frame, List};
use crate::extract::odt::lists::Counts;
use crate::extract::xml::Tag;

impl Story<'_> {
    pub(super) fn open_paragraph(&mut self, tag: &Tag<'_>) -> Frame {
        let inside = self.level().open;
        if inside {
            self.push_level();
        } else {
            self.end_paragraph();
        }
        let style = tag.attr("style-name").unwrap_or_default();
        let look = self.styles.get("paragraph", &style);
        let level = self.level();
        level.open = true;
        level.heading = (tag.local() == "h")
            .then(|| tag.number("outline-level").map_or(0, |n| (n as usize).saturating_sub(1)));
        level.unnumbered = tag.attr("is-list-header").as_deref() == Some("true");
        level.looks = vec![look.look];
        level.style = style;
        self.grounds.push(look.ground);
        if inside { Frame::ShapeParagraph } else { Frame::Paragraph }
    }

    pub(super) fn open_list(&mut self, tag: &Tag<'_>) -> Frame {
        let own = tag.attr("style-name");
        let inherited = self.level().lists.last().and_then(|list| list.style.clone());
        let style = own.or(inherited);
        let outer = self.level().lists.last().map(|list| list.counts);
        let counted = &mut self.counted;
        let before = tag.attr("continue-list").and_then(|id| counted.by_id.get(&id).copied());
        let goes_on = tag.attr("continue-numbering").as_deref() == Some("true");
        let same =
            style.as_ref().filter(|_| goes_on).and_then(|s| counted.by_style.get(s).copied());
        let counts = outer.or(before).or(same).unwrap_or_else(|| {
            counted.all.push(Counts::default());
            counted.all.len() - 1
        });
        if let Some(id) = tag.attr("id") {
            counted.by_id.insert(id, counts);
        }
        if let Some(style) = &style {
            counted.by_style.insert(style.clone(), counts);
        }
        self.level().lists.push(List { style, counts, ..List::default() });
        Frame::List
    }

    pub(super) fn open_cell(&mut self, tag: &Tag<'_>) -> Option<Frame> {
        let row = self.rows.last_mut()?;
        if tag.local() == "covered-table-cell" && row.covered > 0 {
            row.covered -= 1;
            return None;
        }
        row.covered =
            tag.number("number-columns-spanned").map_or(0, |n| (n as usize).saturating_sub(1));
        let ground =
            self.styles.get("table-cell", &tag.attr("style-name").unwrap_or_default()).ground;
        self.push_level();
        self.grounds.push(ground);
        Some(Frame::Cell { times: tag.number("number-columns-repeated").map_or(1, |n| n as usize) })
    }

    pub(super) fn open_comment(&mut self, name: String) -> Frame {
        self.markup.comments += 1;
        self.comments.push(Comment { name, ..Comment::default() });
        self.push_level();
        Frame::Annotation
    }

    pub(super) fn open_note(&mut self, class: &str) -> Frame {
        let end = class == "endnote";
        if end {
            self.markup.endnotes += 1;
        } else {
            self.markup.footnotes += 1;
        }
        self.citation.clear();
        Frame::Note { end }
    }
}
