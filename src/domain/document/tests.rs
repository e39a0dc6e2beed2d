use super::*;
use crate::domain::marks::{Aside, Landmark};

fn two_pages() -> Document {
    let pages = ["first\nsecond\n\n", "third\nfourth"];
    Document::of_pages("a.pdf", Format::Pdf, &pages.map(|page| (page, PageState::Text)))
}

#[test]
fn lines_are_counted_within_their_page() {
    let doc = two_pages();
    let at = |word: &str| doc.place(doc.text.find(word).expect("word is in the text"));
    assert_eq!(at("first"), Place { page: 1, line: 1 });
    assert_eq!(at("second"), Place { page: 1, line: 2 });
    assert_eq!(at("third"), Place { page: 2, line: 1 });
    assert_eq!(at("fourth"), Place { page: 2, line: 2 });
}

#[test]
fn an_offset_past_the_end_is_the_last_line() {
    assert_eq!(two_pages().place(9_999), Place { page: 2, line: 2 });
}

fn span_of(doc: &Document, words: &str) -> ByteSpan {
    let start = doc.text.find(words).expect("the words are in the text");
    ByteSpan::new(start, start + words.len())
}

#[test]
fn a_place_is_cited_by_page_only_where_pages_are_printed() {
    let mut doc = two_pages();
    assert_eq!(doc.cite(span_of(&doc, "fourth")), "p. 2, line 2");
    doc.format = Format::Docx;
    doc.pages = vec![Page { span: ByteSpan::new(0, doc.text.len()), ..doc.pages.remove(0) }];
    assert_eq!(doc.cite(span_of(&doc, "fourth")), "line 5");
}

#[test]
fn a_deposition_is_cited_by_its_printed_pages_and_lines() {
    let mut doc = two_pages();
    let at = |word: &str| doc.text.find(word).expect("it is there");
    let line = |word, page, line| Landmark { at: at(word), cite: Cite::Line { page, line } };
    doc.marks.landmarks =
        vec![line("first", 112, 24), line("second", 112, 25), line("third", 113, 1)];
    let cited = |words: &str| doc.cite(span_of(&doc, words));
    assert_eq!(cited("first"), "112:24");
    assert_eq!(cited("first\n"), "112:24", "the end of a line is no other line");
    assert_eq!(cited("first\nsecond"), "112:24–25");
    assert_eq!(cited("second\n\nthird"), "112:25–113:1");
}

#[test]
fn a_recording_is_cited_by_the_time_at_which_the_words_are_said() {
    let mut doc = two_pages();
    doc.format = Format::Vtt;
    let at = |at, seconds| Landmark { at, cite: Cite::Time { seconds } };
    doc.marks.landmarks = vec![at(0, 5), at(6, 65), at(14, 3_600)];
    assert_eq!(doc.cite(span_of(&doc, "second\n\nthird")), "00:01:05");
    assert_eq!(doc.cite(span_of(&doc, "fourth")), "01:00:00");
}

#[test]
fn a_passage_is_shown_without_what_was_set_aside_in_it() {
    let mut doc = two_pages();
    let aside = span_of(&doc, "second");
    doc.marks.asides = vec![Aside { span: aside, kind: AsideKind::RunningHead }];
    assert_eq!(doc.without_asides(span_of(&doc, "first\nsecond\n\nthird")), "first\n\n\nthird");
    assert_eq!(doc.without_asides(span_of(&doc, "cond\n\nthird")), "\n\nthird");
    assert_eq!(doc.without_asides(aside), "second");
}
