//! A llama model's weights, from GGUF's names and order to Hugging Face's, as
//! one safetensors file written piece by piece: memory holds a few rows, never
//! the model. Knows nothing of tokenizers or folders.
//!
//! Format: 8 bytes of header length (little-endian), a JSON header, the data.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use candle_core::quantized::GgmlDType;
use half::f16;
use serde_json::{Map, Value, json};

use super::config::Shape;
use super::error::ModelError;
use super::gguf::{Gguf, Matrix};

/// Values converted at once; 4 MiB as F32.
const PIECE: usize = 1 << 20;
/// The library's own limit for a header, in bytes.
const MAX_HEADER: u64 = 100_000_000;

/// A tensor on its way from one file to the other.
struct Move {
    from: Matrix,
    to: String,
    /// Written without a first dimension.
    vector: bool,
    /// Rows of one attention head, where the rows have to be put back in order.
    head: Option<usize>,
}

/// All tensors of the model, checked against its shape, in the order in which
/// they are written.
pub(super) struct Plan(Vec<Move>);

impl Plan {
    /// # Errors
    /// [`ModelError::Missing`], [`ModelError::Damaged`] for a tensor of the
    /// wrong size, [`ModelError::Unsupported`] for one that has no place.
    pub fn of(gguf: &Gguf, shape: &Shape) -> Result<Self, ModelError> {
        let mut names = vec![(
            "token_embd.weight".to_owned(),
            "model.embed_tokens.weight".to_owned(),
            (shape.vocab, shape.hidden),
            None,
        )];
        for layer in 0..shape.layers {
            names.extend(layer_tensors(shape).map(|(from, to, size, head)| {
                let from = format!("blk.{layer}.{from}.weight");
                (from, format!("model.layers.{layer}.{to}.weight"), size, head)
            }));
        }
        let vector = (1, shape.hidden);
        names.push(("output_norm.weight".to_owned(), "model.norm.weight".to_owned(), vector, None));
        if !shape.tied {
            let size = (shape.vocab, shape.hidden);
            names.push(("output.weight".to_owned(), "lm_head.weight".to_owned(), size, None));
        }
        refuse_strangers(gguf, &names)?;
        let moves = names
            .into_iter()
            .map(|(name, to, (rows, columns), head)| {
                let from = gguf.matrix(&name)?.ok_or_else(|| {
                    ModelError::missing(gguf.path(), format!("the tensor {name}"))
                })?;
                if (from.rows, from.columns) != (rows, columns) {
                    let what = format!(
                        "the tensor {name} has {} × {} values instead of {rows} × {columns}",
                        from.rows, from.columns
                    );
                    return Err(ModelError::damaged(gguf.path(), what));
                }
                Ok(Move { from, to, vector: rows == 1, head })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self(moves))
    }

    /// Number of weights.
    pub fn values(&self) -> u64 {
        self.0.iter().map(Move::values).sum()
    }

    /// Writes the safetensors file, reporting bytes written and bytes in all.
    ///
    /// # Errors
    /// [`ModelError::Read`] and [`ModelError::Damaged`] for the source,
    /// [`ModelError::Write`] for `path`.
    pub fn write(
        &self,
        gguf: &mut Gguf,
        path: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), ModelError> {
        let write = |source| ModelError::Write { path: path.to_owned(), source };
        let total = self.0.iter().map(Move::bytes).sum();
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path).map_err(write)?);
        let header = self.header();
        out.write_all(&(header.len() as u64).to_le_bytes())
            .and_then(|()| out.write_all(&header))
            .map_err(write)?;
        let mut done = 0;
        for tensor in &self.0 {
            let step = tensor.rows_at_once();
            for first in (0..tensor.from.rows).step_by(step) {
                let count = step.min(tensor.from.rows - first);
                let bytes = tensor.piece(gguf, first, count)?;
                out.write_all(&bytes).map_err(write)?;
                done += bytes.len() as u64;
                progress(done, total);
            }
        }
        out.into_inner().map_err(|e| write(e.into_error()))?.sync_all().map_err(write)
    }

    fn header(&self) -> Vec<u8> {
        let mut entries = Map::new();
        entries.insert("__metadata__".to_owned(), json!({ "format": "pt" }));
        let mut at = 0;
        for tensor in &self.0 {
            let (rows, columns) = (tensor.from.rows, tensor.from.columns);
            let shape = if tensor.vector { vec![columns] } else { vec![rows, columns] };
            let end = at + tensor.bytes();
            let entry = json!({
                "dtype": tensor.dtype(),
                "shape": shape,
                "data_offsets": [at, end],
            });
            entries.insert(tensor.to.clone(), entry);
            at = end;
        }
        let mut header = Value::Object(entries).to_string().into_bytes();
        // The data begins at a multiple of eight bytes.
        header.resize(header.len().next_multiple_of(8), b' ');
        header
    }
}

impl Move {
    fn values(&self) -> u64 {
        self.from.rows as u64 * self.from.columns as u64
    }

    fn bytes(&self) -> u64 {
        self.values() * if self.from.kind == GgmlDType::F32 { 4 } else { 2 }
    }

    /// Floats stay what they are; blocks become F16, which holds their scales.
    fn dtype(&self) -> &'static str {
        match self.from.kind {
            GgmlDType::F32 => "F32",
            GgmlDType::BF16 => "BF16",
            _ => "F16",
        }
    }

    fn rows_at_once(&self) -> usize {
        self.head.unwrap_or_else(|| (PIECE / self.from.columns.max(1)).max(1))
    }

    fn piece(&self, gguf: &mut Gguf, first: usize, count: usize) -> Result<Vec<u8>, ModelError> {
        let kept = matches!(self.from.kind, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16);
        let mut bytes = if kept {
            gguf.raw_rows(&self.from, first, count)?
        } else {
            let values = gguf.rows(&self.from, first, count)?;
            to_f16(&values).ok_or_else(|| {
                let what = format!("a weight of {} is no number that F16 holds", self.to);
                ModelError::damaged(gguf.path(), what)
            })?
        };
        if self.head.is_some() {
            bytes = halves_apart(&bytes, count);
        }
        Ok(bytes)
    }
}

type LayerTensor = (&'static str, &'static str, (usize, usize), Option<usize>);

fn layer_tensors(shape: &Shape) -> impl Iterator<Item = LayerTensor> {
    let (hidden, inner, kv) = (shape.hidden, shape.feed_forward, shape.kv_heads * shape.head);
    let head = Some(shape.head);
    [
        ("attn_norm", "input_layernorm", (1, hidden), None),
        ("attn_q", "self_attn.q_proj", (hidden, hidden), head),
        ("attn_k", "self_attn.k_proj", (kv, hidden), head),
        ("attn_v", "self_attn.v_proj", (kv, hidden), None),
        ("attn_output", "self_attn.o_proj", (hidden, hidden), None),
        ("ffn_norm", "post_attention_layernorm", (1, hidden), None),
        ("ffn_gate", "mlp.gate_proj", (inner, hidden), None),
        ("ffn_up", "mlp.up_proj", (inner, hidden), None),
        ("ffn_down", "mlp.down_proj", (hidden, inner), None),
    ]
    .into_iter()
}

/// A bias or an adapter left out would change every answer without a word.
fn refuse_strangers<A, B, C>(gguf: &Gguf, known: &[(String, A, B, C)]) -> Result<(), ModelError> {
    let known: std::collections::HashSet<&str> = known.iter().map(|k| k.0.as_str()).collect();
    let stranger =
        gguf.tensors().filter(|name| !known.contains(name) && *name != "rope_freqs.weight").min();
    match stranger {
        None => Ok(()),
        Some(name) => {
            let what = format!("the tensor {name}, which has no place in a llama model");
            Err(ModelError::unsupported(gguf.path(), what))
        }
    }
}

fn to_f16(values: &[f32]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(values.len() * 2);
    for value in values {
        let half = f16::from_f32(*value);
        if !half.is_finite() {
            return None;
        }
        bytes.extend_from_slice(&half.to_le_bytes());
    }
    Some(bytes)
}

/// Puts the rows of one attention head back in Hugging Face's order. Rotation
/// turns pairs of values; GGUF keeps the rows of a pair beside each other (first of
/// pair 0, second of pair 0, first of pair 1, …), Hugging Face all firsts before
/// all seconds.
fn halves_apart(bytes: &[u8], rows: usize) -> Vec<u8> {
    let row = bytes.len() / rows;
    let firsts = bytes.chunks_exact(row).step_by(2);
    let seconds = bytes.chunks_exact(row).skip(1).step_by(2);
    firsts.chain(seconds).flatten().copied().collect()
}

/// Whether a safetensors file is as long as its header says.
///
/// # Errors
/// Those of reading it.
pub(super) fn is_whole(path: &Path) -> io::Result<bool> {
    let Some((entries, data)) = read_header(path)? else { return Ok(false) };
    let end = entries.values().filter_map(|entry| entry["data_offsets"][1].as_u64()).max();
    Ok(end.is_some_and(|end| end == data))
}

/// Number of weights in a safetensors file.
///
/// # Errors
/// Those of reading it.
pub(super) fn count(path: &Path) -> io::Result<u64> {
    let entries = read_header(path)?.map(|(entries, _)| entries).unwrap_or_default();
    let size = |entry: &Value| -> Option<u64> {
        entry["shape"].as_array()?.iter().map(Value::as_u64).product()
    };
    Ok(entries.values().filter_map(size).sum())
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
