//! What is known of places in a document's text beside the words themselves:
//! what was set aside, how a line is cited, where a word is printed, where a
//! hyphen was taken out. Plain data; says nothing of how it was found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::span::ByteSpan;

/// The marks of one text, each kind in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// Stretches that stand in the text and are not part of what it says. They
    /// do not overlap.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asides: Vec<Aside>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub landmarks: Vec<Landmark>,
    /// Where words are printed; only of formats with printed pages. A word of
    /// which a hyphen was taken out has two.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<WordBox>,
    /// Byte offsets at which a hyphen and the end of a line were taken out to
    /// make one word of two pieces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<usize>,
}

/// A stretch of text that is set aside: shown to the person, but given to no
/// job, unless the person says so of those that [may be given](AsideKind::may_be_given).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside {
    #[serde(flatten)]
    pub span: ByteSpan,
    pub kind: AsideKind,
}

/// Why a stretch was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AsideKind {
    /// What is printed at the top or the foot of page after page.
    RunningHead,
    /// The number printed beside a line, and the layout before it.
    LineNumber,
    /// What somebody wrote about the text and not in it.
    Comment,
    /// Letters in the colour of what is behind them.
    SameColour,
    /// Letters that are drawn with no ink, or marked as hidden.
    Invisible,
    /// Letters outside the page, or outside what a window ever shows.
    OffPage,
    /// Letters too small to be seen.
    Tiny,
    /// Zero-width and direction-changing characters.
    ControlCharacters,
}

impl AsideKind {
    /// Whether it holds words that somebody wrote for readers or to be hidden
    /// from them, so that a job may be given it when the person says so. The
    /// furniture of pages may not: it would break sentences.
    #[must_use]
    pub fn may_be_given(self) -> bool {
        !matches!(self, Self::RunningHead | Self::LineNumber)
    }

    /// What it is called where it is counted, in the plural or without number.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RunningHead => "running heads",
            Self::LineNumber => "line numbers",
            Self::Comment => "comments",
            Self::SameColour => "text in the colour of its background",
            Self::Invisible => "invisible text",
            Self::OffPage => "text off the page",
            Self::Tiny => "text too small to see",
            Self::ControlCharacters => "invisible control characters",
        }
    }

    /// Whether the text was there but not to be seen.
    #[must_use]
    pub fn is_hidden(self) -> bool {
        self.may_be_given() && self != Self::Comment
    }
}

/// From here on, to the next one, the text is cited by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landmark {
    /// Byte offset into the text.
    pub at: usize,
    #[serde(flatten)]
    pub cite: Cite,
}

/// How those who work with such documents cite a place in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cite {
    /// The page and line numbers printed in a deposition.
    Line { page: u32, line: u32 },
    /// Seconds from the beginning of a recording.
    Time { seconds: u32 },
}

/// Where a piece of text is printed: its smallest upright box on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Packed", into = "Packed")]
pub struct WordBox {
    pub span: ByteSpan,
    /// Left, top, right, bottom in tenths of a point (1/720 inch) from the
    /// upper left corner of the page as it is shown.
    pub sides: [i32; 4],
}

/// A [`WordBox`] as it is stored, since there are very many.
type Packed = (usize, usize, [i32; 4]);

impl From<Packed> for WordBox {
    fn from((start, end, sides): Packed) -> Self {
        Self { span: ByteSpan::new(start, end), sides }
    }
}

impl From<WordBox> for Packed {
    fn from(word: WordBox) -> Self {
        (word.span.start, word.span.end, word.sides)
    }
}

/// Where a printed line of a quote stands: page, counted from 1, and the sides
/// of its box as in [`WordBox`]. In result files the sides are in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[f64; 5]", into = "[f64; 5]")]
pub struct LineBox {
    pub page: u32,
    pub sides: [i32; 4],
}

impl From<[f64; 5]> for LineBox {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates, and what was written fits"
    )]
    fn from([page, sides @ ..]: [f64; 5]) -> Self {
        Self { page: page as u32, sides: sides.map(|side| (side * 10.0).round() as i32) }
    }
}

impl From<LineBox> for [f64; 5] {
    fn from(line: LineBox) -> Self {
        let [left, top, right, bottom] = line.sides.map(|side| f64::from(side) / 10.0);
        [f64::from(line.page), left, top, right, bottom]
    }
}

/// How many asides of a kind there are, and how many bytes they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    pub count: usize,
    pub bytes: usize,
}

impl LineBox {
    /// Whether another word stands on the same printed line: on the same page
    /// each covers the middle of the other's height, or nearly so.
    fn goes_on_with(&self, word: &Self) -> bool {
        let ([_, top, _, bottom], [_, word_top, _, word_bottom]) = (self.sides, word.sides);
        let shared = bottom.min(word_bottom) - top.max(word_top);
        let lower = (bottom - top).min(word_bottom - word_top);
        self.page == word.page && shared * 2 > lower
    }

    fn take_in(&mut self, word: &Self) {
        let ([left, top, right, bottom], [l, t, r, b]) = (self.sides, word.sides);
        self.sides = [left.min(l), top.min(t), right.max(r), bottom.max(b)];
    }
}

impl Marks {
    /// What was set aside, by kind.
    #[must_use]
    pub fn set_aside(&self) -> BTreeMap<AsideKind, Amount> {
        let mut amounts: BTreeMap<AsideKind, Amount> = BTreeMap::new();
        for aside in &self.asides {
            let amount = amounts.entry(aside.kind).or_default();
            amount.count += 1;
            amount.bytes += aside.span.len();
        }
        amounts
    }

    /// The asides that share a byte with a span.
    #[must_use]
    pub fn asides_within(&self, span: ByteSpan) -> &[Aside] {
        let from = self.asides.partition_point(|aside| aside.span.end <= span.start);
        let to = self.asides.partition_point(|aside| aside.span.start < span.end);
        self.asides.get(from..to).unwrap_or_default()
    }

    /// How the byte at `offset` is cited; `None` before the first landmark.
    #[must_use]
    pub fn cite_at(&self, offset: usize) -> Option<Cite> {
        let after = self.landmarks.partition_point(|landmark| landmark.at <= offset);
        Some(self.landmarks.get(after.checked_sub(1)?)?.cite)
    }

    /// The boxes of a span's words, those on one printed line in one.
    /// `page_of` tells the page of an offset.
    #[must_use]
    pub fn line_boxes(&self, span: ByteSpan, page_of: impl Fn(usize) -> u32) -> Vec<LineBox> {
        let from = self.boxes.partition_point(|word| word.span.end <= span.start);
        let words = self.boxes[from..].iter().take_while(|word| word.span.start < span.end);
        let mut lines: Vec<LineBox> = Vec::new();
        for word in words {
            let next = LineBox { page: page_of(word.span.start), sides: word.sides };
            match lines.last_mut() {
                Some(line) if line.goes_on_with(&next) => line.take_in(&next),
                _ => lines.push(next),
            }
        }
        lines
    }

    /// The same marks counted from a text that begins `by` bytes earlier.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.asides.iter_mut().for_each(|aside| aside.span = aside.span.shifted(by));
        self.landmarks.iter_mut().for_each(|landmark| landmark.at += by);
        self.boxes.iter_mut().for_each(|word| word.span = word.span.shifted(by));
        self.joins.iter_mut().for_each(|join| *join += by);
        self
    }

    /// Adds the marks of a text that follows.
    pub fn append(&mut self, mut later: Self) {
        self.asides.append(&mut later.asides);
        self.landmarks.append(&mut later.landmarks);
        self.boxes.append(&mut later.boxes);
        self.joins.append(&mut later.joins);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_has_a_box_for_each_printed_line() {
        let word = |start, end, sides| WordBox { span: ByteSpan::new(start, end), sides };
        let boxes = vec![
            word(0, 3, [720, 700, 900, 820]),
            word(4, 7, [950, 705, 1_100, 820]),
            word(8, 12, [720, 840, 990, 960]),
            word(13, 17, [720, 700, 990, 820]),
        ];
        let marks = Marks { boxes, ..Marks::default() };
        let page = |offset: usize| if offset < 13 { 1 } else { 2 };
        let lines = marks.line_boxes(ByteSpan::new(2, 17), page);
        let sides = [[720, 700, 1_100, 820], [720, 840, 990, 960], [720, 700, 990, 820]];
        assert_eq!(lines.iter().map(|line| line.sides).collect::<Vec<_>>(), sides);
        assert_eq!(lines.iter().map(|line| line.page).collect::<Vec<_>>(), [1, 1, 2]);
        let json = serde_json::to_string(&lines[0]).expect("plain data");
        assert_eq!(json, "[1.0,72.0,70.0,110.0,82.0]");
        let back: LineBox = serde_json::from_str(&json).expect("it is read again");
        assert_eq!(back, lines[0]);
    }
}
