//! German obligations: muss, darf nicht, ist verpflichtet, verpflichtet sich, hat … zu.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;

use crate::domain::recognise::name_words::ROLES;

static MODAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:
          (?P<must>muss|müssen)
        | (?P<may>darf|dürfen)\b(?P<no>[^.;:]{0,160}?\b(?:nicht|kein\w*|weder)\b)
        | (?P<bound>(?:ist|sind)\b[^.;:]{0,120}?\bverpflichtet|verpflichte[nt]\s+sich)
        | (?P<has>hat|haben|ist|sind)\b[^.;:]{1,240}?(?:\bzu\s+\p{Ll}+(?:en|ln|rn|tun)|\b\p{Ll}{2,}zu\p{Ll}+(?:en|ln|rn))\s*(?:[.,;)]|$)
        )",
    )
});

/// "die Lieferantin", "Jede Partei", "Beide Parteien".
static SUBJECT_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<who>(?:(?i:der|die|das|jede[rs]?|beide|keine|alle|diese[rs]?)\s+)?\p{Lu}[\p{L}\-]+(?:\s+(?:und|der|des)\s+(?:der\s+|die\s+)?\p{Lu}[\p{L}\-]+)?)\s*$",
    )
});

static SUBJECT_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:sich\s+)?(?P<who>(?i:der|die|das|jede[rs]?|beide|keine|alle)\s+\p{Lu}[\p{L}\-]+)",
    )
});

/// Infinitives of reading, not of doing: "ist so zu verstehen".
const READING: &[&str] = &["verstehen", "sehen", "lesen", "beachten, dass"];

/// Who must do it, where that can be told, and whether it is a prohibition.
pub(super) fn duty(text: &str) -> Option<(Option<String>, bool)> {
    MODAL.captures_iter(text).find_map(|found| {
        let whole = found.get_match();
        if found.name("has").is_some() && READING.iter().any(|it| whole.as_str().contains(it)) {
            return None;
        }
        let negated = found.name("no").is_some()
            || after_not(&text[whole.end()..], found.name("must").is_some());
        let verb = ["must", "may", "has"].into_iter().find_map(|group| found.name(group));
        let verb_end = verb.map_or(whole.start() + first_word(whole.as_str()), |it| it.end());
        // "Die Rechnung ist zu zahlen": by whom is not said.
        let passive =
            found.name("has").is_some_and(|it| !it.as_str().to_lowercase().starts_with('h'));
        // Only nouns that are roles or stand with an article are told as subjects; any
        // German noun is written large.
        let who = subject(SUBJECT_BEFORE.captures(&text[..whole.start()]))
            .or_else(|| subject(SUBJECT_AFTER.captures(&text[verb_end..])));
        Some((who.filter(|_| !passive), negated))
    })
}

fn first_word(text: &str) -> usize {
    text.find(char::is_whitespace).unwrap_or(text.len())
}

fn subject(found: Option<regex::Captures<'_>>) -> Option<String> {
    let who = found?.name("who")?.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
    let first = who.split(' ').next()?.to_lowercase();
    let article = matches!(
        first.as_str(),
        "der"
            | "die"
            | "das"
            | "jede"
            | "jeder"
            | "jedes"
            | "beide"
            | "keine"
            | "alle"
            | "diese"
            | "dieser"
            | "dieses"
    );
    (article || ROLES.contains(first.as_str())).then_some(who)
}

/// "muss nicht" lifts a duty; "muss … nicht" further on may belong to another clause.
fn after_not(right: &str, must: bool) -> bool {
    must && right.trim_start().starts_with("nicht")
}
