//! A rewritten version beside its source: which words came in, which went.
//! Judges nothing; whether a change matters is the domain's to say.

use std::ops::Range;

use similar::{ChangeTag, TextDiff};
use unicode_segmentation::UnicodeSegmentation;

use crate::app::state::State;
use crate::domain::finding::Finding;
use crate::domain::template::JobKind;

/// Longer texts are shown without word marks: a comparison has to be made
/// within a frame.
const MAX_COMPARED: usize = 20_000;

/// A version that keeps less than one part in so many of its source says it in
/// other words altogether: marks on nearly every word would only hide it.
const LEAST_KEPT: usize = 3;

/// Byte ranges in reading order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Of the source: words that the version leaves out.
    pub removed: Vec<Range<usize>>,
    /// Of the version: words that the source does not have there.
    pub added: Vec<Range<usize>>,
}

impl Changes {
    pub fn between(source: &str, version: &str) -> Self {
        if source.len() + version.len() > MAX_COMPARED {
            return Self::default();
        }
        // White space is left out: a line broken elsewhere is no change.
        let (old, new) = (words(source), words(version));
        let (old_words, new_words): (Vec<&str>, Vec<&str>) =
            (old.iter().map(|w| w.1).collect(), new.iter().map(|w| w.1).collect());
        let mut changes = Self::default();
        let mut kept = 0;
        for change in TextDiff::from_slices(&old_words, &new_words).iter_all_changes() {
            match (change.tag(), change.old_index(), change.new_index()) {
                (ChangeTag::Delete, Some(at), _) => push(&mut changes.removed, &old, at),
                (ChangeTag::Insert, _, Some(at)) => push(&mut changes.added, &new, at),
                _ => kept += 1,
            }
        }
        if kept * LEAST_KEPT < old.len() { Self::default() } else { changes }
    }
}

/// The words and signs of a text with their byte offsets.
fn words(text: &str) -> Vec<(usize, &str)> {
    text.split_word_bound_indices().filter(|(_, word)| !word.trim().is_empty()).collect()
}

/// Adds a word to the ranges, as one with the word right before it.
fn push(ranges: &mut Vec<Range<usize>>, words: &[(usize, &str)], at: usize) {
    let (start, word) = words[at];
    let end = start + word.len();
    let before = at.checked_sub(1).map(|before| words[before].0 + words[before].1.len());
    match ranges.last_mut() {
        Some(last) if Some(last.end) == before => last.end = end,
        _ => ranges.push(start..end),
    }
}

/// Whether a byte lies in one of the ranges, which are in order.
pub fn covers(ranges: &[Range<usize>], at: usize) -> bool {
    let after = ranges.partition_point(|r| r.start <= at);
    after > 0 && ranges[after - 1].contains(&at)
}

/// Whether a finding is a new wording rather than evidence. Without its
/// template (an own one that was removed) it is told by its text.
pub fn is_version(state: &State, job: &str, finding: &Finding) -> bool {
    match state.template(job) {
        Some(template) => template.kind == JobKind::Rewrite,
        None => finding.quotes.first().is_some_and(|quote| !same_words(&quote.text, &finding.text)),
    }
}

fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_came_in_and_went_are_told() {
        let (source, version) = ("pay within 30 days of receipt", "pay within 45 days");
        let changes = Changes::between(source, version);
        let removed: Vec<_> = changes.removed.iter().map(|r| &source[r.clone()]).collect();
        let added: Vec<_> = changes.added.iter().map(|r| &version[r.clone()]).collect();
        assert_eq!(removed, ["30", "of receipt"]);
        assert_eq!(added, ["45"]);
    }

    #[test]
    fn a_line_broken_elsewhere_is_no_change() {
        let changes = Changes::between("pay within\n30 days", "pay\nwithin 30 days");
        assert_eq!(changes, Changes::default());
    }

    #[test]
    fn other_words_altogether_are_left_unmarked() {
        let changes = Changes::between("pay within 30 days", "money is owed in a month");
        assert_eq!(changes, Changes::default());
    }

    #[test]
    fn equal_texts_have_no_changes() {
        assert_eq!(Changes::between("as agreed", "as agreed"), Changes::default());
    }

    #[test]
    fn a_byte_is_looked_up_in_its_range() {
        let ranges = [2..4, 6..9];
        let covered: Vec<usize> = (0..11).filter(|at| covers(&ranges, *at)).collect();
        assert_eq!(covered, [2, 3, 6, 7, 8]);
    }
}
