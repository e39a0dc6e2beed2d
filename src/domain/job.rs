//! Jobs: what is asked of a document step by step, and what the answers are
//! worth. A job is planned once, its steps are answered in any way the caller
//! likes, and `conclude` may be called after each answer: it makes the result
//! from whatever is there, recognisers included.

mod agreement;
mod choice;
mod classify;
mod definitions;
mod extract;
mod rewrite;
mod roles;
mod select;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::chunk::Chunk;
use super::document::Document;
use super::fact::Fact;
use super::finding::{Basis, Finding, FindingId, JobResult, Quote, Role, Section, Status};
use super::ledger::Coverage;
use super::prompt::Prompt;
use super::recognise::{self, Language};
use super::sentence;
use super::span::ByteSpan;
use super::template::{Field, FieldType, JobKind, Scene, Template, render};

/// One template at work on one document.
#[derive(Debug)]
pub struct Work<'a> {
    pub template: &'a Template,
    pub doc: &'a Document,
    /// The document's name for the prompt.
    pub name: &'a str,
    pub chunks: &'a [Chunk],
    pub within: Option<ByteSpan>,
    language: Language,
    /// What the recognisers found, with spans into the document's text.
    facts: Vec<Fact>,
    /// What each step is about, chunk by chunk: the chunk itself, or the
    /// pieces of a rewrite, some of which no step is about.
    units: Vec<Unit>,
    /// Roles in which the model was measured to do better than the rules.
    trusted: BTreeSet<Role>,
    /// Which facts have which roles by the rules.
    roles: roles::Known,
    /// What stands in the text for the classes of each field of a classification.
    signs: Vec<classify::Signs>,
    /// What the signs say for a selection, found when it is first concluded.
    selection: OnceLock<select::Known>,
}

/// The text that one question is about.
#[derive(Debug)]
struct Unit {
    chunk: usize,
    span: ByteSpan,
    /// The sentences that are numbered from 1 in the prompt; none of a
    /// paragraph to rewrite.
    sentences: Vec<ByteSpan>,
    /// Whether a model is asked about it; what is not is kept as it is.
    asked: bool,
}

/// One question to the engine.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Index of the chunk it belongs to.
    pub chunk: usize,
    /// Which text of the document it is about; a chunk has one or more.
    pub unit: usize,
    purpose: Purpose,
    /// What it asks for, for the status line: "Dates, part 2 of 5".
    pub label: String,
    pub prompt: Prompt,
}

/// What a step is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Purpose {
    /// The question of a field, by its index, about the unit.
    Ask(usize),
    /// A choice by letter.
    Choose(choice::Asked),
}

impl Step {
    /// Whether it asks a field's question about its unit.
    fn asks(&self, field: usize) -> bool {
        match &self.purpose {
            Purpose::Ask(asked) => *asked == field,
            Purpose::Choose(asked) => asked.reads() && asked.field() == field,
        }
    }

    /// Whether its unit counts as read only when it was answered: what is asked
    /// about what was found, and of no text at all, reads nothing.
    fn reads(&self) -> bool {
        match &self.purpose {
            Purpose::Ask(_) => true,
            Purpose::Choose(asked) => asked.reads(),
        }
    }
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Answered {
        text: String,
        /// What the model kept saying, when it was stopped for that.
        looped: Option<String>,
        /// Whether the answer ended at a length limit.
        cut: bool,
        /// Where it was asked twice: what was wrong with the other answer, as a
        /// sentence.
        other: Option<String>,
    },
    /// A sentence.
    Failed(String),
}

impl<'a> Work<'a> {
    /// Prepares a job: runs the recognisers and finds what to ask about.
    #[must_use]
    pub fn new(
        template: &'a Template,
        doc: &'a Document,
        name: &'a str,
        chunks: &'a [Chunk],
        within: Option<ByteSpan>,
    ) -> Self {
        let facts: Vec<Fact> = recognise::recognise(&doc.text)
            .into_iter()
            .filter(|fact| chunks.iter().any(|chunk| chunk.span.overlaps(fact.span)))
            .collect();
        let units = units(template.kind, doc, chunks);
        let language = recognise::language(&doc.text);
        let trusted = BTreeSet::new();
        let roles = roles::Known::of(template, doc, &facts);
        let signs = classify::signs(template, doc, &units);
        let selection = OnceLock::new();
        Self {
            template,
            doc,
            name,
            chunks,
            within,
            language,
            facts,
            units,
            trusted,
            roles,
            signs,
            selection,
        }
    }

    /// The same work, in which the model decides on these roles where it and
    /// the rules say different things; elsewhere the rules do.
    #[must_use]
    pub fn trusting(self, trusted: BTreeSet<Role>) -> Self {
        Self { trusted, ..self }
    }

    /// The questions for a model, chunk by chunk, so that all questions on a
    /// chunk can share the reading of it, and each asked in `rounds` rounds;
    /// a rewrite is made once. What is asked about the whole comes last.
    ///
    /// # Errors
    /// A sentence, where the template cannot be filled in.
    pub fn plan(&self, rounds: usize) -> Result<Vec<Step>, String> {
        let rounds = if self.template.kind == JobKind::Rewrite { 1 } else { rounds.max(1) };
        let mut steps = Vec::new();
        let definitions = match self.template.kind {
            JobKind::Extract | JobKind::Select => definitions::of_units(self),
            JobKind::Rewrite | JobKind::Classify => Vec::new(),
        };
        let asked = || self.units.iter().enumerate().filter(|(_, unit)| unit.asked);
        let parts = asked().count();
        for (nth, (index, unit)) in asked().enumerate() {
            let part = format!("part {} of {parts}", nth + 1);
            let definitions = definitions.get(index).map_or("", String::as_str);
            for round in 0..rounds {
                for (number, field) in self.template.fields.iter().enumerate() {
                    steps.extend(if self.template.kind == JobKind::Classify {
                        classify::step(self, index, number, round)?
                    } else {
                        let label = format!("{}, {part}", field.title);
                        let field = (number, field);
                        Some(self.step((index, unit), definitions, field, round, label)?)
                    });
                }
            }
        }
        for round in 0..rounds {
            steps.extend(roles::steps(self, round)?);
            steps.extend(choice::blanks(&steps, round));
        }
        Ok(steps)
    }

    /// The step to try once more where its answer has faults that naming them
    /// may mend.
    #[must_use]
    pub fn retry(&self, step: &Step, outcome: &Outcome) -> Option<Step> {
        match self.template.kind {
            JobKind::Rewrite => rewrite::retry(self, step, outcome),
            JobKind::Extract | JobKind::Select | JobKind::Classify => None,
        }
    }

    /// The better of a step's two answers.
    #[must_use]
    pub fn better(&self, step: &Step, first: Outcome, second: Outcome) -> Outcome {
        match self.template.kind {
            JobKind::Rewrite => rewrite::better(self, step, first, second),
            JobKind::Extract | JobKind::Select | JobKind::Classify => second,
        }
    }

    fn step(
        &self,
        (index, unit): (usize, &Unit),
        definitions: &str,
        (number, field): (usize, &Field),
        round: usize,
        label: String,
    ) -> Result<Step, String> {
        let text = self.text(unit.span);
        let scene = Scene {
            document: self.name,
            chunk: text,
            sentences: &select::numbered(self, unit),
            definitions,
            language: self.language.name(),
            field,
        };
        let constraint = match self.template.kind {
            JobKind::Extract => extract::constraint(text, field),
            JobKind::Select => select::constraint(unit, field),
            JobKind::Rewrite => rewrite::constraint(text, self.language),
            JobKind::Classify => unreachable!("its steps are choices"),
        };
        let prompt = Prompt {
            messages: render(self.template, &scene)?,
            constraint,
            sampling: agreement::sampling(self.template.sampling, round),
            max_tokens: match self.template.kind {
                JobKind::Extract | JobKind::Select | JobKind::Classify => self.template.max_tokens,
                JobKind::Rewrite => rewrite::max_tokens(self, unit),
            },
            round,
        };
        Ok(Step { chunk: unit.chunk, unit: index, purpose: Purpose::Ask(number), label, prompt })
    }

    /// Makes the result from the answers so far; `outcomes` runs beside
    /// `steps` and may be shorter. No steps at all means that no model takes
    /// part: then the recognisers alone have read every chunk.
    #[must_use]
    pub fn conclude(&self, steps: &[Step], outcomes: &[Outcome]) -> JobResult {
        let answers: Vec<(&Step, &Outcome)> = steps.iter().zip(outcomes).collect();
        let coverage = Coverage::of(self.doc, self.within, &self.done(steps, outcomes));
        let none_found = || {
            let fields = 0..self.template.fields.len();
            fields.map(|field| self.none_found(steps, outcomes, field, &coverage)).collect()
        };
        let of_round = |round: usize| -> Vec<(&Step, &Outcome)> {
            answers.iter().filter(|(step, _)| step.prompt.round == round).copied().collect()
        };
        let conclude = |round: usize| match self.template.kind {
            JobKind::Extract => extract::conclude(self, &of_round(round), none_found()),
            JobKind::Select => select::conclude(self, &of_round(round), none_found()),
            JobKind::Classify => classify::conclude(self, &of_round(round), none_found()),
            JobKind::Rewrite => rewrite::conclude(self, &answers, steps.is_empty()),
        };
        let rounds = answers.iter().map(|(step, _)| step.prompt.round + 1).max().unwrap_or(1);
        let Conclusion { findings, sections, warnings: more } =
            agreement::merged(self.template, (0..rounds).map(conclude).collect());
        JobResult {
            job: self.template.name.clone(),
            template_sha256: self.template.sha256.clone(),
            seconds: 0.0,
            findings,
            sections,
            warnings: warnings(&answers).into_iter().chain(more).collect(),
            coverage,
            source: self.doc.source.clone(),
            basis: Basis::default(),
            model: String::new(),
            engine: String::new(),
            model_sha256: String::new(),
        }
    }

    /// The spans of the chunks all of whose steps were answered.
    fn done(&self, steps: &[Step], outcomes: &[Outcome]) -> Vec<ByteSpan> {
        let answered = |chunk: &&Chunk| {
            all_answered(steps, outcomes, |step| step.chunk == chunk.index && step.reads())
        };
        self.chunks.iter().filter(answered).map(|chunk| chunk.span).collect()
    }

    fn text(&self, span: ByteSpan) -> &'a str {
        span.slice(&self.doc.text).unwrap_or_default()
    }

    fn quote(&self, span: ByteSpan) -> Quote {
        Quote::of(self.doc, span)
    }

    /// "None found in 4 of 4 parts.": absence of what a field asks for, claimed
    /// only of the parts and pages in which somebody looked for it.
    fn none_found(
        &self,
        steps: &[Step],
        outcomes: &[Outcome],
        field: usize,
        coverage: &Coverage,
    ) -> String {
        let parts = self.chunks.len();
        let has_rules = self.template.fields[field].kind != FieldType::Text;
        let asks = |step: &Step, chunk: &Chunk| step.asks(field) && step.chunk == chunk.index;
        let looked = |chunk: &&Chunk| all_answered(steps, outcomes, |step| asks(step, chunk));
        let said = if parts == 0 {
            "There was no text to look at".into()
        } else if steps.is_empty() && !has_rules {
            "Only a model can look for this, and none took part".into()
        } else {
            match self.chunks.iter().filter(looked).count() {
                0 if has_rules => {
                    "The rules found none; the model has not looked at any part".into()
                }
                0 => "The model has not looked at any part".into(),
                looked => {
                    let s = if parts == 1 { "" } else { "s" };
                    format!("None found in {looked} of {parts} part{s}")
                }
            }
        };
        match coverage.unread_pages() {
            None => format!("{said}."),
            Some(pages) => format!("{said}; {pages}."),
        }
    }
}

/// Whether all of the steps that are `of` something were answered.
fn all_answered(steps: &[Step], outcomes: &[Outcome], of: impl Fn(&Step) -> bool) -> bool {
    let mut of_it = steps.iter().enumerate().filter(|(_, step)| of(step));
    of_it.all(|(at, _)| matches!(outcomes.get(at), Some(Outcome::Answered { .. })))
}

/// What one kind of job makes of the answers.
struct Conclusion {
    findings: Vec<Finding>,
    sections: Vec<Section>,
    warnings: Vec<String>,
}

fn units(kind: JobKind, doc: &Document, chunks: &[Chunk]) -> Vec<Unit> {
    if kind == JobKind::Rewrite {
        return rewrite::units(doc, chunks);
    }
    let whole = |chunk: &Chunk| {
        let text = chunk.span.slice(&doc.text).unwrap_or_default();
        let spans = sentence::sentences(text).into_iter();
        let sentences = spans.map(|span| span.shifted(chunk.span.start)).collect();
        Unit { chunk: chunk.index, span: chunk.span, sentences, asked: true }
    };
    // Rules and page numbers alone are nothing to ask about.
    chunks.iter().map(whole).filter(|unit| !unit.sentences.is_empty()).collect()
}

/// Steps that failed, those for the same reason together: a server that is gone
/// fails all that are left.
fn failures(answers: &[(&Step, &Outcome)]) -> Vec<String> {
    let mut reasons: Vec<(&str, &str, usize)> = Vec::new();
    for (step, outcome) in answers {
        let Outcome::Failed(why) = outcome else { continue };
        match reasons.iter_mut().find(|(known, ..)| known == why) {
            Some((.., count)) => *count += 1,
            None => reasons.push((why, &step.label, 1)),
        }
    }
    let told = |(why, first, count)| match count {
        1 => format!("{first}: {why}"),
        _ => format!(
            "{count} of {} questions were not answered, the first of them {first}: {why}",
            answers.len()
        ),
    };
    reasons.into_iter().map(told).collect()
}

/// What the reader must know about steps that did not go well.
fn warnings(answers: &[(&Step, &Outcome)]) -> Vec<String> {
    let mut warnings = failures(answers);
    let count = |is: &dyn Fn(&Outcome) -> bool| answers.iter().filter(|(_, o)| is(o)).count();
    let looped = count(&|o| matches!(o, Outcome::Answered { looped: Some(_), .. }));
    let cut = count(&|o| matches!(o, Outcome::Answered { cut: true, .. }));
    let of = answers.len();
    if looped > 0 {
        warnings.push(format!(
            "{looped} of {of} answers of the model ran into repeats and were stopped there."
        ));
    }
    if cut > 0 {
        warnings.push(format!("{cut} of {of} answers were cut off at their length limit."));
    }
    warnings
}

/// The findings of a field in a section, those that are unverified in another
/// one at the end. `empty` says field by field what an empty section means.
fn sections(
    template: &Template,
    findings: &[Finding],
    empty: Vec<String>,
    unverified_title: &str,
) -> Vec<Section> {
    let ids = |keep: &dyn Fn(&Finding) -> bool| -> Vec<FindingId> {
        findings.iter().filter(|f| keep(f)).map(|f| f.id.clone()).collect()
    };
    let mut sections: Vec<Section> = template
        .fields
        .iter()
        .zip(empty)
        .map(|(field, empty)| Section {
            title: field.title.clone(),
            findings: ids(&|f| f.kind == field.name && f.status == Status::Anchored),
            empty,
        })
        .collect();
    let unverified = ids(&|f| f.status == Status::Unverified);
    if !unverified.is_empty() {
        sections.push(Section {
            title: unverified_title.to_owned(),
            findings: unverified,
            empty: String::new(),
        });
    }
    sections
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod injected_tests;
