//! Who acts and who is acted upon around a name: subjects, objects, and whoever stands
//! behind "by". Rules of word order; it knows nothing of what is compared.

use std::collections::BTreeMap;

use super::order::{add, ends, small_word_before};
use super::reading::Reading;
use super::tokens::is_content;

const BY: &[&str] =
    &["by", "von", "vom", "durch", "par", "por", "da", "dal", "dall", "dalla", "pelo", "pela"];

const BE: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "being", "wird", "werden", "wurde", "wurden",
    "worden", "est", "sont", "été", "être", "fut", "es", "son", "fue", "fueron", "ser", "sido",
    "è", "sono", "viene", "vengono", "stato", "stata", "essere", "é", "são", "foi", "foram",
];

/// Verbs of giving, and of getting what is given: who gives is who one gets it from.
const GIVE: &[&str] = &[
    "pay", "send", "give", "deliver", "grant", "sell", "lend", "tell", "supply", "award", "verse",
    "paie", "paier", "livre", "donne", "remet", "verse", "zahl", "zahlt", "liefe", "sende", "paga",
    "pagar", "envia", "entre", "abona", "provid", "offer", "hand", "forward", "email", "remit",
    "consegn", "transf", "überw", "uberw",
];
const GET: &[&str] = &[
    "receiv", "get", "obtain", "buy", "borrow", "hear", "purchas", "recoi", "erhal", "bekom",
    "recib", "ricev", "riceve", "receb", "recev", "bekom", "acquir", "collect",
];

/// Who acts and who is acted upon: the subject of a verb and whoever stands behind "by"
/// in a passive act; the object and the subject of a passive do not.
pub(super) fn roles(
    text: &Reading<'_>,
    taken: &[bool],
    from: usize,
    to: usize,
    around: &mut BTreeMap<String, f64>,
) {
    let tokens = &text.tokens;
    let before: Vec<usize> = (0..from).rev().take_while(|at| !ends(tokens, *at)).take(6).collect();
    let left = before.iter().copied().find(|at| is_content(&tokens[*at]) && !taken[*at]);
    if small_word_before(tokens, from).is_some_and(|word| BY.contains(&word)) {
        if let Some(verb) = left {
            role(around, "agent", &tokens[verb].stem, 1.0);
        }
        return;
    }
    let from_whom = small_word_before(tokens, from).is_some_and(|it| matches!(it, "from" | "of"));
    if let Some(verb) = left {
        if from_whom && before.iter().any(|at| GET.contains(&tokens[*at].stem.as_str())) {
            add(around, "agent:give".to_owned(), 1.0);
        } else {
            role(around, "patient", &tokens[verb].stem, 1.0);
        }
    }
    if ends(tokens, to - 1) {
        return;
    }
    let behind: Vec<usize> = (to..tokens.len())
        .take(6)
        .scan(false, |over, at| {
            let go = !*over;
            *over = ends(tokens, at);
            go.then_some(at)
        })
        .collect();
    let Some(verb) = behind.iter().copied().find(|at| is_content(&tokens[*at]) && !taken[*at])
    else {
        return;
    };
    let passive = behind
        .iter()
        .take_while(|at| **at < verb)
        .any(|at| BE.contains(&tokens[*at].lower.as_str()));
    let weight = if left.is_some() { 0.35 } else { 1.0 };
    role(around, if passive { "patient" } else { "agent" }, &tokens[verb].stem, weight);
}

fn role(around: &mut BTreeMap<String, f64>, part: &str, verb: &str, weight: f64) {
    add(around, format!("{part}:{verb}"), weight);
    add(around, part.to_owned(), weight * 0.3);
    let other = if part == "agent" { "patient" } else { "agent" };
    if GIVE.contains(&verb) {
        add(around, format!("{part}:give"), weight);
    } else if GET.contains(&verb) {
        add(around, format!("{other}:give"), weight);
    }
}
