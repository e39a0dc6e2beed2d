//! Which tensors of a GGUF are which of a model, under Hugging Face's names and
//! in the order in which the engine lists its layers. Knows names and sizes,
//! reads no values.

use std::collections::HashSet;

use super::arch::Architecture;
use super::config::Shape;
use super::error::ModelError;
use super::gguf::{Gguf, Matrix};
use super::rope::Rope;

/// A layer that multiplies by a matrix.
pub(super) struct Linear {
    /// Without `.weight`.
    pub name: String,
    pub from: Matrix,
    /// Rows of one attention head, where they have to be put back in order.
    pub head: Option<usize>,
    /// Added to its product, one value a row.
    pub bias: Option<Matrix>,
}

/// The weights of a normalisation.
pub(super) struct Norm {
    /// Without `.weight`.
    pub name: String,
    pub from: Matrix,
    /// GGUF stores Gemma's with 1 added, which the engine adds itself.
    pub is_raised: bool,
}

/// All tensors of a model, checked against its shape.
pub(super) struct Layout {
    pub embedding: Matrix,
    pub tied: bool,
    /// The output layer first, which is the embedding where the two are tied;
    /// then layer by layer (`get_layers` of mistralrs-core's models).
    pub linears: Vec<Linear>,
    pub norms: Vec<Norm>,
}

/// The name of the embedding in the engine's files.
pub(super) const EMBEDDING: &str = "model.embed_tokens";
/// The name of the output layer in the engine's files.
pub(super) const HEAD: &str = "lm_head";

impl Layout {
    /// # Errors
    /// [`ModelError::Missing`], [`ModelError::Damaged`] for a tensor of the
    /// wrong size, [`ModelError::Unsupported`] for one that has no place.
    pub fn of(gguf: &Gguf, shape: &Shape) -> Result<Self, ModelError> {
        let mut reader = Reader { gguf, taken: HashSet::new() };
        let embedding = reader.matrix("token_embd.weight", shape.vocab, shape.hidden)?;
        let output = if shape.tied {
            embedding
        } else {
            reader.matrix("output.weight", shape.vocab, shape.hidden)?
        };
        let mut linears =
            vec![Linear { name: HEAD.to_owned(), from: output, head: None, bias: None }];
        let mut norms = Vec::new();
        for layer in 0..shape.layers {
            for row in &linear_rows(shape) {
                linears.push(reader.linear(row, layer, shape)?);
            }
            for (from, to, size) in norm_rows(shape) {
                let from = reader.matrix(&format!("blk.{layer}.{from}.weight"), 1, size)?;
                norms.push(norm(format!("model.layers.{layer}.{to}"), from, shape));
            }
        }
        let last = reader.matrix("output_norm.weight", 1, shape.hidden)?;
        norms.push(norm("model.norm".to_owned(), last, shape));
        reader.refuse_strangers(shape)?;
        Ok(Self { embedding, tied: shape.tied, linears, norms })
    }

    /// Every matrix of the file, each once.
    pub fn matrices(&self) -> impl Iterator<Item = &Matrix> {
        let own = self.linears.iter().skip(usize::from(self.tied)).map(|linear| &linear.from);
        std::iter::once(&self.embedding).chain(own)
    }

    /// Number of weights.
    pub fn values(&self) -> u64 {
        let norms = self.norms.iter().map(|norm| norm.from.values());
        let biases = self.linears.iter().filter_map(|linear| linear.bias.as_ref());
        self.matrices().map(Matrix::values).sum::<u64>()
            + norms.sum::<u64>()
            + biases.map(Matrix::values).sum::<u64>()
    }
}

fn norm(name: String, from: Matrix, shape: &Shape) -> Norm {
    Norm { name, from, is_raised: shape.architecture == Architecture::Gemma2 }
}

/// A linear layer of each block: GGUF's name, Hugging Face's, rows, columns.
struct LinearRow {
    from: &'static str,
    to: &'static str,
    rows: usize,
    columns: usize,
    /// Whether its rows are rotated as pairs beside each other.
    paired: bool,
    bias: bool,
}

/// In the order of the engine's `get_layers`.
fn linear_rows(shape: &Shape) -> Vec<LinearRow> {
    let (hidden, inner) = (shape.hidden, shape.feed_forward);
    let (queries, kv) = (shape.heads * shape.head, shape.kv_heads * shape.head);
    let paired = shape.architecture == Architecture::Llama;
    let bias = shape.architecture == Architecture::Qwen2;
    let plain =
        |from, to, rows, columns| LinearRow { from, to, rows, columns, paired: false, bias: false };
    let output = plain("attn_output", "self_attn.o_proj", hidden, queries);
    let down = plain("ffn_down", "mlp.down_proj", hidden, inner);
    if shape.architecture == Architecture::Phi3 {
        return vec![
            plain("attn_qkv", "self_attn.qkv_proj", queries + 2 * kv, hidden),
            output,
            plain("ffn_up", "mlp.gate_up_proj", 2 * inner, hidden),
            down,
        ];
    }
    let input = |from, to, rows| LinearRow { bias, ..plain(from, to, rows, hidden) };
    vec![
        LinearRow { paired, ..input("attn_q", "self_attn.q_proj", queries) },
        LinearRow { paired, ..input("attn_k", "self_attn.k_proj", kv) },
        input("attn_v", "self_attn.v_proj", kv),
        output,
        plain("ffn_gate", "mlp.gate_proj", inner, hidden),
        plain("ffn_up", "mlp.up_proj", inner, hidden),
        down,
    ]
}

/// The normalisations of each block: GGUF's name, Hugging Face's, size.
fn norm_rows(shape: &Shape) -> Vec<(&'static str, &'static str, usize)> {
    let hidden = shape.hidden;
    let mut rows = vec![("attn_norm", "input_layernorm", hidden)];
    if shape.architecture == Architecture::Gemma2 {
        rows.push(("post_attention_norm", "post_attention_layernorm", hidden));
        rows.push(("ffn_norm", "pre_feedforward_layernorm", hidden));
        rows.push(("post_ffw_norm", "post_feedforward_layernorm", hidden));
    } else {
        rows.push(("ffn_norm", "post_attention_layernorm", hidden));
    }
    if shape.architecture == Architecture::Qwen3 {
        rows.push(("attn_q_norm", "self_attn.q_norm", shape.head));
        rows.push(("attn_k_norm", "self_attn.k_norm", shape.head));
    }
    rows
}

/// Takes tensors by name and remembers which.
struct Reader<'a> {
    gguf: &'a Gguf,
    taken: HashSet<String>,
}

impl Reader<'_> {
    fn linear(
        &mut self,
        row: &LinearRow,
        layer: usize,
        shape: &Shape,
    ) -> Result<Linear, ModelError> {
        let from = format!("blk.{layer}.{}", row.from);
        let matrix = self.matrix(&format!("{from}.weight"), row.rows, row.columns)?;
        let head = row.paired.then_some(shape.head);
        let bias =
            if row.bias { Some(self.matrix(&format!("{from}.bias"), 1, row.rows)?) } else { None };
        Ok(Linear { name: format!("model.layers.{layer}.{}", row.to), from: matrix, head, bias })
    }

    fn matrix(&mut self, name: &str, rows: usize, columns: usize) -> Result<Matrix, ModelError> {
        let path = self.gguf.path();
        let found = self
            .gguf
            .matrix(name)?
            .ok_or_else(|| ModelError::missing(path, format!("the tensor {name}")))?;
        if (found.rows, found.columns) != (rows, columns) {
            let what = format!(
                "the tensor {name} has {} × {} values instead of {rows} × {columns}",
                found.rows, found.columns
            );
            return Err(ModelError::damaged(path, what));
        }
        self.taken.insert(name.to_owned());
        Ok(found)
    }

    /// A bias or an adapter left out would change every answer without a word.
    fn refuse_strangers(&self, shape: &Shape) -> Result<(), ModelError> {
        let rotation: &[&str] = match (shape.architecture, &shape.rope) {
            (Architecture::Llama, _) => &["rope_freqs.weight"],
            (_, Rope::Long { .. }) => &["rope_factors_short.weight", "rope_factors_long.weight"],
            _ => &[],
        };
        let stranger = self
            .gguf
            .tensors()
            .filter(|name| !self.taken.contains(*name) && !rotation.contains(name))
            .min();
        let Some(name) = stranger else { return Ok(()) };
        let family = shape.architecture.name();
        let what = format!("the tensor {name}, which has no place in a {family} model");
        Err(ModelError::unsupported(self.gguf.path(), what))
    }
}
