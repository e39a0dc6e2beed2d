//! The pieces that chunks are packed from, and how strong a break each offers:
//! blocks of lines first, then sentences, then runs of words.

use crate::domain::sentence::line::{self, Kind, Line};
use crate::domain::sentence::sentences;
use crate::domain::span::ByteSpan;

/// How fine a piece is; only what is not yet [`Grain::Words`] can be cut further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    Block,
    Sentence,
    Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub span: ByteSpan,
    /// How good a place for a break the piece's start is; 0 is the worst.
    pub strength: u8,
    pub grain: Grain,
    /// What the counter said of it, once it was asked.
    pub tokens: Option<usize>,
}

const SENTENCE: u8 = 1;

/// The blocks of `text`; they tile it. Blank lines and rules belong to the
/// block before them.
pub(super) fn blocks(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut last: Option<Kind> = None;
    for line in line::classify(text) {
        let opens = opens(&line, last);
        match pieces.last_mut() {
            Some(piece) if opens.is_none() => piece.span.end = line.span.end,
            first => {
                let start = if first.is_none() { 0 } else { line.span.start };
                pieces.push(Piece {
                    span: ByteSpan::new(start, line.span.end),
                    strength: opens.unwrap_or(0),
                    grain: Grain::Block,
                    tokens: None,
                });
            }
        }
        if !matches!(line.kind, Kind::Blank | Kind::Page | Kind::Rule) {
            last = Some(line.kind);
        }
    }
    pieces
}

/// The strength of the break before `line`; `None` where no block begins.
fn opens(line: &Line, last: Option<Kind>) -> Option<u8> {
    let strength = match line.kind {
        Kind::Blank | Kind::Page | Kind::Rule => return None,
        Kind::Prose if line.joins => return None,
        // The closing fence belongs to the code.
        Kind::Fence | Kind::Code if matches!(last, Some(Kind::Code)) => SENTENCE,
        Kind::Table if last == Some(Kind::Table) => SENTENCE,
        Kind::Heading(1 | 2) => 9,
        Kind::Heading(_) => 8,
        Kind::Clause(1) => 7,
        Kind::Clause(_) => 6,
        Kind::Turn => 5,
        Kind::Prose | Kind::Fence | Kind::Code | Kind::Table => 4,
        Kind::Item | Kind::SubItem => 3,
        Kind::Answer => 2,
    };
    // A heading is not parted from what stands under it.
    let titled = matches!(last, Some(Kind::Heading(_)));
    Some(if titled { 0 } else { strength })
}

/// Cuts a block at its sentences. One piece where there is nothing to cut.
pub(super) fn split_block(text: &str, block: Piece) -> Vec<Piece> {
    let own = &text[block.span.start..block.span.end];
    let starts = sentences(own).into_iter().skip(1).map(|s| block.span.start + s.start);
    tile(block, starts.collect(), Grain::Sentence, SENTENCE)
}

/// Halves `piece` at the words until each part counts at most `grain` tokens,
/// or is a single character.
pub(super) fn split_words(
    text: &str,
    piece: Piece,
    grain: usize,
    count: &dyn Fn(&str) -> usize,
) -> Vec<Piece> {
    let mut done = Vec::new();
    let mut open = vec![piece];
    while let Some(next) = open.pop() {
        let own = &text[next.span.start..next.span.end];
        let tokens = next.tokens.unwrap_or_else(|| count(own));
        let middle = if tokens > grain { middle(own) } else { None };
        let Some(cut) = middle.map(|at| next.span.start + at) else {
            done.push(Piece { tokens: Some(tokens), grain: Grain::Words, ..next });
            continue;
        };
        let part = |start, end, strength| Piece {
            span: ByteSpan::new(start, end),
            strength,
            grain: Grain::Words,
            tokens: None,
        };
        open.push(part(cut, next.span.end, 0));
        open.push(part(next.span.start, cut, next.strength));
    }
    done
}

fn tile(whole: Piece, starts: Vec<usize>, grain: Grain, strength: u8) -> Vec<Piece> {
    if starts.is_empty() {
        return vec![Piece { grain, ..whole }];
    }
    let mut pieces = Vec::with_capacity(starts.len() + 1);
    let mut from = whole.span.start;
    let mut own = whole.strength;
    for next in starts.into_iter().chain([whole.span.end]) {
        let span = ByteSpan::new(from, next);
        pieces.push(Piece { span, strength: own, grain, tokens: None });
        from = next;
        own = strength;
    }
    pieces
}

/// The start of the word nearest to the middle of `text`, or the middle
/// character where it is one word; `None` for a single character.
fn middle(text: &str) -> Option<usize> {
    let half = text.floor_char_boundary(text.len() / 2);
    let starts = |at: usize| {
        text[..at].ends_with(char::is_whitespace) && !text[at..].starts_with(char::is_whitespace)
    };
    let after = (half..text.len()).find(|at| text.is_char_boundary(*at) && *at > 0 && starts(*at));
    let before = (1..half).rev().find(|at| text.is_char_boundary(*at) && starts(*at));
    let nearest = match (before, after) {
        (Some(before), Some(after)) => {
            Some(if half - before < after - half { before } else { after })
        }
        (one, other) => one.or(other),
    };
    let first = text.chars().next().map_or(0, char::len_utf8);
    nearest.or_else(|| (first < text.len()).then_some(half.max(first)))
}
