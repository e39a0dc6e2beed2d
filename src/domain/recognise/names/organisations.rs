//! Organisations: capitalised words before a legal form or a body's noun, "University
//! of …", and parties that a contract names and defines in one breath.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;

use super::tokens::Tokens;
use super::words::{
    BODIES, BODIES_OF, GIVEN, LEGAL_FORMS, ROLES, TITLES, WEAK_FORMS, is_function, is_never,
};
use crate::domain::fact::{Fact, FactKind};
use crate::domain::span::ByteSpan;

/// Words of one name before its legal form, at most.
const LONGEST: usize = 8;

pub(super) fn find(view: &str, tokens: &Tokens<'_>) -> Vec<Fact> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        if is_legal_form(tokens, at) {
            found.extend(by_form(view, tokens, at));
        } else if BODIES.contains(&tokens.bare(at)) {
            found.extend(by_body(view, tokens, at));
        }
        if BODIES_OF.contains(&tokens.bare(at)) {
            found.extend(body_of(view, tokens, at));
        }
    }
    found.extend(defined(view, tokens));
    found
}

fn is_legal_form(tokens: &Tokens<'_>, at: usize) -> bool {
    LEGAL_FORMS.contains(&tokens.bare(at))
}

fn organisation(view: &str, span: ByteSpan, rule: &'static str) -> Option<Fact> {
    super::name(view, span, FactKind::Organisation, rule)
}

/// A word that can stand in a name: large first letter, a figure beside letters, or a
/// brand such as "iShip.com".
fn is_part(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = tokens.bare(at);
    let inner_capital = word.chars().skip(1).any(char::is_uppercase);
    tokens.capital(at)
        || inner_capital
        || word.contains('.') && word.len() > 3
        || word.bytes().all(|b| b.is_ascii_digit()) && word.len() < 4
}

fn is_connector(word: &str) -> bool {
    matches!(word, "of" | "and" | "de" | "für" | "und" | "OF" | "AND" | "van" | "von")
}

/// The first word of the run of name words that ends before `end`; `None` where the word
/// before `end` is no part of a name, or all of them are ordinary words. Before a legal
/// form a comma may stand.
fn run_start(tokens: &Tokens<'_>, end: usize, comma: bool) -> Option<usize> {
    let mut start = end;
    while start > 0 && end - start < LONGEST {
        let left = start - 1;
        let gap = tokens.gap(left);
        let near = matches!(gap.trim_matches(' '), "" | "&")
            || comma && start == end && gap.trim_matches(' ') == ",";
        let ends_sentence = tokens.word(left).ends_with('.')
            && (tokens.bare(left).chars().count() > 3
                || is_never(tokens.bare(left))
                || is_legal_form(tokens, left));
        if !near || ends_sentence {
            break;
        }
        if is_part(tokens, left)
            && !is_function(tokens.word(left))
            && !(is_legal_form(tokens, left) && start < end)
        {
            start = left;
        } else if start < end && is_connector(tokens.word(left)) && connects(tokens, left, end) {
            start = left - 1;
        } else {
            break;
        }
    }
    if let Some(office) = (start..end.saturating_sub(1)).rev().find(|&at| is_office(tokens, at)) {
        start = office + 1;
    }
    while start + 1 < end && (is_role(tokens, start) || is_number(tokens, start)) {
        start += 1;
    }
    (start..end)
        .any(|at| !is_never(tokens.word(at)) && !is_connector(tokens.word(at)))
        .then_some(start)
}

/// "Chief Executive Officer Northwind Ltd": an office above a firm in a signature block.
fn is_office(tokens: &Tokens<'_>, at: usize) -> bool {
    matches!(
        tokens.bare(at).to_lowercase().as_str(),
        "officer" | "president" | "director" | "directors" | "counsel" | "secretary" | "treasurer"
    )
}

/// The number of a page or a clause in front of a name.
fn is_number(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = tokens.bare(at);
    word.chars().all(|c| c.is_ascii_digit() || c == '.') && (word.len() < 3 || word.contains('.'))
}

/// A role in front of a name ("Supplier Acme Ltd") is no part of it.
fn is_role(tokens: &Tokens<'_>, at: usize) -> bool {
    matches!(
        tokens.bare(at).to_lowercase().as_str(),
        "supplier"
            | "distributor"
            | "customer"
            | "buyer"
            | "seller"
            | "purchaser"
            | "licensor"
            | "licensee"
            | "client"
            | "auftraggeber"
            | "auftraggeberin"
            | "auftragnehmer"
            | "auftragnehmerin"
            | "lieferantin"
            | "lieferant"
            | "firma"
            | "käuferin"
            | "verkäuferin"
    )
}

/// Whether a small word joins two parts of one name rather than two names.
fn connects(tokens: &Tokens<'_>, at: usize, end: usize) -> bool {
    if at == 0 || !tokens.touches(at - 1) {
        return false;
    }
    let left = at - 1;
    let joins_two = matches!(tokens.word(at), "and" | "AND" | "und");
    // "Hale and Orme LLP" is one firm, "Hale and Orme Inc" may be a person and a firm.
    let firm = !is_legal_form(tokens, end)
        || matches!(tokens.bare(end), "LLP" | "L.L.P" | "Co" | "Company" | "P.C");
    let listed = (left.saturating_sub(4)..left).any(|it| {
        matches!(tokens.word(it).to_lowercase().as_str(), "between" | "among" | "by" | "zwischen")
    });
    is_part(tokens, left)
        && !is_never(tokens.word(left))
        && !is_legal_form(tokens, left)
        && !(joins_two && (listed || !firm))
}

fn by_form(view: &str, tokens: &Tokens<'_>, at: usize) -> Option<Fact> {
    if at > 0
        && is_legal_form(tokens, at - 1)
        && matches!(tokens.gap(at - 1).trim(), "" | "," | "&" | ".")
    {
        // The second part of "GmbH & Co. KG" belongs to the name found from the first.
        if run_start(tokens, at - 1, true).is_some() {
            return None;
        }
    }
    let start = run_start(tokens, at, true)?;
    let form = tokens.bare(at);
    let last = last_form(tokens, at);
    if WEAK_FORMS.contains(&form.to_lowercase().as_str())
        && last == at
        && !weak_form_counts(tokens, start, at)
    {
        return None;
    }
    let mut span = tokens.joined(start, last);
    let keeps_stop = matches!(
        tokens.bare(last),
        "Inc" | "INC" | "Ltd" | "LTD" | "Corp" | "CORP" | "Co" | "CO" | "Pty" | "Pte"
    ) || tokens.bare(last).contains('.');
    if tokens.word(last).ends_with('.') && !keeps_stop {
        span.end -= 1;
    }
    if tokens.word(last).contains(['\'', '’']) {
        span.end = tokens.span(last).start + tokens.bare(last).len();
    }
    // "Reno, NV" and "Reno NV 89501" are places.
    let numbered =
        at + 1 < tokens.len() && tokens.word(at + 1).starts_with(|c: char| c.is_ascii_digit());
    let place = (tokens.gap(at - 1).contains(',') || numbered)
        && matches!(form, "NV" | "CO" | "AB" | "SE" | "LP");
    let only_numbers = (start..at).all(|it| !tokens.word(it).chars().any(char::is_alphabetic));
    (!only_numbers && !place).then(|| organisation(view, span, "name.legal_form")).flatten()
}

/// The last of several legal forms on end: "Co., Ltd.", "Pty Ltd".
fn last_form(tokens: &Tokens<'_>, at: usize) -> usize {
    let mut last = at;
    // Three at most ("Co., Ltd. Inc"), so that a list of nothing else stays cheap.
    while last - at < 2
        && last + 1 < tokens.len()
        && is_legal_form(tokens, last + 1)
        && matches!(tokens.gap(last).trim(), "" | "," | "&")
        && !tokens.gap(last).contains('\n')
    {
        last += 1;
    }
    last
}

/// "Limited", "Company", "Corporation" and "Co" close a name only where a name goes
/// before and no title goes on behind.
fn weak_form_counts(tokens: &Tokens<'_>, start: usize, at: usize) -> bool {
    let directly = is_part(tokens, at - 1) && tokens.touches(at - 1);
    // "a Nevada corporation" says what a party is, not its name.
    let described = start > 0 && matches!(tokens.word(start - 1), "a" | "an" | "A" | "AN");
    let goes_on = tokens.touches(at) && tokens.capital(at + 1) && !is_never(tokens.word(at + 1));
    let gap = tokens.gap(at);
    let closed =
        gap.trim_start().starts_with(['(', ',']) || gap.contains('\n') || gap.contains("(\"");
    let shouted = (start..at).all(|it| tokens.shouts(it));
    let short =
        tokens.bare(at).eq_ignore_ascii_case("co") && !tokens.word(at).ends_with('.') && !closed;
    directly && !described && !goes_on && !short && (!shouted || closed)
}

/// "Harbour Bank", "Lindqvist Foundation".
fn by_body(view: &str, tokens: &Tokens<'_>, at: usize) -> Option<Fact> {
    let start = run_start(tokens, at, false)?;
    let goes_on = tokens.touches(at) && tokens.capital(at + 1);
    let of = tokens.touches(at) && matches!(tokens.word(at + 1), "of" | "for");
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

/// "University of Leeds", "Bank of North Dakota".
fn body_of(view: &str, tokens: &Tokens<'_>, at: usize) -> Option<Fact> {
    let of = at + 1;
    if !tokens.touches(at)
        || of + 1 >= tokens.len()
        || !matches!(tokens.word(of), "of" | "für")
        || !tokens.touches(of)
    {
        return None;
    }
    let mut last = of;
    let owns = |at: usize| tokens.bare(at).len() + 1 < tokens.word(at).len();
    while last - of < 4
        && tokens.touches(last)
        && !owns(last)
        && tokens.capital(last + 1)
        && !is_never(tokens.word(last + 1))
    {
        last += 1;
    }
    let mut span = tokens.joined(at, last);
    span.end = tokens.span(last).start + tokens.bare(last).len();
    (last > of).then(|| organisation(view, span, "name.body_of")).flatten()
}

/// A quoted term in brackets: (the "Company"), ("Aduro"), (nachfolgend „Auftraggeber“).
static TERM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\(\s*(?P<lead>[^()"“”„«»\n]{0,60})["“„«]\s*(?P<t>\p{Lu}[^"“”„«»()\n]{1,40})["”“»]"#)
});

/// What a contract says of a party between its name and its short name.
static DESCRIBED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:corporation|company|limited|partnership|organi[sz]ed|incorporated|individual|offices?|place of business|registered|residing|sitz|geschäftsansässig|wohnhaft|vertreten|represented|an? \w+ trust|entity)\b",
    )
});

/// Parties by the construction Name, what it is (the "Role").
fn defined(view: &str, tokens: &Tokens<'_>) -> Vec<Fact> {
    TERM.captures_iter(view)
        .filter_map(|found| {
            let open = found.get_match().start();
            let (start, end) = party_before(view, tokens, open)?;
            let between = &view[tokens.span(end).end..open];
            let start = behind_and(tokens, start, end);
            let introduced = start == 0
                || !tokens.touches(start - 1)
                || INTRODUCES.contains(&tokens.word(start - 1).to_lowercase().as_str());
            introduced.then_some(())?;
            let span = tokens.joined(start, end);
            let name = span.slice(view)?;
            is_party(name, &found["t"], between, end - start + 1).then_some(())?;
            let individual = between.contains("individual")
                || between.contains("residing")
                || between.contains("wohnhaft");
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
    let words_of_term = term.split_whitespace().count();
    let role = words_of_term < 3
        && term.rsplit(' ').next().is_some_and(|word| ROLES.contains(word.to_lowercase().as_str()));
    let lower = name.to_lowercase();
    let short = term.to_lowercase();
    let initials: String = name.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let shortened = lower.starts_with(&short) && lower.len() > short.len();
    let abbreviated =
        initials.len() > 1 && initials.to_uppercase().starts_with(&term.to_uppercase());
    let described = DESCRIBED.is_match(between) && between.trim_start().starts_with(',');
    let direct = matches!(between.trim(), "" | ",") && (role && words > 1 || shortened);
    direct || described && (role || shortened || abbreviated)
}

/// The name to the left of a bracket: directly before it, or before the description
/// (", a Delaware corporation with its seat in …,") that follows the name.
fn party_before(view: &str, tokens: &Tokens<'_>, open: usize) -> Option<(usize, usize)> {
    const DESCRIBES: &[&str] =
        &["a", "an", "eine", "ein", "mit", "vertreten", "with", "organized", "duly"];
    let last = tokens.at_or_after(open).checked_sub(1)?;
    let direct = view[tokens.span(last).end..open].trim_matches([' ', ',']).is_empty();
    let beside = (direct && is_name_part(tokens, last))
        .then(|| (run_start(tokens, last, false).unwrap_or(last), last));
    // One word beside the bracket may end the description ("a company in York").
    if beside.is_some_and(|(start, end)| start < end) {
        return beside;
    }
    for at in (last.saturating_sub(60)..last).rev() {
        let gap = tokens.gap(at);
        if gap.contains([';', '\n', ')']) {
            break;
        }
        if gap.trim() == "," && DESCRIBES.contains(&tokens.word(at + 1)) && is_name_part(tokens, at)
        {
            return Some((run_start(tokens, at, false).unwrap_or(at), at));
        }
    }
    beside
}

fn is_name_part(tokens: &Tokens<'_>, at: usize) -> bool {
    is_part(tokens, at) && !is_never(tokens.word(at))
}
