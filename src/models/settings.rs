//! What the `config.json` of a model folder says of the model, in Hugging Face's
//! names, held against what the engine computes as the model's makers meant it.
//! The same rules as for a GGUF, for folders that galley did not make. Reads
//! settings, no weights.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::arch::Architecture;
use super::config::GEMMA2_WINDOW;
use super::error::ModelError;
use super::fit::Dimensions;

/// The one name of a model that the engine has a loader of its own for and that
/// a GGUF calls "llama".
const MISTRAL: &str = "mistral";
/// Where the families that have one state their number of experts.
const EXPERTS: [&str; 4] =
    ["num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"];
/// No size of a model comes near this.
const MAX_SIZE: u64 = 1 << 31;

/// A model by its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// In the folder's own words, `model_type`.
    pub family: &'static str,
    /// Its tokenizer's merges are not counted here.
    pub dimensions: Dimensions,
    /// Most tokens of prompt and answer together that the model was made for.
    pub stretched: usize,
    /// Most tokens that the engine computes as the model's makers meant it.
    pub context: usize,
}

impl Settings {
    /// # Errors
    /// [`ModelError::Architecture`] and [`ModelError::Unsupported`] for a model
    /// that the engine would not compute as its makers meant;
    /// [`ModelError::NotAFolder`] where a number is missing or impossible;
    /// [`ModelError::Read`].
    pub fn read(dir: &Path) -> Result<Self, ModelError> {
        let file = dir.join("config.json");
        let bytes = fs::read(&file).map_err(ModelError::read(&file))?;
        let config = serde_json::from_slice(&bytes).map_err(|error| ModelError::NotAFolder {
            path: dir.to_owned(),
            what: format!("its config.json is damaged ({error})"),
        })?;
        Config { dir, config: &config }.settings()
    }
}

struct Config<'a> {
    dir: &'a Path,
    config: &'a Value,
}

impl Config<'_> {
    fn settings(&self) -> Result<Settings, ModelError> {
        let (architecture, family) = self.architecture()?;
        let dimensions = self.dimensions(architecture)?;
        self.check(architecture, family, &dimensions)?;
        let stretched = self.size("max_position_embeddings")?;
        let (stretched, context) = (whole(stretched), whole(self.exact(architecture, stretched)));
        Ok(Settings { family, dimensions, stretched, context })
    }

    /// By the class, which is what the engine goes by, and by the model's type,
    /// which must not contradict it.
    fn architecture(&self) -> Result<(Architecture, &'static str), ModelError> {
        let class = self.config["architectures"][0].as_str();
        let kind = self.config["model_type"].as_str();
        let named = |architecture: Architecture| (architecture, architecture.name());
        let found = match class {
            Some("LlamaForCausalLM") => Some(named(Architecture::Llama)),
            Some("MistralForCausalLM") => Some((Architecture::Llama, MISTRAL)),
            Some("Qwen2ForCausalLM") => Some(named(Architecture::Qwen2)),
            Some("Qwen3ForCausalLM") => Some(named(Architecture::Qwen3)),
            Some("Phi3ForCausalLM") => Some(named(Architecture::Phi3)),
            Some("Gemma2ForCausalLM") => Some(named(Architecture::Gemma2)),
            _ => None,
        };
        match found {
            Some((architecture, family)) if kind.is_none_or(|kind| kind == family) => {
                Ok((architecture, family))
            }
            _ => Err(ModelError::Architecture {
                path: self.dir.to_owned(),
                found: kind.filter(|_| found.is_none()).or(class).unwrap_or("(none)").to_owned(),
                known: format!("{} (and \"{MISTRAL}\")", Architecture::names()),
            }),
        }
    }

    fn dimensions(&self, architecture: Architecture) -> Result<Dimensions, ModelError> {
        let (hidden, heads) = (self.size("hidden_size")?, self.size("num_attention_heads")?);
        let or = |key: &str, other| if self.has(key) { self.size(key) } else { Ok(other) };
        let tied = self.config["tie_word_embeddings"].as_bool();
        Ok(Dimensions {
            layers: self.size("num_hidden_layers")?,
            hidden,
            feed_forward: self.size("intermediate_size")?,
            heads,
            kv_heads: or("num_key_value_heads", heads)?,
            head: or("head_dim", hidden / heads)?,
            vocab: self.size("vocab_size")?,
            merges: 0,
            tied: tied.unwrap_or_else(|| architecture.is_always_tied()),
        })
    }

    fn check(
        &self,
        architecture: Architecture,
        family: &str,
        sizes: &Dimensions,
    ) -> Result<(), ModelError> {
        let has_head_size = architecture.has_head_size() && family != "llama";
        if sizes.head.saturating_mul(sizes.heads) != sizes.hidden && !has_head_size {
            return Err(ModelError::HeadSize {
                path: self.dir.to_owned(),
                found: whole(sizes.head),
                hidden: whole(sizes.hidden),
                heads: whole(sizes.heads),
                expected: whole(sizes.hidden / sizes.heads),
            });
        }
        if EXPERTS.iter().any(|key| self.config[*key].as_u64().is_some_and(|n| n > 0)) {
            return Err(self.unsupported("a mixture of experts"));
        }
        if architecture.is_always_tied() && !sizes.tied {
            return Err(self.unsupported("an output layer of its own beside the embedding"));
        }
        if self.has("rope_parameters") && !self.has("rope_theta") {
            // The engine would take its own default for what it does not find.
            return Err(self.unsupported("settings whose rope_theta stands in rope_parameters"));
        }
        self.check_scaling(architecture, family)
    }

    /// The kinds of stretched `RoPE` that the engine's loaders have.
    fn check_scaling(&self, architecture: Architecture, family: &str) -> Result<(), ModelError> {
        let Some(kind) = self.scaling() else { return Ok(()) };
        let known: &[&str] = match architecture {
            Architecture::Llama if family != MISTRAL => &["default", "linear", "llama3"],
            Architecture::Phi3 => &["longrope", "su"],
            _ => &[],
        };
        if known.contains(&kind) {
            return Ok(());
        }
        Err(self.unsupported(&format!("RoPE scaling of the kind \"{kind}\"")))
    }

    fn scaling(&self) -> Option<&str> {
        let scaling = self.config["rope_scaling"].as_object()?;
        let kind = scaling.get("rope_type").or_else(|| scaling.get("type"));
        Some(kind.and_then(Value::as_str).unwrap_or("(none)"))
    }

    /// The context in which the engine's arithmetic is the makers'; see
    /// [`super::config::Shape`] for why it ends at a window of attention and
    /// where Phi-3 changes its divisors.
    fn exact(&self, architecture: Architecture, stretched: u64) -> u64 {
        let window = self.config["sliding_window"].as_u64().filter(|window| *window > 0);
        let usual = (architecture == Architecture::Gemma2).then_some(GEMMA2_WINDOW as u64);
        let original = self.config["original_max_position_embeddings"]
            .as_u64()
            .filter(|_| architecture == Architecture::Phi3 && self.scaling().is_some());
        [window.or(usual), original].into_iter().flatten().fold(stretched, u64::min)
    }

    fn has(&self, key: &str) -> bool {
        !self.config[key].is_null()
    }

    fn size(&self, key: &str) -> Result<u64, ModelError> {
        let wrong = |what| ModelError::NotAFolder { path: self.dir.to_owned(), what };
        let size = self.config[key].as_u64().filter(|size| *size > 0);
        let size = size.ok_or_else(|| wrong(format!("its config.json has no {key}")))?;
        if size > MAX_SIZE {
            return Err(wrong(format!("the {key} in its config.json is impossible ({size})")));
        }
        Ok(size)
    }

    fn unsupported(&self, what: &str) -> ModelError {
        ModelError::unsupported(self.dir, what)
    }
}

fn whole(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
