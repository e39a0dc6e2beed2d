//! Runs the real program in a home of its own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::screen::Screen;
use super::tiny_gguf;

/// A home and a folder of documents, both gone with the value.
pub struct Home {
    dir: TempDir,
}

impl Home {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("docs")).expect("a folder of documents");
        Self { dir }
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub fn docs(&self) -> PathBuf {
        self.dir.path().join("docs")
    }

    /// Writes a document and gives its path.
    pub fn document(&self, name: &str, text: &str) -> PathBuf {
        let path = self.docs().join(name);
        std::fs::write(&path, text).expect("a document");
        path
    }

    /// Copies a sample and gives its path.
    pub fn sample(&self, name: &str) -> PathBuf {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
        let to = self.docs().join(name);
        std::fs::copy(&from, &to).expect("a sample");
        to
    }

    /// Writes a tiny model outside of the documents and gives its path.
    pub fn model(&self) -> String {
        let path = self.dir.path().join("tiny.gguf");
        tiny_gguf::write(&path, 7).expect("a model");
        path.into_os_string().into_string().expect("a plain path")
    }

    /// Opens the workbench on the documents, on a terminal of this size.
    pub fn workbench(&self, model: &str, columns: u16, rows: u16) -> Screen {
        let folder = self.docs();
        let arguments = [folder.to_str().expect("a plain path"), "--model", model];
        let environment = [("GALLEY_HOME", OsString::from(self.root()))];
        let program = Path::new(env!("CARGO_BIN_EXE_galley"));
        Screen::start(program, &arguments, &environment, columns, rows)
    }

    /// The program with its arguments; nobody answers its questions.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galley"));
        command
            .args(arguments)
            .env("GALLEY_HOME", self.root())
            .env("HF_ENDPOINT", "http://127.0.0.1:9")
            .stdin(std::process::Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }
}

/// What a run printed, for assertions and their messages.
pub struct Printed {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Printed {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
