//! `galley extract FILE`: the text as the jobs see it, and what is known of it.

use std::path::{Path, PathBuf, absolute};

use clap::Args;
use serde_json::{Value, json};

use super::DONE;
use super::output::{complain, print, print_line};
use super::reading::ReadingArguments;
use crate::domain::document::{Document, Page};
use crate::domain::marks::{Aside, WordBox};
use crate::extract::{Options, WorkerCommand, Workers, guard};
use crate::paths::Paths;
use crate::runtime::config::Config;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A document; "mail.eml/contract.pdf" is the attachment of this name.
    file: PathBuf,
    /// Text, pages and their states as JSON.
    #[arg(long)]
    json: bool,
    /// With --json: where each word is printed, page by page.
    #[arg(long, requires = "json")]
    boxes: bool,
    #[command(flatten)]
    reading: ReadingArguments,
}

pub fn main(arguments: &Arguments, paths: &Paths) -> Result<u8, String> {
    let options = arguments.reading.options(config(paths).reading)?;
    let document = read(&arguments.file, &workers()?, &options)?;
    if arguments.json {
        print_line(&as_json(&arguments.file, &document, arguments.boxes).to_string());
    } else {
        print(&document.text);
        if !document.text.ends_with('\n') {
            print("\n");
        }
        for sentence in said_of(&document) {
            complain(&sentence);
        }
    }
    Ok(DONE)
}

/// What the text alone does not show.
fn said_of(document: &Document) -> Vec<String> {
    let is_hidden = |aside: &&Aside| aside.kind.is_hidden();
    let hidden = match document.marks.asides.iter().filter(is_hidden).count() {
        0 => None,
        1 => Some("One stretch of this text is hidden in the document".to_owned()),
        n => Some(format!("{n} stretches of this text are hidden in the document")),
    };
    let hidden = hidden.map(|what| format!("{what}; `asides` of --json tell where and why."));
    let said = document.warning.clone().into_iter().chain(document.caveats());
    said.chain(hidden).collect()
}

/// Reads documents as they are read without a person's word.
#[derive(Debug)]
pub struct Reader {
    workers: Workers,
    options: Options,
}

impl Reader {
    /// # Errors
    /// A sentence, where the program cannot find itself.
    pub fn new(paths: &Paths) -> Result<Self, String> {
        Ok(Self { workers: workers()?, options: Options::within(config(paths).reading) })
    }

    /// # Errors
    /// A sentence.
    pub fn read(&self, file: &Path) -> Result<Document, String> {
        read(file, &self.workers, &self.options)
    }
}

fn config(paths: &Paths) -> Config {
    let (config, problem) = Config::load(paths);
    if let Some(problem) = problem {
        complain(&problem);
    }
    config
}

fn workers() -> Result<Workers, String> {
    WorkerCommand::this_program()
        .map(Workers::new)
        .map_err(|e| format!("galley cannot find its own program file ({e})."))
}

fn read(file: &Path, workers: &Workers, options: &Options) -> Result<Document, String> {
    let file =
        absolute(file).map_err(|e| format!("{} is no usable path ({e}).", file.display()))?;
    guard::read(&file, workers, options, &|| false).map_err(|e| e.to_string())
}

fn as_json(file: &Path, document: &Document, with_boxes: bool) -> Value {
    let marks = &document.marks;
    let mut value = json!({
        "file": file.to_string_lossy(),
        "format": document.format.name(),
        "text": document.text,
        "pages": document.pages,
        "warning": document.warning,
        "asides": marks.asides,
        "landmarks": marks.landmarks,
        "joins": marks.joins,
        "markup": document.markup,
        "parts": document.parts,
    });
    if with_boxes && let Some(pages) = value["pages"].as_array_mut() {
        for (page, value) in document.pages.iter().zip(pages) {
            value["words"] = json!(words(&marks.boxes, page));
        }
    }
    value
}

/// Where the words of a page are printed, each as
/// `[start, end, left, top, right, bottom]`: bytes of the text, then points from
/// the upper left corner of the page.
fn words(boxes: &[WordBox], page: &Page) -> Vec<Value> {
    let first = boxes.partition_point(|word| word.span.start < page.span.start);
    let end = boxes.partition_point(|word| word.span.start < page.span.end);
    let points = |tenths: i32| f64::from(tenths) / 10.0;
    let word = |word: &WordBox| {
        let [left, top, right, bottom] = word.sides.map(points);
        json!([word.span.start, word.span.end, left, top, right, bottom])
    };
    boxes[first..end].iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{Format, PageState};
    use crate::domain::marks::{Aside, AsideKind, Cite, Landmark, Marks};
    use crate::domain::span::ByteSpan;

    #[test]
    fn what_is_known_of_a_text_stands_in_the_json_and_boxes_when_asked_for() {
        let word = |start, end| WordBox { span: ByteSpan::new(start, end), sides: [5, 10, 25, 30] };
        let pages = [("one ", PageState::Text), ("two", PageState::Text)];
        let document = Document {
            marks: Marks {
                asides: vec![Aside { span: ByteSpan::new(4, 7), kind: AsideKind::RunningHead }],
                landmarks: vec![Landmark { at: 0, cite: Cite::Line { page: 112, line: 4 } }],
                boxes: vec![word(0, 3), word(4, 7)],
                joins: vec![2],
            },
            ..Document::of_pages("a.pdf", Format::Pdf, &pages)
        };
        let value = as_json(Path::new("a.pdf"), &document, true);
        assert_eq!(value["asides"], json!([{"start": 4, "end": 7, "kind": "running-head"}]));
        assert_eq!(value["landmarks"], json!([{"at": 0, "line": {"page": 112, "line": 4}}]));
        assert_eq!((&value["joins"], &value["markup"]), (&json!([2]), &Value::Null));
        assert_eq!(value["parts"], json!([]));
        assert_eq!(value["pages"][1]["words"], json!([[4, 7, 0.5, 1.0, 2.5, 3.0]]));
        let value = as_json(Path::new("a.pdf"), &document, false);
        assert_eq!(value["pages"][1].get("words"), None);
    }
}
