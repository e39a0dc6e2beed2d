//! Figures that do not agree: reports of the same thing side by side, and the same
//! statement made twice with another number.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::accounts::neighbours;
use super::clauses::is_rule;
use super::{Case, Pair};
use crate::domain::fact::{FactKind, Value};
use crate::domain::job::select::cues;
use crate::domain::job::select::reading::{Form, Voice};
use crate::domain::job::select::score::is_question;
use crate::domain::job::select::words;
use crate::domain::recognise::is_month;

/// A number that counts or measures something.
#[derive(Debug, Clone, PartialEq)]
struct Figure<'a> {
    /// As it is written, with its sign of currency.
    shown: &'a str,
    /// The digits without grouping.
    digits: String,
    currency: Option<char>,
    /// The word behind it, folded.
    unit: Option<String>,
}

static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<sign>[£$€])?\s?(?P<n>\d+(?:[,.]\d+)*)(?P<end>st|nd|rd|th|%)?(?:[ \u{a0}](?P<unit>\p{L}+))?")
        .expect("the pattern is fixed")
});

/// What a number names when it stands behind these words.
static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:sections?|clauses?|articles?|exhibits?|schedules?|annex|appendix|pages?|part|items?|no\.?|number|version|episode|figure|table|paragraphs?|chapter|milestone|series|room|bay|eip|pr|issue|form|rule|act of|ziffer|artikel|§+|art\.?|p\.|#)\s*$")
        .expect("the pattern is fixed")
});

fn figures(said: &str) -> Vec<Figure<'_>> {
    FIGURE.captures_iter(said).filter_map(|found| figure(said, &found)).collect()
}

fn figure<'a>(said: &'a str, found: &regex::Captures<'a>) -> Option<Figure<'a>> {
    let number = found.name("n")?;
    let (before, after) = (&said[..number.start()], &said[number.end()..]);
    let sign = found.name("sign").and_then(|sign| sign.as_str().chars().next());
    let glued = |c: char| c.is_alphanumeric() || "#/:@_-–.=?&".contains(c);
    if sign.is_none() && before.ends_with(glued) || after.starts_with([':', '/', '_']) {
        return None;
    }
    let is_label = sign.is_none()
        && (before.chars().all(|c| !c.is_alphanumeric())
            || number.as_str().matches('.').count() > 1
            || before.ends_with(")(")
            || unit_less(before, after));
    let ordinal = found.name("end").is_some_and(|end| end.as_str() != "%");
    let unit = found.name("unit").map(|unit| unit.as_str());
    let previous = words::words(before).last().unwrap_or_default();
    let digits: String = number.as_str().chars().filter(char::is_ascii_digit).collect();
    let year = sign.is_none()
        && number.as_str().len() == 4
        && (number.as_str().starts_with("19") || number.as_str().starts_with("20"));
    let dated = year || is_month(previous) || unit.is_some_and(is_month);
    if is_label || ordinal || dated || NAMES.is_match(before.trim_end()) || digits.len() > 15 {
        return None;
    }
    let shown = &said
        [sign.and_then(|_| found.name("sign")).map_or(number.start(), |s| s.start())..number.end()];
    Some(Figure { shown, digits, currency: sign, unit: unit.and_then(words::folded) })
}

/// "(A)", "(2)", "12.3(1)": a small number in brackets is the label of an item.
fn unit_less(before: &str, after: &str) -> bool {
    let spelled = before.trim_end_matches('(').ends_with(char::is_whitespace);
    before.ends_with('(') && after.starts_with(')') && !spelled
}

impl Figure<'_> {
    fn value(&self) -> f64 {
        self.digits.parse().unwrap_or(0.0)
    }

    /// Whether both may be of the same thing.
    fn is_comparable(&self, other: &Self) -> bool {
        let agree = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || a == b;
        agree(&self.unit, &other.unit) && (self.currency == other.currency)
    }

    /// How near two different figures are: 1 where the same digits are turned round.
    fn nearness(&self, other: &Self) -> f64 {
        let sorted = |figure: &Self| {
            let mut digits: Vec<char> = figure.digits.chars().collect();
            digits.sort_unstable();
            digits
        };
        if self.digits.len() >= 3 && sorted(self) == sorted(other) {
            return 1.0;
        }
        let (a, b) = (self.value(), other.value());
        if a.max(b) > 0.0 { a.min(b) / a.max(b) } else { 0.0 }
    }
}

/// What differs in the figures of two accounts of one thing, as a sentence.
pub(super) fn differ(left: &str, right: &str) -> Option<String> {
    nearest(left, right).filter(|(near, _)| *near >= 0.6).map(|(_, why)| why)
}

/// The two figures that are most likely of the same thing and not the same.
fn nearest(left: &str, right: &str) -> Option<(f64, String)> {
    let (left, right) = (figures(left), figures(right));
    let alone = |own: &Figure<'_>, others: &[Figure<'_>]| {
        !others.iter().any(|other| other.digits == own.digits)
    };
    let mut best: Option<(f64, String)> = None;
    for a in left.iter().filter(|a| alone(a, &right)) {
        for b in right.iter().filter(|b| alone(b, &left) && a.is_comparable(b)) {
            let near = a.nearness(b);
            if best.as_ref().is_none_or(|(known, _)| near > *known) {
                best = Some((near, format!("One says {}, the other {}.", a.shown, b.shown)));
            }
        }
    }
    best
}

pub(super) fn pairs(case: &Case<'_>) -> Vec<Pair> {
    let mut pairs = reports(case);
    pairs.extend(repeated(case));
    pairs.extend(terms(case));
    pairs
}

/// Reports side by side, in one paragraph or turn: "I have 12. The list says 11."
fn reports(case: &Case<'_>) -> Vec<Pair> {
    /// Nearness that is told where only one of the two is somebody's report.
    const TIGHT: f64 = 0.9;
    const LOOSE: f64 = 0.7;
    let sentences = &case.reading.sentences;
    let mut pairs = Vec::new();
    for at in 0..sentences.len() {
        for next in (at + 1..sentences.len()).take(2) {
            let (a, b) = (&sentences[at], &sentences[next]);
            let together = a.block == b.block || a.turn.is_some() && a.turn == b.turn;
            if !together || is_rule(&a.said) || is_rule(&b.said) || !a.form.is_said() {
                continue;
            }
            let told = [&a.said, &b.said].iter().filter(|said| cues::quotes_somebody(said)).count();
            let least = match told {
                0 => continue,
                1 => TIGHT,
                _ => LOOSE,
            };
            if let Some((_, why)) = nearest(&a.said, &b.said).filter(|(near, _)| *near >= least) {
                let weight = if told == 2 { 3.5 } else { 3.0 };
                pairs.push(Pair { first: a.span, second: b.span, told: [at, next], why, weight });
            }
        }
    }
    pairs
}

/// The same statement with another number somewhere else in the document.
fn repeated(case: &Case<'_>) -> Vec<Pair> {
    let sentences = &case.reading.sentences;
    let states = |at: usize| {
        let sentence = &sentences[at];
        matches!(sentence.form, Form::Prose | Form::Item)
            && sentence.words.len() >= 3
            && !is_question(sentence)
            && case.reading.voice(sentence) != Voice::Question
            && sentence.said.ends_with(['.', ';', '!', '"', '”', ')'])
            && sentence.said.bytes().any(|b| b.is_ascii_digit())
    };
    let mut pairs = Vec::new();
    for (at, other) in neighbours(case, states) {
        let (a, b) = (&sentences[at], &sentences[other]);
        let rules = [a, b].iter().any(|s| cues::is_no_account(&s.said) || is_rule(&s.said));
        let alike = words::likeness(&a.words, &b.words);
        // A rule of one party is like that of the other but for a name; only the very
        // same words make it the same rule.
        let differ = a.words.len() + b.words.len() - 2 * words::shared(&a.words, &b.words);
        let enough =
            if rules { differ == 0 && a.words.len() >= 4 } else { differ <= 2 && alike >= 0.7 };
        // Rows and instalments stand beside each other and differ on purpose.
        if !enough || other - at <= 2 || a.block == b.block {
            continue;
        }
        let (left, right) = (figures(&a.said), figures(&b.said));
        let differing = left.iter().zip(&right).filter(|(a, b)| a.digits != b.digits).count();
        if left.len() != right.len() || differing != 1 {
            continue;
        }
        if let Some((_, why)) = nearest(&a.said, &b.said) {
            let weight = 2.0 + alike;
            pairs.push(Pair { first: a.span, second: b.span, told: [at, other], why, weight });
        }
    }
    pairs
}

/// "the Purchase Price is", "an Annual Fee of".
static TERM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<term>\p{Lu}[\p{L}-]+(?:\s+\p{Lu}[\p{L}-]+){1,3})\s+(?:is|of|means|equals|in\s+the\s+amount\s+of|amounts\s+to|shall\s+be)\s*$")
        .expect("the pattern is fixed")
});

/// A named sum that is not the same in two places.
fn terms(case: &Case<'_>) -> Vec<Pair> {
    let mut known: BTreeMap<String, Vec<(usize, String, String)>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (at, sentence) in case.reading.sentences.iter().enumerate() {
        let facts = case.reading.facts_in(sentence);
        let sums: Vec<_> = facts.iter().filter(|fact| fact.kind == FactKind::Amount).collect();
        // Of several sums in a sentence it is not clear which is the term's.
        let [sum] = sums.as_slice() else { continue };
        let Some(Value::Amount { amount, currency }) = &sum.value else { continue };
        let before = case.text.get(sentence.span.start..sum.span.start).unwrap_or_default();
        let Some(term) = TERM.captures(before.trim_end()).map(|found| found["term"].to_owned())
        else {
            continue;
        };
        let places = known.entry(term.clone()).or_default();
        let same = |number: &str| {
            number.trim_end_matches('0').trim_end_matches('.')
                == amount.trim_end_matches('0').trim_end_matches('.')
        };
        if let Some((other, number, _)) = places.iter().find(|(other, number, code)| {
            let alike = words::likeness(&case.reading.sentences[*other].words, &sentence.words);
            *code == *currency && !same(number) && alike >= 0.35
        }) {
            let why = format!("{term} is {number} {currency} here and {amount} {currency} there.");
            let first = case.span(*other);
            pairs.push(Pair { first, second: sentence.span, told: [*other, at], why, weight: 3.0 });
        }
        places.push((at, amount.clone(), currency.clone()));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_years_and_numbers_of_clauses_are_no_figures() {
        let said = "On 3 March 2026 and on the 31st, under Section 4 at 11:42, 212,000 pages came.";
        let shown: Vec<&str> = figures(said).iter().map(|f| f.shown).collect();
        assert_eq!(shown, ["212,000"]);
    }

    #[test]
    fn figures_of_different_things_do_not_differ() {
        assert_eq!(differ("It has 12 windows.", "It has 11 doors."), None);
        assert_eq!(
            differ("We counted 40 units.", "The list shows 38 units."),
            Some("One says 40, the other 38.".to_owned())
        );
    }
}
