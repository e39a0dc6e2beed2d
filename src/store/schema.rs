//! The store's tables, and how an older file is brought up to date.

use rusqlite::{Connection, TransactionBehavior};

use super::error::StoreError;

/// The form this galley writes, kept in the file's `user_version`.
pub(super) const VERSION: i64 = 1;

/// Step `n` brings a file from version `n` to `n + 1`.
const STEPS: [&str; 1] = [FIRST];

const FIRST: &str = "
CREATE TABLE texts (
    source    TEXT NOT NULL,
    reader    INTEGER NOT NULL,
    extension TEXT NOT NULL,
    document  TEXT NOT NULL,
    PRIMARY KEY (source, reader, extension)
) WITHOUT ROWID;

CREATE TABLE steps (
    key           TEXT PRIMARY KEY,
    text          TEXT NOT NULL,
    finish        TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    answer_tokens INTEGER NOT NULL,
    seconds       REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE results (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    path   BLOB NOT NULL,
    job    TEXT NOT NULL,
    source TEXT NOT NULL,
    result TEXT NOT NULL,
    UNIQUE (path, job, source)
);

CREATE TABLE decisions (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    path     BLOB NOT NULL,
    source   TEXT NOT NULL,
    job      TEXT NOT NULL,
    finding  TEXT NOT NULL,
    quote    TEXT NOT NULL,
    decision TEXT NOT NULL,
    at       INTEGER NOT NULL,
    undoes   INTEGER UNIQUE REFERENCES decisions (id)
);
CREATE INDEX decisions_of_path ON decisions (path, job, finding);
CREATE TABLE settings (
    name     TEXT PRIMARY KEY,
    value    TEXT NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions are only ever added'); END;
CREATE TRIGGER decisions_are_not_deleted BEFORE DELETE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions are only ever added'); END;
";

pub(super) fn version(db: &Connection) -> Result<i64, rusqlite::Error> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the tables to [`VERSION`], all of the way or not at all.
pub(super) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again under the lock: another galley may have been first.
    let from = usize::try_from(version(&change)?).unwrap_or(0);
    for step in STEPS.iter().skip(from) {
        change.execute_batch(step)?;
    }
    change.pragma_update(None, "user_version", VERSION)?;
    change.commit()?;
    Ok(())
}
