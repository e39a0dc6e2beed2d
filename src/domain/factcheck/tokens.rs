//! The words of a text with what they are compared by: stems rough enough to match
//! "delivered" with "deliver", and where clauses and sentences end. Knows no facts.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::name_words::{TITLES, is_function};
use crate::domain::recognise::{Language, pattern};
use crate::domain::span::ByteSpan;

static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{L}+(?:['’-]\p{L}+)*"));

/// Where words are run together with an apostrophe ("n'est", "dall'ordine"), each is one.
static ROMANCE_WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{L}+(?:-\p{L}+)*['’]?"));

/// One word of a text.
pub(super) struct Token<'a> {
    pub span: ByteSpan,
    pub text: &'a str,
    /// In small letters.
    pub lower: String,
    pub stem: String,
    /// It ends a clause: a mark stands behind it, or what follows begins another.
    pub ends_clause: bool,
    /// It is the last of its sentence.
    pub ends_sentence: bool,
    /// That of the text.
    pub language: Language,
}

/// What the names of figures begin with; no word does.
pub(super) const FIGURE: char = '#';

impl Token<'_> {
    pub fn is_figure(&self) -> bool {
        self.lower.starts_with(FIGURE)
    }
}

/// The words of a view, and in their places figures: spans without overlaps, each with a
/// name to compare it by, which is its stem as well.
pub(super) fn with_figures<'a>(
    view: &'a str,
    language: Language,
    figures: &[(ByteSpan, String)],
) -> Vec<Token<'a>> {
    let word = if language.is_romance() { &ROMANCE_WORD } else { &WORD };
    let mut rest = figures.iter().peekable();
    let mut parts: Vec<(ByteSpan, Option<&String>)> = Vec::new();
    for found in word.find_iter(view) {
        let span = ByteSpan::new(found.start(), found.end());
        while let Some((figure, name)) = rest.next_if(|it| it.0.start < span.end) {
            parts.push((*figure, Some(name)));
        }
        if parts.last().is_none_or(|last| last.0.end <= span.start) {
            parts.push((span, None));
        }
    }
    parts.extend(rest.map(|(figure, name)| (*figure, Some(name))));
    (0..parts.len()).map(|at| token(view, language, &parts, at)).collect()
}

fn token<'a>(
    view: &'a str,
    language: Language,
    parts: &[(ByteSpan, Option<&String>)],
    at: usize,
) -> Token<'a> {
    let (span, figure) = parts[at];
    let text = span.slice(view).unwrap_or_default();
    let next = parts.get(at + 1).map_or(view.len(), |next| next.0.start);
    let ends = |marks: &[char]| has_mark(view, span.end..next, marks);
    let marked = ends(&[',', ';', ':', '.', '!', '?', '(', ')']);
    let (lower, stem) = if let Some(name) = figure {
        (name.clone(), name.clone())
    } else {
        let lower = text.to_lowercase().replace('’', "'");
        let lower = lower.trim_end_matches('\'').to_owned();
        let stem = stem(&lower, language);
        (lower, stem)
    };
    Token {
        span,
        text,
        lower,
        stem,
        ends_clause: marked || opens_clause(view, &parts[at + 1..]),
        ends_sentence: ends(&['.', '!', '?']),
        language,
    }
}

/// Whether one of the marks stands between two words, or a line ends there. Marks inside
/// numbers ("1.250,50"), behind them ("30. Juni") and behind a title do not count.
fn has_mark(view: &str, between: Range<usize>, marks: &[char]) -> bool {
    let titled = is_title(view[..between.start].rsplit([' ', '\n', '(']).next().unwrap_or(""));
    view[between.clone()].char_indices().any(|(at, mark)| {
        let at = between.start + at;
        let left = view[..at].chars().next_back();
        let closes =
            view[at + mark.len_utf8()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        let next = view[at + mark.len_utf8()..].trim_start().chars().next();
        let in_number = mark == '.'
            && left.is_some_and(|c| c.is_ascii_digit())
            && (!closes || next.is_some_and(|c| !c.is_uppercase()) || ordinal(&view[..at]));
        let dot = mark == '.' && (in_number || titled);
        mark == '\n' || marks.contains(&mark) && (closes || mark == '(') && !dot
    })
}

/// Whether a short number stands before a stop: "30. Juni".
fn ordinal(before: &str) -> bool {
    let bare = before.trim_end_matches(|c: char| c.is_ascii_digit());
    before.len() - bare.len() <= 2
        && bare.ends_with("am ")
            | bare.ends_with("dem ")
            | bare.ends_with("zum ")
            | bare.ends_with("den ")
}

fn is_title(word: &str) -> bool {
    TITLES.contains(word)
        || matches!(word, "No" | "Nr" | "Art" | "Abs" | "Sr" | "Sra" | "Sig" | "M")
}

/// Whether the next words begin another clause without a mark: "but …", "and we …".
fn opens_clause(view: &str, next: &[(ByteSpan, Option<&String>)]) -> bool {
    let word = |at: usize| next.get(at).and_then(|it| it.0.slice(view)).unwrap_or("");
    let subject = matches!(
        word(1),
        "we" | "I"
            | "you"
            | "he"
            | "she"
            | "they"
            | "it"
            | "the"
            | "wir"
            | "ich"
            | "er"
            | "sie"
            | "der"
            | "die"
            | "das"
    );
    matches!(word(0), "but" | "because" | "aber" | "weil" | "sondern")
        || matches!(word(0), "and" | "so" | "und") && subject
}

/// Words of French, Spanish, Italian and Portuguese that carry no meaning of their own.
const ROMANCE_LIGHT: &[&str] = &[
    "les", "des", "une", "est", "sont", "était", "été", "être", "que", "qui", "dans", "par",
    "pour", "sur", "avec", "sans", "aux", "son", "ses", "leur", "leurs", "pas", "plus", "moins",
    "doit", "doivent", "peut", "peuvent", "avoir", "ont", "elle", "ils", "elles", "nous", "vous",
    "cette", "ces", "tous", "tout", "toute", "toutes", "los", "las", "una", "uno", "unos", "del",
    "con", "sin", "por", "para", "fue", "fueron", "ser", "ha", "han", "lo", "le", "su", "sus",
    "debe", "deben", "puede", "pueden", "tiene", "que", "más", "menos", "nadie", "ningún",
    "ninguna", "todo", "todos", "toda", "todas", "gli", "della", "delle", "dello", "degli", "dei",
    "dal", "dalla", "dall", "dell", "nel", "nella", "sono", "stato", "stata", "essere", "che",
    "chi", "per", "senza", "suo", "sua", "deve", "devono", "può", "possono", "più", "meno", "non",
    "tutti", "tutto", "tutte", "dos", "das", "pelo", "pela", "pelos", "pelas", "foi", "foram",
    "com", "sem", "não", "uma", "deve", "devem", "pode", "podem", "mais", "seu", "sua", "seus",
    "nenhum", "nenhuma", "aucun", "aucune", "nessun", "nessuna", "jamais", "nunca", "mai",
];

/// Whether a word carries meaning that a negation or modal can govern.
pub(super) fn is_content(token: &Token<'_>) -> bool {
    const LIGHT: &[&str] = &[
        "been", "being", "were", "be", "am", "there", "yet", "only", "just", "also", "than",
        "more", "less", "later", "very", "to", "been", "sein", "worden", "wurde", "wurden",
        "haben", "hat", "hatte", "wurden", "wird", "werden", "muss", "müssen", "darf", "dürfen",
        "kann", "können", "soll", "sollen", "nicht", "kein", "keine", "alle", "vom", "über",
        "dass", "ein", "noch", "auch", "mehr", "having", "much", "many", "us", "me", "them", "him",
        "still", "please", "kindly", "hereby", "thus", "however", "already", "always",
    ];
    let word = token.lower.as_str();
    if token.is_figure() {
        return true;
    }
    let adverb = word.len() > 4 && word.ends_with("ly");
    let marks = matches!(
        word,
        "not"
            | "never"
            | "none"
            | "nor"
            | "cannot"
            | "nicht"
            | "need"
            | "required"
            | "obliged"
            | "allowed"
            | "permitted"
            | "entitled"
    );
    // Names know these as no names; here they are what is spoken of.
    if matches!(word, "agreement" | "contract" | "signed" | "schedule" | "vertrag" | "vereinbarung")
    {
        return true;
    }
    let light = word.chars().count() < 3
        || LIGHT.contains(&word)
        || ROMANCE_LIGHT.contains(&word)
        || is_function(word);
    !(light || adverb || marks || word.ends_with("n't"))
}

const IRREGULAR: &[(&str, &str)] = &[
    ("paid", "pay"),
    ("repaid", "repay"),
    ("drew", "draw"),
    ("drawn", "draw"),
    ("rose", "rise"),
    ("risen", "rise"),
    ("fell", "fall"),
    ("fallen", "fall"),
    ("led", "lead"),
    ("lent", "lend"),
    ("grew", "grow"),
    ("grown", "grow"),
    ("won", "win"),
    ("struck", "strike"),
    ("overtook", "overtake"),
    ("overtaken", "overtake"),
    ("sent", "send"),
    ("made", "make"),
    ("gave", "give"),
    ("given", "give"),
    ("took", "take"),
    ("taken", "take"),
    ("kept", "keep"),
    ("left", "leave"),
    ("told", "tell"),
    ("held", "hold"),
    ("met", "meet"),
    ("sold", "sell"),
    ("bought", "buy"),
    ("brought", "bring"),
    ("got", "get"),
    ("wrote", "write"),
    ("written", "write"),
    ("began", "begin"),
    ("begun", "begin"),
    ("knew", "know"),
    ("known", "know"),
    ("came", "come"),
    ("went", "go"),
    ("gone", "go"),
    ("said", "say"),
    ("found", "find"),
    ("lost", "lose"),
    ("built", "build"),
    ("spent", "spend"),
    ("broke", "break"),
    ("broken", "break"),
    ("saw", "see"),
    ("seen", "see"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("chose", "choose"),
    ("chosen", "choose"),
    ("signing", "sign"),
];

/// A word without its endings; in other languages than English its first letters, since
/// they bend words at the end in too many ways.
pub(super) fn stem(lower: &str, language: Language) -> String {
    match language {
        Language::English | Language::Other => english_stem(lower),
        _ => {
            let plain = lower.strip_prefix("ge").filter(|_| language == Language::German);
            let plain = plain.filter(|rest| rest.chars().count() > 4).unwrap_or(lower);
            plain.chars().take(STEM_LETTERS).map(plain_letter).collect()
        }
    }
}

const STEM_LETTERS: usize = 5;

/// A letter without its accent.
fn plain_letter(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        letter => letter,
    }
}

fn english_stem(lower: &str) -> String {
    let bare = lower.trim_end_matches("'s");
    if let Some((_, base)) = IRREGULAR.iter().find(|(form, _)| *form == bare) {
        return cut(base).to_owned();
    }
    for (ending, instead) in [("ies", "y"), ("ied", "y"), ("ying", "y")] {
        if let Some(root) = bare.strip_suffix(ending).filter(|root| root.len() > 2) {
            return format!("{root}{instead}");
        }
    }
    for ending in ["able", "ing", "ed", "es", "s", "ment"] {
        if let Some(root) =
            bare.strip_suffix(ending).filter(|root| root.len() > 2 && !root.ends_with('s'))
        {
            let mut letters = root.chars();
            let doubled = letters.next_back() == letters.next_back() && !root.ends_with(['l', 's']);
            let single = root.char_indices().next_back().map_or(0, |(at, _)| at);
            return cut(if doubled { &root[..single] } else { root }).to_owned();
        }
    }
    cut(bare).to_owned()
}

fn cut(root: &str) -> &str {
    root.strip_suffix('e').filter(|it| it.len() > 2).unwrap_or(root)
}
