//! Sums of money: signs and codes before or after a figure, words, and words with
//! figures beside them. It knows nothing of what the money is for.

mod currency;

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::recognise::pattern;

use super::figures::{FIGURE, SPACED_FIGURE, parse, same, scaled};
use super::numbers_in_words::{ENGLISH_WORDS, GERMAN_PARTS, english, german};
use super::{Context, Language};
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;
use currency::{SIGN, WORD};

const SCALE: &str = r"(?:\s?-?(?:(?:thousand|million|billion|trillion|millionen|milliarden|tausend|bn|mm|m|k)\b|(?:mio|mrd|tsd)\b\.?))";

static SIGN_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    let (before, after) = (currency::before(), currency::after());
    pattern(&format!(
        r"(?P<c>{before})\s{{0,3}}(?P<n>{FIGURE})(?:,[-–—]{{1,2}})?(?i:(?P<s>{SCALE}))?(?:\s?(?P<c2>{after}))?"
    ))
});

static SIGN_LAST: LazyLock<Regex> = LazyLock::new(|| {
    let after = currency::after();
    pattern(&format!(
        r"\b(?P<n>{SPACED_FIGURE}|{FIGURE})(?:,[-–—]{{1,2}})?(?i:(?P<s>{SCALE}))?\s{{0,3}}(?P<c>{after}|(?i:{WORD})|{SIGN})"
    ))
});

static ENGLISH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?P<w>(?:an?\s+(?:hundred|thousand|million|billion)|(?:{ENGLISH_WORDS}))\b(?:(?:\s*-\s*|\s+and\s+|,?\s+)(?:{ENGLISH_WORDS})\b)*)(?:\s+(?:and\s+)?(?P<h>\d{{1,2}}|no|xx)/100(?:ths)?)?(?:\s+(?P<c>{WORD}))?(?:\s+(?:and|&)\s+(?P<cents>\d{{1,2}}|(?:{ENGLISH_WORDS})(?:[-\s](?:{ENGLISH_WORDS}))?)\s+cents?\b)?"
    ))
});

static GERMAN: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)\b(?P<w>(?:{GERMAN_PARTS})+)\b(?:\s+(?P<c>{WORD}))?")));

/// Between figures and words that say the same once more.
static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*[(\[]\s*(?:in\s+(?:words|figures|worten|ziffern|buchstaben)\s*:?\s*|say\s+)?$",
    )
});

/// A sum, or a number in words that may belong to one.
#[derive(Debug, Clone)]
struct Sum {
    span: ByteSpan,
    number: String,
    /// `None` for words without a currency, which count only beside figures.
    currency: Option<&'static str>,
    in_words: bool,
    doubt: Option<&'static str>,
}

/// Every sum of money of a view; candidates may overlap.
pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let mut figures: Vec<Sum> = SIGN_FIRST
        .captures_iter(view)
        .filter_map(|it| in_figures(view, &it, context, true))
        .chain(SIGN_LAST.captures_iter(view).filter_map(|it| in_figures(view, &it, context, false)))
        .collect();
    figures.sort_by_key(|sum| sum.span);
    let words: Vec<Sum> = if context.language == Language::German {
        GERMAN.captures_iter(view).filter_map(|it| in_german(&it)).collect()
    } else {
        ENGLISH.captures_iter(view).filter_map(|it| in_english(view, &it)).collect()
    };
    let mut facts = pairs(view, &figures, &words);
    facts.extend(figures.iter().chain(&words).filter_map(alone));
    facts
}

fn alone(sum: &Sum) -> Option<Fact> {
    let rule = if sum.in_words { "amount.words" } else { "amount.figures" };
    Some(fact(sum.span, &sum.number, sum.currency?, rule, sum.doubt.map(str::to_owned)))
}

fn fact(
    span: ByteSpan,
    number: &str,
    currency: &str,
    rule: &'static str,
    doubt: Option<String>,
) -> Fact {
    let value = Value::Amount { amount: number.to_owned(), currency: currency.to_owned() };
    Fact { kind: FactKind::Amount, span, value: Some(value), rule, doubt }
}

fn in_figures(view: &str, found: &Captures<'_>, context: Context, sign_first: bool) -> Option<Sum> {
    let whole = found.get_match();
    let raw = found.name("n")?;
    let scale = found.name("s").map_or("", |it| it.as_str().trim_start_matches([' ', '-']));
    let (left, right) = (&view[..whole.start()], &view[whole.end()..]);
    let joined_left = left.chars().next_back().is_some_and(|c| {
        c.is_alphanumeric() || !sign_first && matches!(c, '.' | ',' | '$' | '€' | '£' | '/')
    });
    // What follows would make it another number, a rate or a word.
    let mut next = right.chars();
    let joined_right = match (next.next(), next.next()) {
        (Some('%'), _) => true,
        (Some(c), _) if c.is_alphanumeric() => whole.as_str().ends_with(char::is_alphanumeric),
        (Some('.' | ','), Some(c)) => c.is_ascii_digit(),
        _ => false,
    };
    if joined_left || joined_right {
        return None;
    }
    let written = found["c"].trim();
    // A code behind the figure is exact where the sign before it is shared ("$500 CAD").
    let currency = found
        .name("c2")
        .and_then(|it| currency::code(it.as_str()))
        .or_else(|| currency::code(written))?;
    let figure = parse(raw.as_str(), custom(raw.as_str(), currency, context.language))?;
    let cents = written.to_lowercase().starts_with("cent");
    if currency::is_weight(written, view) {
        return None;
    }
    let (places, doubt) = match (places(scale), range_scale(right)) {
        (0, Some(places)) => (places, Some("The scale is taken from the end of a range.")),
        (places, _) => (places, figure_doubt(&figure, currency, context.language)),
    };
    let number = if cents { hundredth(&figure.number)? } else { scaled(&figure.number, places) };
    Some(Sum {
        span: ByteSpan::new(whole.start(), whole.end()),
        number,
        currency: Some(currency),
        in_words: false,
        doubt,
    })
}

/// The custom by which a figure is grouped: the document's, unless the sum would then be
/// in thousandths of a currency that has its own custom ("€ 48.500" in an English text).
fn custom(raw: &str, currency: &str, language: Language) -> Language {
    let continental = matches!(currency, "EUR" | "CHF");
    match (language, raw.contains('.')) {
        (Language::English | Language::Other, true) if continental && !raw.contains(',') => {
            Language::German
        }
        (Language::German, false) if !continental => Language::English,
        (language, _) => language,
    }
}

fn figure_doubt(
    figure: &super::figures::Figure,
    currency: &str,
    language: Language,
) -> Option<&'static str> {
    let continental = matches!(currency, "EUR" | "CHF");
    let foreign = continental != (language == Language::German);
    (figure.ambiguous
        && foreign
        && (figure.number.contains('.') || continental && language != Language::English))
        .then_some("The separator could group thousands or mark decimals.")
}

fn hundredth(number: &str) -> Option<String> {
    let cents: u64 = number.parse().ok()?;
    Some(format!("{}.{:02}", cents / 100, cents % 100))
}

/// How many places a scale word moves the point.
fn places(scale: &str) -> usize {
    match scale.to_lowercase().trim_end_matches('.') {
        "thousand" | "tausend" | "tsd" | "k" => 3,
        "million" | "millionen" | "mio" | "mm" | "m" => 6,
        "billion" | "milliarden" | "mrd" | "bn" => 9,
        "trillion" => 12,
        _ => 0,
    }
}

/// The scale at the far end of a range that begins here: "$5 to $7 million".
fn range_scale(right: &str) -> Option<usize> {
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^\s*(?:-|–|to|bis)\s*(?:US)?[$€£]?\s?{FIGURE}\s?(thousand|million|billion|mio|mrd|millionen|milliarden)\b"
        ))
    });
    let found = RANGE.captures(right.get(..60).unwrap_or(right))?;
    Some(places(&found[1]))
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
        Some(it)
            if it.as_str().to_lowercase().starts_with("pounds") && !it.as_str().contains(' ') =>
        {
            None
        }
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
    let span = ByteSpan::new(words.start(), end);
    Some(Sum { span, number, currency: code, in_words: true, doubt: None })
}

fn in_german(found: &Captures<'_>) -> Option<Sum> {
    let words = found.name("w")?;
    let number = german(words.as_str())?.to_string();
    let code = found.name("c").and_then(|it| currency::code(it.as_str()));
    let end = found.name("c").filter(|_| code.is_some()).map_or(words.end(), |it| it.end());
    Some(Sum {
        span: ByteSpan::new(words.start(), end),
        number,
        currency: code,
        in_words: true,
        doubt: None,
    })
}

/// Words with figures in brackets behind them, or figures with words.
fn pairs(view: &str, figures: &[Sum], words: &[Sum]) -> Vec<Fact> {
    let mut all: Vec<&Sum> = figures.iter().chain(words).collect();
    all.sort_by_key(|sum| (sum.span.start, std::cmp::Reverse(sum.span.end)));
    let mut facts = Vec::new();
    for (at, first) in all.iter().enumerate() {
        let partner = all[at + 1..]
            .iter()
            .take_while(|next| next.span.start <= first.span.end + 24)
            .find(|next| {
                next.in_words != first.in_words
                    && next.span.start >= first.span.end
                    && BESIDE.is_match(&view[first.span.end..next.span.start])
            });
        if let Some(fact) = partner.and_then(|second| pair(view, first, second)) {
            facts.push(fact);
        }
    }
    facts
}

fn pair(view: &str, first: &Sum, second: &Sum) -> Option<Fact> {
    let (figures, words) = if first.in_words { (second, first) } else { (first, second) };
    let currency = figures.currency.or(words.currency)?;
    let rest = &view[second.span.end..];
    let close = rest.find([')', ']']).filter(|&at| at <= 24 && !rest[..at].contains('\n'))?;
    let span = ByteSpan::new(first.span.start, second.span.end + close + 1);
    let agree = same(&figures.number, &words.number);
    let doubt = (!agree)
        .then(|| format!("The words say {} and the figures say {}.", words.number, figures.number));
    Some(fact(span, &figures.number, currency, "amount.words_and_figures", doubt))
}
