//! Repairs on a loaded PDF that the text reader needs: each undoes something
//! that made it panic, hang or misplace spaces. Changes the copy in memory
//! only, and only what does not touch the words.

use std::collections::HashSet;

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};

mod bombs;
mod cmap;
mod fonts;

pub use bombs::fits;

/// The widths that one font may list; CIDs have two bytes.
const MOST_WIDTHS: usize = 65_536;

/// How deep a page tree may be.
const MOST_DEPTH: usize = 64;

/// Forms of a page that are looked into.
const MOST_FORMS: usize = 256;

/// The file up to and with its last end mark. Junk behind it hides the trailer
/// from the parser. `None` where there is no mark or nothing behind it.
pub fn up_to_last_end_mark(source: &[u8]) -> Option<&[u8]> {
    const MARK: &[u8] = b"%%EOF";
    let at = source.windows(MARK.len()).rposition(|window| window == MARK)?;
    let end = at + MARK.len();
    (!source[end..].trim_ascii().is_empty()).then(|| &source[..end])
}

/// What is known of a document after its repair.
pub struct Repaired {
    /// Fonts of which the reader has to guess the letters.
    guessed: HashSet<ObjectId>,
    /// Streams that were emptied, since they unpack to more than anything needs.
    cut: HashSet<ObjectId>,
}

/// Does all repairs.
pub fn repair(doc: &mut Document) -> Repaired {
    let cut = bombs::defuse(doc);
    let guessed = fonts::repair(doc);
    let ids: Vec<ObjectId> = doc.objects.keys().copied().collect();
    for id in ids {
        list_widths_singly(doc, id);
    }
    Repaired { guessed, cut }
}

impl Repaired {
    /// Whether letters of the page are guessed.
    pub fn is_guessed(&self, doc: &Document, page: ObjectId) -> bool {
        !self.guessed.is_empty()
            && resources(doc, page).iter().any(|resources| {
                let fonts = doc.get_dict_in_dict(resources, b"Font");
                fonts.is_ok_and(|fonts| {
                    let mut ids = fonts.iter().filter_map(|(_, font)| font.as_reference().ok());
                    ids.any(|id| self.guessed.contains(&id))
                })
            })
    }

    /// Whether something that the page draws was emptied.
    pub fn is_cut(&self, doc: &Document, page: ObjectId) -> bool {
        if self.cut.is_empty() {
            return false;
        }
        let drawn = resources(doc, page).into_iter().flat_map(|resources| objects(doc, resources));
        drawn.map(|(id, _)| id).chain(doc.get_page_contents(page)).any(|id| self.cut.contains(&id))
    }
}

/// The images that the page or a form on it may draw.
pub fn images(doc: &Document, page: ObjectId) -> Vec<&Stream> {
    let drawn = resources(doc, page).into_iter().flat_map(|resources| objects(doc, resources));
    drawn.map(|(_, stream)| stream).filter(|stream| is(stream, b"Image")).collect()
}

fn is(stream: &Stream, subtype: &[u8]) -> bool {
    stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == subtype)
}

/// What `resources` name to be drawn.
fn objects<'a>(
    doc: &'a Document,
    resources: &'a Dictionary,
) -> impl Iterator<Item = (ObjectId, &'a Stream)> {
    let named = doc.get_dict_in_dict(resources, b"XObject").ok();
    named.into_iter().flat_map(Dictionary::iter).filter_map(|(_, object)| {
        let id = object.as_reference().ok()?;
        Some((id, doc.get_object(id).ok()?.as_stream().ok()?))
    })
}

/// The resources of the page and of the forms that it draws, each once.
fn resources(doc: &Document, page: ObjectId) -> Vec<&Dictionary> {
    let mut found: Vec<&Dictionary> = inherited_resources(doc, page).into_iter().collect();
    let mut seen = HashSet::new();
    let mut at = 0;
    while let Some(resources) = found.get(at).copied() {
        at += 1;
        let forms = objects(doc, resources).filter(|(_, stream)| is(stream, b"Form"));
        let new = forms.filter(|(id, _)| seen.len() < MOST_FORMS && seen.insert(*id));
        let new: Vec<&Stream> = new.map(|(_, form)| form).collect();
        found.extend(
            new.iter().filter_map(|form| doc.get_dict_in_dict(&form.dict, b"Resources").ok()),
        );
    }
    found
}

/// The way up the tree of pages may be a circle.
fn inherited_resources(doc: &Document, page: ObjectId) -> Option<&Dictionary> {
    let mut node = doc.get_dictionary(page).ok()?;
    for _ in 0..MOST_DEPTH {
        if let Ok(resources) = doc.get_dict_in_dict(node, b"Resources") {
            return Some(resources);
        }
        node = doc.get_dict_in_dict(node, b"Parent").ok()?;
    }
    None
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

#[cfg(test)]
mod tests {
    use super::*;
    use pdf_extract::dictionary;

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
    fn images_are_found_in_forms_too_and_circles_of_forms_end() {
        let (mut doc, page) = one_page(&Dictionary::new());
        assert!(images(&doc, page).is_empty());
        let image = Stream::new(dictionary! { "Subtype" => "Image" }, vec![1; 100]);
        let image = doc.add_object(image);
        let form = doc.new_object_id();
        let named = dictionary! { "Im0" => image, "Fm0" => form };
        let dict = dictionary! {
            "Subtype" => "Form",
            "Resources" => dictionary! { "XObject" => named },
        };
        doc.objects.insert(form, Stream::new(dict, Vec::new()).into());
        let resources = dictionary! { "XObject" => dictionary! { "Fm0" => form } };
        doc.get_dictionary_mut(page).expect("page").set("Resources", resources);
        assert_eq!(images(&doc, page).len(), 1);
    }

    #[test]
    fn a_page_with_letters_that_are_guessed_is_known() {
        let (mut doc, page) = one_page(&Dictionary::new());
        let font = doc.add_object(dictionary! { "Subtype" => "Type3" });
        let resources = dictionary! { "Font" => dictionary! { "F1" => font } };
        doc.get_dictionary_mut(page).expect("page").set("Resources", resources);
        let repaired = repair(&mut doc);
        assert!(repaired.is_guessed(&doc, page) && !repaired.is_cut(&doc, page));
    }
}
