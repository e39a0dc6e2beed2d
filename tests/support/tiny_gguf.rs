//! Writes a tiny model as a GGUF, for tests on a machine that has none: two
//! layers of random weights, a byte-level vocabulary with a few merges, a chat
//! template. What it says is noise; how it is read and run is real. Names and
//! keys of each architecture: the gguf-py constants of the llama.cpp project.
//! Standard library only, so that unit tests can include the file by path.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the sizes of a tiny model fit every number type"
)]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub const HIDDEN: usize = 64;
pub const FEED_FORWARD: usize = 128;
pub const LAYERS: usize = 2;
pub const HEADS: usize = 4;
pub const KV_HEADS: usize = 2;
pub const HEAD: usize = HIDDEN / HEADS;
pub const ROPE_BASE: f32 = 500_000.0;

const MERGES: [&str; 10] =
    ["t h", "th e", "i n", "a n", "Ġ the", "e r", "o n", "r e", "an d", "Ġ and"];
const SPECIAL: [&str; 5] = [
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
];
pub const VOCAB: usize = 256 + MERGES.len() + SPECIAL.len();
/// The first control token, which begins a text.
pub const BOS: u32 = 266;
const EOS: u32 = BOS + 4;

const TEMPLATE: &str = "{{- bos_token }}{% for m in messages %}<|start_header_id|>{{ m['role'] }}<|end_header_id|>\n\n{{ m['content'] | trim }}<|eot_id|>{% endfor %}{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}";

/// What a test may want otherwise.
#[derive(Debug, Clone)]
pub struct Options {
    pub seed: u64,
    pub architecture: &'static str,
    /// `tokenizer.ggml.model` and `.pre`.
    pub tokenizer: &'static str,
    pub pre: &'static str,
    pub context: u32,
    pub hidden: usize,
    pub feed_forward: usize,
    /// Values of an attention head.
    pub head: usize,
    pub weights: Weights,
    /// Divisors of the rotation frequencies, as Llama 3.1 and 3.2 carry them.
    pub rope_freqs: Option<Vec<f32>>,
    /// `rope.scaling.type` of the architecture.
    pub scaling: Option<&'static str>,
    /// Another number of the architecture by its key, like `rope.scale_linear`.
    pub number: Option<(&'static str, f32)>,
    /// No output layer of its own.
    pub tied: bool,
    /// Another name for one tensor: (name, new name).
    pub rename: Option<(&'static str, &'static str)>,
    /// ggml's number for the type of one tensor, whose bytes stay F32.
    pub mistype: Option<(&'static str, u32)>,
}

/// How matrices are written.
#[allow(dead_code, reason = "shared by test binaries that need different ones")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// As 32-bit floats.
    Floats,
    /// As 32-bit floats which `Blocks` of the same seed stand for.
    Rounded,
    /// As `Q8_0`, with scales that are powers of two.
    Blocks,
    /// As blocks of four random bits a value with a scale of 1/1024: `Q4_0`.
    Fours,
    /// As blocks of ggml's type of this number, so many values in so many bytes,
    /// all bytes random.
    Any { kind: u32, values: usize, bytes: usize },
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            architecture: "llama",
            tokenizer: "gpt2",
            pre: "llama-bpe",
            context: 4096,
            hidden: HIDDEN,
            feed_forward: FEED_FORWARD,
            head: HEAD,
            weights: Weights::Floats,
            rope_freqs: None,
            scaling: None,
            number: None,
            tied: false,
            rename: None,
            mistype: None,
        }
    }
}

/// Writes the model with weights drawn from `seed`.
///
/// # Errors
/// Those of writing the file.
pub fn write(path: &Path, seed: u64) -> io::Result<()> {
    write_with(path, &Options { seed, ..Options::default() })
}

/// Writes the model with some things otherwise.
///
/// # Errors
/// Those of writing the file.
pub fn write_with(path: &Path, options: &Options) -> io::Result<()> {
    let entries = metadata(options);
    let tensors = tensors(options);
    let mut head = b"GGUF".to_vec();
    head.extend(3_u32.to_le_bytes());
    head.extend((tensors.len() as u64).to_le_bytes());
    head.extend((entries.len() as u64).to_le_bytes());
    for entry in &entries {
        head.extend(entry);
    }
    let mut offset = 0_u64;
    for tensor in &tensors {
        tensor.describe(&mut head, offset, options);
        offset += (tensor.bytes().len() as u64).next_multiple_of(ALIGNMENT);
    }
    pad(&mut head);
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(&head)?;
    for tensor in tensors {
        let mut bytes = tensor.bytes();
        pad(&mut bytes);
        out.write_all(&bytes)?;
    }
    out.flush()
}

const ALIGNMENT: u64 = 32;

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT as usize), 0);
}

struct Tensor {
    name: String,
    /// Fastest first, as GGUF has it.
    dimensions: Vec<usize>,
    values: Vec<f32>,
    weights: Weights,
}

impl Tensor {
    fn describe(&self, head: &mut Vec<u8>, offset: u64, options: &Options) {
        let name = match options.rename {
            Some((old, new)) if old == self.name => new,
            _ => &self.name,
        };
        let kind = match options.mistype {
            Some((of, kind)) if of == self.name => kind,
            _ => match self.weights {
                Weights::Floats | Weights::Rounded => 0,
                Weights::Blocks => 8,
                Weights::Fours => 2,
                Weights::Any { kind, .. } => kind,
            },
        };
        text(head, name);
        head.extend((self.dimensions.len() as u32).to_le_bytes());
        for size in &self.dimensions {
            head.extend((*size as u64).to_le_bytes());
        }
        head.extend(kind.to_le_bytes());
        head.extend(offset.to_le_bytes());
    }

    fn bytes(&self) -> Vec<u8> {
        let floats =
            |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
        match self.weights {
            Weights::Floats => return floats(&self.values),
            Weights::Fours => {
                let mut random = Random(self.values.len() as u64);
                let mut bytes = Vec::new();
                for _ in 0..self.values.len() / 32 {
                    bytes.extend((5_u16 << 10).to_le_bytes());
                    bytes.extend((0..16).map(|_| (random.uniform() * 256.0) as u8));
                }
                return bytes;
            }
            Weights::Any { values, bytes, .. } => {
                let mut random = Random(self.values.len() as u64 + self.name.len() as u64);
                let count = self.values.len() / values * bytes;
                return (0..count).map(|_| (random.uniform() * 256.0) as u8).collect();
            }
            Weights::Rounded | Weights::Blocks => {}
        }
        let mut bytes = Vec::new();
        for block in self.values.chunks(32) {
            let largest = block.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
            let power = (largest / 127.0).log2().ceil().max(-14.0);
            let whole = block.iter().map(|v| (v / power.exp2()).round());
            if self.weights == Weights::Rounded {
                bytes.extend(floats(&whole.map(|v| v * power.exp2()).collect::<Vec<_>>()));
            } else {
                // 16 bits: a power of two is its exponent, raised by 15.
                bytes.extend((((power as i16) + 15) << 10).to_le_bytes());
                bytes.extend(whole.map(|v| (v as i8).cast_unsigned()));
            }
        }
        bytes
    }
}

fn tensors(options: &Options) -> Vec<Tensor> {
    let mut random = Random(options.seed);
    let arch = options.architecture;
    let (queries, kv) = (HEADS * options.head, KV_HEADS * options.head);
    let mut all = Vec::new();
    let mut matrix = |name: String, rows: usize, columns: usize, scale: f32| {
        let scale = scale / (columns as f32).sqrt();
        let values = (0..rows * columns).map(|_| random.normal() * scale).collect();
        let dimensions = vec![columns, rows];
        all.push(Tensor { name, dimensions, values, weights: options.weights });
    };
    // Where the embedding is also the output layer, a large one would make every
    // answer its last token again; Gemma multiplies it by eight.
    let embedding = match (options.tied, arch) {
        (false, _) => 6.0,
        (true, "gemma2") => 0.3,
        (true, _) => 1.5,
    };
    matrix("token_embd.weight".into(), VOCAB, options.hidden, embedding);
    for layer in 0..LAYERS {
        let rows = if arch == "phi3" {
            vec![
                ("attn_qkv", queries + 2 * kv, options.hidden, 1.6),
                ("attn_output", options.hidden, queries, 3.0),
                ("ffn_up", 2 * options.feed_forward, options.hidden, 1.0),
                ("ffn_down", options.hidden, options.feed_forward, 1.0),
            ]
        } else {
            vec![
                ("attn_q", queries, options.hidden, 1.6),
                ("attn_k", kv, options.hidden, 1.6),
                ("attn_v", kv, options.hidden, 1.0),
                ("attn_output", options.hidden, queries, 3.0),
                ("ffn_gate", options.feed_forward, options.hidden, 1.0),
                ("ffn_up", options.feed_forward, options.hidden, 1.0),
                ("ffn_down", options.hidden, options.feed_forward, 1.0),
            ]
        };
        for (name, rows, columns, scale) in rows {
            matrix(format!("blk.{layer}.{name}.weight"), rows, columns, scale);
        }
    }
    if !options.tied {
        matrix("output.weight".into(), VOCAB, options.hidden, 2.0);
    }
    let mut vector = |name: String, size: usize, around: f32, spread: f32| {
        let values = (0..size).map(|_| around + spread * random.normal()).collect();
        all.push(Tensor { name, dimensions: vec![size], values, weights: Weights::Floats });
    };
    // Norms that differ, so that one in another's place would show.
    let spread = if arch == "llama" { 0.0 } else { 0.2 };
    for layer in 0..LAYERS {
        for (name, size, around) in vectors(options) {
            vector(format!("blk.{layer}.{name}"), size, around, spread);
        }
    }
    vector("output_norm.weight".into(), options.hidden, 1.0, spread);
    let mut divisors = |name: &str, values: Vec<f32>| {
        let dimensions = vec![values.len()];
        all.push(Tensor { name: name.into(), dimensions, values, weights: Weights::Floats });
    };
    if let Some(values) = &options.rope_freqs {
        divisors("rope_freqs.weight", values.clone());
    }
    if arch == "phi3" {
        let pairs = PHI3_ROTATED / 2;
        divisors("rope_factors_short.weight", (0..pairs).map(|n| 1.0 + 0.1 * n as f32).collect());
        divisors("rope_factors_long.weight", (0..pairs).map(|n| 2.0 + n as f32).collect());
    }
    all
}

/// The vectors of a layer: name, size, and the value that they lie around.
fn vectors(options: &Options) -> Vec<(&'static str, usize, f32)> {
    let (head, hidden) = (options.head, options.hidden);
    let mut all = vec![("attn_norm.weight", hidden, 1.0), ("ffn_norm.weight", hidden, 1.0)];
    match options.architecture {
        "qwen2" => all.extend([
            ("attn_q.bias", HEADS * head, 0.0),
            ("attn_k.bias", KV_HEADS * head, 0.0),
            ("attn_v.bias", KV_HEADS * head, 0.0),
        ]),
        "qwen3" => {
            all.extend([("attn_q_norm.weight", head, 1.0), ("attn_k_norm.weight", head, 1.0)]);
        }
        "gemma2" => all.extend([
            ("post_attention_norm.weight", hidden, 1.0),
            ("post_ffw_norm.weight", hidden, 1.0),
        ]),
        _ => {}
    }
    all
}

/// Values of a head that tiny Phi-3 rotates.
const PHI3_ROTATED: usize = 8;
/// Tokens before tiny Phi-3's rotation was stretched.
pub const PHI3_ORIGINAL: usize = 256;
/// Tokens that tiny Gemma 2 looks back in every other layer.
pub const GEMMA2_WINDOW: usize = 128;

fn metadata(options: &Options) -> Vec<Vec<u8>> {
    let arch = options.architecture;
    let number = |key: &str, value: u32| entry(key, 4, &value.to_le_bytes());
    let of_arch = |key: &str, value: usize| number(&format!("{arch}.{key}"), value as u32);
    let float = |key: &str, value: f32| entry(&format!("{arch}.{key}"), 6, &value.to_le_bytes());
    let string = |key: &str, value: &str| {
        let mut bytes = Vec::new();
        text(&mut bytes, value);
        entry(key, 8, &bytes)
    };
    let tokens = tokens();
    let kinds: Vec<u8> =
        (0..VOCAB).flat_map(|id| if id < BOS as usize { 1_i32 } else { 3 }.to_le_bytes()).collect();
    let rotated = if arch == "phi3" { PHI3_ROTATED } else { options.head };
    let mut all = vec![
        string("general.architecture", arch),
        string("general.name", "tiny"),
        of_arch("block_count", LAYERS),
        of_arch("context_length", options.context as usize),
        of_arch("embedding_length", options.hidden),
        of_arch("feed_forward_length", options.feed_forward),
        of_arch("attention.head_count", HEADS),
        of_arch("attention.head_count_kv", KV_HEADS),
        of_arch("attention.key_length", options.head),
        of_arch("attention.value_length", options.head),
        of_arch("rope.dimension_count", rotated),
        float("rope.freq_base", ROPE_BASE),
        float("attention.layer_norm_rms_epsilon", 1e-5),
        string("tokenizer.ggml.model", options.tokenizer),
        string("tokenizer.ggml.pre", options.pre),
        array("tokenizer.ggml.tokens", 8, tokens.len(), &texts(&tokens)),
        array("tokenizer.ggml.token_type", 5, VOCAB, &kinds),
        array("tokenizer.ggml.merges", 8, MERGES.len(), &texts(&MERGES.map(str::to_owned))),
        number("tokenizer.ggml.bos_token_id", BOS),
        number("tokenizer.ggml.eos_token_id", EOS),
        entry("tokenizer.ggml.add_bos_token", 7, &[1]),
        string("tokenizer.chat_template", TEMPLATE),
    ];
    all.extend(options.scaling.map(|kind| string(&format!("{arch}.rope.scaling.type"), kind)));
    all.extend(options.number.map(|(key, value)| float(key, value)));
    match arch {
        "phi3" => {
            let stretch = options.context as f32 / PHI3_ORIGINAL as f32;
            let scale = (1.0 + stretch.ln() / (PHI3_ORIGINAL as f32).ln()).sqrt();
            all.push(of_arch("rope.scaling.original_context_length", PHI3_ORIGINAL));
            all.push(float("rope.scaling.attn_factor", scale));
        }
        "gemma2" => {
            all.push(of_arch("attention.sliding_window", GEMMA2_WINDOW));
            all.push(float("attn_logit_softcapping", 8.0));
            all.push(float("final_logit_softcapping", 2.0));
        }
        _ => {}
    }
    all
}

fn tokens() -> Vec<String> {
    let bytes = (0..=255).map(|byte| letter_of(byte).to_string());
    let merged = MERGES.iter().map(|merge| merge.replace(' ', ""));
    bytes.chain(merged).chain(SPECIAL.map(str::to_owned)).collect()
}

/// GPT-2's printable letter for a byte: itself where it is printable, and the
/// others in order from U+0100 on.
fn letter_of(byte: u8) -> char {
    let printable = |b: &u8| matches!(b, 33..=126 | 161..=172 | 174..=255);
    if printable(&byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|b| !printable(b)).count() as u32;
    char::from_u32(256 + before).expect("the first letters after U+0100 exist")
}

fn entry(key: &str, kind: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    text(&mut bytes, key);
    bytes.extend(kind.to_le_bytes());
    bytes.extend(value);
    bytes
}

fn array(key: &str, kind: u32, count: usize, values: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend((count as u64).to_le_bytes());
    bytes.extend(values);
    entry(key, 9, &bytes)
}

fn texts(all: &[String]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for one in all {
        text(&mut bytes, one);
    }
    bytes
}

fn text(bytes: &mut Vec<u8>, value: &str) {
    bytes.extend((value.len() as u64).to_le_bytes());
    bytes.extend(value.as_bytes());
}

/// A 64-bit linear congruential generator (Knuth's constants); good enough for
/// weights that mean nothing.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// Nearly normal, of variance 1: the sum of twelve uniform values.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.uniform()).sum::<f32>() - 6.0
    }
}
