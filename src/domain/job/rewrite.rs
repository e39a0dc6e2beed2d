//! Rewriting: each paragraph once a tone, every version held against its
//! source. A version that changes a fact is never shown as clean; beside it
//! stands one made by code from the source's own sentences.

use super::{Conclusion, Outcome, Step, Unit, Work, sections};
use crate::domain::factcheck;
use crate::domain::finding::{Finding, FindingId, Opinion, Status};
use crate::domain::prompt::Constraint;
use crate::domain::sentence::display;
use crate::domain::template::{Field, FieldType, MAX_ANSWER_TOKENS};

/// A version with less than this share of the source's words has left most of
/// it out, whatever facts it kept.
const TOO_SHORT: f64 = 0.3;

pub(super) fn constraint(paragraph: &str) -> Constraint {
    Constraint::Locked { literals: factcheck::literals(paragraph) }
}

/// Tokens that a version of the unit may have: what the template grants, or
/// half as much again as the paragraph has where that is more. The paragraph's
/// own count is its share of the chunk's.
pub(super) fn max_tokens(work: &Work<'_>, unit: &Unit) -> usize {
    let of_paragraph = work
        .chunks
        .get(unit.chunk)
        .map_or(0, |chunk| (chunk.tokens * unit.span.len()).div_ceil(chunk.span.len().max(1)));
    work.template.max_tokens.max((of_paragraph * 3).div_ceil(2)).min(MAX_ANSWER_TOKENS)
}

pub(super) fn conclude(
    work: &Work<'_>,
    answers: &[(&Step, &Outcome)],
    by_code: bool,
) -> Conclusion {
    let mut findings = Vec::new();
    let mut all_faults = Vec::new();
    let mut repeats = Vec::new();
    for (index, unit) in work.units.iter().enumerate() {
        let source = display(work.text(unit.span));
        let nth = repeats.iter().filter(|earlier| **earlier == source).count();
        for (number, field) in work.template.fields.iter().enumerate() {
            let place = Place { work, unit, field, source: &source, nth };
            let answer = answers.iter().find(|(s, _)| s.unit == index && s.field == number);
            let version = answer.and_then(|(_, outcome)| match outcome {
                Outcome::Answered { text, looped, cut } => Some((text, looped.is_some(), *cut)),
                Outcome::Failed(_) => None,
            });
            if let Some((text, looped, cut)) = version {
                let faults = faults(&source, text, looped, cut);
                findings.push(place.by_model(text, &faults));
                if !faults.is_empty() {
                    let instead = format!("The model's version {}; this one was", gists(&faults));
                    findings.extend(place.by_code(&instead));
                    all_faults.push(faults);
                }
            } else if by_code || answer.is_some() {
                findings.extend(place.by_code("It was"));
            }
        }
        repeats.push(source);
    }
    let empty = work.template.fields.iter().map(|field| no_version(work, field, by_code)).collect();
    let sections = sections(work.template, &findings, empty, faulty_title(&all_faults));
    Conclusion { findings, sections, warnings: Vec::new() }
}

/// What an empty section of a tone means.
fn no_version(work: &Work<'_>, field: &Field, by_code: bool) -> String {
    let said = if work.units.is_empty() {
        "There is no paragraph of running text to rewrite."
    } else if by_code && field.kind == FieldType::Tone(None) {
        "Only a model can write in this tone, and none took part."
    } else {
        "No version yet."
    };
    said.to_owned()
}

/// The heading over the versions that are not to be used, by what is wrong
/// with them.
fn faulty_title(all: &[Vec<Fault>]) -> &'static str {
    let alters = |faults: &Vec<Fault>| faults.iter().any(|f| matches!(f, Fault::Fact(_)));
    if all.iter().all(alters) {
        "Versions that change a fact: do not use as is"
    } else if all.iter().any(alters) {
        "Versions that change a fact or are not whole: do not use as is"
    } else {
        "Versions that are not whole: do not use as is"
    }
}

/// What speaks against a version.
enum Fault {
    /// A fact was changed; the sentence tells which.
    Fact(String),
    Looped,
    Cut,
    Short,
}

impl Fault {
    /// The whole of it, as a sentence.
    fn sentence(&self) -> &str {
        match self {
            Self::Fact(sentence) => sentence,
            Self::Looped => "The model repeated itself and was stopped.",
            Self::Cut => "The version was cut off at its length limit.",
            Self::Short => "The version leaves out most of the source.",
        }
    }

    /// What the version does, to follow its mention.
    fn gist(&self) -> &'static str {
        match self {
            Self::Fact(_) => "changes a fact",
            Self::Looped => "repeats itself",
            Self::Cut => "was cut off",
            Self::Short => "leaves out most of the source",
        }
    }
}

/// "changes a fact, repeats itself and was cut off".
fn gists(faults: &[Fault]) -> String {
    let mut gists: Vec<&str> = faults.iter().map(Fault::gist).collect();
    gists.dedup();
    match gists.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => gists.concat(),
    }
}

fn faults(source: &str, version: &str, looped: bool, cut: bool) -> Vec<Fault> {
    let changes = factcheck::compare(source, version).changes;
    let mut faults: Vec<Fault> = changes.iter().map(|c| Fault::Fact(c.describe())).collect();
    if looped {
        faults.push(Fault::Looped);
    }
    if cut {
        faults.push(Fault::Cut);
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words")]
    let share = words(version) as f64 / words(source).max(1) as f64;
    if share < TOO_SHORT {
        faults.push(Fault::Short);
    }
    faults
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// A paragraph and the tone in which it is written again.
struct Place<'a> {
    work: &'a Work<'a>,
    unit: &'a Unit,
    field: &'a Field,
    /// The paragraph on one line.
    source: &'a str,
    /// How many equal paragraphs stand before it.
    nth: usize,
}

impl Place<'_> {
    fn by_model(&self, text: &str, faults: &[Fault]) -> Finding {
        let status = if faults.is_empty() { Status::Anchored } else { Status::Unverified };
        let why: Vec<&str> = faults.iter().map(Fault::sentence).collect();
        let why = (!why.is_empty()).then(|| why.join("\n"));
        self.version("", text.trim().to_owned(), status, why, Opinion::Model)
    }

    /// The version by code, where the tone has one; `this` begins the sentence
    /// on how it was made.
    fn by_code(&self, this: &str) -> Option<Finding> {
        let FieldType::Tone(Some(tone)) = self.field.kind else { return None };
        let text = factcheck::faithful(self.source, tone);
        let added = added(self.source, &text);
        let why = format!("{this} made without the model, from the source's own sentences{added}.");
        Some(self.version("=", text, Status::Anchored, Some(why), Opinion::Rules))
    }

    /// The id holds the version's words: what a person decided about one
    /// version must not pass to another. `mark` keeps the two makers apart.
    fn version(
        &self,
        mark: &str,
        text: String,
        status: Status,
        why: Option<String>,
        opinion: Opinion,
    ) -> Finding {
        let (work, field) = (self.work, self.field);
        let both = format!("{mark}{}\n\n{text}", self.source);
        Finding {
            id: FindingId::new(&work.template.name, &field.name, &both, self.nth),
            kind: field.name.clone(),
            text,
            value: None,
            quotes: vec![work.quote(self.unit.span)],
            status,
            why,
            opinion,
        }
    }
}

/// What code put around a paragraph's own sentences, to follow their mention.
/// A paragraph has no blank line in it, so whatever is set off was added.
fn added(source: &str, version: &str) -> &'static str {
    let first = |text: &str| text.split_whitespace().next().map(str::to_owned);
    let last = |text: &str| text.split_whitespace().next_back().map(str::to_owned);
    match (first(source) == first(version), last(source) == last(version)) {
        _ if !version.contains("\n\n") => "",
        (false, true) => ", with an opening added",
        (true, false) => ", with a closing added",
        _ => ", with an opening and a closing added",
    }
}
