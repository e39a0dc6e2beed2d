//! Job templates: what is asked of a document, as people write and edit it.
//!
//! A template is a text file: TOML front matter between `+++` lines, then a
//! `## system` and a `## user` part in minijinja. Parsing is pure; where the
//! files come from is not known here.

mod parse;
mod render;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::fact::FactKind;
pub use super::factcheck::Tone;
use super::finding::Role;
use super::prompt::Sampling;
pub use render::{Scene, render};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobKind {
    /// Copies quotes out of each chunk, field by field.
    Extract,
    /// Picks among the numbered sentences of each chunk, field by field.
    Select,
    /// Writes each paragraph again, once a field (a tone).
    Rewrite,
    /// Says of the document, field by field, which of some classes it is of.
    Classify,
}

/// How the sentences of a `select` field are ranked and ordered by code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// Most telling first: dates, amounts, defined terms, obligations, position.
    Key,
    /// Sentences that deny, object to or contradict something.
    Dispute,
    /// Sentences with a date, by date.
    Chronology,
    /// What the document says as a whole, from its beginning to its end.
    Summary,
    /// What was decided.
    Decision,
    /// What somebody is to do.
    Action,
    /// What was asked and not answered.
    Question,
    /// What may go wrong.
    Risk,
    /// What is spoken of most, subject by subject.
    Theme,
}

impl Rank {
    pub const ALL: [Self; 9] = [
        Self::Key,
        Self::Dispute,
        Self::Chronology,
        Self::Summary,
        Self::Decision,
        Self::Action,
        Self::Question,
        Self::Risk,
        Self::Theme,
    ];

    /// As templates name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Dispute => "dispute",
            Self::Chronology => "chronology",
            Self::Summary => "summary",
            Self::Decision => "decision",
            Self::Action => "action",
            Self::Question => "question",
            Self::Risk => "risk",
            Self::Theme => "theme",
        }
    }
}

/// One of the classes that a document may be of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// As it is shown and written into results.
    pub name: String,
    /// Words and phrases that speak for it, in any case; one that is given with a
    /// capital has it in the text, too.
    pub signs: Vec<String>,
}

/// What a field holds, by the kind of the job it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Of `extract`: a kind of fact that recognisers know too.
    Fact(FactKind),
    /// Of `extract`: any passage.
    Text,
    /// Of `select`.
    Sentence(Rank),
    /// Of `rewrite`; a tone of the person's own has no version by code.
    Tone(Option<Tone>),
    /// Of `classify`; [`Field::classes`] are the choices.
    Class,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The `kind` of its findings in result files.
    pub name: String,
    /// The heading over its findings.
    pub title: String,
    pub kind: FieldType,
    /// The question in the template's words.
    pub ask: String,
    /// Most answers: of `extract` in one chunk, of `select` in the whole document.
    pub max: usize,
    /// Of a field of dates, people or organisations: the roles that are to be
    /// given among what it finds.
    pub roles: Vec<Role>,
    /// Of `classify`: two or more.
    pub classes: Vec<Class>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    BuiltIn,
    File(PathBuf),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    pub name: String,
    pub title: String,
    pub description: String,
    pub kind: JobKind,
    pub fields: Vec<Field>,
    pub sampling: Sampling,
    /// Most tokens of one answer, at most [`MAX_ANSWER_TOKENS`].
    pub max_tokens: usize,
    /// The person's own variables, usable in both parts.
    pub variables: BTreeMap<String, String>,
    /// minijinja sources.
    pub system: String,
    pub user: String,
    /// Of the file's bytes, in lower-case hex.
    pub sha256: String,
    pub origin: Origin,
}

/// No answer may be longer, whatever a template says.
pub const MAX_ANSWER_TOKENS: usize = 2_048;

/// A mistake in a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{origin}, line {line}: {message}")]
pub struct TemplateError {
    /// File path, or the name of a built-in template.
    pub origin: String,
    /// Counted from 1.
    pub line: usize,
    /// A sentence: what is wrong and what is expected.
    pub message: String,
}
