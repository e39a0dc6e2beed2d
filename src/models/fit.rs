//! What a model will need of this machine's memory, planned before anything is
//! loaded: in which form its weights go, how much of a document one prompt may
//! carry, or why it does not fit. A pure planner; what it is told of the model
//! is read in [`cost`], of the machine in [`machine`].
//!
//! The formula, in bytes, was held against measured peaks; see [`parts`].

pub mod cost;
pub mod known;
pub mod machine;
mod words;

pub use cost::{Cost, Dimensions};
pub use known::Known;
pub use machine::Machine;
pub use words::refusal;

use super::form::Form;

/// The unit in which the engine allocates keys and values, in tokens
/// (`NormalCache::CACHE_GROW_SIZE` of mistralrs-core).
const BLOCK: u64 = 512;
/// Prompt tokens that the engine reads between two copies of its cache.
const STEP: u64 = 510;
/// Windows to come down to, in document tokens, before a model is refused.
const SMALLER_WINDOWS: [usize; 3] = [1_000, 500, 250];
/// Prefix budgets to come down to, as parts of the one wished for.
const PREFIX_PARTS: [u64; 3] = [1, 2, 4];
/// Tokens of a prompt beside document and answer: chat template, system
/// message, instruction, examples. The built-in jobs stay below it.
const INSTRUCTION: usize = 400;
/// The program, its threads and the engine without any model; measured.
const PROGRAM: u64 = 40_000_000;
/// The tokenizers (the engine's and the one that makes prompts), for each token
/// and each pair that is merged; measured with SmolLM2 (400) and Llama 3 (840).
const VOCABULARY_ENTRY: u64 = 800;
/// The tables of the rotation, cosine and sine as F32, and what building them
/// leaves behind, for each position and value of a head.
const ROTATION: u64 = 8;
/// Copies of a prefill step's mask that are alive at once, as F32.
const MASKS: u64 = 4;
/// What the allocator keeps of freed working memory, as a part of it; measured.
const ALLOCATOR_PART: u64 = 3;
/// Floats are taken unmeasured, or measured at all, where the weights take no more
/// than this part of the machine's memory: what is larger is bound by its size
/// when it writes, and takes long to try.
const MODEST_PART: u64 = 8;
/// Left to everything else on the machine, at least.
const LEAST_HEADROOM: u64 = 300_000_000;

/// Where a model computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    Cpu,
    /// With this many bytes of its own memory free.
    Gpu {
        free: u64,
    },
}

/// What is wanted of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Document tokens in one prompt.
    pub window: usize,
    /// Room for the answer, in tokens.
    pub answer: usize,
    /// Bytes of keys and values to keep between prompts.
    pub prefixes: u64,
    /// The form that was measured to be faster here; without one, floats where
    /// they take no more than an eighth of the memory.
    pub form: Option<Form>,
}

impl Default for Wish {
    fn default() -> Self {
        Self { window: 1_000, answer: 512, prefixes: 512 << 20, form: None }
    }
}

/// What each part takes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Parts {
    /// Linear layers, the output layer included where it has weights of its own.
    pub weights: u64,
    /// The table of embeddings, which is never quantized.
    pub embedding: u64,
    /// Keys and values of the prompt in flight, which the engine copies.
    pub kv_window: u64,
    /// Keys and values kept for the next prompts.
    pub prefixes: u64,
    /// Attention masks, activations, and what the allocator keeps of them.
    pub scratch: u64,
    /// The program itself, the tokenizers and the tables of the rotation.
    pub program: u64,
}

impl Parts {
    /// Whether the weights take so small a part of the memory that floats are worth
    /// trying.
    #[must_use]
    pub fn is_modest(&self, machine: &Machine) -> bool {
        self.weights.saturating_add(self.embedding) <= machine.total / MODEST_PART
    }

    /// All of it.
    #[must_use]
    pub fn total(&self) -> u64 {
        [self.weights, self.embedding, self.kv_window, self.prefixes, self.scratch, self.program]
            .iter()
            .fold(0, |sum, part| sum.saturating_add(*part))
    }
}

/// How a model is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Plan {
    pub form: Form,
    pub parts: Parts,
    /// Bytes of all parts; the headroom is not among them.
    pub total: u64,
    /// Bytes that are left to everything else.
    pub headroom: u64,
    /// Most tokens of prompt and answer together that the memory beyond the plan
    /// still bears, up to what the model was made for.
    pub context: usize,
    /// Document tokens in one prompt.
    pub window: usize,
}

/// A model that does not fit, in the numbers of its smallest plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub form: Form,
    pub parts: Parts,
    pub headroom: u64,
    /// Bytes that it would take, headroom included.
    pub needed: u64,
    /// Bytes that there are.
    pub available: u64,
    /// Whether the machine would hold it if nothing else ran.
    pub fits_when_alone: bool,
    /// The name of a smaller model that fits now; the planner knows of no other
    /// models, so [`refusal`] has it from its caller.
    pub next_smaller: Option<String>,
}

/// How `cost` is to be run on `machine`: as wished where it fits, else with less
/// kept between prompts, else with smaller windows.
///
/// # Errors
/// [`Refusal`] with the numbers of the smallest plan.
pub fn plan(cost: &Cost, machine: &Machine, wish: &Wish) -> Result<Plan, Refusal> {
    let available = machine.room();
    let headroom = headroom(machine);
    let try_out = |form, window, prefixes| {
        let parts = parts(cost, machine, form, tokens(cost, window, wish.answer), prefixes);
        let fits = parts.total().saturating_add(headroom) <= available;
        fits.then(|| Plan {
            form,
            parts,
            total: parts.total(),
            headroom,
            context: context(cost, machine, &parts, available.saturating_sub(headroom)),
            window,
        })
    };
    let forms = forms(cost, machine, wish);
    for window in windows(cost, wish) {
        // A form that was measured or is small enough comes before a larger share
        // of memory for prefixes, which saves time only where jobs share a text.
        let ways = forms.iter().flat_map(|form| PREFIX_PARTS.map(|part| (*form, part)));
        let found = ways.into_iter().find_map(|(f, part)| try_out(f, window, wish.prefixes / part));
        if let Some(plan) = found {
            return Ok(plan);
        }
    }
    Err(smallest(cost, machine, wish))
}

fn smallest(cost: &Cost, machine: &Machine, wish: &Wish) -> Refusal {
    let window = windows(cost, wish).into_iter().min().unwrap_or(wish.window);
    let prefixes = wish.prefixes / PREFIX_PARTS[PREFIX_PARTS.len() - 1];
    let (form, parts) = possible(cost)
        .into_iter()
        .map(|form| {
            let tokens = tokens(cost, window, wish.answer);
            (form, parts(cost, machine, form, tokens, prefixes))
        })
        .min_by_key(|(_, parts)| parts.total())
        .expect("every model has a form");
    let headroom = headroom(machine);
    let needed = parts.total().saturating_add(headroom);
    Refusal {
        form,
        parts,
        headroom,
        needed,
        available: machine.room(),
        fits_when_alone: machine.device == Device::Cpu && needed <= machine.total,
        next_smaller: None,
    }
}

/// The window wished for and the smaller ones, within half of the context.
fn windows(cost: &Cost, wish: &Wish) -> Vec<usize> {
    let most = wish.window.min(cost.context / 2).max(1);
    let smaller = SMALLER_WINDOWS.into_iter().filter(|window| *window < most);
    std::iter::once(most).chain(smaller).collect()
}

fn possible(cost: &Cost) -> Vec<Form> {
    match cost.block_bytes {
        Some(_) => vec![Form::Blocks, Form::FloatsWithBlockHead, Form::Floats],
        None => vec![Form::Floats],
    }
}

/// The forms to try, the preferred one first, then the smallest.
fn forms(cost: &Cost, machine: &Machine, wish: &Wish) -> Vec<Form> {
    if cost.block_bytes.is_none() {
        return vec![Form::Floats];
    }
    let tokens = tokens(cost, wish.window.min(cost.context / 2), wish.answer);
    let as_floats = parts(cost, machine, Form::Floats, tokens, wish.prefixes);
    let is_modest = machine.device == Device::Cpu && as_floats.is_modest(machine);
    let preferred = wish.form.unwrap_or(if is_modest { Form::Floats } else { Form::Blocks });
    match preferred {
        Form::Blocks => vec![Form::Blocks],
        other => vec![other, Form::Blocks],
    }
}

/// Tokens of a whole prompt with its answer.
fn tokens(cost: &Cost, window: usize, answer: usize) -> u64 {
    (window.saturating_add(INSTRUCTION).saturating_add(answer)).min(cost.context) as u64
}

/// What is left to everything else: a tenth of the memory, 300 MB at least.
fn headroom(machine: &Machine) -> u64 {
    match machine.device {
        Device::Cpu => (machine.total / 10).max(LEAST_HEADROOM),
        Device::Gpu { free } => (free / 10).max(LEAST_HEADROOM),
    }
}

/// Bytes of keys and values that a sequence of `tokens` holds.
fn kv(cost: &Cost, machine: &Machine, tokens: u64) -> u64 {
    let per_token = match machine.device {
        Device::Cpu => cost.kv_bytes_per_token_f32,
        Device::Gpu { .. } => cost.kv_bytes_per_token_f32 / 2,
    };
    tokens.saturating_add(1).div_ceil(BLOCK).saturating_mul(BLOCK).saturating_mul(per_token)
}

/// What everything takes for prompts of `tokens`.
///
/// - The tied output layer of floats is the table of embeddings itself; that of
///   blocks is counted among the blocks.
/// - The engine copies the keys and values of the sequence in flight whenever it
///   takes it up again (`NormalCacheManager::clone_in_cache`), so that they are
///   there twice for a moment. A GPU's are paged and are not.
/// - On a CPU attention keeps no scores; only the mask is quadratic, one row for
///   each token of a step (with no more than 510 tokens read at once).
/// - A layer's activations are at their most in the feed-forward part: the
///   input, its norm and the sum, queries, keys, values and their transposes,
///   and three times the feed-forward width.
fn parts(cost: &Cost, machine: &Machine, form: Form, tokens: u64, prefixes: u64) -> Parts {
    let (float, copies) = match machine.device {
        Device::Cpu => (4, 2),
        Device::Gpu { .. } => (2, 1),
    };
    let weights = weights(cost, form, float);
    let step = STEP.min(tokens);
    let masks = MASKS * 4 * step.saturating_mul(tokens);
    let widths = cost.hidden.saturating_mul(8).saturating_add(cost.feed_forward.saturating_mul(3));
    let activations = step.saturating_mul(widths).saturating_mul(4);
    let kv_window = kv(cost, machine, tokens).saturating_mul(copies);
    let prefixes = if machine.device == Device::Cpu { prefixes } else { 0 };
    let working = masks.saturating_add(activations);
    Parts {
        weights,
        embedding: cost.embedding_params.saturating_mul(float),
        kv_window,
        prefixes,
        scratch: working.saturating_add(kv_window.saturating_add(working) / ALLOCATOR_PART),
        program: program(cost, machine),
    }
}

/// Bytes of the linear layers, with `float` bytes a value where they are floats.
fn weights(cost: &Cost, form: Form, float: u64) -> u64 {
    let head = if cost.tied { 0 } else { cost.embedding_params };
    match (form, cost.block_bytes) {
        (Form::Blocks, Some(bytes)) => bytes,
        (Form::FloatsWithBlockHead, Some(_)) => cost
            .linear_params
            .saturating_sub(head)
            .saturating_mul(float)
            .saturating_add(cost.head_bytes),
        _ => cost.linear_params.saturating_mul(float),
    }
}

/// The program's own memory is not the GPU's.
fn program(cost: &Cost, machine: &Machine) -> u64 {
    match machine.device {
        Device::Cpu => {
            PROGRAM.saturating_add(cost.vocabulary.saturating_mul(VOCABULARY_ENTRY)).saturating_add(
                (cost.context as u64).saturating_mul(cost.head).saturating_mul(ROTATION),
            )
        }
        Device::Gpu { .. } => 0,
    }
}

/// The longest prompt with answer that fits into `room` where the plan's own
/// prompt has `parts`.
fn context(cost: &Cost, machine: &Machine, parts: &Parts, room: u64) -> usize {
    let spare = room.saturating_sub(parts.total()).saturating_add(parts.kv_window);
    let (copies, mask) = match machine.device {
        Device::Cpu => (2, MASKS * 4 * STEP),
        Device::Gpu { .. } => (1, 0),
    };
    let block = kv(cost, machine, 1).saturating_mul(copies).saturating_add(BLOCK * mask);
    let blocks = spare / block.max(1);
    usize::try_from(blocks.saturating_mul(BLOCK)).unwrap_or(usize::MAX).min(cost.context)
}

#[cfg(test)]
mod tests;
