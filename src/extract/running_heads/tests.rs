//! What is a running head and what only looks like one.

use super::*;
use proptest::prelude::*;

/// The text of these pages as a PDF's stand in one, and their marks.
fn marked(sheets: &[&str]) -> (String, Marks) {
    let mut text = String::new();
    let mut pages = Vec::new();
    for (n, sheet) in (1..).zip(sheets) {
        let start = text.len();
        text.push_str(sheet);
        text.push_str("\n\n");
        let state = if sheet.is_empty() { PageState::Empty } else { PageState::Text };
        let span = ByteSpan::new(start, text.len());
        pages.push(Page { n, state, span, reader: "test".into(), note: None });
    }
    let mut marks = Marks::default();
    mark(&text, &pages, &mut marks);
    (text, marks)
}

/// What is set aside on these pages.
fn heads(sheets: &[&str]) -> Vec<String> {
    let (text, marks) = marked(sheets);
    let words = |aside: &crate::domain::marks::Aside| {
        aside.span.slice(&text).expect("on boundaries").to_owned()
    };
    marks.asides.iter().map(words).collect()
}

#[test]
fn a_title_above_and_a_number_below_are_set_aside_and_the_text_between_is_not() {
    let sheets = [
        "Lease of 1 May\nBetween Ada\nand Bob\nPage 1 of 3",
        "Lease of 1 May\nRent is due\nmonthly.\nPage 2 of 3",
        "  Lease of 1 May \nSigned\nin Rome\n\nPage 3 of 3 ",
    ];
    let expected = ["Lease of 1 May", "Page 1 of 3", "Lease of 1 May", "Page 2 of 3"];
    let found = heads(&sheets);
    assert_eq!(found[..4], expected);
    assert_eq!(found[4..], ["Lease of 1 May", "Page 3 of 3"]);
}

#[test]
fn two_pages_are_too_few_to_tell() {
    assert_eq!(heads(&["Lease\none\n1", "Lease\ntwo\n2"]), [""; 0]);
}

#[test]
fn left_and_right_pages_may_have_heads_of_their_own() {
    let (left, right) = ("Ada v. Bob\n", "Brief of Ada\n");
    let bodies = ["a b", "c d", "e f", "g h", "i j", "k l"];
    let sheets: Vec<String> = bodies
        .iter()
        .enumerate()
        .map(|(n, body)| format!("{}{body} text", if n % 2 == 0 { right } else { left }))
        .collect();
    let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
    let found = heads(&sheets);
    assert_eq!(found.len(), 6);
    assert_eq!(found[..2], ["Brief of Ada", "Ada v. Bob"]);
}

#[test]
fn numbers_count_as_the_page_s_only_where_they_go_up_with_the_pages() {
    let rising = ["cover", "one\n- i -", "two\n- ii -", "three\n- iii -", "four\n7", "five\n9"];
    assert_eq!(heads(&rising), ["- i -", "- ii -", "- iii -"]);
    // The numbers printed beside the first line of each page of a deposition.
    assert_eq!(heads(&["1\nQ. a", "1\nA. b", "1\nQ. c"]), [""; 0]);
}

#[test]
fn a_part_with_pages_of_its_own_is_counted_by_itself() {
    let sheets = ["a a\n1", "b b\n2", "c c\n3", "x x\nA-1", "y y\nA-2", "z z\nA-3"];
    assert_eq!(heads(&sheets), ["1", "2", "3", "A-1", "A-2", "A-3"]);
}

#[test]
fn the_name_of_a_section_is_a_head_where_every_section_has_its_own() {
    let said = |n: usize| format!("said {}", "x".repeat(n));
    let names = ["Definitions", "Payment", "Term and Notice"];
    let page = |n: usize| format!("Lease\n{}\n{}", names[n / 4], said(n + 1));
    let sheets: Vec<String> = (0..12).map(page).collect();
    let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
    let found = heads(&sheets);
    assert_eq!(found.len(), 12);
    assert_eq!(found[0], "Lease\nDefinitions");
    assert_eq!(found[11], "Lease\nTerm and Notice");
    // The heads of one long table among other pages belong to the table.
    let page = |n: usize| match n {
        3..7 => format!("Item and Price\n{}", said(n)),
        _ => said(n + 1),
    };
    let sheets: Vec<String> = (0..12).map(page).collect();
    let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
    assert_eq!(heads(&sheets), [""; 0]);
}

#[test]
fn pages_that_begin_with_the_same_word_keep_it() {
    let words = |n| ["rent", "term", "notice", "fee", "tax", "lien"].map(|word| word.repeat(n));
    let page = |n| format!("WHEREAS {}", words(n).join(" is\n"));
    let sheets: Vec<String> = (1..7).map(page).collect();
    let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
    assert_eq!(heads(&sheets), [""; 0]);
}

#[test]
fn headings_and_lines_to_sign_on_belong_to_the_text() {
    for line in ["Article 1", "Exhibit A", "Name:", "By: ________", "* * *"] {
        let sheets: Vec<String> = (1..5)
            .map(|n| format!("{}\nsaid {}", line.replace('1', &n.to_string()), "x".repeat(n)))
            .collect();
        let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
        assert_eq!(heads(&sheets), [""; 0], "{line}");
    }
}

#[test]
fn pages_that_say_nothing_else_keep_what_they_say() {
    assert_eq!(heads(&["Page 1", "Page 2", "Page 3"]), [""; 0]);
    assert_eq!(heads(&["Sold\nout", "Sold\nout", "Sold\nout"]), [""; 0]);
}

#[test]
fn a_line_in_the_middle_of_pages_is_no_head_however_often_it_comes() {
    let page =
        |n: usize| format!("a{0}\nb{1}\nc\nd\ne\nAgreed.\nf\ng\nh\ni\nj{1}", n, "x".repeat(n));
    let sheets: Vec<String> = (1..6).map(page).collect();
    let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
    assert!(heads(&sheets).iter().all(|found| !found.contains("Agreed")));
}

proptest! {
    #[test]
    fn whatever_pages_say_asides_are_sound(
        sheets in proptest::collection::vec("([a-bä1-3iv:]{0,4}[\n ]{0,2}){0,8}", 0..8)
    ) {
        let sheets: Vec<&str> = sheets.iter().map(String::as_str).collect();
        let (text, marks) = marked(&sheets);
        let mut end = 0;
        for aside in &marks.asides {
            prop_assert!(aside.span.start >= end && aside.span.slice(&text).is_some());
            end = aside.span.end;
        }
    }
}
