//! Sets a small dialect of Markdown as a PDF, the same bytes for the same text.
//!
//! The sample contract is kept as Markdown, and its PDF has to be reproducible: a reader
//! of a change to the sample should see the change in the text, and the test that compares
//! the committed PDF with a fresh one must not fail for a date or a random identifier.
//! So the file carries neither, its streams are not compressed (a new version of a
//! compressor may pack the same text differently) and every length is a whole number of
//! thousandths of a point.
//!
//! What is understood: `#` to `###` headings, paragraphs, `**bold**`, a backslash at the
//! end of a line (line break), pipe tables with `---:` columns, `---` (new page), and
//! paragraphs that open with a clause label: `4.2`, `(a)`, `(ii)`, which hang.

use std::fmt::Write as _;

use pdf_extract::{Document, Object, Stream, dictionary};

mod markdown;
mod times;

use markdown::{Block, blocks, glyphs};
use times::{Face, Glyph, Line, width};

/// Lengths are thousandths of a point: a glyph's width in the font's own unit, times the
/// size in points, is then exact.
const PT: i64 = 1000;

// A4.
const PAGE_WIDTH: i64 = 595 * PT;
const PAGE_HEIGHT: i64 = 842 * PT;
const MARGIN: i64 = 72 * PT;
const MEASURE: i64 = PAGE_WIDTH - 2 * MARGIN;
const TOP: i64 = PAGE_HEIGHT - 60 * PT;
const BOTTOM: i64 = 62 * PT;
const FOOTER_Y: i64 = 38 * PT;

const BODY: i64 = 11;
const FOOTER: i64 = 9;
// Under one and a half times the size: text extractors read a larger step as a blank line.
const LEADING: i64 = 14 * PT;
const PARAGRAPH_GAP: i64 = 5 * PT;
const COLUMN_GAP: i64 = 14 * PT;

/// The PDF of `markdown`.
pub fn render(markdown: &str) -> Vec<u8> {
    let mut typesetter = Typesetter::new();
    for block in blocks(markdown) {
        typesetter.set(&block);
    }
    assemble(typesetter.pages)
}

fn wrap(text: &[Glyph], size: i64, measure: i64) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![Vec::new()];
    for word in text.split(|&(_, byte)| byte == b' ').filter(|word| !word.is_empty()) {
        let line = lines.last_mut().expect("there is always a line to add to");
        // The space takes the face of the word after it, so a bold word is one run.
        let space = (word[0].0, b' ');
        if line.is_empty() {
            line.extend(word);
        } else if width(line, size) + width(&[space], size) + width(word, size) <= measure {
            line.push(space);
            line.extend(word);
        } else {
            lines.push(word.to_vec());
        }
    }
    lines
}

struct Typesetter {
    pages: Vec<String>,
    /// The baseline of the last line set, from the bottom of the page.
    y: i64,
}

impl Typesetter {
    fn new() -> Self {
        Self { pages: vec![String::new()], y: TOP }
    }

    fn set(&mut self, block: &Block) {
        match block {
            Block::NewPage => self.new_page(),
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph { indent, hang, label, text, last } => {
                self.paragraph(*indent, *hang, label, text);
                if *last {
                    self.y -= PARAGRAPH_GAP;
                }
            }
            Block::Table { right, rows } => self.table(right, rows),
        }
    }

    fn new_page(&mut self) {
        self.pages.push(String::new());
        self.y = TOP;
    }

    /// Starts a page if `height` does not fit on this one.
    fn need(&mut self, height: i64) {
        if self.y - height < BOTTOM {
            self.new_page();
        }
    }

    fn heading(&mut self, level: usize, text: &[Glyph]) {
        let (size, leading) = match level {
            1 => (18, 24 * PT),
            2 => (13, 18 * PT),
            _ => (BODY, LEADING),
        };
        // A heading at the foot of a page takes at least two lines of its text along.
        self.need(PARAGRAPH_GAP + leading + 3 * LEADING);
        self.y -= PARAGRAPH_GAP;
        for line in wrap(text, size, MEASURE) {
            self.y -= leading;
            let x = if level == 1 { (PAGE_WIDTH - width(&line, size)) / 2 } else { MARGIN };
            self.show(x, size, &line);
        }
        self.y -= PARAGRAPH_GAP;
    }

    fn paragraph(&mut self, indent: i64, hang: i64, label: &[Glyph], text: &[Glyph]) {
        let left = MARGIN + indent;
        let lines = wrap(text, BODY, MEASURE - indent - hang);
        for (index, line) in lines.iter().enumerate() {
            // No lone line is left behind or carried over, so three lines stay together.
            self.need(match (index, lines.len() - index) {
                (0, 3) => 3 * LEADING,
                (0, 2..) | (_, 2) => 2 * LEADING,
                _ => LEADING,
            });
            self.y -= LEADING;
            if index == 0 {
                self.show(left, BODY, label);
            }
            self.show(left + hang, BODY, line);
        }
    }

    fn table(&mut self, right: &[bool], rows: &[Vec<Line>]) {
        let columns = column_widths(rows);
        for (index, row) in rows.iter().enumerate() {
            let cells: Vec<Vec<Line>> =
                row.iter().zip(&columns).map(|(cell, &column)| wrap(cell, BODY, column)).collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            self.need(LEADING * i64::try_from(height).expect("a row of few lines"));
            for line_index in 0..height {
                self.y -= LEADING;
                let mut x = MARGIN;
                for ((cell, &column), &right) in cells.iter().zip(&columns).zip(right) {
                    if let Some(line) = cell.get(line_index) {
                        let inset = if right { column - width(line, BODY) } else { 0 };
                        self.show(x + inset, BODY, line);
                    }
                    x += column + COLUMN_GAP;
                }
            }
            self.y -= 2 * PT;
            if index == 0 || index + 1 == rows.len() {
                self.rule();
            }
        }
        self.y -= 2 * PARAGRAPH_GAP;
    }

    /// A thin line across the page, a little under the last line of text.
    fn rule(&mut self) {
        let (left, right) = (points(MARGIN), points(PAGE_WIDTH - MARGIN));
        let y = points(self.y - 2 * PT);
        self.draw(&format!("0.5 w {left} {y} m {right} {y} l S"));
    }

    fn show(&mut self, x: i64, size: i64, line: &[Glyph]) {
        if !line.is_empty() {
            self.draw(&text_object(x, self.y, size, line));
        }
    }

    fn draw(&mut self, operators: &str) {
        let page = self.pages.last_mut().expect("a typesetter starts with a page");
        page.push_str(operators);
        page.push('\n');
    }
}

/// As wide as the longest cell of each column, the widest narrowed until the table fits the
/// measure, or all but the last widened until it fills it.
fn column_widths(rows: &[Vec<Line>]) -> Vec<i64> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut columns: Vec<i64> = (0..count)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| width(cell, BODY)).max().unwrap_or(0)
        })
        .collect();
    let gaps = COLUMN_GAP * i64::try_from(count.saturating_sub(1)).expect("a few columns");
    while columns.iter().sum::<i64>() + gaps > MEASURE {
        let widest = columns.iter_mut().max().expect("a table too wide has a column");
        *widest -= PT;
    }
    let unused = MEASURE - gaps - columns.iter().sum::<i64>();
    if let Some((_, others)) = columns.split_last_mut() {
        let share = unused / i64::try_from(others.len().max(1)).expect("a few columns");
        for column in others {
            *column += share;
        }
    }
    columns
}

fn text_object(x: i64, y: i64, size: i64, line: &[Glyph]) -> String {
    let mut out = format!("BT {} {} Td", points(x), points(y));
    for run in line.chunk_by(|one, next| one.0 == next.0) {
        let font = if run[0].0 == Face::Bold { "F2" } else { "F1" };
        let _ = write!(out, " /{font} {size} Tf (");
        for &(_, byte) in run {
            let _ = match byte {
                b'(' | b')' | b'\\' => write!(out, "\\{}", char::from(byte)),
                32..=126 => write!(out, "{}", char::from(byte)),
                _ => write!(out, "\\{byte:03o}"),
            };
        }
        out.push_str(") Tj");
    }
    out.push_str(" ET");
    out
}

fn points(length: i64) -> String {
    format!("{}.{:03}", length / PT, length % PT)
}

fn assemble(pages: Vec<String>) -> Vec<u8> {
    let mut document = Document::with_version("1.4");
    let tree = document.new_object_id();
    let [roman, bold] = ["Times-Roman", "Times-Bold"].map(|name| {
        document.add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "Type1",
            "BaseFont" => name,
            "Encoding" => "WinAnsiEncoding",
        })
    });
    let resources = document.add_object(dictionary! {
        "Font" => dictionary! { "F1" => roman, "F2" => bold },
    });
    let count = pages.len();
    let mut kids: Vec<Object> = Vec::new();
    for (index, mut content) in pages.into_iter().enumerate() {
        let footer = glyphs(&format!("Page {} of {count}", index + 1), Face::Roman);
        let x = (PAGE_WIDTH - width(&footer, FOOTER)) / 2;
        content.push_str(&text_object(x, FOOTER_Y, FOOTER, &footer));
        let stream = Stream::new(dictionary! {}, content.into_bytes());
        let contents = document.add_object(stream);
        let page = document.add_object(dictionary! {
            "Type" => "Page",
            "Parent" => tree,
            "Contents" => contents,
        });
        kids.push(page.into());
    }
    let media_box: Vec<Object> =
        [0, 0, PAGE_WIDTH / PT, PAGE_HEIGHT / PT].map(Object::Integer).to_vec();
    document.set_object(
        tree,
        dictionary! {
            "Type" => "Pages",
            "Count" => Object::Integer(i64::try_from(count).expect("a few pages")),
            "Kids" => kids,
            "MediaBox" => media_box,
            "Resources" => resources,
        },
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("writing to memory does not fail");
    bytes
}
