//! From the glyphs of a page to its text: words, lines, paragraphs and the
//! order in which a person reads them, with what cannot be seen set aside.
//! Knows no file and no reader.

#![expect(clippy::cast_precision_loss, reason = "what is counted on a page is few")]

mod atoms;
mod bidi;
mod blocks;
mod compose;
mod hidden;
mod margin;
mod order;
mod runs;
mod words;

use atoms::{Group, grouped, single};
use blocks::{Block, blocks, footnotes_last, place_hidden};
use runs::Segment;
use words::{Draft, DraftLine};

use super::output::Glyphs;
use crate::domain::marks::{AsideKind, Marks};

/// A page's text as it is read, and what is known of places in it.
#[derive(Debug, Default)]
pub struct Laid {
    pub text: String,
    /// Into `text`: boxes of words, joins at the ends of lines, hidden words.
    pub marks: Marks,
}

/// The text of `page`.
pub fn laid_out(page: &Glyphs) -> Laid {
    let kinds = hidden::hidden(page);
    let glyphs = single(page);
    let of_kind = |kind: Option<AsideKind>| -> Vec<u32> {
        glyphs.iter().copied().filter(|glyph| kinds[*glyph as usize] == kind).collect()
    };
    let mut layout = Layout { page, draft: Draft::default(), lines: Vec::new() };
    let mut all = layout.visible(&of_kind(None));
    let mut found: Vec<AsideKind> = kinds.iter().copied().flatten().collect();
    found.sort_unstable();
    found.dedup();
    let mut out_of_sight = Vec::new();
    for kind in found {
        for group in grouped(page, &of_kind(Some(kind))) {
            out_of_sight.extend(layout.group(&group, false, Some(kind)));
        }
    }
    place_hidden(&mut all, out_of_sight);
    let (text, marks) = compose::compose(&layout.draft, &layout.lines, &all);
    Laid { text, marks }
}

struct Layout<'a> {
    page: &'a Glyphs,
    draft: Draft,
    lines: Vec<DraftLine>,
}

impl Layout<'_> {
    /// What can be seen: first what goes the way that most of the page goes.
    fn visible(&mut self, glyphs: &[u32]) -> Vec<Block> {
        let mut all = Vec::new();
        for group in grouped(self.page, glyphs) {
            let spelled = group
                .atoms
                .iter()
                .map(|atom| self.page.spelled(&self.page.glyphs[atom.glyph as usize]));
            let backward = bidi::is_backward(spelled.map(bidi::class));
            let mut blocks = self.group(&group, backward, None);
            footnotes_last(&self.draft, &self.lines, &mut blocks);
            all.append(&mut blocks);
        }
        all
    }

    fn group(&mut self, group: &Group, backward: bool, kind: Option<AsideKind>) -> Vec<Block> {
        let from = self.lines.len();
        let mut segments = runs::segments(&group.atoms);
        let numbers = margin::numbers_beside(&mut segments, |s| self.number(group, s));
        let mut lines = order::lines(segments, backward);
        margin::put_back(numbers, &mut lines, |s| self.number(group, s));
        for line in lines {
            let line = self.draft.add(self.page, &group.atoms, &line, backward);
            self.lines.extend(line);
        }
        blocks(&self.draft, &self.lines, from, kind)
    }

    /// What a segment is where it is nothing but a small number.
    fn number(&self, group: &Group, segment: &Segment) -> Option<u32> {
        if segment.letters > 3 {
            return None;
        }
        let atoms = segment.runs.iter().flat_map(|run| run.from..run.to);
        atoms.map(|at| &group.atoms[at as usize]).filter(|atom| !atom.is_space).try_fold(
            0,
            |number, atom| {
                let spelled = self.page.spelled(&self.page.glyphs[atom.glyph as usize]);
                Some(number * 10 + spelled.parse::<u32>().ok().filter(|digit| *digit < 10)?)
            },
        )
    }
}

#[cfg(test)]
mod tests;
