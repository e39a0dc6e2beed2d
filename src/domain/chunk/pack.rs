//! Packs pieces into chunks: greedily, breaking at the strongest place once a
//! chunk is well filled. Every piece and every chunk is counted once; sums of
//! pieces are only estimates, so each finished chunk is counted and shrunk if over.

use std::collections::VecDeque;

use super::block::{self, Grain, Piece};
use crate::domain::span::ByteSpan;

/// A finished chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed {
    /// Into the text that was packed.
    pub span: ByteSpan,
    pub tokens: usize,
}

/// From this share of the budget on, in per cent, a stronger break is worth
/// more than a fuller chunk.
const WELL_FILLED: usize = 60;

/// A last chunk under this share of the budget, in per cent, is evened out
/// with the one before it.
const TINY: usize = 10;

/// An over-long sentence is cut into runs of words of this part of the budget,
/// so that the runs still pack well.
const RUNS: usize = 8;

/// Chunks that tile `text`, each at most `budget` tokens unless a single
/// character is more.
pub(super) fn pack(text: &str, budget: usize, count: &dyn Fn(&str) -> usize) -> Vec<Packed> {
    let mut packer = Packer {
        text,
        budget,
        count,
        open: VecDeque::new(),
        sum: 0,
        done: Vec::new(),
        recent: [Vec::new(), Vec::new()],
    };
    let mut waiting: Vec<Piece> = block::blocks(text).into_iter().rev().collect();
    while let Some(mut next) = waiting.pop() {
        let tokens = packer.tokens(&mut next);
        if packer.sum + tokens <= budget {
            packer.take(next, tokens);
        } else if let Some(parts) = packer.finer(next, tokens) {
            waiting.extend(parts.into_iter().rev());
        } else if packer.open.is_empty() {
            packer.take(next, tokens);
            packer.close(0);
        } else {
            packer.close(next.strength);
            waiting.push(next);
        }
    }
    packer.finish()
}

struct Packer<'a> {
    text: &'a str,
    budget: usize,
    count: &'a dyn Fn(&str) -> usize,
    /// The pieces of the chunk that is being filled, all counted.
    open: VecDeque<Piece>,
    /// Their tokens, summed.
    sum: usize,
    done: Vec<Packed>,
    /// The pieces of the last two finished chunks, for evening out.
    recent: [Vec<Piece>; 2],
}

impl Packer<'_> {
    fn count(&self, span: ByteSpan) -> usize {
        (self.count)(&self.text[span.start..span.end])
    }

    fn tokens(&self, piece: &mut Piece) -> usize {
        let tokens = piece.tokens.unwrap_or_else(|| self.count(piece.span));
        piece.tokens = Some(tokens);
        tokens
    }

    fn take(&mut self, piece: Piece, tokens: usize) {
        self.open.push_back(piece);
        self.sum += tokens;
    }

    /// The parts of a piece that does not fit, where cutting it is better than
    /// closing the chunk before it.
    fn finer(&self, piece: Piece, tokens: usize) -> Option<Vec<Piece>> {
        let over = tokens > self.budget;
        let poorly_filled = self.sum * 100 < self.budget * WELL_FILLED;
        match piece.grain {
            Grain::Block if over || poorly_filled => Some(block::split_block(self.text, piece)),
            Grain::Sentence if over => {
                let grain = (self.budget / RUNS).max(1);
                Some(block::split_words(self.text, piece, grain, self.count))
            }
            _ => None,
        }
    }

    /// Finishes a chunk from the open pieces; `next` is the strength of the
    /// break after the last of them.
    fn close(&mut self, next: u8) {
        let mut taken = self.best_break(next);
        let mut tokens = self.count(self.span(taken));
        while tokens > self.budget && taken > 1 {
            taken = self.shrunk(taken, tokens);
            tokens = self.count(self.span(taken));
        }
        self.done.push(Packed { span: self.span(taken), tokens });
        let used: Vec<Piece> = self.open.drain(..taken).collect();
        self.sum -= used.iter().filter_map(|p| p.tokens).sum::<usize>();
        self.recent.rotate_left(1);
        self.recent[1] = used;
    }

    fn span(&self, taken: usize) -> ByteSpan {
        ByteSpan::new(self.open[0].span.start, self.open[taken - 1].span.end)
    }

    /// How many of the open pieces the chunk takes: up to the strongest break
    /// that leaves it well filled, the latest of equals.
    fn best_break(&self, next: u8) -> usize {
        let mut best = (0, 0);
        let mut fallback = (0, 0);
        let mut filled = 0;
        for (i, piece) in self.open.iter().enumerate() {
            filled += piece.tokens.unwrap_or(0);
            let strength = self.open.get(i + 1).map_or(next, |after| after.strength);
            if filled * 100 >= self.budget * WELL_FILLED {
                best = best.max((strength, i + 1));
            }
            fallback = fallback.max((strength.min(1), i + 1));
        }
        if best.1 > 0 { best.1 } else { fallback.1 }
    }

    /// Fewer pieces than `taken`, which turned out to be `tokens` together:
    /// as many as fit when their estimates are scaled to that.
    fn shrunk(&self, taken: usize, tokens: usize) -> usize {
        let estimate: usize = self.open.iter().take(taken).filter_map(|p| p.tokens).sum();
        let room = self.budget * estimate / tokens.max(1);
        let mut filled = 0;
        let fitting = self.open.iter().take_while(|piece| {
            filled += piece.tokens.unwrap_or(0);
            filled <= room
        });
        fitting.count().clamp(1, taken - 1)
    }

    fn finish(mut self) -> Vec<Packed> {
        while !self.open.is_empty() {
            self.close(u8::MAX);
        }
        self.even_out();
        self.done
    }

    /// Merges a tiny last chunk into the one before it, or shares the two evenly.
    fn even_out(&mut self) {
        let [.., before, last] = self.done[..] else { return };
        if last.tokens * 100 >= self.budget * TINY {
            return;
        }
        let whole = ByteSpan::new(before.span.start, last.span.end);
        let tokens = self.count(whole);
        if tokens <= self.budget {
            self.replace_last(&[Packed { span: whole, tokens }]);
            return;
        }
        let Some(cut) = self.even_cut(tokens) else { return };
        let halves = [ByteSpan::new(whole.start, cut), ByteSpan::new(cut, whole.end)]
            .map(|span| Packed { span, tokens: self.count(span) });
        if halves.iter().all(|half| half.tokens <= self.budget) {
            self.replace_last(&halves);
        }
    }

    /// The strongest break in the middle third of the last two chunks, which
    /// are `tokens` together.
    fn even_cut(&self, tokens: usize) -> Option<usize> {
        let mut filled = 0;
        let mut best: Option<(u8, usize)> = None;
        for piece in self.recent.iter().flatten() {
            let share = filled * 100 / tokens.max(1);
            if (35..=65).contains(&share) {
                best = best.max(Some((piece.strength, piece.span.start)));
            }
            filled += piece.tokens.unwrap_or(0);
        }
        best.map(|(_, at)| at)
    }

    fn replace_last(&mut self, with: &[Packed]) {
        self.done.truncate(self.done.len() - 2);
        self.done.extend_from_slice(with);
    }
}
