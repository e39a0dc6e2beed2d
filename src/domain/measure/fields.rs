//! Findings against labels, field by field.

use std::collections::BTreeSet;

use serde::Serialize;

use super::found::{Case, Found, isos, wordings};
use super::labels::{Label, Labels, Said};
use super::roles::{self, Expected, Side};
use super::share::{f1, share};
use super::words::{field_key, normal, stands_in};
use crate::domain::fact::{FactKind, Value};
use crate::domain::finding::{Finding, Role};

/// Findings that may be a party's name: the name itself, or the term that the
/// document gives to it.
const NAMES: &[FactKind] = &[FactKind::Organisation, FactKind::Person, FactKind::Definition];

/// Words of the longest answer that is a name; a longer one is the passage in
/// which names stand.
const NAME_WORDS: usize = 8;

/// What was found of one field of the labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldScore {
    /// As the labels name it.
    pub field: String,
    /// Labels that say something is there; of a role's date, documents.
    pub labelled: usize,
    /// What was found for the field in the documents that have labels of it,
    /// those without it included.
    pub found: usize,
    /// Of what was found, what agrees with a label.
    pub right: usize,
    pub wrong: usize,
    /// Labels with which nothing that was found agrees.
    pub missed: usize,
    /// Documents that are labelled as having nothing of it, and nothing was
    /// found; and those in which something was.
    pub rightly_none: usize,
    pub wrongly_found: usize,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
}

/// A field of the labels that nothing was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotAsked {
    pub field: String,
    pub labels: usize,
}

/// How many of the labelled answers are among what was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recall {
    pub labelled: usize,
    pub found: usize,
    pub recall: Option<f64>,
    pub missed: Vec<Missed>,
}

/// A labelled answer that was not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    pub doc: String,
    pub field: String,
    /// As the label gives it.
    pub answer: String,
}

/// Counts of one field.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub labelled: usize,
    pub found: usize,
    pub right: usize,
    pub missed: usize,
    pub rightly_none: usize,
    pub wrongly_found: usize,
}

impl Tally {
    pub fn score(self, field: &str) -> FieldScore {
        let Self { labelled, found, right, missed, rightly_none, wrongly_found } = self;
        let (precision, recall) = (share(right, found), share(labelled - missed, labelled));
        FieldScore {
            field: field.to_owned(),
            labelled,
            found,
            right,
            wrong: found - right,
            missed,
            rightly_none,
            wrongly_found,
            precision,
            recall,
            f1: f1(precision, recall),
        }
    }

    /// Counts what was found in a document that is labelled as having none.
    fn none(&mut self, found: usize) {
        self.found += found;
        if found == 0 {
            self.rightly_none += 1;
        } else {
            self.wrongly_found += 1;
        }
    }
}

/// The fields of the labels, scored or set aside, in the order in which they
/// first appear.
pub(super) fn scores(labels: &Labels, cases: &[Case<'_>]) -> (Vec<FieldScore>, Vec<NotAsked>) {
    let mut seen = BTreeSet::new();
    let (mut fields, mut not_asked) = (Vec::new(), Vec::new());
    for Label { field, .. } in &labels.labels {
        let key = field_key(field);
        if !seen.insert(key.clone()) {
            continue;
        }
        let count: usize = cases.iter().map(|case| case.of_field(&key).count()).sum();
        if count == 0 {
            continue;
        }
        match tally(cases, &key) {
            Some(tally) => fields.push(tally.score(field)),
            None => not_asked.push(NotAsked { field: field.clone(), labels: count }),
        }
    }
    (fields, not_asked)
}

fn tally(cases: &[Case<'_>], key: &str) -> Option<Tally> {
    let mut sum = Tally::default();
    if let Some(role) = Role::DATES.into_iter().find(|role| role.title() == key) {
        let has_role = |case: &Case<'_>| case.asks_for(role);
        if !cases.iter().any(has_role) {
            return None;
        }
        for case in cases {
            date_of_role(&mut sum, case, role);
        }
        return Some(sum);
    }
    if is_party(key) {
        if !cases.iter().any(|case| case.asks_for(Role::Party)) {
            return None;
        }
        for case in cases {
            parties(&mut sum, case, key);
        }
        return Some(sum);
    }
    let is_asked = cases.iter().any(|case| case.asks_for_field(key));
    is_asked.then(|| {
        for case in cases {
            plain(&mut sum, case, key);
        }
        sum
    })
}

pub(super) fn is_party(key: &str) -> bool {
    matches!(key, "parties" | "party")
}

fn date_of_role(sum: &mut Tally, case: &Case<'_>, role: Role) {
    let said = roles::dates(case, role, Side::Merged);
    match roles::expected(case, role) {
        Some(Expected::Dates(dates)) => {
            sum.labelled += 1;
            sum.found += said.len();
            let right = said.iter().filter(|iso| dates.contains(*iso)).count();
            sum.right += right;
            sum.missed += usize::from(right == 0);
        }
        Some(Expected::None) => sum.none(said.len()),
        None => {}
    }
}

fn parties(sum: &mut Tally, case: &Case<'_>, key: &str) {
    let labels: Vec<&Label> = case.of_field(key).collect();
    if labels.is_empty() {
        return;
    }
    let called = roles::parties(case, Side::Merged);
    let said: Vec<&Said> = labels.iter().filter_map(|label| label.answer.as_ref()).collect();
    if said.is_empty() {
        return sum.none(called.len());
    }
    let is_one = |finding: &&&Finding| said.iter().any(|said| is_named(said, finding));
    sum.labelled += said.len();
    sum.found += called.len();
    sum.right += called.iter().filter(is_one).count();
    sum.missed += said.iter().filter(|said| !called.iter().any(|f| is_named(said, f))).count();
}

fn plain(sum: &mut Tally, case: &Case<'_>, key: &str) {
    let labels: Vec<&Label> = case.of_field(key).collect();
    if labels.is_empty() {
        return;
    }
    let found: Vec<&Found<'_>> = case.anchored().filter(|found| found.is_of(key)).collect();
    let said: Vec<&Said> = labels.iter().filter_map(|label| label.answer.as_ref()).collect();
    if said.is_empty() {
        return sum.none(found.len());
    }
    let agree = |said: &Said, found: &Found<'_>| agrees(case, said, found.finding);
    sum.labelled += said.len();
    sum.found += found.len();
    sum.right += found.iter().filter(|found| said.iter().any(|said| agree(said, found))).count();
    sum.missed += said.iter().filter(|said| !found.iter().any(|found| agree(said, found))).count();
}

/// Whether a finding says what a label says: the same date where the label gives
/// one, the same value where it is given in other words, or the same place.
fn agrees(case: &Case<'_>, said: &Said, finding: &Finding) -> bool {
    if let Some(Some(iso)) = &said.iso {
        return isos(finding).contains(&iso.as_str());
    }
    let own = wordings(finding);
    if said.normalized.as_ref().is_some_and(|words| same_value(words, finding, &own)) {
        return true;
    }
    if let Some(span) = case.span(said) {
        return finding.quotes.iter().any(|quote| quote.span.overlaps(span));
    }
    let words = normal(&said.text);
    own.iter().any(|own| stands_in(own, &words) || stands_in(&words, own))
}

fn same_value(words: &str, finding: &Finding, own: &[String]) -> bool {
    match &finding.value {
        Some(Value::Amount { amount, currency }) => {
            let of_label: String =
                words.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
            let forms =
                [amount.clone(), format!("{currency}{amount}"), format!("{amount}{currency}")];
            forms.iter().any(|form| form.eq_ignore_ascii_case(&of_label))
        }
        Some(Value::Text(_)) | None => own.contains(&normal(words)),
    }
}

/// Whether a finding is the name that a label gives. An answer that is longer
/// than names are, or has quotation marks in it, is a passage: it gives the
/// names that stand in it.
pub(super) fn is_named(said: &Said, finding: &Finding) -> bool {
    let answer = normal(&said.text);
    let own = wordings(finding);
    if own.contains(&answer) {
        return true;
    }
    let is_passage = answer.split(' ').count() > NAME_WORDS || said.text.contains(['"', '“', '”']);
    is_passage && own.iter().any(|own| own.chars().count() > 2 && stands_in(own, &answer))
}

/// Labelled dates of roles whose words carry digits, each once, among all dates
/// that were found.
pub(super) fn dates(cases: &[Case<'_>]) -> Recall {
    let mut recall = Counted::default();
    for case in cases {
        let found: BTreeSet<&str> = case.dates().flat_map(isos).collect();
        let mut seen = BTreeSet::new();
        for label in Role::DATES.iter().flat_map(|role| case.of_field(role.title())) {
            let Some(Said { text, iso: Some(Some(iso)), .. }) = &label.answer else { continue };
            let has_digits = text.is_empty() || text.contains(|c: char| c.is_ascii_digit());
            if has_digits && seen.insert((&label.field, iso, text)) {
                recall.count(found.contains(iso.as_str()), label, iso);
            }
        }
    }
    recall.done()
}

/// Labelled parties among all names that were found.
pub(super) fn names(cases: &[Case<'_>]) -> Recall {
    let mut recall = Counted::default();
    for case in cases {
        let found: Vec<&Finding> = case.facts(NAMES).collect();
        for label in case.labels.iter().filter(|label| is_party(&field_key(&label.field))) {
            let Some(said) = &label.answer else { continue };
            let is_found = found.iter().any(|finding| is_named(said, finding));
            recall.count(is_found, label, &said.text);
        }
    }
    recall.done()
}

#[derive(Default)]
struct Counted {
    labelled: usize,
    missed: Vec<Missed>,
}

impl Counted {
    fn count(&mut self, is_found: bool, label: &Label, answer: &str) {
        self.labelled += 1;
        if !is_found {
            let (doc, field) = (label.doc.clone(), label.field.clone());
            self.missed.push(Missed { doc, field, answer: answer.to_owned() });
        }
    }

    fn done(self) -> Recall {
        let found = self.labelled - self.missed.len();
        let recall = share(found, self.labelled);
        Recall { labelled: self.labelled, found, recall, missed: self.missed }
    }
}
