//! Organisations by a body's noun: "Harbour Bank", "University of Leeds". Those by their
//! legal form, and how far left a name reaches, are for [`super::organisations`].

use super::organisations::{is_legal_form, organisation, run_start};
use super::tokens::Tokens;
use super::words::{BODIES, BODIES_BEFORE, BODIES_OF, ROLES, is_function, is_never};
use crate::domain::fact::Fact;

pub(super) fn find(view: &str, tokens: &Tokens<'_>) -> Vec<Fact> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let word = tokens.bare(at);
        if BODIES.contains(&word) && !is_legal_form(tokens, at) {
            found.extend(by_body(view, tokens, at));
        }
        if BODIES_OF.contains(&word) {
            found.extend(body_of(view, tokens, at));
        }
        if BODIES_BEFORE.contains(&word) {
            found.extend(body_before(view, tokens, at));
        }
    }
    found
}

/// "Harbour Bank", "Lindqvist Foundation".
fn by_body(view: &str, tokens: &Tokens<'_>, at: usize) -> Option<Fact> {
    let start = run_start(tokens, at, false)?;
    // "Kestrel Pharmaceuticals, Inc.": the form says better where the name begins.
    let formed = at + 1 < tokens.len()
        && is_legal_form(tokens, at + 1)
        && matches!(tokens.gap(at).trim_matches(' '), "" | ",");
    let goes_on = formed || tokens.touches(at) && tokens.capital(at + 1);
    let of = tokens.touches(at)
        && matches!(tokens.word(at + 1), "of" | "for")
        && !tokens.word((at + 2).min(tokens.len() - 1)).starts_with(|c: char| c.is_ascii_digit());
    let opens = start == 0 || !tokens.touches(start - 1);
    // One capital word at the start of a sentence may be any word.
    let owned = start + 1 == at && tokens.word(start).contains(['\'', '’']);
    if goes_on
        || of
        || owned
        || opens && at - start < 2
        || tokens.shouts(start) && tokens.shouts(at)
    {
        return None;
    }
    let mut span = tokens.joined(start, at);
    span.end = tokens.span(at).start + tokens.bare(at).len();
    organisation(view, span, "name.body")
}

/// "University of Leeds", "Bank of North Dakota", "Universidad Nacional de Córdoba".
fn body_of(view: &str, tokens: &Tokens<'_>, at: usize) -> Option<Fact> {
    // The articles of association are no body.
    if at > 0 && tokens.touches(at - 1) && is_of(tokens.word(at - 1)) {
        return None;
    }
    let led = at > 0
        && tokens.touches(at - 1)
        && tokens.capital(at - 1)
        && tokens.word(at - 1).chars().count() > 3
        && !is_function(tokens.word(at - 1));
    let start = led.then(|| run_start(tokens, at, false)).flatten();
    let start = start.or_else(|| ordinary_start(tokens, at)).unwrap_or(at);
    let mut of = at + 1;
    // One more word may stand between: "Universidad Nacional de …", "Stadt".
    if tokens.touches(at) && tokens.capital(of) && !is_never(tokens.word(of)) && tokens.touches(of)
    {
        of += 1;
    }
    if of + 1 >= tokens.len() || !tokens.touches(of - 1) || !tokens.touches(of) {
        return None;
    }
    if !is_of(tokens.word(of)) {
        return None;
    }
    let mut last = of;
    let owns = |at: usize| tokens.bare(at).len() + 1 < tokens.word(at).len();
    while last - of < 5 && tokens.touches(last) && !owns(last) {
        let next = last + 1;
        let named = tokens.capital(next) && !is_function(tokens.word(next));
        let chained =
            matches!(tokens.bare(at), "Association" | "Federation" | "Regents" | "Trustees");
        let joined = last > of
            && (is_of(tokens.word(next))
                || matches!(tokens.word(next), "and" | "und" | "et" | "y" | "e"))
            && tokens.touches(next)
            && tokens.capital(next + 1)
            && (chained
                || matches!(
                    tokens.bare(at),
                    "Ministry" | "Department" | "Ministère" | "Ministerio" | "Bundesministerium"
                ));
        let article = last == of && matches!(tokens.word(next), "the" | "la" | "el" | "los" | "le");
        if !(named || joined || article) {
            break;
        }
        last = next;
    }
    while last > of && !tokens.capital(last) {
        last -= 1;
    }
    // "Department of the Company" names nobody.
    let own = (of + 1..=last)
        .any(|it| tokens.capital(it) && !ROLES.contains(tokens.bare(it).to_lowercase().as_str()));
    let mut span = tokens.joined(start, last);
    span.end = tokens.span(last).start + tokens.bare(last).len();
    (last > of && own).then(|| organisation(view, span, "name.body_of")).flatten()
}

/// "the Business Development Bank of Canada": ordinary words in capitals behind "the".
fn ordinary_start(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let is_own =
        |it: usize| tokens.capital(it) && !tokens.shouts(it) && !is_function(tokens.word(it));
    let start = (at.saturating_sub(4)..at)
        .rev()
        .take_while(|&it| tokens.touches(it) && is_own(it))
        .last()?;
    let led = start > 0 && tokens.touches(start - 1) && tokens.word(start - 1) == "the";
    led.then_some(start)
}

fn is_of(word: &str) -> bool {
    matches!(
        word,
        "of" | "für"
            | "der"
            | "des"
            | "de"
            | "di"
            | "do"
            | "da"
            | "du"
            | "del"
            | "della"
            | "dos"
            | "OF"
            | "zu"
    )
}

/// "Universität Leipzig", "Banco Meridional".
fn body_before(view: &str, tokens: &Tokens<'_>, at: usize) -> Option<Fact> {
    let mut last = at;
    while last - at < 3
        && tokens.touches(last)
        && tokens.capital(last + 1)
        && !is_never(tokens.word(last + 1))
    {
        last += 1;
    }
    let span = tokens.joined(at, last);
    (last > at).then(|| organisation(view, span, "name.body")).flatten()
}
