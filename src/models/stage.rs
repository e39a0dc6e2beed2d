//! From a model folder to what the engine loads, for as long as it loads: a
//! folder beside it in which the embedding, and if wanted every matrix, stands
//! as floats, and everything else is a link. Knows the files of a model folder,
//! nothing of the engine but what it reads.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::error::ModelError;
use super::folder::ModelFolder;
use super::form::Form;
use super::layout::EMBEDDING;
use super::leftovers;
use super::safetensors::{Entry, Stored, Writer};
use super::uqff::{self, StoredBlocks};
use super::weights::{BLOCKS_FILE, EMBEDDING_FILE, FLOATS_FILE, RESIDUAL_FILE};

/// Values written at once; 16 MiB as F32.
const PIECE: usize = 1 << 22;

/// A folder that the engine can load, kept until this is dropped. The engine
/// needs it only while it loads.
#[derive(Debug)]
pub struct Staged {
    pub dir: PathBuf,
    /// The file with the linear layers, where they are in the engine's own
    /// format for quantized weights.
    pub uqff: Option<String>,
    /// Held, so that nobody takes the folder for a leftover; let go first.
    _lock: Option<File>,
    _own: Option<TempDir>,
}

impl ModelFolder {
    /// In which forms the model can be loaded, the smallest first.
    #[must_use]
    pub fn forms(&self) -> &'static [Form] {
        if self.dir.join(BLOCKS_FILE).is_file() {
            &[Form::Blocks, Form::FloatsWithBlockHead, Form::Floats]
        } else {
            &[Form::Floats]
        }
    }

    /// Makes what the engine loads for `form`, below `scratch`, reporting bytes
    /// written and bytes in all. A folder of floats needs nothing: it is its own
    /// stage, whatever the form.
    ///
    /// # Errors
    /// [`ModelError::Read`] and [`ModelError::NotAFolder`] for the model folder,
    /// [`ModelError::Write`] for the new one.
    pub fn stage(
        &self,
        form: Form,
        scratch: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Staged, ModelError> {
        if !self.forms().contains(&Form::Blocks) {
            return Ok(Staged { dir: self.dir.clone(), uqff: None, _lock: None, _own: None });
        }
        fs::create_dir_all(scratch).map_err(ModelError::write(scratch))?;
        leftovers::remove_abandoned(scratch);
        let (own, lock) = leftovers::stage_in(scratch).map_err(ModelError::write(scratch))?;
        let dir = own.path();
        self.link_settings(dir)?;
        let mut source = Source::open(&self.dir)?;
        let mut told = Told { done: 0, total: source.bytes(form), progress };
        match form {
            Form::Blocks => {
                link(&self.dir.join(BLOCKS_FILE), &dir.join(BLOCKS_FILE))?;
                source.write_residual(&dir.join(RESIDUAL_FILE), &mut told)?;
            }
            Form::FloatsWithBlockHead => {
                source.write_mixed(&dir.join(BLOCKS_FILE), &mut told)?;
                source.write_residual(&dir.join(RESIDUAL_FILE), &mut told)?;
            }
            Form::Floats => source.write_floats(&dir.join(FLOATS_FILE), &mut told)?,
        }
        let uqff = (form != Form::Floats).then(|| BLOCKS_FILE.to_owned());
        Ok(Staged { dir: dir.to_owned(), uqff, _lock: lock, _own: Some(own) })
    }

    /// Everything but the weights.
    fn link_settings(&self, dir: &Path) -> Result<(), ModelError> {
        let entries = fs::read_dir(&self.dir).map_err(ModelError::read(&self.dir))?;
        for entry in entries {
            let path = entry.map_err(ModelError::read(&self.dir))?.path();
            let is_text = path.extension().is_some_and(|e| e == "json" || e == "jinja");
            if let Some(name) = path.file_name().filter(|_| is_text && path.is_file()) {
                link(&path, &dir.join(name))?;
            }
        }
        Ok(())
    }
}

/// The same file under another name, or a copy where the disk has no links.
fn link(from: &Path, to: &Path) -> Result<(), ModelError> {
    if fs::hard_link(from, to).is_ok() || symlink(from, to) {
        return Ok(());
    }
    fs::copy(from, to).map(drop).map_err(ModelError::write(to))
}

#[cfg(unix)]
fn symlink(from: &Path, to: &Path) -> bool {
    let whole = fs::canonicalize(from);
    whole.is_ok_and(|whole| std::os::unix::fs::symlink(whole, to).is_ok())
}

#[cfg(not(unix))]
fn symlink(_from: &Path, _to: &Path) -> bool {
    false
}

struct Told<'a> {
    done: u64,
    total: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl Told<'_> {
    fn tell(&mut self, bytes: usize) {
        self.done += bytes as u64;
        (self.progress)(self.done.min(self.total), self.total);
    }
}

/// A model folder with blocks, opened.
struct Source {
    blocks: Stored,
    /// The file and entry of the embedding, where it has its own.
    embedding: Option<Stored>,
    residual: Stored,
    /// Names of the linear layers by their place; the output layer first.
    linears: Vec<String>,
}

impl Source {
    fn open(dir: &Path) -> Result<Self, ModelError> {
        let blocks = Stored::open(&dir.join(BLOCKS_FILE))?;
        let own = dir.join(EMBEDDING_FILE);
        let embedding = own.is_file().then(|| Stored::open(&own)).transpose()?;
        let residual = Stored::open(&dir.join(RESIDUAL_FILE))?;
        let linears = (0..blocks.names().count())
            .map(|place| blocks.text(&place.to_string()).map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .filter(|names| !names.is_empty())
            .ok_or_else(|| blocks.damaged())?;
        Ok(Self { blocks, embedding, residual, linears })
    }

    fn bytes(&mut self, form: Form) -> u64 {
        let floats = |matrix: &StoredBlocks| (matrix.rows * matrix.columns * 4) as u64;
        let embedding = self.embedding().map_or(0, |matrix| floats(&matrix));
        let linears = (0..self.linears.len())
            .map(|place| self.linear(place).map_or(0, |matrix| floats(&matrix)));
        match form {
            Form::Blocks => embedding,
            _ => embedding + linears.sum::<u64>(),
        }
    }

    fn linear(&mut self, place: usize) -> Result<StoredBlocks, ModelError> {
        StoredBlocks::read(&mut self.blocks, &place.to_string())
    }

    fn embedding(&mut self) -> Result<StoredBlocks, ModelError> {
        match &mut self.embedding {
            Some(file) => StoredBlocks::read(file, EMBEDDING),
            None => self.linear(0),
        }
    }

    /// The normalisations as entries with their bytes.
    fn norms(&mut self) -> Result<Vec<(Entry, Vec<u8>)>, ModelError> {
        let mut names: Vec<String> = self.residual.names().map(str::to_owned).collect();
        names.sort();
        let mut norms = Vec::new();
        for name in names {
            let (at, bytes) = self.residual.place(&name)?;
            let count = usize::try_from(bytes).map_err(|_| self.residual.damaged())?;
            let values = self.residual.read(at, count)?;
            let shape = self.residual.shape(&name);
            norms.push((Entry { name, dtype: "F32", shape, bytes }, values));
        }
        Ok(norms)
    }

    /// Embedding and normalisations.
    fn write_residual(&mut self, path: &Path, told: &mut Told) -> Result<(), ModelError> {
        let embedding = self.embedding()?;
        let (mut entries, norms): (Vec<_>, Vec<_>) = self.norms()?.into_iter().unzip();
        entries.insert(0, weight_of(EMBEDDING, &embedding));
        let mut out = Writer::create(path, &BTreeMap::new(), &entries)?;
        let file = self.embedding.as_mut().unwrap_or(&mut self.blocks);
        write_floats_of(&embedding, file, &mut out, told)?;
        norms.iter().try_for_each(|bytes| out.write(bytes))?;
        out.finish(false)
    }

    /// Every tensor as floats, under Hugging Face's names.
    fn write_floats(&mut self, path: &Path, told: &mut Told) -> Result<(), ModelError> {
        let embedding = self.embedding()?;
        let is_tied = self.embedding.is_none();
        let (norms, norm_bytes): (Vec<_>, Vec<_>) = self.norms()?.into_iter().unzip();
        let mut entries = vec![weight_of(EMBEDDING, &embedding)];
        let mut linears = Vec::new();
        for place in usize::from(is_tied)..self.linears.len() {
            let (matrix, name) = (self.linear(place)?, &self.linears[place]);
            entries.push(weight_of(name, &matrix));
            if let Some(bias) = &matrix.bias {
                let (bytes, shape) = (bias.len() as u64, vec![matrix.rows]);
                entries.push(Entry { name: format!("{name}.bias"), dtype: "F32", shape, bytes });
            }
            linears.push(matrix);
        }
        entries.extend(norms);
        let mut out = Writer::create(path, &BTreeMap::new(), &entries)?;
        let file = self.embedding.as_mut().unwrap_or(&mut self.blocks);
        write_floats_of(&embedding, file, &mut out, told)?;
        for matrix in &linears {
            write_floats_of(matrix, &mut self.blocks, &mut out, told)?;
            matrix.bias.as_ref().map_or(Ok(()), |bias| out.write(bias))?;
        }
        norm_bytes.iter().try_for_each(|bytes| out.write(bytes))?;
        out.finish(false)
    }

    /// The linear layers in the engine's own format: the first as it is, the
    /// others as floats.
    fn write_mixed(&mut self, path: &Path, told: &mut Told) -> Result<(), ModelError> {
        let head = self.linear(0)?;
        let entry = |place: usize, bytes: u64| -> Result<Entry, ModelError> {
            let shape = vec![usize::try_from(bytes).unwrap_or(usize::MAX)];
            Ok(Entry { name: place.to_string(), dtype: "U8", shape, bytes })
        };
        let mut entries = vec![entry(0, head.entry.1)?];
        let mut linears = Vec::new();
        for place in 1..self.linears.len() {
            let matrix = self.linear(place)?;
            let too_large = || uqff::too_large(path, &self.linears[place]);
            let before = uqff::floats_head(matrix.rows, matrix.columns, matrix.bias.is_some())
                .ok_or_else(too_large)?;
            let after = match &matrix.bias {
                Some(bias) => uqff::bias(bias).ok_or_else(too_large)?,
                None => Vec::new(),
            };
            let values = (matrix.rows * matrix.columns * size_of::<f32>()) as u64;
            entries.push(entry(place, before.len() as u64 + values + after.len() as u64)?);
            linears.push((before, matrix, after));
        }
        let mut out = Writer::create(path, &BTreeMap::new(), &entries)?;
        self.copy(head.entry, &mut out)?;
        for (before, matrix, after) in &linears {
            out.write(before)?;
            write_floats_of(matrix, &mut self.blocks, &mut out, told)?;
            out.write(after)?;
        }
        out.finish(false)
    }

    fn copy(&mut self, (start, size): (u64, u64), out: &mut Writer) -> Result<(), ModelError> {
        for at in (0..size).step_by(PIECE) {
            let count = usize::try_from(size - at).unwrap_or(PIECE).min(PIECE);
            out.write(&self.blocks.read(start + at, count)?)?;
        }
        Ok(())
    }
}

fn weight_of(name: &str, matrix: &StoredBlocks) -> Entry {
    let shape = vec![matrix.rows, matrix.columns];
    let bytes = (matrix.rows * matrix.columns * size_of::<f32>()) as u64;
    Entry { name: format!("{name}.weight"), dtype: "F32", shape, bytes }
}

fn write_floats_of(
    matrix: &StoredBlocks,
    file: &mut Stored,
    out: &mut Writer,
    told: &mut Told,
) -> Result<(), ModelError> {
    let step = (PIECE / matrix.columns.max(1)).max(1);
    for first in (0..matrix.rows).step_by(step) {
        let count = step.min(matrix.rows - first);
        let values = matrix.floats(file, first, count)?;
        let bytes: Vec<u8> = values.into_iter().flat_map(f32::to_le_bytes).collect();
        out.write(&bytes)?;
        told.tell(bytes.len());
    }
    Ok(())
}
