//! The reader of tables in text files: a row is a line, its cells set apart by
//! bars, the way tables look in every other format.

use super::failure::ReadError;
use super::options::Options;
use super::protocol::{PageRecord, Piece};
use super::{Extractor, Sink, encoding};
use crate::domain::marks::Marks;

pub struct Csv;

impl Extractor for Csv {
    fn read(&self, source: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let decoded = encoding::decode(source)?;
        let limit = options.limits.text_bytes;
        let (delimiter, rows) = delimiter(&decoded.text);
        let mut table = Table::new(limit);
        let whole = records(rows, delimiter, |record| table.row(record.iter()));
        if table.text.is_empty() {
            return Err(ReadError::Blank);
        }
        let mut page = PageRecord::only(table.text, Marks::default(), "csv");
        page.note = decoded.note;
        let _ = sink(Piece::Page(page));
        if whole { Ok(()) } else { Err(ReadError::TooMuchText { limit }) }
    }
}

/// Hands every record to `take` until that wants no more; whether it came to
/// the end. The last record of a quote that is never closed is the whole rest.
fn records(text: &str, delimiter: u8, mut take: impl FnMut(&csv::StringRecord) -> bool) -> bool {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    // Reading from memory, from text that is UTF-8 and with rows of any length,
    // leaves nothing that could fail.
    while reader.read_record(&mut record).unwrap_or(false) {
        if !take(&record) {
            return false;
        }
    }
    true
}

/// How many records are looked at to find what sets cells apart.
const SAMPLE: usize = 50;

/// What sets cells apart, and the text of the rows. Spreadsheets may say it in
/// a first line "sep=;"; else it is what makes the most rows of one width.
fn delimiter(text: &str) -> (u8, &str) {
    let first = text.lines().next().unwrap_or("");
    if let Some(&[said]) = first.strip_prefix("sep=").map(str::as_bytes)
        && said.is_ascii()
    {
        let rest = text[first.len()..].trim_start_matches('\r');
        return (said, rest.strip_prefix('\n').unwrap_or(rest));
    }
    // Decimal commas make regular rows too, so the comma is asked last.
    let found = b"\t;|,".map(|delimiter| (delimiter, regular_rows(text, delimiter)));
    let most = found.iter().map(|(_, rows)| *rows).max().unwrap_or_default();
    let near = found.iter().find(|(_, rows)| *rows > 0 && rows * 10 >= most * 9);
    (near.map_or(b',', |(delimiter, _)| *delimiter), text)
}

/// How many of the first records have the commonest width over one.
fn regular_rows(text: &str, delimiter: u8) -> usize {
    let mut widths: Vec<usize> = Vec::with_capacity(SAMPLE);
    records(text, delimiter, |record| {
        widths.push(record.len());
        widths.len() < SAMPLE
    });
    widths.sort_unstable();
    let runs = widths.chunk_by(|a, b| a == b).filter(|run| run[0] > 1);
    runs.map(<[usize]>::len).max().unwrap_or_default()
}

/// Rows as they are put down.
struct Table {
    text: String,
    room: usize,
}

impl Table {
    fn new(room: u64) -> Self {
        Self { text: String::new(), room: usize::try_from(room).unwrap_or(usize::MAX) }
    }

    /// Puts a row down, its cells' white space made single spaces; `false` where
    /// there is no room for it. A row without words is left out.
    fn row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> bool {
        let start = self.text.len();
        let mut has_words = false;
        for cell in cells {
            self.text.push('|');
            for word in cell.split_whitespace() {
                self.text.push(' ');
                self.text.push_str(word);
                has_words = true;
            }
            self.text.push(' ');
        }
        self.text.push_str("|\n");
        let fits = self.text.len() <= self.room;
        if !has_words || !fits {
            self.text.truncate(start);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::extract::limits::Limits;
    use proptest::prelude::*;

    fn read_within(source: &[u8], text_bytes: u64) -> (Option<PageRecord>, Result<(), ReadError>) {
        let mut pages = Vec::new();
        let options = Options::within(Limits { text_bytes, ..Limits::default() });
        let read = Csv.read(source, &options, &mut |piece| {
            if let Piece::Page(page) = piece {
                pages.push(page);
            }
            ControlFlow::Continue(())
        });
        (pages.pop(), read)
    }

    fn text(source: impl AsRef<[u8]>) -> String {
        let (page, read) = read_within(source.as_ref(), 1 << 20);
        assert_eq!(read, Ok(()));
        page.expect("a page").text
    }

    #[test]
    fn rows_are_lines_with_bars() {
        assert_eq!(
            text(
                "\u{FEFF}Party,Fee\r\n\"Lindqvist, Inc.\",\"1,850\"\r\n,\r\nBrandt,\"two\nlines\"\r\n"
            ),
            "| Party | Fee |\n| Lindqvist, Inc. | 1,850 |\n| Brandt | two lines |\n"
        );
    }

    #[test]
    fn what_sets_cells_apart_is_found() {
        let expected = "| Name | Fee |\n| Ana, Bo | 1.850,00 |\n";
        for source in [
            "Name;Fee\nAna, Bo;1.850,00\n",
            "Name\tFee\nAna, Bo\t1.850,00\n",
            "Name|Fee\nAna, Bo|1.850,00\n",
            "sep=;\r\nName;Fee\nAna, Bo;1.850,00\n",
            "Name,Fee\n\"Ana, Bo\",\"1.850,00\"\n",
        ] {
            assert_eq!(text(source), expected, "{source}");
        }
        assert_eq!(text("1,50;2,50\n3,50;4,50\n"), "| 1,50 | 2,50 |\n| 3,50 | 4,50 |\n");
        assert_eq!(text("alone\nin a column\n"), "| alone |\n| in a column |\n");
    }

    #[test]
    fn ragged_rows_and_open_quotes_lose_nothing() {
        assert_eq!(text("a,b\nc\nd,e,f\n"), "| a | b |\n| c |\n| d | e | f |\n");
        assert_eq!(text("a,b\n\"c,d\ne,f\n"), "| a | b |\n| c,d e,f |\n");
    }

    #[test]
    fn a_table_in_an_old_encoding_is_read_and_the_guess_is_said() {
        let (page, _) = read_within(b"Name;Geb\xFChr\nM\xFCller;9 \x80\n", 1 << 20);
        let page = page.expect("a page");
        assert_eq!(page.text, "| Name | Gebühr |\n| Müller | 9 € |\n");
        assert!(page.note.expect("a note").contains("a guess"));
    }

    #[test]
    fn a_table_that_is_too_long_keeps_its_beginning_and_says_so() {
        let (page, read) = read_within("a,b\n".repeat(1_000_000).as_bytes(), 25);
        assert_eq!(page.expect("a page").text, "| a | b |\n| a | b |\n");
        assert_eq!(read, Err(ReadError::TooMuchText { limit: 25 }));
    }

    #[test]
    fn a_table_without_a_word_is_blank() {
        assert_eq!(read_within(b",,\n,,\n", 100).1, Err(ReadError::Blank));
        assert_eq!(read_within(b"\n", 100).1, Err(ReadError::Blank));
    }

    proptest! {
        #[test]
        fn every_word_of_any_table_is_kept(source in "[a-c,;\"\n ]{0,60}x") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).count();
            prop_assert_eq!(letters(&text(&source)), letters(&source));
        }
    }
}
