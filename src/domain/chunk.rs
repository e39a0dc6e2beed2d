//! Cuts a document into chunks that fit a token budget, along its structure.
//! Knows layout and a way to count tokens; knows nothing of models or jobs.

mod block;
mod pack;

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::sentence::line::{self, Kind};
use super::span::ByteSpan;

/// A piece of a document that is put before a model in one go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// Counted from 0 in reading order.
    pub index: usize,
    /// Into [`Document::text`].
    pub span: ByteSpan,
    /// As the counter counts the chunk's own text.
    pub tokens: usize,
}

/// Cuts the readable pages of `doc`, or the part of them that lies `within` a
/// passage, into chunks of at most `budget` tokens by `count`.
///
/// The chunks tile that text without gaps or overlaps; none spans a page that
/// could not be read. They break where the structure is strongest once they
/// are well filled, and inside a sentence or a word only where that alone is
/// over the budget. A single character over the budget is a chunk all the same.
pub fn chunks(
    doc: &Document,
    within: Option<ByteSpan>,
    budget: usize,
    count: &dyn Fn(&str) -> usize,
) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    for stretch in stretches(doc, within) {
        let text = &doc.text[stretch.start..stretch.end];
        for packed in pack::pack(text, budget.max(1), count) {
            let span = packed.span.shifted(stretch.start);
            chunks.push(Chunk { index: chunks.len(), span, tokens: packed.tokens });
        }
    }
    chunks
}

/// Runs of adjacent readable pages, narrowed to the passage; none is empty.
fn stretches(doc: &Document, within: Option<ByteSpan>) -> Vec<ByteSpan> {
    let text = doc.text.as_str();
    let chosen = within.unwrap_or(ByteSpan::new(0, text.len()));
    let mut runs: Vec<ByteSpan> = Vec::new();
    for page in doc.readable() {
        let start = text.floor_char_boundary(page.start.max(chosen.start));
        let end = text.floor_char_boundary(page.end.min(chosen.end));
        if start >= end {
            continue;
        }
        match runs.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => runs.push(ByteSpan::new(start, end)),
        }
    }
    runs
}

/// A paragraph, or what stands between paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Into the text that was cut, trimmed.
    pub span: ByteSpan,
    /// Whether it is a paragraph; else a heading, a table or code.
    pub prose: bool,
}

/// The prose of `text` in units for rewriting: paragraphs, clauses, speaker
/// turns and list items, trimmed and in order. Headings, tables, code and
/// rules are left out; "(a)" items on lines of their own stay with the words
/// that lead them in.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<ByteSpan> {
    pieces(text).into_iter().filter(|piece| piece.prose).map(|piece| piece.span).collect()
}

/// All of `text` but page numbers, rules and blank lines: its paragraphs, and
/// in their places its headings, one a line, its tables and its code.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    // Whether the last piece, prose or not, may go on in the next line.
    let mut open = false;
    for line in line::classify(text) {
        let prose = !matches!(line.kind, Kind::Heading(_) | Kind::Table | Kind::Code | Kind::Fence);
        let joins = match line.kind {
            Kind::Page => continue,
            // A sentence may still go on after a blank line; an item may not.
            // Under the head of a table there is a rule.
            Kind::Blank | Kind::Rule => {
                open &= line.kind == Kind::Rule && pieces.last().is_some_and(|last| !last.prose);
                continue;
            }
            Kind::Prose => line.joins,
            Kind::SubItem | Kind::Table | Kind::Code | Kind::Fence => open,
            Kind::Heading(_) | Kind::Clause(_) | Kind::Turn | Kind::Answer | Kind::Item => false,
        };
        let span = line.body;
        match pieces.last_mut() {
            Some(last) if joins && last.prose == prose => last.span.end = span.end,
            _ => pieces.push(Piece { span, prose }),
        }
        open = !matches!(line.kind, Kind::Heading(_));
    }
    pieces
}

#[cfg(test)]
mod tests;
