//! The entries of mistral.rs's own format for quantized weights (UQFF): a
//! safetensors file whose tensors are named by their place in the engine's list
//! of layers, each of them bytes that begin with what they are. Written here
//! without holding a whole tensor; a test holds every byte against the engine's
//! own writer.
//!
//! Layout: `QuantizedSerde` of `GgufMatMul` and `UnquantLinear` in
//! mistralrs-quant 0.8.1, whose format has the version 0.2.0.

use std::path::Path;

use super::error::ModelError;
use super::kinds::Kind;
use super::safetensors::Stored;

/// Major, minor and patch in the three lower bytes.
const VERSION: u32 = 2 << 8;
/// What follows are blocks as GGUF has them.
const BLOCKS: u8 = 0;
/// What follows are floats.
const FLOATS: u8 = 1;
/// The format's number for F32 among floats.
const F32: u32 = 6;
/// Bytes before the blocks of a matrix.
const BLOCKS_HEAD: usize = 4 + 1 + 4 + 1 + 4 + 4 + 8;
/// Bytes before the values of a bias.
const BIAS_HEAD: usize = 4 + 4 + 4 + 4;

/// What comes before a matrix of blocks; a bias follows it where there is one.
/// `None` where the format has no room for its length.
pub(super) fn blocks_head(
    kind: Kind,
    rows: usize,
    columns: usize,
    has_bias: bool,
) -> Option<Vec<u8>> {
    let mut head = VERSION.to_le_bytes().to_vec();
    head.push(BLOCKS);
    head.extend(length(kind.bytes(columns).checked_mul(rows)?)?);
    head.push(u8::from(has_bias));
    head.extend(kind.number().to_le_bytes());
    head.extend(dimensions(&[rows, columns])?);
    Some(head)
}

/// What comes before a matrix of F32.
pub(super) fn floats_head(rows: usize, columns: usize, has_bias: bool) -> Option<Vec<u8>> {
    let mut head = VERSION.to_le_bytes().to_vec();
    head.push(FLOATS);
    head.push(u8::from(has_bias));
    head.extend(tensor_head(&[rows, columns])?);
    Some(head)
}

/// A bias of F32, given as its values' bytes.
pub(super) fn bias(values: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = tensor_head(&[values.len() / size_of::<f32>()])?;
    bytes.extend(values);
    Some(bytes)
}

fn tensor_head(sizes: &[usize]) -> Option<Vec<u8>> {
    let values = sizes.iter().try_fold(1_usize, |all, size| all.checked_mul(*size))?;
    let mut head = length(values.checked_mul(size_of::<f32>())?)?.to_vec();
    head.extend(F32.to_le_bytes());
    head.extend(dimensions(sizes)?);
    Some(head)
}

fn dimensions(sizes: &[usize]) -> Option<Vec<u8>> {
    let mut bytes = length(sizes.len())?.to_vec();
    for size in sizes {
        bytes.extend(length(*size)?);
    }
    Some(bytes)
}

fn length(n: usize) -> Option<[u8; 4]> {
    u32::try_from(n).ok().map(u32::to_le_bytes)
}

/// A matrix of blocks in a file.
pub(super) struct StoredBlocks {
    pub kind: Kind,
    pub rows: usize,
    pub columns: usize,
    /// Where the first row begins in the file.
    pub start: u64,
    /// The values' bytes, F32.
    pub bias: Option<Vec<u8>>,
    /// The whole entry: where it begins in the file, and its bytes.
    pub entry: (u64, u64),
}

impl StoredBlocks {
    /// Reads what the entry `name` says of itself.
    ///
    /// # Errors
    /// [`ModelError::Read`]; [`ModelError::NotAFolder`] where it makes no sense.
    pub fn read(file: &mut Stored, name: &str) -> Result<Self, ModelError> {
        let entry = file.place(name)?;
        let head = file.read(entry.0, BLOCKS_HEAD)?;
        let number =
            |at: usize| head[at..].first_chunk::<4>().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        let (rows, columns) = (number(18) as usize, number(22) as usize);
        let kind = Kind::of(number(10))
            .filter(|kind| kind.known() == *kind && columns.is_multiple_of(kind.block_values()));
        let has_bias = head[9] != 0;
        let start = entry.0 + BLOCKS_HEAD as u64;
        let read = kind.map(|kind| Self { kind, rows, columns, start, bias: None, entry });
        let mut blocks = read.ok_or_else(|| file.damaged())?;
        let bias = if has_bias { BIAS_HEAD + rows * size_of::<f32>() } else { 0 };
        // The head has room for no more bytes than can be counted here.
        let is_as_written = blocks_head(blocks.kind, rows, columns, has_bias) == Some(head);
        if !is_as_written || (BLOCKS_HEAD + blocks.bytes() + bias) as u64 != entry.1 {
            return Err(file.damaged());
        }
        if has_bias {
            let at = start + (blocks.bytes() + BIAS_HEAD) as u64;
            blocks.bias = Some(file.read(at, rows * size_of::<f32>())?);
        }
        Ok(blocks)
    }

    /// Of all rows.
    pub fn bytes(&self) -> usize {
        self.rows * self.kind.bytes(self.columns)
    }

    /// Some rows as floats.
    ///
    /// # Errors
    /// [`ModelError::Read`]; [`ModelError::NotAFolder`] where they make no sense.
    pub fn floats(
        &self,
        file: &mut Stored,
        first: usize,
        count: usize,
    ) -> Result<Vec<f32>, ModelError> {
        let row = self.kind.bytes(self.columns);
        let bytes = file.read(self.start + (first * row) as u64, count * row)?;
        self.kind.floats(&bytes, self.columns).ok_or_else(|| file.damaged())
    }
}

/// A matrix too large for the format.
pub(super) fn too_large(path: &Path, name: &str) -> ModelError {
    ModelError::unsupported(path, format!("a matrix of more than 4 GiB ({name})"))
}
