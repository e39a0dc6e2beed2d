//! What a group is for, by the control word that opens it.

/// What becomes of the content of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// It is text of the place that it stands in.
    Text,
    Skip,
    Fonts,
    Colours,
    /// What is said of a row of a table inside a cell, its end among it.
    InnerRow,
}

/// What is gathered and put down elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capture {
    Head,
    Footnote,
    /// A note at the end of the document.
    Endnote,
    Comment,
    /// Who wrote the comment that follows.
    Author,
    /// An item's number or bullet.
    Label,
    TextBox,
}

/// What a control word makes of the group that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    Destination(Destination),
    Capture(Capture),
    /// Twice the same, first in bytes and then in Unicode.
    Either,
    /// The second of these.
    Unicode,
    /// A shape, of which only the text is read.
    Shape,
    /// An object of another program, in its own bytes.
    Object,
}

/// What the control word `name` opens; `starred` where `\*` stands before it.
/// `None` where it is no destination.
pub fn opening(name: &[u8], starred: bool) -> Option<Opening> {
    let skip = Some(Opening::Destination(Destination::Skip));
    Some(match name {
        b"fonttbl" => Opening::Destination(Destination::Fonts),
        b"colortbl" => Opening::Destination(Destination::Colours),
        b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl" | b"footerr"
        | b"footerf" => Opening::Capture(Capture::Head),
        b"footnote" => Opening::Capture(Capture::Footnote),
        b"annotation" => Opening::Capture(Capture::Comment),
        b"atnauthor" => Opening::Capture(Capture::Author),
        b"listtext" | b"pntext" => Opening::Capture(Capture::Label),
        b"shptxt" | b"dptxbxtext" => Opening::Capture(Capture::TextBox),
        b"nesttableprops" => Opening::Destination(Destination::InnerRow),
        b"upr" => Opening::Either,
        b"ud" => Opening::Unicode,
        b"shpinst" | b"do" => Opening::Shape,
        b"objdata" => Opening::Object,
        // Formulas: their pictures are skipped, their letters are not.
        b"mmath" | b"moMath" | b"moMathPara" => Opening::Destination(Destination::Text),
        b"stylesheet"
        | b"info"
        | b"pict"
        | b"themedata"
        | b"colorschememapping"
        | b"datastore"
        | b"latentstyles"
        | b"listtable"
        | b"listoverridetable"
        | b"listpicture"
        | b"revtbl"
        | b"rsidtbl"
        | b"filetbl"
        | b"fldinst"
        | b"nonshppict"
        | b"nonesttables"
        | b"shprslt"
        | b"mmathPict"
        | b"bkmkstart"
        | b"bkmkend"
        | b"xe"
        | b"tc"
        | b"txe"
        | b"rxe"
        | b"private"
        | b"template"
        | b"pntxta"
        | b"pntxtb"
        | b"pnseclvl"
        | b"pn"
        | b"ftnsep"
        | b"ftnsepc"
        | b"ftncn"
        | b"aftnsep"
        | b"aftnsepc"
        | b"aftncn"
        | b"background"
        | b"xmlnstbl"
        | b"generator"
        | b"atnid"
        | b"atndate"
        | b"atnref"
        | b"atnparent"
        | b"atntime"
        | b"atnicn"
        | b"title"
        | b"subject"
        | b"author"
        | b"operator"
        | b"keywords"
        | b"doccomm"
        | b"company"
        | b"formfield"
        | b"datafield"
        | b"ffname"
        | b"ffdeftext" => return skip,
        _ if starred => return skip,
        _ => return None,
    })
}
