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
        (?:\s+(?:also|\p{Ll}+ly|hereby|each|further|then|thereafter|thereupon|therefore|promptly|only|in\s+no\s+event|at\s+all\s+times))?,?\s*$",
    )
});

/// A noun phrase that goes on with "of the Seller", from its own article on.
static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[,;:]\s+|\b(?:and|that)\s+)(?P<head>(?i:the|any|all|each|every|no|either|such|its|their)\s+(?:(?:other|respective)\s+)?(?P<noun>[\p{L}’'-]+)(?:\s+(?:and|or)\s+(?P<other>[\p{L}’'-]+))?\s+(?:of|for))\s+$",
    )
});

/// Small words before a phrase that make it a part of a longer one, whose first noun is
/// the subject: "any delay in payment by the Seller".
const PREPOSITIONS: [&str; 16] = [
    "of", "by", "to", "for", "in", "with", "from", "on", "under", "between", "at", "than",
    "against", "upon", "into", "within",
];

/// Words at the beginning that only join the clause to the one before.
const JOINING: [&str; 16] = [
    "and",
    "or",
    "but",
    "nor",
    "then",
    "until",
    "wherein",
    "whereby",
    "provided",
    "plus",
    "whereupon",
    "so",
    "yet",
    "waives",
    "warrants",
    "whereas",
];

/// Who has duties without being a role of contracts.
const PEOPLE: [&str; 43] = [
    "person",
    "persons",
    "individual",
    "individuals",
    "employees",
    "officers",
    "officer",
    "directors",
    "director",
    "personnel",
    "staff",
    "affiliates",
    "agents",
    "representatives",
    "auditor",
    "auditors",
    "arbitrator",
    "arbitrators",
    "mediator",
    "expert",
    "experts",
    "panel",
    "board",
    "committee",
    "court",
    "tribunal",
    "team",
    "owners",
    "holders",
    "stockholders",
    "consultants",
    "contractors",
    "subcontractors",
    "suppliers",
    "customers",
    "licensees",
    "licensors",
    "distributors",
    "participants",
    "successors",
    "assigns",
    "they",
    "undersigned",
];

/// What no contract obliges, however large it is written.
const THINGS: [&str; 99] = [
    "agreement",
    "agreements",
    "contract",
    "service",
    "services",
    "product",
    "products",
    "goods",
    "license",
    "licence",
    "licenses",
    "notice",
    "notices",
    "fee",
    "fees",
    "payment",
    "payments",
    "royalties",
    "royalty",
    "term",
    "period",
    "date",
    "article",
    "section",
    "appendix",
    "exhibit",
    "schedule",
    "annex",
    "list",
    "material",
    "materials",
    "mark",
    "marks",
    "software",
    "system",
    "equipment",
    "information",
    "data",
    "records",
    "report",
    "reports",
    "invoice",
    "invoices",
    "order",
    "orders",
    "warranty",
    "warranties",
    "policy",
    "policies",
    "share",
    "shares",
    "warrant",
    "warrants",
    "securities",
    "stock",
    "program",
    "programs",
    "publication",
    "plan",
    "statement",
    "content",
    "property",
    "right",
    "rights",
    "provision",
    "provisions",
    "clause",
    "obligation",
    "obligations",
    "price",
    "prices",
    "territory",
    "documentation",
    "specifications",
    "functionality",
    "module",
    "letter",
    "transaction",
    "transactions",
    "audit",
    "meeting",
    "meetings",
    "offering",
    "event",
    "claim",
    "claims",
    "percentage",
    "rate",
    "amount",
    "amounts",
    "procedure",
    "procedures",
    "insurance",
    "use",
    "access",
    "shipment",
    "delivery",
    "approval",
    "failure",
];

/// The subject before a modal, or `None` where it cannot be told or is nobody.
pub(super) fn before(left: &str) -> Option<String> {
    let who = PHRASE.captures(left)?.name("who")?;
    let before = &left[..who.start()];
    let who = trimmed(who.as_str());
    if is_clause(&who) || who.is_empty() || !(is_somebody(&who) || is_speaker(&who.join(" "))) {
        return None;
    }
    let who = who.as_slice();
    let last = before.trim_end().rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let inside = before.ends_with(' ') && PREPOSITIONS.contains(&last.to_lowercase().as_str());
    if !inside {
        return Some(who.join(" "));
    }
    // "notify the Buyer of the claim and the Buyer shall": another clause begins.
    let and = who.iter().rposition(|word| *word == "and").filter(|at| is_thing(who[at - 1]));
    if let Some(next) = and.map(|at| &who[at + 1..]) {
        return is_somebody(next).then(|| next.join(" "));
    }
    // "the officers of the Seller", but not "the decisions of the Seller".
    let head = HEAD.captures(before)?;
    let person = |group: &str| head.name(group).is_some_and(|it| is_person(it.as_str()));
    (person("noun") || person("other")).then(|| {
        let head: Vec<&str> = head["head"].split_whitespace().collect();
        format!("{} {}", head.join(" "), who.join(" "))
    })
}

/// The words of a phrase without what was caught with them.
fn trimmed(who: &str) -> Vec<&str> {
    let mut words: Vec<&str> = who.trim_start_matches([',', ' ']).split_whitespace().collect();
    // A heading without a full stop runs into the sentence: "Sale of Products The Seller".
    if let Some(opening) =
        words.iter().rposition(|word| matches!(*word, "The" | "Each" | "Neither" | "This" | "No"))
    {
        words.drain(..opening);
    }
    let within = words.len().saturating_sub(1);
    if let Some(at) = words[..within].iter().rposition(|word| leads_in(word))
        && words[at + 1].starts_with(char::is_uppercase)
    {
        words.drain(..=at);
    }
    let joins = |word: &str| JOINING.contains(&word.to_lowercase().as_str());
    let joining = words.iter().take_while(|word| joins(word)).count();
    words.drain(..joining);
    while words.len() > 1 && words.last().is_some_and(|word| is_adverb(word)) {
        words.pop();
    }
    words
}

/// The last word of what leads into a clause without a comma ("During the Term Seller"),
/// or of the sentence before.
fn leads_in(word: &str) -> bool {
    let bare = word.trim_end_matches('.').to_lowercase();
    matches!(bare.as_str(), "agreement" | "term" | "section" | "date" | "period" | "fee")
        || word.ends_with('.') && bare.len() > 4
}

fn is_adverb(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && word.ends_with("ly")
        || matches!(word, "also" | "hereby" | "therefore" | "thereafter")
}

/// A clause is no subject: small joining words show that more was caught.
fn is_clause(words: &[&str]) -> bool {
    words.iter().any(|word| {
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
    })
}

/// Whether the noun of a phrase may be somebody: "the Seller", "any officer of the
/// Seller", "Acme", not "the Products" or "the list".
fn is_somebody(words: &[&str]) -> bool {
    let of = words.iter().position(|word| word.eq_ignore_ascii_case("of"));
    let of = of.filter(|at| *at > 0 && !words[0].eq_ignore_ascii_case("each"));
    let head = &words[..of.unwrap_or(words.len())];
    let Some(noun) = head.last() else { return false };
    let lower = words.join(" ").to_lowercase();
    if lower.starts_with("in no ") || lower.starts_with("nothing") {
        return false;
    }
    // "the Party seeking such disclosure".
    let first = words.iter().take(4).position(|word| is_person(word));
    let described = first.and_then(|at| words.get(at + 1)).is_some_and(|next| {
        next.ends_with("ing") || matches!(*next, "so" | "hereto" | "or" | "who" | "to")
    });
    let quantity = matches!(noun.to_lowercase().as_str(), "each" | "either" | "neither" | "both");
    let alone = head.iter().filter(|word| word.starts_with(char::is_uppercase)).count() < 2;
    let name = noun.contains(char::is_uppercase) && !is_thing(noun) && !(alone && is_deed(noun));
    described || quantity || is_person(noun) || name
}

fn is_thing(noun: &str) -> bool {
    THINGS.contains(&bare(noun).as_str())
}

/// Whether a noun by itself names what is done: "Escalations", not "the Foundation".
fn is_deed(noun: &str) -> bool {
    const BODIES: [&str; 9] = [
        "foundation",
        "association",
        "institution",
        "organization",
        "organisation",
        "federation",
        "administration",
        "department",
        "government",
    ];
    let noun = bare(noun);
    let stem = noun.trim_end_matches('s');
    let deed = ["tion", "sion", "ment", "ance"].iter().any(|end| stem.ends_with(end));
    deed && !BODIES.contains(&stem) && !ROLES.contains(stem)
}

fn is_person(noun: &str) -> bool {
    let noun = bare(noun);
    let pronoun = matches!(noun.as_str(), "i" | "you" | "we" | "he" | "she" | "it" | "hereto");
    pronoun
        || PEOPLE.contains(&noun.as_str())
        || ROLES.contains(noun.as_str()) && !THINGS.contains(&noun.as_str())
}

fn bare(noun: &str) -> String {
    noun.trim_end_matches(['.', ',']).trim_end_matches("'s").trim_end_matches("’s").to_lowercase()
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
