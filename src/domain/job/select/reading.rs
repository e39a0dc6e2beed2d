//! A document as selection reads it: its sentences with who says them, under which
//! heading and in which list they stand, and what the recognisers found in them.
//! Judges nothing; which sentences matter is for the ranks to say.

mod rows;
mod speakers;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

pub(super) use self::speakers::names_a_speaker;
use self::speakers::{Opening, Speakers};
use super::words::{self, Lexicon};
use crate::domain::fact::{Fact, FactKind};
use crate::domain::job::Work;
use crate::domain::recognise::instructions;
use crate::domain::sentence::display;
use crate::domain::sentence::line::{self, Kind, Line};
use crate::domain::span::ByteSpan;

/// Where a sentence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Heading(u8),
    /// Of a list, also a numbered clause.
    Item,
    Prose,
    /// A row of a table.
    Row,
    Code,
}

impl Form {
    /// Whether it is made of sentences.
    pub(super) fn is_said(self) -> bool {
        !matches!(self, Self::Row | Self::Code)
    }
}

/// What a turn is in an examination or an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    Question,
    Answer,
    Talk,
}

/// What one person says until the next one speaks.
#[derive(Debug)]
pub(super) struct Turn {
    /// Whoever speaks: "Joanne Reeves", or the letter of an examination.
    pub speaker: String,
    /// How the line that opens it says so: "**Joanne Reeves:**", "A.".
    label: String,
    pub voice: Voice,
    /// Indices into [`Reading::sentences`], first and behind the last.
    pub from: usize,
    pub to: usize,
}

#[derive(Debug)]
pub(super) struct Sentence {
    /// Into the document's text.
    pub span: ByteSpan,
    /// As it is displayed; without the time before the label of whoever speaks.
    shown: String,
    /// Whether its own words begin with the label of whoever speaks.
    labelled: bool,
    /// To be read by rules: without the speaker's label and the marks of noise, no
    /// space before a stop, no emphasis inside a word.
    pub said: String,
    /// The different telling words, sorted.
    pub words: Vec<u32>,
    /// All words.
    pub length: usize,
    pub form: Form,
    /// Columns before the mark of an item.
    pub indent: usize,
    /// Sentences of one paragraph, item or turn share it.
    pub block: usize,
    /// The sentence that is the heading over this one.
    pub heading: Option<usize>,
    pub turn: Option<usize>,
    /// A box before it is ticked (`Some(true)`) or open.
    pub ticked: Option<bool>,
    /// It reads like an order to a model: it tells nothing that is to be shown.
    pub is_order: bool,
    /// Its paragraph holds such an order: what a model says of it may have been ordered.
    pub is_swayed: bool,
    /// What was found in it: indices into the work's facts.
    facts: (usize, usize),
}

#[derive(Debug)]
pub(super) struct Reading {
    pub sentences: Vec<Sentence>,
    pub turns: Vec<Turn>,
    pub lexicon: Lexicon,
    /// The work's facts, in order.
    facts: Vec<Fact>,
}

/// Marks of noise in transcripts: `{vocalsound}`, "[ Silence ]", "[inaudible]".
static NOISE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\{[a-z]{2,20}\}|\\?\[\s*(?:silence|laughter|laughs|music|applause|inaudible|crosstalk|noise|pause|unintelligible|blank_audio)[^\]\n]{0,20}\\?\]")
        .expect("the pattern is fixed")
});

impl Reading {
    pub(super) fn of(work: &Work<'_>) -> Self {
        let text = work.doc.text.as_str();
        let lines = line::classify(text);
        let speakers = Speakers::of(text, &lines);
        let mut reading = Self {
            sentences: Vec::new(),
            turns: Vec::new(),
            lexicon: Lexicon::default(),
            facts: work.facts.clone(),
        };
        let mut at = Cursor::default();
        for span in work.units.iter().flat_map(|unit| &unit.sentences) {
            for (piece, is_row) in rows::pieces(text, &lines, *span) {
                reading.read(text, &lines, &speakers, (piece, is_row), &mut at);
            }
        }
        reading.mark_orders(&instructions(text));
        if let Some(last) = reading.turns.last_mut() {
            last.to = reading.sentences.len();
        }
        reading
    }

    fn read(
        &mut self,
        text: &str,
        lines: &[Line],
        speakers: &Speakers,
        (span, is_row): (ByteSpan, bool),
        at: &mut Cursor,
    ) {
        let index = self.sentences.len();
        let place = lines.partition_point(|line| line.span.end <= span.start);
        // Lines between the last sentence and this one may open blocks of their own.
        for (number, line) in lines.iter().enumerate().take(place + 1).skip(at.line) {
            at.open(text, number, line);
            match speakers.opens(text, line) {
                Some(Opening::Turn(speaker, voice)) => {
                    let (_, label) = speakers.head(text, line);
                    self.turn(Turn { speaker, label, voice, from: index, to: usize::MAX });
                }
                // Whose words follow is not known; they are not the last speaker's.
                Some(Opening::Unknown) => self.close(index),
                None if matches!(line.kind, Kind::Heading(_)) => self.close(index),
                None => {}
            }
        }
        at.line = at.line.max(place + 1);
        let whole = display(span.slice(text).unwrap_or_default());
        let opening = lines.get(place).filter(|line| line.words().start == span.start);
        let (time, label) = opening.map(|line| speakers.head(text, line)).unwrap_or_default();
        let untimed = whole.strip_prefix(&time).unwrap_or(&whole).trim_start();
        let said = plain(untimed.strip_prefix(&label).unwrap_or(untimed));
        let turn = self.turns.len().checked_sub(1).filter(|turn| self.turns[*turn].to > index);
        // The label of an earlier line goes before the words as they stand, time and all.
        let shown = if turn.is_some() && label.is_empty() { &whole } else { untimed }.to_owned();
        let from = self.facts.partition_point(|fact| fact.span.start < span.start);
        let to = from + self.facts[from..].partition_point(|fact| fact.span.start < span.end);
        let heading = matches!(at.form, Form::Heading(_));
        self.sentences.push(Sentence {
            span,
            words: self.lexicon.read(&said),
            length: said.split_whitespace().count(),
            said,
            shown,
            labelled: !label.is_empty(),
            form: if is_row { Form::Row } else { at.form },
            indent: at.indent,
            block: at.block,
            heading: if heading { None } else { at.heading },
            turn,
            ticked: at.ticked,
            is_order: false,
            is_swayed: false,
            facts: (from, to),
        });
        if heading {
            at.heading = Some(index);
        }
    }

    /// `orders` are spans of the text, in order and apart.
    fn mark_orders(&mut self, orders: &[ByteSpan]) {
        let mut blocks = BTreeSet::new();
        for sentence in &mut self.sentences {
            let next = orders.partition_point(|order| order.end <= sentence.span.start);
            sentence.is_order = orders.get(next).is_some_and(|order| order.overlaps(sentence.span));
            if sentence.is_order {
                blocks.insert(sentence.block);
            }
        }
        for sentence in &mut self.sentences {
            sentence.is_swayed = blocks.contains(&sentence.block);
        }
    }

    /// The sentences of which `picked`, a sentence as the model was shown it, consists:
    /// a table is read row by row.
    pub(super) fn within(&self, picked: ByteSpan) -> std::ops::Range<usize> {
        let from = self.sentences.partition_point(|s| s.span.start < picked.start);
        let to = self.sentences.partition_point(|s| s.span.start < picked.end);
        from..to.max(from)
    }

    /// The same speaker goes on where only the time is new.
    fn turn(&mut self, turn: Turn) {
        if let Some(last) = self.turns.last()
            && last.to > turn.from
            && turn.voice == Voice::Talk
            && last.speaker == turn.speaker
        {
            return;
        }
        self.close(turn.from);
        self.turns.push(turn);
    }

    fn close(&mut self, at: usize) {
        if let Some(last) = self.turns.last_mut() {
            last.to = last.to.min(at);
        }
    }

    pub(super) fn facts_in(&self, sentence: &Sentence) -> &[Fact] {
        &self.facts[sentence.facts.0..sentence.facts.1]
    }

    pub(super) fn has(&self, sentence: &Sentence, kind: FactKind) -> bool {
        self.facts_in(sentence).iter().any(|fact| fact.kind == kind)
    }

    pub(super) fn is_transcript(&self) -> bool {
        self.turns.len() >= 4
    }

    pub(super) fn voice(&self, sentence: &Sentence) -> Voice {
        sentence.turn.map_or(Voice::Talk, |turn| self.turns[turn].voice)
    }

    /// What is shown of a sentence: its own words as they are displayed, behind the
    /// label that opens its turn.
    pub(super) fn shown(&self, sentence: &Sentence) -> String {
        match sentence.turn.map(|turn| &self.turns[turn]) {
            Some(turn) if !sentence.labelled => format!("{} {}", turn.label, sentence.shown),
            _ => sentence.shown.clone(),
        }
    }
}

/// A sentence as rules read it.
fn plain(shown: &str) -> String {
    /// "it 's done ." of transcripts that were cut into words.
    static SPACED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\s+([.,;:?!]+)(\s|$)").expect("the pattern is fixed"));
    /// "Pel**marsh**": an emphasis that begins or ends inside a word.
    static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(\p{L})\*{1,2}(\p{L}+)\*{0,2}|\*{2}(\p{L}+)\*{2}(\p{L})")
            .expect("the pattern is fixed")
    });
    let quiet = NOISE.replace_all(shown, " ");
    let stopped = SPACED.replace_all(&quiet, "$1$2");
    let whole = INSIDE.replace_all(&stopped, "$1$2$3$4");
    whole.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the lines up to a sentence say of its place.
struct Cursor {
    /// The first line that was not looked at yet.
    line: usize,
    form: Form,
    indent: usize,
    block: usize,
    heading: Option<usize>,
    ticked: Option<bool>,
}

impl Default for Cursor {
    fn default() -> Self {
        let (line, indent, block) = (0, 0, 0);
        Self { line, form: Form::Prose, indent, block, heading: None, ticked: None }
    }
}

impl Cursor {
    fn open(&mut self, text: &str, number: usize, line: &Line) {
        if !line.has_words() || line.joins {
            return;
        }
        self.block = number;
        self.form = match line.kind {
            Kind::Heading(level) => Form::Heading(level),
            Kind::Table => Form::Row,
            Kind::Code => Form::Code,
            Kind::Item | Kind::SubItem | Kind::Clause(_) => Form::Item,
            _ => Form::Prose,
        };
        let lead = &text[line.span.start..line.body.start];
        self.indent = lead.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
        let body = line.body.slice(text).unwrap_or_default();
        self.ticked = boxed(body);
    }
}

/// Whether an item begins with a box, and whether it is ticked.
fn boxed(body: &str) -> Option<bool> {
    let rest = body.trim_start_matches(['-', '*', '+', '•', ' ']);
    let mark = rest.strip_prefix('[')?.get(..2)?;
    match mark {
        " ]" => Some(false),
        "x]" | "X]" => Some(true),
        _ => None,
    }
}

/// Whether a sentence says enough to stand alone: three telling words or a fact with
/// two, no address or code, and no longer than a page.
pub(super) fn says_something(reading: &Reading, sentence: &Sentence) -> bool {
    let letters = sentence.said.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = sentence.said.chars().filter(|c| c.is_uppercase()).count();
    let enough = sentence.words.len() >= 3
        || sentence.words.len() == 2 && !reading.facts_in(sentence).is_empty();
    enough
        && !sentence.is_order
        && sentence.form.is_said()
        && (4..=150).contains(&sentence.length)
        && letters * 2 > sentence.said.chars().count()
        && capitals * 2 < letters
        && !sentence.said.contains("/s/")
        && !sentence.said.contains("____")
        && !is_courtesy(&sentence.said)
}

/// "Thank you very much for joining us today.", "Good morning, everyone."
fn is_courtesy(said: &str) -> bool {
    static COURTESY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:(?:okay|ok|yeah|yes|well|so|and|all right|alright|oh)[ ,.]+)*(?:thank(?:s| you)|good (?:morning|afternoon|evening)|hello|hi\b|welcome|goodbye|bye|guten (?:tag|morgen|abend)|danke|vielen dank|bonjour|merci|buenos|buenas|gracias|buongiorno|grazie|bom dia|boa tarde|obrigad|dear (?:mr|ms|mrs|sir|madam|dr)|can (?:you|everyone|everybody) (?:hear|see))")
            .expect("the pattern is fixed")
    });
    COURTESY.is_match(said) && words::words(said).count() <= 14
}
