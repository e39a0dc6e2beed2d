//! Terms that the words around them define: "“Goods” means …", "hereinafter called
//! Cremer". Brackets and lists have files of their own.

use std::sync::LazyLock;

use regex::Regex;

use super::quotes::Quoted;
use super::{CUE, Manner, Term, words_of};
use crate::domain::recognise::name_words::ROLES;
use crate::domain::recognise::pattern;
use crate::domain::recognise::view::back;
use crate::domain::span::ByteSpan;

/// What says that a quoted term before it means something.
static MEANS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^[\ ,]*(?:\([^()\n]{0,80}\)[\ ,]*)?
          (?:(?:as|when|wherever|where)\ +used\ [^,\n]{0,60},\ *)?
          (?:(?:shall|will|is|are|do|does|hat|haben|for\ the\ purposes?\ of\ [^,\n]{0,60},)\ +)?(?:be\ +)?(?:also\ +|further\ +|only\ +|each\ +)?
          (?:means?\b|meaning\b|meant\b|has\ +the\ +(?:same\ +)?(?:respective\ +)?meanings?|have\ +the\ +(?:same\ +)?(?:respective\ +)?meanings?|refers?\ +to\b|defined\b|includes?\b
           |bedeute[nt]|bezeichne[nt]|meint\b|die\ +(?:\p{L}+\ +)?bedeutung|désigne(?:nt)?\b|signifie(?:nt)?\b|s.entend(?:ent)?\b
           |significa(?:n|m|no)?\b|se\ +refiere(?:n)?\b|designa(?:n|m|no)?\b|indica(?:no)?\b|si\ +intend(?:e|ono)\b|se\ +entiende(?:n)?\b|se\ +entenderán?(?:\b|[^\p{L}])|entende-se\b|tiene(?:n)?\ +el\ +significado|ha(?:nno)?\ +il\ +significato|tem\ +o\ +significado)",
    )
});

/// What says so only at the head of a sentence: a copula, a colon, a dash.
static EQUALS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^ *(?:: +\S|[-–—] +\S|(?:is|are|ist|sind|est|sont|es|son|è|sono|é|são) +\p{Ll})")
});

/// "which term shall include his heirs", "genannt" behind a quoted short name.
static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[ ,]*(?:\(?which\s+(?:terms?|expressions?)|whose\s+expression|genannt\b|bezeichnet\b|benannt\b)",
    )
});

/// "hereinafter referred to as Cremer": a short name without any marks.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<cue>\b(?:[Hh]ereinafter|[Hh]ereafter|[Nn]achfolgend|[Nn]achstehend|[Ii]m [Ff]olgenden|[Cc]i-après|[Ee]n adelante|[Dd]i seguito|[Dd]oravante)[ ,]+(?:(?:also|indistinctly|individually|collectively|jointly|kurz|auch|nur|dénommée?|denominad[oa]|denominat[oa]) +)*(?:(?:referred +to +|called +|known +)?(?:as +)?)?)(?:(?:the|der|die|das|le|la|el|il|o|a) +)?(?P<t>\p{Lu}[\p{L}\p{N}.&-]*(?: \p{Lu}[\p{L}\p{N}.&-]*){0,3})(?: +genannt| +bezeichnet)? *(?:[—–,;)]|--| - )",
    )
});

/// Quoted terms outside brackets, by the words around them.
pub(super) fn by_words(view: &str, quotes: &[Quoted]) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut last: Option<(usize, Term)> = None;
    for (at, quote) in quotes.iter().enumerate() {
        let Some(span) = words_of(view, quote.inner) else { continue };
        let before = &view[back(view, quote.outer.start, 110)..quote.outer.start];
        let after = &view[quote.outer.end..];
        let joined = last.filter(|(previous, _)| {
            previous + 1 == at && joins(&view[quotes[*previous].outer.end..quote.outer.start])
        });
        let manner = if means(before, after) {
            Some((Manner::Meaning, span.start))
        } else if let Some(cue) = cue_before(before) {
            Some((Manner::Alias, quote.outer.start - before.len() + cue))
        } else if BEHIND.is_match(after) || is_party_label(view, quote, span) {
            Some((Manner::Alias, quote.outer.start))
        } else {
            joined.map(|(_, term)| (term.manner, term.open))
        };
        let Some((manner, open)) = manner else { continue };
        let term = Term { span, manner, open };
        if manner == Manner::Meaning {
            // "Affiliate" or "Affiliates" means: the first means the same.
            terms.extend(earlier_of(view, quotes, at));
        }
        last = Some((at, term));
        terms.push(term);
    }
    terms
}

fn joins(gap: &str) -> bool {
    matches!(
        gap.trim(),
        "or" | "and"
            | "and/or"
            | ","
            | "oder"
            | "und"
            | "bzw."
            | "ou"
            | "et"
            | "o"
            | "y"
            | "e"
            | "/"
    )
}

fn means(before: &str, after: &str) -> bool {
    if MEANS.is_match(after) {
        return true;
    }
    let line = before.rsplit(['\n', '|']).next().unwrap_or(before);
    let opens = line.chars().all(|c| !c.is_alphabetic() || line.trim().len() < 4);
    opens && EQUALS.is_match(after)
}

/// Where the words begin that make a quoted term behind `before` a short name.
fn cue_before(before: &str) -> Option<usize> {
    let cue = CUE.find_iter(before).last()?;
    let between = &before[cue.end()..];
    let cut = between.contains(['.', ';', '\n', '"', '“', '”', ')']) || between.len() > 60;
    (!cut).then_some(cue.start())
}

/// `Vanuatu "the Manufacturer"`: a quote of an article and a role, outside any sentence.
fn is_party_label(view: &str, quote: &Quoted, span: ByteSpan) -> bool {
    let role = span.slice(view).is_some_and(|it| ROLES.contains(it.to_lowercase().as_str()));
    let after = view[quote.outer.end..].trim_start_matches([' ', '.']);
    role && span.start > quote.inner.start
        && (after.is_empty() || after.starts_with(['\n', '\t', '-', '–']))
}

fn earlier_of(view: &str, quotes: &[Quoted], at: usize) -> Option<Term> {
    let previous = quotes.get(at.checked_sub(1)?)?;
    let gap = view.get(previous.outer.end..quotes[at].outer.start)?;
    let span = words_of(view, previous.inner)?;
    joins(gap).then_some(Term { span, manner: Manner::Meaning, open: span.start })
}

/// "hereinafter referred to as Cremer".
pub(super) fn called(view: &str) -> Vec<Term> {
    CALLED
        .captures_iter(view)
        .filter_map(|found| {
            let (term, cue) = (found.name("t")?, found.name("cue")?);
            Some(Term {
                span: ByteSpan::new(term.start(), term.end()),
                manner: Manner::Alias,
                open: cue.start(),
            })
        })
        .collect()
}
