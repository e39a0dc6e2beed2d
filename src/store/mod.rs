//! What galley remembers: texts, answers of the model, results, and every
//! decision of the person, in one `SQLite` file. Blocking, for use from one
//! thread; knows nothing of jobs, engines or the screen.

mod cache;
mod decisions;
mod error;
mod moved;
mod open;
mod results;
mod schema;
mod settings;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use cache::{StepKey, StoredAnswer, TextKey};
pub use error::StoreError;
pub use open::private_folder;

/// The open store.
#[derive(Debug)]
pub struct Store {
    db: Connection,
    /// `None` for a store that lives in memory.
    file: Option<PathBuf>,
}

impl Store {
    /// Opens the store at `path`, which is made with its folder where it is
    /// missing, readable for its owner only.
    ///
    /// A file that is damaged is never deleted: it is renamed beside itself,
    /// an empty store takes its place, and the sentence that comes back with it
    /// says so, for the person to read.
    ///
    /// # Errors
    /// [`StoreError::Newer`] where a later galley wrote the file, which is then
    /// left as it is; [`StoreError::Folder`], [`StoreError::ReadOnly`],
    /// [`StoreError::Full`] or [`StoreError::Busy`] where it cannot be used now.
    pub fn open(path: &Path) -> Result<(Self, Option<String>), StoreError> {
        let (db, warning) = open::open(path)?;
        Ok((Self { db, file: Some(path.to_owned()) }, warning))
    }

    /// A store that is gone when it is dropped.
    ///
    /// # Errors
    /// Where there is no memory for it.
    pub fn open_in_memory() -> Result<Self, StoreError> {
        let mut db = Connection::open_in_memory()?;
        open::prepare(&mut db, Path::new(":memory:"))?;
        Ok(Self { db, file: None })
    }

    /// Bytes that the store takes on disk, or in memory.
    ///
    /// # Errors
    /// Where the database cannot be asked.
    pub fn usage(&self) -> Result<u64, StoreError> {
        let pages: i64 = self.db.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let size: i64 = self.db.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let log = self.file.as_deref().map_or(0, |file| {
            std::fs::metadata(open::beside(file, "-wal")).map_or(0, |meta| meta.len())
        });
        Ok(u64::try_from(pages * size).unwrap_or(0) + log)
    }
}

/// A document's path as the store keeps it: absolute, and as bytes, so that a
/// name that is not UTF-8 is kept whole.
fn path_key(path: &Path) -> Vec<u8> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.as_os_str().as_encoded_bytes().to_vec()
}

/// The path that [`path_key`] made `key` of; `None` for bytes that are no path
/// of this system.
#[cfg_attr(unix, expect(clippy::unnecessary_wraps, reason = "elsewhere bytes can be no path"))]
fn path_of(key: Vec<u8>) -> Option<PathBuf> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        Some(std::ffi::OsString::from_vec(key).into())
    }
    #[cfg(not(unix))]
    String::from_utf8(key).ok().map(PathBuf::from)
}

/// JSON that was written by [`encode`]; `None` where an older galley wrote it
/// in a form that is no longer understood.
fn decode<T: serde::de::DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}

fn encode<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    // The message of serde_json is dropped: it may quote the document.
    serde_json::to_string(value).map_err(|_| StoreError::Form)
}

#[cfg(test)]
mod tests;
