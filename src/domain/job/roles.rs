//! Roles: which of the dates is the effective one, which names are the parties.
//! Rules weigh the candidates and the model chooses among them; where the two
//! differ, the rules decide but for roles in which the model is trusted.

mod agreement;
mod ask;
mod clause;
mod dates;
mod derived;
mod parties;
mod references;
mod signs;
mod term;

use self::ask::{Choice, Pick};
use self::dates::{Answer, At, Dated, Dates};
use super::{Outcome, Step, Work};
use crate::domain::document::Document;
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::finding::{
    Finding, FindingId, Notes, Opinion, Role, RoleClaim, Section, Status,
};
use crate::domain::recognise::{self, Context, Party};
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;
use crate::domain::template::{Field, Template};

/// What the rules say about roles; nothing where a template asks for none.
#[derive(Debug, Default)]
pub(super) struct Known {
    dates: Dates,
    parties: Vec<Party>,
}

impl Known {
    /// `facts` are the document's, sorted by place.
    pub fn of(template: &Template, doc: &Document, facts: &[Fact]) -> Self {
        if template.fields.iter().all(|field| field.roles.is_empty()) {
            return Self::default();
        }
        let view = recognise::view(&doc.text);
        let context = Context::of(&view);
        let found: Vec<Dated<'_>> = facts.iter().filter_map(dated).collect();
        let dates = dates::judge(&view, &found, &recognise::formulas(&view, context));
        Self { dates, parties: recognise::parties(&view, context) }
    }
}

fn dated(fact: &Fact) -> Option<Dated<'_>> {
    let value = match &fact.value {
        Some(Value::Text(value)) => Some(value.as_str()),
        _ => None,
    };
    (fact.kind == FactKind::Date).then_some(Dated { span: fact.span, value })
}

/// The questions about roles, asked when all chunks were read.
pub(super) fn steps(work: &Work<'_>, round: usize) -> Result<Vec<Step>, String> {
    ask::steps(work, &work.roles.dates, round)
}

/// Sets the roles of findings, adds what is computed, and says in sections of
/// their own which roles no date has.
pub(super) fn claim(
    work: &Work<'_>,
    answers: &[(&Step, &Outcome)],
    findings: &mut Vec<Finding>,
) -> Vec<Section> {
    let known = &work.roles;
    let mut sections = Vec::new();
    for (number, field) in work.template.fields.iter().enumerate() {
        for role in Role::DATES.into_iter().filter(|role| field.roles.contains(role)) {
            let chosen = ask::chosen(work, &known.dates, answers, (number, role));
            let case = Case { work, field, role, rules: known.dates.answers.get(&role), chosen };
            case.settle(findings);
            sections.extend(case.absent());
        }
    }
    parties::claim(work.template, &known.parties, findings);
    sections
}

/// Adds a claim; those that are an answer stand before overruled ones.
fn give(finding: &mut Finding, claim: RoleClaim) {
    let roles = &mut finding.notes.roles;
    let at = if claim.overruled { roles.len() } else { roles.partition_point(|c| !c.overruled) };
    roles.insert(at, claim);
}

/// What the rules and the model say of one role of dates.
struct Case<'a> {
    work: &'a Work<'a>,
    field: &'a Field,
    role: Role,
    rules: Option<&'a Answer>,
    /// `None` where the model was not asked, or did not answer.
    chosen: Option<Choice>,
}

impl Case<'_> {
    fn settle(&self, findings: &mut Vec<Finding>) {
        let agree = match (self.rules, self.day_of_model()) {
            (Some(answer), Some(day)) => answer.value.as_ref() == Some(&day),
            _ => false,
        };
        let model_decides =
            !agree && self.chosen.is_some() && self.work.trusted.contains(&self.role);
        if let Some(answer) = self.rules {
            let opinion = if agree { Opinion::Both } else { Opinion::Rules };
            let why = format!("{}{}", answer.why, self.aside(agree));
            self.give(findings, answer.at, (opinion, model_decides, why));
        }
        if let (false, Some(Choice::Pick(pick))) = (agree, self.chosen) {
            let why = self.why_of_model(model_decides);
            let at = match (pick, self.rules) {
                (Pick::Date(span), _) => At::Date(span),
                (Pick::Computed, Some(answer)) => answer.at,
                (Pick::Computed, None) => return,
            };
            self.give(findings, at, (Opinion::Model, !model_decides, why));
        }
    }

    /// The day that the model chose; `None` where it chose none or said nothing.
    fn day_of_model(&self) -> Option<String> {
        match self.chosen? {
            Choice::None => None,
            Choice::Pick(Pick::Computed) => self.rules.and_then(|answer| answer.value.clone()),
            Choice::Pick(Pick::Date(span)) => {
                let mut candidates = self.work.roles.dates.candidates.iter();
                let chosen = candidates.find(|candidate| candidate.span == span);
                chosen.map(|chosen| dates::day_of(&chosen.value, self.role).to_owned())
            }
        }
    }

    /// What the model says instead, behind the reason of the rules.
    fn aside(&self, agree: bool) -> String {
        if agree || self.chosen.is_none() {
            return String::new();
        }
        match self.day_of_model() {
            None => " The model chose none of the dates.".to_owned(),
            Some(day) => format!(" The model chose {day} instead."),
        }
    }

    fn why_of_model(&self, decides: bool) -> String {
        let of_rules = match self.rules.map(|answer| answer.value.as_deref()) {
            Some(Some(day)) => format!("the rules say {day}"),
            Some(None) => "the rules take another one, which is partly blank".to_owned(),
            None => "the rules find none".to_owned(),
        };
        if decides {
            format!("The model chose it, and was measured to do better here; {of_rules}.")
        } else {
            format!("The model chose it; {of_rules}, and they decide.")
        }
    }

    fn give(
        &self,
        findings: &mut Vec<Finding>,
        at: At,
        (opinion, overruled, why): (Opinion, bool, String),
    ) {
        let claim = RoleClaim { role: self.role, opinion, overruled, why };
        match at {
            At::Date(span) => {
                let has = |finding: &&mut Finding| {
                    finding.kind == self.field.name
                        && finding.quotes.iter().any(|quote| quote.span == span)
                };
                if let Some(finding) = findings.iter_mut().find(has) {
                    give(finding, claim);
                }
            }
            At::Formula { formula, base } => {
                let computed = self.computed(formula, base);
                let known = findings.iter().position(|finding| finding.id == computed.id);
                let at = known.unwrap_or_else(|| {
                    findings.push(computed);
                    findings.len() - 1
                });
                give(&mut findings[at], claim);
            }
        }
    }

    /// The finding of a date that the rules computed.
    fn computed(&self, formula: ByteSpan, base: Option<ByteSpan>) -> Finding {
        let Work { template, .. } = self.work;
        let words = display(self.work.text(formula));
        let value = self.rules.and_then(|answer| answer.value.clone());
        let quotes = [Some(formula), base].into_iter().flatten();
        Finding {
            id: FindingId::new(&template.name, &self.field.name, &format!("={words}"), 0),
            kind: self.field.name.clone(),
            text: words,
            value: value.map(Value::Text),
            quotes: quotes.map(|span| self.work.quote(span)).collect(),
            status: Status::Anchored,
            why: self.rules.map(|answer| answer.why.clone()),
            opinion: Opinion::Rules,
            notes: Notes { derived: true, ..Notes::default() },
        }
    }

    /// Says that a document with dates of other roles has none of this one.
    fn absent(&self) -> Option<Section> {
        let dates = &self.work.roles.dates;
        let said = dates.without.get(&self.role);
        if self.rules.is_some() || said.is_none() && dates.answers.is_empty() {
            return None;
        }
        let mut title = self.role.title().to_owned();
        title[..1].make_ascii_uppercase();
        let who = match self.chosen {
            Some(Choice::None) => "The rules found none, and the model chose none.",
            Some(Choice::Pick(_)) => "The rules found none; the model chose a date.",
            None => "The rules found none.",
        };
        let empty = said.map_or(who.to_owned(), |said| format!("{who} {said}"));
        Some(Section { title, findings: Vec::new(), empty })
    }
}

#[cfg(test)]
mod tests;
