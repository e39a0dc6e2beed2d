//! What is asked of an engine: messages, what the answer may look like, and
//! how it is sampled. Engines translate this; they add nothing of their own.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    System,
    User,
    Assistant,
}

impl Role {
    /// The name chat templates use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub role: Role,
    pub text: String,
}

/// The form an answer must have. An engine that can constrain decoding makes
/// any other answer impossible; one that cannot leaves it to anchoring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// Any text.
    Free,
    /// One to `max` lines, each a run of consecutive words of `source` on one
    /// line and at most `max_words` long; or the single word [`NONE`].
    Quotes { source: String, max: usize, max_words: usize, shape: Shape },
    /// One to `max` different numbers of `1..=of`, separated by ", "; or the
    /// single word [`NONE`].
    Pick { of: usize, max: usize },
    /// One paragraph in which every run of digits is part of one of `literals`;
    /// words without digits are free. `literals` are the source's own dates,
    /// amounts and numbers, verbatim.
    Locked { literals: Vec<String> },
}

/// What a quote has to look like, in place of a length in words. It narrows what a small model can copy to
/// what was asked for; whether it is that is judged afterwards all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    Any,
    /// Day, month and year in figures or words, at least two of them.
    Date,
    /// A figure with a currency.
    Amount,
    /// Two or more words with capitals.
    Name,
    /// A passage with a word of duty such as "shall".
    Duty,
}

/// The answer of an engine that has nothing to quote or to pick.
pub const NONE: &str = "none";

/// How tokens are drawn. Temperature 0 is greedy decoding.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    pub temperature: f64,
    /// Nucleus: 0 < `top_p` <= 1; 1 keeps every token.
    pub top_p: f64,
}

impl Sampling {
    pub const GREEDY: Self = Self { temperature: 0.0, top_p: 1.0 };
}

/// One question to an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    pub messages: Vec<Message>,
    pub constraint: Constraint,
    pub sampling: Sampling,
    /// Upper bound of the answer in tokens; the engine lowers it to the room
    /// that its context leaves.
    pub max_tokens: usize,
}
