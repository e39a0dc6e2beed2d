//! The one image of a scanned page, taken out of the file in a form that other
//! programs open: for machines that cannot draw pages.

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};

use super::super::repair;

/// Dots of an image, and bytes of them.
const MOST_DOTS: usize = 100_000_000;
/// The share of all dots, in tenths, that the one image must have: a page cut
/// into strips is none.
const MOST_OF_ALL: usize = 8;

/// The page's one image as a file of its own; `None` where it has several or
/// packs them in a way that is not known here.
pub fn only_image(doc: &Document, page: ObjectId) -> Option<Vec<u8>> {
    let images = repair::images(doc, page);
    let (largest, dots) = images.iter().map(|i| (*i, dots(doc, i))).max_by_key(|(_, n)| *n)?;
    let all: usize = images.iter().map(|image| self::dots(doc, image)).sum();
    if dots == 0 || dots * 10 < all.saturating_mul(MOST_OF_ALL) {
        return None;
    }
    as_file(doc, largest)
}

fn number(doc: &Document, dict: &Dictionary, key: &[u8]) -> Option<i64> {
    doc.dereference(dict.get(key).ok()?).ok()?.1.as_i64().ok()
}

fn sides(doc: &Document, image: &Stream) -> Option<(usize, usize)> {
    let side = |key| usize::try_from(number(doc, &image.dict, key)?).ok();
    let (width, height) = (side(b"Width")?, side(b"Height")?);
    let fits = width.checked_mul(height).is_some_and(|dots| (1..=MOST_DOTS).contains(&dots));
    fits.then_some((width, height))
}

fn dots(doc: &Document, image: &Stream) -> usize {
    sides(doc, image).map_or(0, |(width, height)| width * height)
}

fn as_file(doc: &Document, image: &Stream) -> Option<Vec<u8>> {
    let filters = image.filters().unwrap_or_default();
    match filters.as_slice() {
        // JPEG says all about itself.
        [b"DCTDecode"] => Some(image.content.clone()),
        [b"CCITTFaxDecode"] => fax(doc, image),
        [] | [b"FlateDecode" | b"LZWDecode"] => plain(doc, image),
        _ => None,
    }
}

/// Unpacked dots as a file of Netpbm.
fn plain(doc: &Document, image: &Stream) -> Option<Vec<u8>> {
    let (width, height) = sides(doc, image)?;
    let is_mask = image.dict.get(b"ImageMask").and_then(Object::as_bool).unwrap_or(false);
    let depth = if is_mask { 1 } else { number(doc, &image.dict, b"BitsPerComponent")? };
    let colours = if is_mask { 1 } else { colours(doc, &image.dict)? };
    if !repair::fits(image, MOST_DOTS as u64) {
        return None;
    }
    let mut dots = match image.filters() {
        Ok(_) => image.decompressed_content().ok()?,
        Err(_) => image.content.clone(),
    };
    let (kind, row) = match (depth, colours) {
        (1, 1) => ("P4", width.div_ceil(8)),
        (8, 1) => ("P5", width),
        (8, 3) => ("P6", width * 3),
        _ => return None,
    };
    dots.truncate(row * height);
    if dots.len() < row * height {
        return None;
    }
    let most = if kind == "P4" { "" } else { "255\n" };
    if kind == "P4" {
        // There a set bit is black, here it is white.
        for byte in &mut dots {
            *byte = !*byte;
        }
    }
    Some([format!("{kind}\n{width} {height}\n{most}").into_bytes(), dots].concat())
}

/// How many numbers make a colour.
fn colours(doc: &Document, dict: &Dictionary) -> Option<i64> {
    let (_, space) = doc.dereference(dict.get(b"ColorSpace").ok()?).ok()?;
    match space {
        Object::Name(name) => match name.as_slice() {
            b"DeviceGray" | b"G" => Some(1),
            b"DeviceRGB" | b"RGB" => Some(3),
            _ => None,
        },
        Object::Array(space) => match space.first()?.as_name().ok()? {
            b"CalGray" => Some(1),
            b"CalRGB" => Some(3),
            b"ICCBased" => {
                let (_, profile) = doc.dereference(space.get(1)?).ok()?;
                number(doc, &profile.as_stream().ok()?.dict, b"N")
            }
            _ => None,
        },
        _ => None,
    }
}

/// A fax's dots, as they are packed, in a file of TIFF 6.0.
fn fax(doc: &Document, image: &Stream) -> Option<Vec<u8>> {
    const ENTRIES: u16 = 9;
    let (width, height) = sides(doc, image)?;
    let empty = Dictionary::new();
    let how = doc.get_dict_in_dict(&image.dict, b"DecodeParms").unwrap_or(&empty);
    let kind = number(doc, how, b"K").unwrap_or(0);
    // Group 4, or group 3 in one or two dimensions.
    let (packing, group3) = if kind < 0 { (4, 0) } else { (3, u32::from(kind > 0)) };
    let data = 8 + 2 + 12 * u32::from(ENTRIES) + 4;
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend(ENTRIES.to_le_bytes());
    let entries: [(u16, u32); ENTRIES as usize] = [
        (256, u32::try_from(width).ok()?),
        (257, u32::try_from(height).ok()?),
        (258, 1),
        (259, packing),
        // Zero is white, as in a fax.
        (262, 0),
        (273, data),
        (278, u32::try_from(height).ok()?),
        (279, u32::try_from(image.content.len()).ok()?),
        (292, group3),
    ];
    for (tag, value) in entries {
        const LONG: u16 = 4;
        out.extend(tag.to_le_bytes());
        out.extend(LONG.to_le_bytes());
        out.extend(1_u32.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 4]);
    out.extend_from_slice(&image.content);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pdf_extract::dictionary;

    fn file(dict: Dictionary, content: &[u8]) -> Option<Vec<u8>> {
        as_file(&Document::new(), &Stream::new(dict, content.to_vec()))
    }

    #[test]
    fn dots_become_a_picture_that_begins_with_its_size() {
        let grey = dictionary! {
            "Width" => 2, "Height" => 1, "BitsPerComponent" => 8, "ColorSpace" => "DeviceGray",
        };
        assert_eq!(file(grey.clone(), b"ab"), Some(b"P5\n2 1\n255\nab".to_vec()));
        assert_eq!(file(grey, b"a"), None);
        let mask = dictionary! { "Width" => 9, "Height" => 1, "ImageMask" => true };
        assert_eq!(file(mask, &[0xF0, 0x80]), Some(b"P4\n9 1\n\x0F\x7F".to_vec()));
    }

    #[test]
    fn a_fax_is_put_into_a_file_with_its_size_and_packing() {
        let how = dictionary! { "K" => -1 };
        let fax = dictionary! {
            "Width" => 1728, "Height" => 3, "Filter" => "CCITTFaxDecode", "DecodeParms" => how,
        };
        let file = file(fax, b"packed").expect("a file");
        assert!(file.starts_with(b"II*\0") && file.ends_with(b"packed"));
        assert_eq!(&file[18..22], &1728_u32.to_le_bytes());
        assert_eq!(&file[10 + 3 * 12..12 + 3 * 12], &259_u16.to_le_bytes());
        assert_eq!(file[10 + 3 * 12 + 8], 4);
    }

    #[test]
    fn a_photograph_is_taken_as_it_is() {
        let jpeg = dictionary! { "Width" => 2, "Height" => 1, "Filter" => "DCTDecode" };
        assert_eq!(file(jpeg, b"\xFF\xD8"), Some(b"\xFF\xD8".to_vec()));
        let unknown = dictionary! { "Width" => 2, "Height" => 1, "Filter" => "JBIG2Decode" };
        assert_eq!(file(unknown, b"?"), None);
    }
}
