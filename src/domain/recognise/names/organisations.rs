//! Organisations by their legal form, and how far to the left of a form or a noun the words
//! of a name reach. Universities, banks and the like are for [`super::bodies`].

use super::tokens::Tokens;
use super::words::{BODIES, LEGAL_FORMS, WEAK_FORMS, is_function, is_never};
use crate::domain::fact::{Fact, FactKind};
use crate::domain::span::ByteSpan;

/// Words of one name before its legal form, at most.
const LONGEST: usize = 8;

pub(super) fn find(view: &str, tokens: &Tokens<'_>) -> Vec<Fact> {
    (0..tokens.len())
        .filter(|&at| is_legal_form(tokens, at))
        .filter_map(|at| by_form(view, tokens, at))
        .collect()
}

pub(super) fn is_legal_form(tokens: &Tokens<'_>, at: usize) -> bool {
    LEGAL_FORMS.contains(&tokens.bare(at))
}

pub(super) fn organisation(view: &str, span: ByteSpan, rule: &'static str) -> Option<Fact> {
    super::name(view, span, FactKind::Organisation, rule)
}

/// A word that can stand in a name: large first letter, a figure beside letters, or a
/// brand such as "iShip.com".
pub(super) fn is_part(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = tokens.bare(at);
    let inner_capital = word.chars().skip(1).any(char::is_uppercase);
    // Longer ones are encoded data.
    if word.len() > 40 {
        return false;
    }
    tokens.capital(at)
        || inner_capital
        || word.contains('.') && word.len() > 3
        || word.bytes().all(|b| b.is_ascii_digit()) && word.len() < 4
}

/// "Annex 2. Acme Ltd", "Annex II. Acme Ltd": the number ends a sentence, not a name's word.
fn ends_clause(word: &str) -> bool {
    let roman = word.len() > 1 && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'));
    roman || word.bytes().all(|b| b.is_ascii_digit())
}

fn is_connector(word: &str) -> bool {
    matches!(
        word,
        "of" | "and"
            | "de"
            | "für"
            | "und"
            | "OF"
            | "AND"
            | "van"
            | "von"
            | "et"
            | "e"
            | "y"
            | "di"
            | "del"
            | "da"
            | "do"
            | "des"
            | "du"
    )
}

/// The first word of the run of name words that ends before `end`; `None` where the word
/// before `end` is no part of a name, or all of them are ordinary words. Before a legal
/// form a comma may stand.
pub(super) fn run_start(tokens: &Tokens<'_>, end: usize, comma: bool) -> Option<usize> {
    let mut start = end;
    while start > 0 && end - start < LONGEST {
        let left = start - 1;
        let gap = tokens.gap(left);
        let near = matches!(gap.trim_matches(' '), "" | "&")
            || comma && start == end && gap.trim_matches(' ') == ",";
        let ends_sentence = tokens.word(left).ends_with('.')
            && (ends_clause(tokens.bare(left))
                || tokens.bare(left).chars().count() > 3
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
        } else if (start < end || leads_on(tokens, end))
            && is_connector(tokens.word(left))
            && connects(tokens, left, end)
        {
            start = left - 1;
        } else {
            break;
        }
    }
    if let Some(office) = (start..end.saturating_sub(1)).rev().find(|&at| is_office(tokens, at)) {
        start = office + 1;
    }
    while start + 1 < end
        && (is_role(tokens, start) || is_number(tokens, start) || is_item(tokens, start))
    {
        start += 1;
    }
    (start..end)
        .any(|at| !is_never(tokens.word(at)) && !is_connector(tokens.word(at)))
        .then_some(start)
}

/// Whether the word at `end` may have "of" or "du" directly before it: not where it is a
/// form or a body ("the sale of Technologies").
fn leads_on(tokens: &Tokens<'_>, end: usize) -> bool {
    let joins = end > 0 && matches!(tokens.word(end - 1), "and" | "AND" | "und" | "et" | "e" | "y");
    !joins && !is_legal_form(tokens, end) && !BODIES.contains(&tokens.bare(end))
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

/// "B. Acme Ltd" at the head of a line is an item where a line near begins with "A." or
/// "C.", and a name else.
fn is_item(tokens: &Tokens<'_>, at: usize) -> bool {
    const NEAR: usize = 150;
    let letter = |at: usize| match tokens.word(at).as_bytes() {
        [letter @ b'A'..=b'Z', b'.'] => Some(*letter),
        _ => None,
    };
    let opens = |at: usize| at == 0 || tokens.gap(at - 1).contains('\n');
    let Some(own) = letter(at).filter(|_| opens(at)) else { return false };
    (at.saturating_sub(NEAR)..(at + NEAR).min(tokens.len()))
        .any(|it| letter(it).is_some_and(|other| other.abs_diff(own) == 1) && opens(it))
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
            | "plaintiff"
            | "defendant"
            | "petitioner"
            | "respondent"
            | "appellant"
            | "appellee"
    )
}

/// "Common Seal of Acme Ltd", "Engagement of Acme Ltd": a thing or an act before "of", and
/// no part of the name.
fn is_act(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "seal"
            | "engagement"
            | "articles"
            | "certificate"
            | "acquisition"
            | "assignment"
            | "behalf"
            | "division"
            | "copy"
            | "consent"
            | "sale"
            | "shares"
            | "benefit"
            | "obligations"
            | "successor"
            | "stockholders"
            | "holders"
            | "bylaws"
            | "guaranty"
            | "guarantee"
            | "merger"
            | "formation"
            | "form"
            | "role"
            | "use"
            | "names"
            | "acceptance"
            | "appointment"
            | "premises"
            | "assets"
            | "stock"
            | "capital"
            | "signature"
            | "signatures"
            | "logo"
            | "list"
    )
}

/// Whether a small word joins two parts of one name rather than two names.
fn connects(tokens: &Tokens<'_>, at: usize, end: usize) -> bool {
    if at == 0 || !tokens.touches(at - 1) {
        return false;
    }
    let left = at - 1;
    let joins_two = matches!(tokens.word(at), "and" | "AND" | "und" | "et" | "e" | "y");
    let act = matches!(tokens.word(at), "of" | "OF") && is_act(tokens.bare(left));
    // The Securities and Exchange Commission is one, Moneygram and Western Union are two.
    let two = joins_two && TRADING_BODIES.contains(&tokens.bare(end));
    // "Hale and Orme LLP" is one firm, "Hale and Orme Inc" may be a person and a firm.
    let firm = !is_legal_form(tokens, end)
        || matches!(tokens.bare(end), "LLP" | "L.L.P" | "Co" | "Company" | "P.C");
    let listed = (left.saturating_sub(4)..left).any(|it| {
        matches!(tokens.word(it).to_lowercase().as_str(), "between" | "among" | "by" | "zwischen")
    });
    is_part(tokens, left)
        && !is_never(tokens.word(left))
        && !is_legal_form(tokens, left)
        && !act
        && !two
        && !(joins_two && (listed || !firm))
}

/// Bodies that seldom bear two things in their name: what "and" joins before them are two.
const TRADING_BODIES: &[&str] =
    &["Union", "Bank", "University", "College", "Hospital", "Sparkasse", "Volksbank", "Group"];

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
    let place =
        (tokens.gap(at - 1).contains(',') || numbered) && matches!(form, "NV" | "CO" | "AB" | "SE");
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
    // "S.A. de C.V.", "S. de R.L. de C.V."
    let variable = last + 2 < tokens.len()
        && tokens.word(last + 1) == "de"
        && matches!(tokens.bare(last + 2), "C.V" | "CV" | "R.L");
    if variable { last + 2 } else { last }
}

/// "Limited", "Company", "Corporation" and "Co" close a name only where a name goes
/// before and no title goes on behind.
fn weak_form_counts(tokens: &Tokens<'_>, start: usize, at: usize) -> bool {
    let form = tokens.bare(at);
    if form == "LP" && tokens.gap(at - 1).trim() == "," {
        return true;
    }
    let directly = is_part(tokens, at - 1) && tokens.touches(at - 1);
    // "a Nevada corporation" says what a party is, not its name.
    let described = start > 0 && matches!(tokens.word(start - 1), "a" | "an" | "A" | "AN");
    let shouted = (start..at).all(|it| tokens.shouts(it));
    // "HARLOW FREIGHT LIMITED Unit 5": a shouted name has ended where the letters get small.
    let ended = shouted && tokens.touches(at) && !tokens.shouts(at + 1);
    let goes_on =
        !ended && tokens.touches(at) && tokens.capital(at + 1) && !is_function(tokens.word(at + 1));
    let gap = tokens.gap(at);
    let closed = ended
        || gap.trim_start().starts_with(['(', ','])
        || gap.contains('\n')
        || gap.contains("(\"");
    let short =
        tokens.bare(at).eq_ignore_ascii_case("co") && !tokens.word(at).ends_with('.') && !closed;
    // "HEREINAFTER KNOWN AS (…" names no Norwegian company.
    let ordinary = shouted && form == "AS";
    directly && !described && !goes_on && !short && !ordinary && (!shouted || closed)
}
