//! Writes results to files beside each other, each whole or not at all, never over
//! a source. Knows how files are written, not what stands in them.

mod deliver;
mod names;

use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::domain::report::{Report, ReportFormat, render};
use crate::store::private_folder;
pub use deliver::{Saved, document, job_text};

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
/// earlier results of the same name are replaced. The files, and folders that
/// were made, are for their owner alone, since the documents are confidential.
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
    private_folder(dir).map_err(|source| ExportError::Folder { dir: dir.to_owned(), source })?;
    let now = now();
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

/// The time as calendars write it: UTC, "20260301T120000Z".
fn now() -> String {
    jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string()
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

    #[cfg(unix)]
    #[test]
    fn results_and_the_folders_made_for_them_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().expect("a folder");
        let theirs = temp.path().join("theirs");
        fs::create_dir(&theirs).expect("made");
        let shared = fs::Permissions::from_mode(0o755);
        fs::set_permissions(&theirs, shared).expect("allowed");
        let file = save(&theirs.join("a/b"), &[ReportFormat::Md]).expect("it can be written");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&file[0]), 0o600);
        assert_eq!((mode(&theirs.join("a/b")), mode(&theirs.join("a"))), (0o700, 0o700));
        assert_eq!(mode(&theirs), 0o755, "a folder of the person's is left as it is");
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
}
