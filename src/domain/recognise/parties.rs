//! Who made an agreement: the names in its preamble, above its signatures or, failing
//! those, among the names that it gives a short name. It finds no names of its own.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::names::{Names, fold};
use super::pattern::pattern;
use super::view::{ahead, back};
use super::{Context, names};
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;

/// Somebody who made the agreement. Spans point into the view, and so into the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Party {
    /// The name where the agreement first says that it is a party's.
    pub span: ByteSpan,
    pub name: String,
    /// The short name that the agreement gives it, and where.
    pub alias: Option<(ByteSpan, String)>,
    /// Why it counts, for the person: "named in the preamble".
    pub why: &'static str,
}

const PREAMBLE: &str = "named in the preamble";
const SIGNATURE: &str = "named above a signature";
const LABELLED: &str = "named behind a label";
const DEFINED: &str = "given a short name at the beginning";

/// Words behind which a preamble or a title names the parties.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?im)^[ \t]*(?:the\s+|die\s+|les\s+|as\s+|le\s+|las\s+)?(?:parties|parteien|partes|parti)[ \t]*:?[ \t]*$|\b(?:(?:by\s+and\s+)?(?:between|among(?:st)?)(?:\s+and\s+among)?(?:\s+the\s+following\s+parties)?|zwischen(?:\s+(?:der|dem|den)\s+parteien)?|entre\s+les\s+soussignés|entre|tra|fra|reunidos)\b",
    )
});

/// Where a preamble is over at the latest.
static OVER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:whereas|recitals?|background|witness?eth|w\s?i\s?t\s?n\s?e\s?s\s?s|now,?\s+therefore|as\s+follows|premises|preamble|table\s+of\s+contents|präambel|vorbemerkung|considérant|il\s+est\s+convenu|préambule|exponen|manifiestan|expositivo|premesso|considerando)\b",
    )
});

/// What may stand between the end of one party and the name of the next.
static JOINT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|^,\s+(?:an?|eine?|une|una|uma)\s[^,();.]{3,60},|\b(?:and|und|et|y|e|with|between|among|zwischen|entre)\b|[&;\n]|--)[\s,:\-–—*]*(?:on\s+the\s+(?:one|other)\s+(?:hand|part),?\s*)?(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s*)?(?:(?:among|by|the|der|die|das|dem|den|la|le|el|il|lo|l['’]|firma|the\s+company|company|mr\.?|mrs\.?|ms\.?|dr\.?|herrn?|frau|m\.|mme|sr\.?|sra\.?|d\.|doña|don)\s*)*$",
    )
});

/// The words with which people sign.
static WITNESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:in\s+witness\s+whereof|have\s+(?:duly\s+)?executed|executed\s+(?:as|by|this)|signed\s+(?:by|for)|signature\s+page|unterschriften|fait\s+à|en\s+prueba|firmado|letto,\s+confermato|assinam)(?:\b|[^\p{L}])",
    )
});

/// What stands under the name of a party that signs.
static SIGNS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)(?:\b(?:by|per|name|signature|signed|its|title|por|durch|par)\s*:|_{4}|/s/)")
});

/// Who made the agreement in a view, in the order of the text.
pub(crate) fn parties(view: &str, context: Context) -> Vec<Party> {
    of_names(view, &names::read(view, context, &[]))
}

/// The parties of a view whose names have been read already.
pub(super) fn of_names(view: &str, names: &Names) -> Vec<Party> {
    let mut found = preamble(view, names);
    if found.len() < 2 {
        let labelled = labelled(view, names);
        found.extend(labelled.iter().map(|(fact, _)| (*fact, LABELLED)));
        found.extend(signatures(view, names));
    }
    if found.is_empty() {
        found.extend(defined(view, names));
    }
    let mut seen = BTreeSet::new();
    found
        .into_iter()
        .filter_map(|(fact, why)| party(view, fact, why, names))
        .filter(|party| seen.insert(fold(&party.name)))
        .collect()
}

fn party(view: &str, fact: &Fact, why: &'static str, names: &Names) -> Option<Party> {
    let Some(Value::Text(name)) = &fact.value else { return None };
    let folded = fold(name);
    let same =
        |of: ByteSpan| of == fact.span || of.slice(view).is_some_and(|other| fold(other) == folded);
    let alias = names.terms.iter().find(|(_, of)| of.is_some_and(same));
    Some(Party {
        span: fact.span,
        name: name.clone(),
        alias: alias.and_then(|(term, _)| Some((term.span, names::tidy(term.span.slice(view)?)))),
        why,
    })
}

fn has_alias(names: &Names, fact: &Fact) -> bool {
    names.terms.iter().any(|(_, of)| *of == Some(fact.span))
}

/// Whether a name is a short name, by its rule or because it stands in the bracket.
fn is_term(names: &Names, fact: &Fact) -> bool {
    fact.rule == "name.alias" || names.terms.iter().any(|(term, _)| term.span.overlaps(fact.span))
}

/// The names in the first passage that reads as a preamble: it names two at least and
/// gives them short names, else it names two behind "between".
fn preamble<'a>(view: &str, names: &'a Names) -> Vec<(&'a Fact, &'static str)> {
    /// Places that are looked at; agreements come to their parties early.
    const PLACES: usize = 60;
    let cues = CUE.find_iter(view).take(PLACES).map(|cue| (cue.end(), true));
    let of: BTreeSet<ByteSpan> = names.terms.iter().filter_map(|(_, of)| *of).collect();
    let owners = names.facts.iter().filter(|fact| of.contains(&fact.span)).take(PLACES);
    let mut places: Vec<(usize, bool)> =
        cues.chain(owners.map(|it| (it.span.start, false))).collect();
    places.sort_unstable();
    let mut best: Vec<&Fact> = Vec::new();
    for (from, cue) in places {
        let found = passage(view, names, from, cue);
        let aliased = found.iter().filter(|fact| has_alias(names, fact)).count();
        if aliased > 1 || cue && aliased > 0 && found.len() > 1 {
            best = found;
            break;
        }
        if cue && found.len() > 1 && best.is_empty() {
            best = found;
        }
    }
    best.into_iter().map(|fact| (fact, PREAMBLE)).collect()
}

/// The parties named in the passage that begins at `from`, behind a cue or with a name.
fn passage<'a>(view: &str, names: &'a Names, from: usize, cue: bool) -> Vec<&'a Fact> {
    /// Longest passage that names parties, and longest description of one, in bytes.
    const REACH: usize = 4_000;
    const DESCRIPTION: usize = 900;
    let until = ahead(view, from, REACH);
    let until = OVER.find_at(&view[..until], from).map_or(until, |over| over.start());
    let first = names.facts.partition_point(|fact| fact.span.start < from);
    let mut found: Vec<&Fact> = Vec::new();
    let mut left = from;
    for fact in names.facts[first..].iter().take_while(|fact| fact.span.end <= until) {
        let gap = &view[left..fact.span.start];
        if gap.len() > DESCRIPTION || found.is_empty() && gap.len() > 200 {
            break;
        }
        if is_term(names, fact) || names::is_related(gap) {
            continue;
        }
        let joint = match (found.is_empty(), cue) {
            (true, true) => opens(gap),
            (true, false) => true,
            _ => JOINT.is_match(gap) && !inside(gap) && reads_on(gap),
        };
        let has_short_name = has_alias(names, fact) && !inside(gap);
        if joint || has_short_name {
            found.push(fact);
            left = fact.span.end;
        }
    }
    found
}

/// Whether the text between the cue and the first name lets the name be a party's.
fn opens(gap: &str) -> bool {
    gap.len() < 60
        && !gap.contains('.')
        && (JOINT.is_match(gap) || gap.chars().all(|c| !c.is_alphanumeric()))
}

/// Whether what stands between two names is all description: no sentence ends in it.
fn reads_on(gap: &str) -> bool {
    !gap.match_indices('.').any(|(at, _)| {
        let before = &gap[..at];
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let ends = word.len() > 4 && word.chars().all(char::is_lowercase)
            || before.ends_with([')', '"', '”', '»']);
        ends && gap[at + 1..].starts_with(char::is_whitespace)
    })
}

/// Whether a bracket is still open at the end of the text.
fn inside(gap: &str) -> bool {
    gap.matches('(').count() > gap.matches(')').count()
}

/// Organisations and people that stand alone in a line above "By:".
fn signatures<'a>(view: &str, names: &'a Names) -> Vec<(&'a Fact, &'static str)> {
    /// How far below a name its signature may stand, in bytes.
    const BELOW: usize = 200;
    let Some(witness) = WITNESS.find_iter(view).last() else { return Vec::new() };
    let first = names.facts.partition_point(|fact| fact.span.start < witness.start());
    names.facts[first..]
        .iter()
        .filter(|fact| fact.kind == FactKind::Organisation && fact.rule != "name.alias")
        .filter(|fact| {
            let before = &view[back(view, fact.span.start, BELOW)..fact.span.start];
            let alone = before.rsplit(['\n', '\t']).next().is_none_or(|it| it.trim().len() < 12);
            alone && SIGNS.is_match(&view[fact.span.end..ahead(view, fact.span.end, BELOW)])
        })
        .map(|fact| (fact, SIGNATURE))
        .collect()
}

/// "Client: Harlow Freight Ltd", "Party B: Thora Vance": a role or a letter as the label of
/// a line.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^[ \t]*(?:\(?\w{1,3}[.)][ \t]+)?(?P<label>\p{Lu}[\p{L}’']{2,20}(?:[ ]\p{L}{1,14})?)(?:[ ][Nn]ame|['’]s[ ][Nn]ame)?[ ]?:[ \t]*",
    )
});

/// The names directly behind labels that name roles of a contract, where two labels at
/// least do.
fn labelled<'a>(view: &str, names: &'a Names) -> Vec<(&'a Fact, String)> {
    let mut found: Vec<(&Fact, String)> = Vec::new();
    for label in LABEL.captures_iter(view) {
        let Some(role) = label.name("label").map(|it| it.as_str().to_lowercase()) else { continue };
        let end = label.get(0).map_or(0, |all| all.end());
        let at = names.facts.partition_point(|fact| fact.span.start < end);
        let near = names.facts.get(at).filter(|fact| {
            view[end..fact.span.start].chars().all(|c| !c.is_alphanumeric() && c != '\n')
        });
        if let Some(fact) = near.filter(|_| makes_contracts(&role)) {
            found.push((fact, role));
        }
    }
    let roles: BTreeSet<&String> = found.iter().map(|(_, role)| role).collect();
    if roles.len() < 2 {
        found.clear();
    }
    found
}

/// Whether a label is a role of a contract rather than one of a meeting or a task.
fn makes_contracts(label: &str) -> bool {
    const ELSEWHERE: &[&str] = &[
        "host",
        "owner",
        "author",
        "member",
        "members",
        "operator",
        "user",
        "users",
        "manager",
        "managers",
        "producer",
        "executive",
        "administrator",
        "researcher",
        "developer",
        "representative",
        "investigator",
        "publisher",
        "autor",
        "autorin",
        "moderator",
    ];
    let lettered = label.strip_prefix("party ").or_else(|| label.strip_prefix("partei "));
    lettered.is_some_and(|it| it.len() < 3)
        || names::words::is_role(label) && !ELSEWHERE.contains(&label)
}

/// The names that get a short name near the beginning.
fn defined<'a>(view: &str, names: &'a Names) -> Vec<(&'a Fact, &'static str)> {
    const BEGINNING: usize = 6_000;
    names
        .facts
        .iter()
        .take_while(|fact| fact.span.start < BEGINNING.min(view.len()))
        .filter(|fact| has_alias(names, fact))
        .map(|fact| (fact, DEFINED))
        .collect()
}

#[cfg(test)]
mod tests;
