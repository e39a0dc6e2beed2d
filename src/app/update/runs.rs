//! The jobs at work: starting them, what they tell, stopping them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{notify, review};
use crate::app::msg::{Effect, Ended, RunMsg, Start};
use crate::app::state::{
    DocId, DocState, EngineState, Entry, JobSpec, Level, Phase, Running, State,
};
use crate::domain::document::Document;
use crate::domain::finding::JobResult;
use crate::domain::template::Template;

/// Jobs for documents: all jobs of one document before the next.
pub(super) fn specs(state: &State, docs: &[DocId], jobs: &[String]) -> Vec<JobSpec> {
    let rounds = state.rounds;
    let spec = |doc, job: &String| JobSpec { rounds, ..JobSpec::whole(doc, job) };
    docs.iter().flat_map(|doc| jobs.iter().map(move |job| spec(doc, job))).collect()
}

/// Adds jobs to the queue, none twice, and starts the first. A job stands
/// with those that read the same text, or else at the end.
pub(super) fn enqueue(state: &mut State, specs: Vec<JobSpec>) -> Vec<Effect> {
    for spec in specs {
        let runs = state.running.iter().any(|run| run.spec == spec && run.is_wanted());
        if !runs && !state.queue.contains(&spec) {
            let last = state.queue.iter().rposition(|waiting| waiting.reads_with(&spec));
            let at = last.map_or(state.queue.len(), |last| last + 1);
            state.queue.insert(at, spec);
        }
    }
    start_next(state)
}

/// Puts jobs before all others that wait, but leaves one that waits already
/// where it is.
pub(super) fn put_first(state: &mut State, specs: Vec<JobSpec>) {
    for spec in specs.into_iter().rev() {
        if !state.queue.contains(&spec) {
            state.queue.push_front(spec);
        }
    }
}

/// Starts the first job whose document is ready, together with those right
/// behind it that read the same text. Jobs on documents that cannot be read
/// or templates that are gone leave the queue with a word.
pub(super) fn start_next(state: &mut State) -> Vec<Effect> {
    if !state.running.is_empty() || state.quitting || state.paused {
        return Vec::new();
    }
    let mut waiting = VecDeque::new();
    let mut jobs: Vec<Start> = Vec::new();
    let mut text = None;
    while let Some(spec) = state.queue.pop_front() {
        if jobs.first().is_some_and(|first| !first.spec.reads_with(&spec)) {
            state.queue.push_front(spec);
            break;
        }
        match readiness(state, &spec) {
            Readiness::Ready { name, doc, template } => {
                text = Some((name, doc));
                state.runs += 1;
                jobs.push(Start { run: state.runs, spec, template });
            }
            Readiness::Later => waiting.push_back(spec),
            Readiness::Never(why) => notify(state, Level::Error, why),
        }
    }
    waiting.append(&mut state.queue);
    state.queue = waiting;
    let Some((name, doc)) = text else { return Vec::new() };
    let now = state.now;
    state.running = jobs.iter().map(|job| Running::new(job.spec.clone(), job.run, now)).collect();
    let with_hidden = state.read_now().is_some_and(|document| state.wish_of(document).with_hidden);
    vec![Effect::Start { name, doc, with_hidden, jobs }]
}

enum Readiness {
    Ready { name: String, doc: Arc<Document>, template: Box<Template> },
    Later,
    Never(String),
}

fn readiness(state: &State, spec: &JobSpec) -> Readiness {
    let Some(template) = state.template(&spec.job) else {
        return Readiness::Never(format!("There is no template {:?} in force.", spec.job));
    };
    match state.find(&spec.doc).map(|entry| (&entry.name, &entry.state)) {
        // Before the first listing nothing is known of any document.
        None if !state.listed || is_inside_of_one_to_be_read(state, spec) => Readiness::Later,
        None => Readiness::Never(format!("{} is no longer there.", spec.doc.0.display())),
        Some((name, DocState::Ready(doc))) => Readiness::Ready {
            name: name.clone(),
            doc: Arc::clone(doc),
            template: Box::new(template.clone()),
        },
        Some((_, DocState::Waiting | DocState::Reading)) => Readiness::Later,
        Some((name, DocState::Failed(_))) => {
            Readiness::Never(format!("{name} cannot be read, so {} was left out.", spec.job))
        }
    }
}

/// Whether a job is on a document inside another one that is still to be read,
/// so that it will only then be known.
fn is_inside_of_one_to_be_read(state: &State, spec: &JobSpec) -> bool {
    let waits = |entry: &Entry| matches!(entry.state, DocState::Waiting | DocState::Reading);
    state.documents.iter().any(|e| waits(e) && spec.doc.0.starts_with(&e.id.0))
}

/// Asks the running jobs that `are` meant to stop.
pub(super) fn stop(state: &mut State, how: Phase, are: impl Fn(&Running) -> bool) -> Vec<Effect> {
    let meant = state.running.iter_mut().filter(|run| are(run));
    let stopped: Vec<u64> = meant.filter_map(|run| run.stop(how).then_some(run.run)).collect();
    stopped.into_iter().map(|run| Effect::CancelRun { run }).collect()
}

pub(super) fn cancel(state: &mut State) -> Vec<Effect> {
    if state.running.is_empty() {
        notify(state, Level::Info, "No job is running.");
        return Vec::new();
    }
    stop_for_good(state, |_| true)
}

/// Stops one job; those that run with it go on.
pub(super) fn cancel_one(state: &mut State, run: u64) -> Vec<Effect> {
    stop_for_good(state, |running| running.run == run)
}

fn stop_for_good(state: &mut State, are: impl Fn(&Running) -> bool) -> Vec<Effect> {
    // What stops already and is meant again is not to begin anew either.
    let again = state.running.iter().filter(|run| run.phase == Phase::Stopping && are(run));
    let again: Vec<JobSpec> = again.map(|run| run.spec.clone()).collect();
    state.queue.retain(|spec| !again.contains(spec));
    stop(state, Phase::Stopping, are)
}

pub(super) fn cancel_all(state: &mut State) -> Vec<Effect> {
    let waiting = state.queue.len();
    if waiting == 0 && state.running.is_empty() {
        notify(state, Level::Info, "No job runs or waits.");
        return Vec::new();
    }
    state.queue.clear();
    let effects = stop_for_good(state, |_| true);
    let s = if waiting == 1 { "" } else { "s" };
    notify(state, Level::Info, format!("Stopped; {waiting} waiting job{s} dropped."));
    effects
}

/// Takes in a sign of a running job; those of an earlier run are dropped.
pub(super) fn progress(state: &mut State, run: u64, msg: RunMsg) -> Vec<Effect> {
    let now = state.now;
    let is_it = |r: &&mut Running| r.run == run && r.is_going();
    let Some(running) = state.running.iter_mut().find(is_it) else { return Vec::new() };
    match msg {
        RunMsg::Planned { steps } => {
            running.steps = steps;
            // The time until here went into loading, not into steps.
            running.started = now;
        }
        RunMsg::Step { doing } => {
            running.asking = true;
            running.doing = doing;
            running.prefill = (0, 0);
            running.live.clear();
        }
        RunMsg::Prefill { done, total } => {
            // Reading again after text means that the step was begun anew.
            running.live.clear();
            running.prefill = (done, total);
        }
        RunMsg::Text(piece) => running.live.push_str(&piece),
        RunMsg::StepDone { reused, aloud } => {
            running.done += 1;
            running.reused += usize::from(reused);
            // What is shown is of the step that is aloud; others go on beside it.
            if aloud {
                running.asking = false;
                running.prefill = (0, 0);
            }
        }
        RunMsg::Partial(result) => {
            let doc = running.spec.doc.clone();
            show(state, &doc, *result);
        }
        RunMsg::Ended(ended) => return end(state, run, &ended),
    }
    Vec::new()
}

/// Puts a result in the place of the earlier one of the same job.
fn show(state: &mut State, doc: &DocId, result: JobResult) {
    let is_here = state.entry().is_some_and(|e| e.id == *doc);
    let kept = if is_here { review::cursor(state) } else { None };
    if let Some(entry) = state.documents.iter_mut().find(|e| e.id == *doc) {
        entry.results.insert(result.job.clone(), result);
    }
    if is_here {
        review::restore_cursor(state, kept);
    }
}

/// Takes in the engine's state; loading is timed from its first sign.
pub(super) fn engine_changed(state: &mut State, mut engine: EngineState) {
    if let EngineState::Loading { since, .. } = &mut engine {
        *since = match &state.engine {
            EngineState::Loading { since, .. } => *since,
            _ => state.now,
        };
    }
    state.engine = engine;
}

fn end(state: &mut State, run: u64, ended: &Ended) -> Vec<Effect> {
    let Some(running) = state.running.iter_mut().find(|r| r.run == run) else {
        return Vec::new();
    };
    running.asking = false;
    let pauses = running.phase == Phase::Pausing && *ended == Ended::Cancelled;
    running.phase = if pauses { Phase::Paused } else { Phase::Ended };
    let spec = running.spec.clone();
    if !pauses {
        tell_end(state, &spec, ended);
    }
    settle(state)
}

fn tell_end(state: &mut State, spec: &JobSpec, ended: &Ended) {
    let doc = state
        .find(&spec.doc)
        .map_or_else(|| spec.doc.0.display().to_string(), |entry| entry.name.clone());
    let job = &spec.job;
    let (level, text) = match ended {
        Ended::Done => (Level::Info, format!("{job} is done on {doc}.")),
        Ended::Cancelled => {
            (Level::Info, format!("{job} was stopped on {doc}; what it found so far is kept."))
        }
        Ended::Failed(why) => (Level::Error, format!("{job} failed on {doc}: {why}")),
    };
    notify(state, level, text);
}

/// When the last of the jobs that run together has come to its end, those
/// that stopped for now go back to the front of the queue, and the next start.
fn settle(state: &mut State) -> Vec<Effect> {
    if state.running.iter().any(Running::is_going) {
        return Vec::new();
    }
    let ended = std::mem::take(&mut state.running).into_iter().filter(Running::is_wanted);
    put_first(state, ended.map(|run| run.spec).collect());
    if state.paused {
        return rest(state).into_iter().collect();
    }
    start_next(state)
}

/// Gives the engine up while the queue is paused and nothing runs: a pause may
/// be meant to have the machine for something else.
pub(super) fn rest(state: &State) -> Option<Effect> {
    let is_loaded = matches!(state.engine, EngineState::Ready { .. });
    (is_loaded && state.paused && state.running.is_empty()).then_some(Effect::Unload)
}
