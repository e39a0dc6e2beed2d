//! Comparing a rewritten paragraph with its source: every number, date, amount, name and
//! negation that was lost, added or altered. Pure code; it knows nothing of engines or of
//! how a version was made.

mod faithful;
mod figures;
mod names;
mod polarity;
mod weekdays;

use crate::domain::recognise::{Context, view};
use crate::domain::span::ByteSpan;

pub use faithful::{Tone, faithful};
pub use figures::literals;

/// What happened to a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The source has it, the version does not.
    Lost,
    /// The version has it, the source does not.
    Added,
    /// The version has another one in its place.
    Altered,
}

/// The classes of facts that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactClass {
    Number,
    Date,
    Amount,
    Name,
    /// A negation, or a switch between "may" and "must".
    Negation,
}

impl FactClass {
    fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Amount => "amount",
            Self::Name => "name",
            Self::Negation => "word",
        }
    }
}

/// One change. The spans are byte offsets into the source and the version; the strings
/// are what stands there, with single spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactChange {
    pub kind: ChangeKind,
    pub what: FactClass,
    /// `None` for what was added.
    pub source: Option<(ByteSpan, String)>,
    /// `None` for what was lost.
    pub version: Option<(ByteSpan, String)>,
}

impl FactChange {
    /// The change as a whole sentence: "The date 12 March 2024 is missing."
    #[must_use]
    pub fn describe(&self) -> String {
        let what = self.what.name();
        let text = |side: &Option<(ByteSpan, String)>| {
            side.as_ref().map_or(String::new(), |it| it.1.clone())
        };
        let (source, version) = (text(&self.source), text(&self.version));
        let negation = self.what == FactClass::Negation;
        match self.kind {
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
        }
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
/// Facts are compared as sets, so a version may say once what the source says twice. What
/// cannot be seen this way: two facts that changed places with each other.
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
    changes.extend(polarity::changes(&source, &version));
    changes.sort_by_key(|change| {
        let place = |side: &Option<(ByteSpan, String)>| side.as_ref().map(|it| it.0);
        (change.source.is_none(), place(&change.source), place(&change.version))
    });
    Comparison { changes }
}

/// One of the two texts.
struct Side<'a> {
    text: &'a str,
    /// As long as the text; see [`view()`].
    view: &'a str,
    context: Context,
}

impl Side<'_> {
    /// A span with what stands there, with single spaces.
    fn at(&self, span: ByteSpan) -> (ByteSpan, String) {
        let text = span.slice(self.text).unwrap_or_default();
        (span, text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// Makes changes of what was lost and added in one class: each loss takes the first
/// addition that `fits` it as what it was altered to.
fn pair_up<S, V>(
    what: impl Fn(&S) -> FactClass,
    lost: Vec<S>,
    mut added: Vec<V>,
    fits: impl Fn(&S, &V) -> bool,
    show_loss: impl Fn(&S) -> (ByteSpan, String),
    show_addition: impl Fn(&V) -> (ByteSpan, String),
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

fn added(what: FactClass, version: (ByteSpan, String)) -> FactChange {
    FactChange { kind: ChangeKind::Added, what, source: None, version: Some(version) }
}

#[cfg(test)]
mod tests;
