//! Documents made by hand, for tests: without a file, a reader or marks.

use super::*;

impl Document {
    /// Pages one after the other; the source's hash says nothing.
    pub(crate) fn of_pages(
        path: impl Into<PathBuf>,
        format: Format,
        pages: &[(&str, PageState)],
    ) -> Self {
        let mut end = 0;
        let made = pages.iter().zip(1..).map(|((text, state), n)| {
            let span = ByteSpan::new(end, end + text.len());
            end = span.end;
            Page { n, state: *state, span, reader: "test".into(), note: None }
        });
        let made = made.collect();
        let text: String = pages.iter().map(|(text, _)| *text).collect();
        Self {
            path: path.into(),
            format,
            source: SourceHash("aa".into()),
            bytes: text.len() as u64,
            text,
            pages: made,
            marks: Marks::default(),
            markup: None,
            parts: Vec::new(),
            warning: None,
        }
    }

    /// A text file of one page.
    pub(crate) fn of_text(path: impl Into<PathBuf>, text: &str) -> Self {
        Self::of_pages(path, Format::Txt, &[(text, PageState::Text)])
    }
}
