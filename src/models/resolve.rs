//! From what a person calls a model to where it lies, and what there is. Looks
//! at folders; fetches and imports nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::catalogue::{self, Entry};
use super::error::ModelError;
use super::folder::{META_FILE, ModelFolder};
use super::imports::{self, Import};
use super::{hashes, import, kept, pull};
use crate::paths::Paths;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// No model: recognisers only.
    None,
    /// A file that has yet to be imported, or was before.
    Gguf(PathBuf),
    /// A native folder.
    Folder(PathBuf),
    /// Known, but not on this machine.
    NotPulled(&'static Entry),
    /// The address of a server that has the model.
    Server(String),
}

/// What is meant by `spec`: `none`, the http address of a server, a name of the
/// catalogue, a path to a GGUF or a native folder, or the name, hash or folder
/// name of an imported model.
///
/// # Errors
/// [`ModelError::Unknown`] lists what there is; [`ModelError::Ambiguous`] for a
/// name that several have; [`ModelError::OtherImporter`] for an import of another
/// galley that cannot be made again; [`ModelError::Read`] for a path
/// that leads nowhere; [`ModelError::NotAFolder`] for a folder without a model.
pub fn resolve(spec: &str, paths: &Paths) -> Result<Resolved, ModelError> {
    if spec.eq_ignore_ascii_case("none") {
        return Ok(Resolved::None);
    }
    if is_address(spec.trim()) {
        return Ok(Resolved::Server(spec.trim().to_owned()));
    }
    let imported = imported(&paths.models());
    if let Some(entry) = catalogue::find(spec) {
        return Ok(locate(entry, &paths.models(), &imported));
    }
    let path = Path::new(spec);
    let imports = imports::all(&paths.models());
    if let Some(import) = imports::at(&imports, path) {
        return locate_import(import, &paths.models(), &imported);
    }
    if path.is_dir() {
        return ModelFolder::open(path).map(|_| Resolved::Folder(path.to_owned()));
    }
    if path.is_file() {
        return Ok(Resolved::Gguf(path.to_owned()));
    }
    if let Some(import) = imports::called(&imports, spec)? {
        return locate_import(import, &paths.models(), &imported);
    }
    let ends_in_gguf = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gguf"));
    if path.components().count() > 1 || ends_in_gguf {
        fs::metadata(path).map_err(ModelError::read(path))?;
    }
    Err(unknown(spec, &imported))
}

/// Whether it is meant as an address, also a wrong one: those may hold a
/// password, which only the reader of addresses knows not to repeat.
fn is_address(spec: &str) -> bool {
    let scheme = spec.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    spec.contains("://") || matches!(scheme.as_deref(), Some("http" | "https"))
}

/// Where a model is on its way to being run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    NotPulled,
    /// The file is here; it is imported when it is first used.
    Pulled,
    Imported,
}

/// A line of `galley models list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub title: String,
    pub state: State,
    /// Bytes on this machine, or to be fetched.
    pub bytes: u64,
    pub licence: Option<&'static str>,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    pub path: Option<PathBuf>,
    /// What importing it had to change, a sentence each.
    pub notes: Vec<String>,
}

/// The catalogue, then what was imported from elsewhere, by name.
#[must_use]
pub fn list(paths: &Paths) -> Vec<Listed> {
    let models = paths.models();
    let imported = imported(&models);
    let mut all: Vec<Listed> =
        catalogue::entries().iter().map(|entry| listed_entry(entry, &models, &imported)).collect();
    let others = imported.iter().filter(|folder| {
        !catalogue::entries().iter().any(|entry| entry.sha256 == folder.meta.sha256)
    });
    all.extend(others.map(|folder| Listed {
        name: folder.meta.name.clone(),
        title: folder.meta.name.clone(),
        state: State::Imported,
        bytes: bytes_in(&folder.dir),
        licence: None,
        context: folder.meta.context,
        path: Some(folder.dir.clone()),
        notes: folder.meta.notes.clone(),
    }));
    let imports = imports::all(&models);
    all.extend(to_be_redone(&models, &imports, &imported).map(|(import, file)| Listed {
        name: import.name.clone(),
        title: import.name.clone(),
        state: State::Pulled,
        bytes: fs::metadata(&file).map_or(0, |info| info.len()),
        licence: None,
        context: import.context,
        path: Some(file),
        notes: Vec::new(),
    }));
    all
}

fn listed_entry(entry: &'static Entry, models: &Path, imported: &[ModelFolder]) -> Listed {
    let folder = imported.iter().find(|folder| folder.meta.sha256 == entry.sha256);
    let (state, bytes, path) = match (folder, locate(entry, models, imported)) {
        (Some(folder), _) => (State::Imported, bytes_in(&folder.dir), Some(folder.dir.clone())),
        (None, Resolved::Gguf(file)) => (State::Pulled, entry.bytes, Some(file)),
        (None, _) => (State::NotPulled, entry.bytes, None),
    };
    Listed {
        name: entry.name.to_owned(),
        title: entry.title.to_owned(),
        state,
        bytes,
        licence: Some(entry.licence),
        context: entry.context,
        path,
        notes: folder.map_or_else(Vec::new, |folder| folder.meta.notes.clone()),
    }
}

/// A file of the wrong length is as good as none: fetching replaces it.
fn locate(entry: &'static Entry, models: &Path, imported: &[ModelFolder]) -> Resolved {
    let file = pull::file_of(entry, models);
    if fs::metadata(&file).is_ok_and(|info| info.len() == entry.bytes) {
        return Resolved::Gguf(file);
    }
    match imported.iter().find(|folder| folder.meta.sha256 == entry.sha256) {
        Some(folder) => Resolved::Folder(folder.dir.clone()),
        None => Resolved::NotPulled(entry),
    }
}

/// Where an import's model is. What is damaged or of another importer is made
/// again from the GGUF that it came from, if that is still there.
fn locate_import(
    import: &Import,
    models: &Path,
    imported: &[ModelFolder],
) -> Result<Resolved, ModelError> {
    let is_same = |folder: &&ModelFolder| folder.meta.sha256.starts_with(&import.digits);
    if let Some(folder) = imported.iter().find(is_same) {
        return Ok(Resolved::Folder(folder.dir.clone()));
    }
    if let Some(entry) = kept::entry_of(&import.digits) {
        return Ok(locate(entry, models, imported));
    }
    if let Some(file) = source_of(import, models) {
        return Ok(Resolved::Gguf(file));
    }
    if import.version == import::IMPORTER_VERSION {
        ModelFolder::open(&import.dir)?;
    }
    Err(ModelError::OtherImporter { name: import.name.clone(), path: import.dir.clone() })
}

/// The GGUF that an import was made of, if it is still what it was.
fn source_of(import: &Import, models: &Path) -> Option<PathBuf> {
    let sha256 = import.sha256.as_ref()?;
    let is_it = |file: &PathBuf| hashes::remembered(models, file).as_ref() == Some(sha256);
    hashes::files_of(models, sha256).into_iter().find(is_it)
}

/// Imports of other importers whose model can be imported again, each GGUF once.
fn to_be_redone<'a>(
    models: &'a Path,
    imports: &'a [Import],
    imported: &'a [ModelFolder],
) -> impl Iterator<Item = (&'a Import, PathBuf)> {
    let is_newest = |import: &&Import| {
        let same = imports.iter().filter(|other| other.digits == import.digits);
        same.map(|other| other.version).max() == Some(import.version)
    };
    let is_done = |import: &Import| {
        imported.iter().any(|folder| folder.meta.sha256.starts_with(&import.digits))
            || kept::entry_of(&import.digits).is_some()
    };
    imports
        .iter()
        .filter(is_newest)
        .filter(move |import| !is_done(import))
        .filter_map(|import| Some((import, source_of(import, models)?)))
}

/// Whole folders of this importer, by name.
pub(super) fn imported(models: &Path) -> Vec<ModelFolder> {
    let Ok(entries) = fs::read_dir(models) else { return Vec::new() };
    let mut found: Vec<ModelFolder> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|dir| dir.join(META_FILE).is_file())
        .filter_map(|dir| ModelFolder::open(&dir).ok())
        .filter(|folder| import::folder_of(models, &folder.meta.sha256) == folder.dir)
        .collect();
    found.sort_by(|a, b| (&a.meta.name, &a.dir).cmp(&(&b.meta.name, &b.dir)));
    found
}

pub(super) fn unknown(spec: &str, imported: &[ModelFolder]) -> ModelError {
    let mut names: Vec<&str> = catalogue::entries().iter().map(|entry| entry.name).collect();
    for folder in imported {
        // What was pulled from the catalogue is imported under its name.
        if !names.contains(&folder.meta.name.as_str()) {
            names.push(&folder.meta.name);
        }
    }
    ModelError::Unknown {
        spec: spec.to_owned(),
        known: format!(
            "There are: {}. Or give the path of a GGUF file or of a model folder, or none.",
            names.join(", ")
        ),
    }
}

pub(super) fn bytes_in(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|info| info.len()).sum()
}

#[cfg(test)]
mod tests;
