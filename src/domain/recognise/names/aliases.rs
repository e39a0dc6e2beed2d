//! Short names: which name a defined term stands for, and where such terms stand as
//! names themselves. How terms are defined is for [`crate::domain::recognise::definitions`].

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::words::{Words, is_never, is_role, words};
use crate::domain::fact::Fact;
use crate::domain::recognise::definitions::{Manner, Term};
use crate::domain::recognise::pattern;
use crate::domain::recognise::view::back;
use crate::domain::span::ByteSpan;

/// How far before a short name its name may begin, in bytes: the longest description of
/// a party (form, state, offices, two addresses) in between.
const REACH: usize = 900;

/// Short names that are looked for; a longer list is no list of names.
const MOST: usize = 200;

/// What goes on behind a name up to its short name: what it is, where it is, who acts
/// for it. A word may end in a letter beyond ASCII ("né"), behind which `\b` never matches.
static DESCRIPTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^[\ ,.]*(?:\([^()\n]*\)[\ ,]*)?(?:
            (?:an?|one|of|c/o|au|aux|inscrite?|enregistrée?|born|née?|located|having|with|whose|organi[sz]ed|duly|incorporated|registered|residing|acting|represented|by|through|on\ behalf|and\ (?:its|their|his|her)|together|d/b/a|dba|doing|at|in|as|which|being|the|for\ itself
              |eine?[rms]?|mit|vertreten|eingetragen|geschäftsansässig|dated|u/?[at]/?[ad]|calle|rua|rue|avenida|via|viale|piazza|plaza|of\ the\ (?:one|other|first|second)\ part|both\ of|wohnhaft|une?|société|ayant|dont|représentée?|sise?|demeurant|immatriculée?|una?|con|sociedad|constituida|domiciliad[oa]|representad[oa]|mayor|sede|con\ sede|società|rappresentat[oa]|nat[oa]|residente|uma?|com|inscrita|sediada|portador|bearing|holding|previously|formerly|ein|—|–|-)(?:\b|[^\p{L}])
          | [\p{L}][\p{L}.\ -]{2,40}\ \d{1,4}\ ?[a-z]?,
          | [—–\d(\n\t-] | no\. | (?:suite|unit|level|floor|po\ box|p\.o\.)\b
        )",
    )
});

/// What makes the name behind it somebody else's than a party's.
static RELATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:
            (?:subsidiary\s+of|affiliate\s+of|successor(?:[\s-]+in[\s-]+interest)?\s+to|owned\s+by|division\s+of|laws\s+of|care\s+of|c/o|formerly(?:\s+known\s+as)?|f/k/a|d/b/a|dba|doing\s+business\s+as|attention|attn|source)[\s.:,]*(?:the\s+|its\s+)?
          | (?:represented\s+(?:herein\s+)?by|acting\s+(?:through|by)|vertreten\s+durch|représentée?\s+par|representad[oa]\s+por|rappresentat[oa]\s+d|in\s+persona\s+d|en\s+la\s+persona\s+d)[\p{L}'’]*[\s,]+(?:[\p{L}'’]+\.?[\s,]+){0,4}
        )$",
    )
});

/// What stands between somebody's name and the name that they trade under.
static TRADES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[, (]*(?:an individual,? +)?(?:d/b/a|dba|t/a|doing business as|trading as)[:,. ]+(?:the +)?$",
    )
});

/// Whether the text up to a name makes it one that only has to do with somebody: a
/// representative, a parent company, a former name.
pub(in crate::domain::recognise) fn is_related(before: &str) -> bool {
    const TAIL: usize = 90;
    RELATED.is_match(&before[back(before, before.len(), TAIL)..])
}

/// The terms with the name that each stands for. `names` are sorted and disjoint.
pub(super) fn resolve(view: &str, names: &[Fact], terms: &[Term]) -> Vec<(Term, Option<ByteSpan>)> {
    let mut floor = 0;
    let mut last: Option<(usize, Option<ByteSpan>)> = None;
    terms
        .iter()
        .map(|&term| {
            if term.manner == Manner::Meaning {
                return (term, None);
            }
            // Several terms in one bracket stand for one name.
            let same = last.filter(|(open, _)| *open == term.open).and_then(|(_, of)| of);
            let of = match same {
                Some(of) => fits(view, of, term, true).then_some(of),
                None => stands_for(view, names, term, floor),
            };
            if same.is_none() {
                last = Some((term.open, of));
            }
            if of.is_some() {
                floor = term.span.end;
            }
            (term, of)
        })
        .collect()
}

fn stands_for(view: &str, names: &[Fact], term: Term, floor: usize) -> Option<ByteSpan> {
    let mut from = floor.max(term.open.saturating_sub(REACH));
    while !view.is_char_boundary(from) {
        from += 1;
    }
    let first = names.partition_point(|fact| fact.span.start < from);
    let until = names.partition_point(|fact| fact.span.end <= term.open);
    let before = names.get(first..until)?;
    let own = |fact: &&Fact| !is_related(&view[from.min(fact.span.start)..fact.span.start]);
    let spans = || before.iter().filter(own).map(|fact| fact.span);
    let nearest = before.last().map(|fact| fact.span);
    // Directly before the bracket, or a name that the term is short for, or the head of
    // a description that reaches up to the bracket.
    let direct = nearest.filter(|span| {
        view[span.end..term.open].trim_matches([' ', ',', '.', '-', '—', '–', ';']).is_empty()
    });
    let related = direct.is_some_and(|direct| spans().next_back() != Some(direct));
    let short_for = |span: &ByteSpan| near(view, *span, term) && is_short_for(view, *span, term);
    if let Some(span) = direct {
        if !related && fits(view, span, term, true) {
            return Some(span);
        }
        if short_for(&span) {
            // A parent company named last may not take the short name of its subsidiary, and
            // a name somebody trades under stands for who trades under it.
            let trader = |own: &ByteSpan| TRADES.is_match(&view[own.end..span.start]);
            let own = || spans().next_back().filter(trader);
            return spans().rev().find(short_for).or_else(own).or(Some(span));
        }
    }
    // "document image analysis (DIA)" is short for the words beside it alone.
    let role = term.span.slice(view).is_some_and(is_role);
    if term.open + 1 == term.span.start && !role {
        let shortened = |span: &ByteSpan| {
            let (name, short) = (span.slice(view), term.span.slice(view));
            name.zip(short).is_some_and(|(name, short)| shortens(name, short))
        };
        return spans().rev().find(|span| near(view, *span, term) && shortened(span));
    }
    spans().rev().find(short_for).or_else(|| {
        spans().find(|span| describes(view, *span, term) && fits(view, *span, term, true))
    })
}

/// Whether name and term stand in one paragraph, or in lines of one block.
fn near(view: &str, name: ByteSpan, term: Term) -> bool {
    let between = &view[name.end..term.open];
    between.len() < REACH && !between.contains("\n\n\n") && between.matches('\n').count() < 8
}

fn describes(view: &str, name: ByteSpan, term: Term) -> bool {
    let between = &view[name.end..term.open];
    near(view, name, term) && !ends_sentence(between) && DESCRIPTION.is_match(between)
}

/// Whether a sentence surely ends inside `text`: a stop behind a long small word before
/// a capital.
fn ends_sentence(text: &str) -> bool {
    text.match_indices(". ").any(|(at, _)| {
        let word = text[..at].rsplit([' ', '\n']).next().unwrap_or_default();
        word.len() > 4
            && word.chars().all(char::is_lowercase)
            && text[at + 2..].trim_start().starts_with(char::is_uppercase)
    })
}

fn is_short_for(view: &str, name: ByteSpan, term: Term) -> bool {
    let (Some(name), Some(short)) = (name.slice(view), term.span.slice(view)) else { return false };
    !is_thing(short) && (shortens(name, short) || abbreviates(name, short))
}

/// Whether a term may stand for a name at all: a role, a short form, or, directly behind
/// the name, any word that is no thing of a contract's own.
fn fits(view: &str, name: ByteSpan, term: Term, direct: bool) -> bool {
    let Some(short) = term.span.slice(view) else { return false };
    if EVERYONE.contains(&short.to_lowercase().as_str()) {
        return false;
    }
    if is_role(short) {
        return true;
    }
    let single = short.split_whitespace().count() < 3;
    is_short_for(view, name, term)
        || single && !is_thing(short) && (direct || short.chars().all(|c| !c.is_lowercase()))
}

/// What contracts call each of their parties.
const EVERYONE: &[&str] = &[
    "party",
    "parties",
    "partei",
    "parteien",
    "vertragspartei",
    "vertragsparteien",
    "partie",
    "parte",
    "partes",
    "parti",
];

/// Words of contracts that name a thing or a date and never somebody.
fn is_thing(term: &str) -> bool {
    static THINGS: Words = words!(
        "agreement agreements contract contracts amendment amendments lease license \
         licence date term act products product services service site event program \
         programme project territory property shares marks fee fees purpose system \
         software plan order orders code rules policy notes loan closing venture business \
         team season technology materials premises vertrag vereinbarung rahmenvertrag \
         contrat contrato contratto effective law laws brand stock merger mergers \
         acquisition transaction transactions offering source purchase portals portal \
         litigation action period area letter note deed instrument lettre data goods works work location facility equipment \
         studio web"
    );
    let last = term.rsplit(' ').next().unwrap_or(term).to_lowercase();
    THINGS.contains(last.trim_end_matches(['.', ',']))
}

/// "Ferrer" of "Ferrer Internacional, S.A.", "Papa John's" of "PAPA JOHN'S FUND, INC".
fn shortens(name: &str, short: &str) -> bool {
    let fold = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    let (name, short) = (fold(name), fold(short));
    !short.is_empty() && name.windows(short.len()).any(|words| words == short)
}

/// `NCM` of `National CineMedia`, `RevMed` of `Revolution Medicines`: the letters in
/// order, the first of them the first letter of a word, capitals among them.
fn abbreviates(name: &str, short: &str) -> bool {
    if short.contains(' ') || short.chars().filter(|c| c.is_uppercase()).count() < 2 {
        return false;
    }
    let lower = name.to_lowercase();
    let mut words = lower.split_whitespace();
    let mut first = words.next().unwrap_or_default();
    if first == "the" {
        first = words.next().unwrap_or_default();
    }
    let at = lower.find(first).unwrap_or(0);
    let mut letters = lower[at..].chars().filter(|c| c.is_alphanumeric());
    let mut wanted = short.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    first.starts_with(|c| short.to_lowercase().starts_with(c))
        && wanted.all(|letter| letters.any(|it| it == letter))
}

/// Whether an article stands before a term or its quotation mark: it is a common noun.
fn has_article(view: &str, term: ByteSpan) -> bool {
    const ARTICLES: &[&str] =
        &["the", "der", "die", "das", "den", "le", "la", "l", "el", "il", "lo", "o", "a", "les"];
    /// How far back an article and the marks behind it reach, in bytes.
    const LEAD: usize = 12;
    let lead = &view[back(view, term.start, LEAD)..term.start];
    let before = lead.trim_end_matches(|c: char| !c.is_alphanumeric());
    let near = lead.len() - before.len() < 6;
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    near && ARTICLES.contains(&word.to_lowercase().as_str())
}

/// Every place where a short name of somebody stands: names of their own, unless they
/// are roles ("Company") that would name somebody else elsewhere.
pub(super) fn mentions(
    view: &str,
    names: &[Fact],
    terms: &[(Term, Option<ByteSpan>)],
) -> Vec<Fact> {
    let mut kinds = BTreeMap::new();
    for (term, of) in terms {
        let (Some(of), Some(short)) = (of, term.span.slice(view)) else { continue };
        let own = short.split_whitespace().any(|word| !is_never(word))
            && !is_role(short)
            && (is_short_for(view, *of, *term) || !has_article(view, term.span));
        let Ok(at) = names.binary_search_by_key(of, |fact| fact.span) else { continue };
        if own && short.len() > 1 && kinds.len() < MOST {
            kinds.entry(super::tidy(short)).or_insert(names[at].kind);
        }
    }
    super::places(view, &kinds, "name.alias")
}
