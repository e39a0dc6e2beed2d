//! Opposition inside one sentence: "the Seller says …, but the Buyer denies …", words
//! and figures of a sum that disagree, and denials that stand alone.

use std::sync::LazyLock;

use regex::Regex;

use super::{Case, Pair, figures};
use crate::domain::fact::FactKind;
use crate::domain::job::select::cues;
use crate::domain::job::select::score::is_question;
use crate::domain::job::select::words;
use crate::domain::span::ByteSpan;

/// Where one account ends and the other begins.
static TURNS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:[,;:]\s+|\s+[–—-]+\s+|\s+)(?:but|while|whereas|although|though|however,?|and|aber|während|hingegen|dagegen|und|mais|tandis\s+que|alors\s+que|et|pero|mientras(?:\s+que)?|y|ma|mentre|invece|e|mas|enquanto)\s+|;\s+",
    )
    .expect("the pattern is fixed")
});

/// Words of rules and conditions: what somebody would dispute is not disputed.
static RULE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:if|unless|shall|(?-i:may)|must|whether|event|where|when|whenever|any|case|until|falls|wenn|sofern|soll|darf|muss|si|lorsque|cuando|quando|qualora|se|should|would|could|will|reserves?)\b")
        .expect("the pattern is fixed")
});

/// Somebody before a word of denial: "The Buyer", "we", "the defendant".
static SOMEBODY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\b(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|[Ii]ch|[Ww]ir|[Ss]ie|[Nn]ous|[Ii]l|[Ee]lle)|\p{Lu}[\p{L}&.'’-]+|\b(?:seller|buyer|supplier|customer|council|company|witness|defendant|plaintiff|claimant|tenant|landlord|client|government|contractor|employer|employee|owner))(?:\s+(?:also|still|now|has|have|had|expressly|strongly))*\s*$")
        .expect("the pattern is fixed")
});

pub(super) fn is_rule(said: &str) -> bool {
    RULE.is_match(said)
}

pub(super) fn pairs(case: &Case<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, sentence) in case.reading.sentences.iter().enumerate() {
        pairs.extend(sums(case, at));
        if !is_question(sentence) && sentence.length <= 120 && sentence.form.is_said() {
            pairs.extend(accounts(case, at));
        }
    }
    pairs
}

/// Sums of which the words and the figures are not the same.
fn sums(case: &Case<'_>, at: usize) -> Vec<Pair> {
    let sentence = &case.reading.sentences[at];
    let facts = case.reading.facts_in(sentence).iter();
    let differ = facts
        .filter(|fact| fact.kind == FactKind::Amount && fact.rule == "amount.words_and_figures");
    differ
        .filter_map(|fact| {
            let words = fact.span.slice(case.text)?;
            let open = words.find(['(', '['])?;
            let inner = words[open + 1..].trim_end_matches([')', ']']);
            let first = words[..open].trim_end().len();
            Some(Pair {
                first: ByteSpan::new(fact.span.start, fact.span.start + first),
                second: ByteSpan::new(
                    fact.span.start + open + 1,
                    fact.span.start + open + 1 + inner.len(),
                ),
                told: [at, at],
                why: fact.doubt.clone()?,
                weight: 5.0,
            })
        })
        .filter(|pair| !pair.first.is_empty() && !pair.second.is_empty())
        .collect()
}

/// Two accounts in one sentence.
fn accounts(case: &Case<'_>, at: usize) -> Option<Pair> {
    let span = case.span(at);
    let text = span.slice(case.text)?;
    let begins = text.len() - text.trim_start().len();
    TURNS.find_iter(text).take(6).find_map(|turn| {
        let (left, right) = (&text[begins..turn.start()], &text[turn.end()..]);
        let both = words::telling(left).count() >= 2 && words::telling(right).count() >= 1;
        if !both || is_rule(left) || is_rule(right) || !is_told(left) {
            return None;
        }
        let why = if cues::denies(right) && !cues::denies(left) && is_somebodys(right) {
            "One side says it, the other denies it.".to_owned()
        } else if is_told(right) {
            figures::differ(left, right)?
        } else {
            return None;
        };
        let second = ByteSpan::new(span.start + turn.end(), span.end);
        let first = ByteSpan::new(span.start + begins, span.start + turn.start());
        Some(Pair { first, second, told: [at, at], why, weight: 4.0 })
    })
}

/// Whether somebody, or a paper, is said to say it.
fn is_told(clause: &str) -> bool {
    cues::quotes_somebody(clause)
}

fn is_somebodys(clause: &str) -> bool {
    let denied = cues::denial(clause);
    denied.is_some_and(|range| SOMEBODY.is_match(&clause[..range.start]))
}

/// Denials whose other side is not in the document: what is denied, and the sentence.
pub(super) fn lone(case: &Case<'_>) -> Vec<Pair> {
    let sentences = case.reading.sentences.iter().enumerate();
    sentences.filter_map(|(at, _)| lone_in(case, at)).collect()
}

fn lone_in(case: &Case<'_>, at: usize) -> Option<Pair> {
    let denied = denied(case, at)?;
    Some(Pair {
        first: denied,
        second: case.span(at),
        told: [at, at],
        why: "The text says that this is disputed; the other side's own words were not found."
            .to_owned(),
        weight: 1.0,
    })
}

/// What a sentence says that somebody denies: the words behind the denial.
pub(super) fn denied(case: &Case<'_>, at: usize) -> Option<ByteSpan> {
    let sentence = &case.reading.sentences[at];
    if is_question(sentence) || !sentence.form.is_said() || is_rule(&sentence.said) {
        return None;
    }
    let span = sentence.span;
    let text = span.slice(case.text)?;
    let range = cues::denial(text)?;
    if !SOMEBODY.is_match(&text[..range.start]) || words::words(&text[..range.start]).count() > 14 {
        return None;
    }
    let rest = &text[range.end..];
    let object = rest.trim_end_matches(['.', '!', ';', ',', ' ', '\n']);
    let lead = object.len() - object.trim_start().len();
    let telling = words::telling(object).count();
    let object =
        ByteSpan::new(span.start + range.end + lead, span.start + range.end + object.len());
    (telling >= 1 && words::words(object.slice(case.text)?).count() >= 2).then_some(object)
}
