//! Where the reader puts a page's glyphs: those without a meaning are marked,
//! and there is an end to how many are taken.

use std::fmt;

use pdf_extract::{ConvertToFmt, MediaBox, OutputDev, OutputError, PlainTextOutput, Transform};

/// Stands for a glyph of which the file does not say which letter it shows.
const UNKNOWN: &str = "\u{FFFD}";

/// Hands everything on, with unknown glyphs marked: the reader leaves them out
/// in silence, and "measuring our carbon" would become "earin or aron".
pub struct Marking<W: ConvertToFmt> {
    inner: PlainTextOutput<W>,
    /// Strings of which not one glyph came: the reader could not even tell
    /// where one ends.
    pub mute: u32,
    spoke: bool,
}

impl<W: ConvertToFmt> Marking<W> {
    pub fn new(out: W) -> Self {
        Self { inner: PlainTextOutput::new(out), mute: 0, spoke: false }
    }
}

impl<W: ConvertToFmt> OutputDev for Marking<W> {
    fn begin_page(
        &mut self,
        page: u32,
        media_box: &MediaBox,
        art_box: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.inner.begin_page(page, media_box, art_box)
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.inner.end_page()
    }

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
        let text = if matches!(text, "" | "\0") { UNKNOWN } else { text };
        self.inner.output_character(place, width, spacing, font_size, text)
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.spoke = false;
        self.inner.begin_word()
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        self.mute += u32::from(!self.spoke);
        self.inner.end_word()
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        self.inner.end_line()
    }
}

/// Takes a page's text up to a limit.
pub struct Capped {
    pub text: String,
    /// In bytes.
    room: u64,
    /// Whether more came than was taken.
    pub full: bool,
}

impl Capped {
    /// Takes at most `room` bytes.
    pub fn new(room: u64) -> Self {
        Self { text: String::new(), room, full: false }
    }
}

impl fmt::Write for Capped {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        let Some(room) = self.room.checked_sub(s.len() as u64) else {
            self.full = true;
            return Err(fmt::Error);
        };
        self.room = room;
        self.text.push_str(s);
        Ok(())
    }
}

impl<'a> ConvertToFmt for &'a mut Capped {
    type Writer = &'a mut Capped;

    fn convert(self) -> Self::Writer {
        self
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn read(glyphs: &[&str]) -> (String, u32) {
        let mut out = Capped::new(100);
        let mut marking = Marking::new(&mut out);
        marking.begin_word().expect("begun");
        for (at, glyph) in (0_u32..).zip(glyphs) {
            let place = Transform::row_major(1.0, 0.0, 0.0, 1.0, f64::from(at), 0.0);
            marking.output_character(&place, 1.0, 0.0, 1.0, glyph).expect("taken");
        }
        marking.end_word().expect("ended");
        let mute = marking.mute;
        (out.text, mute)
    }

    #[test]
    fn a_glyph_without_a_meaning_is_marked_and_not_left_out() {
        assert_eq!(read(&["c", "", "r", "\0", "o", "n"]), ("c\u{FFFD}r\u{FFFD}on".into(), 0));
    }

    #[test]
    fn a_string_of_no_glyphs_is_counted() {
        assert_eq!(read(&[]), (String::new(), 1));
    }

    #[test]
    fn no_more_is_taken_than_there_is_room_for() {
        let mut out = Capped::new(5);
        assert!(out.write_str("hello").is_ok() && !out.full);
        assert!(out.write_str("!").is_err() && out.full);
        assert_eq!(out.text, "hello");
    }
}
