//! What a person cannot see of a page.

use super::super::super::output::sheet::{Fill, Ink};
use super::super::Laid;
use super::*;
use crate::domain::marks::AsideKind;

fn ink(page: &mut Glyphs, ink: Ink) {
    page.sheet.inks.push((page.sheet.strings, ink));
}

fn asides(laid: &Laid) -> Vec<(AsideKind, &str)> {
    let said = |aside: &crate::domain::marks::Aside| {
        (aside.kind, aside.span.slice(&laid.text).expect("an aside is in the text"))
    };
    laid.marks.asides.iter().map(said).collect()
}

#[test]
fn what_cannot_be_seen_is_set_aside_behind_its_paragraph() {
    let white = Ink { colour: Some([1.0; 3]), ..Ink::default() };
    let none = Ink { drawn: false, ..Ink::default() };
    let cases: [(AsideKind, Ink, f32, f32); 4] = [
        (AsideKind::SameColour, white, 150.0, SIZE),
        (AsideKind::Invisible, none, 150.0, SIZE),
        (AsideKind::Tiny, Ink::default(), 150.0, 0.5),
        (AsideKind::OffPage, Ink::default(), 700.0, SIZE),
    ];
    for (kind, hidden, x, size) in cases {
        let mut page = page();
        ink(&mut page, Ink::default());
        line(&mut page, "The fee is", 72.0, 100.0);
        ink(&mut page, hidden);
        line_of(&mut page, "not", (x, 100.0), size);
        ink(&mut page, Ink::default());
        lines(&mut page, &["ninety dollars a month."], 72.0, 112.0);
        line(&mut page, "And so on.", 72.0, 160.0);
        let laid = laid_out(&page);
        let expected = "The fee is\nninety dollars a month.\n\nnot\n\nAnd so on.";
        assert_eq!(laid.text, expected, "{kind:?}");
        assert_eq!(asides(&laid), [(kind, "not")]);
    }
}

fn fill(page: &mut Glyphs, colour: [f32; 3]) {
    let sides = [60.0, 90.0, 300.0, 104.0];
    page.sheet.fills.push(Fill { sides, colour: Some(colour), after: page.sheet.strings });
}

#[test]
fn white_letters_on_a_dark_box_can_be_seen() {
    let mut page = page();
    fill(&mut page, [0.1, 0.1, 0.4]);
    ink(&mut page, Ink { colour: Some([1.0; 3]), ..Ink::default() });
    line(&mut page, "Item and cost", 72.0, 100.0);
    let laid = laid_out(&page);
    assert_eq!((laid.text.as_str(), asides(&laid).len()), ("Item and cost", 0));
}

#[test]
fn words_below_a_bar_in_their_own_colour_are_hidden() {
    let mut page = page();
    ink(&mut page, Ink::default());
    line(&mut page, "secret name", 72.0, 100.0);
    fill(&mut page, [0.0; 3]);
    lines(&mut page, &["The rest of the page", "can be read."], 72.0, 140.0);
    let laid = laid_out(&page);
    assert_eq!(asides(&laid), [(AsideKind::SameColour, "secret name")]);
}

#[test]
fn the_invisible_text_over_a_scan_is_its_text() {
    let none = Ink { drawn: false, ..Ink::default() };
    // Over an image; and on a page with nothing else.
    for (images, stamp) in [(0.95, "Bates 0001 and more words that anybody can see"), (0.0, "")] {
        let mut page = page();
        page.sheet.images = images;
        ink(&mut page, none);
        line(&mut page, "This was read off the scan", 72.0, 100.0);
        ink(&mut page, Ink::default());
        line(&mut page, stamp, 72.0, 700.0);
        let laid = laid_out(&page);
        assert!(laid.text.starts_with("This was read off the scan"));
        assert!(laid.marks.asides.is_empty());
    }
}

#[test]
fn a_line_that_runs_over_the_edge_was_not_hidden_there() {
    let mut page = page();
    line(&mut page, "abcdefghijklmnopqrstuvwxyz", 560.0, 100.0);
    line(&mut page, "More words stand on the page itself, many more than that", 72.0, 200.0);
    assert!(laid_out(&page).marks.asides.is_empty());
}
