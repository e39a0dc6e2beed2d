//! The log of what a person decided. It only ever grows: taking a decision
//! back is one more entry.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use super::{Store, StoreError, decode, encode, path_key};
use crate::domain::document::SourceHash;
use crate::domain::finding::{Decision, FindingId};

/// The last decision on a document that was not taken back.
struct Standing {
    id: i64,
    source: String,
    job: String,
    finding: String,
    quote: String,
}

impl Store {
    /// Adds a decision to the log. `quote_text` is the evidence as the person
    /// saw it; `at_unix` is the time in seconds since 1970.
    ///
    /// # Errors
    /// Where the store cannot be written.
    #[expect(clippy::too_many_arguments, reason = "each is a column of the log")]
    pub fn decide(
        &mut self,
        path: &Path,
        source: &SourceHash,
        job: &str,
        id: &FindingId,
        quote_text: &str,
        decision: &Decision,
        at_unix: i64,
    ) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT INTO decisions (path, source, job, finding, quote, decision, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![path_key(path), source.0, job, id.0, quote_text, encode(decision)?, at_unix],
        )?;
        Ok(())
    }

    /// The decision in force for each finding of a document, by job and
    /// finding. A finding that was decided on and opened again is there as
    /// [`Decision::Open`].
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn decisions(
        &self,
        path: &Path,
    ) -> Result<HashMap<(String, FindingId), Decision>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT job, finding, decision FROM decisions WHERE id IN
                 (SELECT MAX(id) FROM decisions WHERE path = ?1 GROUP BY job, finding)",
        )?;
        let rows = query.query_map([path_key(path)], |row| {
            Ok(((row.get(0)?, FindingId(row.get(1)?)), row.get::<_, String>(2)?))
        })?;
        let mut found = HashMap::new();
        for row in rows {
            let (key, json) = row?;
            if let Some(decision) = decode(&json) {
                found.insert(key, decision);
            }
        }
        Ok(found)
    }

    /// Takes back the last decision on a document that still stands, and gives
    /// what is in force for that finding instead. Called again it goes one
    /// further back; `None` where nothing is left to take back.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn undo(
        &mut self,
        path: &Path,
        at_unix: i64,
    ) -> Result<Option<(String, FindingId, Decision)>, StoreError> {
        let key = path_key(path);
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(last) = last_standing(&change, &key)? else { return Ok(None) };
        let restored = before(&change, &key, &last)?;
        change.execute(
            "INSERT INTO decisions (path, source, job, finding, quote, decision, at, undoes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                key,
                last.source,
                last.job,
                last.finding,
                last.quote,
                encode(&restored)?,
                at_unix,
                last.id
            ],
        )?;
        change.commit()?;
        Ok(Some((last.job, FindingId(last.finding), restored)))
    }
}

fn last_standing(change: &Transaction<'_>, path: &[u8]) -> Result<Option<Standing>, StoreError> {
    let found = change
        .query_row(
            "SELECT id, source, job, finding, quote FROM decisions AS made
             WHERE path = ?1 AND undoes IS NULL
               AND NOT EXISTS (SELECT 1 FROM decisions WHERE undoes = made.id)
             ORDER BY id DESC LIMIT 1",
            [path],
            |row| {
                Ok(Standing {
                    id: row.get(0)?,
                    source: row.get(1)?,
                    job: row.get(2)?,
                    finding: row.get(3)?,
                    quote: row.get(4)?,
                })
            },
        )
        .optional()?;
    Ok(found)
}

/// What was in force for the finding before `last`.
fn before(change: &Transaction<'_>, path: &[u8], last: &Standing) -> Result<Decision, StoreError> {
    let json: Option<String> = change
        .query_row(
            "SELECT decision FROM decisions AS made
             WHERE path = ?1 AND job = ?2 AND finding = ?3 AND id < ?4 AND undoes IS NULL
               AND NOT EXISTS (SELECT 1 FROM decisions WHERE undoes = made.id)
             ORDER BY id DESC LIMIT 1",
            params![path, last.job, last.finding, last.id],
            |row| row.get(0),
        )
        .optional()?;
    Ok(json.as_deref().and_then(decode).unwrap_or_default())
}
