//! The properties of letters in Word's words.

use crate::extract::look::{Ink, Look, WHITE, hex};
use crate::extract::xml::Tag;

/// Takes in one property (a child of `w:rPr`, or a `w:shd`).
pub fn take(look: &mut Look, tag: &Tag<'_>) {
    if tag.space != "w" {
        return;
    }
    match tag.local() {
        "vanish" => look.vanish = Some(tag.is_on()),
        "sz" => look.size = tag.number("val"),
        "color" => look.colour = Some(ink(tag, "val", "themeColor")),
        "shd" => look.shade = shade(tag),
        "highlight" => look.shade = highlight(&tag.attr("val").unwrap_or_default()),
        _ => {}
    }
}

/// A colour attribute, which may be left to a theme; Word writes down what the
/// theme gave.
fn ink(tag: &Tag<'_>, value: &str, theme: &str) -> Ink {
    let written = tag.attr(value).unwrap_or_default();
    if let Some(rgb) = hex(&written) {
        return Ink::Rgb(rgb);
    }
    match tag.attr(theme).as_deref() {
        Some("background1" | "bg1" | "light1") => WHITE,
        Some(_) => Ink::Unknown,
        None => Ink::Auto,
    }
}

/// What a `w:shd` puts behind letters; `None` where it is nothing.
fn shade(tag: &Tag<'_>) -> Option<Ink> {
    match tag.attr("val").as_deref() {
        Some("solid") => Some(ink(tag, "color", "themeColor")).filter(|ink| *ink != Ink::Auto),
        Some("clear" | "nil") | None => {
            Some(ink(tag, "fill", "themeFill")).filter(|ink| *ink != Ink::Auto)
        }
        // A pattern of two colours.
        Some(_) => Some(Ink::Unknown),
    }
}

fn highlight(name: &str) -> Option<Ink> {
    Some(match name {
        "none" | "" => return None,
        "black" => Ink::Rgb([0; 3]),
        "white" => WHITE,
        "yellow" => Ink::Rgb([255, 255, 0]),
        "red" => Ink::Rgb([255, 0, 0]),
        "green" => Ink::Rgb([0, 255, 0]),
        "blue" => Ink::Rgb([0, 0, 255]),
        _ => Ink::Unknown,
    })
}
