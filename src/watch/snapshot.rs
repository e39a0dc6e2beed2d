//! A folder's files at one moment, and what is different at the next: how a
//! folder is watched where the system has no notifications left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::settle::Stamp;

/// As deep as documents are listed.
const MOST_DEPTH: usize = 16;

#[derive(Debug, Default)]
pub struct Snapshot(BTreeMap<PathBuf, Stamp>);

/// What is different between two snapshots.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub changed: Vec<(PathBuf, Stamp)>,
    pub removed: Vec<PathBuf>,
}

impl Snapshot {
    /// Looks at all files below `folder`; hidden folders are passed over.
    pub fn take(folder: &Path) -> Self {
        let visible = |entry: &walkdir::DirEntry| {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            entry.depth() == 0 || !entry.file_type().is_dir() || !hidden
        };
        let walk = WalkDir::new(folder).max_depth(MOST_DEPTH).into_iter().filter_entry(visible);
        let files = walk.filter_map(Result::ok).filter(|entry| !entry.file_type().is_dir());
        let stamped = |entry: walkdir::DirEntry| {
            let stamp = Stamp::of(entry.path())?;
            Some((entry.into_path(), stamp))
        };
        Self(files.filter_map(stamped).collect())
    }

    /// What has to happen to this snapshot to make it `next`.
    pub fn difference(&self, next: &Self) -> Difference {
        let is_new = |(path, stamp): &(&PathBuf, &Stamp)| self.0.get(*path) != Some(*stamp);
        let is_gone = |path: &&PathBuf| !next.0.contains_key(*path);
        Difference {
            changed: next.0.iter().filter(is_new).map(|(p, s)| (p.clone(), *s)).collect(),
            removed: self.0.keys().filter(is_gone).cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn new_changed_and_removed_files_are_told_apart_from_the_rest() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path(".git")).expect("made");
        for name in ["same.txt", "grows.txt", "goes.txt"] {
            fs::write(path(name), "x").expect("written");
        }
        let before = Snapshot::take(folder.path());
        fs::write(path("grows.txt"), "more").expect("written");
        fs::write(path("comes.txt"), "x").expect("written");
        fs::write(path(".git/index"), "x").expect("written");
        fs::remove_file(path("goes.txt")).expect("removed");
        let difference = before.difference(&Snapshot::take(folder.path()));
        let changed: Vec<_> = difference.changed.into_iter().map(|(path, _)| path).collect();
        assert_eq!(changed, [path("comes.txt"), path("grows.txt")]);
        assert_eq!(difference.removed, [path("goes.txt")]);
    }
}
