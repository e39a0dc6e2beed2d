//! Sentences of contracts, transcripts and notes, and how they are shown.
//! Knows layout and abbreviations; knows nothing of jobs, facts or models.

mod abbreviation;
mod kind;
pub(crate) mod line;
mod number;
mod split;

use self::line::{Kind, Line};
use super::span::ByteSpan;

/// The sentences of `text`: spans into it, without outer white space, not
/// empty, in order and without overlaps.
///
/// Headings, list items, table rows and speaker turns are sentences of their
/// own. A sentence may run over line ends, printed line numbers and the end of
/// a page; its span then takes them in, and [`display`] removes them. List
/// marks, rules and page numbers belong to no sentence.
#[must_use]
pub fn sentences(text: &str) -> Vec<ByteSpan> {
    let lines = line::classify(text);
    blocks(text, &lines).iter().flat_map(Block::sentences).collect()
}

/// `text` on one line, for showing and for prompts: white space folded to
/// single spaces, printed line numbers and page numbers between lines removed.
#[must_use]
pub fn display(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    let furniture = line::furniture(text);
    for gap in furniture.iter().copied().chain([ByteSpan::new(text.len(), text.len())]) {
        for word in text[from..gap.start].split_whitespace() {
            if !shown.is_empty() {
                shown.push(' ');
            }
            shown.push_str(word);
        }
        from = gap.end;
    }
    shown
}

/// Whether a full stop ends the sentence that began with `before` and is followed, after
/// white space, by `next`.
pub(crate) fn is_sentence_end(before: &str, next: &str) -> bool {
    split::ends(before, ".", next)
}

/// Lines that are read as one, joined by single spaces.
struct Block {
    joined: String,
    /// Where each line starts: offset into `joined`, offset into the text.
    lines: Vec<(usize, usize)>,
    kind: Kind,
}

impl Block {
    fn open(text: &str, line: &Line) -> Self {
        let mut block = Self { joined: String::new(), lines: Vec::new(), kind: line.kind };
        block.append(text, line.words());
        block
    }

    fn append(&mut self, text: &str, words: ByteSpan) {
        if !self.joined.is_empty() {
            self.joined.push(' ');
        }
        self.lines.push((self.joined.len(), words.start));
        self.joined.push_str(&text[words.start..words.end]);
    }

    fn sentences(&self) -> Vec<ByteSpan> {
        let own = match self.kind {
            // A row or a title is one piece, whatever stops stand in it.
            Kind::Heading(_) | Kind::Table | Kind::Code => {
                let whole = ByteSpan::new(0, self.joined.len());
                let words = self.joined.chars().any(char::is_alphanumeric);
                if words { vec![whole] } else { Vec::new() }
            }
            _ => split::split(&self.joined),
        };
        own.into_iter()
            .map(|span| ByteSpan::new(self.source(span.start), self.source(span.end - 1) + 1))
            .collect()
    }

    /// The place in the text of the byte at `offset` of `joined`.
    fn source(&self, offset: usize) -> usize {
        let line = self.lines.partition_point(|(start, _)| *start <= offset) - 1;
        let (joined, text) = self.lines[line];
        text + (offset - joined)
    }
}

fn blocks(text: &str, lines: &[Line]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines.iter().filter(|line| line.has_words()) {
        let words = line.words();
        if words.is_empty() {
            continue;
        }
        match blocks.last_mut() {
            Some(open) if line.joins || continues_item(open, line) => open.append(text, words),
            _ => blocks.push(Block::open(text, line)),
        }
    }
    blocks
}

/// "(a) rent;" is too little for a sentence: the next item joins it.
fn continues_item(open: &Block, line: &Line) -> bool {
    line.kind == Kind::SubItem && open.kind == Kind::SubItem && split::is_short_item(&open.joined)
}

#[cfg(test)]
mod tests;
