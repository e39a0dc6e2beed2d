//! The adapter to mistral.rs: an imported model in memory, asked one prompt at
//! a time. Knows the port and mistralrs, nothing of documents or jobs.

mod generate;
mod grammar;
mod load;
mod memory;
mod template;
mod wait;

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::loops::{Loop, LoopWatch};
use super::{Answer, Cancel, Engine, EngineError, EngineInfo, Finish, Progress};
use crate::domain::prompt::{Constraint, Prompt, Sampling};
use generate::{Ask, End, Go, Runner};
pub use load::LoadSpec;
use memory::Retained;
use template::PromptBuilder;

/// Most bytes of keys and values that are kept for the next prompts unless the
/// settings say otherwise; on a small machine an eighth of its memory.
const KV_BUDGET: u64 = 512 << 20;

/// What a person may set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Bytes of keys and values to keep between prompts.
    pub kv_budget: Option<u64>,
}

/// A model loaded by mistral.rs.
pub struct MistralEngine {
    info: EngineInfo,
    prompts: PromptBuilder,
    ends: Vec<u32>,
    runner: Mutex<Runner>,
}

impl MistralEngine {
    /// Loads an imported model. `HF_HOME` and `RAYON_NUM_THREADS` are read
    /// then, and have to be set before.
    ///
    /// # Errors
    /// [`EngineError::Load`] where a file is missing or damaged, or the device
    /// or its memory does not do.
    pub fn load(spec: &LoadSpec, settings: &Settings) -> Result<Self, EngineError> {
        let loaded = load::load(spec)?;
        let bos = spec.bos.filter(|_| spec.add_bos);
        let prompts = PromptBuilder::load(&spec.dir, bos)?;
        let budget = settings.kv_budget.unwrap_or_else(default_budget);
        let retained = if loaded.paged {
            Retained::paged()
        } else {
            Retained::new(spec.kv_bytes_per_token, budget)
        };
        Ok(Self {
            info: EngineInfo {
                engine: "mistralrs",
                model: spec.name.clone(),
                sha256: spec.sha256.clone(),
                context: loaded.context,
                window: loaded.window,
                answers: true,
                device: loaded.device,
            },
            prompts,
            ends: spec.end_tokens.clone(),
            runner: Mutex::new(Runner::new(loaded.model, retained)?),
        })
    }

    /// The ids that a prompt becomes.
    ///
    /// # Errors
    /// [`EngineError::Refused`] where the chat template does not take it.
    pub fn prompt_ids(&self, prompt: &Prompt) -> Result<Vec<u32>, EngineError> {
        self.prompts.ids(&prompt.messages)
    }

    /// The `n` likeliest tokens after `ids`, one after another, for comparison
    /// with another implementation. They stop after an end token, which
    /// `ignore_end` keeps from being drawn.
    ///
    /// # Errors
    /// As [`Engine::generate`].
    pub fn generate_ids(
        &self,
        ids: &[u32],
        n: usize,
        ignore_end: bool,
        cancel: &Cancel,
    ) -> Result<Vec<u32>, EngineError> {
        let max = self.room(ids.len(), n)?;
        let ask = Ask {
            sampling: Sampling::GREEDY,
            max,
            grammar: None,
            ends: &self.ends,
            endless: ignore_end,
        };
        let outcome = self.runner().answer(ids, &ask, cancel, &mut |_| Go::On)?;
        let mut tokens = outcome.tokens;
        tokens.truncate(n);
        Ok(tokens)
    }

    /// Bytes of keys and values kept for the next prompts.
    pub fn retained_bytes(&self) -> u64 {
        self.runner().retained_bytes()
    }

    fn runner(&self) -> MutexGuard<'_, Runner> {
        self.runner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tokens that an answer may have, of `wanted`, after so long a prompt.
    fn room(&self, prompt: usize, wanted: usize) -> Result<usize, EngineError> {
        let context = self.info.context;
        match context.checked_sub(prompt) {
            Some(room) if room >= 2 => Ok(wanted.min(room)),
            _ => Err(EngineError::TooLong { prompt, context }),
        }
    }
}

/// [`KV_BUDGET`], or an eighth of the machine's memory where that is less.
fn default_budget() -> u64 {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    KV_BUDGET.min(system.total_memory() / 8)
}

/// The text of an answer as it grows.
struct Listener<'a> {
    text: String,
    watch: LoopWatch,
    found: Option<Loop>,
    progress: &'a mut dyn FnMut(Progress),
}

impl Listener<'_> {
    fn hear(&mut self, event: Progress) -> Go {
        let Progress::Text(piece) = &event else {
            (self.progress)(event);
            return Go::On;
        };
        self.text.push_str(piece);
        self.found = self.watch.push(piece);
        (self.progress)(event);
        if self.found.is_some() { Go::Stop } else { Go::On }
    }
}

impl Engine for MistralEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn count(&self, text: &str) -> usize {
        self.prompts.count(text)
    }

    /// As [`Engine::generate`]. What was streamed may go further than the
    /// answer's text, which ends before the repeats of a loop.
    fn generate(
        &self,
        prompt: &Prompt,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, EngineError> {
        let ids = self.prompts.ids(&prompt.messages)?;
        let max = self.room(ids.len(), prompt.max_tokens)?;
        let ask = Ask {
            sampling: prompt.sampling,
            max,
            grammar: grammar::lark(&prompt.constraint, &self.ends),
            ends: &self.ends,
            endless: false,
        };
        let watch = match prompt.constraint {
            Constraint::Quotes { .. } => LoopWatch::each_line_once(),
            _ => LoopWatch::new(),
        };
        let mut listener = Listener { text: String::new(), watch, found: None, progress };
        let outcome = self.runner().answer(&ids, &ask, cancel, &mut |e| listener.hear(e))?;
        let mut text = listener.text;
        let finish = match (listener.found, outcome.end) {
            (Some(found), _) => {
                text.truncate(found.keep);
                Finish::Loop { repeated: found.repeated }
            }
            (None, End::Length) => Finish::Length,
            (None, End::Stop | End::Dropped) => Finish::Stop,
        };
        let ended = outcome.end == End::Stop;
        Ok(Answer {
            text: text.trim().to_owned(),
            finish,
            prompt_tokens: ids.len(),
            answer_tokens: outcome.tokens.len().saturating_sub(usize::from(ended)),
            prefill: outcome.prefill,
            decode: outcome.decode,
        })
    }

    fn release(&self) {
        if let Err(error) = self.runner().flush() {
            // The next prompt will meet the same and say so.
            tracing::warn!("the engine's memory could not be given back: {error}");
        }
    }
}
