//! The parent's side: reads a file through a worker process and lives through
//! whatever the file does to it. Pages that came before a crash, a hang or a
//! limit are kept. Knows no format.

use std::ffi::OsString;
use std::fs::{self, File, FileType, Metadata};
use std::io;
use std::path::{self, Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::failure::{ReadError, ReadFailure, Reason, Stopped};
use super::hash;
use super::limits::Limits;
use super::process::{Heard, Worker};
use super::protocol::{PageRecord, Record, SourceRecord};
use crate::domain::document::{Document, Format, Page, PageState, SourceHash};
use crate::domain::span::ByteSpan;

/// How a worker is started: `program args… PATH LIMITS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    pub program: PathBuf,
    pub args: Vec<OsString>,
}

impl WorkerCommand {
    /// This very program with its hidden subcommand `__extract`.
    ///
    /// # Errors
    /// When the system does not say where the program is.
    pub fn this_program() -> io::Result<Self> {
        Ok(Self { program: std::env::current_exe()?, args: vec!["__extract".into()] })
    }
}

/// How often the person's cancelling, the clock and the memory are looked at.
const TICK: Duration = Duration::from_millis(50);

/// Reads the file at `path` by a worker under `limits`. Blocks; `cancel` is
/// asked about every 50 ms. How many files are read at once is the caller's
/// matter.
///
/// Symbolic links are followed to regular files. A file that changes while it
/// is read is read once more.
///
/// # Errors
/// When not one page came out of the file, or the person cancelled.
pub fn read(
    path: &Path,
    worker: &WorkerCommand,
    limits: &Limits,
    cancel: &dyn Fn() -> bool,
) -> Result<Document, ReadFailure> {
    for _ in 0..2 {
        match read_once(path, worker, limits, cancel) {
            Err(Reason::Changing) => {}
            outcome => return outcome.map_err(|reason| ReadFailure::new(path, reason)),
        }
    }
    Err(ReadFailure::new(path, Reason::Changing))
}

fn read_once(
    path: &Path,
    worker: &WorkerCommand,
    limits: &Limits,
    cancel: &dyn Fn() -> bool,
) -> Result<Document, Reason> {
    let before = Stamp::of(&openable(path, limits)?);
    let absolute = path::absolute(path).map_err(|e| Reason::Io(e.kind().to_string()))?;
    let mut worker = Worker::start(worker, &absolute, limits)
        .map_err(|e| Reason::NoWorker(e.kind().to_string()))?;
    let taken = take(&mut worker, limits, cancel)?;
    // The process is gone before the file is looked at again.
    drop(worker);
    if Stamp::of(&look(path)?) != before {
        return Err(Reason::Changing);
    }
    let Some(source) = &taken.source else {
        return Err(taken.end.reason());
    };
    // Size and time can be the same where a file was overwritten in one tick.
    let now = hash::of_file(path, limits.source_bytes).map_err(|e| trouble(&e))?;
    if now != (source.blake3.clone(), source.bytes) {
        return Err(Reason::Changing);
    }
    taken.into_document(path)
}

/// What tells a changed file from an unchanged one without reading it.
#[derive(PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: metadata.modified().ok() }
    }
}

fn look(path: &Path) -> Result<Metadata, Reason> {
    fs::metadata(path).map_err(|e| trouble(&e))
}

/// Makes sure that the file may be opened before anything opens it: to open a
/// named pipe is to wait for a writer.
fn openable(path: &Path, limits: &Limits) -> Result<Metadata, Reason> {
    let metadata = look(path)?;
    if !metadata.is_file() {
        return Err(Reason::NotAFile { what: kind(metadata.file_type()) });
    }
    if metadata.len() > limits.source_bytes {
        return Err(Reason::TooLarge { bytes: metadata.len(), limit: limits.source_bytes });
    }
    File::open(path).map_err(|e| trouble(&e))?;
    Ok(metadata)
}

fn trouble(error: &io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::NotFound => Reason::Missing,
        io::ErrorKind::PermissionDenied => Reason::Permission,
        kind => Reason::Io(kind.to_string()),
    }
}

#[cfg(unix)]
fn kind(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if file_type.is_dir() {
        "a folder"
    } else if file_type.is_fifo() {
        "a named pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind(file_type: FileType) -> &'static str {
    if file_type.is_dir() { "a folder" } else { "a device" }
}

/// How a reading ended.
enum End {
    Whole,
    Refused(ReadError),
    Stopped(Stopped),
}

impl End {
    fn reason(self) -> Reason {
        match self {
            Self::Whole => ReadError::NoPages.into(),
            Self::Refused(error) => error.into(),
            Self::Stopped(stopped) => Reason::Stopped(stopped),
        }
    }
}

/// What a worker delivered.
struct Taken {
    source: Option<SourceRecord>,
    pages: Vec<PageRecord>,
    end: End,
}

/// Listens to a worker until it ends or has to be ended.
fn take(worker: &mut Worker, limits: &Limits, cancel: &dyn Fn() -> bool) -> Result<Taken, Reason> {
    let mut taken = Taken { source: None, pages: Vec::new(), end: End::Whole };
    let started = Instant::now();
    let mut headway = started;
    let mut text_bytes = 0_u64;
    let stopped = loop {
        if cancel() {
            return Err(Reason::Cancelled);
        }
        match worker.hear(TICK) {
            Heard::Record(Record::End { error }) => {
                taken.end = error.map_or(End::Whole, End::Refused);
                return Ok(taken);
            }
            Heard::Record(Record::Source(source)) => taken.source = Some(source),
            Heard::Record(Record::Page(page)) => {
                text_bytes += page.text.len() as u64;
                if text_bytes > limits.text_bytes {
                    break Stopped::Text { limit: limits.text_bytes };
                }
                headway = Instant::now();
                taken.pages.push(page);
            }
            Heard::Nothing => {}
            Heard::Broken(stopped) => break stopped,
        }
        let patience = Duration::from_secs(limits.seconds);
        if headway.elapsed() >= patience || started.elapsed() >= limits.wall(taken.pages.len()) {
            break Stopped::Time { seconds: limits.seconds };
        }
        if worker.memory() > limits.memory_bytes {
            break Stopped::Memory { limit: limits.memory_bytes };
        }
    };
    taken.end = End::Stopped(stopped);
    Ok(taken)
}

impl Taken {
    fn into_document(self, path: &Path) -> Result<Document, Reason> {
        let usable = self.pages.iter().any(|page| page.state != PageState::Failed);
        let Some(source) = self.source.filter(|_| usable) else {
            let end = match self.end {
                End::Whole if !self.pages.is_empty() => End::Refused(ReadError::DamagedPdf {
                    what: format!("none of its {} pages could be read", self.pages.len()),
                }),
                end => end,
            };
            return Err(end.reason());
        };
        let warning = warning(&self.pages, &self.end);
        let (text, mut pages) = laid_out(&self.pages, source.format);
        mark_missing(&mut pages, &self.pages, text.len());
        Ok(Document {
            path: path.to_owned(),
            format: source.format,
            source: SourceHash(source.blake3),
            bytes: source.bytes,
            text,
            pages,
            warning,
        })
    }
}

/// The pages' texts in one, and where each stands. Pages that hold text are set
/// apart by a blank line, except in plain formats, whose pages are the text.
fn laid_out(records: &[PageRecord], format: Format) -> (String, Vec<Page>) {
    let gap = if format == Format::Pdf { "\n\n" } else { "" };
    let mut text = String::new();
    let mut pages: Vec<Page> = Vec::with_capacity(records.len());
    let mut last_with_text: Option<usize> = None;
    for record in records {
        if !record.text.is_empty() {
            if let Some(last) = last_with_text {
                text.push_str(gap);
                pages[last].span.end = text.len();
                for empty in &mut pages[last + 1..] {
                    empty.span = ByteSpan::new(text.len(), text.len());
                }
            }
            last_with_text = Some(pages.len());
        }
        let start = text.len();
        text.push_str(&record.text);
        pages.push(Page {
            n: record.n,
            state: record.state,
            span: ByteSpan::new(start, text.len()),
            reader: record.reader.clone(),
            note: record.note.clone(),
        });
    }
    (text, pages)
}

/// Adds the pages that the document has and the reader did not come to.
fn mark_missing(pages: &mut Vec<Page>, records: &[PageRecord], end: usize) {
    let Some(last) = records.last() else { return };
    for n in last.n + 1..=last.of {
        pages.push(Page {
            n,
            state: PageState::Failed,
            span: ByteSpan::new(end, end),
            reader: last.reader.clone(),
            note: Some("Reading ended before this page.".into()),
        });
    }
}

/// What the reader of any result must know of the reading: where it ended
/// early, and which pages gave no text; `None` where all of them were read.
fn warning(pages: &[PageRecord], end: &End) -> Option<String> {
    let said: Vec<String> =
        [ended_early(pages, end), unread(pages)].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn ended_early(pages: &[PageRecord], end: &End) -> Option<String> {
    let (read, of) = pages.last().map_or((0, 0), |page| (page.n, page.of));
    let why = match end {
        End::Whole if read < of => Some("it has more pages than are read".to_owned()),
        End::Whole => None,
        End::Refused(error) => Some(error.to_string()),
        End::Stopped(stopped) => Some(stopped.to_string()),
    };
    why.map(|why| {
        format!(
            "Reading ended after page {read} of {of}: {why}. The pages after it are missing. Open \
             the file in the program that made it and export it to a new file."
        )
    })
}

/// The pages among those that the reader came to whose text is missing.
fn unread(pages: &[PageRecord]) -> Option<String> {
    let has_text = pages.iter().any(|page| page.state == PageState::Text);
    if !has_text {
        let note = pages.iter().find_map(|page| page.note.as_deref());
        let note = note.unwrap_or("All of them are empty.");
        return Some(format!("No page of it holds text that can be read. {note}"));
    }
    let lost: Vec<&PageRecord> = pages
        .iter()
        .filter(|page| !matches!(page.state, PageState::Text | PageState::Empty))
        .collect();
    let of = pages.last()?.of;
    let said = match lost.as_slice() {
        [] => return None,
        [page] => format!("Page {} of {of} could not be read", page.n),
        _ => format!("{} of {of} pages could not be read ({})", lost.len(), numbers(&lost)),
    };
    // One reason for all of them is said here; several stand beside the pages.
    let note = lost[0].note.as_deref().filter(|_| lost.iter().all(|p| p.note == lost[0].note));
    let note = note.map_or(String::new(), |note| format!(" {note}"));
    Some(format!("{said}; every result lacks what stands there.{note}"))
}

/// Runs of pages that a list names; a longer one says nothing more.
const RUNS: usize = 8;

/// "pages 2, 4 to 6 and 9".
fn numbers(pages: &[&PageRecord]) -> String {
    let runs = pages.chunk_by(|a, b| a.n.checked_add(1) == Some(b.n));
    let mut named: Vec<String> = runs
        .map(|run| match run {
            [first, .., last] => format!("{} to {}", first.n, last.n),
            _ => run[0].n.to_string(),
        })
        .collect();
    if named.len() > RUNS {
        named.truncate(RUNS);
        return format!("pages {} and others", named.join(", "));
    }
    let last = named.pop().unwrap_or_default();
    if named.is_empty() {
        format!("pages {last}")
    } else {
        format!("pages {} and {last}", named.join(", "))
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
