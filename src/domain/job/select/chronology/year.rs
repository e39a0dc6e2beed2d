//! The year of dates that name none, where a document leaves no choice: all its full
//! dates are of one year, or the days of the week that stand with dates fit one only.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use regex::Regex;

use super::super::reading::Reading;
use super::parse;
use crate::domain::fact::{Fact, FactKind, Value};

/// Bytes before a date in which its day of the week may stand.
const BEFORE: usize = 20;

static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?:(?P<d1>mon(?:day)?|montag|lundi|lunes|lunedì|segunda)|(?P<d2>tue(?:s(?:day)?)?|dienstag|mardi|martes|martedì|terça)
        |(?P<d3>wed(?:nesday)?|mittwoch|mercredi|miércoles|mercoledì|quarta)|(?P<d4>thu(?:rs(?:day)?)?|donnerstag|jeudi|jueves|giovedì|quinta)
        |(?P<d5>fri(?:day)?|freitag|vendredi|viernes|venerdì|sexta)|(?P<d6>sat(?:urday)?|samstag|samedi|sábado|sabato)
        |(?P<d7>sun(?:day)?|sonntag|dimanche|domingo|domenica))\b",
    )
    .expect("the pattern is fixed")
});

/// The year of all dates that name none; `None` where the document does not settle it.
pub(super) fn of(reading: &Reading, text: &str) -> Option<i16> {
    let mut years = BTreeSet::new();
    let mut fitting: Vec<BTreeSet<i16>> = Vec::new();
    let dates = || {
        let facts = reading.sentences.iter().flat_map(|sentence| reading.facts_in(sentence));
        facts.filter(|fact| fact.kind == FactKind::Date)
    };
    for fact in dates() {
        years.extend(ends(fact).filter_map(|end| parse(end)?.0));
    }
    if years.len() < 2 {
        return years.first().copied();
    }
    for fact in dates() {
        fitting.extend(years_that_fit(fact, text, &years));
    }
    // Each date with its day of the week has to leave the same single year.
    let common = fitting.into_iter().reduce(|a, b| a.intersection(&b).copied().collect())?;
    if common.len() == 1 { common.first().copied() } else { None }
}

fn ends(fact: &Fact) -> impl Iterator<Item = &str> {
    let iso = match &fact.value {
        Some(Value::Text(iso)) => iso.as_str(),
        _ => "",
    };
    iso.split('/').filter(|end| !end.is_empty())
}

/// Of a date without a year that stands with its day of the week: the years in which
/// it falls on that day.
fn years_that_fit(fact: &Fact, text: &str, years: &BTreeSet<i16>) -> Option<BTreeSet<i16>> {
    let (None, day) = ends(fact).next().and_then(parse)? else { return None };
    let from = text.floor_char_boundary(fact.span.start.saturating_sub(BEFORE));
    let around = text.get(from..fact.span.end)?;
    let found = WEEKDAY.captures_iter(around).last()?;
    let number = (1..=7).find(|n| found.name(&format!("d{n}")).is_some())?;
    let weekday = Weekday::from_monday_one_offset(number).ok()?;
    let falls = |year: &&i16| {
        Date::new(**year, day.month, day.day).is_ok_and(|date| date.weekday() == weekday)
    };
    Some(years.iter().filter(falls).copied().collect())
}
