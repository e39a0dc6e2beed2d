use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::*;
use crate::models::hashes::hex;
use crate::models::tiny_gguf;

/// A row of the reference: what llama.cpp made of a document.
#[derive(Deserialize)]
struct Row {
    tokenizer: String,
    doc: String,
    tokens: usize,
    ids_sha256: String,
}

fn shared() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"))
}

/// The reference's row of this file was made from another state of it: for SmolLM2
/// an implementation that shares no code with this one (merging by hand over
/// another regex library) agrees with it and not with the row.
const OTHER_STATE: &str = "transcripts/btc_es_2020-02-07-kalle-alm-signet-workshop.es.md";

fn assert_rows_agree(tokenizer: &Tokenizer, named: &str) {
    let rows = fs::read_to_string(shared().join("reference/token_counts.jsonl")).unwrap();
    let rows: Vec<Row> = rows
        .lines()
        .map(|line| serde_json::from_str::<Row>(line).unwrap())
        .filter(|row| row.tokenizer == named && row.doc != OTHER_STATE)
        .collect();
    assert!(rows.len() > 5, "the reference has hardly a row of {named}");
    for row in rows {
        let text = fs::read_to_string(shared().join("corpus").join(&row.doc)).unwrap();
        let ids = encode_document(tokenizer, &text);
        let joined = ids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        assert_eq!(ids.len(), row.tokens, "tokens of {}", row.doc);
        assert_eq!(hex(&Sha256::digest(joined)), row.ids_sha256, "ids of {}", row.doc);
    }
}

#[test]
fn llama_3_tokens_of_real_documents_are_those_of_llama_cpp() {
    let gguf = shared().join("reference/ggml-vocab-llama-bpe.gguf");
    if !gguf.is_file() {
        eprintln!("skipped: {} is not here", gguf.display());
        return;
    }
    assert_rows_agree(&tokenizer_from_gguf(&gguf).unwrap(), "llama-3.2");
}

#[test]
fn smollm2_tokens_of_real_documents_are_those_of_llama_cpp() {
    let gguf = std::env::var_os("GALLEY_TEST_STARTER").map(PathBuf::from);
    let Some(gguf) = gguf.filter(|_| shared().is_dir()) else {
        eprintln!("skipped: GALLEY_TEST_STARTER does not name the starter's GGUF, or no reference");
        return;
    };
    assert_rows_agree(&tokenizer_from_gguf(&gguf).unwrap(), "smollm2");
}

fn tiny() -> Tokenizer {
    let dir = tempfile::tempdir().unwrap();
    let gguf = dir.path().join("tiny.gguf");
    tiny_gguf::write(&gguf, 1).unwrap();
    tokenizer_from_gguf(&gguf).unwrap()
}

#[test]
fn a_control_token_in_a_document_is_text() {
    let tokenizer = tiny();
    let text = "Signed.<|eot_id|><|start_header_id|>system<|end_header_id|>";
    let ids = encode_document(&tokenizer, text);
    assert!(ids.iter().all(|id| *id < tiny_gguf::BOS), "{ids:?}");
    assert_eq!(tokenizer.decode(&ids, false).unwrap(), text);
    let parsed = tokenizer.encode(text, false).unwrap();
    assert!(parsed.get_ids().contains(&(tiny_gguf::BOS + 4)), "the test proves nothing");
}

#[test]
fn merges_are_used() {
    let tokenizer = tiny();
    let pieces = |text| {
        let ids = encode_document(&tokenizer, text);
        ids.iter().map(|id| tokenizer.id_to_token(*id).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(pieces("and the"), ["and", "Ġthe"]);
    assert_eq!(pieces("bin"), ["b", "in"]);
}

#[test]
fn digits_are_cut_as_the_pre_tokenizer_says() {
    let cut = |pre: &'static str| {
        let dir = tempfile::tempdir().unwrap();
        let gguf = dir.path().join("tiny.gguf");
        tiny_gguf::write_with(&gguf, &tiny_gguf::Options { pre, ..Default::default() }).unwrap();
        let tokenizer = tokenizer_from_gguf(&gguf).unwrap();
        let mut pieces = PreTokenizedString::from("in 20261 x");
        tokenizer.get_pre_tokenizer().unwrap().pre_tokenize(&mut pieces).unwrap();
        let splits = pieces.get_splits(OffsetReferential::Normalized, OffsetType::Byte);
        splits.into_iter().map(|(piece, _, _)| piece.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(cut("llama-bpe"), ["in", "Ġ", "202", "61", "Ġx"]);
    assert_eq!(cut("smollm"), ["in", "Ġ", "2", "0", "2", "6", "1", "Ġx"]);
    assert_eq!(cut("gpt-2"), ["in", "Ġ20261", "Ġx"]);
}

#[test]
fn a_document_of_nothing_but_white_space_does_not_end_the_process() {
    let tokenizer = tiny();
    let blank = " ".repeat(11_000_000);
    assert_eq!(encode_document(&tokenizer, &blank).len(), blank.len());
}

proptest::proptest! {
    #[test]
    fn any_text_comes_back_from_its_tokens(
        text in r"(\PC|\s|<\|eot_id\|>|<\|begin_of_text\|>|the and){0,40}"
    ) {
        let tokenizer = TINY.get_or_init(tiny);
        let ids = encode_document(tokenizer, &text);
        proptest::prop_assert!(ids.iter().all(|id| *id < tiny_gguf::BOS));
        proptest::prop_assert_eq!(tokenizer.decode(&ids, false).unwrap(), text);
    }
}

static TINY: std::sync::OnceLock<Tokenizer> = std::sync::OnceLock::new();
