//! The tables at the head of a document: its fonts and its colours.

use super::Reader;
use crate::extract::rtf::code_page::Charset;

impl Reader<'_, '_> {
    pub(super) fn declare_font(&mut self, name: &[u8], number: Option<i32>) {
        let number = number.unwrap_or(0);
        match name {
            b"f" => self.font = number,
            b"fcharset" => {
                self.tables.fonts.insert(self.font, Charset::of_font(number));
            }
            b"cpg" => {
                self.tables.fonts.insert(self.font, Charset::of_code_page(number));
            }
            _ => {}
        }
    }

    pub(super) fn declare_colour(&mut self, name: &[u8], number: Option<i32>) {
        let part = match name {
            b"red" => 0,
            b"green" => 1,
            b"blue" => 2,
            _ => return,
        };
        let value = u8::try_from(number.unwrap_or(0)).unwrap_or(0);
        self.colour.get_or_insert([0; 3])[part] = value;
    }
}
