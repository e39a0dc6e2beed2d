//! When a file that changed is left alone. Pure: time and the file's state come
//! from outside.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// A file whose size and time stay for this long is not being written.
pub const QUIET: Duration = Duration::from_millis(300);
/// A file that has been restless for this long is announced meanwhile.
pub const LATE: Duration = Duration::from_secs(1);

/// What tells a changed file from an unchanged one without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub bytes: u64,
    pub modified: Option<SystemTime>,
}

impl Stamp {
    /// The stamp of the regular file at `path`, links followed.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        Some(Self { bytes: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// Files that changed a moment ago.
#[derive(Debug, Default)]
pub struct Settle {
    pending: BTreeMap<PathBuf, Pending>,
}

#[derive(Debug)]
struct Pending {
    stamp: Stamp,
    first: Instant,
    still_since: Instant,
    announced: bool,
}

/// What became of the pending files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub settled: Vec<PathBuf>,
    /// Restless for [`LATE`]; each file is named here once.
    pub restless: Vec<PathBuf>,
    pub gone: Vec<PathBuf>,
}

impl Settle {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Notes that the file at `path` changed and is `stamp` now.
    pub fn note(&mut self, path: PathBuf, stamp: Stamp, now: Instant) {
        self.pending
            .entry(path)
            .and_modify(|pending| {
                pending.stamp = stamp;
                pending.still_since = now;
            })
            .or_insert(Pending { stamp, first: now, still_since: now, announced: false });
    }

    /// Drops `path` and whatever lies below it.
    pub fn forget(&mut self, path: &Path) {
        self.pending.retain(|pending, _| !pending.starts_with(path));
    }

    /// Looks at every pending file; those that settled or are gone are pending
    /// no more.
    pub fn check(&mut self, now: Instant, look: impl Fn(&Path) -> Option<Stamp>) -> Outcome {
        let mut outcome = Outcome::default();
        self.pending.retain(|path, pending| {
            let Some(stamp) = look(path) else {
                outcome.gone.push(path.clone());
                return false;
            };
            if stamp != pending.stamp {
                pending.stamp = stamp;
                pending.still_since = now;
            } else if now.saturating_duration_since(pending.still_since) >= QUIET {
                outcome.settled.push(path.clone());
                return false;
            }
            if !pending.announced && now.saturating_duration_since(pending.first) >= LATE {
                pending.announced = true;
                outcome.restless.push(path.clone());
            }
            true
        });
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn stamp(bytes: u64) -> Stamp {
        Stamp { bytes, modified: None }
    }

    fn paths(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn a_file_settles_once_it_is_left_alone() {
        let (mut settle, start) = (Settle::default(), Instant::now());
        settle.note("a".into(), stamp(1), start);
        assert_eq!(settle.check(start + 200 * MS, |_| Some(stamp(1))), Outcome::default());
        let outcome = settle.check(start + 300 * MS, |_| Some(stamp(1)));
        assert_eq!(outcome.settled, paths(&["a"]));
        assert!(settle.is_empty());
    }

    #[test]
    fn a_file_that_grows_is_announced_once_and_settles_at_last() {
        let (mut settle, start) = (Settle::default(), Instant::now());
        settle.note("a".into(), stamp(0), start);
        let mut announced = Vec::new();
        for step in 1..=20_u32 {
            let outcome = settle.check(start + 100 * MS * step, |_| Some(stamp(step.into())));
            assert_eq!(outcome.settled, paths(&[]));
            announced.extend(outcome.restless);
        }
        assert_eq!(announced, paths(&["a"]));
        let outcome = settle.check(start + 2_300 * MS, |_| Some(stamp(20)));
        assert_eq!(outcome.settled, paths(&["a"]));
    }

    #[test]
    fn a_file_that_vanishes_meanwhile_is_gone() {
        let (mut settle, start) = (Settle::default(), Instant::now());
        settle.note("a".into(), stamp(1), start);
        assert_eq!(settle.check(start, |_| None).gone, paths(&["a"]));
        assert!(settle.is_empty());
    }

    #[test]
    fn a_folder_takes_its_pending_files_along() {
        let (mut settle, start) = (Settle::default(), Instant::now());
        settle.note("sub/a".into(), stamp(1), start);
        settle.note("subject".into(), stamp(1), start);
        settle.forget(Path::new("sub"));
        let outcome = settle.check(start + QUIET, |_| Some(stamp(1)));
        assert_eq!(outcome.settled, paths(&["subject"]));
    }
}
