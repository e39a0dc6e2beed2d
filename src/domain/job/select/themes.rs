//! What a document is about, subject by subject: its headings, or else the terms that
//! come back most and over the longest stretch, each with its most telling sentences.

mod ordinary;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::cues;
use super::reading::{Reading, names_a_speaker, says_something};
use super::score::Scores;
use super::words;
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::recognise::is_month;
use crate::domain::template::Rank;

/// Sentences that show a term, at least and at most.
const FEW: usize = 2;
const MOST: usize = 4;

/// Stretches of a document over which a subject may be spread.
const STRETCHES: usize = 12;

/// Terms of which the best are looked at; a document has no hundred subjects.
const LOOKED_AT: usize = 120;

/// Share of the best term's weight below which a term is no subject beside it.
const BESIDE: f64 = 0.3;

/// A subject that a document may have.
#[derive(Debug)]
struct Subject {
    title: String,
    /// Its folded words; none of a heading, which stands for itself.
    words: Vec<String>,
    /// The sentences that tell of it.
    told: Vec<usize>,
}

/// The subjects that a document may have.
#[derive(Debug)]
pub(super) struct Subjects {
    /// By heading in the order of the text, else the best term first.
    all: Vec<Subject>,
    /// What speaks for each sentence of the reading.
    scores: Vec<f64>,
}

struct Theme {
    title: String,
    told: Vec<usize>,
}

impl Subjects {
    pub(super) fn of(scores: &Scores) -> Self {
        let reading = &scores.reading;
        let sentences = 0..reading.sentences.len();
        let scores: Vec<f64> = sentences.map(|at| scores.score(at, Rank::Theme)).collect();
        let mut all = headed(reading);
        let shown = |subject: &Subject| subject.told.iter().any(|at| scores[*at] > 0.0);
        all.retain(shown);
        if all.len() < 3 || reading.is_transcript() {
            all = recurring(reading);
        }
        Self { all, scores }
    }

    /// At most `max` of them, in the order in which they come up. `vote` is what the
    /// model's pick of a sentence adds to it.
    pub(super) fn themes(
        &self,
        reading: &Reading,
        max: usize,
        vote: impl Fn(usize) -> f64,
    ) -> Vec<Found> {
        let score = |at: usize| self.scores[at] + vote(at);
        let mut used: HashSet<&str> = HashSet::new();
        let mut themes: Vec<Theme> = Vec::new();
        for subject in &self.all {
            let term = !subject.words.is_empty();
            if term && (themes.len() == max || overlaps(&used, subject)) {
                continue;
            }
            let told = telling(reading, &subject.told, &score);
            if told.len() >= if term { FEW } else { 1 } {
                used.extend(subject.words.iter().map(String::as_str));
                themes.push(Theme { title: subject.title.clone(), told });
            }
        }
        // The subjects with most to say where there are too many.
        let weight = |theme: &Theme| theme.told.iter().map(|at| score(*at)).sum::<f64>();
        themes.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        themes.truncate(max);
        themes.sort_by_key(|theme| theme.told.first().copied());
        themes.into_iter().map(|theme| found(reading, theme)).collect()
    }
}

/// Whether a subject shares a word with those that were taken before it.
fn overlaps(used: &HashSet<&str>, subject: &Subject) -> bool {
    subject.words.iter().any(|word| used.contains(word.as_str()))
}

fn found(reading: &Reading, theme: Theme) -> Found {
    Found {
        text: theme.title,
        spans: theme.told.iter().map(|at| reading.sentences[*at].span).collect(),
        value: None,
        why: None,
        derived: false,
        told: theme.told,
    }
}

/// The best of some sentences without repeats, in order.
fn telling(reading: &Reading, of: &[usize], score: &impl Fn(usize) -> f64) -> Vec<usize> {
    let all: Vec<_> = of
        .iter()
        .map(|at| super::spread::Candidate { at: *at, score: score(*at) })
        .filter(|candidate| candidate.score > 0.0)
        .collect();
    super::spread::best(reading, &all, MOST)
}

/// Sections by their headings, where a heading says what the section is about.
fn headed(reading: &Reading) -> Vec<Subject> {
    let mut sections: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, sentence) in reading.sentences.iter().enumerate() {
        if let Some(heading) = sentence.heading.filter(|h| names_a_subject(reading, *h))
            && says_something(reading, sentence)
        {
            sections.entry(heading).or_default().push(at);
        }
    }
    let subject = |(heading, told): (usize, Vec<usize>)| {
        let title =
            reading.sentences[heading].said.trim_matches(['*', '_', ':', '#', ' ', '-', '.']);
        let title = title.to_owned();
        Subject { title, words: Vec::new(), told }
    };
    let mut seen = HashSet::new();
    let subjects = sections.into_iter().map(subject);
    subjects.filter(|subject| seen.insert(subject.title.to_lowercase())).collect()
}

/// Whether a heading is of what the text is about: no date, no speaker's turn, no name
/// for a kind of section such as "Open questions" or "Agenda".
fn names_a_subject(reading: &Reading, at: usize) -> bool {
    static KINDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^\W*(?:\d+\W+)?(?:agenda|notes?|discussions?|discussed|meeting|minutes|transcript|intro(?:duction)?|overview|summary|updates?|announcements?|new items|old business|new business|any other business|aob|misc(?:ellaneous)?|other|general|welcome|recording|follow-?ups?|recap|review|tagesordnung|protokoll|verschiedenes|sonstiges|ordre du jour|divers|orden del día|varios|ordine del giorno|varie|pauta|recitals|agreement|(?:schedule|exhibit|annex|appendix|article|section|part|anlage|anhang)\s+\w{1,4})(?:\s+(?:notes?|items?|topics?|points?))?\W*$")
            .expect("the pattern is fixed")
    });
    static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?\b|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira)\b")
            .expect("the pattern is fixed")
    });
    let heading = &reading.sentences[at];
    let plain = heading.said.trim_matches(['*', '_', ':', ' ']);
    let weekday = WEEKDAY.is_match(plain) && plain.contains(|c: char| c.is_ascii_digit());
    let dated = weekday || reading.has(heading, FactKind::Date);
    let bare = WEEKDAY.replace_all(plain, " ");
    let telling = words::telling(&bare).any(|word| !is_month(&word));
    telling
        && !heading.is_order
        && cues::topic(plain).is_none()
        && !KINDS.is_match(plain)
        && !dated
        && !plain.starts_with('[')
        && !plain.contains("](")
        && !plain.contains('/')
        && (1..=10).contains(&heading.length)
        && at > 0
}

/// A term with the sentences it stands in.
#[derive(Default)]
struct Term {
    /// How it is written, with how often.
    forms: HashMap<String, usize>,
    /// How often it stands inside a sentence, where a capital is no accident.
    inside: usize,
    told: Vec<usize>,
}

/// Terms of one to three telling words that come back over the document, the best first.
fn recurring(reading: &Reading) -> Vec<Subject> {
    let mut ranked: Vec<(f64, Vec<String>, Term)> = terms(reading)
        .into_iter()
        .map(|(words, term)| (weight(reading, &words, &term), words, term))
        .filter(|(weight, ..)| *weight > 0.0)
        .collect();
    ranked.sort_by(|(a, one, _), (b, two, _)| b.total_cmp(a).then(one.cmp(two)));
    let least = ranked.first().map_or(0.0, |(weight, ..)| weight * BESIDE);
    ranked
        .into_iter()
        .take(LOOKED_AT)
        .take_while(|(weight, ..)| *weight >= least)
        .map(|(_, words, term)| {
            let title = most_common(&term.forms);
            let usable = |at: &usize| says_something(reading, &reading.sentences[*at]);
            Subject { title, words, told: term.told.into_iter().filter(usable).collect() }
        })
        .collect()
}

fn terms(reading: &Reading) -> HashMap<Vec<String>, Term> {
    let names = names(reading);
    let mut terms: HashMap<Vec<String>, Term> = HashMap::new();
    for (at, sentence) in reading.sentences.iter().enumerate() {
        if sentence.is_order || !sentence.form.is_said() {
            continue;
        }
        let said = without_links(&sentence.said);
        for (key, place) in phrases(&said, &names) {
            let term = terms.entry(key).or_default();
            let form = said[place.clone()].to_owned();
            term.inside += usize::from(said[..place.start].contains(char::is_alphanumeric));
            *term.forms.entry(form).or_default() += 1;
            if term.told.last() != Some(&at) {
                term.told.push(at);
            }
        }
    }
    terms
}

/// What a term weighs as a subject: by how often and over how much of the document it
/// comes back, and more as a term of several words; 0 of one that any text has.
fn weight(reading: &Reading, words: &[String], term: &Term) -> f64 {
    let telling = words.iter().filter(|word| !ordinary::is_common(word)).count();
    let often = term.told.len();
    if telling == 0 || often <= FEW {
        return 0.0;
    }
    let title = most_common(&term.forms);
    let single = words.len() == 1;
    // One word has to be a name for something: written with a capital, or a noun.
    let shouted = title.len() > 5 && !title.contains(char::is_lowercase);
    let named = title.starts_with(char::is_uppercase) && term.inside * 2 > often && !shouted;
    if !single && is_phrase_of_doing(&title) {
        return 0.0;
    }
    if single && (!(named || ordinary::is_noun(&title)) || often < 4) {
        return 0.0;
    }
    let all = reading.sentences.len().max(1);
    let stretches: HashSet<usize> = term.told.iter().map(|at| at * STRETCHES / all).collect();
    let long = all > 10 * STRETCHES;
    if long && stretches.len() < 2 {
        return 0.0;
    }
    let more = [if named { 1.3 } else { 1.0 }, 3.2, 3.8][words.len().clamp(1, 3) - 1];
    #[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
    let (often, wide) = (often as f64, stretches.len() as f64);
    often.sqrt() * wide.sqrt() * more
}

/// Whether the last word of a term is of what is done or how: "regularly updated".
fn is_phrase_of_doing(title: &str) -> bool {
    let last = title.rsplit(' ').next().unwrap_or_default();
    let doing = ["ed", "ly", "ing", "ible", "able", "ous", "ful"];
    last.starts_with(char::is_lowercase) && doing.iter().any(|ending| last.ends_with(ending))
}

/// The words of a sentence without the addresses and marks of a page in it.
fn without_links(said: &str) -> std::borrow::Cow<'_, str> {
    static LINKS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"https?://\S+|www\.\S+|\]\([^)\s]*\)|\S+@\S+\.\S+|`[^`]*`|</?\w[^>]*>|\S*/\S*/\S*",
        )
        .expect("the pattern is fixed")
    });
    // The mark in the place of a link parts the words before it from those behind it.
    LINKS.replace_all(said, "|")
}

/// Runs of telling words, up to three, with where they stand in what is said.
fn phrases(said: &str, names: &HashSet<String>) -> Vec<(Vec<String>, Range<usize>)> {
    let mut phrases = Vec::new();
    let mut run: Vec<(String, usize, usize)> = Vec::new();
    let mut end = 0;
    for word in words::words(said) {
        let start = word.as_ptr() as usize - said.as_ptr() as usize;
        let own = words::folded(word).filter(|folded| {
            !names.contains(folded) && !is_month(word) && !ordinary::is_vague(folded)
        });
        // Only a space may stand between the words of a term.
        if own.is_none() || start != end + 1 || said.as_bytes().get(end) != Some(&b' ') {
            run.clear();
        }
        end = start + word.len();
        if let Some(folded) = own {
            run.push((folded, start, end));
            for length in 1..=run.len().min(3) {
                let of = &run[run.len() - length..];
                let key: Vec<String> = of.iter().map(|(folded, ..)| folded.clone()).collect();
                // "Very very": the same word again makes no term.
                if length == 1 || key.windows(2).all(|pair| pair[0] != pair[1]) {
                    phrases.push((key, of[0].1..end));
                }
            }
        }
    }
    phrases
}

/// The folded words of everybody's names, people's and companies', who are no subjects.
fn names(reading: &Reading) -> HashSet<String> {
    let mut names = HashSet::new();
    for turn in &reading.turns {
        names.extend(words::telling(&turn.speaker));
    }
    // "Brian: will ask": who does or says it in notes.
    for sentence in &reading.sentences {
        let label = sentence.said.split_once(':').map(|(label, _)| label);
        let short = |label: &&str| label.split_whitespace().count() <= 2 && names_a_speaker(label);
        let capital =
            |label: &str| label.split_whitespace().all(|w| w.starts_with(char::is_uppercase));
        names.extend(
            label.filter(short).filter(|l| capital(l)).into_iter().flat_map(words::telling),
        );
    }
    for sentence in &reading.sentences {
        let is_somebody =
            |fact: &&Fact| matches!(fact.kind, FactKind::Person | FactKind::Organisation);
        for fact in reading.facts_in(sentence).iter().filter(is_somebody) {
            if let Some(Value::Text(name)) = &fact.value {
                names.extend(words::telling(name));
            }
        }
    }
    names
}

fn most_common(forms: &HashMap<String, usize>) -> String {
    let most = forms.iter().max_by(|(a, n), (b, m)| n.cmp(m).then(b.cmp(a)));
    most.map(|(form, _)| form.clone()).unwrap_or_default()
}
