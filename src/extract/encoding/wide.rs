//! UTF-32 and UTF-16: telling them by their marks or by their shape, and
//! decoding the former, which the encoding library leaves out.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How the bytes of a UTF-32 character are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Little,
    Big,
}

impl Order {
    pub fn name(self) -> &'static str {
        match self {
            Self::Little => "UTF-32LE",
            Self::Big => "UTF-32BE",
        }
    }

    fn unit(self, bytes: [u8; 4]) -> Option<char> {
        char::from_u32(match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        })
    }

    /// The text of `source`, and whether all of it was characters.
    pub fn decode(self, source: &[u8]) -> (String, bool) {
        let (units, rest) = source.as_chunks::<4>();
        let mut whole = rest.is_empty();
        let mut text = String::with_capacity(source.len() / 4);
        for unit in units {
            let c = self.unit(*unit);
            whole &= c.is_some();
            text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        (text, whole)
    }
}

/// UTF-32 by its mark, and how long that is. To be asked before UTF-16, whose
/// mark is the beginning of one of these.
pub fn utf32_mark(source: &[u8]) -> Option<Order> {
    let mark = source.first_chunk::<4>()?;
    match mark {
        [0xFF, 0xFE, 0, 0] => Some(Order::Little),
        [0, 0, 0xFE, 0xFF] => Some(Order::Big),
        _ => None,
    }
}

/// How much is looked at to tell what a file is.
const HEAD: usize = 4096;

/// UTF-32 without a mark: nothing else has a zero as every fourth byte.
pub fn utf32_without_mark(source: &[u8]) -> Option<Order> {
    let (units, _) = source[..source.len().min(HEAD)].as_chunks::<4>();
    let fits = |order: Order| {
        let good = |unit: &&[u8; 4]| {
            order.unit(**unit).is_some_and(|c| c != '\0' && (!c.is_control() || c.is_whitespace()))
        };
        units.len() >= 4 && units.iter().all(|unit| good(&unit))
    };
    [Order::Little, Order::Big].into_iter().find(|order| fits(*order))
}

/// UTF-16 without a mark: of mostly Latin text every other byte is zero; of
/// other scripts, those of spaces and line ends are, and all else are letters of
/// blocks that are in use.
pub fn utf16_without_mark(source: &[u8]) -> Option<&'static Encoding> {
    let (units, _) = source[..source.len().min(HEAD)].as_chunks::<2>();
    if units.len() < 4 {
        return None;
    }
    let zeros = |at: usize| units.iter().filter(|unit| unit[at] == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 0) => return None,
        (0, n) if n * 2 > units.len() => return Some(UTF_16LE),
        (n, 0) if n * 2 > units.len() => return Some(UTF_16BE),
        _ => {}
    }
    // A text with a stray zero would be all CJK, but its bytes are ASCII.
    let ascii = units.as_flattened().iter().filter(|byte| (0x20..0x7F).contains(*byte)).count();
    if ascii * 10 > units.len() * 2 * 7 {
        return None;
    }
    let fits = |read: fn([u8; 2]) -> u16| {
        let used = units.iter().filter(|unit| is_in_use(read(**unit))).count();
        let spaced = units.iter().any(|unit| matches!(read(*unit), 0x20 | 0x0A | 0x0D));
        spaced && used * 20 >= units.len() * 19
    };
    if fits(u16::from_le_bytes) {
        Some(UTF_16LE)
    } else {
        fits(u16::from_be_bytes).then_some(UTF_16BE)
    }
}

/// Whether a UTF-16 unit belongs to a script, or to what goes with all of them.
fn is_in_use(unit: u16) -> bool {
    matches!(unit,
        0x09 | 0x0A | 0x0D | 0x20..=0x7E | 0xA0..=0x24F | 0x370..=0x6FF | 0x900..=0xEFF
        | 0x1E00..=0x1FFF | 0x2010..=0x206F | 0x20A0..=0x20BF | 0x3000..=0x30FF
        | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 | 0xFF01..=0xFF9F)
}
