//! The signs by which code ranks sentences: what they hold and where they stand.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::Work;
use crate::domain::fact::{FactKind, Value};
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;
use crate::domain::template::Rank;

/// What speaks for a sentence.
#[derive(Debug)]
pub(super) struct Signs {
    pub span: ByteSpan,
    /// The first date with a year that stands in it, ISO 8601.
    pub date: Option<String>,
    words: usize,
    kinds: BTreeSet<FactKind>,
    defines: bool,
    disputes: usize,
    question: bool,
    /// Prose: a lower-case word or more, and an end.
    prose: bool,
    /// From 0 (the document's first sentence) to 1.
    position: f64,
}

/// Words that name a dispute.
static DISPUTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b( disput(es|ed|ing) | disagree\w* | den(y|ies|ied)\b | object(s|ed|ion|ions)\b | contest(s|ed)\b
        | contradict\w* | refus(es|ed) | reject(s|ed)\b | never\s+agreed | not\s+agreed | no\s+agreement\s+on
        | still\s+open | unresolved | inconsistent | discrepanc\w+ | alleg(es|ed) | claim(s|ed)\s+that
        | on\s+the\s+contrary | (is|was)\s+not\s+(right|true|correct) | (don'?t|do\s+not)\s+(think|agree|accept)
        | bestreite\w* | widersprich\w* | widersprach\w* | strittig | streitig | abgelehnt )\b",
    )
    .expect("the pattern is fixed")
});

/// Words that set one account against another, but that contracts also use for
/// rules; they count in what people say of themselves and each other.
static COUNTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?ix)\b( did\s*n(o|')t | was\s*n(o|')t | were\s*n(o|')t | never | however | but\s+(we|he|she|they) )\b")
        .expect("the pattern is fixed")
});

static SOMEBODY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(I|we|he|she|you|said|says|told|ich|wir)\b").expect("the pattern is fixed")
});

/// `(the "Supplier")`, `(„Anbieter“)`.
static DEFINES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\((?:[^()]{0,40})[“"„][\p{L}][^()"“”]{1,40}[”"“]\)"#)
        .expect("the pattern is fixed")
});

pub(super) fn signs(work: &Work<'_>) -> Vec<Signs> {
    let length = work.doc.text.len().max(1);
    let sentences = work.units.iter().flat_map(|unit| unit.sentences.iter().copied());
    sentences.map(|span| of(work, span, length)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "byte offsets are far below 2^52")]
fn of(work: &Work<'_>, span: ByteSpan, length: usize) -> Signs {
    let text = display(work.text(span));
    let inside: Vec<_> = {
        let from = work.facts.partition_point(|f| f.span.start < span.start);
        work.facts[from..].iter().take_while(|f| f.span.start < span.end).collect()
    };
    let date = inside.iter().filter(|f| f.kind == FactKind::Date).find_map(|f| match &f.value {
        Some(Value::Text(iso)) if !iso.starts_with('-') => Some(iso.clone()),
        _ => None,
    });
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower = words.iter().filter(|w| w.starts_with(char::is_lowercase)).count();
    Signs {
        span,
        date,
        words: words.len(),
        kinds: inside.iter().map(|f| f.kind).collect(),
        defines: DEFINES.is_match(&text),
        disputes: disputes(&text),
        question: text.ends_with('?'),
        prose: lower >= 3 && text.ends_with(['.', ';', '!', ')', '"', '”']),
        position: span.start as f64 / length as f64,
    }
}

fn disputes(text: &str) -> usize {
    let counter = if SOMEBODY.is_match(text) { COUNTER.find_iter(text).count() } else { 0 };
    2 * DISPUTE.find_iter(text).count() + counter
}

impl Signs {
    /// The score for one way of ranking; 0 or less keeps the sentence out.
    pub(super) fn score(&self, order: Rank) -> f64 {
        match order {
            Rank::Key => self.key(),
            Rank::Dispute => self.dispute(),
            Rank::Chronology => self.chronology(),
        }
    }

    fn has(&self, kind: FactKind) -> f64 {
        if self.kinds.contains(&kind) { 1.0 } else { 0.0 }
    }

    /// Facts first, early sentences before late ones, neither stubs nor pages.
    fn key(&self) -> f64 {
        if !self.prose || self.question || !(6..=90).contains(&self.words) {
            return 0.0;
        }
        let facts = 2.0 * self.has(FactKind::Date)
            + 2.0 * self.has(FactKind::Amount)
            + self.has(FactKind::Organisation)
            + 0.5 * self.has(FactKind::Person)
            + self.has(FactKind::Obligation);
        let opening = if self.position < 0.15 { 1.0 } else { 0.0 };
        facts + opening + if self.defines { 1.0 } else { 0.0 }
    }

    #[expect(clippy::cast_precision_loss, reason = "a handful of words")]
    fn dispute(&self) -> f64 {
        let long_enough = self.words >= 4 && self.words <= 120;
        if long_enough && !self.question { self.disputes.min(4) as f64 } else { 0.0 }
    }

    fn chronology(&self) -> f64 {
        if self.date.is_none() || self.words < 4 || self.words > 120 {
            return 0.0;
        }
        1.0 + if self.prose { 1.0 } else { 0.0 }
            + 0.5 * self.has(FactKind::Organisation)
            + 0.5 * self.has(FactKind::Person)
    }
}
