//! The real engine on a tiny model that the test writes itself. What it says is
//! noise, the same for the same prompt.

use std::fmt::Write as _;

use galley::domain::prompt::{Constraint, Message, Prompt, Role, Sampling};
use galley::engine::mistral::{LoadSpec, MistralEngine, Settings};
use galley::engine::{Cancel, Engine};
use galley::models::{ModelFolder, import_gguf};
use tempfile::TempDir;

use super::tiny_gguf;

/// Plenty of everything.
pub const SETTINGS: Settings = Settings { kv_budget: 512 << 20, free_memory: || u64::MAX };

/// A model folder, alive as long as this is.
pub struct Model {
    _dir: TempDir,
    pub spec: LoadSpec,
}

impl Model {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let gguf = dir.path().join("tiny.gguf");
        tiny_gguf::write(&gguf, 7).expect("written");
        let folder = import_gguf(&gguf, &dir.path().join("models"), &mut |_| {}).expect("imported");
        let spec = spec_of(folder);
        Self { _dir: dir, spec }
    }

    pub fn load(&self) -> MistralEngine {
        MistralEngine::load(&self.spec, &SETTINGS).expect("a whole model")
    }
}

pub fn spec_of(folder: ModelFolder) -> LoadSpec {
    let ModelFolder { dir, meta } = folder;
    LoadSpec {
        dir,
        uqff: None,
        weights: "floats".to_owned(),
        name: meta.name,
        sha256: meta.sha256,
        context: meta.context,
        window: 1_000,
        end_tokens: meta.end_tokens,
        bos: meta.bos,
        add_bos: meta.add_bos,
        kv_bytes_per_token: meta.kv_bytes_per_token_f32 as u64,
    }
}

pub fn ask(text: &str, constraint: Constraint, max_tokens: usize) -> Prompt {
    Prompt {
        messages: vec![Message { role: Role::User, text: text.to_owned() }],
        constraint,
        sampling: Sampling::GREEDY,
        max_tokens,
        round: 0,
    }
}

/// A text of somewhat more than so many tokens, no two stretches of it alike.
pub fn passage(tokens: usize) -> String {
    let mut text = String::new();
    let mut n = 0_u32;
    while text.len() < tokens * 2 {
        n += 1;
        write!(text, "{:x} the {n} and ", n.wrapping_mul(2_654_435_761)).expect("a string");
    }
    text
}

pub fn quiet(engine: &impl Engine, prompt: &Prompt) -> String {
    engine.generate(prompt, &Cancel::new(), &mut |_| {}).expect("an answer").text
}
