//! Choices by letter: what is offered to the model, and what its answer weighs
//! once the letters' own pull is taken off. Knows nothing of what is chosen.
//!
//! A small model likes some letters and some words whatever it has read. So each
//! question is asked a second time with nothing in it: its twin has "N/A" where
//! the question has content. What the twin's answer says is what the model
//! would have said anyway, and is divided out (contextual calibration: Zhao,
//! Wallace, Feng, Klein and Singh, "Calibrate Before Use", 2021). The twin of a
//! question is the same for every part and mostly for every document, so that
//! its answer is computed once and found in the store from then on.

use super::{Outcome, Purpose, Step, Work};
use crate::domain::finding::Role;
use crate::domain::prompt::{
    Constraint, MOST_OPTIONS, Message, Prompt, Role as Speaker, Sampling, letter_weights,
};
use crate::domain::template::{Field, Scene, render};

/// Stands in a twin where the question has content.
const NOTHING: &str = "N/A";

/// A letter and its end; servers that lock nothing may say a little more.
const ANSWER_TOKENS: usize = 4;

/// What a choice is about, by which its answer is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Topic {
    /// The index of the field that it belongs to.
    pub field: usize,
    pub about: About,
    /// Which of several such questions: a unit's or a candidate's index, say.
    pub number: usize,
}

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The class of a part of the document.
    Class,
    /// What plays a role, or which role something plays.
    Role(Role),
}

/// What is offered under a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Offer {
    /// The same in every document: a class, "none of these".
    Fixed(String),
    /// Taken from the document; its twin offers nothing in its place.
    Content(String),
}

/// A choice to be asked for.
#[derive(Debug)]
pub(super) struct Question {
    /// Indices of the chunk and the unit that it belongs to.
    pub chunk: usize,
    pub unit: usize,
    /// For the status line.
    pub label: String,
    pub topic: Topic,
    /// Whether it has the model read its unit.
    pub reads: bool,
    /// What stands before the question: words of the document.
    pub content: String,
    pub ask: String,
    /// 2 to [`MOST_OPTIONS`].
    pub offers: Vec<Offer>,
    /// In round n the options begin with the n-th and go round.
    pub round: usize,
}

/// What a step chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    topic: Topic,
    reads: bool,
    /// The option behind each letter, by its index.
    order: Vec<usize>,
    /// The messages of its twin; `None` of a twin itself.
    twin: Option<Vec<Message>>,
}

impl Asked {
    /// The index of the field that it belongs to.
    pub fn field(&self) -> usize {
        self.topic.field
    }

    /// Whether it has the model read its unit.
    pub fn reads(&self) -> bool {
        self.reads
    }
}

/// The step that asks a question: the template's own words around the content,
/// then the question, the options under their letters, and how to answer.
///
/// # Errors
/// A sentence, where the template cannot be filled in.
pub(super) fn step(work: &Work<'_>, question: Question) -> Result<Step, String> {
    let Question { chunk, unit, label, topic, reads, content, ask, offers, round } = question;
    let of = offers.len().min(MOST_OPTIONS);
    let order: Vec<usize> = (0..of).map(|at| (at + round) % of.max(1)).collect();
    let shown = |blank: bool| -> String {
        let option = |(letter, at): (char, &usize)| match &offers[*at] {
            Offer::Content(_) if blank => format!("{letter}. {NOTHING}\n"),
            Offer::Fixed(text) | Offer::Content(text) => format!("{letter}. {text}\n"),
        };
        let options: String = ('A'..='Z').zip(&order).map(option).collect();
        format!("{ask}\n{options}Answer with one letter.")
    };
    let field = &work.template.fields[topic.field];
    let messages = messages(work, field, work.name, &content, shown(false))?;
    let twin = messages_of_twin(work, field, shown(true))?;
    let prompt = prompt(messages, of, round);
    let asked = Asked { topic, reads, order, twin: Some(twin) };
    Ok(Step { chunk, unit, purpose: Purpose::Choose(asked), label, prompt })
}

fn messages_of_twin(work: &Work<'_>, field: &Field, ask: String) -> Result<Vec<Message>, String> {
    messages(work, field, NOTHING, NOTHING, ask)
}

fn messages(
    work: &Work<'_>,
    field: &Field,
    name: &str,
    content: &str,
    ask: String,
) -> Result<Vec<Message>, String> {
    let field = Field { ask, ..field.clone() };
    let scene = Scene {
        document: name,
        chunk: content,
        sentences: content,
        definitions: "",
        language: work.language.name(),
        field: &field,
    };
    let mut messages = render(work.template, &scene)?;
    // A template of the person's own may leave the question out; without the
    // options there is nothing to choose among.
    if !messages.iter().any(|message| message.text.contains(&field.ask)) {
        messages.push(Message { role: Speaker::User, text: field.ask });
    }
    Ok(messages)
}

fn prompt(messages: Vec<Message>, of: usize, round: usize) -> Prompt {
    Prompt {
        messages,
        constraint: Constraint::Choose { of },
        sampling: Sampling::GREEDY,
        max_tokens: ANSWER_TOKENS,
        round,
    }
}

/// The twins of the choices of a round, each that differs once.
pub(super) fn blanks(steps: &[Step], round: usize) -> Vec<Step> {
    let mut twins: Vec<Step> = Vec::new();
    for step in steps.iter().filter(|step| step.prompt.round == round) {
        let Purpose::Choose(asked) = &step.purpose else { continue };
        let Some(messages) = asked.twin.clone() else { continue };
        if twins.iter().any(|twin| twin.prompt.messages == messages) {
            continue;
        }
        twins.push(Step {
            purpose: Purpose::Choose(Asked { reads: false, twin: None, ..asked.clone() }),
            label: format!("{}, asked of no text", step.label),
            prompt: prompt(messages, asked.order.len(), round),
            ..step.clone()
        });
    }
    twins
}

/// What the model makes of the options of a choice, in their own order, as
/// natural logarithms of shares that add up to one: ln p(letter | question) −
/// ln p(letter | twin), made shares again. Where the twin was not answered, or
/// the engine gives bare letters, the question's answer alone. `None` where the
/// question was not answered. `answers` are of one round.
pub(super) fn weights(answers: &[(&Step, &Outcome)], topic: Topic) -> Option<Vec<f64>> {
    let (asked, said) = answers.iter().find_map(|(step, outcome)| match &step.purpose {
        Purpose::Choose(asked) if asked.topic == topic && asked.twin.is_some() => {
            Some((asked, letters(outcome, asked.order.len())?))
        }
        _ => None,
    })?;
    let anyway = answers.iter().find_map(|(step, outcome)| match &step.purpose {
        Purpose::Choose(twin)
            if twin.twin.is_none() && asked.twin.as_ref() == Some(&step.prompt.messages) =>
        {
            letters(outcome, asked.order.len())
        }
        _ => None,
    });
    let weights = match anyway {
        Some(anyway) if is_finite(&said) && is_finite(&anyway) => {
            shares(said.iter().zip(&anyway).map(|(said, anyway)| said - anyway).collect())
        }
        _ => said,
    };
    let mut by_option = vec![f64::NEG_INFINITY; weights.len()];
    asked.order.iter().zip(weights).for_each(|(option, weight)| by_option[*option] = weight);
    Some(by_option)
}

fn letters(outcome: &Outcome, of: usize) -> Option<Vec<f64>> {
    match outcome {
        Outcome::Answered { text, .. } => letter_weights(text, of),
        Outcome::Failed(_) => None,
    }
}

fn is_finite(weights: &[f64]) -> bool {
    weights.iter().all(|weight| weight.is_finite())
}

/// Logarithms of weights as those of shares that add up to one.
pub(super) fn shares(weights: Vec<f64>) -> Vec<f64> {
    let most = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = weights.iter().map(|weight| (weight - most).exp()).sum();
    weights.into_iter().map(|weight| weight - most - sum.ln()).collect()
}

#[cfg(test)]
mod tests;
