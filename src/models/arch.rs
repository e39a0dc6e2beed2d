//! The architectures that can be imported, and what each of them is called in a
//! GGUF and by the engine. Knows names, no files.

/// A kind of model that the engine's native loaders hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// Llama, SmolLM2, Mistral and their like.
    Llama,
    Qwen2,
    Qwen3,
    Phi3,
    Gemma2,
}

const ALL: [Architecture; 5] = [
    Architecture::Llama,
    Architecture::Qwen2,
    Architecture::Qwen3,
    Architecture::Phi3,
    Architecture::Gemma2,
];

impl Architecture {
    /// By what `general.architecture` says.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|architecture| architecture.name() == name)
    }

    /// In a GGUF, where it also begins the names of its numbers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Llama => "llama",
            Self::Qwen2 => "qwen2",
            Self::Qwen3 => "qwen3",
            Self::Phi3 => "phi3",
            Self::Gemma2 => "gemma2",
        }
    }

    /// Whether a model's own size of an attention head may differ from its width
    /// over its number of heads.
    #[must_use]
    pub fn has_head_size(self) -> bool {
        matches!(self, Self::Llama | Self::Qwen3 | Self::Gemma2)
    }

    /// Whether the output layer is always the embedding again.
    #[must_use]
    pub fn is_always_tied(self) -> bool {
        self == Self::Gemma2
    }

    /// Every name, for a message.
    #[must_use]
    pub fn names() -> String {
        let names = ALL.map(|architecture| format!("\"{}\"", architecture.name()));
        let [others @ .., last] = &names;
        format!("{} and {last}", others.join(", "))
    }
}
