//! Numbers of years, months, weeks, days and hours, in figures, in words and in both.
//! It knows nothing of what a period is counted from.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Direction, Formula, Found};
use crate::domain::recognise::numbers_in_words::{
    ENGLISH_WORDS, GERMAN_PARTS, english, german, romance, romance_word,
};
use crate::domain::recognise::{Context, Language, is_month, pattern};
use crate::domain::span::ByteSpan;

/// The parts of a language's pattern: a number in words, words between number and unit,
/// the units, words between the two ends of a range, and what joins two parts of one
/// period.
struct Grammar {
    number: String,
    between: &'static str,
    unit: &'static str,
    to: &'static str,
    and: &'static str,
}

impl Grammar {
    fn compile(&self) -> Regex {
        let Self { number, between, unit, to, and } = self;
        let one = |n: u8| {
            // "three (3)", "3 (three)", "3".
            format!(
                r"(?:(?P<w{n}>{number})(?:[\s-]*[(\[]\s*(?P<f{n}>\d{{1,4}}|[Il])\s*[)\]])?|(?P<d{n}>\d{{1,4}}(?:[.,]\d)?)(?:\s*\((?P<v{n}>{number})\))?)"
            )
        };
        let (first, second) = (one(1), one(2));
        // "30-60 days", "thirty (30) to sixty (60) days".
        let least = format!(r"(?:(?P<e2>\d{{1,4}})\s?[-–]\s?|{second}\s(?:{to})\s)?");
        pattern(&format!(
            r"(?i)\b(?:(?P<joint>{and})\s+)?{least}{first}(?:['’]|[\s-]+)*(?:(?:{between})[\s-]+){{0,3}}(?P<u>{unit})\b"
        ))
    }
}

static ENGLISH: LazyLock<Regex> = LazyLock::new(|| {
    Grammar {
        number: format!(
            r"(?:{ENGLISH_WORDS})\b(?:(?:\s*-\s*|\s+and\s+|\s+)(?:{ENGLISH_WORDS})\b){{0,4}}"
        ),
        between: "full|complete|whole|calendar|consecutive|successive|continuous|contiguous|additional|further|more|business|working|banking|trading|contract|license|licence|fiscal|renewal|other",
        unit: "years?|yrs?|quarters?|months?|weeks?|days?|hours?",
        to: "to|or",
        and: "and",
    }
    .compile()
});

static GERMAN: LazyLock<Regex> = LazyLock::new(|| {
    Grammar {
        number: format!(r"(?:(?:{GERMAN_PARTS})+|eine[mnrs]?)\b"),
        between: r"volle[nr]?|ganze[nr]?|weitere[nr]?|aufeinander\s?folgende[nr]?",
        unit: "(?:kalender|vertrags|geschäfts)?(?:jahr(?:e[ns]?|s)?|monat(?:e[ns]?|s)?|wochen?)|quartal(?:en?|s)?|(?:kalender|werk|arbeits|bank|bankarbeits|geschäfts)?tag(?:e[ns]?|s)?|stunden?",
        to: "bis|oder",
        and: "und",
    }
    .compile()
});

static ROMANCE: LazyLock<Regex> = LazyLock::new(|| {
    let word = romance_word();
    Grammar {
        number: format!(r"{word}\b(?:(?:\s*-\s*|\s+(?:et|y|e)\s+|\s+){word}\b){{0,4}}"),
        between: r"derniers|premiers|prochains|primeiros|primeros|primi",
        unit: r"(?:années?|ans?|anni|anno|años?|anos?)|(?:mois|mes(?:es|i|e)?|mês)|(?:semaines?|semanas?|settiman[ae])|(?:jours?|días?|dias?|giorn[oi])(?:\s+(?:ouvr(?:és?|ables?)|hábiles|laborables|úteis|lavorativi|feriali))?|heures?|horas?|or[ae]",
        to: "à|ou|a|o",
        and: "et|y|e",
    }
    .compile()
});

/// What makes a period of time an age, a moment of the past's measure or a part of a
/// date: nothing that a contract runs by.
static NO_PERIOD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:of\s+age\b|old\b|-old\b)"));

/// What follows the day of a date: a month, or the place for one.
static DAY_OF: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s+of\s+(?:the\s+month\b|[_\[●…]|(?P<m>\p{L}+))"));

pub(super) fn find(view: &str, context: Context) -> Vec<Found> {
    let mut found = in_language(view, &ENGLISH, Language::English);
    if context.language == Language::German {
        found.extend(in_language(view, &GERMAN, Language::German));
    } else if context.language.is_romance() {
        found.extend(in_language(view, &ROMANCE, context.language));
    }
    found.sort_by_key(|it| it.formula.span);
    found
}

fn in_language(view: &str, pattern: &Regex, language: Language) -> Vec<Found> {
    let mut periods: Vec<Found> = Vec::new();
    for found in pattern.captures_iter(view) {
        let Some((joint, period)) = period(view, &found, language) else { continue };
        match periods.last_mut().filter(|last| continues(view, last, &period, joint)) {
            Some(last) => join(last, &period),
            None => periods.push(period),
        }
    }
    periods
}

/// Whether `next` is the smaller part of the same period: "2 years and 6 months".
fn continues(view: &str, last: &Found, next: &Found, joint: bool) -> bool {
    let gap = view.get(last.formula.span.end..next.formula.span.start).unwrap_or("x");
    let gap = gap.trim().trim_start_matches(',').trim();
    let touches = gap.is_empty()
        || joint && matches!(gap.to_lowercase().as_str(), "and" | "und" | "et" | "y" | "e");
    touches
        && size(&next.formula) < size(&last.formula)
        && last.least.is_none()
        && next.least.is_none()
}

/// The rank of the smallest unit in it.
fn size(formula: &Formula) -> u8 {
    match formula {
        Formula { hours: 1.., .. } => 0,
        Formula { days: 1.., .. } => 1,
        Formula { weeks: 1.., .. } => 2,
        Formula { months: 1.., .. } => 3,
        _ => 4,
    }
}

fn join(last: &mut Found, next: &Found) {
    let (sum, part) = (&mut last.formula, &next.formula);
    sum.span.end = part.span.end;
    sum.months += part.months;
    sum.weeks += part.weeks;
    sum.days += part.days;
    sum.hours += part.hours;
    sum.business |= part.business;
    last.doubt = last.doubt.take().or_else(|| next.doubt.clone());
}

/// A number as written.
struct Number {
    /// In tenths, so that "1.5 years" is a whole number of months.
    tenths: i32,
    doubt: Option<String>,
}

fn number(found: &Captures<'_>, n: u8, language: Language) -> Option<Number> {
    let text = |group: &str| found.name(&format!("{group}{n}")).map(|it| it.as_str());
    let in_words = text("w").or_else(|| text("v")).map(|it| in_words(it, language));
    let in_words = match in_words {
        Some(value) => Some(value?),
        None => None,
    };
    // A reader may have taken the figure one for a letter.
    let is_figure = |it: &&str| it.starts_with(|c: char| c.is_ascii_digit());
    let figure = text("f").filter(is_figure).or_else(|| text("d")).or_else(|| text("e"));
    let tenths = match (figure, in_words) {
        (Some(figure), _) => tenths(figure)?,
        (None, Some(words)) => words.checked_mul(10)?,
        (None, None) => return None,
    };
    let doubt = in_words
        .filter(|words| words * 10 != tenths)
        .map(|words| format!("The words say {words}, the figures {}.", figure.unwrap_or_default()));
    Some(Number { tenths, doubt })
}

fn in_words(words: &str, language: Language) -> Option<i32> {
    let value = match language {
        Language::German => match words.to_lowercase().trim_end() {
            "eine" | "einem" | "einen" | "einer" | "eines" => Some(1),
            word => german(word),
        },
        language if language.is_romance() => romance(words),
        _ => english(words),
    };
    i32::try_from(value?).ok().filter(|value| (1..10_000).contains(value))
}

fn tenths(figure: &str) -> Option<i32> {
    let (whole, tenth) = figure.split_once(['.', ',']).unwrap_or((figure, "0"));
    let (whole, tenth): (i32, i32) = (whole.parse().ok()?, tenth.parse().ok()?);
    Some(whole * 10 + tenth)
}

/// The period of a match, and whether a word like "and" stands before it.
fn period(view: &str, found: &Captures<'_>, language: Language) -> Option<(bool, Found)> {
    let unit = found.name("u")?;
    let first = ["e2", "d2", "w2", "d1", "w1"].into_iter().find_map(|group| found.name(group))?;
    let span = ByteSpan::new(first.start(), unit.end());
    if !stands_alone(view, span) || is_moment(view, found) {
        return None;
    }
    let number1 = number(found, 1, language)?;
    let most = formula(span, unit.as_str(), number1.tenths)?;
    let least = number(found, 2, language).and_then(|it| formula(span, unit.as_str(), it.tenths));
    let business = is_business(found.get_match().as_str());
    let doubt = number1.doubt.or_else(|| {
        business.then(|| {
            "Only business days count, so the calendar alone does not give the date.".to_owned()
        })
    });
    let formula = Formula { business, ..most };
    let found_period = Found { formula, least, thereafter: false, rule: "duration", doubt };
    Some((found.name("joint").is_some(), found_period))
}

fn is_business(words: &str) -> bool {
    const WORDS: [&str; 17] = [
        "business",
        "working",
        "banking",
        "trading",
        "werktag",
        "arbeitstag",
        "bankarbeits",
        "banktag",
        "geschäftstag",
        "ouvré",
        "ouvrable",
        "hábiles",
        "laborables",
        "úteis",
        "lavorativi",
        "feriali",
        "werk",
    ];
    let words = words.to_lowercase();
    WORDS.iter().any(|word| words.contains(word))
}

/// Whether it is no length of time: an age, a year of the calendar ("2019 year"), or the
/// number of a longer figure.
fn is_moment(view: &str, found: &Captures<'_>) -> bool {
    let end = found.get_match().end();
    let year = |group: &str| {
        let digits = found.name(group).map(|it| it.as_str());
        digits.is_some_and(|it| it.len() == 4 && (it.starts_with("19") || it.starts_with("20")))
    };
    let behind = view.get(end..).unwrap_or_default();
    // "the 19 day of March", whose ending was lost: one that says "day" of many is no period.
    let unit = found.name("u").map_or("", |it| it.as_str());
    let ordinal = unit.eq_ignore_ascii_case("day")
        && found.name("d1").is_some_and(|it| it.as_str() != "1")
        && DAY_OF
            .captures(behind)
            .is_some_and(|it| it.name("m").is_none_or(|m| is_month(m.as_str())));
    ordinal || year("d1") || year("e2") || NO_PERIOD.is_match(behind)
}

fn stands_alone(view: &str, span: ByteSpan) -> bool {
    let mut left = view.get(..span.start).unwrap_or_default().chars().rev();
    let (last, before) = (left.next(), left.next());
    match (last, before) {
        (Some('.' | ',' | ':'), Some(c)) => !c.is_ascii_digit(),
        (Some(c), _) => {
            !c.is_alphanumeric() && !matches!(c, '$' | '€' | '£' | '/' | '#' | '+' | '_')
        }
        (None, _) => true,
    }
}

/// A period of `tenths` of a unit; `None` where that is no whole number of a smaller one.
fn formula(span: ByteSpan, unit: &str, tenths: i32) -> Option<Formula> {
    let plain = Formula {
        span,
        years: 0,
        months: 0,
        weeks: 0,
        days: 0,
        hours: 0,
        business: false,
        direction: Direction::After,
        base: None,
    };
    let unit = unit.to_lowercase();
    let whole = (tenths % 10 == 0).then_some(tenths / 10);
    let has = |stems: &[&str]| stems.iter().any(|stem| unit.contains(stem));
    if tenths == 0 {
        return None;
    }
    Some(if has(&["quart"]) {
        Formula { months: whole? * 3, ..plain }
    } else if has(&["month", "monat", "mois", "mes", "mês"]) {
        Formula { months: whole?, ..plain }
    } else if has(&["week", "woche", "sema", "setti"]) {
        Formula { weeks: whole?, ..plain }
    } else if has(&["hour", "stunde", "heure", "hora"]) || matches!(unit.as_str(), "ora" | "ore") {
        Formula { hours: whole?, ..plain }
    } else if has(&["day", "tag", "jour", "día", "dia", "giorn"]) {
        Formula { days: whole?, ..plain }
    } else if let Some(years) = whole {
        Formula { years: i16::try_from(years).ok()?, ..plain }
    } else {
        // 2.5 years are 30 months.
        let months = tenths * 12;
        Formula { months: (months % 10 == 0).then_some(months / 10)?, ..plain }
    })
}
