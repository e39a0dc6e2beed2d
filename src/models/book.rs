//! Small JSON files among the models that several galley processes read and
//! write: an object of entries. Knows nothing of what the entries say; each is
//! understood by itself, so that one from another galley spoils no other.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Map, Value};

use super::{leftovers, lock};

pub(super) type Entries = Map<String, Value>;

/// The entries as they are now; none where the file is missing or damaged, since
/// a book holds only what can be found out again.
pub(super) fn read(models_dir: &Path, name: &str) -> Entries {
    let bytes = fs::read(models_dir.join(name)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Reads the entries, lets `change` work on them, and writes them where it says
/// that something is different. Nobody else writes meanwhile.
///
/// # Errors
/// Those of writing there; the file is then as it was.
pub(super) fn change(
    models_dir: &Path,
    name: &str,
    change: impl FnOnce(&mut Entries) -> bool,
) -> io::Result<()> {
    fs::create_dir_all(models_dir)?;
    let _lock = lock::hold(models_dir, name);
    let mut entries = read(models_dir, name);
    if !change(&mut entries) {
        return Ok(());
    }
    let mut file = tempfile::Builder::new()
        .prefix(&format!(".{name}."))
        .suffix(leftovers::PART)
        .tempfile_in(models_dir)?;
    serde_json::to_writer_pretty(&mut file, &entries)?;
    file.as_file().sync_all()?;
    file.persist(models_dir.join(name)).map(drop).map_err(|e| e.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_at_the_same_time_lose_nothing_of_each_others() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let dir = dir.path();
                scope.spawn(move || {
                    for n in 0..25 {
                        let key = format!("{writer}-{n}");
                        let add = |all: &mut Entries| all.insert(key, n.into()).is_none();
                        change(dir, "book.json", add).unwrap();
                    }
                });
            }
        });
        assert_eq!(read(dir.path(), "book.json").len(), 100);
    }

    #[test]
    fn nothing_is_written_where_nothing_changed_and_damage_is_an_empty_book() {
        let dir = tempfile::tempdir().unwrap();
        change(dir.path(), "book.json", |_| false).unwrap();
        assert!(!dir.path().join("book.json").exists());
        fs::write(dir.path().join("book.json"), "{ damaged").unwrap();
        assert!(read(dir.path(), "book.json").is_empty());
    }
}
