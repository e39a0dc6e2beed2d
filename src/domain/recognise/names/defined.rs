//! Parties that a contract names and defines in one breath, where nothing else gives the
//! name away, and names under which somebody trades.

use std::sync::LazyLock;

use regex::Regex;

use super::aliases::is_related;
use super::organisations::{is_part, organisation, run_start};
use super::tokens::Tokens;
use super::words::{GIVEN, TITLES, is_function, is_never, is_role as names_a_role};
use crate::domain::fact::{Fact, FactKind};
use crate::domain::recognise::definitions::{Manner, Term};
use crate::domain::recognise::pattern;
use crate::domain::span::ByteSpan;

/// What a contract says of a party between its name and its short name. A word may end in
/// a letter beyond ASCII ("société"), behind which `\b` never matches.
static DESCRIBED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:corporation|company|limited|partnership|organi[sz]ed|incorporated|individual|offices?|place of business|registered|residing|sitz|geschäftsansässig|wohnhaft|vertreten|represented|an? \w+ trust|entity|nat[oa]|residente|domiciliad[oa]|demeurant|née?|mayor\s+de\s+edad|geboren|bank|association|municipality|charity|foundation|university|sede|siège|domicilio|citizen|resident|société|sociedad|società|sociedade)(?:\b|[^\p{L}])",
    )
});

/// What is said of people alone.
static INDIVIDUAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:individual|residing|citizen|wohnhaft|geboren|nat[oa]|née?|demeurant|mayor\s+de\s+edad|residente)(?:\b|[^\p{L}])",
    )
});

/// Parties that nothing else gave away, by the construction Name, what it is (the "Role").
pub(super) fn find(
    view: &str,
    tokens: &Tokens<'_>,
    terms: &[(Term, Option<ByteSpan>)],
) -> Vec<Fact> {
    terms
        .iter()
        .filter(|(term, of)| term.manner == Manner::Alias && of.is_none())
        .filter_map(|(term, _)| {
            let open = term.open;
            let (start, end) = party_before(view, tokens, open)?;
            let between = &view[tokens.span(end).end..open];
            let start = behind_and(tokens, start, end);
            let introduced = start == 0
                || !tokens.touches(start - 1)
                || INTRODUCES.contains(&tokens.word(start - 1).to_lowercase().as_str());
            introduced.then_some(())?;
            let span = tokens.joined(start, end);
            let name = span.slice(view)?;
            (!is_address(name)).then_some(())?;
            is_party(name, term.span.slice(view)?, between, end - start + 1).then_some(())?;
            let individual = INDIVIDUAL.is_match(between);
            let first = tokens.bare(start);
            let individual = individual || TITLES.contains(first) || GIVEN.contains(first);
            let kind = if individual { FactKind::Person } else { FactKind::Organisation };
            super::name(view, span, kind, "name.defined")
        })
        .collect()
}

/// Words before the name of a party.
const INTRODUCES: &[&str] = &[
    "between", "among", "and", "by", "with", "to", "from", "the", "zwischen", "und", "der", "die",
];

/// The start of the last of several names joined by "and".
fn behind_and(tokens: &Tokens<'_>, start: usize, end: usize) -> usize {
    (start..end)
        .rev()
        .find(|&at| matches!(tokens.word(at), "and" | "und" | "AND"))
        .map_or(start, |at| at + 1)
}

fn is_party(name: &str, term: &str, between: &str, words: usize) -> bool {
    let role = term.split_whitespace().count() < 3 && names_a_role(term);
    let lower = name.to_lowercase();
    let short = term.to_lowercase();
    let initials: String = name.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let shortened = lower.starts_with(&short) && lower.len() > short.len();
    let abbreviated =
        initials.len() > 1 && initials.to_uppercase().starts_with(&term.to_uppercase());
    let shouted = words > 1 && !name.contains(char::is_lowercase);
    let described = DESCRIBED.is_match(between) && between.trim_start().starts_with(',')
        || shouted && between.starts_with(" of ");
    let direct =
        matches!(between.trim(), "" | ",") && (role && (words > 1 || is_brand(name)) || shortened);
    direct || described && (role || shortened || abbreviated)
}

/// "BookingEntertainment.com", "iShip": one word that is a name by its letters.
fn is_brand(name: &str) -> bool {
    let inner = name.chars().skip(1).any(char::is_uppercase);
    inner && name.chars().any(char::is_lowercase)
}

/// "d/b/a Harbour Sound": the name under which somebody trades.
static TRADED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:d/b/a|dba|t/a|a/k/a|doing\s+business\s+as|trading\s+as|firmierend\s+(?:als|unter))[,:]?\s+(?:the\s+)?",
    )
});

pub(super) fn traded(view: &str, tokens: &Tokens<'_>) -> Vec<Fact> {
    TRADED
        .find_iter(view)
        .filter_map(|cue| {
            let start = tokens.at_or_after(cue.end());
            let near = start < tokens.len() && tokens.span(start).start < cue.end() + 2;
            if !near || !is_part(tokens, start) {
                return None;
            }
            let mut end = start;
            while end - start < 4
                && tokens.touches(end)
                && is_part(tokens, end + 1)
                && !is_function(tokens.word(end + 1))
            {
                end += 1;
            }
            organisation(view, tokens.joined(start, end), "name.trade")
        })
        .collect()
}

/// The name to the left of a bracket: directly before it, or before the description
/// (", a Delaware corporation with its seat in …,") that follows the name.
fn party_before(view: &str, tokens: &Tokens<'_>, open: usize) -> Option<(usize, usize)> {
    const DESCRIBES: &[&str] = &[
        "a",
        "an",
        "eine",
        "ein",
        "mit",
        "vertreten",
        "with",
        "organized",
        "duly",
        "nata",
        "nato",
        "née",
        "né",
        "residente",
        "domiciliada",
        "domiciliado",
        "demeurant",
        "mayor",
        "con",
        "com",
        "une",
        "un",
        "una",
        "uma",
        "wohnhaft",
        "geboren",
        "residing",
        "société",
        "dont",
        "ayant",
        "whose",
        "having",
        "sociedad",
        "sede",
        "portador",
        "portadora",
    ];
    let last = tokens.at_or_after(open).checked_sub(1)?;
    let direct = view[tokens.span(last).end..open].trim_matches([' ', ',']).is_empty();
    let beside = (direct && is_name_part(tokens, last))
        .then(|| (run_start(tokens, last, false).unwrap_or(last), last))
        .filter(|&(start, _)| !is_related(&view[..tokens.span(start).start]));
    // One word beside the bracket may end the description ("a company in York").
    if beside.is_some_and(|(start, end)| start < end) {
        return beside;
    }
    for at in (last.saturating_sub(60)..last).rev() {
        let gap = tokens.gap(at);
        if gap.contains([';', '\n', ')']) {
            break;
        }
        if gap.trim() == "," && DESCRIBES.contains(&tokens.word(at + 1)) && ends_name(tokens, at) {
            return Some((run_start(tokens, at, false).unwrap_or(at), at));
        }
        // "WEXMOOR BOROUGH COUNCIL of 4 Market Street".
        let seated = tokens.word(at + 1) == "of" && tokens.touches(at) && tokens.shouts(at);
        let start = seated.then(|| run_start(tokens, at, false)).flatten();
        if let Some(start) = start.filter(|&start| start < at && tokens.shouts(start)) {
            return Some((start, at));
        }
    }
    beside
}

fn is_name_part(tokens: &Tokens<'_>, at: usize) -> bool {
    is_part(tokens, at) && !is_never(tokens.word(at))
}

/// Whether a name may end with a word: "Bank" ends one behind a word of its own.
fn ends_name(tokens: &Tokens<'_>, at: usize) -> bool {
    let behind_own = || at > 0 && tokens.touches(at - 1) && is_name_part(tokens, at - 1);
    is_name_part(tokens, at) || is_part(tokens, at) && behind_own()
}

/// "Ostmouth OS4 7PD", "Reno 89501": a place with its post code.
fn is_address(name: &str) -> bool {
    let figures = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
    let mut words = name.rsplit(' ');
    let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let british = figures(last) == 1 && last.len() == 3 && figures(before) > 0 && before.len() < 5;
    british || name.split(' ').any(|word| figures(word) > 3)
}
