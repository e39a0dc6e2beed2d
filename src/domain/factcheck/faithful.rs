//! A version made by code alone, for when no model's version passes: the source's own
//! sentences in order, filler cut, with an opening and a closing that fit the tone.

use std::sync::LazyLock;

use regex::Regex;

use super::compare;
use crate::domain::recognise::{Language, language, pattern};

/// The tones in which a passage can be rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Concise and direct.
    Concise,
    /// Warm and conversational.
    Warm,
    /// Polished and client-facing.
    Polished,
}

/// Phrases that say nothing, and what stays of them.
const FILLERS: &[(&str, &str)] = &[
    (r"in order to", "to"),
    (r"due to the fact that", "because"),
    (r"owing to the fact that", "because"),
    (r"in light of the fact that", "because"),
    (r"at this point in time", "now"),
    (r"at the present time", "now"),
    (r"in the event that", "if"),
    (r"for the purpose of", "for"),
    (r"with regard to", "about"),
    (r"with respect to", "about"),
    (r"in the near future", "soon"),
    (r"a large number of", "many"),
    (r"(?:please )?be advised that ", ""),
    (r"(?:please )?note that ", ""),
    (r"it should be noted that ", ""),
    (r"it is important to note that ", ""),
    (r"i (?:just )?wanted to let you know that ", ""),
    (r"i am writing to (?:let you know|inform you) that ", ""),
    (r"we are writing to (?:let you know|inform you) that ", ""),
    (r"as a matter of fact,? ", ""),
    (r"needless to say,? ", ""),
    (r"for what it(?:'|’)s worth,? ", ""),
    (r"at the end of the day,? ", ""),
    (r"(?:basically|actually|essentially|obviously),? ", ""),
    (r"you know, ", ""),
    (r"i mean, ", ""),
    (r"\{\w+\} ?", ""),
    (r"(?:um|uh|erm),? ", ""),
];

/// Full forms and contractions that mean the same in every place they stand in.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("did not", "didn't"),
    ("is not", "isn't"),
    ("are not", "aren't"),
    ("was not", "wasn't"),
    ("were not", "weren't"),
    ("have not", "haven't"),
    ("has not", "hasn't"),
    ("had not", "hadn't"),
    ("could not", "couldn't"),
    ("would not", "wouldn't"),
    ("should not", "shouldn't"),
    ("will not", "won't"),
    ("cannot", "can't"),
    ("I am", "I'm"),
    ("we are", "we're"),
    ("you are", "you're"),
    ("they are", "they're"),
    ("I will", "I'll"),
    ("we will", "we'll"),
    ("you will", "you'll"),
];

static GREETED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:dear|hi|hello|good (?:morning|afternoon|evening)|guten|sehr geehrte|liebe|hallo)\b",
    )
});

static CLOSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:regards|sincerely|best wishes|faithfully|cheers|grüße|grüßen)\b[^\n]{0,40}(?:\n[^\n]{0,40}){0,2}\s*$",
    )
});

type Rules = Vec<(Regex, &'static str)>;

static FILLER_RULES: LazyLock<Rules> = LazyLock::new(|| {
    FILLERS
        .iter()
        .map(|(phrase, rest)| (pattern(&format!(r"(?i)\b{phrase}").replace(r"\b\{", r"\{")), *rest))
        .collect()
});

/// Every full form, shortened.
static SHORTER: LazyLock<Rules> = LazyLock::new(|| {
    CONTRACTIONS
        .iter()
        .map(|(full, short)| (pattern(&format!(r"(?i)\b{full}\b")), *short))
        .collect()
});

/// Every contraction, written out.
static LONGER: LazyLock<Rules> = LazyLock::new(|| {
    CONTRACTIONS
        .iter()
        .map(|(full, short)| (pattern(&format!(r"(?i)\b{}\b", short.replace('\'', "['’]"))), *full))
        .collect()
});

/// A version of `source` in the given tone, made without a model. It never changes a fact:
/// [`compare`] finds it clean, and where a step would not be, the step is left out.
#[must_use]
pub fn faithful(source: &str, tone: Tone) -> String {
    let plain = source
        .split("\n\n")
        .map(one_line)
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    let reworded = match tone {
        Tone::Concise => apply(&plain, &FILLER_RULES),
        Tone::Warm => apply(&plain, &SHORTER),
        Tone::Polished => apply(&apply(&plain, &FILLER_RULES), &LONGER),
    };
    let framed = framed(source, &reworded, tone);
    let plain_framed = self::framed(source, &plain, tone);
    [framed, reworded, plain_framed, plain]
        .into_iter()
        .find(|version| compare(source, version).is_clean())
        .unwrap_or_else(|| source.to_owned())
}

fn one_line(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replaces phrases; a phrase that opened a sentence leaves a capital letter there.
fn apply(text: &str, rules: &Rules) -> String {
    let mut text = text.to_owned();
    for (phrase, rest) in rules {
        let mut out = String::with_capacity(text.len());
        let (mut from, mut raise) = (0, false);
        for found in phrase.find_iter(&text) {
            raise = push(&mut out, &text[from..found.start()], raise);
            raise = push(&mut out, rest, raise || found.as_str().starts_with(char::is_uppercase));
            from = found.end();
        }
        push(&mut out, &text[from..], raise);
        text = out;
    }
    text
}

/// Adds a part, with a capital letter where `raise` asks for one; returns whether the
/// next part still has to begin with it.
fn push(out: &mut String, part: &str, raise: bool) -> bool {
    let mut letters = part.chars();
    if raise && let Some(first) = letters.next() {
        out.extend(first.to_uppercase());
        out.push_str(letters.as_str());
        return false;
    }
    out.push_str(part);
    raise
}

fn framed(source: &str, body: &str, tone: Tone) -> String {
    let german = language(source) == Language::German;
    let (opening, closing) = match (tone, german) {
        (Tone::Concise, _) => return body.to_owned(),
        (Tone::Warm, false) => (
            "Hello,\n\nThank you for your time. Here is where things stand.",
            "Do get in touch with any questions.\n\nWarm regards",
        ),
        (Tone::Polished, false) => (
            "Dear Sir or Madam,\n\nPlease find the following for your attention.",
            "We remain at your disposal for any questions.\n\nKind regards",
        ),
        (Tone::Warm, true) => (
            "Guten Tag,\n\nvielen Dank für Ihre Zeit. Hier ist der Stand der Dinge.",
            "Melden Sie sich gern bei Fragen.\n\nViele Grüße",
        ),
        (Tone::Polished, true) => (
            "Sehr geehrte Damen und Herren,\n\ngern teilen wir Ihnen Folgendes mit.",
            "Für Fragen stehen wir Ihnen gern zur Verfügung.\n\nMit freundlichen Grüßen",
        ),
    };
    let mut parts = Vec::new();
    if !GREETED.is_match(source) {
        parts.push(opening);
    }
    parts.push(body);
    if !CLOSED.is_match(source) {
        parts.push(closing);
    }
    parts.join("\n\n")
}
