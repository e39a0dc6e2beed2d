//! What a model costs, read from what is there of it: its dimensions in the
//! catalogue, the header of a GGUF, or the settings of a model folder. Weights
//! are counted, never read.

use std::fs;
use std::path::Path;

use crate::models::Form;
use crate::models::catalogue::Entry;
use crate::models::config::Shape;
use crate::models::error::ModelError;
use crate::models::folder::ModelFolder;
use crate::models::gguf::Gguf;
use crate::models::layout::{Layout, Linear};
use crate::models::settings::Settings;
use crate::models::weights;

/// What a token or a pair takes in a `tokenizer.json`, in bytes: 16 in SmolLM2's,
/// 18 in Llama 3's.
const BYTES_PER_ENTRY: u64 = 17;

/// What the planner has to know of a model. Numbers of values, and bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// How the model is called in messages.
    pub title: String,
    /// Bytes of the linear layers as quantized blocks, the output layer included
    /// (in a tied model that is the embedding's blocks once more). `None` where
    /// they exist as floats only.
    pub block_bytes: Option<u64>,
    /// Bytes of the output layer alone as quantized blocks.
    pub head_bytes: u64,
    /// Weights of the linear layers, the output layer included where it is not
    /// tied to the embedding.
    pub linear_params: u64,
    pub embedding_params: u64,
    /// Whether the output layer is the embedding again.
    pub tied: bool,
    /// Bytes of keys and values of one token over all layers, as F32.
    pub kv_bytes_per_token_f32: u64,
    /// Width of the model.
    pub hidden: u64,
    /// Width of its feed-forward layers.
    pub feed_forward: u64,
    /// Values of one attention head.
    pub head: u64,
    /// Tokens of the vocabulary and pairs that its tokenizer merges.
    pub vocabulary: u64,
    /// Most tokens of prompt and answer together.
    pub context: usize,
}

/// The widths and counts that a transformer's size follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimensions {
    pub layers: u64,
    pub hidden: u64,
    pub feed_forward: u64,
    pub heads: u64,
    pub kv_heads: u64,
    /// Values of one attention head.
    pub head: u64,
    /// Tokens of the vocabulary, and pairs that the tokenizer merges.
    pub vocab: u64,
    pub merges: u64,
    /// Whether the output layer is the embedding again.
    pub tied: bool,
}

impl Dimensions {
    /// Weights of the linear layers: queries, keys, values and output of the
    /// attention, the three matrices of a gated feed-forward layer, and the
    /// output layer unless it is tied. Norms and biases are too few to count.
    #[must_use]
    pub fn linear_params(&self) -> u64 {
        let attention =
            product(&[2, self.hidden, self.head, self.heads.saturating_add(self.kv_heads)]);
        let layer = attention.saturating_add(product(&[3, self.hidden, self.feed_forward]));
        let output = if self.tied { 0 } else { self.embedding_params() };
        product(&[self.layers, layer]).saturating_add(output)
    }

    #[must_use]
    pub fn embedding_params(&self) -> u64 {
        product(&[self.vocab, self.hidden])
    }

    /// Bytes of keys and values of one token over all layers, as F32.
    #[must_use]
    pub fn kv_bytes_per_token_f32(&self) -> u64 {
        product(&[self.layers, self.kv_heads, self.head, 2 * 4])
    }

    fn cost(&self, title: &str, block_bytes: Option<u64>, context: usize) -> Cost {
        let linear = self.linear_params();
        let head = self.embedding_params();
        // As if every layer were stored alike.
        let all = u128::from(if self.tied { linear.saturating_add(head) } else { linear }).max(1);
        let head_bytes = u128::from(block_bytes.unwrap_or(0)) * u128::from(head) / all;
        Cost {
            title: title.to_owned(),
            block_bytes,
            head_bytes: u64::try_from(head_bytes).unwrap_or(u64::MAX),
            linear_params: linear,
            embedding_params: head,
            tied: self.tied,
            kv_bytes_per_token_f32: self.kv_bytes_per_token_f32(),
            hidden: self.hidden,
            feed_forward: self.feed_forward,
            head: self.head,
            vocabulary: self.vocab.saturating_add(self.merges),
            context,
        }
    }
}

/// The largest number where the product is none.
fn product(sizes: &[u64]) -> u64 {
    sizes.iter().fold(1, |all, size| all.saturating_mul(*size))
}

impl Cost {
    /// Of a model of the catalogue that is not here yet: its file is quantized
    /// blocks almost throughout.
    #[must_use]
    pub fn of_entry(entry: &Entry) -> Self {
        entry.dimensions.cost(entry.title, Some(entry.bytes), entry.context)
    }

    /// Of a GGUF, from its header, as importing it will read it.
    ///
    /// # Errors
    /// Those of importing it: what cannot be imported has no cost.
    pub fn of_gguf(path: &Path) -> Result<Self, ModelError> {
        let mut gguf = Gguf::open(path)?;
        let shape = Shape::of(&mut gguf)?;
        let vocabulary = shape.vocabulary(&gguf)?;
        let layout = Layout::of(&gguf, &shape)?;
        let (head_bytes, other_bytes) = bytes(&layout);
        let own = layout.linears.iter().skip(usize::from(layout.tied));
        Ok(Self {
            title: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            block_bytes: weights::has_blocks(&layout).then(|| head_bytes + other_bytes),
            head_bytes,
            linear_params: own.map(|linear| linear.from.values()).sum(),
            embedding_params: layout.embedding.values(),
            tied: layout.tied,
            kv_bytes_per_token_f32: shape.kv_bytes_per_token_f32() as u64,
            hidden: shape.hidden as u64,
            feed_forward: shape.feed_forward as u64,
            head: shape.head as u64,
            vocabulary: (shape.vocab + vocabulary.merges()) as u64,
            context: shape.context,
        })
    }

    /// Of a model folder: what was counted of its weights, and the widths that
    /// its `config.json` says.
    ///
    /// # Errors
    /// [`ModelError::NotAFolder`] where a number is missing; [`ModelError::Read`].
    pub fn of_model(folder: &ModelFolder, title: &str) -> Result<Self, ModelError> {
        let (meta, sizes) = (&folder.meta, Settings::read(&folder.dir)?.dimensions);
        let tokenizer =
            fs::metadata(folder.dir.join("tokenizer.json")).map_or(0, |info| info.len());
        let merges = (tokenizer / BYTES_PER_ENTRY).saturating_sub(sizes.vocab);
        let cost = Dimensions { merges, ..sizes }.cost(title, None, meta.context);
        if meta.embedding_params == 0 {
            // An older galley did not note what it had counted.
            return Ok(cost);
        }
        let head = if meta.tied { 0 } else { meta.embedding_params };
        let has_blocks = folder.forms().contains(&Form::Blocks);
        Ok(Self {
            block_bytes: has_blocks.then(|| meta.linear_bytes.saturating_add(meta.head_bytes)),
            head_bytes: meta.head_bytes,
            linear_params: meta.linear_params.saturating_add(head),
            embedding_params: meta.embedding_params,
            tied: meta.tied,
            kv_bytes_per_token_f32: meta.kv_bytes_per_token_f32 as u64,
            ..cost
        })
    }
}

/// Bytes in memory of the output layer and of all other linear layers, with blocks
/// as blocks; the floats among them are widened to 32 bits.
fn bytes(layout: &Layout) -> (u64, u64) {
    let bytes = |linear: &Linear| {
        let matrix = &linear.from;
        if matrix.kind.is_float() {
            return matrix.values() * 4;
        }
        matrix.rows as u64 * matrix.kind.known().bytes(matrix.columns) as u64
    };
    let (head, others) = layout.linears.split_first().expect("the output layer is listed");
    (bytes(head), others.iter().map(bytes).sum())
}
