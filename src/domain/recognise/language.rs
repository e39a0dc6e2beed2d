//! Which language a text is written in, by a vote of its commonest words. It knows
//! nothing of documents or facts.

/// The languages that the recognisers know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    English,
    German,
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
            Self::Other => "the language of the text",
        }
    }
}

const ENGLISH: &[&str] = &[
    "the", "and", "of", "to", "is", "are", "be", "shall", "by", "with", "for", "this", "that",
    "not", "it", "from", "on", "we", "you", "i", "was", "have", "has", "at", "or",
];

const GERMAN: &[&str] = &[
    "der", "die", "das", "und", "ist", "sind", "nicht", "von", "zu", "den", "dem", "des", "ein",
    "eine", "einer", "mit", "für", "auf", "wird", "werden", "im", "zur", "zum", "sich", "ich",
    "wir", "sie", "vom", "am", "oder", "durch",
];

/// Words read before the vote is counted: plenty for a sure answer, and quick.
const SAMPLE: usize = 4_000;

/// The language of `text` by a vote of stop words; `Other` where neither English nor
/// German has at least one stop word in thirty words.
#[must_use]
pub fn language(text: &str) -> Language {
    let (mut english, mut german, mut words) = (0_usize, 0_usize, 0_usize);
    let letters = |c: char| !c.is_alphabetic();
    for word in text.split(letters).filter(|word| !word.is_empty()).take(SAMPLE) {
        let word = word.to_lowercase();
        words += 1;
        english += usize::from(ENGLISH.contains(&word.as_str()));
        german += usize::from(GERMAN.contains(&word.as_str()));
    }
    if english.max(german) * 30 < words.max(1) {
        return Language::Other;
    }
    if german > english { Language::German } else { Language::English }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_german_and_neither_are_told_apart() {
        assert_eq!(language("The Supplier shall deliver the goods."), Language::English);
        assert_eq!(
            language("Der Lieferant ist verpflichtet, die Ware zu liefern."),
            Language::German
        );
        assert_eq!(language("Le fournisseur livre les marchandises avant midi."), Language::Other);
        assert_eq!(language(""), Language::Other);
    }
}
