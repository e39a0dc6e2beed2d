//! Locks between galley processes that work on the same models. They are files
//! that are locked while something is checked and changed; where a file system
//! has no locks, work goes on without them. Knows nothing of what they guard.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Guards the names of the folders among the models.
pub(super) const FOLDERS: &str = "folders";

/// Waits until nobody else holds `what`. It is let go when the file is dropped;
/// `None` where there are no locks. One thread must not ask twice: it would wait
/// for itself.
pub(super) fn hold(models_dir: &Path, what: &str) -> Option<File> {
    let path = models_dir.join(format!(".lock-{what}"));
    let file = OpenOptions::new().create(true).append(true).open(path).ok()?;
    wait(&file).ok()?;
    Some(file)
}

/// Waits for the lock of an open file.
///
/// # Errors
/// Where the file system has none: as a rule [`io::ErrorKind::Unsupported`], but
/// network file systems also say that they have run out of locks.
pub(super) fn wait(file: &File) -> io::Result<()> {
    loop {
        match file.lock() {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
