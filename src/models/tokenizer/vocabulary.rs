//! A GGUF's vocabulary: its tokens, how text becomes them, and what the file
//! says of begin and end. Writes the tokenizer's files of a native folder; knows
//! nothing of weights or of the engine.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::cut::{Cut, byte_level};
use super::sentencepiece;
use crate::domain::encoding::is_wording;
use crate::models::error::ModelError;
use crate::models::gguf::Gguf;

/// Names under which models end a turn or a text. A file names one of them as
/// its end, but generation has to stop at each.
const END_TOKENS: [&str; 7] = [
    "<|eot_id|>",
    "<|end_of_text|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|eom_id|>",
    "<|end|>",
    "<end_of_turn>",
];

/// Token types of GGUF (`tokenizer.ggml.token_type`).
const NORMAL: usize = 1;
const UNKNOWN: usize = 2;
const CONTROL: usize = 3;
const USER_DEFINED: usize = 4;

/// No token comes near this many bytes; the longest known are runs of spaces.
const MAX_TOKEN: usize = 2 << 10;
/// The squares of all tokens' lengths together: building a list of merges, and
/// holding it against another, takes as much work. The largest vocabularies stay
/// below a tenth of it.
const MAX_WORK: usize = 1 << 28;

/// How `SentencePiece` writes a space.
const SPACE: &str = "\u{2581}";

/// How text becomes tokens.
pub(super) enum Scheme {
    /// Bytes written as letters, cut, then merged in the order of a list.
    ByteLevel { cut: &'static Cut, merges: Vec<(String, String)> },
    /// `SentencePiece`'s BPE over whole texts, with bytes for what is unknown.
    SentencePiece {
        /// The pairs by the names of their tokens' ids, the first to merge first.
        merges: Vec<(usize, usize)>,
        /// Whether a text gets a space in front.
        prefix: bool,
        unknown: Option<u32>,
    },
}

/// A token that is looked for in a text before anything is merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Added {
    /// Only the program may write it; in a document it is text.
    pub control: bool,
    /// White space after it belongs to it.
    pub takes_space: bool,
}

/// A GGUF's vocabulary, with what it says of begin and end.
pub struct Vocabulary {
    pub(super) tokens: Vec<String>,
    /// By id: whether merging may make it.
    pub(super) plain: Vec<bool>,
    pub(super) added: BTreeMap<usize, Added>,
    pub(super) scheme: Scheme,
    pub bos: Option<u32>,
    /// Whether a prompt begins with [`Self::bos`].
    pub add_bos: bool,
    /// The file's own end token, for what takes only one.
    eos: Option<u32>,
    /// Every token that ends an answer, ascending.
    pub end_tokens: Vec<u32>,
    pub(super) chat_template: Option<String>,
}

impl Vocabulary {
    /// # Errors
    /// Names what is missing or not supported: the tokenizer's kind, its
    /// pre-tokenizer, its lists.
    pub fn of(gguf: &Gguf) -> Result<Self, ModelError> {
        let path = gguf.path();
        let kind = gguf.text("tokenizer.ggml.model").unwrap_or("(none)");
        let pieces = match kind {
            "gpt2" => false,
            "llama" => true,
            other => {
                return Err(ModelError::TokenizerKind {
                    path: path.to_owned(),
                    found: other.to_owned(),
                });
            }
        };
        let cut = if pieces { None } else { Some(read_cut(gguf)?) };
        let mut tokens: Vec<String> =
            gguf.texts("tokenizer.ggml.tokens")?.into_iter().map(str::to_owned).collect();
        check_lengths(path, &tokens)?;
        let kinds = read_kinds(gguf, tokens.len())?;
        // What SentencePiece files leave out are its own defaults.
        let id_of = |key: &str, otherwise: Option<usize>| {
            let named = gguf.number(&format!("tokenizer.ggml.{key}"));
            let id = named.or(otherwise.filter(|_| pieces))?;
            u32::try_from(id).ok().filter(|_| id < tokens.len())
        };
        let eos = id_of("eos_token_id", Some(2));
        let bos = id_of("bos_token_id", Some(1));
        let unknown = id_of("unknown_token_id", Some(0));
        let named = [eos, id_of("eot_token_id", None), id_of("eom_token_id", None)];
        let mut end_tokens: Vec<u32> = named.into_iter().flatten().collect();
        end_tokens.extend(
            (0_u32..).zip(&tokens).filter(|(_, t)| END_TOKENS.contains(&t.as_str())).map(|t| t.0),
        );
        end_tokens.sort_unstable();
        end_tokens.dedup();
        if end_tokens.is_empty() {
            return Err(ModelError::missing(path, "a token that ends an answer"));
        }
        let chat_template = gguf.text("tokenizer.chat_template").map(str::to_owned);
        let mut added = added_tokens(&tokens, &kinds, chat_template.as_deref().unwrap_or(""));
        for id in end_tokens.iter().chain(&bos) {
            // Some files type an end token as ordinary text; it would never be found.
            added.insert(*id as usize, Added { control: true, takes_space: false });
        }
        let plain: Vec<bool> = kinds
            .iter()
            .enumerate()
            .map(|(id, kind)| *kind == NORMAL && !added.contains_key(&id))
            .collect();
        let scheme = if let Some(cut) = cut {
            Scheme::ByteLevel { cut, merges: read_merges(gguf)? }
        } else {
            // Spaces in these tokens are matched before they are rewritten.
            for (id, _) in added.iter().filter(|(_, added)| !added.control) {
                tokens[*id] = tokens[*id].replace(SPACE, " ");
            }
            if gguf.text("general.architecture") == Some("phi3") {
                swallow_space(&tokens, &mut added);
            }
            read_sentencepiece(gguf, &tokens, &plain, unknown)?
        };
        let begins = cut.is_none_or(|cut| cut.begins);
        Ok(Self {
            plain,
            added,
            bos,
            add_bos: gguf.flag("tokenizer.ggml.add_bos_token").unwrap_or(begins),
            eos,
            end_tokens,
            chat_template,
            scheme,
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

    /// Number of pairs that merging knows.
    #[must_use]
    pub fn merges(&self) -> usize {
        match &self.scheme {
            Scheme::ByteLevel { merges, .. } => merges.len(),
            Scheme::SentencePiece { merges, .. } => merges.len(),
        }
    }

    /// The tokenizer in the format of the `tokenizers` library. It never adds a
    /// begin token by itself: chat templates write their own.
    #[must_use]
    pub fn tokenizer_json(&self) -> Value {
        let (normalizer, pre_tokenizer, decoder, merges) = match &self.scheme {
            Scheme::ByteLevel { cut, merges } => {
                let normalizer = cut.composes.then(|| json!({ "type": "NFC" }));
                (normalizer, Some(cut.json()), byte_level(), json!(merges))
            }
            Scheme::SentencePiece { merges, prefix, .. } => {
                let names: Vec<[&str; 2]> = merges
                    .iter()
                    .map(|(left, right)| {
                        [self.tokens[*left].as_str(), self.tokens[*right].as_str()]
                    })
                    .collect();
                let (normalizer, decoder) = sentencepiece_steps(*prefix);
                (Some(normalizer), None, decoder, json!(names))
            }
        };
        let (fallback, unknown, whole) = match &self.scheme {
            Scheme::ByteLevel { cut, .. } => (false, None, cut.whole_pieces),
            Scheme::SentencePiece { unknown, .. } => (true, self.token(*unknown), false),
        };
        let vocab: serde_json::Map<String, Value> =
            self.tokens.iter().enumerate().map(|(id, token)| (token.clone(), id.into())).collect();
        json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": self.added_json(),
            "normalizer": normalizer,
            "pre_tokenizer": pre_tokenizer,
            "post_processor": null,
            "decoder": decoder,
            "model": {
                "type": "BPE",
                "dropout": null,
                "unk_token": unknown,
                "continuing_subword_prefix": null,
                "end_of_word_suffix": null,
                "fuse_unk": fallback,
                "byte_fallback": fallback,
                "ignore_merges": whole,
                "vocab": vocab,
                "merges": merges,
            },
        })
    }

    fn added_json(&self) -> Vec<Value> {
        let one = |(id, added): (&usize, &Added)| {
            json!({
                "id": id,
                "content": self.tokens[*id],
                "single_word": false,
                "lstrip": false,
                "rstrip": added.takes_space,
                "normalized": false,
                "special": added.control,
            })
        };
        self.added.iter().map(one).collect()
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

/// What happens before and after merging in `SentencePiece`: (normalizer, decoder).
fn sentencepiece_steps(prefix: bool) -> (Value, Value) {
    let replace = |from: &str, to: &str| json!({ "type": "Replace", "pattern": { "String": from }, "content": to });
    let mut before = vec![replace(" ", SPACE)];
    let mut after =
        vec![replace(SPACE, " "), json!({ "type": "ByteFallback" }), json!({ "type": "Fuse" })];
    if prefix {
        before.insert(0, json!({ "type": "Prepend", "prepend": SPACE }));
        after.push(json!({ "type": "Strip", "content": " ", "start": 1, "stop": 0 }));
    }
    let sequence = |key: &str, steps: Vec<Value>| {
        let mut value = json!({ "type": "Sequence" });
        value[key] = steps.into();
        value
    };
    (sequence("normalizers", before), sequence("decoders", after))
}

fn read_cut(gguf: &Gguf) -> Result<&'static Cut, ModelError> {
    let Some(named) = gguf.text("tokenizer.ggml.pre") else {
        return Err(ModelError::missing(gguf.path(), "the name of its pre-tokenizer"));
    };
    Cut::named(named).ok_or_else(|| ModelError::PreTokenizer {
        path: gguf.path().to_owned(),
        found: named.to_owned(),
        known: Cut::names(),
    })
}

/// The type of every token; a file without types has ordinary ones only.
fn read_kinds(gguf: &Gguf, count: usize) -> Result<Vec<usize>, ModelError> {
    if !gguf.has("tokenizer.ggml.token_type") {
        return Ok(vec![NORMAL; count]);
    }
    let kinds = gguf.numbers("tokenizer.ggml.token_type")?;
    if kinds.len() < count {
        return Err(ModelError::damaged(gguf.path(), "some of its tokens have no type"));
    }
    Ok(kinds.into_iter().take(count).collect())
}

/// A damaged or hostile file must not keep the processor busy for hours.
fn check_lengths(path: &Path, tokens: &[String]) -> Result<(), ModelError> {
    if tokens.iter().any(|token| token.len() > MAX_TOKEN) {
        return Err(ModelError::damaged(path, "a token of its vocabulary is impossibly long"));
    }
    // Tokens are counted in millions and their squares too: no overflow.
    let work: usize = tokens.iter().map(|token| token.len() * token.len()).sum();
    if work > MAX_WORK {
        return Err(ModelError::damaged(path, "too many tokens of its vocabulary are long"));
    }
    Ok(())
}

fn read_merges(gguf: &Gguf) -> Result<Vec<(String, String)>, ModelError> {
    let merges = gguf.texts("tokenizer.ggml.merges")?;
    merges.into_iter().map(|merge| split_merge(gguf.path(), merge)).collect()
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

fn read_sentencepiece(
    gguf: &Gguf,
    tokens: &[String],
    plain: &[bool],
    unknown: Option<u32>,
) -> Result<Scheme, ModelError> {
    if gguf.flag("tokenizer.ggml.remove_extra_whitespaces") == Some(true) {
        return Err(ModelError::unsupported(
            gguf.path(),
            "its tokenizer drops white space, so that quotes could not be found again",
        ));
    }
    let scores = gguf.floats("tokenizer.ggml.scores")?;
    if scores.len() < tokens.len() {
        return Err(ModelError::damaged(gguf.path(), "some of its tokens have no score"));
    }
    Ok(Scheme::SentencePiece {
        merges: sentencepiece::merges(tokens, &scores, plain),
        prefix: gguf.flag("tokenizer.ggml.add_space_prefix").unwrap_or(true),
        unknown,
    })
}

fn added_tokens(tokens: &[String], kinds: &[usize], template: &str) -> BTreeMap<usize, Added> {
    let found = kinds.iter().zip(tokens).enumerate().filter_map(|(id, (kind, token))| {
        let control = match *kind {
            UNKNOWN | CONTROL => true,
            USER_DEFINED => !is_wording(token, template),
            _ => return None,
        };
        Some((id, Added { control, takes_space: false }))
    });
    found.filter(|(id, _)| !tokens[*id].is_empty()).collect()
}

/// In Phi-3's vocabulary every control token takes the white space after it,
/// except for those that begin and end a text. No GGUF says so.
fn swallow_space(tokens: &[String], added: &mut BTreeMap<usize, Added>) {
    for (id, added) in added {
        let exempt = matches!(tokens[*id].as_str(), "<unk>" | "<s>" | "<|endoftext|>");
        added.takes_space = added.control && !exempt;
    }
}
