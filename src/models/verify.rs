//! Reading model files again from the first byte to the last and comparing them
//! with what they must be: the catalogue's hash, or what was recorded when a
//! folder was written. That a file's length and time of change are those of an
//! earlier reading has no say here: damage to a disk changes neither.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::ModelError;
use super::hashes;
use super::kept::{self, Item, Kept};

/// The hashes of a folder's files, in the form that `sha256sum -c` reads.
pub const SUMS_FILE: &str = "SHA256SUMS";

/// What was found of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Whole,
    /// It is not what it must be.
    Damaged {
        expected: String,
        found: String,
    },
    Missing,
    /// It cannot be read, and why.
    Unreadable(String),
    /// It can be read to its end, but nothing says what it must be.
    Unrecorded,
}

impl Verdict {
    /// Whether something has to be done.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        !matches!(self, Self::Whole | Self::Unrecorded)
    }
}

/// A file, and what was found of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub file: PathBuf,
    pub verdict: Verdict,
}

/// Records the hashes of all files in a folder that was just written, so that
/// it can be verified later. Called before the folder gets its name.
///
/// # Errors
/// [`ModelError::Read`], [`ModelError::Write`].
pub fn seal(dir: &Path) -> Result<(), ModelError> {
    let mut sums = String::new();
    for file in files_in(dir)? {
        sums.push_str(&hashes::compute(&file, &mut |_, _| ())?);
        sums.push_str("  ");
        sums.push_str(&file.file_name().unwrap_or_default().to_string_lossy());
        sums.push('\n');
    }
    let path = dir.join(SUMS_FILE);
    fs::File::create(&path)
        .and_then(|mut file| file.write_all(sums.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(ModelError::write(&path))
}

/// Reads everything that is kept of a model, and the person's own file,
/// reporting bytes done of each file or folder.
///
/// # Errors
/// As [`folder`].
pub fn model(
    kept: &Kept,
    models_dir: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Vec<Checked>, ModelError> {
    let mut checked = Vec::new();
    for piece in &kept.pieces {
        match piece.item {
            Item::Pulled(entry) => {
                checked.push(pulled(&piece.path, entry.sha256, models_dir, progress));
            }
            Item::Imported => checked.extend(folder(&piece.path, progress)?),
        }
    }
    if let Some(file) = &kept.own {
        let verdict = own(file, kept.own_sha256.as_ref(), models_dir, progress);
        checked.push(Checked { file: file.clone(), verdict });
    }
    Ok(checked)
}

/// Reads a file that galley fetched. Of one that is wrong nothing is remembered
/// any more, so that the next use of it finds out, too.
fn pulled(
    path: &Path,
    expected: &str,
    models_dir: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Checked {
    let verdict = compare(path, Some(expected), progress);
    if verdict.is_wrong() {
        hashes::forget(models_dir, &[path]);
    }
    Checked { file: path.to_owned(), verdict }
}

/// Reads the person's own file, unless that was just done. What it must be was
/// known before or is not known: its own hash is no witness for it. A damaged
/// one is remembered as such, so that the next use and the next check of it find
/// out, too.
fn own(
    path: &Path,
    just_read: Option<&String>,
    models_dir: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Verdict {
    let found = match just_read.cloned().map_or_else(|| read(path, progress), Ok) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let expected = hashes::expected(models_dir, path)
        .or_else(|| kept::is_recorded(models_dir, &found).then(|| found.clone()));
    let verdict = judge(found, expected.as_deref());
    if let Verdict::Damaged { expected, found } = &verdict {
        hashes::note_damaged(models_dir, path, found, expected);
    }
    verdict
}

/// Reads the files of a model folder: those recorded, and whether they are all
/// there. A folder without a record has its files read to their ends.
///
/// # Errors
/// [`ModelError::Read`] where the folder cannot be listed;
/// [`ModelError::NotAFolder`] where its record is damaged.
pub fn folder(dir: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Vec<Checked>, ModelError> {
    let recorded: Vec<(PathBuf, Option<String>)> = match fs::read_to_string(dir.join(SUMS_FILE)) {
        Ok(sums) => parse(dir, &sums)?,
        Err(_) => files_in(dir)?.into_iter().map(|file| (file, None)).collect(),
    };
    let length = |file: &Path| fs::metadata(file).map_or(0, |info| info.len());
    let total = recorded.iter().map(|(file, _)| length(file)).sum();
    let mut before = 0;
    Ok(recorded
        .into_iter()
        .map(|(file, expected)| {
            let mut told = |done, _| progress(before + done, total);
            let verdict = compare(&file, expected.as_deref(), &mut told);
            before += length(&file);
            Checked { file, verdict }
        })
        .collect())
}

/// One line a file: its hash, two spaces, its name.
fn parse(dir: &Path, sums: &str) -> Result<Vec<(PathBuf, Option<String>)>, ModelError> {
    let damaged = || ModelError::NotAFolder {
        path: dir.to_owned(),
        what: format!("its record of hashes, {SUMS_FILE}, is damaged"),
    };
    let line = |line: &str| {
        let (hash, name) = line.split_once("  ")?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let is_name = Path::new(name).file_name().is_some_and(|own| own == name);
        (is_hash && is_name).then(|| (dir.join(name), Some(hash.to_ascii_lowercase())))
    };
    let all: Option<Vec<_>> = sums.lines().map(line).collect();
    all.filter(|all| !all.is_empty()).ok_or_else(damaged)
}

fn compare(file: &Path, expected: Option<&str>, progress: &mut dyn FnMut(u64, u64)) -> Verdict {
    read(file, progress).map_or_else(|verdict| verdict, |found| judge(found, expected))
}

/// The hash of a file, or why there is none.
fn read(file: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<String, Verdict> {
    if fs::metadata(file).is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound) {
        return Err(Verdict::Missing);
    }
    hashes::compute(file, progress).map_err(|error| Verdict::Unreadable(error.to_string()))
}

fn judge(found: String, expected: Option<&str>) -> Verdict {
    match expected {
        None => Verdict::Unrecorded,
        Some(expected) if found == expected => Verdict::Whole,
        Some(expected) => Verdict::Damaged { expected: expected.to_owned(), found },
    }
}

/// The files in a folder by name, without the record itself.
fn files_in(dir: &Path) -> Result<Vec<PathBuf>, ModelError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(ModelError::read(dir))? {
        let path = entry.map_err(ModelError::read(dir))?.path();
        if path.is_file() && path.file_name().is_some_and(|name| name != SUMS_FILE) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("config.json"), "{}").unwrap();
        fs::write(dir.path().join("model.safetensors"), "weights").unwrap();
        seal(dir.path()).unwrap();
        dir
    }

    fn verdicts(dir: &Path) -> Vec<(String, Verdict)> {
        let name = |file: &Path| file.file_name().unwrap().to_string_lossy().into_owned();
        let checked = folder(dir, &mut |_, _| ()).unwrap();
        checked.into_iter().map(|one| (name(&one.file), one.verdict)).collect()
    }

    #[test]
    fn a_record_is_what_other_tools_read() {
        let dir = sealed();
        let sums = fs::read_to_string(dir.path().join(SUMS_FILE)).unwrap();
        // By sha256sum of coreutils.
        let first = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a  config.json";
        assert_eq!(sums.lines().next(), Some(first));
        assert_eq!(sums.lines().count(), 2);
    }

    #[test]
    fn a_changed_byte_and_a_missing_file_are_told_from_whole_ones() {
        let dir = sealed();
        assert!(verdicts(dir.path()).iter().all(|(_, verdict)| *verdict == Verdict::Whole));
        let weights = dir.path().join("model.safetensors");
        let before = fs::metadata(&weights).unwrap().modified().unwrap();
        fs::write(&weights, "wEights").unwrap();
        // A disk's own mistake leaves length and time as they were.
        fs::File::options().write(true).open(&weights).unwrap().set_modified(before).unwrap();
        fs::remove_file(dir.path().join("config.json")).unwrap();
        let found = verdicts(dir.path());
        assert_eq!(found[0], ("config.json".into(), Verdict::Missing));
        assert!(matches!(found[1].1, Verdict::Damaged { .. }), "{found:?}");
    }

    #[test]
    fn a_folder_without_a_record_is_read_but_not_called_whole() {
        let dir = sealed();
        fs::remove_file(dir.path().join(SUMS_FILE)).unwrap();
        let found = verdicts(dir.path());
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|(_, verdict)| *verdict == Verdict::Unrecorded));
    }

    #[test]
    fn a_damaged_record_is_an_error_and_leads_nowhere_else() {
        let hash = "0".repeat(64);
        for sums in ["", "nonsense", &format!("{hash}  ../secret"), &format!("{hash}  /etc/passwd")]
        {
            let dir = sealed();
            fs::write(dir.path().join(SUMS_FILE), sums).unwrap();
            let error = folder(dir.path(), &mut |_, _| ()).unwrap_err().to_string();
            assert!(error.contains(SUMS_FILE), "{sums}: {error}");
        }
    }

    #[test]
    fn progress_runs_to_the_end_over_all_files() {
        let dir = sealed();
        let mut last = (0, 1);
        folder(dir.path(), &mut |done, total| last = (done, total)).unwrap();
        assert_eq!(last, (9, 9));
    }
}
