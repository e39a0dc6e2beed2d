//! The results pane: what the jobs found in the document under the cursor,
//! row by row, and the job at work on it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::finding::{self, RowLines, Shown};
use super::uistate::ResultsView;
use super::{View, documents, live, pane, text, words};
use crate::app::command::{Command, key};
use crate::app::state::{DocState, Entry, Pane, Row};
use crate::domain::document::Format;
use crate::domain::finding::{Decision, Finding, JobResult};
use crate::domain::ledger::Coverage;

pub fn draw(view: &View<'_>, results: &mut ResultsView, area: Rect, buf: &mut Buffer) {
    let entry = view.state.entry();
    let note = entry.map_or(String::new(), |entry| match entry.reviewed() {
        (0, _) => String::new(),
        (all, reviewed) => format!("{reviewed} of {all} reviewed"),
    });
    let inner = pane::frame(view, ("Results", &note), view.has_focus(Pane::Results), area, buf);
    results.hidden = (0, 0);
    results.page = 1;
    let Some(entry) = entry else {
        let prose = pane::prose(inner);
        pane::lines(&empty_folder(view, usize::from(prose.width)), prose, buf);
        return;
    };
    let rows = view.state.rows();
    let inner = draw_live(view, entry, rows.is_empty(), inner, buf);
    let inner = draw_stale(view, entry, inner, buf);
    if rows.is_empty() {
        let prose = pane::prose(inner);
        pane::lines(&no_results(view, entry, usize::from(prose.width)), prose, buf);
        return;
    }
    let list = List { view, entry, rows: &rows, width: usize::from(inner.width).saturating_sub(1) };
    list.scroll(results, usize::from(inner.height));
    list.draw(results, inner, buf);
    draw_more(view, results, area, buf);
}

/// The job at work on this document takes the foot of the pane, or all of it
/// while there is nothing else to show. Gives the room that is left.
fn draw_live(view: &View<'_>, entry: &Entry, alone: bool, inner: Rect, buf: &mut Buffer) -> Rect {
    let Some(running) = view.state.at_work().filter(|r| r.spec.doc == entry.id) else {
        return inner;
    };
    let most = if alone { inner.height } else { inner.height / 3 };
    let prose = pane::prose(inner);
    let lines = live::lines(view, running, usize::from(prose.width), usize::from(most));
    let height = pane::cells(lines.len()).min(inner.height);
    let top = if alone { inner.y } else { inner.bottom() - height };
    pane::lines(&lines, Rect { y: top, height, ..prose }, buf);
    Rect { y: if alone { top + height } else { inner.y }, height: inner.height - height, ..inner }
}

fn draw_stale(view: &View<'_>, entry: &Entry, inner: Rect, buf: &mut Buffer) -> Rect {
    if !entry.is_stale() || entry.results.is_empty() {
        return inner;
    }
    let why = if entry.is_read_otherwise() {
        "These results were made of the document as it was read in another way."
    } else {
        "The document changed after these results were made."
    };
    let sentence = format!("{why} Press {} to run the jobs again.", key(Command::Run));
    let prose = pane::prose(inner);
    let mut lines = text::paragraph(&sentence, usize::from(prose.width), 0, view.theme.warning);
    lines.push(Line::default());
    pane::lines(&lines, prose, buf);
    let height = pane::cells(lines.len()).min(inner.height);
    Rect { y: inner.y + height, height: inner.height - height, ..inner }
}

/// Tells that the row under the cursor goes on below the pane.
fn draw_more(view: &View<'_>, results: &ResultsView, area: Rect, buf: &mut Buffer) {
    let (_, below) = results.hidden;
    if below == 0 || area.height < 2 || area.width < 4 {
        return;
    }
    let label = format!(" {} below ", words::count(below, "more line"));
    let line = Line::styled(label, view.theme.accent).right_aligned();
    let row = Rect { x: area.x + 1, y: area.bottom() - 1, width: area.width - 2, height: 1 };
    let width = pane::cells(line.width()).min(row.width);
    pane::line(&line, Rect { x: row.right() - width, width, ..row }, buf);
}

fn empty_folder(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let formats: Vec<String> = Format::ALL.iter().map(|f| format!(".{}", f.name())).collect();
    let (last, first) = formats.split_last().map_or(("", &[][..]), |(l, f)| (l.as_str(), f));
    let how = format!(
        "Put {} or {last} files into the folder; they appear here by themselves. \
         Nothing in the folder is ever changed.",
        first.join(", ")
    );
    let mut lines = text::paragraph(&how, width, 0, view.theme.text);
    lines.push(Line::default());
    let other = "To work on another folder, leave and start with its path: galley FOLDER.";
    lines.extend(text::paragraph(other, width, 0, view.theme.dim));
    lines
}

/// What helps where a document is locked.
pub fn unlock() -> String {
    format!("Press {} to enter its password; it is kept nowhere.", key(Command::Unlock))
}

fn no_results(view: &View<'_>, entry: &Entry, width: usize) -> Vec<Line<'static>> {
    let theme = view.theme;
    let say = |text: &str| text::paragraph(text, width, 0, theme.text);
    match &entry.state {
        DocState::Waiting => say("This document waits to be read."),
        DocState::Reading => say("This document is being read."),
        DocState::Failed(why) => {
            let mut lines =
                text::paragraph("This document could not be read.", width, 0, theme.error);
            lines.extend(say(&why.text));
            if why.needs_password {
                lines.push(Line::default());
                lines.extend(say(&unlock()));
            }
            lines
        }
        DocState::Ready(_) if view.state.read_now() == Some(&entry.id) => Vec::new(),
        DocState::Ready(_) if view.state.pending(&entry.id) > 0 => {
            let n = words::count(view.state.pending(&entry.id), "job");
            let paused = if view.state.paused { ", which is paused" } else { "" };
            say(&format!("{n} in the queue for this document{paused}."))
        }
        DocState::Ready(_) => {
            let mut lines = say(&format!(
                "Nothing was run on this document yet. Press {} to choose a job:",
                key(Command::Run)
            ));
            for template in &view.state.templates {
                lines.push(Line::default());
                lines.extend(text::paragraph(&template.title, width, 2, theme.heading));
                lines.extend(text::paragraph(&template.description, width, 2, theme.dim));
            }
            lines
        }
    }
}

/// The rows as lines, and which of them are in sight.
struct List<'a> {
    view: &'a View<'a>,
    entry: &'a Entry,
    rows: &'a [Row<'a>],
    /// Columns right of the cursor's bar.
    width: usize,
}

impl List<'_> {
    fn selected(&self) -> usize {
        self.view.state.row.min(self.rows.len() - 1)
    }

    /// A row's lines, with a blank one above a heading.
    fn lines(&self, index: usize) -> RowLines {
        let theme = self.view.theme;
        match &self.rows[index] {
            Row::Job { title, result, .. } => self.job(title, result),
            Row::Section { title, count } => {
                let count = words::grouped(*count);
                let right = [(count.as_str(), theme.dim)];
                let line = pane::both_ends(&[(title, theme.heading)], &right, self.width);
                RowLines { head: 1, lines: vec![line] }
            }
            Row::Finding { job, finding, decision } => {
                let with_model = self.entry.results.get(*job).is_some_and(|r| r.model != "none");
                let selected = index == self.selected();
                let shown = Shown { job, finding, decision, with_model, selected };
                finding::lines(self.view, &shown, self.width)
            }
            Row::Empty { text } => whole(text::paragraph(text, self.width, 2, theme.dim)),
            Row::Warning { text } => whole(text::signed("!", text, self.width, theme.warning)),
        }
    }

    fn job(&self, title: &str, result: &JobResult) -> RowLines {
        let theme = self.view.theme;
        let decided = |f: &&Finding| self.entry.decision(&result.job, &f.id) != Decision::Open;
        let reviewed = result.findings.iter().filter(decided).count();
        let counts =
            format!("{} found, {reviewed} reviewed", words::grouped(result.findings.len()));
        let right = [(counts.as_str(), theme.dim)];
        let (coverage, complete) = coverage(&result.coverage);
        let made = match result.model.as_str() {
            "none" => "recognisers alone",
            model => model,
        };
        let mut lines = vec![pane::both_ends(&[(title, theme.accent)], &right, self.width)];
        let style = if complete { theme.dim } else { theme.warning };
        let took = words::took(result.seconds);
        let made = [(made, theme.dim)];
        let fits = text::width(&coverage) + made[0].0.len() + took.len() + 5 <= self.width;
        if fits {
            let left = [(coverage.as_str(), style), (" · ", theme.dim), made[0]];
            lines.push(pane::both_ends(&left, &[(&took, theme.dim)], self.width));
        } else {
            // What was not read is never cut.
            lines.extend(text::paragraph(&coverage, self.width, 0, style));
            lines.push(pane::both_ends(&made, &[(&took, theme.dim)], self.width));
        }
        RowLines { head: 1, lines }
    }

    /// Blank lines above a row.
    fn gap(&self, index: usize) -> usize {
        match self.rows[index] {
            Row::Job { .. } | Row::Section { .. } => usize::from(index > 0),
            Row::Finding { .. } | Row::Empty { .. } | Row::Warning { .. } => 0,
        }
    }

    fn height(&self, index: usize) -> usize {
        self.gap(index) + self.lines(index).lines.len()
    }

    /// Brings the row under the cursor into sight, moving as little as possible.
    fn scroll(&self, results: &mut ResultsView, room: usize) {
        let selected = self.selected();
        if results.doc.as_ref() != Some(&self.entry.id) {
            *results =
                ResultsView { doc: Some(self.entry.id.clone()), page: 1, ..Default::default() };
        }
        let moved = results.row != selected;
        results.row = selected;
        let tall = self.height(selected);
        if tall > room {
            if moved || results.top != selected {
                (results.top, results.skip) = (selected, self.gap(selected));
            }
            results.skip = results.skip.min(tall - room);
            results.hidden =
                (results.skip.saturating_sub(self.gap(selected)), tall - room - results.skip);
        } else if selected < results.top || selected == results.top && results.skip > 0 {
            (results.top, results.skip) = (self.with_headings(selected, room), 0);
        } else if !self.fits(results, selected, room) {
            (results.top, results.skip) = self.last_at(selected, room - tall);
        }
    }

    /// The first of the headings that stand right above a row.
    fn with_headings(&self, selected: usize, room: usize) -> usize {
        let mut top = selected;
        let mut left = room.saturating_sub(self.height(selected));
        while top > 0 && !matches!(self.rows[top - 1], Row::Finding { .. }) {
            let height = self.height(top - 1);
            if height > left {
                break;
            }
            left -= height;
            top -= 1;
        }
        top
    }

    fn fits(&self, results: &ResultsView, selected: usize, room: usize) -> bool {
        let mut left = room + results.skip;
        (results.top..=selected).all(|index| {
            let height = self.height(index);
            let fits = height <= left;
            left = left.saturating_sub(height);
            fits
        })
    }

    /// Where to begin so that a row is the last in sight, `left` lines above it.
    fn last_at(&self, selected: usize, mut left: usize) -> (usize, usize) {
        let mut top = selected;
        while top > 0 && left > 0 {
            top -= 1;
            let height = self.height(top);
            if height > left {
                return (top, height - left);
            }
            left -= height;
        }
        (top, 0)
    }

    fn draw(&self, results: &mut ResultsView, area: Rect, buf: &mut Buffer) {
        let focused = self.view.has_focus(Pane::Results);
        let theme = self.view.theme;
        let mut skip = results.skip;
        let mut y = area.y;
        let mut shown = 0;
        for index in results.top..self.rows.len() {
            let selected = index == self.selected();
            let row = self.lines(index);
            let gap = self.gap(index);
            let drawn = (0..gap + row.lines.len()).skip(skip);
            skip = skip.saturating_sub(gap + row.lines.len());
            for at in drawn {
                if y >= area.bottom() {
                    results.page = shown.max(1);
                    return;
                }
                let place = Rect { y, height: 1, ..area };
                y += 1;
                let Some(n) = at.checked_sub(gap) else { continue };
                let mut line = row.lines[n].clone();
                line.spans.insert(0, documents::pane_bar(self.view, selected, focused));
                pane::line(&line, place, buf);
                if selected && n < row.head {
                    buf.set_style(place, if focused { theme.selection } else { theme.cursor });
                }
            }
            shown += 1;
        }
        results.page = shown.max(1);
    }
}

fn whole(lines: Vec<Line<'static>>) -> RowLines {
    RowLines { head: lines.len(), lines }
}

/// What became of the text, and whether all of it was read.
pub fn coverage(coverage: &Coverage) -> (String, bool) {
    let mut parts = if coverage.total == 0 {
        vec!["nothing to read".to_owned()]
    } else {
        vec![format!("read {} %", coverage.per_cent())]
    };
    let share = |part: usize| match coverage.share(part) {
        0 => "under 1 %".to_owned(),
        n => format!("{n} %"),
    };
    if coverage.failed > 0 {
        parts.push(format!("{} not read", share(coverage.failed)));
    }
    if coverage.excluded > coverage.aside() {
        parts.push(format!("{} left out", share(coverage.excluded - coverage.aside())));
    }
    if let Some(why) = coverage.why_aside() {
        parts.push(format!("set aside: {why}"));
    }
    match (coverage.pages_not_read, coverage.pages) {
        (0, _) => {}
        (1, 1) => parts.push("the only page not read".to_owned()),
        (unread, pages) => {
            parts.push(format!(
                "{} of {} not read",
                words::grouped(unread),
                words::count(pages, "page")
            ));
        }
    }
    (parts.join(", "), coverage.is_complete())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::marks::AsideKind;

    #[test]
    fn coverage_adds_up_in_words_and_never_hides_what_was_not_read() {
        let of = |read, excluded, failed, total| {
            coverage(&Coverage { read, excluded, failed, total, ..Coverage::default() })
        };
        assert_eq!(of(1_000, 0, 0, 1_000), ("read 100 %".to_owned(), true));
        assert_eq!(of(700, 300, 0, 1_000), ("read 70 %, 30 % left out".to_owned(), true));
        assert_eq!(of(999, 0, 1, 1_000), ("read 99 %, under 1 % not read".to_owned(), false));
        assert_eq!(of(0, 0, 0, 0), ("nothing to read".to_owned(), true));
    }

    #[test]
    fn what_was_set_aside_is_named() {
        let set_aside = BTreeMap::from([(AsideKind::RunningHead, 20)]);
        let sum =
            Coverage { read: 980, excluded: 20, total: 1_000, set_aside, ..Default::default() };
        assert_eq!(coverage(&sum).0, "read 100 %, set aside: running heads");
    }

    #[test]
    fn a_page_that_was_not_read_is_named_although_it_has_no_bytes() {
        let of = |total, pages_not_read, pages| {
            coverage(&Coverage { read: total, total, pages_not_read, pages, ..Coverage::default() })
        };
        assert_eq!(of(99, 1, 3), ("read 99 %, 1 of 3 pages not read".to_owned(), false));
        assert_eq!(of(0, 2, 2), ("nothing to read, 2 of 2 pages not read".to_owned(), false));
        assert_eq!(of(0, 1, 1), ("nothing to read, the only page not read".to_owned(), false));
    }
}
