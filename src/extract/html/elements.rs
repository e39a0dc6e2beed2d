//! What HTML's elements are of themselves: blocks, things without text, and
//! what attributes say that are older than style sheets.

use scraper::ElementRef;

use super::colour::{self, Colour};
use super::declared::{Counting, Declared};

/// Elements whose content is no text of the page.
pub fn is_left_out(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "iframe"
            | "object"
            | "svg"
            | "math"
            | "head"
            | "audio"
            | "video"
            | "canvas"
            | "map"
            | "datalist"
            | "rp"
            | "rt"
            | "rtc"
    )
}

/// Elements that stand apart from what is before and after them.
pub fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "legend"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "td"
            | "textarea"
            | "th"
            | "tr"
            | "ul"
            | "xmp"
    )
}

/// What attributes say that are older than style sheets, and what browsers
/// give to some elements of themselves.
pub fn by_attributes(element: ElementRef<'_>) -> Declared {
    let value = element.value();
    let mut declared = Declared {
        background: value.attr("bgcolor").and_then(colour::attribute),
        ..Declared::default()
    };
    if value.attr("background").is_some_and(|image| !image.is_empty()) {
        declared.background = Some(Colour::Unknown);
    }
    match value.name() {
        "font" => declared.colour = value.attr("color").and_then(colour::attribute),
        "body" => declared.colour = value.attr("text").and_then(colour::attribute),
        "a" if value.attr("href").is_some() => {
            declared.colour = Some(Colour::Solid([0, 0, 238]));
        }
        "pre" | "listing" | "xmp" | "textarea" => declared.literal = Some(true),
        "dialog" if value.attr("open").is_none() => declared.gone = Some(true),
        "ul" | "menu" | "dir" => declared.counting = Some(Counting::Decimal),
        _ => {}
    }
    if value.attr("hidden").is_some() {
        declared.gone = Some(true);
    }
    declared
}
