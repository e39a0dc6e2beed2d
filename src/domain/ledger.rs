//! The ledger: what became of every byte of a document's text, and how many
//! of its pages gave no text. Knows nothing of how either came about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document::{Document, PageState};
use super::marks::AsideKind;
use super::span::ByteSpan;
use super::words::grouped;

/// Bytes of a document's text by what became of them; the three parts add up
/// to `total`. A page that could not be read mostly has no bytes at all, so
/// such pages are counted beside them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Part of a chunk that was worked on to the end.
    pub read: usize,
    /// Left out on purpose: empty pages, everything outside a chosen passage,
    /// and what was set aside in it.
    pub excluded: usize,
    /// Meant to be read and not read: broken pages, failed or cancelled chunks.
    pub failed: usize,
    pub total: usize,
    /// Pages of which no text could be worked on: scans, garbled and broken
    /// ones, and those that reading never came to.
    #[serde(default)]
    pub pages_not_read: usize,
    /// All pages that the work was about, these included. 0 in results that
    /// were stored before pages were counted.
    #[serde(default)]
    pub pages: usize,
    /// Of the excluded bytes those that were set aside, by why: the words and
    /// the layout that set them off.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set_aside: BTreeMap<AsideKind, usize>,
    /// All bytes of the text by the state of the page that they stand on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_state: BTreeMap<PageState, usize>,
}

impl Coverage {
    /// Sums up a document whose chunks `done` were worked on to the end.
    /// `chosen` narrows the work to a passage; the rest counts as excluded.
    #[must_use]
    pub fn of(doc: &Document, chosen: Option<ByteSpan>, done: &[ByteSpan]) -> Self {
        let total = doc.text.len();
        let passage = chosen;
        let chosen = chosen.unwrap_or(ByteSpan::new(0, total));
        let mut sum = Self { total, ..Self::default() };
        for page in &doc.pages {
            let wanted = overlap(page.span, chosen);
            if passage.is_none_or(|passage| touches(passage, page.span)) {
                sum.pages += 1;
                sum.pages_not_read += usize::from(!is_read(page.state));
            }
            if !page.span.is_empty() {
                *sum.by_state.entry(page.state).or_default() += page.span.len();
            }
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

    /// Bytes that are no part of what the document says: running heads, line
    /// numbers, hidden text, comments.
    #[must_use]
    pub fn aside(&self) -> usize {
        self.set_aside.values().sum::<usize>().min(self.excluded)
    }

    /// Share of the text without what was set aside that was read, in whole per
    /// cent, rounded down so that 100 means all of it: with a page that was not
    /// read it is 99 at most.
    #[must_use]
    pub fn per_cent(&self) -> usize {
        let most = if self.pages_not_read == 0 { 100 } else { 99 };
        self.share(self.read).min(most)
    }

    /// Whole per cent, rounded down, that `part` is of the text without what
    /// was set aside.
    #[must_use]
    pub fn share(&self, part: usize) -> usize {
        (part * 100).checked_div(self.total - self.aside()).unwrap_or(0)
    }

    /// Whether everything that was meant to be read was read, pages included.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed == 0 && self.pages_not_read == 0
    }

    /// What was set aside: "running heads", or "300 of running heads, 12 of
    /// comments"; `None` where nothing was.
    #[must_use]
    pub fn why_aside(&self) -> Option<String> {
        match self.set_aside.iter().collect::<Vec<_>>().as_slice() {
            [] => None,
            [(kind, _)] => Some(kind.name().to_owned()),
            kinds => {
                let each = |(kind, bytes): &(&AsideKind, &usize)| {
                    format!("{} of {}", grouped(**bytes as u64), kind.name())
                };
                Some(kinds.iter().map(each).collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// "1 of 3 pages could not be read", to stand inside a sentence; `None`
    /// where every page could.
    #[must_use]
    pub fn unread_pages(&self) -> Option<String> {
        match (self.pages_not_read, self.pages) {
            (0, _) => None,
            (1, 1) => Some("the only page could not be read".into()),
            (unread, pages) => Some(format!("{unread} of {pages} pages could not be read")),
        }
    }
}

/// Whether a page in this state holds all the text it has.
fn is_read(state: PageState) -> bool {
    match state {
        PageState::Text | PageState::Empty => true,
        PageState::Scan | PageState::Garbled | PageState::Failed => false,
    }
}

/// Whether a passage has to do with a page: it holds text of it, or goes on
/// after a page that has none.
fn touches(passage: ByteSpan, page: ByteSpan) -> bool {
    passage.overlaps(page) || passage.start < page.start && page.start < passage.end
}

fn overlap(a: ByteSpan, b: ByteSpan) -> ByteSpan {
    let start = a.start.max(b.start);
    ByteSpan::new(start, a.end.min(b.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::Format;

    /// Pages of ten bytes each.
    fn document(states: &[PageState]) -> Document {
        let pages: Vec<_> = states.iter().map(|state| ("xxxxxxxxxx", *state)).collect();
        Document::of_pages("a.pdf", Format::Pdf, &pages)
    }

    #[test]
    fn every_byte_is_read_excluded_or_failed() {
        let doc = document(&[PageState::Text, PageState::Empty, PageState::Failed]);
        let all = Coverage::of(&doc, None, &[ByteSpan::new(0, 10)]);
        let bytes = Coverage { read: 10, excluded: 10, failed: 10, total: 30, ..all.clone() };
        assert_eq!(all, bytes);
        assert_eq!((all.pages_not_read, all.pages), (1, 3));
        let by_state = [(PageState::Text, 10), (PageState::Empty, 10), (PageState::Failed, 10)];
        assert_eq!(all.by_state, BTreeMap::from(by_state));
    }

    #[test]
    fn what_was_set_aside_is_named_with_its_bytes_where_there_is_more_than_one_kind() {
        let mut sum = Coverage { excluded: 312, total: 1_000, ..Coverage::default() };
        assert_eq!(sum.why_aside(), None);
        sum.set_aside.insert(AsideKind::RunningHead, 312);
        assert_eq!(sum.why_aside().as_deref(), Some("running heads"));
        sum.excluded += 40;
        sum.set_aside.insert(AsideKind::Comment, 40);
        assert_eq!(sum.why_aside().as_deref(), Some("312 of running heads, 40 of comments"));
        // What is no part of what the document says takes nothing from its share.
        sum.read = sum.total - 352;
        assert_eq!((sum.aside(), sum.per_cent()), (352, 100));
    }

    #[test]
    fn a_chunk_that_was_not_finished_counts_as_failed() {
        let doc = document(&[PageState::Text, PageState::Text]);
        let half = Coverage::of(&doc, None, &[ByteSpan::new(5, 15)]);
        let bytes = Coverage { read: 10, excluded: 0, failed: 10, total: 20, ..half.clone() };
        assert_eq!(half, bytes);
        assert_eq!(half.per_cent(), 50);
    }

    #[test]
    fn what_lies_outside_the_chosen_passage_is_excluded() {
        let doc = document(&[PageState::Text, PageState::Text]);
        let passage = ByteSpan::new(2, 8);
        let sum = Coverage::of(&doc, Some(passage), &[passage]);
        let bytes = Coverage { read: 6, excluded: 14, failed: 0, total: 20, ..sum.clone() };
        assert_eq!(sum, bytes);
        assert_eq!((sum.pages_not_read, sum.pages), (0, 1));
    }

    /// Page 2 of three has no bytes, as broken and scanned pages have none.
    fn with_a_page_missing() -> Document {
        let mut doc = document(&[PageState::Text, PageState::Failed, PageState::Text]);
        doc.pages[1].span = ByteSpan::new(10, 10);
        doc.pages[2].span = ByteSpan::new(10, 20);
        doc.text.truncate(20);
        doc
    }

    #[test]
    fn a_page_without_bytes_keeps_the_reading_from_being_complete() {
        let sum = Coverage::of(&with_a_page_missing(), None, &[ByteSpan::new(0, 20)]);
        assert_eq!((sum.read, sum.excluded, sum.failed, sum.total), (20, 0, 0, 20));
        assert_eq!((sum.pages_not_read, sum.pages), (1, 3));
        assert_eq!((sum.per_cent(), sum.is_complete()), (99, false));
        assert_eq!(sum.unread_pages().as_deref(), Some("1 of 3 pages could not be read"));
    }

    #[test]
    fn a_passage_answers_only_for_the_pages_that_it_reaches_over() {
        let doc = with_a_page_missing();
        let pages = |start, end| {
            let passage = ByteSpan::new(start, end);
            let sum = Coverage::of(&doc, Some(passage), &[passage]);
            (sum.pages_not_read, sum.pages)
        };
        assert_eq!(pages(2, 8), (0, 1));
        assert_eq!(pages(2, 10), (0, 1));
        assert_eq!(pages(10, 15), (0, 1));
        assert_eq!(pages(8, 12), (1, 3));
    }

    #[test]
    fn a_result_stored_before_pages_were_counted_still_loads() {
        let stored = r#"{"read":6,"excluded":14,"failed":0,"total":20}"#;
        let sum: Coverage = serde_json::from_str(stored).expect("it loads");
        assert_eq!((sum.pages_not_read, sum.pages, sum.is_complete()), (0, 0, true));
        assert_eq!(sum.unread_pages(), None);
    }
}
