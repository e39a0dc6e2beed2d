//! What the model is asked about the dates: one choice by letter for each role,
//! among the dates that may have it, and none of them. Knows how a choice is
//! asked and answered, and nothing of what the rules make of it.

use super::dates::{At, Candidate, Dates, day_of};
use crate::domain::finding::Role;
use crate::domain::job::choice::{self, About, Offer, Question, Topic};
use crate::domain::job::{Outcome, Step, Work};
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;

/// Most dates that are offered for a role.
const MOST: usize = 8;

/// How much of the document's beginning is shown, in bytes.
const OPENING: usize = 400;

const NONE_OF_THESE: &str = "none of these";

/// A date that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    Date(ByteSpan),
    /// The one that the rules computed.
    Computed,
}

/// What the model chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Pick(Pick),
    None,
}

fn ask(role: Role) -> &'static str {
    match role {
        Role::AgreementDate => "Which of these dates is the day on which the agreement was made?",
        Role::EffectiveDate => {
            "Which of these dates is the day on which the agreement takes effect?"
        }
        Role::ExpirationDate => "Which of these dates is the day on which the agreement ends?",
        Role::Party => unreachable!("only dates are asked about"),
    }
}

/// The questions of a round, one for each role that a field of dates gives.
pub(super) fn steps(work: &Work<'_>, dates: &Dates, round: usize) -> Result<Vec<Step>, String> {
    let Some(unit) = work.units.first() else { return Ok(Vec::new()) };
    // Where the rules find no date with a role, nothing reads like an agreement.
    if dates.answers.is_empty() {
        return Ok(Vec::new());
    }
    let mut steps = Vec::new();
    for (number, field) in work.template.fields.iter().enumerate() {
        for role in Role::DATES.into_iter().filter(|role| field.roles.contains(role)) {
            let offers = offers(work, dates, role);
            if offers.is_empty() {
                continue;
            }
            let texts = offers.into_iter().map(|(_, text)| Offer::Content(text));
            let question = Question {
                chunk: unit.chunk,
                unit: 0,
                label: format!("{}: {}", field.title, role.title()),
                topic: topic(number, role),
                reads: false,
                content: opening(work, unit.span),
                ask: ask(role).to_owned(),
                offers: texts.chain([Offer::Fixed(NONE_OF_THESE.to_owned())]).collect(),
                round,
            };
            steps.push(choice::step(work, question)?);
        }
    }
    Ok(steps)
}

fn topic(field: usize, role: Role) -> Topic {
    Topic { field, about: About::Role(role), number: 0 }
}

fn opening(work: &Work<'_>, unit: ByteSpan) -> String {
    let text = work.text(unit);
    let end = (0..=OPENING.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    display(&text[..end.unwrap_or(0)])
}

/// The dates that speak most for a role, each value once, in reading order.
fn offers(work: &Work<'_>, dates: &Dates, role: Role) -> Vec<(Pick, String)> {
    let weight = |candidate: &Candidate| {
        let any = candidate.weights.values().copied().max().unwrap_or(0);
        (candidate.weights.get(&role).copied().unwrap_or(0), any)
    };
    let mut ranked: Vec<&Candidate> = dates.candidates.iter().collect();
    ranked.sort_by_key(|candidate| std::cmp::Reverse(weight(candidate)));
    let mut best: Vec<&Candidate> = Vec::new();
    for candidate in ranked {
        if best.len() < MOST && best.iter().all(|known| known.value != candidate.value) {
            best.push(candidate);
        }
    }
    best.sort_by_key(|candidate| candidate.span);
    let mut offers: Vec<(Pick, String)> = best
        .into_iter()
        .map(|candidate| (Pick::Date(candidate.span), shown(work, candidate, role)))
        .collect();
    if let Some(answer) = dates.answers.get(&role)
        && let (At::Formula { formula, .. }, Some(value)) = (answer.at, &answer.value)
    {
        offers.truncate(MOST - 1);
        let words = display(work.text(formula));
        offers.push((Pick::Computed, format!("{value}, computed from “{words}”")));
    }
    offers
}

/// The day, and the sentence around it.
fn shown(work: &Work<'_>, candidate: &Candidate, role: Role) -> String {
    let words = display(work.text(candidate.span));
    let sentence = format!("{} {words} {}", candidate.before, candidate.after);
    format!("{}: “{}”", day_of(&candidate.value, role), sentence.trim())
}

/// What the model chose for a role, where it was asked and answered.
pub(super) fn chosen(
    work: &Work<'_>,
    dates: &Dates,
    answers: &[(&Step, &Outcome)],
    (field, role): (usize, Role),
) -> Option<Choice> {
    let weights = choice::weights(answers, topic(field, role))?;
    let (best, _) = weights.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let offers = offers(work, dates, role);
    Some(offers.get(best).map_or(Choice::None, |(pick, _)| Choice::Pick(*pick)))
}
