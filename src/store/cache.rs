//! Texts that were read and answers that were computed, so that nothing is
//! done twice. All of it can be made again.

use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, decode, encode};
use crate::domain::document::{Document, SourceHash};

/// Names one step of a job: hex over all that its answer depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StepKey(pub String);

/// Names a text that was read, beside the ending of its file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextKey {
    /// Of the file on the disk.
    pub source: SourceHash,
    /// The names of the parts that lead to a document inside that file, from
    /// the outside in; none for the file itself. None of them holds a slash.
    pub parts: Vec<String>,
    /// The version of the reader.
    pub reader: u32,
    /// In the word of whoever read it, what was asked for that changes a text.
    pub reading: String,
}

impl TextKey {
    fn part(&self) -> String {
        self.parts.join("/")
    }
}

/// An engine's answer, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAnswer {
    pub text: String,
    /// Why it ended, in the word of whoever stores it.
    pub finish: String,
    pub prompt_tokens: usize,
    pub answer_tokens: usize,
    /// What it took when it was computed.
    pub seconds: f64,
}

impl Store {
    /// Keeps what a reader made of a file, or of a part of one. Texts that an
    /// older reader made of the same file are dropped.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn put_text(&mut self, key: &TextKey, doc: &Document) -> Result<(), StoreError> {
        // The path is the reader's business and need not be UTF-8.
        let bare = Document { path: PathBuf::new(), ..doc.clone() };
        let json = encode(&bare)?;
        let change = self.db.transaction()?;
        change.execute(
            "DELETE FROM texts WHERE source = ?1 AND reader < ?2",
            params![key.source.0, key.reader],
        )?;
        change.execute(
            "INSERT OR REPLACE INTO texts (source, part, reader, extension, reading, document)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![key.source.0, key.part(), key.reader, extension(&doc.path), key.reading, json],
        )?;
        change.commit()?;
        Ok(())
    }

    /// The document that was kept under `key`, wherever its file lay. It
    /// carries `path`, whose extension must be the same as then, since it
    /// decides how the file is read.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn text(&self, key: &TextKey, path: &Path) -> Result<Option<Document>, StoreError> {
        let json: Option<String> = self
            .db
            .prepare_cached(
                "SELECT document FROM texts WHERE source = ?1 AND part = ?2 AND reader = ?3
                 AND extension = ?4 AND reading = ?5",
            )?
            .query_row(
                params![key.source.0, key.part(), key.reader, extension(path), key.reading],
                |row| row.get(0),
            )
            .optional()?;
        let doc: Option<Document> = json.as_deref().and_then(decode);
        Ok(doc.map(|doc| Document { path: path.to_owned(), ..doc }))
    }

    /// Keeps the answer of a step, in place of an earlier one.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn put_step(&mut self, key: &StepKey, answer: &StoredAnswer) -> Result<(), StoreError> {
        let seconds = if answer.seconds.is_finite() { answer.seconds } else { 0.0 };
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO steps (key, text, finish, prompt_tokens, answer_tokens, seconds)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                key.0,
                answer.text,
                answer.finish,
                i64::try_from(answer.prompt_tokens).unwrap_or(i64::MAX),
                i64::try_from(answer.answer_tokens).unwrap_or(i64::MAX),
                seconds
            ])?;
        Ok(())
    }

    /// The answer of a step, if it was ever computed.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn step(&self, key: &StepKey) -> Result<Option<StoredAnswer>, StoreError> {
        let found = self
            .db
            .prepare_cached(
                "SELECT text, finish, prompt_tokens, answer_tokens, seconds FROM steps WHERE key = ?1",
            )?
            .query_row([&key.0], |row| {
                Ok(StoredAnswer {
                    text: row.get(0)?,
                    finish: row.get(1)?,
                    prompt_tokens: tokens(row.get(2)?),
                    answer_tokens: tokens(row.get(3)?),
                    seconds: row.get(4)?,
                })
            })
            .optional()?;
        Ok(found)
    }
}

fn tokens(stored: i64) -> usize {
    usize::try_from(stored).unwrap_or(0)
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}
