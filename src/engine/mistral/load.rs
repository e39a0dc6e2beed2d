//! Building the engine from a native model folder: where it runs, how much
//! context and memory it gets. Knows nothing of prompts.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use candle_core::Device;
use mistralrs::core::MemoryUsage;
use mistralrs::{
    AutoDeviceMapParams, DeviceMapSetting, MemoryGpuConfig, Model, ModelDType,
    PagedAttentionMetaBuilder, TextModelBuilder, TokenSource, best_device, paged_attn_supported,
};

use crate::engine::EngineError;

/// Everything the engine has to know of an imported model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadSpec {
    /// The folder with [`FILES`] and the weights.
    pub dir: PathBuf,
    /// The model's name as the person knows it.
    pub name: String,
    /// SHA-256 of the file it was imported from, in lower-case hex.
    pub sha256: String,
    /// Most tokens of prompt and answer together.
    pub context: usize,
    /// Every token that ends an answer.
    pub end_tokens: Vec<u32>,
    pub bos: Option<u32>,
    /// Whether every prompt has to begin with `bos`.
    pub add_bos: bool,
    pub layers: usize,
    /// Bytes of keys and values of one token over all layers, as F32.
    pub kv_bytes_per_token: u64,
}

/// What a model folder consists of beside `*.safetensors`.
const FILES: [&str; 3] = ["config.json", "tokenizer.json", "tokenizer_config.json"];

/// Document tokens in one prompt on a CPU. Attention is quadratic there and not
/// vectorised; beyond this it takes most of the time.
const CPU_WINDOW: usize = 1_000;

/// Least context asked for on a GPU, even where its memory looks too small.
const LEAST_GPU_CONTEXT: usize = 2_048;

/// Room that a window leaves for the instruction and the answer on a GPU.
const GPU_RESERVE: usize = 4_096;

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
    let builder = builder(dir, &place)?;
    let model = build(builder)?;
    let device = match &place.device {
        Device::Cpu => format!("CPU, {} threads, F32", rayon::current_num_threads()),
        Device::Cuda(_) => "CUDA".to_owned(),
        Device::Metal(_) => "Metal".to_owned(),
    };
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
        .filter(|file| file.path().extension().is_some_and(|e| e == "safetensors"))
        .map(|file| file.metadata().map_or(0, |m| m.len()))
        .sum()
}

fn place(spec: &LoadSpec) -> Result<Place, EngineError> {
    // Without paging a GPU would leave memory to us as a CPU does, which was
    // never tried; mistralrs has it wherever it is built for a GPU, save for
    // CUDA on Windows.
    let device = best_device(!paged_attn_supported())
        .map_err(|e| EngineError::Load(format!("no device could be opened: {e}.")))?;
    if device.is_cpu() {
        let window = CPU_WINDOW.min(spec.context / 2).max(1);
        return Ok(Place { device, context: spec.context, window });
    }
    let free = MemoryUsage.get_memory_available(&device).map_or(0, |bytes| bytes as u64);
    let (context, window) = gpu_context(spec, free, weights(&spec.dir));
    Ok(Place { device, context, window })
}

/// Context and window on a GPU with `free` bytes for a model of `weights` bytes:
/// what four fifths of the memory beside the weights hold of keys and values in
/// 16 bits, up to what the model was made for.
fn gpu_context(spec: &LoadSpec, free: u64, weights: u64) -> (usize, usize) {
    let per_token = (spec.kv_bytes_per_token / 2).max(1);
    let fits = free.saturating_sub(weights) / 5 * 4 / per_token;
    let fits = usize::try_from(fits).unwrap_or(usize::MAX);
    let context = fits.max(LEAST_GPU_CONTEXT).min(spec.context);
    let window = context.saturating_sub(GPU_RESERVE).max(context / 2).max(1);
    (context, window)
}

fn builder(dir: &str, place: &Place) -> Result<TextModelBuilder, EngineError> {
    let builder = TextModelBuilder::new(dir)
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
            name: "test".into(),
            sha256: String::new(),
            context: 131_072,
            end_tokens: vec![2],
            bos: None,
            add_bos: false,
            layers: 16,
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

    #[test]
    fn a_gpu_gets_the_context_that_its_memory_holds() {
        let spec = spec(Path::new("x"));
        let gib = 1 << 30;
        assert_eq!(gpu_context(&spec, 80 * gib, 3 * gib), (131_072, 126_976));
        let (context, window) = gpu_context(&spec, 4 * gib, 3 * gib);
        assert_eq!((context, window), (26_214, 22_118));
        assert_eq!(gpu_context(&spec, 0, 3 * gib), (2_048, 1_024));
    }
}
