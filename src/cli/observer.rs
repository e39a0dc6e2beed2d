//! What a run without a screen says on the way: progress on standard error,
//! each job's result as it is ready.

use indicatif::{ProgressBar, ProgressStyle};

use super::output::{complain, is_watched};
use crate::app::msg::{Ended, Msg, RunMsg};
use crate::app::state::{DocState, EngineState, JobSpec, Level, State};
use crate::runtime::batch::Observer;

pub struct Progress<'a> {
    bar: ProgressBar,
    /// Documents or jobs that failed, each named once on standard error.
    pub failed: usize,
    finished: &'a mut dyn FnMut(&State, &JobSpec) -> Result<(), String>,
}

impl<'a> Progress<'a> {
    /// `finished` is called with each job's result in the state.
    pub fn new(finished: &'a mut dyn FnMut(&State, &JobSpec) -> Result<(), String>) -> Self {
        let bar = if is_watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar, failed: 0, finished }
    }

    fn fail(&mut self, why: &str) {
        self.failed += 1;
        self.bar.suspend(|| complain(why));
    }

    fn show_run(&mut self, state: &State, msg: &RunMsg) {
        let Some(running) = &state.running else { return };
        let step = running.done + 1;
        let line = match msg {
            RunMsg::Step { doing } => format!("step {step} of {}: {doing}", running.steps),
            RunMsg::Prefill { done, total } => {
                format!(
                    "step {step} of {}: {}, reading {done}/{total}",
                    running.steps, running.doing
                )
            }
            _ => return self.bar.tick(),
        };
        let left = running
            .estimate(state.now)
            .map_or_else(String::new, |ms| format!(", about {} s left", ms / 1_000));
        self.bar.set_message(format!("{} {line}{left}", running.spec.job));
        self.bar.tick();
    }
}

impl Observer for Progress<'_> {
    fn message(&mut self, state: &State, msg: &Msg) {
        match msg {
            Msg::Read { outcome: Err(why), .. } => self.fail(why),
            Msg::Folder(Err(why)) => self.bar.suspend(|| complain(why)),
            Msg::Run { msg: RunMsg::Ended(Ended::Failed(why)), .. } => {
                let what = state.running.as_ref().map_or_else(String::new, |r| {
                    format!("{} on {}: ", r.spec.job, r.spec.doc.0.display())
                });
                self.fail(&format!("{what}{why}"));
            }
            Msg::Run { msg, .. } => self.show_run(state, msg),
            Msg::Engine(EngineState::Loading { model, doing, .. }) => {
                self.bar.set_message(format!("{model}: {doing}"));
                self.bar.tick();
            }
            Msg::Engine(EngineState::Failed { why, .. }) => {
                let text = format!("{why} Recognisers go on without the model.");
                self.bar.suspend(|| complain(&text));
            }
            Msg::Notice(notice) if notice.level != Level::Info => {
                self.bar.suspend(|| complain(&notice.text));
            }
            Msg::Templates { problems, .. } => {
                for problem in problems {
                    self.bar.suspend(|| complain(problem));
                }
            }
            _ => {}
        }
    }

    fn job_ended(&mut self, state: &State, spec: &JobSpec) {
        let finished = &mut self.finished;
        let outcome = self.bar.suspend(|| finished(state, spec));
        if let Err(why) = outcome {
            self.fail(&why);
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
