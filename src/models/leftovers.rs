//! What a killed process leaves half-written among the models, and removing it.
//! Knows names and ages only.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Folders being imported begin with this.
pub(super) const IMPORTING: &str = ".importing-";
/// Folders into which pip fetches begin with this.
pub(super) const PIP: &str = ".pip-";
/// Files being fetched end with this.
pub(super) const PART: &str = ".part";

/// Whatever still works on something has touched it since then.
const ABANDONED_AFTER: Duration = Duration::from_hours(24);

/// Best effort: removes what was left behind a day ago or earlier.
pub(super) fn remove_abandoned(models_dir: &Path) {
    let Ok(entries) = fs::read_dir(models_dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = name.starts_with(IMPORTING) || name.starts_with(PIP) || name.ends_with(PART);
        let Some(info) = entry.metadata().ok().filter(|_| ours) else { continue };
        let age = info.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
        if age.is_some_and(|age| age > ABANDONED_AFTER) {
            let _ = if info.is_dir() {
                fs::remove_dir_all(entry.path())
            } else {
                fs::remove_file(entry.path())
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn what_was_left_a_day_ago_goes_and_what_is_new_or_finished_stays() {
        let dir = tempfile::tempdir().unwrap();
        let long_ago = SystemTime::now() - Duration::from_hours(25);
        let make = |name: &str, is_dir: bool, is_old: bool| {
            let path = dir.path().join(name);
            if is_dir {
                fs::create_dir(&path).unwrap();
                fs::write(path.join("inside"), "x").unwrap();
            } else {
                fs::write(&path, "x").unwrap();
            }
            if is_old {
                File::open(&path).unwrap().set_modified(long_ago).unwrap();
            }
            path
        };
        let gone = [
            make(".importing-old", true, true),
            make(".pip-old", true, true),
            make("old.gguf.x.part", false, true),
        ];
        let kept = [
            make(".importing-new", true, false),
            make("new.gguf.x.part", false, false),
            make("model.gguf", false, true),
            make("0123456789abcdef-v1", true, true),
        ];
        remove_abandoned(dir.path());
        assert!(gone.iter().all(|path| !path.exists()));
        assert!(kept.iter().all(|path| path.exists()));
    }
}
