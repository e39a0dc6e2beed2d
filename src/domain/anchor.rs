//! Finds where a quote stands in its source, or says why it does not. The
//! evidence rule of the whole program; knows nothing of who quoted or why.

mod edge;
mod near;
mod normal;

use std::cell::LazyCell;

use serde::{Deserialize, Serialize};

use self::normal::Form;
pub use self::normal::{Normalised, normalise};
use super::span::ByteSpan;

/// How a quote stands in a source. All spans point into that source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Anchor {
    /// Byte for byte.
    Exact(ByteSpan),
    /// The same but for white space, typographic variants, hyphenation at line
    /// ends, and what is printed on a page without being part of its text.
    Normalised(ByteSpan),
    /// Something close stands there. It is no evidence: `why` says what differs.
    Near { span: ByteSpan, why: String },
    /// Nothing like it stands there.
    Missing { why: String },
}

/// Finds `quote` in `source`. Of several occurrences the one that starts
/// nearest to the byte offset `hint` counts; without a hint the first that is
/// exact, or else the first.
///
/// An occurrence must begin and end at word boundaries: "assign" does not
/// stand in "reassign", "exclusive" not in "non-exclusive", "90,000" not in
/// "90,000,000", while "Acme" stands in "Acme's".
#[must_use]
pub fn anchor(quote: &str, source: &str, hint: Option<usize>) -> Anchor {
    let quote = quote.trim();
    if quote.is_empty() {
        return Anchor::Missing { why: "The quote is empty.".into() };
    }
    let forms = LazyCell::new(|| -> Vec<(Form, Normalised)> {
        Form::all(source, quote).into_iter().map(|form| (form, form.of(source))).collect()
    });
    let proved = |wording: &str| {
        let exact = exactly(wording, source, hint);
        if let Some(span) = exact.filter(|span| hint.is_none_or(|hint| span.start == hint)) {
            return Some(Anchor::Exact(span));
        }
        let found = forms.iter().filter_map(|(form, normal)| {
            in_normal(normal, form.of(wording).text.trim(), source, hint)
        });
        // The same words may stand nearer to the hint with a line break in them.
        let normal = nearest(found, hint).map(|span| (span, Anchor::Normalised(span)));
        let exact = exact.map(|span| (span, Anchor::Exact(span)));
        let both = exact.into_iter().chain(normal);
        both.min_by_key(|(span, _)| hint.map_or(0, |hint| span.start.abs_diff(hint)))
            .map(|(_, anchor)| anchor)
    };
    let inner = unquoted(quote);
    proved(quote)
        .or_else(|| proved(inner?))
        .unwrap_or_else(|| near::near(inner.unwrap_or(quote), source, hint))
}

/// The quote without a pair of quotation marks around all of it, which models add.
fn unquoted(quote: &str) -> Option<&str> {
    let pairs = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('‘', '’'), ('\'', '\'')];
    let inner = pairs
        .iter()
        .find_map(|(open, close)| quote.strip_prefix(*open)?.strip_suffix(*close))?
        .trim();
    (!inner.is_empty()).then_some(inner)
}

/// Where `wording` stands byte for byte, nearest to the hint.
fn exactly(wording: &str, source: &str, hint: Option<usize>) -> Option<ByteSpan> {
    let found = occurrences(source, wording)
        .map(|start| ByteSpan::new(start, start + wording.len()))
        .filter(|span| edge::is_whole(source, *span));
    nearest(found, hint)
}

/// Where `wording` stands when both are in normal form, nearest to the hint.
fn in_normal(
    normal: &Normalised,
    wording: &str,
    source: &str,
    hint: Option<usize>,
) -> Option<ByteSpan> {
    if wording.is_empty() {
        return None;
    }
    let found = occurrences(&normal.text, wording).filter_map(|start| {
        let own = ByteSpan::new(start, start + wording.len());
        // In the normal text only whole words count; hyphens and figures are
        // judged in the source, where a dash is still a dash.
        let span = normal.map_span(own);
        (edge::is_unbroken(&normal.text, own) && edge::is_whole(source, span)).then_some(span)
    });
    nearest(found, hint)
}

/// All starts of `wording` in `text`, overlapping ones included.
fn occurrences<'a>(text: &'a str, wording: &'a str) -> impl Iterator<Item = usize> + 'a {
    let step = wording.chars().next().map_or(1, char::len_utf8);
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find(wording)?;
        from = start + step;
        Some(start)
    })
}

fn nearest(found: impl Iterator<Item = ByteSpan>, hint: Option<usize>) -> Option<ByteSpan> {
    match hint {
        None => { found }.next(),
        Some(hint) => found.min_by_key(|span| span.start.abs_diff(hint)),
    }
}

#[cfg(test)]
mod tests;
