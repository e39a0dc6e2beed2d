//! Opens the store's file: makes it private, tells a damaged one from a newer
//! one, and sets a damaged one aside. Nothing here ever deletes a file.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::error::StoreError;
use super::schema;

/// How long to wait for another galley that is writing.
const PATIENCE: Duration = Duration::from_secs(10);

/// The files that belong to one database.
const COMPANIONS: [&str; 3] = ["", "-wal", "-shm"];

pub(super) fn open(path: &Path) -> Result<(Connection, Option<String>), StoreError> {
    let folder = |source| StoreError::Folder { path: path.to_owned(), source };
    make_folder(path).map_err(folder)?;
    // One galley at a time looks whether the file is sound, so that none sets
    // aside the fresh file of another. Where files cannot be locked (some
    // network folders), SQLite's own locks must do.
    let gate = private(&beside(path, ".lock")).map_err(folder)?;
    let _ = gate.lock();
    private(path).map_err(folder)?;
    match sound(path) {
        Ok(db) => Ok((db, None)),
        Err(StoreError::Damaged) => {
            let kept = set_aside(path).map_err(folder)?;
            private(path).map_err(folder)?;
            let warning = format!(
                "The store at {} was damaged and was set aside as {}. A new one was begun: earlier results and decisions are not shown, and documents are read again.",
                path.display(),
                kept.display()
            );
            Ok((sound(path)?, Some(warning)))
        }
        Err(other) => Err(other),
    }
}

/// Opens a file after having looked through it.
fn sound(path: &Path) -> Result<Connection, StoreError> {
    let mut db = Connection::open(path)?;
    db.busy_timeout(PATIENCE)?;
    // Until its form is known, not even closing the file may change it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    refuse_newer(&db, path)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    let check: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(StoreError::Damaged);
    }
    prepare(&mut db, path)?;
    Ok(db)
}

/// Sets up a connection and brings the tables up to date.
pub(super) fn prepare(db: &mut Connection, path: &Path) -> Result<(), StoreError> {
    db.busy_timeout(PATIENCE)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // A decision is on the disk before the next key is pressed, also when the
    // power fails.
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    if refuse_newer(db, path)? < schema::VERSION {
        schema::migrate(db)?;
    }
    Ok(())
}

/// The version of the file, unless a later galley wrote it.
fn refuse_newer(db: &Connection, path: &Path) -> Result<i64, StoreError> {
    let found = schema::version(db)?;
    if found > schema::VERSION {
        let known = schema::VERSION;
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    Ok(found)
}

/// `path` with `ending` added to its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

fn make_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => private_folder(folder),
        _ => Ok(()),
    }
}

/// Makes a folder, with those above it that are missing, for its owner alone.
/// One that is there already stays as it is.
///
/// # Errors
/// Where it cannot be made, or something else has its name.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Opens or makes a file that only its owner may read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(file)
}

/// Renames a damaged database and what belongs to it to the first free name
/// beside it, and gives that name.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut n = 1_u32;
    let kept = loop {
        let name = beside(path, &format!(".damaged-{n}"));
        let taken =
            COMPANIONS.iter().any(|ending| beside(&name, ending).symlink_metadata().is_ok());
        if !taken {
            break name;
        }
        n += 1;
    };
    for ending in COMPANIONS {
        match fs::rename(beside(path, ending), beside(&kept, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(kept)
}
