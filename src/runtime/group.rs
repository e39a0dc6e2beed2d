//! Jobs that run together on one text: chunk by chunk, all their questions on
//! a chunk before those on the next, so that the engine reads it once. Each
//! job keeps its own progress, result and end. Knows no job's inside.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use super::job_run::{Answered, Job, JobRun, Shared};
use crate::app::msg::{Ended, RunMsg};
use crate::domain::chunk::{self, Chunk};
use crate::domain::template::JobKind;

/// Jobs on the same part of the same document.
pub struct Group<'a> {
    pub shared: Shared<'a>,
    pub jobs: Vec<Job<'a>>,
}

/// One step of one of the jobs, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    apart: bool,
    chunk: usize,
    job: usize,
    step: usize,
}

impl Turn {
    fn reads_with(&self, other: &Self) -> bool {
        (self.apart, self.chunk) == (other.apart, other.chunk)
    }
}

/// What came of a step: nothing where its job has ended, an error where there
/// was a panic.
type Asked = Option<thread::Result<Result<Answered, Ended>>>;

/// A job that stopped on a fault of galley's own.
pub const FAULT: &str = "A fault inside galley stopped it; what was found before is kept. \
                     The log says where it happened.";

impl Group<'_> {
    /// Runs every job to its end and tells each one's end as it comes. Gives
    /// whether no job met a fault of galley's own: after one, the engine may
    /// be of no more use.
    #[must_use]
    pub fn run(&self) -> bool {
        let Shared { body, engine, .. } = self.shared;
        let count = |text: &str| engine.count(text);
        let within = self.jobs.first().and_then(|job| job.spec.within);
        let within = within.map(|within| body.passage(within));
        let chunks = chunk::chunks(body.document(), within, engine.info().window, &count);
        let mut members: Vec<Member<'_>> =
            self.jobs.iter().map(|job| Member::start(&self.shared, job, &chunks)).collect();
        let at_once = engine.parallel().max(1);
        for turns in turns(&members).chunk_by(Turn::reads_with) {
            for turns in turns.chunks(at_once) {
                // A cancelled job ends now, and not when its turn comes.
                members.iter_mut().filter(|m| m.is_cancelled()).for_each(Member::cancel);
                for (turn, asked) in turns.iter().zip(ask(&members, turns)) {
                    members[turn.job].take(asked);
                }
            }
            // What the engine keeps of a chunk is of no use to the next one.
            engine.release();
            if members.iter().all(Member::has_ended) {
                break;
            }
        }
        // Without a model there are no steps: the recognisers have read all.
        for member in &mut members {
            member.end(if member.is_cancelled() { Ended::Cancelled } else { Ended::Done });
        }
        !members.iter().any(|member| member.faulted)
    }
}

/// All steps in the order in which they are asked: chunk by chunk, and there
/// job by job. Jobs that take the chunks to pieces come last, since they share
/// no reading and would only keep the others waiting.
fn turns(members: &[Member<'_>]) -> Vec<Turn> {
    let of = |(job, member): (usize, &Member<'_>)| {
        let apart = member.job.template.kind == JobKind::Rewrite;
        let turn = move |(step, chunk)| Turn { apart, chunk, job, step };
        member.chunks().enumerate().map(turn).collect::<Vec<_>>()
    };
    let mut turns: Vec<Turn> = members.iter().enumerate().flat_map(of).collect();
    turns.sort_unstable();
    turns
}

/// Has steps answered at the same time. Of each job the first of them is aloud.
fn ask(members: &[Member<'_>], turns: &[Turn]) -> Vec<Asked> {
    if let [turn] = turns {
        return vec![members[turn.job].ask(turn.step, true)];
    }
    thread::scope(|scope| {
        let asked = turns.iter().enumerate().map(|(at, turn)| {
            let aloud = !turns[..at].iter().any(|before| before.job == turn.job);
            scope.spawn(move || members[turn.job].ask(turn.step, aloud))
        });
        let threads: Vec<_> = asked.collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|e| Some(Err(e)))).collect()
    })
}

/// A job of the group, until its end was told.
struct Member<'a> {
    job: &'a Job<'a>,
    run: Option<JobRun<'a>>,
    faulted: bool,
}

impl<'a> Member<'a> {
    fn start(shared: &'a Shared<'a>, job: &'a Job<'a>, chunks: &'a [Chunk]) -> Self {
        let mut member = Self { job, run: None, faulted: false };
        match catch_unwind(AssertUnwindSafe(|| JobRun::plan(shared, job, chunks))) {
            Ok(Ok(run)) => member.run = Some(run),
            Ok(Err(why)) => member.tell(Ended::Failed(why)),
            Err(_) => member.fail(),
        }
        member
    }

    /// The chunk of each step, in the order of the steps.
    fn chunks(&self) -> impl Iterator<Item = usize> {
        self.run.iter().flat_map(|run| run.steps().iter().map(|step| step.chunk))
    }

    fn is_cancelled(&self) -> bool {
        self.run.as_ref().is_some_and(JobRun::is_cancelled)
    }

    fn has_ended(&self) -> bool {
        self.run.is_none()
    }

    fn cancel(&mut self) {
        self.end(Ended::Cancelled);
    }

    fn ask(&self, step: usize, aloud: bool) -> Asked {
        let run = self.run.as_ref()?;
        Some(catch_unwind(AssertUnwindSafe(|| run.ask(step, aloud))))
    }

    /// Takes a step's answer in. A panic in it ends this job alone.
    fn take(&mut self, asked: Asked) {
        let (Some(asked), Some(run)) = (asked, &mut self.run) else { return };
        let taken = asked.and_then(|answered| {
            catch_unwind(AssertUnwindSafe(|| answered.map(|answered| run.take(answered))))
        });
        match taken {
            Ok(Ok(())) if run.is_answered() => self.end(Ended::Done),
            Ok(Ok(())) => {}
            Ok(Err(ended)) => self.end(ended),
            Err(_) => self.fail(),
        }
    }

    /// Keeps the job's result and tells its end, once.
    fn end(&mut self, ended: Ended) {
        let Some(run) = self.run.take() else { return };
        match catch_unwind(AssertUnwindSafe(|| run.finish(ended))) {
            Ok(ended) => self.tell(ended),
            Err(_) => self.fail(),
        }
    }

    /// Ends the job after a panic; what it found before is kept where that is
    /// possible still.
    fn fail(&mut self) {
        self.faulted = true;
        let ended = Ended::Failed(FAULT.into());
        let finish =
            |run: JobRun<'_>| catch_unwind(AssertUnwindSafe(|| run.finish(ended.clone()))).ok();
        let told = self.run.take().and_then(finish);
        self.tell(told.unwrap_or(ended));
    }

    fn tell(&self, ended: Ended) {
        (self.job.send)(RunMsg::Ended(ended));
    }
}
