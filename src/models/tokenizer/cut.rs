//! How byte-level vocabularies cut text before they merge, by the names that
//! GGUF files give (`tokenizer.ggml.pre`). A table of facts: the names, and which
//! of them mean the same, are llama.cpp's; the patterns are those of the models'
//! published tokenizers. Knows nothing of any one file.

use serde_json::{Value, json};

/// A way of cutting.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    names: &'static [&'static str],
    /// Applied one after the other, each to the pieces that the last one left.
    patterns: &'static [&'static str],
    /// One pattern that cuts the same way, where there is one.
    pub single: Option<&'static str>,
    /// A piece that is a token is taken whole, whatever merging would make of it.
    pub whole_pieces: bool,
    /// Text is composed first (Unicode's NFC).
    pub composes: bool,
    /// Whether a prompt begins with the begin token where the file does not say.
    pub begins: bool,
}

const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const GPT4O: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// Each digit alone, then GPT-2's pattern, in one: white space before a digit is
/// never divided, since the digit is cut off before anyone looks ahead.
const DIGITS_THEN_GPT2: &str =
    r"\p{N}|'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+";

static CUTS: [Cut; 10] = [
    Cut {
        names: &["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2"],
        patterns: &[LLAMA3],
        single: Some(LLAMA3),
        whole_pieces: true,
        composes: false,
        begins: true,
    },
    Cut { names: &["dbrx", "smaug-bpe"], ..one(LLAMA3) },
    Cut { names: &["qwen2"], composes: true, ..one(QWEN2) },
    Cut { names: &["deepseek-r1-qwen", "megrez"], ..one(QWEN2) },
    Cut {
        names: &["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"],
        patterns: &[r"\p{N}", GPT2],
        ..one(DIGITS_THEN_GPT2)
    },
    Cut { names: &["gpt-2", "phi-2", "mpt", "olmo", "gigachat", "mellum"], ..one(GPT2) },
    Cut { names: &["tekken"], whole_pieces: true, begins: true, ..one(TEKKEN) },
    Cut { names: &["gpt-4o", "llama4"], ..one(GPT4O) },
    Cut {
        names: &["deepseek-coder"],
        patterns: &[
            r"[\r\n]",
            r"\s?\p{L}+",
            r"\s?\p{P}+",
            "[\u{4e00}-\u{9fa5}\u{800}-\u{4e00}\u{ac00}-\u{d7ff}]+",
            r"\p{N}",
        ],
        single: None,
        ..one("")
    },
    // What llama.cpp does for files whose makers named no cut of their own.
    Cut {
        names: &["default"],
        patterns: &[r"[\p{P}\$\+<=>\^~\|]+", GPT2, r"\p{N}+", "[0-9][0-9][0-9]"],
        single: None,
        ..one("")
    },
];

/// A cut by one pattern, without a name.
const fn one(pattern: &'static str) -> Cut {
    Cut {
        names: &[],
        patterns: &[],
        single: Some(pattern),
        whole_pieces: false,
        composes: false,
        begins: false,
    }
}

impl Cut {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        CUTS.iter().find(|cut| cut.names.contains(&name))
    }

    /// Every name there is, for a message.
    pub(super) fn names() -> String {
        CUTS.iter().flat_map(|cut| cut.names).copied().collect::<Vec<_>>().join(", ")
    }

    /// The `pre_tokenizer` of a `tokenizer.json`.
    pub(super) fn json(&self) -> Value {
        let single = self.single.as_slice();
        let patterns = if self.patterns.is_empty() { single } else { self.patterns };
        let splits = patterns.iter().map(|pattern| {
            json!({
                "type": "Split",
                "pattern": { "Regex": pattern },
                "behavior": "Isolated",
                "invert": false,
            })
        });
        let steps: Vec<Value> = splits.chain([byte_level()]).collect();
        json!({ "type": "Sequence", "pretokenizers": steps })
    }
}

/// Bytes as printable letters, and back; the cutting is done elsewhere.
pub(super) fn byte_level() -> Value {
    json!({
        "type": "ByteLevel",
        "add_prefix_space": false,
        "trim_offsets": true,
        "use_regex": false,
    })
}
