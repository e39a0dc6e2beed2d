//! `galley tokens FILE...`: how many tokens documents have for a model.

use std::path::PathBuf;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::extract::Reader;
use super::output::{complain, print_line};
use super::{DONE, SOME_FAILED};
use crate::engine::Engine as _;
use crate::engine::rules::RulesEngine;
use crate::models::hashes::hex;
use crate::models::resolve::{Resolved, resolve};
use crate::models::tokenizer::Counter;
use crate::models::{catalogue, require_entry};
use crate::paths::Paths;

pub fn main(
    files: &[PathBuf],
    model: Option<&str>,
    as_json: bool,
    paths: &Paths,
) -> Result<u8, String> {
    let counter = model.map(|model| counter(model, paths)).transpose()?.flatten();
    let estimate = RulesEngine::new();
    let reader = Reader::new(paths)?;
    let mut failed = false;
    for file in files {
        let text = match reader.read(file) {
            Ok(document) => document.text,
            Err(why) => {
                complain(&why);
                failed = true;
                continue;
            }
        };
        let name = file.to_string_lossy();
        let (tokens, ids) = match &counter {
            Some(counter) => {
                let Some(ids) = counter.ids(&text) else {
                    complain(&format!(
                        "{name} could not be cut into tokens: its text is too unlike any language. \
                         Leave it out, or count it with --model none."
                    ));
                    failed = true;
                    continue;
                };
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

fn counter(model: &str, paths: &Paths) -> Result<Option<Counter>, String> {
    let counter = match resolve(model, paths).map_err(|e| e.to_string())? {
        Resolved::None => return Ok(None),
        Resolved::Gguf(file) => {
            // A name of the catalogue promises what is in the file; a path does not.
            if let Some(entry) = catalogue::find(model) {
                require_entry(entry, &file, &paths.models(), &mut |_, _| ())
                    .map_err(|e| e.to_string())?;
            }
            Counter::from_gguf(&file)
        }
        Resolved::Folder(dir) => Counter::from_folder(&dir),
        Resolved::Server(_) => {
            return Err("A server does not show its tokens; name a model on this machine.".into());
        }
        Resolved::NotPulled(entry) => {
            return Err(format!("Fetch the model first: galley models pull {}.", entry.name));
        }
    };
    counter.map(Some).map_err(|e| e.to_string())
}

/// SHA-256 of the ids in decimal, joined by commas.
fn ids_sha256(ids: &[u32]) -> String {
    let joined: Vec<String> = ids.iter().map(u32::to_string).collect();
    hex(&Sha256::digest(joined.join(",").as_bytes()))
}
