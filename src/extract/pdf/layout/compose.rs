//! From paragraphs to the text of a page and its marks: lines, words that were
//! parted at the end of a line, boxes, and what is set aside.

use std::collections::HashMap;

use super::blocks::Block;
use super::words::{Draft, DraftLine, Word};
use crate::domain::marks::{Aside, Marks, WordBox};
use crate::domain::span::ByteSpan;

/// What stands before a hyphen that is part of the word wherever it is.
const PREFIXES: [&str; 8] = ["non", "self", "co", "half", "quasi", "cross", "vice", "well"];

/// Words that are at home inside longer ones ("under-standing"): a hyphen behind
/// them is that of the line.
const INSIDE: [&str; 14] = [
    "here", "there", "where", "under", "over", "with", "some", "every", "what", "when", "after",
    "through", "fore", "never",
];

/// Letters that each of two words has at least whose hyphen stays because they
/// are words: shorter ones are syllables as often.
const LEAST_LETTERS: usize = 4;

/// The text of the blocks and what is known of places in it.
pub fn compose(draft: &Draft, lines: &[DraftLine], blocks: &[Block]) -> (String, Marks) {
    let mut composer = Composer {
        draft,
        text: String::with_capacity(draft.text.len() * 5 / 4),
        marks: Marks::default(),
        known: None,
        open: None,
    };
    composer.marks.boxes.reserve(draft.words.len());
    for block in blocks {
        composer.block(lines, block);
    }
    (composer.text, composer.marks)
}

struct Composer<'a> {
    draft: &'a Draft,
    text: String,
    marks: Marks,
    /// The words of the page in lower case, and how often each stands there;
    /// made when it is first asked for.
    known: Option<HashMap<String, u32>>,
    /// The last word, where it ends in a hyphen that may go.
    open: Option<Parted>,
}

/// The first piece of a word that may go on in the next line.
#[derive(Debug, Clone, Copy)]
struct Parted {
    /// Where the piece begins, into the text.
    start: usize,
    /// Where its hyphen is.
    hyphen: usize,
    soft: bool,
}

impl Composer<'_> {
    fn block(&mut self, lines: &[DraftLine], block: &Block) {
        if !self.text.is_empty() && !block.goes_on {
            self.text.push_str("\n\n");
            self.open = None;
        }
        let start = self.text.len();
        for (at, line) in lines[block.lines.clone()].iter().enumerate() {
            self.line(line, at > 0 || block.goes_on);
        }
        if let Some(kind) = block.kind {
            let span = ByteSpan::new(start, self.text.len());
            self.marks.asides.push(Aside { span, kind });
        }
    }

    /// Adds a line. `follows`: whether it is in one paragraph with the last.
    fn line(&mut self, line: &DraftLine, follows: bool) {
        let mut words = self.draft.words[line.words.clone()].iter();
        if follows && !self.text.is_empty() {
            let joined = self.open.take().and_then(|open| self.join(open, words.as_slice()));
            if joined.is_some() {
                words.next();
            }
            // A line of nothing but the rest of a word leaves no line behind.
            if words.len() > 0 {
                self.text.push('\n');
            }
        }
        for (at, word) in words.enumerate() {
            if at > 0 {
                self.text.push_str(if word.apart { "  " } else { " " });
            }
            self.word(word);
        }
        self.open = self.parted();
    }

    fn word(&mut self, word: &Word) {
        let start = self.text.len();
        self.text.push_str(self.draft.text.get(word.span.clone()).unwrap_or_default());
        self.mark(start, word);
    }

    #[expect(clippy::cast_possible_truncation, reason = "a page is small")]
    fn mark(&mut self, start: usize, word: &Word) {
        let span = ByteSpan::new(start, self.text.len());
        let sides = word.sides.map(|side| (side * 10.0).round() as i32);
        self.marks.boxes.push(WordBox { span, sides });
    }

    /// Where the text ends in a hyphen behind letters, the word it ends in.
    fn parted(&self) -> Option<Parted> {
        let start = self.marks.boxes.last()?.span.start;
        let word = self.text.get(start..)?;
        let last = word.chars().next_back().filter(|c| matches!(c, '-' | '\u{2010}' | '\u{AD}'))?;
        let piece = word.strip_suffix(last)?;
        let soft = last == '\u{AD}';
        let letter = piece.chars().next_back()?;
        (letter.is_alphabetic() && (soft || is_plain(piece))).then_some(Parted {
            start,
            hyphen: start + piece.len(),
            soft,
        })
    }

    /// Makes one word of `open` and the first of `words` where they are one.
    fn join(&mut self, open: Parted, words: &[Word]) -> Option<()> {
        let next = words.first()?;
        let rest = self.draft.text.get(next.span.clone())?;
        let lower = rest.chars().next().is_some_and(char::is_lowercase);
        if !open.soft && !lower {
            return None;
        }
        let piece = self.text.get(open.start..open.hyphen)?.to_owned();
        if open.soft || !self.is_compound(&piece, rest) {
            self.text.truncate(open.hyphen);
            self.marks.joins.push(open.hyphen);
        }
        if let Some(last) = self.marks.boxes.last_mut() {
            last.span.end = self.text.len();
        }
        self.word(next);
        Some(())
    }

    /// Whether the hyphen between two pieces is part of the word.
    fn is_compound(&mut self, piece: &str, rest: &str) -> bool {
        let piece = bare(piece).to_lowercase();
        let last = piece.rsplit(['-', '\u{2010}']).next().unwrap_or(&piece);
        if PREFIXES.contains(&last) {
            return true;
        }
        let rest = bare(rest).to_lowercase();
        let known = self.known.get_or_insert_with(|| known(self.draft));
        let count = |word: &str| known.get(word).copied().unwrap_or(0);
        if count(&format!("{piece}-{rest}")) > 0 {
            return true;
        }
        // The piece itself was not counted, the rest was.
        let are_words = count(last) > 0 && count(&rest) > 1;
        let are_long = last.chars().count().min(rest.chars().count()) >= LEAST_LETTERS;
        are_words && are_long && !INSIDE.contains(&last) && count(&format!("{piece}{rest}")) == 0
    }
}

/// Whether a piece has no digits: 2019-, A4- are codes, not words.
fn is_plain(piece: &str) -> bool {
    !piece.contains(char::is_numeric)
}

/// A word without what is written round it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The words, without pieces of them that end in a hyphen.
fn known(draft: &Draft) -> HashMap<String, u32> {
    let mut known = HashMap::new();
    let words = draft.words.iter().filter_map(|word| draft.text.get(word.span.clone()));
    for word in words.filter(|word| !word.ends_with(['-', '\u{2010}', '\u{AD}'])) {
        *known.entry(bare(word).to_lowercase().replace('\u{2010}', "-")).or_default() += 1;
    }
    known
}
