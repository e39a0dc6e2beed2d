//! A document's text wrapped to the width of the source pane. Made once for a
//! text and a width: wrapping a large document takes longer than a frame may.

use super::text;
use crate::app::state::{DocId, Entry};
use crate::domain::document::{Document, Page, SourceHash};

/// What the wrapped lines were made from; equal keys mean equal lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub doc: DocId,
    source: SourceHash,
    /// A second reading of the same file may bring more of its text.
    generation: u64,
    bytes: usize,
    /// Columns for line numbers and text together.
    width: usize,
}

impl Key {
    pub fn new(entry: &Entry, doc: &Document, width: usize) -> Self {
        Self {
            doc: entry.id.clone(),
            source: doc.source.clone(),
            generation: entry.generation,
            bytes: doc.text.len(),
            width,
        }
    }
}

/// One line on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrappedLine {
    /// The rule above a page; an index into [`Document::pages`].
    Page(usize),
    /// Bytes `start..end` of the document's text. `number` is the line's
    /// number within its page, from 1, and 0 where a line goes on.
    Text { start: usize, end: usize, number: usize },
}

#[derive(Debug)]
pub struct Wrapped {
    pub key: Key,
    /// Columns left of the text: a blank, and line numbers where there is room.
    pub gutter: usize,
    pub lines: Vec<WrappedLine>,
}

/// Below this width every column is needed for the text.
const MIN_WIDTH_FOR_NUMBERS: usize = 40;

impl Wrapped {
    pub fn new(key: Key, doc: &Document) -> Self {
        let mut lines = Vec::new();
        let gutter = gutter(doc, key.width);
        let width = key.width.saturating_sub(gutter);
        for (index, page) in doc.pages.iter().enumerate() {
            if doc.pages.len() > 1 {
                if index > 0 {
                    let end = page.span.start;
                    lines.push(WrappedLine::Text { start: end, end, number: 0 });
                }
                lines.push(WrappedLine::Page(index));
            }
            let body = page.span.slice(&doc.text).unwrap_or_default();
            wrap_page(body, page.span.start, width, &mut lines);
        }
        Self { key, gutter, lines }
    }

    /// The line that holds a byte of the text, or the nearest before it.
    pub fn line_of(&self, offset: usize) -> usize {
        let (mut low, mut high) = (0, self.lines.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            // A page's rule counts with the first line below it.
            let next = self.lines[middle..].iter().find_map(|line| match line {
                WrappedLine::Text { start, .. } => Some(*start),
                WrappedLine::Page(_) => None,
            });
            if next.is_some_and(|start| start <= offset) { low = middle + 1 } else { high = middle }
        }
        low.saturating_sub(1)
    }

    /// The first byte of the text on a line or below it.
    pub fn offset_of(&self, line: usize) -> usize {
        let below = self.lines.get(line..).unwrap_or_default();
        let starts = below.iter().find_map(|line| match line {
            WrappedLine::Text { start, .. } => Some(*start),
            WrappedLine::Page(_) => None,
        });
        starts.unwrap_or(usize::MAX)
    }
}

/// Room for the largest line number and a blank.
fn gutter(doc: &Document, width: usize) -> usize {
    if width < MIN_WIDTH_FOR_NUMBERS {
        return 1;
    }
    let lines = |page: &Page| page.span.slice(&doc.text).map_or(0, |body| body.lines().count());
    let most = doc.pages.iter().map(lines).max().unwrap_or(0);
    most.to_string().len().max(2) + 1
}

fn wrap_page(body: &str, offset: usize, width: usize, lines: &mut Vec<WrappedLine>) {
    // The blank lines that set a page off from the next are the rule's job.
    let body = body.trim_end_matches(['\n', '\r']);
    let mut start = offset;
    for (n, line) in body.split('\n').enumerate() {
        let shown = line.strip_suffix('\r').unwrap_or(line);
        let mut number = n + 1;
        text::wrap_line(shown, width, |range| {
            let (start, end) = (start + range.start, start + range.end);
            lines.push(WrappedLine::Text { start, end, number });
            number = 0;
        });
        start += line.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{Format, PageState};

    fn document(pages: &[&str]) -> Document {
        let pages: Vec<_> = pages.iter().map(|page| (*page, PageState::Text)).collect();
        Document::of_pages("a.pdf", Format::Pdf, &pages)
    }

    fn wrapped(doc: &Document, width: usize) -> Wrapped {
        let key = Key {
            doc: DocId("a.pdf".into()),
            source: doc.source.clone(),
            generation: 0,
            bytes: doc.text.len(),
            width,
        };
        Wrapped::new(key, doc)
    }

    #[test]
    fn lines_are_numbered_within_their_page_and_pages_have_a_rule() {
        let doc = document(&["one two\nthree\n\n", "four"]);
        let text = |start, end, number| WrappedLine::Text { start, end, number };
        assert_eq!(
            wrapped(&doc, 6).lines,
            [
                WrappedLine::Page(0),
                text(0, 4, 1),
                text(4, 7, 0),
                text(8, 13, 2),
                text(15, 15, 0),
                WrappedLine::Page(1),
                text(15, 19, 1),
            ]
        );
    }

    #[test]
    fn every_byte_is_found_on_its_line() {
        let doc = document(&["one two\nthree\n\n", "four"]);
        let wrapped = wrapped(&doc, 6);
        for (offset, line) in [(0, 1), (3, 1), (4, 2), (8, 3), (14, 3), (15, 6), (99, 6)] {
            assert_eq!(wrapped.line_of(offset), line, "byte {offset}");
        }
        assert_eq!(wrapped.offset_of(5), 15);
        assert_eq!(wrapped.offset_of(99), usize::MAX);
    }

    #[test]
    fn an_empty_document_has_nothing_to_find() {
        let doc = document(&[]);
        assert_eq!(wrapped(&doc, 6).line_of(3), 0);
    }
}
