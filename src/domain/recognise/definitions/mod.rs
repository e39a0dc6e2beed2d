//! Terms that a document gives a meaning to: short names in brackets behind a name, and
//! sentences that say what a term means. It finds the places; what the terms stand for
//! among the names is for [`super::names`] to say.

mod brackets;
mod lists;
mod phrases;
mod quotes;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::names::Names;
use super::pattern::pattern;
use super::sentences::{Ending, Piece, sentences};
use super::view::{ahead, back};
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;
use quotes::quoted;

/// A term and where its meaning is given. Spans point into the view, and so into the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    /// The term with single spaces, without quotation marks and article.
    pub term: String,
    /// The term's own words where the meaning is given.
    pub span: ByteSpan,
    /// The sentence that gives the meaning, whole unless it is a page long.
    pub sentence: ByteSpan,
    /// The name that the term stands for, where it is a short name of somebody.
    pub of: Option<ByteSpan>,
}

/// How a term is given its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Behind what it stands for, in brackets or by "hereinafter".
    Alias,
    /// "X means …".
    Meaning,
}

/// A term at the place where it is given its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Term {
    pub span: ByteSpan,
    pub manner: Manner,
    /// Where what it stands for ends at the latest: the opening bracket or the cue.
    pub open: usize,
}

/// Wherever one of these goes before a quoted term, the term is a short name.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:herein\s?-?after|hereafter|referred\s+to|collectively|individually|singularly|severally|jointly|for\s+short|designated\s+as|defined\s+as|nachfolgend|nachstehend|im\s+folgenden|fortan|(?:ci|cy)-?\s?après|dénommée?s?|désignée?s?|en\s+adelante|en\s+lo\s+sucesivo|denominad[oa]s?|denominat[oaie]|(?:qui\s+)?di\s+seguito|doravante|adiante|together\s+with)(?:\b|[^\p{L}])",
    )
});

/// The definitions of a view, by place.
pub(crate) fn definitions(view: &str, context: super::Context) -> Vec<Definition> {
    of_names(view, &super::names::read(view, context, &[]))
}

/// The definitions of a view whose names have been read already.
pub(super) fn of_names(view: &str, names: &Names) -> Vec<Definition> {
    let pieces = sentences(view);
    names
        .terms
        .iter()
        .filter_map(|(term, of)| {
            let words = term.span.slice(view)?;
            Some(Definition {
                term: words.split_whitespace().collect::<Vec<_>>().join(" "),
                span: term.span,
                sentence: sentence(&pieces, *term, *of, view),
                of: *of,
            })
        })
        .collect()
}

pub(super) fn facts(definitions: &[Definition]) -> Vec<Fact> {
    definitions
        .iter()
        .map(|it| Fact {
            kind: FactKind::Definition,
            span: it.span,
            value: Some(Value::Text(it.term.clone())),
            rule: if it.of.is_some() { "definition.name" } else { "definition" },
            doubt: None,
        })
        .collect()
}

/// The sentence around a term: with the items that follow where it says what a term
/// means, and from the name on where the term stands for one.
fn sentence(pieces: &[Piece], term: Term, of: Option<ByteSpan>, view: &str) -> ByteSpan {
    /// Longest sentence with all its items, in bytes.
    const LONGEST: usize = 3_000;
    let at = pieces.partition_point(|piece| piece.span.end <= term.span.start);
    let Some(piece) = pieces.get(at) else { return term.span };
    let mut span = ByteSpan::new(piece.span.start.min(term.span.start), piece.span.end);
    if let Some(name) = of {
        let first = pieces.partition_point(|piece| piece.span.end <= name.start);
        let start = pieces.get(first).map_or(name.start, |piece| piece.span.start.min(name.start));
        span.start = span.start.min(start);
    }
    if term.manner == Manner::Meaning {
        for pair in pieces[at..].windows(2) {
            let open = matches!(pair[0].ending, Ending::Item | Ending::LeadIn);
            let gap = &view[pair[0].span.end..pair[1].span.start];
            let apart = gap.matches('\n').count() > 1 && pair[1].label.is_none();
            if !open || apart || pair[1].span.end - span.start > LONGEST {
                break;
            }
            span.end = pair[1].span.end;
        }
    }
    if span.len() > LONGEST {
        // A text without stops is one sentence; what stands around the term says enough.
        span.start = span.start.max(back(view, term.span.start, LONGEST / 2));
        span.end = span.end.min(ahead(view, term.span.end, LONGEST / 2));
    }
    span
}

/// Every term of a view that is given a meaning, by place, no two overlapping.
pub(super) fn terms(view: &str) -> Vec<Term> {
    let quotes = quoted(view);
    let mut found = BTreeMap::new();
    let mut add = |term: Term| {
        found.entry(term.span.start).or_insert(term);
    };
    brackets::in_brackets(view, &quotes).into_iter().for_each(&mut add);
    phrases::by_words(view, &quotes).into_iter().for_each(&mut add);
    brackets::plain_brackets(view).into_iter().for_each(&mut add);
    phrases::called(view).into_iter().for_each(&mut add);
    let so_far = found.len();
    for term in lists::bare(view, so_far) {
        found.entry(term.span.start).or_insert(term);
    }
    let mut end = 0;
    found.retain(|start, term| {
        let apart = *start >= end;
        if apart {
            end = term.span.end;
        }
        apart
    });
    found.into_values().collect()
}

/// The term's own words in a quote: without an article before a capital letter.
fn words_of(view: &str, inner: ByteSpan) -> Option<ByteSpan> {
    const ARTICLES: &[&str] = &[
        "the", "The", "THE", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las",
        "il", "lo", "gli", "o", "os", "as", "this", "Der", "Die", "Das", "Le", "La", "Les", "El",
    ];
    let text = inner.slice(view)?;
    let mut start = inner.start;
    if let Some((first, rest)) = text.split_once(' ')
        && ARTICLES.contains(&first)
    {
        start = inner.end - rest.trim_start().len();
    } else if let Some(rest) = text.strip_prefix("l'").or_else(|| text.strip_prefix("l’")) {
        start = inner.end - rest.len();
    }
    // The stop belongs to "Merger Corp.", not to "the Parties."
    let short = ["Corp.", "Inc.", "Co.", "Ltd.", "L.P."].iter().any(|form| text.ends_with(form));
    let stop = if short { 0 } else { text.len() - text.trim_end_matches(['.', ' ']).len() };
    let span = ByteSpan::new(start, inner.end - stop);
    let words = span.slice(view)?;
    let named = words.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        || words.split(' ').next().is_some_and(|word| word.contains(char::is_uppercase));
    let long = words.split_whitespace().count() > 9;
    let letters = words.chars().any(char::is_alphabetic);
    (named && letters && !long).then_some(span)
}

#[cfg(test)]
mod tests;
