//! Days, months and times of day that are no full dates: "May", "6.40 p.m.", both ends of
//! "8 to 12 September". Knows how they are written, not what is made of them.

use std::sync::LazyLock;

use regex::Regex;

use super::figures::{Atom, number};
use super::{FactClass, Side};
use crate::domain::recognise::pattern;
use crate::domain::span::ByteSpan;

static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b",
    )
});

static MONTH_ROMANCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro)\b",
    )
});

/// What stands between the two ends of a range.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\s?[-–—]\s?|\s(?:to|and|until|till|through|bis|und|au|et|al|a|y|e)\s(?:(?:the|zum|le|el|il|o)\s)?",
    )
});

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?P<h>\d{1,2})(?:[.:](?P<m>\d{2}))?\s?(?P<half>[ap](?:\.m\.|m\b))|(?P<uhr>\d{1,2})(?:[.:](?P<past>\d{2}))?\sUhr\b|(?P<heures>\d{1,2})\s?h\s?(?P<minutes>\d{2})\b)",
    )
});

/// "8 to 12 September" as its two days, since a version may say "between 8 and 12
/// September"; where its words cannot be told apart, the range as it is.
pub(super) fn ends_of_range(side: &Side<'_>, atom: Atom) -> Vec<Atom> {
    let Some((first, last)) = atom.value.split_once('/').filter(|_| atom.class == FactClass::Date)
    else {
        return vec![atom];
    };
    let text = atom.span.slice(side.view).unwrap_or_default();
    let Some(between) = BETWEEN.find(text) else { return vec![atom] };
    let part = |span, value: &str| Atom { span, value: value.to_owned(), ..atom.clone() };
    let (start, end) = (atom.span.start, atom.span.end);
    vec![
        part(ByteSpan::new(start, start + between.start()), first),
        part(ByteSpan::new(start + between.end(), end), last),
    ]
}

/// The "8" of "between 8 and 12 September" is a day of September.
pub(super) fn open_range(side: &Side<'_>, first: &mut Atom, last: &Atom) {
    let between = &side.view[first.span.end..last.span.start.max(first.span.end)];
    let joined = BETWEEN.find(between).is_some_and(|it| it.len() == between.len());
    let day = first.value.parse::<u8>().ok().filter(|day| (1..=31).contains(day));
    let month = last.value.rsplit_once('-').filter(|it| it.1.len() == 2 && it.0.len() > 2);
    let is_date = last.class == FactClass::Date && first.class == FactClass::Number;
    if let (true, true, Some(day), Some((month, _))) = (is_date, joined, day, month) {
        first.class = FactClass::Date;
        first.value = format!("{month}-{day:02}");
    }
}

/// Times of day by their hour and minute of twenty-four: "6.40 p.m." is "18:40".
pub(super) fn times(side: &Side<'_>) -> Vec<Atom> {
    TIME.captures_iter(side.view)
        .filter_map(|found| {
            let whole = found.get_match();
            let of = |names: [&str; 3]| names.iter().find_map(|name| found.name(name));
            let mut hour: u8 = of(["h", "uhr", "heures"])?.as_str().parse().ok()?;
            let minute = of(["m", "past", "minutes"]).map_or("00", |it| it.as_str());
            if let Some(half) = found.name("half") {
                let evening = half.as_str().starts_with(['p', 'P']);
                hour = hour % 12 + if evening { 12 } else { 0 };
            }
            let value = format!("{hour}:{minute}");
            (hour < 25).then(|| number(ByteSpan::new(whole.start(), whole.end()), value, false))
        })
        .collect()
}

/// How the months begin, each by itself, in the languages that the comparison knows; of
/// two that fit the longer one decides.
const MONTHS: [&[&str]; 12] = [
    &["ja", "en", "ge"],
    &["f"],
    &["mar", "mär"],
    &["ap", "av", "ab"],
    &["ma"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lu"],
    &["au", "ao", "ag"],
    &["s"],
    &["o"],
    &["n"],
    &["d"],
];

fn month_number(name: &str) -> Option<usize> {
    let fit = |starts: &&[&str]| {
        starts.iter().filter(|it| name.starts_with(**it)).map(|it| it.len()).max().unwrap_or(0)
    };
    let best = (0..12).max_by_key(|at| fit(&MONTHS[*at]))?;
    (fit(&MONTHS[best]) > 0).then_some(best + 1)
}

/// Months without a day or a year. "May" and "March" may open a sentence as other words.
pub(super) fn months(side: &Side<'_>) -> Vec<Atom> {
    let pattern = if side.context.language.is_romance() { &MONTH_ROMANCE } else { &MONTH };
    pattern
        .find_iter(side.view)
        .filter_map(|found| {
            let name = found.as_str().to_lowercase();
            let verb = matches!(name.as_str(), "may" | "march");
            let opens = side.view[..found.start()].trim_end().ends_with(['.', '!', '?', ':'])
                || side.view[..found.start()].trim().is_empty();
            let month = month_number(&name)?;
            (!(verb && opens)).then(|| Atom {
                class: FactClass::Date,
                span: ByteSpan::new(found.start(), found.end()),
                value: format!("--{month:02}"),
                currency: String::new(),
                weak: false,
            })
        })
        .collect()
}
