//! Names of people and organisations. The parts find candidates by cues; this module
//! keeps the best reading of each place and finds names again where they are repeated.

mod affiliations;
mod aliases;
mod bodies;
mod defined;
mod organisations;
mod people;
mod settle;
mod tokens;
pub(crate) mod words;

use std::collections::{BTreeMap, HashSet};

use regex::Regex;

use super::definitions::{self, Term};
use super::view::back;
use super::{Context, longest};
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;
pub(super) use aliases::is_related;
pub(super) use settle::fold;
use tokens::Tokens;

/// Names that are looked for again; a list beyond this is no list of names.
const MOST: usize = 300;

/// What was read of the names in a view.
pub(super) struct Names {
    /// Sorted, no two on one place.
    pub facts: Vec<Fact>,
    /// The terms that the document defines, each with the name that it stands for.
    pub terms: Vec<(Term, Option<ByteSpan>)>,
}

/// The names of a view, none on a place in `taken` (what other recognisers found there
/// already).
pub(super) fn read(view: &str, context: Context, taken: &[&[Fact]]) -> Names {
    let tokens = Tokens::new(view);
    let terms = definitions::terms(view);
    let mut found = organisations::find(view, &tokens);
    found.extend(bodies::find(view, &tokens));
    found.extend(defined::traded(view, &tokens));
    found.extend(people::find(view, &tokens, context.language));
    found.retain(|fact| !taken.iter().any(|facts| overlaps(facts, fact.span)));
    let mut found = longest(found);
    settle::cut_leads(view, &mut found);
    found.extend(affiliations::find(view, &found));
    let found = longest(found);
    let so_far = aliases::resolve(view, &found, &terms);
    let mut parties = defined::find(view, &tokens, &so_far);
    parties.retain(|fact| !taken.iter().any(|facts| overlaps(facts, fact.span)));
    parties.extend(found);
    let mut found = longest(parties);
    let terms = aliases::resolve(view, &found, &terms);
    found.extend(aliases::mentions(view, &found, &terms));
    found.extend(repeats(view, &found));
    let mut found = longest(found);
    let mut labelled = HashSet::new();
    found.retain(|fact| {
        !is_label(view, fact.span) || labelled.insert(fact.value.as_ref().map(text_of))
    });
    settle::unify(&mut found);
    Names { facts: found, terms }
}

/// Whether a name stands alone before a colon, as the label of a turn or a field. A
/// speaker counts once, not at every turn.
fn is_label(view: &str, span: ByteSpan) -> bool {
    const LINE: usize = 200;
    let before = &view[back(view, span.start, LINE)..span.start];
    let line = || before.rsplit('\n').next().unwrap_or_default();
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

pub(super) fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names of two words and more wherever else they stand letter for letter.
fn repeats(view: &str, found: &[Fact]) -> Vec<Fact> {
    let mut kinds = BTreeMap::new();
    for fact in found {
        if let Some(Value::Text(name)) = &fact.value
            && name.contains(' ')
            && kinds.len() < MOST
        {
            kinds.entry(name.clone()).or_insert(fact.kind);
            // Signatures often shout the name.
            kinds.entry(name.to_uppercase()).or_insert(fact.kind);
        }
    }
    places(view, &kinds, "name.repeat")
}

/// Where names stand, letter for letter and as whole words.
fn places(view: &str, kinds: &BTreeMap<String, FactKind>, rule: &'static str) -> Vec<Fact> {
    let mut names: Vec<&str> = kinds.keys().map(String::as_str).collect();
    if names.is_empty() {
        return Vec::new();
    }
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let alternatives: Vec<String> =
        names.iter().map(|name| regex::escape(name).replace(' ', " +")).collect();
    let Ok(pattern) = Regex::new(&alternatives.join("|")) else { return Vec::new() };
    pattern
        .find_iter(view)
        .filter(|it| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !letter(view[..it.start()].chars().next_back())
                && !letter(view[it.end()..].chars().next())
        })
        .filter_map(|it| {
            let span = ByteSpan::new(it.start(), it.end());
            name(view, span, *kinds.get(tidy(it.as_str()).as_str())?, rule)
        })
        .collect()
}

#[cfg(test)]
mod tests;
