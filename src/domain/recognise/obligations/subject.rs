//! Who a modal verb is about, read from the words before it.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;

use crate::domain::recognise::name_words::{ROLES, is_never};

/// A noun phrase at the end of the text, with an adverb allowed behind it.
static PHRASE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)
        (?P<who>
          (?:(?i:the|each|either|neither|any|every|all|no|both|such|its|their|this|these|said)\s+(?:(?i:of\s+the|such|other)\s+)?)?
          (?:\p{Lu}[\p{L}\p{N}.&'’\-]*|(?i:part(?:y|ies)|undersigned))
          (?:(?:\s+(?:of|and|or|the|&))*\s+\p{Lu}[\p{L}\p{N}.&'’\-]*|,\s+(?:Inc|Ltd|LLC|LLP|Corp|S\.A|B\.V)\b\.?|\s+(?i:part(?:y|ies)))*
        | \b(?i:I|you|we|they|he|she|it)
        | (?:^|,\s*)(?:\p{L}+\s+){0,4}\p{L}+
        )
        (?:\s+(?:also|hereby|each|further|then|thereafter|thereupon|therefore|promptly|only|in\s+no\s+event|at\s+all\s+times))?,?\s*$",
    )
});

/// The subject before a modal, or `None` where it cannot be told.
pub(super) fn before(left: &str) -> Option<String> {
    let who = PHRASE.captures(left)?.name("who")?.as_str();
    let who = who.trim_start_matches([',', ' ']);
    let mut words: Vec<&str> = who.split_whitespace().collect();
    // A heading without a full stop runs into the sentence: "Sale of Products The Seller".
    if let Some(opening) =
        words.iter().rposition(|word| matches!(*word, "The" | "Each" | "Neither" | "This" | "No"))
    {
        words.drain(..opening);
    }
    // A clause is no subject: small joining words show that more was caught.
    let clause = words.iter().any(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "if" | "that"
                | "which"
                | "who"
                | "when"
                | "where"
                | "then"
                | "than"
                | "unless"
                | "because"
                | "there"
                | "here"
                | "as"
                | "to"
        )
    });
    (!clause && !words.is_empty()).then(|| words.join(" "))
}

/// Whether the speaker talks of himself or to somebody: talk, not a contract.
pub(super) fn is_speaker(who: &str) -> bool {
    let last = who.rsplit(' ').next().unwrap_or_default().to_lowercase();
    matches!(last.as_str(), "i" | "it" | "there" | "that" | "this")
}

/// Whether a subject can be a party: a role, or in a contract any name.
pub(super) fn is_party(who: &str, contract: bool) -> bool {
    let lower = who.to_lowercase();
    let role = lower.split_whitespace().any(|word| ROLES.contains(&word.trim_end_matches("'s")));
    let name = who
        .split_whitespace()
        .last()
        .is_some_and(|word| word.starts_with(char::is_uppercase) && !is_never(word));
    let pronoun = matches!(lower.as_str(), "i" | "you" | "we" | "they" | "he" | "she" | "it");
    role || contract && name && !pronoun
}
