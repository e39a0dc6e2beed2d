//! What was found for a field, by whichever side: each occurrence, and equal
//! values as one finding with every place where they stand. Knows no answers of
//! a model.

use std::collections::BTreeMap;

use super::super::Work;
use crate::domain::fact::{FactKind, Value};
use crate::domain::finding::{Finding, FindingId, Notes, Opinion, Status};
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;
use crate::domain::template::{Field, FieldType};

/// One occurrence of something found, by whichever side.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub span: ByteSpan,
    pub value: Option<Value>,
    pub doubt: Option<String>,
    pub model: bool,
    pub rules: bool,
}

/// What the recognisers found of the field's kind.
pub(super) fn recognised(work: &Work<'_>, field: &Field) -> Vec<Candidate> {
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

/// One finding for each value, with every place where it stands.
pub(super) fn grouped(work: &Work<'_>, field: &Field, mut found: Vec<Candidate>) -> Vec<Finding> {
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
        notes: Notes::default(),
    }
}
