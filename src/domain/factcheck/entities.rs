//! Who and what a source names, for telling who stands where: people and companies, parts
//! that somebody plays in a contract, and things told apart by a letter ("Server A").

use super::Side;
use super::names::{Word, is_candidate, is_term, key, keys, names, words};
use crate::domain::recognise::name_words::{GIVEN, ROLES};

/// Somebody or something that a text names, for telling who stands where.
pub(super) struct Entity {
    /// Keys of its words; of "Server A" both together.
    words: Vec<String>,
    /// A part that somebody plays, which may be written small: "the buyer".
    role: bool,
}

impl Entity {
    /// Whether a word, before the one that follows it, names it.
    pub fn is_named(&self, word: &str, next: Option<&str>) -> bool {
        let large = word.starts_with(char::is_uppercase);
        let lettered = || next.and_then(|next| lettered(word, next));
        // "la société Brémond" is named by what follows.
        if self.role && !large && next.is_some_and(|next| next.starts_with(char::is_uppercase)) {
            return false;
        }
        (self.role || large)
            && (self.words.contains(&key(word))
                || lettered().is_some_and(|it| self.words.contains(&it)))
    }
}

/// "server a" of "Server A".
fn lettered(word: &str, next: &str) -> Option<String> {
    let letter = next.chars().count() == 1 && next.starts_with(char::is_uppercase);
    letter.then(|| format!("{} {}", key(word), next.to_lowercase()))
}

/// Parts that people play in letters and contracts, beside [`ROLES`].
const PARTS: &[&str] = &[
    "fournisseur",
    "client",
    "acheteur",
    "vendeur",
    "bailleur",
    "locataire",
    "prestataire",
    "employeur",
    "salarié",
    "prêteur",
    "emprunteur",
    "proveedor",
    "cliente",
    "comprador",
    "vendedor",
    "arrendador",
    "arrendatario",
    "prestamista",
    "prestatario",
    "empleador",
    "empleado",
    "fornitore",
    "acquirente",
    "compratore",
    "venditore",
    "locatore",
    "conduttore",
    "mutuante",
    "mutuatario",
    "datore",
    "lavoratore",
    "fornecedor",
    "senhorio",
    "inquilino",
    "locador",
    "locatário",
    "mutuário",
    "empregador",
    "empregado",
    "transportador",
];

fn is_part(word: &str) -> bool {
    let many = matches!(
        word,
        "member" | "members" | "party" | "parties" | "user" | "users" | "partei" | "parteien"
    );
    !many && (PARTS.contains(&word) || ROLES.contains(word))
}

/// Parts that are ordinary words where they are written small: "she leaves the company".
const COMMON: &[&str] = &[
    "company",
    "city",
    "council",
    "county",
    "state",
    "authority",
    "institution",
    "corporation",
    "agency",
    "network",
    "service",
    "venture",
    "undersigned",
    "executive",
    "host",
    "manager",
    "representative",
    "partner",
];

fn is_common(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && COMMON.contains(&key(word).as_str())
}

/// Everybody and everything that a source names. Names that share a word are one. A name
/// that only opens a sentence there may be told by its place in the version.
pub(super) fn entities(side: &Side<'_>, version: &Side<'_>) -> Vec<Entity> {
    let all = words(side);
    let mut entities: Vec<Entity> = Vec::new();
    for (at, word) in all.iter().enumerate() {
        // "Carrow County" is one name.
        let before = at.checked_sub(1).map(|it| &all[it]);
        let joined = |it: &&Word<'_>| side.view[it.span.end..word.span.start] == *" ";
        if before.filter(joined).is_some_and(|it| {
            it.text.chars().count() > 3 && is_candidate(it) && !is_term(&it.key())
        }) && is_candidate(word)
            && !GIVEN.contains(word.text)
        {
            continue;
        }
        let next = all.get(at + 1).and_then(|next| lettered(word.text, next.text));
        let bare = word.text.rsplit(['\'', '’']).next().unwrap_or(word.text).trim_end_matches('.');
        if is_common(bare) {
            continue;
        }
        let words = if is_part(&key(bare)) || is_part(&bare.to_lowercase()) || GIVEN.contains(bare)
        {
            vec![key(bare)]
        } else if let Some(words) = next.filter(|_| is_candidate(word)) {
            vec![words]
        } else {
            continue;
        };
        if !entities.iter().any(|it| it.words == words) {
            entities.push(Entity { role: is_part(&words[0]), words });
        }
    }
    let other = words(version);
    for name in openers(&all, &other) {
        if !entities.iter().any(|it| it.words.contains(&name)) {
            entities.push(Entity { words: vec![name], role: false });
        }
    }
    let known = keys(&all);
    let more = names(version, &other).into_iter();
    let more = more.filter(|name| name.words.iter().all(|word| known.contains(word)));
    for name in names(side, &all).into_iter().chain(more) {
        let own: Vec<String> = name.words.into_iter().filter(|word| !is_term(word)).collect();
        let own = if own.first().is_some_and(|word| is_part(word)) { Vec::new() } else { own };
        let lettered = |it: &Entity| {
            it.words.iter().any(|word| own.iter().any(|own| word.starts_with(&format!("{own} "))))
        };
        if own.is_empty() || entities.iter().any(lettered) {
            continue;
        }
        match entities.iter_mut().find(|it| it.words.iter().any(|word| own.contains(word))) {
            Some(known) => {
                known.words.extend(own);
                known.role = false;
            }
            None => entities.push(Entity { words: own, role: false }),
        }
    }
    entities
}

/// Words that open a sentence, do something there and are never written small: "Devin will
/// order the routers."
fn openers(source: &[Word<'_>], version: &[Word<'_>]) -> Vec<String> {
    const ACTS: &[&str] = &[
        "will",
        "would",
        "is",
        "was",
        "has",
        "had",
        "can",
        "said",
        "says",
        "asked",
        "asks",
        "agreed",
        "agrees",
        "reported",
        "proposed",
        "moved",
        "noted",
        "explained",
        "wird",
        "hat",
        "ist",
        "war",
        "soll",
        "kann",
        "muss",
        "a",
        "est",
        "doit",
        "fera",
        "è",
        "ha",
        "fará",
        "hará",
        "va",
    ];
    let small = |name: &str| {
        source
            .iter()
            .chain(version)
            .any(|it| it.text.starts_with(char::is_lowercase) && it.key() == name)
    };
    let acts = |pair: &&[Word<'_>]| pair[0].opens && ACTS.contains(&pair[1].text);
    source
        .windows(2)
        .filter(acts)
        .filter(|pair| is_candidate(&pair[0]) && !is_term(&pair[0].key()))
        .map(|pair| pair[0].key())
        .filter(|name| !small(name))
        .collect()
}
