//! One finding as lines: evidence with its value and place, or a rewritten
//! version in full with its changes.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::versions::{self, Changes};
use super::{View, text};
use crate::domain::fact::Value;
use crate::domain::finding::{Decision, Finding, Opinion, Quote, Status};
use crate::domain::words;

/// Columns left of a finding's text: the decision's sign and a blank.
const INDENT: usize = 2;

/// Most quotes shown under a finding that is in other words than theirs.
const SOURCES: usize = 4;

/// A finding with what is needed to draw it.
pub struct Shown<'a> {
    pub job: &'a str,
    pub finding: &'a Finding,
    pub decision: &'a Decision,
    /// Whether a model took part; without one, "rules only" says nothing.
    pub with_model: bool,
    /// The finding under the cursor shows its changes word by word.
    pub selected: bool,
}

/// Lines of a row; the first `head` of them carry the selection.
pub struct RowLines {
    pub head: usize,
    pub lines: Vec<Line<'static>>,
}

pub fn lines(view: &View<'_>, shown: &Shown<'_>, width: usize) -> RowLines {
    let mut row = if versions::is_version(view.state, shown.job, shown.finding) {
        version(view, shown, width)
    } else {
        evidence(view, shown, width)
    };
    if let Decision::Edited(_) = shown.decision {
        let was = format!("was: {}", one_line(&shown.finding.text));
        row.lines.extend(text::paragraph(&was, width, INDENT, view.theme.dim));
    }
    row.lines.extend(doubts(view, shown.finding, width));
    if shown.selected {
        row.lines.extend(details(view, shown, width));
    }
    row
}

/// What the finding under the cursor tells beside: why it has its roles, why
/// only one side found it, and the source's words where it is in others.
fn details(view: &View<'_>, shown: &Shown<'_>, width: usize) -> Vec<Line<'static>> {
    let (finding, theme) = (shown.finding, view.theme);
    let mut lines = Vec::new();
    let mut say = |text: &str| lines.extend(text::paragraph(text, width, INDENT, theme.dim));
    // What is said as a doubt already is not said again.
    let is_new = |why: &str| !why.is_empty() && finding.why.as_deref() != Some(why);
    for claim in finding.notes.roles.iter().filter(|claim| is_new(&claim.why)) {
        say(&format!("{}: {}", claim.label(), claim.why));
    }
    finding.notes.one_sided.iter().for_each(|why| say(why));
    let is_own = |quote: &Quote| one_line(&quote.text) == one_line(&finding.text);
    let retold = versions::is_version(view.state, shown.job, finding);
    if !retold && !finding.quotes.iter().any(is_own) {
        for quote in finding.quotes.iter().take(SOURCES) {
            say(&format!("{}: {}", quote.cited(), one_line(&in_sight(view, quote))));
        }
    }
    lines
}

fn evidence(view: &View<'_>, shown: &Shown<'_>, width: usize) -> RowLines {
    let (sign, sign_style) = sign(view, shown.decision);
    let style = text_style(view, shown);
    let words = one_line(wording(shown.finding, shown.decision));
    let mut lines = text::paragraph(&words, width, INDENT, style);
    let meta = meta(view, shown);
    let meta_width: usize = joined_width(&meta);
    let room = width.saturating_sub(INDENT + text::width(&words));
    if lines.len() == 1 && meta_width > 0 && meta_width + 2 <= room {
        let gap = width - INDENT - text::width(&words) - meta_width;
        lines[0].spans.push(Span::raw(" ".repeat(gap)));
        lines[0].spans.extend(flow(&meta, width, view).into_iter().flat_map(|line| line.spans));
    } else {
        lines.extend(indented(flow(&meta, width.saturating_sub(INDENT), view)));
    }
    put_sign(&mut lines, sign, sign_style);
    RowLines { head: lines.len(), lines }
}

fn version(view: &View<'_>, shown: &Shown<'_>, width: usize) -> RowLines {
    let (sign, sign_style) = sign(view, shown.decision);
    let mut lines = indented(flow(&meta(view, shown), width.saturating_sub(INDENT), view));
    if lines.is_empty() {
        lines.push(Line::from(" ".repeat(INDENT)));
    }
    put_sign(&mut lines, sign, sign_style);
    let head = lines.len();
    let words = wording(shown.finding, shown.decision);
    let added = match shown.finding.quotes.first() {
        Some(quote) if shown.selected => Changes::between(&in_sight(view, quote), words).added,
        _ => Vec::new(),
    };
    let base = text_style(view, shown);
    lines.extend(marked_up(words, width, base, &added, base.patch(view.theme.added)));
    RowLines { head, lines }
}

/// A wrapped text in which some bytes stand out.
fn marked_up(
    words: &str,
    width: usize,
    base: Style,
    marked: &[Range<usize>],
    mark: Style,
) -> Vec<Line<'static>> {
    let room = width.saturating_sub(INDENT).max(1);
    let lines = text::wrap(words, room).into_iter().map(|range| {
        let start = range.start;
        text::styled(&words[range], room, |at| {
            if versions::covers(marked, start + at) { mark } else { base }
        })
    });
    indented(lines.collect())
}

/// The words of a quote without what was set aside in it.
fn in_sight<'a>(view: &View<'_>, quote: &'a Quote) -> Cow<'a, str> {
    let doc = view.state.entry().and_then(|entry| entry.document());
    match doc.filter(|doc| quote.stands_in(doc)) {
        Some(doc) => Cow::Owned(doc.without_asides(quote.span)),
        None => Cow::Borrowed(&quote.text),
    }
}

/// The person's wording where there is one.
pub fn wording<'a>(finding: &'a Finding, decision: &'a Decision) -> &'a str {
    match decision {
        Decision::Edited(words) => words,
        Decision::Open | Decision::Accepted | Decision::Rejected => &finding.text,
    }
}

fn sign(view: &View<'_>, decision: &Decision) -> (&'static str, Style) {
    match decision {
        Decision::Open => ("·", view.theme.dim),
        Decision::Accepted => ("✓", view.theme.accepted),
        Decision::Edited(_) => ("✎", view.theme.edited),
        Decision::Rejected => ("✗", view.theme.rejected),
    }
}

fn text_style(view: &View<'_>, shown: &Shown<'_>) -> Style {
    match (shown.decision, shown.finding.status) {
        (Decision::Rejected, _) => view.theme.rejected,
        (Decision::Edited(_), _) => view.theme.edited,
        (Decision::Open | Decision::Accepted, Status::Unverified) => view.theme.unverified,
        (Decision::Open | Decision::Accepted, Status::Anchored) => view.theme.text,
    }
}

/// What stands beside a finding's text, each with its style.
fn meta(view: &View<'_>, shown: &Shown<'_>) -> Vec<(String, Style)> {
    let (finding, theme) = (shown.finding, view.theme);
    let mut parts = Vec::new();
    match &finding.value {
        Some(Value::Amount { amount, currency }) => {
            parts.push((format!("{amount} {currency}"), theme.value));
        }
        // A value that only repeats the quote says nothing new.
        Some(Value::Text(value)) if *value != finding.text => {
            parts.push((words::readable(value).unwrap_or_else(|| value.clone()), theme.value));
        }
        Some(Value::Text(_)) | None => {}
    }
    parts.extend(finding.notes.roles.iter().map(|claim| {
        let style = match claim.opinion {
            _ if claim.overruled => theme.dim,
            Opinion::Model => theme.warning,
            Opinion::Both | Opinion::Rules => theme.accent,
        };
        (claim.label(), style)
    }));
    if finding.notes.derived {
        parts.push(("computed".to_owned(), theme.warning));
    }
    if let Some(quote) = finding.quotes.first() {
        parts.push((quote.cited(), theme.dim));
    }
    if finding.quotes.len() > 1 {
        parts.push((format!("×{}", finding.quotes.len()), theme.dim));
    }
    match finding.opinion {
        Opinion::Model => parts.push(("model only".to_owned(), theme.warning)),
        Opinion::Rules if shown.with_model => {
            parts.push(("rules only".to_owned(), theme.warning));
        }
        Opinion::Rules | Opinion::Both => {}
    }
    parts.extend(finding.notes.agreement.map(|a| (a.to_string(), theme.dim)));
    if finding.status == Status::Unverified {
        parts.push(("unverified".to_owned(), theme.unverified));
    }
    parts
}

const BETWEEN: &str = " · ";

fn joined_width(parts: &[(String, Style)]) -> usize {
    let words: usize = parts.iter().map(|(part, _)| text::width(part)).sum();
    words + parts.len().saturating_sub(1) * text::width(BETWEEN)
}

/// Parts with dots between them, on as many lines as they need.
fn flow(parts: &[(String, Style)], width: usize, view: &View<'_>) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut column = 0;
    for (part, style) in parts {
        let part = text::clip(part, width);
        let wide = text::width(&part);
        let gap = text::width(BETWEEN);
        match lines.last_mut() {
            Some(line) if column + gap + wide <= width => {
                line.push_span(Span::styled(BETWEEN, view.theme.dim));
                line.push_span(Span::styled(part, *style));
                column += gap + wide;
            }
            _ => {
                lines.push(Line::from(Span::styled(part, *style)));
                column = wide;
            }
        }
    }
    lines
}

/// Why a finding is unverified or doubtful, each sentence on lines of its own.
fn doubts(view: &View<'_>, finding: &Finding, width: usize) -> Vec<Line<'static>> {
    let Some(why) = &finding.why else { return Vec::new() };
    let (sign, style) = match finding.status {
        Status::Unverified => ("?", view.theme.unverified),
        Status::Anchored => ("!", view.theme.warning),
    };
    let sentences = why.lines().map(str::trim).filter(|s| !s.is_empty());
    let room = width.saturating_sub(INDENT);
    indented(sentences.flat_map(|sentence| text::signed(sign, sentence, room, style)).collect())
}

fn put_sign(lines: &mut [Line<'static>], sign: &'static str, style: Style) {
    let Some(first) = lines.first_mut() else { return };
    if !first.spans.is_empty() {
        first.spans.remove(0);
    }
    first.spans.insert(0, Span::styled(sign, style));
    first.spans.insert(1, Span::raw(" "));
}

fn indented(mut lines: Vec<Line<'static>>) -> Vec<Line<'static>> {
    for line in &mut lines {
        line.spans.insert(0, Span::raw(" ".repeat(INDENT)));
    }
    lines
}

/// A quote may run over several lines of its source; in a list it is one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
