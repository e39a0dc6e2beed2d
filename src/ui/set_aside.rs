//! What was set aside of a document's text, with its words, so that a person
//! can read what readers of the document do not see.

use std::collections::BTreeMap;

use super::words;
use crate::domain::document::Document;
use crate::domain::marks::{Aside, AsideKind};
use crate::domain::sentence;

/// Stretches of a kind whose words are told; the rest is counted.
const MOST_TOLD: usize = 12;
/// Characters told of one stretch.
const MOST_WORDS: usize = 160;

/// A kind of what was set aside, in words.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// "Comments: 3 stretches, 412 bytes".
    pub head: String,
    /// Whether it could not be seen in the document.
    pub is_hidden: bool,
    /// Each with its place.
    pub words: Vec<String>,
}

/// What was set aside, kind by kind.
pub fn told(doc: &Document) -> Vec<Told> {
    let amounts = doc.marks.set_aside().into_iter();
    amounts
        .map(|(kind, amount)| Told {
            head: format!(
                "{}: {}, {}",
                capital(kind.name()),
                stretches(amount.count),
                words::count(amount.bytes, "byte"),
            ),
            is_hidden: kind.is_hidden(),
            words: words_of(doc, kind),
        })
        .collect()
}

fn stretches(count: usize) -> String {
    let es = if count == 1 { "" } else { "es" };
    format!("{} stretch{es}", words::grouped(count))
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn words_of(doc: &Document, kind: AsideKind) -> Vec<String> {
    match kind {
        // Numbers from 1 to 25 on each page tell nobody anything.
        AsideKind::LineNumber => Vec::new(),
        AsideKind::ControlCharacters => control_characters(doc),
        AsideKind::RunningHead => different(doc, kind),
        _ => each(doc, kind),
    }
}

fn of_kind(doc: &Document, kind: AsideKind) -> impl Iterator<Item = &Aside> {
    doc.marks.asides.iter().filter(move |aside| aside.kind == kind)
}

fn clipped(doc: &Document, aside: &Aside) -> String {
    let line = sentence::display(aside.span.slice(&doc.text).unwrap_or_default());
    match line.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn each(doc: &Document, kind: AsideKind) -> Vec<String> {
    let told = |aside: &Aside| format!("{}: “{}”", doc.cite(aside.span), clipped(doc, aside));
    let mut all: Vec<String> = of_kind(doc, kind).take(MOST_TOLD).map(told).collect();
    all.extend(and_more(of_kind(doc, kind).count()));
    all
}

/// The same head stands on page after page; it is told once.
fn different(doc: &Document, kind: AsideKind) -> Vec<String> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for aside in of_kind(doc, kind) {
        *times.entry(clipped(doc, aside)).or_default() += 1;
    }
    let mut by_times: Vec<(String, usize)> = times.into_iter().collect();
    by_times.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let count = by_times.len();
    let told = by_times.into_iter().take(MOST_TOLD);
    let mut all: Vec<String> = told.map(|(head, times)| format!("“{head}”, {times} ×")).collect();
    all.extend(and_more(count));
    all
}

/// They have no look of their own: they are told by their code points.
fn control_characters(doc: &Document) -> Vec<String> {
    let mut times: BTreeMap<char, usize> = BTreeMap::new();
    let spans = of_kind(doc, AsideKind::ControlCharacters);
    for c in spans.filter_map(|aside| aside.span.slice(&doc.text)).flat_map(str::chars) {
        *times.entry(c).or_default() += 1;
    }
    let told = times.into_iter().take(MOST_TOLD);
    told.map(|(c, times)| format!("U+{:04X}, {times} ×", u32::from(c))).collect()
}

fn and_more(count: usize) -> Option<String> {
    let more = count.checked_sub(MOST_TOLD).filter(|more| *more > 0)?;
    Some(format!("and {} more; they stand dimmed in the source.", words::grouped(more)))
}

/// What stands beside an aside in the source, where it is one that readers of
/// the document do not see as part of its text.
pub fn label(kind: AsideKind) -> Option<&'static str> {
    match kind {
        AsideKind::RunningHead | AsideKind::LineNumber => None,
        AsideKind::Comment => Some("comment"),
        AsideKind::SameColour => Some("hidden: colour of the background"),
        AsideKind::Invisible => Some("hidden: invisible"),
        AsideKind::OffPage => Some("hidden: off the page"),
        AsideKind::Tiny => Some("hidden: too small to see"),
        AsideKind::ControlCharacters => Some("control characters"),
    }
}
