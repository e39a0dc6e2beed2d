//! Holds back documents that are still being written, so that no half of one is
//! read, and no job begins on it. Pure: times and the files' state come from
//! outside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use super::ReadTask;
use crate::watch::{QUIET, Settle, Stamp};

/// The readings that wait for their file to be left alone.
#[derive(Debug, Default)]
pub(super) struct Gate {
    settle: Settle,
    waiting: BTreeMap<PathBuf, ReadTask>,
}

impl Gate {
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Gives a task back that can be carried out at once: its file was last
    /// written a while ago, or is not there, which the reading will say. Of the
    /// others the newest of each file is kept.
    pub fn pass(
        &mut self,
        task: ReadTask,
        stamp: Option<Stamp>,
        now: Instant,
        clock: SystemTime,
    ) -> Option<ReadTask> {
        // A time in the future is somebody else's clock and tells nothing.
        let is_still = |at: SystemTime| clock.duration_since(at).is_ok_and(|age| age >= QUIET);
        let path = task.doc.0.clone();
        match stamp {
            Some(stamp) if !stamp.modified.is_some_and(is_still) => {
                self.settle.note(path.clone(), stamp, now);
                self.waiting.insert(path, task);
                None
            }
            _ => {
                self.settle.forget(&path);
                self.waiting.remove(&path);
                Some(task)
            }
        }
    }

    /// The tasks whose file was left alone meanwhile, or went.
    pub fn open(&mut self, now: Instant, look: impl Fn(&Path) -> Option<Stamp>) -> Vec<ReadTask> {
        let outcome = self.settle.check(now, look);
        let done = outcome.settled.into_iter().chain(outcome.gone);
        done.filter_map(|path| self.waiting.remove(&path)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::app::state::DocId;
    use crate::extract::Options;

    const MS: Duration = Duration::from_millis(1);

    fn task(generation: u64) -> ReadTask {
        ReadTask { doc: DocId("/w/a.md".into()), generation, options: Options::default() }
    }

    /// A file of this length, written so long before `clock`.
    fn written(bytes: u64, clock: SystemTime, ago: Duration) -> Stamp {
        Stamp { bytes, modified: Some(clock - ago) }
    }

    fn generations(tasks: &[ReadTask]) -> Vec<u64> {
        tasks.iter().map(|task| task.generation).collect()
    }

    #[test]
    fn a_file_that_was_left_alone_or_is_gone_is_read_at_once() {
        let (mut gate, now, clock) = (Gate::default(), Instant::now(), SystemTime::now());
        for stamp in [Some(written(1, clock, 301 * MS)), None] {
            let passed = gate.pass(task(1), stamp, now, clock);
            assert_eq!(generations(passed.as_slice()), [1]);
        }
        assert!(gate.is_empty());
    }

    #[test]
    fn a_file_that_grows_is_read_once_and_only_when_it_is_whole() {
        let (mut gate, start, clock) = (Gate::default(), Instant::now(), SystemTime::now());
        // It is listed again and again while it is written.
        for step in 0..20 {
            let stamp = Some(written(step, clock, Duration::ZERO));
            let now = start + 100 * MS * u32::try_from(step).expect("small");
            assert!(gate.pass(task(step), stamp, now, clock).is_none());
            assert!(gate.open(now, |_| stamp).is_empty(), "at step {step}");
        }
        let last = Some(written(19, clock, Duration::ZERO));
        let end = start + 1_900 * MS;
        assert!(gate.open(end + 100 * MS, |_| last).is_empty());
        assert_eq!(generations(&gate.open(end + QUIET, |_| last)), [19]);
        assert!(gate.is_empty());
    }

    #[test]
    fn a_file_that_goes_while_it_waits_is_let_through_to_be_said_missing() {
        let (mut gate, now, clock) = (Gate::default(), Instant::now(), SystemTime::now());
        gate.pass(task(1), Some(written(1, clock, Duration::ZERO)), now, clock);
        assert_eq!(generations(&gate.open(now, |_| None)), [1]);
    }

    #[test]
    fn a_clock_that_is_ahead_or_unknown_delays_a_file_but_does_not_hold_it() {
        let (mut gate, now, clock) = (Gate::default(), Instant::now(), SystemTime::now());
        for modified in [Some(clock + Duration::from_hours(1)), None] {
            let stamp = Some(Stamp { bytes: 1, modified });
            assert!(gate.pass(task(1), stamp, now, clock).is_none());
            assert_eq!(generations(&gate.open(now + QUIET, |_| stamp)), [1]);
        }
    }

    #[test]
    fn a_newer_reading_takes_the_place_of_one_that_waits() {
        let (mut gate, now, clock) = (Gate::default(), Instant::now(), SystemTime::now());
        gate.pass(task(1), Some(written(1, clock, Duration::ZERO)), now, clock);
        let passed = gate.pass(task(2), Some(written(1, clock, 400 * MS)), now, clock);
        assert_eq!(generations(passed.as_slice()), [2]);
        assert!(gate.is_empty());
        assert!(gate.open(now + QUIET, |_| None).is_empty());
    }
}
