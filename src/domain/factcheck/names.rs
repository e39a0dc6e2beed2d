//! Names in both texts: those the recognisers know and, in English, runs of capitalised
//! words inside sentences. Compared word by word, since a version may say "Whitlock" for
//! "Dana Whitlock".

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{ChangeKind, FactChange, FactClass, Side, added, pair_up};
use crate::domain::fact::{FactKind, Value};
use crate::domain::recognise::name_words::{LEGAL_FORMS, ROLES, TITLES, is_function, is_never};
use crate::domain::recognise::{self, Language, pattern};
use crate::domain::span::ByteSpan;

static WORD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\p{L}[\p{L}\p{N}]*(?:['’&.-][\p{L}\p{N}]+)*\.?"));

/// Somebody's name in German, told by the word before it.
static CALLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:Firma|Herrn?|Frau|Familie|Kollege|Kollegin) (\p{Lu}\p{L}+)"));

static JOINED: LazyLock<Regex> = LazyLock::new(|| pattern(r" (?:and|und|et|y|e) "));

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\p{L}[^\[\]\n]{1,40}\]"));

/// Words of letters and greetings that stand large without being names.
const POLITE: &[&str] = &[
    "Warm",
    "Warmest",
    "Kindest",
    "Yours",
    "Faithfully",
    "Truly",
    "Cheers",
    "Sir",
    "Madam",
    "Team",
    "All",
    "Everyone",
    "Colleague",
    "Colleagues",
    "Greetings",
    "Good",
    "Morning",
    "Afternoon",
    "Evening",
    "Looking",
    "Many",
    "English",
    "German",
    "French",
    "Internet",
    "PS",
    "P.S",
    "OK",
    "Sehr",
    "Geehrte",
    "Damen",
    "Herren",
    "Guten",
    "Tag",
    "Mit",
    "Grüßen",
    "Viele",
    "Grüße",
    "Freundlichen",
];

/// A name somewhere in a text.
pub(super) struct Name {
    span: ByteSpan,
    /// In small letters, without titles and legal forms.
    pub words: Vec<String>,
    person: bool,
}

/// A word of a text as names are read from it.
pub(super) struct Word<'a> {
    pub span: ByteSpan,
    pub text: &'a str,
    /// It opens a sentence, where any word is written large.
    pub opens: bool,
}

impl Word<'_> {
    pub fn key(&self) -> String {
        key(self.text)
    }

    fn possessive(&self) -> bool {
        self.text.ends_with("'s") || self.text.ends_with("’s")
    }
}

/// A word for comparison: small letters, no possessive, no plural.
pub(super) fn key(word: &str) -> String {
    let lower = word.trim_end_matches('.').to_lowercase();
    let lower = lower.trim_end_matches("'s").trim_end_matches("’s");
    let lower = if lower.len() > 3 { lower.strip_suffix('s').unwrap_or(lower) } else { lower };
    lower.to_owned()
}

pub(super) fn words<'a>(side: &Side<'a>) -> Vec<Word<'a>> {
    let mut words: Vec<Word<'a>> = Vec::new();
    for found in WORD.find_iter(side.view) {
        let left = side.view[..found.start()]
            .trim_end_matches([' ', '"', '“', '„', '(', '\'', '‘', '-', '•', '#', '>']);
        let short = words.last().is_some_and(|word| {
            let bare = word.text.trim_end_matches('.');
            word.span.end == left.len()
                && (TITLES.contains(bare)
                    || bare.chars().count() == 1
                    || LEGAL_FORMS.contains(bare))
        });
        let opens = left.is_empty()
            || left.ends_with(['\n', '!', '?', ':', ';'])
            || left.ends_with('.') && !short;
        let span = ByteSpan::new(found.start(), found.end());
        words.push(Word { span, text: found.as_str(), opens });
    }
    words
}

pub(super) fn is_candidate(word: &Word<'_>) -> bool {
    let bare = word.text.trim_end_matches('.');
    let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
    word.text.starts_with(char::is_uppercase)
        && letters > 1
        && !is_function(bare)
        && !POLITE.contains(&bare)
        && !bare.starts_with("I'")
        && !bare.starts_with("I’")
        && !crate::domain::recognise::is_month(bare)
}

/// The names of a text. Runs of capitalised words count only where the text is not shouted
/// throughout and its language does not write every noun large.
pub(super) fn names(side: &Side<'_>, words: &[Word<'_>]) -> Vec<Name> {
    let mut names: Vec<Name> = recognise::names(side.view, side.context)
        .into_iter()
        .filter_map(|fact| {
            let Some(Value::Text(value)) = fact.value else { return None };
            Some((fact.span, value, fact.kind == FactKind::Person))
        })
        .flat_map(|(span, value, person)| {
            // Two people on both sides of an "and" are two.
            let several = person && JOINED.is_match(&value);
            let parts: Vec<&str> =
                if several { JOINED.split(&value).collect() } else { vec![&value] };
            let name = |part: &str| Name { span, words: name_words(part), person };
            parts.into_iter().map(name).collect::<Vec<_>>()
        })
        .collect();
    let shouted = words
        .iter()
        .filter(|word| word.text.len() > 1 && word.text.chars().all(char::is_uppercase))
        .count();
    if side.context.language == Language::German {
        names.extend(
            CALLED
                .captures_iter(side.view)
                .filter_map(|found| {
                    let name = found.get(1)?;
                    let span = ByteSpan::new(name.start(), name.end());
                    let taken = names.iter().any(|it| it.span.overlaps(span));
                    (!taken).then(|| Name { span, words: name_words(name.as_str()), person: false })
                })
                .collect::<Vec<_>>(),
        );
        names.retain(|name| !name.words.is_empty());
    }
    if side.context.language == Language::German || shouted * 2 > words.len() {
        return names;
    }
    let mut figures = recognise::amounts(side.view, side.context);
    figures.extend(recognise::dates(side.view, side.context));
    for run in runs(side, words) {
        let last = &words[run.1];
        let form = LEGAL_FORMS.contains(last.text.trim_end_matches('.'));
        let stop = usize::from(last.text.ends_with('.') && !form);
        let span = ByteSpan::new(words[run.0].span.start, last.span.end - stop);
        let taken = names.iter().any(|name| name.span.overlaps(span))
            || figures.iter().any(|fact| fact.span.overlaps(span));
        if !taken {
            let text = span.slice(side.view).unwrap_or_default();
            names.push(Name { span, words: name_words(text), person: false });
        }
    }
    names.sort_by_key(|name| name.span);
    names.retain(|name| !name.words.is_empty());
    names
}

fn name_words(name: &str) -> Vec<String> {
    WORD.find_iter(name)
        .map(|word| word.as_str().trim_end_matches('.'))
        .filter(|word| {
            !TITLES.contains(word) && !LEGAL_FORMS.contains(word) && word.chars().count() > 1
        })
        .filter(|word| !is_function(word))
        .map(key)
        .collect()
}

/// First and last word of each run of capitalised words inside a sentence, or of one that
/// opens a sentence and owns something ("Marlowe's team").
fn runs(side: &Side<'_>, words: &[Word<'_>]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        // "Dear Client" greets, whoever that is.
        let greeted = at > 0 && words[at - 1].text == "Dear" && is_never(word.text);
        let counts = is_candidate(word) && !greeted && (!word.opens || word.possessive());
        if !counts {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.1 + 1 == at && joined(side, &words[run.1], word) => run.1 = at,
            _ => runs.push((at, at)),
        }
    }
    runs
}

fn joined(side: &Side<'_>, left: &Word<'_>, right: &Word<'_>) -> bool {
    matches!(side.view[left.span.end..right.span.start].trim(), "" | "&") && !left.possessive()
}

pub(super) fn keys(words: &[Word<'_>]) -> HashSet<String> {
    words
        .iter()
        .flat_map(|word| {
            // "Meyer-Hale" and "R&D" also stand for their parts.
            let parts = word.text.split(['-', '&']).map(key).collect::<Vec<_>>();
            parts.into_iter().chain([word.key()])
        })
        .collect()
}

/// Ordinary words that contracts write large, and that no version needs to keep.
pub(super) fn is_term(word: &str) -> bool {
    is_never(word)
        || is_never(&format!("{word}s"))
        || POLITE.iter().any(|polite| polite.to_lowercase() == word)
}

fn is_role(word: &str) -> bool {
    ROLES.contains(word)
}

/// Whether a name of the source is still there: a person by the surname (with the first
/// name where another person of the source shares it), anything else by its first or last
/// word.
fn kept(name: &Name, all: &[Name], there: &HashSet<String>) -> bool {
    let has = |word: &String| there.contains(word);
    let own: Vec<&String> =
        name.words.iter().filter(|word| name.person || !is_term(word)).collect();
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return true };
    let shared = all.iter().any(|other| {
        other.words.len() > 1
            && name.words.len() > 1
            && other.words != name.words
            && other.words.last() == name.words.last()
    });
    if shared {
        return own.iter().all(|word| has(word));
    }
    if name.person { has(last) } else { has(first) || has(last) }
}

/// Whether a name of the version comes from the source: every word of it does, and all of
/// them from one name where they are names there.
fn known(name: &Name, source: &[Name], there: &HashSet<String>) -> bool {
    let own: Vec<&String> =
        name.words.iter().filter(|word| is_role(word) || !is_term(word)).collect();
    if !own.iter().all(|word| there.contains(*word)) {
        return false;
    }
    let holds = |other: &Name| own.iter().all(|word| other.words.contains(word));
    let in_names =
        own.iter().filter(|word| source.iter().any(|other| other.words.contains(word))).count();
    own.len() < 2 || in_names < own.len() || source.iter().any(holds) || !name.person
}

pub(super) fn changes(source: &Side<'_>, version: &Side<'_>) -> Vec<FactChange> {
    let (source_words, version_words) = (words(source), words(version));
    let (from, to) = (names(source, &source_words), names(version, &version_words));
    let (source_keys, version_keys) = (keys(&source_words), keys(&version_words));
    let lost: Vec<&Name> = unique(from.iter().filter(|name| !kept(name, &from, &version_keys)));
    let new: Vec<&Name> = unique(to.iter().filter(|name| !known(name, &from, &source_keys)));
    // A role may go missing ("you" for "the Buyer") but not become another one.
    let gone = from
        .iter()
        .filter(|name| name.words.iter().any(|word| is_role(word) && !version_keys.contains(word)));
    let gone: Vec<&Name> = unique(gone);
    let (mut changes, rest) = pair_up(
        |_| FactClass::Name,
        lost,
        new,
        |_, _| true,
        |name| source.at(name.span),
        |name| version.at(name.span),
    );
    for name in rest {
        let role = name.words.iter().any(|word| is_role(word));
        let before = gone.first().filter(|_| role).map(|it| source.at(it.span));
        let kind = if before.is_some() { ChangeKind::Altered } else { ChangeKind::Added };
        let version = Some(version.at(name.span));
        changes.push(FactChange { kind, what: FactClass::Name, source: before, version });
    }
    changes.extend(titles(source, version, &source_words, &version_words));
    changes.extend(placeholders(source, version));
    changes
}

fn unique<'a>(names: impl Iterator<Item = &'a Name>) -> Vec<&'a Name> {
    let mut seen: HashSet<&[String]> = HashSet::new();
    names.filter(|name| seen.insert(&name.words)).collect()
}

/// A title that the source does not give: "Ms Hale" for "Mr Hale".
fn titles(
    source: &Side<'_>,
    version: &Side<'_>,
    from: &[Word<'_>],
    to: &[Word<'_>],
) -> Vec<FactChange> {
    let bare = |word: &Word<'_>| word.text.trim_end_matches('.').to_lowercase();
    let titled = |words: &[Word<'_>]| -> Vec<(ByteSpan, String, String)> {
        words
            .windows(2)
            .filter(|pair| {
                TITLES.contains(pair[0].text.trim_end_matches('.')) && is_candidate(&pair[1])
            })
            .map(|pair| {
                (ByteSpan::new(pair[0].span.start, pair[1].span.end), bare(&pair[0]), pair[1].key())
            })
            .collect()
    };
    let of_source = titled(from);
    titled(to)
        .into_iter()
        .filter(|(_, title, _)| !of_source.iter().any(|it| it.1 == *title))
        .map(|(span, _, name)| {
            let before = of_source.iter().find(|it| it.2 == name).map(|it| source.at(it.0));
            let kind = if before.is_some() { ChangeKind::Altered } else { ChangeKind::Added };
            FactChange {
                kind,
                what: FactClass::Name,
                source: before,
                version: Some(version.at(span)),
            }
        })
        .collect()
}

/// "[Your Name]": a gap that the source does not have.
fn placeholders(source: &Side<'_>, version: &Side<'_>) -> Vec<FactChange> {
    PLACEHOLDER
        .find_iter(version.text)
        .filter(|found| !source.text.contains(found.as_str()))
        .map(|found| added(FactClass::Name, version.at(ByteSpan::new(found.start(), found.end()))))
        .collect()
}
