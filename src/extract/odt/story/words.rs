//! Pieces of text: words, what stands for words, and words that a change took.

use super::{Region, Story};
use crate::domain::document::RevisionView;
use crate::domain::marks::AsideKind;
use crate::extract::blocks::Change;
use crate::extract::look::WHITE;
use crate::extract::odt::frame::Frame;
use crate::extract::xml::Tag;

impl Story<'_> {
    pub(super) fn words(&mut self, words: &str) {
        match (self.frames.last(), self.comments.last_mut()) {
            (Some(Frame::Citation), _) => self.citation.push_str(words),
            (Some(Frame::Creator), Some(comment)) => comment.author.push_str(words),
            (Some(Frame::Date), Some(comment)) => comment.date.push_str(words),
            _ => {
                if self.level().open {
                    self.say(words);
                }
            }
        }
    }

    /// Tags that are a piece of text or change what text means.
    pub(super) fn inline(&mut self, tag: &Tag<'_>) {
        let name = |of: &str| tag.attr(of).unwrap_or_default();
        match (tag.space, tag.local()) {
            ("text", "s" | "tab") => self.say(" "),
            ("text", "line-break") => self.say("\n"),
            ("text", "change-start") => {
                let id = name("change-id");
                if matches!(self.regions.get(&id), Some(Region::Insertion)) {
                    self.inserting.push(id);
                }
            }
            ("text", "change-end") => {
                let id = name("change-id");
                self.inserting.retain(|open| *open != id);
            }
            ("text", "change") => self.deleted_here(&name("change-id")),
            ("text", "hidden-text") if name("is-hidden") != "false" => {
                let words = name("string-value");
                self.level().line.hide(AsideKind::Invisible, &words);
            }
            ("text", "hidden-paragraph") if name("is-hidden") != "false" => {
                self.level().hidden = true;
            }
            _ => {}
        }
    }

    /// The words that a tracked deletion took from here.
    pub(super) fn deleted_here(&mut self, id: &str) {
        let Some(Region::Deletion(paragraphs)) = self.regions.get_mut(id) else { return };
        if self.view == RevisionView::Accepted {
            return;
        }
        // A deletion has one place.
        for (n, words) in std::mem::take(paragraphs).into_iter().enumerate() {
            if n > 0 && self.level().open {
                self.end_paragraph_as(true);
                self.level().open = true;
            }
            let change = Change { deleted: true, inserted: !self.inserting.is_empty() };
            if change.shows_in(self.view) {
                let view = self.view;
                self.level().line.say(&words, change, view);
                self.anchor(&words, change);
            }
        }
    }

    pub(super) fn say(&mut self, words: &str) {
        // What was deleted is kept as it was, for the place that it was taken from.
        let view = if self.deletions > 0 { RevisionView::Original } else { self.view };
        let change = Change { inserted: !self.inserting.is_empty(), deleted: false };
        if words.is_empty() || !change.shows_in(view) {
            return;
        }
        if let Some(kind) = self.hidden() {
            self.level().line.hide(kind, words);
            return;
        }
        self.level().line.say(words, change, view);
        self.anchor(words, change);
    }

    /// Words for the comments that are about them.
    pub(super) fn anchor(&mut self, words: &str, change: Change) {
        let (anchors, view) = (&mut self.anchors, self.view);
        self.anchoring
            .retain(|name| anchors.entry(name.clone()).or_default().add(words, change, view));
    }

    pub(super) fn hidden(&mut self) -> Option<AsideKind> {
        if self.hidden_sections > 0 {
            return Some(AsideKind::Invisible);
        }
        let ground = self.grounds.iter().rev().find_map(|ground| *ground).unwrap_or(WHITE);
        let looks = &self.level().looks;
        let whole = looks.iter().rev().cloned().reduce(|whole, outer| whole.over(&outer));
        whole.unwrap_or_default().hidden_on(ground)
    }
}
