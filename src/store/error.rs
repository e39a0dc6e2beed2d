//! What can go wrong with the store, in whole sentences. None of them holds
//! any text of a document.

use std::path::PathBuf;

use rusqlite::ErrorCode;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or the file cannot be made or opened.
    #[error(
        "The store cannot be used at {}: {source}. Results and decisions cannot be kept until galley may write there.",
        path.display()
    )]
    Folder { path: PathBuf, source: std::io::Error },
    /// A later galley wrote the file.
    #[error(
        "The store at {} was written by a newer galley (form {found}, this one knows {known}). It was left as it is; use the newer galley, or another data folder.",
        path.display()
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error(
        "The disk is full: the store could not save. Free some space and do the last step again; what was saved before is safe."
    )]
    Full,
    #[error(
        "The store may only be read: its file or folder is write-protected. Allow galley to write there, or use another data folder."
    )]
    ReadOnly,
    #[error(
        "Another program has kept the store locked for too long. Close other galley windows that are stuck, then try again."
    )]
    Busy,
    /// Found while the store was in use.
    #[error(
        "The store's file is damaged. Quit and start galley again: it will set the damaged file aside, without deleting it, and begin a new one."
    )]
    Damaged,
    /// A value that has no JSON form; none of galley's own has.
    #[error(
        "A result could not be written in the store's form. This is a fault in galley; the result is still on the screen."
    )]
    Form,
    #[error("The store failed: {0}. Start galley again; what was saved before is safe.")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => Self::Sqlite(error),
        }
    }
}
