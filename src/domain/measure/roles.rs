//! Who plays which role, as the labels have it, against the merged answer, the
//! model, the rules, and the simple rule that the first date is the one.

use std::collections::BTreeSet;

use serde::Serialize;

use super::fields::{is_named, is_party};
use super::found::{Case, is_whole, isos};
use super::labels::Said;
use super::words::field_key;
use crate::domain::fact::FactKind;
use crate::domain::finding::{Finding, Opinion, Role, RoleClaim};
use crate::domain::recognise;

/// How often each side said rightly what plays a role. Of a date each document
/// with a label counts once, and that it has none is an answer; of the parties
/// each that is labelled, which is right where something that the side calls a
/// party is it, and each name that a side wrongly called one, which is right
/// where it did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RoleScore {
    pub role: Role,
    pub labelled: usize,
    /// As results show it.
    pub merged: usize,
    /// `None` where no model took part.
    pub model: Option<usize>,
    pub rules: usize,
    /// The simple rule: the first date that stands in the document is both its
    /// agreement and its effective date, and it has no expiration date. `None`
    /// of parties.
    pub first_date: Option<usize>,
}

/// Whose answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Merged,
    Model,
    Rules,
}

/// What a document's labels say of a role's date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expected {
    /// Any of these is right.
    Dates(BTreeSet<String>),
    /// There is none, or none that can be told to the day.
    None,
}

pub(super) fn scores(cases: &[Case<'_>], has_model: bool) -> Vec<RoleScore> {
    let dates = Role::DATES.into_iter().map(|role| dates_score(cases, role, has_model));
    let all = dates.chain([parties_score(cases, has_model)]);
    all.filter(|score| score.labelled > 0).collect()
}

fn dates_score(cases: &[Case<'_>], role: Role, has_model: bool) -> RoleScore {
    let asked = cases.iter().filter(|case| case.asks_for(role));
    let labelled: Vec<(&Case<'_>, Expected)> =
        asked.filter_map(|case| Some((case, expected(case, role)?))).collect();
    let right = |says: &dyn Fn(&Case<'_>) -> BTreeSet<String>| {
        labelled.iter().filter(|(case, expected)| expected.is(&says(case))).count()
    };
    RoleScore {
        role,
        labelled: labelled.len(),
        merged: right(&|case| dates(case, role, Side::Merged)),
        model: has_model.then(|| right(&|case| dates(case, role, Side::Model))),
        rules: right(&|case| dates(case, role, Side::Rules)),
        first_date: Some(right(&|case| first_date(case, role))),
    }
}

impl Expected {
    /// Whether an answer is right; several dates are, where all of them are.
    fn is(&self, said: &BTreeSet<String>) -> bool {
        match self {
            Self::Dates(dates) => !said.is_empty() && said.is_subset(dates),
            Self::None => said.is_empty(),
        }
    }
}

/// What the labels of a role's date say together; `None` where there are none,
/// or they give no date that can be compared.
pub(super) fn expected(case: &Case<'_>, role: Role) -> Option<Expected> {
    let (mut dates, mut none) = (BTreeSet::new(), false);
    for label in case.of_field(role.title()) {
        match &label.answer {
            None => none = true,
            Some(said) => match date(said) {
                Some(Some(iso)) => drop(dates.insert(iso)),
                Some(None) => none = true,
                None => {}
            },
        }
    }
    match (dates.is_empty(), none) {
        (false, _) => Some(Expected::Dates(dates)),
        (true, true) => Some(Expected::None),
        (true, false) => None,
    }
}

/// The whole date that a label gives; `Some(None)` where it says that there is
/// none. Without "iso" it is the one that stands in the answer's words; `None`
/// where none does or several do.
#[expect(clippy::option_option, reason = "that there is none is an answer, unlike no answer")]
fn date(said: &Said) -> Option<Option<String>> {
    if let Some(iso) = &said.iso {
        return Some(iso.clone().filter(|iso| is_whole(iso)));
    }
    let in_words = recognise::recognise(&said.text).into_iter();
    let dates = in_words.filter(|fact| fact.kind == FactKind::Date);
    let values = dates.filter_map(|fact| match fact.value {
        Some(crate::domain::fact::Value::Text(iso)) if is_whole(&iso) => Some(iso),
        _ => None,
    });
    let values: BTreeSet<String> = values.collect();
    (values.len() == 1).then(|| values.into_iter().next())
}

/// The whole dates that a side gives a role to.
pub(super) fn dates(case: &Case<'_>, role: Role, side: Side) -> BTreeSet<String> {
    let claimed = claimed(case, role, side);
    claimed.into_iter().filter_map(|finding| of_role(finding, role)).collect()
}

/// Of a range the day that the role means.
fn of_role(finding: &Finding, role: Role) -> Option<String> {
    let isos = isos(finding);
    let iso = if role == Role::ExpirationDate { isos.last() } else { isos.first() };
    iso.filter(|iso| is_whole(iso)).map(|iso| (*iso).to_owned())
}

/// What a side calls parties.
pub(super) fn parties<'a>(case: &Case<'a>, side: Side) -> Vec<&'a Finding> {
    claimed(case, Role::Party, side)
}

/// What a side gives a role to.
fn claimed<'a>(case: &Case<'a>, role: Role, side: Side) -> Vec<&'a Finding> {
    let claims = |finding: &&'a Finding| {
        finding.notes.roles.iter().any(|c| c.role == role && is_of(c, side))
    };
    case.anchored().map(|found| found.finding).filter(claims).collect()
}

/// Whether a claim is of this side.
fn is_of(claim: &RoleClaim, side: Side) -> bool {
    match side {
        Side::Model => claim.opinion != Opinion::Rules,
        Side::Rules => claim.opinion != Opinion::Model,
        Side::Merged => !claim.overruled,
    }
}

fn first_date(case: &Case<'_>, role: Role) -> BTreeSet<String> {
    if role == Role::ExpirationDate {
        return BTreeSet::new();
    }
    let place = |finding: &&Finding| finding.quotes.iter().map(|quote| quote.span.start).min();
    let stand = case.dates().filter(|finding| !finding.notes.derived && place(finding).is_some());
    let first = stand.min_by_key(place).and_then(|finding| of_role(finding, role));
    first.into_iter().collect()
}

fn parties_score(cases: &[Case<'_>], has_model: bool) -> RoleScore {
    let mut score = RoleScore {
        role: Role::Party,
        labelled: 0,
        merged: 0,
        model: None,
        rules: 0,
        first_date: None,
    };
    let mut model = 0;
    for case in cases.iter().filter(|case| case.asks_for(Role::Party)) {
        let labels = case.labels.iter().filter(|label| is_party(&field_key(&label.field)));
        let labels: Vec<_> = labels.collect();
        if labels.is_empty() {
            continue;
        }
        let said: Vec<&Said> = labels.iter().filter_map(|label| label.answer.as_ref()).collect();
        let says = [Side::Merged, Side::Model, Side::Rules].map(|side| parties(case, side));
        let is_one = |finding: &Finding| said.iter().any(|said| is_named(said, finding));
        let wrong: Vec<&Finding> =
            case.candidates(Role::Party).filter(|finding| !is_one(finding)).collect();
        let calls = |side: &[&Finding], one: &Finding| side.iter().any(|f| f.id == one.id);
        let wrong = wrong.into_iter().filter(|one| says.iter().any(|side| calls(side, one)));
        let wrong: Vec<&Finding> = wrong.collect();
        score.labelled += said.len() + wrong.len();
        let right = says.each_ref().map(|side| {
            let named = said.iter().filter(|said| side.iter().any(|f| is_named(said, f)));
            named.count() + wrong.iter().filter(|one| !calls(side, one)).count()
        });
        score.merged += right[0];
        model += right[1];
        score.rules += right[2];
    }
    // A model that calls nothing a party was not asked.
    let was_asked = cases.iter().any(|case| !parties(case, Side::Model).is_empty());
    score.model = (has_model && was_asked).then_some(model);
    score
}
