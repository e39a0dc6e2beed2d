//! How well jobs did, measured against what people labelled by eye. Pure: which
//! documents were read, by which model, and how long it took is the caller's.

mod evidence;
mod fields;
mod found;
mod labels;
mod roles;
mod share;
mod talk;
mod words;

use serde::Serialize;

use super::document::Document;
use super::finding::JobResult;
use super::template::Template;
pub use evidence::{Bytes, Evidence, Fabricated};
pub use fields::{FieldScore, Missed, NotAsked, Recall};
pub use labels::{Label, Labels, Mistake, Place, Said, Talk, Topic};
pub use roles::RoleScore;
pub use share::{f1, share};
pub use talk::TopicScore;

use found::Case;

/// A labelled document, as it was read, and all that the jobs made of it.
#[derive(Debug, Clone, Copy)]
pub struct Studied<'a> {
    /// As the labels name it.
    pub doc: &'a str,
    pub document: &'a Document,
    pub results: &'a [JobResult],
}

/// What was measured of one model, or of the recognisers alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Fields of the labels that something was asked for, in their order.
    pub fields: Vec<FieldScore>,
    /// Fields of the labels that no job asked for.
    pub not_asked: Vec<NotAsked>,
    pub roles: Vec<RoleScore>,
    /// Labelled role dates whose words carry digits: which of them are among
    /// all dates that were found, whatever role they were given.
    pub dates: Recall,
    /// Labelled parties: which of them are among all names that were found.
    pub names: Recall,
    /// Names of speakers against people that were found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speakers: Option<FieldScore>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topics: Option<TopicScore>,
    pub evidence: Evidence,
    /// Bytes of the texts, once for each job on them.
    pub coverage: Bytes,
    /// Warnings of all results.
    pub warnings: usize,
}

/// Sets what was found in the documents beside what the labels say of them.
/// Labels of other documents count nowhere. `has_model` says whether a model
/// took part, so that it can be told apart from the rules.
#[must_use]
pub fn measure(
    labels: &Labels,
    studied: &[Studied<'_>],
    templates: &[Template],
    has_model: bool,
) -> Measured {
    let cases: Vec<Case<'_>> = studied.iter().map(|s| Case::new(*s, labels, templates)).collect();
    let (fields, not_asked) = fields::scores(labels, &cases);
    Measured {
        fields,
        not_asked,
        roles: roles::scores(&cases, has_model),
        dates: fields::dates(&cases),
        names: fields::names(&cases),
        speakers: talk::speakers(&cases),
        topics: talk::topics(&cases),
        evidence: evidence::evidence(&cases),
        coverage: evidence::coverage(&cases),
        warnings: studied.iter().flat_map(|s| s.results).map(|r| r.warnings.len()).sum(),
    }
}

#[cfg(test)]
mod tests;
