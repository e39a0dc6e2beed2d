//! From what a person calls a model to where it lies, and what there is. Looks
//! at folders; fetches and imports nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::catalogue::{self, Entry};
use super::error::ModelError;
use super::folder::{META_FILE, ModelFolder};
use super::{import, pull};
use crate::paths::Paths;

/// Hexadecimal digits of a hash that are enough to mean a model.
const SHORTEST_HASH: usize = 8;

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
}

/// What is meant by `spec`: `none`, a name of the catalogue, a path to a GGUF or
/// a native folder, or the name, hash or folder name of an imported model.
///
/// # Errors
/// [`ModelError::Unknown`] lists what there is; [`ModelError::Read`] for a path
/// that leads nowhere; [`ModelError::NotAFolder`] for a folder without a model.
pub fn resolve(spec: &str, paths: &Paths) -> Result<Resolved, ModelError> {
    if spec.eq_ignore_ascii_case("none") {
        return Ok(Resolved::None);
    }
    let imported = imported(&paths.models());
    if let Some(entry) = catalogue::find(spec) {
        return Ok(locate(entry, &paths.models(), &imported));
    }
    let path = Path::new(spec);
    if path.is_dir() {
        return ModelFolder::open(path).map(|_| Resolved::Folder(path.to_owned()));
    }
    if path.is_file() {
        return Ok(Resolved::Gguf(path.to_owned()));
    }
    if let Some(folder) = imported.iter().find(|folder| is_called(folder, spec)) {
        return Ok(Resolved::Folder(folder.dir.clone()));
    }
    let ends_in_gguf = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gguf"));
    if path.components().count() > 1 || ends_in_gguf {
        fs::metadata(path).map_err(ModelError::read(path))?;
    }
    Err(unknown(spec, &imported))
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

/// Whole folders of this importer, by name.
fn imported(models: &Path) -> Vec<ModelFolder> {
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

fn is_called(folder: &ModelFolder, spec: &str) -> bool {
    let hash =
        spec.len() >= SHORTEST_HASH && folder.meta.sha256.starts_with(&spec.to_ascii_lowercase());
    hash || folder.meta.name.eq_ignore_ascii_case(spec)
        || folder.dir.file_name().is_some_and(|name| name == spec)
}

fn unknown(spec: &str, imported: &[ModelFolder]) -> ModelError {
    let names: Vec<&str> = catalogue::entries()
        .iter()
        .map(|entry| entry.name)
        .chain(imported.iter().map(|folder| folder.meta.name.as_str()))
        .collect();
    ModelError::Unknown {
        spec: spec.to_owned(),
        known: format!(
            "There are: {}. Or give the path of a GGUF file or of a model folder, or none.",
            names.join(", ")
        ),
    }
}

fn bytes_in(dir: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|info| info.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::{import_gguf, tiny_gguf};

    fn home() -> (tempfile::TempDir, Paths) {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths::under(dir.path());
        fs::create_dir_all(paths.models()).unwrap();
        (dir, paths)
    }

    /// The catalogue entry's file, of the right length and nothing else.
    fn sparse(entry: &Entry, models: &Path, bytes: u64) -> PathBuf {
        let file = models.join(entry.file);
        fs::File::create(&file).unwrap().set_len(bytes).unwrap();
        file
    }

    #[test]
    fn a_name_of_the_catalogue_is_there_or_has_to_be_pulled() {
        let (_dir, paths) = home();
        let starter = catalogue::find("Starter").unwrap();
        assert_eq!(resolve("none", &paths).unwrap(), Resolved::None);
        assert_eq!(resolve("starter", &paths).unwrap(), Resolved::NotPulled(starter));
        sparse(starter, &paths.models(), starter.bytes - 1);
        assert_eq!(resolve("starter", &paths).unwrap(), Resolved::NotPulled(starter));
        let file = sparse(starter, &paths.models(), starter.bytes);
        assert_eq!(resolve("starter", &paths).unwrap(), Resolved::Gguf(file));
    }

    #[test]
    fn an_imported_model_is_found_by_name_hash_folder_and_path() {
        let (dir, paths) = home();
        let gguf = dir.path().join("Letter-1.gguf");
        tiny_gguf::write(&gguf, 7).unwrap();
        let folder = import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
        let found = Resolved::Folder(folder.dir.clone());
        let name = folder.dir.file_name().unwrap().to_str().unwrap();
        let path = folder.dir.to_str().unwrap();
        for spec in ["letter-1", &folder.meta.sha256, &folder.meta.sha256[..10], name, path] {
            assert_eq!(resolve(spec, &paths).unwrap(), found, "{spec}");
        }
        assert_eq!(resolve(gguf.to_str().unwrap(), &paths).unwrap(), Resolved::Gguf(gguf));
    }

    #[test]
    fn what_is_unknown_gets_a_list_of_what_there_is() {
        let (dir, paths) = home();
        let gguf = dir.path().join("mine.gguf");
        tiny_gguf::write(&gguf, 7).unwrap();
        import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
        let message = resolve("strater", &paths).unwrap_err().to_string();
        for part in ["\"strater\"", "starter", "llama-3.2-1b", "mine", "none"] {
            assert!(message.contains(part), "{message}");
        }
        let message = resolve("/no/such.gguf", &paths).unwrap_err().to_string();
        assert!(message.contains("/no/such.gguf could not be read"), "{message}");
        let empty = resolve(dir.path().to_str().unwrap(), &paths).unwrap_err().to_string();
        assert!(empty.contains("no config.json"), "{empty}");
    }

    #[test]
    fn the_list_shows_what_is_pulled_imported_and_neither() {
        let (dir, paths) = home();
        let starter = catalogue::find("starter").unwrap();
        sparse(starter, &paths.models(), starter.bytes);
        let gguf = dir.path().join("mine.gguf");
        tiny_gguf::write(&gguf, 7).unwrap();
        import_gguf(&gguf, &paths.models(), &mut |_| ()).unwrap();
        let lines: Vec<(String, State)> =
            list(&paths).into_iter().map(|line| (line.name, line.state)).collect();
        let expected = [
            ("starter", State::Pulled),
            ("llama-3.2-1b", State::NotPulled),
            ("mine", State::Imported),
        ];
        assert_eq!(lines, expected.map(|(name, state)| (name.to_owned(), state)));
        assert!(list(&paths)[2].bytes > 100_000);
    }
}
