//! What speaks for a role in the words around a date: patterns with a weight,
//! in the languages that are read. Knows nothing of documents as a whole.

mod ends;

use std::sync::LazyLock;

use regex::Regex;

use super::clause::{self, Clause, Subject, floor};
use super::term;
use crate::domain::finding::Role;
use crate::domain::recognise::pattern;

/// How sure a sign is; only the order counts.
pub(super) type Weight = u8;

/// What an amendment says of itself: the definitions in it are mostly those
/// of what it amends.
const OF_AMENDMENT: Weight = SURE + 1;
/// A definition, or the opening words: of a document that amends nothing,
/// nothing outweighs it.
pub(super) const SURE: Weight = 100;
/// Said of this document, by a verb.
pub(super) const SAID: Weight = 90;
/// By a reference to another date of the document, or reckoned.
pub(super) const REFERRED: Weight = 80;
/// The title page, the date line of a letter.
const TITLE: Weight = 70;
/// "In witness whereof …".
const CLOSING: Weight = 60;
/// A date beside a signature.
pub(super) const SIGNATURE: Weight = 50;
/// "effective as of": where nothing says when it was made.
const ONLY_EFFECTIVE: Weight = 40;
/// Taken off what stands behind the signatures, in schedules and in other
/// agreements that are attached.
const ATTACHED: Weight = 25;

/// Where a date stands in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// Offset of its first byte.
    pub start: usize,
    /// Whether no date of the document's own stands before it.
    pub first: bool,
    /// Whether it stands in the second half of the text.
    pub late: bool,
    /// Whether the signatures stand before it.
    pub attached: bool,
}

/// Up to where titles, date lines and preambles without "this" are looked for, in bytes.
const HEAD: usize = 4_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    pub role: Role,
    pub weight: Weight,
    /// A sentence without its quote: "The agreement is made on it".
    pub why: &'static str,
}

/// Between "made" and the date.
const LINKS: &str = r"(?:[\s,:_\[\]()“”‘’'-]|and|entered|into|executed|delivered|signed|dated|made|as|of|on|the|this|day|date|in|to|be|is|was|shall|hereby|effective|with|effect|from|by|a\ contract|duplicate|triplicate|at\ [\p{L}\ ,]{2,40}?)*";

fn re(text: &str) -> Regex {
    pattern(&format!("(?ix){}", text.replace("LINKS", LINKS)))
}

/// "made and entered into as of", of what was made.
static MADE: LazyLock<Regex> = LazyLock::new(|| {
    // `\b` is of ASCII words only and stands beside no accented letter.
    re(
        r"(?:^|\b|[\s,(])(?P<verb>made|entered|executed|dated|signed|concluded|agreed|delivered|given|done|
        (?:ab)?geschlossen|unterzeichnet|datiert|ausgefertigt|
        conclu|signé|fait|établi|passé|en\ date\ du|daté|
        celebrad[oa]|firmad[oa]|suscrit[oa]|otorgad[oa]|de\ fecha|con\ fecha|fechad[oa]|
        stipulat[oa]|sottoscritt[oa]|firmat[oa]|conclus[oa]|in\ data|datat[oa]|
        assinad[oa]|firmad[oa]|datad[oa]|lavrad[oa])
        (?P<link>LINKS(?:(?:am|vom|zum|den|le|du|à\ [\p{L}\ ,]{2,30}|el|d[ií]a|del|em|data|de|il|giorno|a\ [\p{L}\ ,]{2,30}|en\ [\p{L}\ ,]{2,30}|zu\ [\p{L}\ ,]{2,30}|in\ [\p{L}\ ,]{2,30})[\s,]*)*)$",
    )
});

/// "is entered into by and between A and B on", "zwischen A und B vom".
static MADE_BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:made|entered\ into|concluded|executed)\b.{0,300}\b(?:between|among|with)\b.{0,300}[\s,]
        (?:on|as\ of|dated|this|effective\ as\ of)[\s,]*(?:as\ of\ |on\ |the\ |this\ )*(?:the)?$",
    )
});

/// "Signed by the last Party on", "unterzeichnet von beiden Parteien am".
static SIGNED_BY_ALL: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:signed|executed|unterzeichnet|signé|firmado|firmato|assinado)\s+(?:by|von|par|por|da|dalle|pelas)\s+
        (?:the\s+|les\s+|las\s+)?(?:last|final|both|all|each|parties|beiden|allen|den|deux|dos|due)\b[^,.;\d]{0,40}?[\s,]
        (?:on|as\ of|am|le|el|il|em)(?:\s+the)?$",
    )
});

/// "wird am … geschlossen".
static MADE_ON: LazyLock<Regex> = LazyLock::new(|| re(r"(?:^|\s)(?:am|vom|zum)$"));
static MADE_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    re(r"^.{0,140}\b(?:(?:ab)?geschlossen|unterzeichnet|vereinbart|ausgefertigt)\b")
});

/// "SERVICES AGREEMENT, as of".
static AS_OF: LazyLock<Regex> = LazyLock::new(|| re(r"(?:^|[\s,])as\ of(?:\s+the)?$"));

/// "this 3rd day of June" where the day is left out of the date, or blank.
static THIS_DAY: LazyLock<Regex> =
    LazyLock::new(|| re(r"\b(?:this|the)(?:[\s_\[\]]*day\ of)?[\s_\[\]]*$"));

static WITNESS: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\bfait\ à[\s,]|\b(?:witness\ whereof|witnesseth|accepted|agreed|acknowledged|signed|executed|sealed|
        hereunto|zu\ urkund|ort,?\ datum|en\ fe\ de|en\ prueba|letto,?\ confermato|e,?\ por\ estarem)\b",
    )
});

/// "Date:", "Dated:", "Datum:" beside a signature.
static SIGNED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?:^|[\s,)/])(?:dated?(?:\s+(?:signed|of\ (?:signature|signing|execution)))?|signed\s+on|datum|ort\s*,\s*datum|
        date\s+de\s+signature|fecha|data)\s*[:.][\s_]*$",
    )
});

/// The label under a line to date a signature on, of two in a row perhaps.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    re(r"^[\s,_]*(?:\d[\d/.-]{4,9}\s+)?(?:date|datum|fecha|data)\b\s*(?:date\b|$|[A-Z_])")
});

/// "Agreement Date:", "Date of this Agreement:".
static DEFINES_AGREEMENT: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:(?:agreement|contract|execution|signing)\s+date|date\s+of\s+(?:this\s+|the\s+)?(?:agreement|contract|execution|signing)|vertragsdatum)[\x22“”'‘’]*
        \s*(?:[:–—-]+|means?|is|shall\ mean)[\s:–—-]*(?:the\s+)?$",
    )
});

/// "Delivery Date:"
static OTHER_DATE: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:effective|commencement|start|expiration|expiry|end|termination|due|delivery|closing|order|issue|invoice|birth|of\ birth|print)\s+date\W*$",
    )
});

/// What names a date after it: "(the “Execution Date”)".
static NAMED_AGREEMENT: LazyLock<Regex> = LazyLock::new(|| {
    re(r"^[\s,]*\((?:[^()]{0,40}?)\b(?:execution|signing|signature|agreement|contract)\s+date\b")
});

static NAMED_EFFECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"^[\s,;]*[(\[](?P<lead>[^()\[\]]{0,60}?)\b(?:effective|commencement|starting?|inception)[\s-]+(?:date|time)\b
        |^[\s,]*\((?P<other>[^()]{0,40}?)(?:stichtag|vertragsbeginn|date\s+d[’']entrée\s+en\s+vigueur|date\s+d[’']effet|
          fecha\s+(?:efectiva|de\s+(?:entrada\s+en\s+vigor|vigencia|inicio))|data\s+di\s+(?:efficacia|decorrenza)|
          data\s+(?:efetiva|de\s+(?:vigência|início)))",
    )
});

/// Of another document's: "the “Original Effective Date”".
static NOT_OWN: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:original|prior|previous|merger|registration|plan|existing|license\ agreement|first\ amendment)\b",
    )
});

/// "“Effective Date” means", "Effective Date:".
static DEFINES_EFFECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r#"(?P<lead>(?:\S+\s+)?["“”'‘’*]*)\b(?:(?:effective|commencement|start)\s+date|vertragsbeginn|beginn\ des\ vertrags|date\s+d[’']effet|fecha\s+de\s+inicio|data\s+di\s+decorrenza|data\s+de\s+início)["“”'‘’*]*
        (?:\s*\([^()]{0,60}\))?(?:\s+(?:of|for)\s+th(?:is|e)\s+[\w\ ]{2,40}?)?\s*,?\s*
        (?:[:–—-]+|means?|refers\ to|is|(?:shall|will)\ (?:mean|be)|(?:is|shall\ be)\ deemed\ to\ be)?[\s:–—-]*(?:(?:the|date|of|on|as|be|midnight)\s+)*$"#,
    )
});

/// "with the", "whose", "’s": what stands before it has what follows.
static HAS: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"(?:\b(?:with|having|bearing|carrying|whose|mit|avec|con|com)|['’]s)\s+(?:(?:an?|the|its|dem|une?|el|la|il|o)\s+)?[\x22“”„‘*]*$",
    )
});

/// "effective as of".
static EFFECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:effective(?:ness)?|mit\ wirkung|wirksam|prend\ effet|avec\ effet|con\ efectos?|con\ efficacia|con\ effetto|com\ efeitos?)
        (?:[\s,]|as|of|on|from|at|beginning|commencing|date|this|the|ab|zum|vom|am|à|au|compter|du|le|desde|el|dal|a|partir|de|do|em|since)*$",
    )
});

/// "This Second Amendment".
static AMENDMENT: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:this|diese[rsmn]?|vorliegende[rsmn]?|pr[ée]sente?|est[ae]|quest[ao])\s+(?:[\w.’'-]+\s+){0,5}?
        (?:amendment|addendum|supplement|variation|side\ letter|nachtrag|avenant|adenda|anexo|aditivo)\b",
    )
});

/// "shall commence on", "tritt am … in Kraft".
static BEGINS: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:commenc(?:e[sd]?|ing)|begin(?:s|ning)?|began|start(?:s|ing|ed)?|takes?\ effect|taking\ effect|
        (?:come|coming|comes|enters?|be|is|are|remain|go|goes)\s+(?:in|into)\s+(?:full\s+)?(?:force|effect)(?:\ and\ effect)?|
        beginnt|tritt|läuft\ ab|gilt\ ab|
        entre\ en\ vigueur|entrera\ en\ vigueur|entrée\ en\ vigueur|commence|débute|prend\ cours|
        entrar[áa]\ en\ vigor|entra\ en\ vigor|comienza|comenzará|inicia|iniciará|
        entra\ in\ vigore|entrerà\ in\ vigore|decorre|avrà\ (?:inizio|decorrenza)|
        entra(?:rá)?\ em\ vigor|inicia-se|terá\ início)
        (?:[\s,]|as|of|on|from|at|the|with|effect|and|effective|am|ab|zum|mit|dem|le|à|au|compter|du|el|d[ií]a|a|partir|del|de|il|dal|em|no|dia)*$",
    )
});

/// Runs of time without an end: the "from" of "from 1 May to 31 July".
static FROM: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:from(?:\s+and\s+after)?|period|between|vom|ab|du|à\ compter\ du|desde(?:\s+el)?|del|dal|a\s+partir\s+de|de)[\s,]*(?:the\s+|and\s+including\s+|of\s+)*$",
    )
});

/// "Term: 1 May 2020 through 31 July 2021", of a list of conditions.
static HEADED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:term|(?:contract|agreement|licen[cs]e)\s+(?:period|term)|duration|laufzeit|vertragsdauer|durée|duración|vigencia|durata|prazo|vigência)\W{0,3}[:–—-]\s*$",
    )
});
static RUNS_ON: LazyLock<Regex> = LazyLock::new(|| {
    re(r"^[\s,]*(?:through|thru|until|till|to|bis|au|al|hasta|a|até|[-–—])[\s,]+[^.;]{0,12}\d")
});

/// Printed at the foot of filings and forms: not the document's words.
static FILING: LazyLock<Regex> = LazyLock::new(|| {
    re(r"(?:\b(?:10-[kq]t?(?:405)?|8-k|6-k|s-[148]|20-f|10-12g|f-[14]|sb-2)(?:/?a)?,?
        |\b(?:filed|file\ no|commission|rev\.?|revised|version|printed|updated|last\ saved)\b[\s\w:.,]{0,30})[\s,]*$")
});

/// Things of the past that open a recital.
static RECITAL: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:whereas|born|incorporated|organi[sz]ed|formed|founded|since|act\ of|previously|amended\ (?:on|as\ of)|dated)\b",
    )
});

/// Every sign that the words around a date give, whatever its value.
pub(super) fn signs(clause: &Clause, at: Position) -> Vec<Sign> {
    let subject = clause.subject();
    if subject == Subject::Paper {
        return Vec::new();
    }
    let mut signs = Vec::new();
    signs.extend(agreement(clause, subject, at));
    signs.extend(effective(clause, subject, at));
    signs.extend(ends::expiration(clause, subject));
    if at.attached {
        for sign in &mut signs {
            sign.weight = sign.weight.saturating_sub(ATTACHED);
        }
    }
    signs
}

/// How far signatures reach behind the words that open them, in bytes.
const SIGNATURES: usize = 4_000;

static OPENS_SIGNATURES: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:in\ witness\s+(?:whereof|thereof)|en\ fe\ de\ lo\ cual|en\ foi\ de\ quoi|zu\ urkund)\b",
    )
});

/// Where a document's own signatures are over; its end where none are told.
pub(super) fn end_of_signatures(view: &str) -> usize {
    let begin = floor(view, view.len() / 4);
    let opens = OPENS_SIGNATURES.find_at(view, begin);
    opens.map_or(view.len(), |found| found.end() + SIGNATURES)
}

fn sign(role: Role, weight: Weight, why: &'static str) -> Sign {
    Sign { role, weight, why }
}

fn agreement(clause: &Clause, subject: Subject, at: Position) -> Option<Sign> {
    let Clause { before, after, alone, signed, .. } = clause;
    let head = at.start < HEAD;
    let of = |weight, why| Some(sign(Role::AgreementDate, weight, why));
    if FILING.is_match(before) {
        return None;
    }
    if subject != Subject::Other && NAMED_AGREEMENT.is_match(after) {
        return of(SURE, "The document calls it so");
    }
    let own = match subject {
        Subject::This => true,
        Subject::Defined => !RECITAL.is_match(before) || WITNESS.is_match(before),
        Subject::Bare | Subject::Unnamed => head,
        Subject::Other | Subject::Paper => false,
    };
    if own && DEFINES_AGREEMENT.is_match(before) {
        return of(SURE, "The document calls it so");
    }
    if own && let Some(made) = MADE.captures(before) {
        let only_effective = made["verb"].eq_ignore_ascii_case("made")
            && made["link"].trim_start().to_lowercase().starts_with("effective");
        return match (only_effective, WITNESS.is_match(before) && !head) {
            (true, _) => of(ONLY_EFFECTIVE, "It is in force from then, and no other date is given"),
            (_, true) => of(CLOSING, "It was signed on it"),
            _ => of(SURE, "The opening words give it"),
        };
    }
    if own && head && MADE_BEHIND.is_match(after) && MADE_ON.is_match(before) {
        return of(SAID, "The opening words give it");
    }
    if own && head && (MADE_BETWEEN.is_match(before) || AS_OF.is_match(before)) {
        return of(SAID, "The opening words give it");
    }
    if own && THIS_DAY.is_match(before) && (head || WITNESS.is_match(before)) {
        return of(if head { SAID } else { CLOSING }, "It was made on that day");
    }
    if subject != Subject::Other && SIGNED_BY_ALL.is_match(before) {
        return of(if head { SAID } else { CLOSING }, "All parties had signed by then");
    }
    let dated = SIGNED.is_match(before) && !OTHER_DATE.is_match(before) && (*signed || !head);
    let labelled = *signed && LABEL.is_match(after);
    if dated || labelled || *alone && *signed && (!head || at.late) {
        return of(SIGNATURE, "It stands beside a signature");
    }
    if WITNESS.is_match(before) && MADE.is_match(before) {
        return of(CLOSING, "It was signed on it");
    }
    if *alone && head && at.first {
        return of(TITLE, "It stands alone at the head of the document");
    }
    let effective = EFFECTIVE.is_match(before) || head && DEFINES_EFFECTIVE.is_match(before);
    if own && effective {
        return of(ONLY_EFFECTIVE, "It is in force from then, and no other date is given");
    }
    None
}

/// Whether another document has the date that `lead` leads to: "the Services
/// Agreement with the Effective Date".
fn is_of_other(lead: &str) -> bool {
    HAS.is_match(lead) && clause::subject_of(lead) == Subject::Other
}

fn effective(clause: &Clause, subject: Subject, at: Position) -> Option<Sign> {
    let Clause { before, after, .. } = clause;
    let of = |weight, why| Some(sign(Role::EffectiveDate, weight, why));
    let named = NAMED_EFFECTIVE.captures(after);
    let lead = named.as_ref().and_then(|found| found.name("lead"));
    if named.is_some() && !lead.is_some_and(|lead| NOT_OWN.is_match(lead.as_str())) {
        let strange = subject == Subject::Other && at.start > HEAD;
        return if strange { None } else { of(SURE, "The document calls it so") };
    }
    let defined = DEFINES_EFFECTIVE.captures(before).and_then(|found| found.name("lead"));
    if defined
        .is_some_and(|lead| !NOT_OWN.is_match(lead.as_str()) && !is_of_other(&before[..lead.end()]))
    {
        return of(SURE, "The document defines it so");
    }
    let head = at.start < HEAD;
    let own = clause.acts()
        || subject == Subject::Bare && head
        || subject == Subject::Unnamed && head && MADE.is_match(before);
    let term = term::names_term(before) && !term::is_beside_term(before);
    if subject == Subject::This
        && AMENDMENT.is_match(before)
        && (EFFECTIVE.is_match(before) || BEGINS.is_match(before))
    {
        return of(OF_AMENDMENT, "The amendment takes effect on it");
    }
    if own && EFFECTIVE.is_match(before) {
        return of(SAID, "The agreement is effective from it");
    }
    if (own || term) && BEGINS.is_match(before) && !term::is_beside_term(before) {
        return of(SAID, "The agreement begins on it");
    }
    if term && FROM.is_match(before) || HEADED.is_match(before) && RUNS_ON.is_match(after) {
        return of(REFERRED, "The term runs from it");
    }
    None
}
