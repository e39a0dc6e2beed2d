//! Which files of a folder are documents to be shown. Looks at names, sizes and
//! times; opens no file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use thiserror::Error;
use walkdir::{DirEntry, WalkDir};

/// Folders below the one that was asked for are looked into this deep.
const MOST_DEPTH: usize = 16;
/// More files than these are no folder of documents but somebody's whole disk.
const MOST_FILES: usize = 10_000;

/// A file that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub path: PathBuf,
    /// In bytes.
    pub size: u64,
    pub mtime: Option<SystemTime>,
}

/// What a folder holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Sorted by path.
    pub files: Vec<Listed>,
    /// Sentences on parts of the folder that could not be listed.
    pub troubles: Vec<String>,
}

/// Why a folder cannot be listed at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListError {
    #[error("There is no folder {}. Check the path, or make the folder first.", .0.display())]
    Missing(PathBuf),
    #[error("{} is a file and not a folder. Name the folder that it is in.", .0.display())]
    NotAFolder(PathBuf),
    #[error(
        "You have no permission to list the folder {}. Give yourself the right to read it, or \
         name another folder.",
        .0.display()
    )]
    Permission(PathBuf),
    #[error(
        "The folder {} could not be listed ({what}). Check the disk or the network drive, then \
         retry.",
        .folder.display()
    )]
    Io { folder: PathBuf, what: String },
}

impl ListError {
    fn new(folder: &Path, error: &io::Error) -> Self {
        let folder = folder.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(folder),
            io::ErrorKind::NotADirectory => Self::NotAFolder(folder),
            io::ErrorKind::PermissionDenied => Self::Permission(folder),
            kind => Self::Io { folder, what: kind.to_string() },
        }
    }
}

/// Lists the documents in `folder` and below, links to files included and links
/// to folders left alone. Formats that cannot be read are listed too: the person
/// shall see the message, not miss the file.
///
/// # Errors
/// When the folder itself is missing, no folder, or may not be read.
pub fn list(folder: &Path) -> Result<Listing, ListError> {
    // A walk reports these as entries; a person wants them as the answer.
    fs::read_dir(folder).map_err(|e| ListError::new(folder, &e))?;
    let mut listing = Listing::default();
    let walk = WalkDir::new(folder).min_depth(1).max_depth(MOST_DEPTH).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|e| !is_ignored_folder(e)) {
        match entry {
            Ok(entry) => listing.files.extend(listed(entry)),
            Err(error) => listing.troubles.extend(trouble(&error)),
        }
        if listing.files.len() >= MOST_FILES {
            listing.troubles.push(format!(
                "{} holds more than {MOST_FILES} files; the first {MOST_FILES} are shown. Name a \
                 folder further down.",
                folder.display()
            ));
            break;
        }
    }
    listing.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(listing)
}

/// Whether a file of this name is a document to be shown, wherever it lies.
/// Hidden files, programs' temporary files and galley's own results are not.
#[must_use]
pub fn is_candidate(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_document_name(&name.to_string_lossy()))
}

fn listed(entry: DirEntry) -> Option<Listed> {
    if entry.file_type().is_dir() || !is_candidate(entry.path()) {
        return None;
    }
    // Follows a link; one that leads nowhere or to a folder is left out.
    let metadata = fs::metadata(entry.path()).ok().filter(fs::Metadata::is_file)?;
    let (size, mtime) = (metadata.len(), metadata.modified().ok());
    Some(Listed { path: entry.into_path(), size, mtime })
}

fn trouble(error: &walkdir::Error) -> Option<String> {
    let kind = error.io_error().map(io::Error::kind)?;
    // Removed while the folder was being listed.
    if kind == io::ErrorKind::NotFound {
        return None;
    }
    let path = error.path()?.display();
    Some(match kind {
        io::ErrorKind::PermissionDenied => format!(
            "You have no permission to list the folder {path}, so what is in it is not shown. \
             Give yourself the right to read it."
        ),
        kind => format!("The folder {path} could not be listed ({kind}). Check the disk."),
    })
}

fn is_ignored_folder(entry: &DirEntry) -> bool {
    entry.depth() > 0
        && entry.file_type().is_dir()
        && is_ignored_folder_name(&entry.file_name().to_string_lossy())
}

fn is_ignored_folder_name(name: &str) -> bool {
    name.starts_with('.')
        || matches!(
            name,
            "node_modules"
                | "__pycache__"
                | "__MACOSX"
                | "$RECYCLE.BIN"
                | "System Volume Information"
        )
}

fn is_document_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let hidden = lower.starts_with('.');
    // Word, LibreOffice, Emacs and Vim, in this order; "4913" is Vim's test of
    // whether it may write.
    let editors = lower.starts_with("~$")
        || lower.starts_with("~wr")
        || lower.ends_with('~')
        || (lower.starts_with('#') && lower.ends_with('#'))
        || lower == "4913";
    let unfinished = matches!(
        ending,
        "part" | "partial" | "tmp" | "temp" | "swp" | "swo" | "swx" | "crdownload" | "download"
    );
    let system = matches!(lower.as_str(), "thumbs.db" | "desktop.ini" | "icon\r");
    let own = lower.contains(".galley.");
    !(hidden || editors || unfinished || system || own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(folder: &Path, name: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, "x").expect("written");
    }

    fn names(folder: &Path) -> Vec<String> {
        let files = list(folder).expect("a listing").files;
        let below = |f: &Listed| f.path.strip_prefix(folder).expect("below").display().to_string();
        files.iter().map(below).collect()
    }

    #[test]
    fn documents_are_listed_and_what_programs_leave_behind_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [
            "nda.md",
            "deep/er/lease.pdf",
            "letter.docx",
            "data.xyz",
            "README",
            ".DS_Store",
            "~$letter.docx",
            "nda.md~",
            ".nda.md.swp",
            "big.pdf.part",
            "4913",
            "Thumbs.db",
            "nda.galley.json",
            "nda.galley.md",
            ".git/config",
            "node_modules/a/readme.md",
        ] {
            touch(folder.path(), name);
        }
        let expected = ["README", "data.xyz", "deep/er/lease.pdf", "letter.docx", "nda.md"];
        assert_eq!(names(folder.path()), expected);
    }

    #[test]
    fn a_folder_that_is_none_is_said_in_a_sentence() {
        let folder = tempfile::tempdir().expect("a folder");
        touch(folder.path(), "a.txt");
        let missing = list(&folder.path().join("gone")).expect_err("missing").to_string();
        assert!(missing.starts_with("There is no folder") && missing.contains("gone"), "{missing}");
        let file = list(&folder.path().join("a.txt")).expect_err("a file").to_string();
        assert!(file.contains("is a file and not a folder"), "{file}");
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_to_files_and_never_in_circles() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        touch(folder.path(), "sub/a.txt");
        symlink(folder.path(), folder.path().join("sub/circle")).expect("linked");
        symlink(folder.path().join("sub/a.txt"), folder.path().join("link.txt")).expect("linked");
        symlink("nowhere", folder.path().join("broken.txt")).expect("linked");
        assert_eq!(names(folder.path()), ["link.txt", "sub/a.txt"]);
    }
}
