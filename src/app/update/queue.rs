//! The queue in a person's hands: pausing it, and the list in which jobs are
//! moved and taken out.

use super::{documents, menus, notify, runs};
use crate::app::command::{Command, bound};
use crate::app::key::Key;
use crate::app::msg::Effect;
use crate::app::state::{JobRef, Level, Mode, Phase, QueueRow, State};

/// Stops what runs until the person says so, or goes on. What was computed is
/// kept, so that nothing is asked twice.
pub(super) fn pause(state: &mut State) -> Vec<Effect> {
    state.paused = !state.paused;
    let mut effects = vec![Effect::SavePaused(state.paused)];
    if state.paused {
        effects.extend(runs::stop(state, Phase::Pausing, |_| true));
        effects.extend(runs::rest(state));
    } else {
        effects.extend(runs::start_next(state));
        if state.running.is_empty() {
            notify(state, Level::Info, "The queue goes on; no job waits that could start.");
        }
    }
    effects
}

/// Pauses where it is not paused yet.
pub(super) fn hold(state: &mut State) -> Vec<Effect> {
    if state.paused { Vec::new() } else { pause(state) }
}

/// Opens the list on its first row.
pub(super) fn open(state: &mut State) {
    to_row(state, 0);
}

fn to_row(state: &mut State, row: usize) {
    let rows = state.queue_rows();
    let row = row.min(rows.len().saturating_sub(1));
    let on = rows.get(row).map(QueueRow::job);
    state.mode = Mode::Queue { row, on };
}

/// Follows the job under the cursor through a change of the rows.
pub(super) fn follow(state: &mut State) {
    let Mode::Queue { row, on: Some(job) } = &state.mode else { return };
    let rows = state.queue_rows();
    let itself = |row: &QueueRow<'_>| match row {
        QueueRow::Running(running) => job.run == Some(running.run),
        QueueRow::Waiting(_, spec) => job.run.is_none() && job.spec == **spec,
    };
    // It may have begun to run, or gone back to those that wait.
    let equal = || rows.iter().position(|row| *row.spec() == job.spec);
    let at = rows.iter().position(itself).or_else(equal);
    // The keys that were meant for it must not reach the job in its place.
    let (row, on) = match at {
        Some(at) => (at, Some(rows[at].job())),
        None => ((*row).min(rows.len().saturating_sub(1)), None),
    };
    state.mode = Mode::Queue { row, on };
}

pub(super) fn press(state: &mut State, key: Key) -> Vec<Effect> {
    let Mode::Queue { row, on } = state.mode.clone() else { return Vec::new() };
    let Some(command) = bound(key) else { return Vec::new() };
    let rows = state.queue_rows().len();
    if let Some(row) = menus::motion(row, rows, command) {
        to_row(state, row);
        return Vec::new();
    }
    match command {
        Command::Back | Command::Quit | Command::Queue => state.mode = Mode::Normal,
        Command::Pause => return pause(state),
        Command::CancelAll => return runs::cancel_all(state),
        Command::Cancel | Command::MoveUp | Command::MoveDown | Command::MoveFirst
            if on.is_none() =>
        {
            notify(state, Level::Info, "There is no job under the cursor; go to one first.");
        }
        Command::Cancel => return take_out(state, row),
        Command::MoveUp => shift(state, row, |at, _| at.checked_sub(1)),
        Command::MoveDown => shift(state, row, |at, last| (at < last).then_some(at + 1)),
        Command::MoveFirst => shift(state, row, |at, _| (at > 0).then_some(0)),
        Command::Open => show(state, on),
        _ => {}
    }
    Vec::new()
}

/// Stops the job in this row, or takes it out of the queue.
fn take_out(state: &mut State, row: usize) -> Vec<Effect> {
    let rows = state.queue_rows();
    match rows.get(row) {
        Some(QueueRow::Running(running)) => {
            let run = running.run;
            runs::cancel_one(state, run)
        }
        Some(QueueRow::Waiting(at, _)) => {
            let at = *at;
            state.queue.remove(at);
            to_row(state, row);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Moves the waiting job in this row to another place among those that wait;
/// `to` gets its place and the last one.
fn shift(state: &mut State, row: usize, to: impl Fn(usize, usize) -> Option<usize>) {
    let rows = state.queue_rows();
    let Some(QueueRow::Waiting(at, _)) = rows.get(row) else {
        return notify(state, Level::Info, "It runs already; only a job that waits can be moved.");
    };
    let at = *at;
    let Some(to) = to(at, state.queue.len() - 1) else { return };
    if let Some(spec) = state.queue.remove(at) {
        state.queue.insert(to, spec);
    }
}

/// Goes to the document of a job.
fn show(state: &mut State, on: Option<JobRef>) {
    let Some(JobRef { spec, .. }) = on else { return };
    if let Some(at) = state.documents.iter().position(|entry| entry.id == spec.doc) {
        state.mode = Mode::Normal;
        documents::select(state, at);
    }
}
