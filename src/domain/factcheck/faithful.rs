//! A version made by code alone, for when no model's version passes: the source's own
//! sentences in order, filler cut, with an opening and a closing that fit the tone.
//! It knows a few phrases that never carry meaning; what is in doubt it leaves alone.

use std::sync::LazyLock;

use regex::Regex;

use super::compare;
use crate::domain::recognise::{Language, pattern};
use crate::domain::sentence::sentences;

/// The tones in which a passage can be rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Concise and direct.
    Concise,
    /// Warm and conversational.
    Warm,
    /// Polished and client-facing.
    Polished,
}

/// Phrases that open a sentence and say nothing there. Inside a sentence words like these
/// may carry meaning: "payable at the end of the day on which", "as a matter of fact or
/// law", "all is in order to my knowledge", "loss actually incurred".
const OPENERS: &[(&str, &str)] =
    &[("Needless to say, ", ""), ("(?:Um|Uh|Erm), ", ""), ("In order to ", "To ")];

/// Phrases that open a sentence and say nothing before a clause of their own.
const BEFORE_CLAUSES: &[&str] = &[
    "Please be advised that ",
    "Please note that ",
    "It should be noted that ",
    "It is important to note that ",
    "(?:I am|We are) writing to (?:let you know|inform you) that ",
];

/// The words that show that a clause begins: "Please note that date" names a date.
const SUBJECTS: &[&str] = &[
    "the", "this", "these", "we", "you", "I", "it", "they", "he", "she", "there", "our", "your",
    "my", "his", "their",
];

/// What ties a second clause to the first: "Please note that we are closed and confirm"
/// would lose its request together with its opening.
static TIED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:and|or|but|nor)\b|[;:]"));

/// Long for "because", as long as one clause follows.
const WORDY: &[&str] = &["due to the fact that", "owing to the fact that"];

/// Full forms and contractions that mean the same in every place they stand in, save
/// before [`AMOUNTS`]. Not "have not": "shall have not less than five members".
const CONTRACTIONS: &[(&str, &str)] = &[
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("did not", "didn't"),
    ("is not", "isn't"),
    ("are not", "aren't"),
    ("was not", "wasn't"),
    ("were not", "weren't"),
    ("could not", "couldn't"),
    ("would not", "wouldn't"),
    ("should not", "shouldn't"),
    ("cannot", "can't"),
];

/// Contractions that stand for one full form, which cannot always be shortened to them:
/// "Schedule I will apply", "of his free will not by force".
const CONTRACTED: &[(&str, &str)] = &[
    ("have not", "haven't"),
    ("has not", "hasn't"),
    ("had not", "hadn't"),
    ("will not", "won't"),
    ("I am", "I'm"),
    ("we are", "we're"),
    ("you are", "you're"),
    ("they are", "they're"),
    ("I will", "I'll"),
    ("we will", "we'll"),
    ("you will", "you'll"),
];

/// After these words' "not" belongs to what follows: "the work to do not later than May".
const AMOUNTS: &[&str] =
    &["less", "fewer", "more", "later", "earlier", "longer", "sooner", "only", "exceeding"];

/// Somebody's own words, which are not to be put differently.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"["“”„«»]|(?:^|[\s(\[])['‘‚]"#));

static GREETED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:dear|hi|hello|good (?:morning|afternoon|evening)|guten|sehr geehrte|liebe|hallo|bonjour|madame|monsieur|hola|estimad[oa]s?|buongiorno|gentil[ei]|olá|exmos?|car[oa]s?)(?:\b|,)",
    )
});

static CLOSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:regards|sincerely|best wishes|faithfully|cheers|grüße|grüßen|cordialement|saludos?|atentamente|saluti|cumprimentos)\b[^\n]{0,40}(?:\n[^\n]{0,40}){0,2}\s*$",
    )
});

/// A phrase and what says the same.
struct Rule {
    /// Its group "phrase" is what is replaced.
    place: Regex,
    instead: String,
    /// Whether the rule holds before this rest of the paragraph.
    holds: fn(&str) -> bool,
}

impl Rule {
    fn opening(phrase: &str, instead: &str, holds: fn(&str) -> bool) -> Self {
        let place = pattern(&format!(r"(?:^|[.!?] )(?<phrase>{phrase})"));
        Self { place, instead: instead.to_owned(), holds }
    }

    /// A rule for words in small letters and one for them with a capital at the start.
    fn words(phrase: &str, instead: &str, holds: fn(&str) -> bool) -> [Self; 2] {
        [str::to_owned as fn(&str) -> String, capitalised].map(|form| Self {
            place: pattern(&format!(r"\b(?<phrase>{})\b", form(phrase))),
            instead: form(instead),
            holds,
        })
    }
}

/// Filler and what stays of it.
static FILLER: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let plain = OPENERS.iter().map(|(phrase, rest)| Rule::opening(phrase, rest, |_| true));
    let clauses = BEFORE_CLAUSES.iter().map(|phrase| {
        Rule::opening(phrase, "", |rest| {
            rest.split(' ').next().is_some_and(|word| SUBJECTS.contains(&word))
                && is_one_clause(rest)
        })
    });
    let wordy = WORDY.iter().flat_map(|phrase| Rule::words(phrase, "because", is_one_clause));
    plain.chain(clauses).chain(wordy).collect()
});

/// Full forms, shortened.
static SHORTER: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let holds =
        |rest: &str| !rest.split_whitespace().next().is_some_and(|word| AMOUNTS.contains(&word));
    CONTRACTIONS.iter().flat_map(|(full, short)| Rule::words(full, short, holds)).collect()
});

/// Contractions, written out.
static LONGER: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let all = CONTRACTIONS.iter().chain(CONTRACTED);
    all.flat_map(|(full, short)| Rule::words(&short.replace('\'', "['’]"), full, |_| true))
        .collect()
});

/// Whether the sentence that `rest` begins with is a single clause.
fn is_one_clause(rest: &str) -> bool {
    let end = sentences(rest).first().map_or(rest.len(), |first| first.end);
    !TIED.is_match(&rest[..end])
}

/// A version of `source` in the given tone, made without a model: its own sentences, in the
/// language of the document that it stands in. Where it stands `alone` and the tone is not
/// concise, it gets an opening and a closing where it has none of its own; in a language
/// that is not known nothing is added. It never changes a fact: [`compare`] finds it clean,
/// and where a step would not be, the step is left out.
#[must_use]
pub fn faithful(source: &str, tone: Tone, language: Language, alone: bool) -> String {
    let paragraphs: Vec<String> =
        source.split("\n\n").map(one_line).filter(|it| !it.is_empty()).collect();
    let plain = paragraphs.join("\n\n");
    let reworded = if language == Language::English {
        let reworded: Vec<String> = paragraphs.iter().map(|it| reword(it, tone)).collect();
        reworded.join("\n\n")
    } else {
        plain.clone()
    };
    let framed = |body: &str| alone.then(|| framed(source, body, tone, language));
    [framed(&reworded), Some(reworded), framed(&plain), Some(plain)]
        .into_iter()
        .flatten()
        .find(|version| compare(source, version).changes.is_empty())
        .unwrap_or_else(|| source.to_owned())
}

/// Whether a text begins with a greeting.
#[must_use]
pub fn has_greeting(text: &str) -> bool {
    GREETED.is_match(text)
}

/// Whether a text ends with a closing, and at most a name after it.
#[must_use]
pub fn has_closing(text: &str) -> bool {
    CLOSED.is_match(text)
}

/// An English paragraph in a tone.
fn reword(paragraph: &str, tone: Tone) -> String {
    if QUOTED.is_match(paragraph) {
        return paragraph.to_owned();
    }
    match tone {
        Tone::Concise => apply(paragraph, &FILLER),
        Tone::Warm => apply(paragraph, &SHORTER),
        Tone::Polished => apply(&apply(paragraph, &FILLER), &LONGER),
    }
}

fn one_line(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replaces phrases where their rules hold; what follows a phrase that goes altogether
/// begins with a capital letter.
fn apply(text: &str, rules: &[Rule]) -> String {
    let mut text = text.to_owned();
    for rule in rules {
        let mut out = String::with_capacity(text.len());
        let (mut from, mut raise) = (0, false);
        for phrase in rule.place.captures_iter(&text).filter_map(|found| found.name("phrase")) {
            if (rule.holds)(&text[phrase.end()..]) {
                push(&mut out, &text[from..phrase.start()], raise);
                out.push_str(&rule.instead);
                (from, raise) = (phrase.end(), rule.instead.is_empty());
            }
        }
        push(&mut out, &text[from..], raise);
        text = out;
    }
    text
}

fn push(out: &mut String, part: &str, raise: bool) {
    if raise { out.push_str(&capitalised(part)) } else { out.push_str(part) }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// `body` with an opening and a closing, where the source has none of its own.
fn framed(source: &str, body: &str, tone: Tone, language: Language) -> String {
    let Some((opening, closing)) = frame(tone, language) else { return body.to_owned() };
    let mut parts = Vec::new();
    if !has_greeting(source) {
        parts.push(opening);
    }
    parts.push(body);
    if !has_closing(source) {
        parts.push(closing);
    }
    parts.join("\n\n")
}

/// The opening and the closing of a tone, in a language that is known.
fn frame(tone: Tone, language: Language) -> Option<(&'static str, &'static str)> {
    match (tone, language) {
        (Tone::Warm, Language::English) => Some((
            "Hello,\n\nThank you for your time. Here is where things stand.",
            "Do get in touch with any questions.\n\nWarm regards",
        )),
        (Tone::Polished, Language::English) => Some((
            "Dear Sir or Madam,\n\nPlease find the following for your attention.",
            "We remain at your disposal for any questions.\n\nKind regards",
        )),
        (Tone::Warm, Language::German) => Some((
            "Guten Tag,\n\nvielen Dank für Ihre Zeit. Hier ist der Stand der Dinge.",
            "Melden Sie sich gern bei Fragen.\n\nViele Grüße",
        )),
        (Tone::Polished, Language::German) => Some((
            "Sehr geehrte Damen und Herren,\n\ngern teilen wir Ihnen Folgendes mit.",
            "Für Fragen stehen wir Ihnen gern zur Verfügung.\n\nMit freundlichen Grüßen",
        )),
        (Tone::Warm, Language::French) => Some((
            "Bonjour,\n\nMerci pour votre temps. Voici où en sont les choses.",
            "Je reste à votre écoute pour vos questions.\n\nBien cordialement",
        )),
        (Tone::Polished, Language::French) => Some((
            "Madame, Monsieur,\n\nVeuillez trouver ci-après les informations suivantes.",
            "Nous restons à votre disposition pour vos questions.\n\nCordialement",
        )),
        (Tone::Warm, Language::Spanish) => Some((
            "Hola:\n\nGracias por su tiempo. Así están las cosas.",
            "Quedo a su disposición para cualquier pregunta.\n\nUn cordial saludo",
        )),
        (Tone::Polished, Language::Spanish) => Some((
            "Estimados señores:\n\nLes comunicamos lo siguiente.",
            "Quedamos a su disposición para cualquier consulta.\n\nAtentamente",
        )),
        (Tone::Warm, Language::Italian) => Some((
            "Buongiorno,\n\ngrazie per il tempo dedicato. Le cose stanno così.",
            "Resto a disposizione per eventuali domande.\n\nUn cordiale saluto",
        )),
        (Tone::Polished, Language::Italian) => Some((
            "Gentili Signore, gentili Signori,\n\nVi comunichiamo quanto segue.",
            "Restiamo a disposizione per eventuali domande.\n\nCordiali saluti",
        )),
        (Tone::Warm, Language::Portuguese) => Some((
            "Olá,\n\nobrigado pelo seu tempo. Eis o ponto da situação.",
            "Fico à disposição para qualquer questão.\n\nUm abraço cordial",
        )),
        (Tone::Polished, Language::Portuguese) => Some((
            "Exmos. Senhores,\n\nVimos comunicar o seguinte.",
            "Ficamos à disposição para qualquer esclarecimento.\n\nCom os melhores cumprimentos",
        )),
        _ => None,
    }
}
