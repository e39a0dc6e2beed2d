//! Building the engine from a native model folder: where it runs, how much
//! context and memory it gets. Knows nothing of prompts.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use candle_core::Device;
use mistralrs::core::MemoryUsage;
use mistralrs::{
    AutoDeviceMapParams, DeviceMapSetting, MemoryGpuConfig, Model, ModelDType,
    PagedAttentionMetaBuilder, TextModelBuilder, TokenSource, UqffTextModelBuilder, best_device,
    paged_attn_supported,
};

use crate::engine::EngineError;

/// Everything the engine has to know of an imported model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadSpec {
    /// The folder with [`FILES`] and the weights.
    pub dir: PathBuf,
    /// The file in it with the linear layers, where they are in mistral.rs's own
    /// format for quantized weights; the safetensors then hold the rest.
    pub uqff: Option<String>,
    /// How the weights stand in memory, as it is shown; other forms of the same
    /// weights give other answers.
    pub weights: String,
    /// The model's name as the person knows it.
    pub name: String,
    /// SHA-256 of the file it was imported from, in lower-case hex.
    pub sha256: String,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    /// Document tokens that one prompt is to carry.
    pub window: usize,
    /// Every token that ends an answer.
    pub end_tokens: Vec<u32>,
    pub bos: Option<u32>,
    /// Whether every prompt has to begin with `bos`.
    pub add_bos: bool,
    /// Bytes of keys and values of one token over all layers, as F32.
    pub kv_bytes_per_token: u64,
}

/// What a model folder consists of beside `*.safetensors`.
const FILES: [&str; 3] = ["config.json", "tokenizer.json", "tokenizer_config.json"];

/// A model in memory.
pub struct Loaded {
    pub model: Model,
    /// For the status line.
    pub device: String,
    /// Whether keys and values are paged (GPU), with eviction by the engine.
    pub paged: bool,
    pub context: usize,
    pub window: usize,
}

/// Where a model will run, and with how much context.
struct Place {
    device: Device,
    context: usize,
    window: usize,
}

/// Loads the folder of `spec`. Loading panics on some files, so that it has a
/// thread of its own.
///
/// # Errors
/// [`EngineError::Load`] with a sentence.
pub fn load(spec: &LoadSpec) -> Result<Loaded, EngineError> {
    check_files(&spec.dir)?;
    let dir = spec.dir.to_str().ok_or_else(|| {
        EngineError::Load(format!(
            "the path {} is not valid Unicode; move the model to another folder.",
            spec.dir.display()
        ))
    })?;
    let place = place(spec)?;
    let builder = builder(dir, spec.uqff.as_deref(), &place)?;
    let model = build(builder)?;
    let device = match &place.device {
        Device::Cpu => format!("CPU, {} threads", rayon::current_num_threads()),
        Device::Cuda(_) => "CUDA".to_owned(),
        Device::Metal(_) => "Metal".to_owned(),
    };
    let device = format!("{device}, weights as {}", spec.weights);
    let paged = !place.device.is_cpu();
    Ok(Loaded { model, device, paged, context: place.context, window: place.window })
}

/// A missing file would send mistralrs to the network to look for it.
fn check_files(dir: &Path) -> Result<(), EngineError> {
    let missing = FILES
        .iter()
        .find(|file| !fs::metadata(dir.join(file)).is_ok_and(|m| m.is_file() && m.len() > 0));
    let what = match missing {
        Some(file) => file,
        None if weights(dir) == 0 => "its weights (*.safetensors)",
        None => return Ok(()),
    };
    Err(EngineError::Load(format!(
        "{} has no {what}, or it is empty; import the model again.",
        dir.display()
    )))
}

/// Bytes of all weights in a folder.
fn weights(dir: &Path) -> u64 {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    files
        .filter(|file| file.path().extension().is_some_and(|e| e == "safetensors" || e == "uqff"))
        .map(|file| file.metadata().map_or(0, |m| m.len()))
        .sum()
}

/// Free bytes of the GPU that models run on here; `None` where they run on the
/// processor.
#[must_use]
pub fn gpu_memory() -> Option<u64> {
    let device = best_device(!paged_attn_supported()).ok().filter(|device| !device.is_cpu())?;
    let free = MemoryUsage.get_memory_available(&device).map_or(0, |bytes| bytes as u64);
    Some(free)
}

fn place(spec: &LoadSpec) -> Result<Place, EngineError> {
    // Without paging a GPU would leave memory to us as a CPU does, which was
    // never tried; mistralrs has it wherever it is built for a GPU, save for
    // CUDA on Windows.
    let device = best_device(!paged_attn_supported())
        .map_err(|e| EngineError::Load(format!("no device could be opened: {e}.")))?;
    let window = spec.window.min(spec.context / 2).max(1);
    Ok(Place { device, context: spec.context, window })
}

fn builder(dir: &str, uqff: Option<&str>, place: &Place) -> Result<TextModelBuilder, EngineError> {
    let builder = match uqff {
        Some(file) => UqffTextModelBuilder::new(dir, vec![PathBuf::from(file)]).into_inner(),
        None => TextModelBuilder::new(dir),
    };
    let builder = builder
        .with_token_source(TokenSource::None)
        .with_max_num_seqs(1)
        .with_device(place.device.clone());
    if place.device.is_cpu() {
        return Ok(builder
            .with_force_cpu()
            .with_dtype(ModelDType::F32)
            .with_device_mapping(DeviceMapSetting::dummy()));
    }
    let map = AutoDeviceMapParams::Text { max_seq_len: place.context, max_batch_size: 1 };
    let builder =
        builder.with_dtype(ModelDType::Auto).with_device_mapping(DeviceMapSetting::Auto(map));
    let paged = PagedAttentionMetaBuilder::default()
        .with_gpu_memory(MemoryGpuConfig::ContextSize(place.context))
        .build()
        .map_err(|e| EngineError::Load(format!("its cache could not be planned: {e}.")))?;
    Ok(builder.with_paged_attn(paged))
}

/// Builds on a thread with a small runtime of its own. A runtime of one thread
/// also keeps mistralrs from its trial prompt, which would stay in its cache.
fn build(builder: TextModelBuilder) -> Result<Model, EngineError> {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| e.to_string())?;
        runtime.block_on(builder.build()).map_err(|e| e.to_string())
    };
    let thread = thread::Builder::new()
        .name("model-load".to_owned())
        .spawn(work)
        .map_err(|e| EngineError::Load(format!("no thread could be started: {e}.")))?;
    match thread.join() {
        Ok(built) => built.map_err(|e| EngineError::Load(format!("{e}."))),
        Err(panic) => Err(EngineError::Load(format!(
            "mistral.rs gave up on its files ({}); import the model again.",
            panic_text(&*panic)
        ))),
    }
}

/// What a panic said.
fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a word")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(dir: &Path) -> LoadSpec {
        LoadSpec {
            dir: dir.to_owned(),
            uqff: None,
            weights: "floats".into(),
            name: "test".into(),
            sha256: String::new(),
            context: 131_072,
            window: 1_000,
            end_tokens: vec![2],
            bos: None,
            add_bos: false,
            kv_bytes_per_token: 65_536,
        }
    }

    #[test]
    fn a_folder_that_lacks_a_file_is_refused_by_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let refusal = || match load(&spec(dir.path())) {
            Ok(_) => panic!("loaded nothing"),
            Err(error) => error.to_string(),
        };
        assert!(refusal().contains("config.json"), "{}", refusal());
        for file in FILES {
            fs::write(dir.path().join(file), "{}").expect("written");
        }
        assert!(refusal().contains("safetensors"), "{}", refusal());
    }

    #[test]
    fn damaged_files_are_an_error_not_a_crash() {
        let dir = tempfile::tempdir().expect("a folder");
        for file in FILES.into_iter().chain(["model.safetensors"]) {
            fs::write(dir.path().join(file), "{}").expect("written");
        }
        assert!(matches!(load(&spec(dir.path())), Err(EngineError::Load(_))));
    }
}
