//! Repairs on a loaded PDF that the text reader needs: each undoes something
//! that made it panic, hang or misplace spaces. Changes the copy in memory
//! only, and only what does not touch the words.

use std::collections::{HashMap, HashSet};

use pdf_extract::{Dictionary, Document, Object, ObjectId};

use super::content;

/// US Letter in points: what viewers take for a page without a size.
const LETTER: [i64; 4] = [0, 0, 612, 792];

/// The widths that one font may list; CIDs have two bytes.
const MOST_WIDTHS: usize = 65_536;

/// How deep a page tree may be, and how deep dictionaries are looked into.
const MOST_DEPTH: usize = 64;

/// The file up to and with its last end mark. Junk behind it hides the trailer
/// from the parser. `None` where there is no mark or nothing behind it.
pub fn up_to_last_end_mark(source: &[u8]) -> Option<&[u8]> {
    const MARK: &[u8] = b"%%EOF";
    let at = source.windows(MARK.len()).rposition(|window| window == MARK)?;
    let end = at + MARK.len();
    (!source[end..].trim_ascii().is_empty()).then(|| &source[..end])
}

/// The pages that draw an image. To be asked before [`repair`], which empties
/// the images.
pub fn pages_with_images(doc: &Document) -> HashSet<ObjectId> {
    let draws = |page: &ObjectId| {
        let resources = inherited(doc, *page, b"Resources");
        resources.is_some_and(|r| has_image(doc, &r, &mut HashSet::new()))
    };
    doc.page_iter().filter(draws).collect()
}

/// Does all repairs.
pub fn repair(doc: &mut Document) {
    flatten_pages(doc);
    let ids: Vec<ObjectId> = doc.objects.keys().copied().collect();
    for id in ids {
        list_widths_singly(doc, id);
        if let Some(object) = doc.objects.get_mut(&id) {
            empty_image(object);
        }
    }
    neutral_graphics(doc);
    content::spell_out(doc);
}

/// The value of `key` on `page` or on the nearest node above that has it. The
/// way up may be a circle.
fn inherited(doc: &Document, page: ObjectId, key: &[u8]) -> Option<Object> {
    let mut node = doc.get_dictionary(page).ok()?;
    for _ in 0..MOST_DEPTH {
        if let Ok(value) = node.get(key)
            && !matches!(value, Object::Null)
        {
            return Some(value.clone());
        }
        let parent = node.get(b"Parent").and_then(Object::as_reference).ok()?;
        node = doc.get_dictionary(parent).ok()?;
    }
    None
}

/// Puts what pages inherit onto the pages themselves and gives a size to those
/// without: the reader would follow a circle of parents for ever and panics on
/// a page without a size.
fn flatten_pages(doc: &mut Document) {
    let pages: Vec<ObjectId> = doc.page_iter().collect();
    // Dictionaries that many pages inherit are stored once and referred to.
    let mut shared: HashMap<Vec<u8>, ObjectId> = HashMap::new();
    for page in pages {
        let size = inherited(doc, page, b"MediaBox").filter(|size| is_box(doc, size));
        let size = size.unwrap_or_else(|| LETTER.map(Object::from).to_vec().into());
        let own = doc.get_dictionary(page).is_ok_and(|d| d.has(b"Resources"));
        let resources = match inherited(doc, page, b"Resources").filter(|_| !own) {
            Some(Object::Dictionary(dict)) => {
                let key = format!("{dict:?}").into_bytes();
                let id = match shared.get(&key) {
                    Some(id) => *id,
                    None => *shared.entry(key).or_insert(doc.add_object(dict)),
                };
                Some(Object::Reference(id))
            }
            other => other,
        };
        let Ok(dict) = doc.get_dictionary_mut(page) else { continue };
        dict.set("MediaBox", size);
        dict.remove(b"Parent");
        if let Some(resources) = resources {
            dict.set("Resources", resources);
        }
    }
}

fn is_box(doc: &Document, object: &Object) -> bool {
    let Ok((_, Object::Array(sides))) = doc.dereference(object) else { return false };
    sides.len() >= 4
        && sides.iter().all(|side| matches!(side, Object::Integer(_) | Object::Real(_)))
}

/// Rewrites the `/W` of a CID font, in which "first last width" may stand for
/// a run of glyphs, so that every glyph has its own entry: the reader takes
/// `first` for all three and puts spaces into words.
fn list_widths_singly(doc: &mut Document, id: ObjectId) {
    let Ok(font) = doc.get_dictionary(id) else { return };
    let Ok((_, Object::Array(widths))) = font.get(b"W").and_then(|w| doc.dereference(w)) else {
        return;
    };
    let is_font = font.get(b"Subtype").and_then(Object::as_name);
    if !matches!(is_font, Ok(b"CIDFontType0" | b"CIDFontType2")) {
        return;
    }
    let single = single_widths(doc, widths);
    if let Ok(font) = doc.get_dictionary_mut(id) {
        font.set("W", single);
    }
}

fn single_widths(doc: &Document, widths: &[Object]) -> Vec<Object> {
    let at = |i: usize| widths.get(i).and_then(|w| doc.dereference(w).ok()).map(|(_, w)| w);
    let mut out = Vec::new();
    let (mut i, mut room) = (0, MOST_WIDTHS);
    while let (Some(Object::Integer(first)), Some(second)) = (at(i), at(i + 1)) {
        let run: Vec<Object> = match (second, at(i + 2)) {
            (Object::Array(list), _) => {
                i += 2;
                let numbers = list.iter().filter_map(|w| doc.dereference(w).ok());
                numbers.map(|(_, w)| w).filter(|w| is_number(w)).take(room).cloned().collect()
            }
            (Object::Integer(last), Some(width)) if is_number(width) => {
                i += 3;
                let count = usize::try_from(last.saturating_sub(*first)).map_or(0, |n| n + 1);
                vec![width.clone(); count.min(room)]
            }
            _ => break,
        };
        room -= run.len();
        out.push(Object::Integer(*first));
        out.push(Object::Array(run));
    }
    out
}

fn is_number(object: &Object) -> bool {
    matches!(object, Object::Integer(_) | Object::Real(_))
}

/// The reader runs every drawn object as if it were a page's commands, images
/// too: minutes and gigabytes for pixels that spell nothing.
fn empty_image(object: &mut Object) {
    if let Object::Stream(stream) = object
        && stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image")
    {
        stream.dict.remove(b"Filter");
        stream.set_content(Vec::new());
    }
}

/// Colours and drawing states that the reader does not know make it panic. It
/// needs none of them: every named colour space becomes grey, every named
/// state empty.
fn neutral_graphics(doc: &mut Document) {
    let mut referred = Vec::new();
    for object in doc.objects.values_mut() {
        neutral_in(object, 0, &mut referred);
    }
    for (id, grey) in referred {
        if let Some(Object::Dictionary(names)) = doc.objects.get_mut(&id) {
            neutral_names(names, grey);
        }
    }
}

/// `referred` takes the resources that stand in an object of their own; the
/// flag tells colour spaces from states.
fn neutral_in(object: &mut Object, depth: usize, referred: &mut Vec<(ObjectId, bool)>) {
    let dict = match object {
        Object::Dictionary(dict) => dict,
        Object::Stream(stream) => &mut stream.dict,
        _ => return,
    };
    for (key, grey) in [(&b"ColorSpace"[..], true), (b"ExtGState", false)] {
        match dict.get_mut(key) {
            Ok(Object::Dictionary(names)) => neutral_names(names, grey),
            Ok(Object::Reference(id)) => referred.push((*id, grey)),
            _ => {}
        }
    }
    if depth < MOST_DEPTH {
        for (_, value) in dict.iter_mut() {
            neutral_in(value, depth + 1, referred);
        }
    }
}

fn neutral_names(names: &mut Dictionary, grey: bool) {
    for (_, value) in names.iter_mut() {
        *value = if grey { Object::Name(b"DeviceGray".to_vec()) } else { Dictionary::new().into() };
    }
}

/// Whether `resources` name an image, themselves or in a form they draw.
fn has_image(doc: &Document, resources: &Object, seen: &mut HashSet<ObjectId>) -> bool {
    let Ok((_, Object::Dictionary(resources))) = doc.dereference(resources) else { return false };
    let Ok(drawn) = doc.get_dict_in_dict(resources, b"XObject") else { return false };
    drawn.iter().any(|(_, object)| {
        let Ok((id, Object::Stream(stream))) = doc.dereference(object) else { return false };
        if id.is_some_and(|id| !seen.insert(id)) || seen.len() > MOST_DEPTH {
            return false;
        }
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => true,
            Ok(b"Form") => {
                stream.dict.get(b"Resources").is_ok_and(|inner| has_image(doc, inner, seen))
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pdf_extract::{Stream, dictionary};

    fn integers(values: &[i64]) -> Object {
        values.iter().map(|v| Object::Integer(*v)).collect::<Vec<_>>().into()
    }

    /// A document of one page; `page` is put into its dictionary.
    fn one_page(page: &Dictionary) -> (Document, ObjectId) {
        let mut doc = Document::with_version("1.5");
        let pages = doc.new_object_id();
        let mut dict = dictionary! { "Type" => "Page", "Parent" => pages };
        dict.extend(page);
        let page = doc.add_object(dict);
        doc.objects.insert(
            pages,
            dictionary! { "Type" => "Pages", "Count" => 1, "Kids" => vec![page.into()] }.into(),
        );
        let catalog = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        doc.trailer.set("Root", catalog);
        (doc, page)
    }

    #[test]
    fn junk_behind_the_end_mark_goes() {
        assert_eq!(up_to_last_end_mark(b"a %%EOF b %%EOF junk"), Some(&b"a %%EOF b %%EOF"[..]));
        assert_eq!(up_to_last_end_mark(b"a %%EOF\r\n"), None);
        assert_eq!(up_to_last_end_mark(b"no mark"), None);
    }

    #[test]
    fn runs_of_widths_are_listed_glyph_by_glyph() {
        let doc = Document::new();
        let widths = [
            Object::Integer(3),
            integers(&[250, 333]),
            Object::Integer(10),
            Object::Integer(12),
            Object::Integer(500),
        ];
        let single = single_widths(&doc, &widths);
        let expected =
            [3.into(), integers(&[250, 333]), 10.into(), integers(&[500, 500, 500])].to_vec();
        assert_eq!(single, expected);
    }

    #[test]
    fn a_run_of_widths_cannot_fill_the_memory() {
        let widths = [0.into(), Object::Integer(i64::MAX), Object::Integer(500)];
        let single = single_widths(&Document::new(), &widths);
        assert_eq!(single[1].as_array().expect("a run").len(), MOST_WIDTHS);
        let odd = [Object::Integer(7)];
        assert!(single_widths(&Document::new(), &odd).is_empty());
    }

    #[test]
    fn a_page_without_a_size_gets_one_and_a_sized_one_keeps_it() {
        let (mut doc, page) = one_page(&Dictionary::new());
        repair(&mut doc);
        let size =
            |doc: &Document| doc.get_dictionary(page).expect("page").get(b"MediaBox").cloned();
        assert_eq!(size(&doc).expect("a size"), integers(&LETTER));
        let a4 = integers(&[0, 0, 595, 842]);
        let (mut doc, page_id) = one_page(&dictionary! { "MediaBox" => a4.clone() });
        assert_eq!(page_id, page);
        repair(&mut doc);
        assert_eq!(size(&doc).expect("a size"), a4);
    }

    #[test]
    fn a_circle_of_parents_ends() {
        let (mut doc, page) = one_page(&Dictionary::new());
        let parent = doc.get_dictionary(page).and_then(|d| d.get(b"Parent")).cloned();
        let parent = parent.and_then(|p| p.as_reference()).expect("a parent");
        doc.get_dictionary_mut(parent).expect("the parent").set("Parent", parent);
        repair(&mut doc);
        assert!(!doc.get_dictionary(page).expect("page").has(b"Parent"));
    }

    #[test]
    fn colours_become_grey_wherever_they_stand() {
        let (mut doc, page) = one_page(&Dictionary::new());
        let spaces = doc.add_object(dictionary! { "Cs1" => vec!["Indexed".into()] });
        let resources = dictionary! { "ColorSpace" => spaces };
        doc.get_dictionary_mut(page).expect("page").set("Resources", resources);
        repair(&mut doc);
        let grey = doc.get_dictionary(spaces).and_then(|d| d.get(b"Cs1")).expect("still named");
        assert_eq!(grey, &Object::Name(b"DeviceGray".to_vec()));
    }

    #[test]
    fn images_are_noticed_and_then_emptied() {
        let (mut doc, page) = one_page(&Dictionary::new());
        assert!(pages_with_images(&doc).is_empty());
        let image = Stream::new(dictionary! { "Subtype" => "Image" }, vec![1; 100]);
        let image = doc.add_object(image);
        let form = dictionary! {
            "Subtype" => "Form",
            "Resources" => dictionary! { "XObject" => dictionary! { "Im0" => image } },
        };
        let form = doc.add_object(Stream::new(form, Vec::new()));
        let resources = dictionary! { "XObject" => dictionary! { "Fm0" => form } };
        doc.get_dictionary_mut(page).expect("page").set("Resources", resources);
        assert_eq!(pages_with_images(&doc), HashSet::from([page]));
        repair(&mut doc);
        let emptied = doc.get_object(image).and_then(Object::as_stream).expect("the image");
        assert!(emptied.content.is_empty());
    }
}
