//! One way to compile the recognisers' patterns.

use regex::Regex;

/// Compiles a pattern of this crate's own; `\b` counts ASCII letters as word characters.
///
/// With Unicode word boundaries the regex engine leaves its fast automaton at the first
/// character beyond ASCII (a curly quote is enough), which makes long documents ten times
/// slower; every pattern here begins and ends its words with ASCII letters.
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace(r"\b", r"(?-u:\b)")).expect("a recogniser's pattern is well formed")
}
