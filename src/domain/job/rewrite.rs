//! Rewriting: each paragraph once a tone, every version held against its
//! source. A version that changes a fact is never shown as clean; beside it
//! stands one made by code from the source's own sentences. What is no running
//! text is kept as it is, in its place, so that the text stays whole.

mod fault;
mod kept;

use std::collections::HashMap;

use super::{Conclusion, Outcome, Step, Unit, Work, sections};
use crate::domain::chunk::{self, Chunk};
use crate::domain::document::Document;
use crate::domain::factcheck;
use crate::domain::finding::{Finding, FindingId, Notes, Opinion, Status};
use crate::domain::prompt::{Constraint, Message, Role};
use crate::domain::recognise::Language;
use crate::domain::sentence::display;
use crate::domain::template::{Field, FieldType, MAX_ANSWER_TOKENS};
use fault::{Fault, gists, told};

/// A version with less than this share of the source's words has left most of
/// it out, whatever facts it kept.
const TOO_SHORT: f64 = 0.3;

/// A version with more words than so many times the source's, and some for an opening and
/// a closing, says things of its own.
const TOO_LONG: usize = 2;
const COURTESY: usize = 25;

/// Below this share of common words a version is of another text. Faithful versions of
/// paragraphs of our own have 0.64 and more in common with their source, paragraphs of the
/// same kinds that have nothing to do with one another 0.2 at most.
const FOREIGN: f64 = 0.35;

/// So many words of the question in a row are no accident.
const PARROTED: usize = 5;

/// The pieces of the chunks in order. A model is asked about paragraphs of running text;
/// a paragraph that stands alone is one whatever it looks like.
pub(super) fn units(doc: &Document, chunks: &[Chunk]) -> Vec<Unit> {
    let mut units: Vec<Unit> = chunks
        .iter()
        .flat_map(|chunk| {
            let text = chunk.span.slice(&doc.text).unwrap_or_default();
            chunk::pieces(text).into_iter().map(|piece| Unit {
                chunk: chunk.index,
                span: piece.span.shifted(chunk.span.start),
                sentences: Vec::new(),
                asked: piece.prose,
            })
        })
        .collect();
    if units.iter().filter(|unit| unit.asked).count() > 1 {
        for unit in &mut units {
            let text = unit.span.slice(&doc.text).unwrap_or_default();
            unit.asked = unit.asked && !kept::is_kept(text);
        }
    }
    units
}

pub(super) fn constraint(paragraph: &str, language: Language) -> Constraint {
    Constraint::Locked(factcheck::lock(paragraph, language))
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

/// The same question once more, with the faults of the first answer named.
pub(super) fn retry(work: &Work<'_>, step: &Step, outcome: &Outcome) -> Option<Step> {
    let source = source(work, step)?;
    let faults = faults_of(work, &source, outcome)?;
    let Outcome::Answered { text, .. } = outcome else { return None };
    if faults.is_empty() || text.trim().is_empty() {
        return None;
    }
    let mut again = step.clone();
    again.label = format!("{}, second try", step.label);
    let said = |role, text| Message { role, text };
    again.prompt.messages.push(said(Role::Assistant, text.trim().to_owned()));
    again.prompt.messages.push(said(Role::User, request(&faults)));
    Some(again)
}

/// What is asked of a model whose first version has faults.
fn request(faults: &[Fault]) -> String {
    format!("That version is not right. {} {AGAIN}", told(faults, Fault::reproach).join(" "))
}

/// What every second question ends with.
const AGAIN: &str = "Write it again, in the same tone. Keep every name, date, number and amount of \
    the text, who does what, and every “not”, “must” and “may”. Add nothing.";

/// The better of two answers: one that is there before one that is not, a whole one before
/// one that is not whole, then the one with fewer faults, the later of two alike. It says
/// what was wrong with the other one.
pub(super) fn better(work: &Work<'_>, step: &Step, first: Outcome, second: Outcome) -> Outcome {
    let Some(source) = source(work, step) else { return second };
    let (one, two) = (faults_of(work, &source, &first), faults_of(work, &source, &second));
    let Some(one) = one else { return second };
    let Some(two) = two else { return without_second(first, &second) };
    let badness = |faults: &[Fault]| {
        (faults.iter().filter(|it| !matches!(it, Fault::Fact(_))).count(), faults.len())
    };
    let (mut kept, other) = if badness(&one) < badness(&two) {
        (first, format!("The second version {}; this is the first.", gists(&two)))
    } else {
        (second, format!("The first version {}; this is the second.", gists(&one)))
    };
    note(&mut kept, other);
    kept
}

/// The first answer, where there is no second one.
fn without_second(mut first: Outcome, second: &Outcome) -> Outcome {
    if let Outcome::Failed(why) = second {
        note(&mut first, format!("It was to be written once more, which failed: {why}"));
    }
    first
}

/// Says with an answer what became of the other one.
fn note(answer: &mut Outcome, of_other: String) {
    if let Outcome::Answered { other, .. } = answer {
        *other = Some(of_other);
    }
}

/// The paragraph that a step is about, on one line.
fn source(work: &Work<'_>, step: &Step) -> Option<String> {
    Some(display(work.text(work.units.get(step.unit)?.span)))
}

/// What speaks against an answer; `None` where there is none.
fn faults_of(work: &Work<'_>, source: &str, outcome: &Outcome) -> Option<Vec<Fault>> {
    let Outcome::Answered { text, looped, cut, .. } = outcome else { return None };
    let mut faults = faults(source, unwrapped(source, text), looped.is_some(), *cut);
    if parrots(work, source, text) {
        faults.push(Fault::Parroted);
    }
    Some(faults)
}

/// An answer without the quotation marks that a model puts around all of it.
fn unwrapped<'a>(source: &str, answer: &'a str) -> &'a str {
    const PAIRS: [(char, char); 4] = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»')];
    let answer = answer.trim();
    let inner = |(open, close): (char, char)| {
        let inner = answer.strip_prefix(open)?.strip_suffix(close)?;
        let whole = !source.starts_with(open) && !inner.contains([open, close]);
        whole.then(|| inner.trim())
    };
    PAIRS.into_iter().find_map(inner).unwrap_or(answer)
}

/// Whether a version says words of the question that the source does not have.
fn parrots(work: &Work<'_>, source: &str, version: &str) -> bool {
    let template = work.template;
    let spoken = |text: &str| -> Vec<String> {
        let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
    };
    let (source, version) = (spoken(source), spoken(version));
    let has = |text: &[String], run: &[String]| text.windows(PARROTED).any(|it| it == run);
    let asks = template.fields.iter().map(|field| field.ask.as_str());
    let mut asked = asks.chain([template.system.as_str(), template.user.as_str(), AGAIN]);
    asked.any(|question| {
        let question = spoken(question);
        question.windows(PARROTED).any(|run| has(&version, run) && !has(&source, run))
    })
}

pub(super) fn conclude(
    work: &Work<'_>,
    answers: &[(&Step, &Outcome)],
    by_code: bool,
) -> Conclusion {
    let mut findings = Vec::new();
    let mut all_faults = Vec::new();
    let mut repeats: HashMap<String, usize> = HashMap::new();
    for (index, unit) in work.units.iter().enumerate() {
        let source = display(work.text(unit.span));
        let seen = repeats.entry(source.clone()).or_default();
        let nth = *seen;
        *seen += 1;
        for (number, field) in work.template.fields.iter().enumerate() {
            let place = Place { work, unit, field, source: &source, nth };
            if !unit.asked {
                if by_code || answers.iter().any(|(step, _)| step.asks(number)) {
                    findings.extend(place.kept(by_code));
                }
                continue;
            }
            let answer = answers.iter().find(|(s, _)| s.unit == index && s.asks(number));
            let version = answer.and_then(|(_, outcome)| match outcome {
                Outcome::Answered { text, other, .. } => {
                    let faults = faults_of(work, &source, outcome)?;
                    Some((unwrapped(&source, text), other.as_deref(), faults))
                }
                Outcome::Failed(_) => None,
            });
            if let Some((text, other, faults)) = version {
                findings.push(place.by_model(text, other, &faults));
                if !faults.is_empty() {
                    let instead = format!("The model's version {}; this one was", gists(&faults));
                    findings.extend(place.by_code(&instead));
                    all_faults.push(faults);
                }
            } else if by_code || answer.is_some() {
                findings.extend(place.by_code("It was"));
            }
        }
    }
    let empty = work.template.fields.iter().map(|field| no_version(work, field, by_code)).collect();
    let sections = sections(work.template, &findings, empty, faulty_title(&all_faults));
    Conclusion { findings, sections, warnings: Vec::new() }
}

/// What an empty section of a tone means.
fn no_version(work: &Work<'_>, field: &Field, by_code: bool) -> String {
    let said = if !work.units.iter().any(|unit| unit.asked) {
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

fn faults(source: &str, version: &str, looped: bool, cut: bool) -> Vec<Fault> {
    let changes = factcheck::compare(source, version).changes;
    let mut faults: Vec<Fault> = changes.into_iter().map(Fault::Fact).collect();
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
    if words(version) > words(source) * TOO_LONG + COURTESY {
        faults.push(Fault::Long);
    }
    if factcheck::kinship(source, version) < FOREIGN {
        faults.push(Fault::Foreign);
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
    /// `other` is what was wrong with the other of two answers.
    fn by_model(&self, text: &str, other: Option<&str>, faults: &[Fault]) -> Finding {
        let status = if faults.is_empty() { Status::Anchored } else { Status::Unverified };
        let mut why = told(faults, Fault::sentence);
        why.extend(other.map(str::to_owned));
        let why = (!why.is_empty()).then(|| why.join("\n"));
        let changes = faults.iter().filter_map(|fault| match fault {
            Fault::Fact(change) => Some(change.clone()),
            _ => None,
        });
        let notes = Notes { changes: changes.collect(), ..Notes::default() };
        Finding { notes, ..self.version("", text.to_owned(), status, why, Opinion::Model) }
    }

    /// The version by code, where the tone has one; `this` begins the sentence
    /// on how it was made. Between other paragraphs it gets no opening and no closing, nor
    /// does a numbered clause.
    fn by_code(&self, this: &str) -> Option<Finding> {
        let FieldType::Tone(Some(tone)) = self.field.kind else { return None };
        let alone = self.work.units.len() == 1 && !kept::is_numbered(self.source);
        let text = factcheck::faithful(self.source, tone, self.work.language, alone);
        let done = if text == self.source {
            "; it is the source unchanged"
        } else {
            added(self.source, &text)
        };
        let why = format!("{this} made without the model, from the source's own sentences{done}.");
        Some(self.version("=", text, Status::Anchored, Some(why), Opinion::Rules))
    }

    /// What is no running text, as it stands in the source. A tone that no rule can write
    /// in has nothing around which to keep it where there is no model.
    fn kept(&self, by_code: bool) -> Option<Finding> {
        if by_code && self.field.kind == FieldType::Tone(None) {
            return None;
        }
        let text = self.work.text(self.unit.span).to_owned();
        let why = "Kept as it is: this is no running text.".to_owned();
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
            notes: Notes::default(),
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

#[cfg(test)]
mod tests;
