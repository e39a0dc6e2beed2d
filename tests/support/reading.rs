//! Files of a test, read through the real worker process.

use std::fs;
use std::path::{Path, PathBuf};

use galley::domain::document::Document;
use galley::extract::guard::{self, WorkerCommand};
use galley::extract::{Limits, ReadFailure};
use tempfile::TempDir;

/// The program itself, as the worker that reads one file.
pub fn worker() -> WorkerCommand {
    WorkerCommand {
        program: PathBuf::from(env!("CARGO_BIN_EXE_galley")),
        args: vec!["__extract".into()],
    }
}

pub fn read(path: &Path) -> Result<Document, ReadFailure> {
    guard::read(path, &worker(), &Limits::default(), &|| false)
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
}
