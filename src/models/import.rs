//! From a GGUF to a native model folder, once for each file. Knows where such
//! folders lie and how to leave none half-written; what goes into them is the
//! neighbours' (shape, tokenizer, weights).

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::catalogue::Entry;
use super::config::{Shape, note_on_context};
use super::error::ModelError;
use super::folder::{META_FILE, ModelFolder, ModelMeta};
use super::gguf::Gguf;
use super::hashes::{self, Stamp};
use super::imports;
use super::layout::Layout;
use super::leftovers::{self, Going};
use super::lock;
use super::tokenizer::{self, Vocabulary};
use super::verify;
use super::weights;

/// Part of a folder's name: raised when what is written changes, so that folders
/// of an older galley are not taken for new ones.
pub const IMPORTER_VERSION: u32 = 2;

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
    leftovers::remove_abandoned(models_dir);
    let before = Stamp::of(gguf);
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
    let unfinished = tempfile::Builder::new()
        .prefix(leftovers::IMPORTING)
        .tempdir_in(models_dir)
        .map_err(ModelError::write(models_dir))?;
    let meta = source.write(unfinished.path(), &sha256, progress)?;
    verify::seal(unfinished.path())?;
    // The hash and the weights were read one after the other.
    if Stamp::of(gguf) != before {
        return Err(ModelError::Changed { path: gguf.to_owned() });
    }
    put_in_place(unfinished.path(), models_dir, &sha256)?;
    remove_older(models_dir, &sha256);
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
    require_entry(entry, gguf, models_dir, &mut |done, total| {
        progress(ImportProgress { stage: ImportStage::Hash, done, total });
    })?;
    import_gguf(gguf, models_dir, progress)
}

/// Makes sure that a file is a catalogue's, by its hash, remembered or computed
/// while reporting bytes read and bytes in all.
///
/// # Errors
/// [`ModelError::NotTheModel`] says both hashes; [`ModelError::Read`].
pub fn require_entry(
    entry: &Entry,
    gguf: &Path,
    models_dir: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), ModelError> {
    let found = hashes::sha256_of(models_dir, gguf, progress)?;
    if found == entry.sha256 {
        return Ok(());
    }
    Err(ModelError::NotTheModel {
        path: gguf.to_owned(),
        name: entry.name,
        title: entry.title,
        found,
        expected: entry.sha256,
    })
}

/// The folder that belongs to a GGUF's hash, whether it exists or not.
#[must_use]
pub fn folder_of(models_dir: &Path, sha256: &str) -> PathBuf {
    folder_of_version(models_dir, sha256, IMPORTER_VERSION)
}

fn folder_of_version(models_dir: &Path, sha256: &str, version: u32) -> PathBuf {
    models_dir.join(imports::folder_name(sha256, version))
}

/// Best effort: what an older galley made of the same file is of no use any
/// more, and large.
fn remove_older(models_dir: &Path, sha256: &str) {
    let older = (1..IMPORTER_VERSION)
        .map(|version| folder_of_version(models_dir, sha256, version))
        .filter(|dir| dir.exists());
    for dir in older {
        let _ = Going::begin(models_dir).and_then(|going| {
            going.take(&dir)?;
            going.finish()
        });
    }
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
    layout: Layout,
}

impl Source {
    fn read(path: &Path) -> Result<Self, ModelError> {
        let mut gguf = Gguf::open(path)?;
        let shape = Shape::of(&mut gguf)?;
        let vocabulary = shape.vocabulary(&gguf)?;
        let layout = Layout::of(&gguf, &shape)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, gguf, shape, vocabulary, layout })
    }

    fn write(
        &mut self,
        dir: &Path,
        sha256: &str,
        progress: &mut dyn FnMut(ImportProgress),
    ) -> Result<ModelMeta, ModelError> {
        let meta = self.meta(sha256);
        let vocabulary = self.vocabulary.tokenizer_json().to_string();
        tokenizer::check(self.gguf.path(), vocabulary.as_bytes())?;
        write_file(dir, "tokenizer.json", vocabulary.as_bytes())?;
        write_json(dir, "config.json", &self.shape.config_json())?;
        let config = self.vocabulary.config_json(self.shape.context);
        write_json(dir, "tokenizer_config.json", &config)?;
        write_json(dir, "generation_config.json", &self.vocabulary.generation_json())?;
        weights::write(&mut self.gguf, &self.layout, dir, &mut |done, total| {
            progress(ImportProgress { stage: ImportStage::Weights, done, total });
        })?;
        let noted = serde_json::to_value(&meta).expect("plain fields make JSON");
        write_json(dir, META_FILE, &noted)?;
        Ok(meta)
    }

    fn meta(&self, sha256: &str) -> ModelMeta {
        let (shape, layout) = (&self.shape, &self.layout);
        let linears = layout.linears.iter().skip(1);
        let (head_bytes, linear_bytes) = weights::bytes_at_rest(layout);
        ModelMeta {
            name: self.name.clone(),
            sha256: sha256.to_owned(),
            importer_version: IMPORTER_VERSION,
            architecture: shape.architecture.name().to_owned(),
            context: shape.context,
            vocab: shape.vocab,
            layers: shape.layers,
            kv_bytes_per_token_f32: shape.kv_bytes_per_token_f32(),
            weight_params: layout.values(),
            linear_params: linears.map(|linear| linear.from.values()).sum(),
            linear_bytes,
            embedding_params: layout.embedding.values(),
            head_bytes,
            tied: layout.tied,
            notes: self.notes(),
            end_tokens: self.vocabulary.end_tokens.clone(),
            bos: self.vocabulary.bos,
            add_bos: self.vocabulary.add_bos && self.vocabulary.bos.is_some(),
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = weights::notes(&self.layout);
        notes.extend(note_on_context(self.shape.context, self.shape.stretched));
        notes
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
/// as good; where a damaged one lies in the way, it goes. What is there is looked
/// at and changed by one process at a time, so that none takes another's fresh
/// folder for the damaged one.
fn put_in_place(unfinished: &Path, models_dir: &Path, sha256: &str) -> Result<(), ModelError> {
    let dir = folder_of(models_dir, sha256);
    let lock = lock::hold(models_dir, lock::FOLDERS);
    if finished(&dir, sha256).is_some() {
        return Ok(());
    }
    let write = ModelError::write;
    if fs::symlink_metadata(&dir).is_err() {
        return fs::rename(unfinished, &dir).map_err(write(&dir));
    }
    let going = Going::begin(models_dir).map_err(write(models_dir))?;
    going.take(&dir).and_then(|()| fs::rename(unfinished, &dir)).map_err(write(&dir))?;
    drop(lock);
    // What stays of it is a leftover; the model is there.
    let _ = going.finish();
    Ok(())
}

#[cfg(test)]
mod tests;
