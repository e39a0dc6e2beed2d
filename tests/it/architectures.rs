//! A tiny random model of every architecture that is imported, from its GGUF to
//! tokens in each form. What the tokens have to be was computed by llama.cpp
//! (llama-cpp-python 0.3.36, one thread, F32 weights, `eval` and the largest
//! score) from the very file that these tests write with [`Weights::Rounded`].

use std::path::Path;

use galley::engine::Cancel;
use galley::engine::mistral::{LoadSpec, MistralEngine};
use galley::models::{Form, ModelFolder, import_gguf};

use crate::support::tiny_engine::{SETTINGS, spec_of};
use crate::support::tiny_gguf::{self as tiny, Options, Weights};

struct Case {
    options: Options,
    /// llama.cpp's answer to [`prompt`]: 24 tokens, or up to its end.
    greedy: Vec<u32>,
}

/// Tokens of an answer that forms with blocks may draw otherwise. There the
/// vectors, too, are rounded to eight bits before they are multiplied, so that
/// two scores that lie close may change places: seen at two places of 24 at most.
/// Since each token is drawn after llama.cpp's own answer so far, one such place
/// has no effect on those after it.
const NEAR_TIES: usize = 3;

fn prompt() -> Vec<u32> {
    (0..40).map(|n| (n * 37 + 11) % 256).collect()
}

fn cases() -> Vec<Case> {
    let of = |architecture, head, tied, greedy: &[u32]| Case {
        options: Options { architecture, head, tied, ..Options::default() },
        greedy: greedy.to_vec(),
    };
    vec![
        of(
            "llama",
            16,
            false,
            &[
                81, 21, 185, 111, 152, 179, 81, 206, 268, 159, 97, 249, 192, 228, 175, 245, 42,
                229, 188, 256, 158, 115, 251, 88,
            ],
        ),
        // As Mistral Nemo: heads that are wider than their share.
        of(
            "llama",
            32,
            false,
            &[
                111, 2, 152, 33, 0, 247, 112, 95, 14, 265, 174, 82, 255, 262, 78, 24, 92, 191, 112,
                95, 228, 161, 230, 252,
            ],
        ),
        of(
            "qwen2",
            16,
            true,
            &[
                61, 100, 2, 229, 7, 258, 61, 229, 7, 128, 128, 23, 23, 7, 204, 204, 181, 258, 258,
                258, 258, 229, 211, 159,
            ],
        ),
        of(
            "qwen3",
            32,
            false,
            &[
                187, 204, 247, 69, 207, 238, 33, 109, 53, 106, 187, 35, 247, 62, 247, 62, 247, 62,
                247, 62, 247, 62, 247, 62,
            ],
        ),
        // Rotated in part, by stretched frequencies.
        of(
            "phi3",
            16,
            false,
            &[
                46, 82, 40, 43, 256, 82, 230, 26, 241, 57, 162, 78, 57, 57, 22, 229, 251, 210, 136,
                249, 57, 245, 249, 57,
            ],
        ),
        of(
            "gemma2",
            32,
            true,
            &[74, 53, 26, 261, 50, 50, 11, 186, 186, 253, 188, 73, 241, 51, 253, 157, 221, 267],
        ),
    ]
}

/// The model as `weights` has it, imported below `dir`.
fn imported(dir: &Path, options: &Options, weights: Weights) -> ModelFolder {
    let gguf = dir.join("tiny.gguf");
    tiny::write_with(&gguf, &Options { weights, ..options.clone() }).expect("written");
    import_gguf(&gguf, &dir.join("models"), &mut |_| {}).expect("imported")
}

fn loaded(folder: &ModelFolder, form: Form) -> MistralEngine {
    let scratch = folder.dir.parent().expect("a folder of models");
    let staged = folder.stage(form, scratch, &mut |_, _| {}).expect("staged");
    let spec = LoadSpec {
        dir: staged.dir.clone(),
        uqff: staged.uqff.clone(),
        weights: form.to_string(),
        ..spec_of(folder.clone())
    };
    let engine = MistralEngine::load(&spec, &SETTINGS).expect("a whole model");
    let dir = staged.dir.clone();
    drop(staged);
    assert_eq!(dir.exists(), dir == folder.dir, "only what was made for loading goes");
    engine
}

fn answer(folder: &ModelFolder, form: Form, tokens: usize) -> Vec<u32> {
    draw(&loaded(folder, form), &prompt(), tokens)
}

fn draw(engine: &MistralEngine, ids: &[u32], tokens: usize) -> Vec<u32> {
    engine.generate_ids(ids, tokens, false, &Cancel::new()).expect("tokens")
}

/// How many tokens of llama.cpp's answer are also drawn after all that it has
/// before them.
fn agreed(engine: &MistralEngine, greedy: &[u32]) -> usize {
    let is_drawn = |at: &usize| {
        let before = [&prompt(), &greedy[..*at]].concat();
        draw(engine, &before, 1).first() == Some(&greedy[*at])
    };
    (0..greedy.len()).filter(is_drawn).count()
}

#[test]
fn every_architecture_answers_as_llama_cpp_does_from_floats_and_from_blocks() {
    for case in cases() {
        let name = case.options.architecture;
        let dir = tempfile::tempdir().expect("a folder");
        let floats = imported(dir.path(), &case.options, Weights::Rounded);
        assert_eq!(floats.forms(), [Form::Floats], "{name}");
        let whole = case.greedy.len();
        assert_eq!(answer(&floats, Form::Floats, whole), case.greedy, "{name}, a file of floats");
        let blocks = imported(dir.path(), &case.options, Weights::Blocks);
        assert_eq!(answer(&blocks, Form::Floats, whole), case.greedy, "{name}, blocks as floats");
        for form in [Form::Blocks, Form::FloatsWithBlockHead] {
            let agreed = agreed(&loaded(&blocks, form), &case.greedy);
            assert!(agreed + NEAR_TIES >= whole, "{name}, {form:?}: {agreed} of {whole}");
        }
    }
}

#[test]
fn a_context_that_the_engine_would_compute_otherwise_is_cut_and_noted() {
    for (architecture, context) in
        [("gemma2", tiny::GEMMA2_WINDOW), ("phi3", tiny::PHI3_ORIGINAL), ("qwen3", 4096)]
    {
        let dir = tempfile::tempdir().expect("a folder");
        let tied = architecture == "gemma2";
        let options = Options { architecture, tied, ..Options::default() };
        let meta = imported(dir.path(), &options, Weights::Blocks).meta;
        assert_eq!(meta.context, context, "{architecture}");
        let said = meta.notes.iter().any(|note| note.contains(&context.to_string()));
        assert_eq!(said, context < 4096, "{architecture}: {:?}", meta.notes);
    }
}
