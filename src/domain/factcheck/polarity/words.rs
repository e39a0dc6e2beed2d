//! Words of negation and modality in six languages.

use super::super::tokens::Token;
use crate::domain::recognise::Language;

/// How a modal binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Force {
    /// must, shall, is required to
    Duty,
    /// may, can, is entitled to
    Leave,
    /// should, could, might
    Advice,
    /// will
    Plan,
    /// may not, must not, shall not
    Ban,
    /// need not, does not have to
    Release,
}

/// Whether a version's modal of force `to` is another thing than the source's `from`.
/// "Shall", "must" and "will" stand for one another, as they do in contracts; "should" is
/// less. A ban that comes or goes is told by its negation.
pub(super) fn is_switch(from: Force, to: Force) -> bool {
    match (from, to) {
        (Force::Duty, to) => !matches!(to, Force::Duty | Force::Plan | Force::Ban),
        (Force::Leave | Force::Advice, to) => matches!(to, Force::Duty | Force::Release),
        (Force::Ban, to) => to == Force::Release,
        (Force::Release, to) => matches!(to, Force::Duty | Force::Ban),
        (Force::Plan, to) => matches!(to, Force::Leave | Force::Advice | Force::Release),
    }
}

/// The modal that begins at a word: the last word of it and its force.
pub(super) fn force(tokens: &[Token<'_>], at: usize) -> Option<(usize, Force)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.lower.as_str());
    let not = |offset: usize| matches!(word(offset), "not" | "never" | "nicht");
    if tokens[at].language.is_romance() {
        return romance_force(tokens, at);
    }
    let simple = match word(0) {
        // The month is no modal.
        "may" if tokens[at].text == "May" && at > 0 && !tokens[at - 1].ends_clause => return None,
        "must" | "shall" | "muss" | "müssen" => Force::Duty,
        "may" | "can" | "darf" | "dürfen" | "kann" | "können" | "berechtigt" | "befugt" => {
            Force::Leave
        }
        "cannot" | "can't" | "mustn't" | "shan't" | "won't" => return Some((at, Force::Ban)),
        "should" | "could" | "might" | "sollte" | "sollten" | "könnte" | "könnten" => {
            Force::Advice
        }
        // "darf gezahlt werden" plans nothing.
        "werden" if has_modal_before(tokens, at) => return None,
        "will" | "wird" | "werden" => Force::Plan,
        "need" if not(1) => return Some((at + 1, Force::Release)),
        "has" | "have" | "needs" | "need" if word(1) == "to" => {
            let released = at > 0
                && matches!(tokens[at - 1].lower.as_str(), "not" | "don't" | "doesn't" | "didn't");
            return Some((at + 1, if released { Force::Release } else { Force::Duty }));
        }
        "agrees" | "agree" | "undertakes" | "undertake" if word(1) == "to" => {
            return Some((at + 1, Force::Duty));
        }
        "is" | "are" => {
            let by = usize::from(not(1));
            let force = match word(1 + by) {
                "required" | "obliged" | "obligated" if by == 1 => Force::Release,
                "required" | "obliged" | "obligated" => Force::Duty,
                "permitted" | "allowed" | "entitled" if by == 1 => Force::Ban,
                "permitted" | "allowed" | "entitled" | "invited" | "welcome" | "encouraged"
                | "free" => Force::Leave,
                _ => return None,
            };
            return (word(2 + by) == "to").then_some((at + 2 + by, force));
        }
        _ => return None,
    };
    if not(1) {
        let german_release = matches!(word(0), "muss" | "müssen");
        return Some((at + 1, if german_release { Force::Release } else { Force::Ban }));
    }
    // "no party may", "neither party shall"
    let nobody = tokens[..at].iter().rev().take_while(|token| !token.ends_clause).any(|token| {
        matches!(
            token.lower.as_str(),
            "no" | "neither" | "nobody" | "none" | "nor" | "keine" | "kein" | "keiner"
        )
    });
    Some((at, if nobody { Force::Ban } else { simple }))
}

/// Whether a German modal stands before a word in its clause.
fn has_modal_before(tokens: &[Token<'_>], at: usize) -> bool {
    const MODALS: &[&str] = &[
        "muss", "müssen", "darf", "dürfen", "kann", "können", "soll", "sollen", "sollte",
        "sollten", "könnte", "könnten", "will", "wollen", "möchte", "möchten",
    ];
    let before = tokens[..at].iter().rev().take_while(|token| !token.ends_clause);
    before.into_iter().any(|token| MODALS.contains(&token.lower.as_str()))
}

/// The modal at a word in French, Spanish, Italian or Portuguese: it stands behind its
/// negation there.
fn romance_force(tokens: &[Token<'_>], at: usize) -> Option<(usize, Force)> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    let (last, force) = match word(at) {
        "doit" | "doivent" | "devra" | "devront" | "debe" | "deben" | "deberá" | "deberán"
        | "deve" | "devono" | "dovrà" | "dovranno" | "devem" | "deverá" | "deverão" => {
            (at, Force::Duty)
        }
        "tiene" | "tienen" | "tem" | "têm" if matches!(word(at + 1), "que" | "de") => {
            (at + 1, Force::Duty)
        }
        "peut" | "peuvent" | "pourra" | "pourront" | "puede" | "pueden" | "podrá" | "podrán"
        | "può" | "possono" | "potrà" | "potranno" | "pode" | "podem" | "poderá" | "poderão" => {
            (at, Force::Leave)
        }
        "droit" | "derecho" | "diritto" | "direito" => (at, Force::Leave),
        "devrait" | "devraient" | "debería" | "deberían" | "dovrebbe" | "dovrebbero"
        | "deveria" | "deveriam" => (at, Force::Advice),
        _ => return None,
    };
    let denied = (at.saturating_sub(2)..at)
        .any(|it| matches!(word(it), "ne" | "n" | "no" | "non" | "não") && !tokens[it].ends_clause);
    Some((last, if denied { Force::Ban } else { force }))
}

/// Whether a word denies in one of the languages that come from Latin.
fn is_romance_negation(language: Language, word: &str) -> bool {
    let words: &[&str] = match language {
        Language::French => {
            &["ne", "n", "non", "aucun", "aucune", "jamais", "ni", "nul", "nulle", "rien"]
        }
        Language::Spanish => &[
            "no", "ni", "nunca", "jamás", "ningún", "ninguno", "ninguna", "nadie", "nada",
            "tampoco",
        ],
        Language::Italian => {
            &["non", "né", "mai", "nessun", "nessuno", "nessuna", "niente", "nulla"]
        }
        Language::Portuguese => {
            &["não", "nem", "nunca", "jamais", "nenhum", "nenhuma", "ninguém", "nada"]
        }
        Language::English | Language::German | Language::Other => &[],
    };
    words.contains(&word)
}

/// Whether a word denies. Turns of phrase that deny nothing do not count.
pub(super) fn is_negation(tokens: &[Token<'_>], at: usize) -> bool {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.lower.as_str());
    if tokens[at].language.is_romance() {
        return is_romance_negation(tokens[at].language, word(0));
    }
    let negates = match word(0) {
        "not" | "no" | "never" | "none" | "neither" | "nor" | "cannot" | "nobody" | "nothing"
        | "nowhere" | "nicht" | "nie" | "niemals" | "weder" | "nichts" | "niemand" => true,
        other => {
            other.ends_with("n't")
                || matches!(other.strip_prefix("kein"), Some("" | "e" | "en" | "em" | "er" | "es"))
        }
    };
    let idiom = word(0) == "nothing" && matches!(word(1), "beyond" | "over" | "more")
        || matches!(
            word(1),
            "only" | "hesitate" | "doubt" | "least" | "problem" | "nur" | "zögern"
        )
        || at > 0 && tokens[at - 1].lower == "at" && matches!(word(1), "charge" | "cost" | "extra")
        || matches!(word(1), "later" | "more" | "less" | "fewer" | "earlier" | "longer")
            && word(2) == "than"
        || word(0) == "no" && word(1).is_empty();
    // "No. 5" is a number.
    let numbered = tokens[at].text == "No" && tokens[at].ends_clause && word(1).is_empty();
    negates && !idiom && !numbered
}

/// Words that may stand for a negation without being one.
pub(super) fn helps(word: &str) -> bool {
    matches!(
        word,
        "exception"
            | "excluded"
            | "excludes"
            | "exclude"
            | "unless"
            | "missing"
            | "unpaid"
            | "instead"
            | "rather"
            | "barred"
            | "except"
            | "excluding"
            | "against"
            | "beyond"
            | "avoid"
            | "avoids"
            | "refrain"
            | "refrains"
    )
}

/// "free of charge", which is "at no charge".
pub(super) fn is_gratis(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at].lower == "free" && tokens.get(at + 1).is_some_and(|next| next.lower == "of")
}

/// Words that deny in another way: "failed to deliver", "without notice".
pub(super) fn is_soft(tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    let next = tokens.get(at + 1).map_or("", |next| next.lower.as_str());
    if token.lower.starts_with("fail")
        && next != "to"
        && !matches!(token.lower.as_str(), "failure" | "failing")
    {
        return false;
    }
    if matches!((token.lower.as_str(), next), ("free", "from" | "of") | ("yet" | "remains", "to")) {
        return true;
    }
    // "shares declined by 12%", "declined sharply": nothing is refused.
    if token.lower.starts_with("declin")
        && (next.ends_with("ly")
            || matches!(next, "by" | "in" | "from" | "for" | "after" | "following" | "on" | "")
            || tokens.get(at + 1).is_some_and(Token::is_figure))
    {
        return false;
    }
    helps(&token.lower)
        || matches!(
            token.lower.as_str(),
            "fail"
                | "fails"
                | "failed"
                | "failing"
                | "failure"
                | "unable"
                | "refuse"
                | "refuses"
                | "refused"
                | "refusing"
                | "without"
                | "decline"
                | "declined"
                | "declines"
                | "lack"
                | "lacks"
                | "lacked"
                | "prohibited"
                | "forbidden"
                | "banned"
                | "impossible"
                | "unmöglich"
                | "verboten"
                | "untersagt"
                | "ohne"
                | "unterließ"
                | "versäumte"
                | "versäumt"
                | "verweigert"
                | "sans"
                | "sin"
                | "senza"
                | "sem"
        )
}
