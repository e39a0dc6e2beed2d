//! Files of a test, read through the real worker process.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use galley::domain::document::Document;
use galley::domain::span::ByteSpan;
use galley::extract::{Options, ReadFailure, WorkerCommand, Workers, guard};
use tempfile::TempDir;

/// The program itself, as a worker.
pub fn command() -> WorkerCommand {
    WorkerCommand {
        program: PathBuf::from(env!("CARGO_BIN_EXE_galley")),
        args: vec!["__extract".into()],
    }
}

/// The workers that the tests share, as a session's readings do.
pub fn worker() -> &'static Workers {
    static WORKERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(command()));
    &WORKERS
}

pub fn read(path: &Path) -> Result<Document, ReadFailure> {
    read_with(path, &Options::default())
}

pub fn read_with(path: &Path, options: &Options) -> Result<Document, ReadFailure> {
    guard::read(path, worker(), options, &|| false)
}

/// A folder of files, gone with the value.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder for the test"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn with(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, content).expect("the file is written");
        path
    }
}

/// Reads a file of this content and name; it has to fail, with this said.
pub fn refusal(name: &str, content: impl AsRef<[u8]>) -> String {
    let files = Files::new();
    read(&files.with(name, content)).expect_err("the file cannot be read").to_string()
}

/// What holds of every document, whatever happened to it.
pub fn assert_sound(doc: &Document) {
    let mut end = 0;
    for (n, page) in (1..).zip(&doc.pages) {
        assert_eq!((page.n, page.span.start), (n, end), "the pages tile the text in order");
        assert!(page.span.slice(&doc.text).is_some(), "page {n} lies on character boundaries");
        end = page.span.end;
    }
    assert_eq!(end, doc.text.len(), "the pages tile the whole text");
    let inside = |span: ByteSpan| span.slice(&doc.text).is_some_and(|text| !text.is_empty());
    let mut end = 0;
    for aside in &doc.marks.asides {
        assert!(inside(aside.span), "{aside:?} lies on character boundaries of the text");
        assert!(aside.span.start >= end, "{aside:?} stands in order and overlaps nothing");
        end = aside.span.end;
    }
    assert!(doc.marks.boxes.iter().all(|word| inside(word.span)), "boxes are of words in the text");
    assert!(doc.marks.boxes.is_sorted_by_key(|word| word.span.start), "boxes stand in order");
    assert!(doc.marks.joins.iter().all(|at| doc.text.is_char_boundary(*at)), "joins are inside");
    assert!(doc.marks.joins.is_sorted(), "joins stand in order");
    let landmarks = &doc.marks.landmarks;
    assert!(
        landmarks.iter().all(|mark| doc.text.is_char_boundary(mark.at)),
        "landmarks are inside"
    );
    assert!(landmarks.is_sorted_by_key(|mark| mark.at), "landmarks stand in order");
}

/// A folder of the corpus that lies beside a developer's checkout; `None` where
/// there is none, which is said.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("SKIPPED: there is no corpus at {}", corpus.display());
        return None;
    }
    Some(corpus.join(name))
}
