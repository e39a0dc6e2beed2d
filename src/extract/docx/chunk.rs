//! Documents of other formats that stand in a Word document as part of its text
//! (`w:altChunk`): handed to the reader of their format.

use std::ops::ControlFlow;

use super::DEEPEST;
use crate::extract::blocks::{Block, of_text};
use crate::extract::options::Options;
use crate::extract::protocol::Piece;
use crate::extract::{Extractor, html, rtf, text};

/// The text of `bytes`, whose part is called `name`, as blocks; `None` where it
/// cannot be read.
pub fn blocks(name: &str, bytes: &[u8], options: &Options, depth: usize) -> Option<Vec<Block>> {
    if depth >= DEEPEST {
        return None;
    }
    if bytes.starts_with(b"PK") {
        let told = super::tell(bytes, options, depth + 1).ok()?;
        return Some(of_text(&told.text, &told.marks));
    }
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default().to_ascii_lowercase();
    let holds = |mark: &[u8]| start.windows(mark.len()).any(|window| window == mark);
    if start.starts_with(b"{\\rtf") {
        return through(&rtf::Rtf, bytes, options);
    }
    if holds(b"mime-version:") {
        return through(&crate::extract::mail::Eml, bytes, options);
    }
    if matches!(ending.as_str(), "html" | "htm" | "xhtml") || holds(b"<html") {
        return through(&html::Html, bytes, options);
    }
    through(&text::PlainText, bytes, options)
}

fn through(reader: &dyn Extractor, bytes: &[u8], options: &Options) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    let read = reader.read(bytes, options, &mut |piece| {
        if let Piece::Page(page) = piece {
            blocks.extend(of_text(&page.text, &page.marks));
        }
        ControlFlow::Continue(())
    });
    read.ok().map(|()| blocks)
}
