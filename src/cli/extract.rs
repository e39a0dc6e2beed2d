//! `galley extract FILE`: the text as the jobs see it; and the worker behind it.

use std::ffi::OsStr;
use std::path::{Path, absolute};
use std::process::ExitCode;

use serde_json::json;

use super::DONE;
use super::output::{complain, print, print_line};
use crate::domain::document::Document;
use crate::extract::{WorkerCommand, guard, worker as reading_worker};
use crate::paths::Paths;
use crate::runtime::config::Config;

pub fn main(file: &Path, as_json: bool, paths: &Paths) -> Result<u8, String> {
    let document = read(file, paths)?;
    if as_json {
        let line = json!({
            "file": file.to_string_lossy(),
            "format": document.format.name(),
            "text": document.text,
            "pages": document.pages,
            "warning": document.warning,
        });
        print_line(&line.to_string());
    } else {
        print(&document.text);
        if !document.text.ends_with('\n') {
            print("\n");
        }
        if let Some(warning) = &document.warning {
            complain(warning);
        }
    }
    Ok(DONE)
}

/// Reads one document through the guarded worker.
///
/// # Errors
/// A sentence.
pub fn read(file: &Path, paths: &Paths) -> Result<Document, String> {
    let (config, problem) = Config::load(paths);
    if let Some(problem) = problem {
        complain(&problem);
    }
    let worker = WorkerCommand::this_program()
        .map_err(|e| format!("galley cannot find its own program file ({e})."))?;
    let file =
        absolute(file).map_err(|e| format!("{} is no usable path ({e}).", file.display()))?;
    guard::read(&file, &worker, &config.reading, &|| false).map_err(|e| e.to_string())
}

/// The hidden subcommand: reads a file and writes its pages to standard output.
#[must_use]
pub fn worker(path: &OsStr, limits: Option<&str>) -> ExitCode {
    let limits = limits.and_then(|text| text.parse().ok()).unwrap_or_default();
    reading_worker::main(Path::new(path), &limits)
}
