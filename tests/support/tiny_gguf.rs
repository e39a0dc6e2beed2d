//! Writes a tiny llama model as a GGUF, for tests on a machine that has none:
//! two layers of random weights, a byte-level vocabulary with a few merges, a
//! chat template. What it says is noise; how it is read and run is real.
//! Standard library only, so that unit tests can include the file by path.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
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
    pub head: u32,
    /// Divisors of the rotation frequencies, as Llama 3.1 and 3.2 carry them.
    pub rope_freqs: Option<Vec<f32>>,
    /// No output layer of its own.
    pub tied: bool,
    /// Another name for one tensor: (name, new name).
    pub rename: Option<(&'static str, &'static str)>,
    /// ggml's number for the type of one tensor, whose bytes stay F32.
    pub mistype: Option<(&'static str, u32)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            architecture: "llama",
            tokenizer: "gpt2",
            pre: "llama-bpe",
            context: 4096,
            head: HEAD as u32,
            rope_freqs: None,
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
        offset += (tensor.values.len() as u64 * 4).next_multiple_of(ALIGNMENT);
    }
    pad(&mut head);
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(&head)?;
    for tensor in tensors {
        let mut bytes: Vec<u8> = tensor.values.iter().flat_map(|v| v.to_le_bytes()).collect();
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
}

impl Tensor {
    fn describe(&self, head: &mut Vec<u8>, offset: u64, options: &Options) {
        let name = match options.rename {
            Some((old, new)) if old == self.name => new,
            _ => &self.name,
        };
        let kind = match options.mistype {
            Some((of, kind)) if of == self.name => kind,
            _ => 0,
        };
        text(head, name);
        head.extend((self.dimensions.len() as u32).to_le_bytes());
        for size in &self.dimensions {
            head.extend((*size as u64).to_le_bytes());
        }
        head.extend(kind.to_le_bytes());
        head.extend(offset.to_le_bytes());
    }
}

fn tensors(options: &Options) -> Vec<Tensor> {
    let mut random = Random(options.seed);
    let mut all = Vec::new();
    let mut matrix = |name: String, rows: usize, columns: usize, scale: f32| {
        let scale = scale / (columns as f32).sqrt();
        let values = (0..rows * columns).map(|_| random.normal() * scale).collect();
        all.push(Tensor { name, dimensions: vec![columns, rows], values });
    };
    matrix("token_embd.weight".into(), VOCAB, HIDDEN, 6.0);
    for layer in 0..LAYERS {
        let kv = KV_HEADS * HEAD;
        for (name, rows, columns, scale) in [
            ("attn_q", HIDDEN, HIDDEN, 1.6),
            ("attn_k", kv, HIDDEN, 1.6),
            ("attn_v", kv, HIDDEN, 1.0),
            ("attn_output", HIDDEN, HIDDEN, 3.0),
            ("ffn_gate", FEED_FORWARD, HIDDEN, 1.0),
            ("ffn_up", FEED_FORWARD, HIDDEN, 1.0),
            ("ffn_down", HIDDEN, FEED_FORWARD, 1.0),
        ] {
            matrix(format!("blk.{layer}.{name}.weight"), rows, columns, scale);
        }
    }
    if !options.tied {
        matrix("output.weight".into(), VOCAB, HIDDEN, 2.0);
    }
    let norms = (0..LAYERS)
        .flat_map(|layer| ["attn_norm", "ffn_norm"].map(|n| format!("blk.{layer}.{n}.weight")))
        .chain(["output_norm.weight".to_owned()]);
    for name in norms {
        all.push(Tensor { name, dimensions: vec![HIDDEN], values: vec![1.0; HIDDEN] });
    }
    if let Some(divisors) = &options.rope_freqs {
        let name = "rope_freqs.weight".to_owned();
        all.push(Tensor { name, dimensions: vec![divisors.len()], values: divisors.clone() });
    }
    all
}

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
    vec![
        string("general.architecture", arch),
        string("general.name", "tiny"),
        of_arch("block_count", LAYERS),
        of_arch("context_length", options.context as usize),
        of_arch("embedding_length", HIDDEN),
        of_arch("feed_forward_length", FEED_FORWARD),
        of_arch("attention.head_count", HEADS),
        of_arch("attention.head_count_kv", KV_HEADS),
        of_arch("attention.key_length", options.head as usize),
        of_arch("rope.dimension_count", options.head as usize),
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
    ]
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
