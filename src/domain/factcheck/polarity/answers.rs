//! What a version says instead of a negation without denying anything: "rights stay in
//! place" for "does not affect rights", "get consent before you build" for "do not build
//! without consent". Each is taken only where both texts speak of the same matter.

use std::ops::Range;

use super::super::tokens::Token;
use super::words::is_negation;
use super::{ahead, share};

/// That something goes on as it is.
const KEPT: &[&str] = &[
    "stay",
    "stays",
    "stayed",
    "remain",
    "remains",
    "remained",
    "continue",
    "continues",
    "survive",
    "survives",
    "unaffected",
    "unchanged",
    "intact",
    "preserved",
    "exempt",
    "outside",
    "avoid",
    "refrain",
];

/// That one thing must come before another.
const FIRST: &[&str] = &[
    "before", "first", "need", "needs", "needed", "require", "requires", "required", "obtain",
    "obtained", "only", "seek", "ask", "once", "until",
];

const WITHOUT: &[&str] = &["without", "ohne", "sans", "sin", "senza", "sem"];

const IF: &[&str] = &[
    "if", "should", "where", "when", "unless", "wenn", "falls", "sofern", "si", "se", "lorsque",
    "cuando", "quando", "qualora", "caso",
];

/// That a time was missed.
const LATE: &[&str] = &[
    "delay",
    "delayed",
    "delays",
    "late",
    "later",
    "overdue",
    "after",
    "beyond",
    "past",
    "otherwise",
    "missed",
    "default",
    "failing",
    "verzug",
    "verspätung",
    "danach",
    "retard",
    "retraso",
    "ritardo",
    "atraso",
];

/// Whether the other text says that what a negation governs goes on as it is, without the
/// word that was denied.
pub(super) fn is_kept(governs: &[String], there: &[Token<'_>]) -> bool {
    let Some((denied, matter)) = governs.split_first() else { return false };
    !there.iter().any(|it| it.stem == *denied)
        && sentences(there).any(|it| {
            let sentence = &there[it];
            says(sentence, KEPT) && sentence.iter().any(|token| matter.contains(&token.stem))
        })
}

/// Whether a negation, or a "without" behind one, is half of "not … without …", and the
/// other text says what must come first.
pub(in super::super) fn is_lifted(here: &[Token<'_>], at: usize, there: &[Token<'_>]) -> bool {
    let clause = clause(here, at);
    let is = |list: &[&str], at: usize| list.contains(&here[at].lower.as_str());
    let Some(denial) = clause.clone().find(|it| is_negation(here, *it)) else { return false };
    let Some(without) = (denial..clause.end).find(|it| is(WITHOUT, *it)) else { return false };
    let (matter, needed) = (ahead(here, denial, 2), ahead(here, without, 4));
    sentences(there).any(|it| {
        let sentence = &there[it];
        let stems: Vec<String> = sentence.iter().map(|token| token.stem.clone()).collect();
        says(sentence, FIRST)
            && !says(sentence, WITHOUT)
            && share(&matter, &stems)
            && share(&needed, &stems)
    })
}

/// Whether a negation stands in a condition ("if it is not finished by then") that the
/// other text puts as a delay, with no such condition of its own.
pub(super) fn is_late(here: &[Token<'_>], at: usize, there: &[Token<'_>]) -> bool {
    let before = &here[clause(here, at).start..at];
    if !says(before, IF) {
        return false;
    }
    let denied = ahead(here, at, 1);
    let asks =
        |at: usize| IF.contains(&there[at].lower.as_str()) && share(&denied, &ahead(there, at, 6));
    says(there, LATE) && !(0..there.len()).any(asks)
}

fn says(tokens: &[Token<'_>], list: &[&str]) -> bool {
    tokens.iter().any(|token| list.contains(&token.lower.as_str()))
}

/// The tokens of the clause of a token.
fn clause(tokens: &[Token<'_>], at: usize) -> Range<usize> {
    let start = tokens[..at].iter().rposition(|it| it.ends_clause).map_or(0, |it| it + 1);
    let end = tokens[at..].iter().position(|it| it.ends_clause);
    start..end.map_or(tokens.len(), |it| at + it + 1)
}

fn sentences<'a>(tokens: &'a [Token<'_>]) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut start = 0;
    (0..tokens.len())
        .filter(|at| tokens[*at].ends_sentence || at + 1 == tokens.len())
        .map(move |end| std::mem::replace(&mut start, end + 1)..end + 1)
}
