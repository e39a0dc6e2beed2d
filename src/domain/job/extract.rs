//! Extraction: the model copies quotes, recognisers read the same text, and
//! the two are merged into one list in which equal values stand once.

use std::collections::BTreeMap;

use super::{Conclusion, Outcome, Step, Work, sections};
use crate::domain::anchor::{Anchor, anchor};
use crate::domain::fact::{FactKind, Value};
use crate::domain::finding::{Finding, FindingId, Opinion, Status};
use crate::domain::prompt::{Constraint, NONE, Shape};
use crate::domain::recognise;
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;
use crate::domain::template::{Field, FieldType};

/// A long sentence has some sixty words; names, dates and amounts have few.
fn max_words(field: &Field) -> usize {
    match field.kind {
        FieldType::Fact(FactKind::Obligation) | FieldType::Text => 70,
        _ => 10,
    }
}

fn shape(field: &Field) -> Shape {
    match field.kind {
        FieldType::Fact(FactKind::Date) => Shape::Date,
        FieldType::Fact(FactKind::Amount) => Shape::Amount,
        FieldType::Fact(FactKind::Person | FactKind::Organisation) => Shape::Name,
        FieldType::Fact(FactKind::Obligation) => Shape::Duty,
        FieldType::Text | FieldType::Sentence(_) | FieldType::Tone(_) => Shape::Any,
    }
}

pub(super) fn constraint(chunk: &str, field: &Field) -> Constraint {
    Constraint::Quotes {
        source: chunk.to_owned(),
        max: field.max,
        max_words: max_words(field),
        shape: shape(field),
    }
}

/// One occurrence of something found, by whichever side.
#[derive(Debug, Clone)]
struct Candidate {
    span: ByteSpan,
    value: Option<Value>,
    doubt: Option<String>,
    model: bool,
    rules: bool,
}

/// What became of a field's candidates.
struct Weighed {
    found: Vec<Candidate>,
    /// The model's quotes that are no proof of what was asked for.
    unverified: Vec<Finding>,
    /// Quotes that stand in the source but are not what was asked for.
    unfit: usize,
}

/// A quote that is not what was asked for.
#[derive(Debug)]
struct Unfit;

/// `empty` says field by field what it means that nothing was found.
pub(super) fn conclude(
    work: &Work<'_>,
    answers: &[(&Step, &Outcome)],
    empty: Vec<String>,
) -> Conclusion {
    let (mut findings, mut unfit) = (Vec::new(), 0);
    for (number, field) in work.template.fields.iter().enumerate() {
        let mut weighed =
            Weighed { found: recognised(work, field), unverified: Vec::new(), unfit: 0 };
        for (step, outcome) in answers.iter().filter(|(step, _)| step.field == number) {
            if let Outcome::Answered { text, .. } = outcome {
                for quote in quotes(text) {
                    weigh(work, field, step, quote, &mut weighed);
                }
            }
        }
        findings.extend(grouped(work, field, weighed.found));
        findings.extend(weighed.unverified);
        unfit += weighed.unfit;
    }
    unique(&mut findings);
    let sections =
        sections(work.template, &findings, empty, "Not verified: check before you use it");
    let warnings = match unfit {
        0 => Vec::new(),
        1 => vec!["A quote of the model was left out, since it is not what was asked for.".into()],
        n => vec![format!(
            "{n} quotes of the model were left out, since they are not what was asked for."
        )],
    };
    Conclusion { findings, sections, warnings }
}

fn recognised(work: &Work<'_>, field: &Field) -> Vec<Candidate> {
    let FieldType::Fact(kind) = field.kind else { return Vec::new() };
    // "The Recipient shall:" only leads in to the duties that follow it.
    let is_lead_in = |span| kind == FactKind::Obligation && work.text(span).ends_with(':');
    let of_kind = work.facts.iter().filter(|f| f.kind == kind && !is_lead_in(f.span));
    of_kind
        .map(|fact| Candidate {
            span: fact.span,
            value: fact.value.clone(),
            doubt: fact.doubt.clone(),
            model: false,
            rules: true,
        })
        .collect()
}

/// The answer's lines without list marks, "none" and repeats.
fn quotes(answer: &str) -> Vec<&str> {
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

/// Sets a quote of the model beside what the rules know, and adds it where it
/// belongs: as a second opinion, as a find of its own, or as unverified.
fn weigh(work: &Work<'_>, field: &Field, step: &Step, quote: &str, weighed: &mut Weighed) {
    let Weighed { found, unverified, unfit } = weighed;
    let home = work.units[step.unit].span;
    let span = match anchor(quote, work.text(home), None) {
        Anchor::Exact(span) | Anchor::Normalised(span) => span.shifted(home.start),
        Anchor::Near { span, why } => {
            let near = Some(span.shifted(home.start));
            return unverified.push(doubtful(work, field, quote, near, why));
        }
        Anchor::Missing { why } => {
            return unverified.push(doubtful(work, field, quote, None, why));
        }
    };
    let own = own_value(field, work.text(span));
    let mut agreed = false;
    for candidate in found.iter_mut().filter(|c| c.rules && agree(work, field, c, span, &own)) {
        candidate.model = true;
        agreed = true;
    }
    if agreed || found.iter().any(|c| c.span == span) || claimed_elsewhere(work, field, span) {
        return;
    }
    match own {
        Ok(value) => {
            found.push(Candidate { span, value, doubt: None, model: true, rules: false });
        }
        // It stands in the source, but it is no answer: nothing to review.
        Err(Unfit) => *unfit += 1,
    }
}

/// Whether a quote of the model with its `own` value says what a find of the
/// rules says. To stand in the same place is not enough: "Acme" is not "Acme
/// Holdings Ltd", and a month is not the day in it.
fn agree(
    work: &Work<'_>,
    field: &Field,
    rule: &Candidate,
    quote: ByteSpan,
    own: &Result<Option<Value>, Unfit>,
) -> bool {
    if !rule.span.overlaps(quote) {
        return false;
    }
    let same = match own {
        Err(Unfit) => false,
        // The rules take the whole sentence; the duty in it is the same one.
        // Its value is only who has it.
        Ok(_) if field.kind == FieldType::Fact(FactKind::Obligation) => rule.span.contains(quote),
        Ok(own) => own.is_some() && *own == rule.value,
    };
    quote.contains(rule.span) || same || bare(work.text(quote)) == bare(work.text(rule.span))
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

/// The value of a quote that only the model found.
fn own_value(field: &Field, quote: &str) -> Result<Option<Value>, Unfit> {
    let FieldType::Fact(kind) = field.kind else { return Ok(None) };
    if let Some(fact) = recognise::recognise(quote).into_iter().find(|f| f.kind == kind) {
        return Ok(fact.value);
    }
    match kind {
        FactKind::Person | FactKind::Organisation if reads_like_a_name(quote) => {
            Ok(Some(Value::Text(display(quote))))
        }
        FactKind::Date
        | FactKind::Amount
        | FactKind::Obligation
        | FactKind::Person
        | FactKind::Organisation => Err(Unfit),
    }
}

/// Two to six words, each with a capital but for small joining words.
fn reads_like_a_name(quote: &str) -> bool {
    const JOINING: [&str; 9] = ["and", "of", "the", "de", "van", "von", "der", "für", "und"];
    let words: Vec<&str> = quote.split_whitespace().collect();
    let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    let shouted = quote.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    (2..=6).contains(&words.len())
        && words.first().is_some_and(capital)
        && words.iter().all(|word| capital(word) || JOINING.contains(word))
        && !quote.chars().any(|c| c.is_ascii_digit() || matches!(c, ':' | ';' | '?' | '"'))
        && !shouted
        && recognise::may_be_a_name(quote)
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
    }
}

/// One finding for each value, with every place where it stands.
fn grouped(work: &Work<'_>, field: &Field, mut found: Vec<Candidate>) -> Vec<Finding> {
    found.sort_by_key(|c| (c.span, !c.rules));
    let mut order: Vec<String> = Vec::new();
    let mut groups: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for candidate in found {
        let key = key(field, work.text(candidate.span), candidate.value.as_ref());
        let group = groups.entry(key.clone()).or_default();
        if group.is_empty() {
            order.push(key);
        }
        group.push(candidate);
    }
    let in_order = order.iter().filter_map(|key| Some((key, groups.remove(key)?)));
    in_order.map(|(key, group)| finding(work, field, key, &group)).collect()
}

/// What makes two occurrences one finding: the same value, or the same words.
fn key(field: &Field, text: &str, value: Option<&Value>) -> String {
    match (field.kind, value) {
        (FieldType::Fact(FactKind::Obligation), _) | (_, None) => display(text),
        (_, Some(Value::Text(value))) => value.clone(),
        (_, Some(Value::Amount { amount, currency })) => format!("{currency} {amount}"),
    }
}

fn finding(work: &Work<'_>, field: &Field, key: &str, group: &[Candidate]) -> Finding {
    let by_model = group.iter().any(|c| c.model);
    let by_rules = group.iter().any(|c| c.rules);
    let opinion = match (by_model, by_rules) {
        (true, true) => Opinion::Both,
        (true, false) => Opinion::Model,
        _ => Opinion::Rules,
    };
    Finding {
        id: FindingId::new(&work.template.name, &field.name, key, 0),
        kind: field.name.clone(),
        text: display(work.text(group[0].span)),
        value: group.iter().find_map(|c| c.value.clone()),
        quotes: group.iter().map(|c| work.quote(c.span)).collect(),
        status: Status::Anchored,
        why: group.iter().find_map(|c| c.doubt.clone()),
        opinion,
    }
}

/// The same doubtful words from two chunks are one finding.
fn unique(findings: &mut Vec<Finding>) {
    let mut seen = std::collections::BTreeSet::new();
    findings.retain(|finding| seen.insert(finding.id.clone()));
}
