//! Several rounds of the same questions: how later ones are sampled, how often
//! the model said the same, and what all rounds found together. Knows nothing
//! of what the questions are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Conclusion;
use crate::domain::fact::Value;
use crate::domain::finding::{
    Agreement, Finding, FindingId, Opinion, Role, RoleClaim, Section, Status,
};
use crate::domain::prompt::Sampling;
use crate::domain::template::{Field, FieldType, JobKind, Rank, Template};
use crate::domain::words;

/// The temperature of rounds after the first, where the template's own is
/// lower: the same question at temperature 0 has the same answer.
const VARIED: f64 = 0.7;

/// How a round's answers are drawn; the first as the template says.
pub(super) fn sampling(of_template: Sampling, round: usize) -> Sampling {
    match round {
        0 => of_template,
        _ => Sampling { temperature: of_template.temperature.max(VARIED), ..of_template },
    }
}

/// One conclusion of all rounds': what any of them found, once, with the number
/// of rounds in which the model said it. What it said most often comes first
/// within what one side found and within the rest, but where the order is itself
/// an answer.
pub(super) fn merged(template: &Template, mut rounds: Vec<Conclusion>) -> Conclusion {
    if rounds.len() == 1 {
        return rounds.swap_remove(0);
    }
    let mut findings = union(&rounds);
    let dropped = match template.kind {
        JobKind::Select => beyond_most(template, &rounds, &findings),
        JobKind::Classify => outvoted(template, &rounds, &mut findings),
        JobKind::Extract | JobKind::Rewrite => BTreeSet::new(),
    };
    findings.retain(|finding| !dropped.contains(&finding.id));
    let sections = sections(template, &rounds, &findings);
    let mut warnings: Vec<String> = Vec::new();
    for warning in rounds.into_iter().flat_map(|round| round.warnings) {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    Conclusion { findings, sections, warnings }
}

/// Every finding of any round once, in the order in which they first appear.
fn union(rounds: &[Conclusion]) -> Vec<Finding> {
    let claims = settled_claims(rounds);
    let mut places: BTreeMap<&FindingId, usize> = BTreeMap::new();
    let mut union: Vec<(Finding, usize)> = Vec::new();
    for finding in rounds.iter().flat_map(|round| &round.findings) {
        let said = usize::from(finding.opinion != Opinion::Rules);
        let at = *places.entry(&finding.id).or_insert(union.len());
        match union.get_mut(at) {
            None => union.push((finding.clone(), said)),
            Some((known, count)) => {
                *count += said;
                if is_better(finding, known) {
                    *known = finding.clone();
                }
            }
        }
    }
    let of = rounds.len();
    let noted = |(mut finding, said): (Finding, usize)| {
        finding.notes.roles = claims.get(&finding.id).cloned().unwrap_or_default();
        finding.notes.agreement = (said > 0).then_some(Agreement { said, of });
        finding
    };
    union.into_iter().map(noted).collect()
}

/// Whether a round's form of a finding says more than that of an earlier one: it
/// is proved, or both sides found it.
fn is_better(new: &Finding, known: &Finding) -> bool {
    let worth = |f: &Finding| (f.status == Status::Anchored, f.opinion == Opinion::Both);
    worth(new) > worth(known)
}

/// Who plays which role: of each role all claims of one round, so that they go
/// together, namely of the first of those that say what most rounds say.
fn settled_claims(rounds: &[Conclusion]) -> BTreeMap<FindingId, Vec<RoleClaim>> {
    let mut settled: BTreeMap<FindingId, Vec<RoleClaim>> = BTreeMap::new();
    for role in Role::DATES.into_iter().chain([Role::Party]) {
        let of_round = |round: &Conclusion| -> Vec<(FindingId, RoleClaim)> {
            let claims = round.findings.iter().flat_map(|finding| {
                finding.notes.roles.iter().map(|claim| (finding.id.clone(), claim.clone()))
            });
            claims.filter(|(_, claim)| claim.role == role).collect()
        };
        let all: Vec<Vec<(FindingId, RoleClaim)>> = rounds.iter().map(of_round).collect();
        let is_same = |a: &[(FindingId, RoleClaim)], b: &[(FindingId, RoleClaim)]| {
            let side =
                |(id, claim): &(FindingId, RoleClaim)| (id.clone(), claim.opinion, claim.overruled);
            a.len() == b.len() && a.iter().map(side).eq(b.iter().map(side))
        };
        let votes = |claims: &Vec<_>| all.iter().filter(|other| is_same(other, claims)).count();
        // Of equals `max_by_key` takes the last.
        let most = all.iter().rev().max_by_key(|claims| votes(claims));
        for (id, claim) in most.into_iter().flatten() {
            settled.entry(id.clone()).or_default().push(claim.clone());
        }
    }
    settled
}

/// Findings of selected sentences beyond the most that a field is to have,
/// those that the model said least often.
fn beyond_most(
    template: &Template,
    rounds: &[Conclusion],
    findings: &[Finding],
) -> BTreeSet<FindingId> {
    let mut beyond = BTreeSet::new();
    for field in &template.fields {
        let is_of = |finding: &&Finding| finding.kind == field.name;
        let in_one = rounds.iter().map(|round| round.findings.iter().filter(is_of).count()).max();
        let most = field.max.max(in_one.unwrap_or(0));
        let mut ranked: Vec<&Finding> = findings.iter().filter(is_of).collect();
        ranked.sort_by_key(|finding| Reverse(said(finding)));
        beyond.extend(ranked.into_iter().skip(most).map(|finding| finding.id.clone()));
    }
    beyond
}

/// Classes that fewer rounds came to than the one that stays: a field has one
/// class. Of as many rounds the earlier one stays, and what was dropped is named
/// in the doubts of what stays.
fn outvoted(
    template: &Template,
    rounds: &[Conclusion],
    findings: &mut [Finding],
) -> BTreeSet<FindingId> {
    let votes = |id: &FindingId| {
        rounds.iter().filter(|round| round.findings.iter().any(|other| other.id == *id)).count()
    };
    let mut dropped = BTreeSet::new();
    for field in &template.fields {
        let of_field = |finding: &&mut Finding| finding.kind == field.name;
        let mut classes: Vec<&mut Finding> = findings.iter_mut().filter(of_field).collect();
        classes.sort_by_key(|finding| Reverse(votes(&finding.id)));
        let mut classes = classes.into_iter();
        let Some(kept) = classes.next() else { continue };
        let others: Vec<&mut Finding> = classes.collect();
        if others.is_empty() {
            continue;
        }
        let named: Vec<String> = others.iter().map(|other| format!("{:?}", other.text)).collect();
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        let doubt = format!("In other rounds it came out as {}.", words::listed(&named));
        kept.why = Some(kept.why.take().map_or(doubt.clone(), |why| format!("{why} {doubt}")));
        dropped.extend(others.into_iter().map(|other| other.id.clone()));
    }
    dropped
}

fn said(finding: &Finding) -> usize {
    finding.notes.agreement.map_or(0, |agreement| agreement.said)
}

/// The sections of all rounds by their titles, in the order in which they first
/// appear.
fn sections(template: &Template, rounds: &[Conclusion], findings: &[Finding]) -> Vec<Section> {
    let known: BTreeMap<&FindingId, &Finding> = findings.iter().map(|f| (&f.id, f)).collect();
    let mut merged: Vec<(Section, usize)> = Vec::new();
    for section in rounds.iter().flat_map(|round| &round.sections) {
        let at = merged.iter().position(|(known, _)| known.title == section.title);
        let at = at.unwrap_or_else(|| {
            merged.push((Section { findings: Vec::new(), ..section.clone() }, 0));
            merged.len() - 1
        });
        let (known_section, times) = &mut merged[at];
        *times += 1;
        let listed: BTreeSet<FindingId> = known_section.findings.iter().cloned().collect();
        let new =
            section.findings.iter().filter(|id| known.contains_key(id) && !listed.contains(id));
        known_section.findings.extend(new.cloned());
    }
    let half = rounds.len().div_ceil(2);
    // That there is nothing of the kind is said where most rounds say it.
    merged.retain(|(section, times)| {
        !section.findings.is_empty() || (*times >= half && !section.empty.is_empty())
    });
    let mut sections: Vec<Section> = merged.into_iter().map(|(section, _)| section).collect();
    for section in &mut sections {
        let first = rounds[0].sections.iter().find(|other| other.title == section.title);
        rank(template, section, first, &known);
    }
    sections
}

/// Puts a section in order. `first` is the same one of the first round.
fn rank(
    template: &Template,
    section: &mut Section,
    first: Option<&Section>,
    known: &BTreeMap<&FindingId, &Finding>,
) {
    let of = |id: &FindingId| known.get(id).copied();
    let place = |id: &FindingId| of(id).and_then(|f| Some(f.quotes.first()?.span));
    let field = section.findings.first().and_then(of).and_then(|finding| {
        template.fields.iter().find(|field: &&Field| field.name == finding.kind)
    });
    match field.map(|field| field.kind) {
        Some(FieldType::Sentence(Rank::Chronology | Rank::Summary | Rank::Theme))
            if first.is_some_and(|first| first.findings == section.findings) => {}
        Some(FieldType::Sentence(Rank::Chronology)) => {
            let date = |id: &FindingId| match of(id).map(|finding| &finding.value) {
                Some(Some(Value::Text(date))) => date.clone(),
                _ => String::new(),
            };
            section.findings.sort_by_key(|id| (date(id), place(id)));
        }
        Some(FieldType::Sentence(Rank::Summary | Rank::Theme)) => {
            section.findings.sort_by_key(place);
        }
        _ => section.findings.sort_by_key(|id| {
            let finding = of(id);
            (finding.map(review), Reverse(finding.map_or(0, said)), place(id))
        }),
    }
}

/// What only one side found comes first in review, the model's before the rules'.
fn review(finding: &Finding) -> usize {
    match (finding.opinion, &finding.notes.one_sided) {
        (Opinion::Model, Some(_)) => 0,
        (Opinion::Rules, Some(_)) => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests;
