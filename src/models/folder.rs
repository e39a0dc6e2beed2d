//! A native model folder: `config.json`, `tokenizer.json`, safetensors, and what
//! galley notes beside them. Reads folders; writing one is the importer's.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::error::ModelError;
use super::{hashes, weights};

/// What galley notes about a model that it imported.
pub const META_FILE: &str = "galley-model.json";
pub(super) const WEIGHTS_FILE: &str = "model.safetensors";

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
    /// [`ModelError::Read`] where it cannot be read.
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
        for file in &weights {
            if !weights::is_whole(file).map_err(ModelError::read(file))? {
                return Err(wrong(format!("{} is cut short or damaged", file.display())));
            }
        }
        let meta = if dir.join(META_FILE).is_file() {
            serde_json::from_value(json_in(dir, META_FILE)?)
                .map_err(|error| wrong(format!("{META_FILE} is damaged ({error})")))?
        } else {
            compose(dir, &weights)?
        };
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
    let config = json_in(dir, "config.json")?;
    let optional =
        |name| if dir.join(name).is_file() { json_in(dir, name) } else { Ok(Value::Null) };
    let generation = optional("generation_config.json")?;
    let tokenizer = optional("tokenizer_config.json")?;
    let need = |key: &str| {
        config[key].as_u64().and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0).ok_or_else(
            || ModelError::NotAFolder {
                path: dir.to_owned(),
                what: format!("its config.json has no {key}"),
            },
        )
    };
    let (layers, heads) = (need("num_hidden_layers")?, need("num_attention_heads")?);
    let kv_heads = need("num_key_value_heads").unwrap_or(heads);
    let head = need("head_dim").or_else(|_| need("hidden_size").map(|hidden| hidden / heads))?;
    let mut end_tokens = ids(&generation["eos_token_id"]);
    if end_tokens.is_empty() {
        end_tokens = ids(&config["eos_token_id"]);
    }
    let bos = ids(&generation["bos_token_id"]).first().copied();
    let mut weight_params = 0;
    for file in weights {
        weight_params += weights::count(file).map_err(ModelError::read(file))?;
    }
    let name = dir.file_name().map_or_else(|| dir.to_string_lossy(), |n| n.to_string_lossy());
    Ok(ModelMeta {
        name: name.into_owned(),
        sha256: String::new(),
        importer_version: 0,
        architecture: config["model_type"].as_str().unwrap_or("unknown").to_owned(),
        context: need("max_position_embeddings")?,
        vocab: need("vocab_size")?,
        layers,
        kv_bytes_per_token_f32: layers * kv_heads * head * 2 * size_of::<f32>(),
        weight_params,
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
