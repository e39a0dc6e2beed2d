//! What galley makes among the models only for a while, and what a killed process
//! leaves of it. Knows names, ages and locks only.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::lock;

/// Folders being imported begin with this.
pub(super) const IMPORTING: &str = ".importing-";
/// Folders into which pip fetches begin with this.
pub(super) const PIP: &str = ".pip-";
/// Files being fetched or written end with this.
pub(super) const PART: &str = ".part";

/// What is being deleted was moved into folders that begin with this.
const REMOVING: &str = ".removing-";
/// Folders that the engine loads from begin with this.
const STAGED: &str = ".staged-";
/// In such a folder, locked by the process that uses it.
const LOCK: &str = "lock";

/// Whatever still works on something has touched it since then.
const ABANDONED_AFTER: Duration = Duration::from_hours(24);

/// Best effort: removes what no process works on any more. Folders with a lock
/// go as soon as nobody holds it, since they are as large as a model; all else,
/// and every folder where the file system has no locks, after a day.
pub(super) fn remove_abandoned(models_dir: &Path) {
    let Ok(entries) = fs::read_dir(models_dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let is_locked = [STAGED, REMOVING].iter().any(|prefix| name.starts_with(prefix));
        let is_aged =
            [IMPORTING, PIP].iter().any(|prefix| name.starts_with(prefix)) || name.ends_with(PART);
        if is_locked && is_let_go(&path) || is_aged && is_old(&path) {
            let _ = delete(&path);
        }
    }
}

/// Whether the process that made a folder is gone.
fn is_let_go(dir: &Path) -> bool {
    let Ok(lock) = OpenOptions::new().append(true).open(dir.join(LOCK)) else {
        return is_old(dir);
    };
    match lock.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(_)) => is_old(dir),
    }
}

fn is_old(path: &Path) -> bool {
    let changed = fs::symlink_metadata(path).and_then(|info| info.modified()).ok();
    let age = changed.and_then(|at| SystemTime::now().duration_since(at).ok());
    age.is_some_and(|age| age > ABANDONED_AFTER)
}

/// Deletes a file or a folder; of a link only the link.
fn delete(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    }
}

/// A new folder to load from, and the lock that says that it is in use, where
/// the file system has locks.
///
/// # Errors
/// Those of writing there.
pub(super) fn stage_in(models_dir: &Path) -> io::Result<(TempDir, Option<File>)> {
    locked_in(models_dir, STAGED, lock::wait)
}

fn locked_in(
    models_dir: &Path,
    prefix: &str,
    wait: impl FnOnce(&File) -> io::Result<()>,
) -> io::Result<(TempDir, Option<File>)> {
    let dir = tempfile::Builder::new().prefix(prefix).tempdir_in(models_dir)?;
    // The lock has its name only once it is held.
    let unnamed = dir.path().join("new-lock");
    let lock = File::create(&unnamed)?;
    if wait(&lock).is_err() {
        return Ok((dir, None));
    }
    fs::rename(unnamed, dir.path().join(LOCK))?;
    Ok((dir, Some(lock)))
}

/// A folder into which things are moved to be deleted: what is moved has lost
/// its name at once, however long deleting takes.
pub(super) struct Going {
    /// Let go before the folder is deleted.
    lock: Option<File>,
    dir: TempDir,
}

impl Going {
    /// # Errors
    /// Those of writing there.
    pub(super) fn begin(models_dir: &Path) -> io::Result<Self> {
        locked_in(models_dir, REMOVING, lock::wait).map(|(dir, lock)| Self { lock, dir })
    }

    /// Moves a file or folder here; one that is gone already is no error.
    ///
    /// # Errors
    /// Those of renaming.
    pub(super) fn take(&self, path: &Path) -> io::Result<()> {
        match fs::rename(path, self.dir.path().join(path.file_name().unwrap_or_default())) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Deletes it all, the lock last: a crash leaves either the lock or little.
    ///
    /// # Errors
    /// Those of deleting.
    pub(super) fn finish(self) -> io::Result<()> {
        for entry in fs::read_dir(self.dir.path())? {
            let entry = entry?;
            if entry.file_name() != LOCK {
                delete(&entry.path())?;
            }
        }
        drop(self.lock);
        self.dir.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_to_load_from_stays_while_it_is_used_and_goes_with_its_process() {
        let dir = tempfile::tempdir().unwrap();
        let (used, lock) = stage_in(dir.path()).unwrap();
        let (left, gone) = stage_in(dir.path()).unwrap();
        // A process that was killed lets go of its lock and removes nothing.
        let left = left.keep();
        drop(gone);
        remove_abandoned(dir.path());
        assert!(used.path().is_dir() && !left.exists());
        let path = used.path().to_owned();
        drop((lock, used));
        assert!(!path.exists());
    }

    #[test]
    fn what_a_living_process_deletes_is_left_to_it() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("model.gguf"), "x").unwrap();
        let going = Going::begin(dir.path()).unwrap();
        going.take(&dir.path().join("model.gguf")).unwrap();
        going.take(&dir.path().join("gone.gguf")).unwrap();
        remove_abandoned(dir.path());
        assert!(going.dir.path().join("model.gguf").exists());
        let Going { lock, dir: left } = going;
        let left = left.keep();
        drop(lock);
        remove_abandoned(dir.path());
        assert!(!left.exists(), "its process was killed");
    }

    #[test]
    fn without_locks_a_folder_to_load_from_is_there_and_goes_after_a_day() {
        let dir = tempfile::tempdir().unwrap();
        let none = |_: &File| Err(io::ErrorKind::Unsupported.into());
        let (staged, lock) = locked_in(dir.path(), STAGED, none).unwrap();
        assert!(lock.is_none());
        fs::write(staged.path().join("weights"), "x").unwrap();
        remove_abandoned(dir.path());
        assert!(staged.path().join("weights").exists());
        let long_ago = SystemTime::now() - Duration::from_hours(25);
        File::open(staged.path()).unwrap().set_modified(long_ago).unwrap();
        remove_abandoned(dir.path());
        assert!(!staged.path().exists());
    }

    #[test]
    fn what_was_left_a_day_ago_goes_and_what_is_new_or_finished_stays() {
        let dir = tempfile::tempdir().unwrap();
        let long_ago = SystemTime::now() - Duration::from_hours(25);
        let make = |name: &str, is_dir: bool, is_old: bool| {
            let path = dir.path().join(name);
            if is_dir {
                fs::create_dir(&path).unwrap();
                fs::write(path.join("inside"), "x").unwrap();
            } else {
                fs::write(&path, "x").unwrap();
            }
            if is_old {
                File::open(&path).unwrap().set_modified(long_ago).unwrap();
            }
            path
        };
        let gone = [
            make(".importing-old", true, true),
            make(".pip-old", true, true),
            make(".removing-old", true, true),
            make(".staged-old", true, true),
            make("old.gguf.x.part", false, true),
        ];
        let kept = [
            make(".importing-new", true, false),
            make(".removing-new", true, false),
            make(".staged-new", true, false),
            make("new.gguf.x.part", false, false),
            make("model.gguf", false, true),
            make("0123456789abcdef-v1", true, true),
        ];
        remove_abandoned(dir.path());
        assert!(gone.iter().all(|path| !path.exists()));
        assert!(kept.iter().all(|path| path.exists()));
    }
}
