//! What the names of a text say about each other: a name in capitals is the same as in
//! small letters, and what runs together in one place is told apart by another. It finds
//! no names of its own.

use std::collections::{HashMap, HashSet};

use super::tidy;
use super::words::{GIVEN, PLACES};
use crate::domain::fact::{Fact, FactKind, Value};

/// Gives every spelling of a name one value: the first in the text that is not all in
/// capitals, else the first. Spellings that differ in letters' size and marks are one.
pub(super) fn unify(names: &mut [Fact]) {
    let mut forms: HashMap<(FactKind, String), String> = HashMap::new();
    for (kind, name) in names.iter().filter_map(named) {
        let form = forms.entry((kind, fold(name))).or_insert_with(|| name.to_owned());
        if is_shouted(form) && !is_shouted(name) {
            name.clone_into(form);
        }
    }
    for fact in names {
        let form = named(fact).and_then(|(kind, name)| forms.get(&(kind, fold(name))));
        if let Some(form) = form.cloned() {
            fact.value = Some(Value::Text(form));
        }
    }
}

/// Cuts off what stands before an organisation's name and is none of it: a person or a
/// place, where the rest of the words is the name of an organisation elsewhere ("Ann Lee
/// Harbour Ltd" in a signature block, "Delaware Acme Inc" in a row of a table).
pub(super) fn cut_leads(view: &str, names: &mut [Fact]) {
    let firms: HashSet<String> = names
        .iter()
        .filter(|fact| fact.kind == FactKind::Organisation)
        .filter_map(|fact| Some(named(fact)?.1.to_owned()))
        .collect();
    for fact in names.iter_mut().filter(|fact| fact.kind == FactKind::Organisation) {
        let Some(words) = fact.span.slice(view) else { continue };
        let rest = words
            .match_indices(' ')
            .map(|(at, _)| at + 1)
            .find(|&at| firms.contains(&tidy(&words[at..])) && is_lead(&tidy(&words[..at])));
        if let Some(rest) = rest {
            fact.value = Some(Value::Text(tidy(&words[rest..])));
            fact.span.start += rest;
        }
    }
}

/// Whether words before a name are somebody or somewhere else.
fn is_lead(words: &str) -> bool {
    let mut parts = words.split(' ');
    let first = parts.next().unwrap_or_default();
    let person = GIVEN.contains(first) && matches!(parts.count(), 1 | 2);
    person || PLACES.contains(&words)
}

fn named(fact: &Fact) -> Option<(FactKind, &str)> {
    match &fact.value {
        Some(Value::Text(name)) => Some((fact.kind, name)),
        _ => None,
    }
}

/// Letters and digits only, small: "ACME, INC." and "Acme Inc" are one.
pub(in crate::domain::recognise) fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_shouted(name: &str) -> bool {
    !name.chars().any(char::is_lowercase)
}
