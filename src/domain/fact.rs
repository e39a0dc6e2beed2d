//! What can be pulled out of a text: kinds of facts and their checked values.

use serde::{Deserialize, Serialize};

use super::span::ByteSpan;

/// The kinds of facts that recognisers find and that template fields ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactKind {
    Date,
    Amount,
    Person,
    Organisation,
    Obligation,
}

impl FactKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Amount => "amount",
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Obligation => "obligation",
        }
    }
}

/// A value that was parsed out of a quote, in the result file's notation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A sum of money: the figure with a point and no grouping ("4500.00",
    /// as many decimals as the source gives) and the ISO 4217 code, or the
    /// sign where the sign is shared by several currencies.
    Amount { amount: String, currency: String },
    /// An ISO 8601 date ("2026-03-01"), a partial one ("2026-03", "2026",
    /// "--03-01" for a date without a year), or a name as it stands.
    Text(String),
}

/// A fact that a recogniser found, without any model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub kind: FactKind,
    /// Into the text that was searched.
    pub span: ByteSpan,
    pub value: Option<Value>,
    /// The rule that found it ("date.written"), for tests and for the person.
    pub rule: &'static str,
    /// What is doubtful about it, as a sentence ("day and month could be the
    /// other way round", "words and figures disagree").
    pub doubt: Option<String>,
}
