//! Putting prompts to a loaded engine, one at a time: growing prefixes first,
//! then the prompt. Knows ids and grammars, not messages or templates.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mistralrs::{
    Constraint, Model, NormalRequest, Request, RequestMessage, Response, SamplingParams, StopTokens,
};
use tokio::sync::mpsc::{self, Sender};

use super::memory::{Plan, Retained};
use super::sampling::{greedy, params};
use super::wait::{self, Steer, Tap, TapHandle, Waited};
use crate::domain::prompt::Sampling;
use crate::engine::{Cancel, EngineError, Progress};

/// Messages that may wait for us. mistralrs stalls when its channel is full.
const CHANNEL: usize = 256;

/// A shorter answer leaves a sequence running in mistralrs.
const LEAST_ANSWER: usize = 2;

/// How long the engine may be silent, beside [`SLOWEST_READING`].
const SILENCE: Duration = Duration::from_mins(5);

/// Time for each prompt token that has to be read.
const SLOWEST_READING: Duration = Duration::from_secs(1);

/// An id that is in no vocabulary. (The one above it means "a row of zeros".)
const NO_ID: u32 = u32::MAX - 1;

/// What is asked beside the prompt.
pub struct Ask<'a> {
    pub sampling: Sampling,
    /// Tokens of the answer at most, its end token among them.
    pub max: usize,
    pub grammar: Option<String>,
    /// Tokens that end the answer.
    pub ends: &'a [u32],
    /// Never to draw one of `ends`.
    pub endless: bool,
    /// To give what the model makes of each token in place of an answer.
    pub weigh: bool,
}

/// How an answer came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Stop,
    Length,
    /// The listener had enough.
    Dropped,
}

/// An answer as the engine gave it.
#[derive(Debug)]
pub struct Outcome {
    pub end: End,
    /// All tokens drawn under greedy decoding, the end token too. With a
    /// temperature the last one is only a guess.
    pub tokens: Vec<u32>,
    /// The vocabulary's logits after the prompt, where they were asked for.
    pub logits: Option<Vec<f32>>,
    pub prefill: Duration,
    pub decode: Duration,
}

/// What a listener wants after a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    On,
    Stop,
}

/// What mistralrs may hold beside what is known of: it keeps a request that was
/// given up, too, if that happened on its last token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Untold {
    Nothing,
    /// An answer of which enough was heard: memory, given back with the rest.
    Answer,
    /// A cancelled prompt: the next one may begin alike, and would be read in
    /// other steps than planned. It must go first.
    Prompt,
}

/// The engine's side of one loaded model. Its owner lets one caller in at a
/// time: batches of several give wrong text on a CPU.
pub struct Runner {
    /// Kept for its engine, which ends with it.
    _model: Model,
    sender: Sender<Request>,
    /// The request before this one, until the engine has let go of it.
    last: Option<TapHandle>,
    retained: Retained,
    untold: Untold,
    /// Bytes of memory that are free now.
    free: fn() -> u64,
    requests: usize,
    dead: Option<String>,
}

impl Runner {
    /// # Errors
    /// [`EngineError::Load`] where the engine's thread is not there.
    pub fn new(model: Model, retained: Retained, free: fn() -> u64) -> Result<Self, EngineError> {
        let sender = model
            .inner()
            .get_sender(None)
            .map_err(|e| EngineError::Load(format!("its engine did not start ({e}).")))?;
        Ok(Self {
            _model: model,
            sender,
            last: None,
            retained,
            untold: Untold::Nothing,
            free,
            requests: 0,
            dead: None,
        })
    }

    /// Bytes of keys and values held for later prompts.
    pub fn retained_bytes(&self) -> u64 {
        self.retained.bytes()
    }

    /// Reads a prompt and streams its answer. `listen` gets the progress; when
    /// it says [`Go::Stop`] the answer ends there.
    ///
    /// # Errors
    /// As [`crate::engine::Engine::generate`].
    pub fn answer(
        &mut self,
        ids: &[u32],
        ask: &Ask<'_>,
        cancel: &Cancel,
        listen: &mut dyn FnMut(Progress) -> Go,
    ) -> Result<Outcome, EngineError> {
        let start = Instant::now();
        self.settle(cancel)?;
        if self.untold == Untold::Prompt {
            self.flush()?;
        }
        let outcome = self.read_and_decode(ids, ask, cancel, start, listen);
        match &outcome {
            Err(EngineError::Cancelled) => self.untold = Untold::Prompt,
            Ok(outcome) if outcome.end == End::Dropped => self.untold = Untold::Answer,
            _ => {}
        }
        if self.retained.over_budget() {
            self.settle(cancel)?;
            self.flush()?;
        }
        outcome
    }

    fn read_and_decode(
        &mut self,
        ids: &[u32],
        ask: &Ask<'_>,
        cancel: &Cancel,
        start: Instant,
        listen: &mut dyn FnMut(Progress) -> Go,
    ) -> Result<Outcome, EngineError> {
        let total = ids.len();
        let max = ask.max.max(LEAST_ANSWER);
        let mut plan = self.retained.plan(ids, max);
        if !plan.flush && self.lacks(&plan, total + max).is_some() {
            plan = self.retained.plan_afresh(total);
        }
        if plan.flush {
            self.flush()?;
        }
        if let Some((needed, free)) = self.lacks(&plan, total + max) {
            return Err(EngineError::NoMemory { needed, free });
        }
        let mut read = plan.reused;
        listen(Progress::Prefill { done: read, total });
        for end in plan.steps {
            self.read_prefix(ids, end, end - read, ask.ends, cancel)?;
            read = end;
            listen(Progress::Prefill { done: read, total });
        }
        self.decode(ids, total - read, max, ask, cancel, start, listen)
    }

    /// Bytes that a prompt needs and that are free, where the first are more.
    /// Without this the system would end the whole program.
    fn lacks(&self, plan: &Plan, tokens: usize) -> Option<(u64, u64)> {
        let (needed, free) = (self.retained.needed(plan, tokens), (self.free)());
        (needed > free).then_some((needed, free))
    }

    /// Has the engine read the first `end` tokens and keep what it computed.
    ///
    /// It cannot only read: it draws two tokens. They are forced to be none of
    /// the prompt's own next token, because the last token drawn stands in the
    /// cache without having been computed, and a prompt that went on with the
    /// very same tokens would be given zeros for it.
    fn read_prefix(
        &mut self,
        ids: &[u32],
        end: usize,
        new: usize,
        ends: &[u32],
        cancel: &Cancel,
    ) -> Result<(), EngineError> {
        let force = no_end(ends, Some(ids[end]));
        let request = Submit {
            ids: &ids[..end],
            params: SamplingParams { max_len: Some(LEAST_ANSWER), ..greedy() },
            constraint: Constraint::None,
            steer: Steer::Force(force),
        };
        let mut rx = self.submit(request)?;
        let mut limit = SILENCE + SLOWEST_READING * u32::try_from(new).unwrap_or(u32::MAX);
        while let Event::Piece { end: None, .. } = self.next(&mut rx, cancel, limit)? {
            limit = SILENCE;
        }
        drop(rx);
        self.settle(cancel)?;
        let mut known = ids[..end].to_vec();
        known.push(force);
        self.retained.add(known);
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one request has this many sides")]
    fn decode(
        &mut self,
        ids: &[u32],
        new: usize,
        max: usize,
        ask: &Ask<'_>,
        cancel: &Cancel,
        start: Instant,
        listen: &mut dyn FnMut(Progress) -> Go,
    ) -> Result<Outcome, EngineError> {
        let mut params = params(ask.sampling);
        params.max_len = Some(max);
        let steer = match (ask.weigh, ask.endless) {
            (true, _) => Steer::Weigh(no_end(ask.ends, None)),
            (false, true) => Steer::Ban(ask.ends.to_vec()),
            (false, false) => Steer::Free,
        };
        if !ask.ends.is_empty() {
            params.stop_toks = Some(StopTokens::Ids(ask.ends.to_vec()));
        }
        let constraint = ask.grammar.clone().map_or(Constraint::None, Constraint::Lark);
        let mut rx = self.submit(Submit { ids, params, constraint, steer })?;
        let mut limit = SILENCE + SLOWEST_READING * u32::try_from(new).unwrap_or(u32::MAX);
        let mut read = false;
        let end = loop {
            let event = self.next(&mut rx, cancel, limit)?;
            if !read {
                read = true;
                limit = SILENCE;
                listen(Progress::Prefill { done: ids.len(), total: ids.len() });
            }
            match event {
                Event::Piece { text, end } => {
                    let go = if text.is_empty() { Go::On } else { listen(Progress::Text(text)) };
                    match (end, go) {
                        (Some(end), _) => break end,
                        (None, Go::Stop) => break End::Dropped,
                        (None, Go::On) => {}
                    }
                }
                // Its last bytes were no whole character: the text is without
                // them, and so is the news that it ended.
                Event::Gone => break self.silent_end(max),
            }
        };
        drop(rx);
        let tokens = self.drawn();
        if end != End::Dropped {
            let computed = tokens.len().saturating_sub(1);
            self.retained.add(ids.iter().chain(&tokens[..computed]).copied().collect());
        }
        let begun = self.last.as_ref().and_then(|tap| tap.seen(|s| s.begun));
        let prefill = begun.map_or(Duration::ZERO, |at| at.saturating_duration_since(start));
        let logits = self.last.as_ref().and_then(|tap| tap.seen(|s| s.logits.clone()));
        let decode = start.elapsed().saturating_sub(prefill);
        Ok(Outcome { end, tokens, logits, prefill, decode })
    }

    fn silent_end(&self, max: usize) -> End {
        if self.drawn().len() >= max { End::Length } else { End::Stop }
    }

    /// All tokens of the request at hand.
    fn drawn(&self) -> Vec<u32> {
        self.last.as_ref().map_or_else(Vec::new, |tap| {
            tap.seen(|s| s.tokens.iter().copied().chain(s.top).collect())
        })
    }

    fn submit(&mut self, what: Submit<'_>) -> Result<mpsc::Receiver<Response>, EngineError> {
        let (tap, handle) = Tap::new(what.ids.len(), what.steer);
        let (tx, rx) = mpsc::channel(CHANNEL);
        self.requests += 1;
        let ids = RequestMessage::CompletionTokens(what.ids.to_vec());
        let mut request =
            NormalRequest::new_simple(ids, what.params, tx, self.requests, None, None);
        request.is_streaming = true;
        request.constraint = what.constraint;
        request.logits_processors = Some(vec![Arc::new(tap)]);
        if self.sender.try_send(Request::Normal(Box::new(request))).is_err() {
            return Err(self.died("its thread has ended."));
        }
        self.last = Some(handle);
        Ok(rx)
    }

    /// The next event of the request at hand.
    fn next(
        &mut self,
        rx: &mut mpsc::Receiver<Response>,
        cancel: &Cancel,
        limit: Duration,
    ) -> Result<Event, EngineError> {
        match wait::recv(rx, cancel, limit) {
            Waited::Item(response) => self.event(response),
            // Dropping the receiver ends the sequence at its next token.
            Waited::Cancelled => Err(EngineError::Cancelled),
            Waited::Closed if self.sender.is_closed() => {
                Err(self.died("its thread ended in the middle of an answer."))
            }
            Waited::Closed => Ok(Event::Gone),
            Waited::TimedOut => Err(self
                .died(&format!("it gave no sign of life for {} minutes.", limit.as_secs() / 60))),
        }
    }

    /// Reads one response. The engine's own words are kept out of errors: in
    /// them it quotes the grammar, and with it the document.
    fn event(&mut self, response: Response) -> Result<Event, EngineError> {
        match response {
            Response::CompletionChunk(chunk) => {
                let Some(choice) = chunk.choices.into_iter().next() else {
                    return Ok(Event::Piece { text: String::new(), end: None });
                };
                let end = choice
                    .finish_reason
                    .map(|why| if why.contains("length") { End::Length } else { End::Stop });
                Ok(Event::Piece { text: choice.text, end })
            }
            Response::ValidationError(_) => Err(EngineError::Refused(
                "mistral.rs did not accept it or the form asked for the answer.".to_owned(),
            )),
            Response::InternalError(_) | Response::CompletionModelError(..) => {
                Err(self.died("it failed while it computed an answer."))
            }
            _ => Err(self.died("it answered something that was not asked.")),
        }
    }

    /// Waits until the engine has let go of the last request: until then a new
    /// one would be computed in one batch with it.
    fn settle(&mut self, cancel: &Cancel) -> Result<(), EngineError> {
        if let Some(why) = &self.dead {
            return Err(EngineError::Died(why.clone()));
        }
        let Some(last) = self.last.take() else { return Ok(()) };
        match last.wait_gone(cancel, SILENCE + SLOWEST_READING * 600) {
            Waited::Closed | Waited::Item(()) => Ok(()),
            Waited::Cancelled => {
                self.last = Some(last);
                Err(EngineError::Cancelled)
            }
            Waited::TimedOut => Err(self.died("it did not come back from the last prompt.")),
        }
    }

    /// Gives back what is held for later prompts.
    ///
    /// mistralrs never does so on a CPU, unless a computation fails: then it
    /// drops everything that it holds. So it is given an id that no model has.
    /// Ending its engine and starting another on the same weights (with
    /// `Request::Terminate`) drops everything too, but on new threads, and the
    /// C library keeps a pool of freed memory for each of the old: some 50 MB
    /// more after every time, measured with the starter.
    ///
    /// # Errors
    /// [`EngineError::Died`] where the engine does not answer as it should.
    pub fn flush(&mut self) -> Result<(), EngineError> {
        let holds_nothing = self.retained.is_empty() && self.untold == Untold::Nothing;
        if holds_nothing || self.retained.is_paged() {
            self.untold = Untold::Nothing;
            return Ok(());
        }
        let wait = Cancel::new();
        self.settle(&wait)?;
        let mut rx = self.submit(Submit {
            ids: &[NO_ID],
            params: SamplingParams { max_len: Some(LEAST_ANSWER), ..greedy() },
            constraint: Constraint::None,
            steer: Steer::Free,
        })?;
        let answer = wait::recv(&mut rx, &wait, SILENCE);
        if !matches!(answer, Waited::Item(Response::CompletionModelError(..))) {
            return Err(self.died("it did not give back its memory."));
        }
        drop(rx);
        self.settle(&wait)?;
        self.retained.clear();
        self.untold = Untold::Nothing;
        tracing::debug!("gave back the engine's prefix cache");
        Ok(())
    }

    fn died(&mut self, why: &str) -> EngineError {
        self.dead = Some(why.to_owned());
        EngineError::Died(why.to_owned())
    }
}

/// An id that ends no answer and is not `other`.
fn no_end(ends: &[u32], other: Option<u32>) -> u32 {
    let is_free = |id: &u32| Some(*id) != other && !ends.contains(id);
    (0..NO_ID).find(is_free).expect("there are more ids than end tokens")
}

struct Submit<'a> {
    ids: &'a [u32],
    params: SamplingParams,
    constraint: Constraint,
    steer: Steer,
}

enum Event {
    Piece {
        text: String,
        end: Option<End>,
    },
    /// The request is over without an end.
    Gone,
}
