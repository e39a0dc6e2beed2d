//! Sentences and clause items of a view. It knows list labels, and nothing of what a
//! sentence says; which stop ends one is told by the sentences of the whole program.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;
use crate::domain::sentence::is_sentence_end;
use crate::domain::span::ByteSpan;

/// A label in front of a clause or an item: "3.2", "(a)", "1.", "Q.".
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:[-*•·▪‣–—|>#]+\s+|\(?(?:\d{1,3}(?:\.\d{1,3})*|\p{L}|[ivxIVX]{1,5})[.)]\s+|\(\w{1,4}\)\s*|\d{1,2}(?:\.\d{1,2})+\s+|§+\s*\d+\w?\s+|[QA](?:[.:]\s+|\s{2,}))+",
    )
});

/// How a piece of text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A full stop, a question or exclamation mark.
    Sentence,
    /// A semicolon.
    Item,
    /// A colon, with items to follow, at the end of a line.
    LeadIn,
    /// The paragraph ended without a mark.
    Open,
}

/// What stands in front of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// "1.", "3.2"
    Number,
    /// "(a)", "b)", "(iv)", "(1)"
    Bracket,
    /// "-", "•", "a."
    Other,
}

impl Label {
    fn of(text: &str) -> Self {
        let text = text.trim();
        if text.ends_with(')') {
            Self::Bracket
        } else if text.starts_with(|c: char| c.is_ascii_digit()) {
            Self::Number
        } else {
            Self::Other
        }
    }
}

/// A sentence, or an item of a list up to its semicolon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Without the label, without white space at the ends, with the closing mark.
    pub span: ByteSpan,
    pub label: Option<Label>,
    pub ending: Ending,
}

/// The sentences and items of a view, in order.
pub(crate) fn sentences(view: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, mark) in
        view.char_indices().filter(|(_, c)| matches!(c, '\n' | '.' | '!' | '?' | ';' | ':'))
    {
        let end = at + mark.len_utf8();
        let ending = match mark {
            '\n' => Some(Ending::Open),
            ';' => Some(Ending::Item),
            ':' => view[end..].trim_start_matches(' ').starts_with('\n').then_some(Ending::LeadIn),
            '.' => ends_sentence(view, start, at).then_some(Ending::Sentence),
            _ => view[end..].starts_with([' ', '\n', '"', '”', ')']).then_some(Ending::Sentence),
        };
        let Some(ending) = ending else { continue };
        let end = if ending == Ending::Sentence { with_closing_quotes(view, end) } else { end };
        if end > start {
            pieces.extend(piece(view, ByteSpan::new(start, end), ending));
            start = end;
        }
    }
    pieces.extend(piece(view, ByteSpan::new(start, view.len()), Ending::Open));
    pieces
}

fn with_closing_quotes(view: &str, end: usize) -> usize {
    let closing =
        view[end..].chars().take_while(|c| matches!(c, '"' | '”' | '’' | ')' | '“' | '»'));
    end + closing.map(char::len_utf8).sum::<usize>()
}

fn ends_sentence(view: &str, start: usize, at: usize) -> bool {
    let rest = view[with_closing_quotes(view, at + 1)..].trim_start_matches(' ');
    let spaced = rest.len() < view.len() - at - 1 || rest.is_empty();
    if !spaced {
        return false;
    }
    let next = rest.chars().next();
    if next.is_none() || next == Some('\n') {
        return true;
    }
    is_sentence_end(&view[start..at], rest)
}

fn piece(view: &str, span: ByteSpan, ending: Ending) -> Option<Piece> {
    let text = &view[span.start..span.end];
    let trimmed = text.trim();
    let begin = span.start + (text.len() - text.trim_start().len());
    let label = LABEL.find(trimmed).map_or(0, |label| label.end());
    let inner = &trimmed[label..];
    let has_words = inner.chars().any(char::is_alphanumeric);
    has_words.then(|| Piece {
        span: ByteSpan::new(begin + label, begin + trimmed.len()),
        label: (label > 0).then(|| Label::of(&trimmed[..label])),
        ending,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(view: &str) -> Vec<&str> {
        sentences(view)
            .iter()
            .map(|piece| piece.span.slice(view).expect("a span of the view"))
            .collect()
    }

    #[test]
    fn abbreviations_and_numbers_end_no_sentence() {
        assert_eq!(
            texts(
                "Acme Inc. and Mr. Hale signed on the 1. March. They left, e.g. by car. Version 2.5 is out."
            ),
            [
                "Acme Inc. and Mr. Hale signed on the 1. March.",
                "They left, e.g. by car.",
                "Version 2.5 is out."
            ]
        );
    }

    #[test]
    fn a_division_or_a_figure_at_the_end_ends_the_sentence() {
        assert_eq!(
            texts(
                "The fee is set in Section 2. Invoices go to Acme Inc. The rest is in Annex A. It ends."
            ),
            [
                "The fee is set in Section 2.",
                "Invoices go to Acme Inc.",
                "The rest is in Annex A.",
                "It ends."
            ]
        );
    }

    #[test]
    fn items_end_at_semicolons_and_lose_their_labels() {
        let view = "3.2 The Buyer shall:\n(a) pay the price; and\n(b) insure the goods.\n";
        assert_eq!(texts(view), ["The Buyer shall:", "pay the price;", "and", "insure the goods."]);
        let pieces = sentences(view);
        assert_eq!(pieces[0].ending, Ending::LeadIn);
        assert_eq!((pieces[1].label, pieces[2].label), (Some(Label::Bracket), None));
    }
}
