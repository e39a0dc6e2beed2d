//! Selection: the model picks sentences by number, code ranks them. A small
//! model's pick is one vote among several signs; it decides alone only where
//! its picks have mostly agreed with the signs in this document.

use std::fmt::Write as _;

use super::rank::{self, Signs};
use super::{Conclusion, Outcome, Step, Unit, Work, sections};
use crate::domain::fact::{FactKind, Value};
use crate::domain::finding::{Finding, FindingId, Opinion, Status};
use crate::domain::prompt::Constraint;
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;
use crate::domain::template::{Field, FieldType, Rank};

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

/// A sentence of the document with its signs and the model's vote.
struct Candidate {
    span: ByteSpan,
    score: f64,
    voted: bool,
    date: Option<String>,
}

/// `empty` says field by field what it means that nothing was found.
pub(super) fn conclude(
    work: &Work<'_>,
    answers: &[(&Step, &Outcome)],
    empty: Vec<String>,
) -> Conclusion {
    let signs = rank::signs(work);
    let mut findings = Vec::new();
    for (number, field) in work.template.fields.iter().enumerate() {
        let FieldType::Sentence(order) = field.kind else { continue };
        let votes = votes(work, answers, number);
        let chosen = choose(candidates(&signs, &votes, order), order, field.max);
        let mut repeats: Vec<String> = Vec::new();
        for candidate in chosen {
            let finding = finding(work, field, &candidate, &mut repeats);
            findings.push(finding);
        }
    }
    let sections = sections(work.template, &findings, empty, "Not verified");
    Conclusion { findings, sections, warnings: Vec::new() }
}

/// The sentences that the model picked for a field.
fn votes(work: &Work<'_>, answers: &[(&Step, &Outcome)], field: usize) -> Vec<ByteSpan> {
    let mut votes = Vec::new();
    for (step, outcome) in answers.iter().filter(|(step, _)| step.field == field) {
        if let Outcome::Answered { text, .. } = outcome {
            let sentences = &work.units[step.unit].sentences;
            let numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
            votes.extend(
                numbers.filter_map(|n: usize| sentences.get(n.checked_sub(1)?)).take(PICKS),
            );
        }
    }
    votes
}

fn candidates(signs: &[Signs], votes: &[ByteSpan], order: Rank) -> Vec<Candidate> {
    let candidate = |signs: &Signs| {
        let score = signs.score(order);
        let date = signs.date.clone();
        Candidate { span: signs.span, score, voted: votes.contains(&signs.span), date }
    };
    let all: Vec<Candidate> = signs.iter().map(candidate).collect();
    let shared = all.iter().filter(|c| c.voted && c.score > 0.0).count();
    let picked = all.iter().filter(|c| c.voted).count();
    #[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
    let trusted = picked > 0 && shared as f64 / picked as f64 >= TRUST;
    all.into_iter()
        .filter(|c| c.score > 0.0 || (c.voted && trusted && order != Rank::Chronology))
        .map(|c| Candidate { score: c.score + if c.voted { VOTE } else { 0.0 }, ..c })
        .collect()
}

/// The best `max`, in reading order or by date.
fn choose(mut all: Vec<Candidate>, order: Rank, max: usize) -> Vec<Candidate> {
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.span.cmp(&b.span)));
    all.truncate(max);
    match order {
        Rank::Chronology => all.sort_by(|a, b| a.date.cmp(&b.date).then(a.span.cmp(&b.span))),
        Rank::Key | Rank::Dispute => all.sort_by_key(|c| c.span),
    }
    all
}

fn finding(
    work: &Work<'_>,
    field: &Field,
    candidate: &Candidate,
    repeats: &mut Vec<String>,
) -> Finding {
    let text = display(work.text(candidate.span));
    let nth = repeats.iter().filter(|earlier| **earlier == text).count();
    repeats.push(text.clone());
    let by_signs = candidate.score > if candidate.voted { VOTE } else { 0.0 };
    let dated = matches!(field.kind, FieldType::Sentence(Rank::Chronology));
    let in_it = |kind: FactKind| {
        work.facts.iter().find(|f| f.kind == kind && candidate.span.contains(f.span))
    };
    Finding {
        id: FindingId::new(&work.template.name, &field.name, &text, nth),
        kind: field.name.clone(),
        value: candidate.date.clone().filter(|_| dated).map(Value::Text),
        quotes: vec![work.quote(candidate.span)],
        status: Status::Anchored,
        why: in_it(FactKind::Date)
            .filter(|_| dated)
            .or_else(|| in_it(FactKind::Amount))
            .and_then(|fact| fact.doubt.clone()),
        opinion: match (candidate.voted, by_signs) {
            (true, true) => Opinion::Both,
            (true, false) => Opinion::Model,
            (false, _) => Opinion::Rules,
        },
        text,
    }
}
