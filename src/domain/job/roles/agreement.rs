//! Whether a text is an agreement at all, by what it calls itself. Knows
//! nothing of dates.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::floor;
use crate::domain::recognise::pattern;

/// Whether a text is itself something that parties agree on: it says "this
/// Agreement", or a line at its head ends in such a word.
pub(super) fn is_agreement(view: &str) -> bool {
    let opening = &view[..floor(view, view.len().min(OPENING))];
    if ANSWERS.find_iter(opening).nth(FEW_ANSWERS).is_some() {
        return false;
    }
    OWN_NAME.find_iter(opening).any(|found| !is_quoted(opening, found.start()))
        || TITLE.is_match(&view[..floor(view, view.len().min(HEAD))])
}

/// Questions and answers of a deposition, whose agreements are only spoken of.
static ANSWERS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^[ \t]*(?:\d{1,2}[ \t]+)?[QA][.:][ \t]+\S"));

/// More than these are a record of what was said, and no list of questions.
const FEW_ANSWERS: usize = 7;

/// Whether a place stands in words quoted from elsewhere.
fn is_quoted(text: &str, at: usize) -> bool {
    let window = &text[floor(text, at.saturating_sub(QUOTED))..at];
    let Some((mark, sign)) = window.char_indices().rfind(|(_, c)| "\"“”„«»".contains(*c))
    else {
        return false;
    };
    let ends_word = |c: char| c.is_alphanumeric() || ".,;:!?".contains(c);
    let rest = &window[mark + sign.len_utf8()..];
    let opens = !window[..mark].ends_with(ends_word) && rest.starts_with(char::is_alphanumeric);
    let from = at - rest.len();
    let is_name = text[from..].find(['"', '”', '“']).is_some_and(|length| length < NAME);
    opens && !is_name
}

/// How far before a place a quotation may begin, and the most bytes of a short
/// name in quotation marks ("this “Agreement”").
const QUOTED: usize = 300;
const NAME: usize = 30;

/// How far into a text its own name is looked for, in bytes: past a cover page
/// and a table of contents; and its title.
const OPENING: usize = 30_000;
const HEAD: usize = 1_500;

const AGREEMENT: &str = r"(?:agreement|amendment|contract|lease|licen[cs]e|deed|addendum|indenture|nachtrag|\p{L}*vertrag|\p{L}*vereinbarung|contrat|accord|avenant|convention|bail|contrato|acuerdo|convenio|adenda|contratto|accordo|acordo|aditivo)";

static OWN_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:this|the present|diese[rsmn]?|vorliegende[rsmn]?|pr[ée]sente?|este|questo|deste)\s+(?:[^\s.;:]+\s+){{0,6}}?{AGREEMENT}\b"
    ))
});

static TITLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?im)^[^\n.;:]{{0,60}}\b{AGREEMENT}\s*$")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_answers_or_a_quotation_is_no_agreement() {
        let answers = "  7   A.  This Agreement was on my desk, I think.\n".repeat(12);
        assert!(!is_agreement(&answers));
        assert!(!is_agreement("Ann read out: “Owner may not assign this Agreement to Ben.”\n"));
        assert!(!is_agreement("Ann read out: \"Owner may not assign this Agreement to Ben.\"\n"));
        assert!(is_agreement("Ann and Ben make what follows (“this Agreement”) and no more.\n"));
        assert!(is_agreement("Ann (“Owner”) and Ben make this Agreement on the terms below.\n"));
    }
}
