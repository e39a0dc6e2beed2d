//! The labels of list items and headings, counted as `OpenDocument` says (part 3,
//! 5.3 and 16.30). Knows levels and numbers; knows nothing of text.

use std::collections::HashMap;

use crate::extract::numerals::written;
use crate::extract::xml::Tag;

pub const LEVELS: usize = 10;
/// Longer patterns than any list has; a label stands before every item.
const MOST_PATTERN: usize = 100;

/// One level of a list style.
#[derive(Debug, Clone, Default)]
pub struct Level {
    bullet: bool,
    /// A name of [`written`]; `None` for no number.
    format: Option<&'static str>,
    prefix: String,
    suffix: String,
    /// How many levels the label shows, its own among them.
    shows: usize,
    start: u32,
    /// A whole label, with levels as `%1%`.
    pattern: Option<String>,
}

impl Level {
    /// What a `text:list-level-style-number`, `-bullet` or `-image`, or a
    /// `text:outline-level-style` says.
    #[must_use]
    pub fn of(tag: &Tag<'_>) -> Self {
        let short = |name: &str| -> String {
            tag.attr(name).unwrap_or_default().chars().take(MOST_PATTERN).collect()
        };
        Self {
            bullet: tag.local().ends_with("bullet") || tag.local().ends_with("image"),
            format: format(&tag.attr("num-format").unwrap_or_default()),
            prefix: short("num-prefix"),
            suffix: short("num-suffix"),
            shows: tag.number("display-levels").map_or(1, |n| n as usize),
            start: tag.number("start-value").unwrap_or(1),
            pattern: tag.attr("num-list-format").map(|_| short("num-list-format")),
        }
    }
}

/// `style:num-format` (part 3, 19.502).
fn format(name: &str) -> Option<&'static str> {
    Some(match name {
        "" => return None,
        "a" => "lowerLetter",
        "A" => "upperLetter",
        "i" => "lowerRoman",
        "I" => "upperRoman",
        _ => "decimal",
    })
}

#[derive(Debug, Clone, Default)]
pub struct ListStyle(HashMap<usize, Level>);

impl ListStyle {
    pub fn add(&mut self, tag: &Tag<'_>, level: Level) {
        // Levels are counted from one.
        let at = tag.number("level").map_or(0, |n| (n as usize).saturating_sub(1));
        if at < LEVELS {
            self.0.insert(at, level);
        }
    }

    /// Counts an item at `level` (from zero), from `start` where it says so
    /// itself, and gives its label with the space after it.
    pub fn next(&self, counts: &mut Counts, level: usize, start: Option<u32>) -> Option<String> {
        let at = level.min(LEVELS - 1);
        let first = |at: usize| self.0.get(&at).map_or(1, |l| l.start);
        let next = counts.0[at].map_or_else(|| first(at), |n| n.saturating_add(1));
        counts.0[at] = Some(start.unwrap_or(next));
        counts.0[at + 1..].fill(None);
        let this = self.0.get(&at)?;
        if this.bullet {
            return Some("• ".into());
        }
        let number = |at: usize| {
            let format = self.0.get(&at)?.format?;
            Some(written(counts.0[at].unwrap_or_else(|| first(at)), format))
        };
        number(at)?;
        let label = if let Some(pattern) = &this.pattern {
            filled(pattern, at, &number)
        } else {
            let from = (at + 1).saturating_sub(this.shows.max(1));
            let numbers: Vec<String> = (from..=at).filter_map(number).collect();
            format!("{}{}{}", this.prefix, numbers.join("."), this.suffix)
        };
        let label = label.trim();
        (!label.is_empty()).then(|| format!("{label} "))
    }
}

/// A pattern with its numbers put in.
fn filled(pattern: &str, at: usize, number: &dyn Fn(usize) -> Option<String>) -> String {
    let mut out = String::new();
    for (n, piece) in pattern.split('%').enumerate() {
        let level = piece.parse::<usize>().ok().filter(|_| n % 2 == 1);
        match level.and_then(|l| l.checked_sub(1)).filter(|l| *l <= at) {
            Some(level) => out.push_str(&number(level).unwrap_or_default()),
            None => out.push_str(piece),
        }
    }
    out
}

/// How far a list was counted, by level.
#[derive(Debug, Clone, Default)]
pub struct Counts([Option<u32>; LEVELS]);

#[cfg(test)]
mod tests {
    use super::*;

    fn style(levels: &[Level]) -> ListStyle {
        ListStyle(levels.iter().cloned().enumerate().collect())
    }

    fn level(name: &str, shows: usize, suffix: &str) -> Level {
        Level { format: format(name), shows, suffix: suffix.into(), start: 1, ..Level::default() }
    }

    #[test]
    fn items_show_the_levels_that_their_style_says() {
        let style = style(&[level("1", 1, "."), level("a", 2, ")"), level("i", 1, "")]);
        let mut counts = Counts::default();
        let mut label = |at| style.next(&mut counts, at, None).unwrap_or_default();
        let labels = [0, 1, 1, 2, 0, 1].map(&mut label);
        assert_eq!(labels, ["1. ", "1.a) ", "1.b) ", "i ", "2. ", "2.a) "]);
    }

    #[test]
    fn a_pattern_and_a_start_of_its_own_are_kept() {
        let pattern = Level { pattern: Some("(%1%-%2%)".into()), ..level("1", 1, "") };
        let style = style(&[level("1", 1, ""), pattern]);
        let mut counts = Counts::default();
        assert_eq!(style.next(&mut counts, 0, Some(4)).as_deref(), Some("4 "));
        assert_eq!(style.next(&mut counts, 1, None).as_deref(), Some("(4-1) "));
        assert_eq!(style.next(&mut counts, 9, None), None);
    }
}
