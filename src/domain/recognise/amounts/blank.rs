//! Sums whose figure was left blank or blacked out: "$____", "€[●]", "[***] USD". A view
//! has no asterisks, so a redaction in brackets is an empty pair of them there.

use std::sync::LazyLock;

use regex::Regex;

use super::currency::{self, SIGN, WORD};
use super::scale::SCALE;
use crate::domain::fact::{Fact, FactKind};
use crate::domain::recognise::pattern;
use crate::domain::span::ByteSpan;

const BLANK: &str = r"(?:\[[ _.…●•·xX–-]{0,24}\]|\[(?i:amount|sum|number|figure|tbd|redacted|insert[^\]\n]{0,30}|betrag|montant|importe|importo|valor)\]|_{2,}(?:[.,]_{2,})*|●|…{2,}|\.{5,})";

static PATTERNS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    let (before, after) = (currency::before(), currency::after());
    [
        pattern(&format!(r"{before} *{BLANK}(?i:{SCALE})?")),
        pattern(&format!(r"{BLANK}(?i:{SCALE})? *(?:{after}|(?i:{WORD})|{SIGN})")),
    ]
});

pub(super) fn find(view: &str) -> Vec<Fact> {
    let doubt = "The figure is left blank or blacked out.";
    PATTERNS
        .iter()
        .flat_map(|pattern| pattern.find_iter(view))
        .filter(|found| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            // "[●] US$5", "[●] $[●]": the sign belongs to what comes next.
            let (left, right) = (&view[..found.start()], &view[found.end()..]);
            let own = found.as_str();
            let sign_last = own.ends_with(['$', '€', '£', '¥']);
            let next = right.trim_start_matches(' ');
            let taken =
                sign_last && next.starts_with(|c: char| c.is_ascii_digit() || "[_●".contains(c));
            !letter(left.chars().next_back()) && !taken
        })
        .map(|found| Fact {
            kind: FactKind::Amount,
            span: ByteSpan::new(found.start(), found.end()),
            value: None,
            rule: "amount.blank",
            doubt: Some(doubt.to_owned()),
        })
        .collect()
}
