//! The commands that place text, as they are written for the reader: each with
//! the operands it must have, numbers in the form that it takes.

use std::io::Write as _;

use super::super::fonts::{FontNumber, name_of};
use super::super::scan::{Kind, Scanner, items, number};
use super::super::sheet::{Ink, Matrix};
use super::{Pass, Rewriter};

impl Rewriter<'_> {
    pub(super) fn put(&mut self, command: &[u8]) {
        self.out.extend_from_slice(command);
        self.out.push(b'\n');
    }

    fn put_number(&mut self, value: f64) {
        // Writing into memory does not fail.
        let _ = write!(self.out, "{value:.5} ");
    }

    pub(super) fn put_matrix(&mut self, matrix: Matrix) {
        for value in matrix.0 {
            self.put_number(value);
        }
        self.put(b"cm");
    }

    /// A command with `N` numbers, or nothing where it has not.
    pub(super) fn copy<const N: usize>(&mut self, operator: &[u8], scanner: &Scanner<'_>) {
        let Some(first) = scanner.operands.len().checked_sub(N) else { return };
        if scanner.numbers::<N>().is_none() {
            return;
        }
        for index in first..scanner.operands.len() {
            if let Some(written) = scanner.bytes(index, Kind::Number) {
                self.copy_number(written);
            }
        }
        self.put(operator);
    }

    fn copy_number(&mut self, written: &[u8]) {
        if is_plain(written) {
            self.out.extend_from_slice(written);
            self.out.push(b' ');
        } else {
            self.put_number(number(written));
        }
    }

    pub(super) fn choose_font(&mut self, scanner: &Scanner<'_>, pass: &mut Pass<'_>) {
        let name = scanner.operands.iter().position(|o| o.kind == Kind::Name);
        let Some(name) = name.and_then(|at| scanner.bytes(at, Kind::Name)) else { return };
        let size = scanner.numbers().map_or(1.0, |[size]| size);
        let font = if let Some(font) = pass.named.get(name) {
            *font
        } else {
            let font = pass.resources.and_then(|r| self.fonts.number(self.doc, r, &name[1..]));
            pass.named.insert(name.to_vec(), font);
            font
        };
        self.set_font(font, size);
    }

    pub(super) fn set_font(&mut self, font: Option<FontNumber>, size: f64) {
        self.state.font = font;
        if let Some(font) = font {
            self.state.legible = !self.fonts.is_broken(font);
            self.out.push(b'/');
            self.out.extend_from_slice(name_of(font).as_bytes());
            self.out.push(b' ');
            self.put_number(size);
            self.put(b"Tf");
        }
    }

    pub(super) fn show(&mut self, operator: &[u8], scanner: &Scanner<'_>, hidden: bool) {
        if operator == b"\""
            && let (Some(word), Some(letter)) = (scanner.number(0), scanner.number(1))
        {
            self.put_number(word);
            self.put(b"Tw");
            self.put_number(letter);
            self.put(b"Tc");
        }
        if matches!(operator, b"'" | b"\"") {
            self.put(b"T*");
        }
        let last = scanner.operands.len().saturating_sub(1);
        let text = scanner.bytes(last, Kind::String);
        let Some(text) = text.or_else(|| scanner.bytes(last, Kind::Array)) else { return };
        let strings = items(text).filter(|(kind, bytes)| *kind == Kind::String && bytes.len() > 2);
        let strings = u32::try_from(strings.count()).unwrap_or(u32::MAX);
        if self.state.font.is_none() {
            self.sheet.mute += strings;
            return;
        }
        if strings > 0 {
            let ink = self.state.ink();
            let ink = Ink { drawn: ink.drawn && !hidden, ..ink };
            if self.ink != Some(ink) {
                self.ink = Some(ink);
                self.sheet.inks.push((self.sheet.strings, ink));
            }
        }
        self.put_text(text);
        self.sheet.strings += strings;
    }

    fn put_text(&mut self, text: &[u8]) {
        self.out.push(b'[');
        for (kind, bytes) in items(text) {
            match kind {
                Kind::String if bytes.len() > 2 => self.out.extend_from_slice(bytes),
                Kind::Number => self.copy_number(bytes),
                _ => {}
            }
        }
        self.put(b"]TJ");
    }
}

/// Whether the reader takes a number as it is written.
fn is_plain(written: &[u8]) -> bool {
    let digits = written.strip_prefix(b"-").unwrap_or(written);
    digits.len() < 16
        && digits.first().is_some_and(u8::is_ascii_digit)
        && digits.last().is_some_and(u8::is_ascii_digit)
        && digits.iter().all(|b| b.is_ascii_digit() || *b == b'.')
        && digits.split(|b| *b == b'.').count() <= 2
}
