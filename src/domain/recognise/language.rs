//! Which language a text is written in, by a vote of its commonest words. It knows
//! nothing of documents or facts.

/// The languages that the recognisers know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
    Other,
}

impl Language {
    /// As prompts name it; a language of which nothing is known is said to be
    /// that of the text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "German",
            Self::French => "French",
            Self::Spanish => "Spanish",
            Self::Italian => "Italian",
            Self::Portuguese => "Portuguese",
            Self::Other => "the language of the text",
        }
    }

    /// Whether numeric dates are written with the day first wherever this language is.
    #[must_use]
    pub(crate) fn is_day_first(self) -> bool {
        !matches!(self, Self::English | Self::Other)
    }

    /// Whether a comma marks decimals in its figures ("1.250,00").
    #[must_use]
    pub(crate) fn has_decimal_comma(self) -> bool {
        !matches!(self, Self::English | Self::Other)
    }

    /// Whether it is one of French, Spanish, Italian and Portuguese.
    #[must_use]
    pub(crate) fn is_romance(self) -> bool {
        matches!(self, Self::French | Self::Spanish | Self::Italian | Self::Portuguese)
    }
}

/// A language with its commonest words. Words that two of the languages share are
/// listed for both, so that they decide nothing between them.
const STOP_WORDS: [(Language, &[&str]); 6] = [
    (
        Language::English,
        &[
            "the", "and", "of", "to", "is", "are", "be", "shall", "by", "with", "for", "this",
            "that", "not", "it", "from", "on", "we", "you", "i", "was", "have", "has", "at", "or",
            "in", "a", "an", "as", "had", "were", "will", "said",
        ],
    ),
    (
        Language::German,
        &[
            "der", "die", "das", "und", "ist", "sind", "nicht", "von", "zu", "den", "dem", "des",
            "ein", "eine", "einer", "mit", "für", "auf", "wird", "werden", "im", "zur", "zum",
            "sich", "ich", "wir", "sie", "vom", "am", "oder", "durch",
        ],
    ),
    (
        Language::French,
        &[
            "le", "la", "les", "de", "des", "du", "un", "une", "et", "est", "sont", "dans", "pour",
            "par", "sur", "avec", "au", "aux", "ce", "cette", "que", "qui", "ne", "pas", "il",
            "se", "ou", "où", "être", "sera", "leur", "à", "l", "d", "en",
        ],
    ),
    (
        Language::Spanish,
        &[
            "el", "la", "los", "las", "de", "del", "un", "una", "y", "es", "son", "en", "para",
            "por", "con", "al", "que", "no", "se", "o", "su", "sus", "este", "esta", "como", "lo",
            "a", "más", "pero", "ser",
        ],
    ),
    (
        Language::Italian,
        &[
            "il", "la", "lo", "gli", "le", "i", "di", "del", "della", "dei", "delle", "un", "una",
            "e", "è", "sono", "in", "per", "con", "al", "alla", "che", "non", "si", "o", "da",
            "dal", "dalla", "nel", "nella", "questo", "a", "l",
        ],
    ),
    (
        Language::Portuguese,
        &[
            "o", "a", "os", "as", "de", "do", "da", "dos", "das", "um", "uma", "e", "é", "são",
            "em", "no", "na", "para", "por", "com", "ao", "à", "que", "não", "se", "ou", "seu",
            "sua", "este", "esta", "pelo", "pela",
        ],
    ),
];

/// Words read before the vote is counted: plenty for a sure answer, and quick.
const SAMPLE: usize = 4_000;

/// The language of `text` by a vote of stop words; `Other` where no language has at
/// least one stop word in thirty words. Of two as common the one listed first wins.
#[must_use]
pub fn language(text: &str) -> Language {
    let (mut votes, mut words) = ([0_usize; STOP_WORDS.len()], 0_usize);
    let letters = |c: char| !c.is_alphabetic();
    for word in text.split(letters).filter(|word| !word.is_empty()).take(SAMPLE) {
        let word = word.to_lowercase();
        words += 1;
        for (vote, (_, list)) in votes.iter_mut().zip(STOP_WORDS) {
            *vote += usize::from(list.contains(&word.as_str()));
        }
    }
    let most = votes.iter().copied().max().unwrap_or(0);
    if most == 0 || most * 30 < words {
        return Language::Other;
    }
    let winner = votes.iter().zip(STOP_WORDS).find(|(vote, _)| **vote == most);
    winner.map_or(Language::Other, |(_, (language, _))| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_six_languages_and_none_are_told_apart() {
        for (text, expected) in [
            ("The Supplier shall deliver the goods.", Language::English),
            ("Der Lieferant ist verpflichtet, die Ware zu liefern.", Language::German),
            ("Le fournisseur livre les marchandises dans le délai convenu.", Language::French),
            ("El proveedor entregará los bienes en el plazo convenido.", Language::Spanish),
            ("Il fornitore consegna la merce alla sede del cliente.", Language::Italian),
            ("O fornecedor entregará os bens na sede do cliente.", Language::Portuguese),
            ("Dostawca dostarczy towar przed godziną dwunastą.", Language::Other),
            ("", Language::Other),
        ] {
            assert_eq!(language(text), expected, "{text}");
        }
    }
}
