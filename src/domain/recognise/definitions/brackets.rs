//! Short names in brackets behind what they stand for: "(the “Carrier”)", "(FDA)". What
//! the terms stand for is not known here.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::quotes::Quoted;
use super::{CUE, Manner, Term, words_of};
use crate::domain::recognise::name_words::{FUNCTION, LEGAL_FORMS, is_never, is_role};
use crate::domain::recognise::pattern;
use crate::domain::recognise::view::back;
use crate::domain::span::ByteSpan;

/// Words in the lead of a bracket, before the quoted term, that leave it a definition.
const LEAD: &[&str] = &[
    "the",
    "this",
    "that",
    "these",
    "a",
    "an",
    "each",
    "such",
    "all",
    "both",
    "or",
    "and",
    "as",
    "together",
    "jointly",
    "also",
    "either",
    "any",
    "its",
    "der",
    "die",
    "das",
    "den",
    "dem",
    "dieser",
    "diese",
    "dieses",
    "kurz",
    "auch",
    "jeweils",
    "gemeinsam",
    "zusammen",
    "le",
    "la",
    "les",
    "l",
    "el",
    "los",
    "las",
    "il",
    "lo",
    "i",
    "gli",
    "o",
    "os",
    "as",
    "ensemble",
    "juntos",
    "both",
    "individually",
    "collectively",
    "singularly",
    "conjuntamente",
    "insieme",
    "defined",
];

/// Leads of brackets that quote without defining.
static QUOTES_ONLY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\be\.\s?g\b|\bi\.\s?e\b|\bsee\b|\bsuch as\b|\bfor example\b|\bz\.\s?b\b|\bsiehe\b|\bf/k/a\b|\bformerly\b|\bentitled\b|\bmarked\b|\bvgl\b|\bvoir\b|\bvéase\b|\bexhibit\b|\bschedule\b|\bannex\b|\bappendix\b|\bwithout\b)",
    )
});

/// "(FDA)", "(Torvec)", "(the Agreement)": a short name in brackets without any marks.
static PLAIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\((?P<the>the +|this +|der +|die +|das +)?(?P<t>\p{Lu}[\p{L}\p{N}&.-]{1,20}(?: \p{Lu}[\p{L}\p{N}&.-]{1,20}){0,2})\)",
    )
});

pub(super) fn in_brackets(view: &str, quotes: &[Quoted]) -> Vec<Term> {
    let mut terms = Vec::new();
    for bracket in brackets(view) {
        let from = quotes.partition_point(|quote| quote.outer.start < bracket.start);
        let inside: Vec<&Quoted> =
            quotes[from..].iter().take_while(|quote| quote.outer.end <= bracket.end).collect();
        let Some(first) = inside.first() else { continue };
        let lead = &view[bracket.start + 1..first.outer.start];
        if !is_defining(lead) {
            continue;
        }
        for quote in inside {
            let Some(span) = words_of(view, quote.inner) else { continue };
            terms.push(Term { span, manner: Manner::Alias, open: bracket.start });
        }
    }
    terms
}

fn is_defining(lead: &str) -> bool {
    if QUOTES_ONLY.is_match(lead) {
        return false;
    }
    CUE.is_match(lead)
        || lead
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
            .all(|word| LEAD.contains(&word.to_lowercase().as_str()))
}

/// The brackets of a view from `(` to the `)` that belongs to it, where that stands
/// within the paragraph. Linear: a bracket that is not closed soon is given up.
fn brackets(view: &str) -> Vec<Range<usize>> {
    const LONGEST: usize = 500;
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for (at, c) in view.bytes().enumerate() {
        match c {
            b'(' => open.push(at),
            b'\n' => open.clear(),
            b')' => {
                if let Some(start) = open.pop()
                    && at - start < LONGEST
                {
                    found.push(start..at + 1);
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|it| it.start);
    found
}

/// Short names in brackets without marks: the initials or the first words of the name
/// before them, or a word of it behind "the".
pub(super) fn plain_brackets(view: &str) -> Vec<Term> {
    PLAIN
        .captures_iter(view)
        .filter_map(|found| {
            let open = found.get_match().start();
            let term = found.name("t")?;
            let item = is_party_item(view, found.get_match().range(), term.as_str());
            let before = &view[back(view, open, 160)..open];
            let before = before.rsplit(['\n', '(', ';']).next()?.trim_end();
            let short = if found.name("the").is_some() {
                before.rsplit(' ').next() == Some(term.as_str())
            } else {
                abbreviates(before, term.as_str()) || heads(before, term.as_str())
            };
            (short || item).then(|| Term {
                span: ByteSpan::new(term.start(), term.end()),
                manner: Manner::Alias,
                open,
            })
        })
        .collect()
}

/// "(1) Harlow Freight Limited, registered in … (Carrier); and": a role in a bracket at the
/// end of an item of a list, as the parties of English contracts are named.
fn is_party_item(view: &str, bracket: Range<usize>, term: &str) -> bool {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\s*\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})[.)]\s"));
    static END: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\s?[;.,]?[ ]*(?:and|und|et|y|e)?[ ]*[;,]?[ ]*(?:\n|$)"));
    /// Longest description of a party, in bytes.
    const ITEM: usize = 600;
    let before = &view[back(view, bracket.start, ITEM)..bracket.start];
    let line = before.rsplit('\n').next().unwrap_or_default();
    is_role(term) && END.is_match(&view[bracket.end..]) && LABEL.is_match(line)
}

/// Whether `short` is made of the first letters of the last words of `before`.
fn abbreviates(before: &str, short: &str) -> bool {
    let letters: Vec<char> = short.chars().filter(|c| c.is_alphabetic()).collect();
    let shouted = letters.iter().all(|c| c.is_uppercase());
    if !shouted || letters.len() < 2 || letters.len() != short.chars().count() {
        return false;
    }
    let mut wanted = letters.iter().rev().peekable();
    for word in before.rsplit([' ', '-']).filter(|word| !word.is_empty()).take(12) {
        let Some(letter) = wanted.peek() else { break };
        let first = word.chars().find(|c| c.is_alphabetic());
        if first.is_some_and(|c| c.to_uppercase().eq(letter.to_uppercase())) {
            wanted.next();
        } else if !FUNCTION.contains(word.to_lowercase().as_str()) {
            return false;
        }
    }
    wanted.peek().is_none()
}

/// "Torvec Inc., a New York corporation at … (Torvec)": the first word of a company's
/// name that stands shortly before.
fn heads(before: &str, short: &str) -> bool {
    let Some(at) = before.find(short) else { return false };
    let whole = !before[..at].ends_with(char::is_alphanumeric);
    let mut behind = before[at + short.len()..].split([' ', ',']).filter(|it| !it.is_empty());
    let firm = behind.by_ref().take(4).any(|it| LEGAL_FORMS.contains(it.trim_end_matches('.')));
    whole && firm && !is_never(short)
}
