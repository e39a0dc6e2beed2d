//! What belongs to a number or a date: its unit ("30 days"), how often ("each quarter"),
//! its limit ("at least"). Compared figure by figure, of those that both texts have.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lexicon::{Axis, Found};
use super::polarity::denies;
use super::reading::Reading;
use super::{ChangeKind, FactChange, FactClass, Wording};

/// Words that may stand between a limit and its figure.
const GAP: usize = 4;

pub(super) fn changes(source: &Reading<'_>, version: &Reading<'_>) -> Vec<FactChange> {
    let mut changes = units(source, version);
    changes.extend(rates(source, version));
    changes.extend(limits(source, version));
    changes
}

fn altered(what: FactClass, source: Wording, version: Wording) -> FactChange {
    FactChange { kind: ChangeKind::Altered, what, source: Some(source), version: Some(version) }
}

/// Units by how their words begin, under one name each in all languages. Longer ones stand
/// before those they begin with.
const UNITS: &[(&str, &[&str])] = &[
    ("second", &["seconds", "second", "secs", "sekunde", "seconde", "segundos", "secondi"]),
    ("minute", &["minut", "mins"]),
    ("hour", &["hour", "hrs", "stunde", "heure", "hora", "ore", "ora", "uhr"]),
    ("working day", &["werktag", "arbeitstag", "bankarbeitstag"]),
    ("day", &["days", "day", "tage", "tag", "jours", "jour", "día", "dias", "dia", "giorn"]),
    ("week", &["week", "woche", "semaine", "semana", "settiman"]),
    ("fortnight", &["fortnight"]),
    ("month", &["month", "monat", "mois", "mese", "mesi", "meses", "mes", "mês"]),
    ("quarter", &["quarter", "quartal", "trimest"]),
    ("year", &["year", "jahr", "année", "ans", "año", "anni", "anno", "ano", "annum"]),
    ("mg", &["mg", "milligram"]),
    ("ml", &["ml", "millilit"]),
    ("cl", &["cl"]),
    ("kw", &["kw", "kilowatt"]),
    ("mw", &["mw", "megawatt"]),
    ("hectare", &["hectare", "hektar", "acre"]),
    ("kg", &["kg", "kilogram", "kilo"]),
    ("g", &["g", "gram"]),
    ("km", &["km", "kilomet", "kilómet", "chilomet", "quilómet", "quilômet"]),
    ("cm", &["cm", "centimet", "zentimet"]),
    ("mm", &["mm", "millimet"]),
    ("m", &["m", "metre", "meter", "mètre", "metro", "metri"]),
    ("mile", &["mile"]),
    ("foot", &["feet", "foot"]),
    ("inch", &["inch"]),
    ("litre", &["litre", "liter", "litro", "litri"]),
    ("gallon", &["gallon"]),
    ("tonne", &["tonne", "ton"]),
    ("pound", &["lbs", "lb"]),
    ("degree", &["degree", "grad", "degré", "grado", "gradi", "grau"]),
    ("cent", &["cent"]),
    ("times", &["times", "mal", "fois", "veces", "volte", "vezes"]),
    ("point", &["percentage"]),
];

const WORKING: &[&str] =
    &["business", "working", "ouvré", "ouvra", "hábil", "laborabl", "lavorativ", "útei", "utei"];

fn unit(word: &str) -> Option<&'static str> {
    let short = word.chars().count() <= 2;
    let begins = |start: &&str| {
        let rest = word.strip_prefix(*start);
        let plural = ["", "s", "e", "es", "en", "n"];
        rest.is_some_and(|rest| {
            if short {
                rest.is_empty()
            } else {
                start.chars().count() > 3 || plural.contains(&rest)
            }
        })
    };
    UNITS.iter().find(|(_, starts)| starts.iter().any(&begins)).map(|(name, _)| *name)
}

/// The unit at the words from an index on, and the index behind it.
fn unit_at(text: &Reading<'_>, at: usize) -> Option<(&'static str, usize)> {
    let word = |at: usize| text.tokens.get(at).map_or("", |token| token.lower.as_str());
    let working = |at: usize| WORKING.iter().any(|start| word(at).starts_with(start));
    if matches!(word(at), "calendar" | "full" | "consecutive" | "further" | "equal") {
        return unit(word(at + 1)).map(|unit| (unit, at + 2));
    }
    if working(at)
        && let Some(unit) = unit(word(at + 1))
    {
        return Some((if unit == "day" { "working day" } else { unit }, at + 2));
    }
    let unit = unit(word(at))?;
    if unit == "day" && working(at + 1) {
        return Some(("working day", at + 2));
    }
    Some((unit, at + 1))
}

/// By figure: its units, each with the words from the figure to the unit.
fn counted<'a>(text: &'a Reading<'_>) -> BTreeMap<&'a str, Vec<(&'static str, Wording)>> {
    let mut counted: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (at, class) in &text.figures {
        let token = &text.tokens[*at];
        if *class != FactClass::Number || token.ends_sentence {
            continue;
        }
        if let Some((unit, to)) = unit_at(text, at + 1) {
            let wording = text.side.at(text.span(*at, to));
            counted.entry(token.lower.as_str()).or_default().push((unit, wording));
        }
    }
    counted
}

fn units(source: &Reading<'_>, version: &Reading<'_>) -> Vec<FactChange> {
    let (from, to) = (counted(source), counted(version));
    let differ = |(value, units): (&&str, &Vec<(&'static str, Wording)>)| {
        let there = to.get(value)?;
        let lost = units.iter().find(|it| !there.iter().any(|other| other.0 == it.0))?;
        let new = there.iter().find(|it| !units.iter().any(|other| other.0 == it.0))?;
        Some(altered(FactClass::Unit, lost.1.clone(), new.1.clone()))
    };
    from.iter().filter_map(differ).collect()
}

/// How often something is, or per what.
struct Rate {
    /// The index of its first word.
    at: usize,
    name: String,
    words: Wording,
}

/// All rates of a text: "each quarter", "a month", "per crate", "monthly".
fn rated(text: &Reading<'_>) -> Vec<Rate> {
    let mut rated = Vec::new();
    for (at, token) in text.tokens.iter().enumerate() {
        let word = token.lower.as_str();
        let adverb = match word {
            "daily" | "täglich" => "day",
            "weekly" | "wöchentlich" => "week",
            "monthly" | "monatlich" | "mensuel" | "mensual" | "mensuales" | "mensile"
            | "mensili" | "mensal" | "mensais" => "month",
            "quarterly" | "vierteljährlich" => "quarter",
            "annual" | "annually" | "yearly" | "jährlich" | "annuel" | "anual" | "anuales"
            | "anuais" | "annuale" | "annui" => "year",
            "hourly" | "stündlich" => "hour",
            _ => "",
        };
        if !adverb.is_empty() {
            rated.push(Rate { at, name: adverb.to_owned(), words: text.side.at(token.span) });
            continue;
        }
        let every = matches!(
            word,
            "each"
                | "every"
                | "a"
                | "an"
                | "jede"
                | "jeden"
                | "jedes"
                | "jeder"
                | "chaque"
                | "cada"
                | "ogni"
                | "par"
                | "por"
                | "al"
        );
        let per = matches!(word, "per" | "pro" | "je");
        let Some(next) = text.tokens.get(at + 1).filter(|_| (every || per) && !token.ends_clause)
        else {
            continue;
        };
        let name = match (unit(&next.lower), next.lower.as_str()) {
            (_, "morning" | "evening" | "night" | "afternoon" | "day") => "day".to_owned(),
            (Some(unit), _) => unit.to_owned(),
            (None, _) if per => next.stem.clone(),
            _ => continue,
        };
        rated.push(Rate { at, name, words: text.side.at(text.span(at, at + 2)) });
    }
    rated
}

fn rates(source: &Reading<'_>, version: &Reading<'_>) -> Option<FactChange> {
    let (from, to) = (rated(source), rated(version));
    let gone = |it: &&Rate, all: &[Rate]| !all.iter().any(|other| other.name == it.name);
    let lost = from.iter().find(|it| gone(it, &to));
    let new = to.iter().find(|it| gone(it, &from));
    let (lost, new) = lost.zip(new).or_else(|| {
        // "$72,000 per month, payable monthly" has no rate that the source lacks, but
        // another one at its figure.
        let of_figure = |old: &&Rate, new: &&Rate| {
            let value = figure_of(source, old);
            value.is_some() && value == figure_of(version, new) && old.name != new.name
        };
        let kept = |old: &Rate| {
            to.iter()
                .any(|it| it.name == old.name && figure_of(version, it) == figure_of(source, old))
        };
        let own = from.iter().filter(|it| !kept(it));
        own.into_iter().find_map(|old| Some((old, to.iter().find(|new| of_figure(&old, new))?)))
    })?;
    Some(altered(FactClass::Unit, lost.words.clone(), new.words.clone()))
}

/// The figure right before a rate, or with one word between them: "$350 for each day".
fn figure_of<'a>(text: &'a Reading<'_>, rate: &Rate) -> Option<&'a str> {
    let before = text.tokens[rate.at.saturating_sub(2)..rate.at].iter().rev();
    let figure = before.take_while(|it| !it.ends_clause).find(|it| it.is_figure())?;
    Some(figure.lower.as_str())
}

struct Limit {
    /// At least, more than, after; otherwise at most, less than, before.
    up: bool,
    /// A "not" elsewhere in its sentence may turn it: "we cannot deliver before 3 May".
    either: bool,
    strict: bool,
    words: Wording,
}

/// By figure: the limit of each of its places, where it has one.
fn limited<'a>(text: &'a Reading<'_>) -> BTreeMap<&'a str, Vec<Option<Limit>>> {
    let mut limited: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (at, _) in &text.figures {
        limited.entry(text.tokens[*at].lower.as_str()).or_default().push(limit(text, *at));
    }
    limited
}

/// The tokens of a figure's limit, with a "not" before it.
pub(super) fn limit_tokens(text: &Reading<'_>, at: usize) -> Option<Range<usize>> {
    let found = phrase(text, at)?;
    Some(turned_by(text, found).unwrap_or(found.from)..found.to)
}

/// The "not" that turns a limit, right before it ("not below") or with a verb between ("not
/// take more than"), where the lists do not have it whole. "Not taken before" may be a
/// condition.
fn turned_by(text: &Reading<'_>, found: &Found) -> Option<usize> {
    let reach = if found.strict { 2 } else { 1 };
    (found.from.saturating_sub(reach)..found.from)
        .rev()
        .take_while(|it| !text.tokens[*it].ends_clause)
        .find(|it| denies(&text.tokens, *it))
}

fn limit(text: &Reading<'_>, at: usize) -> Option<Limit> {
    let found = phrase(text, at)?;
    let words = text.side.at(text.span(found.from, found.to));
    let up = found.positive != turned_by(text, found).is_some();
    let outside = |it: usize| it + 1 < found.from || it >= found.to;
    let sentence = text.sentence(found.from);
    let either =
        !found.strict && sentence.into_iter().any(|it| outside(it) && denies(&text.tokens, it));
    Some(Limit { up, either, strict: found.strict, words })
}

/// The phrase that limits a figure.
fn phrase<'a>(text: &'a Reading<'_>, at: usize) -> Option<&'a Found> {
    let tokens = &text.tokens;
    let same = |it: usize| tokens[it].lower == tokens[at].lower;
    let clear = |from: usize| {
        (from..at).all(|it| {
            !tokens[it].ends_clause || tokens[it + 1].is_figure() && same(it + 1) || same(it)
        }) && (from..at).all(|it| !tokens[it].is_figure() || same(it))
    };
    let before = text
        .on(Axis::Limit)
        .filter(|it| it.to <= at && at - it.to < GAP && clear(it.to - 1))
        .last();
    let behind = || {
        text.on(Axis::Limit).find(|it| {
            it.behind
                && it.from > at
                && it.from - at <= 3
                && (at..it.from).all(|i| !tokens[i].ends_sentence)
                && (at + 1..it.from).all(|i| !tokens[i].is_figure())
        })
    };
    behind().or(before)
}

fn limits(source: &Reading<'_>, version: &Reading<'_>) -> Vec<FactChange> {
    let (from, to) = (limited(source), limited(version));
    let mut changes = Vec::new();
    for (value, here) in &from {
        let Some(there) = to.get(value) else { continue };
        // Lost or added is only what the other text has nowhere: it may stand far from its
        // figure ("six days a week or more").
        let change = limit_change(here, there).filter(|change| match change.kind {
            ChangeKind::Lost => count(source) > count(version),
            ChangeKind::Added => count(version) > count(source),
            ChangeKind::Altered | ChangeKind::Moved => true,
        });
        changes.extend(change);
    }
    changes
}

/// How many limits a text has, wherever they stand.
fn count(text: &Reading<'_>) -> usize {
    text.on(Axis::Limit).filter(|it| it.strict).count()
}

/// What became of the limits of one figure.
fn limit_change(here: &[Option<Limit>], there: &[Option<Limit>]) -> Option<FactChange> {
    let side =
        |all: &[Option<Limit>], up: bool| all.iter().flatten().any(|it| it.up == up || it.either);
    for up in [true, false] {
        if side(here, up) && !side(there, up) && side(there, !up) && !side(here, !up) {
            let of = |all: &[Option<Limit>]| all.iter().flatten().next().map(|it| it.words.clone());
            return Some(altered(FactClass::Limit, of(here)?, of(there)?));
        }
    }
    let strict = |all: &[Option<Limit>]| {
        all.iter().flatten().find(|it| it.strict).map(|it| it.words.clone())
    };
    let none = |all: &[Option<Limit>]| all.iter().all(Option::is_none);
    let change =
        |kind, source, version| FactChange { kind, what: FactClass::Limit, source, version };
    if let (Some(lost), true) = (strict(here), none(there)) {
        return Some(change(ChangeKind::Lost, Some(lost), None));
    }
    if let (true, Some(new)) = (none(here), strict(there)) {
        return Some(change(ChangeKind::Added, None, Some(new)));
    }
    None
}
