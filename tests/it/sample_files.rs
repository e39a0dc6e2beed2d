//! The committed sample PDF and Word document are those that their sources give.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{package, sample_pdf};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// A source file; a checkout may have turned its line ends, and what is made of
/// it must not depend on that.
fn source(name: &str) -> String {
    let path = samples().join("source").join(name);
    let text = fs::read_to_string(&path).expect("the source of the sample is committed");
    text.replace("\r\n", "\n")
}

fn rendered() -> Vec<u8> {
    sample_pdf::render(&source("services-agreement.md"))
}

fn packed() -> Vec<u8> {
    let parts = ["document", "numbering", "styles", "footnotes", "comments", "header1"];
    let parts = parts.map(|part| source(&format!("amendment/{part}.xml")));
    package::packed("docx", parts.join("\0").as_bytes()).expect("a package")
}

/// Holds the committed sample against what its source gives, or rewrites it.
fn assert_is(name: &str, fresh: &[u8]) {
    let path = samples().join(name);
    if std::env::var_os("GALLEY_UPDATE_SAMPLES").is_some_and(|value| value == "1") {
        fs::write(&path, fresh).expect("the sample can be written");
    }
    let committed = fs::read(&path).unwrap_or_default();
    // Not assert_eq: a failure would print both files byte by byte.
    assert!(
        committed == fresh,
        "samples/{name} ({} bytes) is not what its source gives ({} bytes); run the tests once \
         with GALLEY_UPDATE_SAMPLES=1 to rewrite it, and commit it with the change to \
         samples/source or to what makes it",
        committed.len(),
        fresh.len(),
    );
}

#[test]
fn the_committed_pdf_is_the_rendering_of_its_source() {
    assert_is("services-agreement.pdf", &rendered());
}

#[test]
fn the_committed_word_document_is_the_package_of_its_parts() {
    assert_is("first-amendment.docx", &packed());
}

#[test]
fn the_sample_pdf_reads_back_page_by_page() {
    let pages = pdf_extract::extract_text_from_mem_by_pages(&rendered())
        .expect("the sample PDF can be read");
    assert!(pages.len() >= 8, "the sample should have at least 8 pages, it has {}", pages.len());
    for (index, page) in pages.iter().enumerate() {
        let footer = format!("Page {} of {}", index + 1, pages.len());
        assert!(
            page.trim_end().ends_with(&footer),
            "page {} should close with {footer:?}:\n{page}",
            index + 1,
        );
    }
}
