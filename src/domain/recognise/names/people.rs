//! People: by a title, in signature blocks, as speakers of a transcript, behind words
//! that introduce somebody, and by a common given name before a surname.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::{Language, pattern};

use super::tokens::Tokens;
use super::words::{
    BODIES_OF, GIVEN, LEGAL_FORMS, NOT_SURNAMES, POST_NOMINALS, ROMANCE_TITLES, TITLES, is_never,
};
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;

/// Labels and phrases behind which a person is named.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)(?:
          \b(?:Print(?:ed)?\ Name|Name|NAME|Attn|ATTN|Attention|Signed|Witness|Unterzeichner|Ansprechpartner(?:in)?|z\.\ ?Hd?\.|By|BY|Von|Contact|Nom|Nombre|Nome|Firmado|Fdo|Firmato|Assinado|Représentant|Signataire|Per|Por|Par|Vorname\ Name|Moderator|Facilitator|Note\ taker|Chair)\s?[.:]{1,2}\s*(?:_+\s*)?(?:/s/\s*)?
        | (?m:^)\ *(?:From|To|Cc|CC|Bcc|Von|An|Kopie|De|À|Para|Da)\ ?:\ *
        | /s/\s*
        | \b(?i:represented\s+by|testimony\s+of|deposition\s+of|examination\s+of|interview\s+with|signed\s+by|my\s+name\s+is|attention\s+of|vertreten\s+durch|représentée?\s+par|représentée?s?\s+aux\s+présentes\s+par|representad[oa]\s+por|rappresentat[oa]\s+da(?:l|lla)?|en\s+la\s+persona\s+de|in\s+persona\s+di|signée?\s+par|assinado\s+por|firmado\s+por|care\s+of|c/o|zeugenaussage\s+von)
          (?:\s+(?i:its|their|the|den|die|ihren|ihre|seinen|seine|the\s+witness))?
          (?:\s+(?i:ceo|director|managing\s+director|president|counsel|geschäftsführer(?:in)?|vorstand|attorney|gérante?|directeur(?:\ général)?|directrice|présidente?|presidente|director(?:a)?(?:\ general)?|amministrat(?:ore|rice)(?:\ (?:delegat[oa]|unic[oa]))?|diretor(?:a)?))?,?\s*
        )",
    )
});

/// What a person is, written behind the name.
static OFFICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^,\s+(?:(?:its|the|our|a|an|als)\s+)?(?:(?:Senior|Executive|Managing|Vice|General|Deputy|Co-|Chief)\s*)*(?:President|Director|Chief\s+\w+(?:\s+\w+)?\s+Officer|CEO|CFO|COO|CTO|Secretary|Treasurer|Chairman|Chairwoman|Counsel|Esq|Ph\.?D|M\.?D|Partner|Geschäftsführer(?:in)?|Vorstand|Prokurist(?:in)?|Officer|Manager)\b",
    )
});

/// A speaker before a turn: "[00:01:05] Dana Whitlock:", "THE WITNESS:", "<v Ann Lee>".
static SPEAKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^[ ]*(?:\[?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?\]?[ ]+)?(?P<n>\p{Lu}[\p{L}.'’\-]*(?:[ ]\p{Lu}[\p{L}.'’\-]*){0,3})(?:[ ]\([^)\n]{1,30}\))?:(?:[ ]|$)",
    )
});

static VOICE: LazyLock<Regex> = LazyLock::new(|| pattern(r"<v(?:\.\w+)*[ ]+(?P<n>[^<>\n]{2,60})>"));

pub(super) fn find(view: &str, tokens: &Tokens<'_>, language: Language) -> Vec<Fact> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        found.extend(titled(view, tokens, at, language));
        found.extend(given(view, tokens, at));
        found.extend(in_office(view, tokens, at));
    }
    found.extend(cued(view, tokens));
    found.extend(speakers(view));
    found.extend(addressed(view));
    found.extend(turned(view));
    found
}

/// `"Lee, Ann" <ann@lee.example>`: the surname first.
static TURNED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\x22“](?P<s>\p{Lu}[\p{L}'’-]+(?:\x20\p{Lu}[\p{L}'’-]+)?),\x20(?P<g>\p{Lu}[\p{L}.'’-]+(?:\x20\p{Lu}[\p{L}.'’-]*)?)[\x22”]\x20?(?:<|&lt;)[^\s<>]{1,60}@",
    )
});

fn turned(view: &str) -> Vec<Fact> {
    TURNED
        .captures_iter(view)
        .filter_map(|found| {
            let (surname, given) = (found.name("s")?, found.name("g")?);
            let words = surname.as_str().split(' ').chain(given.as_str().split(' '));
            let own = words.into_iter().all(|it| !is_never(it) && !LEGAL_FORMS.contains(it));
            let span = ByteSpan::new(surname.start(), given.end());
            let mut fact = own.then(|| person(view, span, "name.address")).flatten()?;
            fact.value = Some(Value::Text(format!("{} {}", given.as_str(), surname.as_str())));
            Some(fact)
        })
        .collect()
}

/// "Ann Lee <ann@lee.example>", "Ann Lee (@ann)": a name beside its address.
static ADDRESSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^\p{L}\x20])\x20*(?P<n>\p{Lu}[\p{L}'’-]+(?:\x20\p{Lu}[\p{L}.'’-]*){1,3})[\x22”']?\x20?(?:<[^\s<>]{1,60}@|&lt;[^\s<>]{1,60}@|\(@\w)",
    )
});

fn addressed(view: &str) -> Vec<Fact> {
    ADDRESSED
        .captures_iter(view)
        .filter_map(|found| {
            let name = found.name("n")?;
            let own =
                name.as_str().split(' ').all(|word| !is_never(word) && !LEGAL_FORMS.contains(word));
            let span = ByteSpan::new(name.start(), name.end());
            own.then(|| person(view, span, "name.address")).flatten()
        })
        .collect()
}

fn person(view: &str, span: ByteSpan, rule: &'static str) -> Option<Fact> {
    super::name(view, span, FactKind::Person, rule)
}

/// A word that can be a part of a person's name.
fn is_part(tokens: &Tokens<'_>, at: usize) -> bool {
    let bare = tokens.bare(at);
    tokens.capital(at)
        && bare.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.'))
        && !is_never(bare)
        && !POST_NOMINALS.contains(&bare)
}

fn is_initial(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.bare(at).chars().count() == 1
}

/// The last word of a name that begins with word `start`: up to four words side by side,
/// with "von", "de" and the like between them.
fn name_end(tokens: &Tokens<'_>, start: usize) -> Option<usize> {
    if start >= tokens.len() || !is_part(tokens, start) {
        return None;
    }
    let (mut end, mut parts) = (start, 1);
    while parts < 4 && tokens.touches(end) && !possessive(tokens, end) {
        let next = end + 1;
        // "ANN LEE Rochester": the name has ended where the letters get small.
        if tokens.shouts(start) && !tokens.shouts(next) && !is_initial(tokens, next) {
            break;
        }
        if is_part(tokens, next) && tokens.bare(next) == tokens.bare(start) {
            // A signature and the same name in print beside it.
            break;
        }
        let Some(part) = behind_particles(tokens, next) else { break };
        (end, parts) = (part, parts + 1);
    }
    (!is_initial(tokens, end)).then_some(end)
}

/// The next part of a name at `at` or behind up to two words such as "von", "de la".
fn behind_particles(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    const PARTICLES: &[&str] = &[
        "von", "van", "de", "der", "den", "di", "da", "zu", "la", "del", "della", "dos", "das",
        "do", "du", "le", "los", "las", "y", "e", "ter", "ten", "al", "bin", "ibn", "af", "av",
    ];
    (at..(at + 3).min(tokens.len()))
        .take_while(|&it| {
            it == at || PARTICLES.contains(&tokens.word(it - 1)) && tokens.touches(it - 1)
        })
        .find(|&it| is_part(tokens, it) && (it == at || !BODIES_OF.contains(tokens.bare(it))))
}

fn possessive(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.bare(at).len() + 1 < tokens.word(at).len()
}

/// The place of words `start..=end` without a final stop or possessive ending.
fn place(tokens: &Tokens<'_>, start: usize, end: usize) -> ByteSpan {
    ByteSpan::new(tokens.span(start).start, tokens.span(end).start + tokens.bare(end).len())
}

/// Mr Hale, Frau Dr. Anna Keller. The value is the name without the title.
fn titled(view: &str, tokens: &Tokens<'_>, at: usize, language: Language) -> Option<Fact> {
    let romance = !matches!(language, Language::English | Language::German);
    let is_title = |at: usize| {
        let word = tokens.bare(at);
        TITLES.contains(word) || romance && ROMANCE_TITLES.contains(word)
    };
    // "MS Mincho" is a thing, "MS VANCE" a person.
    let thing = tokens.word(at) == "MS" && at + 1 < tokens.len() && !tokens.shouts(at + 1);
    let first_title = is_title(at) && !thing && !(at > 0 && is_title(at - 1));
    if !first_title {
        return None;
    }
    let mut start = at + 1;
    while start < tokens.len() && is_title(start) {
        start += 1;
    }
    // "700 Saginaw Dr., Redwood City" is a street.
    let street = at > 0
        && tokens.touches(at - 1)
        && tokens.capital(at - 1)
        && !is_never(tokens.word(at - 1));
    let apart = street
        || (at..start)
            .any(|it| !matches!(tokens.gap(it).trim(), "" | ".") || tokens.gap(it).contains('\n'));
    if apart || start >= tokens.len() {
        return None;
    }
    let end = name_end(tokens, start)?;
    let mut fact = person(view, place(tokens, at, end), "name.title")?;
    fact.value = Some(Value::Text(super::tidy(place(tokens, start, end).slice(view)?)));
    Some(fact)
}

/// "Dana Whitlock" where "Dana" is a common given name.
fn given(view: &str, tokens: &Tokens<'_>, at: usize) -> Option<Fact> {
    let known = GIVEN.contains(&tokens.bare(at))
        || tokens.shouts(at) && GIVEN.contains(&titlecase(tokens.bare(at)).as_str());
    if !known || possessive(tokens, at) {
        return None;
    }
    let end = name_end(tokens, at)?;
    let mixed = (at..=end).any(|it| tokens.shouts(it))
        && !(at..=end).all(|it| tokens.shouts(it) || is_initial(tokens, it));
    let last = tokens.bare(end).to_lowercase();
    let follows =
        tokens.touches(end) && NOT_SURNAMES.contains(&tokens.bare(end + 1).to_lowercase().as_str());
    let inside = at > 0
        && tokens.touches(at - 1)
        && is_part(tokens, at - 1)
        && !TITLES.contains(&tokens.bare(at - 1));
    let forms = (at..=end).any(|it| LEGAL_FORMS.contains(&tokens.bare(it)));
    let fits = end > at
        && !inside
        && !forms
        && !mixed
        && !follows
        && !NOT_SURNAMES.contains(&last.as_str());
    fits.then(|| person(view, place(tokens, at, end), "name.given")).flatten()
}

fn titlecase(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_string() + &letters.as_str().to_lowercase())
}

/// "Jane Orme, Chief Executive Officer".
fn in_office(view: &str, tokens: &Tokens<'_>, at: usize) -> Option<Fact> {
    let opens = at == 0 || !(is_part(tokens, at - 1) && tokens.touches(at - 1));
    if !opens || !is_part(tokens, at) {
        return None;
    }
    let end = name_end(tokens, at)?;
    let span = place(tokens, at, end);
    let rest = view.get(span.end..)?;
    let office = end > at
        && OFFICE.find(rest).is_some_and(|office| !rest[office.end()..].starts_with(['\'', '’']));
    office.then(|| person(view, span, "name.office")).flatten()
}

fn cued(view: &str, tokens: &Tokens<'_>) -> Vec<Fact> {
    CUE.find_iter(view)
        .filter_map(|cue| {
            let mut start = tokens.at_or_after(cue.end());
            while start < tokens.len() && TITLES.contains(&tokens.bare(start)) {
                start += 1;
            }
            let end = name_end(tokens, start)?;
            let span = place(tokens, start, end);
            let near = view.get(cue.end()..span.start)?.trim_matches([' ', '.', ',']).is_empty()
                || tokens.at_or_after(cue.end()) < start;
            let organisation = (start..=end + 1)
                .any(|it| it < tokens.len() && LEGAL_FORMS.contains(&tokens.bare(it)));
            // "School Name: Grade Level:" is one label beside another.
            let label = view[span.end..].starts_with(':');
            (near && end > start && !organisation && !label)
                .then(|| person(view, span, "name.cue"))
                .flatten()
        })
        .collect()
}

/// Each speaker once, at the first turn. Without times beside the names a text counts as
/// a transcript where a fifth of its lines open a turn.
fn speakers(view: &str) -> Vec<Fact> {
    let mut turns: HashMap<&str, (ByteSpan, usize)> = HashMap::new();
    let mut timed = false;
    for found in SPEAKER.captures_iter(view).chain(VOICE.captures_iter(view)) {
        let Some(name) = found.name("n") else { continue };
        timed |= found.get_match().as_str().trim_start().starts_with(['[', '0', '1', '2']);
        turns.entry(name.as_str()).or_insert((ByteSpan::new(name.start(), name.end()), 0)).1 += 1;
    }
    let all: usize = turns.values().map(|(_, count)| count).sum();
    let lines = view.lines().filter(|line| !line.trim().is_empty()).count();
    if !timed && all * 5 < lines {
        return Vec::new();
    }
    turns
        .iter()
        .filter(|(name, (_, count))| {
            let mut words = name.split(' ');
            let role = words.any(|word| {
                is_never(word)
                    || TITLES.contains(&word.trim_end_matches('.'))
                    || NO_SPEAKER.contains(&word.to_lowercase().as_str())
            });
            // "Content-Type:" heads a mail.
            let header = !name.contains(' ') && name.contains('-') && !timed;
            let lettered = name.rsplit(' ').next().is_some_and(|last| last.chars().count() == 1);
            // A heading before a colon is often in capitals, once.
            let shouted = !timed && !name.contains(char::is_lowercase);
            let enough = if name.contains(' ') { 1 + usize::from(shouted) } else { 3 };
            !role && !header && !lettered && *count >= enough
        })
        .filter_map(|(_, (span, _))| person(view, *span, "name.speaker"))
        .collect()
}

/// Labels before a colon that are no people.
const NO_SPEAKER: &[&str] = &[
    "professor",
    "unknown",
    "operator",
    "tip",
    "warning",
    "important",
    "todo",
    "done",
    "decision",
    "decisions",
    "open",
    "questions",
    "attendees",
    "present",
    "absent",
    "location",
    "time",
    "links",
    "next",
    "status",
    "topic",
    "topics",
    "update",
    "updates",
    "discussion",
    "music",
    "break",
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "sent",
    "received",
    "version",
    "reply-to",
    "von",
    "an",
    "betreff",
    "gesendet",
    "objet",
    "asunto",
    "oggetto",
    "assunto",
    "envoyé",
    "enviado",
    "inviato",
    "attachments",
    "participants",
    "apologies",
    "minutes",
    "motion",
    "resolved",
    "conclusion",
    "background",
    "context",
    "pros",
    "cons",
    "source",
    "sources",
    "references",
    "teilnehmer",
    "anwesend",
    "thema",
    "beschluss",
    "ordre",
    "présents",
    "asistentes",
    "presenti",
];
