//! Small documents, read through the real reader.

#![expect(clippy::cast_possible_truncation, reason = "places on a page are small")]

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::*;

/// A document with a page for each of `commands`; fonts F1 (plain) and F2 (one
/// that the reader gives up on), the form `Form`, the image `Im`.
fn document(commands: &[&str], page: &Dictionary) -> (Document, Vec<ObjectId>) {
    let mut doc = Document::with_version("1.5");
    let font = |encoding: &str| {
        dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier",
            "Encoding" => Object::Name(encoding.into()),
        }
    };
    let (plain, broken) = (doc.add_object(font("WinAnsiEncoding")), doc.add_object(font("Odd")));
    let fonts = dictionary! { "F1" => plain, "F2" => broken };
    let form = doc.new_object_id();
    let image = doc.add_object(Stream::new(dictionary! { "Subtype" => "Image" }, vec![0; 9]));
    let resources = dictionary! {
        "Font" => fonts,
        "XObject" => dictionary! { "Form" => form, "Im" => image },
        "ExtGState" => dictionary! { "Clear" => dictionary! { "ca" => 0 } },
    };
    let resources = doc.add_object(resources);
    let of_form = dictionary! {
        "Subtype" => "Form", "Resources" => resources,
        "Matrix" => [1, 0, 0, 1, 100, 0].map(Object::Integer).to_vec(),
    };
    // It draws itself too.
    let of_form = Stream::new(of_form, b"BT /F1 10 Tf (inside) Tj ET /Form Do".to_vec());
    doc.objects.insert(form, of_form.into());
    let tree = doc.new_object_id();
    let pages: Vec<ObjectId> = commands
        .iter()
        .map(|commands| {
            let stream =
                doc.add_object(Stream::new(Dictionary::new(), commands.as_bytes().to_vec()));
            let mut dict = dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => stream, "Resources" => resources,
            };
            dict.extend(page);
            doc.add_object(dict)
        })
        .collect();
    let kids: Vec<Object> = pages.iter().copied().map(Object::Reference).collect();
    let count = i64::try_from(kids.len()).expect("few pages");
    // A circle of parents, in which no page has a size.
    let tree_dict =
        dictionary! { "Type" => "Pages", "Count" => count, "Kids" => kids, "Parent" => tree };
    doc.objects.insert(tree, tree_dict.into());
    let catalog = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    doc.trailer.set("Root", catalog);
    (doc, pages)
}

fn read_all(commands: &[&str], page: &Dictionary) -> Vec<Result<Glyphs, Fault>> {
    let (mut doc, pages) = document(commands, page);
    let count = pages.len();
    let mut press = Press::new(&mut doc, pages, 1_000);
    (0..count).map(|index| press.glyphs(&mut doc, index)).collect()
}

fn read(commands: &str) -> Glyphs {
    read_all(&[commands], &Dictionary::new()).remove(0).expect("a page that can be read")
}

fn at(glyphs: &Glyphs, index: usize) -> (i32, i32) {
    let (x, y) = glyphs.glyphs[index].from;
    (x.round() as i32, y.round() as i32)
}

#[test]
fn glyphs_stand_where_the_page_shows_them() {
    let glyphs = read("BT /F1 10 Tf 72 700 Td (ab) Tj ET");
    assert_eq!((glyphs.text.as_str(), at(&glyphs, 0)), ("ab", (72, 92)));
    // Letters of Courier are 0.6 of its size wide.
    assert_eq!(at(&glyphs, 1), (78, 92));
    let cropped = dictionary! {
        "MediaBox" => [0, 0, 400, 500].map(Object::Integer).to_vec(),
        "CropBox" => [50, 100, 400, 450].map(Object::Integer).to_vec(),
    };
    let commands = ["BT /F1 10 Tf 60 400 Td (a) Tj ET"];
    let glyphs = read_all(&commands, &cropped).remove(0).expect("read");
    assert_eq!(at(&glyphs, 0), (10, 50));
    for (turn, place) in [(90, (300, 10)), (180, (340, 300)), (270, (50, 340))] {
        let mut turned = cropped.clone();
        turned.set("Rotate", turn);
        let glyphs = read_all(&commands, &turned).remove(0).expect("read");
        assert_eq!(at(&glyphs, 0), place, "turned by {turn}");
    }
}

#[test]
fn every_page_has_its_own_glyphs_though_several_are_read_at_once() {
    let commands =
        ["BT /F1 9 Tf (one) Tj ET", "", "q q BT /F1 9 Tf [(th) -20 (ree)] TJ", "BT (?) Tj"];
    let pages = read_all(&commands, &Dictionary::new());
    let text = |page: &Result<Glyphs, Fault>| {
        page.as_ref().map(|g| (g.text.clone(), g.mute)).map_err(|f| *f)
    };
    let found: Vec<_> = pages.iter().map(text).collect();
    let expected = [("one", 0), ("", 0), ("three", 0), ("", 1)];
    assert_eq!(found, expected.map(|(text, mute)| Ok((text.to_owned(), mute))));
}

#[test]
fn next_line_commands_move_and_then_show() {
    let glyphs = read("BT /F1 10 Tf 72 700 Td 12 TL (a) ' 1 2 (b) \" ET");
    assert_eq!(
        (glyphs.text.as_str(), at(&glyphs, 0), at(&glyphs, 1)),
        ("ab", (72, 104), (72, 116))
    );
}

#[test]
fn a_form_is_drawn_where_it_is_placed_and_never_in_itself() {
    let glyphs = read("q 1 0 0 1 20 600 cm /Form Do Q BT /F1 10 Tf (out) Tj ET");
    assert_eq!(
        (glyphs.text.as_str(), at(&glyphs, 0), at(&glyphs, 6)),
        ("insideout", (120, 192), (0, 792))
    );
}

#[test]
fn a_font_that_crashes_the_reader_costs_only_its_own_letters() {
    let glyphs = read("BT /F1 10 Tf (fine) Tj /F2 10 Tf (odd) Tj /F1 10 Tf (again) Tj ET");
    assert_eq!(glyphs.text, "fine\u{FFFD}\u{FFFD}\u{FFFD}again");
}

#[test]
fn it_is_told_how_letters_are_drawn() {
    let glyphs = read(
        "BT /F1 10 Tf (a) Tj 3 Tr (b) Tj 0 Tr 1 g (c) Tj q /Clear gs (d) Tj Q 1 0 0 rg (e) Tj ET",
    );
    let inks: Vec<_> = glyphs.glyphs.iter().map(|g| glyphs.ink(g)).collect();
    assert_eq!(
        inks.iter().map(|ink| ink.drawn).collect::<Vec<_>>(),
        [true, false, true, false, true]
    );
    assert_eq!(inks[0].colour, Some([0.0; 3]));
    assert_eq!(inks[2].colour, Some([1.0; 3]));
    assert_eq!(inks[4].colour, Some([1.0, 0.0, 0.0]));
}

#[test]
fn it_is_told_what_is_painted_and_when() {
    let glyphs = read(
        "0 0 1 rg 10 700 100 20 re f BT /F1 9 Tf (a) Tj ET 0 g 0 0 m 9 0 l 9 9 l 0 9 l h f \
         q 0 0 50 50 re W n 600 0 0 700 0 0 cm /Im Do Q",
    );
    let fills: Vec<_> = glyphs.sheet.fills.iter().map(|f| (f.sides, f.colour, f.after)).collect();
    let expected = [
        ([10.0, 72.0, 110.0, 92.0], Some([0.0, 0.0, 1.0]), 0),
        ([0.0, 783.0, 9.0, 792.0], Some([0.0; 3]), 1),
        // The image is cut off by the clip.
        ([0.0, 742.0, 50.0, 792.0], None, 1),
    ];
    assert_eq!(fills, expected);
    assert!((glyphs.sheet.images - 2_500.0 / (612.0 * 792.0)).abs() < 1e-4);
}

#[test]
fn a_filled_in_field_is_on_the_page() {
    let (mut doc, pages) = document(&["BT /F1 10 Tf 72 700 Td (Name:) Tj ET"], &Dictionary::new());
    let look = dictionary! {
        "Subtype" => "Form", "BBox" => [0, 0, 100, 20].map(Object::Integer).to_vec(),
        "Resources" => doc.get_dictionary(pages[0]).expect("page").get(b"Resources").expect("some").clone(),
    };
    let look = doc.add_object(Stream::new(look, b"BT /F1 10 Tf 2 5 Td (Ada) Tj ET".to_vec()));
    let field = dictionary! {
        "Subtype" => "Widget", "Rect" => [200, 695, 300, 715].map(Object::Integer).to_vec(),
        "AP" => dictionary! { "N" => look },
    };
    let mut hidden = field.clone();
    hidden.set("F", 2);
    let page = doc.get_dictionary_mut(pages[0]).expect("page");
    page.set("Annots", vec![field.into(), hidden.into()]);
    let glyphs = Press::new(&mut doc, pages, 100).glyphs(&mut doc, 0).expect("read");
    assert_eq!((glyphs.text.as_str(), at(&glyphs, 5)), ("Name:Ada", (202, 92)));
}

#[test]
fn what_is_on_a_layer_that_is_off_is_not_drawn() {
    let commands = "BT /F1 9 Tf /OC /L BDC (no) Tj EMC (yes) Tj ET";
    let (mut doc, pages) = document(&[commands], &Dictionary::new());
    let layer = doc.add_object(dictionary! { "Type" => "OCG" });
    let plan = dictionary! { "D" => dictionary! { "OFF" => vec![layer.into()] } };
    doc.catalog_mut().expect("catalog").set("OCProperties", plan);
    let resources = doc.get_dictionary(pages[0]).and_then(|p| p.get(b"Resources")).cloned();
    let resources = resources.and_then(|r| r.as_reference()).expect("resources");
    let properties = dictionary! { "L" => layer };
    doc.get_dictionary_mut(resources).expect("some").set("Properties", properties);
    let glyphs = Press::new(&mut doc, pages, 100).glyphs(&mut doc, 0).expect("read");
    let drawn: Vec<bool> = glyphs.glyphs.iter().map(|g| glyphs.ink(g).drawn).collect();
    assert_eq!(drawn, [false, false, true, true, true]);
}

#[test]
fn a_page_with_more_text_than_there_is_room_for_is_refused_alone() {
    let long = format!("BT /F1 9 Tf ({}) Tj ET", "x".repeat(1_001));
    let pages = read_all(&["", &long, "BT /F1 9 Tf (fits) Tj ET"], &Dictionary::new());
    assert!(matches!(pages[1], Err(Fault::Full)));
    assert_eq!(pages[2].as_ref().map(|g| g.text.as_str()), Ok("fits"));
}

#[test]
fn a_page_that_names_its_commands_over_and_over_is_refused_alone() {
    let (mut doc, pages) = document(&["", "BT /F1 9 Tf (fits) Tj ET"], &Dictionary::new());
    let large = doc.add_object(Stream::new(Dictionary::new(), vec![b' '; 4 << 20]));
    let page = doc.get_dictionary_mut(pages[0]).expect("page");
    page.set("Contents", vec![Object::Reference(large); 1_000]);
    let mut press = Press::new(&mut doc, pages, 100);
    assert!(matches!(press.glyphs(&mut doc, 0), Err(Fault::Full)));
    assert_eq!(press.glyphs(&mut doc, 1).map(|g| g.text).ok().as_deref(), Some("fits"));
}

#[test]
fn commands_that_make_no_sense_harm_nothing() {
    let glyphs = read("Q Q cm 1 Tf /F1 Tf (a) Tj BT /F1 8 Tf 1 Td [(b) /x <6> (c)] TJ /No Do (d");
    assert_eq!(glyphs.text, "ab`c");
}

#[test]
fn a_page_whose_axes_go_up_is_turned_over() {
    let mut glyphs = Glyphs::new(10);
    let sides = MediaBox { llx: 10.0, lly: 0.0, urx: 110.0, ury: 200.0 };
    glyphs.begin_page(1, &sides, None).expect("begun");
    let place = Transform::row_major(1.0, 0.0, 0.0, 1.0, 30.0, 150.0);
    glyphs.output_character(&place, 0.5, 0.0, 10.0, "a").expect("taken");
    assert_eq!((glyphs.glyphs[0].from, glyphs.glyphs[0].to), ((20.0, 50.0), (25.0, 50.0)));
    let more = glyphs.output_character(&place, 0.5, 0.0, 10.0, "more than fits");
    assert!(more.is_err() && glyphs.full);
}
