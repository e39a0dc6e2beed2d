//! What fonts look like after their repair.

use super::*;

fn repaired(font: Dictionary) -> (Document, Dictionary, bool) {
    let mut doc = Document::with_version("1.5");
    let id = doc.add_object(font);
    let guessed = repair(&mut doc).contains(&id);
    let font = doc.get_dictionary(id).expect("the font").clone();
    (doc, font, guessed)
}

#[test]
fn a_font_that_makes_the_reader_panic_is_put_in_words_that_it_knows() {
    let (_, font, guessed) = repaired(dictionary! {
        "Subtype" => "TrueType",
        "BaseFont" => Object::string_literal("Arial"),
        "Encoding" => "StandardEncoding",
        "FirstChar" => 32,
        "LastChar" => 99,
        "Widths" => vec![Object::Integer(250), Object::Null],
    });
    assert!(is(&font, b"BaseFont", b"Arial"));
    assert_eq!(font.get(b"LastChar").and_then(Object::as_i64).expect("counted"), 33);
    let encoding = font.get(b"Encoding").and_then(Object::as_dict).expect("spelled out");
    let names = encoding.get(b"Differences").and_then(Object::as_array).expect("names");
    assert_eq!(names[..2], [Object::Integer(39), Object::Name(b"quoteright".to_vec())]);
    assert!(!guessed);
}

#[test]
fn a_font_without_widths_takes_those_of_the_one_it_is_like() {
    for (name, like) in
        [("Tahoma", "Helvetica"), ("ABCDEF+TimesNewRoman,Bold", "Times-Bold"), ("Symbol", "Symbol")]
    {
        let (_, font, _) = repaired(dictionary! { "Subtype" => "TrueType", "BaseFont" => name });
        assert!(is(&font, b"BaseFont", like.as_bytes()), "{name}: {font:?}");
    }
}

#[test]
fn glyphs_that_are_only_numbered_are_told_from_named_ones() {
    let font = |names: [&str; 3]| {
        let mut differences = vec![Object::Integer(65)];
        differences.extend(names.map(|name| Object::Name(name.as_bytes().to_vec())));
        dictionary! {
            "Subtype" => "Type1",
            "BaseFont" => "ABCDEF+Some",
            "Encoding" => dictionary! { "Differences" => differences },
        }
    };
    assert!(repaired(font(["g1", "g2", "g3"])).2);
    assert!(!repaired(font(["one", "two", "afii10017"])).2);
}

#[test]
fn glyphs_named_by_their_number_in_unicode_get_their_letters() {
    let names = ["uni0041", "u1F600", "a.sc"].map(|n| Object::Name(n.as_bytes().to_vec()));
    let differences = [vec![Object::Integer(7)], names.to_vec()].concat();
    let encoding = dictionary! { "Differences" => differences };
    let (doc, font, guessed) =
        repaired(dictionary! { "Subtype" => "Type1", "Encoding" => encoding });
    let table = resolved(&doc, &font, b"ToUnicode").and_then(|t| t.as_stream().ok());
    let table = String::from_utf8_lossy(&table.expect("a table").content).into_owned();
    assert!(table.contains("<0007> <0041>\n<0008> <D83DDE00>"), "{table}");
    let encoding = font.get(b"Encoding").and_then(Object::as_dict).expect("kept");
    let names = encoding.get(b"Differences").and_then(Object::as_array).expect("names");
    assert_eq!(names[3], Object::Name(b"a".to_vec()));
    assert!(!guessed);
}

#[test]
fn an_empty_table_of_letters_goes_and_a_good_one_stays() {
    for (table, stays) in [("beginbfchar <01> <0041>", true), ("0 beginbfchar", false)] {
        let mut doc = Document::with_version("1.5");
        let table = Stream::new(Dictionary::new(), table.as_bytes().to_vec());
        let table = doc.add_object(table);
        let id = doc.add_object(dictionary! { "Subtype" => "Type1", "ToUnicode" => table });
        repair(&mut doc);
        assert_eq!(doc.get_dictionary(id).expect("the font").has(b"ToUnicode"), stays);
    }
}

#[test]
fn codes_without_an_encoding_are_those_of_the_macintosh_where_the_program_says_so() {
    for (platforms, is_mac) in [([1].as_slice(), true), (&[1, 3], false)] {
        let mut doc = Document::with_version("1.5");
        let program = super::program::tests::program(platforms);
        let program = doc.add_object(Stream::new(Dictionary::new(), program));
        let descriptor = dictionary! { "Flags" => 4, "FontFile2" => program };
        let font = dictionary! { "Subtype" => "TrueType", "FontDescriptor" => descriptor };
        let id = doc.add_object(font);
        assert!(repair(&mut doc).contains(&id), "the letters are still guessed");
        let font = doc.get_dictionary(id).expect("the font");
        assert_eq!(is(font, b"Encoding", b"MacRomanEncoding"), is_mac, "{platforms:?}");
    }
}
