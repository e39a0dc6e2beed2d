//! The end of an agreement that gives its term and no date: the formula's base is
//! looked up among the dates with a role, and the day is reckoned. Knows neither
//! findings nor how formulas are read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::clause::{Clause, folded};
use super::dates::{Answer, At, Dated, is_day};
use super::signs::REFERRED;
use super::term;
use crate::domain::finding::Role;
use crate::domain::recognise::{Direction, Formula, pattern};
use crate::domain::span::ByteSpan;

/// Verbs and nouns of a term, before its length.
static RUNS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:terms?|period|duration|continue[sd]?|remain(?:s|ed)?|extend|last[s]?|valid|in\ (?:full\ )?(?:force|effect)|expires?|
        terminates?|ends?|concludes?|until|engaged|hired|appointed|
        laufzeit|dauer|läuft|gilt|befristet|endet|geschlossen|durée|conclu|valable|expire|plazo|duración|vigencia|vigente|
        durata|valido|prazo|vigência|vigora)(?:rá|\b)",
    )
});

/// Other periods than the document's own term.
static OTHER_PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:during|for\ (?:each|any|every)|(?:each|any|every|preceding|last|that|such)\ *$|equal\ to|its\ (?:termination|expiration)|renew\w*|notice|prior\ to|surviv\w*|extension|extended\ term|additional|successive|thereafter\ for|cure|within|pay(?:ment|able|s)?|
        confidential\w*|follow\w*\ (?:the\ )?(?:termination|expiration)|after\ (?:the\ )?(?:termination|expiration|end)|
        termination\ of|expiration\ of|retain|records|audit|warrant\w*|non-?compet\w*|each\ (?:year|month)|
        not\ less\ than|at\ least|no\ (?:less|more)\ than|up\ to|exceed\w*|default|breach|insurance|contract\ year|
        option|copyright|patent|grace|vest\w*|minimum|
        verlänger\w*|kündig\w*|renouvel\w*|préavis|prorrog\w*|preaviso|rinnov\w*|disdetta|preavviso|renova\w*|aviso)\b",
    )
});

/// The same behind a period: "90 days’ notice", "three-year renewal terms".
static OTHER_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)^[\s,'’)]*(?:prior|advance|written|notice|renewal|extension|before|after\ (?:the\ )?(?:termination|expiration|receipt|delivery)|
        following\ (?:the\ )?(?:termination|expiration)|kündigungsfrist|de\ préavis|grace)\b",
    )
});

/// The expiration date, reckoned from the first formula that says how long the
/// document itself is in force.
pub(super) fn expiration(
    view: &str,
    dates: &[Dated<'_>],
    formulas: &[Formula],
    answers: &BTreeMap<Role, Answer>,
) -> Option<Answer> {
    let weighed = formulas.iter().filter_map(|term| {
        let clause = Clause::around(view, term.span);
        Some((weight(view, term, &clause)?, term, clause))
    });
    // The first of those with most weight.
    let (_, term, clause) = weighed.reduce(|a, b| if b.0 > a.0 { b } else { a })?;
    let base = base(view, dates, term, &clause, answers);
    let value = base.as_ref().and_then(|base| after(base.value?, term));
    let value = match value {
        Some(day) if is_day_before(view, term, &clause) => day_before(&day),
        value => value,
    };
    let words = folded(term.span.slice(view).unwrap_or_default());
    let why = match (&value, &base) {
        (Some(_), Some(Base { value: Some(from), .. })) => {
            format!(
                "Computed: {words}, counted from {from}; the document does not give this date itself."
            )
        }
        _ => format!(
            "It ends {words} after a day that the document leaves open, so no date can be computed."
        ),
    };
    let at = At::Formula { formula: term.span, base: base.map(|base| base.span) };
    Some(Answer { at, value, why, weight: REFERRED })
}

/// How much speaks for it that a period is how long the document is in force;
/// `None` where nothing does, or something speaks against it.
fn weight(view: &str, term: &Formula, clause: &Clause) -> Option<u8> {
    let tail = term::tail(&clause.before);
    let engages = term.base.is_some() && ENGAGES.is_match(&clause.before);
    let own = term::names_term(&clause.before) || clause.acts() || engages;
    let runs = RUNS.is_match(tail) || LENGTH.is_match(&clause.after);
    let other = OTHER_PERIOD.is_match(tail)
        || OTHER_AFTER.is_match(&clause.after)
        || OTHER_PERIOD.is_match(term.span.slice(view).unwrap_or_default());
    if !own || !runs || other || term.direction != Direction::After {
        return None;
    }
    let base = term.base.and_then(|span| span.slice(view)).unwrap_or_default();
    let signs = [
        (STRONG.is_match(tail), 4),
        (CALLED.is_match(&clause.after), 2),
        (COUNTED.is_match(base), 2),
        (clause.acts(), 1),
    ];
    let weight = signs.into_iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum();
    (weight > 1).then_some(weight)
}

/// "The term of this Agreement", "shall remain in force".
static STRONG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:term\ (?:of|for|under)\ (?:this|the)|initial\ term|(?:remain|continue|be)s?\ (?:valid|(?:in|with)\ (?:full\ )?(?:force|effect))|
        (?:shall|will)\ (?:commence|begin|continue|last|extend|expire|terminate|end|run)|(?:continue|remain|run|last|extend)s?\ (?:in\ (?:force|effect)\ )?for|duration|for\ an?\ (?:initial\ )?(?:term|period)\ of|
        laufzeit|läuft|durée|plazo|duración|durata|prazo|vigência|geschlossen|conclu|vigencia)\b",
    )
});

/// "shall employ the Executive for a period of".
static ENGAGES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:employs?|engages?|retains?|appoints?|hires?)\b"));

/// "(the “Initial Term”)" behind it.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^[^;]{0,80}\([^()]{0,20}\b(?:initial |original |contract )?(?:term|period)\b")
});

/// "a five-year term".
static LENGTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[\s-]*(?:initial\s+)?(?:term|period|duration)\b"));

/// "the day before the third anniversary", "five years less one day".
fn is_day_before(view: &str, term: &Formula, clause: &Clause) -> bool {
    let words = term.span.slice(view).unwrap_or_default();
    LESS_A_DAY.is_match(words)
        || LESS_A_DAY.find(&clause.after).is_some_and(|found| found.start() <= 2)
        || DAY_BEFORE.is_match(&clause.before)
}

static LESS_A_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:less|minus)\s+(?:one|a|1)(?:\s+\(1\))?\s+day\b"));

static DAY_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:day|date)\s+(?:immediately\s+)?(?:before|preceding|prior\s+to)(?:\s+(?:the|its))?\s*$",
    )
});

/// Of a whole day the one before; anything else as it is.
fn day_before(day: &str) -> Option<String> {
    if !is_day(day) {
        return Some(day.to_owned());
    }
    Some(day.parse::<Date>().ok()?.yesterday().ok()?.to_string())
}

/// From when a period is counted.
struct Base<'a> {
    span: ByteSpan,
    value: Option<&'a str>,
}

fn base<'a>(
    view: &str,
    dates: &[Dated<'a>],
    term: &Formula,
    clause: &Clause,
    answers: &'a BTreeMap<Role, Answer>,
) -> Option<Base<'a>> {
    let said = term.base.and_then(|span| span.slice(view)).unwrap_or_default().to_lowercase();
    if let Some(base) = term.base
        && let Some(date) = dates.iter().find(|date| date.span.overlaps(base))
    {
        return Some(Base { span: date.span, value: date.value });
    }
    let signing =
        ["hereof", "execution", "signing", "signature", "this agreement", "document", "above"];
    let of_signing = signing.iter().any(|word| said.contains(word)) && !said.contains("effective");
    let order = if of_signing {
        [Role::AgreementDate, Role::EffectiveDate]
    } else {
        [Role::EffectiveDate, Role::AgreementDate]
    };
    // "until the third anniversary of the Closing": no date of the document's.
    if !said.is_empty()
        && !of_signing
        && !COUNTED.is_match(&said)
        && !COUNTED.is_match(&clause.before)
    {
        return None;
    }
    // An effective date that is some other event's is not the agreement's.
    if said.contains("effective date") && !answers.contains_key(&Role::EffectiveDate) {
        return None;
    }
    let answer = order.iter().find_map(|role| answers.get(role))?;
    let span = match answer.at {
        At::Date(span) => span,
        At::Formula { formula, .. } => formula,
    };
    Some(Base { span, value: answer.value.as_deref() })
}

/// What the document's own dates are called.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:effective|commenc\w*|execution|date\ (?:hereof|of\ this|first)|start\w*|begin\w*|there(?:of|from|after)|(?:such|that)\ (?:date|day)|agreement|
        inkrafttreten|vertragsbeginn|unterzeichnung|signature|vigueur|firma|vigor|assinatura|sottoscrizione|decorrenza)\b",
    )
});

/// The day at the end of a period; partial where the base is, as far as that goes.
fn after(base: &str, term: &Formula) -> Option<String> {
    if is_day(base) {
        return Some(term.date_from(base.parse::<Date>().ok()?)?.to_string());
    }
    let whole_years = [term.months, term.weeks, term.days, term.hours] == [0; 4];
    let years = i32::from(term.years);
    match (whole_years, base.len()) {
        // "--04-30": every year has that day.
        (true, 7) if base.starts_with("--") => Some(base.to_owned()),
        (true, 4) => Some(format!("{:04}", base.parse::<i32>().ok()?.checked_add(years)?)),
        (true, 7) => {
            let year: i32 = base.get(..4)?.parse().ok()?;
            Some(format!("{:04}{}", year.checked_add(years)?, base.get(4..)?))
        }
        _ => None,
    }
}
