//! Periods of time ("three (3) years", "90 Werktage") and the formulas made of them
//! ("two years from the Effective Date"). `units` finds numbers with a unit, `anchor`
//! what they are counted from; this module joins the two, writes their values and
//! counts dates. It knows nothing of what a period means to a contract.

mod anchor;
mod units;

use jiff::civil::Date;

use super::Context;
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;

/// Which way a period is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    After,
    Before,
}

/// A period of time and, where the text says so, what it is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Formula {
    /// The words of the period, up to what it is counted from where that follows.
    pub span: ByteSpan,
    pub years: i16,
    pub months: i32,
    pub weeks: i32,
    pub days: i32,
    pub hours: i32,
    /// Whether only business days count, so that no calendar date follows.
    pub business: bool,
    pub direction: Direction,
    /// The words it is counted from ("the Effective Date"), behind the period or, where
    /// the text begins with them ("commencing on …, for a period of …"), before it.
    pub base: Option<ByteSpan>,
}

impl Formula {
    /// The date that is this period away from `base`.
    ///
    /// Years and months first, then weeks and days; a month that lacks the day ends on
    /// its last one (one month after 31 January is 28 or 29 February). The anniversary
    /// itself is named, as people do: one year from 15 January 2018 is 15 January 2019,
    /// not the day before. `None` for hours and business days, which no calendar knows,
    /// and beyond the year 9999.
    pub(crate) fn date_from(&self, base: Date) -> Option<Date> {
        if self.business || self.hours != 0 {
            return None;
        }
        let length = jiff::Span::new()
            .try_years(self.years)
            .and_then(|it| it.try_months(self.months))
            .and_then(|it| it.try_weeks(self.weeks))
            .and_then(|it| it.try_days(self.days))
            .ok()?;
        match self.direction {
            Direction::After => base.checked_add(length).ok(),
            Direction::Before => base.checked_sub(length).ok(),
        }
    }

    /// The period in ISO 8601 notation: "P2Y6M", "P30D", "PT24H".
    pub(crate) fn iso(&self) -> String {
        let days =
            [(i32::from(self.years), 'Y'), (self.months, 'M'), (self.weeks, 'W'), (self.days, 'D')];
        let written = days.into_iter().filter(|(number, _)| *number != 0);
        let written: Vec<String> =
            written.map(|(number, letter)| format!("{number}{letter}")).collect();
        let hours = if self.hours == 0 { String::new() } else { format!("T{}H", self.hours) };
        format!("P{}{hours}", written.concat())
    }
}

/// A period with all that is said of it.
#[derive(Debug, Clone)]
struct Found {
    formula: Formula,
    /// The shorter end of "30 to 60 days".
    least: Option<Formula>,
    thereafter: bool,
    rule: &'static str,
    doubt: Option<String>,
}

/// Every period of a view that has one length, in order, each with what it is counted
/// from. Of a period between two lengths ("30 to 60 days") there is no formula.
pub(crate) fn formulas(view: &str, context: Context) -> Vec<Formula> {
    let found = periods(view, context).into_iter();
    found.filter(|it| it.least.is_none()).map(|it| it.formula).collect()
}

/// Every period of a view as a fact; they do not overlap.
pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let facts = periods(view, context).into_iter().map(|found| Fact {
        kind: FactKind::Duration,
        span: found.formula.span,
        value: Some(Value::Text(value(view, &found))),
        rule: found.rule,
        doubt: found.doubt,
    });
    facts.collect()
}

/// Sorted and without overlaps: what begins inside an earlier period is dropped.
fn periods(view: &str, context: Context) -> Vec<Found> {
    let mut found: Vec<Found> =
        units::find(view, context).into_iter().map(|it| anchor::anchored(view, it)).collect();
    found.extend(anchor::anniversaries(view));
    found.sort_by_key(|it| (it.formula.span.start, std::cmp::Reverse(it.formula.span.end)));
    let mut end = 0;
    found.retain(|it| {
        let keeps = it.formula.span.start >= end;
        end = if keeps { it.formula.span.end } else { end };
        keeps
    });
    found
}

fn value(view: &str, found: &Found) -> String {
    let formula = &found.formula;
    let length = match &found.least {
        Some(least) => format!("{}/{}", least.iso(), formula.iso()),
        None => formula.iso(),
    };
    let base = formula.base.and_then(|base| base.slice(view));
    let base = base.map(|base| base.split_whitespace().collect::<Vec<_>>().join(" "));
    match (base, formula.direction) {
        (Some(base), Direction::After) => format!("{length} from {base}"),
        (Some(base), Direction::Before) => format!("{length} before {base}"),
        (None, _) if found.thereafter => format!("{length} thereafter"),
        (None, _) => length,
    }
}

#[cfg(test)]
mod tests;
