//! Review: decisions on findings, and the place of evidence in the source.

use super::notify;
use crate::app::msg::Effect;
use crate::app::state::{DocId, Highlight, Input, Level, Mode, Row, State, Target};
use crate::domain::finding::{Decision, FindingId};

/// What stands under the results cursor, so that it can be found again when
/// the rows around it change.
pub(super) fn cursor(state: &State) -> Option<(String, FindingId)> {
    state.finding().map(|(job, finding)| (job.to_owned(), finding.id.clone()))
}

pub(super) fn restore_cursor(state: &mut State, kept: Option<(String, FindingId)>) {
    let rows = state.rows();
    let is_kept = kept.is_some();
    let at = kept.and_then(|(job, id)| position(&rows, &job, &id));
    let here = state.row.min(rows.len().saturating_sub(1));
    // A finding that is gone must not hand its key presses to another one.
    let heading = (0..=here).rev().find(|at| !matches!(rows.get(*at), Some(Row::Finding { .. })));
    state.row = match (is_kept, at) {
        (_, Some(at)) => at,
        (true, None) => heading.unwrap_or(0),
        (false, None) => here,
    };
    if state.search.is_none() && state.highlight.is_none() {
        follow_cursor(state);
    }
}

/// The row of a finding.
fn position(rows: &[Row<'_>], job: &str, id: &FindingId) -> Option<usize> {
    let is_it = |row: &Row<'_>| matches!(row, Row::Finding { job: j, finding, .. } if *j == job && finding.id == *id);
    rows.iter().position(is_it)
}

/// Puts the results cursor on a finding, where it is there.
pub(super) fn go_to(state: &mut State, job: &str, id: &FindingId) {
    if let Some(at) = position(&state.rows(), job, id) {
        state.row = at;
        follow_cursor(state);
    }
}

/// Puts the results cursor on the first finding, where there is one.
pub(super) fn first_finding(state: &mut State) {
    let at = state.rows().iter().position(|row| matches!(row, Row::Finding { .. }));
    state.row = at.unwrap_or(0);
    follow_cursor(state);
}

/// Shows the first quote of the finding under the cursor.
pub(super) fn follow_cursor(state: &mut State) {
    if state.search.is_none() {
        state.highlight = quote_at(state, 0);
    }
}

/// The finding's quote number `index`, if the text still has it there:
/// results of an earlier version of the file must not light up other words.
fn quote_at(state: &State, index: usize) -> Option<Highlight> {
    let doc = state.entry()?.document()?;
    let (_, finding) = state.finding()?;
    let quote = finding.quotes.get(index)?;
    let stands = quote.span.slice(&doc.text) == Some(quote.text.as_str());
    stands.then_some(Highlight { span: quote.span, index, of: finding.quotes.len() })
}

/// The next or the previous match of the search, or place of the finding.
pub(super) fn next_place(state: &mut State, forward: bool) {
    let turn = |at: usize, of: usize| (at + if forward { 1 } else { of - 1 }) % of;
    if let Some(search) = state.search.as_mut().filter(|s| !s.matches.is_empty()) {
        search.current = turn(search.current, search.matches.len());
        state.highlight = Some(Highlight {
            span: search.matches[search.current],
            index: search.current,
            of: search.matches.len(),
        });
    } else if let Some(now) = state.highlight {
        state.highlight = quote_at(state, turn(now.index, now.of)).or(Some(now));
    }
}

pub(super) fn accept(state: &mut State) -> Vec<Effect> {
    toggle(state, Decision::Accepted)
}

pub(super) fn reject(state: &mut State) -> Vec<Effect> {
    toggle(state, Decision::Rejected)
}

/// Decides, or takes the same decision back; a new decision moves on to the
/// next finding, so that a list is reviewed with one key each.
fn toggle(state: &mut State, wanted: Decision) -> Vec<Effect> {
    let rows = state.rows();
    let Some(Row::Finding { decision, .. }) = rows.get(state.row) else {
        notify(state, Level::Info, "Go to a finding in the results to decide on it.");
        return Vec::new();
    };
    let same = *decision == wanted;
    let Some(target) = target(state) else { return Vec::new() };
    let effects = decide(state, target, if same { Decision::Open } else { wanted });
    if !same {
        to_next_finding(state);
    }
    effects
}

fn to_next_finding(state: &mut State) {
    let rows = state.rows();
    let next = rows.iter().skip(state.row + 1).position(|r| matches!(r, Row::Finding { .. }));
    if let Some(offset) = next {
        state.row += 1 + offset;
        follow_cursor(state);
    }
}

/// The finding under the cursor of the results pane.
fn target(state: &State) -> Option<Target> {
    let entry = state.entry()?;
    let (job, finding) = state.finding()?;
    Some(Target {
        doc: entry.id.clone(),
        source: entry.results.get(job)?.source.clone(),
        job: job.to_owned(),
        id: finding.id.clone(),
        quote: finding.quotes.first().map_or_else(String::new, |q| q.text.clone()),
    })
}

/// Decides on a finding that is still there.
pub(super) fn decide(state: &mut State, target: Target, decision: Decision) -> Vec<Effect> {
    let Target { doc, source, job, id, quote } = target;
    decided(state, &doc, job.clone(), id.clone(), decision.clone());
    vec![Effect::Decide { doc, source, job, id, quote, decision }]
}

/// Takes the person's own wording for a finding; where a newer result has
/// taken the finding away meanwhile, the wording is kept on the screen.
pub(super) fn finish_edit(state: &mut State, target: Target, text: String) -> Vec<Effect> {
    let result = state.find(&target.doc).and_then(|entry| entry.results.get(&target.job));
    if result.is_some_and(|result| result.finding(&target.id).is_some()) {
        return decide(state, target, Decision::Edited(text));
    }
    notify(
        state,
        Level::Warning,
        format!("The finding is no longer in the results, so this was not taken: {text}"),
    );
    Vec::new()
}

pub(super) fn decided(
    state: &mut State,
    doc: &DocId,
    job: String,
    id: FindingId,
    decision: Decision,
) {
    if let Some(entry) = state.documents.iter_mut().find(|e| e.id == *doc) {
        entry.decisions.insert((job, id), decision);
    }
}

pub(super) fn undo(state: &mut State) -> Vec<Effect> {
    state.entry().map(|entry| Effect::Undo { doc: entry.id.clone() }).into_iter().collect()
}

pub(super) fn begin_edit(state: &mut State) {
    let rows = state.rows();
    let Some(Row::Finding { finding, decision, .. }) = rows.get(state.row) else {
        notify(state, Level::Info, "Go to a finding in the results to edit it.");
        return;
    };
    let text = match decision {
        Decision::Edited(text) => text.clone(),
        Decision::Open | Decision::Accepted | Decision::Rejected => finding.text.clone(),
    };
    let Some(target) = target(state) else { return };
    state.mode = Mode::Edit { target: Box::new(target), input: Input::with(&text) };
}
