//! Compressed Rich Text as Outlook keeps it ([MS-OXRTFCP]): back-references
//! into a ring of 4,096 bytes that begins filled.

/// What the ring holds at the beginning ([MS-OXRTFCP] 2.1.2.1).
const BEGINNING: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\
\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

const RING: usize = 4096;
const HEADER: usize = 16;
const COMPRESSED: &[u8] = b"LZFu";
const PLAIN: &[u8] = b"MELA";

/// The Rich Text, at most `most` bytes of it; `None` where it is not of this
/// kind. Data that is cut gives what there is of it.
pub fn unpacked(source: &[u8], most: usize) -> Option<Vec<u8>> {
    let kind = source.get(8..12)?;
    let said = source.get(4..8)?.try_into().map(u32::from_le_bytes).ok()?;
    let most = most.min(usize::try_from(said).unwrap_or(usize::MAX));
    let data = source.get(HEADER..)?;
    if kind == PLAIN {
        return Some(data[..data.len().min(most)].to_vec());
    }
    (kind == COMPRESSED).then(|| inflate(data, most))
}

fn inflate(data: &[u8], most: usize) -> Vec<u8> {
    let mut ring = [0_u8; RING];
    ring[..BEGINNING.len()].copy_from_slice(BEGINNING);
    let mut at = BEGINNING.len();
    let mut out = Vec::new();
    let mut bytes = data.iter().copied();
    while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if out.len() >= most {
                return out;
            }
            let Some(first) = bytes.next() else {
                return out;
            };
            if control & (1 << bit) == 0 {
                put(first, &mut ring, &mut at, &mut out);
                continue;
            }
            let Some(second) = bytes.next() else {
                return out;
            };
            let reference = u16::from_be_bytes([first, second]);
            let from = usize::from(reference >> 4);
            let length = usize::from(reference & 0xF) + 2;
            if from == at {
                return out;
            }
            for step in 0..length {
                put(ring[(from + step) % RING], &mut ring, &mut at, &mut out);
            }
        }
    }
    out
}

fn put(byte: u8, ring: &mut [u8; RING], at: &mut usize, out: &mut Vec<u8>) {
    ring[*at] = byte;
    *at = (*at + 1) % RING;
    out.push(byte);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(kind: &[u8], size: u32, data: &[u8]) -> Vec<u8> {
        let compressed = u32::try_from(data.len() + 12).expect("short");
        let head = [&compressed.to_le_bytes()[..], &size.to_le_bytes(), kind, &[0; 4]].concat();
        [head, data.to_vec()].concat()
    }

    #[test]
    fn letters_and_references_make_the_text() {
        assert_eq!(BEGINNING.len(), 207);
        // "{\rtf1\ansi" stands at the beginning of the ring (length 11), then
        // " Hi" as it is, then the end: a reference to where writing stands.
        let reference = |from: u16, length: u16| ((from << 4) | (length - 2)).to_be_bytes();
        let end = 207 + 11 + 3;
        let data = [&[0b0001_0001][..], &reference(0, 11), b" Hi", &reference(end, 2)].concat();
        let text = unpacked(&packed(COMPRESSED, 100, &data), 1_000);
        assert_eq!(text.as_deref(), Some(&b"{\\rtf1\\ansi Hi"[..]));
    }

    #[test]
    fn a_reference_may_reach_into_what_it_writes() {
        let data = [&[0b10][..], b"a", &((207_u16 << 4) | 6).to_be_bytes()].concat();
        assert_eq!(
            unpacked(&packed(COMPRESSED, 100, &data), 1_000).as_deref(),
            Some(&b"aaaaaaaaa"[..])
        );
    }

    #[test]
    fn bounds_are_held_and_other_data_is_refused() {
        let bomb = [&[0xFF][..], &[0; 16]].concat().repeat(1_000);
        assert!(unpacked(&packed(COMPRESSED, u32::MAX, &bomb), 100).expect("text").len() < 120);
        assert_eq!(unpacked(&packed(PLAIN, 2, b"abc"), 1_000).as_deref(), Some(&b"ab"[..]));
        assert_eq!(unpacked(&packed(b"none", 2, b"abc"), 1_000), None);
        assert_eq!(unpacked(b"", 1_000), None);
    }
}
