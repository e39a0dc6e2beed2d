use std::cell::Cell;

use proptest::prelude::*;

use super::*;
use crate::domain::document::{Format, PageState};

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// A document of pages that are readable or not.
fn document(pages: &[(&str, PageState)]) -> Document {
    Document::of_pages("a.txt", Format::Txt, pages)
}

fn plain(text: &str) -> Document {
    document(&[(text, PageState::Text)])
}

fn texts(doc: &Document, budget: usize) -> Vec<String> {
    let cut = chunks(doc, None, budget, &words);
    cut.iter().map(|c| c.span.slice(&doc.text).expect("the span fits").to_owned()).collect()
}

/// A sentence of `n` words.
fn sentence(n: usize) -> String {
    format!("Some{} ending.", " words".repeat(n - 2))
}

#[test]
fn a_short_document_is_one_chunk() {
    let cut = chunks(&plain("One. Two.\n"), None, 100, &words);
    assert_eq!(cut, [Chunk { index: 0, span: ByteSpan::new(0, 10), tokens: 2 }]);
}

#[test]
fn a_well_filled_chunk_breaks_at_the_stronger_place() {
    let text = format!("{}\n\n## 2. Fees\n\n{}\n\n{}\n", sentence(70), sentence(15), sentence(30));
    let cut = texts(&plain(&text), 100);
    assert_eq!(cut.len(), 2);
    assert!(cut[1].starts_with("## 2. Fees"), "{cut:?}");
}

#[test]
fn a_poorly_filled_chunk_takes_sentences_of_the_next_paragraph() {
    let text = format!("{}\n\n{} {}\n", sentence(30), sentence(50), sentence(40));
    let cut = texts(&plain(&text), 100);
    assert_eq!(cut.iter().map(|c| words(c)).collect::<Vec<_>>(), [80, 40]);
}

#[test]
fn a_heading_stays_with_the_text_under_it() {
    let text = format!("{}\n\n# ANNEX\n\n## Fees\n\n{}\n", sentence(80), sentence(50));
    let cut = texts(&plain(&text), 100);
    assert!(cut[1].starts_with("# ANNEX"), "{cut:?}");
}

#[test]
fn a_question_stays_with_its_answer_where_there_is_a_choice() {
    let turn = "Q.  When did you sign the paper?\nA.  I signed it on the third of March.\n";
    for chunk in texts(&plain(&turn.repeat(12)), 50) {
        assert!(chunk.starts_with("Q.") && chunk.trim_end().ends_with("March."), "{chunk:?}");
    }
}

#[test]
fn an_over_long_sentence_is_cut_between_words_and_packs_well() {
    let cut = texts(&plain(&sentence(1_000)), 100);
    assert!(cut.len() <= 12, "{} chunks", cut.len());
    assert!(cut.iter().all(|c| words(c) <= 100 && !c.starts_with(' ')));
}

#[test]
fn a_huge_word_is_cut_between_characters() {
    let doc = plain(&"ä".repeat(1_000));
    let cut = chunks(&doc, None, 100, &|text| text.len());
    assert!(cut.iter().all(|c| c.tokens <= 100));
    assert_eq!(cut.iter().map(|c| c.span.len()).sum::<usize>(), 2_000);
}

#[test]
fn a_tiny_rest_is_evened_out() {
    let text = format!("{}\n\n{}\n\n{}\n", sentence(50), sentence(48), sentence(5));
    assert_eq!(texts(&plain(&text), 100).iter().map(|c| words(c)).collect::<Vec<_>>(), [50, 53]);
}

#[test]
fn no_chunk_spans_a_page_that_could_not_be_read() {
    let doc = document(&[
        ("One.\n\n", PageState::Text),
        ("Two.\n\n", PageState::Text),
        ("???\n\n", PageState::Garbled),
        ("Four.\n", PageState::Text),
    ]);
    assert_eq!(texts(&doc, 100), ["One.\n\nTwo.\n\n", "Four.\n"]);
}

#[test]
fn a_passage_limits_the_chunks_to_itself() {
    let doc = document(&[("One two. ", PageState::Text), ("Three four.", PageState::Text)]);
    let cut = chunks(&doc, Some(ByteSpan::new(4, 14)), 100, &words);
    assert_eq!(cut[0].span, ByteSpan::new(4, 14));
    assert_eq!(cut.len(), 1);
}

#[test]
fn an_estimate_that_is_too_low_is_found_out_by_counting_the_chunk() {
    // Counts more for the whole than for the sum of its parts.
    let steep = |text: &str| words(text) + words(text).pow(2) / 40;
    let doc = plain(&"One two three four five.\n\n".repeat(40));
    let cut = chunks(&doc, None, 50, &steep);
    assert!(cut.iter().all(|c| c.tokens <= 50), "{cut:?}");
    assert!(cut.len() <= 12, "{} chunks", cut.len());
}

#[test]
fn counting_stays_in_proportion_to_the_text() {
    let counted = Cell::new(0);
    let count = |text: &str| {
        counted.set(counted.get() + text.len());
        words(text)
    };
    let text = "The Supplier shall deliver.\nThe Client may refuse.\n\n".repeat(4_000);
    let doc = plain(&text);
    chunks(&doc, None, 800, &count);
    assert!(counted.get() < 4 * text.len(), "counted {} of {}", counted.get(), text.len());
}

#[test]
fn paragraphs_are_prose_items_and_clauses_without_headings_tables_and_code() {
    let text = "# Title\n\nOne line\nand its end.\n\n- an item\n- another\n\n| a | b |\n|---|---|\n\n```\ncode\n```\n\n4.1 The Client shall:\n(a) pay; and\n(b) wait.\n\nANNA: Hello.\nBO: Yes.\n";
    let shown: Vec<&str> =
        paragraphs(text).into_iter().map(|s| s.slice(text).expect("the span fits")).collect();
    assert_eq!(
        shown,
        [
            "One line\nand its end.",
            "- an item",
            "- another",
            "4.1 The Client shall:\n(a) pay; and\n(b) wait.",
            "ANNA: Hello.",
            "BO: Yes."
        ]
    );
}

#[test]
fn pieces_are_all_of_a_text_in_order() {
    let text = "# Title\n## Part\n\nOne line\nand its end.\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\nMore.\n";
    let shown: Vec<(&str, bool)> = pieces(text)
        .into_iter()
        .map(|piece| (piece.span.slice(text).expect("the span fits"), piece.prose))
        .collect();
    assert_eq!(
        shown,
        [
            ("# Title", false),
            ("## Part", false),
            ("One line\nand its end.", true),
            ("| a | b |\n|---|---|\n| c | d |", false),
            ("```\ncode\n```", false),
            ("More.", true)
        ]
    );
}

/// Pages made of the pieces that decide where chunks break.
fn pages() -> impl Strategy<Value = Vec<(String, bool)>> {
    let piece = prop_oneof![
        "[a-zA-Zé]{1,12} ",
        "([a-z]{1,8} ){1,9}",
        Just(". ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("\n# Heading\n".to_owned()),
        Just("\n4.2 Clause ".to_owned()),
        Just("\n(a) item ".to_owned()),
        Just("\nQ.  Why?\nA.  So.\n".to_owned()),
        Just("\n  12   ".to_owned()),
        "[^ ]{0,20}",
        "\\PC{0,6}",
    ];
    let page = proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat());
    proptest::collection::vec((page, proptest::bool::weighted(0.8)), 1..5)
}

fn state(readable: bool) -> PageState {
    if readable { PageState::Text } else { PageState::Failed }
}

proptest! {
    #[test]
    fn chunks_tile_exactly_the_readable_text_within_the_budget(
        pages in pages(),
        budget in 1..60_usize,
        by_bytes: bool,
        ends in (0.0..1.0_f64, 0.0..1.0_f64),
        narrowed: bool,
    ) {
        let pages: Vec<_> = pages.iter().map(|(p, r)| (p.as_str(), state(*r))).collect();
        let doc = document(&pages);
        #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, clippy::cast_possible_truncation)]
        let at = |share: f64| doc.text.floor_char_boundary((doc.text.len() as f64 * share) as usize);
        let passage = narrowed.then(|| ByteSpan::new(at(ends.0), at(ends.1)));
        let count = |text: &str| if by_bytes { text.len() } else { words(text) };
        let cut = chunks(&doc, passage, budget, &count);

        let mut covered = vec![false; doc.text.len()];
        for (i, chunk) in cut.iter().enumerate() {
            let own = chunk.span.slice(&doc.text).expect("on char boundaries");
            prop_assert_eq!(chunk.index, i);
            prop_assert_eq!(chunk.tokens, count(own));
            prop_assert!(chunk.tokens <= budget || own.chars().count() == 1);
            for byte in &mut covered[chunk.span.start..chunk.span.end] {
                prop_assert!(!*byte, "two chunks share a byte");
                *byte = true;
            }
        }
        prop_assert!(cut.windows(2).all(|w| w[0].span.end <= w[1].span.start));
        let chosen = passage.unwrap_or(ByteSpan::new(0, doc.text.len()));
        for page in &doc.pages {
            for (at, covered) in covered.iter().enumerate().take(page.span.end).skip(page.span.start) {
                let wanted = page.state == PageState::Text && chosen.start <= at && at < chosen.end;
                prop_assert_eq!(*covered, wanted, "byte {} of {:?}", at, doc.text);
            }
        }
    }

    #[test]
    fn paragraphs_are_in_order_and_inside_the_text(pages in pages()) {
        let text: String = pages.into_iter().map(|(page, _)| page).collect();
        let mut end = 0;
        for span in paragraphs(&text) {
            prop_assert!(span.start >= end && !span.is_empty());
            prop_assert!(span.slice(&text).is_some());
            end = span.end;
        }
    }
}
