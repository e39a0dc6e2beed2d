//! Whether what was shown as found stands in its source: every quote is looked
//! up again, whoever said that it was checked.

use serde::Serialize;

use super::found::{Case, Found};
use super::share::share;
use crate::domain::body::Body;
use crate::domain::finding::{Finding, Status};
use crate::domain::sentence::display;
use crate::domain::template::JobKind;

/// What became of all findings' quotes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    pub findings: usize,
    pub quotes: usize,
    /// Quotes whose words are not those of the text at their place, and proved
    /// findings whose own text stands in none of their quotes.
    pub fabricated: usize,
    /// Where those are.
    pub fabricated_in: Vec<Fabricated>,
    pub unverified: usize,
    pub unverified_share: Option<f64>,
}

/// A finding that says what its source does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fabricated {
    pub doc: String,
    pub job: String,
    pub finding: String,
}

/// Bytes of texts by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Bytes {
    pub read: usize,
    pub excluded: usize,
    pub failed: usize,
    pub total: usize,
}

pub(super) fn evidence(cases: &[Case<'_>]) -> Evidence {
    let (mut findings, mut quotes, mut unverified) = (0, 0, 0);
    let mut fabricated_in = Vec::new();
    for case in cases {
        // What jobs read: a finding's text is made of that.
        let bodies = [false, true].map(|hidden| Body::of(case.studied.document, hidden));
        for found in &case.found {
            findings += 1;
            quotes += found.finding.quotes.len();
            unverified += usize::from(found.finding.status == Status::Unverified);
            let document = case.studied.document;
            let wrong = found.finding.quotes.iter().filter(|quote| !quote.stands_in(document));
            let unproved = !bodies.iter().any(|body| is_proved(found, body));
            let (doc, job) = (case.studied.doc.to_owned(), found.job.to_owned());
            let one = Fabricated { doc, job, finding: found.finding.id.0.clone() };
            let faults = wrong.count() + usize::from(unproved);
            fabricated_in.extend(std::iter::repeat_n(one, faults));
        }
    }
    Evidence {
        findings,
        quotes,
        fabricated: fabricated_in.len(),
        fabricated_in,
        unverified,
        unverified_share: share(unverified, findings),
    }
}

/// Whether a finding's text is made of its quotes. New wordings and classes are
/// not meant to be; what is not verified says so itself.
fn is_proved(found: &Found<'_>, body: &Body<'_>) -> bool {
    let is_copied = matches!(found.kind, Some(JobKind::Extract | JobKind::Select) | None);
    if !is_copied || found.finding.status == Status::Unverified {
        return true;
    }
    let text = solid(&found.finding.text);
    let quotes = quoted(found.finding, body);
    if quotes.iter().any(|quote| quote.contains(&text)) {
        return !text.is_empty();
    }
    // Two passages that are set against each other, or who said it before it.
    let rest = quotes.iter().fold(text, |rest, quote| rest.replace(quote.as_str(), ""));
    let is_nothing = !rest.contains(char::is_alphanumeric) && !quotes.is_empty();
    is_nothing || is_said_by(&rest, found.finding, body)
}

/// Whether what stands before a quote, up to a colon, is what a line at or before
/// it begins with: the name of its speaker.
fn is_said_by(name: &str, finding: &Finding, body: &Body<'_>) -> bool {
    let Some(first) = finding.quotes.first().filter(|_| name.ends_with(':')) else { return false };
    let before = body.passage(first.span).start;
    let text = body.document().text.get(..before).unwrap_or_default();
    text.lines().any(|line| solid(line).starts_with(name))
}

/// The words of each quote, without what was set aside in it.
fn quoted(finding: &Finding, body: &Body<'_>) -> Vec<String> {
    let words = finding.quotes.iter().map(|quote| {
        let inside = body.passage(quote.span).slice(&body.document().text);
        solid(&display(inside.unwrap_or_default()))
    });
    let mut quotes: Vec<String> = words.filter(|quote| !quote.is_empty()).collect();
    // The longest first: a short one may stand in it.
    quotes.sort_by_key(|quote| std::cmp::Reverse(quote.len()));
    quotes
}

/// Longest note of a transcriber in braces, in bytes: "{disfmarker}".
const NOTE: usize = 24;

/// A text without what is folded or left out where it is shown: white space, and
/// a transcriber's notes in braces.
fn solid(text: &str) -> String {
    let mut solid = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let note = rest.strip_prefix('{').and_then(|inside| {
            let end = inside.bytes().take(NOTE).position(|b| !b.is_ascii_lowercase())?;
            inside[end..].strip_prefix('}')
        });
        if note.is_none() && !c.is_whitespace() {
            solid.push(c);
        }
        rest = note.unwrap_or(&rest[c.len_utf8()..]);
    }
    solid
}

pub(super) fn coverage(cases: &[Case<'_>]) -> Bytes {
    let results = cases.iter().flat_map(|case| case.studied.results);
    results.fold(Bytes::default(), |sum, result| Bytes {
        read: sum.read + result.coverage.read,
        excluded: sum.excluded + result.coverage.excluded,
        failed: sum.failed + result.coverage.failed,
        total: sum.total + result.coverage.total,
    })
}
