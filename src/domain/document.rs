//! A document as it was read: its text, its pages and how each page fared.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::marks::{AsideKind, Cite, LineBox, Marks};
use super::span::ByteSpan;

/// BLAKE3 of a source file's bytes, in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceHash(pub String);

impl fmt::Display for SourceHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds of file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Txt,
    Md,
    Csv,
    Html,
    Rtf,
    Docx,
    Odt,
    Pdf,
    Eml,
    Mbox,
    Msg,
    Vtt,
    Srt,
}

impl Format {
    /// All of them, in the order in which they are told to people.
    pub const ALL: [Self; 13] = [
        Self::Txt,
        Self::Md,
        Self::Csv,
        Self::Html,
        Self::Rtf,
        Self::Docx,
        Self::Odt,
        Self::Pdf,
        Self::Eml,
        Self::Mbox,
        Self::Msg,
        Self::Vtt,
        Self::Srt,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Md => "md",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Rtf => "rtf",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Pdf => "pdf",
            Self::Eml => "eml",
            Self::Mbox => "mbox",
            Self::Msg => "msg",
            Self::Vtt => "vtt",
            Self::Srt => "srt",
        }
    }

    /// Whether its pages are those that are printed, so that a person finds a
    /// place by a page's number.
    #[must_use]
    pub fn has_printed_pages(self) -> bool {
        self == Self::Pdf
    }
}

/// Which state of a text with tracked changes is read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum RevisionView {
    /// As if every change had been accepted.
    #[default]
    Accepted,
    /// As if every change had been rejected.
    Original,
    /// Both, deletions as `[-words-]` and insertions as `{+words+}`.
    Marked,
}

impl RevisionView {
    /// "with every change accepted", to stand in a sentence.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Accepted => "with every change accepted",
            Self::Original => "as it was before the changes",
            Self::Marked => "with its changes marked",
        }
    }
}

/// The reader of pages that were put through character recognition, as
/// [`Page::reader`] names it.
pub const RECOGNISED: &str = "tesseract";

/// A password, which no log and no message shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    #[must_use]
    pub fn new(password: String) -> Self {
        Self(password)
    }

    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What stands in a word processor's file beside its words; how many of each,
/// whichever view is read.
///
/// An insertion is one `w:ins` of the body, the notes, the headers and footers,
/// wherever it stands (around text, at the end of a paragraph, in a row), and a
/// deletion one `w:del`; what stands in a file twice for programs of two ages
/// (a text box) counts once. A move is one `w:moveToRangeStart`, or one
/// `w:moveTo` in a file that marks no ranges. Comments are those of the
/// comments' part, notes all but the separators. In an `OpenDocument` text they
/// are `text:insertion`, `text:deletion`, `office:annotation` and `text:note`;
/// it knows no moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Markup {
    pub insertions: u32,
    pub deletions: u32,
    pub moves: u32,
    pub comments: u32,
    pub footnotes: u32,
    pub endnotes: u32,
    /// In which state of the changes the text is.
    pub view: RevisionView,
}

impl Markup {
    /// Whether changes are tracked in it, so that there is more than one view.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.insertions > 0 || self.deletions > 0 || self.moves > 0
    }

    /// "12 insertions, 9 deletions, 3 comments"; empty where there is nothing.
    #[must_use]
    pub fn counts(&self) -> String {
        let all = [
            (self.insertions, "insertion"),
            (self.deletions, "deletion"),
            (self.moves, "move"),
            (self.comments, "comment"),
            (self.footnotes, "footnote"),
            (self.endnotes, "endnote"),
        ];
        let there = all.into_iter().filter(|(n, _)| *n > 0);
        let said = there.map(|(n, one)| format!("{n} {one}{}", if n == 1 { "" } else { "s" }));
        said.collect::<Vec<_>>().join(", ")
    }
}

/// A document inside another one: an attachment of a mail, a mail of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The part's path is the document's path with this name behind it: one
    /// component, different from that of all other parts.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// How the reading of one page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PageState {
    /// Text that can be worked on.
    Text,
    /// An image of a page: it needs character recognition first.
    Scan,
    /// Nothing on it.
    Empty,
    /// Text came out, but it is not readable language (broken fonts, say).
    Garbled,
    /// The reader gave up on this page.
    Failed,
}

/// One page of a document. Formats without pages are one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Counted from 1.
    pub n: u32,
    pub state: PageState,
    /// Into [`Document::text`]. The pages tile the text in order; a page's
    /// span takes in the blank line that sets it off from the next.
    #[serde(flatten)]
    pub span: ByteSpan,
    /// What read it, "pdf-extract" for one.
    pub reader: String,
    /// Why the page is not plain text, as a sentence for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A document that was read, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub path: PathBuf,
    pub format: Format,
    pub source: SourceHash,
    /// Size of the source file in bytes.
    pub bytes: u64,
    /// The text that every span points into. Of a UTF-8 text or Markdown
    /// file it is the file's own bytes after a byte-order mark.
    pub text: String,
    pub pages: Vec<Page>,
    /// Into [`Document::text`].
    #[serde(default)]
    pub marks: Marks,
    /// What a word processor's file holds beside its words; `None` of formats
    /// that hold nothing of the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub markup: Option<Markup>,
    /// The documents inside this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// Set where reading ended early or pages gave no text: what happened and
    /// what is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Where in a document a reader looks for a quote; both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub page: u32,
    /// Line within the page.
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p. {}, line {}", self.page, self.line)
    }
}

impl Document {
    /// The page and line on which the byte at `offset` of the text stands.
    #[must_use]
    pub fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let page = self.page_of(offset);
        let (n, start) = page.map_or((1, 0), |p| (p.n, p.span.start));
        let before = self.text.get(start..offset).unwrap_or_default();
        let newlines = before.matches('\n').count();
        Place { page: n, line: u32::try_from(newlines).unwrap_or(u32::MAX - 1) + 1 }
    }

    fn page_of(&self, offset: usize) -> Option<&Page> {
        let after = self.pages.partition_point(|page| page.span.start <= offset);
        self.pages.get(after.checked_sub(1)?)
    }

    /// How a person cites the passage at `span`: by the page and line that a
    /// deposition prints ("112:4–9"), by the time of a recording ("00:01:05"),
    /// by a printed page ("p. 3, line 4"), or else by the line of the text.
    #[must_use]
    pub fn cite(&self, span: ByteSpan) -> String {
        let last = self.last_char(span);
        match (self.marks.cite_at(span.start), self.marks.cite_at(last)) {
            (Some(Cite::Line { page, line }), Some(Cite::Line { page: end_page, line: end })) => {
                lines_cited((page, line), (end_page, end))
            }
            (Some(Cite::Line { page, line }), _) => format!("{page}:{line}"),
            (Some(Cite::Time { seconds }), _) => clock(seconds),
            (None, _) => {
                let place = self.place(span.start);
                if self.format.has_printed_pages() {
                    place.to_string()
                } else {
                    format!("line {}", place.line)
                }
            }
        }
    }

    /// Where the last visible character of a span begins.
    fn last_char(&self, span: ByteSpan) -> usize {
        let words = span.slice(&self.text).unwrap_or_default().trim_end();
        words.char_indices().next_back().map_or(span.start, |(at, _)| span.start + at)
    }

    /// Where the words of a span are printed: a box for each printed line,
    /// in the order of the text. Empty in formats without printed pages.
    #[must_use]
    pub fn line_boxes(&self, span: ByteSpan) -> Vec<LineBox> {
        self.marks.line_boxes(span, |offset| self.page_of(offset).map_or(1, |page| page.n))
    }

    /// The words of a span without what was set aside in it, for showing. A
    /// span of nothing but asides keeps its words.
    #[must_use]
    pub fn without_asides(&self, span: ByteSpan) -> String {
        let whole = span.slice(&self.text).unwrap_or_default();
        let mut shown = String::with_capacity(whole.len());
        let mut from = span.start;
        for aside in self.marks.asides_within(span) {
            let kept = ByteSpan::new(from, aside.span.start.max(from));
            shown.push_str(kept.slice(&self.text).unwrap_or_default());
            from = aside.span.end.max(from);
        }
        let rest = ByteSpan::new(from.min(span.end), span.end);
        shown.push_str(rest.slice(&self.text).unwrap_or_default());
        if shown.trim().is_empty() { whole.to_owned() } else { shown }
    }

    /// Whether it holds text that readers of the document do not see.
    #[must_use]
    pub fn has_hidden_text(&self) -> bool {
        let is_text = |kind: AsideKind| kind.is_hidden() && kind != AsideKind::ControlCharacters;
        self.marks.asides.iter().any(|aside| is_text(aside.kind))
    }

    /// What whoever uses a result has to know of how the text was got, as
    /// sentences: the view of tracked changes, and pages that were recognised
    /// from images.
    #[must_use]
    pub fn caveats(&self) -> Vec<String> {
        let changed = self.markup.filter(Markup::has_changes);
        let view = changed.map(|markup| {
            let cut = match markup.view {
                RevisionView::Marked => ". The rules miss a fact that a change cuts in two",
                RevisionView::Accepted | RevisionView::Original => "",
            };
            format!("{}: read {}{cut}.", markup.counts(), markup.view.in_words())
        });
        let of = self.pages.len();
        let recognised = self.pages.iter().filter(|page| page.reader == RECOGNISED).count();
        let recognised = (recognised > 0).then(|| {
            format!(
                "{recognised} of {of} {} recognised from images and may have wrong letters: check \
                 quotes against the print.",
                if recognised == 1 { "pages was" } else { "pages were" }
            )
        });
        view.into_iter().chain(recognised).collect()
    }

    /// The spans of the pages that hold text to work on, in order.
    pub fn readable(&self) -> impl Iterator<Item = ByteSpan> + '_ {
        self.pages.iter().filter(|p| p.state == PageState::Text).map(|p| p.span)
    }
}

/// Lines of a deposition from one to another, both of page and line.
fn lines_cited((page, line): (u32, u32), (end_page, end): (u32, u32)) -> String {
    if (page, line) == (end_page, end) {
        format!("{page}:{line}")
    } else if page == end_page {
        format!("{page}:{line}–{end}")
    } else {
        format!("{page}:{line}–{end_page}:{end}")
    }
}

/// Seconds as hours, minutes and seconds: "00:01:05".
fn clock(seconds: u32) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

// The paths are written out for the fuzz targets, which take in this file alone.
#[cfg(test)]
#[path = "document/fixture.rs"]
mod fixture;
#[cfg(test)]
#[path = "document/tests.rs"]
mod tests;
