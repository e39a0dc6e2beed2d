//! The words of a view with what stands between them, so that rules can walk to the left
//! and right of a cue. It knows nothing of names.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;

use crate::domain::span::ByteSpan;

static WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"A/S|S\.à\.?|[\p{L}\p{N}]+(?:[.'’\-][\p{L}\p{N}]+)*\.?"));

/// The words of one view.
pub(super) struct Tokens<'a> {
    view: &'a str,
    spans: Vec<ByteSpan>,
}

impl<'a> Tokens<'a> {
    pub fn new(view: &'a str) -> Self {
        let spans = WORD
            .find_iter(view)
            .map(|it| ByteSpan::new(it.start() + elision(it.as_str()), it.end()))
            .collect();
        Self { view, spans }
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn span(&self, at: usize) -> ByteSpan {
        self.spans[at]
    }

    /// The word as it stands, with a final stop where one follows.
    pub fn word(&self, at: usize) -> &'a str {
        let span = self.spans[at];
        &self.view[span.start..span.end]
    }

    /// The word without a final stop or a possessive ending.
    pub fn bare(&self, at: usize) -> &'a str {
        let word = self.word(at).trim_end_matches('.');
        word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
    }

    /// What stands between a word and the next one.
    pub fn gap(&self, at: usize) -> &'a str {
        let from = self.spans[at].end;
        let to = self.spans.get(at + 1).map_or(self.view.len(), |next| next.start);
        &self.view[from..to]
    }

    /// Whether a word and the next stand side by side with only spaces between them and
    /// no end of a sentence.
    pub fn touches(&self, at: usize) -> bool {
        let gap = self.gap(at);
        at + 1 < self.len()
            && !gap.is_empty()
            && gap.len() < 80
            && gap.bytes().all(|b| b == b' ')
            && !self.stops(at)
    }

    /// Whether the word's final stop ends a sentence as far as can be told: initials and
    /// short forms do not.
    fn stops(&self, at: usize) -> bool {
        let word = self.word(at);
        word.ends_with('.') && word.trim_end_matches('.').chars().count() > 4
    }

    /// The first word that begins at or behind a place in the view.
    pub fn at_or_after(&self, place: usize) -> usize {
        self.spans.partition_point(|span| span.start < place)
    }

    pub fn capital(&self, at: usize) -> bool {
        self.word(at).starts_with(char::is_uppercase)
    }

    /// All letters large, and more than one of them.
    pub fn shouts(&self, at: usize) -> bool {
        let letters = self.word(at).chars().filter(|c| c.is_alphabetic());
        letters.clone().count() > 1 && letters.clone().all(char::is_uppercase)
    }

    pub fn joined(&self, from: usize, to: usize) -> ByteSpan {
        ByteSpan::new(self.spans[from].start, self.spans[to].end)
    }
}

/// Length of an article or a preposition that leans on a capital word: "l'Annexe",
/// "dell'Allegato", "L'Université" but not "L'Oréal".
fn elision(word: &str) -> usize {
    let Some(at) = word.find(['\'', '’']) else { return 0 };
    let (lead, rest) = word.split_at(at);
    let mark = rest.chars().next().map_or(0, char::len_utf8);
    let rest = &rest[mark..];
    let small = matches!(
        lead,
        "l" | "d" | "dell" | "all" | "dall" | "nell" | "sull" | "qu" | "un" | "quest"
    );
    let body = matches!(lead, "L" | "D" | "L\u{2019}")
        && super::words::BODIES_OF.contains(rest.trim_end_matches('.'));
    if rest.starts_with(char::is_uppercase) && (small || body) { at + mark } else { 0 }
}
