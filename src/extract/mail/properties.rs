//! Properties of a message, a recipient or an attachment in an Outlook file
//! ([MS-OXMSG] 2.1 and 2.4): texts, bytes, numbers and times by their number.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::compound::{Compound, PROPERTIES};
use crate::extract::rtf::Charset;

/// Seconds from 1601 to 1970, from where times are counted here and elsewhere.
const TO_UNIX_EPOCH: i64 = 11_644_473_600;

/// The properties of one object of the file.
pub struct Properties {
    path: PathBuf,
    /// The short ones: each a tag, flags and eight bytes.
    fixed: Vec<u8>,
    /// Of texts that are not in Unicode.
    charset: Charset,
}

impl Properties {
    /// Of the object in the storage `path`, whose properties begin after a
    /// header of so many bytes.
    pub fn of(file: &mut Compound<'_>, path: &Path, header: usize, charset: Charset) -> Self {
        let mut fixed = file.stream(&path.join(PROPERTIES)).unwrap_or_default();
        fixed.drain(..header.min(fixed.len()));
        let mut properties = Self { path: path.to_owned(), fixed, charset };
        let page = properties.number(0x3FFD).or_else(|| properties.number(0x3FDE));
        properties.charset = page.and_then(Charset::of_code_page).unwrap_or(charset);
        properties
    }

    pub fn charset(&self) -> Charset {
        self.charset
    }

    fn value(&self, id: u16, kind: u16) -> Option<[u8; 8]> {
        let tag = u32::from(id) << 16 | u32::from(kind);
        let mut entries = self.fixed.chunks_exact(16);
        let found = entries.find(|entry| entry[..4] == tag.to_le_bytes())?;
        found[8..].try_into().ok()
    }

    pub fn number(&self, id: u16) -> Option<i32> {
        let [a, b, c, d, ..] = self.value(id, 0x0003)?;
        Some(i32::from_le_bytes([a, b, c, d]))
    }

    pub fn flag(&self, id: u16) -> bool {
        self.value(id, 0x000B).is_some_and(|value| value[0] != 0)
    }

    /// A time for people: "2024-03-01 09:30 UTC".
    pub fn time(&self, id: u16) -> Option<String> {
        let ticks = u64::from_le_bytes(self.value(id, 0x0040)?);
        let seconds = i64::try_from(ticks / 10_000_000).ok()?.checked_sub(TO_UNIX_EPOCH)?;
        let time = Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC);
        Some(time.strftime("%Y-%m-%d %H:%M UTC").to_string())
    }

    /// Where a long property lies.
    pub fn place(&self, id: u16, kind: u16) -> PathBuf {
        self.path.join(format!("__substg1.0_{id:04X}{kind:04X}"))
    }

    pub fn bytes(&self, file: &mut Compound<'_>, id: u16) -> Option<Vec<u8>> {
        file.stream(&self.place(id, 0x0102))
    }

    /// A text, in Unicode or in the message's own encoding; empty where there
    /// is none.
    pub fn text(&self, file: &mut Compound<'_>, id: u16) -> String {
        let text = if let Some(wide) = file.stream(&self.place(id, 0x001F)) {
            encoding_rs::UTF_16LE.decode_without_bom_handling(&wide).0.into_owned()
        } else {
            self.charset.decode(&file.stream(&self.place(id, 0x001E)).unwrap_or_default())
        };
        text.trim_end_matches('\0').to_owned()
    }
}
