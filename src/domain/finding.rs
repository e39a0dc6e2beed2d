//! What a job found: text with its evidence, and what a person decided about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::document::{Document, Place, SourceHash};
use super::fact::Value;
use super::factcheck::FactChange;
use super::ledger::Coverage;
use super::marks::LineBox;
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
    /// How a person cites it, as [`Document::cite`] does; empty in results that
    /// were stored before quotes were cited.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cite: String,
    /// Where its lines are printed; empty in formats without printed pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<LineBox>,
}

impl Quote {
    /// The words of `doc` under a span, as evidence. A span that does not fit
    /// the text quotes nothing.
    #[must_use]
    pub fn of(doc: &Document, span: ByteSpan) -> Self {
        Self {
            span,
            text: span.slice(&doc.text).unwrap_or_default().to_owned(),
            place: doc.place(span.start),
            cite: doc.cite(span),
            boxes: doc.line_boxes(span),
        }
    }

    /// Whether these words stand in `doc` where they were found: results of an
    /// earlier text must not point at other words.
    #[must_use]
    pub fn stands_in(&self, doc: &Document) -> bool {
        self.span.slice(&doc.text) == Some(self.text.as_str())
    }

    /// Where it is to be looked up.
    #[must_use]
    pub fn cited(&self) -> String {
        if self.cite.is_empty() { self.place.to_string() } else { self.cite.clone() }
    }
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
    #[serde(flatten, default)]
    pub notes: Notes,
}

/// What is known of a finding beside itself; most findings have none of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// The parts that it plays in the document: the effective date, a party.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RoleClaim>,
    /// Whether its value was computed from its quotes and stands in none of them.
    #[serde(skip_serializing_if = "is_false")]
    pub derived: bool,
    /// Of a rewritten text: which facts differ from its source, place by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FactChange>,
    /// Where a model took part: why only one side found it, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_sided: Option<String>,
    /// How often the model said it, where it was asked several times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
}

/// Serde's `skip_serializing_if` takes functions of a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// A part that something plays in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The day on which an agreement was made or signed.
    AgreementDate,
    /// The day from which it is in force.
    EffectiveDate,
    /// The day on which it ends unless something else happens.
    ExpirationDate,
    /// One of those who made it.
    Party,
}

impl Role {
    /// The roles that are one date's each.
    pub const DATES: [Self; 3] = [Self::AgreementDate, Self::EffectiveDate, Self::ExpirationDate];

    /// As in templates and result files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AgreementDate => "agreement_date",
            Self::EffectiveDate => "effective_date",
            Self::ExpirationDate => "expiration_date",
            Self::Party => "party",
        }
    }

    /// For people: "effective date".
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::AgreementDate => "agreement date",
            Self::EffectiveDate => "effective date",
            Self::ExpirationDate => "expiration date",
            Self::Party => "party",
        }
    }
}

/// Who says that something plays a part.
///
/// Of a role of dates at most one claim in a result is not overruled: that is
/// the answer; without one, the answer is that the document gives no such date.
/// Where the rules and the model differ, the claim of the side that does not
/// decide stands beside it and is overruled. So the answer of the rules is the
/// claim whose opinion is not the model's, and the model's the one whose opinion
/// is not the rules'. Of a range of dates, the first day is the agreement or
/// effective date, the last day the expiration date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleClaim {
    pub role: Role,
    /// [`Opinion::Model`] is the model's choice among candidates alone.
    pub opinion: Opinion,
    /// Whether the other side decides and says something else.
    #[serde(default, skip_serializing_if = "is_false")]
    pub overruled: bool,
    /// A sentence for the person: what speaks for it, or that the other side
    /// says something else.
    pub why: String,
}

impl RoleClaim {
    /// For people: "effective date", "effective date (model)"; what is no
    /// answer says so: "effective date (model, overruled)".
    #[must_use]
    pub fn label(&self) -> String {
        let role = self.role.title();
        match (self.opinion, self.overruled) {
            (Opinion::Model, false) => format!("{role} (model)"),
            (Opinion::Model, true) => format!("{role} (model, overruled)"),
            (Opinion::Both | Opinion::Rules, true) => format!("{role} (rules, overruled)"),
            (Opinion::Both | Opinion::Rules, false) => role.to_owned(),
        }
    }
}

/// In how many of the rounds in which the model was asked it said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Agreement {
    pub said: usize,
    pub of: usize,
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "said {} of {} times", self.said, self.of)
    }
}

/// A titled part of a job's result. What its order means is the job's: a review
/// puts first what needs a look, a chronology goes by date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    /// The findings it is made of, in order; bodies are made from them.
    pub findings: Vec<FindingId>,
    /// Said where there is nothing: "None found in 4 of 4 chunks."
    pub empty: String,
}

/// Of which reading of a source a result was made: the same file has another
/// text where its tracked changes are read in another view, say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Basis {
    /// BLAKE3 of the document's text, lower-case hex; empty where a result was
    /// stored before this was noted.
    pub text: String,
    /// Whether hidden text and comments were given to the job.
    pub with_hidden: bool,
}

impl Basis {
    #[must_use]
    pub fn of(doc: &Document, with_hidden: bool) -> Self {
        let text = blake3::hash(doc.text.as_bytes()).to_hex().to_string();
        Self { text, with_hidden }
    }

    /// Whether both are of the same text, as far as is known.
    #[must_use]
    pub fn is_same_text(&self, other: &Self) -> bool {
        self.text.is_empty() || other.text.is_empty() || self.text == other.text
    }
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
    #[serde(default)]
    pub basis: Basis,
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
