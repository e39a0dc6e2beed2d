//! The source pane: the document's text with the evidence highlighted. Goes to
//! the quote whenever another one is shown, and otherwise stays where it is.

use std::collections::BTreeSet;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::uistate::SourceView;
use super::versions::{self, Changes};
use super::wrap::{Key, Wrapped, WrappedLine};
use super::{View, pane, set_aside, text};
use crate::app::state::{DocState, Entry, Highlight, Pane};
use crate::domain::document::{Document, Markup, Page, PageState, RevisionView};
use crate::domain::marks::Aside;
use crate::domain::span::ByteSpan;

/// Columns that the name of what is hidden needs at least.
const LEAST_LABEL: usize = 10;

pub fn draw(view: &View<'_>, source: &mut SourceView, area: Rect, buf: &mut Buffer) {
    let focused = view.has_focus(Pane::Source);
    let Some(entry) = view.state.entry() else {
        pane::frame(view, ("Source", ""), focused, area, buf);
        return;
    };
    let DocState::Ready(doc) = &entry.state else {
        let inner = pane::frame(view, (&entry.name, ""), focused, area, buf);
        let text = unreadable(&entry.state);
        let prose = pane::prose(inner);
        let lines = text::paragraph(text, usize::from(prose.width), 0, view.theme.dim);
        pane::lines(&lines, prose, buf);
        return;
    };
    // The title tells the page in view, so the text is placed before the
    // frame is drawn around it.
    let inner = pane::inside(area);
    let prose = pane::prose(inner);
    let warning = warning(view, doc, usize::from(prose.width));
    let room = usize::from(inner.height).saturating_sub(warning.len());
    source.prepare(view, entry, doc, usize::from(inner.width), room);
    let note = note(view, source, doc);
    pane::frame(view, (&entry.name, &note), focused, area, buf);
    pane::lines(&warning, prose, buf);
    let below = pane::cells(usize::from(inner.height) - room);
    let body = Rect { y: inner.y + below, height: inner.height - below, ..inner };
    let painter = Painter::new(view, entry, doc);
    let wrapped = source.wrapped.as_ref().expect("prepare leaves the wrapped text");
    for (line, y) in wrapped.lines.iter().skip(source.top).zip(body.top()..body.bottom()) {
        let line = painter.line(line, wrapped.gutter, usize::from(body.width));
        pane::line(&line, Rect { y, height: 1, ..body }, buf);
    }
}

fn unreadable(state: &DocState) -> &'static str {
    match state {
        DocState::Waiting | DocState::Reading => "The text appears here once it was read.",
        DocState::Failed(_) => "There is no text to show.",
        DocState::Ready(_) => "",
    }
}

/// What is missing of a document whose reading ended early, in two lines at most.
fn warning(view: &View<'_>, doc: &Document, width: usize) -> Vec<Line<'static>> {
    let Some(warning) = &doc.warning else { return Vec::new() };
    let mut lines = text::signed("!", warning, width, view.theme.warning);
    lines.truncate(2);
    lines
}

impl SourceView {
    /// Wraps the text where that was not done yet, and scrolls.
    fn prepare(
        &mut self,
        view: &View<'_>,
        entry: &Entry,
        doc: &Document,
        width: usize,
        room: usize,
    ) {
        let key = Key::new(entry, doc, width);
        let same_doc = self.wrapped.as_ref().is_some_and(|w| w.key.doc == key.doc);
        if self.wrapped.as_ref().is_none_or(|w| w.key != key) {
            let top = self.wrapped.as_ref().filter(|_| same_doc && self.top > 0);
            let offset = top.map(|old| old.offset_of(self.top));
            let quote_in_view = same_doc && self.shows_quote();
            let wrapped = Wrapped::new(key, doc);
            self.top = offset.map_or(0, |offset| wrapped.line_of(offset));
            self.wrapped = Some(wrapped);
            if quote_in_view {
                self.followed = None;
            }
        }
        self.page = room;
        self.follow(view.state.highlight, entry);
        let lines = self.wrapped.as_ref().map_or(0, |w| w.lines.len());
        self.top = self.top.min(lines.saturating_sub(room));
    }

    fn shows_quote(&self) -> bool {
        let (Some((_, highlight)), Some(wrapped)) = (&self.followed, &self.wrapped) else {
            return false;
        };
        let line = wrapped.line_of(highlight.span.start);
        (self.top..self.top + self.page.max(1)).contains(&line)
    }

    /// Goes to a quote that was not shown before, with a quarter of the view
    /// above it; stays where the quote stands well within the view.
    fn follow(&mut self, highlight: Option<Highlight>, entry: &Entry) {
        let wanted = highlight.map(|h| (entry.id.clone(), h));
        if wanted == self.followed {
            return;
        }
        self.followed = wanted;
        let (Some(highlight), Some(wrapped)) = (highlight, &self.wrapped) else { return };
        let first = wrapped.line_of(highlight.span.start);
        let last = wrapped.line_of(highlight.span.end.saturating_sub(1)).max(first);
        let margin = 2.min(self.page / 4);
        let in_view = first >= self.top + margin && last + margin < self.top + self.page;
        if !in_view {
            self.top = first.saturating_sub(self.page / 4);
        }
    }
}

/// Which page and which quote are in view.
fn note(view: &View<'_>, source: &SourceView, doc: &Document) -> String {
    let mut parts = Vec::new();
    // What is read as accepted is what everybody expects; another view is told.
    match doc.markup.filter(Markup::has_changes).map(|markup| markup.view) {
        Some(RevisionView::Original) => parts.push("original".to_owned()),
        Some(RevisionView::Marked) => parts.push("marked".to_owned()),
        Some(RevisionView::Accepted) | None => {}
    }
    let quote = view.state.highlight.filter(|_| source.shows_quote());
    if let (Some(wrapped), 2..) = (&source.wrapped, doc.pages.len()) {
        let offset = quote.map_or_else(|| wrapped.offset_of(source.top), |q| q.span.start);
        let index = doc.pages.partition_point(|p| p.span.start <= offset).saturating_sub(1);
        if let Some(page) = doc.pages.get(index) {
            parts.push(format!("p. {} of {}", page.n, doc.pages.len()));
        }
    }
    if let Some(highlight) = view.state.highlight {
        let is_match = view.state.search.as_ref().is_some_and(|search| {
            search.matches.get(search.current) == Some(&highlight.span)
                && search.matches.len() == highlight.of
        });
        let what = if is_match { "match" } else { "quote" };
        parts.push(format!("{what} {} of {}", highlight.index + 1, highlight.of));
    }
    parts.join(" · ")
}

/// Gives the wrapped lines their looks.
struct Painter<'a> {
    view: &'a View<'a>,
    doc: &'a Document,
    evidence: Option<ByteSpan>,
    /// Into the document's text, in order.
    matches: &'a [ByteSpan],
    /// Words of the evidence that the version under the cursor leaves out,
    /// counted from the evidence's start.
    removed: Vec<Range<usize>>,
}

impl<'a> Painter<'a> {
    fn new(view: &'a View<'a>, entry: &Entry, doc: &'a Document) -> Self {
        let evidence = view.state.highlight.map(|h| h.span);
        let matches = view.state.search.as_ref().map_or(&[][..], |s| &s.matches);
        let removed = evidence.map_or(Vec::new(), |span| removed_words(view, entry, doc, span));
        Self { view, doc, evidence, matches, removed }
    }

    fn line(&self, line: &WrappedLine, gutter: usize, width: usize) -> Line<'static> {
        match *line {
            WrappedLine::Page(index) => match self.doc.pages.get(index) {
                Some(page) => self.rule(page, width),
                None => Line::default(),
            },
            WrappedLine::Text { start, end, number } => {
                let words = self.doc.text.get(start..end).unwrap_or_default();
                let near = self.matches_within(start, end);
                let room = width.saturating_sub(gutter);
                let mut line = text::styled(words, room, |at| self.style_at(start + at, near));
                let numbered = number > 0 && gutter > 1;
                let number = if numbered { number.to_string() } else { String::new() };
                let label = format!("{number:>pad$}", pad = gutter - 1);
                line.spans.insert(0, Span::styled(label, self.view.theme.dim));
                let asides = self.doc.marks.asides_within(ByteSpan::new(start, end));
                let sign = if asides.iter().any(|aside| set_aside::label(aside.kind).is_some()) {
                    Span::styled("¦", self.view.theme.warning)
                } else {
                    Span::styled(" ", self.view.theme.dim)
                };
                line.spans.insert(1, sign);
                self.name_hidden(&mut line, asides, end, width);
                line
            }
        }
    }

    /// Names what is hidden behind its last line, where there is room.
    fn name_hidden(&self, line: &mut Line<'static>, asides: &[Aside], end: usize, width: usize) {
        let ends_here = |aside: &&Aside| aside.span.end <= end;
        let kinds: BTreeSet<&str> = asides
            .iter()
            .filter(ends_here)
            .filter_map(|aside| set_aside::label(aside.kind))
            .collect();
        if kinds.is_empty() {
            return;
        }
        let label = format!("  [{}]", kinds.into_iter().collect::<Vec<_>>().join(", "));
        let room = width.saturating_sub(line.width());
        if room >= LEAST_LABEL {
            line.push_span(Span::styled(text::clip(&label, room), self.view.theme.warning));
        }
    }

    fn rule(&self, page: &Page, width: usize) -> Line<'static> {
        let theme = self.view.theme;
        let (state, style) = match page.state {
            PageState::Text => ("", theme.dim),
            PageState::Empty => (", empty", theme.dim),
            PageState::Scan => (", a scan", theme.warning),
            PageState::Garbled => (", garbled", theme.warning),
            PageState::Failed => (", not read", theme.warning),
        };
        let note = page.note.as_ref().map_or(String::new(), |note| format!(": {note}"));
        let label = format!(" page {}{state}{note} ", page.n);
        let label = text::clip(&label, width.saturating_sub(4));
        let rest = width.saturating_sub(2 + text::width(&label));
        Line::from(vec![
            Span::styled("──", theme.dim),
            Span::styled(label, style),
            Span::styled("─".repeat(rest), theme.dim),
        ])
    }

    /// The matches that touch a line. There may be very many; they are in
    /// order and do not overlap.
    fn matches_within(&self, start: usize, end: usize) -> &[ByteSpan] {
        let from = self.matches.partition_point(|m| m.end <= start);
        let to = self.matches.partition_point(|m| m.start < end);
        self.matches.get(from..to).unwrap_or_default()
    }

    fn style_at(&self, at: usize, matches: &[ByteSpan]) -> Style {
        let theme = self.view.theme;
        let here = ByteSpan::new(at, at + 1);
        let is_aside = !self.doc.marks.asides_within(here).is_empty();
        if let Some(evidence) = self.evidence.filter(|e| e.overlaps(here)) {
            if is_aside {
                return theme.evidence.patch(theme.dim);
            }
            if versions::covers(&self.removed, at - evidence.start) {
                return theme.evidence.patch(theme.removed);
            }
            return theme.evidence;
        }
        if matches.iter().any(|m| m.overlaps(here)) {
            return theme.found;
        }
        if is_aside { theme.dim } else { theme.text }
    }
}

fn removed_words(
    view: &View<'_>,
    entry: &Entry,
    doc: &Document,
    evidence: ByteSpan,
) -> Vec<Range<usize>> {
    let Some((job, finding)) = view.state.finding() else { return Vec::new() };
    let source = evidence.slice(&doc.text).unwrap_or_default();
    let is_its_source = finding.quotes.first().is_some_and(|quote| quote.span == evidence);
    if !is_its_source || !versions::is_version(view.state, job, finding) {
        return Vec::new();
    }
    let decision = entry.decision(job, &finding.id);
    Changes::between(source, super::finding::wording(finding, &decision)).removed
}
