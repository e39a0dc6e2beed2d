//! Dates in which something is left blank or was struck out: "___ day of ______, 2026",
//! "[●] 2026", "March 5, 20__". Their value is what is there.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::months::{ENDING, Name, day, day_number, kind, month, month_number};
use super::{Context, Parts, before, fact, year};
use crate::domain::fact::Fact;
use crate::domain::recognise::pattern;
use crate::domain::span::ByteSpan;

/// What stands where a person should fill something in.
const BLANK: &str = r"(?:_{2,}(?:\s*_+)*|\[[\s_●•.…–—-]*\]|\[(?i:day|month|date|year|insert[^\]\n]{0,20})\]|●|…{2,}|\.{4,})";

/// A year that may be torn or blank: "2026", "20__", "20[●]", "20XX".
const FORM_YEAR: &str =
    r"(?:1[6-9]|2[01])\d\d\b|(?:19|20)\d?(?:_+|\s?\[[\s_●•]*\]|[●•]|[xX]{1,2}\b)";

fn any_case(parts: &str) -> Regex {
    pattern(&format!("(?i){parts}"))
}

/// "___ day of ______, 2026", "this day of , 2012", "1st day of March, 20__".
static DAY_OF: LazyLock<Regex> = LazyLock::new(|| {
    let (day, month) = (day(), month());
    any_case(&format!(
        r"(?:(?P<d>{day}|{BLANK})\s*|\bthis\s+)(?P<word>day)\s+of\b[\s,]*(?P<m>{month}\b\.?|{BLANK})?[\s,]*(?P<y>{FORM_YEAR}|{BLANK})?"
    ))
});

/// "March __, 2026", "March 5, 20__", "March 20__".
static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    let month = month();
    any_case(&format!(
        r"\b(?P<m>{month}\b\.?)\s*(?:(?P<d>\d{{1,2}}{ENDING}?\b|{BLANK})\s*,?\s*)?(?P<y>{FORM_YEAR}|{BLANK})"
    ))
});

/// "[__] March 2026", "[●] 2026", "_______, 2026".
static BLANK_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    let month = month();
    any_case(&format!(
        r"(?P<d>{BLANK}(?:\s*{BLANK})?)\s*(?:(?:de\s+)?(?P<m>{month}\b\.?)\s*,?|,)?\s*(?:de\s+)?(?P<y>{FORM_YEAR})"
    ))
});

/// "dated as of , 2012": nothing at all was left for what is missing.
static NOTHING: LazyLock<Regex> = LazyLock::new(|| {
    any_case(
        r"\b(?:dated|date|as\s+of|on\s+or\s+about|effective|this)\s+,\s*(?P<y>(?:19|20)\d\d)\b",
    )
});

const DOUBT: &str = "Part of the date is left blank.";

pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let forms = [&DAY_OF, &MONTH, &BLANK_FIRST].into_iter();
    let found = forms.flat_map(|pattern| pattern.captures_iter(view));
    let mut found: Vec<Fact> = found.filter_map(|it| form(view, &it, context)).collect();
    found.extend(NOTHING.captures_iter(view).filter_map(|it| {
        let digits = it.name("y")?;
        let parts = Parts { year: year(digits.as_str()), ..Parts::default() };
        parts.fact(ByteSpan::new(digits.start(), digits.end()), "date.blank", Some(DOUBT))
    }));
    found
}

static UNDERLINED: LazyLock<Regex> = LazyLock::new(|| {
    let month = month();
    any_case(&format!(
        r"(?P<l>_+)(?P<t>\d{{1,2}}\s?(?:st|nd|rd|th)|\d{{1,2}}|(?:19|20)\d\d|{month})(?P<r>_+)|(?P<l1>\b_)(?:{month})\s"
    ))
});

/// The view without the lines under what was filled in: "this _5th_ day of __March__,
/// 2019". It is as long as the view.
pub(super) fn without_lines(view: &str) -> Cow<'_, str> {
    let mut bytes: Option<Vec<u8>> = None;
    for found in UNDERLINED.captures_iter(view) {
        // "__20__" is a year half left blank.
        if found.name("t").is_some_and(|it| matches!(it.as_str(), "19" | "20")) {
            continue;
        }
        for line in ["l", "r", "l1"].into_iter().filter_map(|group| found.name(group)) {
            let bytes = bytes.get_or_insert_with(|| view.as_bytes().to_vec());
            bytes[line.range()].fill(b' ');
        }
    }
    match bytes {
        Some(bytes) => {
            Cow::Owned(String::from_utf8(bytes).expect("only underscores were replaced, by spaces"))
        }
        None => Cow::Borrowed(view),
    }
}

/// A date with at least one blank in it, to which a month, a year or "day of" gives sense.
fn form(view: &str, found: &Captures<'_>, context: Context) -> Option<Fact> {
    let text = |group: &str| found.name(group).map(|it| it.as_str().trim());
    let romance = context.language.is_romance();
    let named = |name: &&str| {
        name.starts_with(char::is_uppercase) && kind(name.trim_end_matches('.')) == Name::Germanic
            || romance && name.starts_with(char::is_alphabetic)
    };
    let parts = Parts {
        year: text("y").and_then(year),
        month: text("m").filter(named).and_then(month_number),
        day: text("d").and_then(day_number),
    };
    let whole = parts.day.is_some() && parts.month.is_some() && parts.year.is_some();
    let blank_year = parts.year.is_none() && text("y").is_some();
    // "may [***]" is no May.
    let verb = !romance && text("m").is_some_and(|name| name.starts_with(char::is_lowercase));
    let foreign = parts.month.is_none()
        && text("m").is_some_and(|name| name.starts_with(char::is_alphabetic));
    let filled = parts.month.is_some() && parts.year.is_some() && text("d").is_none();
    let blank_day = parts.day.is_none() && text("d").is_some();
    // "this day of" with nothing behind it, or a whole date, is no form.
    if whole
        || verb
        || foreign
        || filled && found.name("word").is_none()
        || text("m").is_none() && text("y").is_none() && !blank_day
    {
        return None;
    }
    if parts.day.is_some() && parts.month.is_some() && !blank_year {
        return None;
    }
    let groups = || ["d", "word", "m", "y"].into_iter().filter_map(|group| found.name(group));
    let start = groups().map(|it| it.start()).min()?;
    let end = groups().map(|it| it.end()).max()?;
    let place = ByteSpan::new(start, end);
    let in_word = before(view, start).chars().next_back().is_some_and(char::is_alphanumeric);
    // A day without a month says nothing; the rest does.
    let partial =
        Parts { day: parts.month.and(parts.day).filter(|_| parts.year.is_none()), ..parts };
    let nothing = partial.year.is_none() && partial.day.is_none();
    match partial.iso() {
        _ if in_word => None,
        Some(value) => Some(fact(place, Some(value), "date.blank", Some(DOUBT))),
        None if nothing => Some(fact(place, None, "date.blank", Some(DOUBT))),
        None => None,
    }
}
