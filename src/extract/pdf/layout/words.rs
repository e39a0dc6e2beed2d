//! The words of lines, told apart by the gaps between their letters, in the
//! order in which they are read. Spelling is that of plain text: ligatures and
//! presentation forms are taken apart.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::super::output::Glyphs;
use super::super::output::sheet::Sides;
use super::atoms::Atom;
use super::bidi::{Class, class, mirrored, reading_order};
use super::order::Line;

/// Gaps, in font sizes, that part words: where spaces are drawn between them
/// too, and where they are not.
const GAP_BESIDE_SPACES: f32 = 0.2;
const GAP: f32 = 0.13;
/// Letters set wider than this are words of their own.
const MOST_LETTER_GAP: f32 = 0.42;
/// Gaps that are needed to tell how wide letters are set.
const ENOUGH_GAPS: usize = 5;
/// A gap as wide as this is one between cells.
const CELL_GAP: f32 = 2.0;
/// A digit so much smaller than what it stands beside, and raised by at least so
/// much in sizes of that, is a note's or a power.
const RAISED_SIZE: f32 = 0.85;
const RAISED: f32 = 0.22;
/// Raised digits in a row that are one number.
const MOST_RAISED: usize = 3;
const SUPERSCRIPT: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// All words that were written so far.
#[derive(Debug, Default)]
pub struct Draft {
    /// The words, one behind the other, with nothing between them.
    pub text: String,
    pub words: Vec<Word>,
}

#[derive(Debug, Clone)]
pub struct Word {
    /// Into [`Draft::text`].
    pub span: Range<usize>,
    /// On the page.
    pub sides: Sides,
    /// Whether a gap as between cells is before it.
    pub apart: bool,
}

/// A line with its words.
#[derive(Debug, Clone)]
pub struct DraftLine {
    /// Into [`Draft::words`]; never empty.
    pub words: Range<usize>,
    pub region: u32,
    /// Whether it is the number of a line that is empty.
    pub is_number: bool,
    /// In the frame of its group.
    pub left: f32,
    pub right: f32,
    pub y: f32,
    pub size: f32,
}

impl Draft {
    pub fn word(&self, index: usize) -> &str {
        self.words.get(index).and_then(|word| self.text.get(word.span.clone())).unwrap_or_default()
    }

    /// Writes a line down; `None` where nothing is on it. `backward`: whether
    /// the page is written from right to left.
    pub fn add(
        &mut self,
        page: &Glyphs,
        atoms: &[Atom],
        line: &Line,
        backward: bool,
    ) -> Option<DraftLine> {
        let first = self.words.len();
        let pieces = ordered(page, atoms, pieces(page, atoms, line), backward);
        let last = pieces.len().saturating_sub(1);
        let mut open = false;
        let mut apart = false;
        for (at, piece) in pieces.iter().enumerate() {
            let (atom, form) = match piece {
                Piece::Letter(atom, form) => (&atoms[*atom as usize], *form),
                Piece::Space | Piece::Wide => {
                    open = false;
                    apart |= *piece == Piece::Wide;
                    continue;
                }
            };
            if !open {
                let span = self.text.len()..self.text.len();
                self.words.push(Word { span, sides: atom.sides, apart });
                (open, apart) = (true, false);
            }
            let spelled = page.spelled(&page.glyphs[atom.glyph as usize]);
            spell(&mut self.text, spelled, form, at == last);
            if let Some(word) = self.words.last_mut() {
                word.span.end = self.text.len();
                word.sides = around(word.sides, atom.sides);
            }
        }
        self.drop_empty(first);
        let widest = line.segments.iter().max_by_key(|segment| segment.letters)?;
        (self.words.len() > first).then(|| DraftLine {
            words: first..self.words.len(),
            region: line.region,
            is_number: line.is_number,
            left: line.segments.iter().map(|s| s.left).fold(f32::MAX, f32::min),
            right: line.segments.iter().map(|s| s.right).fold(f32::MIN, f32::max),
            y: widest.y,
            size: widest.size,
        })
    }

    fn drop_empty(&mut self, first: usize) {
        let mut at = 0;
        self.words.retain(|word| {
            at += 1;
            at <= first || !word.span.is_empty()
        });
    }
}

/// The smallest box around two.
pub fn around(a: Sides, b: Sides) -> Sides {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece {
    /// Into the atoms.
    Letter(u32, Form),
    Space,
    Wide,
}

/// How a letter is written down.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    AsItIs,
    /// A bracket to be turned round.
    Mirrored,
    /// A digit that is none of the number before it.
    Raised,
}

/// Letters and gaps from left to right.
fn pieces(page: &Glyphs, atoms: &[Atom], line: &Line) -> Vec<Piece> {
    let steps = steps(page, atoms, line);
    let limit = gap_limit(&steps);
    let raised = raised(page, atoms, line, &steps);
    let mut pieces = Vec::with_capacity(steps.len() * 5 / 4);
    // Whether the word so far is a raised number: that of a note, before the
    // note's first word.
    let mut is_mark = false;
    for (step, is_raised) in steps.iter().zip(raised) {
        let letter = || spelled(page, atoms, step.atom).contains(char::is_alphanumeric);
        let begins = pieces.is_empty()
            || step.spaced
            || step.gap > limit
            || is_mark && !is_raised && letter();
        if step.gap >= CELL_GAP && !pieces.is_empty() {
            pieces.push(Piece::Wide);
        } else if begins && !pieces.is_empty() {
            pieces.push(Piece::Space);
        }
        is_mark = is_raised && (begins || is_mark);
        let form = if is_raised && !is_mark { Form::Raised } else { Form::AsItIs };
        pieces.push(Piece::Letter(step.atom, form));
    }
    pieces
}

/// For each letter of a line whether it is a digit of a raised number. What
/// stands apart, as the number of a line does, is raised beside nothing.
fn raised(page: &Glyphs, atoms: &[Atom], line: &Line, steps: &[Step]) -> Vec<bool> {
    let is_raised = |step: &Step| {
        let (atom, beside) = (&atoms[step.atom as usize], &line.segments[step.segment]);
        atom.size < RAISED_SIZE * beside.size
            && beside.y - atom.y > RAISED * beside.size
            && spelled(page, atoms, step.atom).bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut raised: Vec<bool> = steps.iter().map(is_raised).collect();
    for run in raised.chunk_by_mut(|a, b| a == b).filter(|run| run.len() > MOST_RAISED) {
        run.fill(false);
    }
    raised
}

/// A letter and what is before it.
struct Step {
    atom: u32,
    /// Into the segments of the line.
    segment: usize,
    /// In font sizes.
    gap: f32,
    /// Whether a space is drawn there.
    spaced: bool,
}

fn steps(page: &Glyphs, atoms: &[Atom], line: &Line) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut right, mut last, mut spaced) = (f32::MIN, None::<Atom>, false);
    for (index, segment) in line.segments.iter().enumerate() {
        spaced |= index > 0;
        let mut indexes: Vec<u32> = segment.runs.iter().flat_map(|run| run.from..run.to).collect();
        if indexes.iter().any(|at| may_go_back(spelled(page, atoms, *at))) {
            // Marks may be drawn after a whole word.
            indexes.sort_by(|a, b| atoms[*a as usize].left.total_cmp(&atoms[*b as usize].left));
        }
        for at in indexes {
            let atom = atoms[at as usize];
            if atom.is_space {
                spaced = true;
                continue;
            }
            let gap = last.map_or(0.0, |last| {
                let size = atom.size.max(last.size).max(0.01);
                (atom.left - right - last.spacing.max(0.0)) / size
            });
            steps.push(Step { atom: at, segment: index, gap, spaced });
            right = right.max(atom.right);
            (last, spaced) = (Some(atom), false);
        }
    }
    steps
}

fn spelled<'a>(page: &'a Glyphs, atoms: &[Atom], at: u32) -> &'a str {
    page.spelled(&page.glyphs[atoms[at as usize].glyph as usize])
}

/// Whether it may be written from right to left: Hebrew is the first such
/// script in Unicode.
fn may_go_back(spelled: &str) -> bool {
    spelled.bytes().any(|byte| byte >= 0xD6)
}

/// The gap, in font sizes, from which on a new word begins on this line.
fn gap_limit(steps: &[Step]) -> f32 {
    let drawn = steps.iter().filter(|step| step.spaced).count();
    let gap = if drawn * 16 >= steps.len() { GAP_BESIDE_SPACES } else { GAP };
    let mut gaps: Vec<f32> =
        steps.iter().skip(1).filter(|step| !step.spaced).map(|step| step.gap).collect();
    if gaps.len() < ENOUGH_GAPS {
        return gap;
    }
    let middle = gaps.len() / 2;
    let usual = *gaps.select_nth_unstable_by(middle, f32::total_cmp).1;
    if usual > MOST_LETTER_GAP { gap } else { gap + usual.max(0.0) }
}

/// Letters of a line in the order in which they are read.
fn ordered(page: &Glyphs, atoms: &[Atom], pieces: Vec<Piece>, backward: bool) -> Vec<Piece> {
    let said = |piece: &Piece| match piece {
        Piece::Letter(atom, _) => spelled(page, atoms, *atom),
        _ => " ",
    };
    if !pieces.iter().any(|piece| may_go_back(said(piece))) {
        return pieces;
    }
    let classes: Vec<Class> = pieces.iter().map(|piece| class(said(piece))).collect();
    if !classes.contains(&Class::Backward) {
        return pieces;
    }
    let backward = backward || super::bidi::is_backward(classes.iter().copied());
    let order = reading_order(&classes, backward);
    let mut pieces: Vec<Piece> = order.iter().map(|at| pieces[*at]).collect();
    marks_behind_letters(&mut pieces, atoms, said);
    if faces_away(pieces.iter().map(said)) {
        for (at, piece) in order.iter().zip(&mut pieces) {
            if let Piece::Letter(_, form) = piece
                && *form == Form::AsItIs
                && (backward || classes[*at] == Class::Backward)
            {
                *form = Form::Mirrored;
            }
        }
    }
    pieces
}

/// Combining marks belong behind the letter that they stand on.
fn marks_behind_letters<'a>(
    pieces: &mut [Piece],
    atoms: &[Atom],
    spelled: impl Fn(&Piece) -> &'a str,
) {
    let on = |mark: &Piece, letter: Option<&Piece>| match (mark, letter) {
        (Piece::Letter(mark, _), Some(Piece::Letter(letter, _))) => {
            let (mark, letter) = (atoms[*mark as usize], atoms[*letter as usize]);
            let middle = f32::midpoint(mark.left, mark.right);
            letter.left - 0.5 <= middle && middle <= letter.right + 0.5
        }
        _ => false,
    };
    for at in 0..pieces.len().saturating_sub(1) {
        let is_mark = spelled(&pieces[at]).chars().next().is_some_and(is_combining_mark);
        let before = at.checked_sub(1).and_then(|before| pieces.get(before));
        if is_mark && on(&pieces[at], pieces.get(at + 1)) && !on(&pieces[at], before) {
            pieces.swap(at, at + 1);
        }
    }
}

/// Whether the first bracket closes what was never opened: then the file names
/// brackets by their shapes.
fn faces_away<'a>(mut spelled: impl Iterator<Item = &'a str>) -> bool {
    let first = spelled.find_map(|s| s.chars().find(|c| matches!(c, '(' | ')' | '[' | ']')));
    matches!(first, Some(')' | ']'))
}

/// Adds what a glyph spells. `last`: whether it is the last one of its line.
fn spell(text: &mut String, spelled: &str, form: Form, last: bool) {
    for c in spelled.chars() {
        match c {
            '0'..='9' if form == Form::Raised => text.push(SUPERSCRIPT[c as usize - '0' as usize]),
            // What is drawn in the middle of a line is no place for a break.
            '\u{AD}' if !last => text.push('-'),
            '\u{FB00}'..='\u{FB06}' | '\u{FB1D}'..='\u{FDFB}' | '\u{FE70}'..='\u{FEFC}' => {
                text.extend(c.nfkc());
            }
            c if c.is_whitespace() || c.is_control() => {}
            c if form == Form::Mirrored => text.push(mirrored(c)),
            c => text.push(c),
        }
    }
}
