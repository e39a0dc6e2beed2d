//! The shape of a model as its GGUF states it, and the `config.json` that says
//! the same to the engine's native loader. Reads metadata, no weights.

use super::arch::Architecture;
use super::error::ModelError;
use super::gguf::Gguf;
use super::rope::{self, Rope, Rotation};
use super::tokenizer::Vocabulary;

mod json;

/// Tokens that every other layer of Gemma 2 looks back, where its file does not
/// say.
pub(super) const GEMMA2_WINDOW: usize = 4096;

/// What a model is made of. Sizes are counts of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub architecture: Architecture,
    pub hidden: usize,
    pub feed_forward: usize,
    pub layers: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub head: usize,
    /// Values of a head that are rotated.
    pub rotated: usize,
    pub vocab: usize,
    /// Most tokens of prompt and answer together that the model was made for.
    pub stretched: usize,
    /// Most tokens that the engine computes as the model's makers meant it.
    pub context: usize,
    /// Tokens that its attention looks back, in some layers or all.
    pub sliding: Option<usize>,
    pub norm_epsilon: f32,
    pub rope_base: f32,
    pub rope: Rope,
    /// Bounds of attention scores and of outputs (Gemma 2).
    pub softcaps: Option<(f32, f32)>,
    /// Whether the output layer is the embedding again.
    pub tied: bool,
}

impl Shape {
    /// # Errors
    /// Says what is missing, not supported, or contradicts itself.
    pub fn of(gguf: &mut Gguf) -> Result<Self, ModelError> {
        let path = gguf.path().to_owned();
        let named = gguf.text("general.architecture").unwrap_or("(none)");
        let architecture = Architecture::named(named).ok_or_else(|| ModelError::Architecture {
            path: path.clone(),
            found: named.to_owned(),
            known: Architecture::names(),
        })?;
        let keys = Keys { gguf, prefix: architecture.name() };
        let hidden = keys.need("embedding_length")?;
        let heads = keys.need("attention.head_count")?;
        let head = keys.number("attention.key_length").unwrap_or(hidden / heads);
        let stretched = keys.need("context_length")?;
        let embedding = gguf
            .matrix("token_embd.weight")?
            .ok_or_else(|| ModelError::missing(&path, "the tensor token_embd.weight"))?;
        let mut shape = Self {
            architecture,
            hidden,
            feed_forward: keys.need("feed_forward_length")?,
            layers: keys.need("block_count")?,
            heads,
            kv_heads: keys.or_need("attention.head_count_kv", heads)?,
            head,
            rotated: keys.number("rope.dimension_count").unwrap_or(head),
            vocab: embedding.rows,
            stretched,
            context: stretched,
            sliding: keys.sliding(architecture),
            norm_epsilon: keys
                .float("attention.layer_norm_rms_epsilon")
                .ok_or_else(|| ModelError::missing(&path, "its normalisation epsilon"))?,
            rope_base: keys.float("rope.freq_base").unwrap_or(10_000.0),
            rope: Rope::Plain,
            softcaps: keys.softcaps(architecture),
            tied: gguf.matrix("output.weight")?.is_none(),
        };
        shape.check(gguf)?;
        let (base, rotated) = (shape.rope_base, shape.rotated);
        let rotation = Rotation { architecture, base, rotated, context: stretched };
        shape.rope = rope::read(gguf, rotation)?;
        if shape.is_mistral() && shape.rope != Rope::Plain {
            let what = "stretched RoPE together with its size of attention heads";
            return Err(ModelError::unsupported(&path, what));
        }
        shape.context = shape.exact_context();
        Ok(shape)
    }

    fn check(&self, gguf: &Gguf) -> Result<(), ModelError> {
        let path = gguf.path();
        let keys = Keys { gguf, prefix: self.architecture.name() };
        if !self.is_countable() {
            return Err(ModelError::damaged(path, "its sizes are impossible"));
        }
        let usual = self.hidden / self.heads;
        let value = keys.number("attention.value_length").unwrap_or(self.head);
        let unusual = self.head != usual || !self.hidden.is_multiple_of(self.heads);
        if value != self.head || (unusual && !self.architecture.has_head_size()) {
            return Err(ModelError::HeadSize {
                path: path.to_owned(),
                found: if value == self.head { self.head } else { value },
                hidden: self.hidden,
                heads: self.heads,
                expected: if value == self.head { usual } else { self.head },
            });
        }
        if !self.head.is_multiple_of(2) || !self.heads.is_multiple_of(self.kv_heads) {
            return Err(ModelError::damaged(path, "its numbers of attention heads do not fit"));
        }
        if keys.number("expert_count").is_some_and(|experts| experts > 0) {
            return Err(ModelError::unsupported(path, "a mixture of experts"));
        }
        if self.architecture.is_always_tied() && !self.tied {
            let what = "an output layer of its own beside the embedding";
            return Err(ModelError::unsupported(path, what));
        }
        let partial = self.architecture == Architecture::Phi3 && self.rotated.is_multiple_of(2);
        if self.rotated != self.head && (!partial || self.rotated > self.head) {
            let what = format!("a rotation of {} of a head's {}", self.rotated, self.head);
            return Err(ModelError::unsupported(path, what));
        }
        Ok(())
    }

    /// Whether the products of its sizes that are needed later are numbers.
    fn is_countable(&self) -> bool {
        let count = || -> Option<usize> {
            let values = self.kv_heads.checked_mul(self.head)?;
            self.heads.checked_mul(self.head)?.checked_add(values.checked_mul(2)?)?;
            self.feed_forward.checked_mul(2)?;
            self.layers.checked_mul(values)?.checked_mul(2 * size_of::<f32>())
        };
        count().is_some()
    }

    /// The vocabulary of the same file.
    ///
    /// # Errors
    /// As [`Vocabulary::of`], and [`ModelError::Damaged`] where it has tokens that
    /// the embedding lacks.
    pub fn vocabulary(&self, gguf: &Gguf) -> Result<Vocabulary, ModelError> {
        let vocabulary = Vocabulary::of(gguf)?;
        if vocabulary.len() > self.vocab {
            let (tokens, rows) = (vocabulary.len(), self.vocab);
            let what = format!("its vocabulary has {tokens} tokens, its embedding only {rows}");
            return Err(ModelError::damaged(gguf.path(), what));
        }
        Ok(vocabulary)
    }

    /// The context in which the engine's arithmetic is the makers'. Beyond an
    /// attention window it looks one token too far back and its cache forgets
    /// in layers that should remember; beyond the length at which Phi-3 changes
    /// its divisors, keys of both kinds would stand in one cache.
    fn exact_context(&self) -> usize {
        let long = match self.rope {
            Rope::Long { original, .. } => original,
            _ => self.stretched,
        };
        self.stretched.min(self.sliding.unwrap_or(self.stretched)).min(long)
    }

    /// Whether the model's family is Llama's but its heads have a size of their
    /// own, which only the engine's loader for Mistral knows.
    fn is_mistral(&self) -> bool {
        self.architecture == Architecture::Llama && self.head * self.heads != self.hidden
    }

    /// Bytes of keys and values that one token leaves behind, in F32.
    #[must_use]
    pub fn kv_bytes_per_token_f32(&self) -> usize {
        self.layers * self.kv_heads * self.head * 2 * size_of::<f32>()
    }
}

/// What a person should know where not all of a model's context is used.
#[must_use]
pub fn note_on_context(used: usize, whole: usize) -> Option<String> {
    (used < whole).then(|| {
        format!(
            "Of its context of {whole} tokens {used} are used: beyond them the engine would not \
             compute what its makers meant."
        )
    })
}

/// The numbers whose names begin with the architecture's.
struct Keys<'a> {
    gguf: &'a Gguf,
    prefix: &'static str,
}

impl Keys<'_> {
    fn number(&self, key: &str) -> Option<usize> {
        self.gguf.number(&format!("{}.{key}", self.prefix))
    }

    fn float(&self, key: &str) -> Option<f32> {
        self.gguf.float(&format!("{}.{key}", self.prefix))
    }

    fn need(&self, key: &str) -> Result<usize, ModelError> {
        let (path, name) = (self.gguf.path(), format!("{}.{key}", self.prefix));
        match self.gguf.number(&name) {
            Some(0) => Err(ModelError::damaged(path, format!("{name} is 0"))),
            Some(number) => Ok(number),
            None => Err(ModelError::missing(path, format!("the number {name}"))),
        }
    }

    /// The number, or another where the file does not mention it.
    fn or_need(&self, key: &str, other: usize) -> Result<usize, ModelError> {
        if self.gguf.has(&format!("{}.{key}", self.prefix)) { self.need(key) } else { Ok(other) }
    }

    fn sliding(&self, architecture: Architecture) -> Option<usize> {
        let usual = (architecture == Architecture::Gemma2).then_some(GEMMA2_WINDOW);
        self.number("attention.sliding_window").filter(|window| *window > 0).or(usual)
    }

    /// Gemma 2's bounds; those of its makers where the file does not say.
    fn softcaps(&self, architecture: Architecture) -> Option<(f32, f32)> {
        (architecture == Architecture::Gemma2).then(|| {
            let of = |key, usual| self.float(key).unwrap_or(usual);
            (of("attn_logit_softcapping", 50.0), of("final_logit_softcapping", 30.0))
        })
    }
}
