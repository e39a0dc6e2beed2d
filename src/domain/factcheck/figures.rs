//! Numbers, dates and amounts of both texts, by value.

use std::sync::LazyLock;

use regex::Regex;

use super::moments::{ends_of_range, months, open_range, times};
use super::{ChangeKind, FactChange, FactClass, Side, added, pair_up};
use crate::domain::fact::{Fact, Value};
use crate::domain::recognise::{
    self, ENGLISH_WORDS, GERMAN_PARTS, Language, english_number, figure_value, german_number,
    pattern, plain_number, scaled_number,
};
use crate::domain::span::ByteSpan;

/// A number, date or amount somewhere in one of the texts.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    pub class: FactClass,
    pub span: ByteSpan,
    pub value: String,
    pub currency: String,
    /// It can stand for a number of the other text but is not asked for itself: "one",
    /// "first".
    pub weak: bool,
}

/// A word with a digit in it.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:\p{L}+[-_/]?)*\d[\p{L}\p{N}]*(?:[.,:/'’_–-]?[\p{L}\p{N}]*\d[\p{L}\p{N}]*)*")
});

static SPELLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:an?\s+(?:hundred|thousand|million|billion)|{ENGLISH_WORDS})\b(?:(?:-|\s+and\s+|\s+)(?:{ENGLISH_WORDS})\b)*"
    ))
});

static SPELLED_GERMAN: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)\b(?:{GERMAN_PARTS})+\b")));

static ORDINAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b")
});

static TWICE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:twice|thrice)\b"));

static SPELLED_ROMANCE: LazyLock<Regex> = LazyLock::new(|| {
    let word = recognise::romance_word();
    pattern(&format!(r"(?i)\b{word}\b(?:(?:-|\s+(?:et|y|e)\s+|\s+){word}\b)*"))
});

static PERCENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s?(?:%|per\s?cent\b|Prozent\b|pour\s?cent\b|por\s?ci?ento\b|per\s?cento\b|por\s?cento\b|v\.\s?H\.)",
    )
});

static SCALE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s?(?:(?P<t>thousand|tausend)|(?P<m>million|millionen|mio)|(?P<b>billion|milliarden|mrd))\b",
    )
});

/// The numbers, dates and amounts of a text, in order.
pub(super) fn atoms(side: &Side<'_>) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = recognise::dates(side.view, side.context)
        .into_iter()
        .filter(|fact| fact.rule != "date.year" && !is_month_and_count(side, fact.span))
        .chain(recognise::amounts(side.view, side.context))
        .filter_map(of_fact)
        .collect();
    atoms = atoms.into_iter().flat_map(|atom| ends_of_range(side, atom)).collect();
    for more in [times(side), months(side), digits(side), words(side)] {
        let free: Vec<Atom> = more
            .into_iter()
            .filter(|it| !atoms.iter().any(|other| other.span.overlaps(it.span)))
            .collect();
        atoms.extend(free);
    }
    atoms.sort_by_key(|atom| atom.span);
    for at in 1..atoms.len() {
        let (left, right) = atoms.split_at_mut(at);
        open_range(side, &mut left[at - 1], &right[0]);
    }
    atoms
}

/// The boundaries of patterns know no letters with accents.
fn is_whole_word(view: &str, at: std::ops::Range<usize>) -> bool {
    let letter = |c: char| c.is_alphabetic();
    !view[..at.start].ends_with(letter) && !view[at.end..].starts_with(letter)
}

/// "40 in March, 25 in May": the comma parts a month from a number.
fn is_month_and_count(side: &Side<'_>, span: ByteSpan) -> bool {
    let text = span.slice(side.view).unwrap_or_default();
    let Some((month, day)) = text.split_once(", ") else { return false };
    month.chars().all(char::is_alphabetic)
        && day.len() <= 2
        && day.chars().all(|c| c.is_ascii_digit())
}

fn of_fact(fact: Fact) -> Option<Atom> {
    let (class, value, currency) = match fact.value? {
        Value::Text(date) => (FactClass::Date, date, String::new()),
        Value::Amount { amount, currency } => {
            (FactClass::Amount, plain_number(&amount).to_owned(), currency)
        }
    };
    Some(Atom { class, span: fact.span, value, currency, weak: false })
}

pub(super) fn number(span: ByteSpan, value: impl Into<String>, weak: bool) -> Atom {
    Atom { class: FactClass::Number, span, value: value.into(), currency: String::new(), weak }
}

fn digits(side: &Side<'_>) -> Vec<Atom> {
    DIGITS
        .find_iter(side.view)
        .flat_map(|found| {
            let span = ByteSpan::new(found.start(), found.end());
            digit_word(side, span, found.as_str())
        })
        .collect()
}

/// The numbers of one word with digits: "90", "2-3", "40kg", "3rd", "INV-2024-001".
fn digit_word(side: &Side<'_>, span: ByteSpan, word: &str) -> Vec<Atom> {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 && word.contains(['-', '–', '/']) {
        let mut at = span.start;
        return word
            .split_inclusive(['-', '–', '/'])
            .filter_map(|part| {
                let start = at;
                at += part.len();
                let figure = part.trim_end_matches(['-', '–', '/']);
                (!figure.is_empty())
                    .then(|| figure_atom(side, ByteSpan::new(start, start + figure.len()), figure))
            })
            .collect();
    }
    let head = word.trim_end_matches(char::is_alphabetic);
    let tail = &word[head.len()..];
    let unit = head.chars().all(|c| !c.is_alphabetic()) && tail.chars().count() <= 3;
    if unit {
        return vec![figure_atom(side, ByteSpan::new(span.start, span.start + head.len()), head)];
    }
    vec![number(span, word.to_uppercase(), false)]
}

fn figure_atom(side: &Side<'_>, span: ByteSpan, figure: &str) -> Atom {
    let right = &side.view[span.end..];
    let time = figure.contains(':');
    let value = if time { None } else { figure_value(figure, side.context.language) };
    let mut value = value.unwrap_or_else(|| figure.to_owned());
    let mut span = span;
    if let Some(scale) = SCALE.captures(right) {
        let places = ["t", "m", "b"]
            .iter()
            .position(|group| scale.name(group).is_some())
            .map_or(0, |at| 3 * (at + 1));
        value = scaled_number(&value, places);
        span.end += scale.get_match().len();
    } else if let Some(percent) = PERCENT.find(right) {
        value = format!("{}%", plain_number(&value));
        span.end += percent.end();
    }
    number(span, plain_number(&value).to_owned(), false)
}

fn words(side: &Side<'_>) -> Vec<Atom> {
    let german = side.context.language == Language::German;
    let romance = side.context.language.is_romance();
    let pattern = match () {
        () if german => &SPELLED_GERMAN,
        () if romance => &SPELLED_ROMANCE,
        () => &SPELLED,
    };
    let mut atoms: Vec<Atom> = pattern
        .find_iter(side.view)
        .filter(|found| is_whole_word(side.view, found.range()))
        // "of the" in Portuguese.
        .filter(|found| !(found.as_str() == "dos" && side.context.language == Language::Portuguese))
        .filter_map(|found| {
            let value = if german {
                german_number(found.as_str())
            } else if romance {
                recognise::romance_number(found.as_str())
            } else {
                english_number(found.as_str())
            }?;
            let mut span = ByteSpan::new(found.start(), found.end());
            let percent = PERCENT.find(&side.view[span.end..]).map(|it| it.end());
            span.end += percent.unwrap_or(0);
            let value = if percent.is_some() { format!("{value}%") } else { value.to_string() };
            // "between the two of us" counts nobody new.
            let rest = &side.view[span.end..];
            let pair = value == "2" && (rest.starts_with(" of us") || rest.starts_with(" of you"));
            let weak = value == "1" || pair;
            Some(number(span, value, weak))
        })
        .collect();
    if !german && !romance {
        atoms.extend(TWICE.find_iter(side.view).map(|found| {
            let value = if found.len() == "twice".len() { "2" } else { "3" };
            number(ByteSpan::new(found.start(), found.end()), value, true)
        }));
        atoms.extend(ORDINAL.find_iter(side.view).filter_map(|found| {
            let value = recognise::english_ordinal(found.as_str())?;
            Some(number(ByteSpan::new(found.start(), found.end()), value.to_string(), true))
        }));
    }
    atoms
}

/// Whether `a` says everything that `b` says: the same, or something more exact.
fn says(a: &Atom, b: &Atom) -> bool {
    match (a.class, b.class) {
        (FactClass::Date, FactClass::Date) => {
            a.value == b.value
                || a.value.starts_with(&format!("{}-", b.value))
                || b.value.starts_with("--")
                    && !a.value.starts_with("--")
                    && part_of(&a.value, &b.value)
                || b.value.len() == 4 && a.value.starts_with(&b.value)
        }
        // "in 2024" beside "12 March 2024".
        (FactClass::Date, FactClass::Number) => b.value.len() == 4 && a.value.starts_with(&b.value),
        (FactClass::Amount, FactClass::Amount) => {
            a.value == b.value && same_currency(&a.currency, &b.currency)
        }
        (FactClass::Number, FactClass::Number) => a.value == b.value,
        _ => false,
    }
}

/// Whether the full date holds the yearless one: "2026-03-01" holds "--03-01" and "--03".
fn part_of(full: &str, yearless: &str) -> bool {
    full.get(4..).is_some_and(|rest| rest.starts_with(&yearless[1..]))
}

fn same_currency(a: &str, b: &str) -> bool {
    let dollars = |code: &str| matches!(code, "$" | "USD" | "CAD" | "AUD" | "NZD" | "HKD" | "SGD");
    a == b || dollars(a) && dollars(b) && (a == "$" || b == "$")
}

pub(super) fn changes(source: &Side<'_>, version: &Side<'_>) -> Vec<FactChange> {
    let (from, to) = (atoms(source), atoms(version));
    let lost: Vec<&Atom> =
        from.iter().filter(|it| !it.weak && !to.iter().any(|other| says(other, it))).collect();
    let new: Vec<&Atom> =
        to.iter().filter(|it| !it.weak && !from.iter().any(|other| says(other, it))).collect();
    let digits = |text: &str| -> Vec<char> { text.chars().filter(char::is_ascii_digit).collect() };
    let shares = |a: &Atom, b: &Atom| {
        let (a, b) = (digits(&a.value), digits(&b.value));
        !a.is_empty()
            && (a.ends_with(&b) || b.ends_with(&a) || a.starts_with(&b) || b.starts_with(&a))
    };
    // A loss becomes an alteration with an addition of its own class, or of another class
    // that carries the same digits ("$4,500" and a bare "4500").
    let (mut changes, rest) = pair_up(
        |it: &&Atom| it.class,
        dedup(lost),
        dedup(new),
        |a, b| a.class == b.class || shares(a, b),
        |it| source.at(it.span),
        |it| version.at(it.span),
    );
    for change in changes.iter_mut().filter(|change| change.kind == ChangeKind::Lost) {
        // A date that is there with less in it: "12 March" for "12 March 2024".
        let Some(lost) = &change.source else { continue };
        let less = from
            .iter()
            .find(|it| it.span.start == lost.start)
            .and_then(|full| to.iter().find(|it| !it.weak && says(full, it)));
        if let Some(less) = less {
            change.kind = ChangeKind::Altered;
            change.version = Some(version.at(less.span));
        }
    }
    changes.extend(rest.into_iter().map(|it| added(it.class, version.at(it.span))));
    changes.extend(ordinals(source, &from, version, &to));
    changes
}

/// "first" that became "second": lost, another one new. Alone either may be a manner of
/// speaking.
fn ordinals(
    source: &Side<'_>,
    from: &[Atom],
    version: &Side<'_>,
    to: &[Atom],
) -> Option<FactChange> {
    let is_one = |it: &&Atom| it.weak && it.span.len() > 3;
    let has = |all: &[Atom], it: &Atom| all.iter().filter(is_one).any(|o| o.value == it.value);
    let lost = from.iter().filter(is_one).find(|it| !has(to, it))?;
    let new = to.iter().filter(is_one).find(|it| !has(from, it))?;
    Some(FactChange {
        kind: ChangeKind::Altered,
        what: FactClass::Number,
        source: Some(source.at(lost.span)),
        version: Some(version.at(new.span)),
    })
}

/// Each value once: "ninety (90) days" is one number.
fn dedup(atoms: Vec<&Atom>) -> Vec<&Atom> {
    let mut seen = Vec::new();
    atoms
        .into_iter()
        .filter(|it| {
            let key = (it.class, it.value.clone(), it.currency.clone());
            let fresh = !seen.contains(&key);
            seen.push(key);
            fresh
        })
        .collect()
}

/// The source's own dates, amounts and numbers that carry digits, verbatim but with
/// single spaces, each once, in order: what a decoding lock lets through as digits.
///
/// Of an amount in words and figures it is the figures.
#[must_use]
pub fn literals(source: &str) -> Vec<String> {
    let view = recognise::view(source);
    let side = Side { text: source, view: &view, context: recognise::Context::of(&view) };
    let mut literals = Vec::new();
    for atom in atoms(&side) {
        let text = side.at(atom.span).text;
        for part in text.split(['(', ')']).map(str::trim) {
            let has_digit = part.chars().any(|c| c.is_ascii_digit());
            if has_digit && !literals.iter().any(|known| known == part) {
                literals.push(part.to_owned());
            }
        }
    }
    literals
}
