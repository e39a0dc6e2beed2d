//! The arrows between the layers point down: each source file's `use` lines
//! may only name its own layer and those below.

use std::fs;
use std::path::{Path, PathBuf};

/// A layer and what it may import from the crate.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("paths", &[]),
    ("assets", &["domain"]),
    ("watch", &[]),
    ("store", &["domain"]),
    ("extract", &["domain"]),
    ("models", &["domain", "engine", "paths"]),
    ("engine", &["domain"]),
    ("app", &["domain"]),
    (
        "runtime",
        &["app", "assets", "domain", "engine", "extract", "models", "paths", "store", "watch"],
    ),
    ("ui", &["app", "assets", "domain", "paths", "runtime"]),
    (
        "cli",
        &[
            "app", "assets", "domain", "engine", "extract", "models", "paths", "runtime", "store",
            "ui",
        ],
    ),
    ("main", &["cli"]),
];

fn sources(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("the source folder can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// The layers that a source names as `crate::layer` or `galley::layer`.
fn named(source: &str) -> Vec<String> {
    let code = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    let mut layers = Vec::new();
    for line in code {
        for mark in ["crate::", "galley::"] {
            for (at, _) in line.match_indices(mark) {
                let rest = &line[at + mark.len()..];
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                layers.push(rest[..end.unwrap_or(rest.len())].to_owned());
            }
        }
    }
    layers
}

/// `(file, layer)` pairs whose arrow points up.
fn faults(files: &[(PathBuf, String)], src: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, source) in files {
        let below = file.strip_prefix(src).expect("a file below src");
        let first = below.iter().next().expect("a file name").to_string_lossy();
        let own = first.trim_end_matches(".rs");
        if own == "lib" {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == own) else {
            faults.push(format!("{} belongs to no layer", below.display()));
            continue;
        };
        for layer in named(source) {
            let is_layer = LAYERS.iter().any(|(name, _)| *name == layer);
            if is_layer && layer != own && !allowed.contains(&layer.as_str()) {
                faults.push(format!("{} imports {layer}", below.display()));
            }
        }
    }
    faults
}

#[test]
fn imports_point_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    assert!(files.len() > 40, "only {} sources were found", files.len());
    let files: Vec<_> = files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).expect("a source file");
            (file, text)
        })
        .collect();
    let faults = faults(&files, &src);
    assert!(faults.is_empty(), "imports that point up:\n{}", faults.join("\n"));
}

#[test]
fn an_arrow_that_points_up_is_noticed() {
    let src = Path::new("src");
    let file = |name: &str, text: &str| (src.join(name), text.to_owned());
    let wrong = [
        file("domain/chunk.rs", "use crate::store::Store;"),
        file("app/update.rs", "fn f() { crate::runtime::go() }"),
        file("stray.rs", ""),
    ];
    assert_eq!(faults(&wrong, src).len(), 3);
    let right = [file("store/mod.rs", "use crate::domain::span::ByteSpan; // crate::ui::draw")];
    assert!(faults(&right, src).is_empty());
}
