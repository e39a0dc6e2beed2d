//! Whether letters can be seen: hidden, in the colour of what is behind them,
//! or too small. Shared by the readers of word processors' files; knows none of
//! their properties.

use crate::domain::marks::AsideKind;

/// Half-points at or under which letters are too small to be seen.
const TINY: u32 = 2;
/// How far two colours may differ in red, green and blue and still be one to
/// the eye.
const SAME: u8 = 8;

/// A colour, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// What the program picks so that it is seen.
    Auto,
    Rgb([u8; 3]),
    /// Some colour, but which depends on more than is read here.
    Unknown,
}

pub const WHITE: Ink = Ink::Rgb([255; 3]);

/// What is said of letters at one place (a run, a style); `None` is not said.
#[derive(Debug, Clone, Default)]
pub struct Look {
    pub vanish: Option<bool>,
    pub colour: Option<Ink>,
    /// Behind the letters.
    pub shade: Option<Ink>,
    /// In half-points.
    pub size: Option<u32>,
}

impl Look {
    /// This, and what it does not say as `base` has it.
    #[must_use]
    pub fn over(&self, base: &Self) -> Self {
        Self {
            vanish: self.vanish.or(base.vanish),
            colour: self.colour.or(base.colour),
            shade: self.shade.or(base.shade),
            size: self.size.or(base.size),
        }
    }

    /// Why letters of this look on `ground` are not seen, if they are not.
    #[must_use]
    pub fn hidden_on(&self, ground: Ink) -> Option<AsideKind> {
        if self.vanish == Some(true) {
            return Some(AsideKind::Invisible);
        }
        if self.size.is_some_and(|size| size <= TINY) {
            return Some(AsideKind::Tiny);
        }
        match (self.colour, self.shade.unwrap_or(ground)) {
            (Some(Ink::Rgb(letters)), Ink::Rgb(behind)) if same(letters, behind) => {
                Some(AsideKind::SameColour)
            }
            _ => None,
        }
    }
}

fn same(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= SAME)
}

/// `RRGGBB`, with a hash before it or not.
#[must_use]
pub fn hex(text: &str) -> Option<[u8; 3]> {
    let text = text.trim_start_matches('#');
    if text.len() != 6 || !text.is_ascii() {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    Some([byte(0)?, byte(2)?, byte(4)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_hidden_by_order_by_size_or_by_what_is_behind_them() {
        let look = |vanish, colour, size| Look { vanish, colour, shade: None, size };
        let nearly = Some(Ink::Rgb([252, 255, 250]));
        assert_eq!(look(Some(true), None, None).hidden_on(WHITE), Some(AsideKind::Invisible));
        assert_eq!(look(None, None, Some(2)).hidden_on(WHITE), Some(AsideKind::Tiny));
        assert_eq!(look(None, None, Some(3)).hidden_on(WHITE), None);
        assert_eq!(look(None, nearly, None).hidden_on(WHITE), Some(AsideKind::SameColour));
        assert_eq!(look(None, nearly, None).hidden_on(Ink::Rgb([0; 3])), None);
        assert_eq!(look(None, nearly, None).hidden_on(Ink::Unknown), None);
        assert_eq!(look(Some(false), Some(Ink::Auto), None).hidden_on(WHITE), None);
    }
}
