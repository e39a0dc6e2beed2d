use super::*;
use crate::domain::document::Place;
use crate::domain::report::sample::agreement;

#[test]
fn control_characters_never_reach_a_terminal_or_a_file() {
    assert_eq!(clean("a\u{1b}[2Jb\r\n\tc\u{0}\u{85}d\u{2028}e"), "a [2Jb c d e");
}

#[test]
fn thousands_are_set_apart() {
    let said: Vec<String> = [0, 999, 1_000, 14_210, 1_234_567].map(grouped).into();
    assert_eq!(said, ["0", "999", "1,000", "14,210", "1,234,567"]);
}

#[test]
fn durations_are_as_precise_as_they_are_short() {
    let said: Vec<String> = [0.04, 9.94, 9.96, 119.4, 200.0].map(duration).into();
    assert_eq!(said, ["0.0 s", "9.9 s", "10 s", "119 s", "3 min 20 s"]);
}

#[test]
fn coverage_names_what_was_left_out_and_what_failed() {
    let sum = |read, excluded, failed| Coverage {
        read,
        excluded,
        failed,
        total: 14_210,
        ..Coverage::default()
    };
    assert_eq!(coverage(&sum(14_210, 0, 0)), "Read 100 % of 14,210 bytes.");
    assert_eq!(
        coverage(&sum(12_000, 1, 2_209)),
        "Read 84 % of 14,210 bytes; 1 byte left out on purpose; \
         2,209 bytes meant to be read and not read."
    );
    assert_eq!(coverage(&Coverage::default()), "There was no text to read.");
}

#[test]
fn coverage_names_the_pages_that_were_not_read_and_gives_no_share() {
    let sum = |total, pages_not_read, pages| {
        coverage(&Coverage { read: total, total, pages_not_read, pages, ..Coverage::default() })
    };
    assert_eq!(sum(99, 1, 3), "Read 99 of 99 bytes of text; 1 of 3 pages could not be read.");
    assert_eq!(sum(0, 2, 3), "There was no text to read; 2 of 3 pages could not be read.");
    assert_eq!(sum(0, 1, 1), "There was no text to read; the only page could not be read.");
}

#[test]
fn pages_that_fared_alike_share_a_line_and_pages_of_text_have_none() {
    let page = |n, state, note: Option<&str>| Page {
        n,
        state,
        span: ByteSpan::new(0, 0),
        reader: "test".into(),
        note: note.map(Into::into),
    };
    let all = [
        page(1, PageState::Text, None),
        page(2, PageState::Scan, None),
        page(3, PageState::Scan, None),
        page(4, PageState::Scan, Some("Its image is damaged.")),
        page(5, PageState::Text, None),
        page(6, PageState::Empty, None),
    ];
    assert_eq!(
        pages(&all),
        [
            "Pages 2 to 3: a scanned image, its text was not read.",
            "Page 4: a scanned image, its text was not read. Its image is damaged.",
            "Page 6: empty.",
        ]
    );
}

#[test]
fn many_places_are_listed_and_then_counted() {
    let at = |page| Quote {
        span: ByteSpan::new(0, 1),
        text: "x".into(),
        place: Place { page, line: 7 },
        cite: String::new(),
        boxes: Vec::new(),
    };
    let quotes: Vec<Quote> = (1..=8).map(at).collect();
    assert_eq!(places(&[]), None);
    assert_eq!(places(&quotes[..1]).as_deref(), Some("p. 1, line 7"));
    assert_eq!(
        places(&quotes[..3]).as_deref(),
        Some("p. 1, line 7; also p. 2, line 7; p. 3, line 7")
    );
    assert_eq!(
        places(&quotes).as_deref(),
        Some(
            "p. 1, line 7; also p. 2, line 7; p. 3, line 7; p. 4, line 7; p. 5, line 7; \
             and 3 more places"
        )
    );
}

#[test]
fn a_quote_is_shown_in_its_sentence() {
    let sample = agreement();
    let context = Context::new(&sample.doc);
    let quoted = sample.results[0].findings[0].quotes[0].clone();
    assert_eq!(
        context.around(&quoted, 200).as_deref(),
        Some("The term starts on 1 March 2026 and ends on 28 February 2027.")
    );
    let whole = sample.found("x", "The fee is EUR 4,500.00 a month.", None);
    assert_eq!(context.around(&whole.quotes[0], 200), None, "a sentence is its own context");
}

#[test]
fn bold_type_in_a_markdown_source_is_read_without_its_signs() {
    let mut sample = agreement();
    sample.doc.format = Format::Md;
    sample.doc.text = "The **fee** is **EUR 4,500** a month.".into();
    let quoted = sample.found("amount", "EUR 4,500", None).quotes.remove(0);
    let shown = Context::new(&sample.doc).around(&quoted, 200);
    assert_eq!(shown.as_deref(), Some("The fee is EUR 4,500 a month."));
    sample.doc.format = Format::Txt;
    let shown = Context::new(&sample.doc).around(&quoted, 200);
    assert_eq!(shown.as_deref(), Some("The **fee** is **EUR 4,500** a month."));
}

#[test]
fn a_quote_of_another_text_has_no_context() {
    let sample = agreement();
    let mut quoted = sample.results[0].findings[0].quotes[0].clone();
    quoted.text = "2 March 2026".into();
    assert_eq!(Context::new(&sample.doc).around(&quoted, 200), None);
    quoted.span = ByteSpan::new(9_000, 9_012);
    assert_eq!(Context::new(&sample.doc).around(&quoted, 200), None);
}

#[test]
fn a_long_sentence_is_cut_between_words_on_both_sides_of_its_quote() {
    let line = "aaa bbb ccc ddd KEEP eee fff ggg hhh";
    let at = line.find("KEEP").expect("it is there");
    assert_eq!(shorten(line, at..at + 4, 14), "… ddd KEEP eee …");
    assert_eq!(shorten(line, 0..3, 12), "aaa bbb ccc …");
    let end = line.len();
    assert_eq!(shorten(line, end - 3..end, 12), "… fff ggg hhh");
    assert_eq!(shorten(line, 0..0, 100), line);
}

#[test]
fn a_cut_never_splits_a_character() {
    let line = "ÄÄÄÄ ööö ßßß €€€€€€€ üüü";
    for max in 0..30 {
        assert!(shorten(line, 0..0, max).chars().count() <= max + 2);
    }
}
