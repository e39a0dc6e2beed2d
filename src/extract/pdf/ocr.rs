//! Pages that are images, read by `tesseract` where it is installed: the page
//! is drawn by `pdftoppm`, or its one image is taken out of the file. Knows how
//! the programs are asked; what their answers say is in `tsv`.

use std::sync::Arc;
use std::time::Duration;

use pdf_extract::{Document, ObjectId};

use super::choice::Reading;
use super::tool::{Refusal, Tool};
use crate::domain::document::PageState;

mod images;
mod tsv;

pub use crate::domain::document::RECOGNISED as READER;

/// Dots in an inch: what the program's models were made for.
const RESOLUTION: &str = "300";

/// Most bytes of a drawn page: A3 in grey, unpacked, four times over.
const MOST_IMAGE: u64 = 128 << 20;

/// More languages than these make it slow and less sure.
const MOST_LANGUAGES: usize = 3;

/// Below this confidence, in percent, the words are not those of the print.
const LEAST_CONFIDENCE: f32 = 40.0;

const MISSING: &str = "This page is an image without text: it needs character recognition (OCR). \
                       The program tesseract, which does it, was not found: install it, then \
                       read the file again.";

const NOTHING: &str = "This page is an image, and character recognition found no text in it.";

/// Character recognition for the pages of one file.
pub struct Ocr {
    /// `None` for a file that needs a password, which no command line may show.
    source: Option<Arc<[u8]>>,
    /// How long one page may take.
    patience: Duration,
    /// Most bytes of an answer.
    room: u64,
    /// As the program wants them named; `None` before it was asked.
    languages: Option<Result<String, Refusal>>,
}

impl Ocr {
    pub fn new(source: Option<Arc<[u8]>>, patience: Duration, room: u64) -> Self {
        Self { source, patience, room, languages: None }
    }

    /// Reads page `n`, counted from 1, of which `scan` was made; `size` is the
    /// page's as it is shown, in points.
    pub fn page(
        &mut self,
        doc: &Document,
        id: ObjectId,
        n: u32,
        scan: Reading,
        size: (f32, f32),
    ) -> Reading {
        let Ok(languages) = self.languages().clone() else {
            return Reading { note: Some(MISSING.to_owned()), ..scan };
        };
        let drawn = self.drawn(n);
        // Where a single image stands on its page is not known.
        let size = drawn.is_some().then_some(size);
        let Some(image) = drawn.or_else(|| images::only_image(doc, id)) else { return scan };
        let args = ["stdin", "stdout", "-l", &languages, "tsv"];
        let patience = self.patience * 3 / 4;
        let tool = Tool { program: READER, args: &args, patience, most: self.room };
        match tool.answer(&image.into()) {
            Ok(said) => recognised(scan, &String::from_utf8_lossy(&said), size),
            Err(_) => scan,
        }
    }

    fn drawn(&self, n: u32) -> Option<Vec<u8>> {
        let number = n.to_string();
        let args = ["-r", RESOLUTION, "-f", &number, "-l", &number, "-gray", "-png", "-"];
        let patience = self.patience / 4;
        let tool = Tool { program: "pdftoppm", args: &args, patience, most: MOST_IMAGE };
        tool.answer(self.source.as_ref()?).ok().filter(|image| !image.is_empty())
    }

    fn languages(&mut self) -> &Result<String, Refusal> {
        let patience = self.patience;
        self.languages.get_or_insert_with(|| {
            let args = ["--list-langs"];
            let tool = Tool { program: READER, args: &args, patience, most: 64 << 10 };
            tool.answer(&Arc::from([])).map(|said| chosen(&String::from_utf8_lossy(&said)))
        })
    }
}

/// The languages to read with, of those that the program lists: all, unless
/// they are many.
fn chosen(list: &str) -> String {
    let names = list.lines().skip(1).map(str::trim);
    let names: Vec<&str> = names.filter(|name| !name.is_empty() && *name != "osd").collect();
    match names.as_slice() {
        [] => "eng".to_owned(),
        few if few.len() <= MOST_LANGUAGES => few.join("+"),
        many if many.contains(&"eng") => "eng".to_owned(),
        [first, ..] => (*first).to_owned(),
    }
}

fn recognised(scan: Reading, said: &str, size: Option<(f32, f32)>) -> Reading {
    let page = tsv::page(said, size);
    if page.text.is_empty() {
        return Reading { note: Some(NOTHING.to_owned()), ..scan };
    }
    let mut reading = Reading::judged(READER, page.text, page.marks, 0.0);
    if page.confidence < LEAST_CONFIDENCE {
        reading.state = PageState::Garbled;
    }
    reading.note = Some(format!(
        "This page is an image: its text was recognised by tesseract, which is {:.0} % sure of \
         its words, and may have mistakes. Check quotes against the page.",
        page.confidence
    ));
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::marks::Marks;

    const HEAD: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\t\
                        height\tconf\ttext\n";

    fn scan() -> Reading {
        Reading::judged("pdf-extract", String::new(), Marks::default(), 1.0)
    }

    #[test]
    fn recognised_text_says_that_it_is_recognised_and_how_sure_it_is() {
        let said = format!("{HEAD}5\t1\t1\t1\t1\t1\t9\t9\t9\t9\t91.4\tTermination\n");
        let reading = recognised(scan(), &said, None);
        assert_eq!((reading.state, reading.text.as_str()), (PageState::Text, "Termination"));
        assert_eq!(reading.reader, "tesseract");
        assert!(reading.note.expect("a note").contains("91 % sure"));
    }

    #[test]
    fn an_image_without_text_stays_a_scan_and_noise_is_garbled() {
        assert_eq!(recognised(scan(), HEAD, None).state, PageState::Scan);
        let said = format!("{HEAD}5\t1\t1\t1\t1\t1\t9\t9\t9\t9\t12\tlx;'\n");
        assert_eq!(recognised(scan(), &said, None).state, PageState::Garbled);
    }

    #[test]
    fn it_reads_with_the_languages_that_are_installed() {
        assert_eq!(chosen("List of languages (3):\ndeu\neng\nosd\n"), "deu+eng");
        assert_eq!(chosen("List (5):\nafr\namh\nara\neng\nosd\n"), "eng");
        assert_eq!(chosen(""), "eng");
    }
}
