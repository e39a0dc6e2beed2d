//! A document as jobs read it: its text without what was set aside, and the
//! way back from there to the document itself. Knows nothing of what jobs do.

mod cut;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::document::Document;
use super::finding::{Basis, JobResult, Quote};
use super::ledger::Coverage;
use super::marks::{Aside, AsideKind, Marks};
use super::span::ByteSpan;
use super::words::listed;
use cut::Cut;

/// What jobs are given of a document.
#[derive(Debug)]
pub struct Body<'a> {
    source: &'a Document,
    read: Cow<'a, Document>,
    /// In order, without overlaps; none where nothing was set aside.
    cuts: Vec<Cut>,
    /// The stretches of the body's text that are the document's own, in order.
    /// Unused without cuts.
    kept: Vec<Kept>,
    basis: Basis,
    /// What of the asides is not cut out.
    given: BTreeSet<AsideKind>,
}

/// A stretch of the body that is the document's own, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept {
    /// Where it begins in the body's text.
    at: usize,
    /// Where it stands in the document's text.
    span: ByteSpan,
}

impl Kept {
    fn end(self) -> usize {
        self.at + self.span.len()
    }
}

impl<'a> Body<'a> {
    /// The document without its asides; `with_hidden` leaves those in that
    /// [may be given](AsideKind::may_be_given).
    ///
    /// Words on both sides of a cut stay apart, and a sentence that goes on
    /// behind it is one sentence.
    #[must_use]
    pub fn of(source: &'a Document, with_hidden: bool) -> Self {
        let is_cut = |aside: &&Aside| !(with_hidden && aside.kind.may_be_given());
        let asides = || source.marks.asides.iter();
        let cuts = cut::cuts(&source.text, asides().filter(is_cut));
        let given: BTreeSet<AsideKind> =
            asides().filter(|aside| !is_cut(aside)).map(|aside| aside.kind).collect();
        let basis = Basis::of(source, !given.is_empty());
        let read = Cow::Borrowed(source);
        if cuts.is_empty() {
            return Self { source, read, cuts, kept: Vec::new(), basis, given };
        }
        let (text, kept) = without(&source.text, &cuts);
        let mut body = Self { source, read, cuts, kept, basis, given };
        let mut pages = source.pages.clone();
        for page in &mut pages {
            page.span = ByteSpan::new(body.place(page.span.start), body.place(page.span.end));
        }
        body.read = Cow::Owned(Document {
            path: source.path.clone(),
            format: source.format,
            source: source.source.clone(),
            bytes: source.bytes,
            text,
            pages,
            marks: Marks::default(),
            markup: None,
            parts: Vec::new(),
            warning: source.warning.clone(),
        });
        body
    }

    /// What jobs read: all spans in their work point into its text.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.read
    }

    /// The document that it was made of.
    #[must_use]
    pub fn source(&self) -> &'a Document {
        self.source
    }

    /// Of which text results are, and whether hidden text is among it.
    #[must_use]
    pub fn basis(&self) -> &Basis {
        &self.basis
    }

    /// What is given to jobs though it is not part of what the document says,
    /// as a sentence; `None` where nothing is.
    #[must_use]
    pub fn given_beside(&self) -> Option<String> {
        let kinds: Vec<&str> = self.given.iter().map(|kind| kind.name()).collect();
        let named = listed(&kinds);
        (!kinds.is_empty())
            .then(|| format!("This job was given what is set aside otherwise: {named}."))
    }

    /// What is left in the body of a passage of the document.
    #[must_use]
    pub fn passage(&self, source: ByteSpan) -> ByteSpan {
        if self.cuts.is_empty() {
            return source;
        }
        let behind = self.kept.partition_point(|kept| kept.span.start < source.end);
        let end = behind.checked_sub(1).map_or(0, |last| {
            let kept = self.kept[last];
            kept.end().min(kept.at + (source.end - kept.span.start))
        });
        ByteSpan::new(self.place(source.start), end)
    }

    /// The offset in the body of an offset in the document; of one in a cut,
    /// where the cut was made.
    fn place(&self, offset: usize) -> usize {
        let next = self.kept.partition_point(|kept| kept.span.end <= offset);
        match self.kept.get(next) {
            Some(kept) => kept.at + offset.saturating_sub(kept.span.start),
            None => self.kept.last().map_or(0, |last| last.end()),
        }
    }

    /// The passage of the document of which a span of the body was made. What
    /// was cut out in the middle of it belongs to it, what was cut out at its
    /// ends does not.
    #[must_use]
    pub fn span(&self, body: ByteSpan) -> ByteSpan {
        if self.cuts.is_empty() {
            return body;
        }
        let start = self.origin(body.start);
        if body.is_empty() {
            return ByteSpan::new(start, start);
        }
        let last = self.kept.partition_point(|kept| kept.at < body.end);
        let end = last.checked_sub(1).map_or(start, |last| {
            let kept = self.kept[last];
            kept.span.end.min(kept.span.start + (body.end - kept.at))
        });
        ByteSpan::new(start, end)
    }

    /// The offset in the document of an offset in the body.
    fn origin(&self, offset: usize) -> usize {
        let next = self.kept.partition_point(|kept| kept.end() <= offset);
        match self.kept.get(next) {
            Some(kept) => kept.span.start + offset.saturating_sub(kept.at),
            None => self.source.text.len(),
        }
    }

    /// A job's result on the body as one on the document: quotes with the
    /// document's own bytes and places, and a ledger of all its bytes.
    /// `within` is the passage of the document that the job was on.
    #[must_use]
    pub fn restore(&self, mut result: JobResult, within: Option<ByteSpan>) -> JobResult {
        result.basis = self.basis.clone();
        if self.cuts.is_empty() {
            return result;
        }
        for quote in result.findings.iter_mut().flat_map(|finding| &mut finding.quotes) {
            *quote = Quote::of(self.source, self.span(quote.span));
        }
        result.coverage = self.coverage(result.coverage, within);
        result
    }

    fn coverage(&self, of_body: Coverage, within: Option<ByteSpan>) -> Coverage {
        let total = self.source.text.len();
        let chosen = within.unwrap_or(ByteSpan::new(0, total));
        let mut sum = Coverage { total, ..of_body };
        // A blank that was put in place of a cut is no byte of the document.
        sum.read = sum.read.min(total);
        sum.failed = sum.failed.min(total - sum.read);
        sum.excluded = total - sum.read - sum.failed;
        for cut in self.cuts.iter().filter(|cut| chosen.overlaps(cut.span)) {
            for (kind, bytes) in cut.bytes(chosen).into_iter().filter(|(_, bytes)| *bytes > 0) {
                *sum.set_aside.entry(kind).or_default() += bytes;
            }
        }
        sum.by_state.clear();
        for page in self.source.pages.iter().filter(|page| !page.span.is_empty()) {
            *sum.by_state.entry(page.state).or_default() += page.span.len();
        }
        sum
    }
}

/// The text without the cuts, and what was kept of it.
fn without(text: &str, cuts: &[Cut]) -> (String, Vec<Kept>) {
    let mut left = String::with_capacity(text.len());
    let mut kept = Vec::with_capacity(cuts.len() + 1);
    let mut keep = |left: &mut String, span: ByteSpan| {
        if let Some(words) = span.slice(text).filter(|words| !words.is_empty()) {
            kept.push(Kept { at: left.len(), span });
            left.push_str(words);
        }
    };
    let mut from = 0;
    for cut in cuts {
        keep(&mut left, ByteSpan::new(from, cut.span.start));
        if cut.needs_blank {
            left.push(' ');
        }
        for span in &cut.kept {
            keep(&mut left, *span);
        }
        from = cut.span.end;
    }
    keep(&mut left, ByteSpan::new(from, text.len()));
    (left, kept)
}

#[cfg(test)]
mod tests;
