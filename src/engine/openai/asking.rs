//! Asking one prompt, with all that may come between: a server that is busy,
//! broken, gone for a while, back as another one, or against the form. Knows the
//! engine's memory of its server; the protocol is `chat`'s.

use std::cell::Cell;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::breaker::Leave;
use super::chat::{self, End, Listener, Reply};
use super::connect::{Connect, Told};
use super::fault::Fault;
use super::form::{Form, Holds};
use super::http::Page;
use super::letters;
use super::{OpenAiEngine, Retry, retry};
use crate::domain::prompt::{Constraint, Prompt};
use crate::engine::loops::LoopWatch;
use crate::engine::{Cancel, Progress};

/// Tokens of a prompt from which on a server's count is held against galley's.
const WORTH_COMPARING: usize = 256;

/// The bit of servers that do not say what they make of letters.
const UNWEIGHED: u8 = 128;

/// What a server says when it is asked for the weights of letters.
enum Weighed {
    Told(Reply),
    /// Nothing about the letters of this prompt.
    NotThese,
    /// That it does not tell.
    Never,
}

/// One prompt on its way.
pub struct Ask<'a> {
    pub prompt: &'a Prompt,
    pub prompt_tokens: usize,
    pub max_tokens: usize,
    pub cancel: &'a Cancel,
}

impl OpenAiEngine {
    /// Asks as often as may help.
    fn ask(
        &self,
        ask: &Ask,
        form: &Form,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Reply, Fault> {
        let tries = self.tries(ask.cancel)?;
        // An answer that breaks off again and again is not paid for each time.
        let cut_off = Cell::new(0);
        let may_pass = |fault: &Fault| fault.passes() && cut_off.get() < 2;
        let outcome = Retry { tries, ..self.retry }.run(ask.cancel, may_pass, || {
            let mut has_text = false;
            let outcome = self.attempt(ask, form, &mut |p| {
                has_text |= matches!(p, Progress::Text(_));
                progress(p);
            });
            if has_text && outcome.is_err() {
                cut_off.set(cut_off.get() + 1);
            }
            outcome
        });
        self.breaker.note(outcome.as_ref().err(), Instant::now());
        outcome
    }

    /// How often the server may be asked now.
    fn tries(&self, cancel: &Cancel) -> Result<u32, Fault> {
        match self.breaker.leave(Instant::now()) {
            Leave::Free => Ok(self.retry.tries),
            Leave::Once => Ok(1),
            Leave::After(pause) => retry::wait(pause, cancel).map(|()| self.retry.tries),
            Leave::Not(fault) => Err(fault),
            Leave::Probe => {
                let models = self.address.api("models");
                match self.http.json(&models, None, Page::Extra, cancel) {
                    Err(fault) if fault == Fault::Cancelled || fault.is_the_server_s() => {
                        self.breaker.note(Some(&fault), Instant::now());
                        Err(fault)
                    }
                    _ => Ok(1),
                }
            }
        }
    }

    fn attempt(
        &self,
        ask: &Ask,
        form: &Form,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Reply, Fault> {
        let Ask { prompt, prompt_tokens, max_tokens, cancel } = *ask;
        self.check_model(cancel)?;
        let mut fields = self.found.fields.clone();
        fields.extend(form.fields.clone());
        let body = chat::body(&self.info.model, prompt, max_tokens, &fields);
        let watch = LoopWatch::of(&prompt.constraint);
        let known = &self.found.speaker;
        let listener = Listener { cancel, progress, watch, prompt_tokens, max_tokens, known };
        let limit = self.http.limit(prompt_tokens, max_tokens);
        let url = self.address.api("chat/completions");
        let outcome = listener.read(self.http.send(&url, Some(&body), limit));
        if matches!(outcome, Err(Fault::Connect(_) | Fault::Broken)) {
            self.is_in_doubt.store(true, Ordering::Relaxed);
        }
        let reply = outcome?;
        match reply.prompt_tokens {
            Some(read) if is_cut(prompt_tokens, read) => {
                Err(Fault::Cut { prompt: prompt_tokens, read })
            }
            _ => Ok(reply),
        }
    }

    /// Whether the server still has the model that answers are filed under;
    /// asked where it was away.
    fn check_model(&self, cancel: &Cancel) -> Result<(), Fault> {
        if !self.is_in_doubt.load(Ordering::Relaxed) {
            return Ok(());
        }
        let retry = Retry { tries: 1, ..self.retry };
        let connect = Connect { address: &self.address, http: &self.http, retry, cancel };
        match connect.look() {
            Ok(now) if now.is_same_model(&self.found) => {
                self.is_in_doubt.store(false, Ordering::Relaxed);
                Ok(())
            }
            // The model is not the same, or not listed any more.
            Ok(_) | Err(Told::Sentence(_)) => Err(Fault::Changed),
            Err(Told::Fault(fault)) => Err(fault),
        }
    }

    /// Asks for the weights of letters where a choice is wanted and the server
    /// tells them; else in the form that it holds answers to, and once without
    /// it where it refuses that for this prompt. Gives the form of the answer too.
    ///
    /// # Errors
    /// The fault of the last try.
    pub fn ask_in_form(
        &self,
        ask: &Ask,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Reply, Form), Fault> {
        let Constraint::Choose { of } = ask.prompt.constraint else {
            return self.ask_held(ask, progress);
        };
        if self.unheld.load(Ordering::Relaxed) & UNWEIGHED != 0 {
            return self.ask_held(ask, progress);
        }
        match self.weigh(ask, of, progress)? {
            Weighed::Told(reply) => Ok((reply, Form::weighing())),
            Weighed::NotThese => self.ask_held(ask, progress),
            Weighed::Never => {
                let answered = self.ask_held(ask, progress)?;
                tracing::warn!("the server does not say how likely an answer is");
                self.unheld.fetch_or(UNWEIGHED, Ordering::Relaxed);
                Ok(answered)
            }
        }
    }

    /// Asks for one token and what else might have stood there. Only the
    /// reading of the prompt is reported.
    fn weigh(
        &self,
        ask: &Ask,
        of: usize,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Weighed, Fault> {
        let one = Ask { max_tokens: 1, ..*ask };
        let mut quietly = |event| {
            if matches!(event, Progress::Prefill { .. }) {
                progress(event);
            }
        };
        match self.ask(&one, &Form::weighing(), &mut quietly) {
            Ok(reply) => Ok(match letters::weighed(&reply.likely, of) {
                Some(text) => Weighed::Told(Reply { text, end: End::Stop, looped: None, ..reply }),
                None if reply.likely.is_empty() => Weighed::Never,
                None => Weighed::NotThese,
            }),
            // A model that thinks first has no letter in the first place.
            Err(Fault::Wordless(_)) => Ok(Weighed::Never),
            Err(fault) if fault.is_refusal() => Ok(Weighed::Never),
            Err(fault) => Err(fault),
        }
    }

    fn ask_held(
        &self,
        ask: &Ask,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Reply, Form), Fault> {
        let constraint = &ask.prompt.constraint;
        let kind = kind_of(constraint);
        let is_refused = self.unheld.load(Ordering::Relaxed) & kind != 0;
        let holds = if is_refused { Holds::Nothing } else { self.found.holds };
        let form = Form::new(holds, constraint);
        let refusal = match self.ask(ask, &form, progress) {
            Ok(reply) => return Ok((reply, form)),
            Err(fault) if fault.is_refusal() && !form.fields.is_empty() => fault,
            Err(fault) => return Err(fault),
        };
        let free = Form::new(Holds::Nothing, constraint);
        match self.ask(ask, &free, progress) {
            Ok(reply) => {
                tracing::warn!(kind, "the server answers such prompts in free form only");
                self.unheld.fetch_or(kind, Ordering::Relaxed);
                Ok((reply, free))
            }
            Err(Fault::Cancelled) => Err(Fault::Cancelled),
            Err(_) => Err(refusal),
        }
    }
}

/// One bit for each kind of constraint.
fn kind_of(constraint: &Constraint) -> u8 {
    match constraint {
        Constraint::Free => 1,
        Constraint::Quotes { .. } => 2,
        Constraint::Pick { .. } => 4,
        Constraint::Locked(_) => 8,
        Constraint::Choose { .. } => 16,
    }
}

/// Whether a server that counted so few tokens has dropped a part of the
/// prompt. Two vocabularies do not differ by half on a longer text.
fn is_cut(prompt: usize, read: usize) -> bool {
    read > 0 && prompt >= WORTH_COMPARING && read < prompt / 2
}
