//! What a run without a screen says on the way: progress on standard error,
//! each job's result as it is ready.

use std::collections::{BTreeMap, BTreeSet};

use indicatif::{ProgressBar, ProgressStyle};

use super::output::{complain, is_watched};
use crate::app::msg::{Ended, Msg, RunMsg};
use crate::app::state::{DocId, DocState, EngineState, JobSpec, Notice, Running, State, Tally};
use crate::runtime::batch::Observer;

/// Warnings of a result that are told with what was not read.
const REASONS: usize = 3;

/// Called with each job's end: the state, the job, and the jobs on that
/// document whose results came in this run.
pub type Finished<'a> = dyn FnMut(&State, &JobSpec, &BTreeSet<String>) -> Result<(), String> + 'a;

pub struct Progress<'a> {
    bar: ProgressBar,
    /// Documents or jobs that failed, each named once on standard error.
    pub failed: usize,
    /// Whether the model that was asked for could not be loaded.
    pub without_model: bool,
    received: BTreeMap<DocId, BTreeSet<String>>,
    finished: &'a mut Finished<'a>,
}

impl<'a> Progress<'a> {
    pub fn new(finished: &'a mut Finished<'a>) -> Self {
        let bar = if is_watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar, failed: 0, without_model: false, received: BTreeMap::new(), finished }
    }

    fn fail(&mut self, why: &str) {
        self.failed += 1;
        self.bar.suspend(|| complain(why));
    }

    fn show_run(&mut self, state: &State, running: &Running, msg: &RunMsg) {
        let tally = Tally::of(&state.running);
        let (step, of) = (tally.done + 1, tally.steps);
        let line = match msg {
            RunMsg::Step { doing } => format!("step {step} of {of}: {doing}"),
            RunMsg::Prefill { done, total } => {
                format!("step {step} of {of}: {}, reading {done}/{total}", running.doing)
            }
            _ => return self.bar.tick(),
        };
        let left = tally
            .estimate(state.now)
            .map_or_else(String::new, |ms| format!(", about {} s left", ms / 1_000));
        let JobSpec { doc, job, .. } = &running.spec;
        let name = state.find(doc).map_or("", |entry| entry.name.as_str());
        self.bar.set_message(format!("{job} on {name}, {line}{left}"));
        self.bar.tick();
    }
}

impl Observer for Progress<'_> {
    fn message(&mut self, state: &State, msg: &Msg) {
        match msg {
            Msg::Read { outcome: Err(why), .. } => self.fail(&why.text),
            Msg::Read { outcome: Ok(document), .. } => {
                if let Some(warning) = &document.warning {
                    self.bar.suspend(|| complain(warning));
                }
            }
            Msg::Run { run, msg } => {
                // A fault that ends all is told also to those that have ended.
                let is_it = |r: &&Running| r.run == *run && r.is_going();
                let Some(running) = state.running.iter().find(is_it) else { return };
                if matches!(msg, RunMsg::Ended(Ended::Failed(_))) {
                    self.failed += 1;
                    return;
                }
                if let RunMsg::Partial(_) = msg {
                    let jobs = self.received.entry(running.spec.doc.clone()).or_default();
                    jobs.insert(running.spec.job.clone());
                }
                self.show_run(state, running, msg);
            }
            Msg::Engine(EngineState::Loading { model, doing, .. }) => {
                self.bar.set_message(format!("{model}: {doing}"));
                self.bar.tick();
            }
            Msg::Engine(EngineState::Failed { why, .. }) => {
                self.without_model = true;
                let text = format!("{why} Recognisers go on without the model.");
                self.bar.suspend(|| complain(&text));
            }
            // The first of them comes as a notice too.
            Msg::Templates { problems, .. } => {
                for problem in problems.iter().skip(1) {
                    self.bar.suspend(|| complain(problem));
                }
            }
            _ => {}
        }
    }

    fn notice(&mut self, notice: &Notice) {
        self.bar.suspend(|| complain(&notice.text));
    }

    fn job_ended(&mut self, state: &State, spec: &JobSpec) {
        let result = state.find(&spec.doc).and_then(|entry| entry.results.get(&spec.job));
        let received = self.received.entry(spec.doc.clone()).or_default();
        let is_new = received.contains(&spec.job);
        let unread = result.map(|r| &r.coverage).filter(|c| is_new && !c.is_complete());
        let why = result.map_or(String::new(), |r| {
            let told: Vec<&str> = r.warnings.iter().take(REASONS).map(String::as_str).collect();
            format!(" {}", told.join(" "))
        });
        let finished = &mut self.finished;
        let outcome = self.bar.suspend(|| finished(state, spec, received));
        if let Err(why) = outcome {
            self.fail(&why);
        }
        if let Some(coverage) = unread {
            let doc = spec.doc.0.display();
            let what = coverage
                .unread_pages()
                .unwrap_or_else(|| format!("{} bytes were not read", coverage.failed));
            self.fail(format!("{} on {doc}: {what}.{why}", spec.job).trim_end());
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Whether any document of the state could be read.
#[must_use]
pub fn any_readable(state: &State) -> bool {
    state.documents.iter().any(|entry| matches!(entry.state, DocState::Ready(_)))
}
