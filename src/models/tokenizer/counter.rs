//! Tokens of documents where no model is loaded: by tiktoken where a vocabulary
//! is one of its kind, by the `tokenizers` library otherwise, with the same ids.

use std::path::Path;

use tokenizers::Tokenizer;
use unicode_normalization::UnicodeNormalization as _;

use super::ranks::Ranks;
use super::vocabulary::{Scheme, Vocabulary};
use super::{encode_document, from_vocabulary, tokenizer_from_folder};
use crate::domain::encoding;
use crate::models::error::ModelError;
use crate::models::gguf::Gguf;

/// Counts a model's tokens without its weights.
pub struct Counter {
    encoder: Encoder,
}

enum Encoder {
    Ranks {
        ranks: Box<Ranks>,
        /// Whether text is composed first.
        composes: bool,
    },
    Library(Box<Tokenizer>),
}

impl Counter {
    /// For a GGUF, also for one that holds a vocabulary and no weights.
    ///
    /// # Errors
    /// As [`super::tokenizer_from_gguf`].
    pub fn from_gguf(gguf: &Path) -> Result<Self, ModelError> {
        let vocabulary = Vocabulary::of(&Gguf::open(gguf)?)?;
        let composes = matches!(&vocabulary.scheme, Scheme::ByteLevel { cut, .. } if cut.composes);
        let encoder = match Ranks::of(&vocabulary) {
            Some(ranks) => Encoder::Ranks { ranks: Box::new(ranks), composes },
            None => Encoder::Library(Box::new(from_vocabulary(gguf, &vocabulary)?)),
        };
        Ok(Self { encoder })
    }

    /// For a native model folder.
    ///
    /// # Errors
    /// As [`tokenizer_from_folder`].
    pub fn from_folder(dir: &Path) -> Result<Self, ModelError> {
        Ok(Self { encoder: Encoder::Library(Box::new(tokenizer_from_folder(dir)?)) })
    }

    /// Whether tiktoken does the counting.
    #[must_use]
    pub fn is_tiktoken(&self) -> bool {
        matches!(self.encoder, Encoder::Ranks { .. })
    }

    /// The ids of text that came from a document, as [`encode_document`] gives
    /// them; `None` where a library gave up on a piece of it.
    #[must_use]
    pub fn ids(&self, text: &str) -> Option<Vec<u32>> {
        match &self.encoder {
            Encoder::Library(tokenizer) => Some(encode_document(tokenizer, text)),
            Encoder::Ranks { ranks, composes: true } => {
                ids_in_pieces(ranks, &text.nfc().collect::<String>())
            }
            Encoder::Ranks { ranks, composes: false } => ids_in_pieces(ranks, text),
        }
    }
}

fn ids_in_pieces(ranks: &Ranks, text: &str) -> Option<Vec<u32>> {
    let mut ids = Vec::new();
    for piece in encoding::pieces(text) {
        ids.extend(ranks.ids(piece)?);
    }
    Some(ids)
}
