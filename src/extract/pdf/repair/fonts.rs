//! Fonts as files describe them, made so that the text reader can take them:
//! each repair undoes something on which it panics or guesses. Touches the
//! copies in memory only, and no glyph.

use std::collections::{HashMap, HashSet};

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::cmap;

mod program;

/// Repairs all fonts of `doc`. The result names those of which the reader has
/// to guess the letters.
pub fn repair(doc: &mut Document) -> HashSet<ObjectId> {
    let is_font = |object: &Object| {
        object.as_dict().is_ok_and(|dict| {
            let subtype = dict.get(b"Subtype").and_then(Object::as_name);
            matches!(subtype, Ok(b"Type0" | b"Type1" | b"MMType1" | b"TrueType" | b"Type3"))
        })
    };
    let fonts = doc.objects.iter().filter(|(_, object)| is_font(object));
    let fonts: Vec<ObjectId> = fonts.map(|(id, _)| *id).collect();
    let tables = plain_tables(doc, &fonts);
    let mut guessed = HashSet::new();
    for id in fonts {
        let Ok(font) = doc.get_dictionary(id) else { continue };
        let mut font = font.clone();
        mend_letters(&mut font, &tables);
        mend_name(&mut font);
        let guessed_codes = is_without_encoding(doc, &font);
        if !is(&font, b"Subtype", b"Type0") {
            mend_encoding(doc, &mut font);
            mend_widths(doc, &mut font);
            mend_program(doc, &mut font);
        }
        if !font.has(b"ToUnicode")
            && let Ok(encoding) = font.get(b"Encoding").and_then(Object::as_dict)
            && let Some(table) = numbered_letters(encoding)
        {
            font.set("ToUnicode", doc.add_object(Stream::new(Dictionary::new(), table)));
        }
        if guessed_codes && !font.has(b"ToUnicode") || is_guessed(doc, &font) {
            guessed.insert(id);
        }
        doc.objects.insert(id, font.into());
    }
    guessed
}

fn is(dict: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    dict.get(key).and_then(Object::as_name).is_ok_and(|value| value == name)
}

fn resolved<'a>(doc: &'a Document, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    doc.dereference(dict.get(key).ok()?).ok().map(|(_, object)| object)
}

/// Rewrites each `ToUnicode` table that is used; the flag says whether there is
/// a letter in it.
fn plain_tables(doc: &mut Document, fonts: &[ObjectId]) -> HashMap<ObjectId, bool> {
    let named = fonts
        .iter()
        .filter_map(|id| doc.get_dictionary(*id).ok()?.get(b"ToUnicode").ok()?.as_reference().ok());
    let named: HashSet<ObjectId> = named.collect();
    let mut tables = HashMap::new();
    for id in named {
        let Some(Object::Stream(stream)) = doc.objects.get_mut(&id) else { continue };
        let table = stream.decompressed_content();
        let table = cmap::plain(table.as_deref().unwrap_or(&stream.content));
        tables.insert(id, table.is_some());
        if let Some(table) = table {
            stream.dict.remove(b"Filter");
            stream.dict.remove(b"DecodeParms");
            stream.set_content(table);
        }
    }
    tables
}

/// A table without letters, or something else in its place, is worse than none.
fn mend_letters(font: &mut Dictionary, tables: &HashMap<ObjectId, bool>) {
    let keeps = match font.get(b"ToUnicode") {
        Ok(Object::Reference(id)) => tables.get(id) == Some(&true),
        Ok(Object::Name(name)) => name == b"Identity-H",
        _ => false,
    };
    if !keeps {
        font.remove(b"ToUnicode");
    }
}

fn mend_name(font: &mut Dictionary) {
    let name = match font.get(b"BaseFont") {
        Ok(Object::Name(_)) => return,
        Ok(Object::String(name, _)) => name.clone(),
        _ => b"Unknown".to_vec(),
    };
    font.set("BaseFont", Object::Name(name));
}

/// The encodings that the reader knows by name.
fn is_known(encoding: &[u8]) -> bool {
    matches!(encoding, b"WinAnsiEncoding" | b"MacRomanEncoding" | b"MacExpertEncoding")
}

fn mend_encoding(doc: &Document, font: &mut Dictionary) {
    let encoding = match resolved(doc, font, b"Encoding") {
        // Some programs write names as strings.
        Some(Object::Name(name) | Object::String(name, _)) if is_known(name) => {
            Some(Object::Name(name.clone()))
        }
        Some(Object::Name(name)) if name == b"StandardEncoding" => Some(standard(&[]).into()),
        Some(Object::Dictionary(encoding)) => Some(known_differences(doc, encoding).into()),
        _ => None,
    };
    match encoding {
        Some(encoding) => font.set("Encoding", encoding),
        None if is(font, b"Subtype", b"Type3") => font.set("Encoding", standard(&[])),
        None => {
            font.remove(b"Encoding");
            if is_for_macintosh(doc, font) {
                font.set("Encoding", Object::Name(b"MacRomanEncoding".to_vec()));
            } else if lacks_letters(doc, font) {
                font.set("Encoding", standard(&[]));
            }
        }
    }
}

/// Whether the font's own program takes the codes for those of a Macintosh.
fn is_for_macintosh(doc: &Document, font: &Dictionary) -> bool {
    let descriptor = doc.get_dict_in_dict(font, b"FontDescriptor").ok();
    let file = descriptor.and_then(|descriptor| resolved(doc, descriptor, b"FontFile2"));
    let Some(Object::Stream(file)) = file else { return false };
    let unpacked = file.decompressed_content();
    is(font, b"Subtype", b"TrueType")
        && program::is_for_macintosh(unpacked.as_deref().unwrap_or(&file.content))
}

/// Whether a TrueType font of signs says nothing of its codes.
fn is_without_encoding(doc: &Document, font: &Dictionary) -> bool {
    const SYMBOLIC: i64 = 1 << 2;
    let descriptor = doc.get_dict_in_dict(font, b"FontDescriptor");
    let flags = descriptor.and_then(|d| d.get(b"Flags")).and_then(Object::as_i64);
    is(font, b"Subtype", b"TrueType")
        && resolved(doc, font, b"Encoding").is_none()
        && flags.is_ok_and(|flags| flags & SYMBOLIC != 0)
}

/// Whether the reader finds no letters at all for some codes of a font without
/// an encoding, which makes it panic.
fn lacks_letters(doc: &Document, font: &Dictionary) -> bool {
    let own = |key: &[u8]| {
        let descriptor = doc.get_dict_in_dict(font, b"FontDescriptor");
        descriptor.is_ok_and(|descriptor| descriptor.has(key))
    };
    let pictures = is(font, b"BaseFont", b"Symbol") || is(font, b"BaseFont", b"ZapfDingbats");
    !is(font, b"Subtype", b"TrueType") && !pictures && !own(b"FontFile")
}

/// An encoding's differences, without what makes the reader panic.
fn known_differences(doc: &Document, encoding: &Dictionary) -> Dictionary {
    let listed = resolved(doc, encoding, b"Differences").and_then(|list| list.as_array().ok());
    let mut code = 0;
    let mut differences = Vec::new();
    for item in listed.map(Vec::as_slice).unwrap_or_default() {
        match doc.dereference(item).map(|(_, item)| item) {
            Ok(Object::Integer(at)) => {
                code = *at;
                differences.push(Object::Integer(code));
            }
            Ok(Object::Name(name)) if (0..256).contains(&code) => {
                differences.push(Object::Name(without_variant(name).to_vec()));
                code += 1;
            }
            _ => {}
        }
    }
    match encoding.get(b"BaseEncoding").and_then(Object::as_name) {
        Ok(base) if is_known(base) => {
            let base = Object::Name(base.to_vec());
            dictionary! { "BaseEncoding" => base, "Differences" => differences }
        }
        Ok(b"StandardEncoding") => standard(&differences),
        _ => dictionary! { "Differences" => differences },
    }
}

/// A glyph's name without what says which form of the letter it is ("a.sc").
fn without_variant(name: &[u8]) -> &[u8] {
    let end = name.iter().position(|b| *b == b'.').filter(|at| *at > 0);
    &name[..end.unwrap_or(name.len())]
}

/// The letters of glyphs that are named by their number in Unicode ("uni0041",
/// "u1F600"), which the reader does not know, as a `ToUnicode` table.
fn numbered_letters(encoding: &Dictionary) -> Option<Vec<u8>> {
    let mut code: i64 = 0;
    let mut table = Vec::new();
    for item in encoding.get(b"Differences").and_then(Object::as_array).ok()? {
        match item {
            Object::Integer(at) => code = *at,
            Object::Name(name) => {
                if let Some(letter) = numbered(name) {
                    let units: Vec<String> = letter
                        .encode_utf16(&mut [0; 2])
                        .iter()
                        .map(|u| format!("{u:04X}"))
                        .collect();
                    table.extend(format!("<{code:02X}> <{}>\n", units.concat()).into_bytes());
                }
                code += 1;
            }
            _ => {}
        }
    }
    cmap::plain(&[b"beginbfchar\n", table.as_slice()].concat())
}

fn numbered(name: &[u8]) -> Option<char> {
    let name = str::from_utf8(name).ok()?;
    let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'))?;
    let fits = (4..=6).contains(&digits.len());
    u32::from_str_radix(digits, 16).ok().filter(|_| fits).and_then(char::from_u32)
}

/// Adobe's standard encoding where it is not ASCII (ISO 32000-1, annex D.2).
const STANDARD: [(i64, &[&str]); 15] = [
    (39, &["quoteright"]),
    (96, &["quoteleft"]),
    (161, &["exclamdown", "cent", "sterling", "fraction", "yen", "florin", "section"]),
    (168, &["currency", "quotesingle", "quotedblleft", "guillemotleft", "guilsinglleft"]),
    (173, &["guilsinglright", "fi", "fl"]),
    (177, &["endash", "dagger", "daggerdbl", "periodcentered"]),
    (182, &["paragraph", "bullet", "quotesinglbase", "quotedblbase", "quotedblright"]),
    (187, &["guillemotright", "ellipsis", "perthousand"]),
    (191, &["questiondown"]),
    (193, &["grave", "acute", "circumflex", "tilde", "macron", "breve", "dotaccent", "dieresis"]),
    (202, &["ring", "cedilla"]),
    (205, &["hungarumlaut", "ogonek", "caron", "emdash"]),
    (225, &["AE"]),
    (227, &["ordfeminine"]),
    (232, &["Lslash", "Oslash", "OE", "ordmasculine"]),
];
const STANDARD_LOWER: [(i64, &[&str]); 3] =
    [(241, &["ae"]), (245, &["dotlessi"]), (248, &["lslash", "oslash", "oe", "germandbls"])];

/// The standard encoding with `differences`, put in words that the reader knows.
fn standard(differences: &[Object]) -> Dictionary {
    let name = |name: &&str| Object::Name(name.as_bytes().to_vec());
    let mut all = Vec::new();
    for (code, names) in STANDARD.iter().chain(&STANDARD_LOWER) {
        all.push(Object::Integer(*code));
        all.extend(names.iter().map(name));
    }
    all.extend_from_slice(differences);
    dictionary! { "Differences" => all }
}

/// The reader panics where the widths are not as many as the codes that they
/// are for, or not numbers.
fn mend_widths(doc: &Document, font: &mut Dictionary) {
    let Some(Object::Array(widths)) = resolved(doc, font, b"Widths") else {
        font.remove(b"Widths");
        borrow_widths(font);
        return;
    };
    let number = |width| doc.dereference(width).ok().and_then(|(_, width)| width.as_float().ok());
    let widths: Vec<Object> =
        widths.iter().take(256).map(|width| Object::Real(number(width).unwrap_or(0.0))).collect();
    let first = resolved(doc, font, b"FirstChar").and_then(|first| first.as_i64().ok());
    let first = first.filter(|first| (0..256).contains(first)).unwrap_or(0);
    let count = i64::try_from(widths.len()).unwrap_or(0);
    if count == 0 {
        font.remove(b"Widths");
        borrow_widths(font);
        return;
    }
    font.set("FirstChar", first);
    font.set("LastChar", first + count - 1);
    font.set("Widths", widths);
}

/// Without widths all letters would stand in one place: those of the standard
/// font that is most like it are taken (ISO 32000-1, 9.6.2.2).
fn borrow_widths(font: &mut Dictionary) {
    if is(font, b"Subtype", b"Type3") {
        font.set("Widths", vec![Object::Integer(500); 256]);
        font.set("FirstChar", 0);
        font.set("LastChar", 255);
        return;
    }
    let name = font.get(b"BaseFont").and_then(Object::as_name).unwrap_or_default();
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    if has(&["symbol", "dingbats"]) {
        return;
    }
    let bold = has(&["bold", "black", "heavy"]);
    let slanted = has(&["italic", "oblique"]);
    let like = match (has(&["cour", "mono", "consol"]), has(&["times", "serif", "roman"])) {
        (true, _) => "Courier",
        (_, true) if bold => "Times-Bold",
        (_, true) if slanted => "Times-Italic",
        (_, true) => "Times-Roman",
        _ if bold => "Helvetica-Bold",
        _ => "Helvetica",
    };
    font.set("BaseFont", like);
}

/// The reader unpacks a font's program and looks only for an encoding in it,
/// and panics on many: one that is not needed goes.
fn mend_program(doc: &Document, font: &mut Dictionary) {
    let Ok(descriptor) = doc.get_dict_in_dict(font, b"FontDescriptor") else {
        font.remove(b"FontDescriptor");
        return;
    };
    let mut descriptor = descriptor.clone();
    descriptor.remove(b"FontFile2");
    if font.has(b"Encoding") {
        descriptor.remove(b"FontFile");
        let named = font.get(b"Encoding").and_then(Object::as_name).is_ok();
        if named || font.has(b"ToUnicode") || names_all(font) {
            descriptor.remove(b"FontFile3");
        }
    }
    font.set("FontDescriptor", descriptor);
}

/// Whether the encoding's differences name all glyphs that have a width. The
/// reader would believe the font's program more than them.
fn names_all(font: &Dictionary) -> bool {
    let encoding = font.get(b"Encoding").and_then(Object::as_dict);
    let differences = encoding.and_then(|encoding| encoding.get(b"Differences"));
    let mut named = [false; 256];
    let mut code = 0;
    for item in differences.and_then(Object::as_array).map(Vec::as_slice).unwrap_or_default() {
        if let Object::Integer(at) = item {
            code = usize::try_from(*at).unwrap_or(256);
            continue;
        }
        if let Some(named) = named.get_mut(code) {
            *named = true;
        }
        code += 1;
    }
    let first = font.get(b"FirstChar").and_then(Object::as_i64).unwrap_or(0);
    let first = usize::try_from(first).unwrap_or(256);
    let widths = font.get(b"Widths").and_then(Object::as_array).map(Vec::as_slice);
    let mut shown = (first..).zip(widths.unwrap_or_default());
    shown.all(|(code, width)| {
        named.get(code) == Some(&true) || width.as_float().is_ok_and(|width| width == 0.0)
    })
}

/// Whether nothing but a custom says which letters the codes of a font show.
fn is_guessed(doc: &Document, font: &Dictionary) -> bool {
    // Of a composite font without a table the reader knows no letter at all,
    // and says so.
    if font.has(b"ToUnicode") || is(font, b"Subtype", b"Type0") {
        return false;
    }
    if is(font, b"Subtype", b"Type3") {
        return true;
    }
    match resolved(doc, font, b"Encoding") {
        Some(Object::Dictionary(encoding)) => {
            let names = encoding.get(b"Differences").and_then(Object::as_array);
            let names = names.map(Vec::as_slice).unwrap_or_default();
            names.iter().filter(|name| is_number_name(name)).nth(2).is_some()
        }
        Some(_) => false,
        None => is_without_encoding(doc, font),
    }
}

/// Whether a glyph's name is a number ("g17") and not a letter's ("seven").
fn is_number_name(name: &Object) -> bool {
    let Ok(name) = name.as_name() else { return false };
    name.last().is_some_and(u8::is_ascii_digit) && !name.starts_with(b"afii")
}

#[cfg(test)]
mod tests;
