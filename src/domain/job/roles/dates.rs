//! Which date has which role: the signs of all dates are weighed against each
//! other, and what refers to another date of the document is followed. Knows
//! nothing of findings or of a model.

use std::collections::BTreeMap;

use super::agreement::is_agreement;
use super::clause::{Clause, folded};
use super::derived;
use super::references;
use super::signs::{self, Position, REFERRED, SIGNATURE, Sign, Weight};
use super::term;
use crate::domain::finding::Role;
use crate::domain::recognise::Formula;
use crate::domain::span::ByteSpan;

/// A date of the document, as the recognisers found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dated<'a> {
    pub span: ByteSpan,
    /// In ISO 8601 notation, partial or a range perhaps; none of a blank.
    pub value: Option<&'a str>,
}

/// What the rules take for the date of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub at: At,
    /// ISO 8601, partial where the document leaves parts blank.
    pub value: Option<String>,
    /// A sentence.
    pub why: String,
    pub weight: Weight,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Date(ByteSpan),
    /// Reckoned from a formula, from the date of another role where one is known.
    Formula {
        formula: ByteSpan,
        base: Option<ByteSpan>,
    },
}

/// A date that may have a role, with the words around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub span: ByteSpan,
    /// ISO 8601: a whole day, or a range of two.
    pub value: String,
    /// Words of its sentence on either side.
    pub before: String,
    pub after: String,
    /// By role, what speaks for it.
    pub weights: BTreeMap<Role, Weight>,
}

/// What the rules say of the dates of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Dates {
    pub answers: BTreeMap<Role, Answer>,
    /// Where a role has no date and the document says why: a sentence.
    pub without: BTreeMap<Role, String>,
    /// The dates that can have a role at all, in reading order.
    pub candidates: Vec<Candidate>,
}

/// A date, the words around it and what they say.
struct Weighed<'a> {
    date: Dated<'a>,
    clause: Clause,
    signs: Vec<Sign>,
}

/// `view` is what [`crate::domain::recognise::view()`] made of the text;
/// `dates` and `formulas` are sorted by place.
pub(super) fn judge(view: &str, dates: &[Dated<'_>], formulas: &[Formula]) -> Dates {
    if !is_agreement(view) {
        return Dates::default();
    }
    let weighed = weigh(view, dates);
    let mut answers = BTreeMap::new();
    for role in Role::DATES {
        answers.extend(best(view, &weighed, role).map(|answer| (role, answer)));
    }
    let mut without = BTreeMap::new();
    refer(view, &weighed, &mut answers);
    let has_end = answers.contains_key(&Role::ExpirationDate);
    if !has_end && let Some(end) = derived::expiration(view, dates, formulas, &answers) {
        answers.insert(Role::ExpirationDate, end);
    }
    let has_end = answers.contains_key(&Role::ExpirationDate);
    if !has_end && let Some(said) = references::without_end(view) {
        without.insert(Role::ExpirationDate, said);
    }
    let has_beginning = answers.contains_key(&Role::EffectiveDate);
    if !has_beginning && let Some(said) = references::without_beginning(view) {
        without.insert(Role::EffectiveDate, said);
    }
    Dates { answers, without, candidates: weighed.into_iter().filter_map(candidate).collect() }
}

fn weigh<'a>(view: &str, dates: &[Dated<'a>]) -> Vec<Weighed<'a>> {
    let mut first = true;
    let end_of_signatures = signs::end_of_signatures(view);
    let mut weighed = Vec::new();
    for date in dates {
        let clause = Clause::around(view, date.span);
        let position = Position {
            start: date.span.start,
            first,
            late: date.span.start > view.len() / 2,
            attached: date.span.start > end_of_signatures,
        };
        let mut signs = signs::signs(&clause, position);
        if let Some((from, to)) = date.value.and_then(|value| value.split_once('/')) {
            signs.retain(|sign| sign.role != Role::AgreementDate);
            if is_day(from) && is_day(to) && term::is_term(&clause) {
                let of = |role| Sign { role, weight: signs::SAID, why: "The term is given so" };
                signs.extend([of(Role::EffectiveDate), of(Role::ExpirationDate)]);
            }
        }
        first &= date.value.is_none_or(|value| !is_day(value));
        weighed.push(Weighed { date: *date, clause, signs });
    }
    weighed
}

/// A whole day in ISO 8601 notation.
pub(super) fn is_day(value: &str) -> bool {
    value.len() == 10 && !value.starts_with('-') && !value.contains('/')
}

/// Of a role's dates the one with most weight; of several the first, beside
/// signatures the last day, since an agreement is made when all have signed.
fn best(view: &str, weighed: &[Weighed<'_>], role: Role) -> Option<Answer> {
    let of_role = weighed.iter().filter_map(|weighed| {
        let sign = weighed.signs.iter().find(|sign| sign.role == role)?;
        Some((weighed, sign))
    });
    let candidates: Vec<(&Weighed<'_>, &Sign)> = of_role.collect();
    let most = candidates.iter().map(|(_, sign)| sign.weight).max()?;
    let mut best = candidates.into_iter().filter(|(_, sign)| sign.weight == most);
    let (chosen, sign) = if most == SIGNATURE {
        // `max_by_key` takes the last of equal ones, which is as good.
        best.filter(|(weighed, _)| weighed.date.value.is_some_and(is_day))
            .max_by_key(|(weighed, _)| weighed.date.value)?
    } else {
        best.next()?
    };
    Some(answer(view, chosen.date, role, sign))
}

fn answer(view: &str, date: Dated<'_>, role: Role, sign: &Sign) -> Answer {
    Answer {
        at: At::Date(date.span),
        value: date.value.map(|value| day_of(value, role).to_owned()),
        why: format!("{}: “{}”.", sign.why, snippet(view, date.span)),
        weight: sign.weight,
    }
}

/// The day of a value that a role has: of a range its first or its last.
pub(super) fn day_of(value: &str, role: Role) -> &str {
    match (value.split_once('/'), role) {
        (Some((_, last)), Role::ExpirationDate) => last,
        (Some((first, _)), _) => first,
        (None, _) => value,
    }
}

/// A date with a few of its own line's words.
fn snippet(view: &str, span: ByteSpan) -> String {
    let clause = Clause::around(view, span);
    let before: Vec<&str> = clause.before.split(' ').rev().take(7).collect();
    let before: Vec<&str> = before.into_iter().rev().collect();
    let after: Vec<&str> = clause.after.split(' ').take(4).collect();
    let date = folded(span.slice(view).unwrap_or_default());
    let join = if clause.after.starts_with([',', '.', ')', ';']) { "" } else { " " };
    format!("{} {date}{join}{}", before.join(" "), after.join(" ")).trim().to_owned()
}

/// The effective date where it is said by another: "the date first above
/// written", "upon execution".
fn refer(view: &str, weighed: &[Weighed<'_>], answers: &mut BTreeMap<Role, Answer>) {
    let weight = answers.get(&Role::EffectiveDate).map_or(0, |answer| answer.weight);
    if weight > REFERRED {
        return;
    }
    let Some(reference) = references::effective(view) else { return };
    let signed = best_signature(view, weighed).filter(|_| reference.to_signatures);
    let Some(to) = signed.or_else(|| answers.get(&Role::AgreementDate).cloned()) else { return };
    let why = format!("It is in force from the agreement date: “{}”.", reference.words);
    answers.insert(Role::EffectiveDate, Answer { why, weight: REFERRED, ..to });
}

/// The last day beside a signature, whatever else speaks for another.
fn best_signature(view: &str, weighed: &[Weighed<'_>]) -> Option<Answer> {
    let signs = weighed.iter().filter_map(|weighed| {
        let day = weighed.date.value.filter(|value| is_day(value))?;
        let sign = weighed.signs.iter().find(|sign| sign.weight == SIGNATURE)?;
        Some((day, weighed, sign))
    });
    let (_, weighed, sign) = signs.max_by_key(|(day, ..)| *day)?;
    Some(answer(view, weighed.date, Role::AgreementDate, sign))
}

fn candidate(weighed: Weighed<'_>) -> Option<Candidate> {
    let Weighed { date, clause, signs } = weighed;
    let weights: BTreeMap<Role, Weight> =
        signs.iter().map(|sign| (sign.role, sign.weight)).collect();
    let value = date.value.filter(|value| is_day(day_of(value, Role::ExpirationDate)))?.to_owned();
    let (before, after) = (last_words(&clause.before), first_words(&clause.after));
    Some(Candidate { span: date.span, value, before, after, weights })
}

fn last_words(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    words[words.len().saturating_sub(14)..].join(" ")
}

fn first_words(text: &str) -> String {
    text.split(' ').take(8).collect::<Vec<_>>().join(" ")
}
