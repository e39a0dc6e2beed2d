//! How a GGUF stores a tensor's values: which kinds there are, how many bytes
//! they take, and turning them into floats. Knows single rows of blocks, no
//! files.
//!
//! Numbers, sizes and layouts: the ggml project (ggml.h, ggml-common.h).

use std::panic::{AssertUnwindSafe, catch_unwind};

use candle_core::Device;
use candle_core::quantized::{GgmlDType, ggml_file};
use rayon::prelude::*;

use super::recode;

/// A kind of tensor that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
    // The engine does not know the following; see `recode`.
    Iq4Nl,
    Iq4Xs,
    Tq1,
    Tq2,
    Mxfp4,
}

/// ggml's number and name, values in a block, bytes of a block, and the
/// engine's own name for it.
type Row = (Kind, u32, &'static str, usize, usize, Option<GgmlDType>);

const KINDS: [Row; 18] = [
    (Kind::F32, 0, "F32", 1, 4, Some(GgmlDType::F32)),
    (Kind::F16, 1, "F16", 1, 2, Some(GgmlDType::F16)),
    (Kind::BF16, 30, "BF16", 1, 2, Some(GgmlDType::BF16)),
    (Kind::Q4_0, 2, "Q4_0", 32, 18, Some(GgmlDType::Q4_0)),
    (Kind::Q4_1, 3, "Q4_1", 32, 20, Some(GgmlDType::Q4_1)),
    (Kind::Q5_0, 6, "Q5_0", 32, 22, Some(GgmlDType::Q5_0)),
    (Kind::Q5_1, 7, "Q5_1", 32, 24, Some(GgmlDType::Q5_1)),
    (Kind::Q8_0, 8, "Q8_0", 32, 34, Some(GgmlDType::Q8_0)),
    (Kind::Q2K, 10, "Q2_K", 256, 84, Some(GgmlDType::Q2K)),
    (Kind::Q3K, 11, "Q3_K", 256, 110, Some(GgmlDType::Q3K)),
    (Kind::Q4K, 12, "Q4_K", 256, 144, Some(GgmlDType::Q4K)),
    (Kind::Q5K, 13, "Q5_K", 256, 176, Some(GgmlDType::Q5K)),
    (Kind::Q6K, 14, "Q6_K", 256, 210, Some(GgmlDType::Q6K)),
    (Kind::Iq4Nl, 20, "IQ4_NL", 32, 18, None),
    (Kind::Iq4Xs, 23, "IQ4_XS", 256, 136, None),
    (Kind::Tq1, 34, "TQ1_0", 256, 54, None),
    (Kind::Tq2, 35, "TQ2_0", 256, 66, None),
    (Kind::Mxfp4, 39, "MXFP4", 32, 17, None),
];

/// Kinds that cannot be imported, so that a refusal can name them.
const STRANGE: [(u32, &str); 16] = [
    (9, "Q8_1"),
    (15, "Q8_K"),
    (16, "IQ2_XXS"),
    (17, "IQ2_XS"),
    (18, "IQ3_XXS"),
    (19, "IQ1_S"),
    (21, "IQ3_S"),
    (22, "IQ2_S"),
    (24, "I8"),
    (25, "I16"),
    (26, "I32"),
    (27, "I64"),
    (28, "F64"),
    (29, "IQ1_M"),
    (40, "NVFP4"),
    (41, "Q1_0"),
];

impl Kind {
    /// The kind with ggml's number, where it can be imported.
    #[must_use]
    pub fn of(number: u32) -> Option<Self> {
        KINDS.iter().find(|row| row.1 == number).map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        KINDS.iter().find(|row| row.0 == self).expect("every kind has a row")
    }

    /// ggml's number of it.
    #[must_use]
    pub fn number(self) -> u32 {
        self.row().1
    }

    /// ggml's name of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// Values in one block.
    #[must_use]
    pub fn block_values(self) -> usize {
        self.row().3
    }

    /// Bytes of so many values, which are whole blocks.
    #[must_use]
    pub fn bytes(self, values: usize) -> usize {
        values / self.row().3 * self.row().4
    }

    #[must_use]
    pub fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F16 | Self::BF16)
    }

    /// The kind in which such a tensor reaches the engine: its own, but for
    /// those that the engine does not know.
    #[must_use]
    pub fn known(self) -> Self {
        recode::target(self)
    }

    /// Rows of blocks as floats, one after the other; each exactly the value
    /// that it stands for, as far as 32 bits hold it. `None` where the bytes are
    /// no such blocks.
    #[must_use]
    pub fn floats(self, bytes: &[u8], columns: usize) -> Option<Vec<f32>> {
        let row = self.bytes(columns);
        if row == 0 || !bytes.len().is_multiple_of(row) {
            return None;
        }
        if self.row().5.is_none() {
            return self.known().floats(&recode::recode(self, bytes)?, columns);
        }
        let rows = bytes.len() / row;
        let mut values = vec![0.0; rows * columns];
        // Enough rows at once that the work outweighs handing it out.
        let step = (1 << 16) / columns.max(1) + 1;
        values
            .par_chunks_mut(step * columns)
            .zip(bytes.par_chunks(step * row))
            .try_for_each(|(values, bytes)| self.fill(values, bytes, columns))?;
        Some(values)
    }

    fn fill(self, values: &mut [f32], bytes: &[u8], columns: usize) -> Option<()> {
        if self == Self::F32 {
            for (value, bytes) in values.iter_mut().zip(bytes.as_chunks::<4>().0) {
                *value = f32::from_le_bytes(*bytes);
            }
            return Some(());
        }
        let kind = self.row().5?;
        let shape = vec![values.len() / columns, columns];
        let decode = || {
            ggml_file::qtensor_from_ggml(kind, bytes, shape, &Device::Cpu)
                .and_then(|blocks| blocks.dequantize(&Device::Cpu))
                .and_then(|tensor| tensor.flatten_all()?.to_vec1::<f32>())
        };
        let decoded = catch_unwind(AssertUnwindSafe(decode)).ok()?.ok()?;
        values.copy_from_slice(&decoded);
        Some(())
    }
}

/// ggml's name of a number, also of kinds that cannot be imported.
#[must_use]
pub fn name_of(number: u32) -> String {
    let strange = STRANGE.iter().find(|(n, _)| *n == number).map(|(_, name)| *name);
    let name = Kind::of(number).map(Kind::name).or(strange);
    name.map_or_else(|| format!("type number {number}"), str::to_owned)
}
