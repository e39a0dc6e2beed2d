//! The reader of plain text and Markdown: the text is the file's own, cut into
//! pages at form feeds and nowhere else. Times that a transcript has in it are
//! marked.

use super::failure::ReadError;
use super::options::Options;
use super::protocol::{PageRecord, Piece};
use super::{Extractor, Sink, encoding, times};
use crate::domain::document::PageState;
use crate::domain::marks::{Landmark, Marks};

pub struct PlainText;

impl Extractor for PlainText {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let decoded = encoding::decode(source)?;
        if decoded.text.trim().is_empty() {
            return Err(ReadError::Blank);
        }
        let mut note = decoded.note;
        let mut marks = Marks::default();
        times::mark(&decoded.text, &mut marks);
        let mut landmarks = marks.landmarks.as_slice();
        let most = usize::try_from(options.limits.pages).unwrap_or(usize::MAX);
        let pages = pages(&decoded.text, most);
        let of = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        let mut start = 0;
        for (n, text) in (1..).zip(pages) {
            let state = if text.trim().is_empty() { PageState::Empty } else { PageState::Text };
            let end = start + text.len();
            let marks = Marks { landmarks: until(&mut landmarks, start, end), ..Marks::default() };
            let page = PageRecord {
                n,
                of,
                state,
                text: text.to_owned(),
                marks,
                reader: "text".into(),
                note: note.take(),
            };
            start = end;
            if sink(Piece::Page(page)).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Takes the landmarks up to `end` of the text and counts them from `start`.
fn until(landmarks: &mut &[Landmark], start: usize, end: usize) -> Vec<Landmark> {
    let (here, later) = landmarks.split_at(landmarks.partition_point(|l| l.at < end));
    *landmarks = later;
    here.iter().map(|l| Landmark { at: l.at - start, cite: l.cite }).collect()
}

/// The text's pages, at most so many. The form feed that ends a page belongs to
/// it, so that the pages laid end to end are the text.
fn pages(text: &str, most: usize) -> Vec<&str> {
    let mut pages: Vec<&str> = text.splitn(most, '\u{C}').collect();
    let mut start = 0;
    for page in &mut pages {
        let end = (start + page.len() + '\u{C}'.len_utf8()).min(text.len());
        *page = &text[start..end];
        start = end;
    }
    pages.retain(|page| !page.is_empty());
    pages
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use proptest::prelude::*;

    fn read(source: &[u8]) -> Result<Vec<PageRecord>, ReadError> {
        let mut pages = Vec::new();
        PlainText.read(source, &Options::default(), &mut |piece| {
            if let Piece::Page(page) = piece {
                pages.push(page);
            }
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
    fn times_of_a_recording_are_marked_on_the_page_that_they_are_on() {
        let pages =
            read("[00:00:01] ä\n[00:00:05] b\n\x0C\n[00:00:09] c".as_bytes()).expect("text");
        let at = |page: usize| pages[page].marks.landmarks.iter().map(|l| l.at).collect::<Vec<_>>();
        assert_eq!((at(0), at(1)), (vec![0, 14], vec![1]));
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
