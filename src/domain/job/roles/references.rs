//! What a document says of its dates without giving one: that it is in force
//! from the date first above written, or without an end. Knows no dates.

use std::sync::LazyLock;

use regex::Regex;

use super::clause::folded;
use crate::domain::recognise::pattern;

/// A passage that sends the reader to the agreement date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// On one line.
    pub words: String,
    /// Whether it is the day of the last signature.
    pub to_signatures: bool,
}

/// Where and when something was signed, in words.
const SIGNING: &str = r"(?:
    (?:dates?|days?)(?:\ (?:and|,)\ (?:year|date))?\ (?:hereof|first\ (?:above|set|written|listed|mentioned|noted|indicated)|
        (?:set\ forth|written|shown|indicated|specified|stated|appearing|listed)\ (?:above|below|first|on|in|by)|
        of\ (?:this|the)\ (?:\w+\ ){0,4}?(?:agreement|contract|amendment|document|lease|letter)|
        of\ (?:its\ |the\ |their\ |last\ |final\ |mutual\ )*(?:execution|signing|signature)|
        (?:(?:on|upon)\ which|that|when|as\ of\ which)\ [^.;]{0,60}\b(?:sign(?:s|ed)?|execut(?:e|es|ed))\b|
        (?:last\ )?(?:signed|executed))
  | (?:dates?)\ (?:shown|set\ forth|appearing|written|indicated)\ (?:by|below|above|on|in|beside|next\ to)
  | (?:later|latest|last)\ of\ the\ (?:two\ )?(?:dates?|signatures?|parties)\b
  | (?:later|latest|last|final)\ (?:part(?:y|ies)|signatory|of\ (?:the\ parties|them))\ (?:to\ (?:sign|execute)|signs|executes)
  | (?:execution|signing|signature)\ (?:date\b|hereof|(?:and\ delivery\ )?(?:of|by)\ (?:this|the|all|both|each)|thereof)
  | (?:its|their|the)\ (?:execution|signing|signature)\b
  | last\ signature
)";

/// "“Effective Date” means the date of last signature."
static DEFINED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r#"(?ix)["“”'‘’]?\beffective\ date["“”'‘’]?[^.;]{{0,60}}?\b(?:means?|is|shall\ (?:mean|be)|will\ be|deemed)\b[^.;]{{0,80}}?\b{SIGNING}"#
    ))
});

/// "This Agreement is effective as of the date first above written."
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)\b(?:this\ (?:[\w'’“”()-]+\ ){{0,6}}?|the\ (?:initial\ )?)(?:agreement|amendment|contract|lease|licen[cs]e|term|venture|deed|addendum)\b[^.;]{{0,60}}?
        \b(?:effective|in(?:to)?\ (?:full\ )?(?:force|effect)|takes?\ effect)\b[^.;]{{0,20}}?
        \b(?:as\ of|on|upon|from|at|with)\ [^.;]{{0,12}}?{SIGNING}"
    ))
});

/// "effective as of the date of the last signature (the “Effective Date”)".
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)\b(?:as\ of|on|upon|from|effective)\ [^.;()]{{0,30}}?{SIGNING}[^.;()]{{0,80}}\([^()]{{0,30}}\beffective\ date"
    ))
});

/// "The term shall commence on the date hereof": an effective date only by what follows from it.
static BEGINS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?ix)\b(?:this\ (?:[\w'’“”()-]+\ ){{0,6}}?|the\ (?:initial\ )?)(?:agreement|amendment|contract|lease|licen[cs]e|term|venture|deed|addendum)\b[^.;]{{0,60}}?
        \b(?:commences?|begins?|starts?)\b[^.;]{{0,20}}?\b(?:as\ of|on|upon|from|at|with)\ [^.;]{{0,12}}?{SIGNING}"
    ))
});

/// Why it has no effective date of its own, where its term begins with it.
pub(super) fn without_beginning(view: &str) -> Option<String> {
    let view = folded(view);
    let found = BEGINS.find_iter(&view).find(|found| !PART.is_match(found.as_str()))?;
    Some(format!("Its term begins on the agreement date: “{}”.", found.as_str()))
}

/// "This agreement commences upon execution."
static UPON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:(?:this\ (?:[\w'’“”()-]+\ ){0,6}?|the\ (?:initial\ )?)(?:agreement|amendment|contract|lease|licen[cs]e|term)|it)\b[^.;]{0,60}?
        \b(?:effective|commences?|begins?|starts?|in(?:to)?\ (?:full\ )?(?:force|effect)|takes?\ effect)\ (?:immediately\ )?
        (?:upon|on)\ (?:its\ |the\ |mutual\ |full\ |due\ )*(?:execution|signing|signature)\b
      | \b(?:vertrag|vereinbarung)\b[^.;]{0,60}\bmit\ (?:\w+\ )?unterzeichnung\b[^.;]{0,40}\bin\ kraft\b
      | \btritt\ mit\ (?:\w+\ )?unterzeichnung\b[^.;]{0,40}\bin\ kraft\b
      | \b(?:contrat|accord|convention)\b[^.;]{0,40}\b(?:entre(?:ra)?\ en\ vigueur|prend(?:ra)?\ effet)\b[^.;]{0,30}\bsignature\b
      | \b(?:contrato|acuerdo|convenio)\b[^.;]{0,40}\b(?:entrar[áa]\ en\ vigor|surtir[áa]\ efectos?)\b[^.;]{0,40}\bfirma\b
      | \b(?:contratto|accordo)\b[^.;]{0,40}\b(?:entra(?:\ in\ vigore)?|entrerà\ in\ vigore|decorre|ha\ efficacia)\b[^.;]{0,40}\b(?:sottoscrizione|firma)\b
      | \b(?:contrato|acordo)\b[^.;]{0,40}\bentra(?:rá)?\ em\ vigor\b[^.;]{0,40}\bassinatura\b",
    )
});

/// Not the agreement as a whole.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:terminat|amendments? (?:to|of) this|not (?:be )?effective|renewal|waiver)")
});

/// The passage that makes the agreement date the effective one, too.
pub(super) fn effective(view: &str) -> Option<Reference> {
    let view = folded(view);
    [&*DEFINED, &*NAMED, &*SAID, &*UPON].into_iter().find_map(|said| {
        let found = said.find_iter(&view).find(|found| !PART.is_match(found.as_str()))?;
        let words = found.as_str().to_owned();
        let lower = words.to_lowercase();
        let to_signatures = ["signature", "signed", "below", "last", "shown by"]
            .iter()
            .any(|sign| lower.contains(sign));
        Some(Reference { words, to_signatures })
    })
}

/// "shall continue until terminated", "for an indefinite term", "perpetual".
static ENDLESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:this|the)\ (?:[\w'’“”()-]+\ ){0,5}?(?:agreement|contract|lease|licen[cs]e|term|venture|undertaking)\b[^.;]{0,140}?
          \b(?:continue|remain|be|is|last)\b[^.;]{0,60}?
          \b(?:until\ (?:it\ is\ |so\ )?(?:terminated|cancel+ed)|until\ (?:either|any|one)\ (?:of\ the\ )?part(?:y|ies)|until\ termination
            |unless\ (?:and\ until\ )?(?:earlier\ )?terminated|indefinite(?:ly)?|perpetual(?:ly)?|in\ perpetuity|for\ so\ long\ as|so\ long\ as)\b[^.;]{0,60}
        | \b(?:vertrag|mietverhältnis|arbeitsverhältnis|vereinbarung)\b[^.;]{0,60}\b(?:auf\ )?unbestimmte\ (?:zeit|dauer)\b
        | \b(?:contrat|accord|bail)\b[^.;]{0,80}\bdurée\ indéterminée\b
        | \b(?:contrato|acuerdo|convenio)\b[^.;]{0,80}\b(?:duración|plazo|tiempo)\ indefinid[oa]\b
        | \b(?:contratto|accordo)\b[^.;]{0,80}\b(?:a\ )?tempo\ indeterminato\b
        | \b(?:contrato|acordo)\b[^.;]{0,80}\bprazo\ indeterminado\b",
    )
});

/// Why it has no expiration date, where it says that it runs until somebody ends it.
pub(super) fn without_end(view: &str) -> Option<String> {
    let view = folded(view);
    let found = ENDLESS.find_iter(&view).find(|found| !PART_OF_END.is_match(found.as_str()))?;
    Some(format!("It runs until it is ended: “{}”.", found.as_str().trim()))
}

/// Duties that outlive it, and confidences.
static PART_OF_END: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:surviv|confidential|obligations?|provisions?|insurance|indemnif|warrant)")
});
