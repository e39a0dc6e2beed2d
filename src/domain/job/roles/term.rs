//! Whether words speak of the document's own term, and not of a renewal, a
//! payment or a notice. Knows nothing of dates or roles.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::{Clause, floor};
use crate::domain::recognise::pattern;

/// What has a beginning and an end, beside the document itself.
static TERM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:term|(?:contract|agreement|initial|service|licen[cs]e|lease|engagement|sponsorship|employment)\s+(?:period|term)|duration|
        period\ of\ (?:this|the)\ \w+|agreement\ period|
        (?:engagement|appointment|employment|tenancy|retainer)\b[^.;]{0,60}?\b(?:shall|will)\ (?:commence|begin|start|end|expire|terminate|continue|run|last)|
        laufzeit|vertragsdauer|mietzeit|mietverhältnis|arbeitsverhältnis|durée|plazo|duración|vigencia|durata|prazo|vigência)\b",
    )
});

/// What is renewed, extended or ended early is no term of the document's.
static BESIDE_TERM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:renew(?:al|ed|s)?|extension|option\ (?:term|period)|extended\ term|may\ (?:be\ )?(?:terminat|extend|end)\w*|
        (?:was|were|been|has|had)\ (?:terminat|extend|expir)\w*|fiscal\ year|quarter|payment|interest|notice|surviv\w+|
        warranty\ period|holdback|earn-?out|calendar\ year|insurance|audit|
        verlänger\w*|renouvel\w*|reconduc\w*|prorr?og\w*|rinnov\w*|renov\w*)\b",
    )
});

/// How far before a date such words count, in bytes.
const BESIDE: usize = 110;

/// Whether the last words before a place speak of something else than the term.
pub(super) fn is_beside_term(before: &str) -> bool {
    BESIDE_TERM.is_match(tail(before))
}

/// The last words before a place.
pub(super) fn tail(before: &str) -> &str {
    &before[floor(before, before.len().saturating_sub(BESIDE))..]
}

/// Whether words speak of a term.
pub(super) fn names_term(before: &str) -> bool {
    TERM.is_match(before)
}

/// Of a range of dates in one piece ("from 1 May to 31 July 2026"): whether it
/// is the document's term.
pub(super) fn is_term(clause: &Clause) -> bool {
    names_term(&clause.before) && !is_beside_term(&clause.before)
}
