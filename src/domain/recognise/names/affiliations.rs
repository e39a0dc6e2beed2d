//! Organisations behind the people of a list of those present: "Ann Lee [Harbour]",
//! "Bo Dahl (Harbour)". It takes the people as they were found.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::organisations::organisation;
use super::tidy;
use super::words::is_never;
use crate::domain::fact::{Fact, FactKind};
use crate::domain::recognise::pattern;
use crate::domain::span::ByteSpan;

/// A bracket behind a name with one to three words that begin large.
static BRACKET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^ ?[\[(](?P<n>\p{Lu}[\p{L}\p{N}.&-]+(?: \p{Lu}[\p{L}\p{N}.&-]*){0,2})[\])](?: *[,;|]| *(?:\n|$)| +[-–—] )",
    )
});

/// What such a bracket says of somebody that is no organisation, in small letters.
const NO_ORGANISATION: &[&str] = &[
    "remote",
    "absent",
    "apac",
    "emea",
    "amer",
    "scribe",
    "notes",
    "regrets",
    "observer",
    "guest",
    "wg",
    "sig",
    "tbd",
    "new",
    "late",
    "excused",
    "online",
    "virtual",
    "pst",
    "est",
    "utc",
    "cet",
    "gast",
    "protokoll",
    "entschuldigt",
    "ausente",
    "absente",
    "voting",
    "non-voting",
    "volunteer",
    "emeritus",
    "optional",
    "present",
    "yes",
    "no",
    "n.a",
    "retired",
    "outgoing",
    "incoming",
    "democrat",
    "republican",
    "lib",
    "sign",
    "seal",
    "individual",
    "individually",
    "phone",
];

/// The organisations that stand behind two people at least, in brackets.
pub(super) fn find(view: &str, people: &[Fact]) -> Vec<Fact> {
    const MEMBERS: usize = 2;
    let places: Vec<ByteSpan> = people
        .iter()
        .filter(|fact| fact.kind == FactKind::Person)
        .filter_map(|fact| {
            let found = BRACKET.captures(&view[fact.span.end..])?.name("n")?;
            let start = fact.span.end + found.start();
            Some(ByteSpan::new(start, start + found.len()))
        })
        .filter(|span| span.slice(view).is_some_and(is_own))
        .collect();
    let mut members: HashMap<String, usize> = HashMap::new();
    for span in &places {
        *members.entry(span.slice(view).map(tidy).unwrap_or_default()).or_default() += 1;
    }
    places
        .into_iter()
        .filter(|span| span.slice(view).is_some_and(|it| members.get(&tidy(it)) >= Some(&MEMBERS)))
        .filter_map(|span| organisation(view, span, "name.affiliation"))
        .collect()
}

fn is_own(words: &str) -> bool {
    words.split_whitespace().all(|word| {
        let lower = word.trim_end_matches('.').to_lowercase();
        !NO_ORGANISATION.contains(&lower.as_str())
    }) && words.split_whitespace().any(|word| !is_never(word))
}
