//! Jobs that wait and jobs that run, as plain data. Knows no engine and no
//! documents beyond their names.

use serde::{Deserialize, Serialize};

use super::state::{DocId, Millis, State};
use crate::domain::span::ByteSpan;

/// A job on one document, waiting or running.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobSpec {
    pub doc: DocId,
    pub job: String,
    /// Only this passage of the text, where the person chose one.
    pub within: Option<ByteSpan>,
    /// How often the model is asked each question; 1 or more.
    #[serde(default = "once")]
    pub rounds: usize,
}

/// Jobs that an earlier version kept in its queue ask once.
fn once() -> usize {
    1
}

impl JobSpec {
    /// A job on a whole document.
    #[must_use]
    pub fn whole(doc: &DocId, job: &str) -> Self {
        Self { doc: doc.clone(), job: job.to_owned(), within: None, rounds: 1 }
    }

    /// Whether both read the same text, so that they can run together.
    #[must_use]
    pub fn reads_with(&self, other: &Self) -> bool {
        self.doc == other.doc && self.within == other.within
    }
}

/// Which job of the queue is meant. One that runs is told by its number: an
/// equal one may wait behind it while it stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRef {
    pub spec: JobSpec,
    /// The run's number; `None` for a job that waits.
    pub run: Option<u64>,
}

/// Where a running job is between its start and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Working,
    /// Asked to stop for good.
    Stopping,
    /// Asked to stop for now; it goes back to the queue.
    Pausing,
    /// Has stopped for now, and waits for those that run with it.
    Paused,
    /// Has ended, and waits for those that run with it.
    Ended,
}

/// A job in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    pub spec: JobSpec,
    /// Tells this run's messages from those of another one.
    pub run: u64,
    pub phase: Phase,
    pub started: Millis,
    /// Steps finished, of all; 0 of 0 until the plan is made.
    pub done: usize,
    pub steps: usize,
    /// Of the finished steps, those that were found in the store.
    pub reused: usize,
    /// Whether a step of this job is being answered just now.
    pub asking: bool,
    /// What the last step begun asks for ("Dates, part 2 of 5").
    pub doing: String,
    /// Prompt tokens of the step in flight read so far, of all.
    pub prefill: (usize, usize),
    /// The answer so far.
    pub live: String,
}

impl Running {
    #[must_use]
    pub fn new(spec: JobSpec, run: u64, started: Millis) -> Self {
        Self {
            spec,
            run,
            phase: Phase::Working,
            started,
            done: 0,
            steps: 0,
            reused: 0,
            asking: false,
            doing: String::new(),
            prefill: (0, 0),
            live: String::new(),
        }
    }

    /// Whether its end has not been told yet.
    #[must_use]
    pub fn is_going(&self) -> bool {
        !matches!(self.phase, Phase::Ended | Phase::Paused)
    }

    /// Whether it should be found in the queue at the next start.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        !matches!(self.phase, Phase::Ended | Phase::Stopping)
    }

    /// Asks it to stop; gives whether there is something to stop.
    pub fn stop(&mut self, how: Phase) -> bool {
        match self.phase {
            Phase::Working | Phase::Pausing => self.phase = how,
            // It has stopped for now; it is not to go back to the queue either.
            Phase::Paused if how == Phase::Stopping => self.phase = Phase::Ended,
            Phase::Paused | Phase::Stopping | Phase::Ended => {}
        }
        self.is_going()
    }
}

/// Steps of the jobs that run together, counted as one piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub done: usize,
    pub steps: usize,
    reused: usize,
    prefill: (usize, usize),
    started: Millis,
}

impl Tally {
    #[must_use]
    pub fn of(runs: &[Running]) -> Self {
        let asking = runs.iter().find(|run| run.asking);
        // What a job leaves undone is no work of those that go on without it.
        let go_on = runs.iter().any(Running::is_wanted);
        let steps = |run: &Running| if go_on && !run.is_wanted() { run.done } else { run.steps };
        Self {
            done: runs.iter().map(|run| run.done).sum(),
            steps: runs.iter().map(steps).sum(),
            reused: runs.iter().map(|run| run.reused).sum(),
            prefill: asking.map_or((0, 0), |run| run.prefill),
            started: runs.iter().map(|run| run.started).max().unwrap_or_default(),
        }
    }

    /// Share of the work that is done, from 0 to 1: whole steps, and half of
    /// the step in flight for its prefill.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "step and token counts are far below 2^52")]
    pub fn share(&self) -> f64 {
        if self.steps == 0 {
            return 0.0;
        }
        let (read, of) = self.prefill;
        let part = if of == 0 { 0.0 } else { 0.5 * read as f64 / of as f64 };
        ((self.done as f64 + part) / self.steps as f64).min(1.0)
    }

    /// Time left in milliseconds, once enough was done to tell. Steps that
    /// came from the store took no time and say nothing about the rest.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate, positive and far below 2^52"
    )]
    pub fn estimate(&self, now: Millis) -> Option<u64> {
        let worked = self.done.checked_sub(self.reused).filter(|n| *n > 0)?;
        let each = now.0.saturating_sub(self.started.0) as f64 / worked as f64;
        Some((each * self.steps.saturating_sub(self.done) as f64) as u64)
    }
}

/// A row of the queue as it is shown: what runs, then what waits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum QueueRow<'a> {
    Running(&'a Running),
    /// With its place among those that wait, from 0.
    Waiting(usize, &'a JobSpec),
}

impl QueueRow<'_> {
    #[must_use]
    pub fn spec(&self) -> &JobSpec {
        match self {
            Self::Running(running) => &running.spec,
            Self::Waiting(_, spec) => spec,
        }
    }

    #[must_use]
    pub fn job(&self) -> JobRef {
        let run = match self {
            Self::Running(running) => Some(running.run),
            Self::Waiting(..) => None,
        };
        JobRef { spec: self.spec().clone(), run }
    }
}

impl State {
    #[must_use]
    pub fn queue_rows(&self) -> Vec<QueueRow<'_>> {
        let running = self.running.iter().filter(|run| run.phase != Phase::Ended);
        let waiting = self.queue.iter().enumerate();
        running
            .map(QueueRow::Running)
            .chain(waiting.map(|(at, spec)| QueueRow::Waiting(at, spec)))
            .collect()
    }

    /// The running job whose step is being answered, or else the first one
    /// that has not ended.
    #[must_use]
    pub fn at_work(&self) -> Option<&Running> {
        let asking = self.running.iter().find(|run| run.asking);
        asking.or_else(|| self.running.iter().find(|run| run.is_going()))
    }

    /// The jobs that the next start should find: those that run, then those
    /// that wait.
    pub fn wanted(&self) -> impl Iterator<Item = &JobSpec> {
        let running = self.running.iter().filter(|run| run.is_wanted()).map(|run| &run.spec);
        running.chain(&self.queue)
    }

    /// Jobs waiting or running on a document.
    #[must_use]
    pub fn pending(&self, id: &DocId) -> usize {
        self.queue_rows().iter().filter(|row| row.spec().doc == *id).count()
    }

    /// The document that the running jobs read.
    #[must_use]
    pub fn read_now(&self) -> Option<&DocId> {
        self.running.first().map(|run| &run.spec.doc)
    }
}
