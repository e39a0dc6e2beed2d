//! Numbers written out in words, in six languages. It reads single phrases and knows
//! nothing of where in a text they stood.

mod romance;

pub(crate) use romance::{romance, word as romance_word};

/// The value of an English word below one hundred that stands for itself.
pub(crate) fn english_unit(word: &str) -> Option<u64> {
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" | "fourty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

fn english_scale(word: &str) -> Option<u64> {
    Some(match word {
        "thousand" => 1_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        _ => return None,
    })
}

/// The words of English numbers, as alternatives of a regular expression.
pub(crate) const ENGLISH_WORDS: &str = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion";

/// The value of a number in English words ("thirty-five thousand", "a hundred and two"),
/// or `None` where the words are not one number ("nineteen ninety").
pub(crate) fn english(phrase: &str) -> Option<u64> {
    let phrase = phrase.to_lowercase();
    let words: Vec<&str> =
        phrase.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let (mut total, mut below, mut last_scale, mut seen) = (0_u64, 0_u64, u64::MAX, false);
    for (at, word) in words.iter().enumerate() {
        if *word == "and" && seen {
            continue;
        }
        if matches!(*word, "a" | "an") && at == 0 && words.len() > 1 {
            below = 1;
        } else if let Some(unit) = english_unit(word) {
            let room = if unit == 0 {
                words.len() == 1
            } else if unit < 10 {
                below.is_multiple_of(10) && (below % 100 == 0 || below % 100 >= 20)
            } else {
                below.is_multiple_of(100)
            };
            if !room {
                return None;
            }
            below += unit;
        } else if *word == "hundred" && (1..100).contains(&below) {
            below *= 100;
        } else {
            let scale = english_scale(word)?;
            if below == 0 || scale >= last_scale {
                return None;
            }
            total += below * scale;
            below = 0;
            last_scale = scale;
        }
        seen = true;
    }
    seen.then_some(total + below)
}

/// The day of a month in English words ("first", "twenty-third"), 1 to 31.
pub(crate) fn english_ordinal(phrase: &str) -> Option<u64> {
    const UNITS: [&str; 20] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    let phrase = phrase.to_lowercase();
    let words: Vec<&str> =
        phrase.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let (tens, last) = match words.as_slice() {
        ["thirtieth"] => return Some(30),
        [last] => (0, *last),
        ["twenty", last] => (20, *last),
        ["thirty", last] => (30, *last),
        _ => return None,
    };
    let unit = (1..=20).zip(UNITS).find(|(_, name)| *name == last)?.0;
    (tens == 0 || unit < 10).then_some(tens + unit)
}

/// The words of English ordinals up to 31, as alternatives of a regular expression.
pub(crate) const ENGLISH_ORDINALS: &str = r"(?:twenty|thirty)[-\s]+(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth";

/// A year in English words: "two thousand twenty-six", "nineteen ninety-nine",
/// "twenty twenty-six".
pub(crate) fn english_year(phrase: &str) -> Option<i16> {
    let year = english(phrase).filter(|year| *year >= 1_000).or_else(|| {
        let phrase = phrase.to_lowercase();
        let (century, rest) = phrase.trim().split_once(|c: char| !c.is_alphabetic())?;
        let rest = rest.trim_start_matches("hundred").trim_start();
        Some(english_unit(century)? * 100 + english(rest.trim_start_matches("and "))?)
    })?;
    i16::try_from(year).ok().filter(|year| (1_600..2_200).contains(year))
}

/// The parts of German number words, as alternatives of a regular expression.
pub(crate) const GERMAN_PARTS: &str = "eins|ein|zwei|zwo|drei|vier|fünf|sechs|sech|sieben|sieb|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|hundert|tausend|und";

/// The value of a number in one German word ("achtundvierzigtausendfünfhundert").
pub(crate) fn german(word: &str) -> Option<u64> {
    let word: String = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    match word.split_once("tausend") {
        Some((thousands, rest)) => Some(
            german_group(thousands, 1)? * 1_000 + german_group(rest.trim_start_matches("und"), 0)?,
        ),
        None => german_group(&word, 0).filter(|value| *value > 0),
    }
}

/// A German number below one thousand; nothing written counts as `empty`.
fn german_group(word: &str, empty: u64) -> Option<u64> {
    if word.is_empty() {
        return Some(empty);
    }
    let Some((hundreds, rest)) = word.split_once("hundert") else { return german_below_100(word) };
    let hundreds = if hundreds.is_empty() { 1 } else { german_unit(hundreds)? };
    let rest = rest.trim_start_matches("und");
    let rest = if rest.is_empty() { 0 } else { german_below_100(rest)? };
    (hundreds < 10).then_some(hundreds * 100 + rest)
}

fn german_below_100(word: &str) -> Option<u64> {
    if let Some(value) = german_unit(word).or_else(|| german_tens(word)) {
        return Some(value);
    }
    let (unit, tens) = word.split_once("und")?;
    Some(german_unit(unit).filter(|unit| *unit < 10)? + german_tens(tens)?)
}

fn german_tens(word: &str) -> Option<u64> {
    Some(match word {
        "zwanzig" => 20,
        "dreißig" | "dreissig" => 30,
        "vierzig" => 40,
        "fünfzig" => 50,
        "sechzig" => 60,
        "siebzig" => 70,
        "achtzig" => 80,
        "neunzig" => 90,
        _ => return None,
    })
}

fn german_unit(word: &str) -> Option<u64> {
    Some(match word {
        "ein" | "eins" | "eine" | "einen" | "einem" => 1,
        "zwei" | "zwo" => 2,
        "drei" => 3,
        "vier" => 4,
        "fünf" => 5,
        "sechs" => 6,
        "sieben" => 7,
        "acht" => 8,
        "neun" => 9,
        "zehn" => 10,
        "elf" => 11,
        "zwölf" => 12,
        "dreizehn" => 13,
        "vierzehn" => 14,
        "fünfzehn" => 15,
        "sechzehn" => 16,
        "siebzehn" => 17,
        "achtzehn" => 18,
        "neunzehn" => 19,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_phrases_have_their_value() {
        assert_eq!(english("thirty-five thousand"), Some(35_000));
        assert_eq!(english("Four Thousand Five Hundred"), Some(4_500));
        assert_eq!(english("a hundred and two"), Some(102));
        assert_eq!(english("one million two hundred thousand"), Some(1_200_000));
        assert_eq!(english("zero"), Some(0));
    }

    #[test]
    fn words_that_are_not_one_number_have_none() {
        for phrase in ["nineteen ninety", "five six", "thousand million", "and", "", "hundred"] {
            assert_eq!(english(phrase), None, "{phrase}");
        }
    }

    #[test]
    fn years_and_days_are_read() {
        assert_eq!(english_year("two thousand twenty-six"), Some(2026));
        assert_eq!(english_year("two thousand and one"), Some(2001));
        assert_eq!(english_year("nineteen ninety-nine"), Some(1999));
        assert_eq!(english_year("nineteen hundred and four"), Some(1904));
        assert_eq!(english_year("twenty twenty-six"), Some(2026));
        assert_eq!(english_year("twenty"), None);
        assert_eq!(english_ordinal("first"), Some(1));
        assert_eq!(english_ordinal("Twenty-Third"), Some(23));
        assert_eq!(english_ordinal("thirty tenth"), None);
    }

    #[test]
    fn german_words_have_their_value() {
        assert_eq!(german("achtundvierzigtausendfünfhundert"), Some(48_500));
        assert_eq!(german("zwölf"), Some(12));
        assert_eq!(german("hundertfünf"), Some(105));
        assert_eq!(german("Dreißigtausend"), Some(30_000));
        assert_eq!(german("und"), None);
    }
}
