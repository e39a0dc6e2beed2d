//! Where a sentence begins that a heading without a full stop runs into: "Sale of Product
//! The Seller shall …". It knows nothing of duties.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;

/// A heading in front and the first word of the sentence. Between capitals and small
/// joining words no sentence has a capital "The".
static HEADED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)^(?:(?:\p{Lu}[\p{L}\p{N}’'&/\-]*,?|\d{1,2}(?:\.\d{1,3}){1,3}\.?|of|and|or|by|for|to|in|on|with|from|the|a|an|&|[–—-])\s+){1,14}?
        (?P<first>The|Each|Either|Neither|No|All|Any|If|In|Upon|Subject|During|Within|This|These|Such|Except|Notwithstanding|Unless|Nothing|An?)\s+(?P<next>\p{L}+)",
    )
});

/// A heading in capitals and the sentence behind it: "TERM AND RENEWAL Supplier shall".
static SHOUTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:\p{Lu}{2,}[,&]?|&|\d{1,2}(?:\.\d{1,3}){0,3}\.?)\s+){2,10}?(?P<first>\p{Lu}\p{Ll}+)\s+\p{Ll}",
    )
});

/// The number of a clause between its heading and its text.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:\p{Lu}[\p{L}’'-]*|of|and|or|by|for|to|the|,|&|\s)+\s\d{1,2}(?:\.\d{1,3}){1,3}\.?\s+",
    )
});

/// Words that more of the same phrase follows.
const JOINING: [&str; 17] = [
    "and", "or", "of", "by", "for", "to", "in", "on", "at", "with", "from", "upon", "under", "a",
    "an", "the", "&",
];

/// Verbs that make a sentence of what stands before "The".
const MODALS: [&str; 7] = ["shall", "will", "must", "may", "agrees", "agree", "is"];

/// Bytes of a heading at the start of a sentence, 0 where there is none. What is left
/// begins with a capital.
pub(super) fn length(text: &str) -> usize {
    /// Longer than any heading.
    const FAR: usize = 240;
    let text = &text[..text.floor_char_boundary(FAR)];
    let number = NUMBER.find(text).map_or(0, |found| found.end());
    // "SECTION 5.1 OF THE AGREEMENT" names a clause.
    let next = text[number..].split(' ').next().unwrap_or_default();
    let names = JOINING.contains(&next.to_lowercase().as_str()) && next.len() > 1;
    let number = if next.starts_with(char::is_uppercase) && !names { number } else { 0 };
    number + under(&text[number..])
}

fn under(text: &str) -> usize {
    let mut start = 0;
    while let Some(found) = HEADED.captures(&text[start..]) {
        let (Some(first), Some(next)) = (found.name("first"), found.name("next")) else { break };
        let led = text[start..start + first.start()].trim_end();
        let last = led.rsplit(' ').next().unwrap_or_default().to_lowercase();
        // "Supplier and The Tube Network", "In No Event": no heading ends so.
        let joined = last.ends_with(',') || JOINING.contains(&last.as_str());
        let verb = led.split(' ').any(|it| MODALS.contains(&it.to_lowercase().as_str()));
        // A name in front is followed by more of it: "Section 4 In General".
        let titled = next.as_str().starts_with(char::is_uppercase)
            && !matches!(
                first.as_str(),
                "The"
                    | "Each"
                    | "Either"
                    | "Neither"
                    | "No"
                    | "All"
                    | "Any"
                    | "If"
                    | "This"
                    | "Such"
            );
        if joined || verb || titled {
            break;
        }
        start += first.start();
    }
    if start > 0 {
        return start;
    }
    let shouted = SHOUTED.captures(text).and_then(|found| found.name("first"));
    shouted.map_or(0, |first| first.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, sentence: &str) {
        let text = format!("{heading}{sentence}");
        assert_eq!(&text[length(&text)..], sentence);
    }

    #[test]
    fn a_heading_ends_where_its_sentence_begins() {
        check("Sale of Goods ", "The Seller agrees not to sell any goods elsewhere.");
        check(
            "DELIVERY OF PLANS 2.1 Delivery by the Builder ",
            "The Builder agrees to deliver the plans.",
        );
        check("COSTS ", "Each of the parties shall bear its own costs.");
        check("Warranty of the Sellers ", "Each of the Sellers shall warrant it.");
        check("TERM AND RENEWAL ", "Supplier shall give notice.");
        check("NOTICES 14.1 Form ", "Any notice must be in writing.");
    }

    #[test]
    fn a_sentence_without_a_heading_is_left_whole() {
        check("", "The Seller shall deliver.");
        check("", "Acme and The Tube Network shall deliver.");
        check("", "In no event shall Acme Corp pay.");
        check("", "ACME CORP shall pay.");
        check("", "EXCEPT UNDER SECTION 5.1 OF THE AGREEMENT neither party shall pay.");
        check("", "Upon receipt of the notice, The Company shall pay.");
        check("", "Each Party shall pay The Bank.");
    }
}
