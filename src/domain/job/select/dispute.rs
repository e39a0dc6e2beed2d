//! Disputed points: pairs of passages of one document that oppose each other. Found
//! by code alone: who denies what, which figures differ, what is affirmed here and
//! denied there. A word of denial without its counterpart is shown with what it denies.

mod accounts;
mod clauses;
mod figures;
mod replies;

use super::Found;
use super::reading::Reading;
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;

/// Two passages that oppose each other.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// Into the document's text, in reading order.
    first: ByteSpan,
    second: ByteSpan,
    /// The sentences that they stand in.
    told: [usize; 2],
    why: String,
    /// How sure it is: 1 is a guess, 5 is in the words themselves.
    weight: f64,
}

/// What a detector looks at.
struct Case<'a> {
    reading: &'a Reading,
    text: &'a str,
}

/// All pairs of the document, good and bad ones.
pub(super) fn pairs(reading: &Reading, text: &str) -> Vec<Pair> {
    let case = Case { reading, text };
    let mut pairs = clauses::pairs(&case);
    pairs.extend(replies::pairs(&case));
    pairs.extend(accounts::pairs(&case));
    pairs.extend(figures::pairs(&case));
    pairs.extend(clauses::lone(&case));
    let is_ordered = |pair: &Pair| {
        let mut orders = reading.sentences.iter().filter(|sentence| sentence.is_order);
        orders.any(|s| s.span.overlaps(pair.first) || s.span.overlaps(pair.second))
    };
    pairs.retain(|pair| !is_ordered(pair));
    pairs
}

/// The disputed points among the pairs, at most `max`, in reading order. `vote` is
/// what the model's pick of a sentence adds to a pair it stands in.
pub(super) fn points(
    reading: &Reading,
    text: &str,
    pairs: &[Pair],
    max: usize,
    vote: impl Fn(usize) -> f64,
) -> Vec<Found> {
    let case = Case { reading, text };
    // The order is only of how good they are; none of them is here by the model's word,
    // and a denial that stands alone comes after all that have both sides.
    let weight = |pair: &Pair| pair.weight + vote(pair.told[0]).max(vote(pair.told[1]));
    let mut pairs: Vec<&Pair> = pairs.iter().collect();
    pairs.sort_by(|a, b| {
        let by_weight = weight(b).total_cmp(&weight(a));
        a.is_alone().cmp(&b.is_alone()).then(by_weight).then(a.first.cmp(&b.first))
    });
    let mut kept: Vec<&Pair> = Vec::new();
    for pair in pairs {
        if kept.len() == max {
            break;
        }
        if !kept.iter().any(|other| is_same(other, pair)) {
            kept.push(pair);
        }
    }
    kept.sort_by_key(|pair| (pair.first, pair.second));
    kept.into_iter().map(|pair| found(&case, pair)).collect()
}

impl Pair {
    /// Whether one of its passages is a part of the other: a denial without the words
    /// of the other side.
    fn is_alone(&self) -> bool {
        self.second.contains(self.first)
    }
}

/// Whether two pairs are about the same point: they share a passage.
fn is_same(a: &Pair, b: &Pair) -> bool {
    let parts = [b.first, b.second];
    parts.iter().any(|span| span.overlaps(a.first) || span.overlaps(a.second))
}

fn found(case: &Case<'_>, pair: &Pair) -> Found {
    let text = if pair.is_alone() {
        case.shown(pair.told[1], pair.second)
    } else {
        let first = case.shown(pair.told[0], pair.first);
        let first = first.trim_end_matches(['.', ';', ',', ' ']).to_owned();
        format!("{first} — but: {}", case.shown(pair.told[1], pair.second))
    };
    Found {
        text,
        spans: vec![pair.first, pair.second],
        value: None,
        why: Some(pair.why.clone()),
        derived: false,
        told: pair.told.to_vec(),
    }
}

impl Case<'_> {
    fn said(&self, at: usize) -> &str {
        &self.reading.sentences[at].said
    }

    fn span(&self, at: usize) -> ByteSpan {
        self.reading.sentences[at].span
    }

    /// A passage that begins in a sentence, with whoever says it.
    fn shown(&self, at: usize, span: ByteSpan) -> String {
        let sentence = &self.reading.sentences[at];
        if span == sentence.span {
            return self.reading.shown(sentence);
        }
        let words = display(span.slice(self.text).unwrap_or_default());
        if span.start != sentence.span.start {
            return words;
        }
        // What comes behind the first sentence follows its cleaned words.
        let rest = ByteSpan::new(sentence.span.end, span.end);
        let rest = display(rest.slice(self.text).unwrap_or_default());
        if span.end < sentence.span.end {
            return words;
        }
        format!("{} {rest}", self.reading.shown(sentence))
    }

    /// The passage from one sentence to another.
    fn through(&self, from: usize, to: usize) -> ByteSpan {
        ByteSpan::new(self.span(from).start, self.span(to).end)
    }
}
