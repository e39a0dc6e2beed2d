//! Classification: rules count the signs of each class in the whole text, the
//! model chooses a class for parts of it by letter, and the two are merged. The
//! signs decide where they speak; what the model says beside them is shown.

mod signs;

use super::choice::{self, About, Offer, Question, Topic};
use super::{Conclusion, Outcome, Purpose, Step, Unit, Work, sections};
use crate::domain::document::Document;
use crate::domain::fact::Value;
use crate::domain::finding::{Finding, FindingId, Notes, Opinion, Quote, Status};
use crate::domain::prompt::MOST_OPTIONS;
use crate::domain::sentence::display;
use crate::domain::template::{Field, FieldType, Template};
use crate::domain::words;
pub(super) use signs::Signs;

/// Parts that the model is asked about at most: the first ones, in which a
/// document says what it is, and others at even distances.
const ASKED: usize = 8;
const FIRST: usize = 3;

/// Bytes of a part that the model is shown, some 400 tokens.
const SHOWN: usize = 1_600;

/// Per cent of the text from which on all of it was shown: what is missing then
/// is white space.
const NEARLY_ALL: usize = 95;

/// Offered beside the classes, so that a document may be of none.
const NONE_OF_THESE: &str = "none of these";

/// What stands in the units for the classes of each field.
pub(super) fn signs(template: &Template, doc: &Document, units: &[Unit]) -> Vec<Signs> {
    let fields = template.fields.iter().filter(|field| field.kind == FieldType::Class);
    fields.map(|field| Signs::read(&doc.text, units, &field.classes)).collect()
}

/// The question of a field about a unit; `None` about one of those that only
/// the rules read.
pub(super) fn step(
    work: &Work<'_>,
    unit: usize,
    field: usize,
    round: usize,
) -> Result<Option<Step>, String> {
    let of = work.units.len();
    if !is_asked(unit, of) {
        return Ok(None);
    }
    let asked = &work.template.fields[field];
    let mut offers: Vec<Offer> =
        asked.classes.iter().map(|class| Offer::Fixed(class.name.clone())).collect();
    if offers.len() < MOST_OPTIONS {
        offers.push(Offer::Fixed(NONE_OF_THESE.to_owned()));
    }
    let question = Question {
        chunk: work.units[unit].chunk,
        unit,
        label: format!("{}, part {} of {of}", asked.title, unit + 1),
        topic: Topic { field, about: About::Class, number: unit },
        reads: true,
        content: shown(work, unit),
        ask: asked.ask.clone(),
        offers,
        round,
    };
    choice::step(work, question).map(Some)
}

/// Whether the model is asked about the unit `at` of so many.
fn is_asked(at: usize, of: usize) -> bool {
    if of <= ASKED || at < FIRST {
        return true;
    }
    // Of the rest that one of every `ASKED - FIRST` equal stretches which begins it.
    let (rest, stretches) = (of - FIRST, ASKED - FIRST);
    let stretch = |at: usize| (at - FIRST) * stretches / rest;
    at == FIRST || stretch(at) != stretch(at - 1)
}

/// The unit's sentences as far as they are shown, each on a line.
fn shown(work: &Work<'_>, unit: usize) -> String {
    let mut text = String::new();
    for span in &work.units[unit].sentences {
        text.push_str(&display(work.text(*span)));
        if text.len() >= SHOWN {
            break;
        }
        text.push('\n');
    }
    if text.len() > SHOWN {
        let cut = (0..=SHOWN).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let end = text[..cut].rfind(char::is_whitespace).unwrap_or(cut);
        text.truncate(end);
    }
    text.trim_end().to_owned()
}

/// `empty` says field by field what it means that nothing was found.
pub(super) fn conclude(
    work: &Work<'_>,
    answers: &[(&Step, &Outcome)],
    empty: Vec<String>,
) -> Conclusion {
    let fields = work.template.fields.iter().zip(&work.signs).enumerate();
    let decided = fields.filter_map(|(number, (field, signs))| {
        decide(work, field, signs, &Vote::of(work, answers, number))
    });
    let findings: Vec<Finding> = decided.collect();
    let sections =
        sections(work.template, &findings, empty, "Not verified: check before you use it");
    Conclusion { findings, sections, warnings: warnings(work, answers) }
}

/// What the model says of a field over all parts that it was shown.
struct Vote {
    /// By class, as logarithms of shares; the last one may be none of them.
    /// Empty where the model said nothing.
    weights: Vec<f64>,
}

impl Vote {
    /// The mean of what the model makes of each part, by the length of what it
    /// was shown of it.
    fn of(work: &Work<'_>, answers: &[(&Step, &Outcome)], field: usize) -> Self {
        let mut sums: Vec<f64> = Vec::new();
        let mut length = 0.0;
        for unit in 0..work.units.len() {
            let topic = Topic { field, about: About::Class, number: unit };
            let Some(weights) = choice::weights(answers, topic) else { continue };
            #[expect(clippy::cast_precision_loss, reason = "at most SHOWN bytes")]
            let own = shown(work, unit).len().max(1) as f64;
            sums.resize(weights.len(), 0.0);
            // A bare letter gives the others nothing; another part may.
            let bounded = weights.iter().map(|weight| weight.max(LEAST));
            sums.iter_mut().zip(bounded).for_each(|(sum, weight)| *sum += own * weight);
            length += own;
        }
        Self { weights: choice::shares(sums.into_iter().map(|sum| sum / length).collect()) }
    }

    /// The likeliest class.
    fn choice(&self) -> Option<usize> {
        (0..self.weights.len()).max_by(|a, b| self.weights[*a].total_cmp(&self.weights[*b]))
    }

    /// The class that has more than half of all.
    fn sure(&self) -> Option<usize> {
        self.choice().filter(|class| self.weights[*class] >= SURE.ln())
    }

    /// The class that it chooses, its name, and how sure the model is of it.
    fn said(&self, field: &Field) -> Option<(usize, String)> {
        let class = self.choice()?;
        let name = field.classes.get(class).map_or(NONE_OF_THESE, |class| class.name.as_str());
        let percent = (self.weights[class].exp() * 100.0).round();
        Some((class, format!("{name:?} ({percent} %)")))
    }
}

/// The share of a class from which on the model's word counts where the signs
/// leave a choice: a small model spreads its own over classes without a reason.
const SURE: f64 = 0.5;

/// No part may say less of a class, as a logarithm: one bare letter decides
/// nothing for all of them.
const LEAST: f64 = -6.0;

/// One class of a field's, or none.
fn decide(work: &Work<'_>, field: &Field, signs: &Signs, vote: &Vote) -> Option<Finding> {
    let said = vote.said(field);
    let contenders = signs.contenders();
    let Some(best) = contenders.first().copied() else {
        let class = vote.sure().filter(|class| *class < field.classes.len())?;
        let why = "Only the model says so; no sign of it stands in the text.";
        return Some(finding(work, field, class, Vec::new(), Opinion::Model, Some(why.into())));
    };
    let class = vote.sure().filter(|class| contenders.contains(class)).unwrap_or(best);
    let name = |class: usize| format!("{:?}", field.classes[class].name);
    let others: Vec<String> =
        contenders.iter().filter(|other| **other != class).map(|other| name(*other)).collect();
    let rivals = (!others.is_empty()).then(|| {
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        format!("There are about as many signs of {}.", words::listed(&others))
    });
    let (opinion, differs) = match said {
        Some((choice, _)) if choice == class => (Opinion::Both, None),
        Some((_, told)) => (
            Opinion::Rules,
            Some(format!("The signs are of {}; the model says {told}.", name(class))),
        ),
        None => (Opinion::Rules, None),
    };
    let why = [differs, rivals].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let quotes = signs.evidence(work, class);
    Some(finding(work, field, class, quotes, opinion, (!why.is_empty()).then_some(why)))
}

/// Anchored where it has a quote.
fn finding(
    work: &Work<'_>,
    field: &Field,
    class: usize,
    quotes: Vec<Quote>,
    opinion: Opinion,
    why: Option<String>,
) -> Finding {
    let name = &field.classes[class].name;
    Finding {
        id: FindingId::new(&work.template.name, &field.name, name, 0),
        kind: field.name.clone(),
        text: name.clone(),
        value: Some(Value::Text(name.clone())),
        status: if quotes.is_empty() { Status::Unverified } else { Status::Anchored },
        quotes,
        why,
        opinion,
        notes: Notes::default(),
    }
}

/// How much less than the text the model was shown.
fn warnings(work: &Work<'_>, answers: &[(&Step, &Outcome)]) -> Vec<String> {
    let chose = |unit: &usize| {
        answers.iter().any(|(step, outcome)| {
            step.unit == *unit
                && matches!(&step.purpose, Purpose::Choose(asked) if asked.reads())
                && matches!(outcome, Outcome::Answered { .. })
        })
    };
    let asked: Vec<usize> = (0..work.units.len()).filter(chose).collect();
    let seen: usize = asked.iter().map(|unit| shown(work, *unit).len()).sum();
    let sentences = work.units.iter().flat_map(|unit| &unit.sentences);
    let all: usize = sentences.map(|span| span.len()).sum();
    let share = (seen * 100).checked_div(all).unwrap_or(0);
    if asked.is_empty() || share >= NEARLY_ALL {
        return Vec::new();
    }
    let (parts, of) = (asked.len(), work.units.len());
    vec![format!(
        "The model was shown {share} % of the text, in {parts} of {of} parts; the rules read all of it."
    )]
}

#[cfg(test)]
mod tests;
