use AsideKind::{Invisible, SameColour, Tiny};

use super::*;
use crate::domain::document::RevisionView;
use crate::domain::marks::Marks;
use crate::extract::limits::Limits;
use crate::extract::package::testing::zipped;

struct Told {
    text: String,
    marks: Marks,
    markup: Markup,
    note: Option<String>,
}

fn read(source: &[u8], view: RevisionView) -> Result<Told, ReadError> {
    let options = Options { view, ..Options::default() };
    let (mut page, mut counted) = (None, None);
    Odt.read(source, &options, &mut |piece| {
        match piece {
            Piece::Page(record) => page = Some(record),
            Piece::Markup(markup) => counted = Some(markup),
            Piece::Part(_) => {}
        }
        ControlFlow::Continue(())
    })?;
    let page = page.expect("a page");
    let markup = counted.expect("the counts");
    Ok(Told { text: page.text, marks: page.marks, markup, note: page.note })
}

/// A document with these automatic styles and this text.
fn document(styles: &str, text: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:text>{text}</office:text></office:body></office:document-content>"
    );
    zipped(&[("content.xml", &content)])
}

fn told(styles: &str, text: &str) -> Told {
    read(&document(styles, text), RevisionView::Accepted).expect("it can be read")
}

fn views(text: &str) -> [String; 3] {
    [RevisionView::Accepted, RevisionView::Original, RevisionView::Marked]
        .map(|view| read(&document("", text), view).expect("it can be read").text)
}

fn asides(told: &Told) -> Vec<(AsideKind, &str)> {
    let words = |span: crate::domain::span::ByteSpan| span.slice(&told.text).expect("in the text");
    told.marks.asides.iter().map(|aside| (aside.kind, words(aside.span))).collect()
}

#[test]
fn paragraphs_keep_their_breaks_and_lose_their_layout() {
    let text = "<text:h>Head</text:h><text:p>one<text:s text:c='3'/>two\n <text:span>three</text:span><text:line-break/>four</text:p>";
    assert_eq!(told("", text).text, "Head\n\none two three\nfour");
}

#[test]
fn lists_and_headings_have_the_labels_of_their_styles() {
    let styles = "<text:list-style style:name='L'>\
        <text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>\
        <text:list-level-style-number text:level='2' style:num-format='a' style:num-suffix=')' text:display-levels='2'/>\
        <text:list-level-style-bullet text:level='3' text:bullet-char='x'/></text:list-style>\
        <text:outline-style><text:outline-level-style text:level='1' style:num-format='I' style:num-suffix='.'/></text:outline-style>";
    let item = |inside: &str| format!("<text:list-item>{inside}</text:list-item>");
    let p = |words: &str| format!("<text:p>{words}</text:p>");
    let list = |more: &str, items: &str| format!("<text:list {more}>{items}</text:list>");
    let bullets = list("", &item(&p("dot")));
    let inner = list("", &(item(&(p("a") + &p("more") + &bullets)) + &item(&p("b"))));
    let text = "<text:h text:outline-level='1'>Head</text:h>".to_owned()
        + &list("text:style-name='L'", &(item(&(p("One") + &inner)) + &item(&p("Two"))))
        + &p("Between")
        + &list("text:style-name='L' text:continue-numbering='true'", &item(&p("Three")))
        + &list("text:style-name='L'", &item(&p("Anew")));
    assert_eq!(
        told(styles, &text).text,
        "I. Head\n\n1. One\n\n1.a) a\n\nmore\n\n• dot\n\n1.b) b\n\n2. Two\n\nBetween\n\n3. Three\n\n1. Anew"
    );
}

#[test]
fn tables_stand_row_by_row_and_empty_repeats_are_not_written_out() {
    let cell = |more: &str, words: &str| {
        format!("<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>")
    };
    let text = format!(
        "<table:table><table:table-row>{}<table:covered-table-cell/>{}</table:table-row>\
         <table:table-row>{}<table:covered-table-cell/><table:table-cell table:number-columns-repeated='1000000'/></table:table-row>\
         <table:table-row table:number-rows-repeated='1000000'><table:table-cell/></table:table-row></table:table>",
        cell("table:number-columns-spanned='2'", "wide"),
        cell("", "c"),
        cell("", "a")
    );
    let told = told("", &text);
    assert!(told.text.starts_with("| wide | c |\n| a | |"), "{}", told.text);
    assert!(told.text.len() < 200);
}

const CHANGES: &str = "<text:tracked-changes>\
    <text:changed-region xml:id='i' text:id='i'><text:insertion><office:change-info><dc:creator>A</dc:creator></office:change-info></text:insertion></text:changed-region>\
    <text:changed-region xml:id='d' text:id='d'><text:deletion><office:change-info><dc:creator>A</dc:creator></office:change-info><text:p>ten</text:p></text:deletion></text:changed-region>\
    </text:tracked-changes>";

#[test]
fn each_view_has_its_words_and_all_changes_are_counted() {
    let text = CHANGES.to_owned()
        + "<text:p>within <text:change text:change-id='d'/><text:change-start text:change-id='i'/>thirty<text:change-end text:change-id='i'/> days</text:p>";
    assert_eq!(
        views(&text),
        ["within thirty days", "within ten days", "within [-ten-]{+thirty+} days"]
    );
    let markup = told("", &text).markup;
    assert_eq!((markup.insertions, markup.deletions), (1, 1));
}

#[test]
fn ends_of_paragraphs_come_and_go_with_their_changes() {
    let deleted = CHANGES.replace("<text:p>ten</text:p>", "<text:p>Gone.</text:p><text:p/>");
    let text = deleted
        + "<text:p>One.</text:p><text:p><text:change text:change-id='d'/>Two <text:change-start text:change-id='i'/></text:p>\
           <text:p>new<text:change-end text:change-id='i'/> three.</text:p>";
    let [accepted, original, _] = views(&text);
    assert_eq!(accepted, "One.\n\nTwo\n\nnew three.");
    assert_eq!(original, "One.\n\nGone.\n\nTwo three.");
}

#[test]
fn notes_and_comments_stand_at_the_end() {
    let note = |class: &str, mark: &str, words: &str| {
        format!(
            "<text:note text:note-class='{class}'><text:note-citation>{mark}</text:note-citation>\
             <text:note-body><text:p>{words}</text:p></text:note-body></text:note>"
        )
    };
    let text = format!(
        "<text:p>Pay{} <office:annotation office:name='c'><dc:creator>Ann</dc:creator><dc:date>2024-01-02T03:04:05</dc:date>\
         <text:p>Why?</text:p></office:annotation>at once<office:annotation-end office:name='c'/>{}</text:p>",
        note("footnote", "1", "in full"),
        note("endnote", "i", "or later")
    );
    let told = told("", &text);
    let comment = "Comment by Ann (2024-01-02) on “at once”: Why?";
    assert_eq!(
        told.text,
        format!(
            "Pay[1] at once[i]\n\nFootnotes\n\n[1] in full\n\nEndnotes\n\n[i] or later\n\n{comment}"
        )
    );
    assert_eq!(asides(&told), [(AsideKind::Comment, comment)]);
    let markup = told.markup;
    assert_eq!((markup.footnotes, markup.endnotes, markup.comments), (1, 1, 1));
}

#[test]
fn hidden_words_are_set_aside_by_kind() {
    let style = |name: &str, properties: &str| {
        format!(
            "<style:style style:family='text' style:name='{name}'><style:text-properties {properties}/></style:style>"
        )
    };
    let styles = style("H", "text:display='none'")
        + &style("W", "fo:color='#ffffff'")
        + &style("T", "fo:font-size='1pt'")
        + &style("D", "fo:color='#ffffff' fo:background-color='#000000'");
    let span = |style: &str, words: &str| {
        format!("<text:span text:style-name='{style}'>{words}</text:span>")
    };
    let text = format!(
        "<text:p>Seen {}{}{}{}</text:p><text:section text:display='none'><text:p>section</text:p></text:section>\
         <text:p><text:hidden-paragraph text:is-hidden='true'/>whole</text:p>",
        span("H", "hidden"),
        span("W", "white"),
        span("T", "tiny"),
        span("D", "dark")
    );
    let told = told(&styles, &text);
    assert!(told.text.starts_with("Seen dark\n\n"), "{}", told.text);
    assert_eq!(
        asides(&told),
        [
            (Invisible, "hidden"),
            (SameColour, "white"),
            (Tiny, "tiny"),
            (Invisible, "section"),
            (Invisible, "whole")
        ]
    );
}

#[test]
fn a_text_box_breaks_no_sentence_and_heads_and_feet_are_set_aside() {
    let text = "<text:p>Before <draw:frame><draw:text-box><text:p>In the box</text:p></draw:text-box></draw:frame>and after.</text:p>";
    let content = format!(
        "<office:document-content><office:body><office:text>{text}</office:text></office:body></office:document-content>"
    );
    let styles = "<office:document-styles><office:master-styles><style:master-page>\
        <style:header><text:p>Draft</text:p></style:header><style:footer><text:p>Page 1</text:p></style:footer>\
        </style:master-page></office:master-styles></office:document-styles>";
    let source = zipped(&[("content.xml", &content), ("styles.xml", styles)]);
    let told = read(&source, RevisionView::Accepted).expect("it can be read");
    assert_eq!(told.text, "Draft\n\nBefore and after.\n\nIn the box\n\nPage 1");
    assert_eq!(
        asides(&told),
        [(AsideKind::RunningHead, "Draft"), (AsideKind::RunningHead, "Page 1")]
    );
}

#[test]
fn what_is_not_read_is_told() {
    let text = "<text:p><text:ruby><text:ruby-base>base</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby>\
                <draw:frame><draw:object/><draw:image/></draw:frame></text:p>";
    let told = told("", text);
    assert_eq!(told.text, "base");
    let note = told.note.expect("a note");
    assert_eq!(note, format!("{} {}", blocks::unread(1, "embedded object"), blocks::READINGS));
}

#[test]
fn a_single_xml_file_is_read_as_a_package_is() {
    let flat = "<?xml version='1.0'?><office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
        xmlns:t='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><office:body><office:text><t:p>Flat</t:p>\
        </office:text></office:body></office:document>";
    assert_eq!(read(flat.as_bytes(), RevisionView::Accepted).expect("it can be read").text, "Flat");
}

#[test]
fn what_cannot_be_read_is_refused_for_its_reason() {
    let refusal = |source: &[u8]| read(source, RevisionView::Accepted).err();
    let manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>";
    let locked = zipped(&[("content.xml", "x"), ("META-INF/manifest.xml", manifest)]);
    assert_eq!(refusal(&locked), Some(ReadError::LockedOffice));
    for source in [&b"PK\x03\x04"[..], b"words", &zipped(&[("a", "b")])] {
        assert!(matches!(refusal(source), Some(ReadError::DamagedDocument { .. })));
    }
    let bomb = document("", &" ".repeat(300 << 20));
    assert!(matches!(refusal(&bomb), Some(ReadError::Swollen { .. })));
}

#[test]
fn broken_and_endless_nesting_give_what_came_before() {
    let parts = |rest: &str| {
        zipped(&[(
            "content.xml",
            &format!("<office:body><office:text><text:p>First</text:p>{rest}"),
        )])
    };
    for rest in [
        "<text:p>",
        "<text:list><text:list-item>",
        "<draw:frame><draw:text-box>",
        "<table:table><table:table-row><table:table-cell>",
    ] {
        for times in [1, 50_000] {
            let told =
                read(&parts(&rest.repeat(times)), RevisionView::Accepted).expect("it is read");
            assert_eq!(told.text, "First", "{rest}");
            assert!(told.note.expect("a note").contains("ended early"));
        }
    }
}

#[test]
fn no_more_text_is_taken_than_the_limit_and_that_is_said() {
    let source = document("", &"<text:p>ten chars!</text:p>".repeat(200));
    let options = Options::within(Limits { text_bytes: 1_000, ..Limits::default() });
    let mut note = None;
    let read = Odt.read(&source, &options, &mut |piece| {
        if let Piece::Page(page) = piece {
            assert!(page.text.len() <= 1_000);
            note = page.note;
        }
        ControlFlow::Continue(())
    });
    assert_eq!(read, Ok(()));
    assert!(note.expect("a note").contains("the rest is missing"));
}
