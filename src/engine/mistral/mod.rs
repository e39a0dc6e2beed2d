//! The adapter to mistral.rs: an imported model in memory, asked one prompt at
//! a time. Knows the port and mistralrs, nothing of documents or jobs.

mod generate;
mod grammar;
mod letters;
mod load;
mod memory;
mod probe;
mod sampling;
mod template;
mod turn;
mod wait;

use super::loops::{Loop, LoopWatch};
use super::{Answer, Cancel, Engine, EngineError, EngineInfo, Finish, Progress};
use crate::domain::prompt::{Prompt, Sampling};
use generate::{Ask, End, Go, Runner};
use letters::Letter;
pub use load::{LoadSpec, gpu_memory};
use memory::Retained;
pub use probe::Probe;
use template::PromptBuilder;
use turn::{Turn, Turns};

/// What the engine goes by beside the model.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Bytes of keys and values to keep between prompts.
    pub kv_budget: u64,
    /// Bytes of memory that are free at the moment, asked before each prompt.
    pub free_memory: fn() -> u64,
}

/// A model loaded by mistral.rs.
pub struct MistralEngine {
    info: EngineInfo,
    prompts: PromptBuilder,
    ends: Vec<u32>,
    runner: Turns<Runner>,
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
        let retained = if loaded.paged {
            Retained::paged()
        } else {
            Retained::new(spec.kv_bytes_per_token, settings.kv_budget)
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
                variant: spec.weights.clone(),
                leaves_machine: None,
            },
            prompts,
            ends: spec.end_tokens.clone(),
            runner: Turns::new(Runner::new(loaded.model, retained, settings.free_memory)?),
        })
    }

    /// The ids that a prompt becomes.
    ///
    /// # Errors
    /// [`EngineError::Refused`] where the chat template does not take it.
    pub fn prompt_ids(&self, prompt: &Prompt) -> Result<Vec<u32>, EngineError> {
        self.prompts.ids(&prompt.messages)
    }

    /// Every token that ends an answer.
    pub fn ends(&self) -> &[u32] {
        &self.ends
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
            weigh: false,
        };
        let outcome = self.runner.take(cancel)?.answer(ids, &ask, cancel, &mut |_| Go::On)?;
        let mut tokens = outcome.tokens;
        tokens.truncate(n);
        Ok(tokens)
    }

    /// Bytes of keys and values kept for the next prompts, as soon as none is
    /// being answered.
    pub fn retained_bytes(&self) -> u64 {
        self.runner.take(&Cancel::new()).map_or(0, |runner| runner.retained_bytes())
    }

    /// What the model makes of letters after a prompt. Nothing is written: the
    /// two tokens that mistral.rs cannot do without mean nothing, and only the
    /// reading of the prompt is reported.
    fn choose(
        &self,
        ids: &[u32],
        letters: &[Letter],
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, EngineError> {
        let ask = Ask {
            sampling: Sampling::GREEDY,
            max: self.room(ids.len(), 2)?,
            grammar: None,
            ends: &self.ends,
            endless: false,
            weigh: true,
        };
        let mut hear = |event| {
            if matches!(event, Progress::Prefill { .. }) {
                progress(event);
            }
            Go::On
        };
        let outcome = self.runner.take(cancel)?.answer(ids, &ask, cancel, &mut hear)?;
        let logits = outcome.logits.ok_or_else(|| {
            EngineError::Refused("mistral.rs did not say what it makes of it.".to_owned())
        })?;
        Ok(Answer {
            text: letters::weighed(&logits, letters).trim_end().to_owned(),
            finish: Finish::Stop,
            prompt_tokens: ids.len(),
            answer_tokens: 1,
            prefill: outcome.prefill,
            decode: outcome.decode,
        })
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
        if let Some(letters) = letters::letters(&self.prompts, &prompt.constraint) {
            return self.choose(&ids, &letters, cancel, progress);
        }
        let max = self.room(ids.len(), prompt.max_tokens)?;
        let ask = Ask {
            sampling: prompt.sampling,
            max,
            grammar: grammar::lark(&prompt.constraint, &self.ends),
            ends: &self.ends,
            endless: false,
            weigh: false,
        };
        let watch = LoopWatch::of(&prompt.constraint);
        let mut listener = Listener { text: String::new(), watch, found: None, progress };
        let mut runner: Turn<'_, Runner> = self.runner.take(cancel)?;
        let outcome = runner.answer(&ids, &ask, cancel, &mut |e| listener.hear(e))?;
        drop(runner);
        let mut text = listener.text;
        let finish = match (listener.found, outcome.end) {
            (Some(found), _) => found.cut(&mut text),
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
        let flushed = self.runner.take(&Cancel::new()).and_then(|mut runner| runner.flush());
        if let Err(error) = flushed {
            // The next prompt will meet the same and say so.
            tracing::warn!("the engine's memory could not be given back: {error}");
        }
    }
}
