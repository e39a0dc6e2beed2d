//! Terms without quotation marks: at the head of a sentence that says what they mean, and
//! in lists under a heading for them.

use std::sync::LazyLock;

use regex::Regex;

use super::{Manner, Term};
use crate::domain::recognise::name_words::FUNCTION;
use crate::domain::recognise::pattern;
use crate::domain::recognise::sentences::sentences;
use crate::domain::span::ByteSpan;

/// "Confidential Information means", "A Confidential Information@ shall mean" (quotation
/// marks that a conversion made letters of).
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:A\x20)?(?P<t>\p{Lu}[\p{L}\p{N}’'./&-]*(?:\x20(?:of|and|or|the|to|in|for|\p{Lu}[\p{L}\p{N}’'./&-]*)){0,6})\x20?(?:@\x20)?(?:\x20*\((?:the\x20)?[\x22“]?\p{L}+[\x22”]?\))?\x20*(?:(?P<sure>shall\x20(?:mean|have\x20the\x20meaning)|has\x20the\x20meaning|have\x20the\x20meaning)|means?|bedeutet|bezeichnet|désigne|signifie|significa|designa|indica)\b",
    )
});

/// Headings above lists of terms.
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[#\s\d.§IVX]*(?:definitions?|defined terms|glossary|interpretation|begriffsbestimmungen|definitionen|begriffe|définitions|definiciones|definizioni|definições)\b.{0,30}$",
    )
});

/// A line of such a list: "Term: what it is".
static ENTRY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\s\d.()*•-]*(?P<t>\p{Lu}[\p{L}\p{N}’'./&-]*(?: [\p{L}\p{N}’'./&-]+){0,5}) *(?:: |[–—] | - )\s*\S.{10}",
    )
});

/// Terms without marks at the head of a sentence ("Term means …"), and the entries of
/// lists under a heading for them. A text with none but one such sentence defines
/// nothing: "Brexit means Brexit".
pub(super) fn bare(view: &str, others: usize) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut sure = others > 1;
    for piece in sentences(view) {
        let Some(text) = piece.span.slice(view) else { continue };
        let Some(found) = BARE.captures(text) else { continue };
        let Some(term) = found.name("t") else { continue };
        let first = term.as_str().split(' ').next().unwrap_or_default();
        if FUNCTION.contains(first.to_lowercase().as_str()) {
            continue;
        }
        sure |= found.name("sure").is_some() || terms.len() > 1;
        let start = piece.span.start + term.start();
        terms.push(meaning(ByteSpan::new(start, start + term.len())));
    }
    if !sure {
        terms.clear();
    }
    terms.extend(listed(view));
    terms
}

fn meaning(span: ByteSpan) -> Term {
    Term { span, manner: Manner::Meaning, open: span.start }
}

/// A short line of words without a closing mark.
fn is_title(line: &str) -> bool {
    let line = line.trim();
    line.len() < 60
        && line.contains(char::is_alphabetic)
        && !line.ends_with(['.', ';', ',', ':', '!', '?'])
}

/// The entries of lists of terms, up to the next line that is no entry but a heading.
fn listed(view: &str) -> Vec<Term> {
    /// Lines without an entry that a list may have between two.
    const PAUSE: usize = 3;
    let mut terms = Vec::new();
    let mut left = 0;
    let mut start = 0;
    for line in view.split('\n') {
        let at = start;
        start += line.len() + 1;
        if line.trim().is_empty() {
            continue;
        }
        if HEADING.is_match(line) {
            left = PAUSE;
        } else if left > 0 {
            match ENTRY.captures(line).and_then(|found| found.name("t")) {
                Some(term) => {
                    left = PAUSE;
                    terms.push(meaning(ByteSpan::new(at + term.start(), at + term.end())));
                }
                // Another heading ends the list; a page number or a paragraph does not.
                None if is_title(line) => left = 0,
                None => left -= 1,
            }
        }
    }
    terms
}
