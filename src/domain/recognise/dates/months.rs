//! The names of months, and the words of days and years, in six languages. It reads
//! single words and knows nothing of where in a text they stood.

use std::sync::LazyLock;

use regex::Regex;

use super::year;
use crate::domain::recognise::numbers_in_words::{
    ENGLISH_ORDINALS, ENGLISH_WORDS, GERMAN_PARTS, english_ordinal, english_year, german, romance,
    romance_word,
};
use crate::domain::recognise::{Language, pattern};

/// Names and short forms that English and German texts use, longer ones first, with the
/// slips of the pen that contracts are signed with.
const GERMANIC: &str = "January|Janaury|Januar|Jan|Jänner|February|Febuary|Feburary|Februar|Feb|March|März|Maerz|Mrz|Mar|April|Apr|May|Mai|June|Juni|Jun|July|Juli|Jul|August|Aug|September|Sept|Sep|October|Oktober|Oct|Okt|November|Nov|December|Dezember|Dec|Dez";

/// What else French, Spanish, Italian and Portuguese call a month.
const ROMANCE: &str = "janvier|février|fevrier|mars|avril|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro";

/// Their short forms, most of which are words of another language as well.
const ROMANCE_SHORT: &str =
    "janv|févr|fév|avr|juil|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out";

/// Stems that tell the months apart, with their numbers.
const STEMS: &[(&str, i8)] = &[
    ("jan", 1),
    ("jän", 1),
    ("ene", 1),
    ("gen", 1),
    ("f", 2),
    ("mar", 3),
    ("mär", 3),
    ("mae", 3),
    ("mrz", 3),
    ("a", 4),
    ("ma", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("ago", 8),
    ("s", 9),
    ("o", 10),
    ("n", 11),
    ("d", 12),
];

/// A month's name as a piece of a regular expression, without an end of the word.
pub(super) fn month() -> String {
    // The shorter of two that begin alike stands behind the longer one.
    format!(r"(?:{ROMANCE}|{GERMANIC}|{ROMANCE_SHORT})")
}

pub(super) fn month_number(name: &str) -> Option<i8> {
    let name = name.to_lowercase();
    let fitting = STEMS.iter().filter(|(stem, _)| name.starts_with(stem));
    fitting.max_by_key(|(stem, _)| stem.len()).map(|(_, number)| *number)
}

/// Whether a word is a month's name or its short form, in English or German or, spelled
/// out, in one of the other languages.
pub(crate) fn is_month_name(word: &str) -> bool {
    static WHOLE: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r"(?i)^(?:{GERMANIC}|{ROMANCE})\b\.?$")));
    WHOLE.is_match(word)
}

/// How surely a word is the name of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Of English or German.
    Germanic,
    /// Of another language, spelled out.
    Romance,
    /// A short form of another language.
    Short,
}

/// What kind of a name a month's name is, without a full stop behind it.
pub(super) fn kind(name: &str) -> Name {
    let name = name.to_lowercase();
    let among = |list: &str| list.split('|').any(|it| it.to_lowercase() == name);
    if among(GERMANIC) {
        Name::Germanic
    } else if among(ROMANCE) {
        Name::Romance
    } else {
        Name::Short
    }
}

/// Whether a name is written as one: "may" and "march" in small letters are verbs unless
/// a year stands beside them, an abbreviation in small letters is no month at all; the
/// Romance languages write all their months small.
pub(super) fn is_month(name: &str, has_year: bool, language: Language) -> bool {
    let capital = name.starts_with(char::is_uppercase);
    let name = name.trim_end_matches('.').to_lowercase();
    match kind(&name) {
        Name::Short => language.is_romance(),
        Name::Romance => has_year || language.is_romance(),
        Name::Germanic => {
            let long = name.chars().count() > 3 && (has_year || name != "march");
            capital || long || name == "mai" && language.is_romance()
        }
    }
}

/// Whether only German texts write a month so.
pub(super) fn is_german(name: &str) -> bool {
    const NAMES: [&str; 10] = [
        "januar", "jänner", "februar", "märz", "maerz", "mai", "juni", "juli", "oktober",
        "dezember",
    ];
    NAMES.contains(&name.trim_end_matches('.').to_lowercase().as_str())
}

/// An ordinal's ending, also one torn apart: "16t h", "1 st", "1er", "1º".
pub(super) const ENDING: &str = r"(?:\s{0,2}(?:s\s?t|n\s?d|r\s?d|t\s?h)\b|er\b|º|°|ª)";

const GERMAN_ORDINALS: &str = "(?:erste|zweite|dritte|vierte|fünfte|sechste|siebte|siebente|achte|neunte|zehnte|elfte|zwölfte|(?:drei|vier|fünf|sech|sieb|acht|neun)zehnte|(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und)?(?:zwanzig|dreißig|dreissig)ste)[nr]?";

const ROMANCE_FIRST: &str = "premier|primero|primeiro|primo";

/// A day of a month in figures or in words, also in both: "third (3rd)".
pub(super) fn day() -> String {
    format!(
        r"(?:[12]\s\d\s?(?:st|nd|rd|th)\b|\d{{1,2}}(?:{ENDING}|\.|\b)(?:\s*\((?:{ENGLISH_ORDINALS})\))?|[lI]st\b|{})",
        day_in_words()
    )
}

fn day_in_words() -> String {
    let word = romance_word();
    format!(
        r"(?:(?:{ENGLISH_ORDINALS})\b(?:\s*\(\s*\d{{1,2}}{ENDING}?\s*\))?|{GERMAN_ORDINALS}\b|(?:{ROMANCE_FIRST})\b|{word}\b(?:(?:\s+[ey]\s+|-|\s+et\s+){word}\b)?)"
    )
}

pub(super) fn day_number(text: &str) -> Option<i8> {
    // Also of "1 4th", which a reader tore apart.
    let digits = text.chars().filter(|c| !c.is_whitespace());
    let digits: String = digits.take_while(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        return digits.parse().ok();
    }
    let words = text.split('(').next().unwrap_or_default().trim().to_lowercase();
    if words == "lst" || words == "ist" || ROMANCE_FIRST.split('|').any(|first| first == words) {
        return Some(1);
    }
    let number =
        english_ordinal(&words).or_else(|| german_ordinal(&words)).or_else(|| romance(&words));
    i8::try_from(number?).ok().filter(|day| (1..=31).contains(day))
}

/// The value of "ersten", "siebzehnte", "einunddreißigsten".
fn german_ordinal(word: &str) -> Option<u64> {
    let word = word.trim_end_matches(['n', 'r']);
    let stem = word.strip_suffix("ste").or_else(|| word.strip_suffix("te")).unwrap_or(word);
    match stem {
        "er" => Some(1),
        "drit" => Some(3),
        "ach" => Some(8),
        "sieb" | "sieben" => Some(7),
        // "sechste" loses an s of its own to the ending.
        "sech" => Some(6),
        _ => german(stem),
    }
}

/// A year in figures or in words.
pub(super) fn year_pattern() -> String {
    let word = romance_word();
    format!(
        r"(?:(?:1[6-9]|2[01])\d\d\b|['’]\d\d\b|(?:two\s+thousand|nineteen|twenty)(?:[\s-]+(?:and\s+)?(?:{ENGLISH_WORDS})\b){{0,3}}|(?:zweitausend|neunzehnhundert)(?:{GERMAN_PARTS})*\b|(?:deux\s+mille|dos\s+mil|dois\s+mil|mille?\s+(?:neuf|nove)\w*|duemila\w*|millenove\w*)\b(?:(?:\s+(?:et|y|e)\s+|[\s-]+){word}\b){{0,5}})"
    )
}

pub(super) fn year_number(text: &str) -> Option<i16> {
    let in_words = || {
        let value = german(text).or_else(|| romance(text))?;
        i16::try_from(value).ok().filter(|year| (1600..2200).contains(year))
    };
    year(text).or_else(|| english_year(text)).or_else(in_words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_month_has_its_number() {
        let names: [(i8, &str); 12] = [
            (1, "January Januar Jänner janvier enero gennaio janeiro ene gen"),
            (2, "February Februar février febrero febbraio fevereiro fév"),
            (3, "March März Mrz mars marzo março"),
            (4, "April avril abril aprile abr avr"),
            (5, "May Mai mayo maggio maio mag"),
            (6, "June Juni juin junio giugno junho giu"),
            (7, "July Juli juillet julio luglio julho lug juil"),
            (8, "August août agosto ago aout"),
            (9, "September septembre septiembre setiembre settembre setembro set"),
            (10, "October Oktober octobre octubre ottobre outubro ott out"),
            (11, "November novembre noviembre novembro"),
            (12, "December Dezember décembre diciembre dicembre dezembro dic"),
        ];
        for (number, names) in names {
            for name in names.split(' ') {
                assert_eq!(month_number(name), Some(number), "{name}");
            }
        }
    }

    #[test]
    fn days_in_words_have_their_number() {
        for (words, day) in [
            ("third (3rd)", 3),
            ("twenty-first", 21),
            ("lst", 1),
            ("ersten", 1),
            ("siebzehnten", 17),
            ("sechste", 6),
            ("achten", 8),
            ("einunddreißigsten", 31),
            ("premier", 1),
            ("quince", 15),
            ("trenta", 30),
            ("16t h", 16),
            ("1 4th", 14),
        ] {
            assert_eq!(day_number(words), Some(day), "{words}");
        }
    }
}
