//! The queue: the jobs that run and, in their order, those that wait.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::{View, documents, overlay, pane, status, text, words};
use crate::app::command::{Command, key};
use crate::app::state::{DocState, JobSpec, Phase, QueueRow, Running};

const WIDTH: usize = 76;
/// Columns for a job's place: "now", "12".
const PLACE: usize = 5;
const GAP: usize = 2;

/// `row` is where the cursor is; `selected` whether a job is under it.
pub fn draw(view: &View<'_>, row: usize, selected: bool, area: Rect, buf: &mut Buffer) {
    let width = overlay::text_width(area).min(WIDTH);
    let rows = view.state.queue_rows();
    let head = head(view, rows.is_empty(), width);
    let inner = overlay::boxed(view, "Queue", (width, head.len() + rows.len()), area, buf);
    pane::lines(&head, pane::prose(inner), buf);
    let top = inner.y + pane::cells(head.len()).min(inner.height);
    let list = Rect { y: top, height: inner.bottom() - top, ..inner };
    let room = usize::from(list.height).max(1);
    let row = row.min(rows.len().saturating_sub(1));
    let first = (row + 1).saturating_sub(room);
    let titles = rows.iter().map(|row| text::width(status::title(view.state, &row.spec().job)));
    let titles = titles.max().unwrap_or(0).min(width / 3);
    let shown = rows.iter().enumerate().skip(first);
    for ((index, item), y) in shown.zip(list.top()..list.bottom()) {
        let place = Rect { y, height: 1, ..list };
        let is_on = selected && index == row;
        let mut line = job_line(view, *item, titles, width.saturating_sub(2));
        line.spans.insert(0, documents::pane_bar(view, is_on, true));
        pane::line(&line, place, buf);
        if is_on {
            buf.set_style(place, view.theme.selection);
        }
    }
    draw_more(view, rows.len().saturating_sub(first + room), inner, area, buf);
}

/// What stands over the list: that it is paused or empty, and what then.
fn head(view: &View<'_>, is_empty: bool, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut say = |words: &str, style: Style| {
        lines.extend(text::paragraph(words, width.saturating_sub(2), 0, style));
    };
    if view.state.paused {
        let text = format!(
            "Paused: no job runs until you press {}. What was found so far is kept.",
            key(Command::Pause)
        );
        say(&text, view.theme.warning);
    }
    if is_empty {
        let text = format!(
            "No job runs or waits. Press {} on a document to choose one.",
            key(Command::Run)
        );
        say(&text, view.theme.text);
    }
    if !lines.is_empty() && !is_empty {
        lines.push(Line::default());
    }
    lines
}

fn job_line(view: &View<'_>, row: QueueRow<'_>, titles: usize, width: usize) -> Line<'static> {
    let theme = view.theme;
    let (place, word, style) = match row {
        QueueRow::Running(running) => ("now".to_owned(), running_word(running), theme.progress),
        QueueRow::Waiting(at, spec) => ((at + 1).to_string(), waiting_word(view, spec), theme.dim),
    };
    let spec = row.spec();
    let title = text::clip(status::title(view.state, &spec.job), titles);
    let pad = " ".repeat(titles - text::width(&title) + GAP);
    let place = format!("{place:>width$}  ", width = PLACE - GAP);
    let document = document(view, spec);
    pane::both_ends(
        &[(&place, style), (&title, theme.text), (&pad, theme.text), (&document, theme.dim)],
        &[(&word, style)],
        width,
    )
}

fn document(view: &View<'_>, spec: &JobSpec) -> String {
    let name = view
        .state
        .find(&spec.doc)
        .map_or_else(|| spec.doc.0.to_string_lossy().into_owned(), |entry| entry.name.clone());
    if spec.within.is_some() { format!("{name}, a passage") } else { name }
}

fn running_word(running: &Running) -> String {
    match (running.phase, running.steps) {
        (Phase::Stopping, _) => "stopping…".to_owned(),
        (Phase::Pausing, _) => "pausing…".to_owned(),
        (Phase::Paused, _) => "paused".to_owned(),
        (Phase::Working | Phase::Ended, 0) => "preparing".to_owned(),
        (Phase::Working | Phase::Ended, of) => {
            format!("{} of {of} steps", words::grouped(running.done))
        }
    }
}

/// What else than its turn a job waits for.
fn waiting_word(view: &View<'_>, spec: &JobSpec) -> String {
    match view.state.find(&spec.doc).map(|entry| &entry.state) {
        Some(DocState::Ready(_)) => String::new(),
        Some(DocState::Failed(_)) => "cannot be read".to_owned(),
        Some(DocState::Waiting | DocState::Reading) => "being read".to_owned(),
        None => "not found yet".to_owned(),
    }
}

/// Tells on the lower border how many jobs are out of sight.
fn draw_more(view: &View<'_>, below: usize, inner: Rect, area: Rect, buf: &mut Buffer) {
    if below == 0 {
        return;
    }
    let label = Line::styled(format!(" {below} more below "), view.theme.accent);
    let width = pane::cells(label.width()).min(inner.width);
    let place = Rect { x: inner.right() - width, y: inner.bottom(), width, height: 1 };
    pane::line(&label, place.intersection(area), buf);
}
