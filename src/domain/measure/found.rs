//! What was found in one document and what is labelled in it, side by side.

use super::labels::{Label, Labels, Place, Said, Talk};
use super::words::normal;
use super::{Studied, words};
use crate::domain::fact::{FactKind, Value};
use crate::domain::finding::{Finding, Role, Status};
use crate::domain::span::ByteSpan;
use crate::domain::template::{Field, FieldType, JobKind, Template};

/// A document with its labels and its findings.
pub(super) struct Case<'a> {
    pub studied: Studied<'a>,
    pub labels: Vec<&'a Label>,
    pub talks: Vec<&'a Talk>,
    pub found: Vec<Found<'a>>,
    /// What the jobs on it asked for.
    fields: Vec<&'a Field>,
    /// Whether one of them picks sentences.
    picks: bool,
}

/// A finding with what its template says of it.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub finding: &'a Finding,
    pub job: &'a str,
    pub kind: Option<JobKind>,
    /// `None` where the template is gone or has no such field.
    pub field: Option<&'a Field>,
}

impl<'a> Case<'a> {
    pub fn new(studied: Studied<'a>, labels: &'a Labels, templates: &'a [Template]) -> Self {
        let found = studied.results.iter().flat_map(|result| {
            let template = templates.iter().find(|template| template.name == result.job);
            result.findings.iter().map(move |finding| Found {
                finding,
                job: &result.job,
                kind: template.map(|template| template.kind),
                field: template.and_then(|t| t.fields.iter().find(|f| f.name == finding.kind)),
            })
        });
        let found = found.collect();
        let ran = |template: &&Template| studied.results.iter().any(|r| r.job == template.name);
        let picks = templates.iter().filter(ran).any(|template| template.kind == JobKind::Select);
        let fields = templates.iter().filter(ran).flat_map(|template| &template.fields).collect();
        let is_here = |doc: &str| doc == studied.doc;
        Self {
            studied,
            labels: labels.labels.iter().filter(|label| is_here(&label.doc)).collect(),
            talks: labels.talks.iter().filter(|talk| is_here(&talk.doc)).collect(),
            found,
            fields,
            picks,
        }
    }

    /// Whether a job on it picks sentences.
    pub fn picks(&self) -> bool {
        self.picks
    }

    /// Whether a job on it was to say what plays a role.
    pub fn asks_for(&self, role: Role) -> bool {
        self.fields.iter().any(|field| field.roles.contains(&role))
    }

    /// Whether a job on it asked for what a label's field means.
    pub fn asks_for_field(&self, key: &str) -> bool {
        self.fields.iter().any(|field| is_called(field, key))
    }

    /// What is proved: a finding that is not verified is nobody's answer yet.
    pub fn anchored(&self) -> impl Iterator<Item = &Found<'a>> {
        self.found.iter().filter(|found| found.finding.status == Status::Anchored)
    }

    /// Proved findings of fields for facts of these kinds.
    pub fn facts(&self, kinds: &'static [FactKind]) -> impl Iterator<Item = &'a Finding> {
        let is_one = |field: &Field| matches!(field.kind, FieldType::Fact(k) if kinds.contains(&k));
        let of_kind = self.anchored().filter(move |found| found.field.is_some_and(is_one));
        of_kind.map(|found| found.finding)
    }

    /// Proved findings of the fields among which a role is given.
    pub fn candidates(&self, role: Role) -> impl Iterator<Item = &'a Finding> {
        let has_role = move |field: &Field| field.roles.contains(&role);
        let of_fields = self.anchored().filter(move |found| found.field.is_some_and(has_role));
        of_fields.map(|found| found.finding)
    }

    /// The dates that were found.
    pub fn dates(&self) -> impl Iterator<Item = &'a Finding> {
        self.facts(&[FactKind::Date])
    }

    /// The labels of a field, by its [`words::field_key`].
    pub fn of_field(&self, key: &str) -> impl Iterator<Item = &'a Label> {
        self.labels.iter().copied().filter(move |label| words::field_key(&label.field) == key)
    }

    /// Where a labelled answer stands in the text; `None` where the label does
    /// not say, or the place does not fit the text.
    pub fn span(&self, said: &Said) -> Option<ByteSpan> {
        let text = &self.studied.document.text;
        let span = match said.place? {
            Place::Bytes(start, end) => ByteSpan::new(start, end),
            Place::Chars(start, end) => {
                let byte = |chars: usize| {
                    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
                    starts.nth(chars)
                };
                ByteSpan::new(byte(start)?, byte(end)?)
            }
        };
        span.slice(text).map(|_| span)
    }
}

impl Found<'_> {
    /// Whether this is what a label's field means, by its name or its title.
    pub fn is_of(&self, key: &str) -> bool {
        self.field.is_some_and(|field| is_called(field, key))
    }
}

fn is_called(field: &Field, key: &str) -> bool {
    words::field_key(&field.name) == key || words::field_key(&field.title) == key
}

/// All wordings of a finding: its value, its text, its quotes, and what the
/// document calls it as a party, as [`normal`] has them.
pub(super) fn wordings(finding: &Finding) -> Vec<String> {
    let value = match &finding.value {
        Some(Value::Text(value)) => Some(value.as_str()),
        Some(Value::Amount { .. }) | None => None,
    };
    let quotes = finding.quotes.iter().map(|quote| quote.text.as_str());
    let all =
        value.into_iter().chain([finding.text.as_str()]).chain(quotes).chain(aliases(finding));
    let mut wordings: Vec<String> = all.map(normal).filter(|words| !words.is_empty()).collect();
    wordings.sort();
    wordings.dedup();
    wordings
}

/// What a party is called in the document, which the reason of its claim quotes:
/// "Named in the preamble, called “Licensor”."
fn aliases(finding: &Finding) -> impl Iterator<Item = &str> {
    let parties = finding.notes.roles.iter().filter(|claim| claim.role == Role::Party);
    let quoted = parties.flat_map(|claim| claim.why.split('“').skip(1));
    quoted.filter_map(|quoted| Some(quoted.split_once('”')?.0))
}

/// The dates of a finding as ISO 8601: one, or both ends of a range.
pub(super) fn isos(finding: &Finding) -> Vec<&str> {
    match &finding.value {
        Some(Value::Text(value)) => value.split('/').collect(),
        Some(Value::Amount { .. }) | None => Vec::new(),
    }
}

/// Whether a date has a year, a month and a day.
pub(super) fn is_whole(iso: &str) -> bool {
    iso.len() == "2026-05-04".len() && !iso.starts_with('-')
}
