//! The words around a date, and whose date they speak of: this document's, or
//! that of another one which it mentions. Knows nothing of roles.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;
use crate::domain::sentence::is_sentence_end;
use crate::domain::span::ByteSpan;

/// How much of a sentence is looked at before and behind a date, in bytes.
const BEFORE: usize = 400;
const AFTER: usize = 200;

/// Whose date it is, by the last document that its sentence names before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// "This Supply Agreement", "dieser Vertrag".
    This,
    /// "the Agreement": a defined term, mostly this document.
    Defined,
    /// "SUPPLY AGREEMENT dated …": no word says which.
    Bare,
    /// "that certain Credit Agreement", "the Merger Agreement".
    Other,
    /// "a tender dated …", "the letter of …": no agreement at all.
    Paper,
    /// The sentence names no document before it.
    Unnamed,
}

/// The words of a sentence around a place, white space folded.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    pub before: String,
    pub after: String,
    /// Nothing else stands on its line, or the name of a place.
    pub alone: bool,
    /// Words and rules of signatures stand close by.
    pub signed: bool,
    /// What a pronoun that begins the sentence stands for.
    meant: Subject,
}

impl Clause {
    /// `view` is what [`crate::domain::recognise::view()`] made of the text.
    pub fn around(view: &str, span: ByteSpan) -> Self {
        let before = before(view, span.start);
        let after = after(view, span.end);
        let line_before = view[..span.start].rsplit('\n').next().unwrap_or_default();
        let line_after = view[span.end..].split('\n').next().unwrap_or_default();
        let empty = |text: &str| !text.chars().any(char::is_alphanumeric);
        let ends = |text: &str| empty(text) || text.starts_with('\t') || SIGNED.is_match(text);
        let alone = (empty(line_before) || PLACE.is_match(line_before)) && ends(line_after);
        let meant = meant(view, span.start - before.len(), before);
        let near = floor(view, span.start.saturating_sub(NEAR))
            ..floor(view, (span.end + NEAR).min(view.len()));
        Self {
            before: folded(before),
            after: folded(after),
            alone,
            signed: SIGNED.is_match(&view[near]),
            meant,
        }
    }

    /// Whose date it is.
    pub fn subject(&self) -> Subject {
        subject(&self.before, self.meant).0
    }

    /// Whether it is the document itself that does something, and not what
    /// happens under it: "this Agreement ends", not "the date of this Agreement".
    pub fn acts(&self) -> bool {
        let (subject, governed) = subject(&self.before, self.meant);
        matches!(subject, Subject::This | Subject::Defined) && !governed
    }
}

/// How far from a date signatures are looked for, in bytes.
const NEAR: usize = 250;

static SIGNED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:/s/|\bby:|\bname:|\btitle\b|_{6}|\bsignature)"));

/// "Hamburg, den": the place in front of the date of a letter or a signature.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*\p{Lu}[\p{L} .'-]{1,30}(?:,\s*\p{Lu}[\p{L} .]{1,20})?,?\s*(?:(?i:the|den|am|le|lì|li|a|em)\s*)?$",
    )
});

fn before(view: &str, at: usize) -> &str {
    let window = &view[floor(view, at.saturating_sub(BEFORE))..at];
    let begins = |(offset, mark): &(usize, char)| {
        let rest = &window[offset + mark.len_utf8()..];
        match mark {
            '.' => {
                let next = rest.trim_start();
                next.len() < rest.len() && is_sentence_end(&window[..*offset], next)
            }
            // A blank line, but for one inside a sentence that goes on.
            '\n' => {
                let head = window[..*offset].trim_end();
                rest.trim_matches(' ').starts_with('\n') && head.ends_with(['.', ':', ';', '!'])
            }
            ';' | '!' | '?' => true,
            _ => false,
        }
    };
    let cut = window.char_indices().rev().find(begins);
    cut.map_or(window, |(offset, mark)| &window[offset + mark.len_utf8()..])
}

fn after(view: &str, at: usize) -> &str {
    let window = &view[at..floor(view, (at + AFTER).min(view.len()))];
    let ends = |(offset, mark): &(usize, char)| {
        let rest = &window[offset + mark.len_utf8()..];
        match mark {
            '.' => {
                let next = rest.trim_start();
                next.is_empty()
                    || next.len() < rest.len() && is_sentence_end(&window[..*offset], next)
            }
            '\n' => rest.trim_matches(' ').starts_with('\n'),
            ';' => true,
            _ => false,
        }
    };
    window.char_indices().find(ends).map_or(window, |(offset, _)| &window[..offset])
}

/// The next character's start at or before `at`.
pub(super) fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// White space as single spaces, without any at the ends.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What parties make with each other, in the languages that are read.
static DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:agreements?|amendments?|contracts?|lease|sublease|licen[cs]e|deed|addendum
        |memorandum|undertaking|indenture|guarant(?:y|ee)|joint\ venture|venture|supplement
        |instrument|statement\ of\ work|note|warrant|bond|mortgage|engagement|arrangement
        |letter\ of\ intent|term\ sheet|document|policy|escrow|plan
        |[\p{L}]*vertr(?:ag|age|ages|ags)|[\p{L}]*vereinbarung|nachtrag|urkunde
        |contrat|accord|convention|avenant|bail
        |contrato|acuerdo|convenio|adenda|anexo
        |contratto|accordo|convenzione|acordo|aditivo|termo\ aditivo)\b",
    )
});

/// Words that say which document it is.
static WHICH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:
          (?P<this>this|the\ present|the\ within|the\ foregoing|herein
            |diese[rsmn]?|vorliegende[rsmn]?
            |(?:le|la|du)\ pr[ée]sente?|ce|cet|cette
            |(?:el|la|del|al)\ presente|este|esta
            |(?:il|lo|del|la)\ presente|questo|questa
            |(?:o|a|do|da)\ presente|deste|desta)
        | (?P<other>that|certain|said|such|each|any|another|other|prior|previous|original|existing
            |former|a|an|its|their|his|her|under|respective|applicable
            |eine[rsmn]?|ein|jene[rsmn]?|un|une|uno|una|um|uma|aquel|quel)
        | (?P<the>the|der|die|das|des|dem|den|le|la|el|il|lo|o|du|del|do|da|das)
        )\b",
    )
});

/// Names and definitions in brackets, which hide whose date it is.
static BRACKETS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\([^()]{0,200}\)"));

/// "This Amendment No. 2 to the Supply Agreement": one document, named by another.
static AMENDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bthis\b[^.,;]{0,60}\b(?:amendment|addendum|supplement|joinder|consent|waiver)\b[^,;]{0,20}\b(?:to|of|under)\b[^,;]{0,80}$",
    )
});

/// "… to the Supply Agreement dated": the date is that agreement's.
static DATED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[\s,]*(?:made|entered|dated|executed|effective|signed)\b"));

/// "the tender of the Supplier dated", "an invitation published on", "das
/// Angebot vom": right before a date, the date is that paper's.
static PAPER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:l[’']|(?:an?|the|its|their|his|her|your|our|that|such|said|each|any|eine?[rsmn]?|ihr(?:e[mnrs]?)?|das|der|die|den|dem|des|dessen|une?|la|le|el|una|il|lo|o|a|uma)\s+)
        (?P<between>(?:[\p{L}\d’'.-]+\s+){0,4}?)
        (?:tenders?|bids?|offers?|proposals?|quot(?:e|ation)s?|letters?|e-?mails?|invoices?|reports?|certificates?|notices?|minutes|orders?|applications?|surveys?|valuations?|permits?|judgments?|resolutions?
          |angebots?|schreibens?|briefe?s?|berichte?s?|gutachtens?|rechnung|bescheide?s?|protokolls?|bestellung|ausschreibung
          |offre|devis|lettre|courrier|rapport|facture|certificat
          |oferta|carta|informe|factura|certificado|propuesta|offerta|lettera|relazione|fattura|certificato|proposta|fatura)
        (?:\s+(?:no\.?|nr\.?)?\s*[\w/.-]*\d[\w/.-]*)?
        (?P<owner>(?:\s+(?:of|by|from|der|des|von|de|du|del|della|da)\s+[^,;.]{1,40}?)?)
        [\s,]+(?:(?:which\ )?(?:was|were|as)\s+)?
        (?:(?:dated|made|published|issued|submitted|sent|given|signed|exchanged|delivered|received|prepared|datée?)(?:\s+by\s+[^,;.]{1,40}?)?|of|from|vom|du|de|del|di|do|da|de\s+fecha|in\s+data)
        (?:[\s,]+(?:as\ of|on|the|vom|am|du|le|el|del|il))*$",
    )
});

/// What makes of a paper the document itself, or of its owner another subject.
static OWN_PAPER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:this|hereby|diese[rsmn]?|pr[ée]sente?|is|was|are|and)\b"));

/// Whether a date stands right behind a paper that has a date of its own.
fn is_of_paper(plain: &str) -> bool {
    PAPER.captures(plain).is_some_and(|found| {
        let owner = &found["owner"];
        !OWN_PAPER.is_match(&found["between"])
            && !OWN_PAPER.is_match(owner)
            && !DOCUMENT.is_match(owner)
    })
}

/// What a pronoun at the beginning of a sentence stands for: the document, if
/// the sentence before it begins with one. `start` is the sentence's offset.
fn meant(view: &str, mut start: usize, sentence: &str) -> Subject {
    if !IT.is_match(&BRACKETS.replace_all(&folded(sentence), " ")) {
        return Subject::Unnamed;
    }
    for _ in 0..MOST_BETWEEN {
        let head = view[..start].trim_end_matches(|c: char| !c.is_alphanumeric());
        if head.is_empty() {
            return Subject::Defined;
        }
        let prior = before(view, head.len());
        start = head.len() - prior.len();
        let prior = folded(prior);
        let pronoun = PRONOUN.find(&prior).map(|found| found.start());
        match DOCUMENT.find(&prior) {
            // "It replaces the lease": what it is, an earlier sentence says.
            Some(noun) if pronoun.is_none_or(|at| at > noun.start()) => {
                return match subject(&prior[..noun.end()], Subject::Unnamed).0 {
                    Subject::This | Subject::Defined | Subject::Bare => Subject::Defined,
                    other => other,
                };
            }
            _ => {}
        }
        let words = prior.split(' ').filter(|word| !word.is_empty()).count();
        if words > HEADING && pronoun.is_none() {
            break;
        }
    }
    Subject::Unnamed
}

/// How many headings and sentences with the same pronoun may stand between it
/// and what it stands for, and the most words of such a heading.
const MOST_BETWEEN: usize = 4;
const HEADING: usize = 3;

static PRONOUN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:it|er|es|sie|elle|esso|essa|ella)\b"));

/// Whose date it would be behind words without a sentence around them.
pub(super) fn subject_of(before: &str) -> Subject {
    subject(before, Subject::Unnamed).0
}

/// Whose date it is, and whether that document is named after a preposition.
fn subject(before: &str, meant: Subject) -> (Subject, bool) {
    let plain = BRACKETS.replace_all(before, " ");
    if is_of_paper(&plain) {
        return (Subject::Paper, false);
    }
    let Some(noun) = DOCUMENT.find_iter(&plain).last() else { return (meant, false) };
    let rest = &plain[noun.end()..];
    if AMENDS.is_match(&plain[..noun.end()]) && (!DATED.is_match(rest) || RESUMES.is_match(rest)) {
        return (Subject::This, false);
    }
    // "Co-Branding Agreement": words between.
    let head = &plain[floor(&plain, noun.start().saturating_sub(90))..noun.start()];
    let Some(which) = WHICH.captures_iter(head).last() else { return (Subject::Bare, false) };
    let (start, end) = which.get(0).map_or((0, 0), |found| (found.start(), found.end()));
    let governed = GOVERNS.is_match(&head[..start]);
    if which.name("this").is_some() {
        return (Subject::This, governed);
    }
    let adjacent = head[end..].chars().all(|c| !c.is_alphanumeric());
    match which.name("the") {
        Some(_) if adjacent => (Subject::Defined, governed),
        _ => (Subject::Other, governed),
    }
}

/// "… dated 4 May 2010 is entered into on": back to the amendment.
static RESUMES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:is|are|was|were|shall|has been|have been)\b"));

/// "It takes effect on", of what the sentence before named.
static IT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:[\W\d]|[a-z]\))*(?:it|er|sie|il|elle|esso|essa|este|esta)\s+(?:shall|will|is|takes|becomes|comes|commences|begins|expires|ends|terminates|continues|remains|runs|lasts|gilt|läuft|dauert|reste|dure|permanece|dura|rimane|vigora|tritt|beginnt|endet|entre|prend|expire|decorre|scade|entra)\b",
    )
});

static GOVERNS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:of|under|to|in|with|from|by|for|pursuant to|von|unter|nach|gemäß|du|de|en|in|sous|bajo|sob)\s*$",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    fn subject_before(text: &str) -> Subject {
        let at = text.find('#').expect("a mark");
        Clause::around(text, ByteSpan::new(at, at + 1)).subject()
    }

    #[test]
    fn a_date_belongs_to_the_last_document_named_before_it() {
        let cases = [
            ("This Supply Agreement (the \"Agreement\") is made #", Subject::This),
            ("The parties signed that certain Credit Agreement dated #", Subject::Other),
            ("This Amendment changes the Supply Agreement dated #", Subject::Other),
            ("The term of the Agreement begins on #", Subject::Defined),
            ("SUPPLY AGREEMENT dated as of #", Subject::Bare),
            ("Made and entered into on #", Subject::Unnamed),
            ("This Amendment No. 2 to the Supply Agreement is made on #", Subject::This),
            ("This Amendment No. 2 to the Supply Agreement dated #", Subject::Other),
            (
                "This Amendment No. 2 to the Supply Agreement dated 4 May 2010 is made on #",
                Subject::This,
            ),
            ("It takes effect on #", Subject::Defined),
            ("Dieser Mietvertrag beginnt am #", Subject::This),
            ("Le présent contrat entre en vigueur le #", Subject::This),
        ];
        for (text, subject) in cases {
            assert_eq!(subject_before(text), subject, "{text}");
        }
    }

    #[test]
    fn a_date_right_behind_a_paper_is_that_papers() {
        let papers = [
            "The Supplier submitted a tender dated #",
            "By an invitation to tender published on #",
            "as described in the report of the surveyor dated the #",
            "This Agreement replaces the letter exchanged by the Parties on #",
            "This Agreement follows its offer no. 17/b of #",
            "Dieser Vertrag ersetzt das Angebot vom #",
            "Le présent contrat remplace l’offre du #",
        ];
        for text in papers {
            assert_eq!(subject_before(text), Subject::Paper, "{text}");
        }
        let own = [
            ("This letter agreement dated #", Subject::This),
            ("After the offer of the Supplier this Agreement is made on #", Subject::This),
            ("The tender was accepted and the Agreement is made on #", Subject::Defined),
        ];
        for (text, subject) in own {
            assert_eq!(subject_before(text), subject, "{text}");
        }
    }

    #[test]
    fn a_pronoun_stands_for_what_the_sentence_before_begins_with() {
        let cases = [
            ("1.1 This Agreement is a secret.\n\n1.2 It continues until #", Subject::Defined),
            ("(1) Der Vertrag ist kurz.\n\n(2) Er endet mit Ablauf des #", Subject::Defined),
            ("1. The Agreement is short.\n\n2. Duration. It ends on #", Subject::Defined),
            ("The contract is short. Ann may end it. It ends on #", Subject::Defined),
            ("This lease is new. It replaces the Pier Agreement. It ends on #", Subject::Defined),
            ("The Supplier shall keep an account. It ends on #", Subject::Unnamed),
            ("The Supplier has a policy under this Agreement. It expires on #", Subject::Other),
        ];
        for (text, subject) in cases {
            assert_eq!(subject_before(text), subject, "{text}");
        }
    }

    #[test]
    fn the_words_of_another_sentence_do_not_count() {
        let text = "This Agreement is with Acme Inc. of Ohio. It ended on # and so on. This too.";
        let at = text.find('#').expect("a mark");
        let clause = Clause::around(text, ByteSpan::new(at, at + 1));
        assert_eq!((clause.before.as_str(), clause.after.as_str()), ("It ended on", "and so on"));
    }
}
