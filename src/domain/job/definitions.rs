//! The definitions that travel with a chunk: what the terms mean that it uses and
//! does not define itself. They depend on the document and the chunk alone, so that
//! all questions on a chunk begin with the same words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Unit, Work};
use crate::domain::recognise::{self, Context, Definition};
use crate::domain::sentence::display;
use crate::domain::span::ByteSpan;

/// Most definitions of one chunk.
const MOST: usize = 8;

/// All definitions of a chunk together are at most this share of its own bytes.
const SHARE_PERCENT: usize = 15;

/// A definition is shown up to this many bytes; what it lists behind that seldom
/// matters to the question.
const LONGEST: usize = 400;

const LEAD: &str = "Terms used below:\n";

/// For each unit of the work the lines that stand before it, with an empty line at
/// the end; empty where it uses no term that is defined elsewhere.
pub(super) fn of_units(work: &Work<'_>) -> Vec<String> {
    let view = recognise::view(&work.doc.text);
    let all = recognise::definitions(&view, Context::of(&view));
    let mut terms: BTreeMap<&str, Vec<&Definition>> = BTreeMap::new();
    for definition in &all {
        terms.entry(definition.term.as_str()).or_default().push(definition);
    }
    work.units.iter().map(|unit| lines(work, unit, &terms)).collect()
}

fn lines(work: &Work<'_>, unit: &Unit, terms: &BTreeMap<&str, Vec<&Definition>>) -> String {
    let text = work.text(unit.span);
    let mut used: Vec<(usize, &Definition)> = terms
        .iter()
        .filter(|(_, places)| !places.iter().any(|place| unit.span.overlaps(place.span)))
        .filter_map(|(term, places)| Some((uses(text, term), *places.first()?)))
        .filter(|(uses, _)| *uses > 0)
        .collect();
    used.sort_by_key(|(uses, definition)| (std::cmp::Reverse(*uses), definition.span));
    let budget = unit.span.len() * SHARE_PERCENT / 100;
    let mut lines = String::new();
    let mut told: BTreeSet<ByteSpan> = BTreeSet::new();
    for (_, definition) in used {
        let sentence = shortened(&display(work.text(definition.sentence)));
        let line = format!("\"{}\": {sentence}", definition.term);
        // One sentence may define two terms; it is told once.
        let room = LEAD.len() + lines.len() + line.len() + 2 <= budget;
        if !room || told.len() == MOST || !told.insert(definition.sentence) {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{line}");
    }
    if lines.is_empty() { lines } else { format!("{LEAD}{lines}\n") }
}

/// How often a term stands in a text as a word of its own, also in the plural.
fn uses(text: &str, term: &str) -> usize {
    if term.is_empty() {
        return 0;
    }
    let is_whole = |(at, found): &(usize, &str)| {
        let before = text[..*at].chars().next_back();
        let after = text[at + found.len()..].trim_start_matches('s').chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(term).filter(is_whole).count()
}

fn shortened(sentence: &str) -> String {
    if sentence.len() <= LONGEST {
        return sentence.to_owned();
    }
    let cut = &sentence[..sentence.floor_char_boundary(LONGEST)];
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", cut[..end].trim_end_matches([',', ';', ' ']))
}

#[cfg(test)]
mod tests {
    use super::super::{Chunk, Document, Template};
    use super::*;

    const CONTRACT: &str = "\"Vessel\" means the crew transfer boat that is named in Schedule 1. \
        \"Harbour\" means the port of Ostmouth.\n\n\
        The Owner shall keep the Vessel in good repair for the whole of the charter and shall \
        have the Vessel surveyed each year by somebody who is independent of both parties, in \
        the first week of May or as soon after that as the weather permits, and shall give the \
        Charterer a copy of each report within ten days. The Charterer shall pay for the fuel \
        that is used between the first and the last day of the charter, shall keep a record of \
        each journey and of everybody on board, and shall hand both over when the charter ends. \
        Each of them insures its own people against accidents at sea, in the sum that the law of \
        the place asks for and not less than what the trade thinks right in the year in question.";

    fn contract_chunks() -> Vec<Chunk> {
        let cut = CONTRACT.find("\n\n").expect("two paragraphs") + 2;
        let spans = [ByteSpan::new(0, cut), ByteSpan::new(cut, CONTRACT.len())];
        let chunk = |(index, span): (usize, ByteSpan)| Chunk { index, span, tokens: 100 };
        spans.into_iter().enumerate().map(chunk).collect()
    }

    fn prompts(source: &str) -> Vec<String> {
        let template = Template::parse(source, "t", None).expect("a sound template");
        let (doc, chunks) = (Document::of_text("/a.txt", CONTRACT), contract_chunks());
        let work = Work::new(&template, &doc, "a.txt", &chunks, None);
        let steps = work.plan(1).expect("a plan");
        steps.iter().map(|s| s.prompt.messages.last().expect("one").text.clone()).collect()
    }

    #[test]
    fn a_definition_travels_to_the_part_that_uses_its_term_and_no_other_does() {
        let asked = prompts(include_str!("../../../prompts/triage.md"));
        let (first, second) = (&asked[0], &asked[3]);
        assert!(first.starts_with("1. "), "it defines its terms itself: {first}");
        let told = "Terms used below:\n\"Vessel\": \"Vessel\" means the crew transfer boat that is \
            named in Schedule 1.\n\n1. The Owner";
        assert!(second.starts_with(told), "{second}");
        assert!(!second.contains("Ostmouth"), "nobody speaks of the harbour there: {second}");
    }

    #[test]
    fn all_questions_on_a_part_begin_with_the_same_words() {
        let asked = prompts(include_str!("../../../prompts/triage.md"));
        let head = |text: &String| text.split("\n---\n").next().map(str::to_owned);
        assert_eq!(head(&asked[3]), head(&asked[4]));
        let organised = prompts(include_str!("../../../prompts/organise.md"));
        assert_eq!(head(asked.last().expect("a question")), head(organised.last().expect("one")));
    }

    #[test]
    fn a_template_that_does_not_ask_for_definitions_is_filled_in_without_them() {
        let source = "+++\nname = \"mine\"\ntitle = \"Mine\"\nkind = \"select\"\n[[fields]]\n\
            name = \"f\"\ntitle = \"F\"\nask = \"Which?\"\n+++\n## user\n{{ sentences }}{{ field.ask }}";
        let asked = prompts(source);
        assert!(asked[1].starts_with("1. The Owner"), "{}", asked[1]);
    }

    #[test]
    fn a_term_is_used_where_it_stands_as_a_word() {
        assert_eq!(uses("The Vessel and two Vessels, no Vesselwright.", "Vessel"), 2);
        assert_eq!(uses("The Vessel.", "Harbour"), 0);
    }

    #[test]
    fn what_travels_is_a_small_part_of_the_whole() {
        for text in prompts(include_str!("../../../prompts/triage.md")) {
            let told = text.find("\n\n1. ").unwrap_or(0);
            assert!(told * 100 <= text.len() * SHARE_PERCENT, "{told} of {}", text.len());
        }
    }
}
