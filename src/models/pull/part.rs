//! A model file while it is being written: it is hashed on the way, gets its
//! name when the hash is right, and is gone in every other case.

use std::io::Write;
use std::path::Path;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::{Entry, Failure, ModelError};
use crate::models::{hashes, leftovers};

pub(super) struct Part<'a> {
    entry: &'static Entry,
    models_dir: &'a Path,
    target: &'a Path,
    file: NamedTempFile,
    hasher: Sha256,
    /// Bytes written.
    pub done: u64,
}

impl<'a> Part<'a> {
    pub fn new(
        entry: &'static Entry,
        models_dir: &'a Path,
        target: &'a Path,
    ) -> Result<Self, ModelError> {
        let file = tempfile::Builder::new()
            .prefix(&format!("{}.", entry.file))
            .suffix(leftovers::PART)
            .tempfile_in(models_dir)
            .map_err(ModelError::write(models_dir))?;
        Ok(Self { entry, models_dir, target, file, hasher: Sha256::new(), done: 0 })
    }

    pub fn add(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.done += bytes.len() as u64;
        if self.done > self.entry.bytes {
            return Err(Failure::Source(format!(
                "it gave more than the {} bytes that {} has.",
                self.entry.bytes, self.entry.file
            )));
        }
        self.hasher.update(bytes);
        self.file.write_all(bytes).map_err(ModelError::write(self.target))?;
        Ok(())
    }

    /// Gives the file its name, or deletes it where it is not the right one.
    pub fn finish(self) -> Result<(), Failure> {
        if self.done != self.entry.bytes {
            return Err(Failure::Source(format!(
                "it gave {} bytes instead of {}; they were deleted.",
                self.done, self.entry.bytes
            )));
        }
        let found = hashes::hex(&self.hasher.finalize());
        if found != self.entry.sha256 {
            return Err(Failure::Source(format!(
                "it gave a file with the SHA-256 {found} instead of {}; it was deleted.",
                self.entry.sha256
            )));
        }
        self.file.as_file().sync_all().map_err(ModelError::write(self.target))?;
        self.file.persist(self.target).map_err(|e| ModelError::write(self.target)(e.error))?;
        hashes::note(self.models_dir, self.target, &found);
        Ok(())
    }
}
