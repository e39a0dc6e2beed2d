//! Sums in words: "four thousand five hundred dollars", in six languages. A number
//! without a currency is handed on too, since figures may stand beside it.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::Sum;
use super::currency::{self, WORD};
use crate::domain::recognise::numbers_in_words::{
    ENGLISH_WORDS, GERMAN_PARTS, english, german, romance, romance_word,
};
use crate::domain::recognise::{Language, pattern};
use crate::domain::span::ByteSpan;

static ENGLISH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?P<w>(?:an?\s+(?:hundred|thousand|million|billion)|(?:{ENGLISH_WORDS}))\b(?:(?:\s*-\s*|\s+and\s+|,?\s+)(?:{ENGLISH_WORDS})\b)*)(?:\s+(?:and\s+)?(?P<h>\d{{1,2}}|no|xx)/100(?:ths)?)?(?:\s+(?P<c>{WORD}))?(?:\s+(?:and|&)\s+(?P<cents>\d{{1,2}}|(?:{ENGLISH_WORDS})(?:[-\s](?:{ENGLISH_WORDS}))?)\s+cents?\b)?"
    ))
});

static GERMAN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:(?P<m>(?:{GERMAN_PARTS})+e?)\s+Million(?:en)?\b\s*)?(?P<w>(?:{GERMAN_PARTS})+\b)?(?:\s*(?P<c>{WORD}))?"
    ))
});

/// French, Spanish, Italian and Portuguese; what each word is, `romance` tells.
static ROMANCE: LazyLock<Regex> = LazyLock::new(|| {
    const MILLION: &str = "millions?|millones|millón|milioni|milione|milhões|milhão";
    let word = romance_word();
    pattern(&format!(
        r"(?i)\b(?P<w>{word}(?:(?: *- *| +(?:et|y|e) +| +)(?:{MILLION}|{word}))*)(?:\s+(?:de\s+|di\s+|d['’])?(?P<c>{WORD}))?(?:\s+(?:et|y|e|con)\s+(?P<cents>{word}(?:(?: *- *| +(?:et|y|e) +){word})?)\s+(?:centimes?|c[éeê]ntimos?|centavos?|centesimi)\b)?"
    ))
});

/// The numbers in words of a view, those with a currency and those without.
pub(super) fn find(view: &str, language: Language) -> Vec<Sum> {
    match language {
        Language::German => GERMAN.captures_iter(view).filter_map(|it| in_german(&it)).collect(),
        language if language.is_romance() => {
            ROMANCE.captures_iter(view).filter_map(|it| in_romance(view, &it)).collect()
        }
        _ => ENGLISH.captures_iter(view).filter_map(|it| in_english(view, &it)).collect(),
    }
}

fn sum(span: ByteSpan, number: String, currency: Option<&'static str>) -> Sum {
    Sum {
        span,
        number: Some(number),
        bare: None,
        currency,
        in_words: true,
        closed: false,
        doubt: None,
    }
}

fn in_english(view: &str, found: &Captures<'_>) -> Option<Sum> {
    let words = found.name("w")?;
    // "half a million" is not a million.
    if view[..words.start()].trim_end().ends_with("half") {
        return None;
    }
    let value = english(words.as_str())?;
    let currency = found.name("c");
    let code = match currency {
        Some(it) if currency::is_weight(it.as_str(), view) => None,
        Some(it) => currency::code(it.as_str()),
        None => None,
    };
    let cents = currency.is_some_and(|it| it.as_str().to_lowercase().starts_with("cent"));
    let extra =
        found.name("cents").map(|it| it.as_str()).or_else(|| found.name("h").map(|it| it.as_str()));
    let extra = match extra {
        Some(part) => part.parse().ok().or_else(|| english(part)).or(Some(0)),
        None => None,
    };
    let number = match extra {
        _ if cents => format!("{}.{:02}", value / 100, value % 100),
        Some(part) => format!("{value}.{part:02}"),
        None => value.to_string(),
    };
    let end = if code.is_some() || found.name("h").is_some() {
        found.get_match().end()
    } else {
        words.end()
    };
    Some(sum(ByteSpan::new(words.start(), end), number, code))
}

fn in_german(found: &Captures<'_>) -> Option<Sum> {
    let (millions, rest) = (found.name("m"), found.name("w"));
    let value = match (millions, rest) {
        (Some(millions), rest) => {
            let count = millions.as_str();
            let count = german(count).or_else(|| german(count.trim_end_matches('e')))?;
            let rest = rest.map_or(Some(0), |rest| german(rest.as_str()))?;
            count.checked_mul(1_000_000)?.checked_add(rest)?
        }
        (None, rest) => german(rest?.as_str())?,
    };
    let cents = found.name("c").is_some_and(|it| it.as_str().to_lowercase().starts_with("cent"));
    let code = match found.name("c") {
        // A hundredth of the euro in German.
        Some(_) if cents => Some("EUR"),
        written => written.and_then(|it| currency::code(it.as_str())),
    };
    let number =
        if cents { format!("{}.{:02}", value / 100, value % 100) } else { value.to_string() };
    let words = found.get_match();
    let end = match found.name("c") {
        Some(written) if code.is_none() => written.start(),
        _ => words.end(),
    };
    let end = words.start() + words.as_str()[..end - words.start()].trim_end().len();
    Some(sum(ByteSpan::new(words.start(), end), number, code))
}

fn in_romance(view: &str, found: &Captures<'_>) -> Option<Sum> {
    let words = found.name("w")?;
    let goes_on = view[words.end()..].starts_with(char::is_alphabetic);
    let begun = view[..words.start()].ends_with(char::is_alphabetic);
    if goes_on || begun {
        return None;
    }
    let value = millions(words.as_str())?;
    let code = found.name("c").and_then(|it| currency::code(it.as_str()));
    let Some(code) = code else {
        let span = ByteSpan::new(words.start(), words.end());
        return Some(sum(span, value.to_string(), None));
    };
    let cents = found.name("cents").map(|it| romance(it.as_str()));
    let number = match cents {
        Some(cents) => format!("{value}.{:02}", cents.filter(|it| *it < 100)?),
        None => value.to_string(),
    };
    Some(sum(ByteSpan::new(words.start(), found.get_match().end()), number, Some(code)))
}

/// The value of a phrase with or without millions in it.
fn millions(phrase: &str) -> Option<u64> {
    let is_million = |word: &str| {
        let word = word.to_lowercase();
        ["million", "millón", "millones", "milion", "milhã", "milhõ"]
            .iter()
            .any(|stem| word.starts_with(stem))
    };
    let words: Vec<&str> = phrase.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    let Some(at) = words.iter().position(|word| is_million(word)) else { return romance(phrase) };
    let (count, rest) = (words[..at].join(" "), words[at + 1..].join(" "));
    let rest = rest.trim_start_matches("et ").trim_start_matches("y ").trim_start_matches("e ");
    let below = if rest.is_empty() { 0 } else { romance(rest)? };
    romance(&count)?.checked_mul(1_000_000)?.checked_add(below)
}
