use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::domain::marks::AsideKind;

fn read(source: impl AsRef<[u8]>, view: RevisionView) -> (PageRecord, Markup) {
    let options = Options { view, ..Options::default() };
    let (mut pages, mut markup) = (Vec::new(), Markup { view, ..Markup::default() });
    let read = Rtf.read(source.as_ref(), &options, &mut |piece| {
        match piece {
            Piece::Page(page) => pages.push(page),
            Piece::Markup(found) => markup = found,
            Piece::Part(_) => panic!("no parts in Rich Text"),
        }
        ControlFlow::Continue(())
    });
    read.expect("a readable document");
    (pages.pop().expect("one page"), markup)
}

fn text(body: &str) -> String {
    read(format!("{{\\rtf1\\ansi\\ansicpg1252 {body}}}"), RevisionView::Accepted).0.text
}

fn asides(page: &PageRecord) -> Vec<(AsideKind, &str)> {
    let asides = page.marks.asides.iter();
    asides.map(|aside| (aside.kind, &page.text[aside.span.start..aside.span.end])).collect()
}

#[test]
fn paragraphs_special_characters_and_line_ends_come_out() {
    assert_eq!(
        text(
            "\\b Lease\\b0\\par\r\nThe ten\r\nant\\~pays \\'80 90\\emdash net\\line a month.\\par}"
        ),
        "Lease\n\nThe tenant pays € 90—net\na month."
    );
    assert_eq!(text("a \\{b\\} c\\\\d"), "a {b} c\\d");
}

#[test]
fn the_encoding_is_that_of_the_font_or_the_document() {
    let fonts = "{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial Cyr;}{\\f2\\fcharset128 Mincho;}}";
    assert_eq!(
        text(&format!("{fonts}\\f0 \\'c4 \\f1 \\'c4\\'e0 {{\\f2 \\'93\\'fa\\'83A}}\\'c4")),
        "Ä Да 日アД"
    );
    let source = b"{\\rtf1\\ansi\\ansicpg1250 za\\'bf\\'f3\\'b3\\'e6}";
    assert_eq!(read(source, RevisionView::Accepted).0.text, "zażółć");
    let source = b"{\\rtf1\\ansi\\ansicpg936 \xBA\xCF\xCD\xAC}";
    assert_eq!(read(source, RevisionView::Accepted).0.text, "合同");
}

#[test]
fn unicode_replaces_what_stands_for_it() {
    assert_eq!(text("\\u8364?90 \\u-10179?\\u-8704? \\u8220\\'93x\\uc0\\u8221 y"), "€90 😀 “x”y");
    assert_eq!(text("{\\uc2 \\u26085\\'93\\'faz}\\u233 ez"), "日zéz");
    assert_eq!(text("a{\\upr{b}{\\*\\ud{\\u946?}}}c"), "aβc");
}

#[test]
fn what_is_no_text_is_passed_over() {
    assert_eq!(
        text(
            "{\\stylesheet{\\s1 heading;}}{\\info{\\title Secret}}{\\*\\unknown no}{\\pict 0a0b}\
              {\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt link}}{\\*\\bkmkstart m}{\\object{\\*\\objdata 00}{\\result !}}"
        ),
        "link!"
    );
    assert_eq!(text("a\\bin5 {{{{{b"), "ab");
}

#[test]
fn rows_of_tables_become_rows_and_labels_stay_with_their_text() {
    let row = |cells: &[&str]| {
        let cells = cells.iter().map(|cell| format!("\\pard\\intbl {cell}\\cell "));
        let cells = cells.collect::<Vec<_>>().concat();
        format!("\\trowd\\cellx100\\cellx200 {cells}\\row ")
    };
    assert_eq!(
        text(&format!(
            "Fees\\par {}{}\\pard After\\par",
            row(&["Rent", "90\\par net"]),
            row(&["Heat", "20"])
        )),
        "Fees\n\n| Rent | 90 net |\n| Heat | 20 |\n\nAfter"
    );
    assert_eq!(text(&row(&["(a)", "The tenant\\par pays."])), "(a) The tenant\n\npays.");
    assert_eq!(text("\\trowd\\cellx9 \\pard\\intbl One.\\par Two.\\cell\\row"), "One.\n\nTwo.");
}

#[test]
fn list_labels_stay_as_they_are_printed() {
    let item = |label: &str, words: &str| format!("{{\\listtext\\pard {label}\\tab}}{words}\\par ");
    let bullet = "{\\fonttbl{\\f3\\fcharset2 Symbol;}}{\\pntext\\f3\\'b7\\tab}Dot\\par";
    assert_eq!(
        text(&format!(
            "Terms\\par {}{}After\\par {bullet}",
            item("4.2", "Fees"),
            item("(a)", "Rent")
        )),
        "Terms\n\n4.2 Fees\n(a) Rent\n\nAfter\n\n• Dot"
    );
}

#[test]
fn heads_notes_and_comments_are_where_they_belong() {
    let source = "{\\rtf1{\\header Draft \\chpgn\\par}{\\footer Draft \\chpgn\\par}The fee{\\super\\chftn}{\\footnote\\pard{\\super\\chftn} Net.} is \
                  {\\*\\atnid AB}{\\*\\atnauthor Ana}\\chatn{\\*\\annotation{\\*\\atndate 1}Why?}90.\\par \
                  End{\\footnote\\ftnalt Last.}\\par}";
    let (page, markup) = read(source, RevisionView::Accepted);
    assert_eq!(
        page.text,
        "Draft\n\nThe fee[1] is 90.\n\nComment by Ana: Why?\n\nEnd[i]\n\n[1] Net.\n\n[i] Last."
    );
    assert_eq!(
        asides(&page),
        [(AsideKind::RunningHead, "Draft"), (AsideKind::Comment, "Comment by Ana: Why?")]
    );
    assert_eq!((markup.footnotes, markup.endnotes, markup.comments), (1, 1, 1));
}

#[test]
fn tracked_changes_are_counted_and_shown_in_the_view_asked_for() {
    let source = "{\\rtf1 The fee is {\\deleted\\revauthdel1 80}{\\revised\\revauth1 9}{\\revised\\revauth1\\b 0} euros{\\revised\\revauth2  net}.\\par}";
    for (view, expected) in [
        (RevisionView::Accepted, "The fee is 90 euros net."),
        (RevisionView::Original, "The fee is 80 euros."),
        (RevisionView::Marked, "The fee is [-80-]{+90+} euros {+net+}."),
    ] {
        let (page, markup) = read(source, view);
        assert_eq!(page.text, expected);
        assert_eq!((markup.insertions, markup.deletions, markup.view), (2, 1, view));
    }
}

#[test]
fn a_move_is_counted_once_and_stands_in_one_place_of_each_clean_view() {
    let source = "{\\rtf1 {\\mvf\\mvauth1\\mvdate7 Moved.\\par}Stays.\\par {\\mvt\\mvauth1\\mvdate7 Mo}{\\mvt\\mvauth1\\mvdate7\\b ved.}\\par}";
    for (view, expected) in [
        (RevisionView::Accepted, "Stays.\n\nMoved."),
        (RevisionView::Original, "Moved.\n\nStays."),
        (RevisionView::Marked, "[-Moved.-]\n\nStays.\n\n{+Moved.+}"),
    ] {
        let (page, markup) = read(source, view);
        assert_eq!(page.text, expected);
        assert_eq!((markup.moves, markup.insertions, markup.deletions), (1, 0, 0));
    }
}

#[test]
fn a_note_with_a_sign_of_its_own_keeps_it_and_takes_no_number() {
    let counted = "{\\super\\chftn{\\footnote\\pard\\plain {\\super\\chftn} Gross.}}";
    let signed = "{\\super *}{\\footnote\\pard {\\super *} Net.}";
    let source = format!("{{\\rtf1 The fee{signed} and the rent{counted} are due.\\par}}");
    let (page, markup) = read(source, RevisionView::Accepted);
    assert_eq!(page.text, "The fee* and the rent[1] are due.\n\n* Net.\n\n[1] Gross.");
    assert_eq!(markup.footnotes, 2);
}

#[test]
fn a_table_in_a_cell_keeps_its_rows_and_stands_after_the_row_around_it() {
    let inner = |a: &str, b: &str| {
        format!(
            "\\pard\\intbl\\itap2 {a}\\nestcell {b}\\nestcell {{\\*\\nesttableprops\\trowd\\cellx5\\cellx9\\nestrow}}{{\\nonesttables\\par}}"
        )
    };
    let source = format!(
        "Before\\par \\trowd\\cellx100\\cellx200\\pard\\intbl Left {}{}\\pard\\intbl\\cell Right\\cell\\row\\pard After\\par",
        inner("a", "b"),
        inner("c", "d")
    );
    assert_eq!(text(&source), "Before\n\n| Left | Right |\n\n| a | b |\n| c | d |\n\nAfter");
    let only = format!("\\trowd\\cellx9 {}\\pard\\intbl\\cell\\row\\pard End", inner("a", "b"));
    assert_eq!(text(&only), "| a | b |\n\nEnd");
}

#[test]
fn objects_of_other_programs_are_told() {
    let object = "{\\object{\\*\\objdata 0105}{\\result Sheet}}";
    let (page, _) = read(format!("{{\\rtf1 {object}\\par}}"), RevisionView::Accepted);
    assert_eq!(page.text, "Sheet");
    assert_eq!(page.note.as_deref(), Some("It holds 1 embedded object, which is not read."));
}

#[test]
fn hidden_words_are_set_aside_by_kind() {
    let source = "{\\rtf1{\\colortbl;\\red255\\green255\\blue255;\\red0\\green0\\blue128;}The fee is {\\v not }90 \
                  {\\cf1 white }{\\cf1\\highlight2 seen }{\\fs2 dust}.\\par\
                  \\trowd\\clcbpat2\\cellx1\\clcbpat1\\cellx2\\pard\\intbl\\cf1 Head\\cell Gone\\cf0 Kept\\cell\\row}";
    let (page, _) = read(source, RevisionView::Accepted);
    assert_eq!(
        asides(&page),
        [
            (AsideKind::Invisible, "not"),
            (AsideKind::SameColour, "white"),
            (AsideKind::Tiny, "dust"),
            (AsideKind::SameColour, "Gone"),
        ]
    );
    assert!(page.text.starts_with("The fee is 90 seen .\n\n"), "{}", page.text);
    assert!(page.text.contains("| Head | Kept |"), "{}", page.text);
}

#[test]
fn text_boxes_stand_once_and_after_their_paragraph() {
    assert_eq!(
        text(
            "Be{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv y}}{\\shptxt Box\\par}}{\\shprslt{\\*\\do{\\dptxbxtext Box\\par}}}}fore\\par After\\par"
        ),
        "Before\n\nBox\n\nAfter"
    );
}

#[test]
fn broken_nesting_costs_nothing_but_itself() {
    assert_eq!(text("a}}b\\par c{d"), "ab\n\ncd");
    let (page, _) = read(format!("{{\\rtf1 a{}", "{".repeat(1_000_000)), RevisionView::Accepted);
    assert_eq!(page.text, "a");
    let nested = format!("{{\\rtf1 {}x{}y}}", "{\\b ".repeat(300_000), "}".repeat(300_000));
    assert_eq!(read(nested, RevisionView::Accepted).0.text, "xy");
    let deep = format!("{{\\rtf1 {}", "{\\footnote x".repeat(2_000));
    assert!(read(deep, RevisionView::Accepted).0.text.starts_with("[1]"));
    for cut in
        ["", "{", "{\\rtf1", "{\\rtf1\\u", "{\\rtf1{\\fonttbl{\\f0", "{\\rtf1\\trowd x\\cell"]
    {
        read(cut, RevisionView::Marked);
    }
}

proptest! {
    #[test]
    fn any_document_is_read(
        pieces in proptest::collection::vec(
            "(\\{|\\}|\\\\(par|cell|row|trowd|intbl|pard|plain|u-?[0-9]{1,6}|uc[0-9]|v|cf1|footnote|\\*|upr|ud|shptxt|shpinst|header|listtext|annotation|deleted|revised|fonttbl|f1|fcharset128|bin3|'8[0-9]|ansicpg932) ?|[a-z ]{0,5}|\u{83})",
            0..80,
        ),
        view in prop_oneof![Just(RevisionView::Accepted), Just(RevisionView::Original), Just(RevisionView::Marked)],
    ) {
        let (page, _) = read(format!("{{\\rtf1{}", pieces.concat()), view);
        for aside in &page.marks.asides {
            prop_assert!(aside.span.slice(&page.text).is_some_and(|words| !words.is_empty()));
        }
    }
}
