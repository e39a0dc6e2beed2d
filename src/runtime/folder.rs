//! What the workbench sees of the folders and files it was given.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::app::msg::Seen;
use crate::app::state::{DocId, Stamp};
use crate::extract::{self, Listed};

/// What lies under the roots.
#[derive(Debug, Default)]
pub struct Look {
    pub seen: Vec<Seen>,
    /// Sentences on parts that could not be listed.
    pub troubles: Vec<String>,
}

/// The files under all roots; a root that is a file stands for itself.
///
/// # Errors
/// A sentence for the first root that is not there or cannot be listed.
pub fn look(roots: &[PathBuf]) -> Result<Look, String> {
    let mut look = Look::default();
    for root in roots {
        if fs::metadata(root).is_ok_and(|data| !data.is_dir()) {
            let data = fs::metadata(root).ok();
            look.add(root, root, data.as_ref().map_or(0, fs::Metadata::len), modified(data));
            continue;
        }
        let listing = extract::list(root).map_err(|e| e.to_string())?;
        look.troubles.extend(listing.troubles);
        for Listed { path, size, mtime } in listing.files {
            look.add(root, &path, size, mtime);
        }
    }
    Ok(look)
}

fn modified(data: Option<fs::Metadata>) -> Option<SystemTime> {
    data.and_then(|data| data.modified().ok())
}

impl Look {
    fn add(&mut self, root: &Path, file: &Path, bytes: u64, modified: Option<SystemTime>) {
        let id = DocId(file.to_owned());
        if self.seen.iter().any(|seen| seen.id == id) {
            return;
        }
        let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = since.map_or(0, |time| i128::try_from(time.as_nanos()).unwrap_or(i128::MAX));
        let name = name(root, file);
        self.seen.push(Seen { id, name, stamp: Stamp { bytes, modified } });
    }
}

fn name(root: &Path, file: &Path) -> String {
    let below = file.strip_prefix(root).ok().filter(|path| !path.as_os_str().is_empty());
    let shown = below.or_else(|| file.file_name().map(Path::new)).unwrap_or(file);
    shown.to_string_lossy().into_owned()
}
