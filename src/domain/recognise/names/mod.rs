//! Names of people and organisations. The parts find candidates by cues; this module
//! keeps the best reading of each place and finds names again where they are repeated.

mod organisations;
mod people;
mod tokens;
pub(crate) mod words;

use std::collections::{BTreeMap, HashSet};

use regex::Regex;

use super::{Context, longest};
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;
use tokens::Tokens;

/// Names that are looked for again; a list beyond this is no list of names.
const MOST: usize = 300;

/// The names of a view, sorted, no two on one place, none on a place in `taken` (what
/// other recognisers found there already).
pub(super) fn find(view: &str, _context: Context, taken: &[&[Fact]]) -> Vec<Fact> {
    let tokens = Tokens::new(view);
    let mut found = organisations::find(view, &tokens);
    found.extend(people::find(view, &tokens));
    found.retain(|fact| !taken.iter().any(|facts| overlaps(facts, fact.span)));
    let mut found = longest(found);
    found.extend(repeats(view, &found));
    let mut found = longest(found);
    let mut labelled = HashSet::new();
    found.retain(|fact| {
        !is_label(view, fact.span) || labelled.insert(fact.value.as_ref().map(text_of))
    });
    found
}

/// Whether a name stands alone before a colon, as the label of a turn or a field. A
/// speaker counts once, not at every turn.
fn is_label(view: &str, span: ByteSpan) -> bool {
    let line = || view[..span.start].rsplit('\n').next().unwrap_or_default();
    view[span.end..].starts_with(':') && !line().chars().any(char::is_alphabetic)
}

/// Whether a span meets one of the facts, which are sorted and disjoint.
fn overlaps(facts: &[Fact], span: ByteSpan) -> bool {
    let until = facts.partition_point(|fact| fact.span.start < span.end);
    facts[..until].last().is_some_and(|fact| fact.span.overlaps(span))
}

/// A name at `span`; its value is the name with single spaces.
fn name(view: &str, span: ByteSpan, kind: FactKind, rule: &'static str) -> Option<Fact> {
    let value = tidy(span.slice(view)?);
    Some(Fact { kind, span, value: Some(Value::Text(value)), rule, doubt: None })
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Amount { amount, .. } => amount.clone(),
    }
}

fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names of two words and more wherever else they stand letter for letter.
fn repeats(view: &str, found: &[Fact]) -> Vec<Fact> {
    let mut kinds: BTreeMap<&str, FactKind> = BTreeMap::new();
    for fact in found {
        if let Some(Value::Text(name)) = &fact.value
            && name.contains(' ')
        {
            kinds.entry(name).or_insert(fact.kind);
        }
    }
    let mut names: Vec<&str> = kinds.keys().copied().take(MOST).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let alternatives: Vec<String> =
        names.iter().map(|name| regex::escape(name).replace(' ', " +")).collect();
    let Ok(pattern) = Regex::new(&alternatives.join("|")) else { return Vec::new() };
    if names.is_empty() {
        return Vec::new();
    }
    pattern
        .find_iter(view)
        .filter(|it| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !letter(view[..it.start()].chars().next_back())
                && !letter(view[it.end()..].chars().next())
        })
        .filter_map(|it| {
            let span = ByteSpan::new(it.start(), it.end());
            name(view, span, *kinds.get(tidy(it.as_str()).as_str())?, "name.repeat")
        })
        .collect()
}
