//! One document of the list, with what is known of it: its text, its results
//! and what was decided about them. Knows nothing of the other documents.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::wish::Failure;
use crate::domain::document::Document;
use crate::domain::finding::{Basis, Decision, FindingId, JobResult};

/// A document by its absolute path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocId(#[serde(with = "super::any_path")] pub PathBuf);

/// What is known of a file from the folder alone: enough to tell that it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub bytes: u64,
    /// Nanoseconds since the epoch, as the file system has it.
    pub modified: i128,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocState {
    /// Seen in the folder, not read yet.
    Waiting,
    Reading,
    Ready(Arc<Document>),
    Failed(Failure),
}

/// One document of the folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: DocId,
    /// Path below the folder, as shown.
    pub name: String,
    pub stamp: Stamp,
    pub state: DocState,
    /// Counts the readings; what an older reading brings is dropped.
    pub generation: u64,
    /// Whether it came or changed after the folder was first listed.
    pub arrived_late: bool,
    /// The document that it is in, where it is no file of its own.
    pub container: Option<DocId>,
    /// In how many documents it is, one inside the other.
    pub depth: usize,
    /// Of the text as it was read last.
    pub basis: Basis,
    /// By job name, in the order of the templates' names.
    pub results: BTreeMap<String, JobResult>,
    pub decisions: HashMap<(String, FindingId), Decision>,
}

impl Entry {
    /// A document of which nothing is known but that it is there.
    #[must_use]
    pub fn new(id: DocId, name: String, stamp: Stamp, arrived_late: bool) -> Self {
        Self {
            id,
            name,
            stamp,
            state: DocState::Waiting,
            generation: 0,
            arrived_late,
            container: None,
            depth: 0,
            basis: Basis::default(),
            results: BTreeMap::new(),
            decisions: HashMap::new(),
        }
    }

    #[must_use]
    pub fn document(&self) -> Option<&Arc<Document>> {
        match &self.state {
            DocState::Ready(doc) => Some(doc),
            DocState::Waiting | DocState::Reading | DocState::Failed(_) => None,
        }
    }

    #[must_use]
    pub fn decision(&self, job: &str, id: &FindingId) -> Decision {
        self.decisions.get(&(job.to_owned(), id.clone())).cloned().unwrap_or_default()
    }

    /// Findings over all jobs, and those with a decision.
    #[must_use]
    pub fn reviewed(&self) -> (usize, usize) {
        let all: usize = self.results.values().map(|r| r.findings.len()).sum();
        let decided = self
            .results
            .values()
            .flat_map(|r| r.findings.iter().map(move |f| self.decision(&r.job, &f.id)))
            .filter(|d| *d != Decision::Open)
            .count();
        (all, decided)
    }

    /// Whether a result was made from another text than the present one.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        let is_of_another = |result: &JobResult, doc: &Document| {
            result.source != doc.source || !result.basis.is_same_text(&self.basis)
        };
        let results = || self.results.values();
        self.document().is_some_and(|doc| results().any(|result| is_of_another(result, doc)))
    }

    /// Whether that other text is of the same file, read in another way.
    #[must_use]
    pub fn is_read_otherwise(&self) -> bool {
        let is_of_file =
            |doc: &Arc<Document>| self.results.values().all(|r| r.source == doc.source);
        self.is_stale() && self.document().is_some_and(is_of_file)
    }
}
