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
    /// One paragraph that has no facts but those it was given.
    Locked(Lock),
    /// One capital letter of the first `of`, from A, at most [`MOST_OPTIONS`].
    /// An engine that sees what the model makes of each letter says so instead:
    /// a line for each, the letter, a tab and the natural logarithm of its
    /// probability among all tokens. [`letter_weights`] reads both.
    Choose { of: usize },
}

/// What a locked paragraph may hold beside ordinary words in small letters. An
/// engine holds as much of it as it can.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lock {
    /// The source's own dates, amounts and numbers, verbatim: every run of digits
    /// is part of one of them.
    pub literals: Vec<String>,
    /// Words with a capital letter that may stand anywhere: names, defined terms.
    /// `None` where any may, since the language writes its nouns so.
    pub names: Option<Vec<String>>,
    /// Words with a capital letter that may begin a sentence.
    pub openers: Vec<String>,
    /// Words in small letters that may not stand: numbers, months and currencies
    /// that the source does not have.
    pub barred: Vec<String>,
}

/// Most letters that a [`Constraint::Choose`] may offer.
pub const MOST_OPTIONS: usize = 16;

/// What an answer to [`Constraint::Choose`] says of each of `of` letters, as
/// natural logarithms of probabilities among them; a bare letter has all of it.
/// `None` where it is no answer.
#[must_use]
pub fn letter_weights(answer: &str, of: usize) -> Option<Vec<f64>> {
    let letters = || ('A'..='Z').take(of.min(MOST_OPTIONS));
    let said: Vec<Option<f64>> = letters().map(|letter| weight(answer, letter)).collect();
    if said.iter().any(Option::is_none) {
        let chosen = answer.trim().chars().next()?;
        let only = |letter| if letter == chosen { 0.0 } else { f64::NEG_INFINITY };
        return letters().any(|letter| letter == chosen).then(|| letters().map(only).collect());
    }
    let said: Vec<f64> = said.into_iter().flatten().collect();
    let most = said.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = said.iter().map(|weight| (weight - most).exp()).sum();
    sum.is_finite().then(|| said.iter().map(|weight| weight - most - sum.ln()).collect())
}

/// The number on a letter's line.
fn weight(answer: &str, letter: char) -> Option<f64> {
    let of_letter = |line: &str| line.strip_prefix(letter)?.strip_prefix('\t')?.parse().ok();
    answer.lines().find_map(of_letter)
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
    /// How often the same was asked before, so that each answer is kept.
    #[serde(default, skip_serializing_if = "is_first")]
    pub round: usize,
}

/// Serde's `skip_serializing_if` takes functions of a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_first(round: &usize) -> bool {
    *round == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_letters_are_shares_among_them() {
        let weights = letter_weights("A\t-3.0\nB\t-3.0\n", 2).expect("an answer");
        assert!(weights.iter().all(|weight| (weight.exp() - 0.5).abs() < 1e-9), "{weights:?}");
    }

    #[test]
    fn a_bare_letter_has_all_the_weight() {
        assert_eq!(letter_weights("B", 3), Some(vec![f64::NEG_INFINITY, 0.0, f64::NEG_INFINITY]));
        assert_eq!(letter_weights("D", 3), None);
        assert_eq!(letter_weights("", 3), None);
    }
}
