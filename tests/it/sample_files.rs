//! The committed sample PDF is the one its Markdown source gives.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::sample_pdf;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn rendered() -> Vec<u8> {
    let path = samples().join("source/services-agreement.md");
    let source = fs::read_to_string(&path).expect("the source of the sample PDF is committed");
    // A checkout may have turned the line ends; the PDF must not depend on that.
    sample_pdf::render(&source.replace("\r\n", "\n"))
}

#[test]
fn the_committed_pdf_is_the_rendering_of_its_source() {
    let path = samples().join("services-agreement.pdf");
    let fresh = rendered();
    if std::env::var_os("GALLEY_UPDATE_SAMPLES").is_some_and(|value| value == "1") {
        fs::write(&path, &fresh).expect("the sample PDF can be written");
    }
    let committed = fs::read(&path).unwrap_or_default();
    // Not assert_eq: a failure would print both files byte by byte.
    assert!(
        committed == fresh,
        "samples/services-agreement.pdf ({} bytes) is not what its source renders to ({} bytes); \
         run the tests once with GALLEY_UPDATE_SAMPLES=1 to rewrite it, and commit it with the \
         change to samples/source/services-agreement.md or to the renderer",
        committed.len(),
        fresh.len(),
    );
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
