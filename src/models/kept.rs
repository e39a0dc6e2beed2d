//! What galley keeps of a model below the models folder: the file that it
//! fetched and the folders that its importers made, whole, damaged or of an
//! older galley. Looks at names and records; deletes and verifies nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::catalogue::{self, Entry};
use super::error::ModelError;
use super::imports::{self, Import, NAME_DIGITS};
use super::resolve::{bytes_in, unknown};
use super::{hashes, pull, resolve};
use crate::paths::Paths;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A file that galley fetched.
    Pulled(&'static Entry),
    /// A folder that galley made of a GGUF.
    Imported,
}

/// A file or folder below the models folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub item: Item,
    pub path: PathBuf,
    pub bytes: u64,
}

/// A model, and all that galley keeps of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What the person types.
    pub name: String,
    pub title: String,
    /// Empty where nothing of the model is kept.
    pub pieces: Vec<Piece>,
    /// The person's own file, which is not galley's to delete.
    pub own: Option<PathBuf>,
    /// The hash of `own`, where it had to be read to be found.
    pub own_sha256: Option<String>,
    /// The first digits of the hash that the model is known by.
    pub digits: String,
}

impl Kept {
    /// Bytes below the models folder.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.bytes).sum()
    }
}

/// Every model of which something is kept: the catalogue's, then the others.
#[must_use]
pub fn all(paths: &Paths) -> Vec<Kept> {
    let models = paths.models();
    let imports = imports::all(&models);
    let entries = catalogue::entries().iter().map(|entry| of_entry(entry, &models, &imports));
    let mut all: Vec<Kept> = entries.filter(|kept| !kept.pieces.is_empty()).collect();
    let mut seen: Vec<&str> = Vec::new();
    for import in &imports {
        let digits = import.digits.as_str();
        if entry_of(digits).is_none() && !seen.contains(&digits) {
            all.push(of_hash(digits, &import.name, &models, &imports));
            seen.push(digits);
        }
    }
    all
}

/// What is kept of the model that `spec` names: a name of the catalogue, the
/// name, hash or folder of an imported model, or the path of a GGUF. Folders of
/// older importers and damaged ones are found, too. A GGUF that was never seen
/// is read to know its hash, reporting bytes read and bytes in all; the hash is
/// not remembered, since nothing says yet that the file is what it must be.
///
/// # Errors
/// [`ModelError::Unknown`]; [`ModelError::Ambiguous`]; [`ModelError::Read`];
/// [`ModelError::NotOurs`] for a model folder that lies elsewhere.
pub fn find(
    spec: &str,
    paths: &Paths,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Kept, ModelError> {
    let models = paths.models();
    let imports = imports::all(&models);
    if let Some(entry) = catalogue::find(spec) {
        return Ok(of_entry(entry, &models, &imports));
    }
    let path = Path::new(spec);
    if path.is_file() {
        return of_file(path, &models, &imports, progress);
    }
    if path.is_dir() {
        return match imports::at(&imports, path) {
            Some(import) => Ok(of_hash(&import.digits, &import.name, &models, &imports)),
            None => Err(ModelError::NotOurs { path: path.to_owned() }),
        };
    }
    match imports::called(&imports, spec)? {
        Some(import) => Ok(of_hash(&import.digits, &import.name, &models, &imports)),
        None => Err(unknown(spec, &resolve::imported(&models))),
    }
}

/// Whether galley knows a file with this hash: one of the catalogue, or one that
/// it read or imported before. In each case the hash is that of the whole file
/// as it was then, found without the file at hand.
pub(super) fn is_recorded(models: &Path, sha256: &str) -> bool {
    catalogue::entries().iter().any(|entry| entry.sha256 == sha256)
        || imports::all(models).iter().any(|import| import.sha256.as_deref() == Some(sha256))
        || !hashes::files_of(models, sha256).is_empty()
}

fn of_entry(entry: &'static Entry, models: &Path, imports: &[Import]) -> Kept {
    let file = pull::file_of(entry, models);
    let pulled = fs::symlink_metadata(&file).ok().map(|info| Piece {
        item: Item::Pulled(entry),
        path: file,
        bytes: info.len(),
    });
    let digits = &entry.sha256[..NAME_DIGITS];
    let pieces = pulled.into_iter().chain(folders(digits, imports)).collect();
    Kept {
        name: entry.name.to_owned(),
        title: entry.title.to_owned(),
        pieces,
        own: None,
        own_sha256: None,
        digits: digits.to_owned(),
    }
}

/// The model of a hash's first digits: one of the catalogue, or an import whose
/// GGUF lies somewhere else.
fn of_hash(digits: &str, name: &str, models: &Path, imports: &[Import]) -> Kept {
    if let Some(entry) = entry_of(digits) {
        return of_entry(entry, models, imports);
    }
    let pieces = folders(digits, imports).collect();
    let known = imports.iter().find_map(|i| i.sha256.as_ref().filter(|h| h.starts_with(digits)));
    let files = known.map(|sha256| hashes::files_of(models, sha256)).unwrap_or_default();
    let own = files.into_iter().find(|file| file.is_file());
    Kept {
        name: name.to_owned(),
        title: name.to_owned(),
        pieces,
        own,
        own_sha256: None,
        digits: digits.to_owned(),
    }
}

pub(super) fn entry_of(digits: &str) -> Option<&'static Entry> {
    catalogue::entries().iter().find(|entry| entry.sha256.starts_with(digits))
}

fn of_file(
    file: &Path,
    models: &Path,
    imports: &[Import],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Kept, ModelError> {
    let real = fs::canonicalize(file).map_err(ModelError::read(file))?;
    let is_pulled = |entry: &&Entry| {
        fs::canonicalize(pull::file_of(entry, models)).is_ok_and(|pulled| pulled == real)
    };
    if let Some(entry) = catalogue::entries().iter().find(is_pulled) {
        return Ok(of_entry(entry, models, imports));
    }
    let (sha256, own_sha256) = match hashes::expected(models, file) {
        Some(known) => (known, None),
        None => hashes::compute(file, progress).map(|found| (found.clone(), Some(found)))?,
    };
    let digits = sha256.get(..NAME_DIGITS).unwrap_or(&sha256).to_owned();
    let pieces = folders(&digits, imports).collect();
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Kept { title: name.clone(), name, pieces, own: Some(file.to_owned()), own_sha256, digits })
}

fn folders<'a>(digits: &'a str, imports: &'a [Import]) -> impl Iterator<Item = Piece> + 'a {
    imports.iter().filter(move |import| import.digits == digits).map(|import| Piece {
        item: Item::Imported,
        path: import.dir.clone(),
        bytes: bytes_in(&import.dir),
    })
}

#[cfg(test)]
mod tests;
