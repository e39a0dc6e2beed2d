//! Reading PDFs through the real worker process: what is broken costs as little
//! as can be, and what it cost is said.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use galley::domain::document::{Document, Format, PageState};
use galley::extract::Limits;
use galley::extract::guard;

use crate::support::broken_files as broken;
use crate::support::reading::{Files, assert_sound, read, refusal, worker};

fn states(doc: &Document) -> Vec<PageState> {
    doc.pages.iter().map(|page| page.state).collect()
}

#[test]
fn a_pdf_is_read_page_by_page_also_under_the_name_of_a_text() {
    let files = Files::new();
    for name in ["three.pdf", "three.txt"] {
        let doc = read(&files.with(name, broken::three_pages())).expect("a document");
        assert_sound(&doc);
        assert_eq!(doc.format, Format::Pdf);
        assert_eq!(doc.text, "First page\n\nSecond page\n\nThird page");
        assert_eq!(states(&doc), [PageState::Text; 3]);
        assert_eq!(doc.warning, None);
    }
}

#[test]
fn a_panic_on_one_page_costs_that_page_only() {
    let files = Files::new();
    let doc = read(&files.with("a.pdf", broken::second_page_panics())).expect("a document");
    assert_sound(&doc);
    assert_eq!(states(&doc), [PageState::Text, PageState::Failed, PageState::Text]);
    assert_eq!(doc.text, "First page\n\nThird page");
    assert!(doc.pages[1].note.as_ref().expect("a note").contains("crashed on this page"));
}

#[test]
fn a_stack_overflow_keeps_the_pages_before_it_and_says_where_it_happened() {
    let files = Files::new();
    let path = files.with("a.pdf", broken::second_page_draws_itself_for_ever());
    let doc = read(&path).expect("a document");
    assert_sound(&doc);
    assert_eq!(states(&doc), [PageState::Text, PageState::Failed, PageState::Failed]);
    assert_eq!(doc.text, "First page");
    let warning = doc.warning.expect("a warning");
    assert!(warning.starts_with("Reading ended after page 1 of 3: "), "{warning}");
}

#[test]
fn a_file_that_hangs_the_reader_is_given_up_in_time() {
    let files = Files::new();
    let path = files.with("a.pdf", broken::endless_table());
    let limits = Limits { seconds: 1, ..Limits::default() };
    let started = Instant::now();
    let failure = guard::read(&path, &worker(), &limits, &|| false).expect_err("nothing in it");
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
    let said = failure.to_string();
    assert!(said.contains("made no headway within") || said.contains("of memory"), "{said}");
}

#[test]
fn repairs_make_honest_text_of_slightly_broken_files() {
    let files = Files::new();
    for (name, content, text) in [
        ("junk.pdf", broken::junk_behind_the_end(), "First page\n\nSecond page\n\nThird page"),
        ("sizeless.pdf", broken::page_without_size(), "No size at all"),
        ("circle.pdf", broken::parents_in_a_circle(), "Round and round"),
    ] {
        let doc = read(&files.with(name, content)).expect(name);
        assert_sound(&doc);
        assert_eq!(doc.text, text, "{name}");
        assert_eq!(doc.pages[0].note, None, "{name} needed more than a repair");
    }
}

#[test]
fn a_torn_pdf_is_pieced_together_and_says_so() {
    let files = Files::new();
    let whole = broken::three_pages();
    let second_ends = whole.windows(6).enumerate().filter(|(_, w)| w == b"endobj").nth(6);
    let torn = &whole[..second_ends.expect("seven objects").0 + 6];
    let doc = read(&files.with("torn.pdf", torn)).expect("a document");
    assert_sound(&doc);
    assert_eq!(doc.text, "First page\n\nSecond page");
    assert!(doc.pages[0].note.as_ref().expect("a note").contains("pieced together"));
}

#[test]
fn a_locked_pdf_asks_for_a_copy_without_a_password_unless_it_takes_none() {
    let said = refusal("locked.pdf", broken::locked("open sesame"));
    assert!(said.contains("it is a PDF that needs a password"), "{said}");
    let files = Files::new();
    let doc = read(&files.with("protected.pdf", broken::locked(""))).expect("a document");
    assert_eq!(doc.text, "First page\n\nSecond page\n\nThird page");
}

#[test]
fn a_scan_says_that_it_needs_character_recognition() {
    let files = Files::new();
    let doc = read(&files.with("scan.pdf", broken::scanned_page())).expect("a document");
    assert_eq!(states(&doc), [PageState::Scan]);
    assert!(doc.warning.expect("a warning").contains("character recognition"));
}

#[test]
fn a_document_with_more_text_than_the_limit_keeps_the_pages_that_fit() {
    let files = Files::new();
    let path = files.with("a.pdf", broken::three_pages());
    let limits = Limits { text_bytes: 22, ..Limits::default() };
    let doc = guard::read(&path, &worker(), &limits, &|| false).expect("a document");
    assert_sound(&doc);
    assert_eq!(doc.text, "First page\n\nSecond page");
    let warning = doc.warning.expect("a warning");
    assert!(warning.contains("page 2 of 3: it holds more than 22 bytes of text"), "{warning}");
}

/// The corpus of real and of crafted PDFs that lies beside a developer's
/// checkout: nothing in it may take the program down.
#[test]
fn nothing_in_the_corpus_takes_the_program_down() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/pdf");
    let Ok(entries) = fs::read_dir(&corpus) else {
        eprintln!("skipped: there is no corpus at {}", corpus.display());
        return;
    };
    let (mut read_well, mut refused) = (0, 0);
    for entry in entries {
        let path = entry.expect("an entry").path();
        match read(&path) {
            Ok(doc) => {
                assert_sound(&doc);
                let useful = doc.readable().next().is_some();
                assert!(useful || doc.warning.is_some(), "{} is silent", path.display());
                read_well += usize::from(useful);
            }
            Err(failure) => {
                assert!(failure.to_string().ends_with('.'), "{failure}");
                refused += 1;
            }
        }
    }
    assert!(read_well > refused, "only {read_well} files were read and {refused} refused");
}
