//! Choices by letter: which tokens a letter may be, and what the model makes of
//! each before it writes anything. Knows tokens and logits, nothing of questions.

use std::fmt::Write as _;

use super::template::PromptBuilder;
use crate::domain::prompt::{Constraint, MOST_OPTIONS};

/// What vocabularies write for a space before a word: byte-level ones, and
/// those of `SentencePiece`.
const SPACES: [&str; 2] = ["\u{120}", "\u{2581}"];

/// A letter with its tokens: as an answer's first character, and with a space
/// before it. After most chat templates only the first is likely, after one
/// that ends in "Answer:" only the second.
pub type Letter = (char, Vec<u32>);

/// The letters that a constraint offers; `None` where it offers none, or the
/// vocabulary has no token for one of them.
pub fn letters(prompts: &PromptBuilder, constraint: &Constraint) -> Option<Vec<Letter>> {
    let Constraint::Choose { of } = constraint else { return None };
    let spaced = |letter: char| SPACES.iter().map(move |space| format!("{space}{letter}"));
    let tokens = |letter: char| -> Option<Letter> {
        let forms = std::iter::once(letter.to_string()).chain(spaced(letter));
        let ids: Vec<u32> = forms.filter_map(|form| prompts.token(&form)).collect();
        (!ids.is_empty()).then_some((letter, ids))
    };
    ('A'..='Z').take((*of).clamp(1, MOST_OPTIONS)).map(tokens).collect()
}

/// A line for each letter: the letter, a tab, and the natural logarithm of the
/// share that its tokens have of the softmax over all `logits`.
pub fn weighed(logits: &[f32], letters: &[Letter]) -> String {
    let all = log_sum(logits.iter().copied());
    let mut lines = String::new();
    for (letter, ids) in letters {
        let own = log_sum(ids.iter().filter_map(|id| logits.get(*id as usize).copied()));
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{letter}\t{:.4}", own - all);
    }
    lines
}

/// The logarithm of the sum of exponentials, without overflow.
fn log_sum(logits: impl Iterator<Item = f32> + Clone) -> f64 {
    let most = logits.clone().fold(f32::NEG_INFINITY, f32::max);
    if most == f32::NEG_INFINITY {
        return f64::NEG_INFINITY;
    }
    f64::from(most) + logits.map(|logit| f64::from(logit - most).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_weighs_what_all_its_tokens_have_of_the_whole_vocabulary() {
        // Shares of eight: 1, 2, 1 and 4, far from zero as real logits may be.
        let logits = [1.0_f32, 2.0, 1.0, 4.0].map(|share| share.ln() - 700.0);
        let letters = [('A', vec![0, 2]), ('B', vec![1])];
        // ln(2/8) = -1.3863 for both.
        assert_eq!(weighed(&logits, &letters), "A\t-1.3863\nB\t-1.3863\n");
        // ln(4/8), as near as floats of this size are.
        let most = weighed(&logits, &[('A', vec![3])]);
        let most: f64 = most.trim_start_matches("A\t").trim().parse().expect("a number");
        assert!((most + 0.693).abs() < 0.001, "{most}");
    }
}
