//! Signs of classes: words and phrases in the text that speak for one, what
//! they count for, and the sentences that show them best. Knows no model.

use std::collections::{BTreeMap, BTreeSet};

use regex::{Regex, RegexBuilder};

use super::super::{Unit, Work};
use crate::domain::finding::Quote;
use crate::domain::span::ByteSpan;
use crate::domain::template::Class;

/// Bytes of text in which a title stands, and in which a document says what it
/// is.
const TITLE: usize = 400;
const OPENING: usize = 3_000;

/// What a sign counts for by the best place in which it stands; titles have
/// capitals, and what is written small near the beginning only speaks of something.
const IN_TITLE: f64 = 4.0;
const IN_OPENING: f64 = 2.0;
const ELSEWHERE: f64 = 1.0;

/// What a sign that comes again and again counts for on top: half of its number
/// in a thousand words, and no more than this.
const MOST_OFTEN: f64 = 3.0;

/// The least that the signs of a class must come to: one in the opening, or
/// several elsewhere.
const ENOUGH: f64 = 2.0;

/// Classes with this share of the best one's signs are as likely as that.
const CLOSE: f64 = 0.75;

/// Sentences that are shown for a class.
const EVIDENCE: usize = 3;

/// What stands in a text for each of some classes.
#[derive(Debug)]
pub(in super::super) struct Signs {
    /// By class.
    scores: Vec<f64>,
    hits: Vec<Vec<Hit>>,
}

/// A sign in a sentence.
#[derive(Debug)]
struct Hit {
    /// Its words, in lower case and with single spaces.
    sign: String,
    sentence: ByteSpan,
    worth: f64,
}

impl Signs {
    /// Reads all sentences of the units of a text.
    pub(super) fn read(text: &str, units: &[Unit], classes: &[Class]) -> Self {
        let sentences: Vec<ByteSpan> =
            units.iter().flat_map(|unit| unit.sentences.iter().copied()).collect();
        let start = sentences.first().map_or(0, |first| first.start);
        let words: usize =
            sentences.iter().map(|span| text_of(text, *span).split_whitespace().count()).sum();
        let hits: Vec<Vec<Hit>> = classes
            .iter()
            .map(|class| {
                let Some(pattern) = pattern(class) else { return Vec::new() };
                let in_one = |span: &ByteSpan| hits(text_of(text, *span), &pattern, *span, start);
                sentences.iter().flat_map(in_one).collect()
            })
            .collect();
        let scores = hits.iter().map(|hits| score(hits, words)).collect();
        Self { scores, hits }
    }

    /// The classes that the text is most likely of, the likeliest first: one
    /// where its signs clearly outweigh those of all others, none where there
    /// are too few of any.
    pub(super) fn contenders(&self) -> Vec<usize> {
        let best = self.scores.iter().copied().fold(0.0, f64::max);
        let is_close = |class: &usize| self.scores[*class] >= (best * CLOSE).max(ENOUGH);
        let mut close: Vec<usize> = (0..self.scores.len()).filter(is_close).collect();
        close.sort_by(|a, b| self.scores[*b].total_cmp(&self.scores[*a]).then(a.cmp(b)));
        close
    }

    /// The sentences that hold most signs of a class, in reading order.
    pub(super) fn evidence(&self, work: &Work<'_>, class: usize) -> Vec<Quote> {
        let mut by_sentence: BTreeMap<ByteSpan, (f64, BTreeSet<&str>)> = BTreeMap::new();
        for hit in &self.hits[class] {
            let (worth, signs) = by_sentence.entry(hit.sentence).or_default();
            if signs.insert(&hit.sign) {
                *worth += hit.worth;
            }
        }
        let mut best: Vec<(ByteSpan, f64)> =
            by_sentence.into_iter().map(|(span, (worth, _))| (span, worth)).collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.truncate(EVIDENCE);
        best.sort_by_key(|(span, _)| *span);
        best.into_iter().map(|(span, _)| work.quote(span)).collect()
    }
}

/// All signs of a class, longer ones first; `None` where it has none, or more
/// than can be looked for. One that is given with a capital must have it in the
/// text, too: "the Agreement" is what a contract calls itself, and anybody may
/// speak of an agreement.
fn pattern(class: &Class) -> Option<Regex> {
    let mut signs: Vec<&str> = class.signs.iter().map(|sign| sign.trim()).collect();
    signs.retain(|sign| !sign.is_empty());
    signs.sort_by_key(|sign| std::cmp::Reverse(sign.len()));
    let spaced = |sign: &&str| {
        let words: Vec<String> = sign.split_whitespace().map(regex::escape).collect();
        let any_case = words.join(r"\s+").replace('\'', "['’]");
        match any_case.chars().next() {
            Some(first) if first.is_uppercase() => {
                format!("(?-i:{first}){}", &any_case[first.len_utf8()..])
            }
            _ => any_case,
        }
    };
    let any = signs.iter().map(spaced).collect::<Vec<_>>().join("|");
    if any.is_empty() {
        return None;
    }
    RegexBuilder::new(&any).case_insensitive(true).build().ok()
}

fn text_of(text: &str, span: ByteSpan) -> &str {
    span.slice(text).unwrap_or_default()
}

/// The signs in the `text` of a sentence that stand there as whole words.
/// `start` is where the document begins.
fn hits(text: &str, pattern: &Regex, sentence: ByteSpan, start: usize) -> Vec<Hit> {
    let is_whole = |found: &regex::Match<'_>| {
        let before = text[..found.start()].chars().next_back();
        let after = text[found.end()..].chars().next();
        let own = found.as_str();
        let joins = |a: Option<char>, b: Option<char>| {
            a.is_some_and(char::is_alphanumeric) && b.is_some_and(char::is_alphanumeric)
        };
        !joins(before, own.chars().next()) && !joins(own.chars().next_back(), after)
    };
    let hit = |found: regex::Match<'_>| Hit {
        sign: found.as_str().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "),
        sentence,
        worth: match sentence.start + found.start() - start {
            at if at < TITLE && is_large(found.as_str()) => IN_TITLE,
            at if at < OPENING => IN_OPENING,
            _ => ELSEWHERE,
        },
    };
    pattern.find_iter(text).filter(is_whole).map(hit).collect()
}

fn is_large(words: &str) -> bool {
    words.starts_with(char::is_uppercase)
}

/// What the signs of a class come to in a text of so many words.
fn score(hits: &[Hit], words: usize) -> f64 {
    let mut by_sign: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for hit in hits {
        let (worth, count) = by_sign.entry(&hit.sign).or_insert((0.0, 0));
        *worth = worth.max(hit.worth);
        *count += 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words")]
    let often = |count: usize| match count {
        0..=2 => 0.0,
        _ => (count as f64 * 500.0 / words.max(1) as f64).min(MOST_OFTEN),
    };
    by_sign.values().map(|(worth, count)| worth + often(*count)).sum()
}
