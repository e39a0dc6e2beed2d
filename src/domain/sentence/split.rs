//! Cuts one block of running text into sentences. Knows abbreviations, numbers
//! and enumerations; knows nothing of lines, which the caller has joined.

use super::abbreviation::{
    AFTER_ORDINALS, DIVISIONS, MAYBE, NEVER, NUMBERED, ORDINAL_LEADS, STARTERS,
};
use crate::domain::span::ByteSpan;

/// Words an enumerated item must have to be a sentence of its own.
const FEW_WORDS: usize = 4;

const OPENERS: &[char] = &['"', '\'', '“', '‘', '„', '‚', '«', '(', '[', '*', '_'];
const CLOSERS: &[char] = &['"', '\'', '”', '’', '“', '»', ')', ']', '*', '_'];
const TERMINATORS: &[char] = &['.', '!', '?', '…'];
const WIDE_TERMINATORS: &[char] = &['。', '！', '？'];

/// The sentences of `text`, trimmed and not empty, in order.
pub(super) fn split(text: &str) -> Vec<ByteSpan> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(mark) = text[at..].find(is_mark).map(|i| at + i) {
        let end = past_marks(text, mark);
        at = end;
        let Some(cut) = cut_at(&text[start..mark], &text[mark..end], text, end) else { continue };
        push(text, start, cut, &mut spans);
        start = cut;
        at = cut;
    }
    push(text, start, text.len(), &mut spans);
    spans
}

/// Whether `text` is an enumerated item too short to be a sentence of its own.
pub(super) fn is_short_item(text: &str) -> bool {
    let listed = text.ends_with([';', ',']) || text.ends_with("; and") || text.ends_with("; or");
    listed && enumerator(text).is_some() && text.split_whitespace().count() - 1 < FEW_WORDS
}

fn is_mark(c: char) -> bool {
    c == ';' || TERMINATORS.contains(&c) || WIDE_TERMINATORS.contains(&c)
}

/// The end of a run of terminators and of what closes after them.
fn past_marks(text: &str, mark: usize) -> usize {
    let rest = &text[mark..];
    if rest.starts_with(';') {
        return mark + 1;
    }
    let marks = rest.trim_start_matches(is_mark);
    let closed = marks.trim_start_matches(CLOSERS);
    text.len() - closed.len()
}

/// Where the sentence ends if it ends at this mark. `end` is the offset after
/// the mark and its closers in `text`.
fn cut_at(before: &str, mark: &str, text: &str, end: usize) -> Option<usize> {
    let rest = &text[end..];
    let next = rest.trim_start();
    if next.is_empty() {
        return None;
    }
    if mark.starts_with(WIDE_TERMINATORS) {
        return Some(end);
    }
    if next.len() == rest.len() {
        return None;
    }
    if mark.starts_with(';') {
        return item_end(before, next).map(|joiner| text.len() - next.len() + joiner);
    }
    ends(before, mark, next).then_some(end)
}

/// After a semicolon: whether the next item of an enumeration begins, and the
/// bytes of the "and" or "or" that still belong to the item before it.
fn item_end(before: &str, next: &str) -> Option<usize> {
    let joiner = ["and/or ", "and ", "or ", "und ", "oder "]
        .into_iter()
        .find(|word| next.starts_with(word))
        .map_or(0, str::len);
    enumerator(&next[joiner..])?;
    let own = before.trim_start();
    let words = own.split_whitespace().count() - usize::from(enumerator(own).is_some());
    (words >= FEW_WORDS).then_some(joiner)
}

/// The length of "(a)", "(iv)", "(2)" or "b)" at the start of `text`.
fn enumerator(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('(').unwrap_or(text);
    let close = inner.bytes().take(5).position(|b| b == b')')?;
    let token = &inner[..close];
    let bracketed = inner.len() < text.len();
    let letters = (1..=if bracketed { 4 } else { 1 }).contains(&token.len())
        && token.bytes().all(|b| b.is_ascii_alphabetic());
    let digits =
        bracketed && (1..=2).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_digit());
    (letters || digits).then_some(text.len() - inner.len() + close + 1)
}

/// Whether `mark` after `before` ends a sentence when `next` follows.
pub(super) fn ends(before: &str, mark: &str, next: &str) -> bool {
    let follow = next.trim_start_matches(OPENERS);
    let lower = follow.starts_with(char::is_lowercase) && enumerator(next).is_none();
    let dots = mark.chars().take_while(|c| *c == '.').count();
    if dots != 1 || mark.trim_end_matches(CLOSERS) != "." {
        return !lower;
    }
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let word = word.trim_start_matches(OPENERS);
    // A bracket or a quotation mark between word and stop: not an abbreviation.
    if word.is_empty() || word.ends_with(CLOSERS) {
        return !lower;
    }
    if word.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return number_ends(before, word, follow, lower);
    }
    if word.chars().count() == 1 && word.chars().all(char::is_alphabetic) {
        return letter_ends(before, word, follow);
    }
    // "logos, music, etc. (the Materials) are": the bracket belongs to the same sentence.
    let goes_on = next.starts_with('(') && word.eq_ignore_ascii_case("etc");
    word_ends(word, follow, lower || goes_on)
}

fn number_ends(before: &str, number: &str, follow: &str, lower: bool) -> bool {
    // "4." or "4.2." at the start is a clause's number.
    if lower || before.trim() == number {
        return false;
    }
    let short = number.len() <= 2;
    let lead = before[..before.len() - number.len()].split_whitespace().next_back().unwrap_or("");
    let ordinal =
        AFTER_ORDINALS.iter().any(|m| follow.starts_with(m)) || ORDINAL_LEADS.contains(&lead);
    !(short && ordinal)
}

/// A single letter: an initial, a part of "z. B.", or the end of "Schedule A."
fn letter_ends(before: &str, letter: &str, follow: &str) -> bool {
    if before.trim() == letter {
        return false;
    }
    let lead = before[..before.len() - letter.len()].split_whitespace().next_back().unwrap_or("");
    if DIVISIONS.contains(&lead.to_lowercase().as_str()) {
        return !follow.starts_with(char::is_lowercase);
    }
    let german = ["z.", "d.", "u.", "o.", "i.", "s."].contains(&lead);
    let english = matches!(letter, "v" | "p" | "s" | "c");
    !german && !english && is_starter(follow)
}

fn word_ends(word: &str, follow: &str, lower: bool) -> bool {
    let bare = word.to_lowercase();
    let bare = bare.rsplit(['(', '/', '"']).next().unwrap_or(&bare);
    if NEVER.contains(&bare) {
        return false;
    }
    if NUMBERED.contains(&bare) {
        let first: String = follow.chars().take_while(|c| c.is_alphanumeric()).collect();
        let lettered = !matches!(bare, "no" | "nos" | "p" | "pp")
            && !follow[first.len()..].starts_with(['\'', '’', ' '])
            && (first.len() == 1 || first.chars().all(|c| "IVXLC".contains(c)));
        let figure = first.starts_with(char::is_numeric) || (!first.is_empty() && lettered);
        return !figure && !lower;
    }
    let initials = bare.contains('.') && bare.split('.').all(|part| part.chars().count() == 1);
    if MAYBE.contains(&bare) || initials {
        return !lower && is_starter(follow);
    }
    if bare == "etc" || bare == "usw" {
        return !lower;
    }
    // Transcripts in small letters: "... and that was it. so we went on".
    let plain = word.chars().count() > 3 && word.chars().all(char::is_lowercase);
    !lower || plain
}

fn is_starter(follow: &str) -> bool {
    let end = follow.find(|c: char| !c.is_alphabetic()).unwrap_or(follow.len());
    STARTERS.contains(&&follow[..end])
}

fn push(text: &str, start: usize, end: usize, spans: &mut Vec<ByteSpan>) {
    let piece = &text[start..end];
    let trimmed = piece.trim();
    if trimmed.chars().any(char::is_alphanumeric) {
        let from = start + (piece.len() - piece.trim_start().len());
        spans.push(ByteSpan::new(from, from + trimmed.len()));
    } else if let Some(last) = spans.last_mut().filter(|_| !trimmed.is_empty()) {
        // A stray mark belongs to the sentence before it.
        last.end = start + piece.trim_end().len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|s| s.slice(text).expect("the span fits")).collect()
    }

    /// Asserts that `text` is cut at each "|" and nowhere else.
    #[track_caller]
    fn check(marked: &str) {
        let text = marked.replace('|', " ");
        let wanted: Vec<&str> = marked.split('|').collect();
        assert_eq!(cut(&text), wanted);
    }

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        check("Acme Inc. and Beta Ltd. agree.|They sign.");
        check("Mr. J. R. Smith met Dr. Reeve.|He left.");
        check("See No. 5 and Art. 3 Abs. 2 of it.|Done.");
        check("Costs, e.g. Travel, i.e. Trains, are paid.|No more.");
        check("The logos, music, etc. (\"Materials\") are owned.|No more.");
        check("Brown v. Board was cited.|It applies.");
        check("Er zahlt, z. B. Miete, bzw. Pacht.|Der Rest folgt.");
        check("It was made in the U.S. Senate by U.S. law.|We saw it.");
    }

    #[test]
    fn an_abbreviation_ends_a_sentence_where_the_next_word_begins_one() {
        check("It was sold to Acme Inc.|The price was low.");
        check("It began at 9:34 a.m.|We went on.");
        check("They moved to the U.S.|He stayed.");
    }

    #[test]
    fn a_plain_no_ends_a_sentence_but_a_numbered_one_does_not() {
        check("No.|We did not.");
        check("March 3 -- no.|I'm sorry.");
        check("Invoice No. 17 is due.|Pay it.");
    }

    #[test]
    fn numbers_do_not_end_a_sentence_unless_a_new_one_follows() {
        check("The rate is 4.25 per cent.|It rises.");
        check("4.2 The term is 3.5 years.|It ends.");
        check("4. The Supplier shall pay.|5. The Client may not.");
        check("It was signed in 2021.|The term began.");
        check("Am 1. März 2025 beginnt er.|Er endet am 31. Dezember.");
    }

    #[test]
    fn a_letter_after_a_division_can_end_a_sentence_but_an_initial_cannot() {
        check("The rest is in Schedule A.|The Client shall pay.");
        check("John Q. Public signed.|He left.");
    }

    #[test]
    fn quotation_marks_and_brackets_close_with_the_sentence() {
        check("He said \"Stop.\"|Then he left.");
        check("(It was late.)|We went home.");
        check("\"Really?\" he asked.|Yes.");
        check("He paid (see clause 4).|That was all.");
    }

    #[test]
    fn items_of_an_enumeration_are_sentences_when_long_enough() {
        check(
            "It shall (a) keep the data secret at all times;|(b) return every copy of it; and|(c) tell nobody else of it.",
        );
    }

    #[test]
    fn short_items_stay_together() {
        check("(a) rent; (b) heating; and (c) repairs to the roof.");
    }

    #[test]
    fn an_ellipsis_in_a_sentence_does_not_end_it() {
        check("I was... not sure.|Then I was.");
    }

    #[test]
    fn sentences_in_small_letters_are_told_apart() {
        check("so that was the meeting.|then we went on.");
    }

    #[test]
    fn chinese_sentences_need_no_space() {
        assert_eq!(cut("他签了合同。她没有。"), ["他签了合同。", "她没有。"]);
    }
}
