//! What each command of the table does in the normal mode.

use super::{documents, notify, queue, reading, review, runs};
use crate::app::command::Command;
use crate::app::msg::Effect;
use crate::app::state::{DocState, Level, Mode, Pane, Phase, Scope, State};

/// Rows that a page key moves in a list.
pub(super) const PAGE: usize = 10;

pub(super) fn run(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Up => step(state, |at, _| at.saturating_sub(1)),
        Command::Down => step(state, |at, last| (at + 1).min(last)),
        Command::PageUp => step(state, |at, _| at.saturating_sub(PAGE)),
        Command::PageDown => step(state, |at, last| (at + PAGE).min(last)),
        Command::Top => step(state, |_, _| 0),
        Command::Bottom => step(state, |_, last| last),
        Command::NextPane => state.pane = next(state.pane),
        Command::PreviousPane => state.pane = previous(state.pane),
        Command::Open => open(state),
        Command::Back => back(state),
        Command::Mark => mark(state),
        Command::MarkAll => mark_all(state),
        Command::Run => ask_for_job(state, chosen_scope(state)),
        Command::RunAll => ask_for_job(state, Scope::All),
        Command::Cancel => return runs::cancel(state),
        Command::CancelAll => return runs::cancel_all(state),
        Command::Pause => return queue::pause(state),
        Command::Queue => queue::open(state),
        Command::MoveUp | Command::MoveDown | Command::MoveFirst => {
            notify(state, Level::Info, "Jobs are moved in the queue; press Q to open it.");
        }
        Command::Accept => return review::accept(state),
        Command::Reject => return review::reject(state),
        Command::Edit => review::begin_edit(state),
        Command::Undo => return review::undo(state),
        Command::NextQuote => review::next_place(state, true),
        Command::PreviousQuote => review::next_place(state, false),
        Command::Search => begin_search(state),
        Command::Templates => state.mode = Mode::TemplateMenu { row: 0 },
        Command::Export => return export(state),
        Command::Auto => return auto(state),
        Command::Revisions => return reading::next_revision(state),
        Command::Recognise => return reading::recognise(state),
        Command::GiveHidden => return reading::give_hidden(state),
        Command::Unlock => reading::ask_password(state),
        Command::Theme => return theme(state),
        Command::Reload => return reload(state),
        Command::Reason => state.mode = Mode::Info,
        Command::Help => state.mode = Mode::Help,
        Command::Quit => return ask_to_quit(state),
    }
    Vec::new()
}

/// Moves the cursor of the focused list; the source pane scrolls by itself,
/// since only the view knows its lines.
fn step(state: &mut State, to: impl Fn(usize, usize) -> usize) {
    match state.pane {
        Pane::Documents => {
            let last = state.documents.len().saturating_sub(1);
            documents::select(state, to(state.selected, last));
        }
        Pane::Results => {
            let last = state.rows().len().saturating_sub(1);
            state.row = to(state.row, last);
            review::follow_cursor(state);
        }
        Pane::Source => {}
    }
}

fn next(pane: Pane) -> Pane {
    match pane {
        Pane::Documents => Pane::Results,
        Pane::Results => Pane::Source,
        Pane::Source => Pane::Documents,
    }
}

fn previous(pane: Pane) -> Pane {
    match pane {
        Pane::Documents | Pane::Results => Pane::Documents,
        Pane::Source => Pane::Results,
    }
}

fn open(state: &mut State) {
    let Some(entry) = state.entry() else { return };
    match (state.pane, &entry.state) {
        (Pane::Documents, DocState::Failed(_)) => state.mode = Mode::Info,
        (Pane::Documents, _) if entry.results.is_empty() => state.pane = Pane::Source,
        (Pane::Documents, _) => {
            state.pane = Pane::Results;
            review::first_finding(state);
        }
        (Pane::Results, _) => {
            review::follow_cursor(state);
            state.pane = Pane::Source;
        }
        (Pane::Source, _) => {}
    }
}

fn back(state: &mut State) {
    if state.search.take().is_some() {
        review::follow_cursor(state);
        return;
    }
    state.pane = match state.pane {
        Pane::Source => Pane::Results,
        Pane::Results | Pane::Documents => Pane::Documents,
    };
}

fn mark(state: &mut State) {
    let Some(entry) = state.entry() else { return };
    let id = entry.id.clone();
    if !state.marked.remove(&id) {
        state.marked.insert(id);
    }
    let last = state.documents.len().saturating_sub(1);
    if state.pane == Pane::Documents {
        documents::select(state, (state.selected + 1).min(last));
    }
}

fn mark_all(state: &mut State) {
    if state.marked.is_empty() {
        state.marked = state.documents.iter().map(|e| e.id.clone()).collect();
    } else {
        state.marked.clear();
    }
}

fn chosen_scope(state: &State) -> Scope {
    if state.marked.is_empty() { Scope::Selected } else { Scope::Marked }
}

fn ask_for_job(state: &mut State, scope: Scope) {
    if state.documents.is_empty() {
        notify(state, Level::Warning, "There is no document in this folder to run a job on.");
    } else if state.templates.is_empty() {
        notify(state, Level::Warning, "There is no template in force; press t to see them.");
    } else {
        state.mode = Mode::RunMenu { scope, row: 0 };
    }
}

fn begin_search(state: &mut State) {
    if state.entry().is_some_and(|entry| entry.document().is_some()) {
        state.mode = Mode::Search { input: crate::app::state::Input::default() };
    } else {
        notify(state, Level::Warning, "There is no text to search in yet.");
    }
}

fn export(state: &mut State) -> Vec<Effect> {
    match state.entry() {
        Some(entry) if !entry.results.is_empty() => {
            vec![Effect::Export { entry: Box::new(entry.clone()) }]
        }
        _ => {
            notify(
                state,
                Level::Warning,
                "This document has no results to save; press r to run a job.",
            );
            Vec::new()
        }
    }
}

fn auto(state: &mut State) -> Vec<Effect> {
    state.auto = !state.auto;
    let text = if state.auto {
        format!("Auto is on: {} runs on every new or changed document.", state.auto_jobs.join(", "))
    } else {
        "Auto is off: jobs run when you ask for them.".to_owned()
    };
    notify(state, Level::Info, text);
    vec![Effect::SaveAuto(state.auto)]
}

fn theme(state: &mut State) -> Vec<Effect> {
    let at = state.themes.iter().position(|name| *name == state.theme).unwrap_or(0);
    let Some(name) = state.themes.get((at + 1) % state.themes.len().max(1)).cloned() else {
        return Vec::new();
    };
    state.theme.clone_from(&name);
    notify(state, Level::Info, format!("The theme is {name} now."));
    vec![Effect::SetTheme(name)]
}

/// Looks again at everything, and tries the documents again that failed.
fn reload(state: &mut State) -> Vec<Effect> {
    let mut effects = vec![Effect::LoadTemplates, Effect::ListFolder];
    for entry in &mut state.documents {
        if matches!(entry.state, DocState::Failed(_)) {
            let wish = state.wishes.get(&entry.id).copied().unwrap_or(state.wish);
            effects.push(documents::read_again(entry, wish));
        }
    }
    notify(state, Level::Info, "Looking at the folder and the templates again.");
    effects
}

pub(super) fn ask_to_quit(state: &mut State) -> Vec<Effect> {
    if !state.running.is_empty() && state.mode != Mode::ConfirmQuit {
        state.mode = Mode::ConfirmQuit;
        return Vec::new();
    }
    quit(state)
}

/// Ends the program; what was queued is kept for the next start.
pub(super) fn quit(state: &mut State) -> Vec<Effect> {
    state.quitting = true;
    // Stopped for now only: they go back to the queue, which outlives the program.
    let mut effects = runs::stop(state, Phase::Pausing, |_| true);
    effects.push(Effect::Quit);
    effects
}
