//! Which encoding the bytes of a run are in: the document's code page or that
//! of the font's character set.

use encoding_rs::Encoding;

use crate::extract::encoding::CodePage;

/// How bytes become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    Known(&'static Encoding),
    Page(CodePage),
    /// A font of signs: bytes are places in the font.
    Signs,
}

impl Charset {
    /// What a document is in that does not say.
    pub const DEFAULT: Self = Self::Known(encoding_rs::WINDOWS_1252);

    /// `\ansicpg` and `\cpg`: a number of a Windows code page.
    pub fn of_code_page(number: i32) -> Option<Self> {
        let label = match number {
            437 | 850 => return Some(Self::Page(CodePage::Dos850)),
            852 => return Some(Self::Page(CodePage::Dos852)),
            42 => return Some(Self::Signs),
            708 => "iso-8859-6",
            866 => "ibm866",
            874 => "windows-874",
            932 => "shift_jis",
            936 => "gbk",
            949 => "euc-kr",
            950 => "big5",
            1250..=1258 => {
                return Encoding::for_label(format!("windows-{number}").as_bytes())
                    .map(Self::Known);
            }
            20127 => "us-ascii",
            20866 => "koi8-r",
            28591..=28606 => {
                let label = format!("iso-8859-{}", number - 28590);
                return Encoding::for_label(label.as_bytes()).map(Self::Known);
            }
            50220..=50222 => "iso-2022-jp",
            51932 => "euc-jp",
            10000 => "macintosh",
            10007 => "x-mac-cyrillic",
            54936 => "gb18030",
            65001 => "utf-8",
            _ => return None,
        };
        Encoding::for_label(label.as_bytes()).map(Self::Known)
    }

    /// `\fcharset` (the table "Character set" of the specification). `None`
    /// stands for the document's own.
    pub fn of_font(number: i32) -> Option<Self> {
        let page = match number {
            0 => 1252,
            2 => 42,
            77 => 10000,
            78 | 128 => 932,
            79 | 129 | 130 => 949,
            80 | 134 => 936,
            81 | 136 => 950,
            161 => 1253,
            162 => 1254,
            163 => 1258,
            177 | 181 => 1255,
            178..=180 => 1256,
            186 => 1257,
            204 => 1251,
            222 => 874,
            238 => 1250,
            254 | 255 => 437,
            _ => return None,
        };
        Self::of_code_page(page)
    }

    pub fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Known(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Page(page) => page.decode(bytes),
            Self::Signs => bytes.iter().map(|byte| sign(u32::from(*byte))).collect(),
        }
    }
}

/// What stands at a place of a font of signs. The bullets are known, which
/// lists are made of; a letter that nobody sees would be a wrong one.
pub fn sign(place: u32) -> char {
    match place & 0xFF {
        0x20 => ' ',
        0x2D => '-',
        0xA7 => '▪',
        0xA8 => '☐',
        0xFC => '✓',
        0xFE => '☑',
        0xD8 => '➢',
        place @ 0x21..=0x7E => char::from(u8::try_from(place).unwrap_or(b'?')),
        _ => '•',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_and_documents_name_their_encodings_by_number() {
        let text = |charset: Option<Charset>, bytes: &[u8]| charset.expect("known").decode(bytes);
        assert_eq!(text(Charset::of_font(204), b"\xC4\xE0"), "Да");
        assert_eq!(text(Charset::of_font(238), b"\xB3"), "ł");
        assert_eq!(text(Charset::of_font(128), b"\x93\xFA\x96\x7B"), "日本");
        assert_eq!(text(Charset::of_font(2), b"\xB7"), "•");
        assert_eq!(text(Charset::of_code_page(936), b"\xBA\xCF\xCD\xAC"), "合同");
        assert_eq!(text(Charset::of_code_page(437), b"\x81"), "ü");
        assert_eq!(Charset::of_font(1), None);
        assert_eq!(Charset::of_code_page(7), None);
    }
}
