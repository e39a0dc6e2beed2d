//! What is remembered of the program itself: a value under a name. Knows nothing
//! of documents.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};

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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_replaced_and_one_that_was_never_set_is_not_there() {
        let store = Store::open_in_memory().expect("a store");
        assert_eq!(store.setting("theme").expect("readable"), None);
        store.set_setting("theme", "dark").expect("kept");
        store.set_setting("theme", "light").expect("kept");
        assert_eq!(store.setting("theme").expect("readable").as_deref(), Some("light"));
    }
}
