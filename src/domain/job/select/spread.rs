//! Choosing among scored sentences: the best without repeats, different kinds of
//! facts, or a share for each stretch of a document. Knows scores, not what they
//! are made of.

use super::reading::{Form, Reading};
use super::score::{Facet, Scores};
use super::words;

/// A sentence that may be chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Index into the reading's sentences.
    pub at: usize,
    /// What speaks for it, the model's vote included.
    pub score: f64,
}

/// Likeness of the telling words from which two sentences say the same.
const SAME: f64 = 0.75;

/// The best `max` that do not say the same, in reading order.
pub(super) fn best(reading: &Reading, all: &[Candidate], max: usize) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    for candidate in ranked(all) {
        if chosen.len() == max {
            break;
        }
        if !chosen.iter().any(|other| repeats(reading, candidate.at, *other)) {
            chosen.push(candidate.at);
        }
    }
    chosen.sort_unstable();
    chosen
}

/// The best `max` of different kinds: what a sentence adds to those that were chosen
/// before it counts more than its own score.
pub(super) fn diverse(scores: &Scores, all: &[Candidate], max: usize) -> Vec<usize> {
    /// What a kind of fact that none tells yet is worth.
    const NEW: f64 = 1.6;
    /// What it costs to be wholly like one that was chosen.
    const LIKE: f64 = 4.0;
    // More than these have no chance, and the choice below is quadratic.
    const FIELD: usize = 200;
    let reading = &scores.reading;
    let field: Vec<(Candidate, Vec<Facet>)> =
        ranked(all).into_iter().take(FIELD).map(|c| (c, scores.facets(c.at))).collect();
    let mut told: Vec<Facet> = Vec::new();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < max {
        let gain = |(candidate, facets): &(Candidate, Vec<Facet>)| {
            let new = facets.iter().filter(|facet| !told.contains(facet)).count().min(2);
            let old = facets.iter().map(|f| told.iter().filter(|t| *t == f).count()).sum::<usize>();
            let like = chosen.iter().map(|other| {
                let (a, b) = (&reading.sentences[candidate.at], &reading.sentences[*other]);
                words::likeness(&a.words, &b.words)
            });
            let like = like.fold(0.0, f64::max);
            #[expect(clippy::cast_precision_loss, reason = "a handful of kinds")]
            let (new, old) = (new as f64, old as f64);
            candidate.score + NEW * new - 0.5 * old - LIKE * like
        };
        let left = field.iter().filter(|(candidate, _)| {
            !chosen.iter().any(|c| *c == candidate.at || repeats(reading, candidate.at, *c))
        });
        let Some((next, facets)) =
            left.max_by(|a, b| gain(a).total_cmp(&gain(b)).then(b.0.at.cmp(&a.0.at)))
        else {
            break;
        };
        chosen.push(next.at);
        told.extend(facets);
    }
    chosen.sort_unstable();
    chosen
}

/// Up to `max` from all over the document: each major part has its share by length,
/// one at least, and within a part each stretch.
pub(super) fn over_the_whole(scores: &Scores, all: &[Candidate], max: usize) -> Vec<usize> {
    let reading = &scores.reading;
    // A contract is told from its parties on; what stands before them is its cover.
    let lead = all.iter().position(|candidate| scores.opens_a_contract(candidate.at));
    let all = &all[lead.unwrap_or(0)..];
    let length =
        |of: &[Candidate]| -> usize { of.iter().map(|c| reading.sentences[c.at].length).sum() };
    let wanted = wanted(length(all), all.len(), max);
    // A short document of many parts may take more, so that each has its sentence.
    let parts = parts(reading, all, (2 * wanted).min(max));
    let wanted = wanted.max(parts.len());
    let total = length(all).max(1);
    let mut chosen: Vec<usize> = lead.iter().map(|_| all[0].at).collect();
    let (mut given, mut passed) = (0, 0);
    for (number, part) in parts.iter().enumerate() {
        passed += length(part);
        // By the sum so far, so that shares add up; each later part keeps its one.
        let fair = (wanted * passed + total / 2) / total;
        let left = parts.len() - number - 1;
        let share =
            fair.saturating_sub(given).clamp(1, (wanted - given).saturating_sub(left).max(1));
        given += share;
        for stretch in stretches(reading, part, share) {
            let next = ranked(stretch)
                .into_iter()
                .find(|c| !chosen.iter().any(|other| repeats(reading, c.at, *other)));
            // The first stretch may have its sentence: the one with the parties.
            let is_told =
                lead.is_some() && chosen.len() == 1 && stretch.iter().any(|c| c.at == all[0].at);
            chosen.extend(next.filter(|_| !is_told).map(|c| c.at));
        }
        if given >= wanted {
            break;
        }
    }
    chosen.sort_unstable();
    chosen
}

/// How many sentences tell a text of so many words: three of a page, some twenty of
/// a hundred; never more than a third of what may be chosen.
fn wanted(words: usize, sentences: usize, max: usize) -> usize {
    (2 + (words / 45).isqrt()).min(sentences.div_ceil(3)).clamp(1, max.max(1))
}

/// The candidates part by part: along the highest headings that cut the document
/// into at least two parts and at most `most`, or all in one.
fn parts<'c>(reading: &Reading, all: &'c [Candidate], most: usize) -> Vec<&'c [Candidate]> {
    for level in 1..=6 {
        let opens =
            |at: usize| matches!(reading.sentences[at].form, Form::Heading(own) if own <= level);
        let borders: Vec<usize> = (0..reading.sentences.len()).filter(|at| opens(*at)).collect();
        let section = |c: &Candidate| borders.partition_point(|border| *border <= c.at);
        let parts: Vec<&[Candidate]> = all.chunk_by(|a, b| section(a) == section(b)).collect();
        if (2..=most).contains(&parts.len()) {
            return parts;
        }
    }
    if all.is_empty() { Vec::new() } else { vec![all] }
}

/// `count` pieces of about as many words.
fn stretches<'c>(reading: &Reading, part: &'c [Candidate], count: usize) -> Vec<&'c [Candidate]> {
    let total: usize = part.iter().map(|c| reading.sentences[c.at].length).sum();
    let mut stretches = Vec::new();
    let (mut from, mut passed) = (0, 0);
    for (at, candidate) in part.iter().enumerate() {
        passed += reading.sentences[candidate.at].length;
        if passed * count >= total * (stretches.len() + 1) {
            stretches.push(&part[from..=at]);
            from = at + 1;
        }
    }
    stretches
}

/// Best first; of two as good the earlier one.
fn ranked(all: &[Candidate]) -> Vec<Candidate> {
    let mut ranked = all.to_vec();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
    ranked
}

/// Whether two sentences say the same in the same or almost the same words.
pub(super) fn repeats(reading: &Reading, a: usize, b: usize) -> bool {
    let (a, b) = (&reading.sentences[a], &reading.sentences[b]);
    a.said == b.said
        || words::likeness(&a.words, &b.words) >= SAME && numbers(&a.said) == numbers(&b.said)
}

/// The figures of a sentence in order: two instalments are two things.
fn numbers(said: &str) -> Vec<&str> {
    let parts = said.split(|c: char| !c.is_ascii_digit());
    parts.filter(|part| !part.is_empty()).collect()
}
