//! The ledger: what became of every byte of a document's text.

use serde::{Deserialize, Serialize};

use super::document::{Document, PageState};
use super::span::ByteSpan;

/// Bytes of a document's text by what became of them; the three parts add up
/// to `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Part of a chunk that was worked on to the end.
    pub read: usize,
    /// Left out on purpose: empty pages, and everything outside a chosen passage.
    pub excluded: usize,
    /// Meant to be read and not read: broken pages, failed or cancelled chunks.
    pub failed: usize,
    pub total: usize,
}

impl Coverage {
    /// Sums up a document whose chunks `done` were worked on to the end.
    /// `chosen` narrows the work to a passage; the rest counts as excluded.
    #[must_use]
    pub fn of(doc: &Document, chosen: Option<ByteSpan>, done: &[ByteSpan]) -> Self {
        let total = doc.text.len();
        let chosen = chosen.unwrap_or(ByteSpan::new(0, total));
        let mut sum = Self { total, ..Self::default() };
        for page in &doc.pages {
            let wanted = overlap(page.span, chosen);
            sum.excluded += page.span.len() - wanted.len();
            match page.state {
                PageState::Text => {
                    let read: usize = done.iter().map(|d| overlap(wanted, *d).len()).sum();
                    sum.read += read;
                    sum.failed += wanted.len() - read;
                }
                PageState::Empty => sum.excluded += wanted.len(),
                PageState::Scan | PageState::Garbled | PageState::Failed => {
                    sum.failed += wanted.len();
                }
            }
        }
        sum
    }

    /// Share of the text that was read, in whole per cent, rounded down so
    /// that 100 means all of it.
    #[must_use]
    pub fn per_cent(&self) -> usize {
        (self.read * 100).checked_div(self.total).unwrap_or(0)
    }
}

fn overlap(a: ByteSpan, b: ByteSpan) -> ByteSpan {
    let start = a.start.max(b.start);
    ByteSpan::new(start, a.end.min(b.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{Format, Page, SourceHash};

    fn document(states: &[PageState]) -> Document {
        let pages = states.iter().zip(0..).map(|(state, i)| Page {
            n: i + 1,
            state: *state,
            span: ByteSpan::new(i as usize * 10, i as usize * 10 + 10),
            reader: "test".into(),
            note: None,
        });
        Document {
            path: "a.pdf".into(),
            format: Format::Pdf,
            source: SourceHash("00".into()),
            bytes: 1,
            pages: pages.collect(),
            text: "x".repeat(states.len() * 10),
            warning: None,
        }
    }

    #[test]
    fn every_byte_is_read_excluded_or_failed() {
        let doc = document(&[PageState::Text, PageState::Empty, PageState::Failed]);
        let all = Coverage::of(&doc, None, &[ByteSpan::new(0, 10)]);
        assert_eq!(all, Coverage { read: 10, excluded: 10, failed: 10, total: 30 });
    }

    #[test]
    fn a_chunk_that_was_not_finished_counts_as_failed() {
        let doc = document(&[PageState::Text, PageState::Text]);
        let half = Coverage::of(&doc, None, &[ByteSpan::new(5, 15)]);
        assert_eq!(half, Coverage { read: 10, excluded: 0, failed: 10, total: 20 });
        assert_eq!(half.per_cent(), 50);
    }

    #[test]
    fn what_lies_outside_the_chosen_passage_is_excluded() {
        let doc = document(&[PageState::Text, PageState::Text]);
        let passage = ByteSpan::new(2, 8);
        let sum = Coverage::of(&doc, Some(passage), &[passage]);
        assert_eq!(sum, Coverage { read: 6, excluded: 14, failed: 0, total: 20 });
    }
}
