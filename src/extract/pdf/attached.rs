//! Files that travel inside a PDF: whether there are any. They are not opened.

use pdf_extract::{Dictionary, Document, Object};

/// Whether the document names embedded files (ISO 32000-1, 7.11.4), or a page has
/// one pinned to it.
pub fn is_there(doc: &Document) -> bool {
    let named = doc.catalog().ok().and_then(|catalog| {
        let names = dictionary(doc, catalog, b"Names")?;
        dictionary(doc, names, b"EmbeddedFiles")
    });
    named.is_some_and(|files| files.has(b"Names") || files.has(b"Kids"))
        || doc.objects.values().any(is_pin)
}

fn dictionary<'a>(doc: &'a Document, parent: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    let (_, value) = doc.dereference(parent.get(key).ok()?).ok()?;
    value.as_dict().ok()
}

fn is_pin(object: &Object) -> bool {
    let subtype = object.as_dict().and_then(|dict| dict.get(b"Subtype"));
    subtype.and_then(Object::as_name).is_ok_and(|name| name == b"FileAttachment")
}

#[cfg(test)]
mod tests {
    use pdf_extract::dictionary;

    use super::*;

    fn with(catalog: Dictionary) -> Document {
        let mut doc = Document::with_version("1.5");
        let catalog = doc.add_object(catalog);
        doc.trailer.set("Root", catalog);
        doc
    }

    #[test]
    fn embedded_and_pinned_files_are_noticed() {
        assert!(!is_there(&with(dictionary! { "Type" => "Catalog" })));
        let files = dictionary! { "Names" => Vec::<Object>::new() };
        let names = dictionary! { "EmbeddedFiles" => files };
        assert!(is_there(&with(dictionary! { "Type" => "Catalog", "Names" => names })));
        let mut pinned = with(dictionary! { "Type" => "Catalog" });
        pinned.add_object(dictionary! { "Subtype" => "FileAttachment" });
        assert!(is_there(&pinned));
    }
}
