//! What a quote leaves out of its sentence that turns it round: the "neither"
//! before it, the "unless" behind it. Words of six languages, no grammar.

/// Words that deny what follows them.
const DENYING: [&str; 26] = [
    "no", "not", "never", "neither", "nor", "none", "nothing", "nobody", "without", "kein",
    "keine", "keiner", "nicht", "weder", "niemals", "aucun", "aucune", "ni", "ninguna", "ninguno",
    "ningún", "nessun", "nessuna", "nenhuma", "nenhum", "não",
];

/// Words that make what stands before them hold only sometimes.
const LIMITING: [&str; 16] = [
    "unless", "except", "provided", "only", "sofern", "außer", "soweit", "sauf", "salvo",
    "excepto", "exceto", "eccetto", "if", "wenn", "si", "se",
];

/// Words before a quote among which a denial still reaches into it.
const REACH: usize = 4;

/// A sentence about what `sentence` says just before or behind the quote in it
/// and the quote does not; `quote` is a range of bytes of `sentence`.
pub(super) fn doubt(sentence: &str, quote: std::ops::Range<usize>) -> Option<String> {
    let before = sentence.get(..quote.start)?;
    let behind = sentence.get(quote.end..)?;
    let same_clause = before.rsplit([';', ':', '.']).next().unwrap_or_default();
    let denied = words(same_clause).rev().take(REACH).find(|word| DENYING.contains(&&**word));
    if let Some(word) = denied {
        return Some(format!("The source says “{word}” before these words."));
    }
    let next = words(behind.split(['.', ';', ':']).next().unwrap_or_default()).next()?;
    let limits = LIMITING.contains(&next.as_str());
    limits.then(|| format!("The source goes on with “{next}” behind these words."))
}

fn words(text: &str) -> impl DoubleEndedIterator<Item = String> {
    let parts = text.split(|c: char| !c.is_alphabetic());
    parts.filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn doubt_of(sentence: &str, quote: &str) -> Option<String> {
        let at = sentence.find(quote).expect("it stands there");
        doubt(sentence, at..at + quote.len())
    }

    #[test]
    fn a_denial_before_the_quote_is_named() {
        assert_eq!(
            doubt_of("Neither party shall assign it.", "party shall assign it"),
            Some("The source says “neither” before these words.".to_owned())
        );
        assert!(doubt_of("Keine Partei darf es abtreten.", "Partei darf es abtreten").is_some());
        assert!(doubt_of("It pays no fee; the Buyer shall pay.", "the Buyer shall pay").is_none());
    }

    #[test]
    fn a_condition_behind_the_quote_is_named() {
        assert_eq!(
            doubt_of("The Buyer shall pay, unless it objects.", "The Buyer shall pay"),
            Some("The source goes on with “unless” behind these words.".to_owned())
        );
        assert!(doubt_of("The Buyer shall pay the fee.", "The Buyer shall pay").is_none());
    }
}
