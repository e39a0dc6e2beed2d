//! The part of the graphics state that decides whether strings can be seen
//! (ISO 32000-1, 8.4 and 8.6). Knows colours as far as they are told plainly.

use pdf_extract::{Dictionary, Document, Object};

use super::fonts::FontNumber;
use super::sheet::{Colour, Ink, Matrix, Sides};

/// Below this share of its colour, ink cannot be seen.
const LEAST_ALPHA: f32 = 0.05;

/// Above it, what is painted hides what is below.
const OPAQUE: f32 = 0.9;

/// In what the numbers of a colour are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    Grey,
    Rgb,
    Cmyk,
    Unknown,
}

#[derive(Debug, Clone)]
pub struct Graphics {
    /// From the commands' own plane to the page as it is shown.
    pub to_page: Matrix,
    pub clip: Sides,
    pub space: Space,
    pub fill: Option<Colour>,
    pub alpha: f32,
    /// Whether what is painted is mixed with what is below.
    pub blends: bool,
    /// Text rendering mode (ISO 32000-1, table 106).
    pub mode: i32,
    pub font: Option<FontNumber>,
    pub legible: bool,
}

impl Graphics {
    pub fn new(to_page: Matrix, clip: Sides) -> Self {
        Self {
            to_page,
            clip,
            space: Space::Grey,
            fill: Some([0.0; 3]),
            alpha: 1.0,
            blends: false,
            mode: 0,
            font: None,
            legible: true,
        }
    }

    pub fn ink(&self) -> Ink {
        Ink {
            drawn: self.mode != 3 && self.alpha > LEAST_ALPHA,
            // Modes 1 and 5 draw outlines, 7 cuts a picture to letters.
            colour: self.fill.filter(|_| matches!(self.mode, 0 | 2 | 4 | 6)),
            legible: self.legible,
        }
    }

    pub fn is_opaque(&self) -> bool {
        self.alpha >= OPAQUE && !self.blends
    }

    pub fn set_colour(&mut self, space: Space, numbers: &[f64]) {
        self.space = space;
        self.fill = colour(space, numbers);
    }

    /// Takes over what an `ExtGState` dictionary says.
    pub fn apply(&mut self, doc: &Document, state: &Dictionary) {
        let value = |key: &[u8]| doc.dereference(state.get(key).ok()?).ok().map(|(_, v)| v);
        if let Some(alpha) = value(b"ca").and_then(|v| v.as_float().ok()) {
            self.alpha = alpha;
        }
        if let Some(mode) = value(b"BM") {
            let name = match mode {
                Object::Array(modes) => modes.first().unwrap_or(mode),
                _ => mode,
            };
            self.blends = !matches!(name.as_name(), Ok(b"Normal" | b"Compatible"));
        }
    }
}

/// The space called `name` in `resources`.
pub fn space(doc: &Document, resources: Option<&Dictionary>, name: &[u8]) -> Space {
    match name {
        b"DeviceGray" | b"G" => return Space::Grey,
        b"DeviceRGB" | b"RGB" => return Space::Rgb,
        b"DeviceCMYK" | b"CMYK" => return Space::Cmyk,
        _ => {}
    }
    let spaces = resources.and_then(|r| doc.get_dict_in_dict(r, b"ColorSpace").ok());
    let found = spaces.and_then(|s| s.get(name).ok()).and_then(|s| doc.dereference(s).ok());
    let Some((_, Object::Array(parts))) = found else { return Space::Unknown };
    match parts.first().map(Object::as_name) {
        Some(Ok(b"CalGray")) => Space::Grey,
        Some(Ok(b"CalRGB")) => Space::Rgb,
        Some(Ok(b"ICCBased")) => {
            let profile = parts.get(1).and_then(|p| doc.dereference(p).ok());
            let profile = profile.and_then(|(_, p)| p.as_stream().ok());
            match profile.and_then(|p| p.dict.get(b"N").and_then(Object::as_i64).ok()) {
                Some(1) => Space::Grey,
                Some(3) => Space::Rgb,
                Some(4) => Space::Cmyk,
                _ => Space::Unknown,
            }
        }
        _ => Space::Unknown,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a colour needs few digits")]
fn colour(space: Space, numbers: &[f64]) -> Option<Colour> {
    let unit = |n: f64| n.clamp(0.0, 1.0) as f32;
    match (space, numbers) {
        (Space::Grey, [grey]) => Some([unit(*grey); 3]),
        (Space::Rgb, [r, g, b]) => Some([unit(*r), unit(*g), unit(*b)]),
        (Space::Cmyk, [c, m, y, k]) => {
            Some([c, m, y].map(|ink| (1.0 - unit(*ink)) * (1.0 - unit(*k))))
        }
        _ => None,
    }
}
