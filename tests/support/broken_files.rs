//! Files that attack a reader, written byte by byte: each is the smallest that
//! does its harm.

use std::fmt::Write as _;

/// A PDF of `objects` (numbered from 1; the first is the catalogue) with a
/// correct table of their places.
pub fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (n, body) in (1..).zip(objects) {
        places.push(out.len());
        let _ = write!(out, "{n} 0 obj\n{body}\nendobj\n");
    }
    let table = out.len();
    let size = objects.len() + 1;
    let _ = write!(out, "xref\n0 {size}\n0000000000 65535 f \n");
    for place in places {
        let _ = writeln!(out, "{place:010} 00000 n ");
    }
    let _ = write!(out, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    out.into_bytes()
}

/// A stream object's body.
pub fn stream(dictionary: &str, commands: &str) -> String {
    format!("<< /Length {} {dictionary} >>\nstream\n{commands}\nendstream", commands.len())
}

/// Commands that show `text` on one line.
pub fn show(text: &str) -> String {
    format!("BT /F1 12 Tf 72 720 Td ({text}) Tj ET")
}

const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

/// A PDF with a page for each of `commands`. `resources` and `extra` go into the
/// resources and the dictionary of every page; `objects` follow from number
/// 4 + 2 × pages on.
pub fn pages(commands: &[String], resources: &str, extra: &str, objects: &[String]) -> Vec<u8> {
    let page_number = |i: usize| 4 + 2 * i;
    let kids: Vec<String> =
        (0..commands.len()).map(|i| format!("{} 0 R", page_number(i))).collect();
    let mut all = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {} /Kids [{}] >>", commands.len(), kids.join(" ")),
        FONT.to_owned(),
    ];
    for (i, commands) in commands.iter().enumerate() {
        let content = page_number(i) + 1;
        all.push(format!(
            "<< /Type /Page /Parent 2 0 R /Contents {content} 0 R {extra} \
             /Resources << /Font << /F1 3 0 R >> {resources} >> >>"
        ));
        all.push(stream("", commands));
    }
    all.extend_from_slice(objects);
    pdf(&all.iter().map(String::as_str).collect::<Vec<_>>())
}

/// As [`pages`], with more fonts.
fn pages_with_fonts(commands: &[String], fonts: &str, objects: &[String]) -> Vec<u8> {
    let plain = String::from_utf8(pages(commands, "", A4, objects)).expect("plain text");
    // The places of what follows are wrong then: they are searched for.
    let all = format!("/F1 3 0 R {fonts}");
    plain.replace("/F1 3 0 R", &all).into_bytes()
}

pub const A4: &str = "/MediaBox [0 0 595 842]";

/// An honest document of three pages.
pub fn three_pages() -> Vec<u8> {
    let commands = ["First page", "Second page", "Third page"].map(show);
    pages(&commands, "", A4, &[])
}

/// Three pages of which the second draws a form that draws itself, which
/// overflows the stack of a naive reader.
pub fn second_page_draws_itself_for_ever() -> Vec<u8> {
    let commands = [show("First page"), "/Fm0 Do".to_owned(), show("Third page")];
    let form = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Fm0 10 0 R >> >>",
        "/Fm0 Do",
    );
    pages(&commands, "/XObject << /Fm0 10 0 R >>", A4, &[form])
}

/// Three pages of which the second asks for a font that is not there, which
/// panics the reader.
pub fn second_page_panics() -> Vec<u8> {
    let commands =
        [show("First page"), show("Second page").replace("/F1", "/Missing"), show("Third page")];
    pages(&commands, "", A4, &[])
}

/// Three pages of which the second's font has an encoding that only the second
/// reader knows: it shows "ok".
pub fn second_page_in_shift_jis() -> Vec<u8> {
    let commands =
        [show("First page"), "BT /F2 12 Tf 72 720 Td <6F6B> Tj ET".to_owned(), show("Third page")];
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /90ms-RKSJ-H \
                /DescendantFonts [11 0 R] >>";
    let descendant = "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light \
                      /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> \
                      /FontDescriptor 12 0 R >>";
    let descriptor = "<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 /ItalicAngle 0 \
                      /FontBBox [0 0 1000 1000] /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>";
    let objects = [font, descendant, descriptor].map(str::to_owned);
    pages_with_fonts(&commands, "/F2 10 0 R", &objects)
}

/// The same; moreover something on the second page is nested so deeply that it
/// kills the second reader.
pub fn second_page_kills_the_second_reader() -> Vec<u8> {
    let honest = String::from_utf8(second_page_in_shift_jis()).expect("plain text");
    let deep = format!("/FontBBox {}{}", "[".repeat(100_000), "]".repeat(100_000));
    // The places of what follows are wrong now: they are searched for.
    honest.replace("/FontBBox [0 0 1000 1000]", &deep).into_bytes()
}

/// Three pages of which the second's commands, packed twice, unpack to a
/// gigabyte.
pub fn second_page_is_a_bomb() -> Vec<u8> {
    use pdf_extract::{Document, Object};
    let mut doc = Document::load_mem(&three_pages()).expect("an honest document");
    let contents = doc.get_object_mut((7, 0)).and_then(Object::as_stream_mut).expect("commands");
    let mut packed = vec![b' '; 128 << 20];
    for _ in 0..2 {
        contents.set_plain_content(packed);
        contents.compress().expect("packed");
        packed = std::mem::take(&mut contents.content);
    }
    contents.dict.set("Filter", vec![Object::from("FlateDecode"), "FlateDecode".into()]);
    contents.set_content(packed);
    let mut out = Vec::new();
    doc.save_to(&mut out).expect("written into memory");
    out
}

/// A table of parts whose entries have no width: a naive reader reads its
/// zero bytes per entry for ever.
pub fn endless_table() -> Vec<u8> {
    let head = "%PDF-1.5\n";
    let table = "1 0 obj\n<< /Type /XRef /Size 2147483647 /W [0 0 0] /Root 2 0 R /Length 0 >>\n\
                 stream\n\nendstream\nendobj\n";
    format!("{head}{table}startxref\n{}\n%%EOF\n", head.len()).into_bytes()
}

/// A page without a size.
pub fn page_without_size() -> Vec<u8> {
    pages(&[show("No size at all")], "", "", &[])
}

/// A page whose parent is its own parent: who looks for the page's size there
/// never comes back.
pub fn parents_in_a_circle() -> Vec<u8> {
    pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] /Parent 2 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        &stream("", &show("Round and round")),
        FONT,
    ])
}

/// A page that is one image and no text.
pub fn scanned_page() -> Vec<u8> {
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 \
         /ColorSpace /DeviceGray",
        "ab",
    );
    pages(&["q 595 0 0 842 0 0 cm /Im0 Do Q".to_owned()], "/XObject << /Im0 6 0 R >>", A4, &[image])
}

/// An honest document with junk behind its end.
pub fn junk_behind_the_end() -> Vec<u8> {
    [three_pages(), b"\n\0\x01 junk left by a bad download ".repeat(100)].concat()
}

/// The honest document, locked with a password for opening it.
pub fn locked(password: &str) -> Vec<u8> {
    use pdf_extract::{Document, EncryptionState, EncryptionVersion, Object, Permissions};
    let mut doc = Document::load_mem(&three_pages()).expect("an honest document");
    let id = Object::string_literal("0123456789abcdef");
    doc.trailer.set("ID", vec![id.clone(), id]);
    let version = EncryptionVersion::V2 {
        document: &doc,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).expect("a key");
    doc.encrypt(&state).expect("encrypted");
    let mut out = Vec::new();
    doc.save_to(&mut out).expect("written into memory");
    out
}
