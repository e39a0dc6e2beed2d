//! What is remembered of the program itself, and documents that moved.

use std::path::Path;

use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::{Store, StoreError, path_key};

impl Store {
    /// Keeps a value under a name, in place of an earlier one.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)",
            params![name, value],
        )?;
        Ok(())
    }

    /// The value under a name.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let value = self
            .db
            .query_row("SELECT value FROM settings WHERE name = ?1", [name], |row| row.get(0))
            .optional()?;
        Ok(value)
    }

    /// Moves a document's results to its new path, and enters the decisions
    /// in force there: the log of the old path stays as it was.
    ///
    /// # Errors
    /// Where the store cannot be written; nothing has moved then.
    pub fn rename(&mut self, from: &Path, to: &Path) -> Result<(), StoreError> {
        let (from, to) = (path_key(from), path_key(to));
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute("UPDATE OR REPLACE results SET path = ?2 WHERE path = ?1", [&from, &to])?;
        change.execute(
            "INSERT INTO decisions (path, source, job, finding, quote, decision, at)
             SELECT ?2, source, job, finding, quote, decision, at FROM decisions WHERE id IN
                 (SELECT MAX(id) FROM decisions WHERE path = ?1 GROUP BY job, finding)
             ORDER BY id",
            [&from, &to],
        )?;
        change.commit()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::SourceHash;
    use crate::domain::finding::{Decision, FindingId};

    #[test]
    fn a_setting_is_replaced_and_one_that_was_never_set_is_not_there() {
        let store = Store::open_in_memory().expect("a store");
        assert_eq!(store.setting("theme").expect("readable"), None);
        store.set_setting("theme", "dark").expect("kept");
        store.set_setting("theme", "light").expect("kept");
        assert_eq!(store.setting("theme").expect("readable").as_deref(), Some("light"));
    }

    #[test]
    fn decisions_move_along_with_a_renamed_document_and_can_still_be_undone() {
        let mut store = Store::open_in_memory().expect("a store");
        let (old, new) = (Path::new("/case/a.md"), Path::new("/case/b.md"));
        let (source, id) = (SourceHash("aa".into()), FindingId("1".into()));
        for decision in [Decision::Rejected, Decision::Accepted] {
            store.decide(old, &source, "extract", &id, "quote", &decision, 1).expect("kept");
        }
        store.rename(old, new).expect("moved");
        let key = ("extract".to_owned(), id);
        assert_eq!(store.decisions(new).expect("readable").get(&key), Some(&Decision::Accepted));
        assert!(store.undo(new, 2).expect("undone").is_some());
        assert_eq!(store.decisions(new).expect("readable").get(&key), Some(&Decision::Open));
    }
}
