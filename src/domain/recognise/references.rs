//! Mentions of another part of the same document: "Section 4.2(a)", "§ 5 Abs. 2",
//! "Anlage 2". It does not know whether that part is there; sections of statutes are
//! none of its business.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::pattern::pattern;
use super::view::back;
use super::{Context, Language};
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;

/// A word for a part with its forms, as the value calls it. A form in capitals is met
/// only with a large first letter: its small one is an ordinary word.
const PARTS: &[(&str, &[&str])] = &[
    ("Section", &["section", "sections", "sec.", "sect.", "secs."]),
    ("Subsection", &["subsection", "subsections", "sub-section", "sub-sections"]),
    ("Article", &["article", "articles"]),
    ("Clause", &["clause", "clauses"]),
    ("Subclause", &["subclause", "sub-clause", "subclauses", "sub-clauses"]),
    ("Paragraph", &["paragraph", "paragraphs", "subparagraph", "sub-paragraph", "para."]),
    ("Exhibit", &["Exhibit", "Exhibits"]),
    ("Schedule", &["Schedule", "Schedules"]),
    ("Annex", &["Annex", "Annexes"]),
    ("Appendix", &["Appendix", "Appendices"]),
    ("Attachment", &["Attachment", "Attachments"]),
    ("Abschnitt", &["Abschnitt", "Abschnitte", "Abschnitten", "Abschnitts"]),
    ("Ziffer", &["Ziffer", "Ziffern", "Ziff."]),
    ("Artikel", &["Artikel", "Artikeln", "Artikels"]),
    ("Absatz", &["Absatz", "Absätze", "Absätzen", "Absatzes"]),
    ("Klausel", &["Klausel", "Klauseln"]),
    ("Anlage", &["Anlage", "Anlagen"]),
    ("Anhang", &["Anhang", "Anhänge", "Anhängen"]),
    ("Annexe", &["annexe"]),
    ("Paragraphe", &["paragraphe", "paragraphes"]),
    ("Alinéa", &["alinéa", "alinéas"]),
    ("Cláusula", &["cláusula", "cláusulas"]),
    ("Artículo", &["artículo", "artículos"]),
    ("Sección", &["sección", "secciones"]),
    ("Apartado", &["apartado", "apartados"]),
    ("Párrafo", &["párrafo"]),
    ("Anexo", &["Anexo", "Anexos"]),
    ("Apéndice", &["Apéndice"]),
    ("Articolo", &["articolo", "articoli"]),
    ("Clausola", &["clausola", "clausole"]),
    ("Sezione", &["sezione", "sezioni"]),
    ("Allegato", &["Allegato", "Allegati", "allegato"]),
    ("Paragrafo", &["paragrafo", "paragrafi"]),
    ("Artigo", &["artigo", "artigos"]),
    ("Seção", &["seção", "seções", "secção", "secções"]),
    ("Parágrafo", &["parágrafo"]),
    ("Alínea", &["alínea"]),
];

/// What numbers a part: "4.2(a)(ii)", "XII", "B-1", "(c)".
const NUMBER: &str = r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){0,4}(?:[a-zA-Z]\b)?(?:\x20?\([0-9A-Za-z]{1,4}\)){0,4}|[IVXLC]{1,7}\b(?:\.[0-9]{1,3})*(?:\([0-9A-Za-z]{1,4}\)){0,3}|[A-Z](?:[-.]?[0-9]{1,2})?\b(?:\([0-9A-Za-z]{1,4}\))?|(?:\([0-9A-Za-z]{1,4}\)){1,4})";

/// What joins two numbers of one mention.
const JOINT: &str = r"\x20*(?:,|;)?\x20*(?:and/or|and|or|through|to|und|oder|bis|sowie|et|ou|à|y|e|o|a|al|&|[-–—,])\x20*";

/// A word for a part with its number or numbers; "§" with its divisions.
static MENTION: LazyLock<Regex> = LazyLock::new(|| {
    let mut words: Vec<String> = PARTS
        .iter()
        .flat_map(|(_, forms)| forms.iter())
        .flat_map(|form| {
            let first: String = form.chars().take(1).collect();
            let rest: String = form.chars().skip(1).collect();
            let shout = form.to_uppercase();
            let small = if form.starts_with(char::is_lowercase) { &*first } else { "" };
            let class = format!("[{}{small}]{}", first.to_uppercase(), regex::escape(&rest));
            [class, regex::escape(&shout)]
        })
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let (words, number) = (words.join("|"), NUMBER);
    pattern(&format!(
        r#"(?:\b(?P<part>{words}|[Aa]rts?\.|ART\.)|(?P<sign>§{{1,2}}))\x20{{0,3}}["“„]?(?P<n>{number})["”“]?(?P<div>(?:,?\x20(?:Abs(?:atz|\.)|Satz|S\.|Nr\.|Nummer|lit\.|Buchst(?:abe|\.)|Unterabs(?:atz|\.))\x20?(?:[0-9]{{1,3}}|[a-z]\b)\)?){{0,4}})"#
    ))
});

static ANOTHER: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r#"^{JOINT}["“]?(?P<n>{NUMBER})["”]?"#)));

/// What makes a mention one of a statute.
static STATUTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:\x20?\((?:\w{1,4})\))*,?\s+(?:(?:of|under|to)\s+(?:the\s+|such\s+|said\s+)?(?:[\w’'.,-]+\s+){0,8}?(?:Act|Code|Codes|Regulations?|Law|Laws|Directive|Statutes?|Constitution|Rules|Treaty|GDPR|U\.S\.C|ERISA|RCW|CPLR)\b|(?:(?:des|der|dem|vom)\s+)?(?:[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,6}G|BGB|HGB|ZPO|StGB|DS-?GVO|GDPR|RGPD|EGBGB|InsO|VOB(?:/B)?|UrhG|VVG|AEUV|[A-ZÄÖÜ]\p{L}+(?:gesetz(?:es|buchs?|buches)?|verordnung|ordnung))\b|(?:du|de\s+la|del|della|do|da)\s+(?:[Cc]ode|[Cc]ódigo|[Cc]odice|[Ll]oi|[Ll]ey|[Ll]egge|[Ll]ei|[Rr]èglement|[Rr]eglamento|[Dd]ecreto|D\.\s?[Ll]gs)\b)",
    )
});

/// Numbers behind one word, at most.
const MOST: usize = 12;

/// The mentions in a view, in order.
pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let mut found = Vec::new();
    for mention in MENTION.captures_iter(view) {
        read(view, &mention, context, &mut found);
    }
    found
}

fn read(view: &str, mention: &Captures<'_>, context: Context, found: &mut Vec<Fact>) {
    let (Some(all), Some(number)) = (mention.get(0), mention.name("n")) else { return };
    let part = mention.name("part").map(|part| part.as_str());
    let Some(word) = called(part, context.language) else { return };
    let small = part.is_some_and(|part| part.starts_with(char::is_lowercase));
    let after = &view[all.end()..];
    let lettered = number.as_str().starts_with(|c: char| c.is_uppercase());
    if small && lettered
        || glued(view, all.start(), after)
        || STATUTE.is_match(after)
        || is_heading(view, all.start(), after)
    {
        return;
    }
    let division = mention.name("div").map_or("", |it| it.as_str()).trim_end();
    let end = if division.is_empty() {
        closed(view, number.end())
    } else {
        number.end() + division.len()
    };
    let value = format!("{word} {}{division}", tight(number.as_str()));
    found.push(fact(ByteSpan::new(all.start(), end), value));
    // A further number counts behind a plural, or where it looks like the first one.
    let plural = part.map_or_else(
        || mention.name("sign").is_some_and(|sign| sign.as_str() == "§§"),
        |part| is_plural(part, word),
    );
    let mut from = end;
    for _ in 0..MOST {
        let Some(another) = ANOTHER.captures(&view[from..]) else { break };
        let Some(number) = another.name("n") else { break };
        let figures = number.as_str().bytes().all(|b| b.is_ascii_digit());
        if figures && !plural || glued(view, from + number.start(), &view[from + number.end()..]) {
            break;
        }
        let span = ByteSpan::new(from + number.start(), from + number.end());
        found.push(fact(span, format!("{word} {}", tight(number.as_str()))));
        from += another.get(0).map_or(1, |all| all.end());
    }
}

fn fact(span: ByteSpan, value: String) -> Fact {
    Fact {
        kind: FactKind::Reference,
        span,
        value: Some(Value::Text(value)),
        rule: "reference",
        doubt: None,
    }
}

/// What the value calls a part that the text calls `part`; a sign where there is no word.
fn called(part: Option<&str>, language: Language) -> Option<&'static str> {
    let Some(part) = part else {
        return Some(if language == Language::English { "Section" } else { "§" });
    };
    let lower = part.to_lowercase();
    if lower.trim_end_matches(['.', 's']) == "art" {
        return Some(match language {
            Language::German => "Artikel",
            Language::Spanish => "Artículo",
            Language::Italian => "Articolo",
            Language::Portuguese => "Artigo",
            Language::English | Language::French | Language::Other => "Article",
        });
    }
    PARTS
        .iter()
        .find(|(_, forms)| forms.iter().any(|form| form.to_lowercase() == lower))
        .map(|(name, _)| *name)
}

fn is_plural(part: &str, word: &str) -> bool {
    !part.eq_ignore_ascii_case(word) && !part.ends_with('.')
}

/// With a closing quotation mark behind the number.
fn closed(view: &str, end: usize) -> usize {
    let quote = view[end..].chars().next().filter(|c| matches!(c, '"' | '”' | '“'));
    let opened = quote.is_some() && view[..end].ends_with(char::is_alphanumeric);
    let opened =
        opened && view[..end].chars().rev().nth(1).is_some_and(|c| matches!(c, '"' | '“' | '„'));
    end + if opened { quote.map_or(0, char::len_utf8) } else { 0 }
}

/// "4.2 (a)" as "4.2(a)".
fn tight(number: &str) -> String {
    number.replace(' ', "")
}

/// Whether the mention is a piece of something longer: "subsections4", "Section 12:30".
fn glued(view: &str, start: usize, after: &str) -> bool {
    view[..start].ends_with(|c: char| c.is_alphanumeric())
        || after
            .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | '°' | '/' | '€' | '$'))
}

/// Whether the words are the heading of the part itself: they open a line, and a title,
/// a mark or the end of the line follows.
fn is_heading(view: &str, start: usize, after: &str) -> bool {
    const LINE: usize = 200;
    let line = view[back(view, start, LINE)..start].rsplit('\n').next().unwrap_or_default();
    if line.chars().any(char::is_alphanumeric) {
        return false;
    }
    let rest = after.trim_start_matches([' ', '\t']);
    let title = rest.trim_start_matches(['.', ':', '-', '–', '—', ' ', '\t', '"', '“']);
    rest.is_empty()
        || rest.starts_with(['\n', ':', '–', '—', '-', '|'])
        || title.starts_with(|c: char| c.is_uppercase() || c == '\n')
        || title.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_mentions(language: Language, text: &str, expected: &[(&str, &str)]) {
        let context = Context { language, order: None };
        let found: Vec<(String, String)> = find(text, context)
            .into_iter()
            .map(|fact| {
                let Some(Value::Text(value)) = fact.value else { panic!("no value") };
                (fact.span.slice(text).expect("inside the text").to_owned(), value)
            })
            .collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(words, value)| ((*words).into(), (*value).into())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn parts_of_english_contracts_are_read() {
        for (text, words, value) in [
            ("as set out in Section 4.2(a) above", "Section 4.2(a)", "Section 4.2(a)"),
            ("under section 4.2 (b)(ii) hereof", "section 4.2 (b)(ii)", "Section 4.2(b)(ii)"),
            ("pursuant to Article XII", "Article XII", "Article XII"),
            ("subject to Clause 7,", "Clause 7", "Clause 7"),
            ("listed in Exhibit B attached", "Exhibit B", "Exhibit B"),
            ("listed in Exhibit \"C\" attached", "Exhibit \"C\"", "Exhibit C"),
            ("see Schedule 1.", "Schedule 1", "Schedule 1"),
            ("see Annex A-2.", "Annex A-2", "Annex A-2"),
            ("in paragraph (c) above", "paragraph (c)", "Paragraph (c)"),
            ("under Sec. 9.3 of this Agreement", "Sec. 9.3", "Section 9.3"),
            ("by § 3.1 hereof", "§ 3.1", "Section 3.1"),
        ] {
            assert_mentions(Language::English, text, &[(words, value)]);
        }
    }

    #[test]
    fn several_numbers_behind_one_word_are_several_mentions() {
        assert_mentions(
            Language::English,
            "Sections 3, 4.1 and 5 survive.",
            &[("Sections 3", "Section 3"), ("4.1", "Section 4.1"), ("5", "Section 5")],
        );
        assert_mentions(
            Language::German,
            "nach §§ 3 und 4 sowie den Ziffern 5 bis 7",
            &[("§§ 3", "§ 3"), ("4", "§ 4"), ("Ziffern 5", "Ziffer 5"), ("7", "Ziffer 7")],
        );
        assert_mentions(
            Language::English,
            "in Section 3 and 4 weeks later",
            &[("Section 3", "Section 3")],
        );
    }

    #[test]
    fn parts_of_contracts_in_other_languages_are_read() {
        for (language, text, words, value) in [
            (Language::German, "gemäß § 5 Abs. 2 dieses Vertrags", "§ 5 Abs. 2", "§ 5 Abs. 2"),
            (Language::German, "nach Ziffer 3.4", "Ziffer 3.4", "Ziffer 3.4"),
            (Language::German, "siehe Anlage 2", "Anlage 2", "Anlage 2"),
            (Language::German, "wie in Art. 12 geregelt", "Art. 12", "Artikel 12"),
            (Language::Other, "conformément à l'article 4 du contrat", "article 4", "Article 4"),
            (Language::Other, "según la cláusula 8.1 y", "cláusula 8.1", "Cláusula 8.1"),
            (Language::Other, "del artículo 12 del contrato", "artículo 12", "Artículo 12"),
            (Language::Other, "en el Anexo II se", "Anexo II", "Anexo II"),
            (Language::Other, "di cui all'allegato 3", "allegato 3", "Allegato 3"),
            (Language::Other, "nos termos do artigo 9", "artigo 9", "Artigo 9"),
        ] {
            assert_mentions(language, text, &[(words, value)]);
        }
    }

    #[test]
    fn headings_statutes_and_ordinary_words_are_no_mentions() {
        for text in [
            "Section 4.2 Payment. The fee is due.",
            "ARTICLE IX\nTermination",
            "EXHIBIT A\n",
            "Section 406 of the Securities Act of 1933",
            "in the article I wrote",
            "on schedule 1 hour later",
            "the exhibit A visitor sees",
        ] {
            assert_mentions(Language::English, text, &[]);
        }
        assert_mentions(Language::German, "nach § 433 Abs. 1 BGB und Art. 6 DSGVO", &[]);
        assert_mentions(Language::German, "gemäß § 5 des Bundesdatenschutzgesetzes", &[]);
    }
}
