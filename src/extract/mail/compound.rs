//! The file system inside an Outlook message ([MS-CFB]): reading streams, and
//! making a message inside a message one of its own.

use std::io::{Cursor, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use cfb::CompoundFile;

use crate::extract::failure::ReadError;

/// Of all messages and attachments the stream of short properties.
pub const PROPERTIES: &str = "__properties_version1.0";

/// Bytes of a message's properties before the first one: at the top of a file
/// and inside another message ([MS-OXMSG] 2.4.1).
pub const TOP_HEADER: usize = 32;
const INNER_HEADER: usize = 24;

pub struct Compound<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    size: u64,
}

impl<'a> Compound<'a> {
    /// # Errors
    /// [`ReadError::DamagedDocument`] where its own tables do not fit.
    pub fn open(source: &'a [u8]) -> Result<Self, ReadError> {
        let damaged = || ReadError::DamagedDocument {
            what: "the tables that say where its pieces lie do not fit together".into(),
        };
        let opened = catch_unwind(|| CompoundFile::open(Cursor::new(source)));
        let file = opened.map_err(|_| damaged())?.map_err(|_| damaged())?;
        Ok(Self { file, size: source.len() as u64 })
    }

    /// A stream's bytes; `None` where there is none or it cannot be read.
    pub fn stream(&mut self, path: &Path) -> Option<Vec<u8>> {
        let size = self.size;
        let file = &mut self.file;
        let read = catch_unwind(AssertUnwindSafe(|| {
            let mut bytes = Vec::new();
            file.open_stream(path).ok()?.take(size).read_to_end(&mut bytes).ok()?;
            Some(bytes)
        }));
        read.ok().flatten()
    }

    pub fn is_storage(&self, path: &Path) -> bool {
        self.file.is_storage(path)
    }

    pub fn is_stream(&self, path: &Path) -> bool {
        self.file.is_stream(path)
    }

    /// The storages directly inside `path` whose names begin so, in order.
    pub fn storages(&self, path: &Path, beginning: &str, most: usize) -> Vec<PathBuf> {
        let Ok(entries) = self.file.read_storage(path) else {
            return Vec::new();
        };
        let entries =
            entries.filter(|entry| entry.is_storage() && entry.name().starts_with(beginning));
        let mut paths: Vec<_> = entries.take(most).map(|entry| entry.path().to_owned()).collect();
        paths.sort();
        paths
    }

    /// What is inside the storage as a compound file of its own, which a
    /// message in it can be read from.
    pub fn extracted(&mut self, storage: &Path) -> Option<Vec<u8>> {
        let entries: Vec<_> = self.file.walk_storage(storage).ok()?.skip(1).collect();
        let mut inner = CompoundFile::create(Cursor::new(Vec::new())).ok()?;
        let mut left = self.size;
        for entry in entries {
            let to = Path::new("/").join(entry.path().strip_prefix(storage).ok()?);
            if entry.is_storage() {
                inner.create_storage(&to).ok()?;
                continue;
            }
            let mut bytes = self.stream(entry.path())?;
            left = left.checked_sub(bytes.len() as u64)?;
            if to == Path::new("/").join(PROPERTIES) && bytes.len() >= INNER_HEADER {
                let longer = [0; TOP_HEADER - INNER_HEADER];
                bytes.splice(INNER_HEADER..INNER_HEADER, longer);
            }
            inner.create_stream(&to).ok()?.write_all(&bytes).ok()?;
        }
        inner.flush().ok()?;
        Some(inner.into_inner().into_inner())
    }
}
