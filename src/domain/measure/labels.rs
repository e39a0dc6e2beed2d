//! Labels: what people found in documents by eye, as JSON lines. Knows nothing
//! of findings, nor where the lines come from.

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use serde_json::{Map, Value};

/// What a person says of one field of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The document's name below the folder of documents.
    pub doc: String,
    pub field: String,
    /// `None` where the document has nothing of the kind.
    pub answer: Option<Said>,
}

/// What is there, by whatever of it the label gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// The document's own words; empty where only a date is given.
    pub text: String,
    /// The answer in other words than the document's.
    pub normalized: Option<String>,
    /// The date, ISO 8601; `Some(None)` where the label says that no whole date
    /// can be told, as of "the __ day of March, 2018".
    pub iso: Option<Option<String>>,
    pub place: Option<Place>,
}

/// Where an answer stands in the document's text; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Bytes(usize, usize),
    /// Unicode code points.
    Chars(usize, usize),
}

/// What a person says of a conversation of which each line is one turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    pub doc: String,
    pub speakers: Vec<String>,
    pub topics: Vec<Topic>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub title: String,
    /// First and last turn of each passage, as line numbers from 0.
    pub turns: Vec<(usize, usize)>,
}

/// A line that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Counted from 1.
    pub line: usize,
    /// A sentence: what is wrong and what is expected.
    pub message: String,
}

/// A file of labels as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    pub labels: Vec<Label>,
    pub talks: Vec<Talk>,
    /// Lines that are not empty.
    pub lines: usize,
    pub mistakes: Vec<Mistake>,
}

impl Labels {
    /// Reads lines of JSON. A line that is no label is told among the mistakes,
    /// and the others go on.
    #[must_use]
    pub fn parse(source: &str) -> Self {
        let mut labels = Self::default();
        let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
        for (line, text) in (1..).zip(source.lines()) {
            if text.trim().is_empty() {
                continue;
            }
            labels.lines += 1;
            match parsed(text) {
                Ok(Line::Label(label)) => labels.labels.push(label),
                Ok(Line::Talk(talk)) => labels.talks.push(talk),
                Err(message) => labels.mistakes.push(Mistake { line, message }),
            }
        }
        labels
    }

    /// The documents that are spoken of, each once, in their order.
    #[must_use]
    pub fn documents(&self) -> Vec<&str> {
        let mut seen = std::collections::BTreeSet::new();
        let of_labels = self.labels.iter().map(|label| label.doc.as_str());
        let all = of_labels.chain(self.talks.iter().map(|talk| talk.doc.as_str()));
        all.filter(|doc| seen.insert(*doc)).collect()
    }

    /// Of the first `most` documents alone.
    pub fn limit(&mut self, most: usize) {
        let kept: Vec<String> =
            self.documents().into_iter().take(most).map(str::to_owned).collect();
        self.labels.retain(|label| kept.contains(&label.doc));
        self.talks.retain(|talk| kept.contains(&talk.doc));
    }
}

enum Line {
    Label(Label),
    Talk(Talk),
}

const EXPECTED: &str = "Expected is an object such as {\"doc\": \"lease.txt\", \"field\": \"Agreement Date\", \
                        \"iso\": \"2026-05-04\"}, with \"answer_text\", \"iso\" or \"present\": false.";

fn parsed(text: &str) -> Result<Line, String> {
    let value: Value = serde_json::from_str(text)
        .map_err(|e| format!("It is not JSON (column {}). {EXPECTED}", e.column()))?;
    let Value::Object(object) = value else {
        return Err(format!("It is JSON, but no object. {EXPECTED}"));
    };
    let wrong = |e: serde_json::Error| format!("It does not have the right form: {e}. {EXPECTED}");
    if is_talk(&object) {
        let talk: TalkLine = serde_json::from_value(object.into()).map_err(wrong)?;
        return talk.checked().map(Line::Talk);
    }
    let label: LabelLine = serde_json::from_value(object.into()).map_err(wrong)?;
    label.checked().map(Line::Label)
}

fn is_talk(object: &Map<String, Value>) -> bool {
    !object.contains_key("field") && ["speakers", "topics"].iter().any(|k| object.contains_key(*k))
}

/// A line as it is written; other keys are the writer's own business.
#[derive(Deserialize)]
#[expect(clippy::option_option, reason = "a key that is null is told from one that is missing")]
struct LabelLine {
    doc: String,
    field: String,
    present: Option<bool>,
    answer_text: Option<String>,
    normalized: Option<String>,
    #[serde(default, deserialize_with = "given")]
    iso: Option<Option<String>>,
    start: Option<usize>,
    end: Option<usize>,
    byte_start: Option<usize>,
    byte_end: Option<usize>,
}

/// Tells `null` from a key that is missing.
#[expect(clippy::option_option, reason = "a key that is null is told from one that is missing")]
fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(value).map(Some)
}

impl LabelLine {
    fn checked(self) -> Result<Label, String> {
        let named = |what: &str, name: &str| match name.trim() {
            "" => Err(format!("\"{what}\" is empty. {EXPECTED}")),
            _ => Ok(()),
        };
        named("doc", &self.doc)?;
        named("field", &self.field)?;
        let (doc, field) = (self.doc, self.field);
        if self.present == Some(false) {
            return Ok(Label { doc, field, answer: None });
        }
        if let Some(Some(iso)) = &self.iso
            && !is_date(iso)
        {
            return Err(format!(
                "\"iso\" is {iso:?}, and has to be a date such as \"2026-05-04\", \"2026-05\" or \"2026\"."
            ));
        }
        let text = self.answer_text.unwrap_or_default();
        let is_there = self.present == Some(true)
            || !text.trim().is_empty()
            || matches!(self.iso, Some(Some(_)));
        if !is_there {
            return Err(format!("It does not say what the answer is. {EXPECTED}"));
        }
        let place = match (self.byte_start, self.byte_end, self.start, self.end) {
            (Some(start), Some(end), ..) if start < end => Some(Place::Bytes(start, end)),
            (_, _, Some(start), Some(end)) if start < end => Some(Place::Chars(start, end)),
            (None, None, None, None) => None,
            _ => {
                return Err(
                    "The place of the answer needs a \"start\" and an \"end\" behind it, or both \
                            \"byte_start\" and \"byte_end\"."
                        .to_owned(),
                );
            }
        };
        let normalized = self.normalized.filter(|words| !words.trim().is_empty());
        Ok(Label { doc, field, answer: Some(Said { text, normalized, iso: self.iso, place }) })
    }
}

/// "2026", "2026-05" or "2026-05-04": digits in their places, and a month and a
/// day that there are.
fn is_date(iso: &str) -> bool {
    let parts: Vec<&str> = iso.split('-').collect();
    let number = |part: &str, digits: usize, of: std::ops::RangeInclusive<u32>| {
        part.len() == digits
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse().is_ok_and(|n| of.contains(&n))
    };
    match parts.as_slice() {
        [year] => number(year, 4, 0..=9999),
        [year, month] => number(year, 4, 0..=9999) && number(month, 2, 1..=12),
        [year, month, day] => {
            number(year, 4, 0..=9999) && number(month, 2, 1..=12) && number(day, 2, 1..=31)
        }
        _ => false,
    }
}

#[derive(Deserialize)]
struct TalkLine {
    doc: String,
    #[serde(default)]
    speakers: Vec<String>,
    #[serde(default)]
    topics: Vec<TopicLine>,
    /// Where it is `false`, turns are no lines.
    line_equals_turn: Option<bool>,
}

#[derive(Deserialize)]
struct TopicLine {
    topic: String,
    relevant_text_span: Vec<[Turn; 2]>,
}

/// A turn's number, also where it was written as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Turn {
    Number(usize),
    Text(String),
    Else(IgnoredAny),
}

impl Turn {
    fn number(&self) -> Option<usize> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Else(_) => None,
        }
    }
}

impl TalkLine {
    fn checked(self) -> Result<Talk, String> {
        if self.doc.trim().is_empty() {
            return Err("\"doc\" is empty; it has to name the conversation's file.".to_owned());
        }
        if self.line_equals_turn == Some(false) && !self.topics.is_empty() {
            return Err("Topics are told by lines, and \"line_equals_turn\" is false; give them \
                        by lines, one turn each."
                .to_owned());
        }
        let topics = self.topics.into_iter().map(TopicLine::checked).collect::<Result<_, _>>()?;
        Ok(Talk { doc: self.doc, speakers: self.speakers, topics })
    }
}

impl TopicLine {
    fn checked(self) -> Result<Topic, String> {
        let turns = self.relevant_text_span.iter().map(|[first, last]| {
            let (first, last) = (first.number()?, last.number()?);
            (first <= last).then_some((first, last))
        });
        match turns.collect::<Option<Vec<_>>>() {
            Some(turns) if !turns.is_empty() => Ok(Topic { title: self.topic, turns }),
            _ => Err(format!(
                "\"relevant_text_span\" of the topic {:?} has to be pairs of line numbers from 0, \
                 the first not behind the last, such as [[0, 27]].",
                self.topic
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(source: &str) -> Label {
        let labels = Labels::parse(source);
        assert_eq!(labels.mistakes, []);
        labels.labels.into_iter().next().expect("a label")
    }

    #[test]
    fn a_document_a_field_and_an_answer_are_enough() {
        let label = only(r#"{"doc": "lease.txt", "field": "Effective Date", "iso": "2026-05-04"}"#);
        let said = label.answer.expect("an answer");
        assert_eq!((said.text.as_str(), said.iso), ("", Some(Some("2026-05-04".into()))));
        let label = only(r#"{"doc": "lease.txt", "field": "Rent", "answer_text": "$4,500"}"#);
        assert_eq!(label.answer.expect("an answer").iso, None);
        let label = only(r#"{"doc": "lease.txt", "field": "Rent", "present": false}"#);
        assert_eq!(label.answer, None);
    }

    #[test]
    fn a_date_that_cannot_be_told_is_not_one_that_was_not_given() {
        let label = only(
            r#"{"doc": "a", "field": "b", "present": true, "answer_text": "__ May 2026", "iso": null}"#,
        );
        assert_eq!(label.answer.expect("an answer").iso, Some(None));
    }

    #[test]
    fn places_are_in_bytes_where_both_are_given() {
        let both = r#"{"doc":"a","field":"b","answer_text":"c","start":3,"end":4,"byte_start":5,"byte_end":7}"#;
        assert_eq!(only(both).answer.expect("there").place, Some(Place::Bytes(5, 7)));
        let chars = r#"{"doc":"a","field":"b","answer_text":"c","start":3,"end":4}"#;
        assert_eq!(only(chars).answer.expect("there").place, Some(Place::Chars(3, 4)));
    }

    #[test]
    fn a_conversation_has_speakers_and_topics_by_lines() {
        let labels = Labels::parse(
            r#"{"doc": "call.txt", "speakers": ["Ann Berg"], "topics": [{"topic": "Price", "relevant_text_span": [["0", "3"], [7, 9]]}]}"#,
        );
        assert_eq!(labels.mistakes, []);
        assert_eq!(labels.talks[0].topics[0].turns, [(0, 3), (7, 9)]);
        assert_eq!(labels.documents(), ["call.txt"]);
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_what_is_expected_and_the_others_go_on() {
        let source = "{\"doc\": \"a\", \"field\": \"b\", \"iso\": \"2026\"}\n\nnot json\n[1]\n\
            {\"doc\": \"a\"}\n{\"doc\": \"a\", \"field\": \" \", \"present\": false}\n\
            {\"doc\": \"a\", \"field\": \"b\"}\n\
            {\"doc\": \"a\", \"field\": \"b\", \"iso\": \"4 May\"}\n\
            {\"doc\": \"a\", \"field\": \"b\", \"answer_text\": \"c\", \"start\": 9, \"end\": 9}\n\
            {\"doc\": \"a\", \"topics\": [{\"topic\": \"t\", \"relevant_text_span\": [[4, 2]]}]}\n";
        let labels = Labels::parse(source);
        assert_eq!((labels.lines, labels.labels.len()), (9, 1));
        let told: Vec<usize> = labels.mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(told, [3, 4, 5, 6, 7, 8, 9, 10]);
        let said = |line: usize| {
            let of = labels.mistakes.iter().find(|mistake| mistake.line == line);
            of.map(|mistake| mistake.message.as_str()).unwrap_or_default()
        };
        assert!(said(3).contains("not JSON") && said(3).contains("\"doc\""), "{}", said(3));
        assert!(said(5).contains("field"), "{}", said(5));
        assert!(said(8).contains("\"4 May\"") && said(8).contains("2026-05-04"), "{}", said(8));
        assert!(said(10).contains("[[0, 27]]"), "{}", said(10));
    }

    #[test]
    fn a_limit_keeps_the_first_documents_whole() {
        let line =
            |doc: &str| format!("{{\"doc\": \"{doc}\", \"field\": \"x\", \"present\": false}}\n");
        let mut labels = Labels::parse(&["b", "a", "b", "c"].map(line).concat());
        labels.limit(2);
        assert_eq!(labels.documents(), ["b", "a"]);
        assert_eq!(labels.labels.len(), 3);
    }
}
