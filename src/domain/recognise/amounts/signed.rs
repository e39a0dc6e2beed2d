//! Sums in figures with a sign, a code or a word for the currency before or behind
//! them. The cells of a table stay apart: only spaces may stand inside a sum.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::Sum;
use super::currency::{self, SIGN, WORD, is_continental};
use super::scale::{SCALE, places};
use crate::domain::recognise::figures::{FIGURE, Figure, SPACED_FIGURE, parse, scaled};
use crate::domain::recognise::{Context, Language, pattern};
use crate::domain::span::ByteSpan;

static SIGN_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    let (before, after) = (currency::before(), currency::after());
    pattern(&format!(
        r"(?P<c>{before}) *(?P<n>{FIGURE}|\.\d{{1,3}}\b)(?:,[-–—]{{1,2}})?(?i:(?P<s>{SCALE}))?(?: *(?P<c2>{after}|US\b|(?i:{WORD})))?"
    ))
});

/// "EUR 48 500": in English "$5 100 units" may be two figures.
static SIGN_FIRST_SPACED: LazyLock<Regex> = LazyLock::new(|| {
    let before = currency::before();
    pattern(&format!(r"(?P<c>{before}) *(?P<n>{SPACED_FIGURE})(?i:(?P<s>{SCALE}))?"))
});

static SIGN_LAST: LazyLock<Regex> = LazyLock::new(|| {
    let after = currency::after();
    pattern(&format!(
        r"\b(?P<n>{SPACED_FIGURE}|{FIGURE})(?:,[-–—]{{1,2}})?(?i:(?P<s>{SCALE}))?(?P<gap> *)(?P<c>{after}|(?i:{WORD})|{SIGN})"
    ))
});

/// "(3) million dollars", behind the same in words; "(35,000)" behind words with a currency.
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    let after = currency::after();
    pattern(&format!(
        r"\( *(?P<n>{SPACED_FIGURE}|{FIGURE})(?:,[-–—]{{1,2}})? *(?P<close>\))(?:(?i:(?P<s>{SCALE}))? *(?P<c>{after}|(?i:{WORD})))?"
    ))
});

/// The sums in figures of a view, sorted; some overlap.
pub(super) fn find(view: &str, context: Context) -> Vec<Sum> {
    let mut sums = Vec::new();
    let mut at = 0;
    while let Some(found) = SIGN_FIRST.captures_at(view, at) {
        // The code behind a figure may be that of the next one: "EUR 5 EUR 7".
        at = found.name("n").map_or(found.get_match().end(), |figure| figure.end());
        if let Some(sum) = in_figures(view, &found, context, Order::SignFirst) {
            sums.extend(range_end(view, &sum, context));
            sums.push(sum);
        }
    }
    let spaced = |sum: &Sum| {
        context.language != Language::English || sum.currency.is_some_and(is_continental)
    };
    sums.extend(
        SIGN_FIRST_SPACED
            .captures_iter(view)
            .filter_map(|it| in_figures(view, &it, context, Order::SignFirst))
            .filter(spaced),
    );
    for found in SIGN_LAST.captures_iter(view) {
        if let Some(sum) = in_figures(view, &found, context, Order::SignLast) {
            sums.extend(range_begin(view, &found, &sum, context));
            sums.push(sum);
        }
    }
    sums.extend(BRACKETED.captures_iter(view).filter_map(|it| in_brackets(&it, context)));
    sums.sort_by_key(|sum| sum.span);
    sums
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    SignFirst,
    SignLast,
}

fn in_figures(view: &str, found: &Captures<'_>, context: Context, order: Order) -> Option<Sum> {
    let whole = found.get_match();
    let raw = found.name("n")?;
    let written = found.name("c")?.as_str().trim();
    let scale = found.name("s").map_or("", |it| it.as_str());
    let second = found.name("c2").filter(|it| {
        let rest = view[it.end()..].trim_start_matches(' ');
        !rest.starts_with(|c: char| c.is_ascii_digit())
    });
    let end = match (second, found.name("c2")) {
        (None, Some(dropped)) => {
            whole.start() + view[whole.start()..dropped.start()].trim_end().len()
        }
        _ => whole.end(),
    };
    let span = ByteSpan::new(whole.start(), end);
    if is_part_of_more(view, span, order) || order == Order::SignLast && is_anothers(view, found) {
        return None;
    }
    // A code behind the figure is exact where the sign before it is shared ("$500 CAD").
    let currency = second
        .and_then(|it| currency::code(it.as_str()))
        .filter(|code| *code != "$")
        .or_else(|| currency::code(written))?;
    if currency::is_weight(written, view) {
        return None;
    }
    let figure = parse(raw.as_str(), custom(raw.as_str(), currency, context.language));
    let Some(figure) = figure else {
        let doubt = Some("The figure is not written as a number.");
        return Some(Sum { number: None, doubt, ..of(span, None, currency) });
    };
    let right = &view[span.end..];
    let (moved, doubt) = match (places(scale), range_scale(&view[..span.start], right)) {
        (0, Some(moved)) => (moved, Some("The scale is taken from the end of a range.")),
        (moved, _) => (moved, figure_doubt(&figure, currency, context.language)),
    };
    let moved = if currency::in_thousands(written) { 3 } else { moved };
    let cents = written.to_lowercase().starts_with("cent");
    // A hundredth of the euro where people write a comma before it.
    let currency = if cents && context.language.has_decimal_comma() { "EUR" } else { currency };
    let number = if cents { hundredth(&figure.number)? } else { scaled(&figure.number, moved) };
    Some(Sum { doubt, ..of(span, Some(number), currency) })
}

fn of(span: ByteSpan, number: Option<String>, currency: &'static str) -> Sum {
    let currency = Some(currency);
    Sum { span, number, bare: None, currency, in_words: false, closed: false, doubt: None }
}

/// Whether what stands beside it makes it another number, a rate or a word.
fn is_part_of_more(view: &str, span: ByteSpan, order: Order) -> bool {
    let own = &view[span.start..span.end];
    let before = view[..span.start].chars().next_back();
    let joined_left = before
        .is_some_and(|c| c.is_alphanumeric() || order == Order::SignLast && ".,$€£/'’".contains(c));
    let mut next = view[span.end..].chars();
    let joined_right = match (next.next(), next.next()) {
        (Some('%'), _) => true,
        (Some(c), _) if c.is_alphanumeric() => own.ends_with(char::is_alphanumeric),
        (Some('.' | ','), Some(c)) => {
            c.is_ascii_digit() && own.ends_with(|c: char| c.is_ascii_digit())
        }
        _ => false,
    };
    joined_left || joined_right
}

/// Whether a sign behind a figure belongs to the figure after it, as in the rows of a
/// table: "2026 £1,250,000", "2026 EUR 900".
fn is_anothers(view: &str, found: &Captures<'_>) -> bool {
    let (Some(sign), Some(figure)) = (found.name("c"), found.name("n")) else { return false };
    let right = &view[sign.end()..];
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let spaced = found.name("gap").is_some_and(|gap| !gap.as_str().is_empty());
    let leads = digit(right.trim_start_matches(' '));
    let year = figure.as_str().len() == 4
        && (figure.as_str().starts_with("19") || figure.as_str().starts_with("20"));
    match sign.as_str() {
        "$" | "£" | "¥" => spaced || digit(right),
        "€" => digit(right) || leads && year && spaced,
        _ => leads && year,
    }
}

/// The custom by which a figure is grouped: the document's, unless the sum would then be
/// in thousandths of a currency that has its own custom ("€ 48.500" in an English text,
/// "USD 1,250" in a German one).
fn custom(raw: &str, currency: &str, language: Language) -> Language {
    let commas = language.has_decimal_comma();
    match raw.contains('.') {
        true if !commas && is_continental(currency) && !raw.contains(',') => Language::German,
        false if commas && !is_continental(currency) => Language::English,
        _ => language,
    }
}

fn figure_doubt(figure: &Figure, currency: &str, language: Language) -> Option<&'static str> {
    let continental = is_continental(currency);
    let foreign = continental != language.has_decimal_comma();
    (figure.ambiguous
        && foreign
        && (figure.number.contains('.') || continental && language != Language::English))
        .then_some("The separator could group thousands or mark decimals.")
}

fn hundredth(number: &str) -> Option<String> {
    let cents: u64 = number.parse().ok()?;
    Some(format!("{}.{:02}", cents / 100, cents % 100))
}

/// A figure in brackets, with the currency behind the brackets or none.
fn in_brackets(found: &Captures<'_>, context: Context) -> Option<Sum> {
    let (raw, close) = (found.name("n")?, found.name("close")?);
    let currency = found.name("c").and_then(|it| currency::code(it.as_str()));
    let language = match currency {
        Some(currency) => custom(raw.as_str(), currency, context.language),
        None => context.language,
    };
    let bare = parse(raw.as_str(), language)?.number;
    let number = scaled(&bare, places(found.name("s").map_or("", |it| it.as_str())));
    let closed = currency.is_some();
    let end = if closed { found.get_match().end() } else { close.start() };
    Some(Sum {
        span: ByteSpan::new(raw.start(), end),
        number: Some(number),
        bare: Some(bare),
        currency,
        in_words: false,
        closed,
        doubt: None,
    })
}

/// Between the two ends of a range.
const TO: &str = r"(?:-|–|—|to|and|bis|und|à|et|a|y|e|até|fino a|hasta)";

/// The scale at the far end of a range that begins here: "$5 to $7 million".
fn range_scale(left: &str, right: &str) -> Option<usize> {
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^ *(?P<to>{TO}) *(?:US ?)?[$€£]?(?:EUR|USD|GBP|CHF)? ?{FIGURE}(?P<s>{SCALE})"
        ))
    });
    let found = RANGE.captures(&right[..right.floor_char_boundary(60)])?;
    // "$5 and $7 million" are two sums unless they are the bounds of one.
    let joins = matches!(found["to"].to_lowercase().as_str(), "and" | "und" | "et" | "y" | "e");
    (!joins || is_between(left)).then(|| places(&found["s"])).filter(|moved| *moved > 0)
}

fn is_between(left: &str) -> bool {
    let last = left.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
    matches!(last.to_lowercase().as_str(), "between" | "zwischen" | "entre" | "tra" | "fra")
}

/// The far end of a range whose currency stands before its beginning: "$5–7 million".
fn range_end(view: &str, begin: &Sum, context: Context) -> Option<Sum> {
    static END: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(r"(?i)^ *(?:-|–|—|to|bis) *(?P<n>{FIGURE})(?P<s>{SCALE})?"))
    });
    let right = &view[begin.span.end..];
    let found = END.captures(&right[..right.floor_char_boundary(60)])?;
    let (raw, whole) = (found.name("n")?, found.get_match());
    let rest = &right[whole.end()..];
    let next = rest.trim_start_matches(' ');
    let other = next.starts_with(|c: char| c == '%' || c == '/' || c == '-' || is_sign(c))
        || rest.starts_with(|c: char| c.is_alphanumeric())
        || next.starts_with(char::is_alphabetic) && found.name("s").is_none();
    let currency = begin.currency?;
    let figure = parse(raw.as_str(), custom(raw.as_str(), currency, context.language))?;
    let moved = places(found.name("s").map_or("", |it| it.as_str()));
    let at = begin.span.end;
    let span = ByteSpan::new(at + raw.start(), at + whole.end());
    let doubt = Some("The currency is taken from the beginning of a range.");
    (!other).then(|| Sum { doubt, ..of(span, Some(scaled(&figure.number, moved)), currency) })
}

fn is_sign(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥')
}

/// The beginning of a range whose currency stands behind its end: "5 to 7 million dollars".
fn range_begin(view: &str, end: &Captures<'_>, sum: &Sum, context: Context) -> Option<Sum> {
    static BEGIN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(r"(?i)(?:^|[\s(])(?P<n>{FIGURE})(?P<s>{SCALE})? *(?:-|–|—|to|bis|à|a) *$"))
    });
    let left = &view[..sum.span.start];
    let from = left.ceil_char_boundary(left.len().saturating_sub(40));
    let found = BEGIN.captures(&left[from..])?;
    let raw = found.name("n")?;
    let currency = sum.currency?;
    let figure = parse(raw.as_str(), custom(raw.as_str(), currency, context.language))?;
    let own = found.name("s").map_or(0, |it| places(it.as_str()));
    let moved = if own > 0 { own } else { places(end.name("s").map_or("", |it| it.as_str())) };
    let until = found.name("s").map_or(raw.end(), |it| it.end());
    let span = ByteSpan::new(from + raw.start(), from + until);
    let doubt = Some("The currency is taken from the end of a range.");
    Some(Sum { doubt, ..of(span, Some(scaled(&figure.number, moved)), currency) })
}
