//! What happened when: the dates of a document with the sentences that tell of them,
//! in order. Takes dates as the recognisers give them; the year of one that names
//! none is taken from the document only where that leaves no choice.

mod year;

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;

use super::reading::{Form, Reading, Voice, says_something};
use super::score::is_question;
use super::{Found, words};
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::recognise::is_month;

/// Most dates of one sentence that are events of their own.
const DATES: usize = 3;

/// Most quotes that prove one event.
const QUOTES: usize = 3;

/// A date as far as it is said; what is not said is 0 and comes first, what is left
/// blank is [`BLANK`] and comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Start {
    year: i16,
    month: i8,
    day: i8,
}

/// In the place of a month or a day that a person is to fill in.
const BLANK: i8 = i8::MAX;

impl Start {
    fn blanked(self) -> Self {
        let or_blank = |part: i8| if part == 0 { BLANK } else { part };
        Self { year: self.year, month: or_blank(self.month), day: or_blank(self.day) }
    }
}

/// Whether a date has a place to be filled in: "___ day of ______ 2026", "[●] May 2026".
fn is_blank(text: &str, fact: &Fact) -> bool {
    let said = fact.span.slice(text).unwrap_or_default();
    ["__", "[", "●", "…", "...."].iter().any(|mark| said.contains(mark))
}

#[derive(Debug, Clone)]
pub(super) struct Event {
    /// `None` of a date whose year is not known.
    year: Option<i16>,
    start: Start,
    iso: String,
    /// Whether the year was taken from elsewhere in the document.
    settled: bool,
    /// The sentences that tell of it; the last one holds the date.
    told: Vec<usize>,
    doubt: Option<String>,
    score: f64,
}

/// Tellings of one day that a new one is compared with; more than a document has,
/// but of one that repeats a day without end.
const COMPARED: usize = 40;

/// The events of the document, those that are told again put together.
pub(super) fn events(reading: &Reading, text: &str) -> Vec<Event> {
    let year = year::of(reading, text);
    let mut events: Vec<Event> = Vec::new();
    let mut of_day: HashMap<String, Vec<usize>> = HashMap::new();
    for at in 0..reading.sentences.len() {
        for event in told_in(reading, text, at, year) {
            let known = of_day.entry(event.iso.clone()).or_default();
            let same =
                known.iter().rev().take(COMPARED).find(|n| is_same(reading, &events[**n], &event));
            if let Some(n) = same {
                let known = &mut events[*n];
                known.score = known.score.max(event.score);
                known.told.extend(event.told);
            } else {
                known.push(events.len());
                events.push(event);
            }
        }
    }
    events
}

/// At most `max` of the events, by date; those without a year last. `vote` is what the
/// model's pick of a sentence adds to one that it tells of.
pub(super) fn chosen(
    reading: &Reading,
    events: &[Event],
    max: usize,
    vote: impl Fn(usize) -> f64,
) -> Vec<Found> {
    let voted = |event: &Event| event.told.iter().map(|at| vote(*at)).fold(0.0, f64::max);
    let mut ranked: Vec<(f64, &Event)> =
        events.iter().map(|event| (event.score + voted(event), event)).collect();
    ranked.sort_by(|(a, one), (b, two)| b.total_cmp(a).then(one.told.cmp(&two.told)));
    ranked.truncate(max);
    ranked.sort_by_key(|(_, event)| order(event));
    ranked.into_iter().map(|(_, event)| found(reading, event.clone())).collect()
}

fn order(event: &Event) -> (bool, Start, usize) {
    (event.year.is_none(), event.start, event.told[0])
}

fn found(reading: &Reading, event: Event) -> Found {
    let mut told = event.told;
    // In the order of the text; the text of an event is that of its first telling.
    let first: Vec<usize> = match told.get(1) {
        Some(next) if *next == told[0] + 1 || asks(reading, told[0]) => told[..2].to_vec(),
        _ => told[..1].to_vec(),
    };
    let text = first.iter().map(|at| reading.shown(&reading.sentences[*at]));
    let text = text.collect::<Vec<_>>().join(" ");
    told.dedup();
    told.truncate(QUOTES);
    let why = if event.year.is_none() {
        Some("The text gives this date no year.".to_owned())
    } else if event.settled {
        Some("The year is not said here; it is taken from the rest of the document.".to_owned())
    } else {
        event.doubt
    };
    Found {
        text,
        spans: told.iter().map(|at| reading.sentences[*at].span).collect(),
        value: Some(Value::Text(event.iso)),
        why,
        derived: event.settled,
        told,
    }
}

fn asks(reading: &Reading, at: usize) -> bool {
    reading.voice(&reading.sentences[at]) == Voice::Question
}

/// The events of one sentence.
fn told_in(reading: &Reading, text: &str, at: usize, year: Option<i16>) -> Vec<Event> {
    let sentence = &reading.sentences[at];
    let dates: Vec<&Fact> =
        reading.facts_in(sentence).iter().filter(|fact| fact.kind == FactKind::Date).collect();
    let tells = !matches!(sentence.form, Form::Heading(_) | Form::Code) && !sentence.is_order;
    if dates.is_empty() || !tells {
        return Vec::new();
    }
    let Some((told, weight)) = telling(reading, at) else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let start = sentence.span.start;
    let placed = dates.into_iter().filter_map(|fact| {
        let Some(Value::Text(iso)) = &fact.value else { return None };
        let (iso, settled) = settle(iso, year);
        let (own_year, start_day) = parse(&iso)?;
        Some((fact, iso, settled, own_year, start_day))
    });
    placed
        .filter(|(fact, ..)| !is_ruled_out(text.get(start..fact.span.start).unwrap_or_default()))
        .filter(|(_, iso, ..)| seen.insert(iso.clone()))
        .take(DATES)
        .map(|(fact, iso, settled, year, start)| {
            let precise = if start.day > 0 { 0.4 } else { 0.0 };
            let undated = if year.is_none() { 0.6 } else { 0.0 };
            // Of many dates those in sentences say more than those in tables.
            let row = if sentence.form == Form::Row { 0.5 } else { 0.0 };
            let score = weight + precise - undated - row;
            let start = if is_blank(text, fact) { start.blanked() } else { start };
            let (told, doubt) = (told.clone(), fact.doubt.clone());
            Event { year, start, iso, settled, told, doubt, score }
        })
        .collect()
}

/// The sentences that make one with a date an event, and what they weigh: itself;
/// with the question where it is an answer too short to stand alone; with the answer
/// where it is a question that is answered with yes. Other questions tell nothing.
fn telling(reading: &Reading, at: usize) -> Option<(Vec<usize>, f64)> {
    let sentence = &reading.sentences[at];
    let has = |kind, weight: f64| if reading.has(sentence, kind) { weight } else { 0.0 };
    let facts =
        has(FactKind::Organisation, 0.5) + has(FactKind::Person, 0.5) + has(FactKind::Amount, 0.3);
    let happens = if HAPPENS.is_match(&sentence.said) { 1.0 } else { 0.0 };
    let weight = 1.0 + facts + happens;
    if is_question(sentence) {
        let turn = sentence.turn?;
        let answer = reading.turns.get(turn + 1)?.from;
        let reply = reading.sentences.get(answer)?;
        let affirms =
            AFFIRMS.is_match(&reply.said) && !reply.is_order && !reading.has(reply, FactKind::Date);
        let asks_what = ASKS.is_match(&sentence.said);
        return (affirms && !asks_what).then(|| (vec![at, answer], weight - 0.2));
    }
    match reading.voice(sentence) {
        Voice::Question => says_something(reading, sentence).then(|| (vec![at], weight - 0.8)),
        Voice::Answer => {
            let question = question_before(reading, at).filter(|_| leans(sentence));
            let told: Vec<usize> = question.into_iter().chain([at]).collect();
            let asked = question.is_some_and(|at| HAPPENS.is_match(&reading.sentences[at].said));
            let more = if asked && happens == 0.0 { 1.0 } else { 0.0 };
            let stands = question.is_some() || sentence.words.len() >= 2;
            stands.then_some((told, weight + more + 0.4))
        }
        Voice::Talk => {
            let own = words::telling(&sentence.said).filter(|word| !is_month(word)).count();
            let says = own >= 2 || own == 1 && happens > 0.0;
            let enough = says && (4..=150).contains(&sentence.length);
            let prose = sentence.said.chars().any(char::is_lowercase);
            let listed = reading.is_transcript() && is_of_an_index(reading, sentence);
            (enough && prose && !listed).then(|| (vec![at], weight))
        }
    }
}

/// Whether it is a line of an index: outside of what is said, with the number of a page
/// at its end that belongs to no date.
fn is_of_an_index(reading: &Reading, sentence: &super::reading::Sentence) -> bool {
    let last = sentence.said.rsplit(' ').next().unwrap_or_default();
    let page = (1..=3).contains(&last.len()) && last.bytes().all(|b| b.is_ascii_digit());
    let dated = |fact: &Fact| fact.kind == FactKind::Date && fact.span.end == sentence.span.end;
    sentence.turn.is_none() && page && !reading.facts_in(sentence).iter().any(dated)
}

/// Whether an answer says too little without its question: "It was on June 3."
fn leans(sentence: &super::reading::Sentence) -> bool {
    let own = words::telling(&sentence.said).filter(|word| !is_month(word)).count();
    let first = words::words(&sentence.said).next().unwrap_or_default().to_lowercase();
    let points = ["it", "that", "he", "she", "they", "this", "yes", "no"].contains(&first.as_str());
    own < 2 || points
}

/// The question that the turn of an answer answers, for its first two sentences.
fn question_before(reading: &Reading, at: usize) -> Option<usize> {
    let turn = reading.sentences[at].turn?.checked_sub(1)?;
    if at > reading.turns.get(turn + 1)?.from + 1 {
        return None;
    }
    let asked = &reading.turns[turn];
    let range = asked.from..asked.to.min(reading.sentences.len());
    let is_one = |i: &usize| {
        let sentence = &reading.sentences[*i];
        sentence.words.len() >= 2 && !sentence.is_order
    };
    (asked.voice == Voice::Question).then(|| range.rev().find(is_one))?
}

/// Whether the words before a date rule it out: "the 15th and not on the 1st".
fn is_ruled_out(before: &str) -> bool {
    RULED_OUT.is_match(before)
}

static RULED_OUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:not(?: on| by)?|instead of|rather than|nicht(?: am)?|statt(?: am)?)(?: the)?\s*$")
        .expect("the pattern is fixed")
});

static AFFIRMS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:yes|correct|right|that(?:'s| is) (?:right|correct|true)|it (?:is|was)|(?:I|we|he|she|they) (?:did|do|was|were|have)|ja|richtig|oui|sí|sim|sì)\b")
        .expect("the pattern is fixed")
});

static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:what|when|where|who|whom|which|why|how)\b").expect("the pattern is fixed")
});

/// Words of something that happens or is to happen.
static HAPPENS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?:\p{L}{3,}ed|was|were|went|came|sent|met|told|gave|took|began|fell|paid|wrote|left|held|found|shall|will|expires?|begins?|ends?|starts?|opens?|due|effective|dated|made|entered
        |wurde\w*|war|hat|haben|beginnt|endet|am|est|fut|a\ été|entre\ en\ vigueur|fue|será|entró|era|è\ stat[oa]|foi|será)\b",
    )
    .expect("the pattern is fixed")
});

/// Whether two tell of the same: the same day in much the same words.
fn is_same(reading: &Reading, known: &Event, new: &Event) -> bool {
    if known.iso != new.iso {
        return false;
    }
    let of = |event: &Event| -> Vec<u32> {
        let mut all: Vec<u32> =
            event.told.iter().flat_map(|at| reading.sentences[*at].words.clone()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let (a, b) = (of(known), of(new));
    let least = a.len().min(b.len());
    words::likeness(&a, &b) >= 0.55 || least >= 4 && words::shared(&a, &b) * 10 >= least * 8
}

/// The ISO notation with the year where it is known, and whether it was put there.
fn settle(iso: &str, year: Option<i16>) -> (String, bool) {
    match year {
        Some(year) if iso.contains("--") => {
            let ends = iso.split('/').map(|end| match end.strip_prefix("--") {
                Some(rest) => format!("{year:04}-{rest}"),
                None => end.to_owned(),
            });
            (ends.collect::<Vec<_>>().join("/"), true)
        }
        _ => (iso.to_owned(), false),
    }
}

/// The start of a date or a range: the year where it has one, and the day to sort by.
fn parse(iso: &str) -> Option<(Option<i16>, Start)> {
    let start = iso.split('/').next()?;
    let (year, rest) = if let Some(rest) = start.strip_prefix("--") {
        (None, rest)
    } else {
        let (year, rest) = start.split_once('-').unwrap_or((start, ""));
        (Some(year.parse().ok()?), rest)
    };
    let mut parts = rest.split('-').filter(|part| !part.is_empty()).map(str::parse::<i8>);
    let month = parts.next().transpose().ok()?.unwrap_or(0);
    let day = parts.next().transpose().ok()?.unwrap_or(0);
    Some((year, Start { year: year.unwrap_or(0), month, day }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_comes_before_its_months_and_a_month_before_its_days() {
        let days = ["2026", "2026-03", "2026-03-01", "2026-03-15/2026-04-01", "2027"];
        let keys: Vec<Start> = days.iter().map(|iso| parse(iso).expect("a date").1).collect();
        assert!(keys.is_sorted(), "{keys:?}");
        assert_eq!(parse("--03-01").expect("a date").0, None);
        assert_eq!(parse("P2Y"), None);
    }

    #[test]
    fn a_missing_year_is_put_in_at_both_ends_of_a_range() {
        assert_eq!(settle("--03-01/--03-05", Some(2026)), ("2026-03-01/2026-03-05".into(), true));
        assert_eq!(settle("--03-01", None), ("--03-01".into(), false));
    }
}
