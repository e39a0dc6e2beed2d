//! Jobs: what is asked of a document step by step, and what the answers are
//! worth. A job is planned once, its steps are answered in any way the caller
//! likes, and `conclude` may be called after each answer: it makes the result
//! from whatever is there, recognisers included.

mod extract;
mod rank;
mod rewrite;
mod select;

use super::chunk::Chunk;
use super::document::Document;
use super::fact::Fact;
use super::finding::{Basis, Finding, FindingId, JobResult, Quote, Section, Status};
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
    /// paragraphs of a rewrite.
    units: Vec<Unit>,
}

/// The text that one question is about.
#[derive(Debug)]
struct Unit {
    chunk: usize,
    span: ByteSpan,
    /// The sentences that are numbered from 1 in the prompt; none of a
    /// paragraph to rewrite.
    sentences: Vec<ByteSpan>,
}

/// One question to the engine.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Index of the chunk it belongs to.
    pub chunk: usize,
    /// Which text of the document it is about; a chunk has one or more.
    pub unit: usize,
    field: usize,
    /// What it asks for, for the status line: "Dates, part 2 of 5".
    pub label: String,
    pub prompt: Prompt,
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
        let facts = recognise::recognise(&doc.text)
            .into_iter()
            .filter(|fact| chunks.iter().any(|chunk| chunk.span.overlaps(fact.span)))
            .collect();
        let units = chunks.iter().flat_map(|chunk| units(template.kind, doc, chunk)).collect();
        let language = recognise::language(&doc.text);
        Self { template, doc, name, chunks, within, language, facts, units }
    }

    /// The questions for a model, chunk by chunk, so that all questions on a
    /// chunk can share the reading of it.
    ///
    /// # Errors
    /// A sentence, where the template cannot be filled in.
    pub fn plan(&self) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        for (index, unit) in self.units.iter().enumerate() {
            for (number, field) in self.template.fields.iter().enumerate() {
                steps.push(self.step(index, unit, number, field)?);
            }
        }
        Ok(steps)
    }

    fn step(
        &self,
        index: usize,
        unit: &Unit,
        number: usize,
        field: &Field,
    ) -> Result<Step, String> {
        let text = self.text(unit.span);
        let scene = Scene {
            document: self.name,
            chunk: text,
            sentences: &select::numbered(self, unit),
            language: self.language.name(),
            field,
        };
        let constraint = match self.template.kind {
            JobKind::Extract => extract::constraint(text, field),
            JobKind::Select => select::constraint(unit, field),
            JobKind::Rewrite => rewrite::constraint(text),
        };
        let prompt = Prompt {
            messages: render(self.template, &scene)?,
            constraint,
            sampling: self.template.sampling,
            max_tokens: match self.template.kind {
                JobKind::Extract | JobKind::Select => self.template.max_tokens,
                JobKind::Rewrite => rewrite::max_tokens(self, unit),
            },
        };
        let label = format!("{}, part {} of {}", field.title, index + 1, self.units.len());
        Ok(Step { chunk: unit.chunk, unit: index, field: number, label, prompt })
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
        let Conclusion { findings, sections, warnings: more } = match self.template.kind {
            JobKind::Extract => extract::conclude(self, &answers, none_found()),
            JobKind::Select => select::conclude(self, &answers, none_found()),
            JobKind::Rewrite => rewrite::conclude(self, &answers, steps.is_empty()),
        };
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
        let answered = |chunk: &&Chunk| all_answered(steps, outcomes, |s| s.chunk == chunk.index);
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
        let asks = |step: &Step, chunk: &Chunk| step.field == field && step.chunk == chunk.index;
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

fn units(kind: JobKind, doc: &Document, chunk: &Chunk) -> Vec<Unit> {
    let text = chunk.span.slice(&doc.text).unwrap_or_default();
    let shifted = |spans: Vec<ByteSpan>| -> Vec<ByteSpan> {
        spans.into_iter().map(|span| span.shifted(chunk.span.start)).collect()
    };
    match kind {
        JobKind::Extract | JobKind::Select => {
            let sentences = shifted(sentence::sentences(text));
            let whole = Unit { chunk: chunk.index, span: chunk.span, sentences };
            // Rules and page numbers alone are nothing to ask about.
            if whole.sentences.is_empty() { Vec::new() } else { vec![whole] }
        }
        JobKind::Rewrite => shifted(super::chunk::paragraphs(text))
            .into_iter()
            .map(|span| Unit { chunk: chunk.index, span, sentences: Vec::new() })
            .collect(),
    }
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
