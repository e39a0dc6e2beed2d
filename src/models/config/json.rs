//! `config.json`: a shape in the words of the engine's native loaders. Which
//! keys each of them reads was looked up in their sources (mistralrs-core).

use serde_json::{Map, Value, json};

use super::Shape;
use crate::models::arch::Architecture;
use crate::models::rope::{HIGH_FREQUENCY, LOW_FREQUENCY, Rope};

/// Layers of the one Gemma 2 that scales its attention by its width over its
/// number of heads (27B) and not by the size of a head.
const GEMMA2_27B_LAYERS: usize = 46;

impl Shape {
    /// The keys that the engine's loader reads, in Hugging Face's names.
    #[must_use]
    pub fn config_json(&self) -> Value {
        let mut config = Map::new();
        add(
            &mut config,
            json!({
                "architectures": [self.class()],
                "model_type": self.model_type(),
                "hidden_act": "silu",
                "hidden_size": self.hidden,
                "intermediate_size": self.feed_forward,
                "num_hidden_layers": self.layers,
                "num_attention_heads": self.heads,
                "num_key_value_heads": self.kv_heads,
                "head_dim": self.head,
                "rms_norm_eps": self.norm_epsilon,
                "rope_theta": self.rope_base,
                "rope_scaling": self.rope_scaling(),
                "vocab_size": self.vocab,
                "max_position_embeddings": self.positions(),
                "sliding_window": null,
                "tie_word_embeddings": self.tied,
                "attention_bias": false,
                "mlp_bias": false,
            }),
        );
        match self.architecture {
            Architecture::Llama | Architecture::Qwen2 => {}
            Architecture::Qwen3 => {
                let own = json!({ "max_window_layers": self.layers, "use_sliding_window": false });
                add(&mut config, own);
            }
            Architecture::Phi3 => self.add_phi3(&mut config),
            Architecture::Gemma2 => self.add_gemma2(&mut config),
        }
        Value::Object(config)
    }

    fn class(&self) -> &'static str {
        match self.architecture {
            Architecture::Llama if self.is_mistral() => "MistralForCausalLM",
            Architecture::Llama => "LlamaForCausalLM",
            Architecture::Qwen2 => "Qwen2ForCausalLM",
            Architecture::Qwen3 => "Qwen3ForCausalLM",
            Architecture::Phi3 => "Phi3ForCausalLM",
            Architecture::Gemma2 => "Gemma2ForCausalLM",
        }
    }

    fn model_type(&self) -> &'static str {
        if self.is_mistral() { "mistral" } else { self.architecture.name() }
    }

    /// Phi-3's scale follows from the length that it was stretched to.
    fn positions(&self) -> usize {
        if matches!(self.rope, Rope::Long { .. }) { self.stretched } else { self.context }
    }

    fn rope_scaling(&self) -> Value {
        match &self.rope {
            Rope::Plain => Value::Null,
            Rope::Linear { factor } => json!({ "rope_type": "linear", "factor": factor }),
            Rope::Llama3 { factor } => json!({
                "rope_type": "llama3",
                "factor": factor,
                "low_freq_factor": LOW_FREQUENCY,
                "high_freq_factor": HIGH_FREQUENCY,
                "original_max_position_embeddings": 8192,
            }),
            Rope::Long { short, long, .. } => json!({
                "type": "longrope",
                "short_factor": short,
                "long_factor": long,
            }),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "sizes of heads are small")]
    fn add_phi3(&self, config: &mut Map<String, Value>) {
        let original = match self.rope {
            Rope::Long { original, .. } => original,
            _ => self.positions(),
        };
        let own = json!({
            "original_max_position_embeddings": original,
            "partial_rotary_factor": self.rotated as f64 / self.head as f64,
        });
        add(config, own);
    }

    fn add_gemma2(&self, config: &mut Map<String, Value>) {
        let scalar =
            if self.layers == GEMMA2_27B_LAYERS { self.hidden / self.heads } else { self.head };
        let (attention, output) = self.softcaps.unwrap_or_default();
        let own = json!({
            "hidden_act": "gelu_pytorch_tanh",
            "hidden_activation": "gelu_pytorch_tanh",
            "query_pre_attn_scalar": scalar,
            "attn_logit_softcapping": attention,
            "final_logit_softcapping": output,
            "sliding_window": self.sliding.unwrap_or(self.context),
        });
        add(config, own);
    }
}

/// Puts the keys of an object among others, in place of those of the same name.
fn add(config: &mut Map<String, Value>, own: Value) {
    if let Value::Object(own) = own {
        config.extend(own);
    }
}
