//! A model's weights as they lie on disk: from a GGUF's names and order to
//! those of the engine, without a change to any value. Floats become one
//! safetensors file; blocks become the engine's own format for them, bit for
//! bit. Written piece by piece; knows nothing of tokenizers or of loading.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::error::ModelError;
use super::gguf::{Gguf, Matrix};
use super::kinds::Kind;
use super::layout::{EMBEDDING, Layout, Norm};
use super::recode;
use super::safetensors::{Entry, Writer};
use super::uqff;

/// Values read at once.
const PIECE: usize = 1 << 20;

/// Floats: every tensor.
pub(super) const FLOATS_FILE: &str = "model.safetensors";
/// Blocks: the linear layers.
pub(super) const BLOCKS_FILE: &str = "weights.uqff";
/// Beside blocks: normalisations.
pub(super) const RESIDUAL_FILE: &str = "residual.safetensors";
/// Beside blocks: the embedding, where it is not the output layer's matrix.
pub(super) const EMBEDDING_FILE: &str = "embedding.safetensors";

/// Whether there are blocks among the matrices; otherwise all are floats.
pub(super) fn has_blocks(layout: &Layout) -> bool {
    layout.matrices().any(|matrix| !matrix.kind.is_float())
}

/// Bytes on disk of the output layer and of all other linear layers.
pub(super) fn bytes_at_rest(layout: &Layout) -> (u64, u64) {
    let bytes =
        |matrix: &Matrix| matrix.rows as u64 * matrix.kind.known().bytes(matrix.columns) as u64;
    let (head, others) = layout.linears.split_first().expect("the output layer is listed");
    (bytes(&head.from), others.iter().map(|linear| bytes(&linear.from)).sum())
}

/// What a person should know about kinds that the engine does not know.
pub(super) fn notes(layout: &Layout) -> Vec<String> {
    let strange: Vec<Kind> =
        layout.matrices().map(|m| m.kind).filter(|kind| kind.known() != *kind).collect();
    let kinds: BTreeSet<Kind> = strange.iter().copied().collect();
    let note = |kind: Kind| {
        let count = strange.iter().filter(|k| **k == kind).count();
        let (name, known) = (kind.name(), kind.known().name());
        let tensors = if count == 1 { "1 tensor" } else { &format!("{count} tensors") };
        let exact = if kind == Kind::Iq4Xs { ", scales rounded to 16 bits" } else { "" };
        format!(
            "{tensors} of the kind {name}, which the engine does not know, are kept as {known}: \
             the same values{exact}, in more room."
        )
    };
    kinds.into_iter().map(note).collect()
}

/// A piece of a file, in the order of writing.
enum Part<'a> {
    Bytes(Vec<u8>),
    Rows { matrix: &'a Matrix, head: Option<usize> },
}

impl Part<'_> {
    fn bytes(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Rows { matrix, .. } => {
                matrix.rows as u64 * matrix.kind.known().bytes(matrix.columns) as u64
            }
        }
    }

    fn write(
        &self,
        gguf: &mut Gguf,
        out: &mut Writer,
        told: &mut dyn FnMut(u64),
    ) -> Result<(), ModelError> {
        let (matrix, head) = match self {
            Self::Bytes(bytes) => {
                told(bytes.len() as u64);
                return out.write(bytes);
            }
            Self::Rows { matrix, head } => (matrix, head),
        };
        let step = head.unwrap_or_else(|| (PIECE / matrix.columns.max(1)).max(1));
        for first in (0..matrix.rows).step_by(step) {
            let count = step.min(matrix.rows - first);
            let raw = gguf.raw_rows(matrix, first, count)?;
            let known = recode::recode(matrix.kind, &raw).ok_or_else(|| {
                ModelError::damaged(gguf.path(), "a scale is no number that 16 bits hold")
            })?;
            let bytes = if head.is_some() { halves_apart(&known, count) } else { known };
            out.write(&bytes)?;
            told(bytes.len() as u64);
        }
        Ok(())
    }
}

/// A file's tensors, each with what it is made of.
#[derive(Default)]
struct Plan<'a> {
    texts: BTreeMap<String, String>,
    entries: Vec<Entry>,
    parts: Vec<Part<'a>>,
}

impl<'a> Plan<'a> {
    fn add(
        &mut self,
        name: String,
        dtype: &'static str,
        shape: Option<Vec<usize>>,
        parts: Vec<Part<'a>>,
    ) {
        let bytes = parts.iter().map(Part::bytes).sum();
        // Without a shape: so many bytes, whatever they are.
        let shape = shape.unwrap_or_else(|| vec![usize::try_from(bytes).unwrap_or(usize::MAX)]);
        self.entries.push(Entry { name, dtype, shape, bytes });
        self.parts.extend(parts);
    }

    fn add_floats(&mut self, name: &str, matrix: &'a Matrix, head: Option<usize>) {
        let dtype = matrix.kind.name();
        let shape = vec![matrix.rows, matrix.columns];
        let parts = vec![Part::Rows { matrix, head }];
        self.add(format!("{name}.weight"), dtype, Some(shape), parts);
    }

    /// Values in 32 bits.
    fn add_vector(&mut self, name: String, bytes: Vec<u8>) {
        let shape = vec![bytes.len() / size_of::<f32>()];
        self.add(name, "F32", Some(shape), vec![Part::Bytes(bytes)]);
    }

    fn bytes(&self) -> u64 {
        self.entries.iter().map(|entry| entry.bytes).sum()
    }

    fn write(
        &self,
        gguf: &mut Gguf,
        path: &Path,
        told: &mut dyn FnMut(u64),
    ) -> Result<(), ModelError> {
        let mut out = Writer::create(path, &self.texts, &self.entries)?;
        for part in &self.parts {
            part.write(gguf, &mut out, told)?;
        }
        out.finish(true)
    }
}

/// Writes the model into `dir`, reporting bytes written and bytes in all.
///
/// # Errors
/// [`ModelError::Read`] and [`ModelError::Damaged`] for the source,
/// [`ModelError::Write`], and [`ModelError::Unsupported`] for a matrix of more
/// than 4 GiB.
pub(super) fn write(
    gguf: &mut Gguf,
    layout: &Layout,
    dir: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), ModelError> {
    let files = if has_blocks(layout) {
        vec![
            (BLOCKS_FILE, blocks(gguf, layout)?),
            (RESIDUAL_FILE, residual(gguf, layout)?),
            (EMBEDDING_FILE, embedding(gguf, layout)?),
        ]
    } else {
        vec![(FLOATS_FILE, floats(gguf, layout)?)]
    };
    let total = files.iter().map(|(_, plan)| plan.bytes()).sum();
    let mut done = 0;
    let mut told = |bytes| {
        done += bytes;
        progress(done, total);
    };
    for (name, plan) in files.iter().filter(|(_, plan)| !plan.entries.is_empty()) {
        plan.write(gguf, &dir.join(name), &mut told)?;
    }
    Ok(())
}

fn floats<'a>(gguf: &mut Gguf, layout: &'a Layout) -> Result<Plan<'a>, ModelError> {
    let mut plan = Plan::default();
    plan.texts.insert("format".to_owned(), "pt".to_owned());
    plan.add_floats(EMBEDDING, &layout.embedding, None);
    for linear in layout.linears.iter().skip(usize::from(layout.tied)) {
        plan.add_floats(&linear.name, &linear.from, linear.head);
        if let Some(bias) = &linear.bias {
            plan.add_vector(format!("{}.bias", linear.name), bias_values(gguf, bias)?);
        }
    }
    add_norms(&mut plan, gguf, layout)?;
    Ok(plan)
}

fn blocks<'a>(gguf: &mut Gguf, layout: &'a Layout) -> Result<Plan<'a>, ModelError> {
    let mut plan = Plan::default();
    for (place, linear) in layout.linears.iter().enumerate() {
        plan.texts.insert(place.to_string(), linear.name.clone());
        let bias = linear.bias.as_ref().map(|bias| bias_values(gguf, bias)).transpose()?;
        let parts = entry(&linear.from, linear.head, bias.as_deref())
            .ok_or_else(|| uqff::too_large(gguf.path(), &linear.name))?;
        plan.add(place.to_string(), "U8", None, parts);
    }
    Ok(plan)
}

fn residual<'a>(gguf: &mut Gguf, layout: &'a Layout) -> Result<Plan<'a>, ModelError> {
    let mut plan = Plan::default();
    add_norms(&mut plan, gguf, layout)?;
    Ok(plan)
}

fn embedding<'a>(gguf: &Gguf, layout: &'a Layout) -> Result<Plan<'a>, ModelError> {
    let mut plan = Plan::default();
    if !layout.tied {
        let parts = entry(&layout.embedding, None, None)
            .ok_or_else(|| uqff::too_large(gguf.path(), EMBEDDING))?;
        plan.add(EMBEDDING.to_owned(), "U8", None, parts);
    }
    Ok(plan)
}

/// A matrix as an entry of the engine's format; `None` where it is too large.
fn entry<'a>(
    matrix: &'a Matrix,
    head: Option<usize>,
    bias: Option<&[u8]>,
) -> Option<Vec<Part<'a>>> {
    let kind = matrix.kind.known();
    let before = uqff::blocks_head(kind, matrix.rows, matrix.columns, bias.is_some())?;
    let mut parts = vec![Part::Bytes(before), Part::Rows { matrix, head }];
    if let Some(bias) = bias {
        parts.push(Part::Bytes(uqff::bias(bias)?));
    }
    Some(parts)
}

fn add_norms(plan: &mut Plan, gguf: &mut Gguf, layout: &Layout) -> Result<(), ModelError> {
    for norm in &layout.norms {
        plan.add_vector(format!("{}.weight", norm.name), norm_values(gguf, norm)?);
    }
    Ok(())
}

fn norm_values(gguf: &mut Gguf, norm: &Norm) -> Result<Vec<u8>, ModelError> {
    let lower = if norm.is_raised { 1.0 } else { 0.0 };
    let values = gguf.rows(&norm.from, 0, 1)?;
    Ok(values.into_iter().flat_map(|value| (value - lower).to_le_bytes()).collect())
}

fn bias_values(gguf: &mut Gguf, bias: &Matrix) -> Result<Vec<u8>, ModelError> {
    let values = gguf.rows(bias, 0, 1)?;
    Ok(values.into_iter().flat_map(f32::to_le_bytes).collect())
}

/// Puts the rows of one attention head back in Hugging Face's order. Rotation
/// turns pairs of values; GGUF keeps the rows of a pair beside each other (first of
/// pair 0, second of pair 0, first of pair 1, …), Hugging Face all firsts before
/// all seconds. A row is a whole number of blocks, so that blocks stay whole.
fn halves_apart(bytes: &[u8], rows: usize) -> Vec<u8> {
    let row = bytes.len() / rows;
    let firsts = bytes.chunks_exact(row).step_by(2);
    let seconds = bytes.chunks_exact(row).skip(1).step_by(2);
    firsts.chain(seconds).flatten().copied().collect()
}
