//! Where the reader puts the glyphs of pages: each with its place on the page
//! as it is shown and how it is drawn, those without a meaning marked, and no
//! more than there is room for. Makes no words of them.

mod fonts;
mod graphics;
mod layers;
mod path;
mod press;
mod rewrite;
mod scan;
pub mod sheet;

use std::fmt;

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};

pub use press::{Fault, Press};
use sheet::{Ink, Sheet};

/// Stands for a glyph of which the file does not say which letter it shows.
pub const UNKNOWN: &str = "\u{FFFD}";

/// A glyph as it stands on the page, in points from the upper left corner of
/// the page as it is shown, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Into [`Glyphs::text`].
    pub start: u32,
    pub end: u32,
    /// Where the pen is put down, and where it goes on from without letter
    /// spacing.
    pub from: (f32, f32),
    pub to: (f32, f32),
    /// Which way the line goes; of any length.
    pub way: (f32, f32),
    /// Letter spacing (and, of a space, word spacing) that follows it.
    pub spacing: f32,
    /// Height of the font as it is drawn.
    pub size: f32,
    /// Of [`Sheet::strings`], the one it is in.
    pub string: u32,
    /// Into [`Sheet::inks`].
    pub ink: u32,
}

/// The glyphs of one page, in the order in which they are drawn.
///
/// As an [`OutputDev`] it takes those of one page whose axes go to the right
/// and up, without what a [`Sheet`] tells; [`Press`] fills it with everything.
#[allow(clippy::struct_field_names, reason = "they are what it holds")]
#[derive(Debug, Default)]
pub struct Glyphs {
    pub text: String,
    pub glyphs: Vec<Glyph>,
    pub sheet: Sheet,
    /// Strings of which not one glyph came: the reader could not even tell
    /// where one ends.
    pub mute: u32,
    /// Whether more came than there was room for.
    pub full: bool,
    /// In bytes.
    room: usize,
    /// The upper left corner, where the axes go up.
    corner: Option<(f64, f64)>,
    /// The string that is being drawn, and its ink.
    string: Option<u32>,
    ink: usize,
    spoke: bool,
}

impl Glyphs {
    /// Takes at most `room` bytes of text.
    pub fn new(room: u64) -> Self {
        let room = usize::try_from(room).unwrap_or(usize::MAX).min(u32::MAX as usize);
        Self { room, ..Self::default() }
    }

    /// What the glyph spells.
    pub fn spelled(&self, glyph: &Glyph) -> &str {
        self.text.get(glyph.start as usize..glyph.end as usize).unwrap_or_default()
    }

    /// How the glyph is drawn.
    pub fn ink(&self, glyph: &Glyph) -> Ink {
        self.ink_at(glyph.ink as usize)
    }

    fn ink_at(&self, at: usize) -> Ink {
        self.sheet.inks.get(at).map(|(_, ink)| *ink).unwrap_or_default()
    }

    fn begin_string(&mut self) {
        self.spoke = false;
        let string = self.string.map_or(0, |string| string + 1);
        self.string = Some(string);
        while self.sheet.inks.get(self.ink + 1).is_some_and(|(from, _)| *from <= string) {
            self.ink += 1;
        }
    }
}

impl OutputDev for Glyphs {
    #[expect(clippy::cast_possible_truncation, reason = "pages are small")]
    fn begin_page(
        &mut self,
        _page: u32,
        sides: &MediaBox,
        _art_box: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.corner = Some((sides.llx, sides.ury));
        self.sheet.width = (sides.urx - sides.llx) as f32;
        self.sheet.height = (sides.ury - sides.lly) as f32;
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    #[expect(clippy::cast_possible_truncation, reason = "pages are small, and so is their text")]
    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.spoke = true;
        // A simple font's unknown glyph comes as U+0000.
        let unknown = matches!(text, "" | "\0") || !self.ink_at(self.ink).legible;
        let text = if unknown { UNKNOWN } else { text };
        if self.text.len() + text.len() > self.room {
            self.full = true;
            return Err(OutputError::FormatError(fmt::Error));
        }
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let (mut x, mut y, mut down) = (place.m31, place.m32, place.m12);
        if let Some((left, top)) = self.corner {
            (x, y, down) = (x - left, top - y, -down);
        }
        let along = width * font_size;
        let size = (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt() * font_size;
        self.glyphs.push(Glyph {
            start,
            end: self.text.len() as u32,
            from: (x as f32, y as f32),
            to: ((x + place.m11 * along) as f32, (y + down * along) as f32),
            way: ((place.m11 * font_size) as f32, (down * font_size) as f32),
            spacing: (spacing * place.m11.hypot(place.m12)) as f32,
            size: size.abs() as f32,
            string: self.string.unwrap_or(0),
            ink: self.ink as u32,
        });
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.begin_string();
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        self.mute += u32::from(!self.spoke);
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// The glyphs of several pages that are drawn onto one sheet.
struct Pages {
    done: Vec<Result<Glyphs, Fault>>,
    /// The page that is being drawn.
    page: Glyphs,
    /// The sheets of those that follow.
    rest: std::vec::IntoIter<Sheet>,
    room: u64,
}

impl Pages {
    /// Of pages with these sheets, each with `room` bytes of text.
    fn new(sheets: Vec<Sheet>, room: u64) -> Self {
        let mut rest = sheets.into_iter();
        let page = Glyphs { sheet: rest.next().unwrap_or_default(), ..Glyphs::new(room) };
        Self { done: Vec::new(), page, rest, room }
    }

    /// Begins the next page, or an empty one behind the last.
    fn turn(&mut self) {
        let sheet = self.rest.next().unwrap_or_default();
        let mut page =
            std::mem::replace(&mut self.page, Glyphs { sheet, ..Glyphs::new(self.room) });
        page.mute += page.sheet.mute;
        self.done.push(match &page.sheet {
            sheet if sheet.torn => Err(Fault::Crashed),
            sheet if sheet.full || page.full => Err(Fault::Full),
            _ => Ok(page),
        });
    }

    fn finish(mut self) -> Vec<Result<Glyphs, Fault>> {
        for _ in 0..=self.rest.len() {
            self.turn();
        }
        self.done
    }
}

impl OutputDev for Pages {
    fn begin_page(
        &mut self,
        _page: u32,
        _sides: &MediaBox,
        _art_box: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        // A page that is full is no reason to give up those after it.
        let _ = self.page.output_character(place, width, spacing, font_size, text);
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        let drawn = |page: &Glyphs| page.string.map_or(0, |string| string + 1);
        while drawn(&self.page) >= self.page.sheet.strings && self.rest.len() > 0 {
            self.turn();
        }
        self.page.begin_word()
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        self.page.end_word()
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
