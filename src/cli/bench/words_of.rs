//! Text of a given length to time an engine with.

use std::fmt::Write as _;

use crate::engine::Engine;

/// About so many tokens of numbered sentences. Texts of different lengths share
/// no more than their first words.
pub fn text_of(engine: &dyn Engine, tokens: usize) -> String {
    let mut text = format!("Report of {tokens} tokens.");
    for n in 1.. {
        if engine.count(&text) >= tokens {
            break;
        }
        let lot = n * 37 % 101;
        // Writing to a string cannot fail.
        let _ =
            write!(text, " Item {n}: the supplier shall deliver lot {lot} to the northern depot.");
    }
    text
}
