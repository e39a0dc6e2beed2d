//! Source hashes: BLAKE3 of a file's bytes.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// BLAKE3 of `bytes` in lower-case hex.
pub fn of_bytes(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// BLAKE3 and length of at most `limit` bytes of the file at `path`.
pub fn of_file(path: &Path, limit: u64) -> io::Result<(String, u64)> {
    let mut hasher = blake3::Hasher::new();
    let read = io::copy(&mut File::open(path)?.take(limit), &mut hasher)?;
    Ok((hasher.finalize().to_hex().to_string(), read))
}
