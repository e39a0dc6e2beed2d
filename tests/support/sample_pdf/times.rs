//! The two faces of Times every PDF reader has, and how wide their characters are.

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Roman,
    Bold,
}

/// A character in the encoding of the PDF (`WinAnsiEncoding`), with its face.
pub type Glyph = (Face, u8);
pub type Line = Vec<Glyph>;

/// The code of `character` in the PDF's encoding.
///
/// # Panics
///
/// On a character the widths below do not cover.
pub fn win_ansi(character: char) -> u8 {
    match character {
        ' '..='~' => u8::try_from(character).expect("an ASCII character is one byte"),
        '€' => 0x80,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '–' => 0x96,
        '£' => 0xA3,
        '§' => 0xA7,
        other => panic!("the sample uses {other:?}, whose width this table lacks"),
    }
}

/// Adobe's published widths of Times, in thousandths of the size, for 32 to 126.
#[rustfmt::skip]
const ROMAN: [i64; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
    500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444,
    921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
    556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
    333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500,
    500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];
#[rustfmt::skip]
const BOLD: [i64; 95] = [
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278,
    500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500,
    930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778,
    611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500,
    333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500,
    556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520,
];

fn advance((face, byte): Glyph) -> i64 {
    match (byte, face) {
        (32..=126, Face::Roman) => ROMAN[usize::from(byte - 32)],
        (32..=126, Face::Bold) => BOLD[usize::from(byte - 32)],
        (0x91 | 0x92, _) => 333,
        (0x93 | 0x94, Face::Roman) => 444,
        // The bold quotation marks, and the pound, euro, section and dash of either face.
        _ => 500,
    }
}

/// The width of `line` at `size` points, in thousandths of a point.
pub fn width(line: &[Glyph], size: i64) -> i64 {
    line.iter().map(|&glyph| advance(glyph)).sum::<i64>() * size
}
