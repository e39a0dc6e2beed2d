//! `galley tokens FILE...`: how many tokens documents have for a model.

use std::path::PathBuf;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokenizers::Tokenizer;

use super::output::{complain, print_line};
use super::{DONE, SOME_FAILED, extract};
use crate::engine::Engine as _;
use crate::engine::rules::RulesEngine;
use crate::models::hashes::hex;
use crate::models::resolve::{Resolved, resolve};
use crate::models::tokenizer::{encode_document, tokenizer_from_folder, tokenizer_from_gguf};
use crate::paths::Paths;

pub fn main(
    files: &[PathBuf],
    model: Option<&str>,
    as_json: bool,
    paths: &Paths,
) -> Result<u8, String> {
    let tokenizer = model.map(|model| tokenizer(model, paths)).transpose()?.flatten();
    let estimate = RulesEngine::new();
    let mut failed = false;
    for file in files {
        let text = match extract::read(file, paths) {
            Ok(document) => document.text,
            Err(why) => {
                complain(&why);
                failed = true;
                continue;
            }
        };
        let name = file.to_string_lossy();
        let (tokens, ids) = match &tokenizer {
            Some(tokenizer) => {
                let ids = encode_document(tokenizer, &text);
                (ids.len(), Some(ids_sha256(&ids)))
            }
            None => (estimate.count(&text), None),
        };
        if as_json {
            let line = json!({ "file": name, "tokens": tokens, "ids_sha256": ids });
            print_line(&line.to_string());
        } else if ids.is_some() {
            print_line(&format!("{tokens:>10}  {name}"));
        } else {
            print_line(&format!(
                "{tokens:>10}  {name} (estimate; name a --model to count exactly)"
            ));
        }
    }
    Ok(if failed { SOME_FAILED } else { DONE })
}

fn tokenizer(model: &str, paths: &Paths) -> Result<Option<Tokenizer>, String> {
    let tokenizer = match resolve(model, paths).map_err(|e| e.to_string())? {
        Resolved::None => return Ok(None),
        Resolved::Gguf(file) => tokenizer_from_gguf(&file),
        Resolved::Folder(dir) => tokenizer_from_folder(&dir),
        Resolved::NotPulled(entry) => {
            return Err(format!("Fetch the model first: galley models pull {}.", entry.name));
        }
    };
    tokenizer.map(Some).map_err(|e| e.to_string())
}

/// SHA-256 of the ids in decimal, joined by commas.
fn ids_sha256(ids: &[u32]) -> String {
    let joined: Vec<String> = ids.iter().map(u32::to_string).collect();
    hex(&Sha256::digest(joined.join(",").as_bytes()))
}
