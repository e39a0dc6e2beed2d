//! The store's tables, and how an older file is brought up to date.

use rusqlite::{Connection, TransactionBehavior};

use super::error::StoreError;

/// The form this galley writes, kept in the file's `user_version`.
pub(super) const VERSION: i64 = 2;

/// Step `n` brings a file from version `n` to `n + 1`.
const STEPS: [&str; 2] = [FIRST, PARTS];

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

/// Texts are also told apart by the part of the file and by what was asked for.
/// Those kept so far can be read again.
const PARTS: &str = "
DROP TABLE texts;
CREATE TABLE texts (
    source    TEXT NOT NULL,
    part      TEXT NOT NULL,
    reader    INTEGER NOT NULL,
    extension TEXT NOT NULL,
    reading   TEXT NOT NULL,
    document  TEXT NOT NULL,
    PRIMARY KEY (source, part, reader, extension, reading)
) WITHOUT ROWID;
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Store, TextKey};
    use super::*;
    use crate::domain::document::SourceHash;
    use crate::domain::finding::{Decision, FindingId};
    use crate::domain::report::sample::agreement;

    #[test]
    fn a_store_of_the_first_form_keeps_its_decisions_and_has_its_texts_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("galley.db");
        let db = Connection::open(&path).expect("opens");
        db.execute_batch(FIRST).expect("the first form");
        db.pragma_update(None, "user_version", 1).expect("set");
        let (doc, id) = (agreement().doc, FindingId("1".into()));
        db.execute("INSERT INTO texts VALUES ('aa', 1, 'txt', '{}')", []).expect("a text");
        db.execute(
            "INSERT INTO decisions (path, source, job, finding, quote, decision, at)
             VALUES (CAST('/a.txt' AS BLOB), 'aa', 'extract', '1', 'quote', '\"accepted\"', 7)",
            [],
        )
        .expect("a decision");
        drop(db);

        let key = TextKey {
            source: SourceHash("aa".into()),
            parts: Vec::new(),
            reader: 1,
            reading: "accepted".into(),
        };
        // The second time nothing is left to bring up to date.
        for kept in [None, Some(doc.text.as_str())] {
            let (mut store, warning) = Store::open(&path).expect("it opens");
            assert_eq!(warning, None);
            let decisions = store.decisions(Path::new("/a.txt")).expect("readable");
            assert_eq!(decisions[&("extract".into(), id.clone())], Decision::Accepted);
            let text = store.text(&key, &doc.path).expect("readable").map(|doc| doc.text);
            assert_eq!(text.as_deref(), kept);
            store.put_text(&key, &doc).expect("kept in the new form");
        }
        let db = Connection::open(&path).expect("opens");
        assert_eq!(version(&db).expect("a version"), VERSION);
    }
}
