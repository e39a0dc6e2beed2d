//! A surname or another name put in the place of the source's: "Yusuf Yilmaz" for "Yusuf
//! Demir", and another person greeted. Told by the words beside it, in any language and
//! without knowing what is a name.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::names::{Word, key, words};
use super::{ChangeKind, FactChange, FactClass, Side};
use crate::domain::recognise::name_words::TITLES;
use crate::domain::recognise::pattern;
use crate::domain::span::ByteSpan;

/// Who is greeted at the beginning of a letter, with titles before the name.
static GREETED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:Dear|Hi|Hello|Hallo|Liebe[rs]?|Sehr geehrte[rs]?|Cher|Chère|Estimad[oa]|Hola|Gentile|Egregio|Car[oa]|Prezad[oa]|Olá|Bonjour)\s+(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Madame|Monsieur|Señora?|Sra?|Signora?|Sig|Dott|Senhora?)\.?\s+)*(\p{Lu}[\p{L}-]+)",
    )
});

pub(super) fn changes(source: &Side<'_>, version: &Side<'_>) -> Vec<FactChange> {
    surname(source, version).into_iter().chain(greeted(source, version)).collect()
}

fn altered(source: &Side<'_>, old: ByteSpan, version: &Side<'_>, new: ByteSpan) -> FactChange {
    FactChange {
        kind: ChangeKind::Altered,
        what: FactClass::Name,
        source: Some(source.at(old)),
        version: Some(version.at(new)),
    }
}

/// A large word that the version does not have at all, and behind the same large word a
/// new one in its place.
fn surname(source: &Side<'_>, version: &Side<'_>) -> Option<FactChange> {
    let (from, to) = (words(source), words(version));
    let has = |all: &[Word<'_>]| -> HashSet<String> { all.iter().map(Word::key).collect() };
    let (here, there) = (has(&from), has(&to));
    pairs(source, &from).into_iter().filter(|pair| !there.contains(&key(pair[1].text))).find_map(
        |old| {
            let of_pair = |new: &[&Word<'_>; 2]| {
                key(new[0].text) == key(old[0].text) && !here.contains(&key(new[1].text))
            };
            let new = pairs(version, &to).into_iter().find(of_pair)?;
            Some(altered(source, old[1].span, version, new[1].span))
        },
    )
}

/// Two large words side by side on a line, the second inside a sentence and more than a
/// letter long.
fn pairs<'w, 'a>(side: &Side<'_>, words: &'w [Word<'a>]) -> Vec<[&'w Word<'a>; 2]> {
    let large = |word: &Word<'_>| {
        word.text.starts_with(char::is_uppercase)
            && word.text.chars().skip(1).all(char::is_lowercase)
    };
    let mut pairs = Vec::new();
    for pair in words.windows(2) {
        let joined = &side.view[pair[0].span.end..pair[1].span.start] == " ";
        let named = !pair[0].opens && !TITLES.contains(pair[0].text.trim_end_matches('.'));
        if joined && named && !pair[1].opens && pair.iter().all(large) && pair[1].text.len() > 2 {
            pairs.push([&pair[0], &pair[1]]);
        }
    }
    pairs
}

/// Another one of the source's names is greeted, or a new one.
fn greeted(source: &Side<'_>, version: &Side<'_>) -> Option<FactChange> {
    let name = |side: &Side<'_>| {
        let name = GREETED.captures(side.view)?.get(1)?;
        Some((ByteSpan::new(name.start(), name.end()), key(name.as_str())))
    };
    let (old, new) = (name(source)?, name(version)?);
    // "Dear Anna Keller" is "Dear Ms Keller".
    let behind = source.view[old.0.end..].trim_start().split(|c: char| !c.is_alphabetic()).next();
    let after = version.view[new.0.end..].trim_start().split(|c: char| !c.is_alphabetic()).next();
    let same = old.1 == new.1
        || behind.is_some_and(|it| key(it) == new.1)
        || after.is_some_and(|it| key(it) == old.1);
    (!same).then(|| altered(source, old.0, version, new.0))
}
