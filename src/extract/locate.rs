//! Where a document lies: in a file of its own, or inside one, as an attachment
//! lies in a mail. The path of such a part is the file's path with the part's
//! name behind it. Also what may be opened at all. Knows no format.

use std::fs::{self, File, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::failure::{ReadError, Reason};
use super::limits::Limits;

/// Documents inside documents are looked for this deep. A mail forwarded as an
/// attachment a few times is three or four deep.
pub const MOST_DEPTH: usize = 8;

/// A file, and a document inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file on the disk.
    pub file: PathBuf,
    /// The names of the parts from the outside in; none for the file itself.
    pub parts: Vec<String>,
}

/// Splits a path at the regular file in it. A path on which there is none is
/// taken to name a file, so that it can be said that it is missing.
#[must_use]
pub fn locate(path: &Path) -> Location {
    let whole = || Location { file: path.to_owned(), parts: Vec::new() };
    if fs::symlink_metadata(path).is_ok() {
        return whole();
    }
    // The nearest of them that is there decides.
    let there = path.ancestors().skip(1).find_map(|above| Some((above, fs::metadata(above).ok()?)));
    let Some((file, _)) = there.filter(|(_, metadata)| metadata.is_file()) else {
        return whole();
    };
    let below = path.strip_prefix(file).unwrap_or(Path::new(""));
    let names = below.components().map(|name| name.as_os_str().to_str().map(str::to_owned));
    match names.collect() {
        Some(parts) => Location { file: file.to_owned(), parts },
        None => whole(),
    }
}

impl Location {
    /// # Errors
    /// Where it lies deeper than anybody looks.
    pub(super) fn check_depth(&self) -> Result<(), ReadError> {
        if self.parts.len() > MOST_DEPTH {
            return Err(ReadError::TooDeep { most: MOST_DEPTH });
        }
        Ok(())
    }
}

/// What tells a changed file from an unchanged one without reading it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    pub fn of(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// What the file system says of a file; links are followed.
pub(super) fn look(file: &Path) -> Result<Metadata, Reason> {
    fs::metadata(file).map_err(|error| {
        if fs::symlink_metadata(file).is_ok_and(|itself| itself.is_symlink()) {
            return Reason::BrokenLink;
        }
        trouble(&error)
    })
}

/// Makes sure that the file may be opened before anything opens it: to open a
/// named pipe is to wait for a writer.
pub(super) fn openable(file: &Path, limits: &Limits) -> Result<Metadata, Reason> {
    let metadata = look(file)?;
    if !metadata.is_file() {
        return Err(Reason::NotAFile { what: kind(metadata.file_type()) });
    }
    if metadata.len() > limits.source_bytes {
        return Err(Reason::TooLarge { bytes: metadata.len(), limit: limits.source_bytes });
    }
    File::open(file).map_err(|e| trouble(&e))?;
    Ok(metadata)
}

pub(super) fn trouble(error: &io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Reason::Missing,
        io::ErrorKind::PermissionDenied => Reason::Permission,
        kind => Reason::Io(kind.to_string()),
    }
}

#[cfg(unix)]
fn kind(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if file_type.is_dir() {
        "a folder"
    } else if file_type.is_fifo() {
        "a named pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind(file_type: FileType) -> &'static str {
    if file_type.is_dir() { "a folder" } else { "a device" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_file_s_path_is_inside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let mail = folder.path().join("mail.eml");
        fs::write(&mail, "x").expect("written");
        let parts = |path: PathBuf| locate(&path).parts;
        assert_eq!(locate(&mail), Location { file: mail.clone(), parts: Vec::new() });
        assert_eq!(locate(&mail.join("a.pdf")).file, mail);
        assert_eq!(parts(mail.join("a.pdf")), ["a.pdf"]);
        assert_eq!(parts(mail.join("fwd.eml/a b.pdf")), ["fwd.eml", "a b.pdf"]);
        assert_eq!(parts(folder.path().join("gone.eml/a.pdf")), [""; 0]);
        assert_eq!(locate(Path::new("gone.txt")).file, Path::new("gone.txt"));
    }

    #[test]
    fn there_is_an_end_to_documents_in_documents() {
        let deep = |parts| Location { file: "a.eml".into(), parts: vec!["b".into(); parts] };
        assert_eq!(deep(MOST_DEPTH).check_depth(), Ok(()));
        assert!(deep(MOST_DEPTH + 1).check_depth().is_err());
    }
}
