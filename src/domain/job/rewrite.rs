//! Rewriting: each paragraph once a tone, every version held against its
//! source. A version that changes a fact is never shown as clean; beside it
//! stands one made by code from the source's own sentences.

use super::{Conclusion, Outcome, Step, Unit, Work, sections};
use crate::domain::factcheck;
use crate::domain::finding::{Finding, FindingId, Opinion, Status};
use crate::domain::prompt::Constraint;
use crate::domain::sentence::display;
use crate::domain::template::{Field, FieldType};

/// A version with less than this share of the source's words has left most of
/// it out, whatever facts it kept.
const TOO_SHORT: f64 = 0.3;

pub(super) fn constraint(paragraph: &str) -> Constraint {
    Constraint::Locked { literals: factcheck::literals(paragraph) }
}

pub(super) fn conclude(
    work: &Work<'_>,
    answers: &[(&Step, &Outcome)],
    by_code: bool,
) -> Conclusion {
    let mut findings = Vec::new();
    let mut repeats = Vec::new();
    for (index, unit) in work.units.iter().enumerate() {
        let source = display(work.text(unit.span));
        let nth = repeats.iter().filter(|earlier| **earlier == source).count();
        for (number, field) in work.template.fields.iter().enumerate() {
            let name = |mark: &str| {
                FindingId::new(&work.template.name, &field.name, &format!("{mark}{source}"), nth)
            };
            let answer = answers.iter().find(|(s, _)| s.unit == index && s.field == number);
            let version = answer.and_then(|(_, outcome)| match outcome {
                Outcome::Answered { text, looped, cut } => Some((text, looped.is_some(), *cut)),
                Outcome::Failed(_) => None,
            });
            if let Some((text, looped, cut)) = version {
                let faults = faults(&source, text, looped, cut);
                let clean = faults.is_empty();
                findings.push(by_model(work, unit, field, name(""), text, &faults));
                if !clean {
                    let why = "The model's version changes a fact; this one was made without the \
                               model, from the source's own sentences.";
                    findings.extend(faithful(work, unit, field, name("="), &source, why));
                }
            } else if by_code || answer.is_some() {
                let why = "Made without the model, from the source's own sentences.";
                findings.extend(faithful(work, unit, field, name("="), &source, why));
            }
        }
        repeats.push(source);
    }
    let empty = if work.units.is_empty() {
        "There is no paragraph of running text to rewrite."
    } else {
        "No version yet."
    };
    let sections =
        sections(work.template, &findings, empty, "Versions that change a fact: do not use as is");
    Conclusion { findings, sections, warnings: Vec::new() }
}

/// Everything that speaks against a version, each a sentence.
fn faults(source: &str, version: &str, looped: bool, cut: bool) -> Vec<String> {
    let mut faults: Vec<String> = factcheck::compare(source, version)
        .changes
        .iter()
        .map(factcheck::FactChange::describe)
        .collect();
    if looped {
        faults.push("The model repeated itself and was stopped.".into());
    }
    if cut {
        faults.push("The version was cut off at its length limit.".into());
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words")]
    let share = words(version) as f64 / words(source).max(1) as f64;
    if share < TOO_SHORT {
        faults.push("The version leaves out most of the source.".into());
    }
    faults
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn by_model(
    work: &Work<'_>,
    unit: &Unit,
    field: &Field,
    id: FindingId,
    text: &str,
    faults: &[String],
) -> Finding {
    Finding {
        id,
        kind: field.name.clone(),
        text: text.trim().to_owned(),
        value: None,
        quotes: vec![work.quote(unit.span)],
        status: if faults.is_empty() { Status::Anchored } else { Status::Unverified },
        why: (!faults.is_empty()).then(|| faults.join("\n")),
        opinion: Opinion::Model,
    }
}

/// The version by code, where the field's tone has one.
fn faithful(
    work: &Work<'_>,
    unit: &Unit,
    field: &Field,
    id: FindingId,
    source: &str,
    why: &str,
) -> Option<Finding> {
    let FieldType::Tone(Some(tone)) = field.kind else { return None };
    Some(Finding {
        id,
        kind: field.name.clone(),
        text: factcheck::faithful(source, tone),
        value: None,
        quotes: vec![work.quote(unit.span)],
        status: Status::Anchored,
        why: Some(why.to_owned()),
        opinion: Opinion::Rules,
    })
}
