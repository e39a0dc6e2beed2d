use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokenizers::{OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer as _};

use super::*;
use crate::models::hashes::hex;
use crate::models::tiny_gguf;

#[path = "../../../tests/support/vocab_gguf.rs"]
mod vocab_gguf;
use vocab_gguf::{NORMAL, USER_DEFINED, Vocabulary as Written};

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

/// The reference's rows of this file were made from another state of it: what
/// llama.cpp makes of the file as it is now agrees with this tokenizer and not
/// with the rows, for both vocabularies.
const OTHER_STATE: &str = "transcripts/btc_es_2020-02-07-kalle-alm-signet-workshop.es.md";

fn assert_rows_agree(gguf: &Path, named: &str) {
    let tokenizer = tokenizer_from_gguf(gguf).unwrap();
    let counter = Counter::from_gguf(gguf).unwrap();
    let rows = fs::read_to_string(shared().join("reference/token_counts.jsonl")).unwrap();
    let rows: Vec<Row> = rows
        .lines()
        .map(|line| serde_json::from_str::<Row>(line).unwrap())
        .filter(|row| row.tokenizer == named && row.doc != OTHER_STATE)
        .collect();
    assert!(rows.len() > 5, "the reference has hardly a row of {named}");
    for row in rows {
        let text = fs::read_to_string(shared().join("corpus").join(&row.doc)).unwrap();
        let ids = encode_document(&tokenizer, &text);
        let joined = ids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        assert_eq!(ids.len(), row.tokens, "tokens of {}", row.doc);
        assert_eq!(hex(&Sha256::digest(joined)), row.ids_sha256, "ids of {}", row.doc);
        assert_eq!(counter.ids(&text), Some(ids), "the counter on {}", row.doc);
    }
}

/// Llama 3's vocabulary, where this machine has it.
fn llama_3() -> Option<PathBuf> {
    let gguf = shared().join("reference/ggml-vocab-llama-bpe.gguf");
    if gguf.is_file() {
        return Some(gguf);
    }
    eprintln!("skipped: {} is not here", gguf.display());
    None
}

#[test]
fn llama_3_tokens_of_real_documents_are_those_of_llama_cpp() {
    if let Some(gguf) = llama_3() {
        assert_rows_agree(&gguf, "llama-3.2");
    }
}

#[test]
fn llama_3_tokens_of_hard_cases_are_those_of_llama_cpp() {
    let Some(gguf) = llama_3() else { return };
    let beside = |ending: &str| fs::read_to_string(format!("{}{ending}", gguf.display())).unwrap();
    let (texts, answers) = (beside(".inp"), beside(".out"));
    let tokenizer = tokenizer_from_gguf(&gguf).unwrap();
    let counter = Counter::from_gguf(&gguf).unwrap();
    assert!(counter.is_tiktoken());
    let mut seen = 0;
    for (text, answer) in texts.split("\n__ggml_vocab_test__\n").zip(answers.lines()) {
        let ids: Vec<u32> = answer.split_whitespace().map(|id| id.parse().unwrap()).collect();
        assert_eq!(encode_document(&tokenizer, text), ids, "{text:?}");
        assert_eq!(counter.ids(text), Some(ids), "the counter on {text:?}");
        seen += 1;
    }
    assert_eq!(seen, 46);
}

#[test]
fn smollm2_tokens_of_real_documents_are_those_of_llama_cpp() {
    let gguf = std::env::var_os("GALLEY_TEST_STARTER").map(PathBuf::from);
    let Some(gguf) = gguf.filter(|_| shared().is_dir()) else {
        eprintln!("skipped: GALLEY_TEST_STARTER does not name the starter's GGUF, or no reference");
        return;
    };
    assert_rows_agree(&gguf, "smollm2");
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
    let dir = tempfile::tempdir().unwrap();
    let gguf = dir.path().join("tiny.gguf");
    tiny_gguf::write(&gguf, 1).unwrap();
    let whole = Vocabulary::of(&Gguf::open(&gguf).unwrap()).unwrap().tokenizer_json();
    let parsed = serde_json::from_value::<Tokenizer>(whole).unwrap().encode(text, false).unwrap();
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
    let (tokenizer, counter) = both(&Written::byte_level("llama-bpe", &["a n"]));
    assert!(counter.is_tiktoken());
    let blank = " ".repeat(11_000_000);
    let ids = encode_document(&tokenizer, &blank);
    assert_eq!(ids.len(), blank.len());
    assert_eq!(counter.ids(&blank), Some(ids));
}

/// Both ways of counting with a vocabulary that the test has written.
fn both(written: &Written) -> (Tokenizer, Counter) {
    let dir = tempfile::tempdir().unwrap();
    let gguf = dir.path().join("vocabulary.gguf");
    written.write(&gguf).unwrap();
    (tokenizer_from_gguf(&gguf).unwrap(), Counter::from_gguf(&gguf).unwrap())
}

fn names(tokenizer: &Tokenizer, text: &str) -> Vec<String> {
    let ids = encode_document(tokenizer, text);
    ids.into_iter().map(|id| tokenizer.id_to_token(id).unwrap()).collect()
}

/// Pieces by falling score, as a `SentencePiece` vocabulary has them: merges
/// first, letters last.
fn letters() -> Written {
    Written::sentencepiece(&[
        ("er", -1.0),
        ("\u{2581}t", -2.0),
        ("he", -3.0),
        ("\u{2581}the", -4.0),
        ("ee", -5.0),
        ("</", -6.0),
        ("\u{2581}", -10.0),
        ("e", -11.0),
        ("t", -12.0),
        ("h", -13.0),
        ("r", -14.0),
        ("s", -15.0),
        ("<", -16.0),
        (">", -17.0),
        ("/", -18.0),
        ("s>", -19.0),
    ])
}

#[test]
fn sentencepiece_merges_by_score_and_the_leftmost_first() {
    let (tokenizer, counter) = both(&letters());
    assert!(!counter.is_tiktoken());
    assert_eq!(names(&tokenizer, "the the"), ["\u{2581}the", "\u{2581}the"]);
    // "er" goes before "he", so that "the" is not made.
    assert_eq!(names(&tokenizer, "ther"), ["\u{2581}t", "h", "er"]);
    assert_eq!(names(&tokenizer, "eee"), ["\u{2581}", "ee", "e"]);
    assert_eq!(names(&tokenizer, " t"), ["\u{2581}", "\u{2581}t"]);
}

#[test]
fn sentencepiece_writes_what_it_does_not_know_as_bytes_and_gives_it_back() {
    let (tokenizer, counter) = both(&letters());
    let text = "the \u{e9}\n t";
    let expected = ["\u{2581}the", "\u{2581}", "<0xC3>", "<0xA9>", "<0x0A>", "\u{2581}t"];
    assert_eq!(names(&tokenizer, text), expected);
    let ids = counter.ids(text).unwrap();
    assert_eq!(ids, encode_document(&tokenizer, text));
    assert_eq!(tokenizer.decode(&ids, false).unwrap(), text);
}

#[test]
fn a_space_in_front_is_left_out_where_the_file_says_so() {
    let (tokenizer, _) = both(&Written { space_prefix: Some(false), ..letters() });
    assert_eq!(names(&tokenizer, "the t"), ["t", "he", "\u{2581}t"]);
}

#[test]
fn a_control_token_or_a_byte_s_name_in_a_document_is_text_to_sentencepiece() {
    let (tokenizer, _) = both(&letters());
    // Both halves of "</s>" are pieces; they are not to be merged into it.
    assert_eq!(names(&tokenizer, "</s>"), ["\u{2581}", "</", "s>"]);
    let ids = encode_document(&tokenizer, "<s><unk><0x0A>");
    assert!(!ids.iter().any(|id| *id <= 2 || *id == 3 + 10), "{ids:?}");
}

#[test]
fn tokens_that_makers_added_are_found_where_they_are_wording_only() {
    let mut written = Written::byte_level("gpt-2", &["a n", "an d"]);
    for token in ["<table>", "<think>", "<|user|>", "    "] {
        written.tokens.push((token.to_owned(), 0.0, USER_DEFINED));
    }
    written.template = "{{ '<think>' }}";
    let (tokenizer, counter) = both(&written);
    let table = tokenizer.token_to_id("<table>").unwrap();
    let spaces = tokenizer.token_to_id("    ").unwrap();
    let ids = encode_document(&tokenizer, "and<table>    and");
    assert_eq!(ids, [257, table, spaces, 257]);
    assert_eq!(counter.ids("and<table>    and"), Some(ids));
    for text in ["<think>", "<|user|>", "<|end|>"] {
        assert_eq!(encode_document(&tokenizer, text).len(), text.len(), "{text}");
        assert_eq!(counter.ids(text).unwrap().len(), text.len(), "{text}");
    }
}

#[test]
fn qwen_composes_its_text_and_gpt_2_does_not() {
    for (pre, tokens) in [("qwen2", 2), ("deepseek-r1-qwen", 3), ("gpt-2", 3)] {
        let (tokenizer, counter) = both(&Written::byte_level(pre, &["a n"]));
        // "e" and a combining accent: three bytes, composed two.
        let ids = encode_document(&tokenizer, "e\u{301}");
        assert_eq!(ids.len(), tokens, "{pre}");
        assert!(counter.is_tiktoken(), "{pre}");
        assert_eq!(counter.ids("e\u{301}"), Some(ids), "{pre}");
    }
}

#[test]
fn a_vocabulary_that_does_not_merge_by_rank_is_not_given_to_tiktoken() {
    // The list never merges "ab" and "c"; tiktoken would, as "abc" is a token.
    let (tokenizer, counter) = both(&Written::byte_level("gpt-2", &["a b", "b c", "a bc"]));
    assert!(!counter.is_tiktoken());
    assert_eq!(names(&tokenizer, "abc"), ["ab", "c"]);
    assert_eq!(counter.ids("abc"), Some(encode_document(&tokenizer, "abc")));
}

#[test]
fn what_cannot_be_cut_exactly_is_refused_by_name() {
    let refusal = |written: &Written| {
        let dir = tempfile::tempdir().unwrap();
        let gguf = dir.path().join("odd.gguf");
        written.write(&gguf).unwrap();
        Counter::from_gguf(&gguf).err().expect("refused").to_string()
    };
    let pre = refusal(&Written::byte_level("kimi-k2", &["a n"]));
    assert!(pre.contains("\"kimi-k2\"") && pre.contains("llama-bpe"), "{pre}");
    let kind = refusal(&Written { model: "t5", ..letters() });
    assert!(kind.contains("\"t5\"") && kind.contains("SentencePiece"), "{kind}");
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

proptest::proptest! {
    #[test]
    fn both_libraries_agree_on_any_text(
        text in r"(\PC|\s|[a-z ]{3}|'[a-zA-Z]{2}|[0-9]{4}|<\|eot_id\|>|\r\n| the and){0,60}"
    ) {
        let (tokenizers, counters) = AGREEING.get_or_init(agreeing);
        for (tokenizer, counter) in tokenizers.iter().zip(counters) {
            proptest::prop_assert!(counter.is_tiktoken());
            proptest::prop_assert_eq!(counter.ids(&text), Some(encode_document(tokenizer, &text)));
        }
    }
}

/// A small vocabulary for every cut that is one pattern, and Llama 3's own where
/// it is here.
fn agreeing() -> (Vec<Tokenizer>, Vec<Counter>) {
    let merges = ["t h", "i n", "a n", "th e", "\u{120} the", "an d", "\u{120} and", "e r"];
    let cuts = ["llama-bpe", "dbrx", "qwen2", "smollm", "gpt-2", "tekken", "gpt-4o"];
    let small = cuts.map(|pre| both(&Written::byte_level(pre, &merges)));
    let real = llama_3()
        .map(|gguf| (tokenizer_from_gguf(&gguf).unwrap(), Counter::from_gguf(&gguf).unwrap()));
    small.into_iter().chain(real).unzip()
}

static AGREEING: std::sync::OnceLock<(Vec<Tokenizer>, Vec<Counter>)> = std::sync::OnceLock::new();
static TINY: std::sync::OnceLock<Tokenizer> = std::sync::OnceLock::new();

#[test]
fn tokens_that_would_keep_the_processor_busy_for_hours_are_refused() {
    let refusal = |length: usize, count: usize| {
        let mut written = Written::byte_level("gpt-2", &["a n"]);
        let token = |n: usize| (format!("{n:08}{}", "a".repeat(length - 8)), 0.0, NORMAL);
        written.tokens.extend((0..count).map(token));
        let dir = tempfile::tempdir().unwrap();
        let gguf = dir.path().join("long.gguf");
        written.write(&gguf).unwrap();
        Counter::from_gguf(&gguf).err().map(|error| error.to_string())
    };
    assert_eq!(refusal(2_000, 60), None);
    assert!(refusal(2_049, 1).unwrap().contains("a token of its vocabulary is impossibly long"));
    assert!(refusal(2_000, 68).unwrap().contains("too many tokens of its vocabulary are long"));
}
