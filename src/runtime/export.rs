//! Writes results to files beside each other, all or none, never over a
//! source. Knows how files are written, not what stands in them.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

use crate::domain::report::{Report, ReportFormat, render};

/// Longest stem in bytes. File systems allow 255 for a name; this leaves room
/// for the endings.
const LONGEST: usize = 200;

/// Why results could not be saved; each is a whole message for the person.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(
        "The folder {} for results cannot be made: {source}. {}",
        .dir.display(), advice(.source)
    )]
    Folder { dir: PathBuf, source: io::Error },
    #[error(
        "The results could not be written to {}: {source}. Nothing was changed there. {}",
        .path.display(), advice(.source)
    )]
    Write { path: PathBuf, source: io::Error },
    #[error(
        "The results would be written over the document {} itself. Choose another folder for \
         the results.",
        .path.display()
    )]
    Source { path: PathBuf },
}

/// What a person can do about a failed write.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "The disk is full: free some space, or choose a folder on another disk."
        }
        ErrorKind::PermissionDenied => {
            "Allow writing to this folder, or choose another one for the results."
        }
        ErrorKind::ReadOnlyFilesystem => {
            "This disk is read-only: choose a folder on another one for the results."
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists | ErrorKind::IsADirectory => {
            "Something else has that name: move it away, or choose another folder for the results."
        }
        ErrorKind::NotFound => "Make sure that the folder still exists, and try again.",
        _ => "Check the disk, or choose another folder for the results.",
    }
}

/// Saves a document's results as `DIR/STEM.galley.md` and so on, and returns
/// the paths in the order of `formats`. The folder is made where it is missing;
/// earlier results of the same name are replaced. The files can be read by
/// their owner alone, since the documents are confidential.
///
/// # Errors
/// Where the folder cannot be made, a file cannot be written, or a file would
/// stand in the place of the document itself. No temporary file is left.
pub fn write(
    dir: &Path,
    file_stem: &str,
    formats: &[ReportFormat],
    report: &Report<'_>,
) -> Result<Vec<PathBuf>, ExportError> {
    std::fs::create_dir_all(dir)
        .map_err(|source| ExportError::Folder { dir: dir.to_owned(), source })?;
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    // All files are complete on disk before the first takes its place, so that
    // a full disk leaves the earlier results as they were.
    let mut ready: Vec<(NamedTempFile, PathBuf)> = Vec::new();
    for format in formats {
        let path = dir.join(format!("{file_stem}.galley.{}", format.extension()));
        if ready.iter().any(|(_, earlier)| *earlier == path) {
            continue;
        }
        if is_same_file(&path, &report.doc.path) {
            return Err(ExportError::Source { path });
        }
        let file = complete(dir, &render(report, *format, &now))
            .map_err(|source| ExportError::Write { path: path.clone(), source })?;
        ready.push((file, path));
    }
    let mut written = Vec::new();
    for (file, path) in ready {
        match file.persist(&path) {
            Ok(_) => written.push(path),
            Err(error) => return Err(ExportError::Write { path, source: error.error }),
        }
    }
    Ok(written)
}

/// A temporary file with all of `bytes` on disk; dropping it removes it.
fn complete(dir: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(".galley-").suffix(".tmp").tempfile_in(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Whether two paths lead to one existing file, by whatever names and links.
fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// The stems of result files for the documents of one run, in their order:
/// the file's name with its ending, or its whole relative path with `_` for
/// separators where two share a name. No two stems are equal, also where
/// capitals do not count.
#[must_use]
pub fn stems(paths: &[&Path]) -> Vec<String> {
    let names: Vec<String> = paths.iter().map(|path| joined(path, 1)).collect();
    let mut shared: HashMap<String, usize> = HashMap::new();
    for name in &names {
        *shared.entry(name.to_lowercase()).or_default() += 1;
    }
    let mut taken: HashMap<String, usize> = HashMap::new();
    let stems = names.into_iter().zip(paths).map(|(name, path)| {
        let alone = shared.get(&name.to_lowercase()) == Some(&1);
        shortened(if alone { name } else { joined(path, usize::MAX) })
    });
    let stems: Vec<String> = stems.collect();
    for stem in &stems {
        taken.entry(stem.to_lowercase()).or_default();
    }
    stems.into_iter().map(|stem| numbered(stem, &mut taken)).collect()
}

/// The last `parts` parts of a path, joined.
fn joined(path: &Path, parts: usize) -> String {
    let named = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => {
            None
        }
    });
    let all: Vec<String> = named.collect();
    all[all.len().saturating_sub(parts)..].join("_")
}

/// A stem that fits into a file name; the hash keeps long ones apart.
fn shortened(stem: String) -> String {
    if stem.len() <= LONGEST {
        return stem;
    }
    let hash = blake3::hash(stem.as_bytes()).to_hex();
    let cut = stem.floor_char_boundary(LONGEST - 9);
    format!("{}-{}", &stem[..cut], &hash[..8])
}

/// The stem, or where it is taken the stem with the first free number.
fn numbered(stem: String, taken: &mut HashMap<String, usize>) -> String {
    let uses = taken.entry(stem.to_lowercase()).or_default();
    *uses += 1;
    if *uses == 1 {
        return stem;
    }
    let free =
        (2..).map(|n| format!("{stem}-{n}")).find(|s| !taken.contains_key(&s.to_lowercase()));
    let stem = free.unwrap_or(stem);
    taken.insert(stem.to_lowercase(), 1);
    stem
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::report::sample::agreement;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .expect("the folder is there")
            .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn save(dir: &Path, formats: &[ReportFormat]) -> Result<Vec<PathBuf>, ExportError> {
        agreement().with(|report| write(dir, "agreement.pdf", formats, report))
    }

    #[test]
    fn every_format_becomes_a_file_beside_the_others() {
        let temp = tempfile::tempdir().expect("a folder");
        let dir = temp.path().join("not/there/yet");
        let written = save(&dir, &ReportFormat::ALL).expect("it can be written");
        let expected: Vec<PathBuf> = ["md", "json", "jsonl", "csv", "docx", "ics"]
            .map(|ending| dir.join(format!("agreement.pdf.galley.{ending}")))
            .into();
        assert_eq!(written, expected);
        assert_eq!(names(&dir).len(), 6, "nothing else is left: {:?}", names(&dir));
        let text = fs::read_to_string(&written[0]).expect("it is text");
        assert!(text.starts_with("# agreement.pdf\n"));
        let calendar = fs::read_to_string(&written[5]).expect("it is text");
        let stamp = calendar.lines().find_map(|l| l.strip_prefix("DTSTAMP:")).expect("a time");
        assert_eq!((stamp.len(), &stamp[8..9], &stamp[15..]), (16, "T", "Z"), "{stamp}");
    }

    #[test]
    fn earlier_results_are_replaced() {
        let temp = tempfile::tempdir().expect("a folder");
        let path = temp.path().join("agreement.pdf.galley.md");
        fs::write(&path, "of yesterday").expect("it can be written");
        save(temp.path(), &[ReportFormat::Md, ReportFormat::Md]).expect("it can be written");
        assert_eq!(names(temp.path()), ["agreement.pdf.galley.md"]);
        assert!(fs::read_to_string(&path).expect("text").contains("1 March 2026"));
    }

    #[test]
    fn a_failed_export_leaves_no_temporary_file_and_names_the_path() {
        let temp = tempfile::tempdir().expect("a folder");
        let blocked = temp.path().join("agreement.pdf.galley.json");
        fs::create_dir(&blocked).expect("it can be made");
        let error = save(temp.path(), &[ReportFormat::Json, ReportFormat::Csv])
            .expect_err("a folder stands where the file should");
        assert_eq!(names(temp.path()), ["agreement.pdf.galley.json"]);
        let said = error.to_string();
        assert!(said.contains(&*blocked.to_string_lossy()), "{said}");
        assert!(said.contains("choose another folder"), "{said}");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let temp = tempfile::tempdir().expect("a folder");
        let file = temp.path().join("file");
        fs::write(&file, "in the way").expect("it can be written");
        let error = save(&file.join("results"), &[ReportFormat::Md]).expect_err("it is no folder");
        assert!(matches!(error, ExportError::Folder { .. }));
        assert!(error.to_string().contains(&*file.to_string_lossy()), "{error}");
    }

    #[test]
    fn a_full_disk_is_said_with_a_way_out() {
        let source = io::Error::from(ErrorKind::StorageFull);
        let said = ExportError::Write { path: "/out/a.md".into(), source }.to_string();
        assert!(said.contains("/out/a.md") && said.contains("free some space"), "{said}");
    }

    #[test]
    fn the_document_itself_is_never_written_over() {
        let temp = tempfile::tempdir().expect("a folder");
        let mut sample = agreement();
        sample.doc.path = temp.path().join("notes.galley.md");
        fs::write(&sample.doc.path, "the source").expect("it can be written");
        let formats = [ReportFormat::Json, ReportFormat::Md];
        let outcome = sample.with(|report| write(temp.path(), "notes", &formats, report));
        assert!(matches!(outcome, Err(ExportError::Source { .. })));
        assert_eq!(names(temp.path()), ["notes.galley.md"]);
        assert_eq!(fs::read_to_string(&sample.doc.path).expect("text"), "the source");
    }

    #[test]
    fn documents_that_share_a_name_are_told_apart_by_their_folders() {
        let paths = ["a/nda.md", "b/NDA.md", "./lease.pdf", "../x/notes.txt", "/deep/notes.txt"];
        let stems = stems(&paths.map(Path::new));
        assert_eq!(stems, ["a_nda.md", "b_NDA.md", "lease.pdf", "x_notes.txt", "deep_notes.txt"]);
    }

    #[test]
    fn no_two_stems_are_equal_whatever_the_paths() {
        let paths = ["a/b_c", "a_b/c", "d/c", "a_b_c-2", "A/B_C", "../c", "c"].map(Path::new);
        let stems = stems(&paths);
        let different: std::collections::BTreeSet<String> =
            stems.iter().map(|s| s.to_lowercase()).collect();
        assert_eq!(different.len(), paths.len(), "{stems:?}");
    }

    #[test]
    fn a_long_name_is_cut_to_what_a_file_system_takes() {
        let long = |end: &str| format!("{}{end}", "ä".repeat(120));
        let (a, b) = (long("a.md"), long("b.md"));
        let stems = stems(&[Path::new(&a), Path::new(&b)]);
        assert!(stems.iter().all(|s| s.len() <= LONGEST), "{stems:?}");
        assert_ne!(stems[0], stems[1]);
    }
}
