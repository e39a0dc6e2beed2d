//! A new table of parts for a PDF whose own is missing or wrong: the parts are
//! found by their headings ("12 0 obj"). A last resort, since it also finds
//! what the file had struck out.

use std::collections::BTreeMap;
use std::io::Write as _;

/// More parts than these have only files made to exhaust.
const MOST_OBJECTS: usize = 500_000;

/// What is at the top of the rebuilt file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Top {
    /// The file's own catalogue of pages.
    Own,
    /// A new one of all page objects in the order of the file, for when its own
    /// was cut off.
    New,
}

type Reference = (u32, u16);

/// `source` with a new table at its end. `None` where the parts for that are
/// not there; also for a locked file, whose key stands in what was lost.
pub fn rebuilt(source: &[u8], top: Top) -> Option<Vec<u8>> {
    let start = find(source, b"%PDF-")?;
    let source = &source[start..];
    if find(source, b"/Encrypt").is_some() {
        return None;
    }
    let mut places = objects(source);
    let mut out = source.to_vec();
    out.push(b'\n');
    let root = match top {
        Top::Own => catalogue(source, &places)?,
        Top::New => append_catalogue(source, &mut places, &mut out)?,
    };
    append_table(&places, root, &mut out);
    Some(out)
}

/// Where each object begins; of two with one name the later counts, as it does
/// in a file that was added to.
fn objects(source: &[u8]) -> BTreeMap<Reference, usize> {
    let mut places = BTreeMap::new();
    let mut from = 0;
    while let Some(at) = find(&source[from..], b"obj") {
        let heading = from + at;
        from = heading + 3;
        if let Some((id, place)) = heading_before(source, heading)
            && places.len() < MOST_OBJECTS
        {
            places.insert(id, place);
        }
    }
    places
}

/// Reads "12 0 " backwards from `end`.
fn heading_before(source: &[u8], end: usize) -> Option<(Reference, usize)> {
    let (generation, at) = number_before(source, end)?;
    let (number, at) = number_before(source, at)?;
    let alone = at == 0 || !source[at - 1].is_ascii_alphanumeric();
    let generation = u16::try_from(generation).ok()?;
    (alone && number > 0).then_some(((number, generation), at))
}

/// The number that ends before `end`, white space between, and where it begins.
fn number_before(source: &[u8], end: usize) -> Option<(u32, usize)> {
    let before = source[..end].trim_ascii_end();
    // Ten digits hold every number that fits.
    let digits = before.iter().rev().take(10).take_while(|b| b.is_ascii_digit()).count();
    let start = before.len() - digits;
    let spaced = before.len() < end && end - before.len() < 8;
    let number = str::from_utf8(&before[start..]).ok()?.parse().ok()?;
    spaced.then_some((number, start))
}

/// The catalogue that the last trailer names, or else the last that there is.
fn catalogue(source: &[u8], places: &BTreeMap<Reference, usize>) -> Option<Reference> {
    let named = rfind(source, b"/Root").and_then(|at| reference_at(&source[at + 5..]));
    named.filter(|id| places.contains_key(id)).or_else(|| {
        let is_catalogue = |place: usize| has_type(body(source, place), b"/Catalog");
        places.iter().rev().find(|(_, place)| is_catalogue(**place)).map(|(id, _)| *id)
    })
}

fn reference_at(text: &[u8]) -> Option<Reference> {
    let text = String::from_utf8_lossy(&text[..text.len().min(40)]).into_owned();
    let mut words = text.split_whitespace();
    let (number, generation) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    words.next()?.starts_with('R').then_some((number, generation))
}

/// The object that begins at `place`, up to its end or its stream.
fn body(source: &[u8], place: usize) -> &[u8] {
    let rest = &source[place..source.len().min(place + 16 * 1024)];
    let end = find(rest, b"endobj").into_iter().chain(find(rest, b"stream")).min();
    &rest[..end.unwrap_or(rest.len())]
}

/// Whether a dictionary says `/Type /Name`, and no longer name than that.
fn has_type(body: &[u8], name: &[u8]) -> bool {
    let mut rest = body;
    while let Some(at) = find(rest, b"/Type") {
        rest = rest[at + 5..].trim_ascii_start();
        let named = rest.strip_prefix(name);
        if named.is_some_and(|after| !after.first().is_some_and(u8::is_ascii_alphanumeric)) {
            return true;
        }
    }
    false
}

/// Appends a catalogue of all page objects; `None` where there is no page.
fn append_catalogue(
    source: &[u8],
    places: &mut BTreeMap<Reference, usize>,
    out: &mut Vec<u8>,
) -> Option<Reference> {
    let mut pages: Vec<(usize, Reference)> = places
        .iter()
        .filter(|(_, place)| has_type(body(source, **place), b"/Page"))
        .map(|(id, place)| (*place, *id))
        .collect();
    pages.sort_unstable();
    let last = places.keys().next_back().filter(|_| !pages.is_empty())?.0;
    let (tree, catalogue) = ((last.checked_add(1)?, 0), (last.checked_add(2)?, 0));
    let kids: Vec<String> = pages.iter().map(|(_, (n, g))| format!("{n} {g} R")).collect();
    for (id, dictionary) in [
        (tree, format!("/Type /Pages /Count {} /Kids [{}]", kids.len(), kids.join(" "))),
        (catalogue, format!("/Type /Catalog /Pages {} 0 R", tree.0)),
    ] {
        places.insert(id, out.len());
        out.extend(format!("{} 0 obj\n<< {dictionary} >>\nendobj\n", id.0).into_bytes());
    }
    Some(catalogue)
}

fn append_table(places: &BTreeMap<Reference, usize>, root: Reference, out: &mut Vec<u8>) {
    let table = out.len();
    let size = places.keys().next_back().map_or(0, |(number, _)| number + 1);
    out.extend(b"xref\n0 1\n0000000000 65535 f \n");
    let io = "writing into memory does not fail";
    for ((number, generation), place) in places {
        writeln!(out, "{number} 1\n{place:010} {generation:05} n ").expect(io);
    }
    let (root, generation) = root;
    write!(
        out,
        "trailer\n<< /Size {size} /Root {root} {generation} R >>\nstartxref\n{table}\n%%EOF\n"
    )
    .expect(io);
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).rposition(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pdf_extract::Document;
    use proptest::prelude::*;

    const PARTS: &[u8] = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
        2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n\
        3 0 obj\n<</Type/Page/Parent 2 0 R>>\nendobj\n";

    fn pages(source: &[u8], top: Top) -> usize {
        let rebuilt = rebuilt(source, top).expect("a file");
        Document::load_mem(&rebuilt).expect("loads").get_pages().len()
    }

    #[test]
    fn a_file_without_any_table_gets_one() {
        assert_eq!(pages(PARTS, Top::Own), 1);
    }

    #[test]
    fn pages_whose_catalogue_was_cut_off_get_a_new_one() {
        let start = find(PARTS, b"3 0 obj").expect("the page");
        let page = [b"%PDF-1.4\n", &PARTS[start..]].concat();
        assert!(rebuilt(&page, Top::Own).is_none());
        assert_eq!(pages(&page, Top::New), 1);
    }

    #[test]
    fn headings_are_told_from_other_words() {
        let source = b"%PDF- endobj x1 0 obj 7 0 obj 9 obj 12 3  obj object 8 0 objx";
        let found: Vec<_> = objects(source).into_keys().collect();
        assert_eq!(found, [(7, 0), (8, 0), (12, 3)]);
    }

    #[test]
    fn a_locked_file_is_left_alone() {
        assert!(rebuilt(&[PARTS, b"/Encrypt 4 0 R"].concat(), Top::Own).is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(tail in "[0-9 objR/Rotyp<>\n]{0,120}") {
            for top in [Top::Own, Top::New] {
                let _ = rebuilt(&[b"%PDF-1.4\n", tail.as_bytes()].concat(), top);
            }
        }
    }
}
