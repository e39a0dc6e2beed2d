//! Streams that unpack to more than any page, font or table needs are emptied
//! before anything unpacks them. Knows the kinds of packing that the parser
//! unpacks, and how it makes do where one of them is damaged.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

mod lzw;

/// Bytes that a stream may unpack to.
const MOST: u64 = 64 << 20;

/// Bytes that a row of a predicted stream may have: its last row is filled up.
const MOST_ROW: i64 = 1 << 24;

/// How many bytes a packed byte can stand for: of Flate, 258 in two bits (RFC
/// 1951); of LZW, all of a full table in twelve; of base 85, four zeros.
const FLATE: u64 = 1032;
const LZW: u64 = 2560;
const BASE_85: u64 = 4;

/// Empties the streams that are too large, images apart, which are not unpacked
/// without a look at [`fits`]. The result names them.
pub fn defuse(doc: &mut Document) -> HashSet<ObjectId> {
    let mut cut = HashSet::new();
    for (id, object) in &mut doc.objects {
        if let Object::Stream(stream) = object
            && !super::is(stream, b"Image")
            && !fits(stream, MOST)
        {
            stream.dict.remove(b"Filter");
            stream.dict.remove(b"DecodeParms");
            stream.set_content(Vec::new());
            cut.insert(*id);
        }
    }
    cut
}

/// Whether `stream` unpacks to no more than `most` bytes, on the way there too.
pub fn fits(stream: &Stream, most: u64) -> bool {
    let filters = stream.filters().unwrap_or_default();
    let how = stream.dict.get(b"DecodeParms").and_then(Object::as_dict).ok();
    if how.is_some_and(|how| row(how) > MOST_ROW) {
        return false;
    }
    let ratio = |filter: &&[u8]| match *filter {
        b"FlateDecode" => FLATE,
        b"LZWDecode" => LZW,
        b"ASCII85Decode" => BASE_85,
        _ => 1,
    };
    let at_most = filters.iter().map(ratio).fold(stream.content.len() as u64, u64::saturating_mul);
    at_most <= most || filters.is_empty() || unpacks_within(stream, &filters, most)
}

fn unpacks_within(stream: &Stream, filters: &[&[u8]], most: u64) -> bool {
    let mut content = Cow::Borrowed(stream.content.as_slice());
    for (at, filter) in filters.iter().enumerate() {
        content = match *filter {
            b"FlateDecode" => Cow::Owned(inflated(&content, most)),
            b"LZWDecode" => {
                let how = stream.dict.get(b"DecodeParms").and_then(Object::as_dict);
                let early = how.and_then(|how| how.get(b"EarlyChange")).and_then(Object::as_i64);
                let early = early.map_or(true, |early| early != 0);
                // Nobody packs anew what is packed, so what is inside is not looked at.
                return lzw::unpacked(&content, early, most) <= most && at + 1 == filters.len();
            }
            filter => {
                let dict = dictionary! { "Filter" => Object::Name(filter.to_vec()) };
                match Stream::new(dict, content.into_owned()).decompressed_content() {
                    Ok(content) => Cow::Owned(content),
                    // The parser stops there too.
                    Err(_) => return true,
                }
            }
        };
        if content.len() as u64 > most {
            return false;
        }
    }
    true
}

/// What is inside, up to one byte more than `most`. As the parser does, takes it
/// without its head where that is damaged.
fn inflated(packed: &[u8], most: u64) -> Vec<u8> {
    let mut content = read(ZlibDecoder::new(packed), most);
    if content.is_empty() {
        content = read(DeflateDecoder::new(packed.get(2..).unwrap_or_default()), most);
    }
    content
}

fn read(from: impl Read, most: u64) -> Vec<u8> {
    let mut content = Vec::new();
    // What comes before damage counts.
    let _ = from.take(most.saturating_add(1)).read_to_end(&mut content);
    content
}

/// The bytes of a row that is predicted from the one above.
fn row(how: &Dictionary) -> i64 {
    let number = |key| how.get(key).and_then(Object::as_i64).unwrap_or(1).max(1);
    number(b"Columns").saturating_mul(number(b"Colors")).saturating_mul(number(b"BitsPerComponent"))
        / 8
}

#[cfg(test)]
mod tests {
    use std::io::{Write as _, copy};

    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    fn packed(bytes: u64) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        copy(&mut std::io::repeat(b' ').take(bytes), &mut encoder).expect("into memory");
        encoder.flush().expect("into memory");
        encoder.finish().expect("into memory")
    }

    /// Base 85 without its end mark, four bytes in five.
    fn in_letters(bytes: &[u8]) -> Vec<u8> {
        let group = |four: &[u8]| {
            let number = (0..4).fold(0, |n, i| n << 8 | u32::from(*four.get(i).unwrap_or(&0)));
            [4, 3, 2, 1, 0].map(|power| b'!' + (number / 85_u32.pow(power) % 85) as u8)
        };
        bytes.chunks(4).flat_map(group).collect()
    }

    #[test]
    fn what_unpacks_to_too_much_is_emptied_and_named() {
        let mut doc = Document::with_version("1.5");
        let flate = || dictionary! { "Filter" => "FlateDecode" };
        let bomb = doc.add_object(Stream::new(flate(), packed(MOST + 10)));
        let page = doc.add_object(Stream::new(flate(), packed(MOST / 2)));
        assert_eq!(defuse(&mut doc), HashSet::from([bomb]));
        let left = |id| doc.get_object(id).and_then(Object::as_stream).expect("it").content.len();
        assert_eq!(left(bomb), 0);
        assert!(left(page) > 0);
    }

    #[test]
    fn no_wrapping_hides_what_is_inside() {
        let bomb = packed(1_000_000);
        let mut headless = bomb.clone();
        headless[0] = 0;
        let both = vec![Object::from("ASCII85Decode"), "FlateDecode".into()];
        for (filter, content) in
            [(Object::from("FlateDecode"), headless), (both.clone().into(), in_letters(&bomb))]
        {
            let stream = Stream::new(dictionary! { "Filter" => filter.clone() }, content);
            assert_eq!(stream.decompressed_content().expect("unpacked").len(), 1_000_000);
            assert!(fits(&stream, 1_000_000) && !fits(&stream, 999_999), "{filter:?}");
        }
    }

    #[test]
    fn a_row_that_would_be_filled_up_without_end_does_not_fit() {
        let how = dictionary! { "Predictor" => 12, "Columns" => i64::MAX, "Colors" => 4 };
        let stream = dictionary! { "Filter" => "FlateDecode", "DecodeParms" => how };
        assert!(!fits(&Stream::new(stream, packed(10)), MOST));
    }
}
