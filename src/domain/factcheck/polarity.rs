//! Negations and modals: "may not assign" must not become "may assign", nor "must"
//! "may". Words are compared by what they govern, since a faithful version may move a
//! negation ("no payment was received", "the payment was not received").

mod words;

use super::{ChangeKind, FactChange, FactClass, Side, added};
use crate::domain::recognise::Language;
use crate::domain::span::ByteSpan;
use words::{Force, Token, force, is_content, is_negation, is_soft, is_switch, tokens};

/// A negation or a modal with the stems of the words that it governs.
struct Mark {
    span: ByteSpan,
    governs: Vec<String>,
    /// Of negations: "failed to", "without", which deny in another way.
    soft: bool,
}

/// Content words that a negation reaches, at most.
const REACH: usize = 4;

pub(super) fn changes(source: &Side<'_>, version: &Side<'_>) -> Vec<FactChange> {
    let (from, to) = (Text::read(source), Text::read(version));
    let mut changes = negations(source, &from, version, &to);
    changes.extend(modals(source, &from, version, &to));
    changes
}

struct Text<'a> {
    tokens: Vec<Token<'a>>,
    negations: Vec<Mark>,
    modals: Vec<(Mark, Force)>,
}

impl<'a> Text<'a> {
    fn read(side: &Side<'a>) -> Self {
        let tokens = tokens(side.view);
        let german = side.context.language == Language::German;
        let mut negations = Vec::new();
        let mut modals = Vec::new();
        for at in 0..tokens.len() {
            if is_negation(&tokens, at) || is_soft(&tokens[at]) {
                let soft = !is_negation(&tokens, at);
                let reach = if soft { 1 } else { REACH };
                let governs = if german { clause(&tokens, at) } else { ahead(&tokens, at, reach) };
                negations.push(Mark { span: tokens[at].span, governs, soft });
            }
            if let Some((last, force)) = force(&tokens, at) {
                let governs = if german { clause(&tokens, at) } else { ahead(&tokens, last, 1) };
                let span = ByteSpan::new(tokens[at].span.start, tokens[last].span.end);
                modals.push((Mark { span, governs, soft: false }, force));
            }
        }
        Self { tokens, negations, modals }
    }

    /// Whether the text has one of the stems outside the reach of every negation.
    fn affirms(&self, stems: &[String]) -> bool {
        stems.iter().any(|stem| {
            self.tokens.iter().any(|token| token.stem == *stem)
                && !self.negations.iter().any(|mark| mark.governs.contains(stem))
        })
    }
}

/// The stems of the next content words of the same clause.
fn ahead(tokens: &[Token<'_>], at: usize, count: usize) -> Vec<String> {
    let mut stems = Vec::new();
    for pair in tokens[at..].windows(2) {
        if pair[0].ends_clause || stems.len() == count {
            break;
        }
        if is_content(&pair[1]) {
            stems.push(pair[1].stem.clone());
        }
    }
    stems
}

/// The stems of all content words of the clause: a German verb may stand at its end.
fn clause(tokens: &[Token<'_>], at: usize) -> Vec<String> {
    let start = tokens[..at].iter().rposition(|token| token.ends_clause).map_or(0, |it| it + 1);
    let end = tokens[at..]
        .iter()
        .position(|token| token.ends_clause)
        .map_or(tokens.len(), |it| at + it + 1);
    tokens[start..end]
        .iter()
        .filter(|token| is_content(token))
        .map(|token| token.stem.clone())
        .collect()
}

fn share(a: &[String], b: &[String]) -> bool {
    a.iter().any(|stem| b.contains(stem))
}

fn negations(
    source: &Side<'_>,
    from: &Text<'_>,
    version: &Side<'_>,
    to: &Text<'_>,
) -> Vec<FactChange> {
    let lost = unmatched(from, to).map(|mark| FactChange {
        kind: ChangeKind::Lost,
        what: FactClass::Negation,
        source: Some(source.at(mark.span)),
        version: None,
    });
    let new = unmatched(to, from).map(|mark| added(FactClass::Negation, version.at(mark.span)));
    lost.chain(new).collect()
}

/// The negations of one text that the other lacks: it denies nothing at all, or it says
/// without a negation what is denied here.
fn unmatched<'a>(here: &'a Text<'_>, there: &'a Text<'_>) -> impl Iterator<Item = &'a Mark> {
    here.negations.iter().filter(|mark| {
        let matched = there.negations.iter().any(|other| share(&mark.governs, &other.governs));
        let silent = there.negations.is_empty() && !mark.soft;
        !matched && (silent || there.affirms(&mark.governs))
    })
}

fn modals(
    source: &Side<'_>,
    from: &Text<'_>,
    version: &Side<'_>,
    to: &Text<'_>,
) -> Vec<FactChange> {
    let altered = |a: &Mark, b: &Mark| FactChange {
        kind: ChangeKind::Altered,
        what: FactClass::Negation,
        source: Some(source.at(a.span)),
        version: Some(version.at(b.span)),
    };
    let mut changes: Vec<FactChange> = from
        .modals
        .iter()
        .filter_map(|(mark, force)| {
            let same: Vec<&(Mark, Force)> =
                to.modals.iter().filter(|(it, _)| share(&it.governs, &mark.governs)).collect();
            let kept = same.iter().any(|(_, other)| !is_switch(*force, *other));
            (!kept).then_some(())?;
            same.first().map(|(other, _)| altered(mark, other))
        })
        .collect();
    if changes.is_empty() {
        // Other verbs throughout: a text that only obliges against one that only permits.
        let all = |text: &Text<'_>, force: Force| {
            !text.modals.is_empty() && text.modals.iter().all(|it| it.1 == force)
        };
        let swapped = all(from, Force::Duty) && all(to, Force::Leave)
            || all(from, Force::Leave) && all(to, Force::Duty);
        if let (true, Some(a), Some(b)) = (swapped, from.modals.first(), to.modals.first()) {
            changes.push(altered(&a.0, &b.0));
        }
    }
    changes
}
