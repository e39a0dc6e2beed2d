//! A reversible normal form of text: typography folded away, with a map back
//! to the source. It never changes a word, a figure or the case of a letter.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::edge::{is_hyphen, is_invisible};
use crate::domain::sentence::line;
use crate::domain::span::ByteSpan;

/// A text in normal form, and where each part of it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalised {
    pub text: String,
    runs: Vec<Run>,
}

/// A stretch of normal text and the source it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Offset into the normal text; the run reaches to the next one.
    at: usize,
    source: ByteSpan,
    /// Whether the bytes are the same, so that offsets inside map one to one.
    verbatim: bool,
}

impl Normalised {
    /// The span of the source that `span` of the normal text was made from, on
    /// char boundaries. What was folded into one is taken whole.
    #[must_use]
    pub fn map_span(&self, span: ByteSpan) -> ByteSpan {
        let start = self.text.floor_char_boundary(span.start);
        let end = self.text.ceil_char_boundary(span.end);
        let Some(first) = self.run(start) else {
            let at = self.runs.last().map_or(0, |run| run.source.end);
            return ByteSpan::new(at, at);
        };
        let from = first.source.start + if first.verbatim { start - first.at } else { 0 };
        let Some(last) = end.checked_sub(1).filter(|_| end > start).and_then(|at| self.run(at))
        else {
            return ByteSpan::new(from, from);
        };
        let to = if last.verbatim { last.source.start + (end - last.at) } else { last.source.end };
        ByteSpan::new(from, to)
    }

    /// The run in which the byte at `offset` of the normal text lies.
    fn run(&self, offset: usize) -> Option<&Run> {
        if offset >= self.text.len() {
            return None;
        }
        self.runs[..self.runs.partition_point(|run| run.at <= offset)].last()
    }

    fn push(&mut self, piece: &str, source: ByteSpan, verbatim: bool) {
        let at = self.text.len();
        self.text.push_str(piece);
        match self.runs.last_mut() {
            Some(last) if verbatim && last.verbatim && last.source.end == source.start => {
                last.source.end = source.end;
            }
            _ => self.runs.push(Run { at, source, verbatim }),
        }
    }

    /// Adds one space for white space, or widens the one that is there.
    fn push_gap(&mut self, source: ByteSpan, verbatim: bool) {
        match self.runs.last_mut() {
            Some(last) if self.text.ends_with(' ') && !last.verbatim => {
                last.source.end = source.end;
            }
            _ if self.text.ends_with(' ') => {}
            _ => self.push(" ", source, verbatim),
        }
    }
}

/// `text` in normal form: NFKC; runs of white space as one space; quotation
/// marks, dashes and the ellipsis in ASCII; invisible characters removed; words
/// that are hyphenated at a line end joined; line numbers of a deposition and
/// page numbers between lines removed. Raised figures, fractions and signs such
/// as ™ stay as they are, since folding them would change a figure or a name.
#[must_use]
pub fn normalise(text: &str) -> Normalised {
    Form::DEFAULT.of(text)
}

/// The choices in making a normal form that cannot be told from the text alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// Leave out line and page numbers.
    pub(super) strip: bool,
    pub(super) ends: LineEnds,
}

/// What becomes of a hyphen at a line end, which may part a word or belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnds {
    /// "agree-/ment" is "agreement".
    Joined,
    /// "well-/known" is "well-known".
    Hyphenated,
    /// Left as it is: what copied the text line by line says "agree- ment".
    Apart,
}

impl Form {
    const DEFAULT: Self = Self { strip: true, ends: LineEnds::Joined };

    /// The forms in which `source` and `quote` may differ, most likely first.
    pub(super) fn all(source: &str, quote: &str) -> Vec<Self> {
        let strips = !line::furniture(source).is_empty();
        let hyphens = hyphenated(source) || hyphenated(quote);
        let mut forms = Vec::with_capacity(6);
        for strip in [true, false] {
            for ends in [LineEnds::Joined, LineEnds::Hyphenated, LineEnds::Apart] {
                if (strip || strips) && (ends == LineEnds::Joined || hyphens) {
                    forms.push(Self { strip, ends });
                }
            }
        }
        forms
    }

    pub(super) fn of(self, text: &str) -> Normalised {
        let furniture = if self.strip { line::furniture(text) } else { Vec::new() };
        let scan = Scan { text, furniture };
        let mut made = Normalised { text: String::with_capacity(text.len()), runs: Vec::new() };
        let mut at = 0;
        while at < text.len() {
            let gap = scan.past_gap(at);
            if gap > at {
                made.push_gap(ByteSpan::new(at, gap), &text[at..gap] == " ");
                at = gap;
                continue;
            }
            let dashes = text[at..].len() - text[at..].trim_start_matches('-').len();
            if dashes > 1 {
                // A typewriter's dash.
                made.push("-", ByteSpan::new(at, at + dashes), false);
                at += dashes;
                continue;
            }
            let end = at + scan.unit(at);
            if self.ends != LineEnds::Apart
                && let Some(next) = scan.line_break(at, end, &made.text)
            {
                let lower = text[next..].starts_with(char::is_lowercase);
                let joined = self.ends == LineEnds::Joined && lower;
                if !joined && !text[at..end].starts_with(SOFT_HYPHEN) {
                    made.push("-", ByteSpan::new(at, next), false);
                }
                at = next;
                continue;
            }
            scan.fold(ByteSpan::new(at, end), &mut made);
            at = end;
        }
        made
    }
}

const SOFT_HYPHEN: char = '\u{ad}';

/// Whether a line ends in a hyphen somewhere.
fn hyphenated(text: &str) -> bool {
    text.match_indices('\n').any(|(at, _)| {
        text[..at]
            .trim_end_matches([' ', '\t', '\r'])
            .ends_with(|c| is_hyphen(c) || c == SOFT_HYPHEN)
    })
}

struct Scan<'a> {
    text: &'a str,
    furniture: Vec<ByteSpan>,
}

impl Scan<'_> {
    /// The end of the white space and page furniture that begins at `at`.
    fn past_gap(&self, at: usize) -> usize {
        let mut end = at;
        loop {
            let rest = &self.text[end..];
            let spaces = end + (rest.len() - rest.trim_start().len());
            let next = self.furniture.partition_point(|span| span.end <= spaces);
            match self.furniture.get(next) {
                Some(span) if span.start <= spaces => end = span.end,
                _ => return spaces,
            }
        }
    }

    /// Bytes of the user-perceived character at `at`.
    fn unit(&self, at: usize) -> usize {
        let bytes = &self.text.as_bytes()[at..];
        if bytes[0].is_ascii() && bytes.get(1).is_none_or(u8::is_ascii) {
            return 1;
        }
        self.text[at..].graphemes(true).next().map_or(1, str::len)
    }

    /// Where the word goes on after a hyphen at `at..end` that ends its line;
    /// `None` where it is no such hyphen.
    fn line_break(&self, at: usize, end: usize, made: &str) -> Option<usize> {
        let mut mark = self.text[at..end].chars();
        let hyphen = mark.next().is_some_and(|c| is_hyphen(c) || c == SOFT_HYPHEN);
        if !hyphen || mark.next().is_some() || !made.ends_with(char::is_alphanumeric) {
            return None;
        }
        let next = self.past_gap(end);
        let goes_on = self.text[next..].starts_with(char::is_alphanumeric);
        (goes_on && self.text[end..next].contains('\n')).then_some(next)
    }

    /// Adds the folded character at `span`.
    fn fold(&self, span: ByteSpan, made: &mut Normalised) {
        let unit = &self.text[span.start..span.end];
        let mut chars = unit.chars();
        let (Some(first), None) = (chars.next(), chars.next()) else {
            let composed: String = unit.nfkc().filter(|c| !is_invisible(*c)).collect();
            self.push_folded(&composed, span, made);
            return;
        };
        match first {
            c if is_invisible(c) => {}
            c if c.is_ascii() || keeps_its_form(c) => made.push(unit, span, true),
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' => made.push("\"", span, false),
            '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' => made.push("'", span, false),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹘' => {
                made.push("-", span, false);
            }
            _ => self.push_folded(&unit.nfkc().collect::<String>(), span, made),
        }
    }

    fn push_folded(&self, folded: &str, span: ByteSpan, made: &mut Normalised) {
        if folded.is_empty() {
            return;
        }
        let verbatim = folded == &self.text[span.start..span.end];
        made.push(folded, span, verbatim);
    }
}

/// Raised figures, fractions, circled numbers, "™": NFKC would make plain
/// letters or digits of them and run them into the word before.
fn keeps_its_form(c: char) -> bool {
    let fullwidth = matches!(c, '\u{ff00}'..='\u{ffef}');
    !c.is_alphabetic() && !fullwidth && std::iter::once(c).nfkc().any(|f| f.is_ascii_alphanumeric())
}
