//! One job on one document, from chunks to a stored result.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::app::msg::{Ended, RunMsg};
use crate::app::state::JobSpec;
use crate::domain::chunk;
use crate::domain::document::Document;
use crate::domain::finding::JobResult;
use crate::domain::job::{Outcome, Step, Work};
use crate::domain::template::Template;
use crate::engine::{Answer, Cancel, Engine, EngineError, EngineInfo, Finish, Progress};
use crate::store::{StepKey, Store, StoredAnswer};

/// Everything a run needs.
pub struct JobRun<'a> {
    pub spec: &'a JobSpec,
    pub name: &'a str,
    pub doc: &'a Document,
    pub template: &'a Template,
    pub engine: &'a dyn Engine,
    pub store: &'a Mutex<Store>,
    pub cancel: &'a Cancel,
    /// Said on top of the result, such as why no model takes part.
    pub notes: Vec<String>,
    /// Whether recognisers stand in for a model that was asked for.
    pub stands_in: bool,
    pub send: &'a dyn Fn(RunMsg),
}

impl JobRun<'_> {
    /// Runs the job to its end. What was found is stored also when it was
    /// cancelled or a step failed; the coverage says what was not read.
    #[must_use]
    pub fn run(&self) -> Ended {
        let began = Instant::now();
        let info = self.engine.info();
        let count = |text: &str| self.engine.count(text);
        let chunks = chunk::chunks(self.doc, self.spec.within, info.window, &count);
        let work = Work::new(self.template, self.doc, self.name, &chunks, self.spec.within);
        let steps = match if info.answers { work.plan() } else { Ok(Vec::new()) } {
            Ok(steps) => steps,
            Err(why) => return Ended::Failed(why),
        };
        (self.send)(RunMsg::Planned { steps: steps.len() });
        let earlier = self.earlier();
        let result = |outcomes: &[Outcome]| {
            let result = work.conclude(&steps, outcomes);
            self.finish(result, info, began)
        };
        let show = |outcomes: &[Outcome]| {
            let result = result(outcomes);
            if earlier.as_ref().is_none_or(|earlier| is_as_full(&result, earlier)) {
                (self.send)(RunMsg::Partial(Box::new(result)));
            }
        };
        let mut outcomes = Vec::new();
        show(&outcomes);
        let mut ended = Ended::Done;
        for (index, step) in steps.iter().enumerate() {
            match self.step(step, info) {
                Ok(outcome) => outcomes.push(outcome),
                Err(stop) => {
                    ended = stop;
                    break;
                }
            }
            let Some(next) = steps.get(index + 1) else { continue };
            // What was found in a part appears when its last step is done.
            if next.unit != step.unit {
                show(&outcomes);
            }
            // What the engine keeps of a chunk is of no use to the next one.
            if next.chunk != step.chunk {
                self.engine.release();
            }
        }
        let mut last = result(&outcomes);
        if ended != Ended::Done {
            let note = format!(
                "The job was stopped after {} of {} steps; run it again to go on from there.",
                outcomes.len(),
                steps.len()
            );
            last.warnings.insert(0, note);
        }
        self.keep(last, earlier.as_ref(), ended)
    }

    /// The result of the same job on the same text that is kept already.
    fn earlier(&self) -> Option<JobResult> {
        let kept = lock(self.store).results(&self.spec.doc.0, &self.doc.source);
        kept.unwrap_or_default().into_iter().find(|result| result.job == self.template.name)
    }

    /// Keeps the result. One that was cut short, or made without the model
    /// that was asked for, does not take the place of a fuller one.
    fn keep(&self, last: JobResult, earlier: Option<&JobResult>, ended: Ended) -> Ended {
        let is_whole = ended == Ended::Done && !self.stands_in && last.coverage.failed == 0;
        if let Some(earlier) = earlier.filter(|e| !is_whole && !is_as_full(&last, e)) {
            tracing::info!(job = earlier.job, "a fuller result of an earlier run was kept");
            return ended;
        }
        // What a passage gave must not stand in the place of the whole document's.
        let stored = match self.spec.within {
            None => lock(self.store).put_result(&self.spec.doc.0, &self.doc.source, &last),
            Some(_) => Ok(()),
        };
        (self.send)(RunMsg::Partial(Box::new(last)));
        match (ended, stored) {
            (Ended::Done, Err(e)) => Ended::Failed(format!("The result could not be kept: {e}")),
            (ended, _) => ended,
        }
    }

    /// Answers one step, from the store where it was answered before.
    fn step(&self, step: &Step, info: &EngineInfo) -> Result<Outcome, Ended> {
        if self.cancel.is_cancelled() {
            return Err(Ended::Cancelled);
        }
        (self.send)(RunMsg::Step { doing: step.label.clone() });
        let key = key(step, info);
        if let Ok(Some(answer)) = lock(self.store).step(&key) {
            (self.send)(RunMsg::StepDone { reused: true });
            return Ok(remembered(answer));
        }
        let mut report = |progress| {
            (self.send)(match progress {
                Progress::Prefill { done, total } => RunMsg::Prefill { done, total },
                Progress::Text(text) => RunMsg::Text(text),
            });
        };
        let outcome = match self.engine.generate(&step.prompt, self.cancel, &mut report) {
            Ok(answer) => {
                // A step that cannot be kept is only computed again next time.
                if let Err(e) = lock(self.store).put_step(&key, &stored(&answer)) {
                    tracing::warn!(error = %e, "a step's answer was not kept");
                }
                outcome(answer)
            }
            Err(EngineError::Cancelled) => return Err(Ended::Cancelled),
            Err(e @ EngineError::Load(_)) => return Err(Ended::Failed(e.to_string())),
            Err(
                e @ (EngineError::Died(_) | EngineError::TooLong { .. } | EngineError::Refused(_)),
            ) => Outcome::Failed(e.to_string()),
        };
        (self.send)(RunMsg::StepDone { reused: false });
        Ok(outcome)
    }

    fn finish(&self, result: JobResult, info: &EngineInfo, began: Instant) -> JobResult {
        let mut warnings = self.notes.clone();
        warnings.extend(self.doc.warning.clone());
        warnings.extend(result.warnings);
        JobResult {
            warnings,
            seconds: began.elapsed().as_secs_f64(),
            model: info.model.clone(),
            engine: info.engine.to_owned(),
            model_sha256: info.sha256.clone(),
            ..result
        }
    }
}

/// Whether a result has read as much as another one, with no less help.
fn is_as_full(result: &JobResult, other: &JobResult) -> bool {
    let has_model = |r: &JobResult| !r.model_sha256.is_empty() || r.engine != RULES;
    result.coverage.read >= other.coverage.read && (has_model(result) || !has_model(other))
}

/// The engine without a model, as results name it.
const RULES: &str = "rules";

/// A store whose other user panicked is still a sound store: every change to
/// it is a transaction.
pub fn lock(store: &Mutex<Store>) -> std::sync::MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A step is the same when the same model is asked the same: the prompt holds
/// the chunk, the filled-in template and the sampling.
fn key(step: &Step, info: &EngineInfo) -> StepKey {
    let mut hasher = blake3::Hasher::new();
    let prompt = serde_json::to_vec(&step.prompt).expect("a prompt is plain data");
    for part in [info.engine.as_bytes(), info.model.as_bytes(), info.sha256.as_bytes(), &prompt] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    StepKey(hasher.finalize().to_hex().to_string())
}

const STOPPED: &str = "stop";
const CUT: &str = "length";
const LOOPED: &str = "loop:";

fn stored(answer: &Answer) -> StoredAnswer {
    StoredAnswer {
        text: answer.text.clone(),
        finish: match &answer.finish {
            Finish::Stop => STOPPED.to_owned(),
            Finish::Length => CUT.to_owned(),
            Finish::Loop { repeated } => format!("{LOOPED}{repeated}"),
        },
        prompt_tokens: answer.prompt_tokens,
        answer_tokens: answer.answer_tokens,
        seconds: (answer.prefill + answer.decode).as_secs_f64(),
    }
}

fn remembered(answer: StoredAnswer) -> Outcome {
    let looped = answer.finish.strip_prefix(LOOPED).map(str::to_owned);
    Outcome::Answered { text: answer.text, looped, cut: answer.finish == CUT }
}

fn outcome(answer: Answer) -> Outcome {
    let cut = answer.finish == Finish::Length;
    let looped = match answer.finish {
        Finish::Loop { repeated } => Some(repeated),
        Finish::Stop | Finish::Length => None,
    };
    Outcome::Answered { text: answer.text, looped, cut }
}

/// Shared by the threads of one program.
pub type SharedStore = Arc<Mutex<Store>>;
