//! SHA-256 of large files, remembered by path, size and time of change, so that
//! a start does not read a model twice. A lost memory costs only time.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::ModelError;

const FILE: &str = "hashes.json";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    bytes: u64,
    /// Nanoseconds since 1970.
    changed: u128,
    sha256: String,
}

/// The hash of `file` as it was computed before, if the file has not changed
/// since.
#[must_use]
pub fn remembered(models_dir: &Path, file: &Path) -> Option<String> {
    let (key, bytes, changed) = identity(file)?;
    let known = load(models_dir).remove(&key)?;
    (known.bytes == bytes && known.changed == changed).then_some(known.sha256)
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
    let before = identity(file);
    let sha256 = compute(file, progress)?;
    if let Some((key, bytes, changed)) = before {
        remember(models_dir, key, Remembered { bytes, changed, sha256: sha256.clone() });
    }
    Ok(sha256)
}

/// Remembers a hash that was computed while the file was written.
pub(super) fn note(models_dir: &Path, file: &Path, sha256: &str) {
    if let Some((key, bytes, changed)) = identity(file) {
        remember(models_dir, key, Remembered { bytes, changed, sha256: sha256.to_owned() });
    }
}

fn compute(file: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<String, ModelError> {
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

fn identity(file: &Path) -> Option<(String, u64, u128)> {
    let path = fs::canonicalize(file).ok()?;
    let info = fs::metadata(&path).ok()?;
    let changed = info.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    Some((path.to_string_lossy().into_owned(), info.len(), changed))
}

fn load(models_dir: &Path) -> BTreeMap<String, Remembered> {
    fs::read(models_dir.join(FILE))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Best effort: where it cannot be written, the hash is computed again.
fn remember(models_dir: &Path, key: String, entry: Remembered) {
    let mut all = load(models_dir);
    all.insert(key, entry);
    let Ok(json) = serde_json::to_vec_pretty(&all) else { return };
    let written = fs::create_dir_all(models_dir)
        .and_then(|()| tempfile::NamedTempFile::new_in(models_dir))
        .and_then(|mut file| file.write_all(&json).map(|()| file));
    if let Ok(file) = written {
        let _ = file.persist(models_dir.join(FILE));
    }
}
