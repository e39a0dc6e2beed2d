//! Obligations in French, Spanish, Italian and Portuguese: doit, se obliga a, si impegna
//! a, não poderá. One table, since no modal of one is a common word of another.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;

static MODAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?:^|[\s(])(?:
          (?P<n1>ne\s+|no\s+|non\s+|não\s+)?(?:devra|devront|doit|doivent|deberá|deberán|debe|deben|deve|devono|dovrà|dovranno|devem|deverá|deverão)
        | (?P<n2>(?:ne\s+(?:peut|peuvent|pourra|pourront)|no\s+(?:puede|pueden|podrá|podrán)|non\s+(?:può|possono|potrà|potranno)|não\s+(?:pode|podem|poderá|poderão)))
        | (?:s['’](?:engage|engagent|oblige|obligent)\s+(?:à|a)|(?:est|sont)\s+(?:tenue?s?|obligée?s?)\s+(?:de|d['’]|à))
        | (?:se\s+(?:obligan?|comprometen?)\s+a|está(?:n)?\s+obligad[oa]s?\s+a|tendrán?\s+la\s+obligación\s+de)
        | (?:s[i'’]\s?(?:impegnan?o?|impegna|obbligano|obbliga)\s+(?:a|ad)|(?:è|sono)\s+(?:tenut[oaie]|obbligat[oaie])\s+(?:a|ad))
        | (?:(?:obriga|obrigam|compromete|comprometem)-se\s+a|se\s+(?:obrigam?|comprometem?)\s+a|(?:é|está|são|estão)\s+obrigad[oa]s?\s+a)
        | (?P<n3>(?:il\s+est|es|está|queda|è|é)\s+(?:interdit|prohibido|vietato|vedado|proibido)(?:\s+(?:à|a|al|ao|alla)\b)?)
        )(?:[\s:,]|$)",
    )
});

/// "le Fournisseur", "cada una de las partes", right before the modal.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)(?:^|[\s,;(])(?P<who>(?:
          (?:le|la|les|chaque|aucune?|toute?|el|los|las|cada|ninguna?|il|lo|gli|i|ciascuna?|ogni|nessuna?|o|a|os|as|nenhuma?)\s+\p{L}[\p{L}\-]+
        | (?:l|un|una|nessun|ciascun|dell)['’]\s?\p{L}[\p{L}\-]+
        )(?:\s+(?:et|y|e|ou|o)\s+(?:(?:le|la|el|il|lo|o|a)\s+|l['’])?\p{L}[\p{L}\-]+)?)\s*$",
    )
});

/// What follows a modal that only explains: "debe entenderse", "doit être compris comme".
static EXPLAINS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:entenderse|interpretarse|être\s+(?:compris|interprété)|intendersi|essere\s+inteso|ser\s+(?:entendid|interpretad)\w+)",
    )
});

/// A passive verb: by whom is said with "par", "por" or "da", or not at all.
static PASSIVE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:être|ser|essere|venire)\s+\p{L}+"));

/// Who must do it, where that can be told, and whether it is a prohibition.
pub(super) fn duty(text: &str) -> Option<(Option<String>, bool)> {
    let found = MODAL.captures_iter(text).find(|found| {
        let right = &text[found.get_match().end()..];
        !EXPLAINS.is_match(right)
    })?;
    let whole = found.get_match();
    let (left, right) = (&text[..whole.start()], &text[whole.end()..]);
    let from = left.ceil_char_boundary(left.len().saturating_sub(120));
    let subject = SUBJECT.captures(&left[from..]).and_then(|it| it.name("who"));
    let who = subject.map(|it| it.as_str().split_whitespace().collect::<Vec<_>>().join(" "));
    let nobody = who.as_deref().is_some_and(|who| {
        let who = who.to_lowercase();
        ["aucun", "ningun", "nessun", "nenhum"].iter().any(|it| who.starts_with(it))
    });
    let negated = nobody || ["n1", "n2", "n3"].iter().any(|group| found.name(group).is_some());
    Some((who.filter(|_| !PASSIVE.is_match(right)), negated))
}
