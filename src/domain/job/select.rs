//! Selection: the model picks sentences by number, code ranks, pairs, orders and
//! merges them. A small model's pick is one vote among several signs; it decides
//! alone only where its picks have mostly agreed with the signs in this document.

mod chronology;
mod cues;
mod dispute;
mod reading;
mod score;
mod spread;
mod themes;
mod words;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Conclusion, Outcome, Step, Unit, Work, sections};
use crate::domain::fact::{FactKind, Value};
use crate::domain::finding::{Finding, FindingId, Notes, Opinion, Status};
use crate::domain::prompt::Constraint;
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;
use crate::domain::template::{Field, FieldType, Rank};
use reading::{Form, Reading, says_something};
use score::Scores;
use spread::Candidate;

/// Picks asked for in one chunk; more makes a small model recite numbers.
const PICKS: usize = 4;

/// What a vote of the model adds to a sentence's score.
const VOTE: f64 = 2.0;

/// Share of the model's picks that the signs must share before it is believed
/// where they say nothing.
const TRUST: f64 = 0.5;

pub(super) fn constraint(unit: &Unit, field: &Field) -> Constraint {
    Constraint::Pick { of: unit.sentences.len(), max: field.max.min(PICKS) }
}

/// The unit's sentences on numbered lines; empty where it has none.
pub(super) fn numbered(work: &Work<'_>, unit: &Unit) -> String {
    let mut lines = String::new();
    for (span, n) in unit.sentences.iter().zip(1..) {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{n}. {}", display(work.text(*span)));
    }
    lines
}

/// What stands for a field: passages of the document, and what is shown of them.
struct Found {
    text: String,
    spans: Vec<ByteSpan>,
    value: Option<Value>,
    /// A sentence for the person.
    why: Option<String>,
    /// Whether the value stands in no quote as it is.
    derived: bool,
    /// The sentences that the passages are of: indices into the reading.
    told: Vec<usize>,
}

/// What the signs say of a document before any model was asked: the same after each
/// answer, so that it is found once.
#[derive(Debug)]
pub(super) struct Known {
    scores: Scores,
    /// For each field of the template.
    fields: Vec<Signs>,
    /// What a field that is to be complete has to leave out.
    warnings: Vec<String>,
}

/// What a field is chosen from.
#[derive(Debug)]
enum Signs {
    /// What speaks for each sentence of the reading.
    Sentences(Rank, Vec<f64>),
    Disputes(Vec<dispute::Pair>),
    Events(Vec<chronology::Event>),
    Themes(themes::Subjects),
    /// The field asks for no sentences.
    Nothing,
}

impl Known {
    fn of(work: &Work<'_>) -> Self {
        let scores = Scores::of(Reading::of(work));
        let (reading, text) = (&scores.reading, work.doc.text.as_str());
        let signs = |field: &Field| match field.kind {
            FieldType::Sentence(Rank::Dispute) => Signs::Disputes(dispute::pairs(reading, text)),
            FieldType::Sentence(Rank::Chronology) => {
                Signs::Events(chronology::events(reading, text))
            }
            FieldType::Sentence(Rank::Theme) => Signs::Themes(themes::Subjects::of(&scores)),
            FieldType::Sentence(rank) => {
                let all = 0..reading.sentences.len();
                Signs::Sentences(rank, all.map(|at| scores.score(at, rank)).collect())
            }
            _ => Signs::Nothing,
        };
        let fields: Vec<Signs> = work.template.fields.iter().map(signs).collect();
        let warnings = work.template.fields.iter().zip(&fields);
        let warnings = warnings.filter_map(|(field, signs)| left_out(reading, field, signs));
        let warnings = warnings.collect();
        Self { scores, fields, warnings }
    }
}

/// That a field shows only some of what the signs speak for, where it is read as the
/// whole: a chronology and lists of decisions, of tasks and of questions. Votes do not
/// count here, so that all rounds say the same.
fn left_out(reading: &Reading, field: &Field, signs: &Signs) -> Option<String> {
    /// Entries beyond those that are shown up to which they are counted: each is
    /// compared with all before it.
    const COUNTED: usize = 200;
    let most = field.max + COUNTED;
    let all = match signs {
        Signs::Events(events) => events.len(),
        Signs::Sentences(Rank::Decision | Rank::Action | Rank::Question, own) => {
            let all = (0..own.len()).map(|at| Candidate { at, score: own[at] });
            let all: Vec<Candidate> = all.filter(|candidate| candidate.score > 0.0).collect();
            if all.len() > field.max { spread::best(reading, &all, most).len() } else { all.len() }
        }
        _ => return None,
    };
    let more = if all == most && !matches!(signs, Signs::Events(_)) { "more than " } else { "" };
    (all > field.max).then(|| {
        format!(
            "{}: {} of {more}{all} entries are shown; \"max\" in the template sets how many.",
            field.title, field.max
        )
    })
}

/// `empty` says field by field what it means that nothing was found.
pub(super) fn conclude(
    work: &Work<'_>,
    answers: &[(&Step, &Outcome)],
    empty: Vec<String>,
) -> Conclusion {
    let Known { scores, fields, warnings } = work.selection.get_or_init(|| Known::of(work));
    let mut findings = Vec::new();
    for (number, (field, known)) in work.template.fields.iter().zip(fields).enumerate() {
        let votes = Votes::of(work, &scores.reading, answers, number);
        let mut repeats: Vec<String> = Vec::new();
        for (found, by_signs) in choose(work, scores, known, &votes, field.max) {
            let picked = found.told.iter().any(|at| votes.0.contains(at));
            let opinion = match (picked, by_signs) {
                (true, true) => Opinion::Both,
                (true, false) => Opinion::Model,
                (false, _) => Opinion::Rules,
            };
            findings.push(finding(work, field, found, opinion, &mut repeats));
        }
    }
    let sections = sections(work.template, &findings, empty, "Not verified");
    Conclusion { findings, sections, warnings: warnings.clone() }
}

/// The sentences that the model picked for a field, as indices into the reading. A pick
/// where the document gives orders to the model counts for nothing.
struct Votes(BTreeSet<usize>);

impl Votes {
    fn of(work: &Work<'_>, reading: &Reading, answers: &[(&Step, &Outcome)], field: usize) -> Self {
        let mut votes = BTreeSet::new();
        for (step, outcome) in answers.iter().filter(|(step, _)| step.asks(field)) {
            let Outcome::Answered { text, .. } = outcome else { continue };
            let sentences = &work.units[step.unit].sentences;
            let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
            let picked = numbers.filter_map(|n: usize| sentences.get(n.checked_sub(1)?));
            let read = picked.take(PICKS).flat_map(|span| reading.within(*span));
            votes.extend(read.filter(|at| !reading.sentences[*at].is_swayed));
        }
        Self(votes)
    }

    /// What they add to a sentence.
    fn weight(&self, at: usize) -> f64 {
        if self.0.contains(&at) { VOTE } else { 0.0 }
    }
}

/// What is shown for a field, in order, each with whether the signs speak for it.
fn choose(
    work: &Work<'_>,
    scores: &Scores,
    signs: &Signs,
    votes: &Votes,
    max: usize,
) -> Vec<(Found, bool)> {
    let (reading, text) = (&scores.reading, work.doc.text.as_str());
    let vote = |at: usize| votes.weight(at);
    let found = match signs {
        Signs::Sentences(rank, own) => return sentences(scores, own, votes, *rank, max),
        Signs::Disputes(pairs) => dispute::points(reading, text, pairs, max, vote),
        Signs::Events(events) => chronology::chosen(reading, events, max, vote),
        Signs::Themes(subjects) => subjects.themes(reading, max, vote),
        Signs::Nothing => Vec::new(),
    };
    found.into_iter().map(|found| (found, true)).collect()
}

/// Single sentences, by their own scores.
fn sentences(
    scores: &Scores,
    own: &[f64],
    votes: &Votes,
    rank: Rank,
    max: usize,
) -> Vec<(Found, bool)> {
    let reading = &scores.reading;
    let all = candidates(reading, own, votes, rank);
    let chosen = match rank {
        Rank::Summary => spread::over_the_whole(scores, &all, max),
        Rank::Key => spread::diverse(scores, &all, max),
        _ => spread::best(reading, &all, max),
    };
    let told = |at: usize| {
        let closing = scores.settled_by.get(&at).filter(|_| rank == Rank::Decision);
        let told: Vec<usize> = [at].into_iter().chain(closing.copied()).collect();
        let sentence = &reading.sentences[at];
        let doubt = reading.facts_in(sentence).iter().find(|fact| fact.kind == FactKind::Amount);
        let found = Found {
            text: reading.shown(sentence),
            spans: told.iter().map(|at| reading.sentences[*at].span).collect(),
            value: None,
            why: doubt.and_then(|fact| fact.doubt.clone()),
            derived: false,
            told,
        };
        (found, own[at] > 0.0)
    };
    chosen.into_iter().map(told).collect()
}

/// The sentences that signs or the model speak for.
fn candidates(reading: &Reading, own: &[f64], votes: &Votes, rank: Rank) -> Vec<Candidate> {
    let trusted = is_trusted(own, votes, rank);
    let candidate = |at: usize| {
        let sentence = &reading.sentences[at];
        let alone = votes.0.contains(&at)
            && trusted
            && says_something(reading, sentence)
            && !matches!(sentence.form, Form::Heading(_));
        let score = own[at].max(0.0) + votes.weight(at);
        (own[at] > 0.0 || alone).then_some(Candidate { at, score })
    };
    (0..own.len()).filter_map(candidate).collect()
}

/// Whether the signs speak for at least so many of the model's picks. Almost every
/// sentence may stand in a summary: there a pick has to be among the better half.
fn is_trusted(own: &[f64], votes: &Votes, rank: Rank) -> bool {
    let least = if rank == Rank::Summary {
        let mut some: Vec<f64> = own.iter().copied().filter(|score| *score > 0.0).collect();
        some.sort_by(f64::total_cmp);
        some.get(some.len() / 2).copied().unwrap_or(0.0)
    } else {
        f64::MIN_POSITIVE
    };
    let shared = votes.0.iter().filter(|at| own[**at] >= least).count();
    #[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
    let share = shared as f64 / votes.0.len().max(1) as f64;
    !votes.0.is_empty() && share >= TRUST
}

fn finding(
    work: &Work<'_>,
    field: &Field,
    found: Found,
    opinion: Opinion,
    repeats: &mut Vec<String>,
) -> Finding {
    let nth = repeats.iter().filter(|earlier| **earlier == found.text).count();
    repeats.push(found.text.clone());
    Finding {
        id: FindingId::new(&work.template.name, &field.name, &found.text, nth),
        kind: field.name.clone(),
        value: found.value,
        quotes: found.spans.iter().map(|span| work.quote(*span)).collect(),
        status: Status::Anchored,
        why: found.why,
        opinion,
        notes: Notes { derived: found.derived, ..Notes::default() },
        text: found.text,
    }
}

#[cfg(test)]
mod complete_tests;
#[cfg(test)]
mod restraint_tests;
#[cfg(test)]
mod tests;
