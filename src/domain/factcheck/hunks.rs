//! A word-level difference of two texts, for showing a version beside its source.

use similar::{DiffTag, TextDiff};

use crate::domain::span::ByteSpan;

/// How a stretch of the two texts compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HunkKind {
    Equal,
    Deleted,
    Inserted,
    Replaced,
}

/// A stretch of words. The spans are byte offsets into the source and the version; one of
/// them is empty where nothing stands on that side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hunk {
    pub kind: HunkKind,
    pub source_span: ByteSpan,
    pub version_span: ByteSpan,
}

/// The difference of two texts by words; the hunks' spans cover both texts in order.
#[must_use]
pub fn hunks(source: &str, version: &str) -> Vec<Hunk> {
    let diff = TextDiff::from_unicode_words(source, version);
    let source_ends = ends(diff.iter_old_slices());
    let version_ends = ends(diff.iter_new_slices());
    let span = |ends: &[usize], range: std::ops::Range<usize>| {
        ByteSpan::new(ends[range.start], ends[range.end])
    };
    diff.ops()
        .iter()
        .map(|op| Hunk {
            kind: match op.tag() {
                DiffTag::Equal => HunkKind::Equal,
                DiffTag::Delete => HunkKind::Deleted,
                DiffTag::Insert => HunkKind::Inserted,
                DiffTag::Replace => HunkKind::Replaced,
            },
            source_span: span(&source_ends, op.old_range()),
            version_span: span(&version_ends, op.new_range()),
        })
        .collect()
}

/// Where each word ends, with a zero in front.
fn ends<'a>(words: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut ends = vec![0];
    for word in words {
        ends.push(ends[ends.len() - 1] + word.len());
    }
    ends
}
