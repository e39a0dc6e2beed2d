//! Extraction: the model copies quotes, recognisers read the same text, and
//! the two are merged into one list in which equal values stand once.

mod cut;
mod found;
mod one_sided;
mod proper;
mod quotes;

use self::one_sided::{Part, Reading};
use self::quotes::Weighed;
use super::{Conclusion, Outcome, Step, Work, roles, sections};
use crate::domain::fact::FactKind;
use crate::domain::finding::Finding;
use crate::domain::prompt::{Constraint, Shape};
use crate::domain::template::{Field, FieldType};

/// A long sentence has some sixty words; names, dates and amounts have few, and
/// a period some more with what it is counted from.
fn max_words(field: &Field) -> usize {
    match field.kind {
        FieldType::Fact(FactKind::Obligation | FactKind::Definition) | FieldType::Text => 70,
        FieldType::Fact(FactKind::Duration) => 16,
        _ => 10,
    }
}

fn shape(field: &Field) -> Shape {
    match field.kind {
        FieldType::Fact(FactKind::Date) => Shape::Date,
        FieldType::Fact(FactKind::Amount) => Shape::Amount,
        FieldType::Fact(FactKind::Person | FactKind::Organisation) => Shape::Name,
        FieldType::Fact(FactKind::Obligation) => Shape::Duty,
        FieldType::Fact(FactKind::Duration | FactKind::Definition | FactKind::Reference)
        | FieldType::Text
        | FieldType::Sentence(_)
        | FieldType::Tone(_)
        | FieldType::Class => Shape::Any,
    }
}

pub(super) fn constraint(chunk: &str, field: &Field) -> Constraint {
    Constraint::Quotes {
        source: chunk.to_owned(),
        max: field.max,
        max_words: max_words(field),
        shape: shape(field),
    }
}

/// `empty` says field by field what it means that nothing was found.
pub(super) fn conclude(
    work: &Work<'_>,
    answers: &[(&Step, &Outcome)],
    empty: Vec<String>,
) -> Conclusion {
    let (mut findings, mut unfit, mut surplus) = (Vec::new(), 0, 0);
    for (number, field) in work.template.fields.iter().enumerate() {
        let mut weighed = Weighed::beside(found::recognised(work, field));
        let mut parts = Vec::new();
        for (step, outcome) in answers.iter().filter(|(step, _)| step.asks(number)) {
            if let Outcome::Answered { text, looped, cut, .. } = outcome {
                let quotes = quotes::of(text);
                quotes::weigh_all(work, field, step, &quotes, &mut weighed);
                let reading = match () {
                    () if looped.is_some() || *cut => Reading::Broken,
                    () if quotes.len() >= field.max => Reading::Full,
                    () => Reading::Whole,
                };
                parts.push(Part { span: work.units[step.unit].span, reading });
            }
        }
        let mut of_field = found::grouped(work, field, weighed.found);
        one_sided::first(field.kind, &parts, &mut of_field);
        findings.extend(of_field);
        findings.extend(weighed.unverified);
        unfit += weighed.unfit;
        surplus += weighed.surplus;
    }
    unique(&mut findings);
    let without = roles::claim(work, answers, &mut findings);
    let mut sections =
        sections(work.template, &findings, empty, "Not verified: check before you use it");
    sections.extend(without);
    Conclusion { findings, sections, warnings: left_out(unfit, surplus) }
}

/// What the reader must know of the model's answers that is not shown.
fn left_out(unfit: usize, surplus: usize) -> Vec<String> {
    let unfit = match unfit {
        0 => None,
        1 => Some("A quote of the model was left out, since it is not what was asked for.".into()),
        n => Some(format!(
            "{n} quotes of the model were left out, since they are not what was asked for."
        )),
    };
    let surplus = match surplus {
        0 => None,
        1 => Some("A further line of the model's answers stands nowhere in the source.".into()),
        n => Some(format!("{n} further lines of the model's answers stand nowhere in the source.")),
    };
    unfit.into_iter().chain(surplus).collect()
}

/// The same doubtful words from two chunks are one finding.
fn unique(findings: &mut Vec<Finding>) {
    let mut seen = std::collections::BTreeSet::new();
    findings.retain(|finding| seen.insert(finding.id.clone()));
}

#[cfg(test)]
mod tests;
