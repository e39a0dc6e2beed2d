//! What each line of a text is: heading, clause, speaker turn, list item, page
//! furniture or prose that runs on. Knows layout, nothing of meaning or budgets.

use std::sync::LazyLock;

use regex::Regex;

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
    /// Bytes of `body` that are only a mark: `# `, `- `.
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
    let raw: Vec<ByteSpan> = raw_lines(text);
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
            after_blank: before.blank,
            in_code: before.in_code,
            turned: prefixes[i].turns_page,
        };
        let (kind, mark) = here.kind();
        let joins = kind == Kind::Prose && here.joins();
        lines.push(Line { span: *span, body: bodies[i], mark, kind, joins });
        before.note(kind, i);
    }
    lines
}

/// What is printed on a page but not part of its text: line numbers at line
/// starts, and page numbers between lines. In order, without overlaps.
pub(crate) fn furniture(text: &str) -> Vec<ByteSpan> {
    let lines = classify(text);
    let first = lines.iter().position(Line::has_words).unwrap_or(0);
    let last = lines.iter().rposition(Line::has_words).unwrap_or(0);
    let mut spans = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        if line.kind == Kind::Page && first < i && i < last {
            spans.push(line.body);
        } else if line.kind != Kind::Page {
            let lead = text[line.span.start..line.body.start].trim_end();
            if !lead.is_empty() {
                spans.push(ByteSpan::new(line.span.start, line.span.start + lead.len()));
            }
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
    let rest = &text[line.start + prefix..line.end];
    let start = line.start + prefix + (rest.len() - rest.trim_start().len());
    ByteSpan::new(start, (line.start + prefix + rest.trim_end().len()).max(start))
}

/// What the classifier remembers of the lines before.
#[derive(Default)]
struct Before {
    /// Index of the last line with words.
    last: Option<usize>,
    blank: bool,
    in_code: bool,
}

impl Before {
    fn note(&mut self, kind: Kind, i: usize) {
        match kind {
            Kind::Blank | Kind::Page => self.blank = true,
            Kind::Fence => {
                self.in_code = !self.in_code;
                self.last = Some(i);
                self.blank = false;
            }
            _ => {
                self.last = Some(i);
                self.blank = false;
            }
        }
    }
}

/// Traits of the whole text that decide what one line is.
struct Layout {
    /// Bytes of a long line; lines under half of it ended of themselves.
    width: usize,
    /// Whether questions are marked with "Q".
    questions: bool,
    /// Whether lines carry printed numbers.
    numbered: bool,
    /// Lines that are not blank.
    filled: usize,
}

impl Layout {
    fn of(text: &str, bodies: &[ByteSpan], prefixes: &[Prefix]) -> Self {
        let mut lengths: Vec<usize> =
            bodies.iter().map(|b| b.len()).filter(|len| *len > 0).collect();
        lengths.sort_unstable();
        let width = lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(0);
        let questions = bodies.iter().any(|b| QUESTION.is_match(&text[b.start..b.end]));
        let numbered = prefixes.iter().any(|p| p.len > 0);
        Self { width, questions, numbered, filled: lengths.len() }
    }
}

static QUESTION: LazyLock<Regex> = pattern(r"^Q(?:[.:]\s|\s{2,}|\t|[.:]?$)");
static ANSWER: LazyLock<Regex> = pattern(r"^A(?:[.:]\s|\s{2,}|\t|[.:]?$)");
static TIMED: LazyLock<Regex> =
    pattern(r"^\\?[\[(]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\\?[\])]");
static LABEL: LazyLock<Regex> = pattern(
    r"^(?:\*\*|__)?\p{Lu}[\p{L}\p{N}.'’&-]{0,30}(?: [\p{Lu}\p{N}(][\p{L}\p{N}.'’&()-]{0,20}){0,4}(?:\*\*|__)?\s?:(?:\*\*|__)?(?:\s|$)",
);
static KEYWORD: LazyLock<Regex> = pattern(
    r"^(?:\*\*)?(?:(?i:article|section|clause|schedule|exhibit|annex|appendix|chapter|part|artikel|abschnitt|anlage|anhang|kapitel|teil)\s+(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Z])\b|§+\s*\d+)",
);
static NUMBERED: LazyLock<Regex> =
    pattern(r"^(?:\*\*)?(\d{1,3}(?:\.\d{1,3}){1,4}[.)]?|\d{1,3}[.)])(?:\s+\S|$)");
static ROMAN: LazyLock<Regex> = pattern(r"^[IVXLC]{1,6}[.)]\s+\p{Lu}");
static BULLET: LazyLock<Regex> = pattern(r"^(?:[-*+•▪◦·‣–—]|\[[ xX]\])\s+");
static LETTERED: LazyLock<Regex> =
    pattern(r"^(?:\((?:[a-zA-Z]{1,2}|[ivxIVX]{1,5}|\d{1,2})\)|[a-z]\)|[ivx]{1,5}\))(?:\s|$)");
static PAGE: LazyLock<Regex> =
    pattern(r"^(?i:(?:page|seite|p\.|s\.)?\s*\d{1,4}(?:\s*(?:of|von|/)\s*\d{1,4})?|-\s*\d{1,4}\s*-)$");
static HASHES: LazyLock<Regex> = pattern(r"^(#{1,6})\s+");

const fn pattern(source: &'static str) -> LazyLock<Regex, PatternOf> {
    LazyLock::new(PatternOf(source))
}
