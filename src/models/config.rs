//! The shape of a llama model as its GGUF states it, and the `config.json` that
//! says the same to the engine's native loader. Reads metadata and the
//! rotation's divisors, no weights.

use std::f32::consts::PI;

use serde_json::{Value, json};

use super::error::ModelError;
use super::gguf::Gguf;

/// Llama 3.1's and 3.2's own constants for stretching the rotation; only the factor
/// differs between the two (8 and 32). From Meta's published configurations.
const LOW_FREQUENCY: f32 = 1.0;
const HIGH_FREQUENCY: f32 = 4.0;
const ORIGINAL_CONTEXT: f32 = 8192.0;

/// What a llama model is made of. Sizes are counts of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub hidden: usize,
    pub feed_forward: usize,
    pub layers: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub head: usize,
    pub vocab: usize,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    pub norm_epsilon: f32,
    pub rope_base: f32,
    pub rope: Rope,
    /// Whether the output layer is the embedding again.
    pub tied: bool,
}

/// How positions past the original context are squeezed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rope {
    Plain,
    Linear { factor: f32 },
    Llama3 { factor: f32 },
}

impl Shape {
    /// # Errors
    /// Says what is missing, not supported, or contradicts itself.
    pub fn of(gguf: &mut Gguf) -> Result<Self, ModelError> {
        let path = gguf.path().to_owned();
        let architecture = gguf.text("general.architecture").unwrap_or("(none)");
        if architecture != "llama" {
            return Err(ModelError::Architecture { path, found: architecture.to_owned() });
        }
        let need = |key: &str| match gguf.number(&format!("llama.{key}")) {
            Some(0) => Err(ModelError::damaged(&path, format!("llama.{key} is 0"))),
            Some(number) => Ok(number),
            None => Err(ModelError::missing(&path, format!("the number llama.{key}"))),
        };
        let hidden = need("embedding_length")?;
        let heads = need("attention.head_count")?;
        let kv_heads = if gguf.has("llama.attention.head_count_kv") {
            need("attention.head_count_kv")?
        } else {
            heads
        };
        let norm_epsilon = gguf
            .float("llama.attention.layer_norm_rms_epsilon")
            .ok_or_else(|| ModelError::missing(&path, "its normalisation epsilon"))?;
        let embedding = gguf
            .matrix("token_embd.weight")?
            .ok_or_else(|| ModelError::missing(&path, "the tensor token_embd.weight"))?;
        let mut shape = Self {
            hidden,
            feed_forward: need("feed_forward_length")?,
            layers: need("block_count")?,
            heads,
            kv_heads,
            head: hidden / heads,
            vocab: embedding.rows,
            context: need("context_length")?,
            norm_epsilon,
            rope_base: gguf.float("llama.rope.freq_base").unwrap_or(10_000.0),
            rope: Rope::Plain,
            tied: gguf.matrix("output.weight")?.is_none(),
        };
        shape.check(gguf)?;
        shape.rope = shape.read_rope(gguf)?;
        Ok(shape)
    }

    fn check(&self, gguf: &Gguf) -> Result<(), ModelError> {
        let path = gguf.path();
        let stated = ["attention.key_length", "attention.value_length", "rope.dimension_count"]
            .iter()
            .filter_map(|key| gguf.number(&format!("llama.{key}")))
            .find(|length| *length != self.head);
        if stated.is_some() || !self.hidden.is_multiple_of(self.heads) {
            return Err(ModelError::HeadSize {
                path: path.to_owned(),
                found: stated.unwrap_or(self.head),
                hidden: self.hidden,
                heads: self.heads,
                expected: self.head,
            });
        }
        if !self.head.is_multiple_of(2) || !self.heads.is_multiple_of(self.kv_heads) {
            return Err(ModelError::damaged(path, "its numbers of attention heads do not fit"));
        }
        if gguf.number("llama.expert_count").is_some_and(|experts| experts > 0) {
            return Err(ModelError::unsupported(path, "a mixture of experts"));
        }
        Ok(())
    }

    fn read_rope(&self, gguf: &mut Gguf) -> Result<Rope, ModelError> {
        let path = gguf.path().to_owned();
        let named = match gguf.text("llama.rope.scaling.type") {
            None | Some("none") => Rope::Plain,
            Some("linear") => Rope::Linear {
                factor: gguf
                    .float("llama.rope.scaling.factor")
                    .ok_or_else(|| ModelError::missing(&path, "its RoPE scaling factor"))?,
            },
            Some(other) => {
                let what = format!("RoPE scaling of the kind \"{other}\"");
                return Err(ModelError::unsupported(&path, what));
            }
        };
        let Some(matrix) = gguf.matrix("rope_freqs.weight")? else { return Ok(named) };
        let factors = gguf.rows(&matrix, 0, matrix.rows)?;
        match llama3_factor(&factors, self.rope_base) {
            Some(1.0) => Ok(named),
            Some(factor) if named == Rope::Plain => Ok(Rope::Llama3 { factor }),
            _ => Err(ModelError::unsupported(
                &path,
                "RoPE factors that are not those of Llama 3.1 or 3.2",
            )),
        }
    }

    /// Bytes of keys and values that one token leaves behind, in F32.
    #[must_use]
    pub fn kv_bytes_per_token_f32(&self) -> usize {
        self.layers * self.kv_heads * self.head * 2 * size_of::<f32>()
    }

    /// The keys that mistral.rs's llama loader reads, in Hugging Face's names.
    #[must_use]
    pub fn config_json(&self) -> Value {
        let rope_scaling = match self.rope {
            Rope::Plain => Value::Null,
            Rope::Linear { factor } => json!({ "rope_type": "linear", "factor": factor }),
            Rope::Llama3 { factor } => json!({
                "rope_type": "llama3",
                "factor": factor,
                "low_freq_factor": LOW_FREQUENCY,
                "high_freq_factor": HIGH_FREQUENCY,
                "original_max_position_embeddings": 8192,
            }),
        };
        json!({
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "hidden_act": "silu",
            "hidden_size": self.hidden,
            "intermediate_size": self.feed_forward,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.head,
            "rms_norm_eps": self.norm_epsilon,
            "rope_theta": self.rope_base,
            "rope_scaling": rope_scaling,
            "vocab_size": self.vocab,
            "max_position_embeddings": self.context,
            "tie_word_embeddings": self.tied,
            "attention_bias": false,
            "mlp_bias": false,
            "torch_dtype": "float16",
        })
    }
}

/// The factor from which Llama 3's rule makes exactly these divisors, one for
/// each pair of a head's values; `None` where no factor does.
///
/// The rule leaves short wavelengths alone, divides the frequency of long ones
/// by the factor, and blends between; so the largest divisor is the factor.
fn llama3_factor(divisors: &[f32], rope_base: f32) -> Option<f32> {
    let factor = divisors.iter().copied().fold(1.0, f32::max);
    let pairs = u16::try_from(divisors.len()).ok()?;
    let agree = (0..pairs).zip(divisors).all(|(pair, divisor)| {
        let wavelength = 2.0 * PI * rope_base.powf(f32::from(pair) / f32::from(pairs));
        let expected = llama3_divisor(wavelength, factor);
        (divisor - expected).abs() <= 1e-3 * expected
    });
    (agree && pairs > 0).then_some(factor)
}

fn llama3_divisor(wavelength: f32, factor: f32) -> f32 {
    if wavelength < ORIGINAL_CONTEXT / HIGH_FREQUENCY {
        return 1.0;
    }
    if wavelength > ORIGINAL_CONTEXT / LOW_FREQUENCY {
        return factor;
    }
    let smooth = (ORIGINAL_CONTEXT / wavelength - LOW_FREQUENCY) / (HIGH_FREQUENCY - LOW_FREQUENCY);
    1.0 / ((1.0 - smooth) / factor + smooth)
}
