//! The drawing commands of pages: whether all are there.

use pdf_extract::{Document, Object, ObjectId};

/// Whether some of the page's commands are named but not there.
pub fn is_missing_commands(doc: &Document, page: ObjectId) -> bool {
    let named = doc.get_page_contents(page);
    named.iter().any(|id| doc.get_object(*id).and_then(Object::as_stream).is_err())
}
