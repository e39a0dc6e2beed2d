//! Safetensors files, written and read piece by piece: memory holds a few rows,
//! never a model. Knows the format, nothing of models.
//!
//! Format: 8 bytes of header length (little-endian), a JSON header, the data.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::error::ModelError;

/// The library's own limit for a header, in bytes.
const MAX_HEADER: u64 = 100_000_000;
/// The key under which a header keeps texts.
const TEXTS: &str = "__metadata__";

/// A tensor that is going to be written.
pub(super) struct Entry {
    pub name: String,
    /// In the format's own words: `F32`, `U8`, …
    pub dtype: &'static str,
    pub shape: Vec<usize>,
    pub bytes: u64,
}

/// A file that is being written: first the header, then every tensor's bytes,
/// in order.
pub(super) struct Writer {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Writer {
    /// # Errors
    /// [`ModelError::Write`].
    pub fn create(
        path: &Path,
        texts: &BTreeMap<String, String>,
        entries: &[Entry],
    ) -> Result<Self, ModelError> {
        let file = File::create(path).map_err(ModelError::write(path))?;
        let mut writer =
            Self { path: path.to_owned(), out: BufWriter::with_capacity(1 << 20, file) };
        let header = header(texts, entries);
        writer.write(&(header.len() as u64).to_le_bytes())?;
        writer.write(&header)?;
        Ok(writer)
    }

    /// # Errors
    /// [`ModelError::Write`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ModelError> {
        self.out.write_all(bytes).map_err(ModelError::write(&self.path))
    }

    /// Hands the rest to the system, and waits for the disk where the file is to
    /// outlive the process.
    ///
    /// # Errors
    /// [`ModelError::Write`].
    pub fn finish(self, is_kept: bool) -> Result<(), ModelError> {
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error);
        file.and_then(|file| if is_kept { file.sync_all() } else { Ok(()) })
            .map_err(ModelError::write(&self.path))
    }
}

fn header(texts: &BTreeMap<String, String>, entries: &[Entry]) -> Vec<u8> {
    let mut header = Map::new();
    header.insert(TEXTS.to_owned(), json!(texts));
    let mut at = 0;
    for entry in entries {
        let end = at + entry.bytes;
        let described = json!({
            "dtype": entry.dtype,
            "shape": entry.shape,
            "data_offsets": [at, end],
        });
        header.insert(entry.name.clone(), described);
        at = end;
    }
    let mut header = Value::Object(header).to_string().into_bytes();
    // The data begin at a multiple of eight bytes.
    header.resize(header.len().next_multiple_of(8), b' ');
    header
}

/// A file that is being read.
pub(super) struct Stored {
    path: PathBuf,
    file: File,
    entries: Map<String, Value>,
    /// Where the data begin in the file.
    start: u64,
}

impl Stored {
    /// # Errors
    /// [`ModelError::Read`], or [`ModelError::NotAFolder`] of the folder that the
    /// file lies in.
    pub fn open(path: &Path) -> Result<Self, ModelError> {
        let (entries, data) =
            read_header(path).map_err(ModelError::read(path))?.ok_or_else(|| damaged(path))?;
        let file = File::open(path).map_err(ModelError::read(path))?;
        let len = file.metadata().map_err(ModelError::read(path))?.len();
        Ok(Self { path: path.to_owned(), file, entries, start: len - data })
    }

    /// What the header says beside its tensors.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.entries.get(TEXTS)?.get(key)?.as_str()
    }

    /// The names of all tensors, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str).filter(|name| *name != TEXTS)
    }

    /// Where a tensor's bytes begin in the file, and how many there are.
    ///
    /// # Errors
    /// [`ModelError::NotAFolder`] where it is not there.
    pub fn place(&self, name: &str) -> Result<(u64, u64), ModelError> {
        let offset = |at: usize| self.entries.get(name)?["data_offsets"][at].as_u64();
        let (Some(from), Some(to)) = (offset(0), offset(1)) else { return Err(self.damaged()) };
        let size = to.checked_sub(from).ok_or_else(|| self.damaged())?;
        let start = self.start.checked_add(from).ok_or_else(|| self.damaged())?;
        Ok((start, size))
    }

    /// Sizes of a tensor's dimensions.
    pub fn shape(&self, name: &str) -> Vec<usize> {
        let sizes = self.entries.get(name).and_then(|entry| entry["shape"].as_array());
        let size = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
        sizes.into_iter().flatten().filter_map(size).collect()
    }

    /// # Errors
    /// [`ModelError::Read`].
    pub fn read(&mut self, at: u64, count: usize) -> Result<Vec<u8>, ModelError> {
        let mut bytes = vec![0; count];
        self.file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.read_exact(&mut bytes))
            .map_err(ModelError::read(&self.path))?;
        Ok(bytes)
    }

    pub fn damaged(&self) -> ModelError {
        damaged(&self.path)
    }
}

fn damaged(path: &Path) -> ModelError {
    ModelError::NotAFolder {
        path: path.parent().unwrap_or(path).to_owned(),
        what: format!("{} is damaged", path.display()),
    }
}

/// Whether a file is as long as its header says.
///
/// # Errors
/// Those of reading it.
pub(super) fn is_whole(path: &Path) -> io::Result<bool> {
    let Some((entries, data)) = read_header(path)? else { return Ok(false) };
    let end = entries.values().filter_map(|entry| entry["data_offsets"][1].as_u64()).max();
    Ok(end.is_some_and(|end| end == data))
}

/// Number of values in a file; the largest number where that is none.
///
/// # Errors
/// Those of reading it.
pub(super) fn count(path: &Path) -> io::Result<u64> {
    let entries = read_header(path)?.map(|(entries, _)| entries).unwrap_or_default();
    let size = |entry: &Value| -> Option<u64> {
        let mut sizes = entry["shape"].as_array()?.iter().map(Value::as_u64);
        sizes.try_fold(1, |all: u64, size| Some(all.saturating_mul(size?)))
    };
    Ok(entries.values().filter_map(size).fold(0, u64::saturating_add))
}

/// The header and the number of bytes that follow it; `None` where there is no
/// header.
fn read_header(path: &Path) -> io::Result<Option<(Map<String, Value>, u64)>> {
    let mut file = File::open(path)?;
    let len = file.metadata()?.len();
    let mut size = [0; 8];
    if len < 8 {
        return Ok(None);
    }
    file.read_exact(&mut size)?;
    let size = u64::from_le_bytes(size);
    if size > (len - 8).min(MAX_HEADER) {
        return Ok(None);
    }
    let mut header = Vec::new();
    file.take(size).read_to_end(&mut header)?;
    let entries = serde_json::from_slice(&header).ok();
    Ok(entries.map(|entries| (entries, len - 8 - size)))
}
