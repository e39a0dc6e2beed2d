//! The ledger of key-value memory that mistralrs keeps after each request, and
//! the plan that follows from it: what a prompt can reuse, in which steps the
//! rest is read, when everything is given back. Pure: it only counts.

/// Tokens that are read between two looks at the cancel flag. The cache grows
/// in blocks of [`BLOCK`]; a step computes one more token than it reads, so that
/// 510 tokens a step stay within their blocks where 512 would open a new one.
pub const STEP: usize = 510;

/// The unit in which mistralrs allocates a sequence's cache, in tokens
/// (`NormalCache::CACHE_GROW_SIZE`).
const BLOCK: usize = 512;

/// A finished request whose keys and values are still held.
#[derive(Debug)]
struct Entry {
    /// Its tokens without the last one drawn, which the cache lists but has no
    /// keys and values for.
    known: Vec<u32>,
    bytes: u64,
}

/// How a prompt is to be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    /// Everything held must be given back first.
    pub flush: bool,
    /// Tokens at the beginning that need not be read again.
    pub reused: usize,
    /// Where to pause: lengths of growing prefixes, without the whole.
    pub steps: Vec<usize>,
}

/// Requests remembered of a paged cache, which forgets by itself.
const PAGED_ENTRIES: usize = 32;

/// What is held, and how much of it there may be.
#[derive(Debug)]
pub struct Retained {
    entries: Vec<Entry>,
    bytes_per_token: u64,
    budget: u64,
    paged: bool,
}

impl Retained {
    /// `bytes_per_token` of keys and values over all layers; `budget` in bytes.
    pub fn new(bytes_per_token: u64, budget: u64) -> Self {
        Self { entries: Vec::new(), bytes_per_token, budget, paged: false }
    }

    /// For a paged cache (GPU), which is bounded and evicts by itself, and
    /// reuses only blocks that were computed: nothing of it is ever given back
    /// from here.
    pub fn paged() -> Self {
        Self { entries: Vec::new(), bytes_per_token: 0, budget: u64::MAX, paged: true }
    }

    /// Bytes held now.
    pub fn bytes(&self) -> u64 {
        self.entries.iter().map(|e| e.bytes).sum()
    }

    pub fn over_budget(&self) -> bool {
        self.bytes() > self.budget
    }

    pub fn is_paged(&self) -> bool {
        self.paged
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Notes a finished request: its prompt and answer without the last token.
    pub fn add(&mut self, known: Vec<u32>) {
        let bytes = self.cost(known.len());
        if self.paged && self.entries.len() == PAGED_ENTRIES {
            self.entries.remove(0);
        }
        self.entries.push(Entry { known, bytes });
    }

    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Bytes that a sequence of `tokens` holds.
    fn cost(&self, tokens: usize) -> u64 {
        let blocks = (tokens + 1).div_ceil(BLOCK) as u64;
        blocks * BLOCK as u64 * self.bytes_per_token
    }

    /// How to read `ids` and leave room for an answer of `answer` tokens.
    ///
    /// mistralrs looks for the retained request that shares the longest
    /// beginning with a prompt. Two cases of that go wrong and are avoided by
    /// giving everything back first:
    /// - a prompt that is itself the beginning of a retained request counts as
    ///   unknown and is read in one go, which can be neither followed nor
    ///   cancelled nor bounded in memory;
    /// - a prompt that goes on after the whole of a retained request, its last
    ///   token included, is given a zero key and value for that token, because
    ///   the last token drawn was never computed. The answer would be wrong.
    pub fn plan(&self, ids: &[u32], answer: usize) -> Plan {
        let shared = |e: &Entry| e.known.iter().zip(ids).take_while(|(a, b)| a == b).count();
        let reused = self.entries.iter().map(shared).max().unwrap_or(0);
        if self.paged {
            return Plan { flush: false, reused, steps: self.steps(reused, ids.len()) };
        }
        // Reading a short prompt again in one go is cheaper than losing the rest.
        let unknown = reused == ids.len();
        let reused = if unknown { 0 } else { reused };
        let wrong = self.entries.iter().any(|e| {
            let n = shared(e);
            n == e.known.len() && n < ids.len() && n + 1 >= reused && !unknown
        });
        let steps = self.steps(reused, ids.len());
        let needs =
            steps.iter().map(|n| self.cost(*n)).sum::<u64>() + self.cost(ids.len() + answer);
        let full = !self.entries.is_empty() && self.bytes() + needs > self.budget;
        if wrong || full || (unknown && !steps.is_empty()) {
            return Plan { flush: true, reused: 0, steps: self.steps(0, ids.len()) };
        }
        Plan { flush: false, reused, steps }
    }

    /// Prefix lengths after `from` up to, without, `to`: every [`STEP`] tokens,
    /// or wider apart where the copies that the steps leave would together
    /// take more than half of the budget.
    fn steps(&self, from: usize, to: usize) -> Vec<usize> {
        let left = to - from;
        let mut parts = left.div_ceil(STEP).max(1);
        loop {
            let width = left.div_ceil(parts).max(STEP);
            let ends: Vec<usize> =
                (1..parts).map(|i| from + i * width).take_while(|end| *end < to).collect();
            let bytes: u64 = ends.iter().map(|n| self.cost(*n)).sum();
            if ends.is_empty() || bytes <= self.budget / 2 {
                return ends;
            }
            parts -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOMY: u64 = 1 << 40;

    fn ids(n: usize) -> Vec<u32> {
        (0..u32::try_from(n).expect("small")).collect()
    }

    #[test]
    fn a_fresh_prompt_is_read_in_steps_that_end_before_the_whole() {
        let held = Retained::new(1, ROOMY);
        assert_eq!(held.plan(&ids(STEP), 10).steps, [0usize; 0]);
        assert_eq!(held.plan(&ids(STEP + 1), 10).steps, [STEP]);
        assert_eq!(held.plan(&ids(3 * STEP), 10).steps, [STEP, 2 * STEP]);
    }

    #[test]
    fn steps_that_a_retained_beginning_covers_are_left_out() {
        let mut held = Retained::new(1, ROOMY);
        let mut first = ids(900);
        first.extend([7, 7, 7]);
        held.add(first);
        let mut second = ids(900);
        second.extend([8, 8, 8]);
        let plan = held.plan(&second, 100);
        assert_eq!(plan, Plan { flush: false, reused: 900, steps: vec![] });
    }

    #[test]
    fn the_same_long_prompt_again_is_read_from_a_clean_slate() {
        let mut held = Retained::new(1, ROOMY);
        let mut answered = ids(900);
        answered.extend([7, 7]);
        held.add(answered);
        let plan = held.plan(&ids(900), 100);
        assert_eq!(plan, Plan { flush: true, reused: 0, steps: vec![STEP] });
        // A short one is cheap to read in one go, as the engine will.
        assert_eq!(held.plan(&ids(100), 100), Plan { flush: false, reused: 0, steps: vec![] });
    }

    #[test]
    fn a_prompt_that_goes_on_after_a_whole_retained_answer_flushes() {
        let mut held = Retained::new(1, ROOMY);
        held.add(ids(40));
        assert!(held.plan(&ids(60), 10).flush);
        // Not where another retained request serves more of it.
        let mut longer = ids(50);
        longer.push(999);
        held.add(longer);
        assert_eq!(held.plan(&ids(60), 10), Plan { flush: false, reused: 50, steps: vec![] });
    }

    #[test]
    fn memory_is_counted_in_whole_blocks_and_kept_within_the_budget() {
        let mut held = Retained::new(10, 3 * 512 * 10);
        held.add(ids(511));
        assert_eq!(held.bytes(), 512 * 10);
        held.add(ids(512));
        assert_eq!(held.bytes(), 3 * 512 * 10);
        assert!(!held.over_budget());
        // Room for nothing more: the next prompt begins with a flush.
        assert!(held.plan(&[9_999, 1, 2], 10).flush);
        held.add(ids(3));
        assert!(held.over_budget());
        held.clear();
        assert_eq!(held.bytes(), 0);
        assert!(!held.plan(&[9_999, 1, 2], 10).flush);
    }

    #[test]
    fn a_paged_cache_is_left_to_itself() {
        let mut held = Retained::paged();
        for _ in 0..100 {
            held.add(ids(900));
        }
        assert_eq!(held.bytes(), 0);
        assert_eq!(held.plan(&ids(900), 10), Plan { flush: false, reused: 900, steps: vec![] });
        assert_eq!(held.plan(&ids(1_500), 10).steps, [900 + STEP]);
    }

    #[test]
    fn steps_widen_where_their_copies_would_not_fit() {
        let roomy = Retained::new(1, ROOMY).plan(&ids(5_000), 1).steps;
        let tight = Retained::new(1, 20_000).plan(&ids(5_000), 1).steps;
        assert_eq!(roomy.len(), 9);
        assert!(!tight.is_empty() && tight.len() < 6, "{tight:?}");
        assert!(tight.iter().sum::<usize>() <= 10_000);
        assert!(Retained::new(1, 100).plan(&ids(5_000), 1).steps.is_empty());
    }
}
