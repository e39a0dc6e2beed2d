//! Reading PDFs through the real worker process: what is broken costs as little
//! as can be, and what it cost is said.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use galley::domain::document::{Document, Format, PageState, Password};
use galley::extract::{Limits, Options, WorkerCommand, Workers, guard};

use crate::support::broken_files as broken;
use crate::support::reading::{Files, assert_sound, command, read, read_with, refusal};

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

/// Who read each page.
fn readers(doc: &Document) -> Vec<&str> {
    doc.pages.iter().map(|page| page.reader.as_str()).collect()
}

/// Reads with no other program in reach but those that stand in `tools`.
#[cfg(unix)]
fn read_among(tools: &Path, path: &Path, options: &Options) -> Document {
    let WorkerCommand { program, args } = command();
    let mut among = vec![format!("PATH={}", tools.display()).into(), program.into_os_string()];
    among.extend(args);
    let workers = Workers::new(WorkerCommand { program: "/usr/bin/env".into(), args: among });
    guard::read(path, &workers, options, &|| false).expect("a document")
}

/// Puts a program called `name` among the files that does what `script` says.
#[cfg(unix)]
fn tool(files: &Files, name: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = files.with(name, format!("#!/bin/sh\n{script}\n"));
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("executable");
}

#[test]
fn a_page_that_the_first_reader_cannot_read_is_read_by_the_second() {
    let files = Files::new();
    for (name, content, text) in [
        ("missing.pdf", broken::second_page_panics(), "First page\n\nSecond page\n\nThird page"),
        ("jis.pdf", broken::second_page_in_shift_jis(), "First page\n\nok\n\nThird page"),
    ] {
        let doc = read(&files.with(name, content)).expect("a document");
        assert_sound(&doc);
        assert_eq!(doc.text, text, "{name}");
        assert_eq!(readers(&doc), ["pdf-extract", "pdf_oxide", "pdf-extract"], "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_page_that_kills_the_second_reader_costs_that_page_only() {
    let files = Files::new();
    let path = files.with("a.pdf", broken::second_page_kills_the_second_reader());
    let doc = read_among(Path::new("/nowhere"), &path, &Options::default());
    assert_sound(&doc);
    assert_eq!(states(&doc), [PageState::Text, PageState::Garbled, PageState::Text]);
    assert!(doc.text.starts_with("First page") && doc.text.ends_with("Third page"));
}

#[cfg(unix)]
#[test]
fn a_program_on_the_path_reads_what_the_readers_inside_cannot() {
    let files = Files::new();
    let path = files.with("a.pdf", broken::second_page_kills_the_second_reader());
    tool(&files, "pdftotext", "echo \"the page at $5 $6\"");
    let doc = read_among(files.path(), &path, &Options::default());
    assert_eq!(readers(&doc), ["pdf-extract", "pdftotext", "pdf-extract"]);
    assert_eq!(doc.text, "First page\n\nthe page at -f 2\n\nThird page");
}

#[test]
fn a_page_that_draws_itself_for_ever_costs_nothing_after_it() {
    let files = Files::new();
    let path = files.with("a.pdf", broken::second_page_draws_itself_for_ever());
    let doc = read(&path).expect("a document");
    assert_sound(&doc);
    assert_eq!(doc.text, "First page\n\nThird page");
    assert_eq!(states(&doc)[2], PageState::Text);
}

#[test]
fn a_page_that_unpacks_to_a_gigabyte_is_left_out_and_says_so() {
    let files = Files::new();
    let doc = read(&files.with("a.pdf", broken::second_page_is_a_bomb())).expect("a document");
    assert_sound(&doc);
    assert_eq!(states(&doc), [PageState::Text, PageState::Failed, PageState::Text]);
    assert_eq!(doc.text, "First page\n\nThird page");
    assert!(doc.pages[1].note.as_ref().expect("a note").contains("unpacks to more"));
}

#[test]
fn a_file_that_hangs_the_reader_is_given_up_in_time() {
    let files = Files::new();
    let path = files.with("a.pdf", broken::endless_table());
    let limits = Limits { seconds: 1, ..Limits::default() };
    let started = Instant::now();
    let failure = read_with(&path, &Options::within(limits)).expect_err("nothing in it");
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
fn a_locked_pdf_is_opened_by_either_of_its_passwords_or_by_none_if_it_takes_none() {
    let said = refusal("locked.pdf", broken::locked("open sesame"));
    assert!(said.contains("it is a PDF that needs a password. Give the password"), "{said}");
    let files = Files::new();
    let locked = files.with("locked.pdf", broken::locked("open sesame"));
    let with = |password: &str| Options {
        password: Some(Password::new(password.to_owned())),
        ..Options::default()
    };
    for password in ["open sesame", "owner"] {
        let doc = read_with(&locked, &with(password)).expect("a document");
        assert_eq!(doc.text, "First page\n\nSecond page\n\nThird page", "{password}");
    }
    let said = read_with(&locked, &with("open barley")).expect_err("locked").to_string();
    assert!(said.contains("does not open it"), "{said}");
    assert!(!said.contains("barley"), "{said}");
    let doc = read(&files.with("protected.pdf", broken::locked(""))).expect("a document");
    assert_eq!(doc.text, "First page\n\nSecond page\n\nThird page");
}

#[cfg(unix)]
#[test]
fn a_scan_is_read_by_tesseract_only_when_asked_and_says_how_sure_it_is() {
    let files = Files::new();
    let path = files.with("scan.pdf", broken::scanned_page());
    tool(
        &files,
        "tesseract",
        "case $1 in --list-langs) printf 'List (2):\\neng\\nosd\\n';; \
         *) printf '5\\t1\\t1\\t1\\t1\\t1\\t9\\t9\\t9\\t9\\t93\\tRent\\n';; esac",
    );
    let asked = Options { ocr: true, ..Options::default() };
    let doc = read_among(files.path(), &path, &Options::default());
    assert_eq!(states(&doc), [PageState::Scan]);
    let doc = read_among(files.path(), &path, &asked);
    assert_sound(&doc);
    assert_eq!((doc.text.as_str(), readers(&doc)), ("Rent", vec!["tesseract"]));
    let note = doc.pages[0].note.as_ref().expect("a note");
    assert!(note.contains("93 % sure") && note.contains("may have mistakes"), "{note}");
    let doc = read_among(Path::new("/nowhere"), &path, &asked);
    assert_eq!(states(&doc), [PageState::Scan]);
    assert!(doc.pages[0].note.as_ref().expect("a note").contains("install it"));
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
    let doc = read_with(&path, &Options::within(limits)).expect("a document");
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
