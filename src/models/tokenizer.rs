//! Tokenizers: one built from a GGUF's vocabulary, one read from a native
//! folder, and the one way in which document text becomes tokens. Knows nothing
//! of weights or of the engine.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use tokenizers::{
    Model as _, NormalizedString, Normalizer as _, OffsetReferential, OffsetType,
    PreTokenizedString, PreTokenizer as _, Tokenizer,
};

use super::error::ModelError;
use super::gguf::Gguf;

/// Names under which the models of this family end a turn or a text. A file
/// names one of them as its end, but generation has to stop at each.
const END_TOKENS: [&str; 5] =
    ["<|eot_id|>", "<|end_of_text|>", "<|im_end|>", "<|endoftext|>", "<|eom_id|>"];

/// White space, in characters, that is encoded in one go.
const LONGEST_BLANK: usize = 1_000_000;

/// Token types of GGUF (`tokenizer.ggml.token_type`).
const UNKNOWN: usize = 2;
const CONTROL: usize = 3;
const USER_DEFINED: usize = 4;

/// How text is cut before merging, by the names that GGUF gives.
/// Llama 3's pattern is that of its published tokenizer.
const LLAMA3_PATTERN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const KNOWN_CUTS: &str = "llama-bpe, smollm, gpt-2, default";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Llama3,
    /// Each digit alone, then GPT-2's pattern.
    SmolLm,
    Gpt2,
}

/// A GGUF's vocabulary, with what it says of begin and end.
pub struct Vocabulary {
    tokens: Vec<String>,
    merges: Vec<(String, String)>,
    /// Ids that only the program may write, with `true` for control tokens.
    added: BTreeMap<usize, bool>,
    cut: Cut,
    pub bos: Option<u32>,
    /// Whether a prompt begins with [`Self::bos`].
    pub add_bos: bool,
    /// The file's own end token, for what takes only one.
    eos: Option<u32>,
    /// Every token that ends an answer, ascending.
    pub end_tokens: Vec<u32>,
    chat_template: Option<String>,
}

impl Vocabulary {
    /// # Errors
    /// Names what is missing or not supported: the tokenizer's kind, its
    /// pre-tokenizer, its lists.
    pub fn of(gguf: &Gguf) -> Result<Self, ModelError> {
        let path = gguf.path();
        let kind = gguf.text("tokenizer.ggml.model").unwrap_or("(none)");
        if kind != "gpt2" {
            return Err(ModelError::TokenizerKind {
                path: path.to_owned(),
                found: kind.to_owned(),
            });
        }
        let cut = read_cut(gguf)?;
        let tokens: Vec<String> =
            gguf.texts("tokenizer.ggml.tokens")?.into_iter().map(str::to_owned).collect();
        let merges = gguf
            .texts("tokenizer.ggml.merges")?
            .into_iter()
            .map(|merge| split_merge(path, merge))
            .collect::<Result<_, _>>()?;
        let id_of = |key: &str| {
            let id = gguf.number(&format!("tokenizer.ggml.{key}"))?;
            u32::try_from(id).ok().filter(|_| id < tokens.len())
        };
        let eos = id_of("eos_token_id");
        let mut end_tokens: Vec<u32> =
            [eos, id_of("eot_token_id"), id_of("eom_token_id")].into_iter().flatten().collect();
        end_tokens.extend(
            (0_u32..).zip(&tokens).filter(|(_, t)| END_TOKENS.contains(&t.as_str())).map(|t| t.0),
        );
        end_tokens.sort_unstable();
        end_tokens.dedup();
        if end_tokens.is_empty() {
            return Err(ModelError::missing(path, "a token that ends an answer"));
        }
        let added = added_tokens(gguf, tokens.len(), &end_tokens)?;
        Ok(Self {
            added,
            bos: id_of("bos_token_id"),
            add_bos: gguf.flag("tokenizer.ggml.add_bos_token").unwrap_or(cut == Cut::Llama3),
            eos,
            end_tokens,
            chat_template: gguf.text("tokenizer.chat_template").map(str::to_owned),
            cut,
            merges,
            tokens,
        })
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The tokenizer in the format of the `tokenizers` library. It never adds a
    /// begin token by itself: chat templates write their own.
    #[must_use]
    pub fn tokenizer_json(&self) -> Value {
        let byte_level = |use_regex: bool| {
            json!({
                "type": "ByteLevel",
                "add_prefix_space": false,
                "trim_offsets": true,
                "use_regex": use_regex,
            })
        };
        let pre_tokenizer = match self.cut {
            Cut::Gpt2 => byte_level(true),
            Cut::SmolLm => json!({
                "type": "Sequence",
                "pretokenizers": [
                    { "type": "Digits", "individual_digits": true },
                    byte_level(true),
                ],
            }),
            Cut::Llama3 => json!({
                "type": "Sequence",
                "pretokenizers": [
                    {
                        "type": "Split",
                        "pattern": { "Regex": LLAMA3_PATTERN },
                        "behavior": "Isolated",
                        "invert": false,
                    },
                    byte_level(false),
                ],
            }),
        };
        let added: Vec<Value> = self
            .added
            .iter()
            .map(|(id, special)| {
                json!({
                    "id": id,
                    "content": self.tokens[*id],
                    "single_word": false,
                    "lstrip": false,
                    "rstrip": false,
                    "normalized": false,
                    "special": special,
                })
            })
            .collect();
        let vocab: serde_json::Map<String, Value> =
            self.tokens.iter().enumerate().map(|(id, token)| (token.clone(), id.into())).collect();
        json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": added,
            "normalizer": null,
            "pre_tokenizer": pre_tokenizer,
            "post_processor": null,
            "decoder": byte_level(true),
            "model": {
                "type": "BPE",
                "dropout": null,
                "unk_token": null,
                "continuing_subword_prefix": null,
                "end_of_word_suffix": null,
                "fuse_unk": false,
                "byte_fallback": false,
                "ignore_merges": self.cut == Cut::Llama3,
                "vocab": vocab,
                "merges": self.merges,
            },
        })
    }

    /// `tokenizer_config.json`: the chat template and the tokens it may name.
    #[must_use]
    pub fn config_json(&self, context: usize) -> Value {
        let mut config = json!({
            "tokenizer_class": "PreTrainedTokenizerFast",
            "add_bos_token": self.add_bos,
            "bos_token": self.token(self.bos),
            "eos_token": self.token(self.eos.or(self.end_tokens.first().copied())),
            "clean_up_tokenization_spaces": false,
            "model_max_length": context,
        });
        if let Some(template) = &self.chat_template {
            config["chat_template"] = template.as_str().into();
        }
        config
    }

    /// `generation_config.json`: every end token.
    #[must_use]
    pub fn generation_json(&self) -> Value {
        let mut config = json!({ "eos_token_id": self.end_tokens });
        if let Some(bos) = self.bos {
            config["bos_token_id"] = bos.into();
        }
        config
    }

    fn token(&self, id: Option<u32>) -> Option<&str> {
        self.tokens.get(usize::try_from(id?).ok()?).map(String::as_str)
    }
}

/// The tokenizer of a GGUF, also of one that holds a vocabulary and no weights.
///
/// # Errors
/// As [`Gguf::open`] and [`Vocabulary::of`], and [`ModelError::Damaged`] where
/// the lists contradict each other.
pub fn tokenizer_from_gguf(gguf: &Path) -> Result<Tokenizer, ModelError> {
    let opened = Gguf::open(gguf)?;
    parse(gguf, Vocabulary::of(&opened)?.tokenizer_json().to_string().as_bytes())
}

/// The tokenizer of a native folder.
///
/// # Errors
/// [`ModelError::Read`], or [`ModelError::Damaged`] where `tokenizer.json` makes
/// no sense.
pub fn tokenizer_from_folder(dir: &Path) -> Result<Tokenizer, ModelError> {
    let path = dir.join("tokenizer.json");
    let bytes = std::fs::read(&path).map_err(ModelError::read(&path))?;
    parse(&path, &bytes)
}

/// A tokenizer that cannot take any text is refused here, so that encoding has
/// no errors later.
pub(super) fn parse(path: &Path, json: &[u8]) -> Result<Tokenizer, ModelError> {
    let wrong = |error: tokenizers::Error| {
        ModelError::damaged(path, format!("its tokenizer is wrong ({error})"))
    };
    let tokenizer = Tokenizer::from_bytes(json).map_err(wrong)?;
    encode_plain(&tokenizer, "a 1\0\n\u{e9}\u{6f22}\u{1f999}\u{10ffff}").map_err(wrong)?;
    Ok(tokenizer)
}

/// Tokens of text that came from a document: no begin token, and whatever looks
/// like a control token (`<|eot_id|>`) is text like any other, so that a
/// document cannot end a turn or begin another. Everyone who counts or submits
/// document text uses this function.
#[must_use]
pub fn encode_document(tokenizer: &Tokenizer, text: &str) -> Vec<u32> {
    let mut ids = Vec::new();
    for piece in pieces(text) {
        ids.extend(encode_plain(tokenizer, piece).unwrap_or_default());
    }
    ids
}

/// The whole text, unless white space in it goes on for longer than the library
/// bears: its regex engine panics after ten million steps back in one match.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut run) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        run = if letter.is_whitespace() { run + 1 } else { 0 };
        if run == LONGEST_BLANK {
            pieces.push(&text[start..at]);
            (start, run) = (at, 0);
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// The library's own steps without its first, which looks for added tokens, and
/// its last, which adds begin and end.
fn encode_plain(tokenizer: &Tokenizer, text: &str) -> tokenizers::Result<Vec<u32>> {
    let mut normalized = NormalizedString::from(text);
    if let Some(normalizer) = tokenizer.get_normalizer() {
        normalizer.normalize(&mut normalized)?;
    }
    let mut pieces = PreTokenizedString::from(normalized);
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

fn read_cut(gguf: &Gguf) -> Result<Cut, ModelError> {
    match gguf.text("tokenizer.ggml.pre") {
        Some("llama-bpe" | "llama3" | "llama-v3") => Ok(Cut::Llama3),
        Some("smollm") => Ok(Cut::SmolLm),
        Some("gpt-2" | "default") => Ok(Cut::Gpt2),
        Some(other) => Err(ModelError::PreTokenizer {
            path: gguf.path().to_owned(),
            found: other.to_owned(),
            known: KNOWN_CUTS.to_owned(),
        }),
        None => Err(ModelError::missing(gguf.path(), "the name of its pre-tokenizer")),
    }
}

/// A merge is two tokens with a space between; the first may itself begin with
/// a space in old files.
fn split_merge(path: &Path, merge: &str) -> Result<(String, String), ModelError> {
    let first = merge.chars().next().map_or(0, char::len_utf8);
    merge[first..]
        .find(' ')
        .map(|at| (merge[..first + at].to_owned(), merge[first + at + 1..].to_owned()))
        .ok_or_else(|| ModelError::damaged(path, "a merge does not name two tokens"))
}

fn added_tokens(
    gguf: &Gguf,
    count: usize,
    end_tokens: &[u32],
) -> Result<BTreeMap<usize, bool>, ModelError> {
    let mut added: BTreeMap<usize, bool> = if gguf.has("tokenizer.ggml.token_type") {
        gguf.numbers("tokenizer.ggml.token_type")?
            .into_iter()
            .take(count)
            .enumerate()
            .filter(|(_, kind)| [UNKNOWN, CONTROL, USER_DEFINED].contains(kind))
            .map(|(id, kind)| (id, kind != USER_DEFINED))
            .collect()
    } else {
        BTreeMap::new()
    };
    // Some files type an end token as ordinary text; it would never be found.
    added.extend(end_tokens.iter().map(|id| (*id as usize, true)));
    Ok(added)
}

#[cfg(test)]
mod tests;
