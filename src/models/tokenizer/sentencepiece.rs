//! From the scores of a `SentencePiece` vocabulary to a list of merges that do
//! the same. Knows tokens and scores only.

use std::collections::HashMap;

/// Every pair of tokens that makes a third, the one to be merged first in front.
///
/// `SentencePiece` merges whichever two neighbours make the token of the highest
/// score, the leftmost where scores are equal. A list of pairs in the order of
/// their results' scores does the same, but for pairs that make the same token:
/// among those the one with the longer left half comes first, as in the
/// published conversions of these vocabularies. `plain` tells the tokens that
/// merging may make: control tokens and bytes are not among them.
pub(super) fn merges(tokens: &[String], scores: &[f32], plain: &[bool]) -> Vec<(usize, usize)> {
    let ids: HashMap<&str, usize> = tokens
        .iter()
        .enumerate()
        .filter(|(id, _)| plain[*id])
        .map(|(id, t)| (t.as_str(), id))
        .collect();
    let mut found = Vec::with_capacity(tokens.len() * 2);
    for (id, token) in tokens.iter().enumerate().filter(|(id, _)| plain[*id]) {
        for (at, _) in token.char_indices().skip(1) {
            let halves = (ids.get(&token[..at]), ids.get(&token[at..]));
            if let (Some(left), Some(right)) = halves {
                found.push((id, at, *left, *right));
            }
        }
    }
    found.sort_by(|a, b| {
        scores[b.0].total_cmp(&scores[a.0]).then(a.0.cmp(&b.0)).then(b.1.cmp(&a.1))
    });
    found.into_iter().map(|(_, _, left, right)| (left, right)).collect()
}
