//! What a date learns from the one beside it: the two ends of a range share a year
//! ("March 3 – April 4, 2021"), and "of the same year" names the last one. It knows
//! nothing of how a single date is written.

use std::sync::LazyLock;

use regex::Regex;

use super::{after, before, fact};
use crate::domain::fact::{Fact, Value};
use crate::domain::recognise::pattern;
use crate::domain::span::ByteSpan;

/// What stands between the ends of a range.
static THROUGH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:\s?[-–—]\s?|,?\s+(?:to|through|until|till|thru|bis(?:\s+zum)?|au|al?|à|até)\s+(?:(?:and\s+including|the)\s+)?)$",
    )
});

/// "of the same year": the year of the date before.
static SAME_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^,?\s*(?:of|in|de|del|des|do|dello)?\s*(?:the\s+same\s+year|that\s+(?:same\s+)?year|said\s+year|(?:des|dess)elben\s+jahres|la\s+même\s+année|mismo\s+año|stesso\s+anno|mesmo\s+ano)",
    )
});

/// Bytes between two dates within which the one before may give its year.
const NEAR: usize = 300;

/// Dates, sorted and without overlaps, with what their neighbours say of them.
pub(super) fn joined(view: &str, dates: Vec<Fact>) -> Vec<Fact> {
    let mut joined: Vec<Fact> = Vec::with_capacity(dates.len());
    for mut date in dates {
        if let Some(last) = joined.last() {
            let gap = view.get(last.span.end..date.span.start).unwrap_or_default();
            let through = || THROUGH.is_match(gap) || is_between(view, last, gap);
            if let Some(value) = range(last, &date).filter(|_| through()) {
                let span = ByteSpan::new(last.span.start, date.span.end);
                joined.pop();
                joined.push(fact(span, Some(value), "date.range", None));
                continue;
            }
            if let Some((value, end)) = of_same_year(view, last, &date) {
                date = fact(ByteSpan::new(date.span.start, end), Some(value), "date.written", None);
            }
        }
        joined.push(date);
    }
    joined
}

/// "between January 19 and April 10, 2009".
fn is_between(view: &str, first: &Fact, gap: &str) -> bool {
    const PAIRS: [(&str, &str); 5] =
        [("between", "and"), ("zwischen", "und"), ("entre", "et"), ("entre", "y"), ("tra", "e")];
    let word =
        before(view, first.span.start).trim_end().rsplit(|c: char| !c.is_alphabetic()).next();
    let word = word.unwrap_or_default().to_lowercase();
    PAIRS.iter().any(|(lead, and)| word == *lead && gap.trim() == *and)
}

fn text(date: &Fact) -> Option<&str> {
    match &date.value {
        Some(Value::Text(value)) if date.rule != "date.range" && date.doubt.is_none() => {
            Some(value)
        }
        _ => None,
    }
}

/// The range of two neighbours of which one lacks a year that the other has. The first
/// end lies in the year before where its day is later in the year than the last one's.
fn range(first: &Fact, last: &Fact) -> Option<String> {
    let (from, to) = (text(first)?, text(last)?);
    if let (Some(day), Some((year, end))) = (from.strip_prefix("--"), year_and_day(to)) {
        let year = if day <= end { year } else { year - 1 };
        return checked(&format!("{year:04}-{day}"), to);
    }
    if let (Some((year, start)), Some(day)) = (year_and_day(from), to.strip_prefix("--")) {
        let year = if start <= day { year } else { year + 1 };
        return checked(from, &format!("{year:04}-{day}"));
    }
    None
}

/// The year and the rest ("03-03") of a whole date.
fn year_and_day(value: &str) -> Option<(i16, &str)> {
    let (year, day) = value.split_once('-')?;
    (day.len() == 5).then(|| Some((year.parse().ok()?, day)))?
}

/// The notation of a range, unless a leap day falls into a year without one.
fn checked(from: &str, to: &str) -> Option<String> {
    let real = |value: &str| value.parse::<jiff::civil::Date>().is_ok();
    (real(from) && real(to)).then(|| format!("{from}/{to}"))
}

/// The value and the end of a date that is said to lie in the year of the one before.
fn of_same_year(view: &str, last: &Fact, date: &Fact) -> Option<(String, usize)> {
    let day = text(date)?.strip_prefix("--")?;
    let near = date.span.start - last.span.end <= NEAR;
    let (year, _) = year_and_day(text(last)?).filter(|_| near)?;
    let said = SAME_YEAR.find(after(view, date.span.end))?;
    let value = format!("{year:04}-{day}");
    value.parse::<jiff::civil::Date>().ok()?;
    Some((value, date.span.end + said.end()))
}
