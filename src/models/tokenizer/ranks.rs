//! A vocabulary as tiktoken takes it: the bytes of each token and its rank. Builds
//! it only where merging by rank gives just what the vocabulary's own list of
//! merges gives. Knows nothing of files.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tiktoken_rs::{CoreBPE, Rank};

use super::vocabulary::{Scheme, Vocabulary};

/// tiktoken's encoder over ranks, and the id that belongs to each rank.
pub(super) struct Ranks {
    core: CoreBPE,
    ids: Vec<u32>,
}

/// A token that merging makes, or a single byte.
struct Entry {
    bytes: Vec<u8>,
    id: usize,
    /// How many bytes the left half has, in each merge that makes it.
    halves: Vec<usize>,
}

impl Ranks {
    /// `None` where this vocabulary does not merge by rank, or cuts its text in
    /// more than one step.
    pub(super) fn of(vocabulary: &Vocabulary) -> Option<Self> {
        let Scheme::ByteLevel { cut, merges } = &vocabulary.scheme else { return None };
        let pattern = cut.single?;
        if vocabulary.added.values().any(|added| !added.control) {
            return None;
        }
        let entries = entries(&vocabulary.tokens, merges)?;
        let plain = vocabulary.plain.iter().filter(|plain| **plain).count();
        if cut.whole_pieces && plain != entries.len() {
            return None;
        }
        let ranks: HashMap<&[u8], usize> =
            entries.iter().enumerate().map(|(rank, e)| (e.bytes.as_slice(), rank)).collect();
        let alike = ranks.len() == entries.len()
            && entries.iter().enumerate().all(|(rank, entry)| merges_alike(&ranks, rank, entry));
        if !alike {
            return None;
        }
        let ids = entries.iter().map(|e| u32::try_from(e.id).ok()).collect::<Option<_>>()?;
        let encoder = entries.into_iter().map(|e| e.bytes).zip(0..).collect();
        let no_controls = std::iter::empty().collect();
        let core = catch_unwind(|| CoreBPE::new(encoder, no_controls, pattern)).ok()?.ok()?;
        Some(Self { core, ids })
    }

    /// The ids of a text without control tokens, or `None` where the library's
    /// regex engine gave up on it.
    pub(super) fn ids(&self, text: &str) -> Option<Vec<u32>> {
        let ranks: Vec<Rank> =
            catch_unwind(AssertUnwindSafe(|| self.core.encode_ordinary(text))).ok()?;
        ranks.into_iter().map(|rank| self.ids.get(usize::try_from(rank).ok()?).copied()).collect()
    }
}

/// Single bytes first, then tokens in the order in which merges first make them.
fn entries(tokens: &[String], merges: &[(String, String)]) -> Option<Vec<Entry>> {
    let ids: HashMap<&str, usize> =
        tokens.iter().enumerate().map(|(id, token)| (token.as_str(), id)).collect();
    let letters: HashMap<char, u8> = (0..=u8::MAX).map(|byte| (letter_of(byte), byte)).collect();
    let mut entries = Vec::with_capacity(tokens.len());
    for byte in 0..=u8::MAX {
        let id = *ids.get(letter_of(byte).encode_utf8(&mut [0; 4]) as &str)?;
        entries.push(Entry { bytes: vec![byte], id, halves: Vec::new() });
    }
    for (left, right) in merges {
        let half = left.chars().count();
        let bytes: Vec<u8> = left
            .chars()
            .chain(right.chars())
            .map(|letter| letters.get(&letter).copied())
            .collect::<Option<_>>()?;
        match entries.last_mut() {
            Some(last) if last.bytes == bytes => last.halves.push(half),
            _ => {
                let id = *ids.get(format!("{left}{right}").as_str())?;
                entries.push(Entry { bytes, id, halves: vec![half] });
            }
        }
    }
    Some(entries)
}

/// Whether tiktoken makes this token where the list of merges makes it, and
/// nowhere else. tiktoken merges any two neighbours that make a token; the list
/// merges only the pairs that it names. While no merge crosses a token's ends,
/// what happens between them is what happens to the token's bytes alone. So it
/// is enough that lower ranks leave two halves of those which the list names: no
/// other two are ever met. Where they leave more, the list has to name every two
/// that there are.
fn merges_alike(ranks: &HashMap<&[u8], usize>, rank: usize, entry: &Entry) -> bool {
    let bytes = entry.bytes.as_slice();
    if bytes.len() == 1 {
        return true;
    }
    match merge_below(ranks, rank, bytes).as_slice() {
        [_, half, _] => entry.halves.contains(half),
        _ => (1..bytes.len())
            .filter(|at| ranks.contains_key(&bytes[..*at]) && ranks.contains_key(&bytes[*at..]))
            .all(|at| entry.halves.contains(&at)),
    }
}

/// Where the parts begin, and the end, that merging by ranks below `limit` makes.
fn merge_below(ranks: &HashMap<&[u8], usize>, limit: usize, bytes: &[u8]) -> Vec<usize> {
    let mut bounds: Vec<usize> = (0..=bytes.len()).collect();
    loop {
        let lowest = bounds
            .windows(3)
            .enumerate()
            .filter_map(|(at, part)| Some((*ranks.get(&bytes[part[0]..part[2]])?, at)))
            .filter(|(rank, _)| *rank < limit)
            .min();
        let Some((_, at)) = lowest else { return bounds };
        bounds.remove(at + 1);
    }
}

/// The printable letter by which byte-level vocabularies write a byte: itself
/// where it is printable, and the others in order from U+0100 on.
fn letter_of(byte: u8) -> char {
    let printable = |b: &u8| matches!(b, 33..=126 | 161..=172 | 174..=255);
    if printable(&byte) {
        return char::from(byte);
    }
    let before = u32::try_from((0..byte).filter(|b| !printable(b)).count()).unwrap_or(0);
    char::from_u32(256 + before).unwrap_or(char::REPLACEMENT_CHARACTER)
}
