//! Obligations: sentences and clause items in which somebody must do or leave something,
//! in six languages. It reads modals and subjects, not law.

mod german;
mod heading;
mod romance;
mod subject;

use std::sync::LazyLock;

use regex::{Captures, Regex};

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
          means?\b | refer\s+to\b | no\s+longer\s+have\b | receive\b | have[\s-]+been\b | become\b | prevent\b | apply\b | constitute\b
        | continue\s+to\s+apply\b | be\s+(?:held\s+|so\s+)?(?:(?:\w+ly\s+)?(?:or|and)?\s*\w+ly\s+)?liable\b | have\s+occasion\b | be\s+(?:relieved|excused)\b | be\s+the\s+(?:sole|exclusive)\b
        | have\s+(?:\w+\s+){0,2}jurisdiction\b
        | have\s+the\s+(?:same\s+|following\s+|respective\s+)*meanings?\b
        | (?:jointly\s+|solely\s+|exclusively\s+|at\s+all\s+times\s+)*(?:own|retain\s+(?:all\s+)?(?:sole\s+)?(?:right|title|ownership)s?)\b
        | have\s+(?:full|sole|exclusive|complete|absolute)\b | be\s+(?:separable|severable|severed|free\s+to|able\s+to)\b
        | be\s+the\s+(?:beneficiary|owner|property)\b
        | be\s+(?:defined|read|construed|interpreted|entitled|deemed|considered|permitted|allowed|governed|subject\s+to|binding|void|valid|null|effective|enforceable|cumulative|in\s+addition|without\s+prejudice)\b
        | be\s+(?:referred\s+to|known)\s+as\b
        | (?:inure|enure|survive|supersede|govern)\b
        | have\s+(?:the|a|an|no|any)\s+(?:\w+\s+){0,3}(?:right|rights|option|authority|power|discretion|obligation|obligations|duty|liability)\b
        )",
    )
});

/// What a thing does by itself, and nobody has to do.
static HAPPENS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^\s*(?:(?:also|only|not|\w+ly|in\s+no\s+event|in\s+no\s+way)\s+)*(?:
          apply|affect|limit|constitute|operate|prejudice|impair|relieve|preclude|include|cover|consist
        | commence|begin|start|continue|expire|terminate|renew|end|remain|take\s+(?:effect|priority|precedence)|pass|transfer|become|prevail|control|vest|lapse
        | accrue|occur|extend|run|exceed|equal|amount\s+to|contain|be\s+(?:an?|the|in|for|as|of|at|on|no|responsible\s+only)
        | be\s+(?:limited|suspended|made\s+up|comprised|composed|located|extended|renewed|terminated|deemed)
        | have
        )\b",
    )
});

/// A passive verb: its subject is what is dealt with, not who deals with it.
static PASSIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^\s*(?:(?:also|only|\w+ly)\s+)?be\s+(?:(?:also|\w+ly|so)\s+)?(?P<verb>\w+ed
        |(?:re|over|under|un|up|with)?(?:made|paid|given|sent|held|kept|borne|done|taken|set|sold|shown|written|brought
        |built|bought|met|drawn|chosen|sought|found|left|read|put|lent|let|hidden))\b",
    )
});

/// "in no event shall either Party be liable".
static LIABLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s+(?:[^.;:]{0,60}?\s)?be\s+(?:held\s+)?(?:\w+\s+){0,3}liable\b")
});

/// Participles that say what their own subject must do.
const BINDING: [&str; 6] =
    ["obligated", "required", "obliged", "prohibited", "committed", "forbidden"];

/// Who does what a passive verb says, right behind it.
static AGENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[^.;:]{0,120}?\bby\s+(?P<who>(?:(?:the|each|either|such|both)\s+)?(?:\p{Lu}[\p{L}\p{N}.&'’\-]*|part(?:y|ies))(?:\s+(?:(?:and|or|of|&|the)\s+)?\p{Lu}[\p{L}\p{N}.&'’\-]*)*)",
    )
});

/// Before the subject of a condition, which obliges nobody: "if the Buyer shall fail".
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:if|unless|whether|in\s+the\s+event(?:\s+that)?)\s+(?:[\p{L}’'-]+\s+){0,3}$")
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

/// Who must do it, where that is said, and whether it is forbidden.
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
        let piece = headless(view, piece);
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

/// The piece without a heading that runs into it.
fn headless(view: &str, mut piece: Piece) -> Piece {
    piece.span.start += piece.span.slice(view).map_or(0, heading::length);
    piece
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
            r"(?i)\b(?:shall|must|will|agrees?\s+to|undertakes?\s+to|required\s+to|verpflichtet(?:\s+sich)?|devr(?:a|ont)|doi(?:t|vent)|engage(?:nt)?\s+à|deber(?:á|án)|obligan?\s+a|dov(?:rà|ranno)|devono?|impegnano?\s+a|dever(?:á|ão)|obrigam?-se\s+a)(?:\s+[a-zäöü-]+){0,3}\s*:$",
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

/// A sentence that says what a word means, and obliges nobody whatever verbs it has.
static DEFINITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)^(?:the\s+term\s+)?["“”„«'‘][^"“”»’\n]{1,80}["“”»'’]\s*(?:\([^()]{0,80}\)\s*)?,?\s*(?:(?:shall|will)\s+)?(?:means?\b|refers?\s+to\b|(?:has|have)\s+the\s+meaning|(?:is|are)\s+defined)"#,
    )
});

fn duty(text: &str, language: Language, contract: bool) -> Option<Duty> {
    if text.ends_with('?') || DEFINITION.is_match(text) {
        return None;
    }
    if language == Language::German {
        return german::duty(text).map(|(who, negated)| Duty { who, negated });
    }
    if language.is_romance() {
        return romance::duty(text).map(|(who, negated)| Duty { who, negated });
    }
    MODAL.captures_iter(text).find_map(|found| in_english(text, &found, contract))
}

/// The duty under one English modal, or `None` where it obliges nobody.
fn in_english(text: &str, found: &Captures<'_>, contract: bool) -> Option<Duty> {
    let modal = found.get_match();
    let (left, right) = (tail(&text[..modal.start()]), &text[modal.end()..]);
    let who = subject::before(left);
    let says = |group: &str| found.name(group).is_some();
    let negated = ["n1", "n2", "n3", "n4", "n5", "n6"].iter().any(|group| says(group))
        || NOBODY.is_match(left);
    let party = who.as_deref().is_some_and(|who| subject::is_party(who, contract));
    // "a must-use type", "may or may not".
    let aside = right.starts_with('-') || left.trim_end().ends_with(" or");
    // "may agree to", "fails to agree to": nobody has agreed.
    let agrees = modal.as_str().to_lowercase().starts_with(['a', 'u', 'c', 'h']);
    let open = agrees && NOT_YET.is_match(left);
    let spoken = who.as_deref().is_some_and(subject::is_speaker) && !says("shall");
    let passive = PASSIVE.captures(right).map(|it| it["verb"].to_lowercase());
    let binding = passive.as_deref().is_some_and(|verb| BINDING.contains(&verb));
    // "may not be available" is a fear, "shall not be liable" and "shall not be
    // required to" take a duty away.
    let lifted = negated
        && (binding && !passive.as_deref().is_some_and(|verb| verb.starts_with(['p', 'f']))
            || LIABLE.is_match(right)
            || starts(right, "be responsible")
            || says("n3") && passive.is_none() && starts(right, "be "));
    let conditional = CONDITION.is_match(left);
    if DEFINES.is_match(right)
        || aside
        || open
        || spoken
        || lifted
        || conditional
        || !party && HAPPENS.is_match(right)
        || says("will") && !(party || contract && passive.is_some())
        || says("will") && passive.is_some() && !contract
    {
        return None;
    }
    let who = match passive {
        Some(_) if !binding => {
            AGENT.captures(right).and_then(|it| it.name("who")).map(|it| words(it.as_str()))
        }
        _ => who,
    };
    Some(Duty { who, negated })
}

fn starts(text: &str, with: &str) -> bool {
    text.trim_start().get(..with.len()).is_some_and(|own| own.eq_ignore_ascii_case(with))
}

fn words(text: &str) -> String {
    let text = text.trim_end_matches(['.', ',']);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
