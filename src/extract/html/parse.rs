//! From a page's bytes to its tree, within bounds: which encoding it names,
//! and where a tree grows beyond anything that a page needs.

use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use scraper::{Html, HtmlTreeSink};

/// A page's tree.
pub struct Parsed {
    pub html: Html,
    /// A sentence where the end of the page is missing.
    pub note: Option<String>,
}

/// Bytes that are parsed between two looks at the tree's size.
const STEP: usize = 16 * 1024;

/// The parser's time grows with the square of the depth; browsers stop at 512.
const MOST_DEPTH: usize = 4_000;

/// Unclosed formatting is repeated in each block, so that a small file can
/// grow into a huge tree. A node takes some 200 bytes.
const MOST_NODES: usize = 4_000_000;

/// Parses a page; never fails, since anything is a page.
pub fn document(source: &str) -> Parsed {
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = driver::parse_document(sink, ParseOpts::default());
    let mut rest = source;
    while !rest.is_empty() {
        let (step, later) = rest.split_at(rest.floor_char_boundary(STEP));
        parser.process(StrTendril::from(step));
        rest = later;
        if !rest.is_empty() && is_unreasonable(&parser.tokenizer.sink.sink.0.borrow()) {
            break;
        }
    }
    let note = (!rest.is_empty()).then(|| {
        "Its elements are nested so deeply or repeated so often that the rest of the page was \
         not read."
            .to_owned()
    });
    Parsed { html: parser.finish(), note }
}

fn is_unreasonable(html: &Html) -> bool {
    let mut nodes = html.tree.nodes();
    let newest = nodes.next_back();
    nodes.len() > MOST_NODES
        || newest.is_some_and(|node| node.ancestors().take(MOST_DEPTH).count() == MOST_DEPTH)
}

/// The encoding that a `meta` element or an XML declaration at the beginning of
/// the file names.
pub fn label(source: &[u8]) -> Option<String> {
    // The standard looks at 1,024 bytes; comments of generators push it down.
    let head = source[..source.len().min(8 * 1024)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let declared = || head.strip_prefix("<?xml")?.split_once("encoding").map(|(_, rest)| rest);
    let meta = head.match_indices("<meta").find_map(|(at, _)| {
        let tag = head[at..].split('>').next()?;
        tag.split_once("charset").map(|(_, rest)| rest)
    });
    let value = meta.or_else(declared)?.trim_start().strip_prefix('=')?;
    let value = value.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)));
    let name = &value[..end.unwrap_or(value.len())];
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_found_wherever_pages_name_it() {
        for (page, expected) in [
            (&b"<meta charset=Shift_JIS>"[..], Some("shift_jis")),
            (b"<META content='text/html; charset=KOI8-R' http-equiv=x>", Some("koi8-r")),
            (b"<?xml version='1.0' encoding=\"EUC-JP\"?><html>", Some("euc-jp")),
            (b"<meta name=x><p>charset=no", None),
            (b"<meta charset=>", None),
        ] {
            assert_eq!(label(page).as_deref(), expected, "{}", page.escape_ascii());
        }
    }

    #[test]
    fn a_page_nested_without_reason_is_cut_and_says_so() {
        let deep = document(&format!("<p>Before.{}", "<div>".repeat(100_000)));
        assert!(deep.note.is_some());
        let copies: Vec<String> = (0..9_000).map(|n| format!("<p><b id={n}>x")).collect();
        assert!(document(&copies.concat()).note.is_some());
        assert!(document(&"<p>One.".repeat(50_000)).note.is_none());
    }
}
