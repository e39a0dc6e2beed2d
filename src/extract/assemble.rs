//! From the records of a worker to a document: the pages' texts in one, what
//! is marked in it, and the warning where something is missing. Knows no
//! process and no format's insides.

use std::ops::RangeInclusive;
use std::path::Path;

use super::depositions;
use super::failure::{ReadError, Reason, Stopped};
use super::protocol::{PageRecord, SourceRecord};
use super::{running_heads, times};
use crate::domain::document::{Document, Format, Markup, Page, PageState, Part, SourceHash};
use crate::domain::marks::Marks;
use crate::domain::span::ByteSpan;

/// How a reading ended.
pub(super) enum End {
    Whole,
    Refused(ReadError),
    Stopped(Stopped),
}

impl End {
    pub fn reason(self) -> Reason {
        match self {
            Self::Whole => ReadError::NoPages.into(),
            Self::Refused(error) => error.into(),
            Self::Stopped(stopped) => Reason::Stopped(stopped),
        }
    }
}

/// What a worker delivered.
pub(super) struct Taken {
    pub source: Option<SourceRecord>,
    pub pages: Vec<PageRecord>,
    pub markup: Option<Markup>,
    pub parts: Vec<Part>,
    pub end: End,
}

impl Taken {
    /// The document at `path`.
    ///
    /// # Errors
    /// When not one page came.
    pub fn into_document(self, path: &Path) -> Result<Document, Reason> {
        let usable = self.pages.iter().any(|page| page.state != PageState::Failed);
        let Some(source) = self.source.filter(|_| usable) else {
            let end = match self.end {
                End::Whole if !self.pages.is_empty() => End::Refused(ReadError::DamagedPdf {
                    what: format!("none of its {} pages could be read", self.pages.len()),
                }),
                end => end,
            };
            return Err(end.reason());
        };
        let warning = warning(&self.pages, &self.end);
        let ends = self.pages.last().map(|page| (page.n, page.of, page.reader.clone()));
        let (text, mut pages, mut marks) = laid_out(self.pages, source.format);
        if let Some((n, of, reader)) = ends {
            add_missing(&mut pages, n + 1..=of, &reader, text.len());
        }
        if has_edges(source.format) {
            running_heads::mark(&text, &pages, &mut marks);
        }
        if may_have_numbered_lines(source.format) {
            depositions::mark(&text, &pages, &mut marks);
        }
        // Meetings are exported as documents of word processors too.
        if matches!(source.format, Format::Docx | Format::Odt | Format::Rtf) {
            times::mark(&text, &mut marks);
        }
        Ok(Document {
            path: path.to_owned(),
            format: source.format,
            source: SourceHash(source.blake3),
            bytes: source.bytes,
            text,
            pages,
            marks,
            markup: self.markup,
            parts: self.parts,
            warning,
        })
    }
}

/// Whether the format's pages have a top and a foot: those that are printed,
/// and those of text from before a printer.
fn has_edges(format: Format) -> bool {
    format.has_printed_pages() || format == Format::Txt
}

/// Whether lines of the format may be those of a printed page, with a number
/// before each: not the rows of a table, and not what a recording is cited by.
fn may_have_numbered_lines(format: Format) -> bool {
    !matches!(format, Format::Csv | Format::Vtt | Format::Srt)
}

/// The pages' texts in one, and where each stands. Pages that hold text are set
/// apart by a blank line, except in plain formats, whose pages are the text.
fn laid_out(records: Vec<PageRecord>, format: Format) -> (String, Vec<Page>, Marks) {
    let gap = if format.has_printed_pages() { "\n\n" } else { "" };
    let mut text = String::new();
    let mut marks = Marks::default();
    let mut pages: Vec<Page> = Vec::with_capacity(records.len());
    let mut last_with_text: Option<usize> = None;
    for record in records {
        if !record.text.is_empty() {
            if let Some(last) = last_with_text {
                text.push_str(gap);
                pages[last].span.end = text.len();
                for empty in &mut pages[last + 1..] {
                    empty.span = ByteSpan::new(text.len(), text.len());
                }
            }
            last_with_text = Some(pages.len());
        }
        let start = text.len();
        text.push_str(&record.text);
        marks.append(record.marks.shifted(start));
        pages.push(Page {
            n: record.n,
            state: record.state,
            span: ByteSpan::new(start, text.len()),
            reader: record.reader,
            note: record.note,
        });
    }
    (text, pages, marks)
}

/// Adds the pages that the document has and the reader did not come to.
fn add_missing(pages: &mut Vec<Page>, missing: RangeInclusive<u32>, reader: &str, end: usize) {
    pages.extend(missing.map(|n| Page {
        n,
        state: PageState::Failed,
        span: ByteSpan::new(end, end),
        reader: reader.to_owned(),
        note: Some("Reading ended before this page.".into()),
    }));
}

/// What the reader of any result must know of the reading: where it ended
/// early, and which pages gave no text; `None` where all of them were read.
fn warning(pages: &[PageRecord], end: &End) -> Option<String> {
    let said: Vec<String> =
        [ended_early(pages, end), unread(pages)].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn ended_early(pages: &[PageRecord], end: &End) -> Option<String> {
    let (read, of) = pages.last().map_or((0, 0), |page| (page.n, page.of));
    let (why, advice) = match end {
        End::Whole if read < of => (
            "it has more pages than are read".to_owned(),
            " Split it into smaller files, or allow more pages in config.toml.",
        ),
        End::Whole => return None,
        // Says itself what to do.
        End::Refused(error) => (error.to_string(), ""),
        End::Stopped(stopped) => (
            stopped.to_string(),
            " Open the file in the program that made it and export it to a new file.",
        ),
    };
    // A mail, a table and most texts have no pages: they count as one.
    Some(match of {
        0 | 1 => {
            format!("Reading ended early: {why}. The text after what is here is missing.{advice}")
        }
        _ => format!(
            "Reading ended after page {read} of {of}: {why}. The pages after it are \
             missing.{advice}"
        ),
    })
}

/// The pages among those that the reader came to whose text is missing.
fn unread(pages: &[PageRecord]) -> Option<String> {
    let has_text = pages.iter().any(|page| page.state == PageState::Text);
    if !has_text {
        let note = pages.iter().find_map(|page| page.note.as_deref());
        let (lack, empty) = match pages {
            [_] => ("It holds no text that can be read.", "It is empty."),
            _ => ("No page of it holds text that can be read.", "All of them are empty."),
        };
        return Some(format!("{lack} {}", note.unwrap_or(empty)));
    }
    let lost: Vec<&PageRecord> = pages
        .iter()
        .filter(|page| !matches!(page.state, PageState::Text | PageState::Empty))
        .collect();
    let of = pages.last()?.of;
    let said = match lost.as_slice() {
        [] => return None,
        [page] => format!("Page {} of {of} could not be read", page.n),
        _ => format!("{} of {of} pages could not be read ({})", lost.len(), numbers(&lost)),
    };
    // One reason for all of them is said here; several stand beside the pages.
    let note = lost[0].note.as_deref().filter(|_| lost.iter().all(|p| p.note == lost[0].note));
    let note = note.map_or(String::new(), |note| format!(" {note}"));
    Some(format!("{said}; every result lacks what stands there.{note}"))
}

/// Runs of pages that a list names; a longer one says nothing more.
const RUNS: usize = 8;

/// "pages 2, 4 to 6 and 9".
fn numbers(pages: &[&PageRecord]) -> String {
    let runs = pages.chunk_by(|a, b| a.n.checked_add(1) == Some(b.n));
    let mut named: Vec<String> = runs
        .map(|run| match run {
            [first, .., last] => format!("{} to {}", first.n, last.n),
            _ => run[0].n.to_string(),
        })
        .collect();
    if named.len() > RUNS {
        named.truncate(RUNS);
        return format!("pages {} and others", named.join(", "));
    }
    let last = named.pop().unwrap_or_default();
    if named.is_empty() {
        format!("pages {last}")
    } else {
        format!("pages {} and {last}", named.join(", "))
    }
}

#[cfg(test)]
#[path = "assemble_tests.rs"]
mod tests;
