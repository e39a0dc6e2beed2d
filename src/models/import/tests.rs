use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::time::{Duration, SystemTime};

use candle_core::Device;
use candle_core::quantized::{GgmlDType, QTensor, gguf_file};
use safetensors::SafeTensors;
use safetensors::tensor::Dtype;

use super::*;
use crate::models::catalogue;
use crate::models::tiny_gguf::{self as tiny, Options};
use crate::models::weights::FLOATS_FILE;

mod blocks;
mod folders;
mod hostile;
mod together;

/// A tiny GGUF and an empty models folder.
fn workshop(options: &Options) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let gguf = dir.path().join("tiny.gguf");
    tiny::write_with(&gguf, options).unwrap();
    let models = dir.path().join("models");
    (dir, gguf, models)
}

fn import(gguf: &Path, models: &Path) -> Result<ModelFolder, ModelError> {
    import_gguf(gguf, models, &mut |_| ())
}

/// What importing a tiny model with these options says.
fn refusal(options: &Options) -> String {
    let (_dir, gguf, models) = workshop(options);
    let message = import(&gguf, &models).unwrap_err().to_string();
    assert_nothing_left(&models);
    message
}

/// No folder, finished or not; the remembered hashes may stay.
fn assert_nothing_left(models: &Path) {
    let Ok(entries) = fs::read_dir(models) else { return };
    let folders: Vec<_> = entries.map(|e| e.unwrap()).filter(|e| e.path().is_dir()).collect();
    assert!(folders.is_empty(), "left behind: {folders:?}");
}

fn json(folder: &ModelFolder, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.dir.join(name)).unwrap()).unwrap()
}

/// Every tensor of a folder of floats, as F32.
fn floats_of(folder: &ModelFolder) -> BTreeMap<String, (Vec<usize>, Vec<f32>)> {
    floats_in(&folder.dir.join(FLOATS_FILE))
}

fn floats_in(file: &Path) -> BTreeMap<String, (Vec<usize>, Vec<f32>)> {
    let bytes = fs::read(file).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    tensors
        .iter()
        .map(|(name, view)| {
            let values = match view.dtype() {
                Dtype::F32 => view
                    .data()
                    .chunks_exact(4)
                    .map(|b| f32::from_le_bytes(b.try_into().unwrap()))
                    .collect(),
                Dtype::F16 => view
                    .data()
                    .chunks_exact(2)
                    .map(|b| half::f16::from_le_bytes(b.try_into().unwrap()).to_f32())
                    .collect(),
                other => panic!("{name} is {other:?}"),
            };
            (name.to_owned(), (view.shape().to_vec(), values))
        })
        .collect()
}

fn source_tensor(gguf: &Path, name: &str) -> Vec<f32> {
    let mut reader = BufReader::new(File::open(gguf).unwrap());
    let content = gguf_file::Content::read(&mut reader).unwrap();
    let tensor = content.tensor(&mut reader, name, &Device::Cpu).unwrap();
    tensor.dequantize(&Device::Cpu).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

/// The same model with its matrices quantized.
fn quantized(gguf: &Path, kind: GgmlDType) -> PathBuf {
    let mut reader = BufReader::new(File::open(gguf).unwrap());
    let content = gguf_file::Content::read(&mut reader).unwrap();
    let tensors: Vec<(String, QTensor)> = content
        .tensor_infos
        .iter()
        .map(|(name, info)| {
            let tensor = content.tensor(&mut reader, name, &Device::Cpu).unwrap();
            let matrix = info.shape.dims().len() == 2;
            let kind = if matrix { kind } else { GgmlDType::F32 };
            let floats = tensor.dequantize(&Device::Cpu).unwrap();
            (name.clone(), QTensor::quantize(&floats, kind).unwrap())
        })
        .collect();
    let metadata: Vec<_> = content.metadata.iter().map(|(k, v)| (k.as_str(), v)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let path = gguf.with_file_name("quantized.gguf");
    gguf_file::write(&mut File::create(&path).unwrap(), &metadata, &tensors).unwrap();
    path
}

#[test]
fn a_folder_says_what_the_gguf_says() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let folder = import(&gguf, &models).unwrap();
    assert_eq!(folder.meta.name, "tiny");
    assert_eq!(folder.meta.context, 4096);
    assert_eq!(folder.meta.vocab, tiny::VOCAB);
    assert_eq!(folder.meta.end_tokens, [tiny::BOS + 1, tiny::BOS + 4]);
    assert_eq!((folder.meta.bos, folder.meta.add_bos), (Some(tiny::BOS), true));
    assert_eq!(folder.meta.kv_bytes_per_token_f32, 2 * 2 * 16 * 2 * 4);
    let config = json(&folder, "config.json");
    assert_eq!(config["architectures"][0], "LlamaForCausalLM");
    assert_eq!(config["hidden_size"], tiny::HIDDEN);
    assert_eq!(config["num_key_value_heads"], tiny::KV_HEADS);
    assert_eq!(config["rope_theta"], 500_000.0);
    assert_eq!(config["rope_scaling"], Value::Null);
    assert_eq!(config["tie_word_embeddings"], false);
    let ends = json(&folder, "generation_config.json");
    assert_eq!(ends["eos_token_id"], serde_json::json!([tiny::BOS + 1, tiny::BOS + 4]));
    let template = &json(&folder, "tokenizer_config.json")["chat_template"];
    assert!(template.as_str().unwrap().contains("<|start_header_id|>"));
    assert_eq!(ModelFolder::open(&folder.dir).unwrap(), folder);
}

#[test]
fn float_weights_arrive_unchanged_but_for_the_order_of_query_and_key_rows() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let written = floats_of(&import(&gguf, &models).unwrap());
    for (from, to) in [
        ("token_embd.weight", "model.embed_tokens.weight"),
        ("blk.1.attn_v.weight", "model.layers.1.self_attn.v_proj.weight"),
        ("blk.0.ffn_down.weight", "model.layers.0.mlp.down_proj.weight"),
        ("output.weight", "lm_head.weight"),
    ] {
        assert_eq!(written[to].1, source_tensor(&gguf, from), "{to}");
    }
    assert_eq!(written["model.norm.weight"].0, [tiny::HIDDEN]);
    for (from, to, heads) in
        [("attn_q", "q_proj", tiny::HEADS), ("attn_k", "k_proj", tiny::KV_HEADS)]
    {
        let source = source_tensor(&gguf, &format!("blk.0.{from}.weight"));
        let (shape, values) = &written[&format!("model.layers.0.self_attn.{to}.weight")];
        assert_eq!(*shape, [heads * tiny::HEAD, tiny::HIDDEN]);
        let row = |all: &[f32], n: usize| all[n * tiny::HIDDEN..(n + 1) * tiny::HIDDEN].to_vec();
        for head in 0..heads {
            for pair in 0..tiny::HEAD / 2 {
                for half in 0..2 {
                    let here = head * tiny::HEAD + half * tiny::HEAD / 2 + pair;
                    let there = head * tiny::HEAD + pair * 2 + half;
                    assert_eq!(row(values, here), row(&source, there), "{to} row {here}");
                }
            }
        }
    }
}

#[test]
fn what_an_older_galley_made_of_the_file_goes() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let sha256 = hashes::sha256_of(&models, &gguf, &mut |_, _| ()).unwrap();
    let older = folder_of_version(&models, &sha256, IMPORTER_VERSION - 1);
    let newer = folder_of_version(&models, &sha256, IMPORTER_VERSION + 1);
    fs::create_dir_all(&older).unwrap();
    fs::create_dir_all(&newer).unwrap();
    import(&gguf, &models).unwrap();
    assert!(!older.exists() && newer.exists());
}

#[test]
fn a_model_without_an_output_layer_uses_its_embedding() {
    let (_dir, gguf, models) = workshop(&Options { tied: true, ..Options::default() });
    let folder = import(&gguf, &models).unwrap();
    assert_eq!(json(&folder, "config.json")["tie_word_embeddings"], true);
    assert!(!floats_of(&folder).contains_key("lm_head.weight"));
}

/// Llama 3's divisors for the tiny model's heads, written down independently of
/// the code under test.
fn divisors(factor: f32) -> Vec<f32> {
    (0_u8..8)
        .map(|pair| {
            let frequency = tiny::ROPE_BASE.powf(-f32::from(pair) / 8.0);
            let turns = 8192.0 * frequency / std::f32::consts::TAU;
            let blend = ((turns - 1.0) / 3.0).clamp(0.0, 1.0);
            1.0 / ((1.0 - blend) / factor + blend)
        })
        .collect()
}

#[test]
fn stretched_rope_is_recovered_from_its_divisors() {
    for factor in [8.0, 32.0] {
        let options = Options { rope_freqs: Some(divisors(factor)), ..Options::default() };
        let (_dir, gguf, models) = workshop(&options);
        let folder = import(&gguf, &models).unwrap();
        let scaling = &json(&folder, "config.json")["rope_scaling"];
        assert_eq!(scaling["rope_type"], "llama3");
        assert_eq!(scaling["factor"], factor);
        assert_eq!(scaling["original_max_position_embeddings"], 8192);
    }
}

#[test]
fn divisors_of_another_kind_are_refused() {
    let mut wrong = divisors(32.0);
    wrong[3] *= 1.01;
    let message = refusal(&Options { rope_freqs: Some(wrong), ..Options::default() });
    assert!(message.contains("RoPE"), "{message}");
}

#[test]
fn a_factor_without_a_kind_stretches_rope_evenly_as_llama_cpp_has_it() {
    let of = |scaling, key, factor| Options {
        scaling,
        number: Some((key, factor)),
        ..Options::default()
    };
    for options in [
        of(None, "rope.scaling.factor", 4.0),
        of(None, "rope.scale_linear", 4.0),
        of(Some("linear"), "rope.scaling.factor", 4.0),
    ] {
        let (_dir, gguf, models) = workshop(&options);
        let scaling = &json(&import(&gguf, &models).unwrap(), "config.json")["rope_scaling"];
        assert_eq!((&scaling["rope_type"], &scaling["factor"]), (&"linear".into(), &4.0.into()));
        for architecture in ["qwen2", "qwen3", "phi3"] {
            let message = refusal(&Options { architecture, ..options.clone() });
            assert!(message.contains("RoPE scaling of the kind \"linear\""), "{message}");
        }
        let gemma = Options { architecture: "gemma2", tied: true, ..options };
        assert!(refusal(&gemma).contains("kind \"linear\""));
    }
    for (scaling, factor) in [(None, 0.0), (None, 1.0), (Some("none"), 4.0)] {
        for architecture in ["llama", "qwen2"] {
            let options = of(scaling, "rope.scaling.factor", factor);
            let (_dir, gguf, models) = workshop(&Options { architecture, ..options });
            let config = json(&import(&gguf, &models).unwrap(), "config.json");
            assert_eq!(config["rope_scaling"], Value::Null, "{scaling:?} {factor}");
        }
    }
    let message = refusal(&of(None, "rope.scaling.factor", -2.0));
    assert!(message.contains("factor is -2"), "{message}");
}

#[test]
fn divisors_of_another_number_of_pairs_are_refused() {
    for divisors in [vec![1.0; 7], vec![1.0; 16]] {
        let message = refusal(&Options { rope_freqs: Some(divisors), ..Options::default() });
        assert!(message.contains("instead of 8"), "{message}");
    }
}

#[test]
fn each_thing_that_cannot_be_imported_is_named() {
    let base = Options::default;
    for (options, said) in [
        (Options { architecture: "gemma3", ..base() }, "architecture \"gemma3\""),
        (Options { architecture: "mpt", ..base() }, "imports \"llama\", \"qwen2\""),
        (Options { tokenizer: "bert", ..base() }, "tokenizer of the kind \"bert\""),
        (Options { pre: "unheard-of", ..base() }, "pre-tokenizer \"unheard-of\""),
        (Options { architecture: "qwen2", head: 32, ..base() }, "heads of 32 values"),
        (Options { mistype: Some(("blk.0.ffn_up.weight", 16)), ..base() }, "as IQ2_XXS"),
        (
            Options { architecture: "qwen3", rope_freqs: Some(divisors(8.0)), ..base() },
            "rope_freqs.weight, which has no place in a qwen3 model",
        ),
        (Options { architecture: "gemma2", ..base() }, "an output layer of its own"),
        (Options { rename: Some(("output_norm.weight", "output_norm")), ..base() }, "output_norm"),
    ] {
        let message = refusal(&options);
        assert!(message.contains(said), "{message}");
        assert!(message.contains("tiny.gguf"), "{message}");
    }
}

#[test]
fn a_file_that_is_no_model_is_said_to_be_none() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.gguf");
    for (bytes, said) in [
        (&b""[..], "empty"),
        (b"GG", "not a GGUF"),
        (b"%PDF-1.7 and so on, at length", "not a GGUF"),
        (b"GGUF\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "version 1"),
    ] {
        fs::write(&file, bytes).unwrap();
        let message = import(&file, dir.path()).unwrap_err().to_string();
        assert!(message.contains(said), "{message}");
    }
    let message = import(&dir.path().join("gone.gguf"), dir.path()).unwrap_err().to_string();
    assert!(message.contains("gone.gguf could not be read"), "{message}");
}

#[test]
fn a_file_cut_anywhere_is_said_to_be_cut_short() {
    let (dir, gguf, models) = workshop(&Options::default());
    let whole = fs::read(&gguf).unwrap();
    let cut = dir.path().join("cut.gguf");
    for length in (8..whole.len()).step_by(whole.len() / 150).chain([whole.len() - 33]) {
        fs::write(&cut, &whole[..length]).unwrap();
        let error = import(&cut, &models).unwrap_err();
        assert!(matches!(error, ModelError::Truncated { .. }), "{length}: {error}");
    }
    assert_nothing_left(&models);
}

#[test]
fn damage_in_the_header_never_ends_the_process() {
    let (dir, gguf, models) = workshop(&Options::default());
    let whole = fs::read(&gguf).unwrap();
    let bad = dir.path().join("bad.gguf");
    let mut refused = 0;
    for at in (4..14_000).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at..at + 8].fill(0xff);
        fs::write(&bad, &bytes).unwrap();
        match import(&bad, &models) {
            Err(error) => {
                refused += 1;
                assert!(error.to_string().contains("bad.gguf"), "{error}");
            }
            // Only a name or a template was changed.
            Ok(folder) => fs::remove_dir_all(folder.dir).unwrap(),
        }
    }
    assert!(refused > 100, "only {refused} refused");
    assert_nothing_left(&models);
}

#[test]
fn a_second_import_finds_the_first() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let first = import(&gguf, &models).unwrap();
    let marked = first.dir.join("marker");
    fs::write(&marked, b"").unwrap();
    let mut steps = 0;
    let second = import_gguf(&gguf, &models, &mut |_| steps += 1).unwrap();
    assert_eq!(first, second);
    assert!(marked.exists(), "the folder was written again");
    assert_eq!(steps, 0, "the file was read again");
    fs::remove_file(models.join("hashes.json")).unwrap();
    assert_eq!(import(&gguf, &models).unwrap(), first);
    assert!(marked.exists(), "the folder was written again");
}

#[test]
fn a_file_that_changes_is_imported_anew() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let first = import(&gguf, &models).unwrap();
    tiny::write_with(&gguf, &Options { context: 2048, ..Options::default() }).unwrap();
    let changed = SystemTime::now() + Duration::from_secs(5);
    File::options().write(true).open(&gguf).unwrap().set_modified(changed).unwrap();
    let second = import(&gguf, &models).unwrap();
    assert_ne!(first.dir, second.dir);
    assert_eq!(second.meta.context, 2048);
}

#[test]
fn a_damaged_folder_is_made_again() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let folder = import(&gguf, &models).unwrap();
    let file = folder.dir.join(FLOATS_FILE);
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert!(ModelFolder::open(&folder.dir).unwrap_err().to_string().contains("cut short"));
    assert_eq!(import(&gguf, &models).unwrap(), folder);
    assert_eq!(fs::read(&file).unwrap(), whole);
}

#[test]
fn several_imports_at_once_agree_on_one_folder() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let folders: Vec<ModelFolder> = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..6).map(|_| scope.spawn(|| import(&gguf, &models).unwrap())).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    assert!(folders.iter().all(|folder| *folder == folders[0]));
    let dirs = fs::read_dir(&models).unwrap().filter(|e| e.as_ref().unwrap().path().is_dir());
    assert_eq!(dirs.count(), 1);
    ModelFolder::open(&folders[0].dir).unwrap();
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let (dir, gguf, _) = workshop(&Options::default());
    let blocked = dir.path().join("a-file");
    fs::write(&blocked, b"").unwrap();
    let message = import(&gguf, &blocked.join("models")).unwrap_err().to_string();
    assert!(message.contains("could not be written"), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_in_writing() {
    let (dir, gguf, _) = workshop(&Options::default());
    let mut source = Source::read(&gguf).unwrap();
    std::os::unix::fs::symlink("/dev/full", dir.path().join(FLOATS_FILE)).unwrap();
    let error =
        weights::write(&mut source.gguf, &source.layout, dir.path(), &mut |_, _| ()).unwrap_err();
    assert!(matches!(error, ModelError::Write { .. }), "{error}");
}

#[test]
fn a_file_that_only_looks_like_the_catalogues_is_not_imported_under_its_name() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let right = hashes::sha256_of(&models, &gguf, &mut |_, _| ()).unwrap();
    let entry = Entry {
        bytes: fs::metadata(&gguf).unwrap().len(),
        sha256: "00ff",
        ..catalogue::entries()[0]
    };
    let message = import_entry(&entry, &gguf, &models, &mut |_| ()).unwrap_err().to_string();
    for part in ["tiny.gguf", "00ff", &right, "models pull starter"] {
        assert!(message.contains(part), "{message}");
    }
    assert_nothing_left(&models);
    let entry = Entry { sha256: right.leak(), ..entry };
    let folder = import_entry(&entry, &gguf, &models, &mut |_| ()).unwrap();
    assert_eq!(folder.meta.sha256, entry.sha256);
}

#[test]
fn importing_removes_what_a_killed_process_left() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let old = models.join(".importing-old");
    fs::create_dir_all(&old).unwrap();
    let long_ago = SystemTime::now() - Duration::from_hours(25);
    File::open(&old).unwrap().set_modified(long_ago).unwrap();
    import(&gguf, &models).unwrap();
    assert!(!old.exists());
}

/// Folders from elsewhere, as a person would have fetched them.
fn from_elsewhere(options: &Options) -> (tempfile::TempDir, PathBuf, ModelFolder) {
    let (dir, gguf, models) = workshop(options);
    let folder = import(&gguf, &models).unwrap();
    fs::remove_file(folder.dir.join(META_FILE)).unwrap();
    let folder = ModelFolder::open(&folder.dir).unwrap();
    (dir, models, folder)
}

#[test]
fn folders_from_elsewhere_with_other_weights_or_settings_are_told_apart() {
    let (_dir, models, folder) = from_elsewhere(&Options::default());
    let hash = |folder: &ModelFolder| {
        folder.clone().identified(&models, &mut |_, _| ()).unwrap().meta.sha256
    };
    let first = hash(&folder);
    assert_eq!((first.len(), hash(&folder)), (64, first.clone()));
    let (_dir, _models, same) = from_elsewhere(&Options::default());
    assert_eq!(hash(&same), first, "wherever the same folder lies");
    for file in [FLOATS_FILE, "config.json", "tokenizer.json"] {
        let (_dir, _models, other) = from_elsewhere(&Options::default());
        let path = other.dir.join(file);
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        assert_ne!(hash(&other), first, "{file}");
    }
}

#[test]
fn a_folder_is_read_for_its_hash_only_once_and_one_of_galleys_own_never() {
    let (_dir, models, folder) = from_elsewhere(&Options::default());
    let mut steps = Vec::new();
    folder.clone().identified(&models, &mut |done, total| steps.push((done, total))).unwrap();
    let (done, total) = *steps.last().unwrap();
    assert_eq!(done, total, "{steps:?}");
    assert!(steps.is_sorted() && steps.iter().all(|(_, of)| *of == total), "{steps:?}");
    folder.identified(&models, &mut |_, _| panic!("it was read again")).unwrap();
    let (_dir, gguf, models) = workshop(&Options::default());
    let own = import(&gguf, &models).unwrap();
    let same = own.clone().identified(&models, &mut |_, _| panic!("it was read")).unwrap();
    assert_eq!(same, own);
}

#[test]
fn a_folder_from_elsewhere_is_understood_from_its_own_files() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let folder = import(&gguf, &models).unwrap();
    fs::remove_file(folder.dir.join(META_FILE)).unwrap();
    let name = folder.dir.file_name().unwrap().to_string_lossy().into_owned();
    // Norms are too few to be told from the linear layers.
    let linear_params = folder.meta.weight_params - 2 * folder.meta.embedding_params;
    let expected = ModelMeta {
        name,
        sha256: String::new(),
        importer_version: 0,
        linear_params,
        linear_bytes: 0,
        head_bytes: 0,
        ..folder.meta
    };
    assert_eq!(ModelFolder::open(&folder.dir).unwrap().meta, expected);
    for (file, said) in [(FLOATS_FILE, "safetensors"), ("tokenizer.json", "tokenizer.json")] {
        fs::remove_file(folder.dir.join(file)).unwrap();
        let message = ModelFolder::open(&folder.dir).unwrap_err().to_string();
        assert!(message.contains(said), "{message}");
    }
}
