//! Whether a span of a text begins and ends between words, so that quoting it
//! does not cut a word, a figure or a negating prefix in two.

use unicode_normalization::char::is_combining_mark;

use crate::domain::span::ByteSpan;

/// Whether both ends of `span` lie at boundaries of words, figures and
/// hyphenated compounds of `text`.
pub(super) fn is_whole(text: &str, span: ByteSpan) -> bool {
    let (before, own, after) = parts(text, span);
    !begins_inside(before, own) && !ends_inside(own, after)
}

/// Whether neither end of `span` cuts through letters and digits of `text`.
pub(super) fn is_unbroken(text: &str, span: ByteSpan) -> bool {
    let (before, own, after) = parts(text, span);
    !touch(before.chars().next_back(), own.chars().next())
        && !touch(own.chars().next_back(), after.chars().next())
}

fn parts(text: &str, span: ByteSpan) -> (&str, &str, &str) {
    (&text[..span.start], &text[span.start..span.end], &text[span.end..])
}

/// Part of a word: letters, digits, marks on them, and what is invisible in them.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric()
        || is_combining_mark(c)
        || matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}')
}

pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Joins digits into one figure: "90,000", "4.2", "9:30", "3/2026", "2019–2020".
pub(super) fn joins_digits(c: char) -> bool {
    is_hyphen(c)
        || matches!(c, '.' | ',' | ':' | '/' | '\'' | '’' | '–' | '−')
        || matches!(c, '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// Scripts that are written without spaces, where any place is a boundary.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A raised or lowered figure: a note's number after a word, a power after a figure.
fn is_raised(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '\u{2070}'..='\u{209c}')
}

/// Whether two adjacent characters belong to one word.
fn touch(left: Option<char>, right: Option<char>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    if is_combining_mark(right) {
        return is_word(left);
    }
    if is_raised(right) {
        return left.is_numeric();
    }
    is_word(left) && is_word(right) && !is_unspaced(left) && !is_unspaced(right)
}

fn begins_inside(before: &str, own: &str) -> bool {
    let Some(first) = own.chars().next() else { return false };
    let mut back = before.chars().rev();
    let Some(last) = back.next() else { return false };
    if touch(Some(last), Some(first)) {
        return true;
    }
    let beyond = back.next();
    if first.is_numeric() && joins_digits(last) {
        return beyond.is_some_and(char::is_numeric);
    }
    let joined = is_hyphen(last) || matches!(last, '\'' | '’');
    joined && first.is_alphanumeric() && beyond.is_some_and(char::is_alphanumeric)
}

fn ends_inside(own: &str, after: &str) -> bool {
    let Some(last) = own.chars().next_back() else { return false };
    let mut ahead = after.chars();
    let Some(next) = ahead.next() else { return false };
    if touch(Some(last), Some(next)) {
        return true;
    }
    let beyond = ahead.next();
    if last.is_numeric() && joins_digits(next) {
        return beyond.is_some_and(char::is_numeric);
    }
    if !last.is_alphanumeric() || !beyond.is_some_and(char::is_alphanumeric) {
        return false;
    }
    if matches!(next, '\'' | '’') {
        // The possessive leaves the word itself whole.
        return !matches!(beyond, Some('s' | 'S')) || ahead.next().is_some_and(is_word);
    }
    is_hyphen(next)
}
