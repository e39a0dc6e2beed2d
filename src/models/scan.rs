//! A walk over a GGUF header that believes no length in it. The parser that
//! follows allocates whatever a length field says, and an allocation that fails
//! ends the process, so a damaged file has to be caught here. Keeps where the
//! metadata end and what the tensors are, no metadata.
//!
//! Layout: the GGUF specification of the ggml project (docs/gguf.md).

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::error::ModelError;
use super::kinds::{Kind, name_of};

/// No vocabulary or merge list comes near this many entries.
const MAX_ARRAY: u64 = 4 << 20;
/// No token, template or licence text comes near this many bytes.
const MAX_STRING: u64 = 16 << 20;
/// All arrays together: vocabularies have at most three lists of half a million
/// entries. Each entry takes some dozens of bytes when it is read.
const MAX_ELEMENTS: u64 = 8 << 20;
/// All metadata together, in bytes. Vocabularies take some ten million.
const MAX_METADATA: u64 = 256 << 20;
/// Metadata keys, and tensors; the largest models have some thousands.
const MAX_ENTRIES: u64 = 1 << 16;
/// Tensors of ggml have at most four dimensions.
const MAX_DIMENSIONS: u32 = 4;
/// Arrays of arrays deeper than this occur in no file.
const MAX_DEPTH: u32 = 4;

/// What a header says beside its metadata.
pub(super) struct Header {
    /// Bytes up to the end of the metadata.
    pub metadata_end: u64,
    pub tensors: Vec<TensorInfo>,
    /// Where the tensors' data begin in the file.
    pub data_start: u64,
}

/// A tensor as the header lists it.
pub(super) struct TensorInfo {
    pub name: String,
    /// Fastest first, as GGUF has them.
    pub dimensions: Vec<u64>,
    pub kind: Kind,
    /// Bytes after the start of the data.
    pub offset: u64,
}

/// The data begin at a multiple of so many bytes, unless the metadata say
/// otherwise.
const ALIGNMENT: u64 = 32;

/// Checks that the header is whole and plausible and that every tensor is of a
/// type that can be read. `len` is the file's size in bytes.
///
/// # Errors
/// [`ModelError::Empty`], [`ModelError::NotGguf`], [`ModelError::Version`],
/// [`ModelError::Truncated`], [`ModelError::Damaged`] and
/// [`ModelError::TensorType`], as they say.
pub(super) fn header(path: &Path, len: u64, reader: impl BufRead) -> Result<Header, ModelError> {
    if len == 0 {
        return Err(ModelError::Empty { path: path.to_owned() });
    }
    let mut scan = Scan { path, len, at: 0, elements: 0, alignment: ALIGNMENT, reader };
    scan.magic()?;
    let tensors = scan.length("its tensor count", MAX_ENTRIES)?;
    let entries = scan.length("its metadata count", MAX_ENTRIES)?;
    for _ in 0..entries {
        scan.entry()?;
    }
    let metadata_end = scan.at;
    let tensors = (0..tensors).map(|_| scan.tensor()).collect::<Result<_, _>>()?;
    let data_start = scan.at.next_multiple_of(scan.alignment);
    Ok(Header { metadata_end, tensors, data_start })
}

struct Scan<'a, R> {
    path: &'a Path,
    len: u64,
    at: u64,
    /// Of all arrays so far.
    elements: u64,
    alignment: u64,
    reader: R,
}

impl<R: BufRead> Scan<'_, R> {
    fn magic(&mut self) -> Result<(), ModelError> {
        let mut magic = [0; 4];
        if self.len < 4 || self.reader.read_exact(&mut magic).is_err() || &magic != b"GGUF" {
            return Err(ModelError::NotGguf { path: self.path.to_owned() });
        }
        self.at = 4;
        match self.u32("its version")? {
            2 | 3 => Ok(()),
            version => Err(ModelError::Version { path: self.path.to_owned(), version }),
        }
    }

    fn entry(&mut self) -> Result<(), ModelError> {
        let key = self.string("a metadata key")?;
        let kind = self.u32(&key)?;
        if key == "general.alignment" && kind == 4 {
            self.alignment = u64::from(self.u32(&key)?);
            return match self.alignment {
                0 => Err(self.damaged("its alignment is 0")),
                _ => Ok(()),
            };
        }
        self.value(&key, kind, 0)
    }

    fn value(&mut self, key: &str, kind: u32, depth: u32) -> Result<(), ModelError> {
        if let Some(size) = scalar_size(kind) {
            return self.skip(size, key);
        }
        match kind {
            8 => {
                let bytes = self.length(key, MAX_STRING)?;
                self.skip(bytes, key)?;
                if self.at > MAX_METADATA {
                    return Err(self.damaged("its metadata are impossibly large"));
                }
                Ok(())
            }
            9 if depth < MAX_DEPTH => {
                let kind = self.u32(key)?;
                let count = self.length(key, MAX_ARRAY)?;
                self.elements += count;
                if self.elements > MAX_ELEMENTS {
                    return Err(self.damaged("its lists are impossibly long"));
                }
                if let Some(size) = scalar_size(kind) {
                    return self.skip(size * count, key);
                }
                (0..count).try_for_each(|_| self.value(key, kind, depth + 1))
            }
            _ => Err(self.damaged(format!("the entry {key} has a type that does not exist"))),
        }
    }

    fn tensor(&mut self) -> Result<TensorInfo, ModelError> {
        let name = self.string("a tensor name")?;
        let dimensions = self.u32(&name)?;
        if dimensions == 0 || dimensions > MAX_DIMENSIONS {
            return Err(self.damaged(format!("the tensor {name} has {dimensions} dimensions")));
        }
        let mut values = 1_u64;
        let mut sizes = Vec::new();
        for _ in 0..dimensions {
            let size = self.u64(&name)?;
            sizes.push(size);
            values = values
                .checked_mul(size)
                .filter(|v| *v <= u64::from(u32::MAX) * 64)
                .ok_or_else(|| self.damaged(format!("the tensor {name} is impossibly large")))?;
        }
        let number = self.u32(&name)?;
        let Some(kind) = Kind::of(number) else {
            return Err(ModelError::TensorType {
                path: self.path.to_owned(),
                tensor: name,
                kind: name_of(number),
            });
        };
        let offset = self.u64(&name)?;
        Ok(TensorInfo { name, dimensions: sizes, kind, offset })
    }

    fn string(&mut self, what: &str) -> Result<String, ModelError> {
        let bytes = self.length(what, MAX_STRING)?;
        let mut text = Vec::new();
        let read = self.reader.by_ref().take(bytes).read_to_end(&mut text);
        self.advance(bytes, what, read.map(drop))?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// A length or count that neither the file nor reason can hold is damage.
    fn length(&mut self, what: &str, limit: u64) -> Result<u64, ModelError> {
        let length = self.u64(what)?;
        if length > limit {
            return Err(self.damaged(format!("a length in {what} is impossible ({length})")));
        }
        Ok(length)
    }

    fn u32(&mut self, what: &str) -> Result<u32, ModelError> {
        let mut bytes = [0; 4];
        let read = self.reader.read_exact(&mut bytes);
        self.advance(4, what, read)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn u64(&mut self, what: &str) -> Result<u64, ModelError> {
        let mut bytes = [0; 8];
        let read = self.reader.read_exact(&mut bytes);
        self.advance(8, what, read)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn skip(&mut self, bytes: u64, what: &str) -> Result<(), ModelError> {
        let read = io::copy(&mut self.reader.by_ref().take(bytes), &mut io::sink());
        self.advance(bytes, what, read.map(drop))
    }

    fn advance(&mut self, by: u64, what: &str, read: io::Result<()>) -> Result<(), ModelError> {
        self.at += by;
        match read {
            Ok(()) if self.at <= self.len => Ok(()),
            Err(source) if source.kind() != io::ErrorKind::UnexpectedEof => {
                Err(ModelError::Read { path: self.path.to_owned(), source })
            }
            _ => Err(ModelError::Truncated {
                path: self.path.to_owned(),
                len: self.len,
                what: format!("the end of {what} in its header"),
            }),
        }
    }

    fn damaged(&self, what: impl Into<String>) -> ModelError {
        ModelError::damaged(self.path, what)
    }
}

/// Bytes of a metadata value of fixed size.
fn scalar_size(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}
