//! What jobs made of documents, by the document's path and the hash of its bytes.

use std::path::Path;

use rusqlite::params;

use super::{Store, StoreError, decode, encode, path_key};
use crate::domain::document::SourceHash;
use crate::domain::finding::JobResult;

impl Store {
    /// Keeps a job's result, in place of an earlier one of the same job on the
    /// same bytes.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn put_result(
        &mut self,
        path: &Path,
        source: &SourceHash,
        result: &JobResult,
    ) -> Result<(), StoreError> {
        self.db.execute(
            "INSERT OR REPLACE INTO results (path, job, source, result) VALUES (?1, ?2, ?3, ?4)",
            params![path_key(path), result.job, source.0, encode(result)?],
        )?;
        Ok(())
    }

    /// The latest result of each job on these bytes, in the order they came.
    /// A result in a form that is no longer understood is left out: its job
    /// can be run again.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn results(&self, path: &Path, source: &SourceHash) -> Result<Vec<JobResult>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT result FROM results WHERE path = ?1 AND source = ?2 ORDER BY id",
        )?;
        let rows = query.query_map(params![path_key(path), source.0], |row| row.get(0))?;
        let found: Vec<String> = rows.collect::<Result<_, _>>()?;
        Ok(found.iter().filter_map(|json| decode(json)).collect())
    }

    /// For each job the latest result on any other bytes that lay at `path`,
    /// with the hash of those: what was found before the file was changed.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn stale_results(
        &self,
        path: &Path,
        current: &SourceHash,
    ) -> Result<Vec<(SourceHash, JobResult)>, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT source, result FROM results WHERE id IN
                 (SELECT MAX(id) FROM results WHERE path = ?1 AND source <> ?2 GROUP BY job)
             ORDER BY id",
        )?;
        let rows = query.query_map(params![path_key(path), current.0], |row| {
            Ok((SourceHash(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        let found: Vec<(SourceHash, String)> = rows.collect::<Result<_, _>>()?;
        Ok(found.into_iter().filter_map(|(hash, json)| Some((hash, decode(&json)?))).collect())
    }
}
