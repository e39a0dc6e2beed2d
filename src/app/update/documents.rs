//! The list of documents: what comes, changes and goes in the folder.

use std::collections::HashSet;

use super::{notify, parts, reading, review, runs};
use crate::app::msg::{Effect, Remembered, Seen};
use crate::app::state::{
    DocId, DocState, Entry, Failure, JobSpec, Level, Mode, Phase, State, Wish,
};
use crate::app::wish::ReadOptions;
use crate::domain::document::{Document, Password};
use crate::domain::finding::Basis;

/// Sets the list to what is in the folder, keeping what is known.
pub(super) fn listed(state: &mut State, mut seen: Vec<Seen>) -> Vec<Effect> {
    seen.sort_by(|a, b| a.name.cmp(&b.name));
    state.folder_problem = None;
    let cursor = state.entry().map(|e| e.id.clone());
    let mut effects = Vec::new();
    let mut old = parts::families(std::mem::take(&mut state.documents));
    for file in seen {
        // The documents inside follow when theirs is read again.
        let (mut entry, inside) = old.remove(&file.id).unwrap_or_else(|| {
            let entry = Entry::new(file.id, file.name.clone(), file.stamp, state.listed);
            (entry, Vec::new())
        });
        entry.name = file.name;
        let wish = state.wish_of(&entry.id);
        if entry.generation == 0 {
            effects.push(read_again(&mut entry, wish));
        } else if entry.stamp != file.stamp {
            entry.stamp = file.stamp;
            entry.arrived_late = true;
            effects.push(read_again(&mut entry, wish));
            effects.extend(restart(state, &entry.id));
        }
        state.documents.push(entry);
        state.documents.extend(inside);
    }
    for (entry, inside) in old.into_values() {
        for gone in std::iter::once(entry).chain(inside) {
            effects.extend(forget(state, &gone.id));
        }
    }
    state.listed = true;
    restore_cursor(state, cursor);
    // A job may have waited for nothing but to hear that its document is gone.
    effects.extend(runs::start_next(state));
    effects
}

/// Puts the cursor back on the document that it was on, wherever that stands now.
pub(super) fn restore_cursor(state: &mut State, on: Option<DocId>) {
    let at = on.and_then(|id| state.documents.iter().position(|entry| entry.id == id));
    if let Some(at) = at {
        state.selected = at;
    } else {
        state.selected = state.selected.min(state.documents.len().saturating_sub(1));
        arrive(state);
    }
}

/// The folder cannot be listed: what is known stays, with the reason above it.
pub(super) fn unlisted(state: &mut State, problem: String) -> Vec<Effect> {
    notify(state, Level::Error, problem.clone());
    state.folder_problem = Some(problem);
    Vec::new()
}

/// A document goes on under its new path, and those inside it under theirs:
/// their marks, wishes, queue and results too.
pub(super) fn renamed(state: &mut State, from: &DocId, to: &DocId) -> Vec<Effect> {
    let inside = state.documents.iter().filter(|e| e.container.is_some());
    let inside: Vec<(DocId, DocId)> = inside
        .filter_map(|e| Some((e.id.clone(), DocId(to.0.join(e.id.0.strip_prefix(&from.0).ok()?)))))
        .collect();
    let mut effects = moved(state, from, to);
    for (from, to) in &inside {
        effects.extend(moved(state, from, to));
    }
    for entry in &mut state.documents {
        if entry.container.as_ref().is_some_and(|container| container.0.starts_with(&from.0)) {
            entry.container = entry.id.0.parent().map(|parent| DocId(parent.to_owned()));
        }
    }
    effects.push(Effect::ListFolder);
    effects
}

fn moved(state: &mut State, from: &DocId, to: &DocId) -> Vec<Effect> {
    let mut effects = vec![Effect::MoveResults { from: from.0.clone(), to: to.0.clone() }];
    if let Some(wish) = state.wishes.remove(from) {
        state.wishes.insert(to.clone(), wish);
        effects.push(reading::saved(state));
    }
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
    let wish = state.wish_of(to);
    if let Some(entry) = state.documents.iter_mut().find(|e| e.id == *to) {
        effects.push(read_again(entry, wish));
    }
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
    outcome: Result<Document, Failure>,
    remembered: Remembered,
) -> Vec<Effect> {
    let is_current = |e: &Entry| e.id == *doc && e.generation == generation;
    let Some(at) = state.documents.iter().position(is_current) else { return Vec::new() };
    let entry = &mut state.documents[at];
    for result in remembered.results {
        entry.results.insert(result.job.clone(), result);
    }
    entry.decisions.extend(remembered.decisions);
    // Reading the first listing is no news; what changes or comes later is.
    let news = std::mem::take(&mut entry.arrived_late);
    entry.state = match outcome {
        Ok(document) => {
            entry.basis = Basis::of(&document, false);
            DocState::Ready(std::sync::Arc::new(document))
        }
        Err(why) => DocState::Failed(why),
    };
    let is_read_anew = entry.generation > 1 && !news;
    if is_read_anew && let Some(document) = entry.document() {
        let caveats = document.caveats().join(" ");
        let text = format!("{} was read anew. {caveats}", entry.name);
        notify(state, Level::Info, text.trim_end().to_owned());
    }
    let entry = &state.documents[at];
    if entry.document().is_some_and(|d| d.warning.is_some()) {
        let text = format!("{} was read in part only; press i to see why.", entry.name);
        notify(state, Level::Warning, text);
    }
    if state.entry().is_some_and(|e| e.id == *doc) {
        // Matches and quotes of the text before are none of this one's.
        state.search = None;
        review::follow_cursor(state);
    }
    reading::unlocked(state, doc);
    let mut effects = parts::follow(state, at, news);
    if state.auto && news {
        let specs = runs::specs(state, std::slice::from_ref(doc), &state.auto_jobs);
        effects.extend(runs::enqueue(state, specs));
    } else {
        effects.extend(runs::start_next(state));
    }
    effects
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
pub(super) fn read_again(entry: &mut Entry, wish: Wish) -> Effect {
    reading(entry, ReadOptions::from(wish))
}

/// Asks for a locked document to be read.
pub(super) fn read_unlocked(entry: &mut Entry, wish: Wish, password: Password) -> Effect {
    reading(entry, ReadOptions { password: Some(password), ..ReadOptions::from(wish) })
}

fn reading(entry: &mut Entry, options: ReadOptions) -> Effect {
    entry.generation += 1;
    entry.state = DocState::Reading;
    Effect::Read { doc: entry.id.clone(), generation: entry.generation, options }
}

/// Jobs on a document that has changed begin again on the new text.
pub(super) fn restart(state: &mut State, doc: &DocId) -> Vec<Effect> {
    let running = state.running.iter().filter(|run| run.spec.doc == *doc && run.is_wanted());
    // A passage was chosen in the old text; in the new one it is another.
    let again: Vec<JobSpec> =
        running.map(|run| run.spec.clone()).filter(|spec| spec.within.is_none()).collect();
    runs::put_first(state, again);
    runs::stop(state, Phase::Stopping, |run| run.spec.doc == *doc)
}

pub(super) fn forget(state: &mut State, doc: &DocId) -> Vec<Effect> {
    state.marked.remove(doc);
    state.queue.retain(|spec| spec.doc != *doc);
    runs::stop(state, Phase::Stopping, |run| run.spec.doc == *doc)
}
