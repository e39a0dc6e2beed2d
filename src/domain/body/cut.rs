//! What is taken out of a text with an aside: its words, and as much of the
//! layout around them as was there only to set them off.

use crate::domain::marks::{Aside, AsideKind};
use crate::domain::span::ByteSpan;

/// A stretch that is left out of the text, with what stays of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    pub span: ByteSpan,
    /// Those that it takes out, in order.
    pub asides: Vec<Aside>,
    /// The line ends, or the blank, that stay in its place: bytes of the text.
    pub kept: Vec<ByteSpan>,
    /// Whether the words on both sides would become one without a blank.
    pub needs_blank: bool,
}

impl Cut {
    /// How many bytes of a passage are gone with it, by why they were set aside.
    /// The layout that set asides off goes with the first of them, and for a
    /// blank that stands in its place it has lost one byte less.
    pub fn bytes(&self, passage: ByteSpan) -> Vec<(AsideKind, usize)> {
        let shared = |span: ByteSpan| {
            let start = span.start.max(passage.start);
            ByteSpan::new(start, span.end.min(passage.end)).len()
        };
        let kept: usize = self.kept.iter().map(|span| shared(*span)).sum();
        let gone = shared(self.span) - kept;
        let mut by_kind: Vec<_> =
            self.asides.iter().map(|aside| (aside.kind, shared(aside.span))).collect();
        let words: usize = by_kind.iter().map(|(_, bytes)| bytes).sum();
        if let Some((_, bytes)) = by_kind.first_mut() {
            let is_inside = passage.start < self.span.start && self.span.end < passage.end;
            let blank = usize::from(self.needs_blank && is_inside);
            *bytes = (*bytes + gone.saturating_sub(words)).saturating_sub(blank);
        }
        by_kind
    }
}

/// The cuts for asides that are in the order of the text. One that does not fit
/// the text is left alone.
pub(super) fn cuts<'a>(text: &str, asides: impl Iterator<Item = &'a Aside>) -> Vec<Cut> {
    let mut regions: Vec<Region> = Vec::new();
    for aside in asides.filter(|aside| aside.span.slice(text).is_some_and(|s| !s.is_empty())) {
        let region = Region::of(text, *aside);
        match regions.last_mut() {
            Some(last) if region.span.start <= last.span.end => last.take_in(&region),
            _ => regions.push(region),
        }
    }
    regions.into_iter().map(|region| region.cut(text)).collect()
}

/// An aside, or several that only layout parts, with the layout around.
struct Region {
    span: ByteSpan,
    asides: Vec<Aside>,
}

impl Region {
    fn of(text: &str, aside: Aside) -> Self {
        let (before, after) = (&text[..aside.span.start], &text[aside.span.end..]);
        let blanks = |c: char| matches!(c, ' ' | '\t');
        let span = match aside.kind {
            // They stand within words.
            AsideKind::ControlCharacters => aside.span,
            // The end of the line before is no part of its layout.
            AsideKind::LineNumber => {
                let wide = after.len() - after.trim_start_matches(blanks).len();
                ByteSpan::new(aside.span.start, aside.span.end + wide)
            }
            _ => {
                let wide = after.len() - after.trim_start().len();
                ByteSpan::new(before.trim_end().len(), aside.span.end + wide)
            }
        };
        Self { span, asides: vec![aside] }
    }

    fn take_in(&mut self, other: &Self) {
        self.span.start = self.span.start.min(other.span.start);
        self.span.end = self.span.end.max(other.span.end);
        self.asides.extend(&other.asides);
    }

    fn has(&self, kind: AsideKind) -> bool {
        self.asides.iter().any(|aside| aside.kind == kind)
    }

    fn cut(self, text: &str) -> Cut {
        let kept = self.layout_to_keep(text);
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (before, after) = (&text[..self.span.start], &text[self.span.end..]);
        let needs_blank = kept.is_empty()
            && self.asides.iter().any(|aside| aside.kind != AsideKind::ControlCharacters)
            && is_word(before.chars().next_back())
            && is_word(after.chars().next());
        Cut { span: self.span, asides: self.asides, kept, needs_blank }
    }

    /// The bytes that part the words before from the words after: as many line
    /// ends as the text has on one side of its asides, or one blank.
    fn layout_to_keep(&self, text: &str) -> Vec<ByteSpan> {
        if self.span.start == 0 || self.span.end == text.len() {
            return Vec::new();
        }
        let gaps = self.gaps();
        let ends = |gap: &ByteSpan| -> Vec<ByteSpan> {
            let ends = text[gap.start..gap.end].match_indices('\n');
            ends.map(|(at, _)| ByteSpan::new(gap.start + at, gap.start + at + 1)).collect()
        };
        let mut kept = gaps.iter().rev().map(ends).max_by_key(Vec::len).unwrap_or_default();
        let goes_on = self.has(AsideKind::RunningHead) && self.is_inside_a_sentence(text);
        kept.truncate(if goes_on { 1 } else { 2 });
        let is_inside_a_line = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        let (before, after) = (&text[..self.span.start], &text[self.span.end..]);
        let between_words =
            is_inside_a_line(before.chars().next_back()) && is_inside_a_line(after.chars().next());
        if kept.is_empty() && between_words {
            let blank = gaps.iter().find(|gap| !gap.is_empty());
            let first =
                blank.and_then(|gap| text[gap.start..gap.end].chars().next().zip(Some(gap)));
            kept.extend(first.map(|(c, gap)| ByteSpan::new(gap.start, gap.start + c.len_utf8())));
        }
        kept
    }

    /// The layout before, between and after the asides.
    fn gaps(&self) -> Vec<ByteSpan> {
        let mut from = self.span.start;
        let mut gaps = Vec::with_capacity(self.asides.len() + 1);
        for aside in &self.asides {
            gaps.push(ByteSpan::new(from, aside.span.start.max(from)));
            from = aside.span.end.max(from);
        }
        gaps.push(ByteSpan::new(from, self.span.end));
        gaps
    }

    /// Whether the words before are a sentence that the words after go on
    /// with: they do not end like one, and are no title that stands alone.
    fn is_inside_a_sentence(&self, text: &str) -> bool {
        let before = text[..self.span.start].trim_end();
        let closing = ['"', '\'', '”', '’', ')', ']', '»', '*'];
        let ended = before.trim_end_matches(closing).ends_with(['.', '!', '?', ':', ';', '…']);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let after = text[self.span.end..].trim_start();
        !ended && (line.len() >= LONG_LINE || after.starts_with(char::is_lowercase))
    }
}

/// A line of fewer bytes may be a title, after which something new begins.
const LONG_LINE: usize = 30;
