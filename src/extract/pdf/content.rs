//! The drawing commands of pages: whether all are there, and the two that the
//! reader passes over in silence put into ones that it knows.

use pdf_extract::content::{Content, Operation};
use pdf_extract::{Document, Object, ObjectId, Stream};

/// Whether some of the page's commands are named but not there.
pub fn is_missing_commands(doc: &Document, page: ObjectId) -> bool {
    let named = doc.get_page_contents(page);
    named.iter().any(|id| doc.get_object(*id).and_then(Object::as_stream).is_err())
}

fn is_form(stream: &Stream) -> bool {
    stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form")
}

fn commands_of(stream: &Stream) -> Vec<u8> {
    stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())
}

/// Replaces `'` and `"` (next line, then show) on all pages and in all forms by
/// the plain commands that they stand for (ISO 32000-1, table 109).
pub fn spell_out(doc: &mut Document) {
    let pages: Vec<ObjectId> = doc.page_iter().collect();
    for page in pages {
        let commands = doc.get_page_content(page).unwrap_or_default();
        if let Some(plain) = spelled_out(&commands) {
            let stream = doc.add_object(Stream::new(pdf_extract::Dictionary::new(), plain));
            if let Ok(page) = doc.get_dictionary_mut(page) {
                page.set("Contents", stream);
            }
        }
    }
    for object in doc.objects.values_mut() {
        if let Object::Stream(form) = object
            && is_form(form)
            && let Some(plain) = spelled_out(&commands_of(form))
        {
            form.dict.remove(b"Filter");
            form.dict.remove(b"DecodeParms");
            form.set_content(plain);
        }
    }
}

/// `None` where neither command occurs, which is nearly always.
fn spelled_out(commands: &[u8]) -> Option<Vec<u8>> {
    // Decoding costs far more than looking for the two characters.
    if !commands.contains(&b'\'') && !commands.contains(&b'"') {
        return None;
    }
    let content = Content::decode(commands).ok()?;
    if !content.operations.iter().any(|op| matches!(op.operator.as_str(), "'" | "\"")) {
        return None;
    }
    let plain: Vec<Operation> = content.operations.into_iter().flat_map(plain_commands).collect();
    Content { operations: plain }.encode().ok()
}

fn plain_commands(op: Operation) -> Vec<Operation> {
    let operands = op.operands;
    match (op.operator.as_str(), operands.as_slice()) {
        ("'", [text]) => {
            vec![Operation::new("T*", vec![]), Operation::new("Tj", vec![text.clone()])]
        }
        ("\"", [word_space, letter_space, text]) => vec![
            Operation::new("Tw", vec![word_space.clone()]),
            Operation::new("Tc", vec![letter_space.clone()]),
            Operation::new("T*", vec![]),
            Operation::new("Tj", vec![text.clone()]),
        ],
        _ => vec![Operation::new(&op.operator, operands)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_line_commands_are_put_into_plain_ones() {
        let plain = spelled_out(b"BT 12 TL (it's) ' 1 2 (b) \" ET").expect("something to do");
        let plain = Content::decode(&plain).expect("commands");
        let names: Vec<_> = plain.operations.iter().map(|op| op.operator.as_str()).collect();
        assert_eq!(names, ["BT", "TL", "T*", "Tj", "Tw", "Tc", "T*", "Tj", "ET"]);
        assert_eq!(spelled_out(b"BT (it's \"so\") Tj ET"), None);
    }
}
