//! The port to whatever answers prompts, and its adapters. An engine knows
//! nothing of documents, jobs or findings: it gets a [`Prompt`] and gives text.

pub mod cancel;
pub mod loops;
pub mod mistral;
pub mod rules;
pub mod scripted;
pub mod supervise;

use std::fmt;
use std::time::Duration;

use crate::domain::prompt::Prompt;
pub use cancel::Cancel;

/// What an engine says of itself once it is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineInfo {
    /// The adapter: "mistralrs", "rules", "scripted".
    pub engine: &'static str,
    /// The model's name as the person gave or knows it.
    pub model: String,
    /// SHA-256 of the model file, in lower-case hex; empty where there is none.
    pub sha256: String,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    /// Tokens of document text that one prompt should carry on this machine.
    pub window: usize,
    /// Whether it answers prompts at all; `false` for [`rules`].
    pub answers: bool,
    /// What it runs on, for the status line: "CPU, 2 threads, F32".
    pub device: String,
}

/// A sign of life during [`Engine::generate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Prompt tokens read so far, of all.
    Prefill { done: usize, total: usize },
    /// The next piece of the answer.
    Text(String),
}

/// Why an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finish {
    /// The model was done.
    Stop,
    /// The limit or the end of the context was reached.
    Length,
    /// It said the same thing again and again and was stopped; the text holds
    /// what came before the repeats.
    Loop { repeated: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub text: String,
    pub finish: Finish,
    /// Tokens of the whole prompt.
    pub prompt_tokens: usize,
    /// Tokens generated.
    pub answer_tokens: usize,
    /// Time until the whole prompt was read.
    pub prefill: Duration,
    pub decode: Duration,
}

/// What went wrong in an engine, in words for the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    #[error("The model could not be loaded: {0}")]
    Load(String),
    #[error("Cancelled.")]
    Cancelled,
    /// It stopped answering; a new one has to be built.
    #[error("The engine stopped working: {0}")]
    Died(String),
    #[error(
        "The prompt has {prompt} tokens, but the model's context holds {context}; use smaller chunks or a model with a larger context."
    )]
    TooLong { prompt: usize, context: usize },
    #[error("The engine refused the prompt: {0}")]
    Refused(String),
}

/// A loaded engine. Calls block; they may come from any thread.
pub trait Engine: Send + Sync {
    fn info(&self) -> &EngineInfo;

    /// Tokens of a document text, without control tokens.
    fn count(&self, text: &str) -> usize;

    /// Answers one prompt, reporting on the way.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] within one prefill step of `cancel`, and the
    /// other kinds as they say; after [`EngineError::Died`] the engine is of no
    /// more use.
    fn generate(
        &self,
        prompt: &Prompt,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, EngineError>;

    /// Gives back memory that is kept for the next prompt (prefix caches).
    fn release(&self) {}
}

impl fmt::Debug for dyn Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("info", self.info()).finish()
    }
}
