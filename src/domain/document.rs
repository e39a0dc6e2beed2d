//! A document as it was read: its text, its pages and how each page fared.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

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
    Vtt,
    Pdf,
}

impl Format {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Md => "md",
            Self::Vtt => "vtt",
            Self::Pdf => "pdf",
        }
    }
}

/// How the reading of one page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
        let page = self.pages.iter().rev().find(|p| p.span.start <= offset);
        let (n, start) = page.map_or((1, 0), |p| (p.n, p.span.start));
        let before = self.text.get(start..offset).unwrap_or_default();
        let newlines = before.matches('\n').count();
        Place { page: n, line: u32::try_from(newlines).unwrap_or(u32::MAX - 1) + 1 }
    }

    /// The spans of the pages that hold text to work on, in order.
    pub fn readable(&self) -> impl Iterator<Item = ByteSpan> + '_ {
        self.pages.iter().filter(|p| p.state == PageState::Text).map(|p| p.span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_pages() -> Document {
        let text = "first\nsecond\n\nthird\nfourth".to_owned();
        let page = |n, start, end| Page {
            n,
            state: PageState::Text,
            span: ByteSpan::new(start, end),
            reader: "test".into(),
            note: None,
        };
        Document {
            path: "a.pdf".into(),
            format: Format::Pdf,
            source: SourceHash("00".into()),
            bytes: 1,
            pages: vec![page(1, 0, 14), page(2, 14, text.len())],
            text,
            warning: None,
        }
    }

    #[test]
    fn lines_are_counted_within_their_page() {
        let doc = two_pages();
        let at = |word: &str| doc.place(doc.text.find(word).expect("word is in the text"));
        assert_eq!(at("first"), Place { page: 1, line: 1 });
        assert_eq!(at("second"), Place { page: 1, line: 2 });
        assert_eq!(at("third"), Place { page: 2, line: 1 });
        assert_eq!(at("fourth"), Place { page: 2, line: 2 });
    }

    #[test]
    fn an_offset_past_the_end_is_the_last_line() {
        assert_eq!(two_pages().place(9_999), Place { page: 2, line: 2 });
    }
}
