//! Writes a GGUF that holds a vocabulary and no weights, for tests. Standard
//! library only, so that unit tests can include the file by path.

#![allow(dead_code, reason = "who includes this file does not need all of it")]

use std::io;
use std::path::Path;

/// Token types of GGUF.
pub const NORMAL: i32 = 1;
pub const UNKNOWN: i32 = 2;
pub const CONTROL: i32 = 3;
pub const USER_DEFINED: i32 = 4;
pub const BYTE: i32 = 6;

/// A token, its score and its type.
pub type Token = (String, f32, i32);

/// What stands in the file.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// `tokenizer.ggml.model` and `.pre`.
    pub model: &'static str,
    pub pre: Option<&'static str>,
    pub tokens: Vec<Token>,
    /// Byte-level vocabularies have merges, `SentencePiece`'s have scores.
    pub merges: Vec<&'static str>,
    pub end: u32,
    pub space_prefix: Option<bool>,
    pub template: &'static str,
}

impl Vocabulary {
    /// 256 letters for bytes, then what merges make, then `<|end|>`.
    pub fn byte_level(pre: &'static str, merges: &[&'static str]) -> Self {
        let single = (0..=255).map(|byte| letter_of(byte).to_string());
        let joined = merges.iter().map(|merge| merge.replace(' ', ""));
        let mut tokens: Vec<Token> =
            single.chain(joined).map(|piece| (piece, 0.0, NORMAL)).collect();
        tokens.push(("<|end|>".to_owned(), 0.0, CONTROL));
        let end = u32::try_from(tokens.len() - 1).expect("a small vocabulary");
        Self {
            model: "gpt2",
            pre: Some(pre),
            tokens,
            merges: merges.to_vec(),
            end,
            ..Self::default()
        }
    }

    /// `<unk>`, `<s>`, `</s>`, 256 bytes from id 3 on, and from id 259 on these
    /// pieces with their scores.
    pub fn sentencepiece(pieces: &[(&str, f32)]) -> Self {
        let mut tokens: Vec<Token> = vec![
            ("<unk>".to_owned(), 0.0, UNKNOWN),
            ("<s>".to_owned(), 0.0, CONTROL),
            ("</s>".to_owned(), 0.0, CONTROL),
        ];
        tokens.extend((0..=255).map(|byte| (format!("<0x{byte:02X}>"), 0.0, BYTE)));
        tokens.extend(pieces.iter().map(|(piece, score)| ((*piece).to_owned(), *score, NORMAL)));
        Self { model: "llama", tokens, end: 2, ..Self::default() }
    }

    /// # Errors
    /// Those of writing the file.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut entries = vec![
            string("general.architecture", "llama"),
            string("tokenizer.ggml.model", self.model),
            string("tokenizer.chat_template", self.template),
            entry("tokenizer.ggml.eos_token_id", 4, &self.end.to_le_bytes()),
        ];
        entries.extend(self.pre.map(|pre| string("tokenizer.ggml.pre", pre)));
        entries.extend(
            self.space_prefix
                .map(|on| entry("tokenizer.ggml.add_space_prefix", 7, &[u8::from(on)])),
        );
        let texts: Vec<u8> = self.tokens.iter().flat_map(|(token, ..)| text(token)).collect();
        entries.push(array("tokenizer.ggml.tokens", 8, self.tokens.len(), &texts));
        let kinds: Vec<u8> = self.tokens.iter().flat_map(|token| token.2.to_le_bytes()).collect();
        entries.push(array("tokenizer.ggml.token_type", 5, self.tokens.len(), &kinds));
        if self.model == "llama" {
            let scores: Vec<u8> =
                self.tokens.iter().flat_map(|token| token.1.to_le_bytes()).collect();
            entries.push(array("tokenizer.ggml.scores", 6, self.tokens.len(), &scores));
        } else {
            let merges: Vec<u8> = self.merges.iter().flat_map(|merge| text(merge)).collect();
            entries.push(array("tokenizer.ggml.merges", 8, self.merges.len(), &merges));
        }
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(3_u32.to_le_bytes());
        bytes.extend(0_u64.to_le_bytes());
        bytes.extend((entries.len() as u64).to_le_bytes());
        bytes.extend(entries.concat());
        bytes.resize(bytes.len().next_multiple_of(32), 0);
        std::fs::write(path, bytes)
    }
}

/// GPT-2's printable letter for a byte: itself where it is printable, and the
/// others in order from U+0100 on.
fn letter_of(byte: u8) -> char {
    let printable = |b: &u8| matches!(b, 33..=126 | 161..=172 | 174..=255);
    if printable(&byte) {
        return char::from(byte);
    }
    let before = u32::try_from((0..byte).filter(|b| !printable(b)).count()).expect("under 256");
    char::from_u32(256 + before).expect("the first letters after U+0100 exist")
}

fn string(key: &str, value: &str) -> Vec<u8> {
    entry(key, 8, &text(value))
}

fn array(key: &str, kind: u32, count: usize, values: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend((count as u64).to_le_bytes());
    bytes.extend(values);
    entry(key, 9, &bytes)
}

fn entry(key: &str, kind: u32, value: &[u8]) -> Vec<u8> {
    [text(key), kind.to_le_bytes().to_vec(), value.to_vec()].concat()
}

fn text(value: &str) -> Vec<u8> {
    [&(value.len() as u64).to_le_bytes(), value.as_bytes()].concat()
}
