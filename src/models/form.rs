//! The forms in which a model's weights can stand in memory.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a model's weights stand in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// As the file has them: the least memory.
    Blocks,
    /// As floats: 32 bits on a CPU, 16 on a GPU.
    Floats,
    /// The output layer, which is most of what is read for each token of an
    /// answer, as blocks; all others as floats.
    FloatsWithBlockHead,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blocks => "blocks",
            Self::Floats => "floats",
            Self::FloatsWithBlockHead => "floats with an output layer of blocks",
        })
    }
}
