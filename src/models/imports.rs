//! The folders that galley's importers made, of this galley and of others, whole
//! and damaged, and which of them a person means. Reads names and records only.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::error::ModelError;
use super::folder::META_FILE;

/// Digits of the hash in the name of an imported folder.
pub(super) const NAME_DIGITS: usize = 16;

/// Hexadecimal digits of a hash that are enough to mean a model.
const SHORTEST_HASH: usize = 8;

/// A folder that some importer of galley's made, whole or not.
#[derive(Debug)]
pub(super) struct Import {
    pub dir: PathBuf,
    /// The first digits of its GGUF's hash.
    pub digits: String,
    /// The importer's.
    pub version: u32,
    /// What it says itself; its folder's name where it says nothing.
    pub name: String,
    pub sha256: Option<String>,
    /// Most tokens of prompt and answer together, where it says so.
    pub context: usize,
}

impl Import {
    fn is_called(&self, spec: &str) -> bool {
        let hash = spec.to_ascii_lowercase();
        let known = self.sha256.as_ref().unwrap_or(&self.digits);
        spec.len() >= SHORTEST_HASH && known.starts_with(&hash)
            || self.name.eq_ignore_ascii_case(spec)
    }

    fn folder_name(&self) -> &str {
        self.dir.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }
}

/// The name of the folder of a GGUF with this hash.
pub(super) fn folder_name(sha256: &str, version: u32) -> String {
    format!("{}-v{version}", sha256.get(..NAME_DIGITS).unwrap_or(sha256))
}

/// The digits of the hash and the importer's version in a folder's name, if it
/// is one that an importer gives.
pub(super) fn parts_of(name: &str) -> Option<(&str, u32)> {
    let (digits, version) = name.split_once("-v")?;
    let is_hash = digits.len() == NAME_DIGITS
        && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let is_number = version.bytes().all(|b| b.is_ascii_digit());
    let version = version.parse().ok().filter(|_| is_hash && is_number)?;
    Some((digits, version))
}

/// Everything below `models` whose name is one that an importer gives, by name.
pub(super) fn all(models: &Path) -> Vec<Import> {
    let Ok(entries) = fs::read_dir(models) else { return Vec::new() };
    let mut found: Vec<Import> =
        entries.flatten().filter_map(|entry| import_of(&entry.path())).collect();
    found.sort_by(|a, b| a.dir.cmp(&b.dir));
    found
}

/// The import that `spec` names by its folder's name, its own name or the first
/// digits of its hash; of those of one GGUF the newest importer's.
///
/// # Errors
/// [`ModelError::Ambiguous`] where imports of several GGUFs are called so.
pub(super) fn called<'a>(
    imports: &'a [Import],
    spec: &str,
) -> Result<Option<&'a Import>, ModelError> {
    if let Some(exact) = imports.iter().find(|import| import.folder_name() == spec) {
        return Ok(Some(exact));
    }
    let meant: Vec<&Import> = imports.iter().filter(|import| import.is_called(spec)).collect();
    if meant.iter().any(|import| import.digits != meant[0].digits) {
        let folders: Vec<String> = meant
            .iter()
            .map(|import| format!("{} ({})", import.folder_name(), import.name))
            .collect();
        return Err(ModelError::Ambiguous { spec: spec.to_owned(), folders: folders.join(", ") });
    }
    Ok(meant.into_iter().max_by_key(|import| import.version))
}

/// The import that lies at `dir`, whatever way leads there.
pub(super) fn at<'a>(imports: &'a [Import], dir: &Path) -> Option<&'a Import> {
    let real = fs::canonicalize(dir).ok()?;
    imports.iter().find(|import| fs::canonicalize(&import.dir).is_ok_and(|own| own == real))
}

fn import_of(dir: &Path) -> Option<Import> {
    let own = dir.file_name()?.to_str()?;
    let (digits, version) = parts_of(own).filter(|_| dir.is_dir())?;
    let meta: Value = fs::read(dir.join(META_FILE))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let sha256 = meta["sha256"].as_str().filter(|hash| hash.starts_with(digits));
    Some(Import {
        dir: dir.to_owned(),
        digits: digits.to_owned(),
        version,
        name: meta["name"].as_str().unwrap_or(own).to_owned(),
        sha256: sha256.map(str::to_owned),
        context: meta["context"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
    })
}
