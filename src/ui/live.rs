//! A job at work: what it does and the end of what the model is writing.

use ratatui::text::{Line, Span};

use super::{View, status, text, words};
use crate::app::state::{Phase, Running};

/// Bytes of the answer's end that are looked at; no pane shows more.
const TAIL: usize = 8_000;

/// At most `most` lines, the newest words last.
pub fn lines(view: &View<'_>, running: &Running, width: usize, most: usize) -> Vec<Line<'static>> {
    let theme = view.theme;
    let mut lines = vec![rule(view, running, width)];
    let doing = match running.doing.as_str() {
        "" => "It is being prepared.",
        doing => doing,
    };
    lines.extend(text::paragraph(doing, width, 0, theme.text));
    lines.extend(reading(running).map(|text| Line::styled(text::clip(&text, width), theme.dim)));
    let room = most.saturating_sub(lines.len());
    lines.truncate(most);
    lines.extend(tail(view, &running.live, width, room));
    lines
}

fn rule(view: &View<'_>, running: &Running, width: usize) -> Line<'static> {
    let job = status::title(view.state, &running.spec.job);
    let word = match running.phase {
        Phase::Working => "running",
        Phase::Pausing | Phase::Paused => "pausing",
        Phase::Stopping | Phase::Ended => "stopping",
    };
    let name = text::clip(&format!(" {job}, {word} "), width.saturating_sub(4));
    let rest = width.saturating_sub(2 + text::width(&name));
    Line::from(vec![
        Span::styled("──", view.theme.dim),
        Span::styled(name, view.theme.progress),
        Span::styled("─".repeat(rest), view.theme.dim),
    ])
}

/// How much of the prompt was read, while that takes time.
fn reading(running: &Running) -> Option<String> {
    let (done, of) = running.prefill;
    (done < of && running.live.is_empty())
        .then(|| format!("reading: {} of {} tokens", words::grouped(done), words::grouped(of)))
}

fn tail(view: &View<'_>, live: &str, width: usize, room: usize) -> Vec<Line<'static>> {
    let live = live.trim_end();
    if live.is_empty() || room == 0 {
        return Vec::new();
    }
    let from = live.floor_char_boundary(live.len().saturating_sub(TAIL));
    let lines = text::paragraph(&live[from..], width, 0, view.theme.live);
    let first = lines.len().saturating_sub(room);
    lines.into_iter().skip(first).collect()
}
