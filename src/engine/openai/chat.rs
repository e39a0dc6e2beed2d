//! One request for an answer: its body, and the answer read as it streams in.
//! Knows the protocol of chat completions; retries are its caller's.

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::http::{Exchange, Part, kind_of};
use super::letters::{Likely, likeliest};
use super::sse::Sse;
use crate::domain::prompt::Prompt;
use crate::engine::loops::{Loop, LoopWatch};
use crate::engine::{Cancel, Progress};

/// Bytes of an answer for each token allowed, and on top: a server that knows
/// no limit is stopped there.
const BYTES_PER_TOKEN: usize = 32;
const BYTES_ON_TOP: usize = 4096;

/// How long counts and the mark of the end are waited for, once the reason for
/// the end is there.
const AFTER_END: Duration = Duration::from_secs(2);

/// The body of a request.
pub fn body(model: &str, prompt: &Prompt, max_tokens: usize, fields: &Map<String, Value>) -> Value {
    let messages: Vec<Value> = prompt
        .messages
        .iter()
        .map(|m| json!({ "role": m.role.name(), "content": m.text }))
        .collect();
    let mut body = json!({
        "model": model,
        "messages": messages,
        "max_tokens": max_tokens,
        "temperature": prompt.sampling.temperature,
        "top_p": prompt.sampling.top_p,
        // The same question, the same answer, as far as the server can.
        "seed": 1,
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    if let Value::Object(body) = &mut body {
        body.extend(fields.clone());
    }
    body
}

/// How the server says that an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Stop,
    Length,
}

/// An answer as it came.
#[derive(Debug)]
pub struct Reply {
    pub text: String,
    /// The likeliest tokens in the place of the first one, where they were asked
    /// for and the server gives them.
    pub likely: Vec<Likely>,
    pub end: End,
    /// Where it was stopped for saying the same again and again.
    pub looped: Option<Loop>,
    /// What the server counted.
    pub prompt_tokens: Option<usize>,
    pub answer_tokens: Option<usize>,
    pub prefill: Duration,
    pub decode: Duration,
    pub speaker: Speaker,
}

/// Who an answer says that it is by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speaker {
    pub model: Option<String>,
    /// What stands for the server's build and settings.
    pub fingerprint: Option<String>,
}

impl Speaker {
    fn hear(&mut self, value: &Value) {
        let text = |key: &str| value[key].as_str().filter(|s| !s.is_empty()).map(str::to_owned);
        self.model = self.model.take().or_else(|| text("model"));
        self.fingerprint = self.fingerprint.take().or_else(|| text("system_fingerprint"));
    }

    /// Whether both say something, and not the same.
    pub fn differs(&self, other: &Self) -> bool {
        let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        differ(&self.model, &other.model) || differ(&self.fingerprint, &other.fingerprint)
    }
}

/// Reads one answer.
pub struct Listener<'a> {
    pub cancel: &'a Cancel,
    pub progress: &'a mut dyn FnMut(Progress),
    pub watch: LoopWatch,
    /// Tokens of the prompt, as far as they are known beforehand.
    pub prompt_tokens: usize,
    pub max_tokens: usize,
    /// Who answered when the server was got to know.
    pub known: &'a Speaker,
}

/// What has been read so far.
#[derive(Default)]
struct Draft {
    text: String,
    likely: Vec<Likely>,
    pieces: usize,
    end: Option<End>,
    looped: Option<Loop>,
    is_over: bool,
    /// Something of use has come since this was last looked at.
    has_moved: bool,
    /// Prompt tokens read, as far as the server says.
    read: usize,
    /// What came in place of text.
    instead: Option<&'static str>,
    speaker: Speaker,
    first: Option<Instant>,
    prompt_tokens: Option<usize>,
    answer_tokens: Option<usize>,
}

/// How the answer comes: event by event, or in one piece from a server that
/// does not stream.
enum Reading {
    Unknown,
    Events(Sse),
    Whole,
}

impl Listener<'_> {
    /// # Errors
    /// The fault; an answer without its end is [`Fault::Broken`], never taken
    /// for a shorter one.
    pub fn read(mut self, mut exchange: Exchange) -> Result<Reply, Fault> {
        let began = Instant::now();
        (self.progress)(Progress::Prefill { done: 0, total: self.prompt_tokens });
        let mut draft = Draft::default();
        let (mut reading, mut bytes_read) = (Reading::Unknown, Vec::new());
        while !draft.is_over {
            let part = match exchange.next(self.cancel) {
                Ok(part) => part,
                // Only counts and the mark of the end were to come.
                Err(fault) if draft.end.is_some() && fault != Fault::Cancelled => break,
                Err(fault) => return Err(fault),
            };
            match part {
                Part::Head { content_type } => {
                    if content_type.contains("event-stream") {
                        reading = Reading::Events(Sse::default());
                    }
                }
                Part::Bytes(bytes) => {
                    if matches!(reading, Reading::Unknown) {
                        reading = guess(&bytes);
                    }
                    match &mut reading {
                        Reading::Events(sse) => {
                            let events =
                                sse.push(&bytes).map_err(|_| Fault::Garbled("an endless line"))?;
                            self.hear(&mut draft, &events)?;
                        }
                        Reading::Whole | Reading::Unknown => bytes_read.extend_from_slice(&bytes),
                    }
                }
                Part::End => {
                    self.finish(&mut draft, &reading, &bytes_read)?;
                    break;
                }
            }
            if std::mem::take(&mut draft.has_moved) {
                exchange.was_useful();
                if draft.end.is_some() {
                    exchange.hurry(AFTER_END);
                }
            }
        }
        drop(exchange);
        if let Some(what) = draft.instead.filter(|_| draft.text.trim().is_empty()) {
            return Err(Fault::Wordless(what));
        }
        let first = draft.first.unwrap_or_else(Instant::now);
        Ok(Reply {
            end: draft.end.unwrap_or(End::Stop),
            looped: draft.looped,
            prompt_tokens: draft.prompt_tokens,
            answer_tokens: draft.answer_tokens.or(Some(draft.pieces)),
            prefill: first - began,
            decode: first.elapsed(),
            speaker: draft.speaker,
            likely: draft.likely,
            text: draft.text,
        })
    }

    /// The connection has ended: was that the end of an answer?
    fn finish(&mut self, draft: &mut Draft, reading: &Reading, whole: &[u8]) -> Result<(), Fault> {
        match reading {
            Reading::Whole => {
                let value: Value =
                    serde_json::from_slice(whole).map_err(|_| Fault::Garbled(kind_of(whole)))?;
                self.take(draft, &value)?;
            }
            Reading::Unknown => return Err(Fault::Garbled(kind_of(whole))),
            Reading::Events(_) => {}
        }
        if draft.end.is_none() { Err(Fault::Broken) } else { Ok(()) }
    }

    fn hear(&mut self, draft: &mut Draft, events: &[String]) -> Result<(), Fault> {
        for event in events {
            if event.trim() == "[DONE]" {
                // Without a reason for its end it was broken off by the server.
                draft.is_over = true;
                return if draft.end.is_none() { Err(Fault::Broken) } else { Ok(()) };
            }
            let value: Value = serde_json::from_str(event)
                .map_err(|_| Fault::Garbled("a piece that is no JSON"))?;
            self.take(draft, &value)?;
            if draft.is_over {
                break;
            }
        }
        Ok(())
    }

    /// Takes one event, or a whole answer, which differs in one word.
    fn take(&mut self, draft: &mut Draft, value: &Value) -> Result<(), Fault> {
        if let Some(error) = value.get("error").filter(|error| !error.is_null()) {
            let status = error.get("code").and_then(Value::as_u64).unwrap_or(500);
            return Err(Fault::of_error(u16::try_from(status).unwrap_or(500), None, error));
        }
        draft.speaker.hear(value);
        if self.known.differs(&draft.speaker) {
            return Err(Fault::Changed);
        }
        let count = |key: &str| value["usage"][key].as_u64().and_then(|n| usize::try_from(n).ok());
        draft.prompt_tokens = count("prompt_tokens").or(draft.prompt_tokens);
        draft.answer_tokens = count("completion_tokens").or(draft.answer_tokens);
        // llama-server says how far it has read, where it was asked to.
        let read = |key: &str| value["prompt_progress"][key].as_u64();
        if let (Some(done), Some(total)) = (read("processed"), read("total")) {
            let [done, total] = [done, total].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
            (self.progress)(Progress::Prefill { done: done.min(total), total });
            draft.has_moved |= done > draft.read;
            draft.read = draft.read.max(done);
        }
        let choice = &value["choices"][0];
        if draft.likely.is_empty() {
            draft.likely = likeliest(choice);
        }
        let message =
            if choice["delta"].is_object() { &choice["delta"] } else { &choice["message"] };
        if let Some(piece) = message["content"].as_str().filter(|piece| !piece.is_empty()) {
            self.piece(draft, piece);
        } else if let Some(what) = instead(message) {
            draft.has_moved = true;
            draft.instead = Some(what);
        }
        let reason = choice["finish_reason"].as_str().unwrap_or_default().to_ascii_lowercase();
        if let Some(end) = end_of(&reason)? {
            draft.has_moved |= draft.end.is_none();
            draft.end = draft.end.or(Some(end));
        }
        Ok(())
    }

    fn piece(&mut self, draft: &mut Draft, piece: &str) {
        if draft.first.is_none() {
            draft.first = Some(Instant::now());
            let total = draft.prompt_tokens.unwrap_or(self.prompt_tokens);
            (self.progress)(Progress::Prefill { done: total, total });
        }
        draft.has_moved = true;
        draft.pieces += 1;
        draft.text.push_str(piece);
        draft.looped = self.watch.push(piece);
        (self.progress)(Progress::Text(piece.to_owned()));
        if draft.looped.is_some() {
            (draft.end, draft.is_over) = (Some(End::Stop), true);
        } else if draft.text.len() > self.max_tokens * BYTES_PER_TOKEN + BYTES_ON_TOP {
            (draft.end, draft.is_over) = (Some(End::Length), true);
        }
    }
}

/// What a reason for the end means; some servers give an empty one with each
/// piece, which is none.
fn end_of(reason: &str) -> Result<Option<End>, Fault> {
    match reason {
        "" => Ok(None),
        "stop" | "eos" | "eos_token" | "stop_sequence" | "end_turn" => Ok(Some(End::Stop)),
        "length" | "max_tokens" => Ok(Some(End::Length)),
        other => Err(Fault::of_stop(other)),
    }
}

/// What a piece without text holds in its place.
fn instead(message: &Value) -> Option<&'static str> {
    let has_text = |key: &str| message[key].as_str().is_some_and(|text| !text.is_empty());
    if has_text("reasoning_content") || has_text("reasoning") {
        return Some("its thoughts");
    }
    let has_calls = message["tool_calls"].as_array().is_some_and(|calls| !calls.is_empty());
    has_calls.then_some("a call of a tool")
}

/// What an answer without a proper content type looks like.
fn guess(bytes: &[u8]) -> Reading {
    match bytes.trim_ascii_start().first() {
        Some(b'{' | b'[' | b'<') => Reading::Whole,
        Some(_) => Reading::Events(Sse::default()),
        None => Reading::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_good_reason_is_the_end_of_an_answer() {
        for stop in ["stop", "eos", "eos_token", "stop_sequence", "end_turn"] {
            assert_eq!(end_of(stop), Ok(Some(End::Stop)));
        }
        assert_eq!(end_of("length"), Ok(Some(End::Length)));
        assert_eq!(end_of("max_tokens"), Ok(Some(End::Length)));
        assert_eq!(end_of(""), Ok(None));
        for (reason, may_pass) in [
            ("abort", true),
            ("error", true),
            ("canceled", true),
            ("timeout", true),
            ("whatever", true),
            ("tool_calls", false),
            ("content_filter", false),
        ] {
            let fault = end_of(reason).expect_err(reason);
            assert_eq!(fault.passes(), may_pass, "{reason}");
        }
    }

    #[test]
    fn another_model_or_build_is_told_where_both_are_named() {
        let speaker = |model: Option<&str>, fingerprint: Option<&str>| Speaker {
            model: model.map(str::to_owned),
            fingerprint: fingerprint.map(str::to_owned),
        };
        let known = speaker(Some("a"), Some("1"));
        for (other, differs) in [
            (speaker(Some("a"), Some("1")), false),
            (speaker(None, None), false),
            (speaker(Some("b"), None), true),
            (speaker(Some("a"), Some("2")), true),
        ] {
            assert_eq!(known.differs(&other), differs, "{other:?}");
        }
    }
}
