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

/// Copies of a step's mask that are alive at once.
const MASKS: u64 = 4;

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
    ///
    /// And one that is only a little different: a prompt of which all but the
    /// last token is retained. That one token would be computed by other code
    /// (a product with a vector, which adds up in another order) than as the
    /// last of several, and the answer could depend on what was asked before.
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
        let alone = reused > 0 && reused + 1 == ids.len();
        let steps = self.steps(reused, ids.len());
        let needs =
            steps.iter().map(|n| self.cost(*n)).sum::<u64>() + self.cost(ids.len() + answer);
        let full = !self.entries.is_empty() && self.bytes() + needs > self.budget;
        if wrong || alone || full || (unknown && !steps.is_empty()) {
            return self.plan_afresh(ids.len());
        }
        Plan { flush: false, reused, steps }
    }

    /// How to read a prompt of so many tokens after everything was given back.
    pub fn plan_afresh(&self, tokens: usize) -> Plan {
        Plan { flush: true, reused: 0, steps: self.steps(0, tokens) }
    }

    /// Bytes that reading a prompt by `plan` and answering it takes on top of what
    /// is held, up to `tokens` of prompt and answer: a copy of keys and values
    /// for each step, those of the prompt twice (mistralrs copies a sequence when
    /// it takes it up again), and the mask of one step, of which it keeps a few.
    pub fn needed(&self, plan: &Plan, tokens: usize) -> u64 {
        if self.paged {
            return 0;
        }
        let copies: u64 = plan.steps.iter().map(|end| self.cost(*end)).sum();
        let mask = (STEP.min(tokens) * tokens * size_of::<f32>()) as u64;
        copies + 2 * self.cost(tokens) + MASKS * mask
    }

    /// Prefix lengths after `from` up to, without, `to`: every [`STEP`] tokens,
    /// or wider apart where the copies that the steps leave would together
    /// take more than half of the budget. No part is a single token.
    fn steps(&self, from: usize, to: usize) -> Vec<usize> {
        let left = to - from;
        let mut parts = left.div_ceil(STEP).max(1);
        loop {
            let mut width = left.div_ceil(parts).max(STEP);
            if left % width == 1 {
                width -= 1;
            }
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
        assert_eq!(held.plan(&ids(STEP + 2), 10).steps, [STEP]);
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
    fn no_token_is_ever_read_alone() {
        let mut held = Retained::new(1, ROOMY);
        for n in 2..4 * STEP {
            let steps = held.plan(&ids(n), 10).steps;
            let ends = steps.iter().copied().chain([n]);
            let parts: Vec<usize> =
                ends.clone().zip([0].into_iter().chain(ends)).map(|(b, a)| b - a).collect();
            assert!(parts.iter().all(|part| (2..=STEP).contains(part)), "{n}: {parts:?}");
        }
        let mut first = ids(900);
        first.extend([7, 7, 7]);
        held.add(first);
        let mut second = ids(900);
        second.push(8);
        assert!(held.plan(&second, 10).flush);
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
    fn a_prompt_needs_its_steps_its_own_keys_and_values_and_a_mask() {
        let held = Retained::new(1_000, ROOMY);
        let plan = held.plan(&ids(900), 100);
        let (step, whole, mask) = (512_000, 2 * 1_024_000, 4 * 510 * 1_000 * 4);
        assert_eq!(held.needed(&plan, 1_000), step + whole + mask);
        assert_eq!(Retained::paged().needed(&plan, 1_000), 0);
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
