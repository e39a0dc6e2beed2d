//! Whether words that only a model took for a name may be one. Knows word
//! lists and the document's own use of the words, and nothing of the model.

use crate::domain::fact::FactKind;
use crate::domain::recognise::{self, name_words};

/// Words inside a name that begin small.
const JOINING: [&str; 22] = [
    "and", "of", "the", "de", "del", "della", "di", "da", "do", "dos", "du", "la", "le", "van",
    "von", "zu", "der", "den", "für", "und", "et", "y",
];

/// Whether `quote`, found in `document`, may name a person or an organisation
/// although no rule knows it.
///
/// Two to six words with capitals that are not, all of them, written small
/// elsewhere: "Pricing Terms" is a heading where terms and pricing are spoken of.
pub(super) fn may_be(kind: FactKind, quote: &str, document: &str) -> bool {
    let words: Vec<&str> = quote.split_whitespace().map(bare).collect();
    let joins = |word: &str| JOINING.contains(&word);
    let capitals: Vec<&str> = words.iter().copied().filter(|word| !joins(word)).collect();
    let written_large = |word: &&str| word.starts_with(char::is_uppercase);
    let shouted = quote.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let odd = |c: char| c.is_ascii_digit() || "():;?!\"“”„[]{}<>|/_=*#@%$€£".contains(c);
    let parts_names = quote.trim_end_matches('.').contains(". ") && !has_initial(&words);
    let is_form = (2..=6).contains(&words.len())
        && capitals.len() >= 2
        && words.first().is_some_and(written_large)
        && words.last().is_some_and(written_large)
        && capitals.iter().all(written_large)
        && !quote.contains(odd)
        && !parts_names
        && !shouted
        && recognise::may_be_a_name(quote);
    // "Sale of Goods" names goods; what "House of Fraser" names is nothing else.
    let names_thing =
        words.contains(&"of") && capitals.last().is_some_and(|last| stands_small(last, document));
    is_form && !names_thing && says_who(kind, &capitals, document)
}

fn says_who(kind: FactKind, capitals: &[&str], document: &str) -> bool {
    let ordinary = |word: &&str| name_words::is_never(word) || stands_small(word, document);
    match kind {
        FactKind::Person => {
            capitals.len() <= 4
                && !capitals.iter().any(|word| name_words::is_never(word))
                && !capitals.iter().any(|word| {
                    name_words::LEGAL_FORMS.contains(word) || name_words::BODIES.contains(word)
                })
                && !capitals.last().is_some_and(|last| {
                    name_words::NOT_SURNAMES.contains(last.to_lowercase().as_str())
                })
                // Of a known given name the family name may be any word.
                && (name_words::GIVEN.contains(capitals[0]) || !capitals.iter().any(ordinary))
        }
        _ => !capitals.iter().all(ordinary) && !capitals.iter().all(is_given),
    }
}

fn is_given(word: &&str) -> bool {
    name_words::GIVEN.contains(word)
}

/// A word without the punctuation around it; of "J." the stop belongs to it.
fn bare(word: &str) -> &str {
    let word = word.trim_matches(|c: char| ",'’‘&".contains(c));
    if word.chars().count() > 2 { word.trim_end_matches('.') } else { word }
}

/// Whether a stop inside is an initial's or an abbreviation's, not a sentence's.
fn has_initial(words: &[&str]) -> bool {
    words.iter().any(|word| {
        let letters = word.trim_end_matches('.');
        word.ends_with('.') && letters.chars().count() == 1 || name_words::TITLES.contains(letters)
    })
}

/// Whether the document writes this word small somewhere, as a word of its own.
fn stands_small(word: &str, document: &str) -> bool {
    let small = word.to_lowercase();
    if small == word || small.chars().count() < 3 {
        return false;
    }
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    document.match_indices(small.as_str()).any(|(at, _)| {
        !is_letter(document[..at].chars().next_back())
            && !is_letter(document[at + small.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = "Sale of Goods. The goods are sold by Halden Marine to Tove Brandt \
        Larsen. Pricing Terms. Disputes on pricing go to the steering group, and any dispute is \
        heard in Bergen. Late Charges Apply where a charge is late; they apply at once. Halden \
        Marine and the Steering Group Chairperson meet. The chairperson is Ola Nordmann. Mark \
        Stone of Orme Vale signs. Each mark and each stone is listed.";

    fn organisation(quote: &str) -> bool {
        may_be(FactKind::Organisation, quote, CONTRACT)
    }

    fn person(quote: &str) -> bool {
        may_be(FactKind::Person, quote, CONTRACT)
    }

    #[test]
    fn names_that_no_rule_knows_are_names() {
        assert!(organisation("Halden Marine"));
        assert!(organisation("Orme Vale"));
        assert!(person("Ola Nordmann"));
        assert!(person("Tove Brandt Larsen"));
        assert!(person("J. R. Larsen"));
    }

    #[test]
    fn headings_and_defined_roles_are_none() {
        for heading in [
            "Sale of Goods",
            "Pricing Terms",
            "Governing Law",
            "Limitation of Liability",
            "Steering Group Chairperson",
            "Receiving Party",
            "Effective Date",
            "Force Majeure",
            "Late Charges Apply",
        ] {
            assert!(!person(heading), "{heading}");
        }
        for heading in ["Sale of Goods", "Governing Law", "Receiving Party", "Effective Date"] {
            assert!(!organisation(heading), "{heading}");
        }
    }

    #[test]
    fn pieces_of_sentences_are_none() {
        for piece in [
            "Halden Marine to Tove Brandt",
            "goods are sold",
            "Goods. The",
            "Larsen. Pricing",
            "Bergen. Late Charges",
            "Marine and",
            "Halden",
            "The Supplier",
            "HALDEN MARINE",
            "March 2026",
            "Question: Who",
            "In Bergen",
            "",
            "of",
        ] {
            assert!(!person(piece) && !organisation(piece), "{piece}");
        }
    }

    #[test]
    fn a_persons_name_of_ordinary_words_needs_a_given_name() {
        assert!(!person("Mark Stone"), "both are words of this text");
        assert!(may_be(FactKind::Person, "Peter Stone", CONTRACT));
        assert!(!organisation("Peter Paul"), "given names alone are a person's");
    }
}
