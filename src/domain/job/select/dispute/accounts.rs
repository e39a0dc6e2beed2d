//! Accounts of facts that exclude each other: what one sentence affirms another one
//! denies, wherever in the document they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Pair, clauses};
use crate::domain::job::select::cues;
use crate::domain::job::select::reading::{Form, Sentence, Voice};
use crate::domain::job::select::score::is_question;
use crate::domain::job::select::words;

/// Sentences that a word may stand in and still tell what a sentence is about.
const RARE: u32 = 12;

/// The rarest words of a sentence, by which it meets others.
const MEETS: usize = 6;

/// Pairs of sentences that share a rare word, the earlier one first. Each word is
/// in few sentences and each sentence meets others by few words, so that this grows
/// with the document and not with its square.
pub(super) fn neighbours(
    case: &Case<'_>,
    keep: impl Fn(usize) -> bool,
) -> BTreeSet<(usize, usize)> {
    let lexicon = &case.reading.lexicon;
    let mut by_word: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, sentence) in case.reading.sentences.iter().enumerate() {
        if !keep(at) {
            continue;
        }
        let rare = |word: &u32| (2..=RARE).contains(&lexicon.spread(*word));
        let mut own: Vec<u32> = sentence.words.iter().copied().filter(rare).collect();
        own.sort_by_key(|word| lexicon.spread(*word));
        for word in own.into_iter().take(MEETS) {
            by_word.entry(word).or_default().push(at);
        }
    }
    let mut pairs = BTreeSet::new();
    for places in by_word.values() {
        for (n, at) in places.iter().enumerate() {
            pairs.extend(places[n + 1..].iter().map(|other| (*at, *other)));
        }
    }
    pairs
}

pub(super) fn pairs(case: &Case<'_>) -> Vec<Pair> {
    let sentences = &case.reading.sentences;
    let states = |at: usize| {
        let sentence = &sentences[at];
        matches!(sentence.form, Form::Prose | Form::Item)
            && (3..=40).contains(&sentence.words.len())
            && !is_question(sentence)
            && case.reading.voice(sentence) != Voice::Question
            && !cues::is_no_account(&sentence.said)
            && !clauses::is_rule(&sentence.said)
            && sentence.said.ends_with(['.', '!', '"', '”', ')'])
            && !sentence.said.trim_start_matches(|c: char| !c.is_alphabetic()).starts_with("to ")
    };
    let met = neighbours(case, states).into_iter();
    let mut pairs: Vec<Pair> =
        met.filter_map(|(at, other)| affirmed_and_denied(case, at, other)).collect();
    pairs.extend((0..sentences.len()).filter_map(|at| claim_and_denial(case, at)));
    pairs.extend((1..sentences.len()).filter_map(|at| two_sides(case, at)));
    pairs
}

/// The same said with "not" and without.
fn affirmed_and_denied(case: &Case<'_>, at: usize, other: usize) -> Option<Pair> {
    let (a, b) = (&case.reading.sentences[at], &case.reading.sentences[other]);
    let alike = words::likeness(&a.words, &b.words);
    let opposed = cues::negates(&a.said) != cues::negates(&b.said);
    // Whoever talks says a thing in many ways; it takes two to disagree.
    let own = |at: &Sentence| {
        at.turn.map(|turn| &case.reading.turns[turn]).filter(|turn| turn.voice == Voice::Talk)
    };
    if let (Some(one), Some(two)) = (own(a), own(b))
        && one.speaker == two.speaker
    {
        return None;
    }
    (opposed && alike >= 0.55 && words::shared(&a.words, &b.words) >= 3).then(|| Pair {
        first: a.span,
        second: b.span,
        told: [at, other],
        why: "One affirms it, the other denies it.".to_owned(),
        weight: 2.0 + alike,
    })
}

/// A denial that names what it denies, with the statement of it elsewhere.
fn claim_and_denial(case: &Case<'_>, at: usize) -> Option<Pair> {
    /// How far a statement may stand from its denial, in sentences.
    const REACH: usize = 60;
    let denied = clauses::denied(case, at)?;
    let lexicon = &case.reading.lexicon;
    let object: BTreeSet<String> = words::telling(denied.slice(case.text)?).collect();
    let sentence = &case.reading.sentences[at];
    let near = at.saturating_sub(REACH)..(at + REACH).min(case.reading.sentences.len());
    let claims = near.filter(|other| {
        let claim = &case.reading.sentences[*other];
        *other != at
            && matches!(claim.form, Form::Prose | Form::Item)
            && !is_question(claim)
            && claim.length >= 4
            && !cues::denies(&claim.said)
            && !clauses::is_rule(&claim.said)
            && case.reading.voice(claim) != Voice::Question
    });
    let best = claims
        .map(|other| {
            let claim = &case.reading.sentences[other];
            let of_object = words::telling(&claim.said).filter(|word| object.contains(word));
            let of_object: BTreeSet<String> = of_object.collect();
            let rare = words::common(&claim.words, &sentence.words)
                .filter(|word| lexicon.spread(*word) <= RARE)
                .count();
            (of_object.len(), rare, std::cmp::Reverse(at.abs_diff(other)), other)
        })
        .max()?;
    let (shared, rare, _, other) = best;
    let beside = at.abs_diff(other) <= 2;
    // A word is enough beside the denial; farther off it takes two that are rare.
    if shared == 0 || !(beside && rare >= 1 || shared >= 2 && rare >= 2) {
        return None;
    }
    let (first, second) = (at.min(other), at.max(other));
    Some(Pair {
        first: case.span(first),
        second: case.span(second),
        told: [first, second],
        why: "One says it, the other denies it.".to_owned(),
        weight: 3.0,
    })
}

/// What two sides say, one after the other: "The Seller says …. The Buyer says …."
fn two_sides(case: &Case<'_>, at: usize) -> Option<Pair> {
    let (a, b) = (&case.reading.sentences[at - 1], &case.reading.sentences[at]);
    let together = a.block == b.block || a.turn.is_some() && a.turn == b.turn;
    let plain = |said: &str| !clauses::is_rule(said);
    if !together || is_question(a) || is_question(b) || !plain(&a.said) || !plain(&b.said) {
        return None;
    }
    let (who, other) = (sayer(&a.said)?, sayer(&b.said)?);
    let opposed = cues::negates(&a.said) != cues::negates(&b.said)
        || super::figures::differ(&a.said, &b.said).is_some();
    (who != other && opposed).then(|| Pair {
        first: a.span,
        second: b.span,
        told: [at - 1, at],
        why: format!("{who} and {other} do not say the same."),
        weight: 3.5,
    })
}

/// Who a sentence begins with, where it says what they say: "The Seller" of "The
/// Seller claims that …".
fn sayer(said: &str) -> Option<&str> {
    use std::sync::LazyLock;

    use regex::Regex;
    static SAYER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?P<who>(?:\p{L}+\s+)?\p{Lu}[\p{L}&.'’-]*(?:\s+\p{Lu}[\p{L}&.'’-]*){0,3})\s+(?:says?|said|claims?|claimed|states?|stated|maintains?|maintained|argues?|argued|insists?|insisted|alleges?|alleged|contends?|contended|asserts?|asserted|denies|denied|disputes|disputed|behauptet|sagt|erklärt|bestreitet|affirme|prétend|conteste|afirma|sostiene|niega|dice|nega|diz)\b")
            .expect("the pattern is fixed")
    });
    SAYER.captures(said).and_then(|found| found.name("who")).map(|who| who.as_str())
}
