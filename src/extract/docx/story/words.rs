//! Pieces of text: words and what stands for words.

use super::Story;
use crate::domain::marks::AsideKind;
use crate::extract::blocks::MOST_ANCHORS;
use crate::extract::docx::frame::Choice;
use crate::extract::docx::symbols;
use crate::extract::xml::Tag;

impl Story<'_> {
    /// Tags that are a piece of text or change what text means.
    pub(super) fn inline(&mut self, tag: &Tag<'_>) {
        match (tag.space, tag.local()) {
            ("w", "tab" | "ptab") | ("a", "br" | "p") => self.say(" ", false),
            ("w", "br" | "cr") => self.say("\n", false),
            ("w", "noBreakHyphen") => self.say("-", false),
            ("w", "sym") => {
                let code = tag.attr("char").and_then(|c| u32::from_str_radix(&c, 16).ok());
                let font = tag.attr("font").unwrap_or_default();
                let sign = code.map_or('\u{FFFD}', |code| symbols::shown(&font, code));
                self.say(sign.encode_utf8(&mut [0; 4]), false);
            }
            ("m", "den") => self.say("/", false),
            ("m", "sup") => self.say("^", false),
            ("m", "sub") => self.say("_", false),
            ("w", "fldChar") => self.level().field(&tag.attr("fldCharType").unwrap_or_default()),
            ("w", "checkBox") => self.level().ticked = Some(false),
            ("w", "ddList") => self.level().choice = Some(Choice::default()),
            ("w", "result" | "listEntry") => {
                if let Some(choice) = &mut self.level().choice {
                    choice.take(tag);
                }
            }
            ("w", "default" | "checked") => {
                if let Some(choice) = &mut self.level().choice {
                    choice.take(tag);
                }
                let on = tag.is_on();
                if let Some(ticked) = &mut self.level().ticked {
                    *ticked = on;
                }
            }
            ("w", "footnoteReference") => self.refer(tag, false),
            ("w", "endnoteReference") => self.refer(tag, true),
            ("w", "commentRangeStart") => self.start_anchor(tag.attr("id").unwrap_or_default()),
            ("w", "commentRangeEnd") => {
                let id = tag.attr("id").unwrap_or_default();
                self.state.anchoring.retain(|open| *open != id);
            }
            ("w", "commentReference") => {
                self.state.comments.push(tag.attr("id").unwrap_or_default());
            }
            _ => {}
        }
    }

    pub(super) fn start_anchor(&mut self, id: String) {
        let open = &self.state.anchoring;
        let known = self.state.anchors.contains_key(&id) || open.contains(&id);
        if !known && open.len() < MOST_ANCHORS {
            self.state.anchoring.push(id);
        }
    }

    pub(super) fn refer(&mut self, tag: &Tag<'_>, end: bool) {
        let id = tag.attr("id").unwrap_or_default();
        let own = tag.attr("customMarkFollows");
        let own = own.is_some_and(|v| !matches!(v.as_str(), "0" | "false"));
        self.mark_note(&id, end, own);
    }

    /// Puts the mark of note `id` here, unless the mark is the text's own.
    pub(super) fn mark_note(&mut self, id: &str, end: bool, own: bool) {
        let change = self.change_here(false);
        if !change.shows_in(self.state.view) || !self.level().is_field_shown() {
            return;
        }
        let notes = if end { &mut self.state.endnotes } else { &mut self.state.footnotes };
        let label = notes.refer(id, own);
        self.say(&label, false);
    }

    pub(super) fn say(&mut self, words: &str, deleted: bool) {
        let view = self.state.view;
        let change = self.change_here(deleted);
        if words.is_empty() || !self.level().is_field_shown() {
            return;
        }
        self.said += 1;
        if !change.shows_in(view) {
            return;
        }
        let hidden = self.hidden();
        let level = self.level();
        // Words outside of a paragraph are one.
        level.open = true;
        if let Some(kind) = hidden {
            level.line.hide(kind, words);
            return;
        }
        level.line.say(words, change, view);
        self.state.anchor(words, change);
    }

    /// Why letters of the open run are not seen, if they are not.
    pub(super) fn hidden(&mut self) -> Option<AsideKind> {
        let last = self.levels.len().saturating_sub(1);
        let level = self.levels.get(last)?;
        let styles = &self.state.styles;
        let paragraph = styles.paragraph(level.para.style.as_deref()).map(|(_, style)| style);
        let (run_style, run) = &level.run;
        let mut look = run.clone();
        if let Some(style) = run_style.as_deref().and_then(|id| styles.get(id)) {
            look = look.over(&style.look);
        }
        let mut behind = level.para.shade.shade;
        if let Some(style) = paragraph {
            look = look.over(&style.look);
            behind = behind.or(style.shade.shade);
        }
        look = look.over(styles.defaults());
        let ground = || self.grounds.iter().rev().find_map(|ground| *ground);
        look.hidden_on(behind.or_else(ground).unwrap_or(self.state.page))
    }

    /// A box of a form that is ticked or not, or the entry of a list that was
    /// chosen.
    pub(super) fn tick(&mut self) {
        let ticked = self.level().ticked.take().map(|on| if on { "☒" } else { "☐" }.to_owned());
        let chosen = self.level().choice.take().and_then(Choice::chosen);
        if let Some(shown) = ticked.or(chosen) {
            // It stands where the field's instruction is, which is not shown.
            let fields = std::mem::take(&mut self.level().fields);
            self.say(&shown, false);
            self.level().fields = fields;
        }
    }
}
