//! A GGUF file, opened: its metadata by key and its tensors as rows of floats.
//! Knows the file format, not what a llama model is made of.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{Content, TensorInfo, Value};
use candle_core::quantized::{GgmlDType, ggml_file};
use candle_core::{Device, Tensor};

use super::error::ModelError;
use super::scan;

/// An open GGUF whose header is sound and whose tensors all lie in the file.
pub struct Gguf {
    path: PathBuf,
    file: File,
    content: Content,
}

/// A matrix in the file, or a vector as a matrix of one row.
#[derive(Debug, Clone, Copy)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub kind: GgmlDType,
    /// Byte offset of the first row in the file.
    start: u64,
    row_bytes: usize,
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
        scan::check_header(path, len, BufReader::with_capacity(1 << 16, &file))?;
        file.rewind().map_err(read(path))?;
        let content =
            guarded(path, || Content::read(&mut BufReader::with_capacity(1 << 16, &file)))?;
        let gguf = Self { path: path.to_owned(), file, content };
        gguf.check_extents(len)?;
        Ok(gguf)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.content.metadata.get(key)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A number that is not negative, of any integer type.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<usize> {
        integer(self.content.metadata.get(key)?)
    }

    #[must_use]
    pub fn float(&self, key: &str) -> Option<f32> {
        self.content.metadata.get(key)?.to_f32().ok()
    }

    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.content.metadata.get(key)?.to_bool().ok()
    }

    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.content.metadata.contains_key(key)
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

    fn array(&self, key: &str) -> Result<&[Value], ModelError> {
        match self.content.metadata.get(key) {
            Some(Value::Array(values)) => Ok(values),
            _ => Err(ModelError::missing(&self.path, format!("the list {key}"))),
        }
    }

    /// The names of all tensors, in no order.
    pub fn tensors(&self) -> impl Iterator<Item = &str> {
        self.content.tensor_infos.keys().map(String::as_str)
    }

    /// The tensor of that name, if it is there.
    ///
    /// # Errors
    /// [`ModelError::Damaged`] where its rows are no whole number of blocks.
    pub fn matrix(&self, name: &str) -> Result<Option<Matrix>, ModelError> {
        let Some(info) = self.content.tensor_infos.get(name) else { return Ok(None) };
        let (rows, columns) = match *info.shape.dims() {
            [columns] => (1, columns),
            [rows, columns] => (rows, columns),
            _ => return Err(self.damaged(format!("the tensor {name} is no matrix"))),
        };
        if !columns.is_multiple_of(info.ggml_dtype.block_size()) {
            return Err(self.damaged(format!("the rows of {name} are no whole number of blocks")));
        }
        Ok(Some(Matrix {
            rows,
            columns,
            kind: info.ggml_dtype,
            start: self.content.tensor_data_offset + info.offset,
            row_bytes: columns / info.ggml_dtype.block_size() * info.ggml_dtype.type_size(),
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
        guarded(&self.path, || {
            ggml_file::qtensor_from_ggml(
                matrix.kind,
                &bytes,
                vec![count, matrix.columns],
                &Device::Cpu,
            )
            .and_then(|blocks| blocks.dequantize(&Device::Cpu))
            .and_then(|tensor: Tensor| tensor.flatten_all()?.to_vec1::<f32>())
        })
    }

    fn check_extents(&self, len: u64) -> Result<(), ModelError> {
        for (name, info) in &self.content.tensor_infos {
            let end = size_in_bytes(info)
                .and_then(|size| size.checked_add(info.offset))
                .and_then(|end| end.checked_add(self.content.tensor_data_offset))
                .ok_or_else(|| self.damaged(format!("the tensor {name} lies nowhere")))?;
            if end > len {
                return Err(ModelError::Truncated {
                    path: self.path.clone(),
                    len,
                    what: format!("the end of the tensor {name}, at byte {end}"),
                });
            }
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
    let blocks = info.shape.elem_count().div_ceil(info.ggml_dtype.block_size());
    blocks.checked_mul(info.ggml_dtype.type_size())?.try_into().ok()
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
