//! Documents from records, without a process.

use super::*;
use crate::domain::marks::AsideKind;
use proptest::prelude::*;

fn record(n: u32, of: u32, state: PageState, text: &str) -> PageRecord {
    PageRecord {
        n,
        of,
        state,
        text: text.into(),
        marks: Marks::default(),
        reader: "test".into(),
        note: None,
    }
}

fn source(format: Format) -> SourceRecord {
    SourceRecord { format, blake3: "00".into(), bytes: 3, container: None }
}

fn document(format: Format, pages: Vec<PageRecord>, end: End) -> Result<Document, Reason> {
    Taken { source: Some(source(format)), pages, markup: None, parts: Vec::new(), end }
        .into_document(Path::new("a"))
}

#[test]
fn pdf_pages_are_set_apart_by_a_blank_line_that_belongs_to_the_page_before() {
    let pages = vec![
        record(1, 4, PageState::Text, "one"),
        record(2, 4, PageState::Scan, ""),
        record(3, 4, PageState::Text, "three"),
        record(4, 4, PageState::Empty, ""),
    ];
    let doc = document(Format::Pdf, pages, End::Whole).expect("a document");
    assert_eq!(doc.text, "one\n\nthree");
    let spans: Vec<_> = doc.pages.iter().map(|p| (p.span.start, p.span.end)).collect();
    assert_eq!(spans, [(0, 5), (5, 5), (5, 10), (10, 10)]);
    assert_eq!(doc.place(5).page, 3);
}

#[test]
fn plain_pages_are_joined_without_anything_between() {
    let pages =
        vec![record(1, 2, PageState::Text, "one\u{C}"), record(2, 2, PageState::Text, "two")];
    assert_eq!(document(Format::Txt, pages, End::Whole).expect("a document").text, "one\u{C}two");
}

#[test]
fn running_heads_are_set_aside_on_printed_pages_and_text_with_form_feeds() {
    let page =
        |n| record(n, 3, PageState::Text, &format!("Lease\nsaid {}\n{n}", "x".repeat(n as usize)));
    for format in [Format::Pdf, Format::Txt, Format::Mbox] {
        let doc = document(format, (1..=3).map(page).collect(), End::Whole).expect("a document");
        let kinds: Vec<_> = doc.marks.asides.iter().map(|aside| aside.kind).collect();
        let expected: &[_] =
            if format == Format::Mbox { &[] } else { &[AsideKind::RunningHead; 6] };
        assert_eq!(kinds, expected, "{}", format.name());
    }
}

#[test]
fn pages_before_a_crash_are_kept_and_the_missing_ones_counted() {
    let pages = vec![record(1, 3, PageState::Text, "one")];
    let doc = document(Format::Pdf, pages, End::Stopped(Stopped::Crash)).expect("a document");
    assert_eq!(doc.text, "one");
    let states: Vec<_> = doc.pages.iter().map(|p| p.state).collect();
    assert_eq!(states, [PageState::Text, PageState::Failed, PageState::Failed]);
    let warning = doc.warning.expect("a warning");
    assert!(warning.starts_with("Reading ended after page 1 of 3: the reader crashed on it."));
}

#[test]
fn a_document_of_failed_pages_is_a_failure() {
    let pages = vec![record(1, 1, PageState::Failed, "")];
    let reason = document(Format::Pdf, pages, End::Whole).expect_err("nothing was read");
    assert!(reason.to_string().contains("none of its 1 pages could be read"), "{reason}");
}

#[test]
fn a_scan_is_never_an_empty_success() {
    let scan = PageRecord { note: Some("A picture.".into()), ..record(1, 1, PageState::Scan, "") };
    let doc = document(Format::Pdf, vec![scan], End::Whole).expect("a document");
    let warning = doc.warning.expect("a warning");
    assert_eq!(warning, "It holds no text that can be read. A picture.");
}

#[test]
fn a_document_without_pages_that_was_cut_lacks_text_and_no_pages() {
    let end = End::Refused(ReadError::TooMuchText { limit: 8 << 20 });
    let pages = vec![record(1, 1, PageState::Text, "| a |\n")];
    let warning = document(Format::Csv, pages, end).expect("a document").warning;
    let warning = warning.expect("a warning");
    assert_eq!(
        warning,
        "Reading ended early: it holds more than 8 MB of text. Split it into smaller files. The \
         text after what is here is missing."
    );
}

/// The warning of a document whose pages fared like this.
fn warned(states: &[PageState]) -> Option<String> {
    let of = u32::try_from(states.len()).expect("few");
    let page = |(n, state): (u32, &PageState)| {
        let text = if *state == PageState::Text { "words" } else { "" };
        let note = match state {
            PageState::Scan => Some("A picture.".into()),
            PageState::Failed => Some("It is broken.".into()),
            _ => None,
        };
        PageRecord { note, ..record(n, of, *state, text) }
    };
    let pages = (1..).zip(states).map(page).collect();
    document(Format::Pdf, pages, End::Whole).expect("a document").warning
}

#[test]
fn a_page_that_gave_no_text_is_warned_of_although_others_did() {
    use PageState::{Empty, Failed, Garbled, Scan, Text};
    assert_eq!(warned(&[Text, Empty, Text]), None);
    assert_eq!(
        warned(&[Text, Failed, Text]).as_deref(),
        Some("Page 2 of 3 could not be read; every result lacks what stands there. It is broken.")
    );
    assert_eq!(
        warned(&[Scan, Text, Scan, Scan, Text, Scan]).as_deref(),
        Some(
            "4 of 6 pages could not be read (pages 1, 3 to 4 and 6); every result lacks what \
             stands there. A picture."
        )
    );
    assert_eq!(
        warned(&[Text, Garbled, Failed]).as_deref(),
        Some(
            "2 of 3 pages could not be read (pages 2 to 3); every result lacks what stands there."
        )
    );
}

#[test]
fn a_broken_page_before_an_early_end_is_warned_of_too() {
    let pages = vec![record(1, 3, PageState::Text, "one"), record(2, 3, PageState::Failed, "")];
    let doc = document(Format::Pdf, pages, End::Stopped(Stopped::Crash)).expect("a document");
    let warning = doc.warning.expect("a warning");
    assert!(warning.starts_with("Reading ended after page 2 of 3: "), "{warning}");
    assert!(warning.contains("Page 2 of 3 could not be read;"), "{warning}");
}

proptest! {
    #[test]
    fn pages_always_tile_the_text(texts in proptest::collection::vec("[a-zä]{0,3}", 1..12)) {
        let of = u32::try_from(texts.len()).expect("few");
        let records: Vec<_> =
            (1..).zip(&texts).map(|(n, t)| record(n, of, PageState::Text, t)).collect();
        let (text, pages, _) = laid_out(records.clone(), Format::Pdf);
        let mut end = 0;
        for (page, record) in pages.iter().zip(&records) {
            prop_assert_eq!(page.span.start, end);
            let own = page.span.slice(&text).expect("on boundaries");
            prop_assert_eq!(own.trim_end_matches('\n'), record.text.as_str());
            end = page.span.end;
        }
        prop_assert_eq!(end, text.len());
    }
}
