//! The reader of plain text and Markdown: the text is the file's own, cut into
//! pages at form feeds and nowhere else.

use super::failure::ReadError;
use super::limits::Limits;
use super::protocol::PageRecord;
use super::{Extractor, Sink, encoding};
use crate::domain::document::PageState;

pub struct PlainText;

impl Extractor for PlainText {
    fn read(&self, source: &[u8], limits: &Limits, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let decoded = encoding::decode(source)?;
        if decoded.text.trim().is_empty() {
            return Err(ReadError::Blank);
        }
        let mut note = decoded.note;
        let most = usize::try_from(limits.pages).unwrap_or(usize::MAX);
        let pages: Vec<&str> = decoded.text.splitn(most, '\u{C}').collect();
        let pages = joined_again(&decoded.text, &pages);
        let of = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        for (n, text) in (1..).zip(pages) {
            let state = if text.trim().is_empty() { PageState::Empty } else { PageState::Text };
            let page = PageRecord {
                n,
                of,
                state,
                text: text.to_owned(),
                reader: "text".into(),
                note: note.take(),
            };
            if sink(page).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// The pieces with the form feed that ended each put back to its page, so that
/// the pages laid end to end are the text.
fn joined_again<'a>(text: &'a str, pieces: &[&str]) -> Vec<&'a str> {
    let mut start = 0;
    let mut pages = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let end = (start + piece.len() + '\u{C}'.len_utf8()).min(text.len());
        if end > start {
            pages.push(&text[start..end]);
        }
        start = end;
    }
    pages
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use proptest::prelude::*;

    fn read(source: &[u8]) -> Result<Vec<PageRecord>, ReadError> {
        let mut pages = Vec::new();
        PlainText.read(source, &Limits::default(), &mut |page| {
            pages.push(page);
            ControlFlow::Continue(())
        })?;
        Ok(pages)
    }

    #[test]
    fn a_form_feed_ends_a_page_and_belongs_to_it() {
        let pages = read(b"one\r\n\x0Ctwo\n\x0C \x0Cfour").expect("text");
        let texts: Vec<_> = pages.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(texts, ["one\r\n\u{C}", "two\n\u{C}", " \u{C}", "four"]);
        assert_eq!(pages[2].state, PageState::Empty);
        assert!(pages.iter().all(|p| p.of == 4));
    }

    #[test]
    fn a_form_feed_at_the_end_opens_no_page() {
        assert_eq!(read(b"one\n\x0C").expect("text").len(), 1);
    }

    #[test]
    fn white_space_alone_is_no_document() {
        assert_eq!(read(b" \n\n\t"), Err(ReadError::Blank));
    }

    proptest! {
        #[test]
        fn pages_laid_end_to_end_are_the_text(source in "[a-z\u{C}\r\n ü]{1,80}x") {
            let pages = read(source.as_bytes()).expect("it holds an x");
            let whole: String = pages.iter().map(|p| p.text.as_str()).collect();
            prop_assert_eq!(whole, source);
        }
    }
}
