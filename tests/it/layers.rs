//! The arrows between the layers point down: each source file's `use` lines
//! may only name its own layer and those below.

use std::fs;
use std::path::{Path, PathBuf};

/// A layer and what it may import from the crate.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("environment", &[]),
    ("paths", &[]),
    ("assets", &["domain"]),
    ("watch", &[]),
    ("store", &["domain"]),
    ("extract", &["domain", "environment"]),
    ("models", &["domain", "environment", "paths"]),
    ("engine", &["domain", "environment"]),
    ("app", &["domain"]),
    (
        "runtime",
        &[
            "app",
            "assets",
            "domain",
            "engine",
            "environment",
            "extract",
            "models",
            "paths",
            "store",
            "watch",
        ],
    ),
    ("ui", &["app", "assets", "domain", "paths", "runtime"]),
    (
        "cli",
        &[
            "app",
            "assets",
            "domain",
            "engine",
            "environment",
            "extract",
            "models",
            "paths",
            "runtime",
            "store",
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

/// A source without its comments, line by line as it was.
fn code(source: &str) -> String {
    let lines = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The name that a text begins with.
fn first_name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The layers that code names as `crate::layer`, `galley::layer`, or in a
/// group as `crate::{layer::Type, other}`.
fn named(code: &str) -> Vec<&str> {
    let marks = ["crate::", "galley::"];
    let after = marks.iter().flat_map(|mark| code.match_indices(mark)).map(|(at, m)| at + m.len());
    after.flat_map(|at| heads(&code[at..])).collect()
}

/// The first names of what follows a `::`: one, or those of a group.
fn heads(rest: &str) -> Vec<&str> {
    let Some(group) = rest.strip_prefix('{') else { return vec![first_name(rest)] };
    let (mut heads, mut depth, mut fresh) = (Vec::new(), 1, true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' if depth == 1 => fresh = true,
            c if fresh && !c.is_whitespace() => {
                heads.push(first_name(&group[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    heads
}

/// Whether a `super` leads out of the layer of a file whose module lies
/// `depth` names below the crate. A module within the file lies one deeper;
/// its extent is told by the indentation, which the formatter keeps.
fn climbs_out(code: &str, depth: usize) -> bool {
    let mut ends: Vec<String> = Vec::new();
    for line in code.lines() {
        if ends.last().is_some_and(|end| line == end) {
            ends.pop();
        }
        if climb(line) >= depth + ends.len() {
            return true;
        }
        let start = line.trim_start();
        let word = start.strip_prefix("pub ").unwrap_or(start);
        if word.starts_with("mod ") && line.ends_with('{') {
            ends.push(format!("{}}}", &line[..line.len() - start.len()]));
        }
    }
    false
}

/// The longest run of `super::` on a line.
fn climb(line: &str) -> usize {
    const UP: &str = "super::";
    let runs = line.match_indices(UP).map(|(at, _)| {
        let rest = &line[at..];
        let more = std::iter::successors(rest.strip_prefix(UP), |rest| rest.strip_prefix(UP));
        more.count()
    });
    runs.max().unwrap_or(0)
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
        let code = code(source);
        for layer in named(&code) {
            let is_layer = LAYERS.iter().any(|(name, _)| *name == layer);
            if is_layer && layer != own && !allowed.contains(&layer) {
                faults.push(format!("{} imports {layer}", below.display()));
            }
        }
        let is_folders_own = below.file_name().is_some_and(|name| name == "mod.rs");
        if climbs_out(&code, below.components().count() - usize::from(is_folders_own)) {
            faults.push(format!("{} climbs out of its layer by super", below.display()));
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

/// The faults of one source.
fn faults_of(name: &str, source: &str) -> Vec<String> {
    let src = Path::new("src");
    faults(&[(src.join(name), source.to_owned())], src)
}

#[test]
fn an_arrow_that_points_up_is_noticed() {
    for (name, source) in [
        ("domain/chunk.rs", "use crate::store::Store;"),
        ("app/update.rs", "fn f() { crate::runtime::go() }"),
        ("domain/chunk.rs", "use crate::{domain::span::ByteSpan, store};"),
        ("app/mod.rs", "use crate::{\n    domain::{a, b::{c, d}},\n    runtime::go,\n};"),
        ("stray.rs", ""),
    ] {
        assert_eq!(faults_of(name, source).len(), 1, "{name}: {source}");
    }
    for (name, source) in [
        ("store/mod.rs", "use crate::domain::span::ByteSpan; // crate::ui::draw"),
        ("store/mod.rs", "use crate::{domain::{ui, cli::x}, store::a};"),
    ] {
        assert_eq!(faults_of(name, source), [""; 0], "{source}");
    }
}

#[test]
fn a_super_that_leads_out_of_the_layer_is_noticed() {
    for (name, source) in [
        ("domain/mod.rs", "use super::store::Store;"),
        ("domain/chunk.rs", "use super::super::store::Store;"),
        ("watch.rs", "use super::store::Store;"),
        ("app/update/runs.rs", "fn f() { super::super::super::runtime::go() }"),
        ("domain/chunk.rs", "mod tests {\n    use super::x;\n}\nuse super::super::store;"),
        ("domain/chunk.rs", "mod tests {\n    use super::super::super::store::Store;\n}"),
    ] {
        assert_eq!(faults_of(name, source).len(), 1, "{name}: {source}");
    }
    for (name, source) in [
        ("domain/chunk.rs", "use super::span::ByteSpan; use super::ledger;"),
        ("app/update/runs.rs", "use super::super::state::State;"),
        ("watch.rs", "mod tests {\n    use super::*;\n}"),
        ("domain/a/b.rs", "pub mod tests {\n    use super::super::super::span;\n}"),
    ] {
        assert_eq!(faults_of(name, source), [""; 0], "{name}: {source}");
    }
}
