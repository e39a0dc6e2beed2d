//! What a model costs before and after its import, and folders that galley did
//! not make.

use super::*;
use crate::models::fit::Cost;

fn options(architecture: &'static str) -> Options {
    let tied = matches!(architecture, "qwen2" | "gemma2");
    Options { architecture, tied, weights: tiny::Weights::Blocks, ..Options::default() }
}

#[test]
fn a_gguf_costs_what_its_import_costs() {
    for architecture in ["llama", "qwen2", "qwen3", "phi3", "gemma2"] {
        let (_dir, gguf, models) = workshop(&options(architecture));
        let before = Cost::of_gguf(&gguf).unwrap();
        let folder = import(&gguf, &models).unwrap();
        let after = Cost::of_model(&folder, "tiny").unwrap();
        // The merges of a folder are estimated from its tokenizer's size.
        assert_eq!(before.vocabulary, (tiny::VOCAB + 10) as u64, "{architecture}");
        assert_eq!(Cost { vocabulary: before.vocabulary, ..after }, before, "{architecture}");
        assert_eq!(before.context, folder.meta.context, "{architecture}");
    }
}

#[test]
fn what_is_not_imported_has_no_cost_for_the_same_reason() {
    let base = Options::default;
    for options in [
        Options { architecture: "gemma3", ..base() },
        Options { pre: "unheard-of", ..base() },
        Options { rename: Some(("output_norm.weight", "adapter.weight")), ..base() },
        Options { architecture: "qwen2", head: 32, ..base() },
        Options { number: Some(("rope.scaling.factor", -1.0)), ..base() },
    ] {
        let (_dir, gguf, models) = workshop(&options);
        let importing = import(&gguf, &models).unwrap_err().to_string();
        assert_eq!(Cost::of_gguf(&gguf).unwrap_err().to_string(), importing);
    }
}

/// A folder as others make them: without galley's own notes.
fn from_elsewhere(options: &Options) -> (tempfile::TempDir, PathBuf) {
    let (dir, gguf, models) = workshop(options);
    let folder = import(&gguf, &models).unwrap();
    fs::remove_file(folder.dir.join(META_FILE)).unwrap();
    (dir, folder.dir)
}

#[test]
fn a_folder_from_elsewhere_is_cut_and_noted_as_its_gguf_would_be() {
    for (architecture, context) in
        [("gemma2", tiny::GEMMA2_WINDOW), ("phi3", tiny::PHI3_ORIGINAL), ("llama", 4096)]
    {
        let options = Options { weights: tiny::Weights::Floats, ..options(architecture) };
        let (_dir, folder) = from_elsewhere(&options);
        let meta = ModelFolder::open(&folder).unwrap().meta;
        assert_eq!((meta.context, meta.architecture.as_str()), (context, architecture));
        let said = meta.notes.iter().any(|note| note.contains(&context.to_string()));
        // Gemma's folder states no more than what is used of it.
        assert_eq!(said, architecture == "phi3", "{architecture}: {:?}", meta.notes);
    }
}

#[test]
fn a_folder_from_elsewhere_of_an_unknown_family_is_refused_by_name() {
    let (_dir, folder) = from_elsewhere(&Options::default());
    let mut config: Value =
        serde_json::from_slice(&fs::read(folder.join("config.json")).unwrap()).unwrap();
    config["model_type"] = "smollm3".into();
    config["architectures"][0] = "SmolLM3ForCausalLM".into();
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let message = ModelFolder::open(&folder).unwrap_err().to_string();
    assert!(message.contains("architecture \"smollm3\""), "{message}");
}

#[test]
fn a_folder_from_elsewhere_costs_the_weights_that_are_there() {
    let (_dir, folder) = from_elsewhere(&Options::default());
    let values: usize =
        floats_in(&folder.join(FLOATS_FILE)).values().map(|(_, values)| values.len()).sum();
    let cost = Cost::of_model(&ModelFolder::open(&folder).unwrap(), "tiny").unwrap();
    assert_eq!(cost.linear_params + cost.embedding_params, values as u64);
    assert_eq!(cost.embedding_params, (tiny::VOCAB * tiny::HIDDEN) as u64);
    assert_eq!((cost.block_bytes, cost.tied), (None, false));
}
