//! The foot of the screen: the job at work, what was to be told or typed, the
//! engine, and the keys that matter where the person is.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::input::InputLines;
use super::{View, documents, pane, text, words};
use crate::app::command::{Command, binding, key};
use crate::app::state::{DocState, EngineState, Entry, Level, Mode, Pane, Phase, State, Tally};
use crate::domain::document::PageState;

/// Columns that the key hints need before the engine may stand beside them.
const MIN_HINTS: usize = 44;
const MIN_BAR: usize = 10;
const MAX_BAR: usize = 40;
const MIN_NAME: usize = 16;

/// The foot laid out for a width; its height decides that of the panes.
pub struct Foot {
    lines: Vec<Line<'static>>,
    /// Column and line of the text cursor, where something is typed.
    cursor: Option<Position>,
}

impl Foot {
    pub fn new(view: &View<'_>, area: Rect) -> Self {
        // One blank column at both edges, in line with the text of the panes.
        let width = usize::from(area.width).saturating_sub(2);
        let most = usize::from(area.height / 6).clamp(1, 3);
        let mut lines: Vec<Line<'static>> = progress(view, width).into_iter().collect();
        let mut cursor = None;
        if let Some(input) = input(view, width, most) {
            // Why it is asked again stands above it.
            if matches!(&view.state.mode, Mode::Password(asking) if asking.wrong) {
                lines.extend(notice(view, width, 1));
            }
            cursor = Some(Position::new(input.cursor.x, input.cursor.y + pane::cells(lines.len())));
            lines.extend(input.lines);
        } else {
            lines.extend(notice(view, width, most));
        }
        lines.extend(keys_and_engine(view, width));
        Self { lines, cursor }
    }

    pub fn height(&self) -> u16 {
        pane::cells(self.lines.len())
    }

    /// Gives the place of the text cursor on the screen.
    pub fn draw(&self, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let inner = area.inner(ratatui::layout::Margin::new(1, 0));
        pane::lines(&self.lines, inner, buf);
        let cursor = self.cursor?;
        let at = Position::new(inner.x + cursor.x, inner.y + cursor.y);
        inner.contains(at).then_some(at)
    }
}

fn input(view: &View<'_>, width: usize, most: usize) -> Option<InputLines> {
    match &view.state.mode {
        Mode::Search { input } => {
            let label = match &view.state.search {
                Some(search) if !input.text.is_empty() && search.query == input.text => {
                    match search.matches.len() {
                        0 => "Search, no match:".to_owned(),
                        of => format!("Search, {} of {of}:", search.current + 1),
                    }
                }
                _ => "Search:".to_owned(),
            };
            Some(InputLines::new(view, &label, input, width, most))
        }
        Mode::Edit { input, .. } => {
            Some(InputLines::new(view, "Your wording:", input, width, most))
        }
        Mode::Password(asking) => {
            let label = if asking.wrong { "Another password:" } else { "Password:" };
            Some(InputLines::new(view, label, &asking.input.dots(), width, 1))
        }
        Mode::Normal
        | Mode::Help
        | Mode::Info
        | Mode::Queue { .. }
        | Mode::RunMenu { .. }
        | Mode::TemplateMenu { .. }
        | Mode::ConfirmQuit
        | Mode::ConfirmHidden(_) => None,
    }
}

fn notice(view: &View<'_>, width: usize, most: usize) -> Vec<Line<'static>> {
    let Some(notice) = &view.state.notice else { return Vec::new() };
    let style = match notice.level {
        Level::Info => view.theme.text,
        Level::Warning => view.theme.warning,
        Level::Error => view.theme.error,
    };
    let lines = text::wrap(&notice.text, width.max(1));
    if lines.len() <= most {
        return text::paragraph(&notice.text, width, 0, style);
    }
    // The end is cut where even three lines are too few.
    let rest = lines.get(most - 1).map_or(0, |range| range.start);
    let mut shown = text::paragraph(notice.text[..rest].trim_end(), width, 0, style);
    shown.push(Line::styled(text::clip(&notice.text[rest..], width), style));
    shown
}

/// The jobs at work, or why none is.
fn progress(view: &View<'_>, width: usize) -> Option<Line<'static>> {
    let (state, theme) = (view.state, view.theme);
    if !state.running.is_empty() {
        return Some(running_line(view, width));
    }
    let waiting = words::count(state.queue.len(), "job");
    let (text, style) = match (state.paused, state.queue.len()) {
        (true, 0) => (format!("Paused. Press {} to go on.", key(Command::Pause)), theme.warning),
        (true, 1) => {
            let text = format!("Paused, 1 job waits. Press {} to go on.", key(Command::Pause));
            (text, theme.warning)
        }
        (true, _) => {
            let text = format!("Paused, {waiting} wait. Press {} to go on.", key(Command::Pause));
            (text, theme.warning)
        }
        (false, 0) => return None,
        (false, _) => (format!("{waiting} in the queue, until the document is read"), theme.dim),
    };
    Some(Line::styled(text::clip(&text, width), style))
}

/// What is under way as long as the jobs were asked to stop and have not.
pub fn stopping(state: &State) -> Option<&'static str> {
    let mut going = state.running.iter().filter(|running| running.is_going());
    if going.clone().any(|running| running.phase == Phase::Working) {
        return None;
    }
    let pauses = going.any(|running| running.phase == Phase::Pausing);
    Some(if pauses { "pausing…" } else { "stopping…" })
}

fn running_line(view: &View<'_>, width: usize) -> Line<'static> {
    let (state, theme) = (view.state, view.theme);
    let tally = Tally::of(&state.running);
    let step = match tally.steps {
        0 => "preparing".to_owned(),
        of => format!("step {} of {of}", (tally.done + 1).min(of)),
    };
    let per_cent = documents::per_cent(tally.share());
    let mut tail = vec![format!(" {per_cent:>3} %")];
    if let Some(word) = stopping(state) {
        tail.push(format!("  {word}"));
    } else if let Some(left) = tally.estimate(state.now) {
        tail.push(format!("  {}", words::time_left(left)));
    }
    if !state.queue.is_empty() {
        tail.push(format!("  {} queued", words::grouped(state.queue.len())));
    }
    let tail = tail.concat();
    let rest = width.saturating_sub(text::width(&tail) + text::width(&step) + 4);
    let room = rest.saturating_sub(MIN_BAR).max(MIN_NAME);
    let name = text::clip(&running_name(state, room), room);
    let bar = rest.saturating_sub(text::width(&name)).clamp(MIN_BAR, MAX_BAR);
    let full = bar * usize::from(per_cent) / 100;
    let mut line = pane::both_ends(
        &[(&name, theme.accent), ("  ", theme.text), (&step, theme.text), ("  ", theme.text)],
        &[],
        text::width(&name) + text::width(&step) + 4,
    );
    line.push_span(Span::styled("━".repeat(full), theme.progress));
    line.push_span(Span::styled("─".repeat(bar - full), theme.dim));
    line.push_span(Span::styled(tail, theme.text));
    line
}

/// The jobs' titles and the document that they read; the jobs are only
/// counted where their titles would take its room.
fn running_name(state: &State, width: usize) -> String {
    let going = state.running.iter().filter(|running| running.phase != Phase::Ended);
    let titles: Vec<&str> = going.map(|running| title(state, &running.spec.job)).collect();
    let document = state.read_now().and_then(|doc| state.find(doc));
    let document = document.map_or_else(String::new, |entry| format!(" · {}", entry.name));
    let full = format!("{}{document}", titles.join(" + "));
    if titles.len() < 2 || text::width(&full) <= width {
        return full;
    }
    format!("{}{document}", words::count(titles.len(), "job"))
}

/// A job's title, or its name where its template is gone.
pub fn title<'a>(state: &'a State, job: &'a str) -> &'a str {
    state.template(job).map_or(job, |template| &template.title)
}

/// The keys and the engine, on one line where they fit.
fn keys_and_engine(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let (engine, style) = engine(view);
    let engine_width = text::width(&engine);
    if engine_width + MIN_HINTS + 2 <= width {
        let mut line = hints(view, width - engine_width - 2);
        line.push_span(Span::raw(" ".repeat(width - engine_width - line.width())));
        line.push_span(text::span(&engine, style));
        return vec![line];
    }
    let mut lines = text::paragraph(&engine, width, 0, style);
    if lines.len() > 2 {
        lines.truncate(1);
        let rest = text::wrap(&engine, width.max(1)).get(1).map_or(0, |range| range.start);
        lines.push(Line::styled(text::clip(&engine[rest..], width), style));
    }
    lines.push(hints(view, width));
    lines
}

/// The engine's state in a few words, and as a sentence where it is missing.
pub fn engine(view: &View<'_>) -> (String, Style) {
    let theme = view.theme;
    match &view.state.engine {
        EngineState::Idle { model } => (format!("{model}, not loaded"), theme.dim),
        EngineState::Loading { model, doing, since } => {
            let seconds = view.state.now.0.saturating_sub(since.0) / 1_000;
            let doing = if doing.is_empty() { String::new() } else { format!(": {doing}") };
            (format!("loading {model}{doing}, {seconds} s"), theme.progress)
        }
        EngineState::Ready { model, device } => (format!("{model} · {device}"), theme.dim),
        EngineState::Failed { model, why } => {
            (format!("{model} is not there, so the jobs wait. {why}"), theme.error)
        }
        EngineState::None { why } => (format!("Recognisers work alone. {why}"), theme.warning),
    }
}

/// What matters most where the person is, most telling first.
fn commands(state: &State) -> Vec<Command> {
    use Command as C;
    let mut all = match &state.mode {
        Mode::Normal if state.documents.is_empty() => {
            return vec![C::Reload, C::Auto, C::Templates, C::Theme];
        }
        Mode::Normal => match state.pane {
            Pane::Documents => vec![C::Run, C::Open, C::Mark, C::MarkAll, C::RunAll, C::Auto],
            Pane::Results => vec![C::Accept, C::Reject, C::Edit, C::Undo, C::Open, C::NextQuote],
            Pane::Source => vec![C::Search, C::NextQuote, C::PreviousQuote, C::Accept, C::Reject],
        },
        Mode::Help => return vec![C::Down, C::Up, C::PageDown, C::Back],
        Mode::Info => {
            let mut all = vec![C::Down, C::Up, C::PageDown, C::Back];
            all.extend(state.entry().into_iter().flat_map(for_reading));
            return all;
        }
        Mode::RunMenu { .. } | Mode::TemplateMenu { .. } => {
            return vec![C::Down, C::Up, C::Open, C::Back];
        }
        Mode::Queue { .. } => {
            return vec![
                C::Back,
                C::Cancel,
                C::Pause,
                C::MoveUp,
                C::MoveDown,
                C::MoveFirst,
                C::CancelAll,
                C::Open,
            ];
        }
        Mode::Search { .. }
        | Mode::Edit { .. }
        | Mode::Password(_)
        | Mode::ConfirmQuit
        | Mode::ConfirmHidden(_) => return Vec::new(),
    };
    if !state.running.is_empty() {
        all.splice(0..0, [C::Cancel, C::Pause, C::Queue]);
    } else if state.paused || !state.queue.is_empty() {
        all.splice(0..0, [C::Pause, C::Queue]);
    }
    if matches!(state.mode, Mode::Normal) && state.pane == Pane::Documents {
        all.splice(0..0, state.entry().filter(|entry| is_locked(entry)).map(|_| C::Unlock));
    }
    match state.pane {
        Pane::Documents => all.extend([C::Reason, C::Templates, C::Export]),
        Pane::Results => all.extend([C::Search, C::Run, C::Export, C::Reason]),
        Pane::Source => all.extend([C::Back, C::Run]),
    }
    all
}

fn is_locked(entry: &Entry) -> bool {
    matches!(&entry.state, DocState::Failed(failure) if failure.needs_password)
}

/// What can be said about how a document is read.
fn for_reading(entry: &Entry) -> Vec<Command> {
    if is_locked(entry) {
        return vec![Command::Unlock];
    }
    let Some(doc) = entry.document() else { return Vec::new() };
    let offers = [
        (Command::Revisions, doc.markup.is_some_and(|markup| markup.has_changes())),
        (Command::GiveHidden, doc.marks.asides.iter().any(|aside| aside.kind.may_be_given())),
        (Command::Recognise, doc.pages.iter().any(|page| page.state == PageState::Scan)),
    ];
    offers.into_iter().filter_map(|(command, is)| is.then_some(command)).collect()
}

/// Key hints, as many as fit; where help is and how to leave always stay.
fn hints(view: &View<'_>, width: usize) -> Line<'static> {
    let pair = |command| match command {
        Command::Pause if view.state.paused => (key(command), "go on"),
        _ => (key(command), binding(command).hint),
    };
    let (fixed, pairs): (Vec<_>, Vec<_>) = match &view.state.mode {
        Mode::Search { .. } => {
            (vec![(key(Command::Open), "find"), (key(Command::Back), "close")], Vec::new())
        }
        Mode::Edit { .. } => (
            vec![
                (key(Command::Open), "accept this wording"),
                (key(Command::Back), "leave as it was"),
            ],
            Vec::new(),
        ),
        Mode::ConfirmQuit => {
            (vec![(key(Command::Quit), "leave"), (key(Command::Back), "stay")], Vec::new())
        }
        Mode::ConfirmHidden(_) => {
            (vec![("y", "give them"), (key(Command::Back), "leave them out")], Vec::new())
        }
        Mode::Password(_) => (
            vec![(key(Command::Open), "unlock"), (key(Command::Back), "leave it locked")],
            Vec::new(),
        ),
        Mode::Normal => (
            [Command::Help, Command::Quit].map(pair).to_vec(),
            commands(view.state).into_iter().map(pair).collect(),
        ),
        Mode::Help
        | Mode::Info
        | Mode::Queue { .. }
        | Mode::RunMenu { .. }
        | Mode::TemplateMenu { .. } => {
            (Vec::new(), commands(view.state).into_iter().map(pair).collect())
        }
    };
    let wide = |(key, hint): &(&str, &str)| text::width(key) + 1 + text::width(hint) + 2;
    let mut left = (width + 2).saturating_sub(fixed.iter().map(wide).sum());
    let fitting = pairs.into_iter().take_while(|pair| {
        let fits = wide(pair) <= left;
        left = left.saturating_sub(wide(pair));
        fits
    });
    let mut line = Line::default();
    for (key, hint) in fitting.chain(fixed) {
        if !line.spans.is_empty() {
            line.push_span(Span::raw("  "));
        }
        line.push_span(Span::styled(key, view.theme.key));
        line.push_span(Span::styled(format!(" {hint}"), view.theme.dim));
    }
    line
}
