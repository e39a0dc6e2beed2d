//! The port to whatever answers prompts, and its adapters. An engine knows
//! nothing of documents, jobs or findings: it gets a [`Prompt`] and gives text.

pub mod cancel;
mod candidates;
pub mod loops;
pub mod mistral;
pub mod openai;
pub mod rules;
pub mod scripted;
mod shape;
pub mod supervise;

use std::fmt;
use std::time::Duration;

use crate::domain::prompt::Prompt;
use crate::domain::words;
pub use cancel::Cancel;

/// What an engine says of itself once it is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineInfo {
    /// The adapter: "mistralrs", "openai", "rules", "scripted".
    pub engine: &'static str,
    /// The model's name as the person gave or knows it.
    pub model: String,
    /// SHA-256 of the model file, in lower-case hex; of a server's model a hash
    /// over what the server says of it; empty where there is no model.
    pub sha256: String,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    /// Tokens of document text that one prompt should carry on this machine.
    pub window: usize,
    /// Whether it answers prompts at all; `false` for [`rules`].
    pub answers: bool,
    /// What it runs on, for the status line: "CPU, 2 threads, weights as floats".
    pub device: String,
    /// What beside the model decides its answers, such as the form of the weights.
    pub variant: String,
    /// The host that document text is sent to, where it is not this machine.
    pub leaves_machine: Option<String>,
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
    /// Bytes that the prompt needs, and that the machine has free.
    #[error(
        "The prompt needs {} of memory, and {} are free; close other programs and run the job again.",
        words::size(*needed),
        words::size(*free)
    )]
    NoMemory { needed: u64, free: u64 },
    /// A server did not answer, or not as it should; the sentence names it and
    /// says what to do. Another prompt may go well.
    #[error("{0}")]
    Server(String),
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

    /// How many calls of [`Engine::generate`] may be under way at once to some
    /// use; more of them wait for each other.
    fn parallel(&self) -> usize {
        1
    }

    /// Gives back memory that is kept for the next prompt (prefix caches).
    fn release(&self) {}
}

impl fmt::Debug for dyn Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("info", self.info()).finish()
    }
}
