//! Conversations: were their speakers found, and does what was picked from them
//! come from every subject that was spoken of?

use serde::Serialize;

use super::fields::{FieldScore, Tally};
use super::found::{Case, wordings};
use super::share::share;
use super::words::{normal, stands_in};
use crate::domain::fact::FactKind;
use crate::domain::finding::Finding;
use crate::domain::span::ByteSpan;
use crate::domain::template::JobKind;

/// How many of the labelled subjects have a quote in what was picked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopicScore {
    pub labelled: usize,
    /// Subjects in whose turns a quote of a job that picks sentences stands.
    pub covered: usize,
    pub share: Option<f64>,
}

/// Speakers against the people that were found; people who are only spoken of
/// count as wrong, so that the precision is a lower bound.
pub(super) fn speakers(cases: &[Case<'_>]) -> Option<FieldScore> {
    let mut sum = Tally::default();
    for case in cases {
        let speakers = case.talks.iter().flat_map(|talk| &talk.speakers);
        let speakers: Vec<String> = speakers.map(|name| normal(name)).collect();
        if speakers.is_empty() {
            continue;
        }
        let people: Vec<&Finding> = case.facts(&[FactKind::Person]).collect();
        let is_one = |person: &&&Finding| speakers.iter().any(|name| is_named(name, person));
        sum.labelled += speakers.len();
        sum.found += people.len();
        sum.right += people.iter().filter(is_one).count();
        sum.missed +=
            speakers.iter().filter(|name| !people.iter().any(|p| is_named(name, p))).count();
    }
    (sum.labelled > 0).then(|| sum.score("Speakers"))
}

/// Whether a person found is this speaker; titles and letters behind a name may
/// be left out on either side, as long as two words of it are there.
fn is_named(name: &str, person: &Finding) -> bool {
    let part = |short: &str, long: &str| short.contains(' ') && stands_in(short, long);
    wordings(person).iter().any(|own| own == name || part(own, name) || part(name, own))
}

/// The share of subjects of which something was picked; `None` where no job
/// picks sentences or no subjects are labelled.
pub(super) fn topics(cases: &[Case<'_>]) -> Option<TopicScore> {
    let (mut labelled, mut covered, mut is_asked) = (0, 0, false);
    for case in cases {
        let picked = case.anchored().filter(|found| found.kind == Some(JobKind::Select));
        let quotes: Vec<ByteSpan> =
            picked.flat_map(|found| &found.finding.quotes).map(|quote| quote.span).collect();
        let lines = lines(&case.studied.document.text);
        is_asked |= case.picks();
        for topic in case.talks.iter().flat_map(|talk| &talk.topics) {
            labelled += 1;
            let passages = topic.turns.iter().filter_map(|(first, last)| {
                let last = (*last).min(lines.len().checked_sub(1)?);
                Some(ByteSpan::new(lines.get(*first)?.start, lines[last].end))
            });
            let is_covered = |passage: ByteSpan| quotes.iter().any(|quote| quote.overlaps(passage));
            covered += usize::from(passages.into_iter().any(is_covered));
        }
    }
    (is_asked && labelled > 0).then(|| TopicScore {
        labelled,
        covered,
        share: share(covered, labelled),
    })
}

/// The lines of a text, each with its line break.
fn lines(text: &str) -> Vec<ByteSpan> {
    let mut at = 0;
    let line = |line: &str| {
        let span = ByteSpan::new(at, at + line.len());
        at = span.end;
        span
    };
    text.split_inclusive('\n').map(line).collect()
}
