//! SHA-256 of large files, remembered by path, size and time of change, so that
//! a start does not read a model twice. A lost memory costs only time.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::book::{self, Entries};
use super::error::ModelError;

const FILE: &str = "hashes.json";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    bytes: u64,
    /// Nanoseconds since 1970.
    changed: u64,
    /// Of what is in the file.
    sha256: String,
    /// Of what was in it before it was found damaged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
}

impl Remembered {
    /// What the file must be.
    fn original(self) -> String {
        self.expected.unwrap_or(self.sha256)
    }
}

/// What tells that a file is still the one that it was: two that are equal
/// enclose a time in which nobody wrote to it or put another in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    bytes: u64,
    changed: Option<SystemTime>,
    inode: Option<u64>,
}

impl Stamp {
    pub(super) fn of(file: &Path) -> Option<Self> {
        let info = fs::metadata(file).ok()?;
        Some(Self { bytes: info.len(), changed: info.modified().ok(), inode: inode_of(&info) })
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn inode_of(info: &Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::ino(info))
}

#[cfg(not(unix))]
fn inode_of(_info: &Metadata) -> Option<u64> {
    None
}

/// The hash of `file` as it was computed before, if the file has not changed
/// since.
#[must_use]
pub fn remembered(models_dir: &Path, file: &Path) -> Option<String> {
    known(models_dir, file).map(|known| known.sha256)
}

/// The hash that `file` must have, if its size and time of change are those of
/// an earlier reading: that of the reading, whatever damage was found since.
pub(super) fn expected(models_dir: &Path, file: &Path) -> Option<String> {
    known(models_dir, file).map(Remembered::original)
}

/// The SHA-256 of `file` in lower-case hex, remembered or computed while
/// reporting bytes read and bytes in all.
///
/// # Errors
/// [`ModelError::Read`].
pub fn sha256_of(
    models_dir: &Path,
    file: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<String, ModelError> {
    if let Some(known) = remembered(models_dir, file) {
        return Ok(known);
    }
    let before = Stamp::of(file);
    let sha256 = compute(file, progress)?;
    if Stamp::of(file) == before {
        note(models_dir, file, &sha256);
    }
    Ok(sha256)
}

/// Remembers a hash that was computed while the file was written or read.
pub(super) fn note(models_dir: &Path, file: &Path, sha256: &str) {
    remember(models_dir, file, sha256, None);
}

/// Remembers that a file is `found`, and must be `expected`.
pub(super) fn note_damaged(models_dir: &Path, file: &Path, found: &str, expected: &str) {
    remember(models_dir, file, found, Some(expected.to_owned()));
}

/// Forgets the hashes of some files, whether they are still there or not.
pub(super) fn forget(models_dir: &Path, files: &[&Path]) {
    if !models_dir.join(FILE).is_file() {
        return;
    }
    let _ = book::change(models_dir, FILE, |all| {
        let before = all.len();
        all.retain(|key, _| !files.iter().any(|file| is_key_of(key, file)));
        all.len() != before
    });
}

/// Whether a remembered path is `file`, or lies below it.
fn is_key_of(key: &str, file: &Path) -> bool {
    let real = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    Path::new(key).starts_with(real)
}

/// The paths of the files that had this hash when they were first read, wherever
/// they lie.
pub(super) fn files_of(models_dir: &Path, sha256: &str) -> Vec<PathBuf> {
    let all = book::read(models_dir, FILE);
    let had = |key: &&String| entry(&all, key).is_some_and(|known| known.original() == sha256);
    all.keys().filter(had).map(PathBuf::from).collect()
}

/// Reads the whole file, whatever is remembered of it.
pub(super) fn compute(
    file: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<String, ModelError> {
    let read = ModelError::read;
    let mut source = File::open(file).map_err(read(file))?;
    let total = source.metadata().map_err(read(file))?.len();
    let (mut hasher, mut buffer, mut done) = (Sha256::new(), vec![0; 1 << 20], 0);
    loop {
        let count = source.read(&mut buffer).map_err(read(file))?;
        if count == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..count]);
        done += count as u64;
        progress(done, total);
    }
}

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn identity(file: &Path) -> Option<(String, u64, u64)> {
    let path = fs::canonicalize(file).ok()?;
    let info = fs::metadata(&path).ok()?;
    let changed = info.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    Some((path.to_string_lossy().into_owned(), info.len(), u64::try_from(changed).ok()?))
}

fn entry(all: &Entries, key: &str) -> Option<Remembered> {
    Remembered::deserialize(all.get(key)?).ok()
}

/// What is remembered of a file that has not changed since.
fn known(models_dir: &Path, file: &Path) -> Option<Remembered> {
    let (key, bytes, changed) = identity(file)?;
    let known = entry(&book::read(models_dir, FILE), &key)?;
    (known.bytes == bytes && known.changed == changed).then_some(known)
}

/// Best effort: where it cannot be written, hashes are computed again.
fn remember(models_dir: &Path, file: &Path, sha256: &str, expected: Option<String>) {
    let Some((key, bytes, changed)) = identity(file) else { return };
    let entry = Remembered { bytes, changed, sha256: sha256.to_owned(), expected };
    let Ok(entry) = serde_json::to_value(entry) else { return };
    let _ = book::change(models_dir, FILE, |all| {
        all.insert(key, entry);
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(dir: &Path, count: usize) -> Vec<PathBuf> {
        let paths: Vec<PathBuf> = (0..count).map(|n| dir.join(format!("{n}.gguf"))).collect();
        for path in &paths {
            fs::write(path, "GGUF").unwrap();
        }
        paths
    }

    #[test]
    fn two_that_read_files_at_the_same_time_forget_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let files = files(dir.path(), 40);
        std::thread::scope(|scope| {
            for half in files.chunks(20) {
                let models = dir.path().join("models");
                scope.spawn(move || {
                    for file in half {
                        sha256_of(&models, file, &mut |_, _| ()).unwrap();
                    }
                });
            }
        });
        let models = dir.path().join("models");
        assert!(files.iter().all(|file| remembered(&models, file).is_some()));
    }

    #[test]
    fn an_entry_that_is_not_understood_spoils_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let file = &files(dir.path(), 1)[0];
        let sha256 = sha256_of(dir.path(), file, &mut |_, _| ()).unwrap();
        let add = |all: &mut Entries| all.insert("/else".into(), 7.into()).is_none();
        book::change(dir.path(), FILE, add).unwrap();
        assert_eq!(remembered(dir.path(), file), Some(sha256.clone()));
        assert_eq!(files_of(dir.path(), &sha256).len(), 1);
    }

    #[test]
    fn a_damaged_file_is_what_it_is_and_must_be_what_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let file = &files(dir.path(), 1)[0];
        note_damaged(dir.path(), file, "now", "before");
        assert_eq!(remembered(dir.path(), file).as_deref(), Some("now"));
        assert_eq!(expected(dir.path(), file).as_deref(), Some("before"));
        assert_eq!(files_of(dir.path(), "before").len(), 1);
        assert!(files_of(dir.path(), "now").is_empty());
        // Fetched again it is another file, of which nothing is known.
        fs::write(file, "GGUF, whole").unwrap();
        assert_eq!(expected(dir.path(), file), None);
    }
}
