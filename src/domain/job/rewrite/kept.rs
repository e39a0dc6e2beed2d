//! Which paragraphs of a text are no running text: an address, a date, a reference line, a
//! greeting, a closing with its signature, a heading, an item without a sentence. A model
//! only spoils them. It knows the shape of such lines, nothing of what they say.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::factcheck::{has_closing, has_greeting};
use crate::domain::recognise::pattern;
use crate::domain::sentence::display;

/// A line without a sentence has fewer words and no more bytes; the bytes are for scripts
/// that put no spaces between words.
const WORDS: usize = 8;
const BYTES: usize = 120;

/// A line that names its subject may be longer.
const REFERENCE_WORDS: usize = 25;

/// The words of a numbered heading that ends with a stop: "4. Term and termination."
const NUMBERED_WORDS: usize = 4;

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:re|(?:our |your )?ref(?:erence)?\.?|subject|date|from|to|cc|betreff|betr\.|unser zeichen|ihr zeichen|aktenzeichen|datum|objet|[nv]/réf\.?|asunto|referencia|fecha|oggetto|rif\.|assunto|referência|data)\s?:",
    )
});

/// The commonest finite verbs, the months and names written like them aside, and words that
/// stand beside verbs.
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^\p{L}])(?:[Pp]lease|is|are|was|were|am|be|will|would|shall|should|must|may|can|cannot|could|has|have|had|does|did|don['’]t|isn['’]t|not|we|you|they|ist|sind|wird|werden|wurde|hat|haben|muss|müssen|kann|können|darf|soll|[Bb]itte|nicht|wir|ich|est|sont|ont|avons|sommes|doit|peut|sera|nous|vous|está|han|será|debe|puede|è|sono|hanno|deve|può|sarà|é|são|tem|pode|não)(?:$|[^\p{L}])",
    )
});

static ENDED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[.!?…;。！？]["”’»)\]*_]*$"#));

/// Words that end with a stop of their own.
static SHORTENED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:inc|ltd|co|corp|llc|jr|sr|esq|ave|st|rd|str|a\.m|p\.m|s\.a|s\.p\.a|e\.v)\.$")
});

static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:§\s?)?\d+(?:\.\d+)*[.)]?\s+"));

static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d{4}\.$"));

/// Whether a paragraph has a number of its own, as clauses have.
pub(super) fn is_numbered(text: &str) -> bool {
    NUMBER.is_match(text)
}

/// Whether a paragraph holds no running text.
pub(super) fn is_kept(text: &str) -> bool {
    let shown = display(text);
    let shown = shown.trim_matches(['*', '_', '#', '>', ' ']);
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    is_reference(shown)
        || is_formula(shown)
        || is_stopped(shown)
        || is_bare(shown)
        || (lines().all(is_bare) && lines().all(begins_anew))
}

fn is_reference(text: &str) -> bool {
    REFERENCE.is_match(text) && words(text) <= REFERENCE_WORDS
}

/// A greeting or a closing.
fn is_formula(text: &str) -> bool {
    let verbless = !VERB.is_match(text);
    is_short(text)
        && (has_greeting(text) && (verbless || text.ends_with([',', ':']))
            || has_closing(text) && verbless)
}

/// A numbered heading or a date that ends with a stop.
fn is_stopped(text: &str) -> bool {
    let numbered = NUMBER.find(text).is_some_and(|it| words(&text[it.end()..]) <= NUMBERED_WORDS);
    is_short(text) && (numbered || YEAR.is_match(text)) && !VERB.is_match(text)
}

/// A line without the end of a sentence and without a verb.
fn is_bare(line: &str) -> bool {
    is_short(line) && (!ENDED.is_match(line) || SHORTENED.is_match(line)) && !VERB.is_match(line)
}

/// Whether a line is no continuation of the one before it.
fn begins_anew(line: &str) -> bool {
    line.chars().find(|c| c.is_alphanumeric()).is_none_or(|first| !first.is_lowercase())
}

fn is_short(text: &str) -> bool {
    text.len() <= BYTES && words(text) < WORDS
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_around_a_letter_are_kept_in_six_languages() {
        for text in [
            "Marlow & Finch LLP\n9 Quay Street, Hull HU1 2AB",
            "Orchard Trading Co.",
            "4 May 2027",
            "Hull, den 4. Mai 2027.",
            "Dear Ms. van der Velde,",
            "Re: Lease of Unit 12, Orchard Yard (our client: Hartwell-Moss Ltd and its owners)",
            "**Betreff:** Ihr Schreiben vom 4. Mai 2027",
            "Objet : votre lettre du 4 mai 2027",
            "Asunto: su carta del 4 de mayo de 2027",
            "Sehr geehrte Frau Dr. Albers,",
            "Chère Madame Duval,",
            "Estimada señora Prado:",
            "Gentile signora Conti,",
            "Exmo. Senhor Faria,",
            "Yours sincerely,",
            "Kind regards.",
            "Mit freundlichen Grüßen\nJana Albers",
            "Cordiali saluti",
            "Ann Finch\nPartner",
            "4. Term and termination.",
            "Minutes of the board",
        ] {
            assert!(is_kept(text), "{text}");
        }
    }

    #[test]
    fn whatever_says_something_is_written_again() {
        for text in [
            "Pay the rent today.",
            "We are closed",
            "Hello, can you call me back?",
            "Hello, thank you for the plan.",
            "Please give Ann my regards.",
            "Dear Ms Finch, the roof leaks and the rent is late.",
            "4. The Buyer shall pay.",
            "The roof was mended\nby the tenant",
            "and the other half of a line that was\nbroken somewhere",
            "- pay the deposit;",
            "今日は雨が降っています。",
        ] {
            assert!(!is_kept(text), "{text}");
        }
    }
}
