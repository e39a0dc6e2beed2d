//! Tokenizers: one built from a GGUF's vocabulary, one read from a native
//! folder, and the one way in which document text becomes tokens. Knows nothing
//! of weights or of the engine.

mod counter;
mod cut;
mod ranks;
mod sentencepiece;
mod vocabulary;

use std::path::Path;

use serde_json::Value;
use tokenizers::{Model as _, OffsetReferential, OffsetType, PreTokenizer as _, Tokenizer};

use super::error::ModelError;
use super::gguf::Gguf;
use crate::domain::encoding;

pub use counter::Counter;
pub use vocabulary::Vocabulary;

/// The tokenizer of a GGUF, also of one that holds a vocabulary and no weights.
///
/// # Errors
/// As [`Gguf::open`] and [`Vocabulary::of`], and [`ModelError::Damaged`] where
/// the lists contradict each other.
pub fn tokenizer_from_gguf(gguf: &Path) -> Result<Tokenizer, ModelError> {
    from_vocabulary(gguf, &Vocabulary::of(&Gguf::open(gguf)?)?)
}

fn from_vocabulary(gguf: &Path, vocabulary: &Vocabulary) -> Result<Tokenizer, ModelError> {
    let template = vocabulary.chat_template.as_deref().unwrap_or_default();
    plain(gguf, vocabulary.tokenizer_json(), template)
}

/// The tokenizer of a native folder.
///
/// # Errors
/// [`ModelError::Read`], or [`ModelError::Damaged`] where `tokenizer.json` makes
/// no sense.
pub fn tokenizer_from_folder(dir: &Path) -> Result<Tokenizer, ModelError> {
    let path = dir.join("tokenizer.json");
    let tokenizer = read_json(&path)?;
    let settings = dir.join("tokenizer_config.json");
    let settings = if settings.is_file() { read_json(&settings)? } else { Value::Null };
    let template = encoding::chat_template(&settings)
        .map(str::to_owned)
        .or_else(|| std::fs::read_to_string(dir.join("chat_template.jinja")).ok());
    plain(&path, tokenizer, template.as_deref().unwrap_or_default())
}

fn read_json(path: &Path) -> Result<Value, ModelError> {
    let bytes = std::fs::read(path).map_err(ModelError::read(path))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| ModelError::damaged(path, format!("it is no JSON ({error})")))
}

/// The tokenizer without its control tokens, for documents.
fn plain(path: &Path, mut json: Value, template: &str) -> Result<Tokenizer, ModelError> {
    encoding::take_controls(&mut json, template);
    let tokenizer: Tokenizer = serde_json::from_value(json).map_err(|error| wrong(path, &error))?;
    encode_plain(&tokenizer, encoding::ANY_TEXT).map_err(|error| wrong(path, &error))?;
    Ok(tokenizer)
}

/// Makes sure that the engine can use a tokenizer with everything in it. One that
/// cannot take any text is refused here, so that encoding has no errors later.
pub(super) fn check(path: &Path, json: &[u8]) -> Result<(), ModelError> {
    let tokenizer = Tokenizer::from_bytes(json).map_err(|error| wrong(path, &error))?;
    encode_plain(&tokenizer, encoding::ANY_TEXT).map_err(|error| wrong(path, &error))?;
    Ok(())
}

fn wrong(path: &Path, error: &dyn std::fmt::Display) -> ModelError {
    ModelError::damaged(path, format!("its tokenizer is wrong ({error})"))
}

/// Tokens of text that came from a document: no begin token, and whatever looks
/// like a control token (`<|eot_id|>`) is text like any other, so that a
/// document cannot end a turn or begin another. The tokenizer is one that this
/// module made. The engine's prompts are encoded by the same rules
/// ([`crate::domain::encoding`]), and a test holds that the ids are the same.
#[must_use]
pub fn encode_document(tokenizer: &Tokenizer, text: &str) -> Vec<u32> {
    let mut ids = Vec::new();
    for piece in encoding::pieces(text) {
        ids.extend(encode_plain(tokenizer, piece).unwrap_or_default());
    }
    ids
}

/// The library's own steps without its last, which cuts, pads and adds begin and
/// end. There are no control tokens that its first could find.
fn encode_plain(tokenizer: &Tokenizer, text: &str) -> tokenizers::Result<Vec<u32>> {
    let added = tokenizer.get_added_vocabulary();
    let mut pieces = added.extract_and_normalize(tokenizer.get_normalizer(), text);
    if let Some(pre_tokenizer) = tokenizer.get_pre_tokenizer() {
        pre_tokenizer.pre_tokenize(&mut pieces)?;
    }
    pieces.tokenize(|piece| tokenizer.get_model().tokenize(piece.get()))?;
    Ok(pieces
        .get_splits(OffsetReferential::Normalized, OffsetType::Byte)
        .into_iter()
        .filter_map(|(_, _, tokens)| tokens.as_ref())
        .flatten()
        .map(|token| token.id)
        .collect())
}

#[cfg(test)]
mod tests;
