//! Results said in words: coverage, pages, places, values and the sentence
//! around a quote. Knows no file format; all text it gives is one clean line.

use std::fmt::Write as _;
use std::ops::Range;

use crate::domain::body::Body;
use crate::domain::document::{Document, Format, Page, PageState};
use crate::domain::fact::Value;
use crate::domain::finding::{Finding, Quote, RoleClaim};
use crate::domain::ledger::Coverage;
use crate::domain::sentence;
use crate::domain::span::ByteSpan;
pub(super) use crate::domain::words::grouped;
use crate::domain::words::readable;

/// Further places of a finding that are listed before the rest is counted.
const PLACES: usize = 4;

/// `text` on one line: white space folded to single spaces, and nothing that
/// could steer a terminal or break an XML file.
pub(super) fn clean(text: &str) -> String {
    let is_void = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.split(|c: char| c.is_whitespace() || is_void(c))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn bytes(count: usize) -> String {
    format!("{} {}", grouped(count as u64), if count == 1 { "byte" } else { "bytes" })
}

/// Wall time: "0.4 s", "41 s", "3 min 20 s".
pub(super) fn duration(seconds: f64) -> String {
    if seconds < 9.95 {
        return format!("{:.1} s", seconds.max(0.0));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 10")]
    let whole = seconds.round() as u64;
    if whole < 120 { format!("{whole} s") } else { format!("{} min {} s", whole / 60, whole % 60) }
}

/// What became of the text, as a sentence.
pub(super) fn coverage(sum: &Coverage) -> String {
    if sum.total == 0 {
        let pages = sum.unread_pages().map_or(String::new(), |pages| format!("; {pages}"));
        return format!("There was no text to read{pages}.");
    }
    let mut said = match sum.unread_pages() {
        None => {
            format!("Read {} % of {}", sum.per_cent(), bytes(sum.total - sum.aside()))
        }
        // A share of the text would pass for a share of the document.
        Some(pages) => {
            let read = grouped(sum.read as u64);
            format!("Read {read} of {} of text; {pages}", bytes(sum.total - sum.aside()))
        }
    };
    if sum.excluded > sum.aside() {
        let _ = write!(said, "; {} left out on purpose", bytes(sum.excluded - sum.aside()));
    }
    if let Some(why) = sum.why_aside() {
        let _ = write!(said, "; {} set aside: {why}", bytes(sum.aside()));
    }
    if sum.failed > 0 {
        let _ = write!(said, "; {} meant to be read and not read", bytes(sum.failed));
    }
    said + "."
}

/// The pages that hold no text to work on, a line for each run of pages that
/// fared alike.
pub(super) fn pages(pages: &[Page]) -> Vec<String> {
    let alike = |a: &Page, b: &Page| {
        a.state == b.state && a.note == b.note && a.n.checked_add(1) == Some(b.n)
    };
    pages
        .chunk_by(alike)
        .filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            let state = state(first.state)?;
            let which = if first.n == last.n {
                format!("Page {}", first.n)
            } else {
                format!("Pages {} to {}", first.n, last.n)
            };
            let note = first.note.as_deref().map(clean).filter(|note| !note.is_empty());
            Some(note.map_or(format!("{which}: {state}."), |n| format!("{which}: {state}. {n}")))
        })
        .collect()
}

fn state(state: PageState) -> Option<&'static str> {
    match state {
        PageState::Text => None,
        PageState::Scan => Some("a scanned image, its text was not read"),
        PageState::Empty => Some("empty"),
        PageState::Garbled => Some("no readable text came out"),
        PageState::Failed => Some("could not be read"),
    }
}

/// Where the quotes stand: "p. 3, line 12; also p. 4, line 2". `None` without quotes.
pub(super) fn places(quotes: &[Quote]) -> Option<String> {
    let (first, further) = quotes.split_first()?;
    let mut said = first.cited();
    for (at, quote) in further.iter().take(PLACES).enumerate() {
        let _ = write!(said, "; {}{}", if at == 0 { "also " } else { "" }, quote.cited());
    }
    match further.len().saturating_sub(PLACES) {
        0 => {}
        1 => said.push_str("; and 1 more place"),
        more => {
            let _ = write!(said, "; and {more} more places");
        }
    }
    Some(said)
}

/// A value for people: "EUR 4500.00", "2026-03-01".
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Amount { amount, currency } => clean(&format!("{currency} {amount}")),
        Value::Text(text) => clean(&readable(text).unwrap_or_else(|| text.clone())),
    }
}

/// What is known of a finding beside its value: "effective date, computed".
pub(super) fn known_of(finding: &Finding) -> Option<String> {
    let notes = &finding.notes;
    let mut known: Vec<String> = notes.roles.iter().map(RoleClaim::label).collect();
    if notes.derived {
        known.push("computed".into());
    }
    known.extend(notes.agreement.map(|agreement| agreement.to_string()));
    (!known.is_empty()).then(|| known.join(", "))
}

/// A quote on one line, without what was set aside in it and without the
/// source's printed line numbers.
pub(super) fn quote(doc: &Document, quote: &Quote) -> String {
    if quote.stands_in(doc) {
        return clean(&sentence::display(&doc.without_asides(quote.span)));
    }
    clean(&sentence::display(&quote.text))
}

/// A line of a document for reading: what is bold in a Markdown source loses
/// its asterisks. Evidence in result files for programs keeps them.
pub(super) fn unmarked(line: &str, format: Format) -> String {
    if format == Format::Md { line.replace("**", "") } else { line.to_owned() }
}

/// The sentences of a document, for showing quotes in their context.
pub(super) struct Context<'a> {
    doc: &'a Document,
    sentences: Vec<ByteSpan>,
}

impl<'a> Context<'a> {
    pub fn new(doc: &'a Document) -> Self {
        // What was set aside must not cut a sentence in two.
        let body = Body::of(doc, false);
        let sentences = sentence::sentences(&body.document().text);
        Self { doc, sentences: sentences.into_iter().map(|s| body.span(s)).collect() }
    }

    /// The sentence in which a quote stands, cut down to about `max`
    /// characters around it. `None` where the sentence says no more than the
    /// quote, or where the text is no longer the one that was quoted.
    pub fn around(&self, quoted: &Quote, max: usize) -> Option<String> {
        if !quoted.stands_in(self.doc) {
            return None;
        }
        let after = self.sentences.partition_point(|s| s.start <= quoted.span.start);
        let home = *self.sentences.get(after.checked_sub(1)?)?;
        if !home.contains(quoted.span) {
            return None;
        }
        let format = self.doc.format;
        let whole = clean(&sentence::display(&self.doc.without_asides(home)));
        let words = unmarked(&quote(self.doc, quoted), format);
        let whole = unmarked(&whole, format);
        if whole.chars().count() < words.chars().count() + 4 {
            return None;
        }
        let at = whole.find(&words).unwrap_or(0);
        Some(shorten(&whole, at..at + words.len(), max))
    }
}

/// At most about `max` characters of a line, cut between words, `keep` (bytes
/// of the line) among them; what is left out is shown as an ellipsis.
pub(super) fn shorten(line: &str, keep: Range<usize>, max: usize) -> String {
    if line.chars().count() <= max {
        return line.to_owned();
    }
    let kept = line.get(keep.clone()).map_or(0, |kept| kept.chars().count());
    let room = max.saturating_sub(kept);
    let (before, after) = (&line[..keep.start], &line[keep.end..]);
    let (lead, tail) = (before.chars().count(), after.chars().count());
    let lead_room = (room / 2).max(room.saturating_sub(tail)).min(lead);
    let tail_room = room - lead_room;
    let from = if lead_room >= lead {
        0
    } else {
        let cut = byte_of(before, lead - lead_room);
        before[cut..].find(' ').map_or(keep.start, |space| cut + space + 1)
    };
    let to = if tail_room >= tail {
        line.len()
    } else {
        let cut = byte_of(after, tail_room);
        let space = after[..cut].rfind(' ').unwrap_or(if kept == 0 { cut } else { 0 });
        keep.end + space
    };
    let open = if from > 0 { "… " } else { "" };
    let close = if to < line.len() { " …" } else { "" };
    format!("{open}{}{close}", line[from..to].trim())
}

/// Byte offset of the `n`th character.
fn byte_of(text: &str, n: usize) -> usize {
    text.char_indices().nth(n).map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests;
