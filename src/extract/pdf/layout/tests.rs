//! Pages made by hand: every letter is half as wide as it is high.

#![expect(clippy::cast_possible_truncation, reason = "pages made by hand are small")]

use super::super::output::{Glyph, Glyphs};
use super::laid_out;

mod hidden;

const SIZE: f32 = 10.0;

/// A page of US Letter.
fn page() -> Glyphs {
    let mut page = Glyphs::new(1 << 20);
    (page.sheet.width, page.sheet.height) = (612.0, 792.0);
    page
}

/// Draws one glyph at a place, along a direction of length one.
fn glyph(page: &mut Glyphs, spelled: &str, from: (f32, f32), size: f32, way: (f32, f32)) {
    let start = page.text.len() as u32;
    page.text.push_str(spelled);
    let width = size / 2.0;
    page.glyphs.push(Glyph {
        start,
        end: page.text.len() as u32,
        from,
        to: (from.0 + way.0 * width, from.1 + way.1 * width),
        way: (way.0 * size, way.1 * size),
        spacing: 0.0,
        size,
        string: page.sheet.strings,
        ink: page.sheet.inks.len().saturating_sub(1) as u32,
    });
}

/// Draws a line from left to right; spaces are gaps and not drawn.
fn line_of(page: &mut Glyphs, text: &str, (x, y): (f32, f32), size: f32) {
    for (at, c) in text.chars().enumerate().filter(|(_, c)| *c != ' ') {
        let left = x + at as f32 * size / 2.0;
        glyph(page, &c.to_string(), (left, y), size, (1.0, 0.0));
    }
    page.sheet.strings += 1;
}

fn line(page: &mut Glyphs, text: &str, x: f32, y: f32) {
    line_of(page, text, (x, y), SIZE);
}

/// Lines below each other, twelve points apart.
fn lines(page: &mut Glyphs, text: &[&str], x: f32, y: f32) {
    for (at, text) in (0_u8..).zip(text) {
        line(page, text, x, y + 12.0 * f32::from(at));
    }
}

#[test]
fn words_are_told_apart_by_gaps_and_have_their_boxes() {
    let mut page = page();
    line(&mut page, "The fee", 72.0, 100.0);
    let laid = laid_out(&page);
    assert_eq!(laid.text, "The fee");
    let boxes: Vec<_> =
        laid.marks.boxes.iter().map(|b| (b.span.slice(&laid.text), b.sides)).collect();
    // 7.5 points above the baseline, 2.2 below, 15 wide.
    assert_eq!(boxes[0], (Some("The"), [720, 925, 870, 1022]));
    assert_eq!(boxes[1], (Some("fee"), [920, 925, 1070, 1022]));
}

#[test]
fn letters_set_wide_are_one_word() {
    let mut page = page();
    for (at, c) in (0_u8..).zip("AGREEMENT".chars()) {
        glyph(&mut page, &c.to_string(), (72.0 + 8.0 * f32::from(at), 100.0), SIZE, (1.0, 0.0));
    }
    assert_eq!(laid_out(&page).text, "AGREEMENT");
}

#[test]
fn a_drawn_space_parts_words_however_narrow_it_is() {
    let mut page = page();
    line(&mut page, "the", 72.0, 100.0);
    glyph(&mut page, " ", (87.0, 100.0), SIZE, (1.0, 0.0));
    line(&mut page, "fee", 87.5, 100.0);
    assert_eq!(laid_out(&page).text, "the fee");
}

#[test]
fn raised_and_lowered_letters_stay_on_their_line() {
    let mut page = page();
    line(&mut page, "the 1", 72.0, 100.0);
    line_of(&mut page, "st", (97.0, 96.5), 6.0);
    line(&mut page, "day of H", 108.0, 100.0);
    line_of(&mut page, "2", (148.0, 102.0), 6.0);
    line(&mut page, "O", 151.0, 100.0);
    assert_eq!(laid_out(&page).text, "the 1st day of H2O");
}

#[test]
fn a_raised_number_is_no_digit_of_the_figure_before_it() {
    let mut page = page();
    line(&mut page, "pays $500", 72.0, 100.0);
    line_of(&mut page, "12", (117.0, 96.5), 6.0);
    line(&mut page, ", for 40 m", 123.0, 100.0);
    line_of(&mut page, "2", (173.0, 96.5), 6.0);
    // The note's number stands right before its first word.
    line_of(&mut page, "3", (72.0, 196.5), 6.0);
    line(&mut page, "to be paid.", 75.0, 200.0);
    assert_eq!(laid_out(&page).text, "pays $500¹², for 40 m²\n\n3 to be paid.");
}

#[test]
fn a_smaller_figure_on_the_line_is_a_figure_like_others() {
    let mut page = page();
    line(&mut page, "No.", 72.0, 100.0);
    line_of(&mut page, "14", (87.0, 100.0), 6.0);
    line(&mut page, "x", 93.0, 100.0);
    line_of(&mut page, "2020", (98.0, 96.5), 6.0);
    assert_eq!(laid_out(&page).text, "No.14x2020");
}

#[test]
fn a_page_that_lay_askew_in_the_scanner_has_whole_lines() {
    let mut page = page();
    let (sin, cos) = 0.03_f32.sin_cos();
    for row in 0..3_u8 {
        for (at, c) in (0_u8..).zip("Allofthisisonelineofthescanandgoesonandon".chars()) {
            let (x, y) = (72.0 + 5.0 * f32::from(at), 100.0 + 12.0 * f32::from(row));
            let from = (x * cos - y * sin, x * sin + y * cos);
            glyph(&mut page, &c.to_string(), from, SIZE, (cos, sin));
        }
    }
    let expected = ["Allofthisisonelineofthescanandgoesonandon"; 3].join("\n");
    assert_eq!(laid_out(&page).text, expected);
}

#[test]
fn paragraphs_are_told_by_their_gaps_and_their_first_lines() {
    let mut page = page();
    lines(&mut page, &["The first paragraph is", "two lines long."], 72.0, 100.0);
    lines(&mut page, &["The second is set", "further down."], 72.0, 132.0);
    line(&mut page, "The third is indented and", 92.0, 156.0);
    line(&mut page, "goes on.", 72.0, 168.0);
    let expected = "The first paragraph is\ntwo lines long.\n\nThe second is set\nfurther \
                    down.\n\nThe third is indented and\ngoes on.";
    assert_eq!(laid_out(&page).text, expected);
}

const LEFT: [&str; 4] = [
    "The supplier shall give the",
    "customer a notice of ninety",
    "days before it ends any one",
    "of the services it renders.",
];
const RIGHT: [&str; 4] = [
    "All of the fees that accrue",
    "before that day are payable",
    "in full and no later than a",
    "month after the last of it.",
];

#[test]
fn a_clause_whose_second_line_hangs_is_one_paragraph() {
    let mut page = page();
    let clauses = [
        ["3.1 The Supplier shall provide the Services until", "Agreement ends with due care."],
        ["3.2 The Council shall have each consignment boxed", "Market House on the day before."],
        ["3.3 The Supplier shall return every original with", "Council notes of its condition."],
    ];
    for (at, [first, second]) in (0_u8..).zip(clauses) {
        let y = 100.0 + 31.0 * f32::from(at);
        line(&mut page, first, 72.0, y);
        line(&mut page, second, 104.0, y + 12.0);
    }
    let wanted = clauses.map(|clause| clause.join("\n")).join("\n\n");
    assert_eq!(laid_out(&page).text, wanted);
}

#[test]
fn two_columns_are_read_one_after_the_other_below_their_heading() {
    for drift in [0.0, 4.0] {
        let mut page = page();
        line(&mut page, "A heading that stands above both of the two columns", 90.0, 70.0);
        lines(&mut page, &LEFT, 72.0, 100.0);
        lines(&mut page, &RIGHT, 240.0, 100.0 + drift);
        line(&mut page, "And a line below both of the columns, as wide as they", 72.0, 170.0);
        let text = laid_out(&page).text;
        let blocks: Vec<&str> = text.split("\n\n").collect();
        assert_eq!(blocks.len(), 4, "{text}");
        assert!(blocks[0].starts_with("A heading") && blocks[3].starts_with("And a line"));
        assert_eq!((blocks[1], blocks[2]), (LEFT.join("\n").as_str(), RIGHT.join("\n").as_str()));
    }
}

#[test]
fn three_columns_are_read_one_after_the_other() {
    let mut page = page();
    let third: Vec<String> = RIGHT.iter().map(|line| line.to_uppercase()).collect();
    let third: Vec<&str> = third.iter().map(String::as_str).collect();
    lines(&mut page, &LEFT, 30.0, 100.0);
    lines(&mut page, &RIGHT, 200.0, 100.0);
    lines(&mut page, &third, 370.0, 100.0);
    let expected = [LEFT.join("\n"), RIGHT.join("\n"), third.join("\n")].join("\n\n");
    assert_eq!(laid_out(&page).text, expected);
}

#[test]
fn a_sentence_goes_on_from_column_to_column() {
    let mut page = page();
    let right = ["of the fees that were paid.", RIGHT[1], RIGHT[2], RIGHT[3]];
    let left = [LEFT[0], LEFT[1], LEFT[2], "any, and shall return a por-"];
    lines(&mut page, &left, 72.0, 100.0);
    lines(&mut page, &right, 240.0, 100.0);
    let laid = laid_out(&page);
    assert!(laid.text.contains("shall return a porof\nthe fees"), "{}", laid.text);
}

#[test]
fn a_table_is_read_row_by_row() {
    let mut page = page();
    let rows = [
        ("Body labour", "2", "300"),
        ("Paint", "1.5", "225"),
        ("Parts", "9", "2,100"),
        ("Supplies that are used up", "1", "60"),
        ("Subtotal", "", "2,685"),
    ];
    for (at, (what, hours, cost)) in (0_u8..).zip(rows) {
        let y = 100.0 + 12.0 * f32::from(at);
        line(&mut page, what, 72.0, y);
        line(&mut page, hours, 300.0, y);
        line(&mut page, cost, 400.0, y);
    }
    let expected = "Body labour  2  300\nPaint  1.5  225\nParts  9  2,100\nSupplies that are used \
                    up  1  60\nSubtotal  2,685";
    assert_eq!(laid_out(&page).text, expected);
}

#[test]
fn short_lines_beside_a_letter_are_not_mixed_with_it() {
    let mut page = page();
    lines(
        &mut page,
        &["President", "A. Smith", "44 Heath", "Chicago", "Illinois", "60061"],
        40.0,
        103.0,
    );
    lines(&mut page, &[LEFT[0], LEFT[1], LEFT[2], LEFT[3], RIGHT[0], RIGHT[1]], 150.0, 100.0);
    let text = laid_out(&page).text;
    assert!(text.starts_with("President\nA. Smith\n44 Heath\n"), "{text}");
    assert!(text.contains("customer a notice of ninety\ndays before"), "{text}");
}

#[test]
fn a_footnote_of_the_left_column_comes_after_the_right_one() {
    let mut page = page();
    lines(&mut page, &LEFT, 72.0, 100.0);
    line_of(&mut page, "1 See the order for what", (72.0, 170.0), 8.0);
    line_of(&mut page, "these services are now.", (72.0, 180.0), 8.0);
    lines(&mut page, &RIGHT, 240.0, 100.0);
    let text = laid_out(&page).text;
    let at = |words: &str| text.find(words).expect("it is in the text");
    assert!(at("services it renders.") < at("All of the fees"), "{text}");
    assert!(at("last of it.") < at("1 See the order"), "{text}");
}

#[test]
fn numbers_beside_lines_stand_before_them() {
    let mut page = page();
    for at in 1..=12_u8 {
        let y = 100.0 + 24.0 * f32::from(at);
        line(&mut page, &format!("{at:2}"), 40.0, y);
        // The text is not quite level with the numbers.
        line(&mut page, "and the line goes on in this way", 72.0, y + 5.0);
    }
    let text = laid_out(&page).text;
    let expected: Vec<String> =
        (1..=12).map(|at| format!("{at} and the line goes on in this way")).collect();
    let found: Vec<String> =
        text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(found, expected);
}

#[test]
fn hebrew_is_in_the_order_in_which_it_is_read() {
    let mut page = page();
    line(&mut page, "12.5 הנש Acme םולש", 72.0, 100.0);
    assert_eq!(laid_out(&page).text, "שלום Acme שנה 12.5");
}

#[test]
fn arabic_forms_are_plain_letters_again_and_latin_ligatures_are_taken_apart() {
    let mut page = page();
    // MEEM, LAM, SEEN as they are shown, each in the form that fits its place.
    line(&mut page, "\u{FEE2}\u{FEE0}\u{FEB3}", 72.0, 100.0);
    assert_eq!(laid_out(&page).text, "سلم");
    let mut page = self::page();
    line(&mut page, "\u{FB01}nal o\u{FB03}ce, 5 m²", 72.0, 100.0);
    assert_eq!(laid_out(&page).text, "final office, 5 m²");
}

#[test]
fn brackets_that_are_named_by_their_shapes_are_turned_round() {
    let mut page = page();
    line(&mut page, "(ב) א", 72.0, 100.0);
    assert_eq!(laid_out(&page).text, "א (ב)");
}

#[test]
fn a_stamp_along_the_edge_is_one_line_behind_the_text() {
    let mut page = page();
    for (at, c) in (0_u8..).zip("FILED 2024".chars()).filter(|(_, c)| *c != ' ') {
        glyph(&mut page, &c.to_string(), (20.0, 400.0 - 5.0 * f32::from(at)), SIZE, (0.0, -1.0));
    }
    line(&mut page, "The text of the page", 72.0, 360.0);
    assert_eq!(laid_out(&page).text, "The text of the page\n\nFILED 2024");
}

#[test]
fn letters_below_each_other_are_kept_together() {
    let mut page = page();
    for (at, c) in (0_u8..).zip("契約書の写し".chars()) {
        glyph(&mut page, &c.to_string(), (500.0, 100.0 + 11.0 * f32::from(at)), SIZE, (1.0, 0.0));
    }
    lines(&mut page, &["one line of it", "and one more", "and the third"], 72.0, 100.0);
    assert!(laid_out(&page).text.ends_with("third\n\n契約書の写し"));
}

#[test]
fn letters_drawn_twice_to_look_bold_are_there_once() {
    let mut page = page();
    for shift in [0.0, 0.3] {
        line(&mut page, "TOTAL 11", 72.0 + shift, 100.0);
    }
    assert_eq!(laid_out(&page).text, "TOTAL 11");
}

#[test]
fn words_drawn_on_the_page_and_by_its_field_are_there_once() {
    let mut page = page();
    for shift in [0.0, 1.4] {
        line(&mut page, "Submit all", 72.0 + shift, 100.0);
    }
    assert_eq!(laid_out(&page).text, "Submit all");
}

#[test]
fn a_word_that_was_parted_at_the_end_of_a_line_is_whole_again() {
    let mut page = page();
    lines(&mut page, &["before the termi-", "nation of this"], 72.0, 100.0);
    let laid = laid_out(&page);
    assert_eq!(laid.text, "before the termination\nof this");
    assert_eq!(laid.marks.joins, [16]);
    let boxes = laid.marks.boxes.iter().map(|b| (b.span.slice(&laid.text), b.sides[1]));
    let boxes: Vec<_> = boxes.skip(2).take(2).collect();
    assert_eq!(boxes, [(Some("termi"), 925), (Some("nation"), 1045)]);
}

#[test]
fn hyphens_that_belong_to_words_and_numbers_stay() {
    let text = |rows: &[&str]| {
        let mut page = page();
        lines(&mut page, rows, 72.0, 100.0);
        let laid = laid_out(&page);
        assert!(laid.marks.joins.is_empty(), "{}", laid.text);
        laid.text
    };
    assert_eq!(text(&["is a non-", "exclusive right"]), "is a non-exclusive\nright");
    assert_eq!(text(&["part of 2019-", "20 only"]), "part of 2019-\n20 only");
    assert_eq!(text(&["Messrs Smith-", "Jones agree"]), "Messrs Smith-\nJones agree");
    let rows = ["a dual tower of an encoder", "and one of a dual-", "encoder as well"];
    assert!(text(&rows).ends_with("one of a dual-encoder\nas well"));
    let rows = ["a third-party tool", "or any third-", "party service"];
    assert_eq!(text(&rows), "a third-party tool\nor any third-party\nservice");
}

#[test]
fn words_that_are_at_home_in_others_do_not_keep_the_hyphen_of_the_line() {
    for (rows, whole) in [
        (["those here come after", "what is here-", "after called"], "hereafter"),
        (["they are with him, out", "and go with-", "out a word"], "without"),
        (["an agreement is one: agree", "or part, ment, agree-", "ment too"], "agreement\n"),
    ] {
        let mut page = page();
        lines(&mut page, &rows, 72.0, 100.0);
        let laid = laid_out(&page);
        assert!(laid.text.contains(whole) && laid.marks.joins.len() == 1, "{}", laid.text);
    }
}

#[test]
fn a_soft_hyphen_goes_whatever_follows() {
    let mut page = page();
    lines(&mut page, &["by Mc\u{AD}", "Donald and co\u{AD}op"], 72.0, 100.0);
    let laid = laid_out(&page);
    // In the middle of a line it was drawn because somebody wrote a hyphen.
    assert_eq!((laid.text.as_str(), laid.marks.joins), ("by McDonald\nand co-op", vec![5]));
}

#[test]
fn a_page_of_nothing_is_empty_text() {
    assert_eq!(laid_out(&page()).text, "");
    let mut page = page();
    glyph(&mut page, " ", (72.0, 100.0), SIZE, (1.0, 0.0));
    glyph(&mut page, "", (f32::NAN, f32::INFINITY), f32::NAN, (0.0, 0.0));
    assert_eq!(laid_out(&page).text, "");
}
