//! Words of negation and modality in English and German, and stems rough enough to match
//! "delivered" with "deliver".

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::name_words::is_function;
use crate::domain::recognise::pattern;
use crate::domain::span::ByteSpan;

static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{L}+(?:['’-]\p{L}+)*"));

/// One word of a text.
pub(super) struct Token<'a> {
    pub span: ByteSpan,
    text: &'a str,
    pub lower: String,
    pub stem: String,
    /// A mark stands behind it that ends the clause.
    pub ends_clause: bool,
}

pub(super) fn tokens(view: &str) -> Vec<Token<'_>> {
    let spans: Vec<_> = WORD.find_iter(view).map(|it| it.range()).collect();
    spans
        .iter()
        .enumerate()
        .map(|(at, range)| {
            let text = &view[range.clone()];
            let next = spans.get(at + 1).map_or(view.len(), |next| next.start);
            let lower = text.to_lowercase().replace('’', "'");
            let marked = has_mark(view, range.end..next);
            Token {
                span: ByteSpan::new(range.start, range.end),
                text,
                stem: stem(&lower),
                lower,
                ends_clause: marked || opens_clause(view, &spans[at + 1..]),
            }
        })
        .collect()
}

/// Whether a mark between two words ends a clause: marks inside numbers ("1.250,50") and
/// behind them ("30. Juni") do not.
fn has_mark(view: &str, between: std::ops::Range<usize>) -> bool {
    view[between.clone()].char_indices().any(|(at, mark)| {
        let at = between.start + at;
        let left = view[..at].chars().next_back();
        let closes =
            view[at + mark.len_utf8()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        let in_number = mark == '.' && left.is_some_and(|c| c.is_ascii_digit());
        mark == '\n' || matches!(mark, '.' | ',' | ';' | ':' | '!' | '?') && closes && !in_number
    })
}

/// Whether the next words begin another clause without a mark: "but …", "and we …".
fn opens_clause(view: &str, next: &[std::ops::Range<usize>]) -> bool {
    let word = |at: usize| next.get(at).map_or("", |range| &view[range.clone()]);
    let subject = matches!(
        word(1),
        "we" | "I"
            | "you"
            | "he"
            | "she"
            | "they"
            | "it"
            | "the"
            | "wir"
            | "ich"
            | "er"
            | "sie"
            | "der"
            | "die"
            | "das"
    );
    matches!(word(0), "but" | "because" | "aber" | "weil" | "sondern")
        || matches!(word(0), "and" | "so" | "und") && subject
}

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
/// A ban that comes or goes is told by its negation, and a plan or an advice binds nobody
/// for whom it could loosen a leave.
pub(super) fn is_switch(from: Force, to: Force) -> bool {
    match (from, to) {
        (Force::Duty, to) => !matches!(to, Force::Duty | Force::Plan | Force::Ban),
        (Force::Leave | Force::Advice, to) => matches!(to, Force::Duty | Force::Release),
        (Force::Ban, to) => to == Force::Release,
        (Force::Release, to) => matches!(to, Force::Duty | Force::Ban),
        (Force::Plan, _) => false,
    }
}

/// The modal that begins at a word: the last word of it and its force.
pub(super) fn force(tokens: &[Token<'_>], at: usize) -> Option<(usize, Force)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.lower.as_str());
    let not = |offset: usize| matches!(word(offset), "not" | "never" | "nicht");
    let simple = match word(0) {
        // The month is no modal.
        "may" if tokens[at].text == "May" && at > 0 && !tokens[at - 1].ends_clause => return None,
        "must" | "shall" | "muss" | "müssen" => Force::Duty,
        "may" | "can" | "darf" | "dürfen" | "kann" | "können" => Force::Leave,
        "cannot" | "can't" | "mustn't" | "shan't" | "won't" => return Some((at, Force::Ban)),
        "should" | "could" | "might" | "sollte" | "sollten" | "könnte" | "könnten" => {
            Force::Advice
        }
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
                "permitted" | "allowed" | "entitled" => Force::Leave,
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

/// Whether a word denies. Turns of phrase that deny nothing do not count.
pub(super) fn is_negation(tokens: &[Token<'_>], at: usize) -> bool {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.lower.as_str());
    let negates = match word(0) {
        "not" | "no" | "never" | "none" | "neither" | "nor" | "cannot" | "nobody" | "nothing"
        | "nowhere" | "nicht" | "nie" | "niemals" | "weder" | "nichts" | "niemand" => true,
        other => {
            other.ends_with("n't")
                || matches!(other.strip_prefix("kein"), Some("" | "e" | "en" | "em" | "er" | "es"))
        }
    };
    let idiom =
        matches!(word(1), "only" | "hesitate" | "doubt" | "least" | "problem" | "nur" | "zögern")
            || matches!(word(1), "later" | "more" | "less" | "fewer" | "earlier" | "longer")
                && word(2) == "than"
            || word(0) == "no" && word(1).is_empty();
    // "No. 5" is a number.
    let numbered = tokens[at].text == "No" && tokens[at].ends_clause && word(1).is_empty();
    negates && !idiom && !numbered
}

/// Words that deny in another way: "failed to deliver", "without notice".
pub(super) fn is_soft(token: &Token<'_>) -> bool {
    matches!(
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
            | "except"
            | "excluding"
            | "prohibited"
            | "forbidden"
            | "ohne"
            | "unterließ"
            | "versäumte"
            | "versäumt"
            | "verweigert"
    )
}

/// Whether a word carries meaning that a negation or modal can govern.
pub(super) fn is_content(token: &Token<'_>) -> bool {
    const LIGHT: &[&str] = &[
        "been", "being", "were", "be", "am", "there", "yet", "only", "just", "also", "than",
        "more", "less", "later", "very", "to", "been", "sein", "worden", "wurde", "wurden",
        "haben", "noch", "auch", "mehr", "having", "much", "many", "us", "me", "them", "him",
    ];
    let word = token.lower.as_str();
    let adverb = word.len() > 4 && word.ends_with("ly");
    let marks = matches!(
        word,
        "not"
            | "never"
            | "none"
            | "nor"
            | "cannot"
            | "nicht"
            | "need"
            | "required"
            | "obliged"
            | "allowed"
            | "permitted"
            | "entitled"
    );
    let light = word.chars().count() < 3 || LIGHT.contains(&word) || is_function(word);
    !(light || adverb || marks || word.ends_with("n't"))
}

const IRREGULAR: &[(&str, &str)] = &[
    ("paid", "pay"),
    ("sent", "send"),
    ("made", "make"),
    ("gave", "give"),
    ("given", "give"),
    ("took", "take"),
    ("taken", "take"),
    ("kept", "keep"),
    ("left", "leave"),
    ("told", "tell"),
    ("held", "hold"),
    ("met", "meet"),
    ("sold", "sell"),
    ("bought", "buy"),
    ("brought", "bring"),
    ("got", "get"),
    ("wrote", "write"),
    ("written", "write"),
    ("began", "begin"),
    ("begun", "begin"),
    ("knew", "know"),
    ("known", "know"),
    ("came", "come"),
    ("went", "go"),
    ("gone", "go"),
    ("said", "say"),
    ("found", "find"),
    ("lost", "lose"),
    ("built", "build"),
    ("spent", "spend"),
    ("broke", "break"),
    ("broken", "break"),
    ("saw", "see"),
    ("seen", "see"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("chose", "choose"),
    ("chosen", "choose"),
    ("signing", "sign"),
];

/// A word without its endings.
fn stem(lower: &str) -> String {
    let bare = lower.trim_end_matches("'s");
    if let Some((_, base)) = IRREGULAR.iter().find(|(form, _)| *form == bare) {
        return cut(base).to_owned();
    }
    for (ending, instead) in [("ies", "y"), ("ied", "y"), ("ying", "y")] {
        if let Some(root) = bare.strip_suffix(ending).filter(|root| root.len() > 2) {
            return format!("{root}{instead}");
        }
    }
    for ending in ["ing", "ed", "es", "s", "ment"] {
        if let Some(root) =
            bare.strip_suffix(ending).filter(|root| root.len() > 2 && !root.ends_with('s'))
        {
            let mut letters = root.chars();
            let doubled = letters.next_back() == letters.next_back() && !root.ends_with(['l', 's']);
            let single = root.char_indices().next_back().map_or(0, |(at, _)| at);
            return cut(if doubled { &root[..single] } else { root }).to_owned();
        }
    }
    cut(bare).to_owned()
}

fn cut(root: &str) -> &str {
    root.strip_suffix('e').filter(|it| it.len() > 2).unwrap_or(root)
}
