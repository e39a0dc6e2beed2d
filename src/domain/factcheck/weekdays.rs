//! Weekdays: "by Friday" must not become "by Monday". A weekday beside a full date adds
//! nothing to it and may be dropped.

use std::sync::LazyLock;

use regex::Regex;

use super::{FactChange, FactClass, Side, added, pair_up};
use crate::domain::recognise::pattern;
use crate::domain::span::ByteSpan;

static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag)s?\b|(?i:\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)-feira))",
    )
});

static BEFORE_DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^,?\s*(?:the\s+|dem\s+|den\s+|le\s+|el\s+|dia\s+)?(?:\d|\p{Lu}\p{L}+\s+\d)")
});

pub(super) fn weekdays(side: &Side<'_>) -> Vec<(ByteSpan, String, bool)> {
    WEEKDAY
        .find_iter(side.view)
        .map(|found| {
            let dated = BEFORE_DATE.is_match(&side.view[found.end()..]);
            let name = day(found.as_str());
            (ByteSpan::new(found.start(), found.end()), name, dated)
        })
        .collect()
}

/// A weekday's name; some end with an "s" of their own.
fn day(name: &str) -> String {
    let lower = name.to_lowercase();
    let own = matches!(lower.as_str(), "lunes" | "martes" | "miércoles" | "jueves" | "viernes");
    if own { lower } else { lower.trim_end_matches('s').to_owned() }
}

pub(super) fn changes(source: &Side<'_>, version: &Side<'_>) -> Vec<FactChange> {
    let (from, to) = (weekdays(source), weekdays(version));
    let missing = |day: &(ByteSpan, String, bool), others: &[(ByteSpan, String, bool)]| {
        !others.iter().any(|other| other.1 == day.1)
    };
    let lost = from.iter().filter(|day| !day.2 && missing(day, &to)).collect();
    let new = to.iter().filter(|day| missing(day, &from)).collect();
    let (mut changes, rest) = pair_up(
        |_| FactClass::Date,
        lost,
        new,
        |_, _| true,
        |day: &&(ByteSpan, String, bool)| source.at(day.0),
        |day: &&(ByteSpan, String, bool)| version.at(day.0),
    );
    changes.extend(rest.into_iter().map(|day| added(FactClass::Date, version.at(day.0))));
    changes
}
