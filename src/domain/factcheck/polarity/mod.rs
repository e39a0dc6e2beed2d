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
    /// How many of them it denies before all others: the verb behind "not", the noun and
    /// the verb behind "no".
    heads: usize,
    /// Of negations: "failed to", "without", which deny in another way.
    soft: bool,
    word: String,
}

/// Content words that a negation reaches, at most.
const REACH: usize = 4;

pub(super) fn changes(source: &Side<'_>, version: &Side<'_>) -> Vec<FactChange> {
    let (from, to) = (Text::read(source), Text::read(version));
    let mut changes = negations(source, &from, version, &to);
    changes.extend(modals(source, &from, version, &to));
    changes.extend(bounds(source, &from, version, &to));
    changes
}

/// "no more than $500" that became "more than $500", or the other way round.
fn bounds(
    source: &Side<'_>,
    from: &Text<'_>,
    version: &Side<'_>,
    to: &Text<'_>,
) -> Option<FactChange> {
    let (a, b) = (from.bounds(), to.bounds());
    let turned = |one: &(ByteSpan, &str, bool), all: &[(ByteSpan, &str, bool)]| {
        !all.iter().any(|it| it.1 == one.1 && it.2 == one.2)
    };
    let (old, new) = a.iter().find_map(|old| {
        let new = b
            .iter()
            .find(|new| new.1 == old.1 && new.2 != old.2 && turned(new, &a) && turned(old, &b))?;
        Some((old.0, new.0))
    })?;
    Some(FactChange {
        kind: ChangeKind::Altered,
        what: FactClass::Negation,
        source: Some(source.at(old)),
        version: Some(version.at(new)),
    })
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
                let word = tokens[at].lower.clone();
                let heads = if german {
                    governs.len()
                } else if matches!(word.as_str(), "no" | "none" | "neither") {
                    2
                } else {
                    1
                };
                negations.push(Mark { span: tokens[at].span, governs, heads, soft, word });
            }
            if let Some((last, force)) = force(&tokens, at) {
                let governs = if german { clause(&tokens, at) } else { ahead(&tokens, last, 1) };
                let span = ByteSpan::new(tokens[at].span.start, tokens[last].span.end);
                let word = tokens[at].lower.clone();
                modals.push((Mark { span, governs, heads: 1, soft: false, word }, force));
            }
        }
        Self { tokens, negations, modals }
    }

    /// Comparatives with "than": place, word, and whether "no" or "not" stands before.
    fn bounds(&self) -> Vec<(ByteSpan, &str, bool)> {
        self.tokens
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| {
                pair[1].lower == "than"
                    && matches!(
                        pair[0].lower.as_str(),
                        "more" | "less" | "fewer" | "later" | "earlier"
                    )
            })
            .map(|(at, pair)| {
                let before = at.checked_sub(1).map(|it| &self.tokens[it]);
                let negated =
                    before.filter(|word| matches!(word.lower.as_str(), "no" | "not" | "never"));
                let start = negated.map_or(pair[0].span.start, |word| word.span.start);
                (ByteSpan::new(start, pair[1].span.end), pair[0].lower.as_str(), negated.is_some())
            })
            .collect()
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
        let matched = there.negations.iter().any(|other| {
            share(&mark.governs, &other.governs) || mark.soft && mark.word == other.word
        });
        let silent = there.negations.is_empty() && !mark.soft;
        !matched && (silent || there.affirms(&mark.governs[..mark.heads.min(mark.governs.len())]))
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
