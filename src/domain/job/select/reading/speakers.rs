//! Who speaks in a transcript: which lines open a turn, and what of them is only
//! the label. A word with a colon after it is nobody by itself; it is a speaker
//! where such labels come back, take turns and have talk behind them.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use super::Voice;
use crate::domain::sentence::display;
use crate::domain::sentence::line::{Kind, Line};

/// "[00:01:20] Dr. Joanna Reeve: ", "**Adam:** ", "MR. SMITH: ".
static SPEAKER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?P<time>\\?[\[(]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\\?[\])]\s*)?(?:\*\*|__)?(?P<who>[\p{L}@][^\n:*_?!]{0,70}?)(?:\*\*|__)?\s?:(?:\*\*|__)?(?:\s+|$)",
    )
    .expect("the pattern is fixed")
});

/// "Q.   ", "A: ", "P - ", and "B. " of a list that is no examination.
static LETTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<who>[QAPRFB])(?:[.:]\s+|\s+[-–]\s+|\s{2,}|\t)").expect("the pattern is fixed")
});

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\\?[\[(]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\\?[\])]\s*")
        .expect("the pattern is fixed")
});

/// Letters of question and answer: English, Spanish and French, German.
const EXAMINED: [(char, char); 3] = [('Q', 'A'), ('P', 'R'), ('F', 'A')];

/// First or last words of labels that name no speaker: heads of letters, fields of
/// forms, marks in notes.
const NO_SPEAKERS: &str = "\
    source sources note notes nb subject date dated re to from cc bcc sent whereas provided \
    address addresses attention attn by name title phone telephone tel fax facsimile mobile \
    email e-mail mail website web url link links its signature signed place location where when \
    time duration agenda topic topics action actions decision decisions outcome summary \
    description status type version attendees participants absent apologies invited owner \
    deadline due term price amount total fee fees currency warning important update updates edit \
    see ps key recording video audio slides section article exhibit schedule appendix annex page \
    figure table example examples definition purpose background scope item items step steps \
    option options todo reference references file format quelle betreff datum von an \
    anschrift adresse hinweis anmerkung ort zeit tagesordnung thema telefon objet fecha asunto \
    para nota fuente oggetto data assunto fonte lieu lugar luogo local";

/// Who speaks in a transcript; empty of any other document.
pub(super) struct Speakers {
    /// Names that open lines, with how many.
    names: HashMap<String, usize>,
    timed: bool,
    /// The letters of questions and answers.
    letters: Option<(char, char)>,
    is_transcript: bool,
}

/// What opens a turn.
pub(super) enum Opening {
    Turn(String, Voice),
    /// Somebody, or something, that no other line speaks of.
    Unknown,
}

impl Speakers {
    pub(super) fn of(text: &str, lines: &[Line]) -> Self {
        let mut seen = Seen::default();
        for line in lines.iter().filter(|line| line.has_words()) {
            seen.line(line.words().slice(text).unwrap_or_default(), line.kind);
        }
        let letters = seen.letters();
        let timed = seen.timed >= 3;
        let is_transcript = letters.is_some() || timed || seen.is_talk();
        Self { names: seen.names, timed, letters, is_transcript }
    }

    /// What a line opens, if it opens anything.
    pub(super) fn opens(&self, text: &str, line: &Line) -> Option<Opening> {
        if !self.is_transcript || !line.has_words() || line.kind == Kind::Item {
            return None;
        }
        let body = line.words().slice(text)?;
        if let Some((letter, voice)) = self.examined(body) {
            return Some(Opening::Turn(letter.to_string(), voice));
        }
        let (name, is_timed) = label(body)?;
        let is_timed = is_timed && self.timed && name.starts_with(char::is_uppercase);
        let known = is_timed || self.names.get(&name).is_some_and(|n| *n >= 2);
        Some(if known { Opening::Turn(name, Voice::Talk) } else { Opening::Unknown })
    }

    fn examined(&self, body: &str) -> Option<(char, Voice)> {
        let (asks, answers) = self.letters?;
        let letter = LETTER.captures(body)?["who"].chars().next()?;
        let voice = if letter == asks { Voice::Question } else { Voice::Answer };
        (letter == asks || letter == answers).then_some((letter, voice))
    }

    /// What stands before the words of a line, as it is shown: the time, and the label
    /// of whoever speaks; empty where there is none.
    pub(super) fn head(&self, text: &str, line: &Line) -> (String, String) {
        let body = line.words().slice(text).unwrap_or_default();
        let time = if self.timed { TIME.find(body).map_or(0, |found| found.end()) } else { 0 };
        let end = match self.opens(text, line) {
            Some(Opening::Turn(..)) if self.examined(body).is_some() => LETTER.find(body),
            Some(Opening::Turn(..)) => SPEAKER.find(body),
            Some(Opening::Unknown) | None => None,
        };
        let end = end.map_or(time, |found| found.end());
        (display(&body[..time]), display(&body[time.min(end)..end]))
    }
}

/// What the lines of a document begin with.
#[derive(Default)]
struct Seen {
    names: HashMap<String, usize>,
    /// Of lines with a name, in order: the name, and whether talk stands behind it.
    labelled: Vec<(String, bool)>,
    letters: HashMap<char, usize>,
    /// A label stands alone on its line; the next one tells whether it is talk.
    alone: bool,
    timed: usize,
    filled: usize,
}

impl Seen {
    fn line(&mut self, body: &str, kind: Kind) {
        self.filled += 1;
        self.timed += usize::from(TIME.is_match(body));
        let alone = std::mem::take(&mut self.alone);
        if let Some(letter) = LETTER.captures(body).and_then(|found| found["who"].chars().next()) {
            *self.letters.entry(letter).or_default() += 1;
            return;
        }
        if let Some((name, _)) = label(body).filter(|_| kind != Kind::Item) {
            *self.names.entry(name.clone()).or_default() += 1;
            let rest = SPEAKER.find(body).map_or("", |found| &body[found.end()..]);
            self.alone = rest.trim().is_empty();
            self.labelled.push((name, is_talk(rest)));
        } else if alone && let Some((_, talks)) = self.labelled.last_mut() {
            *talks = is_talk(body);
        }
    }

    fn letters(&self) -> Option<(char, char)> {
        let count = |letter: char| self.letters.get(&letter).copied().unwrap_or(0);
        // "A., B., C. …" is a list; so is whatever has far more of one than of the other.
        let examines = |(asks, answers): &(char, char)| {
            let (a, b) = (count(*asks), count(*answers));
            a.min(b) >= 3 && a.max(b) <= 3 * a.min(b) && count('B') * 3 < a.min(b)
        };
        EXAMINED.into_iter().find(examines)
    }

    /// Whether at least two speak at least twice, in turns, and often in sentences.
    fn is_talk(&self) -> bool {
        let repeated: Vec<&(String, bool)> =
            self.labelled.iter().filter(|(name, _)| self.names[name] >= 2).collect();
        let several = self.names.values().filter(|count| **count >= 2).count() >= 2;
        let changes = repeated.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
        let talks = repeated.iter().filter(|(_, talks)| *talks).count();
        several
            && repeated.len() >= 4
            && changes >= 2
            && talks * 4 >= repeated.len()
            && repeated.len() * 100 >= 15 * self.filled
            && self.names.len() <= repeated.len()
    }
}

/// Whether words run on as speech does; a field's value seldom has small words.
fn is_talk(said: &str) -> bool {
    let small = |word: &&str| word.starts_with(char::is_lowercase);
    let wide = said.chars().any(|c| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'));
    wide || said.split_whitespace().take(12).filter(small).count() >= 2
}

/// The name before a colon at the beginning of a line, and whether a time stands there.
fn label(body: &str) -> Option<(String, bool)> {
    let found = SPEAKER.captures(body)?;
    let who = found["who"].trim();
    let is_name_word = |word: &str| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "(|&".contains(c))
            || ["of", "the", "de", "da", "von", "van", "and"].contains(&word)
    };
    let words: Vec<&str> = who.split_whitespace().collect();
    let is_timed = found.name("time").is_some();
    let named = words.len() <= 9 && words.iter().all(|word| is_name_word(word));
    // Behind a time people are named as they name themselves: "[00:35:03] ignacio: ".
    let named = named && !who.starts_with('(') || is_timed && words.len() <= 2;
    let examines = who == "BY" || who.starts_with("BY ");
    (named && !examines && names_a_speaker(who)).then(|| (who.to_owned(), is_timed))
}

/// Whether a label may be somebody's name: "Ann Berg", but not "Date taken".
pub(in super::super) fn names_a_speaker(label: &str) -> bool {
    static NOT: LazyLock<HashSet<&'static str>> =
        LazyLock::new(|| NO_SPEAKERS.split_whitespace().collect());
    let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    let mut words = label.split_whitespace();
    let (first, last) = (words.next(), words.next_back());
    ![first, last].into_iter().flatten().any(|word| NOT.contains(plain(word).as_str()))
}
