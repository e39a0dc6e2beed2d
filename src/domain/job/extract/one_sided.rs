//! What only one of the two sides found: which of it comes first in review,
//! and the sentence that says so. Knows nothing of how anything was found.

use crate::domain::fact::FactKind;
use crate::domain::finding::{Finding, Opinion};
use crate::domain::span::ByteSpan;
use crate::domain::template::FieldType;

/// How far the model came in one part of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It named all that it wanted to name.
    Whole,
    /// It named as many as it may.
    Full,
    /// Its answer was stopped or cut off.
    Broken,
}

/// A part that the model was asked about and answered, by its place in the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub span: ByteSpan,
    pub reading: Reading,
}

/// Puts first what only the model found, then what only the rules found where
/// the model read, then all else, each in the order in which it came; and notes
/// of the first two what one side did not see.
///
/// `parts` are those in which the model answered this field's question; rules
/// that found something elsewhere had nobody to disagree with.
pub(super) fn first(kind: FieldType, parts: &[Part], findings: &mut [Finding]) {
    // Of a field that no rule knows the model's word is all there can be.
    let FieldType::Fact(kind) = kind else { return };
    let place = |finding: &Finding| match finding.opinion {
        Opinion::Model => 0,
        Opinion::Rules if read(parts, finding).is_some() => 1,
        Opinion::Rules | Opinion::Both => 2,
    };
    for finding in findings.iter_mut() {
        let said = match finding.opinion {
            Opinion::Model => {
                Some(format!("Only the model found this; the rules know no such {}.", noun(kind)))
            }
            Opinion::Rules => read(parts, finding).map(|reading| by_rules(reading).to_owned()),
            Opinion::Both => None,
        };
        finding.notes.one_sided = said;
    }
    findings.sort_by_key(place);
}

fn by_rules(reading: Reading) -> &'static str {
    match reading {
        Reading::Whole => {
            "Only the rules found this; the model read this part and did not name it."
        }
        Reading::Full => "Only the rules found this; the model's list was full.",
        Reading::Broken => "Only the rules found this; the model's answer broke off.",
    }
}

/// How the model read the parts in which a finding stands; `None` unless it
/// read all of them, since it may still name it in another.
fn read(parts: &[Part], finding: &Finding) -> Option<Reading> {
    let of_place = |span: ByteSpan| {
        parts.iter().find(|part| part.span.overlaps(span)).map(|part| part.reading)
    };
    let readings: Option<Vec<Reading>> =
        finding.quotes.iter().map(|quote| of_place(quote.span)).collect();
    let readings = readings?;
    [Reading::Whole, Reading::Full, Reading::Broken]
        .into_iter()
        .find(|reading| readings.contains(reading))
}

fn noun(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Date => "date",
        FactKind::Amount => "amount",
        FactKind::Person => "person",
        FactKind::Organisation => "organisation",
        FactKind::Obligation => "obligation",
        FactKind::Duration => "period",
        FactKind::Definition => "defined term",
        FactKind::Reference => "reference",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::Document;
    use crate::domain::finding::{FindingId, Notes, Quote, Status};

    const DATES: FieldType = FieldType::Fact(FactKind::Date);

    /// A finding at each of these places of a text of forty bytes.
    fn finding(name: &str, opinion: Opinion, starts: &[usize]) -> Finding {
        let doc = Document::of_text("/a.txt", &"0123456789".repeat(4));
        let quote = |start: &usize| Quote::of(&doc, ByteSpan::new(*start, start + 2));
        Finding {
            id: FindingId(name.to_owned()),
            kind: "date".to_owned(),
            text: name.to_owned(),
            value: None,
            quotes: starts.iter().map(quote).collect(),
            status: Status::Anchored,
            why: None,
            opinion,
            notes: Notes::default(),
        }
    }

    fn part(start: usize, reading: Reading) -> Part {
        Part { span: ByteSpan::new(start, start + 20), reading }
    }

    fn ordered(parts: &[Part], mut findings: Vec<Finding>) -> Vec<(String, Option<String>)> {
        first(DATES, parts, &mut findings);
        findings.into_iter().map(|finding| (finding.text, finding.notes.one_sided)).collect()
    }

    #[test]
    fn what_one_side_found_comes_first_and_says_so() {
        let findings = vec![
            finding("both", Opinion::Both, &[0]),
            finding("rules", Opinion::Rules, &[4]),
            finding("model", Opinion::Model, &[8]),
            finding("more rules", Opinion::Rules, &[10]),
        ];
        let missed = "Only the rules found this; the model read this part and did not name it.";
        let own = "Only the model found this; the rules know no such date.";
        assert_eq!(
            ordered(&[part(0, Reading::Whole)], findings),
            [
                ("model".to_owned(), Some(own.to_owned())),
                ("rules".to_owned(), Some(missed.to_owned())),
                ("more rules".to_owned(), Some(missed.to_owned())),
                ("both".to_owned(), None),
            ]
        );
    }

    #[test]
    fn where_the_model_did_not_read_nothing_is_said_and_the_order_stays() {
        let findings = || {
            vec![
                finding("unread", Opinion::Rules, &[30]),
                finding("half read", Opinion::Rules, &[2, 30]),
                finding("read", Opinion::Rules, &[4]),
            ]
        };
        let order = |parts: &[Part]| -> Vec<String> {
            ordered(parts, findings()).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(order(&[]), ["unread", "half read", "read"]);
        assert!(ordered(&[], findings()).iter().all(|(_, said)| said.is_none()));
        assert_eq!(order(&[part(0, Reading::Whole)]), ["read", "unread", "half read"]);
    }

    #[test]
    fn a_full_or_broken_list_is_not_held_against_the_rules() {
        let why = |reading| {
            let found = ordered(&[part(0, reading)], vec![finding("a", Opinion::Rules, &[2])]);
            found[0].1.clone().expect("a reason")
        };
        assert_eq!(why(Reading::Full), "Only the rules found this; the model's list was full.");
        assert_eq!(
            why(Reading::Broken),
            "Only the rules found this; the model's answer broke off."
        );
    }

    #[test]
    fn a_doubt_stays_as_it_is_beside_it() {
        let doubt = Some("The year is not given.".to_owned());
        let mut doubted =
            vec![Finding { why: doubt.clone(), ..finding("a", Opinion::Model, &[2]) }];
        first(DATES, &[], &mut doubted);
        assert_eq!(doubted[0].why, doubt);
        assert!(doubted[0].notes.one_sided.is_some());
    }

    #[test]
    fn of_what_no_rule_looks_for_nothing_is_one_sided() {
        let mut findings =
            vec![finding("a", Opinion::Both, &[2]), finding("b", Opinion::Model, &[8])];
        first(FieldType::Text, &[part(0, Reading::Whole)], &mut findings);
        assert_eq!((findings[1].text.as_str(), &findings[1].notes.one_sided), ("b", &None));
    }
}
