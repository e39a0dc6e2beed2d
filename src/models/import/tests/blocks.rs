//! Quantized weights on their way: what is written of them at rest, and what is
//! made of that for loading.

use std::sync::Arc;

use candle_core::Tensor;
use candle_core::quantized::ggml_file;
use mistralrs_quant::{GgufMatMul, QuantMethod, QuantMethodConfig, QuantizedSerde};

use super::*;
use crate::models::form::Form;
use crate::models::tiny_gguf::Weights;
use crate::models::weights::{BLOCKS_FILE, EMBEDDING_FILE, RESIDUAL_FILE};

/// The kinds of blocks that the engine knows: ggml's number, values in a block,
/// bytes of a block.
const KNOWN: [(u32, usize, usize); 10] = [
    (2, 32, 18),
    (3, 32, 20),
    (6, 32, 22),
    (7, 32, 24),
    (8, 32, 34),
    (10, 256, 84),
    (11, 256, 110),
    (12, 256, 144),
    (13, 256, 176),
    (14, 256, 210),
];

/// A model of random blocks, wide enough for the large kinds.
fn of_blocks(kind: u32, values: usize, bytes: usize, architecture: &'static str) -> Options {
    let weights = Weights::Any { kind, values, bytes };
    Options {
        architecture,
        hidden: 256,
        feed_forward: 256,
        head: 64,
        weights,
        ..Options::default()
    }
}

/// The rows of a tensor as they stand in the file, put in Hugging Face's order
/// where there are heads.
fn raw_tensor(gguf: &Path, name: &str, heads: Option<usize>) -> (GgmlDType, Vec<usize>, Vec<u8>) {
    let mut reader = BufReader::new(File::open(gguf).unwrap());
    let content = gguf_file::Content::read(&mut reader).unwrap();
    let tensor = content.tensor(&mut reader, name, &Device::Cpu).unwrap();
    let (dims, bytes) = (tensor.shape().dims().to_vec(), tensor.data().unwrap().to_vec());
    let Some(heads) = heads else { return (tensor.dtype(), dims, bytes) };
    let (row, head) = (bytes.len() / dims[0], dims[0] / heads);
    let place = |n: usize| {
        let (in_head, half) = (n % head, head / 2);
        n - in_head + in_head % half * 2 + in_head / half
    };
    let sorted = (0..dims[0]).flat_map(|n| bytes[place(n) * row..][..row].to_vec()).collect();
    (tensor.dtype(), dims, sorted)
}

/// The entry as the engine's own writer makes it.
fn entry_of(gguf: &Path, name: &str, heads: Option<usize>, bias: Option<Vec<f32>>) -> Vec<u8> {
    let (kind, dims, bytes) = raw_tensor(gguf, name, heads);
    let blocks = ggml_file::qtensor_from_ggml(kind, &bytes, dims, &Device::Cpu).unwrap();
    let b = bias.map(|values| Tensor::new(values, &Device::Cpu).unwrap());
    let config = QuantMethodConfig::Gguf { q_weight: Arc::new(blocks), b };
    GgufMatMul::new(config).unwrap().serialize().unwrap().into_owned()
}

/// The linear layers of a tiny model's layer in the engine's order, and how many
/// heads' rows have to be put back in order.
const LINEARS: [(&str, Option<usize>); 7] = [
    ("attn_q", Some(tiny::HEADS)),
    ("attn_k", Some(tiny::KV_HEADS)),
    ("attn_v", None),
    ("attn_output", None),
    ("ffn_gate", None),
    ("ffn_up", None),
    ("ffn_down", None),
];

#[test]
fn blocks_arrive_bit_for_bit_as_the_engine_itself_would_write_them() {
    for (kind, values, bytes) in KNOWN {
        let (_dir, gguf, models) = workshop(&of_blocks(kind, values, bytes, "llama"));
        let folder = import(&gguf, &models).unwrap();
        let file = fs::read(folder.dir.join(BLOCKS_FILE)).unwrap();
        let tensors = SafeTensors::deserialize(&file).unwrap();
        assert_eq!(tensors.len(), 1 + 2 * LINEARS.len());
        let written = |place: usize| tensors.tensor(&place.to_string()).unwrap().data().to_vec();
        assert!(written(0) == entry_of(&gguf, "output.weight", None, None), "output, {kind}");
        for layer in 0..2 {
            for (n, (name, heads)) in LINEARS.iter().enumerate() {
                let name = format!("blk.{layer}.{name}.weight");
                let place = 1 + layer * LINEARS.len() + n;
                assert!(written(place) == entry_of(&gguf, &name, *heads, None), "{name}, {kind}");
            }
        }
        let file = fs::read(folder.dir.join(EMBEDDING_FILE)).unwrap();
        let tensors = SafeTensors::deserialize(&file).unwrap();
        let embedding = tensors.tensor("model.embed_tokens").unwrap().data().to_vec();
        assert!(embedding == entry_of(&gguf, "token_embd.weight", None, None), "{kind}");
        let (here, there) = (folder_bytes(&folder.dir), fs::metadata(&gguf).unwrap().len());
        assert!(here < there + 60_000, "{here} bytes for {there}");
    }
}

fn folder_bytes(dir: &Path) -> u64 {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
}

#[test]
fn biases_stand_behind_their_blocks() {
    let (_dir, gguf, models) = workshop(&of_blocks(8, 32, 34, "qwen2"));
    let folder = import(&gguf, &models).unwrap();
    let file = fs::read(folder.dir.join(BLOCKS_FILE)).unwrap();
    let tensors = SafeTensors::deserialize(&file).unwrap();
    for (n, (name, _)) in LINEARS.iter().enumerate() {
        let bias = (n < 3).then(|| source_tensor(&gguf, &format!("blk.1.{name}.bias")));
        let expected = entry_of(&gguf, &format!("blk.1.{name}.weight"), None, bias);
        let place = (1 + LINEARS.len() + n).to_string();
        assert!(tensors.tensor(&place).unwrap().data() == expected, "{name}");
    }
}

#[test]
fn staged_floats_are_what_the_blocks_stand_for() {
    let (_dir, gguf, models) = workshop(&Options::default());
    for kind in [GgmlDType::Q4_1, GgmlDType::Q8_0] {
        let gguf = quantized(&gguf, kind);
        let folder = import(&gguf, &models).unwrap();
        let mut steps = Vec::new();
        let staged =
            folder.stage(Form::Floats, &models, &mut |done, of| steps.push((done, of))).unwrap();
        assert_eq!(staged.uqff, None);
        let total = fs::metadata(staged.dir.join(FLOATS_FILE)).unwrap().len();
        assert!(steps.len() > 10 && steps.is_sorted_by_key(|(done, _)| *done), "{steps:?}");
        // Everything but the normalisations and the header.
        let (done, of) = *steps.last().unwrap();
        assert!(done == of && of < total && of > total / 10 * 9, "{done} of {of}, {total} bytes");
        let floats = floats_in(&staged.dir.join(FLOATS_FILE));
        for (from, to) in [
            ("token_embd.weight", "model.embed_tokens.weight"),
            ("output.weight", "lm_head.weight"),
            ("blk.1.ffn_down.weight", "model.layers.1.mlp.down_proj.weight"),
            ("output_norm.weight", "model.norm.weight"),
        ] {
            assert_eq!(floats[to].1, source_tensor(&gguf, from), "{to}");
        }
        let (_, dims, _) = raw_tensor(&gguf, "blk.0.attn_q.weight", None);
        assert_eq!(floats["model.layers.0.self_attn.q_proj.weight"].0, dims);
        assert_eq!(json(&folder, "config.json"), {
            let bytes = fs::read(staged.dir.join("config.json")).unwrap();
            serde_json::from_slice::<Value>(&bytes).unwrap()
        });
        let dir = staged.dir.clone();
        drop(staged);
        assert!(!dir.exists() && folder.dir.join(BLOCKS_FILE).exists());
    }
}

#[test]
fn a_stage_for_blocks_holds_the_same_blocks_and_the_embedding_as_floats() {
    for tied in [false, true] {
        let options = Options { tied, weights: Weights::Blocks, ..Options::default() };
        let (_dir, gguf, models) = workshop(&options);
        let folder = import(&gguf, &models).unwrap();
        assert_eq!(folder.dir.join(EMBEDDING_FILE).exists(), !tied);
        let staged = folder.stage(Form::Blocks, &models, &mut |_, _| ()).unwrap();
        assert_eq!(staged.uqff.as_deref(), Some(BLOCKS_FILE));
        let file = |dir: &Path| fs::read(dir.join(BLOCKS_FILE)).unwrap();
        assert!(file(&staged.dir) == file(&folder.dir));
        let floats = floats_in(&staged.dir.join(RESIDUAL_FILE));
        let embedding = source_tensor(&gguf, "token_embd.weight");
        assert_eq!(floats["model.embed_tokens.weight"].1, embedding);
        assert_eq!(floats.len(), 1 + 2 * 2 + 1);
        // The weights' own numbers: 4 bytes a float, 34 for 32 in blocks.
        let meta = &folder.meta;
        let one = (tiny::VOCAB * tiny::HIDDEN) as u64;
        assert_eq!((meta.embedding_params, meta.head_bytes), (one, one / 32 * 34));
        assert_eq!(meta.linear_bytes, meta.linear_params / 32 * 34);
    }
}

#[test]
fn gemmas_norms_lose_the_one_that_the_engine_adds() {
    let options = Options { architecture: "gemma2", tied: true, ..Options::default() };
    let (_dir, gguf, models) = workshop(&options);
    let floats = floats_of(&import(&gguf, &models).unwrap());
    for (from, to) in [
        ("blk.1.post_ffw_norm.weight", "model.layers.1.post_feedforward_layernorm.weight"),
        ("blk.0.ffn_norm.weight", "model.layers.0.pre_feedforward_layernorm.weight"),
        ("output_norm.weight", "model.norm.weight"),
    ] {
        let lowered: Vec<f32> = source_tensor(&gguf, from).iter().map(|v| v - 1.0).collect();
        assert_eq!(floats[to].1, lowered, "{to}");
    }
}

#[test]
fn kinds_that_the_engine_does_not_know_are_written_anew_and_noted() {
    // A type's number changed in the header, of a kind with blocks as large.
    let options = Options { mistype: Some(("blk.1.ffn_up.weight", 20)), ..Options::default() };
    let (_dir, gguf, models) = workshop(&Options { weights: Weights::Fours, ..options });
    let folder = import(&gguf, &models).unwrap();
    let [note] = &folder.meta.notes[..] else { panic!("{:?}", folder.meta.notes) };
    for part in ["1 tensor ", "IQ4_NL", "Q8_0"] {
        assert!(note.contains(part), "{note}");
    }
    let staged = folder.stage(Form::Floats, &models, &mut |_, _| ()).unwrap();
    let floats = floats_in(&staged.dir.join(FLOATS_FILE));
    let up = &floats["model.layers.1.mlp.up_proj.weight"].1;
    assert!(up.iter().all(|v| IQ4_NL.contains(&(v * 1024.0))) && up.contains(&(-127.0 / 1024.0)));
}

/// What `IQ4_NL`'s four bits stand for.
const IQ4_NL: [f32; 16] = [
    -127.0, -104.0, -83.0, -65.0, -49.0, -35.0, -22.0, -10.0, 1.0, 13.0, 25.0, 38.0, 53.0, 69.0,
    89.0, 113.0,
];
