//! An engine whose answers are written beforehand, for tests of everything that
//! stands above the port. Deterministic: no clock, no sleep, no model.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Answer, Cancel, Engine, EngineError, EngineInfo, Finish, Progress};
use crate::domain::prompt::Prompt;

/// What the engine does at one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// The answer, streamed word by word.
    Say(String),
    /// The answer, with the way it ended.
    End(String, Finish),
    /// Half of this text, then the engine is dead.
    Die(String),
    /// Half of this text, then somebody cancels.
    CancelAfter(String),
    Fail(EngineError),
}

type Reply = dyn FnMut(&Prompt) -> Turn + Send;

struct Script {
    reply: Box<Reply>,
    prompts: Vec<Prompt>,
    released: usize,
}

/// Answers from a script and remembers what it was asked.
pub struct ScriptedEngine {
    info: EngineInfo,
    script: Mutex<Script>,
}

impl ScriptedEngine {
    /// One turn a call, in order; a call beyond the last is refused.
    #[must_use]
    pub fn new(turns: impl IntoIterator<Item = Turn>) -> Self {
        let mut turns: VecDeque<Turn> = turns.into_iter().collect();
        Self::with(move |_| {
            turns.pop_front().unwrap_or_else(|| {
                Turn::Fail(EngineError::Refused("the script has no more answers.".to_owned()))
            })
        })
    }

    /// The same, of plain answers.
    #[must_use]
    pub fn saying<S: Into<String>>(answers: impl IntoIterator<Item = S>) -> Self {
        Self::new(answers.into_iter().map(|a| Turn::Say(a.into())).collect::<Vec<_>>())
    }

    /// A turn made from each prompt.
    #[must_use]
    pub fn with(reply: impl FnMut(&Prompt) -> Turn + Send + 'static) -> Self {
        Self {
            info: EngineInfo {
                engine: "scripted",
                model: "scripted".to_owned(),
                sha256: String::new(),
                context: 8_192,
                window: 1_000,
                answers: true,
                device: "script".to_owned(),
                variant: String::new(),
                leaves_machine: None,
            },
            script: Mutex::new(Script { reply: Box::new(reply), prompts: Vec::new(), released: 0 }),
        }
    }

    /// The same engine with another description of itself (a small window, say).
    #[must_use]
    pub fn described(mut self, change: impl FnOnce(&mut EngineInfo)) -> Self {
        change(&mut self.info);
        self
    }

    /// Every prompt so far.
    #[must_use]
    pub fn prompts(&self) -> Vec<Prompt> {
        self.script().prompts.clone()
    }

    /// How often memory was given back.
    #[must_use]
    pub fn released(&self) -> usize {
        self.script().released
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ScriptedEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedEngine").field("info", &self.info).finish_non_exhaustive()
    }
}

/// Reports a text word by word until `cancel` is set.
fn stream(
    text: &str,
    cancel: &Cancel,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), EngineError> {
    for word in text.split_inclusive(char::is_whitespace) {
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        progress(Progress::Text(word.to_owned()));
    }
    if cancel.is_cancelled() { Err(EngineError::Cancelled) } else { Ok(()) }
}

/// The first half of a text by characters.
fn half(text: &str) -> String {
    text.chars().take(text.chars().count().div_ceil(2)).collect()
}

impl Engine for ScriptedEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    /// A word is a token.
    fn count(&self, text: &str) -> usize {
        text.split_whitespace().count()
    }

    fn generate(
        &self,
        prompt: &Prompt,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, EngineError> {
        let turn = {
            let mut script = self.script();
            script.prompts.push(prompt.clone());
            (script.reply)(prompt)
        };
        let prompt_tokens = prompt.messages.iter().map(|m| self.count(&m.text)).sum();
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        progress(Progress::Prefill { done: 0, total: prompt_tokens });
        progress(Progress::Prefill { done: prompt_tokens, total: prompt_tokens });
        let (text, finish) = match turn {
            Turn::Say(text) => (text, Finish::Stop),
            Turn::End(text, finish) => (text, finish),
            Turn::Fail(error) => return Err(error),
            Turn::Die(text) => {
                stream(&half(&text), cancel, progress)?;
                return Err(EngineError::Died("the script says so.".to_owned()));
            }
            Turn::CancelAfter(text) => {
                stream(&half(&text), cancel, progress)?;
                cancel.cancel();
                return Err(EngineError::Cancelled);
            }
        };
        stream(&text, cancel, progress)?;
        Ok(Answer {
            answer_tokens: self.count(&text),
            text,
            finish,
            prompt_tokens,
            prefill: Duration::ZERO,
            decode: Duration::ZERO,
        })
    }

    fn release(&self) {
        self.script().released += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::prompt::{Constraint, Message, Role, Sampling};

    fn ask(text: &str) -> Prompt {
        Prompt {
            messages: vec![Message { role: Role::User, text: text.to_owned() }],
            constraint: Constraint::Free,
            sampling: Sampling::GREEDY,
            max_tokens: 64,
            round: 0,
        }
    }

    #[test]
    fn turns_come_in_order_and_prompts_are_remembered() {
        let engine = ScriptedEngine::saying(["one two", "three"]);
        let mut heard = String::new();
        let mut listen = |p| {
            if let Progress::Text(piece) = p {
                heard.push_str(&piece);
            }
        };
        let first = engine.generate(&ask("a b c"), &Cancel::new(), &mut listen).expect("a turn");
        engine.generate(&ask("d"), &Cancel::new(), &mut listen).expect("a turn");
        assert_eq!(
            (first.text.as_str(), first.prompt_tokens, first.answer_tokens),
            ("one two", 3, 2)
        );
        assert_eq!(heard, "one twothree");
        assert_eq!(engine.prompts(), [ask("a b c"), ask("d")]);
        let end = engine.generate(&ask("e"), &Cancel::new(), &mut |_| {});
        assert!(matches!(end, Err(EngineError::Refused(_))));
    }

    #[test]
    fn a_listener_that_cancels_stops_the_stream() {
        let engine = ScriptedEngine::saying(["one two three"]);
        let cancel = Cancel::new();
        let mut pieces = 0;
        let result = engine.generate(&ask("x"), &cancel, &mut |p| {
            if matches!(p, Progress::Text(_)) {
                pieces += 1;
                cancel.cancel();
            }
        });
        assert_eq!(result, Err(EngineError::Cancelled));
        assert_eq!(pieces, 1);
    }

    #[test]
    fn faults_come_as_scripted() {
        let engine = ScriptedEngine::new([
            Turn::Die("some words".into()),
            Turn::CancelAfter("more words".into()),
        ]);
        let died = engine.generate(&ask("x"), &Cancel::new(), &mut |_| {});
        assert!(matches!(died, Err(EngineError::Died(_))));
        let cancel = Cancel::new();
        let result = engine.generate(&ask("x"), &cancel, &mut |_| {});
        assert_eq!(result, Err(EngineError::Cancelled));
        assert!(cancel.is_cancelled());
    }
}
