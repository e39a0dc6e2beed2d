//! The list of documents: what comes, changes and goes in the folder.

use std::collections::HashSet;

use super::{notify, review, runs};
use crate::app::msg::{Effect, Remembered, Seen};
use crate::app::state::{DocId, DocState, Entry, JobSpec, Level, Mode, Phase, State};
use crate::domain::document::Document;

/// Sets the list to what is in the folder, keeping what is known.
pub(super) fn listed(state: &mut State, mut seen: Vec<Seen>) -> Vec<Effect> {
    seen.sort_by(|a, b| a.name.cmp(&b.name));
    state.folder_problem = None;
    let cursor = state.entry().map(|e| e.id.clone());
    let mut effects = Vec::new();
    let mut old = std::mem::take(&mut state.documents);
    for file in seen {
        let known = old.iter().position(|e| e.id == file.id).map(|at| old.swap_remove(at));
        let entry = match known {
            Some(mut entry) if entry.stamp != file.stamp => {
                entry.name = file.name;
                entry.stamp = file.stamp;
                entry.arrived_late = true;
                effects.push(read_again(&mut entry));
                effects.extend(restart(state, &entry.id));
                entry
            }
            Some(entry) => Entry { name: file.name, ..entry },
            None => {
                let mut entry = fresh(file, state.listed);
                effects.push(read_again(&mut entry));
                entry
            }
        };
        state.documents.push(entry);
    }
    for gone in old {
        effects.extend(forget(state, &gone.id));
    }
    state.listed = true;
    let at = cursor.and_then(|id| state.documents.iter().position(|e| e.id == id));
    if let Some(at) = at {
        state.selected = at;
    } else {
        state.selected = state.selected.min(state.documents.len().saturating_sub(1));
        arrive(state);
    }
    // A job may have waited for nothing but to hear that its document is gone.
    effects.extend(runs::start_next(state));
    effects
}

/// The folder cannot be listed: what is known stays, with the reason above it.
pub(super) fn unlisted(state: &mut State, problem: String) -> Vec<Effect> {
    notify(state, Level::Error, problem.clone());
    state.folder_problem = Some(problem);
    Vec::new()
}

/// A document goes on under its new path: its marks, queue and results too.
pub(super) fn renamed(state: &mut State, from: &DocId, to: &DocId) -> Vec<Effect> {
    let mut effects = vec![Effect::MoveResults { from: from.0.clone(), to: to.0.clone() }];
    if state.marked.remove(from) {
        state.marked.insert(to.clone());
    }
    rename_jobs(state, from, to);
    if !state.documents.iter().any(|e| e.id == *to)
        && let Some(entry) = state.documents.iter_mut().find(|e| e.id == *from)
    {
        entry.id = to.clone();
    }
    effects.extend(restart(state, to));
    // What was read under the old path comes back for nobody.
    if let Some(entry) = state.documents.iter_mut().find(|e| e.id == *to) {
        effects.push(read_again(entry));
    }
    effects.push(Effect::ListFolder);
    effects
}

/// Jobs stand for the document under its new path, none twice in the queue.
fn rename_jobs(state: &mut State, from: &DocId, to: &DocId) {
    let under_cursor = match &mut state.mode {
        Mode::Queue { on: Some(job), .. } => Some(&mut job.spec),
        _ => None,
    };
    let running = state.running.iter_mut().map(|running| &mut running.spec);
    for spec in state.queue.iter_mut().chain(running).chain(under_cursor) {
        if spec.doc == *from {
            spec.doc = to.clone();
        }
    }
    let mut seen = HashSet::new();
    state.queue.retain(|spec| seen.insert(spec.clone()));
}

/// Takes in what a reading brought, unless the file has changed since.
pub(super) fn read(
    state: &mut State,
    doc: &DocId,
    generation: u64,
    outcome: Result<Document, String>,
    remembered: Remembered,
) -> Vec<Effect> {
    let is_current = |e: &&mut Entry| e.id == *doc && e.generation == generation;
    let Some(entry) = state.documents.iter_mut().find(is_current) else { return Vec::new() };
    for result in remembered.results {
        entry.results.insert(result.job.clone(), result);
    }
    entry.decisions.extend(remembered.decisions);
    // Reading the first listing is no news; what changes or comes later is.
    let news = std::mem::take(&mut entry.arrived_late);
    entry.state = match outcome {
        Ok(document) => DocState::Ready(std::sync::Arc::new(document)),
        Err(why) => DocState::Failed(why),
    };
    if entry.document().is_some_and(|d| d.warning.is_some()) {
        let text = format!("{} was read in part only; press i to see why.", entry.name);
        notify(state, Level::Warning, text);
    }
    if state.entry().is_some_and(|e| e.id == *doc) {
        // Matches and quotes of the text before are none of this one's.
        state.search = None;
        review::follow_cursor(state);
    }
    if state.auto && news {
        let specs = runs::specs(std::slice::from_ref(doc), &state.auto_jobs);
        return runs::enqueue(state, specs);
    }
    runs::start_next(state)
}

/// Puts the cursor on a document and forgets what belonged to the last one.
pub(super) fn select(state: &mut State, at: usize) {
    if at != state.selected {
        state.selected = at;
        arrive(state);
    }
}

/// The document under the cursor is another one now.
fn arrive(state: &mut State) {
    state.search = None;
    state.highlight = None;
    review::first_finding(state);
}

/// Asks for a document to be read, making older readings of it stale.
pub(super) fn read_again(entry: &mut Entry) -> Effect {
    entry.generation += 1;
    entry.state = DocState::Reading;
    Effect::Read { doc: entry.id.clone(), generation: entry.generation }
}

fn fresh(file: Seen, arrived_late: bool) -> Entry {
    Entry {
        id: file.id,
        name: file.name,
        stamp: file.stamp,
        state: DocState::Waiting,
        generation: 0,
        arrived_late,
        results: std::collections::BTreeMap::new(),
        decisions: std::collections::HashMap::new(),
    }
}

/// Jobs on a document that has changed begin again on the new text.
fn restart(state: &mut State, doc: &DocId) -> Vec<Effect> {
    let running = state.running.iter().filter(|run| run.spec.doc == *doc && run.is_wanted());
    // A passage was chosen in the old text; in the new one it is another.
    let again: Vec<JobSpec> =
        running.map(|run| run.spec.clone()).filter(|spec| spec.within.is_none()).collect();
    runs::put_first(state, again);
    runs::stop(state, Phase::Stopping, |run| run.spec.doc == *doc)
}

fn forget(state: &mut State, doc: &DocId) -> Vec<Effect> {
    state.marked.remove(doc);
    state.queue.retain(|spec| spec.doc != *doc);
    runs::stop(state, Phase::Stopping, |run| run.spec.doc == *doc)
}
