//! Prefixes that turn the word behind them into its contrary, however the hyphen between
//! the two is written. It knows nothing of whole words that negate.

use super::{is_hyphen, is_invisible};

/// Prefixes that are written with a hyphen and no words of their own in English.
const NEGATING: [&str; 2] = ["non", "un"];

/// Whether `before` ends in a negating prefix and some dash: "non–", "non- ", "non -".
pub(super) fn negates(before: &str) -> bool {
    let dash = |c: char| is_hyphen(c) || matches!(c, '\u{2012}'..='\u{2014}' | '−');
    let joint = |c: char| dash(c) || c == ' ' || is_invisible(c);
    let stem = before.trim_end_matches(joint);
    let word = stem.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    before[stem.len()..].contains(dash) && NEGATING.contains(&word.to_lowercase().as_str())
}
