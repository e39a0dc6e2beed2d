//! A native model folder: `config.json`, `tokenizer.json`, weights, and what
//! galley notes beside them. Reads folders; writing one is the importer's.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::config::note_on_context;
use super::error::ModelError;
use super::settings::Settings;
use super::weights::{BLOCKS_FILE, EMBEDDING_FILE, RESIDUAL_FILE};
use super::{hashes, safetensors};

/// What galley notes about a model that it imported.
pub const META_FILE: &str = "galley-model.json";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelMeta {
    /// The file's name without its ending, or the folder's.
    pub name: String,
    /// In lower-case hex. Of the GGUF; where there was none, over the folder's
    /// files, and empty until [`ModelFolder::identified`] has read them.
    pub sha256: String,
    /// 0 where galley did not import it.
    pub importer_version: u32,
    pub architecture: String,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    /// Tokens in the vocabulary.
    pub vocab: usize,
    pub layers: usize,
    /// Bytes of keys and values that one token leaves behind, in F32.
    pub kv_bytes_per_token_f32: usize,
    /// Number of weights.
    pub weight_params: u64,
    /// Weights of the linear layers without the output layer.
    #[serde(default)]
    pub linear_params: u64,
    /// Their bytes on disk; where they are blocks, also in memory.
    #[serde(default)]
    pub linear_bytes: u64,
    /// Weights of the embedding, and as many of the output layer.
    #[serde(default)]
    pub embedding_params: u64,
    /// The output layer's bytes on disk; where it is blocks, also in memory.
    #[serde(default)]
    pub head_bytes: u64,
    /// Whether the output layer is the embedding again.
    #[serde(default)]
    pub tied: bool,
    /// What importing it had to change, a sentence each.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Every token that ends an answer.
    pub end_tokens: Vec<u32>,
    pub bos: Option<u32>,
    /// Whether a prompt begins with `bos`.
    pub add_bos: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFolder {
    pub dir: PathBuf,
    pub meta: ModelMeta,
}

impl ModelFolder {
    /// Opens a folder that galley imported, or one from elsewhere with
    /// `config.json`, `tokenizer.json` and safetensors.
    ///
    /// # Errors
    /// [`ModelError::NotAFolder`] says what is missing or damaged;
    /// [`ModelError::Architecture`] and [`ModelError::Unsupported`] what the engine
    /// would not compute as its makers meant; [`ModelError::Read`] where it cannot
    /// be read.
    pub fn open(dir: &Path) -> Result<Self, ModelError> {
        let wrong = |what: String| ModelError::NotAFolder { path: dir.to_owned(), what };
        for name in ["config.json", "tokenizer.json"] {
            if !dir.join(name).is_file() {
                return Err(wrong(format!("it has no {name}")));
            }
        }
        let weights = files_in(dir, &["safetensors"])?;
        if weights.is_empty() {
            return Err(wrong("it has no safetensors file".to_owned()));
        }
        let blocks = files_in(dir, &["uqff"])?;
        for file in weights.iter().chain(&blocks) {
            if !safetensors::is_whole(file).map_err(ModelError::read(file))? {
                return Err(wrong(format!("{} is cut short or damaged", file.display())));
            }
        }
        let meta = if dir.join(META_FILE).is_file() {
            serde_json::from_value(json_in(dir, META_FILE)?)
                .map_err(|error| wrong(format!("{META_FILE} is damaged ({error})")))?
        } else {
            compose(dir, &weights)?
        };
        if dir.join(BLOCKS_FILE).is_file() {
            let embedding = Some(EMBEDDING_FILE).filter(|_| !meta.tied);
            for name in [Some(RESIDUAL_FILE), embedding].into_iter().flatten() {
                if !dir.join(name).is_file() {
                    return Err(wrong(format!("it has no {name}")));
                }
            }
        }
        Ok(Self { dir: dir.to_owned(), meta })
    }

    /// The folder with a hash that tells it from any other: the one it was
    /// imported with, or else one over the names and hashes of all its files
    /// that have a part in an answer. Those are remembered below `models_dir`;
    /// what is not is read, reporting bytes done and bytes in all.
    ///
    /// # Errors
    /// [`ModelError::Read`].
    pub fn identified(
        mut self,
        models_dir: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Self, ModelError> {
        if self.meta.sha256.is_empty() {
            self.meta.sha256 = hash_of(&self.dir, models_dir, progress)?;
        }
        Ok(self)
    }
}

/// SHA-256 over the names and hashes of the settings, the vocabulary, the chat
/// template and the weights in `dir`.
fn hash_of(
    dir: &Path,
    models_dir: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<String, ModelError> {
    let mut files = files_in(dir, &["json", "jinja", "safetensors"])?;
    files.retain(|file| file.file_name().is_some_and(|name| name != META_FILE));
    let mut lengths = Vec::new();
    for file in &files {
        lengths.push(fs::metadata(file).map_err(ModelError::read(file))?.len());
    }
    let (total, mut before) = (lengths.iter().sum(), 0);
    let mut hasher = Sha256::new();
    for (file, length) in files.iter().zip(lengths) {
        let sha256 =
            hashes::sha256_of(models_dir, file, &mut |done, _| progress(before + done, total))?;
        before += length;
        let name = file.file_name().unwrap_or_default().as_encoded_bytes();
        hasher.update((name.len() as u64).to_le_bytes());
        hasher.update(name);
        hasher.update(sha256);
    }
    Ok(hashes::hex(&hasher.finalize()))
}

/// Notes on a folder that came from elsewhere, from what it says itself.
fn compose(dir: &Path, weights: &[PathBuf]) -> Result<ModelMeta, ModelError> {
    let settings = Settings::read(dir)?;
    let config = json_in(dir, "config.json")?;
    let optional =
        |name| if dir.join(name).is_file() { json_in(dir, name) } else { Ok(Value::Null) };
    let generation = optional("generation_config.json")?;
    let tokenizer = optional("tokenizer_config.json")?;
    let mut end_tokens = ids(&generation["eos_token_id"]);
    if end_tokens.is_empty() {
        end_tokens = ids(&config["eos_token_id"]);
    }
    let bos = ids(&generation["bos_token_id"]).first().copied();
    let mut weight_params = 0_u64;
    for file in weights {
        let values = safetensors::count(file).map_err(ModelError::read(file))?;
        weight_params = weight_params.saturating_add(values);
    }
    let sizes = &settings.dimensions;
    let embedding_params = sizes.embedding_params();
    let copies = if sizes.tied { 1 } else { 2 };
    let name = dir.file_name().map_or_else(|| dir.to_string_lossy(), |n| n.to_string_lossy());
    let count = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
    Ok(ModelMeta {
        name: name.into_owned(),
        sha256: String::new(),
        importer_version: 0,
        architecture: settings.family.to_owned(),
        context: settings.context,
        vocab: count(sizes.vocab),
        layers: count(sizes.layers),
        kv_bytes_per_token_f32: count(sizes.kv_bytes_per_token_f32()),
        weight_params,
        linear_params: weight_params.saturating_sub(embedding_params.saturating_mul(copies)),
        linear_bytes: 0,
        embedding_params,
        head_bytes: 0,
        tied: sizes.tied,
        notes: note_on_context(settings.context, settings.stretched).into_iter().collect(),
        end_tokens,
        bos: bos.or_else(|| ids(&config["bos_token_id"]).first().copied()),
        add_bos: tokenizer["add_bos_token"].as_bool().unwrap_or(false),
    })
}

/// The files with one of these endings, by name.
fn files_in(dir: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, ModelError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(ModelError::read(dir))? {
        let path = entry.map_err(ModelError::read(dir))?.path();
        let is_one = path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending));
        if is_one && !path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn json_in(dir: &Path, name: &str) -> Result<Value, ModelError> {
    let path = dir.join(name);
    let bytes = fs::read(&path).map_err(ModelError::read(&path))?;
    serde_json::from_slice(&bytes).map_err(|error| ModelError::NotAFolder {
        path: dir.to_owned(),
        what: format!("its {name} is damaged ({error})"),
    })
}

/// One id or a list of them.
fn ids(value: &Value) -> Vec<u32> {
    let id = |v: &Value| v.as_u64().and_then(|n| u32::try_from(n).ok());
    match value {
        Value::Array(all) => all.iter().filter_map(id).collect(),
        one => id(one).into_iter().collect(),
    }
}
