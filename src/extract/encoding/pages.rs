//! Code pages that the encoding library does not have: of DOS and of IBM's
//! mainframes. Tables as the Unicode Consortium publishes them
//! (VENDORS/MICSFT: CP500, CP037, CP850, CP852).

/// A code page that is read by a table of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodePage {
    /// DOS, Western Europe. Its letters are those of code page 437 too.
    Dos850,
    /// DOS, Central Europe.
    Dos852,
    /// EBCDIC, international.
    Ebcdic500,
    /// EBCDIC, United States.
    Ebcdic037,
}

/// What the bytes from 0x80 on mean.
const DOS_850: &str = concat!(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ",
    "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
    "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀",
    "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}",
);

/// What the bytes from 0x80 on mean.
const DOS_852: &str = concat!(
    "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×č",
    "áíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐",
    "└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀",
    "ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{AD}˝˛ˇ˘§÷¸°¨˙űŘř■\u{A0}",
);

/// What the bytes from 0x40 on mean; those before are controls.
const EBCDIC_500: &str = concat!(
    " \u{A0}âäàáãåçñ[.<(+!&éêëèíîïìß]$*);^",
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@'=\"",
    "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤",
    "µ~stuvwxyz¡¿ÐÝÞ®¢£¥·©§¶¼½¾¬|¯¨´×",
    "{ABCDEFGHI\u{AD}ôöòóõ}JKLMNOPQR¹ûüùúÿ",
    "\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ�",
);

/// Where code page 037 differs from 500.
const EBCDIC_037: [(u8, char); 7] =
    [(0x4A, '¢'), (0x4F, '|'), (0x5A, '!'), (0x5F, '¬'), (0xB0, '^'), (0xBA, '['), (0xBB, ']')];

impl CodePage {
    pub fn name(self) -> &'static str {
        match self {
            Self::Dos850 => "DOS code page 850",
            Self::Dos852 => "DOS code page 852",
            Self::Ebcdic500 => "EBCDIC (code page 500)",
            Self::Ebcdic037 => "EBCDIC (code page 037)",
        }
    }

    /// Decodes all of `source`; every byte is one character.
    pub fn decode(self, source: &[u8]) -> String {
        let upper: Vec<char> = match self {
            Self::Dos850 => DOS_850.chars().collect(),
            Self::Dos852 => DOS_852.chars().collect(),
            Self::Ebcdic500 | Self::Ebcdic037 => EBCDIC_500.chars().collect(),
        };
        // Both tables reach up to the last byte there is.
        let first = 256 - upper.len();
        let char_of = |byte: u8| match usize::from(byte).checked_sub(first) {
            Some(at) => upper[at],
            None => self.low(byte),
        };
        let mut table: [char; 256] =
            std::array::from_fn(|at| char_of(u8::try_from(at).unwrap_or(0)));
        if self == Self::Ebcdic037 {
            for (byte, c) in EBCDIC_037 {
                table[usize::from(byte)] = c;
            }
        }
        source.iter().map(|byte| table[usize::from(*byte)]).collect()
    }

    /// A byte below the table.
    fn low(self, byte: u8) -> char {
        match (self, byte) {
            (Self::Dos850 | Self::Dos852, _) => char::from(byte),
            (_, 0x00) => '\0',
            (_, 0x05) => '\t',
            (_, 0x0C) => '\u{C}',
            (_, 0x0D) => '\r',
            // New line and line feed: which of them ends a line differs by machine.
            (_, 0x15 | 0x25) => '\n',
            _ => char::REPLACEMENT_CHARACTER,
        }
    }
}

/// Whether `source` is EBCDIC text, and which. In EBCDIC the space is what "@"
/// is in ASCII, and letters and digits fill a few rows of the table.
pub fn ebcdic(source: &[u8]) -> Option<CodePage> {
    let mut counts = [0_usize; 256];
    for byte in source {
        counts[usize::from(*byte)] += 1;
    }
    let of = |ranges: &[std::ops::RangeInclusive<u8>]| -> usize {
        ranges.iter().flat_map(Clone::clone).map(|byte| counts[usize::from(byte)]).sum()
    };
    let words = of(&[
        0x40..=0x40,
        0x81..=0x89,
        0x91..=0x99,
        0xA2..=0xA9,
        0xC1..=0xC9,
        0xD1..=0xD9,
        0xE2..=0xE9,
        0xF0..=0xF9,
    ]);
    let plain = words * 5 >= source.len() * 4 && source.len() >= 16;
    let spaced = counts[0x40] * 20 >= source.len() && counts[0x20] * 50 <= counts[0x40];
    if !plain || !spaced {
        return None;
    }
    // An exclamation mark is commoner than a bar or a bracket.
    let american = counts[0x5A] > counts[0x4F] || counts[0xBA] + counts[0xBB] > counts[0x4A];
    Some(if american { CodePage::Ebcdic037 } else { CodePage::Ebcdic500 })
}
