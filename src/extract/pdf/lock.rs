//! The lock of a PDF put where the parser looks for it: it knows one only as an
//! object of its own, while a trailer may hold it itself. Knows no passwords.

use std::io::Write as _;

use pdf_extract::content::{Content, Operation};
use pdf_extract::{Dictionary, Document, Object, dictionary};

/// `source` with the lock that stands in the trailer of `doc`, read from it, as
/// an object behind its end. `None` where no lock stands there.
pub fn set_apart(source: &[u8], doc: &Document) -> Option<Vec<u8>> {
    let lock = doc.trailer.get(b"Encrypt").and_then(Object::as_dict).ok()?;
    let number = doc.trailer.get(b"Size").and_then(Object::as_i64).ok()?;
    let number = u32::try_from(number).ok().filter(|number| *number < 10_000_000)?;
    let mut trailer = dictionary! {
        "Size" => i64::from(number) + 1,
        "Encrypt" => Object::Reference((number, 0)),
        "Prev" => last_table(source)?,
    };
    for key in [&b"Root"[..], b"Info", b"ID"] {
        if let Ok(value) = doc.trailer.get(key) {
            trailer.set(key, value.clone());
        }
    }
    let (lock, trailer) = (written(lock)?, written(&trailer)?);
    let mut out = source.to_vec();
    out.extend(b"\n");
    let place = out.len();
    out.extend([format!("{number} 0 obj\n").as_bytes(), &lock, b"\nendobj\n"].concat());
    let table = out.len();
    write!(out, "xref\n{number} 1\n{place:010} 00000 n \ntrailer\n").ok()?;
    out.extend(trailer);
    write!(out, "\nstartxref\n{table}\n%%EOF\n").ok()?;
    Some(out)
}

/// Where the last table of parts begins, as the end of the file says.
fn last_table(source: &[u8]) -> Option<i64> {
    const MARK: &[u8] = b"startxref";
    let at = source.windows(MARK.len()).rposition(|window| window == MARK)? + MARK.len();
    let digits = source[at..].trim_ascii_start();
    let end = digits.iter().position(|b| !b.is_ascii_digit()).unwrap_or(digits.len());
    str::from_utf8(&digits[..end]).ok()?.parse().ok()
}

/// A dictionary as it stands in a file.
fn written(dict: &Dictionary) -> Option<Vec<u8>> {
    let operands = vec![Object::Dictionary(dict.clone())];
    let content = Content { operations: vec![Operation::new("", operands)] };
    content.encode().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_in_the_trailer_becomes_an_object_and_all_else_stays() {
        let source = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
            xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n\
            trailer\n<</Size 2/Root 1 0 R/Encrypt<</Filter/Odd/V 9>>>>\nstartxref\n54\n%%EOF\n";
        let mut doc = Document::load_mem(source).expect("loads");
        let apart = set_apart(source, &doc).expect("a lock");
        assert!(apart.starts_with(source));
        doc.trailer.remove(b"Encrypt");
        assert!(set_apart(source, &doc).is_none());
        let tail = String::from_utf8_lossy(&apart[source.len()..]).into_owned();
        assert!(tail.contains("2 0 obj\n<</Filter/Odd/V 9>>"), "{tail}");
        assert!(tail.contains("/Encrypt 2 0 R") && tail.contains("/Prev 54"), "{tail}");
    }
}
