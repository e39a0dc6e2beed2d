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
    /// A period of time, also one that is counted from something.
    Duration,
    /// A term that the document gives a meaning to.
    Definition,
    /// A mention of another part of the document.
    Reference,
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
            Self::Duration => "duration",
            Self::Definition => "definition",
            Self::Reference => "reference",
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
    /// "--03-01" for a date without a year), a range of dates
    /// ("2026-03-01/2026-03-15"), or a name as it stands. Of a duration its
    /// ISO 8601 form ("P2Y", "P30D"), followed by what it is counted from where
    /// that is said: "P2Y from the Effective Date", "P30D before the Closing".
    /// Of a definition the term without quotation marks, of a reference the
    /// part that is meant ("Section 4.2", "Exhibit B").
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
