//! What speaks for each sentence of a document under each rank: its words, its
//! facts, the heading or the list it stands under, what is answered to it.

mod around;
mod facets;
mod open;

use std::collections::HashMap;

pub(super) use facets::Facet;

use super::cues::{self, Topic};
use super::reading::{Form, Reading, Sentence, Voice, names_a_speaker, says_something};
use super::words;
use crate::domain::fact::FactKind;
use crate::domain::template::Rank;

/// Longest sentence that is read easily, in words.
const EASY: f64 = 28.0;

/// Sentences of a document that has so much to tell that what its words mean is no key
/// fact.
const LONG: usize = 100;

#[derive(Debug)]
pub(super) struct Scores {
    pub reading: Reading,
    topics: Vec<Option<Topic>>,
    /// How much each sentence shares with the document as a whole, from 0 to 1.
    central: Vec<f64>,
    /// Whether it is a contract: a preamble and rules behind it.
    is_contract: bool,
    /// Of a proposal that was settled by a short word ("Decided, then."): that word.
    pub settled_by: HashMap<usize, usize>,
}

impl Scores {
    pub(super) fn of(reading: Reading) -> Self {
        let topics = around::topics(&reading);
        let settled_by = around::settled(&reading);
        let central = central(&reading);
        let mut scores = Self { reading, topics, central, is_contract: false, settled_by };
        scores.is_contract = scores.reads_as_contract();
        scores
    }

    fn reads_as_contract(&self) -> bool {
        let sentences = &self.reading.sentences;
        let rules = sentences.iter().filter(|sentence| cues::has_duty(&sentence.said)).count();
        rules * 7 >= sentences.len() && (0..sentences.len()).any(|at| self.opens_a_contract(at))
    }

    /// What speaks for a sentence; 0 or less keeps it out.
    pub(super) fn score(&self, at: usize, rank: Rank) -> f64 {
        let sentence = &self.reading.sentences[at];
        let furniture = self.topics[at] == Some(Topic::Furniture);
        if matches!(sentence.form, Form::Heading(_)) || furniture || sentence.is_order {
            return 0.0;
        }
        let listed = |topic: Topic| {
            let under = self.topics[at] == Some(topic)
                && sentence.ticked != Some(true)
                && (topic != Topic::Questions || self.leads_its_item(at));
            let says = sentence.words.len() >= 2
                && sentence.form.is_said()
                && !sentence.said.contains(" | ");
            under && says && (topic != Topic::Questions || self.reads_as_open(at))
        };
        match rank {
            Rank::Decision if listed(Topic::Decisions) => 4.0,
            Rank::Action if listed(Topic::Actions) => 4.0,
            Rank::Question if listed(Topic::Questions) => 4.0,
            Rank::Risk if listed(Topic::Risks) => 4.0,
            Rank::Question => self.question(at),
            Rank::Action => self.action(at),
            // Who made it with whom is said at whatever length.
            Rank::Summary | Rank::Key if self.opens_a_contract(at) => 6.0,
            _ if !says_something(&self.reading, sentence) => 0.0,
            Rank::Decision => self.decision(at),
            Rank::Risk => self.risk(sentence),
            Rank::Key => self.key(at),
            Rank::Summary | Rank::Theme | Rank::Dispute | Rank::Chronology => self.summary(at),
        }
    }

    fn decision(&self, at: usize) -> f64 {
        let sentence = &self.reading.sentences[at];
        if is_question(sentence) || self.reading.voice(sentence) != Voice::Talk {
            return 0.0;
        }
        if self.settled_by.contains_key(&at) {
            return 3.0;
        }
        // What the parties of a contract agree on is all of it.
        let said = sentence.said.as_str();
        if self.is_contract
            || !cues::decides(said)
            || cues::leaves_open(said)
            || cues::defines(said)
        {
            return 0.0;
        }
        // What others are said to have decided is news, and no decision of those who talk.
        if self.reading.is_transcript() && cues::is_of_others(&sentence.said) {
            return 0.0;
        }
        2.0 + self.weight(sentence)
    }

    fn action(&self, at: usize) -> f64 {
        let sentence = &self.reading.sentences[at];
        let said = sentence.said.as_str();
        if sentence.ticked == Some(true) || said.starts_with("~~") || !sentence.form.is_said() {
            return 0.0;
        }
        if sentence.ticked == Some(false) && self.topics[at].is_none() {
            return 4.0;
        }
        // A witness tells what was; a chair's words lead through the meeting itself.
        let talks = self.reading.voice(sentence) == Voice::Talk;
        let leads = cues::chairs(said) || self.reading.is_transcript() && open::is_condition(said);
        if sentence.words.len() < 2 || sentence.length > 90 || !talks || leads {
            return 0.0;
        }
        let due = cues::has_deadline(said) || self.reading.has(sentence, FactKind::Date);
        if due && !cues::decides(said) && self.is_read_back(at) {
            return 3.5;
        }
        // In a contract everybody "will"; what is next there is what has its day.
        let base = if self.is_contract && !due {
            return 0.0;
        } else if cues::sets_a_task(said) && !is_question(sentence)
            || said.trim_start_matches(['-', '*', ' ']).starts_with('@')
        {
            2.5
        } else if cues::promises(said) || self.names_somebody_for_it(sentence) {
            2.0
        } else if due && (cues::hands_over(said) || falls_due(said) && !is_question(sentence)) {
            1.5
        } else {
            return 0.0;
        };
        let asked = if is_question(sentence) { 0.5 } else { 0.0 };
        base + if due { 1.0 } else { 0.0 } - asked
    }

    /// "Ann will send it": where people talk, it has to be one of them, for they speak
    /// of what machines and companies will do as well.
    fn names_somebody_for_it(&self, sentence: &Sentence) -> bool {
        let Some(name) = cues::named_for_it(&sentence.said) else { return false };
        !self.reading.is_transcript()
            || name.starts_with('@')
            || self.reading.turns.iter().any(|turn| turn.speaker.contains(name))
    }

    /// Whether it is the sentence at the beginning of a contract that names the
    /// parties: "This Agreement is made on 1 May between …".
    pub(super) fn opens_a_contract(&self, at: usize) -> bool {
        /// Sentences among which it stands, at least.
        const FIRST: usize = 12;
        let all = self.reading.sentences.len();
        if at >= (all / 20).max(FIRST) || self.reading.is_transcript() {
            return false;
        }
        let sentence = &self.reading.sentences[at];
        let facts = self.reading.facts_in(sentence).iter();
        let named = facts
            .filter(|fact| matches!(fact.kind, FactKind::Organisation | FactKind::Person))
            .count();
        // Who is called what from here on: ("Supplier") and ("Buyer").
        let called = sentence.said.matches("(\"").count() + sentence.said.matches("(“").count();
        let introduces =
            named >= 2 && called >= 2 && sentence.said.to_lowercase().contains("agree");
        named >= 1
            && (10..=400).contains(&sentence.length)
            && matches!(sentence.form, Form::Prose | Form::Item)
            && (introduces || cues::is_preamble(&sentence.said))
    }

    /// "Owen: the calculation, by Thursday." in a turn or list that reads tasks back,
    /// and what follows in the same turn.
    fn is_read_back(&self, at: usize) -> bool {
        let sentences = &self.reading.sentences;
        let block = sentences[at].block;
        let names = |at: usize| {
            let Some((who, what)) = sentences[at].said.split_once(": ") else { return false };
            let short =
                who.split_whitespace().count() <= 3 && !what.is_empty() && names_a_speaker(who);
            let is_name = |word: &str| word.starts_with(char::is_uppercase);
            short && (who == "me" || who.split_whitespace().all(is_name))
        };
        if !self.reading.is_transcript() {
            let listed = sentences[at].form == Form::Item;
            return listed && names(at) && cues::has_deadline(&sentences[at].said);
        }
        let before = (0..=at).rev().take(4).take_while(|i| sentences[*i].block == block);
        sentences[at].turn.is_some() && before.into_iter().any(names)
    }

    fn risk(&self, sentence: &Sentence) -> f64 {
        if is_question(sentence) {
            return 0.0;
        }
        let warns = cues::risk(&sentence.said);
        // People speak of what went wrong all the time; papers seldom.
        let least = if self.reading.is_transcript() { 1.6 } else { 1.0 };
        if warns < least { 0.0 } else { warns / long(sentence) + 0.5 * self.weight(sentence) }
    }

    fn summary(&self, at: usize) -> f64 {
        let sentence = &self.reading.sentences[at];
        if is_question(sentence) || cues::is_no_answer(&sentence.said) {
            return 0.0;
        }
        let unsaid = if ends(&sentence.said) { 0.0 } else { 0.6 };
        let chatter =
            if self.reading.is_transcript() && opens_idly(&sentence.said) { 0.8 } else { 0.0 };
        let decided = if cues::decides(&sentence.said) { 0.8 } else { 0.0 };
        let broken = sentence.form == Form::Prose && sentence.said.starts_with(char::is_lowercase);
        let signs = sentence.said.to_lowercase().starts_with("in witness whereof");
        let talk = self.reading.is_transcript();
        // What stands around the talk and is no sentence names who is there and where.
        let around = talk && sentence.turn.is_none() && !is_whole(&sentence.said);
        if around || !talk && (broken || signs || is_piece(&sentence.said)) {
            return 0.0;
        }
        let all = 3.0 * self.central[at] + 0.5 * self.weight(sentence) + decided - unsaid - chatter;
        // What a word means, and one item of several, tells little of the whole.
        let part = is_lettered(&sentence.said) || cues::defines(&sentence.said);
        (if part { 0.3 } else { 1.0 } * all / long(sentence)).max(0.01)
    }

    /// Facts first, early sentences before late ones.
    fn key(&self, at: usize) -> f64 {
        let sentence = &self.reading.sentences[at];
        let prose = ends(&sentence.said) || sentence.form == Form::Item;
        if is_question(sentence) || !prose || sentence.length > 110 || sentence.length < 6 {
            return 0.0;
        }
        let facts = self.weight(sentence);
        let talk = self.reading.is_transcript();
        let decided = if talk && cues::decides(&sentence.said) { 2.0 } else { 0.0 };
        let piece = if is_piece(&sentence.said) { 1.0 } else { 0.0 };
        let again = if self.is_read_back(at) { 1.0 } else { 0.0 };
        if cues::defines(&sentence.said) && self.reading.sentences.len() > LONG {
            return 0.0;
        }
        let defines = if cues::defines(&sentence.said) { 2.0 } else { 0.0 };
        let opening = if !talk && at * 12 < self.reading.sentences.len() { 1.0 } else { 0.0 };
        // What stands around an examination is its form.
        let around = if talk && sentence.turn.is_none() { 2.5 } else { 0.0 };
        let asks = if self.reading.voice(sentence) == Voice::Question { 1.5 } else { 0.0 };
        if facts + decided == 0.0 {
            return 0.0;
        }
        (facts + decided + opening + self.central[at] - asks - around - again - piece - defines)
            .max(0.0)
            / long(sentence)
    }

    /// What the facts in a sentence weigh.
    fn weight(&self, sentence: &Sentence) -> f64 {
        let has = |kind: FactKind, weight: f64| {
            if self.reading.has(sentence, kind) { weight } else { 0.0 }
        };
        let counts = sentence.said.bytes().filter(u8::is_ascii_digit).count() >= 2;
        has(FactKind::Date, 1.0)
            + has(FactKind::Amount, 1.2)
            + has(FactKind::Duration, 0.6)
            + has(FactKind::Organisation, 0.6)
            + has(FactKind::Person, 0.3)
            + has(FactKind::Obligation, 0.5)
            + if counts { 0.4 } else { 0.0 }
    }
}

pub(super) fn is_question(sentence: &Sentence) -> bool {
    sentence.said.trim_end_matches(['"', '”', '’', ')', '*', '_']).trim_end().ends_with(['?', '？'])
}

/// Whether a rule sets a day.
fn falls_due(said: &str) -> bool {
    cues::has_deadline(said) && cues::has_duty(said)
}

/// An item of a sentence that began before it: "(iii) receives from a third party". One
/// with a Roman number, or a short one, is no more than its part of the whole either.
fn is_piece(said: &str) -> bool {
    let Some((mark, words)) = numbered(said) else { return false };
    let roman = mark.chars().all(|c| "ivx".contains(c.to_ascii_lowercase()));
    let short = is_lettered(said) && words.split_whitespace().count() < 12;
    roman || short || words.trim().starts_with(char::is_lowercase) || said.ends_with([';', ','])
}

/// An item with a letter or a Roman number: it seldom says all by itself.
fn is_lettered(said: &str) -> bool {
    numbered(said).is_some_and(|(mark, _)| mark.chars().all(char::is_alphabetic))
}

/// The mark in "(iii) receives" and the words behind it.
fn numbered(said: &str) -> Option<(&str, &str)> {
    let (mark, words) = said.strip_prefix('(')?.split_once(')')?;
    (1..=4).contains(&mark.len()).then_some((mark, words))
}

/// Whether a line is a sentence to its end: no address, and no line of an index.
fn is_whole(said: &str) -> bool {
    said.ends_with(['.', '!', '"', '”', '。']) && said.contains(char::is_lowercase)
}

fn ends(said: &str) -> bool {
    said.ends_with(['.', ';', '!', ')', '"', '”', ':', '。'])
}

/// By how much a long sentence has to say more than a short one.
#[expect(clippy::cast_precision_loss, reason = "words of a sentence")]
fn long(sentence: &Sentence) -> f64 {
    (sentence.length as f64 / EASY).sqrt().max(1.0)
}

/// Beginnings of talk that leads nowhere yet.
fn opens_idly(said: &str) -> bool {
    let first = words::words(said).next().unwrap_or_default().to_lowercase();
    ["yeah", "um", "uh", "oh", "okay", "ok", "hmm", "mm", "well", "right", "like", "because"]
        .contains(&first.as_str())
}

/// How much each sentence shares with the whole: the weights of its words, where a
/// word weighs by the number of sentences it stands in, up to those that stand
/// everywhere.
#[expect(clippy::cast_precision_loss, reason = "counts of sentences")]
fn central(reading: &Reading) -> Vec<f64> {
    let all = reading.sentences.len().max(1) as f64;
    let weight = |word: u32| {
        let spread = f64::from(reading.lexicon.spread(word));
        if spread < 2.0 { 0.0 } else { (1.0 + spread).ln() * (all / spread).ln().max(0.2) }
    };
    let raw: Vec<f64> = reading
        .sentences
        .iter()
        .map(|s| {
            let sum: f64 = s.words.iter().map(|word| weight(*word)).sum();
            sum / (s.words.len().max(4) as f64).powf(0.7)
        })
        .collect();
    let most = raw.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    raw.into_iter().map(|value| value / most).collect()
}
