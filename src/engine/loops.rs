//! Small models say the same thing again and again. This watches an answer
//! grow, says when it has come to that, and where the repeats begin. Pure.

use super::Finish;
use crate::domain::prompt::Constraint;

/// How often something has to come in a row to be a loop.
const TIMES: usize = 3;
/// Sentences or lines in the longest cycle that is noticed.
const CYCLE: usize = 4;
/// Words in the longest cycle of words that is noticed.
const PHRASE: usize = 24;
/// Least number of words that a loop of words makes up: "no, no, no" is none.
const PHRASE_WORDS: usize = 9;
/// Bytes of a run without a word's end that are looked at for a short cycle,
/// and the longest such cycle: "aaaaaaaa", "\n\n\n\n".
const RUN: usize = 64;
const RUN_CYCLE: usize = 8;

/// A loop that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loop {
    /// What came again and again, once.
    pub repeated: String,
    /// Bytes of the whole answer to keep: up to the end of the first time.
    pub keep: usize,
}

impl Loop {
    /// Leaves of the answer what came before the repeats, and says why it ended.
    #[must_use]
    pub fn cut(self, answer: &mut String) -> Finish {
        answer.truncate(self.keep);
        Finish::Loop { repeated: self.repeated }
    }
}

/// A sentence or line: its bytes in the answer, and what it is compared by.
#[derive(Debug)]
struct Segment {
    start: usize,
    end: usize,
    key: String,
    ends_line: bool,
}

/// Watches one answer.
#[derive(Debug, Default)]
pub struct LoopWatch {
    text: String,
    /// Finished sentences and lines.
    segments: Vec<Segment>,
    /// Where the unfinished one begins.
    open: usize,
    once: bool,
}

impl LoopWatch {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// For an answer in which no line may come twice, as in a list of quotes:
    /// the second time is a loop, in a row or not.
    #[must_use]
    pub fn each_line_once() -> Self {
        Self { once: true, ..Self::default() }
    }

    /// For an answer of this form.
    #[must_use]
    pub fn of(constraint: &Constraint) -> Self {
        match constraint {
            Constraint::Quotes { .. } => Self::each_line_once(),
            _ => Self::new(),
        }
    }

    /// Takes the next piece of the answer, and says whether it has come to a
    /// loop. After that the watch is of no more use.
    pub fn push(&mut self, piece: &str) -> Option<Loop> {
        let from = self.text.len();
        self.text.push_str(piece);
        for at in from..self.text.len() {
            if self.closes_segment(at)
                && let Some(found) = self.close_segment(at)
            {
                return Some(found);
            }
        }
        if piece.contains(char::is_whitespace)
            && let Some(found) = self.word_loop()
        {
            return Some(found);
        }
        self.run_loop()
    }

    /// Whether the byte at `at` ends a line, or is the space after a sentence.
    fn closes_segment(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        match bytes[at] {
            b'\n' => true,
            b' ' => {
                let before = self.text[self.open..at].trim_end_matches(['"', ')', '\'']);
                // "1. " begins a list item and is no sentence.
                before.ends_with(['.', '!', '?'])
                    && before.trim_start().len() > 4
                    && before.contains(' ')
            }
            _ => false,
        }
    }

    fn close_segment(&mut self, at: usize) -> Option<Loop> {
        let start = self.open;
        self.open = at + 1;
        let ends_line = self.text.as_bytes()[at] == b'\n';
        let key = comparable(&self.text[start..at]);
        if !key.contains(char::is_alphanumeric) {
            return None;
        }
        self.segments.push(Segment { start, end: at, key, ends_line });
        if self.once { self.line_again() } else { self.segment_loop() }
    }

    fn line_again(&self) -> Option<Loop> {
        let (last, before) = self.segments.split_last()?;
        let first = before.iter().find(|s| s.key == last.key)?;
        if !last.ends_line {
            return None;
        }
        let keep = before.last().map_or(first.end, |s| s.end);
        Some(Loop { repeated: self.text[first.start..first.end].trim().to_owned(), keep })
    }

    /// The last sentences or lines as a cycle of at most [`CYCLE`] of them that
    /// came [`TIMES`] times. A cycle has two words or more.
    fn segment_loop(&self) -> Option<Loop> {
        for cycle in 1..=CYCLE {
            let Some(from) = self.segments.len().checked_sub(cycle * TIMES) else { break };
            let tail = &self.segments[from..];
            let same = (cycle..tail.len()).all(|i| tail[i].key == tail[i - cycle].key);
            let words: usize = tail[..cycle].iter().map(|s| s.key.split_whitespace().count()).sum();
            if same && words >= 2 {
                return Some(self.found(tail[0].start, tail[cycle - 1].end));
            }
        }
        None
    }

    /// The last words as a cycle of at most [`PHRASE`] of them that came
    /// [`TIMES`] times, over line ends too, where it has letters or digits.
    fn word_loop(&self) -> Option<Loop> {
        let complete = self.text.trim_end();
        if complete.len() == self.text.len() {
            // The last word may still grow.
            return None;
        }
        let mut words: Vec<(usize, &str)> = complete
            .rsplit(char::is_whitespace)
            .filter(|w| !w.is_empty())
            .take(PHRASE * TIMES)
            .map(|w| (w.as_ptr() as usize - complete.as_ptr() as usize, w))
            .collect();
        words.reverse();
        for cycle in 1..=PHRASE {
            let times = TIMES.max(PHRASE_WORDS.div_ceil(cycle));
            let Some(from) = words.len().checked_sub(cycle * times) else { continue };
            let tail = &words[from..];
            let same = (cycle..tail.len()).all(|i| tail[i].1 == tail[i - cycle].1);
            if same && tail[..cycle].iter().any(|(_, w)| w.contains(char::is_alphanumeric)) {
                let (at, last) = tail[cycle - 1];
                return Some(self.found(tail[0].0, at + last.len()));
            }
        }
        None
    }

    /// A long run of the same few letters or of white space.
    fn run_loop(&self) -> Option<Loop> {
        let bytes = self.text.as_bytes();
        let tail = &bytes[bytes.len().checked_sub(RUN)?..];
        let blank = tail.iter().all(u8::is_ascii_whitespace);
        if !blank && !tail.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80) {
            // Rules and dotted leaders: "____", ". . . .".
            return None;
        }
        let cycle = (1..=RUN_CYCLE).find(|c| (*c..RUN).all(|i| tail[i] == tail[i - c]))?;
        // Back to where the run began.
        let mut start = bytes.len() - RUN;
        while start > 0 && bytes[start - 1] == bytes[start - 1 + cycle] {
            start -= 1;
        }
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        let mut end = start + cycle;
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Some(self.found(start, end))
    }

    fn found(&self, start: usize, end: usize) -> Loop {
        Loop { repeated: self.text[start..end].trim().to_owned(), keep: end }
    }
}

/// A segment without the number or mark of a list item: "2. The same" is the
/// same as "1. The same".
fn comparable(segment: &str) -> String {
    let text = segment.trim().trim_start_matches(['#', '*', '-', '•', '>', ' ']);
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &text[digits..];
    match rest.strip_prefix(['.', ')', ':']) {
        Some(item) if digits > 0 => item.trim().to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
