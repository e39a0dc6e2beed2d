//! What a period is counted from: the words behind it ("from the Effective Date", "vor
//! Ablauf der Laufzeit"), before it ("commencing on … for a period of"), or around an
//! anniversary. It knows nothing of how periods are written.

use std::sync::LazyLock;

use regex::Regex;

use super::{Direction, Formula, Found};
use crate::domain::recognise::numbers_in_words::{
    ENGLISH_ORDINALS, ENGLISH_WORDS, english, english_ordinal,
};
use crate::domain::recognise::{is_month, pattern};
use crate::domain::span::ByteSpan;

/// Bytes around a period that are looked at.
const REACH: usize = 240;

/// Words between a period and its anchor that change nothing: "days' prior written
/// notice", "(the \"Initial Term\")", "Kündigungsfrist".
const FILLER: &str = r#"(?:['’]|\s|,|\bprior\s+written\b|\bwritten\b|\badvance\b|\bnotice\b|\bin\s+writing\b|\bor\s+(?:more|less|longer)\b|\bperiod\b|\bterm\b|\((?:the|this|der|die)?\s*["“'][^()]{1,40}["”']\))*"#;

const AFTER: &str = r"from\s+and\s+after|from|after|following|since|(?:commencing|beginning|starting|effective|running|counted|measured|calculated)\s+(?:on|as\s+of|from|with|at|upon)|ab|nach|seit|gerechnet\s+(?:ab|von)|beginnend\s+(?:mit|am|ab)|à\s+compter\s+(?:de|du|des)|à\s+partir\s+(?:de|du|des)|après|suivant|(?:(?:contad[oa]s|siguientes)\s+)?(?:a\s+partir|a\s+contar|desde|después)\s+(?:del?|da|do|el|la)|(?:contad[oa]s\s+)?(?:a\s+partir|a\s+contar)\s+d[aeo]|(?:contad[oa]s\s+)d[aeo]|desde|siguientes\s+al?|a\s+(?:decorrere|partire)\s+d(?:al?|alla|all['’])|successiv[io]\s+al?(?:la)?|dopo|dal(?:la|l['’])?|após|depois\s+d[aeo]";

const BEFORE: &str = r"prior\s+to|before|preceding|in\s+advance\s+of|ahead\s+of|vor|zum(?:\s+ende)?|avant|précédant|antes\s+d(?:el?|a|o)|(?:previ[oa]s|anterior(?:es)?|de\s+antelación)\s+(?:al?|à|ao)|prima\s+d(?:i|el|ella|ell['’])";

static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)^{FILLER}\s*(?:(?P<after>{AFTER})\b|(?P<before>{BEFORE})\b|(?P<then>thereafter|danach|hereafter)\b|of\b)"
    ))
});

/// "within 30 days of receipt": only behind "within" is "of" an anchor.
static WITHIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\bwithin\s+(?:(?:a\s+period\s+of|the\s+next|about|approximately)\s+)?$")
});

/// "commencing on the Effective Date and continuing for a period of".
static LED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:commenc(?:e|es|ing)|begin(?:s|ning)?|start(?:s|ing)?|effective)\s+(?:on|as\s+of|from|upon|at|with)\s+(?P<base>[^.;:\n]{3,120}?),?\s+(?:and\s+|which\s+)?(?:shall\s+|will\s+)?(?:(?:thereafter|to)\s+)?(?:continu(?:e|es|ing)|remain(?:s|ing)?|extend(?:s|ing)?|last(?:s|ing)?|end(?:s|ing)?|expir(?:e|es|ing)|terminat(?:e|es|ing)|run(?:s|ning)?|be|for)\b[^.;:\n]{0,60}$",
    )
});

static ANNIVERSARY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:(?P<o>{ENGLISH_ORDINALS})(?:\s*\(\s*(?P<n>\d{{1,2}})\s?(?:st|nd|rd|th)?\s*\))?|(?P<d>\d{{1,2}})\s?(?:st|nd|rd|th)|(?P<c>\d{{1,2}}|{ENGLISH_WORDS})(?:\s*\((?P<m>\d{{1,2}})\))?[\s-]+years?)[\s-]+(?:year\s+)?anniversary(?P<of>\s+(?:date\s+)?(?:of|from|after|following)\b)?"
    ))
});

/// Words at which the words it is counted from have ended.
static STOP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?ix)[.;:\n)(\[\]"“”]|,|\s(?:and|or|unless|except|if|shall|will|may|must|is|are|was|were|has|have|provided|subject|until|in|with|by|for|at|during|to|under|either|without|upon|as|thereafter|so\s+that
        |except|save|but|pursuant|giving|specifying|stating|setting|describing|regardless|whichever|plus|not|fails?|returns?\s+(?:such|the|any|all|it)
        |außer|soweit|bei|sauf|excepté|salvo|eccetto|exceto
        |und|oder|sofern|falls|wenn|kann|ist|wird|hat|mit|durch|zu
        |et|ou|sauf|si|est|avec|par|y|o|salvo|con|por|e|se|com)\b"#,
    )
});

/// The same period with what it is counted from, where the text around it says so.
pub(super) fn anchored(view: &str, mut found: Found) -> Found {
    let span = found.formula.span;
    let behind = head(view, span.end, REACH);
    if let Some(anchor) = BEHIND.captures(behind) {
        let led = WITHIN.is_match(tail(view, span.start, 40));
        let end = span.end + anchor.get_match().end();
        if anchor.name("then").is_some() {
            found.thereafter = true;
            found.formula.span.end = end;
            found.rule = "duration.anchored";
        }
        let direct = anchor.name("after").is_some() || anchor.name("before").is_some();
        let counted = |base: &ByteSpan| !is_sender(anchor.get_match().as_str(), view, *base);
        if let Some(base) = base(view, end).filter(|_| direct || led).filter(counted) {
            let before = anchor.name("before").is_some();
            found.formula.direction = if before { Direction::Before } else { Direction::After };
            found.formula.base = Some(base);
            found.formula.span.end = base.end;
            found.rule = "duration.anchored";
            return found;
        }
    }
    let lead = tail(view, span.start, REACH);
    if let Some(base) = LED.captures(lead).and_then(|led| led.name("base")) {
        let start = span.start - lead.len() + base.start();
        if let Some(base) = self::base(view, start) {
            found.formula.base = Some(base);
            found.rule = "duration.anchored";
        }
    }
    found
}

/// "the fifth (5th) anniversary of the Effective Date": as many years from it.
pub(super) fn anniversaries(view: &str) -> Vec<Found> {
    let found = ANNIVERSARY.captures_iter(view).filter_map(|found| {
        let text = |group: &str| found.name(group).map(|it| it.as_str());
        let digits = |group: &str| text(group).and_then(|it| it.parse::<u64>().ok());
        let words = text("o").and_then(english_ordinal).or_else(|| text("c").and_then(english));
        let figures = ["n", "d", "m", "c"].into_iter().find_map(digits);
        let years = figures.or(words)?;
        let doubt = match (words, figures) {
            (Some(words), Some(figures)) if words != figures => {
                Some(format!("The words say {words}, the figures {figures}."))
            }
            _ => None,
        };
        let whole = found.get_match();
        let base = found.name("of").and_then(|of| base(view, of.end()));
        let formula = Formula {
            span: ByteSpan::new(whole.start(), base.map_or(whole.end(), |base| base.end)),
            years: i16::try_from(years).ok()?,
            months: 0,
            weeks: 0,
            days: 0,
            hours: 0,
            business: false,
            direction: Direction::After,
            base,
        };
        Some(Found { formula, least: None, thereafter: false, rule: "duration.anniversary", doubt })
    });
    found.collect()
}

/// Whether a notice comes "from" there, as in "30 days' written notice from the Buyer".
fn is_sender(lead: &str, view: &str, base: ByteSpan) -> bool {
    static MOMENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:date|day|receipt|delivery|end|expir\w+|terminat\w+|mailing|when)\b|\d{4}",
        )
    });
    let lead = lead.to_lowercase();
    lead.contains("notice")
        && lead.ends_with("from")
        && !base.slice(view).is_some_and(|base| MOMENT.is_match(base))
}

/// The words from `start` on that name what is counted from: up to a mark or a word that
/// ends them, over the commas of a date and to the end of "the date on which …".
fn base(view: &str, start: usize) -> Option<ByteSpan> {
    let text = head(view, start, REACH / 2);
    let start = start + text.len() - text.trim_start().len();
    let text = text.trim_start();
    let mut end = text.len();
    for stop in STOP.find_iter(text) {
        let (before, after) = (&text[..stop.start()], &text[stop.end()..]);
        if before.is_empty() || !goes_on(before, stop.as_str(), after) {
            end = stop.start();
            break;
        }
    }
    // A name cut off at the end of what is looked at is no name.
    let cut = end == text.len() && view.len() > start + end;
    let text =
        if cut { text.rsplit_once(' ').map_or("", |(whole, _)| whole) } else { &text[..end] };
    let text = text.trim_end();
    names_a_moment(text).then(|| ByteSpan::new(start, start + text.len()))
}

/// Whether the words can name what is counted from: not "the", "the earlier of" or "16".
fn names_a_moment(text: &str) -> bool {
    const SMALL: [&str; 9] = ["the", "a", "an", "of", "to", "from", "on", "such", "its"];
    let last = text.rsplit(' ').next().unwrap_or_default().to_lowercase();
    let figures = text.chars().filter(char::is_ascii_digit).count();
    !SMALL.contains(&last.as_str()) && (text.chars().any(char::is_alphabetic) || figures > 3)
}

fn goes_on(before: &str, stop: &str, after: &str) -> bool {
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    match stop {
        // "January 1, 2018", "Dec. 31", "Section 4.2".
        "," => {
            last.len() <= 2 && last.chars().all(|c| c.is_ascii_digit()) && digit(after.trim_start())
        }
        "." => digit(after) || digit(after.trim_start()) && is_month(last),
        _ if stop.starts_with(char::is_whitespace) => {
            let since = before.rsplit_once("date ").or_else(|| before.rsplit_once("day "));
            since.is_some_and(|(_, clause)| {
                ["on which", "when", "that", "in which"].iter().any(|it| clause.starts_with(it))
            })
        }
        _ => false,
    }
}

/// At most `reach` bytes of the view from `at` on, whole characters.
fn head(view: &str, at: usize, reach: usize) -> &str {
    let mut end = view.len().min(at + reach);
    while !view.is_char_boundary(end) {
        end -= 1;
    }
    view.get(at..end).unwrap_or_default()
}

/// At most `reach` bytes of the view up to `at`, whole characters.
fn tail(view: &str, at: usize, reach: usize) -> &str {
    let mut start = at.saturating_sub(reach);
    while !view.is_char_boundary(start) {
        start += 1;
    }
    view.get(start..at).unwrap_or_default()
}
