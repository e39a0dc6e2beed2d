//! From a GGUF to a native model folder, once for each file. Knows where such
//! folders lie and how to leave none half-written; what goes into them is the
//! neighbours' (shape, tokenizer, weights).

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::catalogue::Entry;
use super::config::Shape;
use super::error::ModelError;
use super::folder::{META_FILE, ModelFolder, ModelMeta, WEIGHTS_FILE};
use super::gguf::Gguf;
use super::hashes;
use super::leftovers;
use super::tokenizer::{self, Vocabulary};
use super::weights::Plan;

/// Part of a folder's name: raised when what is written changes, so that folders
/// of an older galley are not taken for new ones.
pub const IMPORTER_VERSION: u32 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStage {
    /// Computing the file's hash, the first time it is seen.
    Hash,
    /// Writing the weights.
    Weights,
}

/// How far a stage has come, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportProgress {
    pub stage: ImportStage,
    pub done: u64,
    pub total: u64,
}

/// The native folder of a GGUF, below `models_dir`: the one made before, or one
/// that is made now. Safe to run from several processes at once.
///
/// # Errors
/// What is wrong with the GGUF, or why the folder could not be written; nothing
/// half-written stays.
pub fn import_gguf(
    gguf: &Path,
    models_dir: &Path,
    progress: &mut dyn FnMut(ImportProgress),
) -> Result<ModelFolder, ModelError> {
    if let Some(folder) = hashes::remembered(models_dir, gguf)
        .and_then(|sha256| finished(&folder_of(models_dir, &sha256), &sha256))
    {
        return Ok(folder);
    }
    let mut source = Source::read(gguf)?;
    let sha256 = hashes::sha256_of(models_dir, gguf, &mut |done, total| {
        progress(ImportProgress { stage: ImportStage::Hash, done, total });
    })?;
    let dir = folder_of(models_dir, &sha256);
    if let Some(folder) = finished(&dir, &sha256) {
        return Ok(folder);
    }
    fs::create_dir_all(models_dir).map_err(ModelError::write(models_dir))?;
    leftovers::remove_abandoned(models_dir);
    let unfinished = tempfile::Builder::new()
        .prefix(leftovers::IMPORTING)
        .tempdir_in(models_dir)
        .map_err(ModelError::write(models_dir))?;
    let meta = source.write(unfinished.path(), &sha256, progress)?;
    put_in_place(unfinished.path(), &dir, &sha256)?;
    Ok(ModelFolder { dir, meta })
}

/// The native folder of a catalogue's file, as [`import_gguf`] gives it. A file
/// that only has the entry's name and length is not imported.
///
/// # Errors
/// [`ModelError::NotTheModel`] says both hashes; else as [`import_gguf`].
pub fn import_entry(
    entry: &Entry,
    gguf: &Path,
    models_dir: &Path,
    progress: &mut dyn FnMut(ImportProgress),
) -> Result<ModelFolder, ModelError> {
    let found = hashes::sha256_of(models_dir, gguf, &mut |done, total| {
        progress(ImportProgress { stage: ImportStage::Hash, done, total });
    })?;
    if found != entry.sha256 {
        return Err(ModelError::NotTheModel {
            path: gguf.to_owned(),
            name: entry.name,
            title: entry.title,
            found,
            expected: entry.sha256,
        });
    }
    import_gguf(gguf, models_dir, progress)
}

/// The folder that belongs to a GGUF's hash, whether it exists or not.
#[must_use]
pub fn folder_of(models_dir: &Path, sha256: &str) -> PathBuf {
    let short = sha256.get(..16).unwrap_or(sha256);
    models_dir.join(format!("{short}-v{IMPORTER_VERSION}"))
}

fn finished(dir: &Path, sha256: &str) -> Option<ModelFolder> {
    let folder = ModelFolder::open(dir).ok()?;
    let same = folder.meta.sha256 == sha256 && folder.meta.importer_version == IMPORTER_VERSION;
    same.then_some(folder)
}

/// A GGUF that was found fit to import.
struct Source {
    name: String,
    gguf: Gguf,
    shape: Shape,
    vocabulary: Vocabulary,
    plan: Plan,
}

impl Source {
    fn read(path: &Path) -> Result<Self, ModelError> {
        let mut gguf = Gguf::open(path)?;
        let shape = Shape::of(&mut gguf)?;
        let vocabulary = Vocabulary::of(&gguf)?;
        if vocabulary.len() > shape.vocab {
            let what = format!(
                "its vocabulary has {} tokens, its embedding only {}",
                vocabulary.len(),
                shape.vocab
            );
            return Err(ModelError::damaged(path, what));
        }
        let plan = Plan::of(&gguf, &shape)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, gguf, shape, vocabulary, plan })
    }

    fn write(
        &mut self,
        dir: &Path,
        sha256: &str,
        progress: &mut dyn FnMut(ImportProgress),
    ) -> Result<ModelMeta, ModelError> {
        let meta = ModelMeta {
            name: self.name.clone(),
            sha256: sha256.to_owned(),
            importer_version: IMPORTER_VERSION,
            architecture: "llama".to_owned(),
            context: self.shape.context,
            vocab: self.shape.vocab,
            layers: self.shape.layers,
            kv_bytes_per_token_f32: self.shape.kv_bytes_per_token_f32(),
            weight_params: self.plan.values(),
            end_tokens: self.vocabulary.end_tokens.clone(),
            bos: self.vocabulary.bos,
            add_bos: self.vocabulary.add_bos && self.vocabulary.bos.is_some(),
        };
        let vocabulary = self.vocabulary.tokenizer_json().to_string();
        tokenizer::parse(self.gguf.path(), vocabulary.as_bytes())?;
        write_file(dir, "tokenizer.json", vocabulary.as_bytes())?;
        write_json(dir, "config.json", &self.shape.config_json())?;
        let config = self.vocabulary.config_json(self.shape.context);
        write_json(dir, "tokenizer_config.json", &config)?;
        write_json(dir, "generation_config.json", &self.vocabulary.generation_json())?;
        self.plan.write(&mut self.gguf, &dir.join(WEIGHTS_FILE), &mut |done, total| {
            progress(ImportProgress { stage: ImportStage::Weights, done, total });
        })?;
        let noted = serde_json::to_value(&meta).expect("plain fields make JSON");
        write_json(dir, META_FILE, &noted)?;
        Ok(meta)
    }
}

fn write_json(dir: &Path, name: &str, json: &Value) -> Result<(), ModelError> {
    write_file(dir, name, format!("{json:#}\n").as_bytes())
}

fn write_file(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), ModelError> {
    let path = dir.join(name);
    fs::File::create(&path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(ModelError::write(&path))
}

/// Renames the finished folder. Where another process was quicker, its folder is
/// as good; where a damaged one lies in the way, it goes.
fn put_in_place(unfinished: &Path, dir: &Path, sha256: &str) -> Result<(), ModelError> {
    if fs::rename(unfinished, dir).is_ok() || finished(dir, sha256).is_some() {
        return Ok(());
    }
    fs::remove_dir_all(dir)
        .and_then(|()| fs::rename(unfinished, dir))
        .map_err(ModelError::write(dir))
}

#[cfg(test)]
mod tests;
