//! What the quotes of a model's answer are worth: where they stand, what they
//! say, and whether the rules say the same. Knows nothing of what becomes of it.

use super::super::{Step, Work};
use super::found::Candidate;
use super::{cut, proper};
use crate::domain::anchor::{Anchor, anchor};
use crate::domain::fact::{FactKind, Value};
use crate::domain::finding::{Finding, FindingId, Notes, Opinion, Status};
use crate::domain::prompt::NONE;
use crate::domain::recognise;
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;
use crate::domain::template::{Field, FieldType};

/// What became of a field's candidates.
pub(super) struct Weighed {
    pub found: Vec<Candidate>,
    /// The model's quotes that are no proof of what was asked for.
    pub unverified: Vec<Finding>,
    /// Quotes that stand in the source but are not what was asked for.
    pub unfit: usize,
    /// Lines beyond those that an answer may have, which stand nowhere.
    pub surplus: usize,
}

impl Weighed {
    /// Before any quote: what the rules found.
    pub fn beside(found: Vec<Candidate>) -> Self {
        Self { found, unverified: Vec::new(), unfit: 0, surplus: 0 }
    }
}

/// A quote that is not what was asked for.
#[derive(Debug)]
struct Unfit;

/// What a quote says by itself, and what is doubtful about it.
type Said = Result<(Option<Value>, Option<String>), Unfit>;

/// The answer's lines without list marks, "none" and repeats.
pub(super) fn of(answer: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = Vec::new();
    for line in answer.lines() {
        let line = line.trim().trim_start_matches(['-', '*', '•']).trim();
        let line = line.trim_matches(['"', '“', '”']).trim();
        let is_none = line.trim_end_matches('.').eq_ignore_ascii_case(NONE);
        if !line.is_empty() && !is_none && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Weighs the quotes of one answer in their order. Models go through a text from
/// its beginning to its end, so of several places of the same words the one
/// counts that is nearest to the end of the quote before.
pub(super) fn weigh_all(
    work: &Work<'_>,
    field: &Field,
    step: &Step,
    quotes: &[&str],
    weighed: &mut Weighed,
) {
    let home = work.units[step.unit].span;
    let mut after = None;
    let most = weighed.unverified.len() + field.max;
    for quote in quotes {
        match locate(quote, work.text(home), after) {
            (_, Anchor::Exact(span) | Anchor::Normalised(span)) => {
                after = Some(span.end);
                weigh(work, field, step, span.shifted(home.start), weighed);
            }
            (quote, Anchor::Near { span, why }) => {
                let near = span.shifted(home.start);
                if !seconds(work, field, quote, near, weighed) {
                    let doubtful = doubtful(work, field, quote, Some(near), why);
                    weighed.unverified.push(doubtful);
                }
            }
            (_, Anchor::Missing { .. }) if weighed.unverified.len() >= most => {
                weighed.surplus += 1;
            }
            (quote, Anchor::Missing { why }) => {
                weighed.unverified.push(doubtful(work, field, quote, None, why));
            }
        }
    }
}

/// Where a line of an answer stands; a number that models put before the items of
/// a list is no part of it, unless the source has it too ("1. März").
fn locate<'a>(line: &'a str, text: &str, after: Option<usize>) -> (&'a str, Anchor) {
    let whole = anchor(line, text, after);
    if matches!(whole, Anchor::Exact(_) | Anchor::Normalised(_)) {
        return (line, whole);
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let item = line[digits..].strip_prefix(['.', ')']).map(str::trim_start);
    match item.filter(|item| (1..=2).contains(&digits) && !item.is_empty()) {
        Some(item) => (item, anchor(item, text, after)),
        None => (line, whole),
    }
}

/// Whether a quote that stands nowhere letter for letter says what the rules read
/// where something like it stands ("March 1 2026" for "March 1, 2026"): then
/// theirs is the evidence, and the model its second opinion.
fn seconds(
    work: &Work<'_>,
    field: &Field,
    quote: &str,
    near: ByteSpan,
    weighed: &mut Weighed,
) -> bool {
    let FieldType::Fact(FactKind::Date | FactKind::Amount | FactKind::Duration) = field.kind else {
        return false;
    };
    let Ok((Some(value), _)) = own_value(work, field, quote) else { return false };
    let mut same = weighed
        .found
        .iter_mut()
        .filter(|c| c.rules && c.span.overlaps(near) && c.value.as_ref() == Some(&value));
    let Some(candidate) = same.next() else { return false };
    candidate.model = true;
    true
}

/// Sets a quote of the model that stands in the source beside what the rules
/// know, and adds it where it belongs: as a second opinion, as a find of its
/// own, or as unverified.
fn weigh(work: &Work<'_>, field: &Field, step: &Step, span: ByteSpan, weighed: &mut Weighed) {
    let Weighed { found, unverified, unfit, .. } = weighed;
    let quote = work.text(span);
    let own = own_value(work, field, quote);
    let mut agreed = false;
    for candidate in found.iter_mut().filter(|c| c.rules && agree(work, field, c, span, &own)) {
        candidate.model = true;
        agreed = true;
    }
    if agreed || found.iter().any(|c| c.span == span) || claimed_elsewhere(work, field, span) {
        return;
    }
    let Ok((value, doubt)) = own else {
        // It stands in the source, but it is no answer: nothing to review.
        *unfit += 1;
        return;
    };
    if let Some(whole) = found.iter().find(|c| c.rules && is_piece(field, span, c)) {
        let why = format!(
            "It is a piece of “{}”, which says something else as a whole.",
            display(work.text(whole.span))
        );
        return unverified.push(doubtful(work, field, quote, Some(span), why));
    }
    let doubt = doubt.or_else(|| turned_round(work, field, step, span));
    found.push(Candidate { span, value, doubt, model: true, rules: false });
}

/// Whether a quote takes only a part of a figure that the rules read whole: "May
/// 2026" out of "1 May 2026", "$4" out of "$4 million". A name in a longer one may
/// be another's.
fn is_piece(field: &Field, quote: ByteSpan, rule: &Candidate) -> bool {
    let figures = matches!(
        field.kind,
        FieldType::Fact(FactKind::Date | FactKind::Amount | FactKind::Duration)
    );
    figures && rule.span.overlaps(quote) && !quote.contains(rule.span)
}

/// What the sentence says around a passage that turns its sense round.
fn turned_round(work: &Work<'_>, field: &Field, step: &Step, span: ByteSpan) -> Option<String> {
    if !matches!(field.kind, FieldType::Fact(FactKind::Obligation) | FieldType::Text) {
        return None;
    }
    let sentences = &work.units[step.unit].sentences;
    let sentence = sentences.iter().find(|sentence| sentence.contains(span))?;
    let range = span.start - sentence.start..span.end - sentence.start;
    cut::doubt(work.text(*sentence), range)
}

/// Whether a quote of the model with its `own` value says what a find of the
/// rules says. To stand in the same place is not enough: "Acme" is not "Acme
/// Holdings Ltd", and a month is not the day in it.
fn agree(work: &Work<'_>, field: &Field, rule: &Candidate, quote: ByteSpan, own: &Said) -> bool {
    if !rule.span.overlaps(quote) {
        return false;
    }
    let same = match own {
        // The rules take the whole sentence; the duty in it is the same one.
        // Its value is only who has it.
        Ok(_) if field.kind == FieldType::Fact(FactKind::Obligation) => rule.span.contains(quote),
        Ok((Some(own), _)) => rule.value.as_ref().is_some_and(|value| holds(field, value, own)),
        Ok((None, _)) | Err(Unfit) => false,
    };
    quote.contains(rule.span) || same || bare(work.text(quote)) == bare(work.text(rule.span))
}

/// Whether a value of the rules says all that `own` says: the same, a range that
/// it is an end of, or the same period with what it is counted from.
fn holds(field: &Field, value: &Value, own: &Value) -> bool {
    let (Value::Text(value), Value::Text(own)) = (value, own) else { return value == own };
    value == own
        || match field.kind {
            FieldType::Fact(FactKind::Date) => value.split('/').any(|end| end == own),
            FieldType::Fact(FactKind::Duration) => value.split(' ').next() == Some(own),
            _ => false,
        }
}

/// A quote without the articles and titles before it and the punctuation
/// around it.
fn bare(quote: &str) -> String {
    const ARTICLES: [&str; 9] = ["the", "a", "an", "der", "die", "das", "den", "dem", "des"];
    let is_lead = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        recognise::name_words::TITLES.contains(word)
            || ARTICLES.contains(&word.to_lowercase().as_str())
    };
    let shown = display(quote);
    let words: Vec<&str> = shown.split_whitespace().skip_while(is_lead).collect();
    let is_edge = |c: char| c.is_ascii_punctuation() && c != '$' || "“”„‘’«»–—…".contains(c);
    words.join(" ").trim_matches(is_edge).to_owned()
}

/// Whether the recognisers know this very text as another kind of fact that
/// the template asks for too: then it stands there, and not here.
fn claimed_elsewhere(work: &Work<'_>, field: &Field, span: ByteSpan) -> bool {
    work.facts.iter().any(|fact| {
        fact.span.contains(span)
            && fact.kind != FactKind::Obligation
            && field.kind != FieldType::Fact(fact.kind)
            && field.kind != FieldType::Fact(FactKind::Obligation)
            && work.template.fields.iter().any(|f| f.kind == FieldType::Fact(fact.kind))
    })
}

/// What a quote says when it is read by itself. One out of which nothing of what
/// was asked for comes is no answer.
fn own_value(work: &Work<'_>, field: &Field, quote: &str) -> Said {
    let FieldType::Fact(kind) = field.kind else { return Ok((None, None)) };
    if let Some(fact) = recognise::recognise(quote).into_iter().find(|f| f.kind == kind) {
        return Ok((fact.value, fact.doubt));
    }
    match kind {
        FactKind::Person | FactKind::Organisation
            if proper::may_be(kind, quote, &work.doc.text) =>
        {
            Ok((Some(Value::Text(display(quote))), None))
        }
        _ => Err(Unfit),
    }
}

fn doubtful(
    work: &Work<'_>,
    field: &Field,
    text: &str,
    near: Option<ByteSpan>,
    why: String,
) -> Finding {
    Finding {
        id: FindingId::new(&work.template.name, &field.name, &format!("?{text}"), 0),
        kind: field.name.clone(),
        text: display(text),
        value: None,
        quotes: near.map(|span| work.quote(span)).into_iter().collect(),
        status: Status::Unverified,
        why: Some(why),
        opinion: Opinion::Model,
        notes: Notes::default(),
    }
}
