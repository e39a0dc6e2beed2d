//! Dates in digits alone: 2026-03-01, 03/11/2026, 1.3.2026, 30.06., 03/2026. Numbers of
//! clauses and versions, telephone numbers and addresses of machines look like them;
//! what stands around a number tells them apart.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::recognise::pattern;

use super::{Context, Parts, after, before, fact, year};
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
    pattern(r"\b(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{2})\.(\d{2}))")
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
        r"(?i)\b(?:in|since|during|until|after|before|prior\s+to|by|early|late|mid|spring|summer|autumn|fall|winter|seit|years?|jahre?s?|en|depuis|desde|nel|dal|em|año|ano|anno|année|l['’]an)[\s-]+(?:(?:the\s+year|l['’]année|el\s+año|o\s+ano|l['’]anno)\s+)?(?P<y>(?:19[5-9]|20[0-6])\d)\b",
    )
});

/// What was once feared of computers is no date: "Year 2000 compliance".
static YEAR_2000: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^year[\s-]+2000$"));

/// The next of several years: "2018, 2019 and 2020".
static NEXT_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:,|,?\s+(?:and|or|und|oder|et|ou|y|o|e))\s+(?P<y>(?:19[5-9]|20[0-6])\d)\b")
});

/// "from 2015 to 2018", "between 2015 and 2018".
static YEARS: LazyLock<Regex> = LazyLock::new(|| {
    const YEAR: &str = r"(?:19[5-9]|20[0-6])\d";
    pattern(&format!(
        r"(?i)\b(?:from|between|von|zwischen|de|dal|entre|tra)\s+(?P<a>{YEAR})\s?(?:-|–|\s(?:to|through|until|and|bis|und|à|et|al?|y|e)\s)\s?(?P<b>{YEAR})\b"
    ))
});

/// "Q3 2024", "third quarter of 2024".
static QUARTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:Q(?P<from>[1-4])\s?[-–/]\s?)?Q(?P<q>[1-4])|(?P<o>first|second|third|fourth)\s+(?:calendar\s+)?quarter)[\s,]+(?:(?:of|in)\s+)?(?P<y>(?:19[5-9]|20[0-6])\d)\b",
    )
});

/// Words after which a number of the shape of a date is one.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:on|by|until|till|before|after|since|dated|date|as\s+of|effective|am|vom|bis|ab|zum|seit|den|datum|stand|le|du|au|fecha|data|el|il|del?|al|em|dia|día)\s*[:,]?\s*(?:the\s+)?$",
    )
});

/// Words after which it is the number of something.
static NUMBER_OF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:section|sections|clause|article|paragraph|version|ver|rev|release|v|no|nr|tel|phone|fax|ziffer|abschnitt|artikel|ip|sort code|blz|account|part|item|exhibit|form|regulation|directive|law|act|decree|decreto|resolution|circular|case|ley|lei|legge|loi|gesetz|n|n[º°]|numéro|numero|número|artículo|artigo|articolo)\.?:?|§+)\s*$",
    )
});

pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let mut found: Vec<Fact> = ISO.captures_iter(view).filter_map(|it| iso(view, &it)).collect();
    found.extend(THREE_PARTS.captures_iter(view).filter_map(|it| three_parts(view, &it, context)));
    if context.language == Language::German {
        found.extend(DAY_AND_MONTH.captures_iter(view).filter_map(|it| day_and_month(view, &it)));
    }
    found.extend(MONTH_AND_YEAR.captures_iter(view).filter_map(|it| month_and_year(view, &it)));
    found.extend(YEAR_ALONE.captures_iter(view).flat_map(|it| years_listed(view, &it)));
    found.extend(YEARS.captures_iter(view).filter_map(|it| years(view, &it)));
    found.extend(QUARTER.captures_iter(view).filter_map(|it| quarter(&it)));
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
        // An address of a machine: "2002:a05".
        (Some(':'), Some(d)) if d.is_ascii_lowercase() => false,
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
    if let Some(second) = found.name("b3") {
        let (a, b) = (found["a"].parse().ok()?, second.as_str().parse().ok()?);
        let custom = !short || context.language.is_day_first() || CUE.is_match(last_words(left));
        let parts = match (a, b) {
            // "04.18.2018".
            (1..=12, 13..) if !short => Parts { year, month: Some(a), day: Some(b) },
            _ => Parts { year, month: Some(b), day: Some(a) },
        };
        let fits = custom || (a > 12 || year < Some(2000)) && fills_its_line(view, span);
        return fits.then(|| parts.fact(span, "date.dotted", None)).flatten();
    }
    if short && found.name("y2").is_some() && !CUE.is_match(last_words(left)) {
        return None;
    }
    let (a, b) = slashed(found)?;
    let (order, doubt) = match context.order {
        _ if a > 12 => (DayOrder::DayFirst, None),
        _ if b > 12 => (DayOrder::MonthFirst, None),
        Some(order) => (order, None),
        None if context.language.is_day_first() => (DayOrder::DayFirst, None),
        None => (DayOrder::MonthFirst, (a != b).then_some(ORDER_DOUBT)),
    };
    let (day, month) = if order == DayOrder::DayFirst { (a, b) } else { (b, a) };
    Parts { year, month: Some(month), day: Some(day) }.fact(span, "date.numeric", doubt)
}

/// Whether nothing else stands in its line or cell, as beside a signature.
fn fills_its_line(view: &str, span: ByteSpan) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| matches!(c, '\n' | '\t'));
    edge(before(view, span.start).trim_end_matches(' ').chars().next_back())
        && edge(after(view, span.end).trim_start_matches(' ').chars().next())
}

/// "zum 30.06." and "am 1.3.": German only, and only behind a word that calls for a date.
fn day_and_month(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let span = whole(found);
    let cued = CUE.is_match(last_words(before(view, span.start)));
    let parts = Parts { year: None, month: found[2].parse().ok(), day: found[1].parse().ok() };
    let follows = after(view, span.end).trim_start().starts_with(|c: char| c.is_ascii_digit());
    (cued && !follows).then(|| parts.fact(span, "date.no_year", None)).flatten()
}

/// 03/2026. A figure for the month, or one behind capitals, may count invoices instead
/// ("FV 1/2021").
fn month_and_year(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let span = whole(found);
    let parts = Parts { year: year(&found[2]), month: found[1].parse().ok(), day: None };
    let left = last_words(before(view, span.start));
    let word = left.trim_end().rsplit(' ').next().unwrap_or_default();
    let series = !word.is_empty() && word.len() <= 4 && word.chars().all(char::is_uppercase);
    let fits = stands_alone(view, span)
        && !NUMBER_OF.is_match(left)
        && !series
        && (found[1].len() == 2 || CUE.is_match(left));
    fits.then(|| parts.fact(span, "date.month", None)).flatten()
}

/// "in 2019", "in 2018, 2019 and 2020": years behind a word that calls for one.
fn years_listed(view: &str, found: &Captures<'_>) -> Vec<Fact> {
    let mut years = Vec::new();
    let mut digits = found.name("y").map(|it| ByteSpan::new(it.start(), it.end()));
    if YEAR_2000.is_match(found.get_match().as_str()) {
        return years;
    }
    while let Some(span) = digits {
        let Some(year) = year_alone(view, span) else { break };
        years.push(year);
        digits = NEXT_YEAR
            .captures(after(view, span.end))
            .and_then(|next| next.name("y"))
            .map(|it| ByteSpan::new(span.end + it.start(), span.end + it.end()));
    }
    years
}

/// A year that is no count of things ("in 2000 units").
fn year_alone(view: &str, span: ByteSpan) -> Option<Fact> {
    let next = after(view, span.end);
    let counted =
        next.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let count = counted.len() > 3
        && counted.ends_with('s')
        && !matches!(counted, "this" | "does" | "unless" | "was" | "has");
    let parts = Parts { year: year(span.slice(view)?), ..Parts::default() };
    (stands_alone(view, span) && !count).then(|| parts.fact(span, "date.year", None)).flatten()
}

fn years(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let (first, last) = (found.name("a")?, found.name("b")?);
    let span = ByteSpan::new(first.start(), last.end());
    let value = format!("{}/{}", first.as_str(), last.as_str());
    (first.as_str() < last.as_str() && stands_alone(view, span))
        .then(|| fact(span, Some(value), "date.range", None))
}

/// The months of a quarter.
fn quarter(found: &Captures<'_>) -> Option<Fact> {
    const ORDINALS: [&str; 4] = ["first", "second", "third", "fourth"];
    let number = match found.name("q") {
        Some(digit) => digit.as_str().parse().ok()?,
        None => 1 + ORDINALS.iter().position(|it| it.eq_ignore_ascii_case(&found["o"]))?,
    };
    let first = found.name("from").and_then(|it| it.as_str().parse().ok()).unwrap_or(number);
    let value = format!("{0}-{1:02}/{0}-{2:02}", &found["y"], first * 3 - 2, number * 3);
    let doubt = "It is taken for a quarter of the calendar; a company's own may differ.";
    (first <= number).then(|| fact(whole(found), Some(value), "date.quarter", Some(doubt)))
}

/// The end of `left`: enough for a word of cue, little enough to search quickly.
fn last_words(left: &str) -> &str {
    let mut from = left.len().saturating_sub(24);
    while !left.is_char_boundary(from) {
        from += 1;
    }
    &left[from..]
}
