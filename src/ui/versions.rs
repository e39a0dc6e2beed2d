//! A rewritten version beside its source: which words came in, which went.
//! Judges nothing; whether a change matters is the domain's to say.

use std::ops::Range;

use similar::{ChangeTag, TextDiff};

use crate::app::state::State;
use crate::domain::finding::Finding;
use crate::domain::template::JobKind;

/// Longer texts are shown without word marks: a comparison has to be made
/// within a frame.
const MAX_COMPARED: usize = 20_000;

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
        let mut changes = Self::default();
        if source.len() + version.len() > MAX_COMPARED {
            return changes;
        }
        let (mut old, mut new) = (0, 0);
        for change in TextDiff::from_unicode_words(source, version).iter_all_changes() {
            let len = change.value().len();
            match change.tag() {
                ChangeTag::Equal => {
                    old += len;
                    new += len;
                }
                ChangeTag::Delete => {
                    push(&mut changes.removed, old..old + len);
                    old += len;
                }
                ChangeTag::Insert => {
                    push(&mut changes.added, new..new + len);
                    new += len;
                }
            }
        }
        changes
    }
}

fn push(ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
    match ranges.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => ranges.push(range),
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
        assert_eq!(removed, ["30", " of receipt"]);
        assert_eq!(added, ["45"]);
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
