//! Dates: numeric, written, spelled out, damaged, partly blank, from one to another. The
//! parts find candidates; this module checks them against the calendar and writes their
//! values.

mod blanks;
mod months;
mod neighbours;
mod numeric;
mod written;

use jiff::civil::Date;

use super::Context;
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;

pub(crate) use months::is_month_name as is_month;
pub(crate) use numeric::{DayOrder, settled_order};

/// The dates of a view, sorted and without overlaps.
pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let view = &*blanks::without_lines(view);
    let mut found = written::find(view, context);
    found.extend(blanks::find(view, context));
    found.extend(numeric::find(view, context));
    neighbours::joined(view, super::longest(found))
}

/// The parts of a date that its text gives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

impl Parts {
    /// ISO 8601 notation, partial where parts are missing; `None` where no calendar has
    /// such a day or the parts make no date (a day without a month).
    fn iso(self) -> Option<String> {
        match (self.year, self.month, self.day) {
            (Some(year), Some(month), Some(day)) => {
                Date::new(year, month, day).ok().map(|date| date.to_string())
            }
            // A leap year, so that a 29 February without a year is a date.
            (None, Some(month), Some(day)) => {
                Date::new(2000, month, day).ok().map(|_| format!("--{month:02}-{day:02}"))
            }
            (Some(year), Some(month), None) => {
                (1..=12).contains(&month).then(|| format!("{year:04}-{month:02}"))
            }
            (Some(year), None, None) => Some(format!("{year:04}")),
            _ => None,
        }
    }

    /// The fact at `span`, or `None` where the calendar has no such date.
    fn fact(self, span: ByteSpan, rule: &'static str, doubt: Option<&str>) -> Option<Fact> {
        Some(fact(span, Some(self.iso()?), rule, doubt))
    }
}

fn fact(span: ByteSpan, value: Option<String>, rule: &'static str, doubt: Option<&str>) -> Fact {
    Fact {
        kind: FactKind::Date,
        span,
        value: value.map(Value::Text),
        rule,
        doubt: doubt.map(str::to_owned),
    }
}

/// A year as written. Two digits count from 1970 to 2069.
fn year(digits: &str) -> Option<i16> {
    let digits = digits.trim_start_matches(['\'', '’']);
    let number: i16 = digits.parse().ok()?;
    match digits.len() {
        2 => Some(if number < 70 { 2000 + number } else { 1900 + number }),
        4 => Some(number).filter(|year| (1600..2200).contains(year)),
        _ => None,
    }
}

fn before(view: &str, at: usize) -> &str {
    view.get(..at).unwrap_or_default()
}

fn after(view: &str, at: usize) -> &str {
    view.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
