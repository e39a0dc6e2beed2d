//! Dates in digits alone: 2026-03-01, 03/11/2026, 1.3.2026, 30.06., 03/2026. Numbers of
//! clauses and versions, telephone numbers and addresses of machines look like them;
//! what stands around a number tells them apart.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::recognise::pattern;

use super::{Context, Parts, after, before, year};
use crate::domain::fact::Fact;
use crate::domain::recognise::Language;
use crate::domain::span::ByteSpan;

/// Which of day and month comes first in a numeric date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayOrder {
    DayFirst,
    MonthFirst,
}

const ORDER_DOUBT: &str = "Day and month could be the other way round.";

static ISO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(\d{4})(?:-(\d{2})-(\d{2})|/(\d{1,2})/(\d{1,2})|\.(\d{2})\.(\d{2}))")
});

static THREE_PARTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)\b(?P<a>\d{1,2})
          (?: /\s?(?P<b1>\d{1,2})/\s?(?P<y1>\d{4}|\d{2})
            | -(?P<b2>\d{1,2})-(?P<y2>\d{4}|\d{2})
            | \.\ ?(?P<b3>\d{1,2})\.\ ?(?P<y3>\d{4}|\d{2}) )",
    )
});

static DAY_AND_MONTH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{1,2})\.\s?(\d{1,2})\."));

static MONTH_AND_YEAR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(0?[1-9]|1[0-2])/((?:19|20)\d\d)"));

static YEAR_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:in|since|during|until|seit|year|years|jahr|jahre|jahres)\s+((?:19[5-9]|20[0-6])\d)\b",
    )
});

/// Words after which a number of the shape of a date is one.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:on|by|until|till|before|after|since|dated|date|as\s+of|effective|am|vom|bis|ab|zum|seit|den|datum|stand)\s*[:,]?\s*(?:the\s+)?$",
    )
});

/// Words after which it is the number of something.
static NUMBER_OF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:section|sections|clause|article|paragraph|version|ver|rev|release|v|no|nr|tel|phone|fax|ziffer|abschnitt|artikel|ip|sort code|blz|account)\.?:?|§+)\s*$",
    )
});

pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let mut found: Vec<Fact> = ISO.captures_iter(view).filter_map(|it| iso(view, &it)).collect();
    found.extend(THREE_PARTS.captures_iter(view).filter_map(|it| three_parts(view, &it, context)));
    if context.language == Language::German {
        found.extend(DAY_AND_MONTH.captures_iter(view).filter_map(|it| day_and_month(view, &it)));
    }
    found.extend(MONTH_AND_YEAR.captures_iter(view).filter_map(|it| month_and_year(view, &it)));
    found.extend(YEAR_ALONE.captures_iter(view).filter_map(|it| year_alone(view, &it)));
    found
}

/// The order of day and month that the document's own dates show: those in which one
/// of the first two numbers is above twelve. `None` where they show none or both.
pub(crate) fn settled_order(view: &str) -> Option<DayOrder> {
    let (mut day_first, mut month_first) = (false, false);
    for found in THREE_PARTS.captures_iter(view) {
        let span = whole(&found);
        let Some(parts) = slashed(&found).filter(|_| stands_alone(view, span)) else { continue };
        match (parts.0, parts.1) {
            (13..=31, 1..=12) => day_first = true,
            (1..=12, 13..=31) => month_first = true,
            _ => {}
        }
    }
    match (day_first, month_first) {
        (true, false) => Some(DayOrder::DayFirst),
        (false, true) => Some(DayOrder::MonthFirst),
        _ => None,
    }
}

fn whole(found: &Captures<'_>) -> ByteSpan {
    let whole = found.get_match();
    ByteSpan::new(whole.start(), whole.end())
}

/// The first two numbers of a date with strokes or hyphens.
fn slashed(found: &Captures<'_>) -> Option<(i8, i8)> {
    let second = found.name("b1").or_else(|| found.name("b2"))?;
    Some((found["a"].parse().ok()?, second.as_str().parse().ok()?))
}

/// Whether nothing around `span` makes it a part of a longer number or word.
fn stands_alone(view: &str, span: ByteSpan) -> bool {
    let left = before(view, span.start).chars().next_back();
    let mut right = after(view, span.end).chars();
    let (next, second) = (right.next(), right.next());
    let joins = |c: char| matches!(c, '.' | '/' | '-' | ',' | ':');
    let left_clean = !left.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '.' | '/' | '-' | '_' | '#' | '$' | '€' | '£' | '+')
    });
    let right_clean = match (next, second) {
        (Some(c), _) if c.is_alphanumeric() || matches!(c, '_' | '%') => false,
        (Some(c), Some(d)) if joins(c) && d.is_ascii_digit() => false,
        _ => true,
    };
    left_clean && right_clean
}

fn iso(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let span = whole(found);
    let part = |at: usize| found.get(at).and_then(|it| it.as_str().parse().ok());
    let parts = Parts {
        year: year(&found[1]),
        month: part(2).or_else(|| part(4)).or_else(|| part(6)),
        day: part(3).or_else(|| part(5)).or_else(|| part(7)),
    };
    // A time may follow: 2026-03-01T10:00.
    let timed =
        after(view, span.end).starts_with('T') && stands_alone(before(view, span.end), span);
    (timed || stands_alone(view, span)).then(|| parts.fact(span, "date.iso", None)).flatten()
}

fn three_parts(view: &str, found: &Captures<'_>, context: Context) -> Option<Fact> {
    let span = whole(found);
    let left = before(view, span.start);
    if !stands_alone(view, span) || NUMBER_OF.is_match(last_words(left)) {
        return None;
    }
    let year_digits = found.name("y1").or_else(|| found.name("y2")).or_else(|| found.name("y3"))?;
    let short = year_digits.len() == 2;
    let year = year(year_digits.as_str());
    if let Some(month) = found.name("b3") {
        if short && context.language != Language::German && !CUE.is_match(last_words(left)) {
            return None;
        }
        let parts =
            Parts { year, month: month.as_str().parse().ok(), day: found["a"].parse().ok() };
        return parts.fact(span, "date.dotted", None);
    }
    if short && found.name("y2").is_some() && !CUE.is_match(last_words(left)) {
        return None;
    }
    let (a, b) = slashed(found)?;
    let (order, doubt) = match context.order {
        _ if a > 12 => (DayOrder::DayFirst, None),
        _ if b > 12 => (DayOrder::MonthFirst, None),
        Some(order) => (order, None),
        None if context.language == Language::German => (DayOrder::DayFirst, None),
        None => (DayOrder::MonthFirst, (a != b).then_some(ORDER_DOUBT)),
    };
    let (day, month) = if order == DayOrder::DayFirst { (a, b) } else { (b, a) };
    Parts { year, month: Some(month), day: Some(day) }.fact(span, "date.numeric", doubt)
}

/// "zum 30.06." and "am 1.3.": German only, and only behind a word that calls for a date.
fn day_and_month(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let span = whole(found);
    let cued = CUE.is_match(last_words(before(view, span.start)));
    let parts = Parts { year: None, month: found[2].parse().ok(), day: found[1].parse().ok() };
    let follows = after(view, span.end).trim_start().starts_with(|c: char| c.is_ascii_digit());
    (cued && !follows).then(|| parts.fact(span, "date.no_year", None)).flatten()
}

fn month_and_year(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let span = whole(found);
    let parts = Parts { year: year(&found[2]), month: found[1].parse().ok(), day: None };
    let left = last_words(before(view, span.start));
    (stands_alone(view, span) && !NUMBER_OF.is_match(left))
        .then(|| parts.fact(span, "date.month", None))
        .flatten()
}

/// "in 2019": a year behind a word that calls for one, and no count of things.
fn year_alone(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let digits = found.get(1)?;
    let span = ByteSpan::new(digits.start(), digits.end());
    let next = after(view, span.end);
    let counted =
        next.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let count = counted.len() > 3
        && counted.ends_with('s')
        && !matches!(counted, "this" | "does" | "unless" | "was" | "has");
    (stands_alone(view, span) && !count)
        .then(|| {
            Parts { year: year(digits.as_str()), ..Parts::default() }.fact(span, "date.year", None)
        })
        .flatten()
}

/// The end of `left`: enough for a word of cue, little enough to search quickly.
fn last_words(left: &str) -> &str {
    let mut from = left.len().saturating_sub(24);
    while !left.is_char_boundary(from) {
        from += 1;
    }
    &left[from..]
}
