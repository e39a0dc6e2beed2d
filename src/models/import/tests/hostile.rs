//! Headers in which every single number is possible and their sum is not.

use std::io::{Seek, SeekFrom};

use super::*;
use crate::models::gguf::Gguf;

/// A GGUF that says it has so many tensors and metadata entries.
fn head(tensors: u64, entries: u64) -> Vec<u8> {
    [b"GGUF".as_slice(), &3_u32.to_le_bytes(), &tensors.to_le_bytes(), &entries.to_le_bytes()]
        .concat()
}

/// A key, the number of its type, and what stands before its value.
fn key(name: &str, kind: u32, before: &[&[u8]]) -> Vec<u8> {
    [&(name.len() as u64).to_le_bytes(), name.as_bytes(), &kind.to_le_bytes(), &before.concat()]
        .concat()
}

fn refusal_of(path: &Path) -> String {
    Gguf::open(path).err().expect("refused").to_string()
}

#[test]
fn counts_that_no_model_has_are_refused_before_anything_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.gguf");
    for counts in [(1 << 40, 0), (0, 1 << 40)] {
        fs::write(&file, head(counts.0, counts.1)).unwrap();
        let message = refusal_of(&file);
        assert!(message.contains("count is impossible"), "{message}");
    }
}

#[test]
fn lists_that_are_too_long_together_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.gguf");
    let count: u64 = 3_000_000;
    let lists = |n: u64| {
        let mut bytes = head(0, n);
        for _ in 0..n {
            // An array (9) of single bytes (0).
            bytes.extend(key("list", 9, &[&0_u32.to_le_bytes(), &count.to_le_bytes()]));
            bytes.resize(bytes.len() + 3_000_000, 7);
        }
        bytes
    };
    fs::write(&file, lists(2)).unwrap();
    Gguf::open(&file).map(drop).unwrap();
    fs::write(&file, lists(3)).unwrap();
    let message = refusal_of(&file);
    assert!(message.contains("lists are impossibly long"), "{message}");
}

#[test]
fn texts_that_are_too_large_together_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.gguf");
    let (count, length) = (17_u64, 16_u64 << 20);
    let mut file = File::create(&path).unwrap();
    file.write_all(&head(0, count)).unwrap();
    for n in 0..count {
        // What a text says is a hole in the file.
        file.write_all(&key(&format!("text {n}"), 8, &[&length.to_le_bytes()])).unwrap();
        file.seek(SeekFrom::Current(16 << 20)).unwrap();
    }
    let end = file.stream_position().unwrap();
    file.set_len(end).unwrap();
    let message = refusal_of(&path);
    assert!(message.contains("metadata are impossibly large"), "{message}");
}

#[test]
fn sizes_whose_product_is_no_number_are_refused() {
    let (_dir, gguf, models) = workshop(&Options::default());
    let whole = fs::read(&gguf).unwrap();
    let name = b"llama.attention.head_count_kv";
    let at = whole.windows(name.len()).position(|part| part == name).unwrap() + name.len();
    // The type and the value of 32 bits become those of 64, in a header that is
    // four bytes longer.
    let mut bytes = whole[..at].to_vec();
    bytes.extend(10_u32.to_le_bytes());
    bytes.extend((1_u64 << 62).to_le_bytes());
    bytes.extend(&whole[at + 8..]);
    bytes.resize(bytes.len() + 32, 0);
    fs::write(&gguf, bytes).unwrap();
    let message = import(&gguf, &models).unwrap_err().to_string();
    assert!(message.contains("sizes are impossible"), "{message}");
    assert_nothing_left(&models);
}
