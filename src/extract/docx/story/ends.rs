//! Ends of paragraphs, cells and texts: where words become blocks.

use super::Story;
use crate::extract::blocks::{Block, Change};
use crate::extract::docx::frame::Mark;
use crate::extract::docx::numbering::Label;

impl Story<'_> {
    pub(super) fn end_cell(&mut self, inserted: u32, deleted: u32) {
        let blocks = self.end_level();
        self.grounds.pop();
        let change = Change { inserted: inserted > 0, deleted: deleted > 0 };
        // A cell that is not there in this view leaves no empty place.
        if change.shows_in(self.state.view)
            && let Some(cells) = self.rows.last_mut()
        {
            cells.push(blocks);
        }
        self.inserted = self.inserted.saturating_sub(inserted);
        self.deleted = self.deleted.saturating_sub(deleted);
    }

    /// Ends the innermost text and gives its blocks.
    pub(super) fn end_level(&mut self) -> Vec<Block> {
        self.end_paragraph();
        self.flush_carry();
        if self.levels.len() < 2 {
            return Vec::new();
        }
        self.levels.pop().map(|level| level.blocks).unwrap_or_default()
    }

    pub(super) fn end_paragraph(&mut self) {
        let level = self.level();
        if !level.open && level.line.is_blank() && level.line.after.is_empty() {
            return;
        }
        let view = self.state.view;
        self.state.anchor(" ", Change::default());
        let line = &self.level().line;
        let all_deleted = line.is_blank() || line.is_all_deleted();
        let mark = self.level().para.mark;
        let mut change = mark.change;
        change.inserted |= self.inserted > 0;
        change.deleted |= self.deleted > 0;
        let gone = !change.shows_in(view) || change.deleted && all_deleted;
        let label = if gone { None } else { self.label(mark) };
        let joins = !mark.change.shows_in(view);
        let bullet = label.as_ref().is_some_and(|l| l.bullet);
        let label = label.map(|l| l.text).unwrap_or_default();
        let level = self.level();
        let text = level.line.take_text();
        let runs_on = mark.hidden && mark.runs_on && !text.trim().is_empty();
        let mut rest = Vec::new();
        level.line.take_rest(&mut rest);
        level.held.append(&mut rest);
        level.end();
        if joins {
            level.back.push_str(&text);
        } else {
            let back = std::mem::take(&mut level.back);
            let label = if bullet && back.trim().is_empty() && text.trim().is_empty() {
                ""
            } else {
                &label
            };
            let whole = [std::mem::take(&mut level.front).as_str(), label, &back, &text].concat();
            if runs_on {
                level.front = whole + " ";
            } else {
                level.put(whole, bullet);
            }
        }
        self.flush();
    }

    /// Puts down what waits for a paragraph that does not come.
    pub(super) fn flush_carry(&mut self) {
        let level = self.level();
        let whole = std::mem::take(&mut level.front) + &std::mem::take(&mut level.back);
        level.put(whole, false);
        self.flush();
    }

    /// The label of the paragraph that ends, which counts it.
    pub(super) fn label(&mut self, mark: Mark) -> Option<Label> {
        let last = self.levels.len().saturating_sub(1);
        let level = self.levels.get(last)?;
        let unseen = mark.ends_section || mark.hidden && !mark.runs_on;
        if unseen && level.line.is_blank() {
            return None;
        }
        let para = &level.para;
        if let Some(label) = &para.label {
            let bullet = !label.contains(char::is_alphanumeric);
            let text = if bullet { "• ".to_owned() } else { format!("{} ", label.trim()) };
            return Some(Label { text, bullet });
        }
        let style = self.state.styles.paragraph(para.style.as_deref());
        let inherited = style.and_then(|(_, style)| style.num.as_deref());
        let num = para.num.as_deref().or(inherited)?;
        if num == "0" {
            return None;
        }
        let of_style = || {
            let (id, style) = style?;
            self.state.numbering.level_of_style(num, id).or(style.level)
        };
        let at = para.level.or_else(of_style).unwrap_or(0);
        let styles = &self.state.styles;
        let number = |id: &str| styles.get(id).and_then(|style| style.num.clone());
        self.state.numbering.next(num, at, &number)
    }

    /// Hands on what is ready, where it is in no other text.
    pub(super) fn flush(&mut self) {
        if self.levels.len() > 1 || !self.rows.is_empty() {
            return;
        }
        for block in std::mem::take(&mut self.level().blocks) {
            if self.out.block(block).is_break() {
                self.full = true;
                return;
            }
        }
    }
}
