//! `galley tokens`, as scripts use it, with vocabularies that have no weights.

use std::fs::File;

use galley::models::catalogue;
use galley::models::hashes::hex;
use galley::paths::Paths;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::program::{Home, Printed};
use crate::support::vocab_gguf::Vocabulary;

fn count(home: &Home, text: &str, vocabulary: &Vocabulary) -> Value {
    let letter = home.document("letter.txt", text);
    let gguf = home.root().with_file_name("vocabulary.gguf");
    vocabulary.write(&gguf).expect("a vocabulary");
    let [letter, gguf] = [&letter, &gguf].map(|path| path.to_str().expect("a plain path"));
    let printed: Printed = home.run(&["tokens", letter, "--model", gguf, "--json"]).into();
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    serde_json::from_str(&printed.out).expect("JSON")
}

fn hash_of(ids: &str) -> String {
    hex(&Sha256::digest(ids))
}

#[test]
fn a_vocabulary_without_weights_counts_tokens() {
    let home = Home::new();
    // Ids from 256 on are what the merges make, in their order.
    let vocabulary = Vocabulary::byte_level("gpt-2", &["a n", "an d"]);
    let line = count(&home, "andan", &vocabulary);
    assert_eq!(line["tokens"], 2);
    assert_eq!(line["ids_sha256"], hash_of("257,256"));
    let pieces = [("\u{2581}", -9.0), ("a", -8.0), ("\u{2581}a", -1.0)];
    let line = count(&home, "a a", &Vocabulary::sentencepiece(&pieces));
    assert_eq!(line["tokens"], 2);
    assert_eq!(line["ids_sha256"], hash_of("261,261"));
}

#[test]
fn an_end_token_written_in_a_document_is_counted_as_its_letters() {
    let home = Home::new();
    let vocabulary = Vocabulary::byte_level("llama-bpe", &["a n"]);
    assert_eq!(count(&home, "<|end|>", &vocabulary)["tokens"], 7);
}

#[test]
fn a_file_that_only_looks_like_the_starter_counts_nothing() {
    let home = Home::new();
    let starter = catalogue::find("starter").expect("an entry");
    let models = Paths::under(&home.root()).models();
    std::fs::create_dir_all(&models).expect("a folder");
    let file = File::create(models.join(starter.file)).expect("a file");
    file.set_len(starter.bytes).expect("room for nothing");
    let letter = home.document("letter.txt", "One.");
    let letter = letter.to_str().expect("a plain path");
    let printed: Printed = home.run(&["tokens", letter, "--model", "starter"]).into();
    assert_eq!(printed.code, Some(1), "{}", printed.out);
    assert!(printed.err.contains("its SHA-256 is"), "{}", printed.err);
    assert_eq!(printed.out, "");
}
