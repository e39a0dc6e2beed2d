use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::*;
use crate::domain::document::RevisionView;
use crate::domain::marks::Aside;
use crate::extract::package::testing::zipped;

/// A document by its parts; only the body has to be there.
#[derive(Default)]
struct Doc {
    parts: Vec<(String, String)>,
}

impl Doc {
    /// A document with this inside `w:body`.
    fn new(body: &str) -> Self {
        Self::default()
            .with("document", &format!("<w:document><w:body>{body}</w:body></w:document>"))
    }

    fn with(mut self, part: &str, content: &str) -> Self {
        let name = if part.contains('/') { part.to_owned() } else { format!("word/{part}.xml") };
        self.parts.push((name, content.to_owned()));
        self
    }

    fn numbered(self, levels: &str) -> Self {
        let numbering = format!(
            "<w:numbering><w:abstractNum w:abstractNumId='0'>{levels}</w:abstractNum>\
             <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
        );
        self.with("numbering", &numbering)
    }

    fn bytes(&self) -> Vec<u8> {
        let parts: Vec<(&str, &str)> =
            self.parts.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
        zipped(&parts)
    }

    fn told(&self, view: RevisionView) -> Told {
        tell(&self.bytes(), &Options { view, ..Options::default() }, 0).expect("it can be read")
    }

    fn text(&self) -> String {
        self.told(RevisionView::Accepted).text
    }

    fn views(&self) -> [String; 3] {
        [RevisionView::Accepted, RevisionView::Original, RevisionView::Marked]
            .map(|view| self.told(view).text)
    }

    fn asides(&self) -> Vec<(AsideKind, String)> {
        let told = self.told(RevisionView::Accepted);
        let words = |aside: &Aside| aside.span.slice(&told.text).expect("in the text").to_owned();
        told.marks.asides.iter().map(|aside| (aside.kind, words(aside))).collect()
    }
}

fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

fn p(text: &str) -> String {
    format!("<w:p>{}</w:p>", run(text))
}

fn item(level: usize, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr></w:pPr>{}</w:p>",
        run(text)
    )
}

fn look(properties: &str, text: &str) -> String {
    format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>")
}

fn ins(inside: &str) -> String {
    format!("<w:ins w:id='1' w:author='A'>{inside}</w:ins>")
}

fn del(text: &str) -> String {
    format!("<w:del w:id='2' w:author='A'><w:r><w:delText>{text}</w:delText></w:r></w:del>")
}

/// A paragraph with these properties of its end.
fn ended(mark: &str, inside: &str) -> String {
    format!("<w:p><w:pPr><w:rPr>{mark}</w:rPr></w:pPr>{inside}</w:p>")
}

fn cell(inside: &str) -> String {
    format!("<w:tc>{inside}</w:tc>")
}

fn table(rows: &[&[&str]]) -> String {
    let row = |cells: &&[&str]| {
        format!("<w:tr>{}</w:tr>", cells.iter().map(|c| cell(&p(c))).collect::<String>())
    };
    format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>())
}

const CLAUSES: &str = "<w:lvl w:ilvl='0'><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>\
     <w:lvl w:ilvl='1'><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.%2'/></w:lvl>\
     <w:lvl w:ilvl='2'><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%1.%2(%3)'/></w:lvl>\
     <w:lvl w:ilvl='3'><w:numFmt w:val='bullet'/><w:lvlText w:val='o'/></w:lvl>";

#[test]
fn paragraphs_and_clause_numbers_stand_as_a_reader_sees_them() {
    let body = p("Terms")
        + &item(0, "Fees")
        + &item(1, "Rates")
        + &item(2, "by hour")
        + &item(2, "by day");
    let doc = Doc::new(&body).numbered(CLAUSES);
    assert_eq!(doc.text(), "Terms\n\n1. Fees\n\n1.1 Rates\n\n1.1(a) by hour\n\n1.1(b) by day");
}

#[test]
fn bullets_are_dots_on_lines_of_their_own() {
    let body = p("Goods:") + &item(3, "wine") + &item(3, "salt") + &p("End");
    assert_eq!(Doc::new(&body).numbered(CLAUSES).text(), "Goods:\n\n• wine\n• salt\n\nEnd");
}

#[test]
fn a_style_may_number_and_a_paragraph_may_take_it_back() {
    let styles = "<w:styles><w:style w:type='paragraph' w:styleId='H'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>\
                  <w:style w:type='paragraph' w:styleId='H2'><w:basedOn w:val='H'/></w:style></w:styles>";
    let levels = CLAUSES.replace("<w:lvl w:ilvl='1'>", "<w:lvl w:ilvl='1'><w:pStyle w:val='H2'/>");
    let in_style = |style: &str, more: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val='{style}'/>{more}</w:pPr>{}</w:p>", run(text))
    };
    let none = "<w:numPr><w:numId w:val='0'/></w:numPr>";
    let body =
        in_style("H", "", "One") + &in_style("H2", "", "Under") + &in_style("H", none, "Plain");
    let doc = Doc::new(&body).numbered(&levels).with("styles", styles);
    assert_eq!(doc.text(), "1. One\n\n1.1 Under\n\nPlain");
}

#[test]
fn tables_stand_row_by_row_and_tables_in_cells_after_their_row() {
    let nested = cell(&(p("left") + &table(&[&["in", "side"]]))) + &cell(&(p("two") + &p("lines")));
    let body = p("Before") + &format!("<w:tbl><w:tr>{nested}</w:tr></w:tbl>") + &p("After");
    assert_eq!(Doc::new(&body).text(), "Before\n\n| left | two lines |\n\n| in | side |\n\nAfter");
    let spans = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p><w:r><w:t>wide</w:t></w:r></w:p></w:tc></w:tr>\
                 <w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    assert_eq!(Doc::new(spans).text(), "| wide |\n| | b |");
}

#[test]
fn each_view_has_its_words_and_all_changes_are_counted() {
    let body = format!(
        "<w:p>{}{}{}{}</w:p>",
        run("pay within "),
        del("ten"),
        ins(&run("thirty")),
        run(" days")
    );
    let doc = Doc::new(&body);
    assert_eq!(
        doc.views(),
        ["pay within thirty days", "pay within ten days", "pay within [-ten-]{+thirty+} days"]
    );
    let markup = doc.told(RevisionView::Accepted).markup;
    assert_eq!((markup.insertions, markup.deletions, markup.moves), (1, 1, 0));
}

#[test]
fn a_move_is_counted_once_and_stands_in_one_place_of_each_clean_view() {
    let body = "<w:p><w:pPr><w:rPr><w:moveFrom/></w:rPr></w:pPr><w:moveFromRangeStart w:id='1'/><w:moveFrom><w:r><w:t>Moved.</w:t></w:r></w:moveFrom></w:p>"
        .to_owned()
        + &p("Stays.")
        + "<w:p><w:pPr><w:rPr><w:moveTo/></w:rPr></w:pPr><w:moveToRangeStart w:id='2'/><w:moveTo><w:r><w:t>Moved.</w:t></w:r></w:moveTo></w:p>"
        + &p("End.");
    let doc = Doc::new(&body);
    assert_eq!(
        doc.views(),
        [
            "Stays.\n\nMoved.\n\nEnd.",
            "Moved.\n\nStays.\n\nEnd.",
            "[-Moved.-]\n\nStays.\n\n{+Moved.+}\n\nEnd."
        ]
    );
    let markup = doc.told(RevisionView::Accepted).markup;
    assert_eq!((markup.moves, markup.insertions, markup.deletions), (1, 0, 0));
}

#[test]
fn a_paragraph_whose_end_was_deleted_goes_on_in_the_next() {
    let body = ended("<w:del/>", &run("The fee "))
        + &p("is due.")
        + &ended("<w:ins/>", &run("Split "))
        + &p("here.");
    assert_eq!(
        Doc::new(&body).views(),
        [
            "The fee is due.\n\nSplit\n\nhere.",
            "The fee\n\nis due.\n\nSplit here.",
            "The fee\n\nis due.\n\nSplit\n\nhere."
        ]
    );
}

#[test]
fn a_deleted_clause_takes_no_number() {
    let deleted = "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr>".to_owned()
        + &del("Gone") + "</w:p>";
    let doc = Doc::new(&(item(0, "One") + &deleted + &item(0, "Two"))).numbered(CLAUSES);
    assert_eq!(
        doc.views(),
        ["1. One\n\n2. Two", "1. One\n\n2. Gone\n\n3. Two", "1. One\n\n[-Gone-]\n\n2. Two"]
    );
}

#[test]
fn rows_and_cells_come_and_go_with_their_changes() {
    let row = |properties: &str, cells: &str| {
        format!("<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>")
    };
    let gone = "<w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>";
    let body = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row("", &(cell(&p("a")) + gone)),
        row("<w:ins/>", &cell(&p("new"))),
        row("<w:del/>", &cell(&p("old")))
    );
    let doc = Doc::new(&body);
    assert_eq!(
        doc.views(),
        ["| a |\n| new |", "| a | x |\n| old |", "| a | [-x-] |\n| {+new+} |\n| [-old-] |"]
    );
    let markup = doc.told(RevisionView::Accepted).markup;
    assert_eq!((markup.insertions, markup.deletions), (1, 1));
}

#[test]
fn notes_stand_at_the_end_under_the_numbers_that_the_text_has() {
    let reference = |kind: &str, id: u32| format!("<w:r><w:{kind}Reference w:id='{id}'/></w:r>");
    let body = format!(
        "<w:p>{}{}{}{}</w:p>",
        run("Late"),
        reference("footnote", 5),
        run(" and early"),
        reference("footnote", 2) + &reference("endnote", 2)
    );
    let note =
        |kind: &str, id: u32, text: &str| format!("<w:{kind} w:id='{id}'>{}</w:{kind}>", p(text));
    let footnotes = format!(
        "<w:footnotes><w:footnote w:id='0' w:type='separator'>{}</w:footnote>{}{}</w:footnotes>",
        p("-"),
        note("footnote", 2, "second"),
        note("footnote", 5, "first")
    );
    let endnotes = format!("<w:endnotes>{}</w:endnotes>", note("endnote", 2, "last"));
    let doc = Doc::new(&body).with("footnotes", &footnotes).with("endnotes", &endnotes);
    assert_eq!(
        doc.text(),
        "Late[1] and early[2][i]\n\nFootnotes\n\n[1] first\n[2] second\n\nEndnotes\n\n[i] last"
    );
    let markup = doc.told(RevisionView::Accepted).markup;
    assert_eq!((markup.footnotes, markup.endnotes), (2, 1));
}

#[test]
fn comments_are_set_aside_at_the_end_with_the_words_they_are_about() {
    let body = "<w:p><w:r><w:t>Pay </w:t></w:r><w:commentRangeStart w:id='7'/><w:r><w:t>at once</w:t></w:r>\
                <w:commentRangeEnd w:id='7'/><w:r><w:commentReference w:id='7'/></w:r></w:p>";
    let comments = format!(
        "<w:comments><w:comment w:id='7' w:author='Ann Lee' w:date='2024-03-01T09:00:00Z'>{}{}</w:comment></w:comments>",
        p("Too"),
        p("soon.")
    );
    let doc = Doc::new(body).with("comments", &comments);
    let said = "Comment by Ann Lee (2024-03-01) on “at once”: Too soon.";
    assert_eq!(doc.text(), format!("Pay at once\n\n{said}"));
    assert_eq!(doc.asides(), [(AsideKind::Comment, said.to_owned())]);
    assert_eq!(doc.told(RevisionView::Accepted).markup.comments, 1);
}

#[test]
fn a_comment_on_changed_words_shows_them_as_the_text_does() {
    let body = "<w:p><w:commentRangeStart w:id='7'/>".to_owned()
        + &del("ten")
        + &ins(&run("thirty"))
        + "<w:commentRangeEnd w:id='7'/><w:r><w:commentReference w:id='7'/></w:r></w:p>";
    let comments =
        format!("<w:comments><w:comment w:id='7'>{}</w:comment></w:comments>", p("Why?"));
    let [accepted, original, marked] = Doc::new(&body).with("comments", &comments).views();
    assert!(accepted.ends_with("Comment on “thirty”: Why?"), "{accepted}");
    assert!(original.ends_with("Comment on “ten”: Why?"), "{original}");
    assert!(marked.ends_with("Comment on “[-ten-]{+thirty+}”: Why?"), "{marked}");
}

#[test]
fn heads_and_feet_are_set_aside_once_each() {
    let head = format!("<w:hdr>{}</w:hdr>", p("Draft 3"));
    let doc = Doc::new(&p("Text"))
        .with("header1", &head)
        .with("header2", &head)
        .with("footer1", &format!("<w:ftr>{}{}</w:ftr>", table(&[&["Page", "1"]]), ins(&run("x"))));
    assert_eq!(doc.text(), "Draft 3\n\nText\n\nPage 1 x");
    let kinds: Vec<_> = doc.asides().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [AsideKind::RunningHead, AsideKind::RunningHead]);
    assert_eq!(doc.told(RevisionView::Accepted).markup.insertions, 1);
}

#[test]
fn a_text_box_is_told_once_and_breaks_no_sentence() {
    let content = format!("<w:txbxContent>{}</w:txbxContent>", p("In the box"));
    let both = format!(
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{content}</w:drawing></mc:Choice>\
         <mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    );
    let body = format!("<w:p>{}<w:r>{both}</w:r>{}</w:p>", run("Before "), run("and after."));
    assert_eq!(Doc::new(&body).text(), "Before and after.\n\nIn the box");
    let old = "<mc:AlternateContent><mc:Choice Requires='x'><w:drawing/></mc:Choice><mc:Fallback>"
        .to_owned()
        + &format!(
            "<w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
        );
    assert_eq!(Doc::new(&format!("<w:p><w:r>{old}</w:r></w:p>")).text(), "In the box");
}

#[test]
fn controls_links_and_tags_show_what_is_in_them_and_fields_their_result() {
    let field = |kind: &str| format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>");
    let body = format!(
        "<w:sdt><w:sdtPr><w:alias w:val='no'/><w:text/></w:sdtPr><w:sdtContent><w:p><w:smartTag>{}</w:smartTag>\
         <w:hyperlink>{}</w:hyperlink>{}<w:r><w:instrText>REF x</w:instrText></w:r>{}{}{}{}\
         <w:fldSimple w:instr='PAGE'>{}</w:fldSimple></w:p></w:sdtContent></w:sdt>",
        run("A "),
        run("link "),
        field("begin"),
        run("instruction "),
        field("separate"),
        run("result "),
        field("end"),
        run("3")
    );
    assert_eq!(Doc::new(&body).text(), "A link result 3");
}

#[test]
fn a_field_that_never_ends_hides_nothing_after_its_paragraph() {
    let body = "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>X</w:instrText></w:r></w:p>".to_owned() + &p("Still here");
    assert_eq!(Doc::new(&body).text(), "Still here");
}

#[test]
fn boxes_of_a_form_show_whether_they_are_ticked() {
    let form = |state: &str| {
        format!(
            "<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox>{state}</w:checkBox></w:ffData></w:fldChar></w:r>\
             <w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>{}</w:p>",
            run(" yes")
        )
    };
    let body = form("<w:default w:val='0'/><w:checked/>") + &form("<w:default w:val='0'/>");
    assert_eq!(Doc::new(&body).text(), "☒ yes\n\n☐ yes");
}

#[test]
fn a_list_of_a_form_shows_the_entry_that_was_chosen() {
    let form = |state: &str| {
        format!(
            "<w:p>{}<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList>{state}<w:listEntry w:val='monthly'/>\
             <w:listEntry w:val='yearly'/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMDROPDOWN</w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
            run("Paid ")
        )
    };
    let body = form("<w:result w:val='1'/>") + &form("") + &form("<w:result w:val='9'/>");
    assert_eq!(Doc::new(&body).text(), "Paid yearly\n\nPaid monthly\n\nPaid");
}

#[test]
fn signs_breaks_and_hyphens_are_what_they_show() {
    let body = "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:tab/><w:t>co</w:t><w:softHyphen/><w:t>op</w:t>\
                <w:noBreakHyphen/><w:t>x</w:t><w:br/><w:t>next</w:t></w:r></w:p>";
    assert_eq!(Doc::new(body).text(), "☑ coop-x\nnext");
}

#[test]
fn a_style_separator_keeps_a_heading_and_its_text_on_one_line() {
    let head = "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:rPr><w:vanish/><w:specVanish/></w:rPr></w:pPr>"
        .to_owned() + &run("Fees.") + "</w:p>";
    let doc = Doc::new(&(head + &p("The client pays."))).numbered(CLAUSES);
    assert_eq!(doc.text(), "1. Fees. The client pays.");
}

#[test]
fn an_empty_paragraph_that_ends_a_section_takes_no_number() {
    let end = "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:sectPr><w:pgSz/></w:sectPr></w:pPr></w:p>";
    let doc = Doc::new(&(end.to_owned() + &item(0, "Fees"))).numbered(CLAUSES);
    assert_eq!(doc.text(), "1. Fees");
}

#[test]
fn hidden_words_are_set_aside_after_their_paragraph_by_kind() {
    let body = format!(
        "<w:p>{}{}{}{}{}{}</w:p>",
        run("The fee "),
        look("<w:vanish/>", "secretly "),
        look("<w:color w:val='FFFFFF'/>", "never "),
        look("<w:sz w:val='2'/>", "tiny "),
        look("<w:color w:val='FFFFFF'/><w:shd w:val='clear' w:fill='000000'/>", "is due"),
        run(".")
    );
    let doc = Doc::new(&body);
    assert_eq!(doc.text(), "The fee is due.\n\nsecretly\n\nnever\n\ntiny");
    let kinds: Vec<_> = doc.asides().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [AsideKind::Invisible, AsideKind::SameColour, AsideKind::Tiny]);
}

#[test]
fn a_style_hides_words_and_a_dark_ground_shows_white_ones() {
    let styles = "<w:styles><w:style w:styleId='Hide'><w:rPr><w:vanish/></w:rPr></w:style>\
                  <w:style w:styleId='Dark'><w:pPr><w:shd w:val='clear' w:fill='1F3864'/></w:pPr><w:rPr><w:color w:val='FFFFFF'/></w:rPr></w:style>\
                  <w:style w:styleId='Grid' w:type='table'><w:tblStylePr w:type='firstRow'><w:tcPr><w:shd w:val='clear' w:fill='4472C4'/></w:tcPr></w:tblStylePr></w:style></w:styles>";
    let white = look("<w:color w:val='FFFFFF'/>", "white");
    let in_style = |style: &str, inside: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr>{inside}</w:p>")
    };
    let shaded = format!(
        "<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val='clear' w:fill='000000'/></w:tcPr><w:p>{white}</w:p></w:tc></w:tr></w:tbl>"
    );
    let by_style = format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val='Grid'/></w:tblPr><w:tr><w:tc><w:p>{white}</w:p></w:tc></w:tr></w:tbl>"
    );
    let body = in_style("Hide", &run("hidden"))
        + &in_style("Dark", &run("seen"))
        + &shaded
        + &by_style
        + &look("<w:rStyle w:val='Hide'/>", "too");
    let doc = Doc::new(&body).with("styles", styles);
    let hidden: Vec<_> = doc.asides().into_iter().map(|(_, words)| words).collect();
    assert_eq!(hidden, ["hidden", "too"]);
    assert!(doc.text().contains("seen\n\n| white |\n\n| white |"), "{}", doc.text());
}

#[test]
fn white_letters_in_a_shape_are_seen_on_its_colour_and_hidden_without_one() {
    let white = look("<w:color w:val='FFFFFF'/>", "white");
    let shape = |fill: &str| {
        let style = "<wps:style><a:fillRef><a:srgbClr val='FFFFFF'/></a:fillRef></wps:style>";
        format!(
            "<w:p><w:r><w:drawing><wps:wsp><wps:spPr>{fill}<a:ln><a:noFill/></a:ln></wps:spPr>{style}<wps:txbx>\
             <w:txbxContent><w:p>{white}</w:p></w:txbxContent></wps:txbx></wps:wsp></w:drawing></w:r></w:p>"
        )
    };
    let old = |attributes: &str| {
        format!(
            "<w:p><w:r><w:pict><v:shape {attributes}><v:textbox><w:txbxContent><w:p>{white}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
        )
    };
    let shadow = "<a:solidFill><a:srgbClr val='000000'/></a:solidFill><a:effectLst><a:outerShdw><a:srgbClr val='FFFFFF'/></a:outerShdw></a:effectLst>";
    let gradient =
        "<a:gradFill><a:gsLst><a:gs><a:srgbClr val='FFFFFF'/></a:gs></a:gsLst></a:gradFill>";
    for (body, hidden) in [
        (shape("<a:noFill/>"), 1),
        (shape("<a:solidFill><a:srgbClr val='FFFFFF'/></a:solidFill>"), 1),
        (shape("<a:solidFill><a:srgbClr val='1F3864'/></a:solidFill>"), 0),
        (shape("<a:solidFill><a:schemeClr val='accent1'/></a:solidFill>"), 0),
        (shape(gradient), 0),
        (shape(shadow), 0),
        (shape(""), 0),
        (old(""), 1),
        (old("filled='f'"), 1),
        (old("fillcolor='#1f3864 [3204]'"), 0),
        (old("fillcolor='black'"), 0),
    ] {
        let asides = Doc::new(&body).asides();
        assert_eq!(asides.len(), hidden, "{body}");
        assert!(asides.iter().all(|(kind, _)| *kind == AsideKind::SameColour));
    }
}

#[test]
fn white_letters_in_a_table_are_seen_only_in_the_cells_that_its_style_shades() {
    let styles = "<w:styles><w:style w:styleId='Grid' w:type='table'><w:tblStylePr w:type='firstRow'>\
                  <w:tcPr><w:shd w:val='clear' w:fill='4472C4'/></w:tcPr></w:tblStylePr></w:style></w:styles>";
    let row = |words: &str| {
        format!(
            "<w:tr>{}</w:tr>",
            cell(&format!("<w:p>{}</w:p>", look("<w:color w:val='FFFFFF'/>", words)))
        )
    };
    let table = |look: &str| {
        let properties =
            format!("<w:tblPr><w:tblStyle w:val='Grid'/><w:tblLook {look}/></w:tblPr>");
        Doc::new(&format!("<w:tbl>{properties}{}{}</w:tbl>", row("head"), row("ghost")))
            .with("styles", styles)
    };
    let hidden = |look: &str| -> Vec<String> {
        table(look).asides().into_iter().map(|(_, words)| words).collect()
    };
    assert_eq!(hidden("w:val='04A0' w:firstRow='1' w:noVBand='1'"), ["ghost"]);
    assert_eq!(hidden("w:val='04A0'"), ["ghost"]);
    assert_eq!(hidden("w:val='0480'"), ["head", "ghost"]);
}

#[test]
fn a_watermark_stands_with_the_running_heads() {
    let head = "<w:hdr><w:p><w:r><w:pict><v:shape><v:textpath string='DRAFT'/></v:shape></w:pict></w:r></w:p></w:hdr>";
    let doc = Doc::new(&p("Text")).with("header1", head);
    assert_eq!(doc.asides(), [(AsideKind::RunningHead, "DRAFT".to_owned())]);
    let bent = "<w:p>".to_owned()
        + &run("One ")
        + "<w:r><w:pict><v:shape><v:textpath string='OFFER'/></v:shape></w:pict></w:r>"
        + &run("sentence.")
        + "</w:p>";
    assert_eq!(Doc::new(&bent).text(), "One sentence.\n\nOFFER");
}

#[test]
fn what_is_not_read_is_told() {
    let ruby = "<w:p><w:r><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>";
    let doc = Doc::new(ruby)
        .with("word/charts/chart1.xml", "<c/>")
        .with("word/embeddings/a.xlsx", "")
        .with("word/embeddings/b.xlsx", "");
    let told = doc.told(RevisionView::Accepted);
    assert_eq!(told.text, "base");
    assert_eq!(
        told.notes,
        [
            "It holds 2 embedded objects, which are not read.",
            "It holds 1 chart, which is not read.",
            blocks::READINGS,
        ]
    );
    let scanned = Doc::new("<w:p/>").with("word/media/image1.png", "");
    assert!(scanned.told(RevisionView::Accepted).notes[0].contains("nothing but pictures"));
}

#[test]
fn documents_of_other_formats_inside_are_read_as_part_of_the_text() {
    let rels = "<Relationships><Relationship Id='r1' Type='x/aFChunk' Target='a.html'/>\
                <Relationship Id='r2' Type='x/aFChunk' Target='b.txt'/></Relationships>";
    let body = p("Before")
        + "<w:altChunk r:id='r1'/><w:altChunk r:id='r2'/><w:altChunk r:id='r9'/>"
        + &p("After");
    let doc = Doc::new(&body)
        .with("word/_rels/document.xml.rels", rels)
        .with("word/a.html", "<html><body><p>From the <b>web</b></p></body></html>")
        .with("word/b.txt", "From a text");
    assert_eq!(doc.text(), "Before\n\nFrom the web\n\nFrom a text\n\nAfter");
    assert_eq!(doc.told(RevisionView::Accepted).notes.len(), 1, "the missing one is told");
}

#[test]
fn the_strict_edition_and_one_xml_file_are_read_too() {
    let strict = "<x:document xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main'><x:body><x:p><x:r><x:t>Strict</x:t></x:r></x:p></x:body></x:document>";
    assert_eq!(Doc::default().with("document", strict).text(), "Strict");
    let flat = format!(
        "<?xml version='1.0'?><pkg:package xmlns:pkg='http://schemas.microsoft.com/office/2006/xmlPackage'>\
         <pkg:part pkg:name='/word/document.xml'><pkg:xmlData><w:document><w:body>{}</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>",
        p("Flat")
    );
    assert_eq!(tell(flat.as_bytes(), &Options::default(), 0).expect("a document").text, "Flat");
}

#[test]
fn what_word_2003_wrote_is_read_with_its_labels_changes_notes_and_comments() {
    let text = "<?xml version='1.0'?><w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml' \
        xmlns:aml='http://schemas.microsoft.com/aml/2001/core'><w:body><wx:sect><w:p><w:pPr><w:listPr><wx:t wx:val='4.2'/></w:listPr></w:pPr>\
        <w:r><w:t>Pay</w:t></w:r><w:r><w:footnote><w:p><w:r><w:t>in full</w:t></w:r></w:p></w:footnote></w:r>\
        <aml:annotation aml:id='0' w:type='Word.Comment.Start'/><aml:annotation aml:id='1' w:type='Word.Deletion'><aml:content><w:r><w:delText> late</w:delText></w:r></aml:content></aml:annotation>\
        <aml:annotation aml:id='2' w:type='Word.Insertion'><aml:content><w:r><w:t> early</w:t></w:r></aml:content></aml:annotation>\
        <aml:annotation aml:id='0' w:type='Word.Comment.End'/><w:r><aml:annotation aml:id='0' aml:author='Ann' aml:createdate='2004-05-06T00:00:00Z' w:type='Word.Comment'>\
        <aml:content><w:p><w:r><w:t>Why?</w:t></w:r></w:p></aml:content></aml:annotation></w:r></w:p></wx:sect></w:body></w:wordDocument>";
    let told = tell(text.as_bytes(), &Options::default(), 0).expect("a document");
    assert_eq!(
        told.text,
        "4.2 Pay[1] early\n\nFootnotes\n\n[1] in full\n\nComment by Ann (2004-05-06) on “early”: Why?"
    );
    let markup = told.markup;
    assert_eq!((markup.insertions, markup.deletions), (1, 1));
    assert_eq!((markup.footnotes, markup.comments), (1, 1));
}

#[test]
fn formulas_are_told_on_one_line() {
    let body = "<w:p><m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath></w:p>";
    assert_eq!(Doc::new(body).text(), "3/4");
}

#[test]
fn broken_xml_gives_what_came_before_and_says_so() {
    let doc = Doc::default()
        .with("document", &format!("<w:document><w:body>{}<w:p><w:r><w:t>half", p("Whole")));
    let told = doc.told(RevisionView::Accepted);
    assert_eq!(told.text, "Whole\n\nhalf");
    assert!(told.notes[0].contains("ended early"), "{:?}", told.notes);
}

#[test]
fn what_is_no_document_is_refused_for_its_reason() {
    let locked: Vec<u8> = [
        COMPOUND,
        &"EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
    ]
    .concat();
    let refusal = |source: &[u8]| tell(source, &Options::default(), 0).err();
    assert_eq!(refusal(&locked), Some(ReadError::LockedOffice));
    assert_eq!(refusal(COMPOUND), Some(ReadError::OldWord));
    for source in [&b"PK\x03\x04 cut"[..], b"", b"words", &zipped(&[("a.txt", "x")])] {
        assert!(matches!(refusal(source), Some(ReadError::DamagedDocument { .. })));
    }
}

#[test]
fn a_package_without_its_directory_is_read_as_far_as_it_goes() {
    let mut source = Doc::new(&p("Saved")).bytes();
    source.truncate(source.len() - 40);
    let told = tell(&source, &Options::default(), 0).expect("what is left");
    assert_eq!(told.text, "Saved");
    assert!(told.notes[0].contains("damaged"), "{:?}", told.notes);
}

/// Reads a hostile document; it has to end soon, however little it gives.
fn survive(doc: &Doc) -> Result<Told, ReadError> {
    let begun = Instant::now();
    let told = tell(&doc.bytes(), &Options::default(), 0);
    assert!(begun.elapsed() < Duration::from_mins(1), "it took {:?}", begun.elapsed());
    told
}

#[test]
fn a_bomb_is_refused() {
    let doc = Doc::new(&" ".repeat(300 << 20));
    assert!(matches!(survive(&doc), Err(ReadError::Swollen { .. })));
}

#[test]
fn nesting_without_end_gives_what_came_before() {
    for tag in [
        "w:tbl><w:tr><w:tc",
        "w:p><w:r><w:pict><w:txbxContent",
        "w:ins",
        "mc:AlternateContent><mc:Choice",
    ] {
        let doc = Doc::new(&(p("First") + &format!("<{tag}>").repeat(100_000)));
        let told = survive(&doc).expect("it is read");
        assert_eq!(told.text, "First", "{tag}");
        assert!(told.notes[0].contains("too deeply"), "{:?}", told.notes);
    }
}

#[test]
fn tables_in_tables_beyond_reason_keep_their_words() {
    let mut body = p("innermost");
    for n in 0..200 {
        body = format!("<w:tbl><w:tr><w:tc>{}{body}</w:tc></w:tr></w:tbl>", p(&format!("t{n}")));
    }
    let text = survive(&Doc::new(&body)).expect("it is read").text;
    assert!(text.contains("innermost") && text.contains("t0") && text.contains("t199"), "{text}");
}

#[test]
fn a_table_of_very_many_rows_is_read_to_its_end() {
    let mut rows = String::new();
    for n in 0..100_000 {
        let _ = write!(rows, "<w:tr><w:tc><w:p><w:r><w:t>{n}</w:t></w:r></w:p></w:tc></w:tr>");
    }
    let told = survive(&Doc::new(&format!("<w:tbl>{rows}</w:tbl>"))).expect("it is read");
    assert!(told.text.ends_with("| 99999 |"));
}

#[test]
fn no_more_text_is_taken_than_the_limit_and_that_is_said() {
    let limits = Limits { text_bytes: 1_000, ..Limits::default() };
    let source = Doc::new(&p("ten chars!").repeat(200)).bytes();
    let told = tell(&source, &Options::within(limits), 0).expect("it is read");
    assert!(
        told.text.len() <= 1_000 && told.notes.iter().any(|n| n.contains("the rest is missing"))
    );
}

#[test]
fn entities_of_the_documents_own_are_left_as_they_stand() {
    let bomb = format!(
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><w:document><w:body>{}</w:body></w:document>",
        p("x &b; y")
    );
    assert_eq!(
        survive(&Doc::default().with("document", &bomb)).expect("it is read").text,
        "x &b; y"
    );
}

#[test]
fn a_document_that_holds_itself_ends() {
    let rels = "<Relationships><Relationship Id='r1' Type='x/aFChunk' Target='document.xml'/></Relationships>";
    let body = p("Self") + &"<w:altChunk r:id='r1'/>".repeat(1_000);
    let doc = Doc::new(&body).with("word/_rels/document.xml.rels", rels);
    assert!(survive(&doc).expect("it is read").text.starts_with("Self"));
}
