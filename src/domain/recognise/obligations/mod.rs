//! Obligations: sentences and clause items in which somebody must do or leave something.
//! It reads modals and subjects, not law.

mod german;
mod subject;

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;

use super::sentences::{Ending, Label, Piece, sentences};
use super::{Context, Language};
use crate::domain::fact::{Fact, FactKind, Value};

static MODAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:
          (?P<shall>shall)(?:\s+(?:at\s+all\s+times\s+)?(?P<n1>not|never))?
        | (?P<must>must)(?:\s+(?P<n2>not|never))?
        | may\s+(?P<n3>not|never)
        | (?P<will>will)(?:\s+(?P<n4>not|never))?
        | (?:(?:hereby\s+)?(?:agrees?|undertakes?|covenants?)(?:\s+and\s+(?:agrees?|undertakes?|covenants?))?)\s+(?P<n5>not\s+)?to
        | (?:is|are)\s+(?:hereby\s+)?(?:obliged|obligated|required|(?P<n6>prohibited|forbidden))\s+(?:to|from)
        | (?:has|have)\s+(?:an?|the)\s+(?:obligation|duty)\s+to
        )\b",
    )
});

/// What follows a modal in a definition, a rule of reading or a right, which oblige nobody.
static DEFINES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^\s*(?:(?:also|only|not)\s+)?(?:
          means?\b | refer\s+to\b | have\s+been\b
        | have\s+the\s+(?:same\s+|following\s+|respective\s+)*meanings?\b
        | be\s+(?:defined|read|construed|interpreted|entitled)\b | be\s+(?:referred\s+to|known)\s+as\b
        | have\s+(?:the|a|an|no|any)\s+(?:\w+\s+){0,3}(?:right|rights|option|authority|power|discretion|obligation|obligations|duty|liability)\b
        )",
    )
});

static NOT_YET: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:to|may|might|can|could|would|not|if|\p{L}+n['’]t)\s+$"));

/// A subject in front that turns the whole clause into its contrary.
static NOBODY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:neither|no|none|nothing|in\s+no\s+event|under\s+no\s+circumstances|nor)\b[^.;,]{0,60}$",
    )
});

/// Words of a contract; a "will" obliges only in a text that is full of them.
static CONTRACT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:agreement|hereby|hereunder|herein|part(?:y|ies)|shall|vertrag)\b")
});

/// Who and how: "the Supplier shall", and whether it is forbidden.
struct Duty {
    who: Option<String>,
    negated: bool,
}

/// A list of duties under one modal.
struct List {
    duty: Duty,
    /// The kind of label its items carry, once the first is seen.
    label: Option<Label>,
    /// It stands inside one sentence and ends with it.
    inline: bool,
}

/// The obligations of a view, sorted and disjoint.
pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let contract = CONTRACT.find_iter(view).count() > 3 + view.len() / 2_000;
    let mut facts = Vec::new();
    let mut list: Option<List> = None;
    for piece in sentences(view) {
        let Some(text) = piece.span.slice(view) else { continue };
        list = list.filter(|list| goes_on(list, &piece, text));
        if let Some(duty) = duty(text, context.language, contract) {
            facts.push(fact(&piece, &duty, "obligation.modal"));
            if opens_list(text, piece.ending) {
                list = Some(List { duty, label: None, inline: piece.ending == Ending::Item });
            }
        } else if piece.ending == Ending::LeadIn {
            // Another list begins ("The Owner warrants that:").
            list = None;
        } else if let Some(list) = list.as_mut().filter(|_| piece.label.is_some()) {
            list.label = piece.label;
            facts.push(fact(&piece, &list.duty, "obligation.item"));
        }
        list = list.filter(|list| !(list.inline && piece.ending == Ending::Sentence));
    }
    facts
}

/// Whether a piece still belongs to the list: an item with a label of the same kind, or
/// the "and" between two items.
fn goes_on(list: &List, piece: &Piece, text: &str) -> bool {
    match piece.label {
        Some(label) => list.label.is_none_or(|first| first == label),
        None => text.split_whitespace().count() < 3,
    }
}

fn fact(piece: &Piece, duty: &Duty, rule: &'static str) -> Fact {
    let rule = if duty.negated { "obligation.negated" } else { rule };
    let value = duty.who.clone().map(Value::Text);
    Fact { kind: FactKind::Obligation, span: piece.span, value, rule, doubt: None }
}

/// Whether the modal of this piece governs the labelled items behind it: "shall:" at the
/// end of a line, or "shall: (a) deliver …;". A longer clause behind the modal ("shall be
/// released if:") lists something else than duties.
fn opens_list(text: &str, ending: Ending) -> bool {
    static AT_END: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:shall|must|will|agrees?\s+to|undertakes?\s+to|required\s+to|verpflichtet(?:\s+sich)?)\b(?:\s+[a-zäöü-]+){0,3}\s*:$",
        )
    });
    static INLINE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:shall|must|will)(?:\s+not)?|agrees?\s+(?:not\s+)?to|undertakes?\s+(?:not\s+)?to|required\s+to)\s*:?\s*\((?:a|i|1)\)",
        )
    });
    static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\b(?:if|when|apply|include|be|have|mean|following|consist)\b[^:]*:$")
    });
    match ending {
        Ending::LeadIn => AT_END.is_match(text) && !ABOUT.is_match(text),
        Ending::Item => INLINE.is_match(text),
        _ => false,
    }
}

/// The end of the words before a modal: enough for its subject, and quick to search.
fn tail(left: &str) -> &str {
    let mut from = left.len().saturating_sub(160);
    while !left.is_char_boundary(from) {
        from += 1;
    }
    &left[from..]
}

fn duty(text: &str, language: Language, contract: bool) -> Option<Duty> {
    if text.ends_with('?') {
        return None;
    }
    if language == Language::German {
        return german::duty(text).map(|(who, negated)| Duty { who, negated });
    }
    MODAL.captures_iter(text).find_map(|found| {
        let modal = found.get_match();
        let (left, right) = (tail(&text[..modal.start()]), &text[modal.end()..]);
        let who = subject::before(left);
        let says = |group: &str| found.name(group).is_some();
        let speaks = who.as_deref().is_some_and(subject::is_speaker);
        // "a must-use type", "may or may not".
        let aside = right.starts_with('-') || left.trim_end().ends_with(" or");
        // "may agree to", "fails to agree to": nobody has agreed.
        let open =
            modal.as_str().to_lowercase().starts_with(['a', 'u', 'c']) && NOT_YET.is_match(left);
        let obliges = if DEFINES.is_match(right) || aside || open || speaks && !says("shall") {
            false
        } else if says("will") {
            who.as_deref().is_some_and(|who| subject::is_party(who, contract))
        } else {
            true
        };
        obliges.then(|| {
            let words = modal.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
            let not = ["n1", "n2", "n3", "n4", "n5", "n6"].iter().any(|group| says(group));
            Duty {
                who: who.map(|who| format!("{who} {words}")),
                negated: not || NOBODY.is_match(left),
            }
        })
    })
}
