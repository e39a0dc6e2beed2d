//! What each line of a text is: heading, clause, speaker turn, list item, page
//! furniture or prose that runs on. Knows layout, nothing of meaning or budgets.

use super::kind::{Here, Layout};
use super::number::{self, Prefix};
use crate::domain::span::ByteSpan;

/// What a line is, and with that how strongly it sets itself off from the
/// line before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Blank,
    /// A page number that stands alone.
    Page,
    /// A ruled line: `---`, `====`, `____`.
    Rule,
    /// The opening or closing line of fenced code.
    Fence,
    Code,
    Table,
    /// 1 is the highest level.
    Heading(u8),
    /// A numbered clause; 1 is "4.", 2 is "4.2".
    Clause(u8),
    /// A speaker's turn, a question, or any other "Label: text".
    Turn,
    /// The "A." of a deposition, which belongs to the question before it.
    Answer,
    /// A bulleted item.
    Item,
    /// "(a)", "(iv)", "b)".
    SubItem,
    Prose,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The whole line with its newline.
    pub span: ByteSpan,
    /// Without outer white space and without a printed line number.
    pub body: ByteSpan,
    /// Bytes at the start of `body` that are only a mark: `# `, `- `.
    pub mark: usize,
    pub kind: Kind,
    /// Goes on with the sentence of the line before it.
    pub joins: bool,
}

impl Line {
    /// The line's own words: the body without heading and list marks.
    pub(crate) fn words(&self) -> ByteSpan {
        ByteSpan::new(self.body.start + self.mark, self.body.end)
    }

    /// Whether it holds words to read at all.
    pub(crate) fn has_words(&self) -> bool {
        !matches!(self.kind, Kind::Blank | Kind::Page | Kind::Rule | Kind::Fence)
    }
}

/// All lines of `text`, in order and without gaps.
pub(crate) fn classify(text: &str) -> Vec<Line> {
    let raw = raw_lines(text);
    let prefixes = number::prefixes(text, &raw);
    let bodies: Vec<ByteSpan> =
        raw.iter().zip(&prefixes).map(|(line, prefix)| body(text, *line, prefix.len)).collect();
    let layout = Layout::of(text, &bodies, &prefixes);
    let mut lines: Vec<Line> = Vec::with_capacity(raw.len());
    let mut before = Before::default();
    for (i, span) in raw.iter().enumerate() {
        let here = Here {
            text,
            bodies: &bodies,
            i,
            layout: &layout,
            last: before.last.map(|at| &lines[at]),
            after_blank: before.gap != Gap::Nothing,
            in_code: before.in_code,
            turned: before.turned(prefixes[i]),
        };
        let (kind, mark) = here.kind();
        let joins = kind == Kind::Prose && here.joins();
        before.note(kind, i, prefixes[i]);
        lines.push(Line { span: *span, body: bodies[i], mark, kind, joins });
    }
    lines
}

/// What is printed on a page but is no part of its text: line numbers at line
/// starts, and page numbers between lines. In order, without overlaps.
pub(crate) fn furniture(text: &str) -> Vec<ByteSpan> {
    let lines = classify(text);
    let first = lines.iter().position(Line::has_words).unwrap_or(0);
    let last = lines.iter().rposition(Line::has_words).unwrap_or(0);
    let mut spans = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        if line.kind == Kind::Page {
            if first < i && i < last {
                spans.push(line.body);
            }
            continue;
        }
        let lead = text[line.span.start..line.body.start].trim_end();
        if !lead.is_empty() {
            spans.push(ByteSpan::new(line.span.start, line.span.start + lead.len()));
        }
    }
    spans
}

fn raw_lines(text: &str) -> Vec<ByteSpan> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let span = ByteSpan::new(at, at + line.len());
            at = span.end;
            span
        })
        .collect()
}

fn body(text: &str, line: ByteSpan, prefix: usize) -> ByteSpan {
    let from = line.start + prefix;
    let rest = &text[from..line.end];
    let start = from + (rest.len() - rest.trim_start().len());
    ByteSpan::new(start, from + rest.trim_end().len())
}

/// What the classifier remembers of the lines before.
#[derive(Default)]
struct Before {
    /// Index of the last line that is not blank and not a page number.
    last: Option<usize>,
    gap: Gap,
    in_code: bool,
}

/// What came since the last line with words.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Gap {
    #[default]
    Nothing,
    /// Blank lines or a page number.
    Blank,
    /// The printed line numbers began anew: the text goes on over the page.
    Turned,
    /// A numbered line was left empty: the text before it had ended.
    Ended,
}

impl Before {
    fn note(&mut self, kind: Kind, i: usize, prefix: Prefix) {
        if !matches!(kind, Kind::Blank | Kind::Page) {
            self.in_code ^= kind == Kind::Fence;
            self.last = Some(i);
            self.gap = Gap::Nothing;
            return;
        }
        self.gap = match self.gap {
            _ if kind == Kind::Blank && prefix.len > 0 => Gap::Ended,
            Gap::Nothing | Gap::Blank if prefix.turns_page => Gap::Turned,
            Gap::Nothing => Gap::Blank,
            kept => kept,
        };
    }

    /// Whether a line with this prefix stands on a page that the text runs over to.
    fn turned(&self, prefix: Prefix) -> bool {
        self.gap == Gap::Turned || self.gap != Gap::Ended && prefix.turns_page
    }
}
