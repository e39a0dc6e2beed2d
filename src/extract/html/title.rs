//! A web page's title, where the page's text lacks it.

use scraper::{ElementRef, Html};

use crate::extract::flow::Flow;

/// The title stands first, unless the page's text has it too.
pub fn put(html: &Html, flow: &mut Flow) {
    let mut elements = html.tree.nodes().filter_map(ElementRef::wrap);
    let Some(title) = elements.find(is_title) else {
        return;
    };
    let title = collapsed(title.text());
    let body = elements.find(|element| element.value().name() == "body");
    let body = body.map(|body| collapsed(body.text())).unwrap_or_default();
    if !body.contains(&title) {
        flow.words(&title);
        flow.end_block();
    }
}

/// Drawings have titles too.
fn is_title(element: &ElementRef<'_>) -> bool {
    let parent = element.parent().and_then(ElementRef::wrap);
    element.value().name() == "title"
        && parent.is_some_and(|parent| matches!(parent.value().name(), "head" | "html"))
}

fn collapsed<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::new();
    let text: String = texts.collect();
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
