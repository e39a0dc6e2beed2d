use proptest::prelude::*;

use super::*;

fn shown(text: &str) -> Vec<String> {
    sentences(text).iter().map(|s| display(s.slice(text).expect("the span fits"))).collect()
}

#[test]
fn hard_wrapped_lines_are_one_sentence() {
    let text =
        "The Supplier shall pay within\n30 days of the invoice. The Client\nmay not set off.\n";
    assert_eq!(
        shown(text),
        ["The Supplier shall pay within 30 days of the invoice.", "The Client may not set off."]
    );
}

#[test]
fn a_blank_line_ends_a_sentence() {
    assert_eq!(
        shown("between\n\nHalden Marine\n\nand others"),
        ["between", "Halden Marine", "and others"]
    );
}

#[test]
fn a_page_break_in_the_middle_of_a_sentence_does_not_end_it() {
    let text = "The Receiving Party agrees for the whole of the term that\n\n\n 7 \n\n\nit shall not use it.";
    assert_eq!(
        shown(text),
        ["The Receiving Party agrees for the whole of the term that it shall not use it."]
    );
}

#[test]
fn headings_and_items_are_sentences_of_their_own_without_their_marks() {
    let text = "# Notes\nThe plan holds\n- call Anna\n- write to Bo\n  about the fee\n\n4. Fees\n\n4.1 The fee is 5. It is due.\n";
    assert_eq!(
        shown(text),
        [
            "Notes",
            "The plan holds",
            "call Anna",
            "write to Bo about the fee",
            "4. Fees",
            "4.1 The fee is 5.",
            "It is due."
        ]
    );
}

#[test]
fn a_clause_number_in_wrapped_prose_is_no_clause() {
    let text = "The Buyer shall pay for the goods a sum of no more than\n4.2 million euros under this contract and no further sum.\n";
    assert_eq!(shown(text).len(), 1);
    let text = "The Buyer shall pay for the goods on the terms set out in\nSection 5 of this contract and no further sum is then due.\n";
    assert_eq!(shown(text).len(), 1);
}

#[test]
fn lettered_items_are_sentences_and_short_ones_join() {
    let text = "The Recipient shall:\n(a) keep the data secret at all times;\n(b) rent;\n(c) return all of it on request.\n";
    assert_eq!(
        shown(text),
        [
            "The Recipient shall:",
            "(a) keep the data secret at all times;",
            "(b) rent; (c) return all of it on request."
        ]
    );
}

#[test]
fn each_turn_of_a_transcript_is_cut_for_itself() {
    let text = "[00:01:05] Anna Berg: so we start\n[00:01:09] Bo: yes. We do.\nCHAIR: noted\n";
    assert_eq!(
        shown(text),
        ["[00:01:05] Anna Berg: so we start", "[00:01:09] Bo: yes.", "We do.", "CHAIR: noted"]
    );
}

const DEPOSITION: &str = "   6      BY MS. OKAFOR:
   7           Q.   Good morning. Please state your full name for the
   8      record.
   9           A.   Thomas Richard Brandt. It's Mr. Brandt.
  10                MR. GRAYLING:  Object to the form. Calls for a
  11      legal conclusion.
  12           Q.   Did your company ever ask for consent to use a

                                                                     5

   1      Subcontractor at Tolliver Road?
   2           A.   No. We did not.
";

#[test]
fn a_deposition_is_read_across_line_numbers_and_pages() {
    assert_eq!(
        shown(DEPOSITION),
        [
            "BY MS. OKAFOR:",
            "Q. Good morning.",
            "Please state your full name for the record.",
            "A. Thomas Richard Brandt.",
            "It's Mr. Brandt.",
            "MR. GRAYLING: Object to the form.",
            "Calls for a legal conclusion.",
            "Q. Did your company ever ask for consent to use a Subcontractor at Tolliver Road?",
            "A. No.",
            "We did not."
        ]
    );
}

#[test]
fn a_page_that_ends_in_an_empty_numbered_line_has_come_to_its_end() {
    let text = "  22      Letter of July 2, 2024\n  23      Work order\n  24      Alarm log, June 2024\n  25\n\n   1      The witness, having been duly sworn, testified.\n   2      He was heard.\n";
    let shown = shown(text);
    assert_eq!(shown[1], "The witness, having been duly sworn, testified.", "{shown:?}");
}

#[test]
fn a_line_that_begins_with_a_is_no_answer_outside_a_deposition() {
    let text = "It was agreed that the fee is due. It was seen by\nA. Smith and by B. Jones of the board.\n";
    assert_eq!(shown(text).len(), 2);
}

#[test]
fn table_rows_are_pieces_and_their_rules_are_not() {
    assert_eq!(
        shown("| Fee | Due |\n|---|---|\n| 4,500 | 1. March |\n"),
        ["| Fee | Due |", "| 4,500 | 1. March |"]
    );
}

#[test]
fn numbers_that_count_on_from_page_to_page_are_left_out_and_lone_figures_are_kept() {
    assert_eq!(
        shown("One ends.\n\n1\n\nTwo ends.\n2\n\nThree ends."),
        ["One ends.", "Two ends.", "Three ends."]
    );
    assert_eq!(shown("Quantity\n\n250\n\nPrice\n\n12"), ["Quantity", "250", "Price", "12"]);
}

#[test]
fn a_figure_at_a_line_start_stays_when_shown() {
    assert_eq!(display("within\n30 days\n\nof it"), "within 30 days of it");
    assert_eq!(display(" 12 "), "12");
    assert_eq!(
        display("state your name for the\n   8      record"),
        "state your name for the record"
    );
}

/// Text made of the pieces that decide where sentences end.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Zäß0-9]{1,9}",
        Just(". ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just(" ".to_owned()),
        Just("; (b) ".to_owned()),
        Just("\n  7   ".to_owned()),
        Just("\n4.2 ".to_owned()),
        Just("\n- ".to_owned()),
        Just("\nQ.  ".to_owned()),
        Just("\n# ".to_owned()),
        Just("!?” ".to_owned()),
        Just("…\u{a0}".to_owned()),
        "\\PC{0,5}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn sentences_are_in_order_trimmed_and_inside_the_text(text in texts()) {
        let mut end = 0;
        for span in sentences(&text) {
            prop_assert!(span.start >= end && !span.is_empty());
            let piece = span.slice(&text).expect("on char boundaries");
            prop_assert_eq!(piece.trim(), piece);
            end = span.end;
        }
    }

    #[test]
    fn every_word_stands_in_a_sentence_unless_it_is_a_mark_or_a_page_number(text in texts()) {
        let spans = sentences(&text);
        let lines = line::classify(&text);
        for line in lines.iter().filter(|line| line.has_words()) {
            let words = line.words();
            for (i, c) in text[words.start..words.end].char_indices() {
                let at = words.start + i;
                let covered = spans.iter().any(|s| s.start <= at && at < s.end);
                prop_assert!(covered || !c.is_alphanumeric(), "{c:?} at {at} of {text:?}");
            }
        }
    }

    #[test]
    fn lines_tile_the_text(text in texts()) {
        let mut at = 0;
        for line in line::classify(&text) {
            prop_assert_eq!(line.span.start, at);
            prop_assert!(line.span.contains(line.body) && line.words().len() <= line.body.len());
            at = line.span.end;
        }
        prop_assert_eq!(at, text.len());
    }
}
