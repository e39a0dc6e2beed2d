//! Paragraphs: which lines belong together, and in which order paragraphs come
//! once footnotes and hidden words have their place.

use std::ops::Range;

use super::super::output::sheet::Sides;
use super::words::{Draft, DraftLine, around};
use crate::domain::marks::AsideKind;

/// A gap between two lines so much larger than is usual is one between
/// paragraphs.
const WIDER: f32 = 1.22;
/// Where a full line without an end of a sentence goes before, and the next
/// goes on in lower case, the gap may be so much larger.
const WIDER_WITHIN: f32 = 1.8;
/// Lines that differ more than this in size do not belong together.
const SIZES: f32 = 1.15;
/// The usual distance of lines, in font sizes, where nothing tells it.
const LEADING: f32 = 1.25;
/// Lines are not further apart than this, in font sizes, in one paragraph.
const MOST_LEADING: f32 = 3.2;
/// How far the first line of a paragraph is indented at least and at most, in
/// font sizes.
const INDENT: f32 = 0.9;
const MOST_INDENT: f32 = 6.0;
/// A footnote is smaller than the text by this.
const NOTE_SIZE: f32 = 0.93;

/// A paragraph.
#[derive(Debug, Clone)]
pub struct Block {
    /// Into the lines.
    pub lines: Range<usize>,
    /// On the page.
    pub sides: Sides,
    pub size: f32,
    /// Why it is hidden, if it is.
    pub kind: Option<AsideKind>,
    /// Whether it goes on with the sentence of the one before.
    pub goes_on: bool,
}

/// The paragraphs that `lines[from..]` make up.
pub fn blocks(
    draft: &Draft,
    lines: &[DraftLine],
    from: usize,
    kind: Option<AsideKind>,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut start = from;
    for region in lines[from..].chunk_by(|a, b| a.region == b.region) {
        let leading = leading(region);
        let margin = region.iter().map(|line| line.left).fold(f32::MAX, f32::min);
        for (at, line) in region.iter().enumerate() {
            let before = region[..at].iter().rfind(|line| !line.is_number);
            let new = at == 0
                || !line.is_number
                    && before.is_some_and(|before| {
                        let goes_on =
                            says_more(draft, before, line) && before.right > line.right - line.size;
                        let leading =
                            if goes_on { leading * WIDER_WITHIN / WIDER } else { leading };
                        starts_paragraph(before, line, region.get(at + 1), leading, margin)
                    });
            let sides = sides(draft, line);
            match blocks.last_mut() {
                Some(block) if !new => {
                    block.lines.end = start + at + 1;
                    block.sides = around(block.sides, sides);
                }
                _ => blocks.push(Block {
                    lines: start + at..start + at + 1,
                    sides,
                    size: line.size,
                    kind,
                    goes_on: at == 0 && goes_on(draft, lines, from, start),
                }),
            }
        }
        start += region.len();
    }
    blocks
}

fn sides(draft: &Draft, line: &DraftLine) -> Sides {
    let words = &draft.words[line.words.clone()];
    words.iter().map(|word| word.sides).reduce(around).unwrap_or_default()
}

/// The usual distance between the baselines of a region's lines.
fn leading(region: &[DraftLine]) -> f32 {
    let size = region.first().map_or(1.0, |line| line.size);
    let mut steps: Vec<f32> = region
        .windows(2)
        .map(|pair| pair[1].y - pair[0].y)
        .filter(|step| *step > 0.5 * size && *step < MOST_LEADING * size)
        .collect();
    if steps.is_empty() {
        return LEADING * size;
    }
    // Of prose with paragraphs set apart most steps are within paragraphs.
    let at = steps.len() * 2 / 5;
    *steps.select_nth_unstable_by(at, f32::total_cmp).1
}

fn starts_paragraph(
    before: &DraftLine,
    line: &DraftLine,
    after: Option<&DraftLine>,
    leading: f32,
    margin: f32,
) -> bool {
    let step = line.y - before.y;
    let is_wide = |step: f32| step > WIDER * leading + 0.3;
    if is_wide(step) || step > MOST_LEADING * line.size.max(before.size) {
        return true;
    }
    if before.size.max(line.size) > SIZES * before.size.min(line.size) {
        return true;
    }
    let indent = (line.left - margin) / line.size.max(0.01);
    let flush = |line: &DraftLine| line.left - margin < 0.4 * line.size;
    // Behind a clause of two lines, the second hanging, the next begins flush too,
    // but further down.
    let follows = |after: &DraftLine| flush(after) && !is_wide(after.y - line.y);
    (INDENT..MOST_INDENT).contains(&indent) && flush(before) && after.is_some_and(follows)
}

/// Whether a sentence goes on from the region before the line at `at`.
fn goes_on(draft: &Draft, lines: &[DraftLine], from: usize, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|before| *before >= from) else { return false };
    let (before, line) = (&lines[before], &lines[at]);
    before.size.max(line.size) <= SIZES * before.size.min(line.size)
        && says_more(draft, before, line)
        && line.y < before.y
}

/// Whether the words of two lines are those of one sentence.
fn says_more(draft: &Draft, before: &DraftLine, line: &DraftLine) -> bool {
    let last = draft.word(before.words.end.saturating_sub(1)).chars().next_back();
    let first = draft.word(line.words.start).chars().next();
    first.is_some_and(char::is_lowercase)
        && last
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | '-' | '\u{AD}' | '\u{2010}'))
}

/// Puts footnotes of one column behind the text of the next.
pub fn footnotes_last(draft: &Draft, lines: &[DraftLine], blocks: &mut [Block]) {
    let body = body_size(draft, lines, blocks);
    let mut at = 0;
    let mut left = blocks.len();
    while at < blocks.len() && left > 0 {
        left -= 1;
        let end = (at..blocks.len())
            .find(|i| !is_small(&blocks[*i], body) || lines_apart(&blocks[at], &blocks[*i]))
            .unwrap_or(blocks.len());
        if end == at || !is_marked(draft, lines, &blocks[at]) {
            at += 1;
            continue;
        }
        let top = blocks[at].sides[1];
        let behind = (end..blocks.len()).rev().find(|i| blocks[*i].sides[3] <= top);
        match behind {
            Some(behind) => blocks[at..=behind].rotate_left(end - at),
            None => at = end,
        }
    }
}

fn is_small(block: &Block, body: f32) -> bool {
    block.size < NOTE_SIZE * body
}

/// Whether two blocks are in different columns.
fn lines_apart(a: &Block, b: &Block) -> bool {
    a.sides[2] < b.sides[0] || b.sides[2] < a.sides[0] || b.sides[1] < a.sides[1]
}

/// Whether a block begins as a note does.
fn is_marked(draft: &Draft, lines: &[DraftLine], block: &Block) -> bool {
    let first = lines.get(block.lines.start).map(|line| draft.word(line.words.start));
    let first = first.and_then(|word| word.chars().next());
    first.is_some_and(|c| c.is_numeric() || matches!(c, '*' | '†' | '‡' | '§' | '[' | '('))
}

/// The size in which most letters of the page are.
fn body_size(draft: &Draft, lines: &[DraftLine], blocks: &[Block]) -> f32 {
    let mut sizes: Vec<(f32, usize)> = Vec::new();
    for line in blocks.iter().flat_map(|block| &lines[block.lines.clone()]) {
        let words = &draft.words[line.words.clone()];
        let letters = words.iter().map(|word| word.span.len()).sum();
        sizes.push((line.size, letters));
    }
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|size| size.1).sum::<usize>() / 2;
    let mut seen = 0;
    let middle = sizes.iter().find(|(_, letters)| {
        seen += letters;
        seen > half
    });
    middle.map_or(0.0, |(size, _)| *size)
}

/// Puts hidden paragraphs behind those in which or below which they stand.
pub fn place_hidden(blocks: &mut Vec<Block>, hidden: Vec<Block>) {
    let seen = blocks.len();
    let mut placed: Vec<(usize, Block)> =
        hidden.into_iter().map(|block| (behind(&blocks[..seen], block.sides), block)).collect();
    placed.sort_by_key(|(at, _)| *at);
    for (at, block) in placed.into_iter().rev() {
        blocks.insert(at.min(blocks.len()), block);
    }
    // A sentence cannot go on behind words that stand between.
    for at in 1..blocks.len() {
        if blocks[at - 1].kind.is_some() {
            blocks[at].goes_on = false;
        }
    }
}

/// Behind which block something at `sides` stands.
fn behind(blocks: &[Block], sides: Sides) -> usize {
    let middle = f32::midpoint(sides[1], sides[3]);
    let beside = |block: &Block| block.sides[0] < sides[2] && sides[0] < block.sides[2];
    let within = |block: &Block| block.sides[1] <= middle && middle <= block.sides[3];
    let inside = blocks.iter().rposition(|block| within(block) && beside(block));
    let inside = inside.or_else(|| blocks.iter().rposition(within));
    let above = || blocks.iter().rposition(|block| block.sides[3] <= middle);
    inside.or_else(above).map_or(usize::from(!blocks.is_empty()), |at| at + 1)
}
