//! The engine that is none: it counts tokens, so that documents can be cut into
//! chunks, and leaves every answer to rules elsewhere. Knows no model.

use std::sync::OnceLock;

use tiktoken_rs::{CoreBPE, o200k_base};

use super::{Answer, Cancel, Engine, EngineError, EngineInfo, Progress};
use crate::domain::prompt::Prompt;

/// Added to every count, in percent. The vocabulary counted with is larger than
/// those of small models, which need more tokens for the same text: `SmolLM2` some
/// 10 % more for English prose, as it spells numbers digit by digit.
const MARGIN: usize = 15;

/// The share of UTF-8 bytes per token that is assumed where the vocabulary
/// cannot be built; English prose has about four.
const BYTES_PER_TOKEN: usize = 3;

/// Tokens of a text for a model whose tokenizer is not at hand: counted with
/// `OpenAI`'s `o200k_base`, which is part of the binary, and [`MARGIN`] percent
/// added, rounded up.
#[must_use]
pub fn estimate(text: &str) -> usize {
    static VOCABULARY: OnceLock<Option<CoreBPE>> = OnceLock::new();
    let counted = match VOCABULARY.get_or_init(|| o200k_base().ok()) {
        Some(bpe) => bpe.encode_ordinary(text).len(),
        None => text.len().div_ceil(BYTES_PER_TOKEN),
    };
    counted + (counted * MARGIN).div_ceil(100)
}

/// No model at all: recognisers and selection rules do what can be done.
#[derive(Debug)]
pub struct RulesEngine {
    info: EngineInfo,
}

impl RulesEngine {
    #[must_use]
    pub fn new() -> Self {
        Self {
            info: EngineInfo {
                engine: "rules",
                model: "none".to_owned(),
                sha256: String::new(),
                context: usize::MAX,
                window: 1_000,
                answers: false,
                device: "no model".to_owned(),
                variant: String::new(),
                leaves_machine: None,
            },
        }
    }
}

impl Default for RulesEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for RulesEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn count(&self, text: &str) -> usize {
        estimate(text)
    }

    fn generate(
        &self,
        _prompt: &Prompt,
        _cancel: &Cancel,
        _progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, EngineError> {
        Err(EngineError::Refused(
            "no model is loaded; choose one with --model to have this answered.".to_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::prompt::{Constraint, Sampling};

    #[test]
    fn counts_are_a_little_above_the_vocabulary_s_own() {
        assert_eq!(estimate(""), 0);
        // "hello world" is two tokens of o200k_base.
        assert_eq!(estimate("hello world"), 3);
        let page = "The parties agree to the terms of this agreement. ".repeat(40);
        let exact = o200k_base().expect("embedded").encode_ordinary(&page).len();
        assert!(estimate(&page) > exact && estimate(&page) < exact * 6 / 5);
    }

    #[test]
    fn control_tokens_of_the_vocabulary_are_counted_as_text() {
        assert!(estimate("<|endoftext|>") > 3);
    }

    #[test]
    fn a_prompt_is_refused_in_a_sentence() {
        let prompt = Prompt {
            messages: vec![],
            constraint: Constraint::Free,
            sampling: Sampling::GREEDY,
            max_tokens: 8,
            round: 0,
        };
        let engine = RulesEngine::new();
        assert!(!engine.info().answers);
        let error = engine.generate(&prompt, &Cancel::new(), &mut |_| {}).expect_err("refused");
        assert!(matches!(&error, EngineError::Refused(why) if why.contains("--model")), "{error}");
    }
}
