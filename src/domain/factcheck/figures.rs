//! Numbers, dates and amounts of both texts, by value.

use std::sync::LazyLock;

use regex::Regex;

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
    value: String,
    currency: String,
    /// It can stand for a number of the other text but is not asked for itself: "one",
    /// "first".
    weak: bool,
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

static PERCENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s?(?:%|per\s?cent\b|Prozent\b|v\.\s?H\.)"));

static SCALE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s?(?:(?P<t>thousand|tausend)|(?P<m>million|millionen|mio)|(?P<b>billion|milliarden|mrd))\b",
    )
});

static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b",
    )
});

/// The numbers, dates and amounts of a text, in order.
pub(super) fn atoms(side: &Side<'_>) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = recognise::dates(side.view, side.context)
        .into_iter()
        .filter(|fact| fact.rule != "date.year")
        .chain(recognise::amounts(side.view, side.context))
        .filter_map(of_fact)
        .collect();
    for more in [months(side), digits(side), words(side)] {
        let free: Vec<Atom> = more
            .into_iter()
            .filter(|it| !atoms.iter().any(|other| other.span.overlaps(it.span)))
            .collect();
        atoms.extend(free);
    }
    atoms.sort_by_key(|atom| atom.span);
    atoms
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

fn number(span: ByteSpan, value: impl Into<String>, weak: bool) -> Atom {
    Atom { class: FactClass::Number, span, value: value.into(), currency: String::new(), weak }
}

/// Months without a day or a year. "May" and "March" may open a sentence as other words.
fn months(side: &Side<'_>) -> Vec<Atom> {
    const STEMS: [&str; 12] =
        ["ja", "f", "mar", "ap", "ma", "jun", "jul", "au", "s", "o", "n", "d"];
    MONTH
        .find_iter(side.view)
        .filter_map(|found| {
            let name = found.as_str().to_lowercase().replace('ä', "a");
            let verb = matches!(name.as_str(), "may" | "march");
            let opens = side.view[..found.start()].trim_end().ends_with(['.', '!', '?', ':'])
                || side.view[..found.start()].trim().is_empty();
            let month = STEMS.iter().position(|stem| name.starts_with(stem))? + 1;
            (!(verb && opens)).then(|| Atom {
                class: FactClass::Date,
                span: ByteSpan::new(found.start(), found.end()),
                value: format!("--{month:02}"),
                currency: String::new(),
                weak: false,
            })
        })
        .collect()
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
    let pattern = if german { &SPELLED_GERMAN } else { &SPELLED };
    let mut atoms: Vec<Atom> = pattern
        .find_iter(side.view)
        .filter_map(|found| {
            let value = if german {
                german_number(found.as_str())
            } else {
                english_number(found.as_str())
            }?;
            let mut span = ByteSpan::new(found.start(), found.end());
            let percent = PERCENT.find(&side.view[span.end..]).map(|it| it.end());
            span.end += percent.unwrap_or(0);
            let value = if percent.is_some() { format!("{value}%") } else { value.to_string() };
            let weak = value == "1";
            Some(number(span, value, weak))
        })
        .collect();
    if !german {
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
        let Some((span, _)) = &change.source else { continue };
        let less = from
            .iter()
            .find(|it| it.span == *span)
            .and_then(|full| to.iter().find(|it| !it.weak && says(full, it)));
        if let Some(less) = less {
            change.kind = ChangeKind::Altered;
            change.version = Some(version.at(less.span));
        }
    }
    changes.extend(rest.into_iter().map(|it| added(it.class, version.at(it.span))));
    changes
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
        let (_, text) = side.at(atom.span);
        for part in text.split(['(', ')']).map(str::trim) {
            let has_digit = part.chars().any(|c| c.is_ascii_digit());
            if has_digit && !literals.iter().any(|known| known == part) {
                literals.push(part.to_owned());
            }
        }
    }
    literals
}
