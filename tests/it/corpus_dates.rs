//! Dates by rules alone, against two measures: dates that were judged by eye, and the
//! dates that the labels of the corpus beside a developer's checkout carry in digits.
//! Says so and passes where there is no corpus.
//!
//! `tests/fixtures/dates_judged.jsonl` was made by us: of the dates found in the corpus's
//! contracts, transcripts, notes, texts in other languages and mails without transfer
//! encoding, each pair of document and words once, 200 were drawn at random (a seeded
//! shuffle) and each was looked at in its place: is it a date, does the span hold its
//! words and no more, is the value that of the words. A date of which a reader of the
//! passage knows no more than day and month has them alone. The wrong ones below them are
//! what earlier samples found and what was mended since. A line holds the document, byte
//! offsets into it, the date's own words, the value, the verdict and a note.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use galley::domain::fact::{FactKind, Value};
use galley::domain::recognise::recognise;
use serde::Deserialize;

use crate::support::reading::corpus;

const JUDGED: &str = include_str!("../fixtures/dates_judged.jsonl");

#[derive(Deserialize)]
struct Judged {
    doc: String,
    start: usize,
    end: usize,
    words: String,
    iso: Option<String>,
    right: bool,
    note: String,
}

#[derive(Deserialize)]
struct Label {
    doc: String,
    field: String,
    present: bool,
    answer_text: Option<String>,
    iso: Option<String>,
}

/// A date with its place in the text.
struct Found {
    start: usize,
    end: usize,
    value: Option<String>,
}

/// Dates by document, each document read once.
#[derive(Default)]
struct Dates(BTreeMap<String, Vec<Found>>);

impl Dates {
    fn of(&mut self, corpus: &Path, doc: &str) -> &[Found] {
        self.0.entry(doc.to_owned()).or_insert_with(|| {
            let text = fs::read_to_string(corpus.join(doc)).expect("a text of the corpus");
            dates(&text)
        })
    }
}

fn dates(text: &str) -> Vec<Found> {
    let dates = recognise(text).into_iter().filter(|fact| fact.kind == FactKind::Date);
    let found = dates.map(|fact| Found {
        start: fact.span.start,
        end: fact.span.end,
        value: match fact.value {
            Some(Value::Text(value)) => Some(value),
            _ => None,
        },
    });
    found.collect()
}

fn lines<'a, T: Deserialize<'a>>(source: &'a str) -> Vec<T> {
    let lines = source.lines().filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_str(line).expect("a line of the expected form")).collect()
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn dates_judged_by_eye_are_found_again_and_mistakes_are_not() {
    let Some(corpus) = corpus("") else { return };
    let judged: Vec<Judged> = lines(JUDGED);
    let (mut dates, mut right, mut wrong, mut faults) = (Dates::default(), 0, 0, Vec::new());
    for it in &judged {
        let found = dates
            .of(&corpus, &it.doc)
            .iter()
            .any(|date| (date.start, date.end, &date.value) == (it.start, it.end, &it.iso));
        right += usize::from(found && it.right);
        wrong += usize::from(found && !it.right);
        if found != it.right {
            faults.push(format!("{} {}..{} {:?} {}", it.doc, it.start, it.end, it.words, it.note));
        }
    }
    let sample = judged.iter().filter(|it| it.right).count();
    println!(
        "precision on what was judged: {right} right, {wrong} wrong of {sample} in the sample"
    );
    assert!(sample >= 200, "{sample} dates");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether an answer holds `iso` in digits: the year and the day, whatever the month is
/// written like.
fn holds(answer: &str, iso: &str) -> bool {
    let numbers: Vec<u32> = answer
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let part = |range| iso.get(range).and_then(|digits: &str| digits.parse::<u32>().ok());
    let (Some(year), Some(day)) = (part(0..4), part(8..10)) else { return false };
    (numbers.contains(&year) || numbers.contains(&(year % 100))) && numbers.contains(&day)
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn labelled_dates_in_digits_are_found_by_rules_alone() {
    let Some(corpus) = corpus("") else { return };
    let source = fs::read_to_string(corpus.join("labels.jsonl")).expect("the labels");
    let mut dates = Dates::default();
    let (mut found, mut missed) = (0_usize, Vec::new());
    let mut seen = std::collections::BTreeSet::new();
    for label in lines::<Label>(&source) {
        let is_date =
            matches!(label.field.as_str(), "Agreement Date" | "Effective Date" | "Expiration Date");
        let (Some(iso), Some(answer)) = (label.iso, label.answer_text) else { continue };
        if !is_date || !label.present || !holds(&answer, &iso) {
            continue;
        }
        if !seen.insert((label.doc.clone(), label.field.clone(), iso.clone())) {
            continue;
        }
        let has = |date: &Found| {
            date.value.as_deref().is_some_and(|value| value.split('/').any(|end| end == iso))
        };
        if dates.of(&corpus, &label.doc).iter().any(has) {
            found += 1;
        } else {
            missed.push(format!("{} {} {iso} {answer:?}", label.doc, label.field));
        }
    }
    let all = found + missed.len();
    println!("recall of labelled dates in digits: {found} of {all}");
    assert!(all >= 50, "{all} labels");
    assert!(found * 100 >= all * 97, "{}", missed.join("\n"));
}
