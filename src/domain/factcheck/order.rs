//! Facts that changed places: who pays whom, which date belongs to which event. Each place
//! of a fact is described by the words around it and, of names, by who acts and who is
//! acted upon; a fact that stands in the version where another one stands in the source
//! has moved.

use std::collections::BTreeMap;

use super::entities::{Entity, entities};
use super::parts::roles;
use super::reading::Reading;
use super::tokens::{Token, is_content};
use super::{ChangeKind, FactChange, FactClass};
use crate::domain::recognise::Language;

/// Cosine below which two facts have changed places; 1 is what sets them apart in the same
/// way in both texts, -1 the other way round. Tuned on paragraphs of our own.
const SWAPPED: f64 = -0.04;

/// How much better a place of a fact must fit another fact's place than its own, in
/// cosines.
const MISPLACED: f64 = 0.55;

/// How like its new surroundings such a place must be at least.
const LIKE: f64 = 0.72;

/// Words looked at on each side of a fact.
const REACH: usize = 10;

/// What a step over the end of a clause leaves of a word's weight.
const OVER_CLAUSE: f64 = 0.2;

/// One place of a fact, as tokens from an index to before another.
struct Place {
    fact: usize,
    from: usize,
    to: usize,
    around: BTreeMap<String, f64>,
    /// It shares its surroundings with another fact: "Anna and Ben".
    joined: bool,
}

pub(super) fn changes(source: &Reading<'_>, version: &Reading<'_>) -> Vec<FactChange> {
    let mut changes = Vec::new();
    // A share and a count do not change places.
    let kinds = [
        (FactClass::Number, false),
        (FactClass::Number, true),
        (FactClass::Amount, false),
        (FactClass::Date, false),
    ];
    for (class, percent) in kinds {
        let mut facts: Vec<&str> = Vec::new();
        for (at, of) in &source.figures {
            let value = source.tokens[*at].lower.as_str();
            let same = *of == class && value.ends_with('%') == percent;
            if same && !facts.contains(&value) {
                facts.push(value);
            }
        }
        let places = |text: &Reading<'_>| -> Vec<(usize, usize, usize)> {
            let figures = text.figures.iter().filter(|it| it.1 == class).map(|it| it.0);
            numbered(text, &facts, figures)
        };
        changes.extend(moved(source, version, class, places(source), places(version)));
    }
    let ordinals: Vec<&str> =
        source.ordinals.iter().map(|at| source.tokens[*at].lower.as_str()).collect();
    let places = |text: &Reading<'_>| numbered(text, &ordinals, text.ordinals.iter().copied());
    changes.extend(moved(source, version, FactClass::Number, places(source), places(version)));
    let entities = entities(source.side, version.side);
    let (from, to) = (mentions(source, &entities), mentions(version, &entities));
    changes.extend(moved(source, version, FactClass::Name, from, to));
    changes
}

/// The places of figures, each with the index of its value among the source's.
fn numbered(
    text: &Reading<'_>,
    facts: &[&str],
    figures: impl Iterator<Item = usize>,
) -> Vec<(usize, usize, usize)> {
    let number = |at: usize| {
        let value = text.tokens[at].lower.as_str();
        Some((facts.iter().position(|it| *it == value)?, at, at + 1))
    };
    figures.filter_map(number).collect()
}

/// The places of the entities of the source in one of the texts.
fn mentions(text: &Reading<'_>, entities: &[Entity]) -> Vec<(usize, usize, usize)> {
    let mut mentions: Vec<(usize, usize, usize)> = Vec::new();
    for (at, token) in text.tokens.iter().enumerate() {
        if mentions.last().is_some_and(|last| last.2 > at) {
            continue;
        }
        let next = text.tokens.get(at + 1).map(|next| next.text);
        let Some(entity) = entities.iter().position(|it| it.is_named(token.text, next)) else {
            continue;
        };
        match mentions.last_mut() {
            Some(last)
                if last.0 == entity
                    && at - last.2 < 2
                    && !text.tokens[last.2 - 1].ends_sentence =>
            {
                last.2 = at + 1;
            }
            _ => mentions.push((entity, at, name_end(text, entities, at + 1))),
        }
    }
    mentions
}

/// The end of a name whose further words are no entity's: "Marlow Bank".
fn name_end(text: &Reading<'_>, entities: &[Entity], from: usize) -> usize {
    if text.side.context.language == Language::German {
        return from;
    }
    let goes_on = |at: &usize| {
        let token = &text.tokens[*at];
        token.text.starts_with(char::is_uppercase)
            && !token.is_figure()
            && !text.tokens[at - 1].ends_clause
            && !entities.iter().any(|it| it.is_named(token.text, None))
    };
    (from..text.tokens.len()).take_while(goes_on).last().map_or(from, |at| at + 1)
}

fn moved(
    source: &Reading<'_>,
    version: &Reading<'_>,
    class: FactClass,
    from: Vec<(usize, usize, usize)>,
    to: Vec<(usize, usize, usize)>,
) -> Vec<FactChange> {
    let (from, to) = (places(source, class, from), places(version, class, to));
    let facts = from.iter().map(|it| it.fact + 1).max().unwrap_or(0);
    let mut changes = Vec::new();
    let change = |old: &Place, new: &Place| FactChange {
        kind: ChangeKind::Moved,
        what: class,
        source: Some(source.side.at(source.span(old.from, old.to))),
        version: Some(version.side.at(version.span(new.from, new.to))),
    };
    for one in 0..facts {
        for other in one + 1..facts {
            if !is_swapped(&from, &to, one, other) {
                continue;
            }
            for (old, new) in [(one, other), (other, one)] {
                let first = |all: &[Place], fact| all.iter().position(|it| it.fact == fact);
                if let (Some(old), Some(new)) = (first(&from, old), first(&to, new)) {
                    changes.push(change(&from[old], &to[new]));
                }
            }
        }
    }
    if changes.is_empty() {
        changes.extend(to.iter().filter(|it| !it.joined).filter_map(|new| {
            let (own, _) = best(&from, new, |it| it.fact == new.fact);
            let (other, old) = best(&from, new, |it| it.fact != new.fact);
            (other > own + MISPLACED && other > LIKE).then(|| old.map(|old| change(old, new)))?
        }));
    }
    changes
}

/// Whether what sets two facts apart in the source sets them apart the other way round in
/// the version.
fn is_swapped(from: &[Place], to: &[Place], one: usize, other: usize) -> bool {
    let (here, there) = (difference(from, one, other), difference(to, one, other));
    let (Some(here), Some(there)) = (here, there) else { return false };
    cosine(&here, &there) < SWAPPED
}

/// How much more one fact has of each word around it than another; `None` where one of
/// them is nowhere.
fn difference(places: &[Place], one: usize, other: usize) -> Option<BTreeMap<String, f64>> {
    let mut difference = BTreeMap::new();
    for (fact, sign) in [(one, 1.0), (other, -1.0)] {
        let own: Vec<&Place> = places.iter().filter(|it| it.fact == fact).collect();
        if own.is_empty() {
            return None;
        }
        let mut around: BTreeMap<&String, f64> = BTreeMap::new();
        for (word, weight) in own.iter().flat_map(|it| &it.around) {
            let known = around.entry(word).or_default();
            *known = known.max(*weight);
        }
        for (word, weight) in around {
            *difference.entry(word.clone()).or_default() += sign * weight;
        }
    }
    Some(difference)
}

/// The likest of the places that count, and how like it is.
fn best<'a>(
    from: &'a [Place],
    new: &Place,
    counts: impl Fn(&Place) -> bool,
) -> (f64, Option<&'a Place>) {
    let all =
        from.iter().filter(|it| counts(it)).map(|it| (cosine(&it.around, &new.around), Some(it)));
    all.fold((0.0, None), |best, it| if it.0 > best.0 { it } else { best })
}

fn cosine(a: &BTreeMap<String, f64>, b: &BTreeMap<String, f64>) -> f64 {
    let norm = |all: &BTreeMap<String, f64>| all.values().map(|it| it * it).sum::<f64>().sqrt();
    let shared: f64 = a.iter().filter_map(|(word, weight)| Some(weight * b.get(word)?)).sum();
    let norms = norm(a) * norm(b);
    if norms > 0.0 { shared / norms } else { 0.0 }
}

fn places(text: &Reading<'_>, class: FactClass, spans: Vec<(usize, usize, usize)>) -> Vec<Place> {
    let taken: Vec<bool> = {
        let mut taken = vec![false; text.tokens.len()];
        for (_, from, to) in &spans {
            taken[*from..*to].fill(true);
        }
        taken
    };
    let mut places: Vec<Place> = spans
        .into_iter()
        .map(|(fact, from, to)| {
            let mut around = BTreeMap::new();
            surroundings(text, &taken, from, to, &mut around);
            let next = text.tokens.get(to).map_or("", |it| it.lower.as_str());
            if MORE.contains(&next) || next == "de" && MORE_ROMANCE.contains(&second(text, to)) {
                add(&mut around, "difference".to_owned(), 2.0);
            }
            if class != FactClass::Name && was_before(text, from) {
                add(&mut around, "was".to_owned(), 1.5);
            }
            if class == FactClass::Name {
                roles(text, &taken, from, to, &mut around);
                alias(text, to, &mut around);
            }
            Place { fact, from, to, around, joined: false }
        })
        .collect();
    share_if_joined(text, &mut places);
    places
}

/// "Anna and Ben" do the same: what is around one is around the other.
fn share_if_joined(text: &Reading<'_>, places: &mut [Place]) {
    places.sort_by_key(|it| it.from);
    for at in 1..places.len() {
        let between = &text.tokens[places[at - 1].to..places[at].from];
        let joined = matches!(between, [and] if JOINS.contains(&and.lower.as_str()));
        if joined {
            let both: Vec<(String, f64)> =
                places[at - 1..=at].iter().flat_map(|it| it.around.clone()).collect();
            for place in &mut places[at - 1..=at] {
                place.joined = true;
                for (word, weight) in &both {
                    add(&mut place.around, word.clone(), *weight);
                }
            }
        }
    }
}

pub(super) fn add(around: &mut BTreeMap<String, f64>, feature: String, weight: f64) {
    let known = around.entry(feature).or_default();
    *known = known.max(weight);
}

/// The content words around a fact, lighter with their distance, and the small word before
/// it, save an article. Other facts of its class do not count.
fn surroundings(
    text: &Reading<'_>,
    taken: &[bool],
    from: usize,
    to: usize,
    around: &mut BTreeMap<String, f64>,
) {
    let tokens = &text.tokens;
    let mut note = |at: usize, distance: usize, share: f64| {
        if is_content(&tokens[at]) && !taken[at] {
            #[expect(clippy::cast_precision_loss, reason = "a few words")]
            let weight = share / (1.0 + 0.35 * distance as f64);
            add(around, format!("~{}", tokens[at].stem), weight);
        }
    };
    let mut share = 1.0;
    for at in (from.saturating_sub(REACH)..from).rev() {
        if tokens[at].ends_sentence {
            break;
        }
        share *= if ends(tokens, at) { OVER_CLAUSE } else { 1.0 };
        note(at, from - at, share);
    }
    let mut share = 1.0;
    for at in to..(to + REACH).min(tokens.len()) {
        if tokens[at - 1].ends_sentence {
            break;
        }
        share *= if ends(tokens, at - 1) { OVER_CLAUSE } else { 1.0 };
        note(at, at + 1 - to, share);
    }
    if let Some(word) = small_word_before(tokens, from) {
        add(around, format!("<{word}"), 0.4);
    }
}

/// Whether a clause ends behind a token, or a conjunction follows.
pub(super) fn ends(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].ends_clause
        || tokens.get(at + 1).is_some_and(|next| JOINS.contains(&next.lower.as_str()))
}

const JOINS: &[&str] =
    &["and", "but", "while", "whereas", "or", "und", "oder", "et", "y", "e", "ou", "o"];

const ARTICLES: &[&str] = &[
    "the", "a", "an", "der", "die", "das", "dem", "den", "des", "ein", "eine", "einem", "einen",
    "le", "la", "les", "l", "un", "une", "el", "los", "las", "una", "il", "lo", "gli", "i", "os",
    "as", "um", "uma", "mr", "mrs", "ms", "dr", "herr", "herrn", "frau",
];

/// The word before a place, without articles and titles, where it is no content word.
pub(super) fn small_word_before<'a>(tokens: &'a [Token<'_>], from: usize) -> Option<&'a str> {
    let before = tokens[..from].iter().rev().take(4).take_while(|it| !it.ends_clause);
    let word = before.into_iter().find(|it| !ARTICLES.contains(&it.lower.as_str()))?;
    (!is_content(word)).then_some(word.lower.as_str())
}

/// Whether a figure is the one before a change: "from £310 to £260", "£260 rather than
/// £310".
fn was_before(text: &Reading<'_>, from: usize) -> bool {
    let word = |back: usize| from.checked_sub(back).map_or("", |at| text.tokens[at].lower.as_str());
    word(1) == "from" || matches!((word(2), word(1)), ("rather", "than") | ("instead", "of"))
}

/// What stands behind a difference: "£37 more than last year".
const MORE: &[&str] = &[
    "more",
    "less",
    "fewer",
    "higher",
    "lower",
    "mehr",
    "weniger",
    "höher",
    "niedriger",
    "más",
    "menos",
];
const MORE_ROMANCE: &[&str] = &["plus", "moins", "más", "menos"];

/// The word after a place's next one.
fn second<'a>(text: &'a Reading<'_>, to: usize) -> &'a str {
    text.tokens.get(to + 1).map_or("", |it| it.lower.as_str())
}

/// What a contract calls a party in brackets behind its name: 'Snow LLC, … ("Company")'.
fn alias(text: &Reading<'_>, to: usize, around: &mut BTreeMap<String, f64>) {
    const FAR: usize = 40;
    let view = text.side.view;
    let quoted = |at: &usize| {
        let span = text.tokens[*at].span;
        let before = &view[..span.start];
        before.ends_with(['"', '“', '\'', '‘'])
            && view[span.end..].starts_with(['"', '”', '\'', '’'])
    };
    if let Some(at) = (to..text.tokens.len().min(to + FAR)).find(quoted) {
        add(around, format!("alias:{}", text.tokens[at].stem), 2.0);
    }
}
