//! A GGUF file, opened: its metadata by key and its tensors as rows of floats.
//! Knows the file format, not what a llama model is made of.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{Content, Value};

use super::error::ModelError;
use super::kinds::Kind;
use super::scan::{self, TensorInfo};

/// An open GGUF whose header is sound and whose tensors all lie in the file.
pub struct Gguf {
    path: PathBuf,
    file: File,
    metadata: HashMap<String, Value>,
    tensors: HashMap<String, TensorInfo>,
    data_start: u64,
}

/// Where the number of tensors stands in the file, in bytes.
const TENSOR_COUNT: std::ops::Range<usize> = 8..16;

/// A matrix in the file, or a vector as a matrix of one row.
#[derive(Debug, Clone, Copy)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub kind: Kind,
    /// Byte offset of the first row in the file.
    start: u64,
    row_bytes: usize,
}

impl Matrix {
    #[must_use]
    pub fn values(&self) -> u64 {
        self.rows as u64 * self.columns as u64
    }
}

impl Gguf {
    /// Opens the file and checks all of it but the weights' values.
    ///
    /// # Errors
    /// As the kinds of [`ModelError`] say: unreadable, empty, not a GGUF, cut
    /// short, damaged, or with a tensor type that cannot be read.
    pub fn open(path: &Path) -> Result<Self, ModelError> {
        let read = ModelError::read;
        let mut file = File::open(path).map_err(read(path))?;
        let info = file.metadata().map_err(read(path))?;
        if info.is_dir() {
            return Err(ModelError::NotGguf { path: path.to_owned() });
        }
        let len = info.len();
        let header = scan::header(path, len, BufReader::with_capacity(1 << 16, &file))?;
        file.rewind().map_err(read(path))?;
        let mut head = Vec::new();
        (&file).take(header.metadata_end).read_to_end(&mut head).map_err(read(path))?;
        // candle's parser stops at kinds of tensors that it does not know: it
        // is shown the metadata alone.
        if let Some(count) = head.get_mut(TENSOR_COUNT) {
            count.fill(0);
        }
        let content = guarded(path, || Content::read(&mut Cursor::new(head)))?;
        let tensors = header.tensors.into_iter().map(|info| (info.name.clone(), info)).collect();
        let gguf = Self {
            path: path.to_owned(),
            file,
            metadata: content.metadata,
            tensors,
            data_start: header.data_start,
        };
        gguf.check_extents(len)?;
        Ok(gguf)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.metadata.get(key)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A number that is not negative, of any integer type.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<usize> {
        integer(self.metadata.get(key)?)
    }

    #[must_use]
    pub fn float(&self, key: &str) -> Option<f32> {
        self.metadata.get(key)?.to_f32().ok()
    }

    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.metadata.get(key)?.to_bool().ok()
    }

    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.metadata.contains_key(key)
    }

    /// # Errors
    /// [`ModelError::Missing`] where there is no such list of texts.
    pub fn texts(&self, key: &str) -> Result<Vec<&str>, ModelError> {
        self.array(key)?
            .iter()
            .map(|value| match value {
                Value::String(text) => Ok(text.as_str()),
                _ => Err(ModelError::damaged(&self.path, format!("{key} is no list of texts"))),
            })
            .collect()
    }

    /// # Errors
    /// [`ModelError::Missing`] where there is no such list of numbers.
    pub fn numbers(&self, key: &str) -> Result<Vec<usize>, ModelError> {
        self.array(key)?
            .iter()
            .map(|value| {
                integer(value).ok_or_else(|| {
                    ModelError::damaged(&self.path, format!("{key} is no list of numbers"))
                })
            })
            .collect()
    }

    /// # Errors
    /// [`ModelError::Missing`] where there is no such list of numbers.
    pub fn floats(&self, key: &str) -> Result<Vec<f32>, ModelError> {
        self.array(key)?
            .iter()
            .map(|value| match value {
                Value::F32(number) => Ok(*number),
                _ => Err(ModelError::damaged(&self.path, format!("{key} is no list of floats"))),
            })
            .collect()
    }

    fn array(&self, key: &str) -> Result<&[Value], ModelError> {
        match self.metadata.get(key) {
            Some(Value::Array(values)) => Ok(values),
            _ => Err(ModelError::missing(&self.path, format!("the list {key}"))),
        }
    }

    /// The names of all tensors, in no order.
    pub fn tensors(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// The tensor of that name, if it is there.
    ///
    /// # Errors
    /// [`ModelError::Damaged`] where its rows are no whole number of blocks.
    pub fn matrix(&self, name: &str) -> Result<Option<Matrix>, ModelError> {
        let Some(info) = self.tensors.get(name) else { return Ok(None) };
        let size = |n: u64| {
            usize::try_from(n).map_err(|_| self.damaged(format!("the tensor {name} is too large")))
        };
        let (rows, columns) = match *info.dimensions {
            [columns] => (1, size(columns)?),
            [columns, rows] => (size(rows)?, size(columns)?),
            _ => return Err(self.damaged(format!("the tensor {name} is no matrix"))),
        };
        if columns == 0 || !columns.is_multiple_of(info.kind.block_values()) {
            return Err(self.damaged(format!("the rows of {name} are no whole number of blocks")));
        }
        Ok(Some(Matrix {
            rows,
            columns,
            kind: info.kind,
            start: self.data_start + info.offset,
            row_bytes: info.kind.bytes(columns),
        }))
    }

    /// The bytes of some rows, as they stand in the file.
    ///
    /// # Errors
    /// [`ModelError::Read`] where the file cannot be read any more.
    pub fn raw_rows(
        &mut self,
        matrix: &Matrix,
        first: usize,
        count: usize,
    ) -> Result<Vec<u8>, ModelError> {
        debug_assert!(first + count <= matrix.rows);
        let mut bytes = vec![0; count * matrix.row_bytes];
        self.file
            .seek(SeekFrom::Start(matrix.start + (first * matrix.row_bytes) as u64))
            .and_then(|_| self.file.read_exact(&mut bytes))
            .map_err(ModelError::read(&self.path))?;
        Ok(bytes)
    }

    /// Some rows as floats, one after the other.
    ///
    /// # Errors
    /// [`ModelError::Read`], or [`ModelError::Damaged`] where the blocks make no
    /// sense to the decoder.
    pub fn rows(
        &mut self,
        matrix: &Matrix,
        first: usize,
        count: usize,
    ) -> Result<Vec<f32>, ModelError> {
        let bytes = self.raw_rows(matrix, first, count)?;
        matrix
            .kind
            .floats(&bytes, matrix.columns)
            .ok_or_else(|| self.damaged("some of its weights make no sense".to_owned()))
    }

    fn check_extents(&self, len: u64) -> Result<(), ModelError> {
        let mut last = 0;
        for (name, info) in &self.tensors {
            let end = size_in_bytes(info)
                .and_then(|size| size.checked_add(info.offset))
                .and_then(|end| end.checked_add(self.data_start))
                .ok_or_else(|| self.damaged(format!("the tensor {name} lies nowhere")))?;
            last = last.max(end);
        }
        if last > len {
            return Err(ModelError::Truncated {
                path: self.path.clone(),
                len,
                what: format!("the end of its last tensor, at byte {last}"),
            });
        }
        Ok(())
    }

    fn damaged(&self, what: String) -> ModelError {
        ModelError::damaged(&self.path, what)
    }
}

fn integer(value: &Value) -> Option<usize> {
    let signed = match value {
        Value::I8(v) => i64::from(*v),
        Value::I16(v) => i64::from(*v),
        Value::I32(v) => i64::from(*v),
        Value::I64(v) => *v,
        Value::Bool(_) => return None,
        other => return usize::try_from(other.to_u64().ok()?).ok(),
    };
    usize::try_from(signed).ok()
}

fn size_in_bytes(info: &TensorInfo) -> Option<u64> {
    let values = info.dimensions.iter().try_fold(1_u64, |all, size| all.checked_mul(*size))?;
    let block = info.kind.block_values() as u64;
    values.div_ceil(block).checked_mul(info.kind.bytes(info.kind.block_values()) as u64)
}

/// Runs candle on bytes of unknown origin: neither its errors nor a panic of
/// its get any further than this.
fn guarded<T>(path: &Path, work: impl FnOnce() -> candle_core::Result<T>) -> Result<T, ModelError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(ModelError::damaged(path, error.to_string())),
        Err(_) => Err(ModelError::damaged(path, "its contents make no sense")),
    }
}
