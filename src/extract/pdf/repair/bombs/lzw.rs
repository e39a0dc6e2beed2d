//! How much a stream packed by LZW unpacks to, told from its codes without
//! unpacking it (ISO 32000-1, 7.4.4).

const CLEAR: usize = 256;
const END: usize = 257;
/// Codes of twelve bits.
const MOST_CODES: usize = 4096;

/// How many bytes come out, counted until there are more than `most`. `early`:
/// whether codes grow wider one code early, as they do unless a file says other.
pub fn unpacked(packed: &[u8], early: bool, most: u64) -> u64 {
    let mut codes = Codes { packed, at: 0, width: 9 };
    let mut lengths = [1_u16; MOST_CODES];
    let (mut next, mut last) = (END + 1, None::<u16>);
    let mut count = 0_u64;
    while let Some(code) = codes.next().filter(|code| *code != END) {
        if code == CLEAR {
            (next, last, codes.width) = (END + 1, None, 9);
            continue;
        }
        let length = match last {
            // The code that is being made is its own first letter longer.
            Some(last) if code >= next => last + 1,
            _ => lengths[code],
        };
        count += u64::from(length);
        if count > most {
            break;
        }
        if let Some(last) = last.filter(|_| next < MOST_CODES) {
            lengths[next] = last + 1;
            next += 1;
        }
        last = Some(length);
        codes.width = match next + usize::from(early) {
            ..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
    }
    count
}

struct Codes<'a> {
    packed: &'a [u8],
    /// In bits.
    at: usize,
    width: usize,
}

impl Iterator for Codes<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let first = self.at / 8;
        let bytes = [0, 1, 2].map(|i| self.packed.get(first + i).copied());
        self.at += self.width;
        if self.at > self.packed.len() * 8 {
            return None;
        }
        let bits = bytes.iter().fold(0, |bits, byte| bits << 8 | usize::from(byte.unwrap_or(0)));
        let behind = 24 - (self.at - first * 8);
        Some(bits >> behind & ((1 << self.width) - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pdf_extract::{Stream, dictionary};

    /// Spaces, packed: each code is one letter longer than the last.
    fn packed(codes: &[(usize, usize)]) -> Vec<u8> {
        let bits = codes.iter().flat_map(|(code, width)| {
            (0..*width).rev().map(move |bit| u8::from(code >> bit & 1 == 1))
        });
        let bits: Vec<u8> = bits.collect();
        bits.chunks(8)
            .map(|byte| (0..8).fold(0, |b, i| b << 1 | byte.get(i).unwrap_or(&0)))
            .collect()
    }

    #[test]
    fn it_counts_what_the_parser_unpacks() {
        // The standard's own example: 45 45 45 45 45 65 45 45 45 66.
        let example = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        assert_eq!(unpacked(&example, true, 99), 10);
        let mut codes = vec![(CLEAR, 9), (32, 9)];
        // Codes grow wider one early: 511, 1023 and 2047 are behind the seam.
        let width = |code: usize| match code {
            ..511 => 9,
            511..1023 => 10,
            1023..2047 => 11,
            _ => 12,
        };
        codes.extend((258..4095).map(|code| (code, width(code))));
        codes.extend([(4094, 12); 50]);
        let packed = packed(&codes);
        let stream = Stream::new(dictionary! { "Filter" => "LZWDecode" }, packed.clone());
        let whole = stream.decompressed_content().expect("unpacked").len() as u64;
        assert!(whole > 7_000_000, "{whole}");
        assert_eq!(unpacked(&packed, true, u64::MAX), whole);
        assert!(unpacked(&packed, true, 1_000) < 10_000);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_counted_to_an_end(packed in proptest::collection::vec(0_u8.., 0..200)) {
            assert!(unpacked(&packed, true, u64::MAX) < 200 * 4096);
        }
    }
}
