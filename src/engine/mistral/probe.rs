//! Timing an engine: prompts of any length that mean nothing. What they cost is
//! what real ones cost, since no part of the computation depends on the words.

use std::time::{Duration, Instant};

use super::generate::{Ask, Go};
use super::{Cancel, EngineError, MistralEngine, Progress};
use crate::domain::prompt::Sampling;

/// What one prompt took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    /// Until the whole prompt was read.
    pub read: Duration,
    /// For each token of the answer after the first, in seconds.
    pub decode: f64,
}

impl MistralEngine {
    /// `n` ids of ordinary tokens, the same for the same `seed`.
    pub fn arbitrary_ids(&self, n: usize, seed: u64) -> Vec<u32> {
        let vocabulary = self.prompts.vocabulary().max(1) as u64;
        // A linear congruential generator (Knuth's MMIX constants): any spread of
        // ids will do, but it must be the same on every machine.
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            u32::try_from((state >> 33) % vocabulary).unwrap_or_default()
        };
        let ordinary = |id: &u32| !self.ends.contains(id);
        std::iter::repeat_with(&mut next).filter(ordinary).take(n).collect()
    }

    /// Reads `ids` and writes `answer` tokens, at least two, without end tokens
    /// among them. What earlier prompts left is used, as for any other.
    ///
    /// # Errors
    /// As [`crate::engine::Engine::generate`].
    pub fn probe(&self, ids: &[u32], answer: usize, cancel: &Cancel) -> Result<Probe, EngineError> {
        let max = self.room(ids.len(), answer.max(2))?;
        let ask = Ask {
            sampling: Sampling::GREEDY,
            max,
            grammar: None,
            ends: &self.ends,
            endless: true,
            weigh: false,
        };
        let mut first = None;
        let mut hear = |progress| {
            // The whole prompt is read once the first token is there.
            if matches!(progress, Progress::Prefill { done, total } if done == total) {
                first = Some(Instant::now());
            }
            Go::On
        };
        let outcome = self.runner.take(cancel)?.answer(ids, &ask, cancel, &mut hear)?;
        let after_first = outcome.tokens.len().saturating_sub(1).max(1);
        let wrote = first.map_or(outcome.decode, |first| first.elapsed());
        #[expect(clippy::cast_precision_loss, reason = "answers are short")]
        let decode = wrote.as_secs_f64() / after_first as f64;
        Ok(Probe { read: outcome.prefill, decode })
    }
}
