//! Ends of paragraphs, cells, notes and texts: where words become blocks.

use super::Story;
use crate::domain::marks::AsideKind;
use crate::extract::blocks::{self, Block, Change, row};

/// Most copies of a cell or row that is said to be repeated; a spreadsheet says
/// so of a million empty ones.
const MOST_COPIES: usize = 20;
/// Only short ones are copied, in bytes.
const SHORT: usize = 1_000;

/// How often a cell or row that is said to stand there `times` times is told.
fn copies(blocks: &[Block], times: usize) -> usize {
    let short = blocks::on_one_line(blocks).len() <= SHORT;
    if short { times.clamp(1, MOST_COPIES) } else { 1 }
}

impl Story<'_> {
    pub(super) fn end_note(&mut self, end: bool, mut blocks: Vec<Block>) {
        let change = Change { inserted: !self.inserting.is_empty(), deleted: false };
        if self.deletions > 0 || !change.shows_in(self.view) {
            return;
        }
        let label = format!("[{}]", self.citation.trim());
        for block in &mut blocks {
            if let Block::Paragraph { item, .. } = block {
                *item = true;
            }
        }
        match blocks.first_mut() {
            Some(Block::Paragraph { text, .. }) => *text = format!("{label} {text}"),
            _ => blocks.insert(0, Block::Paragraph { text: label.clone(), item: true }),
        }
        self.notes.push((end, blocks));
        self.say(&label);
    }

    pub(super) fn end_cell(&mut self, times: usize) {
        let blocks = self.end_level();
        self.grounds.pop();
        let Some(row) = self.rows.last_mut() else { return };
        if blocks.is_empty() {
            row.empty = row.empty.saturating_add(times);
            return;
        }
        let empty = std::mem::take(&mut row.empty).min(MOST_COPIES);
        row.cells.extend(std::iter::repeat_n(Vec::new(), empty));
        let copies = copies(&blocks, times);
        row.cells.extend(std::iter::repeat_n(blocks, copies));
    }

    pub(super) fn end_row(&mut self, times: usize) {
        let mut ended = self.rows.pop().unwrap_or_default();
        let empty = ended.empty.min(MOST_COPIES);
        ended.cells.extend(std::iter::repeat_n(Vec::new(), empty));
        let blocks = row(ended.cells);
        for _ in 1..copies(&blocks, times) {
            self.level().blocks.extend(blocks.iter().cloned());
        }
        self.level().blocks.extend(blocks);
        self.flush();
    }

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
        if level.open || !level.line.is_blank() || !level.line.after.is_empty() {
            // An end that was inserted is not there in the original.
            let inserted = Change { inserted: !self.inserting.is_empty(), deleted: false };
            self.end_paragraph_as(inserted.shows_in(self.view) || self.deletions > 0);
        }
    }

    /// Ends a paragraph; one whose end is not there goes on in the next.
    pub(super) fn end_paragraph_as(&mut self, ends: bool) {
        self.anchor(" ", Change::default());
        let level = self.level();
        let text = level.line.take_text();
        let mut rest = Vec::new();
        level.line.take_rest(&mut rest);
        level.held.append(&mut rest);
        level.open = false;
        if !ends {
            level.carry.push_str(&text);
            return;
        }
        let text = std::mem::take(&mut level.carry) + &text;
        let hidden = std::mem::take(&mut level.hidden);
        let blank = text.trim().is_empty();
        let label = if blank { None } else { self.label() };
        let deleted = self.deletions > 0;
        let level = self.level();
        if deleted && blank {
            // Where it is put back, it ends a paragraph.
            level.blocks.push(Block::paragraph(text));
        } else if hidden && !blank {
            level.held.insert(0, Block::Aside(AsideKind::Invisible, text));
            level.put(String::new(), false);
        } else {
            let item = label.as_ref().is_some_and(|l| l.starts_with('•'));
            level.put(label.unwrap_or_default() + &text, item);
        }
        self.flush();
    }

    /// The label of the paragraph that ends, which counts it.
    pub(super) fn label(&mut self) -> Option<String> {
        if self.deletions > 0 {
            return None;
        }
        let last = self.levels.len().saturating_sub(1);
        let level = self.levels.get_mut(last)?;
        let depth = level.lists.len();
        if let Some(list) = level.lists.last_mut() {
            if !std::mem::take(&mut list.due) {
                return None;
            }
            let styled = || self.styles.get("paragraph", &level.style).list;
            let style = list.style.clone().or_else(styled)?;
            let counts = self.counted.all.get_mut(list.counts)?;
            return self.styles.list(&style)?.next(counts, depth - 1, list.start.take());
        }
        let heading = level.heading.take().filter(|_| !level.unnumbered)?;
        if self.styles.get("paragraph", &level.style).list.is_some_and(|list| list.is_empty()) {
            return None;
        }
        self.styles.outline.next(&mut self.counted.outline, heading, None)
    }

    /// Puts down what waits for a paragraph that does not come.
    pub(super) fn flush_carry(&mut self) {
        let level = self.level();
        let text = std::mem::take(&mut level.carry);
        level.put(text, false);
        self.flush();
    }

    /// Hands on what is ready, where it is in no other text.
    pub(super) fn flush(&mut self) {
        if self.levels.len() > 1 || !self.rows.is_empty() {
            return;
        }
        for block in std::mem::take(&mut self.level().blocks) {
            if (self.out)(block).is_break() {
                self.full = true;
                return;
            }
        }
    }
}
