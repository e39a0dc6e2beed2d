//! One job on one document: its questions, their answers, its stored result.
//! In which order the questions of several jobs are asked is not known here.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::app::msg::{Ended, RunMsg};
use crate::app::state::JobSpec;
use crate::domain::body::Body;
use crate::domain::chunk::Chunk;
use crate::domain::finding::{Basis, JobResult, Role};
use crate::domain::injected;
use crate::domain::job::{Outcome, Step, Work};
use crate::domain::template::Template;
use crate::engine::{Answer, Cancel, Engine, EngineError, EngineInfo, Finish, Progress};
use crate::store::{StepKey, Store, StoredAnswer};

/// What all jobs that run together have in common.
pub struct Shared<'a> {
    /// What the jobs read of the document.
    pub body: &'a Body<'a>,
    /// The document's name as the person knows it.
    pub name: &'a str,
    pub engine: &'a dyn Engine,
    pub store: &'a Mutex<Store>,
    /// Said on top of each result, such as why no model takes part.
    pub notes: Vec<String>,
    /// Whether recognisers stand in for a model that was asked for.
    pub stands_in: bool,
    /// Roles in which the engine's model was measured to beat the rules.
    pub trusted: BTreeSet<Role>,
}

/// What is one job's own.
pub struct Job<'a> {
    pub spec: &'a JobSpec,
    pub template: &'a Template,
    pub cancel: &'a Cancel,
    pub send: &'a (dyn Fn(RunMsg) + Sync),
}

/// A step's answer, and the time that it took, now or in an earlier run.
pub struct Answered {
    outcome: Outcome,
    spent: Duration,
}

/// A job at work, from its plan to its stored result.
pub struct JobRun<'a> {
    shared: &'a Shared<'a>,
    job: &'a Job<'a>,
    work: Work<'a>,
    steps: Vec<Step>,
    /// Of the first steps, in their order.
    outcomes: Vec<Outcome>,
    earlier: Option<JobResult>,
    /// Time spent on this job alone, with that of the steps taken over from
    /// earlier runs.
    spent: Duration,
}

impl<'a> JobRun<'a> {
    /// Plans the job and shows what the recognisers found.
    ///
    /// # Errors
    /// A sentence, where the template cannot be filled in.
    pub fn plan(
        shared: &'a Shared<'a>,
        job: &'a Job<'a>,
        chunks: &'a [Chunk],
    ) -> Result<Self, String> {
        let began = Instant::now();
        let body = shared.body;
        let within = job.spec.within.map(|within| body.passage(within));
        let work = Work::new(job.template, body.document(), shared.name, chunks, within)
            .trusting(shared.trusted.clone());
        let steps =
            if shared.engine.info().answers { work.plan(job.spec.rounds)? } else { Vec::new() };
        (job.send)(RunMsg::Planned { steps: steps.len() });
        let kept = lock(shared.store).results(&job.spec.doc.0, &body.source().source);
        let earlier = kept.unwrap_or_default().into_iter().find(|result| {
            result.job == job.template.name && is_of_the_same(&result.basis, body.basis())
        });
        let spent = began.elapsed();
        let run = Self { shared, job, work, steps, outcomes: Vec::new(), earlier, spent };
        run.show();
        Ok(run)
    }

    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether every step was answered.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.outcomes.len() == self.steps.len()
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.job.cancel.is_cancelled()
    }

    /// Has a step answered, from the store where it was answered before. A
    /// step that is not `aloud` tells only that it is done: the words of
    /// several at the same time would make no sense.
    ///
    /// # Errors
    /// Why the whole job cannot go on.
    pub fn ask(&self, step: usize, aloud: bool) -> Result<Answered, Ended> {
        let began = Instant::now();
        let step = &self.steps[step];
        let (first, mut earlier) = self.outcome(step, aloud)?;
        let outcome = match self.work.retry(step, &first) {
            None => first,
            Some(again) => {
                let (second, more) = self.outcome(&again, aloud)?;
                earlier = earlier.zip(more).map(|(first, second)| first + second);
                self.work.better(step, first, second)
            }
        };
        // One step, whether it was tried once or twice.
        self.send(RunMsg::StepDone { reused: earlier.is_some(), aloud });
        Ok(Answered { outcome, spent: began.elapsed() + earlier.unwrap_or_default() })
    }

    /// A question's answer, and the time that an earlier run spent on it where
    /// it was answered then.
    fn outcome(&self, step: &Step, aloud: bool) -> Result<(Outcome, Option<Duration>), Ended> {
        let Shared { engine, store, .. } = self.shared;
        if self.is_cancelled() {
            return Err(Ended::Cancelled);
        }
        let say = |msg| {
            if aloud {
                self.send(msg);
            }
        };
        say(RunMsg::Step { doing: step.label.clone() });
        let key = key(step, engine.info());
        if let Ok(Some(answer)) = lock(store).step(&key) {
            let earlier = Duration::try_from_secs_f64(answer.seconds).unwrap_or_default();
            return Ok((remembered(answer), Some(earlier)));
        }
        let mut report = |progress| {
            say(match progress {
                Progress::Prefill { done, total } => RunMsg::Prefill { done, total },
                Progress::Text(text) => RunMsg::Text(text),
            });
        };
        let outcome = match engine.generate(&step.prompt, self.job.cancel, &mut report) {
            Ok(answer) => {
                // A step that cannot be kept is only computed again next time.
                if let Err(e) = lock(store).put_step(&key, &stored(&answer)) {
                    tracing::warn!(error = %e, "a step's answer was not kept");
                }
                outcome(answer)
            }
            Err(EngineError::Cancelled) => return Err(Ended::Cancelled),
            Err(e @ EngineError::Load(_)) => return Err(Ended::Failed(e.to_string())),
            // The next step may go well.
            Err(e) => Outcome::Failed(e.to_string()),
        };
        Ok((outcome, None))
    }

    /// Takes the answers in, in the order of the steps.
    pub fn take(&mut self, answered: Answered) {
        self.spent += answered.spent;
        self.outcomes.push(answered.outcome);
        // What was found in a part appears when its last step is done.
        if let Some([last, next]) = self.steps.get(self.outcomes.len() - 1..=self.outcomes.len())
            && next.unit != last.unit
        {
            self.show();
        }
    }

    /// Keeps what was found, also of a job that was stopped or failed; the
    /// coverage says what was not read. Gives how the job ended after all.
    #[must_use]
    pub fn finish(&self, ended: Ended) -> Ended {
        let mut last = self.result();
        if ended != Ended::Done && !self.is_answered() {
            let (done, of) = (self.outcomes.len(), self.steps.len());
            let are = if done == 1 { "is" } else { "are" };
            let note =
                format!("Not finished: {done} of {of} steps {are} done; the rest was not read.");
            last.warnings.insert(0, note);
        }
        self.keep(last, ended)
    }

    /// Keeps the result. One that was cut short, or made without the model
    /// that was asked for, does not take the place of a fuller one.
    fn keep(&self, last: JobResult, ended: Ended) -> Ended {
        let is_whole = ended == Ended::Done && !self.shared.stands_in && last.coverage.failed == 0;
        if !is_whole && !self.is_as_full_as_earlier(&last) {
            tracing::info!(job = last.job, "a fuller result of an earlier run was kept");
            if let Some(mut earlier) = self.earlier.clone() {
                let why = last.warnings.first().map_or("", String::as_str);
                let note =
                    format!("This is an earlier, fuller result; the last run read less. {why}");
                earlier.warnings.insert(0, note.trim_end().to_owned());
                self.send(RunMsg::Partial(Box::new(earlier)));
            }
            return ended;
        }
        let spec = self.job.spec;
        // What a passage gave must not stand in the place of the whole document's.
        let stored = match spec.within {
            None => lock(self.shared.store).put_result(&spec.doc.0, &last.source, &last),
            Some(_) => Ok(()),
        };
        self.send(RunMsg::Partial(Box::new(last)));
        match (ended, stored) {
            (Ended::Done, Err(e)) => Ended::Failed(format!("The result could not be kept: {e}")),
            (ended, _) => ended,
        }
    }

    /// Shows what is known so far, unless an earlier result says more.
    fn show(&self) {
        let result = self.result();
        if self.is_as_full_as_earlier(&result) {
            self.send(RunMsg::Partial(Box::new(result)));
        }
    }

    fn result(&self) -> JobResult {
        let info = self.shared.engine.info();
        let body = self.shared.body;
        let concluded = self.work.conclude(&self.steps, &self.outcomes);
        let result = body.restore(concluded, self.job.spec.within);
        let mut warnings = self.shared.notes.clone();
        warnings.extend(body.source().warning.clone());
        warnings.extend(body.source().caveats());
        warnings.extend(body.given_beside());
        warnings.extend(injected::instruction_warning(body.source()));
        let host = info.leaves_machine.as_ref();
        warnings.extend(host.map(|host| format!("The text was sent to {host}.")));
        warnings.extend(result.warnings);
        JobResult {
            warnings,
            seconds: self.spent.as_secs_f64(),
            model: info.model.clone(),
            engine: info.engine.to_owned(),
            model_sha256: info.sha256.clone(),
            ..result
        }
    }

    /// Whether a result has read as much as the one kept of an earlier run of
    /// the same job on the same text, with no less help. What recognisers alone
    /// made is complete at once; it never hides what a model has answered.
    fn is_as_full_as_earlier(&self, result: &JobResult) -> bool {
        let has_model = |r: &JobResult| !r.model_sha256.is_empty() || r.engine != RULES;
        let is_answer = |outcome: &Outcome| matches!(outcome, Outcome::Answered { .. });
        let is_helped = has_model(result) && self.outcomes.iter().any(is_answer);
        self.earlier.as_ref().is_none_or(|earlier| {
            if !has_model(earlier) && is_helped {
                return true;
            }
            result.coverage.read >= earlier.coverage.read
                && (has_model(result) || !has_model(earlier))
        })
    }

    fn send(&self, msg: RunMsg) {
        (self.job.send)(msg);
    }
}

/// Whether two results read the same of the same text, so that the one may
/// stand in the place of the other.
fn is_of_the_same(one: &Basis, other: &Basis) -> bool {
    one.with_hidden == other.with_hidden && one.is_same_text(other)
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
    let EngineInfo { engine, model, sha256, variant, .. } = info;
    for part in
        [engine.as_bytes(), model.as_bytes(), sha256.as_bytes(), variant.as_bytes(), &prompt]
    {
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
    Outcome::Answered { text: answer.text, looped, cut: answer.finish == CUT, other: None }
}

fn outcome(answer: Answer) -> Outcome {
    let cut = answer.finish == Finish::Length;
    let looped = match answer.finish {
        Finish::Loop { repeated } => Some(repeated),
        Finish::Stop | Finish::Length => None,
    };
    Outcome::Answered { text: answer.text, looped, cut, other: None }
}

/// Shared by the threads of one program.
pub type SharedStore = Arc<Mutex<Store>>;
