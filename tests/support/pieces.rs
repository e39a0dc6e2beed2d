//! What holds of everything that a reader hands out, whatever it was given.
//! Also compiled into the fuzz targets, so it knows the readers alone.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::domain::document::Part;
use super::domain::marks::Marks;
use super::extract::{Extractor, Options, PageRecord, Piece};

/// Reads `source` and checks each piece. A refusal is as good as a text; it has
/// to be a sentence's part with something in it.
///
/// # Panics
/// Where the reader panics, or a piece is not sound.
pub fn check(reader: &dyn Extractor, source: &[u8], options: &Options) {
    let (mut pages, mut parts) = (0, Vec::new());
    let read = reader.read(source, options, &mut |piece| {
        match piece {
            Piece::Page(page) => {
                pages += 1;
                assert_eq!(page.n, pages, "pages are counted from 1, one by one");
                check_page(&page, options);
            }
            Piece::Part(part) => parts.push(part),
            Piece::Markup(_) => {}
        }
        ControlFlow::Continue(())
    });
    if let Err(error) = read {
        assert!(error.to_string().len() > 10, "a refusal says why");
    }
    check_parts(&parts);
    for part in parts.iter().take(8) {
        // A part that was named may be broken, but asking for it ends.
        drop(reader.part(source, &part.name));
    }
}

fn check_page(page: &PageRecord, options: &Options) {
    assert!(page.n <= page.of, "page {} of {}", page.n, page.of);
    let most = usize::try_from(options.limits.text_bytes).unwrap_or(usize::MAX);
    // The last word, a bar or a note's number may stand over the limit.
    assert!(page.text.len() <= most + 4096, "{} bytes of text", page.text.len());
    assert!(!page.reader.is_empty(), "a page says what read it");
    check_marks(&page.text, &page.marks);
}

/// Checks that marks lie inside `text`, on its character boundaries, in order.
///
/// # Panics
/// Where they do not.
pub fn check_marks(text: &str, marks: &Marks) {
    let mut end = 0;
    for aside in &marks.asides {
        assert!(aside.span.start >= end, "asides are in order and do not overlap");
        assert!(aside.span.slice(text).is_some(), "an aside lies on character boundaries");
        assert!(!aside.span.is_empty(), "an aside has something in it");
        end = aside.span.end;
    }
    assert!(marks.landmarks.is_sorted_by_key(|landmark| landmark.at), "landmarks are in order");
    assert!(marks.landmarks.iter().all(|landmark| text.is_char_boundary(landmark.at)));
    assert!(marks.joins.iter().all(|at| text.is_char_boundary(*at)));
    for word in &marks.boxes {
        assert!(word.span.slice(text).is_some(), "a box lies on character boundaries");
    }
}

fn check_parts(parts: &[Part]) {
    let names: BTreeSet<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names.len(), parts.len(), "each part has a name of its own");
    for name in names {
        let is_one_component = !name.is_empty()
            && !name.starts_with('.')
            && !name.contains(['/', '\\'])
            && !name.contains(char::is_control);
        assert!(is_one_component, "a part's name is one component of a path");
    }
}
