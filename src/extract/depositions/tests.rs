//! Tests of marking numbered lines.

use super::*;
use crate::domain::document::PageState;

const SAMPLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/deposition.txt"));

fn pages(text: &str, starts: &[usize]) -> Vec<Page> {
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let page = |(n, (start, end)): (u32, (&usize, usize))| Page {
        n,
        state: PageState::Text,
        span: ByteSpan::new(*start, end),
        reader: "test".into(),
        note: None,
    };
    (1..).zip(starts.iter().zip(ends)).map(page).collect()
}

fn marked(text: &str) -> Marks {
    let mut marks = Marks::default();
    mark(text, &pages(text, &[0]), &mut marks);
    marks
}

/// How the place of `words` is cited.
fn cite(text: &str, marks: &Marks, words: &str) -> Option<(u32, u32)> {
    let at = text.find(words).expect("the words are there");
    let landmark = marks.landmarks.iter().rev().find(|landmark| landmark.at <= at)?;
    match landmark.cite {
        Cite::Line { page, line } => Some((page, line)),
        Cite::Time { .. } => None,
    }
}

/// The text without its asides, and without the layout that is left.
fn without(text: &str, marks: &Marks) -> String {
    let mut out = String::new();
    let mut from = 0;
    for aside in &marks.asides {
        out.push_str(&text[from..aside.span.start]);
        from = aside.span.end;
    }
    out.push_str(&text[from..]);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines(numbers: impl Iterator<Item = u32>, line: impl Fn(u32) -> String) -> String {
    numbers.map(line).collect::<Vec<_>>().concat()
}

/// Pages of so many numbered lines; `around` makes a page of its number and
/// its lines.
fn transcript(of: u32, lines: u32, around: impl Fn(u32, &str) -> String) -> String {
    let page = |page: u32| {
        let line = |line: u32| format!("{line:>4}      words of {page}-{line} and\n");
        around(page, &(1..=lines).map(line).collect::<String>())
    };
    (1..=of).map(page).collect()
}

#[test]
fn a_deposition_is_cited_by_the_page_and_line_that_are_printed() {
    let marks = marked(SAMPLE);
    for (words, place) in [
        ("IN THE CIRCUIT COURT", (1, 1)),
        ("REPORTED BY", (1, 24)),
        ("Thomas Richard Brandt. B-r", (3, 9)),
        ("of Compressor 2, provided", (8, 9)),
        ("alarm before Contractor", (9, 11)),
        ("are listed on the attached", (10, 20)),
    ] {
        assert_eq!(cite(SAMPLE, &marks, words), Some(place), "{words}");
    }
}

#[test]
fn sentences_of_a_deposition_are_whole_without_what_is_set_aside() {
    let marks = marked(SAMPLE);
    let text = without(SAMPLE, &marks);
    // Over lines, and over the end of a page.
    assert!(text.contains("we are prepared to credit Lindqvist the sum of thirty-five thousand"));
    assert!(text.contains("a part is put on order, and shall write down the name"));
    let kinds = |kind| marks.asides.iter().filter(|aside| aside.kind == kind).count();
    assert_eq!(kinds(AsideKind::RunningHead), 10);
    assert_eq!(kinds(AsideKind::LineNumber), marks.landmarks.len());
    assert!(marks.asides.is_sorted_by(|a, b| a.span.end <= b.span.start));
}

#[test]
fn page_numbers_are_found_at_the_top_and_at_the_foot() {
    let top = |page: u32, lines: &str| format!("Page {}\n\n{lines}\n", page + 111);
    let foot = |page: u32, lines: &str| format!("{lines}\n      - {} -\n\n", page + 111);
    let fed = |page: u32, lines: &str| format!("{lines}{}\n\u{C}", page + 111);
    for text in [transcript(4, 25, top), transcript(4, 28, foot), transcript(4, 25, fed)] {
        let marks = marked(&text);
        assert_eq!(cite(&text, &marks, "words of 1-1 "), Some((112, 1)), "{text:.40}");
        assert_eq!(cite(&text, &marks, "words of 3-20 "), Some((114, 20)), "{text:.40}");
        assert!(without(&text, &marks).starts_with("words of 1-1 and words of 1-2 and"));
    }
}

#[test]
fn a_page_number_that_goes_on_with_the_lines_is_none_of_them() {
    for lines in [24, 25] {
        // The foot of page 25 or 26 is the number after its last line's.
        let text = transcript(30, lines, |page, lines| format!("{lines}\n   {page}\n\n"));
        let marks = marked(&text);
        assert_eq!(cite(&text, &marks, "words of 26-3 "), Some((26, 3)));
        assert_eq!(marks.landmarks.len(), 30 * usize::try_from(lines).expect("small"));
        let heads = marks.asides.iter().filter(|aside| aside.kind == AsideKind::RunningHead);
        assert_eq!(heads.count(), 30);
    }
}

#[test]
fn what_stands_on_every_page_is_set_aside_and_what_stands_once_is_kept() {
    let around = |page: u32, lines: &str| {
        let stamp = if page == 2 { "Sealed by order\n" } else { "" };
        format!("{page}\n{lines}{stamp}\nTri-County Reporting {page}00\n")
    };
    let text = transcript(4, 25, around);
    let text = without(&text, &marked(&text));
    assert!(text.contains("2-25 and Sealed by order words of 3-1 "), "{text}");
    assert!(!text.contains("Reporting"), "{text}");
}

#[test]
fn pages_of_a_document_tell_whose_a_number_is() {
    // Every number stands between two pages, and nothing but the pages' own
    // beginnings tells whether it is a head or a foot.
    let texts: Vec<String> =
        (5..9).map(|page| transcript(1, 25, |_, l| format!("{page}\n{l}"))).collect();
    let text = texts.concat();
    let starts: Vec<usize> = (0..4).map(|n| texts[..n].concat().len()).collect();
    let mut marks = Marks::default();
    mark(&text, &pages(&text, &starts), &mut marks);
    assert_eq!(marks.landmarks.len(), 100);
    assert_eq!(marks.landmarks[25].cite, Cite::Line { page: 6, line: 1 });
}

#[test]
fn page_numbers_that_are_not_sure_cite_nothing() {
    for text in
        [
            transcript(4, 25, |_, lines| format!("{lines}\n\n")),
            transcript(4, 25, |page, lines| format!("{}\n{lines}\n", 20 - page)),
            // Between two pages: of which?
            transcript(4, 25, |page, lines| {
                if page == 1 { lines.into() } else { format!("{}\n{lines}", page + 6) }
            }),
        ]
    {
        let marks = marked(&text);
        assert_eq!((marks.landmarks.len(), marks.asides.is_empty()), (0, false), "{text:.40}");
    }
}

#[test]
fn a_page_whose_number_is_missing_has_the_one_between_its_neighbours() {
    let around = |page: u32, lines: &str| match page {
        4 => lines.to_owned(),
        // Pages 20 to 29 were left out.
        _ => format!("{}\n{lines}\n", if page > 6 { page + 23 } else { page + 13 }),
    };
    let text = transcript(12, 25, around);
    let marks = marked(&text);
    let cited = |words| cite(&text, &marks, words);
    assert_eq!(cited("words of 1-2 "), Some((14, 2)));
    assert_eq!(cited("words of 4-1 "), Some((17, 1)));
    assert_eq!(cited("words of 7-1 "), Some((30, 1)));
}

#[test]
fn the_page_of_the_title_needs_no_number() {
    let around = |page: u32, lines: &str| match page {
        1 => format!("{lines}\nORDER\n\n"),
        _ => format!("{lines}\nORDER\n-{page}-\n\n"),
    };
    let text = transcript(4, 28, around);
    let marks = marked(&text);
    assert_eq!(cite(&text, &marks, "words of 1-3 "), Some((1, 3)));
    assert_eq!(cite(&text, &marks, "words of 4-28 "), Some((4, 28)));
}

#[test]
fn lines_that_carry_page_and_line_are_cited_by_them() {
    let line =
        |page: u32, line: u32| format!("{page:0>5}:{line:0>2}  words of {page}-{line} and\n");
    let text: String = (110..114).flat_map(|page| (1..=25).map(move |n| line(page, n))).collect();
    let marks = marked(&text);
    assert_eq!(cite(&text, &marks, "words of 112-4 "), Some((112, 4)));
    assert!(without(&text, &marks).starts_with("words of 110-1 and words of 110-2 "));
}

#[test]
fn the_numbers_of_pleading_paper_are_set_aside_where_they_stand_alone() {
    let column: String = lines(1..=28, |n| format!("{n} \n\n"));
    let text = format!("{column}ORDER\n2 \n words\n\n").repeat(4);
    let marks = marked(&text);
    assert_eq!(without(&text, &marks), "ORDER 2 words ".repeat(4).trim_end());
    assert_eq!((marks.landmarks.len(), marks.asides.len()), (0, 28 * 4));
}

#[test]
fn lists_contracts_and_times_are_no_depositions() {
    let clauses: String =
        lines(1..60, |n| format!("{} The party shall pay.\nAnd so on.\n", n % 25 + 1));
    let list: String = lines(1..=25, |n| format!("{n} item\n"));
    let dotted: String = lines(0..100, |n| format!("{}. item\n", n % 25 + 1));
    let times: String = lines(0..200, |n| format!("{:02}:{:02} words\n", n / 60, n % 60));
    let short = transcript(6, 12, |page, lines| format!("{page}\n{lines}\n"));
    let bare: String = lines(1..=50, |n| format!("{n}\n"));
    let scores: String = lines(0..100, |n| format!("{}\n", n * 7 % 29));
    let prose = "It was a long day. ".repeat(200);
    for text in [clauses, list, dotted, times, short, bare, scores, prose, String::new()] {
        assert_eq!(marked(&text), Marks::default(), "{text:.60}");
    }
}

#[test]
fn one_page_of_a_pleading_is_told_from_a_list_by_sentences_that_run_on() {
    let words = "the Supplier shall not assign this Agreement without the consent of";
    let page = lines(1..=28, |n| format!("{n} {words}\n"));
    let marks = marked(&page);
    assert_eq!(marks.asides.len(), 28);
    assert!(without(&page, &marks).starts_with(&format!("{words} {words}")));
    let items =
        lines(1..=28, |n| format!("{n} The Supplier shall not assign this Agreement at all.\n"));
    assert_eq!(marked(&items), Marks::default());
    let short = lines(1..=28, |n| format!("{n} apples and pears\n"));
    assert_eq!(marked(&short), Marks::default());
}
