//! Dates with a month's name: March 1, 2026; the 1st day of March, two thousand
//! twenty-six; 1. März 2026; 1er janvier 2020; also with ordinals that a reader tore
//! apart ("16t h day of May"), and the days from one to another in one month.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::months::{
    ENDING, Name, day, day_number, is_german, is_month, kind, month, month_number, year_number,
    year_pattern,
};
use super::{Context, Parts, after, before, fact, year};
use crate::domain::fact::Fact;
use crate::domain::recognise::{Language, pattern};
use crate::domain::span::ByteSpan;

const WEEKDAY: &str = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)";

/// What may stand between a day and its year in the headers of mails.
const TIME: &str = r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:[+-]\d{4}|[A-Z]{3,4}))?\b)?";

/// What may stand between a month and its year.
const YEAR_OF: &str = r"[\s,.]*(?:(?:of(?:\s+the\s+year)?|in\s+the\s+year(?:\s+of\s+our\s+Lord)?|A\.?D\.?|im\s+Jahre?|des\s+Jahres|del?|do\s+ano\s+de|del\s+año|de\s+l['’]an(?:née)?|dell['’]anno)\s+)?";

/// What may stand between the days of a range: "12–15", "1 to 5", "1er au 5", "1 al 5".
const THROUGH: &str = r"(?:\s?[-–—]\s?|\s+(?:to|through|until|till|bis|bis\s+zum|au|al?|à)\s+)";

/// A year that a reader tore apart: "March 5, 20 16".
const TORN_YEAR: &str = r"20\s[0-6]\d\b";

fn any_case(parts: &str) -> Regex {
    pattern(&format!("(?i){parts}"))
}

static MONTH_DAY: LazyLock<Regex> = LazyLock::new(|| {
    let (month, day, year) = (month(), day(), year_pattern());
    any_case(&format!(
        r"\b(?P<m>{month}\.?)(?P<gap>\s*,?\s*)(?:the\s+)?(?P<d>{day}|[lI]\b)(?:(?P<to>\s?[-–—]\s?|\s+(?:to|through)\s+)(?P<d2>\d{{1,2}}(?:{ENDING}|\b)))?(?:{TIME}{YEAR_OF}(?P<y>{year}|{TORN_YEAR}))?"
    ))
});

static DAY_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    let (month, day, year) = (month(), day(), year_pattern());
    any_case(&format!(
        r"\b(?:(?P<d1>{day})(?P<to>{THROUGH}))?(?P<d>{day})(?P<of>\]?\s*(?:(?:days?|días?|dias|giorni|jours?)\b\s*)?(?:of\s*(?:the\s+month\s+of\s+)?|del?\s+mes\s+de\s+|do\s+mês\s+de\s+|du\s+mois\s+d[e'’]\s?|de\s+|di\s+|d['’])?)(?:{WEEKDAY},?\s*)?\[?(?P<m>{month}\b\.?)\]?(?:{YEAR_OF}(?P<y>{year}|{TORN_YEAR}))?"
    ))
});

static JOINED: LazyLock<Regex> = LazyLock::new(|| {
    let month = month();
    any_case(&format!(
        r"\b(?:(?P<d>\d{{1,2}})[-/.](?P<m>{month}\b\.?)[-/.]?(?P<y>\d{{4}}|\d{{2}})|(?P<m2>{month})[-/](?P<d2>\d{{1,2}})[-/](?P<y2>\d{{4}})|(?P<y3>\d{{4}})[-/](?P<m3>{month})[-/](?P<d3>\d{{1,2}}))\b"
    ))
});

static MONTH_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    let (month, year) = (month(), year_pattern());
    any_case(&format!(
        r"\b(?:(?P<m1>{month}\.?)(?P<to>{THROUGH}))?(?P<m>{month}\.?)(?:{YEAR_OF}|-)(?P<y>{year})"
    ))
});

/// "2000, January 1", "2019 May 3".
static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    let month = month();
    any_case(&format!(
        r"\b(?P<y>(?:19|20)\d\d),?\s+(?P<m>{month})\b\.?\s+(?P<d>\d{{1,2}}{ENDING}?)\b"
    ))
});

pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let language = context.language;
    let mut found: Vec<Fact> =
        MONTH_DAY.captures_iter(view).filter_map(|it| month_day(view, &it, language)).collect();
    found.extend(DAY_MONTH.captures_iter(view).filter_map(|it| day_month(view, &it, language)));
    found.extend(YEAR_FIRST.captures_iter(view).filter_map(|it| year_first(view, &it)));
    found.extend(JOINED.captures_iter(view).filter_map(|it| joined(view, &it, language)));
    found.extend(MONTH_YEAR.captures_iter(view).filter_map(|it| month_year(view, &it, language)));
    found
}

/// The whole match, ended behind the last group that took part.
fn span(found: &Captures<'_>) -> ByteSpan {
    let start = found.get_match().start();
    let end = found.iter().skip(1).flatten().map(|group| group.end()).max();
    ByteSpan::new(start, end.unwrap_or(start))
}

/// Whether a date that ends in a day runs on as another number ("March 5.2", "May 10:30").
fn runs_on(view: &str, end: usize) -> bool {
    let mut next = after(view, end).chars();
    match (next.next(), next.next()) {
        (Some('%'), _) => true,
        (Some('.' | ':' | '/' | ','), Some(digit)) => digit.is_ascii_digit(),
        _ => false,
    }
}

/// The year of a date; a torn one that is a time ("March 5, 20 16:30") is none.
fn year_of(view: &str, found: &Captures<'_>) -> Option<i16> {
    let written = found.name("y")?;
    match written.as_str().split_once(char::is_whitespace) {
        Some(("20", rest)) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
            let behind = after(view, written.end()).trim_start_matches(' ');
            let is_time = behind.starts_with([':', '%']);
            (!is_time).then(|| year(&format!("20{rest}"))).flatten()
        }
        _ => year_number(written.as_str()),
    }
}

fn month_day(view: &str, found: &Captures<'_>, language: Language) -> Option<Fact> {
    let written_year = year_of(view, found);
    let has_year = written_year.is_some();
    let d = found.name("d")?;
    let name = found["m"].trim_end();
    let in_words = !d.as_str().starts_with(|c: char| c.is_ascii_digit());
    let spaced = !found["gap"].is_empty() || name.ends_with('.');
    // Only Spanish puts the day behind a month of its own ("mayo 5 de 2020").
    let ours = kind(name.trim_end_matches('.')) == Name::Germanic || language == Language::Spanish;
    if !ours || !is_month(name, has_year, language) || (in_words || !spaced) && !has_year {
        return None;
    }
    let number = if matches!(d.as_str(), "l" | "I") { Some(1) } else { day_number(d.as_str()) };
    let mut parts = Parts { year: written_year, month: month_number(name), day: number };
    let last = found.name("d2").and_then(|it| day_number(it.as_str()));
    let mut place = span(found);
    if !has_year {
        place.end = found.name("d2").map_or(d.end(), |it| it.end());
        // A full stop behind the day ends the sentence in English.
        if view.as_bytes().get(place.end - 1) == Some(&b'.') {
            place.end -= 1;
        }
        if runs_on(view, place.end) {
            return None;
        }
    }
    let rule = if has_year { "date.written" } else { "date.no_year" };
    if let Some(last) = last {
        return days(place, parts, last);
    }
    if parts.iso().is_none() && !has_year {
        parts.day = None;
    }
    parts.fact(place, rule, None)
}

/// The days from that of `first` to `last` in one month.
fn days(place: ByteSpan, first: Parts, last: i8) -> Option<Fact> {
    let end = Parts { day: Some(last), ..first };
    let value = format!("{}/{}", first.iso()?, end.iso()?);
    (first.day? < last).then(|| fact(place, Some(value), "date.range", None))
}

fn day_month(view: &str, found: &Captures<'_>, language: Language) -> Option<Fact> {
    let written_year = year_of(view, found);
    let has_year = written_year.is_some();
    let (d, of) = (found.name("d")?, !found["of"].trim().is_empty());
    let month = found.name("m")?;
    let name = month.as_str().trim_end();
    let parts =
        Parts { year: written_year, month: month_number(name), day: day_number(d.as_str()) };
    let mut place = span(found);
    if !has_year {
        place.end = month.start() + name.trim_end_matches('.').len();
    }
    let fits = |day: &str, at: usize| {
        let plain = day.bytes().all(|byte| byte.is_ascii_digit());
        let in_words = !day.starts_with(|c: char| c.is_ascii_digit());
        let bare = name.trim_end_matches('.').to_lowercase();
        let tongue = language.is_romance() || language == Language::German;
        is_month(name, has_year, language)
            && !is_part_of_number(view, at)
            && (!day.ends_with('.') || language == Language::German || is_german(name))
            && (!in_words || of || tongue)
            && (has_year
                || !plain
                || of
                || bare.chars().count() > 3
                || matches!(bare.as_str(), "may" | "mai"))
    };
    let rule = if has_year { "date.written" } else { "date.no_year" };
    let first = found.name("d1").filter(|it| fits(it.as_str(), it.start()));
    if let Some(range) = first.and_then(|first| {
        let parts = Parts { day: day_number(first.as_str()), ..parts };
        days(place, parts, day_number(d.as_str())?)
    }) {
        return Some(range);
    }
    place.start = d.start();
    fits(d.as_str(), d.start()).then(|| parts.fact(place, rule, None)).flatten()
}

fn is_part_of_number(view: &str, at: usize) -> bool {
    let left = before(view, at).chars().next_back();
    left.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '.' | ',' | '/' | ':' | '$' | '€' | '£' | '_')
    })
}

/// A year in front of month and day, unless it is the end of the date before ("May 1,
/// 2000, June 2") or another year follows.
fn year_first(view: &str, found: &Captures<'_>) -> Option<Fact> {
    static ENDS_A_DATE: LazyLock<Regex> = LazyLock::new(|| {
        let month = month();
        any_case(&format!(r"(?:\d\d?{ENDING}?\]?,?|{month}\.?,?|\d[-/.])\s*$"))
    });
    static YEAR_FOLLOWS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\s*,?\s*(?:of\s+)?(?:(?:1[6-9]|2[01])\d\d|['’]?\d\d)\b"));
    let (place, name) = (span(found), &found["m"]);
    let left = before(view, place.start);
    let left = &left[left.ceil_char_boundary(left.len().saturating_sub(16))..];
    let fits = name.starts_with(char::is_uppercase)
        && kind(name) == Name::Germanic
        && !ENDS_A_DATE.is_match(left)
        && !YEAR_FOLLOWS.is_match(after(view, place.end))
        && !runs_on(view, place.end);
    let parts =
        Parts { year: year(&found["y"]), month: month_number(name), day: day_number(&found["d"]) };
    fits.then(|| parts.fact(place, "date.written", None)).flatten()
}

/// 5-Mar-09, 14/MAR/2009, Mar-5-2009, 2009-Mar-05.
fn joined(view: &str, found: &Captures<'_>, language: Language) -> Option<Fact> {
    let place = span(found);
    let left = before(view, place.start).chars().next_back();
    let part = |names: [&str; 3]| names.into_iter().find_map(|name| found.name(name));
    let name = part(["m", "m2", "m3"])?.as_str().trim_end_matches('.');
    let parts = Parts {
        year: year(part(["y", "y2", "y3"])?.as_str()),
        month: month_number(name),
        day: part(["d", "d2", "d3"])?.as_str().parse().ok(),
    };
    let fits = !left.is_some_and(|c| matches!(c, '-' | '/' | '.'))
        && (kind(name) != Name::Short || language.is_romance());
    fits.then(|| parts.fact(place, "date.written", None)).flatten()
}

fn month_year(view: &str, found: &Captures<'_>, language: Language) -> Option<Fact> {
    let m = found.name("m")?;
    let name = m.as_str().trim_end();
    let fits = |name: &str| {
        let capital = name.starts_with(char::is_uppercase);
        let bare = name.trim_end_matches('.');
        match kind(bare) {
            Name::Germanic => {
                capital || !matches!(bare, "may" | "march") && is_month(name, true, language)
            }
            // "Mars 2020" is a rover in English.
            Name::Romance | Name::Short => language.is_romance(),
        }
    };
    // Words like "nineteen" may be no year.
    let year = Some(year_number(&found["y"])?);
    let parts = Parts { year, month: month_number(name), day: None };
    if let Some(first) = found.name("m1").filter(|it| fits(it.as_str()) && fits(name)) {
        let start = Parts { month: month_number(first.as_str()), ..parts };
        if start.month < parts.month
            && before(view, first.start()).chars().next_back().is_none_or(|c| !c.is_alphanumeric())
        {
            let value = format!("{}/{}", start.iso()?, parts.iso()?);
            return Some(fact(span(found), Some(value), "date.range", None));
        }
    }
    let place = ByteSpan::new(m.start(), span(found).end);
    fits(name).then(|| parts.fact(place, "date.month", None)).flatten()
}
