//! Whether a span of a text begins and ends between words, so that quoting it
//! does not cut a word, a figure or a negating prefix in two.

mod figure;
mod prefix;

use unicode_normalization::char::is_combining_mark;

use crate::domain::span::ByteSpan;

/// Whether both ends of `span` lie at boundaries of words, figures and
/// hyphenated compounds of `text`.
pub(super) fn is_whole(text: &str, span: ByteSpan) -> bool {
    let (left, rest) = text.split_at(span.start);
    let (inner, right) = rest.split_at(span.len());
    let (before, own, after) = parts(text, span);
    !wraps(left, inner)
        && !wraps(inner, right)
        && !begins_inside(before, own)
        && !ends_inside(own, after)
}

/// Whether neither end of `span` cuts through letters and digits of `text`.
pub(super) fn is_unbroken(text: &str, span: ByteSpan) -> bool {
    let (before, own, after) = parts(text, span);
    !touch(before.chars().next_back(), own.chars().next())
        && !touch(own.chars().next_back(), after.chars().next())
}

/// What stands before, in and after the span, without what is invisible at its ends: a
/// word goes on over it.
fn parts(text: &str, span: ByteSpan) -> (&str, &str, &str) {
    /// Bytes beside a span that are looked at; a quote may occur at every letter.
    const FAR: usize = 64;
    let from = text.ceil_char_boundary(span.start.saturating_sub(FAR));
    let to = text.floor_char_boundary(text.len().min(span.end + FAR));
    (
        text[from.min(span.start)..span.start].trim_end_matches(is_invisible),
        text[span.start..span.end].trim_matches(is_invisible),
        text[span.end..to.max(span.end)].trim_start_matches(is_invisible),
    )
}

/// Takes no room and has no meaning of its own in a comparison.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
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
        || is_apostrophe(c)
        || matches!(c, '.' | ',' | ':' | '/' | '–' | '−' | '_' | '·' | '\u{66b}' | '\u{66c}')
        || matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}')
}

/// An apostrophe, also one that was typed as an accent.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '`' | '´')
}

/// Holds the two halves of one name together: "AT&T", "info@acme".
fn joins_names(c: char) -> bool {
    is_hyphen(c) || is_apostrophe(c) || matches!(c, '&' | '@' | '_')
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
    let alone = beyond.is_none_or(|c| c.is_whitespace() || c == '(');
    if is_currency(first) {
        // "US$90" is not "$90", and "-$90" is less.
        return last.is_alphabetic() || is_minus(last) && alone || figure::has_country(before);
    }
    if first.is_numeric() {
        let signed = (is_minus(last) || last == '.') && alone;
        let joined = joins_digits(last)
            && beyond.is_some_and(|c| c.is_numeric() || is_minus(last) && is_currency(c));
        return signed || joined || figure::is_bounded(before) || figure::is_group(before, own);
    }
    if first.is_alphanumeric() && prefix::negates(before) {
        return true;
    }
    joins_names(last) && first.is_alphanumeric() && beyond.is_some_and(char::is_alphanumeric)
}

fn ends_inside(own: &str, after: &str) -> bool {
    let Some(last) = own.chars().next_back() else { return false };
    let mut ahead = after.chars();
    let Some(next) = ahead.next() else { return false };
    if touch(Some(last), Some(next)) {
        return true;
    }
    let beyond = ahead.next();
    if last.is_numeric() && figure::goes_on(own, after) {
        return true;
    }
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
    // "Acme.com" is not "Acme"; a sentence that begins without a space has a capital.
    joins_names(next) || next == '.' && beyond.is_some_and(char::is_lowercase)
}

fn is_minus(c: char) -> bool {
    is_hyphen(c) || matches!(c, '−' | '–')
}

fn is_currency(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₹')
}

/// Whether a word that a line end cuts in two goes on between the two texts
/// ("non-" and "exclusive", with the number of the line between them or not).
fn wraps(left: &str, right: &str) -> bool {
    /// As far as a line number and its spaces reach.
    const FAR: usize = 24;
    let from = left.ceil_char_boundary(left.len().saturating_sub(FAR));
    let to = right.floor_char_boundary(right.len().min(FAR));
    let gap_before = left[from..].trim_end_matches(is_blank_or_digit);
    let broken = |gap: &str| gap.contains('\n');
    let hyphen = |c: char| is_hyphen(c) || c == '\u{ad}';
    let ends_in_hyphen = |text: &str| {
        let mut back = text.chars().rev();
        back.next().is_some_and(hyphen) && back.next().is_some_and(char::is_alphanumeric)
    };
    if let Some(word) = right[..to].strip_prefix(hyphen) {
        let behind = word.trim_start_matches(is_blank_or_digit);
        return left.ends_with(char::is_alphanumeric)
            && broken(&word[..word.len() - behind.len()])
            && behind.starts_with(char::is_alphanumeric);
    }
    right.starts_with(char::is_alphanumeric)
        && broken(&left[from + gap_before.len()..])
        && ends_in_hyphen(gap_before)
}

fn is_blank_or_digit(c: char) -> bool {
    c.is_whitespace() || c.is_ascii_digit()
}

#[cfg(test)]
mod tests;
