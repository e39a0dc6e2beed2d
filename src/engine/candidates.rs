//! All that stands in a source and looks like what is asked for. A server's
//! grammar cannot say "a part of this text", but it can say "one of these"; and
//! of sentences that is less to compile wherever grammars are.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use regex::Regex;

use crate::domain::prompt::Shape;
use crate::domain::sentence::{display, sentences};
use crate::engine::shape;

/// Most candidates that a grammar is made of, and most bytes of them.
const MOST: usize = 200;
const MOST_BYTES: usize = 20_000;

/// The candidates in the order of the source, each once, with white space as
/// single spaces; none longer than `max_words` words. `None` where the shape
/// says nothing, or there are too many: then anything may be quoted, and
/// anchoring alone decides.
pub fn candidates(source: &str, shape: Shape, max_words: usize) -> Option<Vec<String>> {
    let pattern = compiled(shape)?;
    let parts: Vec<String> = match shape {
        Shape::Duty => sentences(source)
            .into_iter()
            .filter_map(|span| span.slice(source))
            .map(display)
            .filter(|sentence| pattern.is_match(sentence))
            .map(|sentence| first_words(&sentence, max_words).to_owned())
            .collect(),
        _ => paragraphs(source).iter().flat_map(|text| whole_words(&pattern, text)).collect(),
    };
    let parts = match shape {
        Shape::Name => parts.iter().flat_map(|name| endings(&pattern, name)).collect(),
        _ => parts,
    };
    let mut found: Vec<String> = Vec::new();
    for part in parts {
        if !found.contains(&part) && part.split(' ').count() <= max_words {
            found.push(part);
        }
    }
    let bytes: usize = found.iter().map(String::len).sum();
    (found.len() <= MOST && bytes <= MOST_BYTES).then_some(found)
}

fn compiled(shape: Shape) -> Option<Regex> {
    static KNOWN: LazyLock<Mutex<HashMap<&'static str, Regex>>> = LazyLock::new(Mutex::default);
    let pattern = shape::pattern(shape)?;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.get(pattern) {
        return Some(regex.clone());
    }
    let regex = Regex::new(pattern).expect("a test compiles each of them");
    known.insert(pattern, regex.clone());
    Some(regex)
}

/// Paragraphs with every run of white space as one space: a quote may run on
/// over a wrapped line, never over a blank one.
fn paragraphs(source: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in source.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match paragraphs.last_mut() {
            Some(last) if !words.is_empty() => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(&words.join(" "));
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs
}

/// The matches that begin and end where words do.
fn whole_words(pattern: &Regex, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(hit) = pattern.find_at(text, at) {
        let cuts_before = text[..hit.start()].ends_with(char::is_alphanumeric)
            && hit.as_str().starts_with(char::is_alphanumeric);
        let cuts_after = text[hit.end()..].starts_with(char::is_alphanumeric)
            && hit.as_str().ends_with(char::is_alphanumeric);
        if !cuts_before && !cuts_after {
            found.push(hit.as_str().to_owned());
            at = hit.end();
        } else {
            // The next word may begin one that fits.
            at = text[hit.start()..].find(' ').map_or(text.len(), |i| hit.start() + i + 1);
        }
    }
    found
}

/// A run of words with capitals and what it ends in, down to two words: in
/// "Between Halden Marine Ltd" the name begins with the second one.
fn endings(pattern: &Regex, name: &str) -> Vec<String> {
    let starts = name.match_indices(' ').map(|(at, _)| at + 1);
    std::iter::once(0)
        .chain(starts)
        .map(|start| &name[start..])
        .filter(|ending| pattern.find(ending).is_some_and(|hit| hit.len() == ending.len()))
        .map(str::to_owned)
        .collect()
}

fn first_words(text: &str, max: usize) -> &str {
    let end = text.match_indices(' ').nth(max.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "Rotterdam, 4 May 2026\n\nHalden Marine Ltd shall pay EUR 48,500.00 to\n\
        Dr. Anna Keller by 11 May\n2026. Maybe more. The rest is $5.\n\nShe shall not. Pay 4 May 2026.";

    #[test]
    fn what_has_the_shape_is_found_as_it_stands() {
        let of = |shape| candidates(LETTER, shape, 10).expect("few");
        assert_eq!(of(Shape::Date), ["4 May 2026", "11 May 2026"]);
        assert_eq!(of(Shape::Amount), ["EUR 48,500.00", "$5."]);
        assert!(of(Shape::Name).contains(&"Halden Marine Ltd".to_owned()));
        assert_eq!(
            of(Shape::Duty),
            ["Halden Marine Ltd shall pay EUR 48,500.00 to Dr. Anna", "She shall not."]
        );
        assert_eq!(candidates(LETTER, Shape::Any, 10), None);
        assert_eq!(candidates("Nothing here.", Shape::Date, 10), Some(vec![]));
    }

    #[test]
    fn a_name_after_another_word_with_a_capital_can_be_quoted() {
        let names = candidates("Between Halden Marine Ltd and Bank of England.", Shape::Name, 10);
        let names = names.expect("few");
        assert_eq!(names[..2], ["Between Halden Marine Ltd", "Halden Marine Ltd"]);
        assert!(names.contains(&"Bank of England".to_owned()), "{names:?}");
        assert!(names.iter().all(|name| name.contains(' ') && !name.starts_with("of")));
    }

    #[test]
    fn too_many_to_lock_to_are_not_locked_to() {
        let many: Vec<String> = (1..=300).map(|n| format!("It costs ${n} today.")).collect();
        let many = many.join("\n");
        assert_eq!(candidates(&many, Shape::Amount, 10), None);
        assert_eq!(candidates("", Shape::Amount, 10), Some(vec![]));
    }
}
