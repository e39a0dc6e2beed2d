//! Where a password goes: to the readers of the document that it opens, through
//! pipes, and nowhere else.

#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::broken_files as broken;
use crate::support::program::{Home, Printed};

const SECRET: &str = "open-sesame-4711";

/// The files below `folder` in which these bytes stand.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("listed"));
    let files =
        entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let holds = |path: &PathBuf| {
        let content = fs::read(path).expect("readable");
        content.windows(bytes.len()).any(|window| window == bytes)
    };
    files.filter(holds).collect()
}

/// A program that writes down what it and the worker that started it were given.
fn witness(folder: &Path, name: &str, evidence: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let script = format!(
        "#!/bin/sh\n{{ echo \"$@\"; env; cat /proc/$PPID/cmdline /proc/$PPID/environ; }} >> '{}'\n",
        evidence.display()
    );
    let path = folder.join(name);
    fs::write(&path, script).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("set");
}

#[test]
fn a_password_opens_its_document_and_is_found_nowhere_afterwards() {
    let (home, tools) = (Home::new(), tempfile::tempdir().expect("a folder"));
    let evidence = tools.path().join("evidence");
    for name in ["pdftotext", "tesseract", "pdftoppm"] {
        witness(tools.path(), name, &evidence);
    }
    fs::write(home.docs().join("locked.pdf"), broken::locked(SECRET)).expect("written");
    fs::write(home.docs().join("scan.pdf"), broken::scanned_page()).expect("written");
    home.document("damaged.pdf", "%PDF-1.7\nnothing that anybody could read");
    home.document("open.txt", "Rent is due on 1 May 2024.");
    let mut folders = vec![tools.path().to_owned()];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let docs = home.docs().into_os_string().into_string().expect("a plain path");
    let run = home
        .command(&["run", &docs, "--model", "none", "--job", "extract", "--ocr"])
        .env("GALLEY_PASSWORD", SECRET)
        .env("PATH", std::env::join_paths(folders).expect("a path"))
        .output();
    let printed = Printed::from(run.expect("the program starts"));
    let said = format!("{}{}", printed.out, printed.err);
    assert!(!said.contains("locked.pdf could not be read"), "{said}");
    assert!(said.contains("damaged.pdf could not be read"), "{said}");

    let seen = fs::read(&evidence).expect("the programs were asked");
    let seen = String::from_utf8_lossy(&seen);
    assert!(seen.contains("__extract") && seen.contains("--list-langs"), "{seen}");
    assert!(!seen.contains(SECRET), "a program or a worker was given it");
    assert!(!said.contains(SECRET), "it was printed");
    let store = files_with(&home.root(), b"Rent is due");
    assert!(!store.is_empty(), "the text of an open document is kept");
    assert!(files_with(&home.root(), SECRET.as_bytes()).is_empty(), "it was kept");
    assert!(files_with(&home.root(), b"Second page").is_empty(), "what was locked was kept");
}
