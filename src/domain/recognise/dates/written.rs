//! Dates with a month's name, in English and German: March 1, 2026; 1st day of March,
//! two thousand twenty-six; 1. März 2026; "___ day of ______, 2026"; also with ordinals
//! that a reader tore apart ("16t h day of May").

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::recognise::pattern;

use super::{Context, Parts, after, before, fact, year};
use crate::domain::fact::Fact;
use crate::domain::recognise::Language;
use crate::domain::recognise::numbers_in_words::{
    ENGLISH_ORDINALS, ENGLISH_WORDS, english_ordinal, english_year,
};
use crate::domain::span::ByteSpan;

const MONTH: &str = r"(?:January|Januar|Jan|Jänner|February|Februar|Feb|March|März|Maerz|Mrz|Mar|April|Apr|May|Mai|June|Juni|Jun|July|Juli|Jul|August|Aug|September|Sept|Sep|October|Oktober|Oct|Okt|November|Nov|December|Dezember|Dec|Dez)\b\.?";
const WEEKDAY: &str = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)";
/// What stands where a person should fill something in.
const BLANK: &str = r"(?:_{2,}(?:\s*_+)*|\[[\s_●•.…–—-]*\]|\[(?i:day|month|date|year|insert[^\]\n]{0,20})\]|●|…{2,}|\.{4,})";
/// An ordinal's ending, also one torn apart: "16t h", "1 st".
const ENDING: &str = r"(?:\s?(?:s\s?t|n\s?d|r\s?d|t\s?h)\b|º)";

fn day() -> String {
    format!(r"(?:\d{{1,2}}(?:{ENDING}|\.|\b)|(?:{ENGLISH_ORDINALS})\b)")
}

fn year_pattern() -> String {
    format!(
        r"(?:(?:1[6-9]|2[01])\d\d\b|['’]\d\d\b|(?:two\s+thousand|nineteen|twenty)(?:[\s-]+(?:and\s+)?(?:{ENGLISH_WORDS})\b){{0,3}})"
    )
}

fn any_case(parts: &str) -> Regex {
    pattern(&format!("(?i){parts}"))
}

static MONTH_DAY: LazyLock<Regex> = LazyLock::new(|| {
    let (day, year) = (day(), year_pattern());
    any_case(&format!(
        r"\b(?P<m>{MONTH})\s*,?\s*(?:the\s+)?(?P<d>{day})(?:\s?[-–]\s?(?P<d2>\d{{1,2}}(?:{ENDING}|\b)))?(?:[\s,.]*(?:(?:of|in\s+the\s+year(?:\s+of\s+our\s+Lord)?)\s+)?(?P<y>{year}))?"
    ))
});

static DAY_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    let (day, year) = (day(), year_pattern());
    any_case(&format!(
        r"\b(?P<d>{day})(?P<of>\s*(?:day\b\s*)?(?:of\b\s*)?)(?:{WEEKDAY},?\s*)?(?P<m>{MONTH})(?:[\s,.]*(?:(?:of|in\s+the\s+year(?:\s+of\s+our\s+Lord)?)\s+)?(?P<y>{year}))?"
    ))
});

static JOINED: LazyLock<Regex> = LazyLock::new(|| {
    any_case(&format!(r"\b(?P<d>\d{{1,2}})[-/.](?P<m>{MONTH})[-/.]?(?P<y>\d{{4}}|\d{{2}})\b"))
});

static MONTH_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    any_case(&format!(
        r"\b(?P<m>{MONTH})[\s,.]*(?:of\s+|im\s+Jahr\s+)?(?P<y>(?:1[6-9]|2[01])\d\d)\b"
    ))
});

/// A year that may be torn or blank: "2026", "20__", "[●]".
const FORM_YEAR: &str = r"(?:1[6-9]|2[01])\d\d\b|(?:19|20)\d?(?:_+|\[[\s_●•]*\]|[●•])";

/// "___ day of ______, 2026", "this day of , 2012", "1st day of March, 20__".
static FORM_DAY_OF: LazyLock<Regex> = LazyLock::new(|| {
    let day = day();
    any_case(&format!(
        r"(?:(?P<d>{day}|{BLANK})\s*|\bthis\s+)(?P<word>day)\s+of\b[\s,]*(?P<m>{MONTH}|{BLANK})?[\s,]*(?P<y>{FORM_YEAR}|{BLANK})?"
    ))
});

/// "March __, 2026", "March 5, 20__", "March 20__".
static FORM_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    any_case(&format!(
        r"\b(?P<m>{MONTH})\s*(?:(?P<d>\d{{1,2}}{ENDING}?\b|{BLANK})\s*,?\s*)?(?P<y>{FORM_YEAR}|{BLANK})"
    ))
});

/// "[__] March 2026", "[●] 2026", "_______, 2026".
static FORM_BLANK: LazyLock<Regex> = LazyLock::new(|| {
    any_case(&format!(r"(?P<d>{BLANK})\s*(?:(?P<m>{MONTH})\s*,?|,)?\s*(?P<y>{FORM_YEAR})"))
});

pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let mut found: Vec<Fact> =
        MONTH_DAY.captures_iter(view).filter_map(|it| month_day(view, &it)).collect();
    found.extend(DAY_MONTH.captures_iter(view).filter_map(|it| day_month(view, &it, context)));
    found.extend(JOINED.captures_iter(view).filter_map(|it| joined(view, &it)));
    found.extend(MONTH_YEAR.captures_iter(view).filter_map(|it| month_year(&it)));
    for pattern in [&FORM_DAY_OF, &FORM_MONTH, &FORM_BLANK] {
        found.extend(pattern.captures_iter(view).filter_map(|it| form(view, &it)));
    }
    found
}

fn month_number(name: &str) -> Option<i8> {
    const STEMS: [(&str, i8); 17] = [
        ("jan", 1),
        ("jän", 1),
        ("feb", 2),
        ("mar", 3),
        ("mär", 3),
        ("mae", 3),
        ("mrz", 3),
        ("apr", 4),
        ("ma", 5),
        ("jun", 6),
        ("jul", 7),
        ("aug", 8),
        ("sep", 9),
        ("o", 10),
        ("nov", 11),
        ("dec", 12),
        ("dez", 12),
    ];
    let name = name.to_lowercase();
    STEMS.iter().find(|(stem, _)| name.starts_with(stem)).map(|(_, number)| *number)
}

/// Whether a word is a month's name or its short form.
pub(crate) fn is_month_name(word: &str) -> bool {
    static WHOLE: LazyLock<Regex> = LazyLock::new(|| any_case(&format!("^{MONTH}$")));
    WHOLE.is_match(word)
}

/// "may" and "march" in small letters are verbs unless a year stands beside them; an
/// abbreviation in small letters is no month at all.
fn is_month(name: &str, has_year: bool) -> bool {
    let capital = name.starts_with(char::is_uppercase);
    let name = name.trim_end_matches('.').to_lowercase();
    capital || (name.chars().count() > 3 && (has_year || name != "march"))
}

fn day_number(text: &str) -> Option<i8> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return i8::try_from(english_ordinal(text)?).ok();
    }
    digits.parse().ok()
}

fn year_number(text: &str) -> Option<i16> {
    year(text).or_else(|| english_year(text))
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

fn month_day(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let written_year = found.name("y").and_then(|it| year_number(it.as_str()));
    let d = found.name("d")?;
    let month = found["m"].trim_end();
    let words = !d.as_str().starts_with(|c: char| c.is_ascii_digit());
    if !is_month(month, written_year.is_some()) || (words && written_year.is_none()) {
        return None;
    }
    let mut parts =
        Parts { year: written_year, month: month_number(month), day: day_number(d.as_str()) };
    let mut place = span(found);
    if parts.year.is_none() {
        place.end = found.name("d2").map_or(d.end(), |it| it.end());
        // A full stop behind the day ends the sentence in English.
        if view.as_bytes().get(place.end - 1) == Some(&b'.') {
            place.end -= 1;
        }
        if runs_on(view, place.end) {
            return None;
        }
    }
    let doubt = found.name("d2").map(|_| "It is a range of days; the value is its first day.");
    if parts.iso().is_none() && parts.year.is_none() {
        parts.day = None;
    }
    let rule = if parts.year.is_some() { "date.written" } else { "date.no_year" };
    parts.fact(place, rule, doubt)
}

fn day_month(view: &str, found: &Captures<'_>, context: Context) -> Option<Fact> {
    let written_year = found.name("y").and_then(|it| year_number(it.as_str()));
    let (d, of) = (found.name("d")?, !found["of"].trim().is_empty());
    let month = found["m"].trim_end();
    let plain = d.as_str().bytes().all(|byte| byte.is_ascii_digit());
    let dotted = d.as_str().ends_with('.');
    let words = !d.as_str().starts_with(|c: char| c.is_ascii_digit());
    let name = month.trim_end_matches('.').to_lowercase();
    let german = context.language == Language::German
        || matches!(
            name.as_str(),
            "januar"
                | "jänner"
                | "februar"
                | "märz"
                | "mai"
                | "juni"
                | "juli"
                | "oktober"
                | "dezember"
        );
    let left = before(view, d.start()).chars().next_back();
    let part_of_number = left.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '.' | ',' | '/' | ':' | '$' | '€' | '£' | '_')
    });
    let fits = is_month(month, written_year.is_some())
        && !part_of_number
        && (!dotted || german)
        && (!words || of)
        && (written_year.is_some() || !plain || (of || name.chars().count() > 3 || name == "may"));
    if !fits {
        return None;
    }
    let parts =
        Parts { year: written_year, month: month_number(month), day: day_number(d.as_str()) };
    let mut place = span(found);
    if parts.year.is_none() {
        place.end = found.name("m")?.start() + month.trim_end_matches('.').len();
    }
    let rule = if parts.year.is_some() { "date.written" } else { "date.no_year" };
    parts.fact(place, rule, None)
}

/// 5-Mar-09, 14/MAR/2009.
fn joined(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let place = span(found);
    let left = before(view, place.start).chars().next_back();
    let parts = Parts {
        year: year(&found["y"]),
        month: month_number(&found["m"]),
        day: found["d"].parse().ok(),
    };
    (!left.is_some_and(|c| matches!(c, '-' | '/' | '.')))
        .then(|| parts.fact(place, "date.written", None))
        .flatten()
}

fn month_year(found: &Captures<'_>) -> Option<Fact> {
    let month = found["m"].trim_end();
    let capital = month.starts_with(char::is_uppercase);
    let verb = matches!(month.trim_end_matches('.'), "may" | "march");
    let parts = Parts { year: year(&found["y"]), month: month_number(month), day: None };
    (capital || (!verb && is_month(month, true)))
        .then(|| parts.fact(span(found), "date.month", None))
        .flatten()
}

/// A date with at least one blank in it, to which a month, a year or "day of" gives sense.
fn form(view: &str, found: &Captures<'_>) -> Option<Fact> {
    let text = |group: &str| found.name(group).map(|it| it.as_str().trim());
    let parts = Parts {
        year: text("y").and_then(year),
        month: text("m").filter(|name| name.starts_with(char::is_uppercase)).and_then(month_number),
        day: text("d").and_then(day_number),
    };
    let whole = parts.day.is_some() && parts.month.is_some() && parts.year.is_some();
    let blank_year = parts.year.is_none() && text("y").is_some();
    // "may [***]" is no May.
    let verb = text("m").is_some_and(|name| name.starts_with(char::is_lowercase));
    // "this day of" with nothing behind it, or a whole date, is no form.
    if whole || verb || text("m").is_none() && text("y").is_none() {
        return None;
    }
    if parts.day.is_some() && parts.month.is_some() && !blank_year {
        return None;
    }
    let groups = || ["d", "word", "m", "y"].into_iter().filter_map(|group| found.name(group));
    let start = groups().map(|it| it.start()).min()?;
    let end = groups().filter(|it| it.as_str() != "day").map(|it| it.end()).max()?;
    let place = ByteSpan::new(start, end);
    let in_word = before(view, start).chars().next_back().is_some_and(char::is_alphanumeric);
    // A day without a month says nothing; the rest does.
    let partial =
        Parts { day: parts.month.and(parts.day).filter(|_| parts.year.is_none()), ..parts };
    let doubt = Some("Part of the date is left blank.");
    let nothing = partial.year.is_none() && partial.day.is_none();
    match partial.iso() {
        _ if in_word => None,
        Some(value) => Some(fact(place, Some(value), "date.blank", doubt)),
        None if nothing => Some(fact(place, None, "date.blank", doubt)),
        None => None,
    }
}
