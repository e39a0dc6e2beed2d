//! What a job found: text with its evidence, and what a person decided about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::document::{Place, SourceHash};
use super::fact::Value;
use super::ledger::Coverage;
use super::span::ByteSpan;

/// Names a finding across runs and restarts: the same job that finds the same
/// quote for the same field at the same place of the same text gives the same id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FindingId(pub String);

impl FindingId {
    /// Sixteen hex digits of BLAKE3 over the parts; `nth` counts equal
    /// quotes within one document from 0.
    #[must_use]
    pub fn new(job: &str, field: &str, text: &str, nth: usize) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in [job, field, text] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(&(nth as u64).to_le_bytes());
        Self(hasher.finalize().to_hex()[..16].to_owned())
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A piece of the source that stands as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Into [`super::document::Document::text`].
    #[serde(flatten)]
    pub span: ByteSpan,
    /// The source's own bytes under the span.
    pub text: String,
    #[serde(flatten)]
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Its quote stands in the source, and what is said was checked against it.
    Anchored,
    /// Not proved by the source; `why` says what is missing.
    Unverified,
}

/// Who found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Opinion {
    Both,
    Model,
    Rules,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    #[default]
    Open,
    Accepted,
    /// Accepted with the person's own text in place of the finding's.
    Edited(String),
    Rejected,
}

impl Decision {
    /// The word used in result files and in the store.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Edited(_) => "edited",
            Self::Rejected => "rejected",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub id: FindingId,
    /// The template's field: "date", "warm".
    pub kind: String,
    /// What is shown: the quote itself for evidence, the new text for a rewrite.
    pub text: String,
    pub value: Option<Value>,
    pub quotes: Vec<Quote>,
    pub status: Status,
    /// Why it is unverified, or what is doubtful about it, as sentences.
    pub why: Option<String>,
    pub opinion: Opinion,
}

/// A titled part of a job's result, made of findings in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    /// The findings it is made of, in order; bodies are made from them.
    pub findings: Vec<FindingId>,
    /// Said where there is nothing: "None found in 4 of 4 chunks."
    pub empty: String,
}

/// Everything one job made of one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobResult {
    pub job: String,
    pub template_sha256: String,
    /// Work on this job alone, in seconds: its steps' own times added up, also
    /// of those whose answers an earlier run had left in the store.
    pub seconds: f64,
    pub findings: Vec<Finding>,
    pub sections: Vec<Section>,
    /// What the reader must know: chunks that failed, loops that were stopped.
    pub warnings: Vec<String>,
    pub coverage: Coverage,
    /// The source it was made from.
    pub source: SourceHash,
    /// The model that took part, "none" for recognisers alone.
    pub model: String,
    /// The adapter it ran on.
    pub engine: String,
    pub model_sha256: String,
}

impl JobResult {
    #[must_use]
    pub fn finding(&self, id: &FindingId) -> Option<&Finding> {
        self.findings.iter().find(|f| f.id == *id)
    }
}
