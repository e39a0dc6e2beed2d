//! What says that a date is the end of the document's own term.

use std::sync::LazyLock;

use regex::Regex;

use super::{SAID, SURE, Sign, re, sign, term};
use crate::domain::finding::Role;
use crate::domain::job::roles::clause::{Clause, Subject};

static NAMED_EXPIRATION: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"^[\s,;]*[(\[][^()\[\]]{0,60}?\b(?:expiration|expiry|termination|end(?:ing)?|maturity|final)[\s-]+date\b
        |^[\s,]*\([^()]{0,40}?(?:vertragsende|date\s+d[’']expiration|fecha\s+de\s+(?:vencimiento|terminación)|data\s+di\s+scadenza|data\s+de\s+término)",
    )
});

static DEFINES_EXPIRATION: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r#"\b(?:(?:expiration|expiry|termination|end|maturity)\s+date|vertragsende|ende\ des\ vertrags|fecha\s+de\s+vencimiento|data\s+di\s+scadenza|data\s+de\s+término)["“”'‘’*]*
        (?:\s*\([^()]{0,60}\))?(?:\s+(?:of|for)\s+th(?:is|e)\s+[\w\ ]{2,40}?)?\s*,?\s*
        (?:[:–—-]+|means?|is|(?:shall|will)\ (?:mean|be)|(?:is|shall\ be)\ deemed\ to\ be)[\s:–—-]*(?:(?:the|date|of|on|be|midnight)\s+)*$"#,
    )
});

/// "until", "shall expire on".
static ENDS: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:until|till|through(?:out)?|thru|to\ and\ including|up\ to|expir(?:e|es|ing|ation)|terminat(?:e|es|ing)|
        end(?:s|ing)?|conclud(?:e|es|ing)|laps(?:e|es)|ceas(?:e|es)|no\ later\ than|
        endet|bis|befristet|läuft\ aus|
        prend\ fin|prendra\ fin|expire|expirera|jusqu[’'](?:au|à)|se\ termine|
        hasta|vence(?:rá)?|finaliza(?:rá)?|termina(?:rá)?|expira(?:rá)?|
        scade|scadrà|fino\ al(?:la)?|cessa|termin(?:a|erà)|
        até|vencerá)
        (?:,\s(?:unless|if|subject\ to|but)\b[^.;,]{1,80},)?
        (?:[\s,]|and|including|on|at|the|as|of|in|day|midnight|earlier|earliest|later|latest|following|to\ occur|either|first|\(?[ai1]\)|:|close|business|automatically|upon|no\ later\ than|
          \d{1,2}[:.]\d\d|[ap]\.?m\.?|e[sd]t|pst|noon|am|zum|zum\ ablauf\ des|den|einschließlich|mit|ablauf|des|le|au|el|d[ií]a|il|giorno|al|em|o|dia|\(|\))*$",
    )
});

/// "The term is hereby extended until", of what it extends, whose date it is not.
static EXTENDED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:term|duration|period|expir\w+|(?:termination|end|ending|maturity)\ date|agreement|contract|lease|licen[cs]e|charter|engagement|
          contrat|accord|contrato|acuerdo|contratto|accordo|acordo|durée|plazo|durata|prazo|vigencia|vigência)\b[^.;]{0,160}?
        (?:\b(?:(?:is|are)\ (?:hereby\ |further\ |mutually\ )*(?:extended|renewed|prolonged|amended\ to\ (?:expire|terminate|end))|(?:shall|will)\ be\ (?:hereby\ |further\ )+(?:extended|renewed)|
          hereby\ (?:further\ |agree[sd]?\ to\ )*(?:extend|renew)s?|agree[sd]?\ to\ (?:further\ )?(?:extend|renew))|
          (?:\b(?:est|se|viene|fica|queda)|\s[èé])\ (?:par\ les\ présentes\ )?(?:pro(?:r|l)|recondui|ampli|estes|estend)\w*)\b[^.;]{0,120}?
        \b(?:until|till|to|through|thru|up\ to|and\ including|ending|expiring?|terminating?|end|jusqu[’'](?:au|à)|hasta|fino\ al(?:la)?|até)
        (?:[\s,]|on|the|and|including|midnight|of|at|le|au|el|il|o|dia|d[ií]a)*$",
    )
});

/// "… may be extended": a right, and nothing that is so.
static MAY_EXTEND: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:may\ (?:be|extend|renew|elect|at)|option|elect\w*|right|unless|if|can|could|discretion)\b",
    )
});

/// "The Customer may extend the term until": the same, said of who has it.
static OPTION: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:may|can|could|might|option|right|entitled|elects?|election)\b[^.;]{0,120}\b(?:extend|prolong|renew)\w*\b[^.;]{0,120}$",
    )
});

/// "bis zum … verlängert": the German verb stands behind its date.
static EXTENDED_BEHIND: LazyLock<Regex> =
    LazyLock::new(|| re(r"^[^.;]{0,60}?\bverlänger\w*(?P<rest>[^.;]{0,40})"));
static IS_EXTENDED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:laufzeit|vertragsdauer|mietzeit|\p{L}*vertrag\p{L}*|vertragsende|vereinbarung)\b[^.;]*\b(?:wird|werden|ist|sind)\b[^.;]*\bbis(?:\s+(?:zum|einschließlich|ablauf|des))*$",
    )
});
static GERMAN_MAY: LazyLock<Regex> = LazyLock::new(|| {
    re(r"\b(?:kann|können|könnte|darf|dürfen|soll|wenn|falls|sofern|soweit|berechtigt|option\w*)\b")
});

/// "deleting “1 May 2010” and inserting", of the day on which it ends.
static REPLACED: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:term|expir\w+|terminat\w+|end)\b.{0,240}\b(?:replac(?:ed|ing)\b[^.;]{0,60}\b(?:with|by)|(?:substitut|insert)(?:ed|ing)|
          (?:changed|amended|revised)\b[^.;]{0,60}\b(?:to|read|from\ [^.;]{6,30}\ to))\b[^.;\d]{0,40}$",
    )
});

/// "through the end of its fiscal year ending".
static YEAR_END: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:through|until|till|to|at|on|with)\ the\ (?:end|close)\ of\ [^.;]{0,50}\b(?:fiscal|calendar|contract|financial)\ (?:year|quarter)\ (?:ending|ended)(?:\ on)?$",
    )
});

/// "from … to": an end only where a beginning stands in the same sentence.
static TO: LazyLock<Regex> = LazyLock::new(|| {
    re(
        r"\b(?:from|commenc\w+|begin\w+|vom|ab|du|desde|del|dal|de)\b.{3,120}[\s,]+(?:to|and\ ending(?:\ on)?|bis|au|al|a|ao|e)(?:\s+(?:the|zum|il|el))?$",
    )
});

pub(super) fn expiration(clause: &Clause, subject: Subject) -> Option<Sign> {
    let Clause { before, after, .. } = clause;
    let of = |weight, why| Some(sign(Role::ExpirationDate, weight, why));
    if subject != Subject::Other && NAMED_EXPIRATION.is_match(after) {
        return of(SURE, "The document calls it so");
    }
    if DEFINES_EXPIRATION.is_match(before) {
        return of(SURE, "The document defines it so");
    }
    let changed = EXTENDED.is_match(before) || REPLACED.is_match(before);
    if changed {
        let is_so = before.contains("hereby") || !MAY_EXTEND.is_match(before);
        return if is_so { of(SURE, "The term was changed to end on it") } else { None };
    }
    if let Some(extended) = EXTENDED_BEHIND.captures(after) {
        let may = GERMAN_MAY.is_match(before) || GERMAN_MAY.is_match(&extended["rest"]);
        let is_so = IS_EXTENDED.is_match(before) && !may;
        return if is_so { of(SURE, "The term was changed to end on it") } else { None };
    }
    if OPTION.is_match(before) {
        return None;
    }
    let term = term::names_term(before);
    let own = term || clause.acts();
    if term && YEAR_END.is_match(before) {
        return of(SAID, "The term runs to the end of that year");
    }
    if !own || term::is_beside_term(before) {
        return None;
    }
    if ENDS.is_match(before) || TO.is_match(before) {
        // "The term ends on" weighs more than "this Agreement … until".
        let why = "The term ends on it";
        return of(if term { SAID + 5 } else { SAID }, why);
    }
    None
}
