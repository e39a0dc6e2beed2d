//! The queue of jobs and the one that runs.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{notify, review};
use crate::app::msg::{Effect, Ended, RunMsg};
use crate::app::state::{DocId, DocState, EngineState, JobSpec, Level, Running, State};
use crate::domain::document::Document;
use crate::domain::template::Template;

/// Jobs for documents: all jobs of one document before the next.
pub(super) fn specs(docs: &[DocId], jobs: &[String]) -> Vec<JobSpec> {
    docs.iter().flat_map(|doc| jobs.iter().map(move |job| JobSpec::whole(doc, job))).collect()
}

/// Adds jobs to the end of the queue, none twice, and starts the first.
pub(super) fn enqueue(state: &mut State, specs: Vec<JobSpec>) -> Vec<Effect> {
    for spec in specs {
        let runs = state.running.as_ref().is_some_and(|r| r.spec == spec && !r.cancelling);
        if !runs && !state.queue.contains(&spec) {
            state.queue.push_back(spec);
        }
    }
    let mut effects = start_next(state);
    if !effects.iter().any(|e| matches!(e, Effect::SaveQueue(_))) {
        effects.push(save(state));
    }
    effects
}

/// Starts the first job whose document is ready; jobs on documents that
/// cannot be read or templates that are gone leave the queue with a word.
pub(super) fn start_next(state: &mut State) -> Vec<Effect> {
    if state.running.is_some() || state.quitting {
        return Vec::new();
    }
    let mut waiting = VecDeque::new();
    let mut start = None;
    while let Some(spec) = state.queue.pop_front() {
        match readiness(state, &spec) {
            Readiness::Ready { name, doc, template } => {
                start = Some((spec, name, doc, template));
                break;
            }
            Readiness::Later => waiting.push_back(spec),
            Readiness::Never(why) => notify(state, Level::Error, why),
        }
    }
    waiting.append(&mut state.queue);
    state.queue = waiting;
    let Some((spec, name, doc, template)) = start else { return Vec::new() };
    state.runs += 1;
    let run = state.runs;
    state.running = Some(Running {
        spec: spec.clone(),
        run,
        started: state.now,
        done: 0,
        steps: 0,
        reused: 0,
        doing: String::new(),
        prefill: (0, 0),
        live: String::new(),
        cancelling: false,
    });
    vec![save(state), Effect::Start { run, spec, name, doc, template }]
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
        None if !state.listed => Readiness::Later,
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

/// The queue as the next start should find it, the running job first.
pub(super) fn save(state: &State) -> Effect {
    let running = state.running.iter().filter(|r| !r.cancelling).map(|r| r.spec.clone());
    Effect::SaveQueue(running.chain(state.queue.iter().cloned()).collect())
}

pub(super) fn cancel(state: &mut State) -> Vec<Effect> {
    let Some(running) = &mut state.running else {
        notify(state, Level::Info, "No job is running.");
        return Vec::new();
    };
    running.cancelling = true;
    let run = running.run;
    vec![Effect::CancelRun { run }, save(state)]
}

pub(super) fn cancel_all(state: &mut State) -> Vec<Effect> {
    let dropped = state.queue.len();
    state.queue.clear();
    let mut effects = Vec::new();
    if state.running.is_some() {
        effects = cancel(state);
    } else {
        effects.push(save(state));
    }
    notify(state, Level::Info, format!("Stopped; {dropped} waiting jobs were dropped."));
    effects
}

/// Takes in a sign of the running job; those of an earlier run are dropped.
pub(super) fn progress(state: &mut State, run: u64, msg: RunMsg) -> Vec<Effect> {
    let Some(running) = state.running.as_mut().filter(|r| r.run == run) else {
        return Vec::new();
    };
    match msg {
        RunMsg::Planned { steps } => {
            running.steps = steps;
            // The time until here went into loading, not into steps.
            running.started = state.now;
        }
        RunMsg::Step { doing } => {
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
        RunMsg::StepDone { reused } => {
            running.done += 1;
            running.reused += usize::from(reused);
            running.prefill = (0, 0);
        }
        RunMsg::Partial(result) => {
            let doc = running.spec.doc.clone();
            let is_here = state.entry().is_some_and(|e| e.id == doc);
            let kept = if is_here { review::cursor(state) } else { None };
            if let Some(entry) = state.documents.iter_mut().find(|e| e.id == doc) {
                entry.results.insert(result.job.clone(), *result);
            }
            if is_here {
                review::restore_cursor(state, kept);
            }
        }
        RunMsg::Ended(ended) => return end(state, &ended),
    }
    Vec::new()
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

fn end(state: &mut State, ended: &Ended) -> Vec<Effect> {
    let Some(running) = state.running.take() else { return Vec::new() };
    let doc = state
        .find(&running.spec.doc)
        .map_or_else(|| running.spec.doc.0.display().to_string(), |e| e.name.clone());
    let job = &running.spec.job;
    match ended {
        Ended::Done => notify(state, Level::Info, format!("{job} is done on {doc}.")),
        Ended::Cancelled => {
            let text = format!("{job} was stopped on {doc}; what it found so far is kept.");
            notify(state, Level::Info, text);
        }
        Ended::Failed(why) => {
            notify(state, Level::Error, format!("{job} failed on {doc}: {why}"));
        }
    }
    let mut effects = start_next(state);
    if effects.is_empty() {
        effects.push(save(state));
    }
    effects
}
