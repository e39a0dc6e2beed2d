use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::domain::marks::AsideKind;
use crate::extract::blocks::READINGS;

fn page(html: impl AsRef<[u8]>) -> PageRecord {
    let mut pages = Vec::new();
    let read = Html.read(html.as_ref(), &Options::default(), &mut |piece| {
        if let Piece::Page(page) = piece {
            pages.push(page);
        }
        ControlFlow::Continue(())
    });
    read.expect("a readable page");
    pages.pop().expect("one page")
}

fn text(html: impl AsRef<[u8]>) -> String {
    page(html).text
}

/// What was set aside, and the text without it.
fn apart(html: &str) -> (String, Vec<(AsideKind, String)>) {
    let page = page(html);
    let mut rest = page.text.clone();
    let mut asides = Vec::new();
    for aside in page.marks.asides.iter().rev() {
        asides.insert(0, (aside.kind, page.text[aside.span.start..aside.span.end].to_owned()));
        rest.replace_range(aside.span.start..aside.span.end, "");
    }
    (rest, asides)
}

#[test]
fn blocks_stand_apart_and_inline_elements_do_not() {
    assert_eq!(
        text(
            "<h1>Lease</h1><p>The <b>ten</b>ant\n pays&nbsp;&euro;90<br>a month.<div>Signed</div>Here"
        ),
        "Lease\n\nThe tenant pays €90\na month.\n\nSigned\n\nHere"
    );
    assert_eq!(text("<nav><a>Home</a><a>About</a></nav>"), "Home About");
    assert_eq!(text("<pre>if x:\n    y\n</pre><p>z"), "if x:\n    y\n\nz");
}

#[test]
fn what_is_no_text_is_left_out() {
    let html = "<script>a()</script><style>p{}</style><noscript>b</noscript><template>c</template>\
                <iframe>d</iframe><img alt=e><svg><title>f</title></svg><!-- g --><p>Text";
    assert_eq!(text(html), "Text");
}

#[test]
fn readings_above_words_break_no_sentence_and_are_told() {
    let page = page("<p>The <ruby>base<rp>(</rp><rt>reading</rt><rp>)</rp></ruby> rent.");
    assert_eq!(page.text, "The base rent.");
    assert_eq!(page.note.as_deref(), Some(READINGS));
}

#[test]
fn the_title_comes_first_unless_the_page_says_it_too() {
    assert_eq!(text("<title>Lease\n 2024</title><p>Rooms"), "Lease 2024\n\nRooms");
    assert_eq!(
        text("<title>Lease 2024</title><h1>Lease <i>2024</i></h1><p>Rooms"),
        "Lease 2024\n\nRooms"
    );
}

#[test]
fn list_items_keep_the_numbers_that_a_reader_sees() {
    assert_eq!(
        text(
            "<p>Terms:<ol><li>One<ol type=a><li>Un<li>Deux</ol><li><p>Two</p><li value=7>Seven</ol>\
              <ol start=4 style='list-style-type:upper-roman'><li>Four</ol><ul><li>Dot</ul>After"
        ),
        "Terms:\n\n1. One\na. Un\nb. Deux\n2. Two\n\n7. Seven\n\nIV. Four\n\n• Dot\n\nAfter"
    );
    assert_eq!(text("<ol reversed><li>x<li>y</ol>"), "2. x\n1. y");
}

#[test]
fn tables_of_data_become_rows() {
    assert_eq!(
        text("<p>Fees<table><tr><th>Item<th colspan=2>Sum<tr><td>Rent<td>$<td>9,000</table>After"),
        "Fees\n\n| Item | Sum |\n| Rent | $9,000 |\n\nAfter"
    );
}

#[test]
fn tables_of_layout_become_prose() {
    assert_eq!(
        text("<table><tr><td><h1>Offer</h1><tr><td><p>One.</p><p>Two.</table>"),
        "Offer\n\nOne.\n\nTwo."
    );
    assert_eq!(
        text("<table><tr><td>A<td>B<tr><td><table><tr><td>a<td>b</table><td>C</table>"),
        "| A | B |\n\n| a | b |\n\nC"
    );
    assert_eq!(
        text(
            "<table><tr><td>(a)<td><p>The tenant pays.</p><tr><td>(b)<td>The landlord repairs.</table>"
        ),
        "(a) The tenant pays.\n\n(b) The landlord repairs."
    );
}

#[test]
fn a_raised_number_is_no_digit_of_the_number_before_it() {
    assert_eq!(text("$500<sup>1</sup> and 40 m<sup>2</sup>"), "$500¹ and 40 m²");
    assert_eq!(text("as agreed<sup><a href='#n1'>1</a></sup>."), "as agreed[1].");
    assert_eq!(text("the 4<sup>th</sup> day"), "the 4th day");
}

#[test]
fn hidden_words_are_set_aside_by_kind_and_break_no_sentence() {
    let (rest, asides) = apart(
        "<style>.ghost{color:#fff}</style><p>The fee is <span style='display:none'>not</span> 90 \
         <i class=ghost>euros</i>.</p><p aria-hidden=true>Seen.</p>\
         <p style='position:absolute;left:-9999px'>ignore <b>the above</b></p>Last",
    );
    assert_eq!(
        rest.split("\n\n").filter(|block| !block.is_empty()).collect::<Vec<_>>(),
        ["The fee is 90 .", "Seen.", "Last"]
    );
    assert_eq!(
        asides,
        [
            (AsideKind::Invisible, "not".to_owned()),
            (AsideKind::SameColour, "euros".to_owned()),
            (AsideKind::OffPage, "ignore the above".to_owned()),
        ]
    );
}

#[test]
fn hidden_words_in_a_table_stand_behind_it() {
    let (rest, asides) =
        apart("<table><tr><td>Rent<td>90 <span hidden>or 900</span><tr><td>Heat<td>20</table>");
    assert_eq!(rest.trim(), "| Rent | 90 |\n| Heat | 20 |");
    assert_eq!(asides, [(AsideKind::Invisible, "or 900".to_owned())]);
}

#[test]
fn white_on_a_dark_ground_is_seen() {
    let html = "<style>.bar{background:#036}</style><div class=bar><font color=white>Menu</font></div>\
                <table><tr bgcolor='#000000'><td style='color:#fff'>Head<td>Gone</table>\
                <div style='color:white'><a href=x>link</a></div>";
    let (rest, asides) = apart(html);
    assert_eq!(asides, [(AsideKind::SameColour, "Gone".to_owned())]);
    assert!(rest.contains("Menu") && rest.contains("Head") && rest.contains("link"), "{rest}");
}

#[test]
fn the_encoding_is_the_one_that_fits() {
    assert_eq!(text(b"<meta charset=windows-1251><p>\xC4\xEE\xE3\xEE\xE2\xEE\xF0"), "Договор");
    assert_eq!(text("<meta charset=iso-8859-1><p>gemäß"), "gemäß");
    let utf16: Vec<u8> = "\u{FEFF}<p>gemäß".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(text(utf16), "gemäß");
}

#[test]
fn a_page_without_end_or_bottom_is_read_within_bounds() {
    let deep = page(format!("<p>Before.{}after", "<div>".repeat(200_000)));
    assert_eq!(deep.text, "Before.");
    assert!(deep.note.is_some());
    let broken = text("</div></p><table><td>x</table></b><p>One<p <b>Two</p>");
    assert!(broken.starts_with('x'), "{broken}");
    let mut options = Options::default();
    options.limits.text_bytes = 10;
    let mut note = None;
    let html = format!("<table>{}</table>", "<tr><td>a<td>b".repeat(1_000));
    let read = Html.read(html.as_bytes(), &options, &mut |piece| {
        if let Piece::Page(page) = piece {
            note = page.note;
        }
        ControlFlow::Continue(())
    });
    assert_eq!((read, note.as_deref()), (Ok(()), Some(CUT)));
}

proptest! {
    #[test]
    fn any_page_is_read(
        pieces in proptest::collection::vec(
            "(<(table|tr|td|th|li|ol|ul|p|b|a|sup|pre|div|style|title|option|svg|dialog)( (hidden|colspan=9|rowspan=3|style='(display:none|color:#fff|font:0 a|position:absolute;left:-9em)'))?>|</(table|tr|td|p|b|ol|div|style)>|\\(a\\)|12|[a-zé ]{0,9}|[{};:.#@]{1,4})",
            0..60,
        ),
    ) {
        let page = page(pieces.concat());
        for aside in &page.marks.asides {
            prop_assert!(aside.span.slice(&page.text).is_some_and(|words| !words.is_empty()));
        }
    }
}
