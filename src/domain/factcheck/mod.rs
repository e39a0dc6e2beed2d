//! Comparing a rewritten paragraph with its source: every number, date, amount, name and
//! negation that was lost, added or altered. Pure code; it knows nothing of engines or of
//! how a version was made.

mod attributes;
mod entities;
mod faithful;
mod figures;
mod lexicon;
mod lock;
mod moments;
mod names;
mod opposites;
mod order;
mod parts;
mod polarity;
mod reading;
mod sense;
mod substitutes;
mod tokens;
mod weekdays;

use serde::{Deserialize, Serialize};

use crate::domain::recognise::{Context, view};
use crate::domain::span::ByteSpan;
use reading::Reading;

pub use faithful::{Tone, faithful, has_closing, has_greeting};
pub use figures::literals;
pub use lock::lock;

/// What happened to a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The source has it, the version does not.
    Lost,
    /// The version has it, the source does not.
    Added,
    /// The version has another one in its place.
    Altered,
    /// Both have both, but the version has one where the source has the other: who pays
    /// whom, or what is due when.
    Moved,
}

/// The classes of facts that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactClass {
    Number,
    Date,
    Amount,
    Name,
    /// A negation, or a switch between "may" and "must".
    Negation,
    /// What a number counts, or how often: days for weeks, a month for a year.
    Unit,
    /// "at least", "up to", "before" at a number or a date.
    Limit,
    /// A word that turns the sense: a condition or an exception, "all" for "some", an
    /// opposite.
    Sense,
}

impl FactClass {
    fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Amount => "amount",
            Self::Name => "name",
            Self::Negation | Self::Unit | Self::Limit | Self::Sense => "word",
        }
    }
}

/// Words of one of the two texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Wording {
    /// Byte offsets into the text that was compared. In a finding's notes that is, for a
    /// version, the finding's own text; for the source, the words of its first quote on
    /// one line: runs of white space are single spaces there, and printed line and page
    /// numbers left out.
    pub start: usize,
    pub end: usize,
    /// What stands there, with single spaces.
    pub text: String,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactChange {
    pub kind: ChangeKind,
    pub what: FactClass,
    /// `None` for what was added.
    pub source: Option<Wording>,
    /// `None` for what was lost.
    pub version: Option<Wording>,
}

impl FactChange {
    /// The change as a whole sentence: "The date 12 March 2024 is missing."
    #[must_use]
    pub fn describe(&self) -> String {
        let what = self.what.name();
        let text =
            |side: &Option<Wording>| side.as_ref().map_or(String::new(), |it| it.text.clone());
        let (source, version) = (text(&self.source), text(&self.version));
        let negation = matches!(
            self.what,
            FactClass::Negation | FactClass::Unit | FactClass::Limit | FactClass::Sense
        );
        let said = match self.kind {
            ChangeKind::Moved => {
                format!("The version has the {what} {version} where the source has {source}.")
            }
            ChangeKind::Lost if negation => {
                format!("The source says “{source}” here and the version does not.")
            }
            ChangeKind::Added if negation => {
                format!("The version says “{version}” where the source does not.")
            }
            ChangeKind::Altered if negation => format!("“{source}” became “{version}”."),
            ChangeKind::Lost => format!("The {what} {source} is missing."),
            ChangeKind::Added => format!("The {what} {version} is not in the source."),
            ChangeKind::Altered => format!("The {what} {source} became {version}."),
        };
        // "6.40 p.m." has its stop.
        said.strip_suffix("..").map_or_else(|| said.clone(), |bare| format!("{bare}."))
    }
}

/// All changes between a source and a version of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// In the order of their places: of the source first, then what was only added.
    pub changes: Vec<FactChange>,
}

/// Compares a version with its source, by value: "1 March 2026" is "March 1, 2026",
/// "$4,500" is "4,500 dollars", "ten" is 10.
///
/// A version may say once what the source says twice, and in another order. That two facts
/// changed places is told by the words around them, so it is not seen where both stand
/// among the same words ("Ms Hale and Mr Petrov met").
#[must_use]
pub fn compare(source: &str, version: &str) -> Comparison {
    let (source_view, version_view) = (view(source), view(version));
    // Read both by the customs of the source; a version of two sentences shows few.
    let context = Context::of(&source_view);
    let source = Side { text: source, view: &source_view, context };
    let version = Side { text: version, view: &version_view, context };
    let mut changes = figures::changes(&source, &version);
    changes.extend(weekdays::changes(&source, &version));
    changes.extend(names::changes(&source, &version));
    let (from, to) = (Reading::of(&source), Reading::of(&version));
    changes.extend(polarity::changes(&from, &to));
    changes.extend(attributes::changes(&from, &to));
    changes.extend(sense::changes(&from, &to));
    changes.extend(opposites::changes(&from, &to));
    changes.extend(substitutes::changes(&source, &version));
    changes.extend(order::changes(&from, &to));
    changes.sort_by(|a, b| place(a).cmp(&place(b)));
    changes.dedup_by(|a, b| a.source == b.source && a.version == b.version);
    Comparison { changes }
}

/// How much of the shorter of two texts is in the other one, by its words that carry
/// meaning: 0 is nothing, 1 all of it. Where a text has hardly such a word, any one that
/// is shared is enough for 1, and where it has none there is nothing to say.
#[must_use]
pub fn kinship(source: &str, version: &str) -> f64 {
    /// Of fewer words nothing can be said.
    const ENOUGH: usize = 4;
    let (source_view, version_view) = (view(source), view(version));
    let context = Context::of(&source_view);
    let from = Reading::of(&Side { text: source, view: &source_view, context }).stems();
    let to = Reading::of(&Side { text: version, view: &version_view, context }).stems();
    let fewer = from.len().min(to.len());
    let shared = from.intersection(&to).count();
    if fewer < ENOUGH {
        return if fewer > 0 && shared == 0 { 0.0 } else { 1.0 };
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words")]
    let share = shared as f64 / fewer as f64;
    share
}

fn place(change: &FactChange) -> (bool, &Option<Wording>, &Option<Wording>) {
    (change.source.is_none(), &change.source, &change.version)
}

/// One of the two texts.
struct Side<'a> {
    text: &'a str,
    /// As long as the text; see [`view()`].
    view: &'a str,
    context: Context,
}

impl Side<'_> {
    fn at(&self, span: ByteSpan) -> Wording {
        let text = span.slice(self.text).unwrap_or_default();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Wording { start: span.start, end: span.end, text }
    }
}

/// Makes changes of what was lost and added in one class: each loss takes the first
/// addition that `fits` it as what it was altered to.
fn pair_up<S, V>(
    what: impl Fn(&S) -> FactClass,
    lost: Vec<S>,
    mut added: Vec<V>,
    fits: impl Fn(&S, &V) -> bool,
    show_loss: impl Fn(&S) -> Wording,
    show_addition: impl Fn(&V) -> Wording,
) -> (Vec<FactChange>, Vec<V>) {
    let changes = lost
        .into_iter()
        .map(|loss| {
            let partner = added.iter().position(|it| fits(&loss, it)).map(|at| added.remove(at));
            let kind = if partner.is_some() { ChangeKind::Altered } else { ChangeKind::Lost };
            let version = partner.map(|it| show_addition(&it));
            FactChange { kind, what: what(&loss), source: Some(show_loss(&loss)), version }
        })
        .collect();
    (changes, added)
}

fn added(what: FactClass, version: Wording) -> FactChange {
    FactChange { kind: ChangeKind::Added, what, source: None, version: Some(version) }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod measured;
