//! The worker's side: one process that reads files that nobody vouches for, one
//! after the other. It limits itself, streams what it finds, and may die at any
//! time; which is also why the next file may well be another worker's.

use std::fs::File;
use std::io::{self, BufRead as _, Read as _, Write};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use super::failure::ReadError;
use super::limits::Limits;
use super::protocol::{Numbered, Piece, Record, Request, SourceRecord};
use super::{extractor, format_of, hash, helpers, invisible};
use crate::domain::document::Format;

/// Enough for every honest file's nesting also in an unoptimised build. A file
/// that needs more kills this process, which is what the process is for.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Exit code of a worker whose parent had nothing more to ask, or has gone.
const DONE: u8 = 0;
/// Exit code of a worker whose reader crashed.
const CRASHED: u8 = 101;

/// The body of the hidden subcommand `__extract`: takes a numbered [`Request`]
/// a line from standard input and writes a numbered [`Record`] a line to
/// standard output. Ends with standard input, also in the middle of a file: who
/// closes it, or dies, wants nothing more.
///
/// Changes the whole process (resource limits, panic hook): nothing else may
/// run in it, and no logger may be set up, since the parsers' own messages hold
/// text of the document.
#[must_use]
pub fn main() -> ExitCode {
    // A panic message quotes the object it stumbled over.
    std::panic::set_hook(Box::new(|_| {}));
    if let Ok(program) = std::env::current_exe() {
        super::pdf::second_reader_is_in(program);
    }
    let (give, requests) = channel();
    let work = move || answer_all(&requests);
    if thread::Builder::new().stack_size(STACK_BYTES).spawn(work).is_err() {
        return ExitCode::from(CRASHED);
    }
    for line in io::stdin().lock().split(b'\n') {
        let request = line.ok().and_then(|line| serde_json::from_slice(&line).ok());
        let Some(request) = request else { return ExitCode::from(CRASHED) };
        if give.send(request).is_err() {
            break;
        }
    }
    // In the middle of a file there may be helpers, and nobody else to end them.
    helpers::end_own();
    ExitCode::from(DONE)
}

fn answer_all(requests: &Receiver<Numbered<Request>>) {
    for (number, request) in requests {
        confine(&request.options.limits);
        let answered = catch_unwind(AssertUnwindSafe(|| {
            let mut out = io::stdout().lock();
            answer(&request, &mut |record| send(&mut out, &(number, record)))
        }));
        match answered {
            Ok(Ok(())) => {}
            Ok(Err(_)) => process::exit(DONE.into()),
            // The reader may have left anything behind.
            Err(_) => process::exit(CRASHED.into()),
        }
    }
}

/// Puts the process under the system's own limits for one file. Where one
/// cannot be set (no `RLIMIT_AS` on macOS, say) the parent's watch over memory
/// and time remains.
#[cfg(unix)]
fn confine(limits: &Limits) {
    use rlimit::{Resource, getrlimit, setrlimit};
    // The hard limits stay, so that the next file can be given others.
    let set = |resource, soft: u64| {
        let hard = getrlimit(resource).map_or(rlimit::INFINITY, |(_, hard)| hard);
        let _ = setrlimit(resource, soft.min(hard), hard);
    };
    set(Resource::AS, limits.memory_bytes);
    set(Resource::CPU, seconds_used().saturating_add(limits.seconds_in_all));
    // A core file would hold the document.
    let _ = setrlimit(Resource::CORE, 0, 0);
}

#[cfg(not(unix))]
fn confine(_: &Limits) {}

/// Seconds of processor time that this process has used, rounded up.
#[cfg(unix)]
fn seconds_used() -> u64 {
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};
    let own = Pid::from_u32(process::id());
    let mut system = System::new();
    let what = ProcessRefreshKind::nothing().with_cpu().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), true, what);
    let milliseconds = system.process(own).map_or(0, sysinfo::Process::accumulated_cpu_time);
    milliseconds.div_ceil(1000)
}

/// Where records go.
type Tell<'a> = dyn FnMut(Record) -> io::Result<()> + 'a;

/// Reads what is asked for and tells all of it, the end included.
///
/// # Errors
/// When `tell` fails: there is nobody left to tell.
pub fn answer(request: &Request, tell: &mut Tell<'_>) -> io::Result<()> {
    let mut gone = Ok(());
    let error = read(request, &mut |record| {
        gone = tell(record);
        if gone.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    gone?;
    tell(Record::End { error: error.err() })
}

fn read(
    request: &Request,
    tell: &mut dyn FnMut(Record) -> ControlFlow<()>,
) -> Result<(), ReadError> {
    let limits = &request.options.limits;
    let opened = Opened::new(&request.path, limits)?.descend(&request.part, limits)?;
    if tell(Record::Source(opened.record())).is_break() {
        return Ok(());
    }
    let mut room = limits.pages;
    extractor(opened.format).read(&opened.source, &request.options, &mut |piece| {
        let is_page = matches!(piece, Piece::Page(_));
        if is_page && room == 0 {
            return ControlFlow::Break(());
        }
        room -= u32::from(is_page);
        tell(prepared(piece).into())
    })
}

/// Marks what is looked for in the pages of every format.
fn prepared(mut piece: Piece) -> Piece {
    if let Piece::Page(page) = &mut piece {
        invisible::mark(&page.text, &mut page.marks);
    }
    piece
}

/// A document whose bytes are there.
struct Opened {
    format: Format,
    source: Vec<u8>,
    /// Of a part, the hash of the whole file.
    container: Option<String>,
}

impl Opened {
    fn new(path: &Path, limits: &Limits) -> Result<Self, ReadError> {
        let mut source = Vec::new();
        let opened = File::open(path);
        let read = opened.and_then(|file| file.take(limits.source_bytes).read_to_end(&mut source));
        read.map_err(|e| ReadError::Io { what: e.kind().to_string() })?;
        let format = format_of(path, &source)?;
        Ok(Self { format, source, container: None })
    }

    /// The document that the names lead to, one inside the other.
    fn descend(mut self, names: &[String], limits: &Limits) -> Result<Self, ReadError> {
        for name in names {
            let container = self.container.unwrap_or_else(|| hash::of_bytes(&self.source));
            let source = extractor(self.format).part(&self.source, name)?;
            let bytes = source.len() as u64;
            if bytes > limits.source_bytes {
                return Err(ReadError::LargePart { bytes, limit: limits.source_bytes });
            }
            let format = format_of(&PathBuf::from(name), &source)?;
            self = Self { format, source, container: Some(container) };
        }
        Ok(self)
    }

    fn record(&self) -> SourceRecord {
        SourceRecord {
            format: self.format,
            blake3: hash::of_bytes(&self.source),
            bytes: self.source.len() as u64,
            container: self.container.clone(),
        }
    }
}

fn send(out: &mut dyn Write, record: &Numbered<Record>) -> io::Result<()> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::options::Options;

    fn records(path: &Path, part: &[&str]) -> Vec<Record> {
        let part = part.iter().map(|name| (*name).to_owned()).collect();
        let request = Request { path: path.to_owned(), part, options: Options::default() };
        let mut records = Vec::new();
        let told = answer(&request, &mut |record| {
            records.push(record);
            Ok(())
        });
        told.expect("all of it is taken");
        records
    }

    #[test]
    fn source_pages_and_end_come_in_this_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "one\u{C}two").expect("written");
        let records = records(&path, &[]);
        let [Record::Source(source), Record::Page(one), Record::Page(two), Record::End { error }] =
            &records[..]
        else {
            panic!("{records:?}")
        };
        assert_eq!((source.bytes, &source.container), (7, &None));
        assert_eq!((one.text.as_str(), two.text.as_str()), ("one\u{C}", "two"));
        assert_eq!(error, &None);
    }

    #[test]
    fn an_unreadable_path_is_an_end_with_an_error() {
        let records = records(Path::new("no/such/file.txt"), &[]);
        assert!(
            matches!(&records[..], [Record::End { error: Some(ReadError::Io { .. }) }]),
            "{records:?}"
        );
    }

    #[test]
    fn a_part_of_a_text_is_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "one").expect("written");
        let records = records(&path, &["b.pdf"]);
        assert_eq!(records, [Record::End { error: Some(ReadError::NoPart) }]);
    }

    #[test]
    fn no_more_pages_are_told_than_are_asked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "1\u{C}2\u{C}3").expect("written");
        let options = Options::within(Limits { pages: 2, ..Limits::default() });
        let mut pages = 0;
        let told = answer(&Request { path, part: Vec::new(), options }, &mut |record| {
            pages += u32::from(matches!(record, Record::Page(_)));
            Ok(())
        });
        told.expect("all of it is taken");
        assert_eq!(pages, 2);
    }

    #[test]
    fn nothing_more_is_read_when_nobody_listens() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "one\u{C}two").expect("written");
        let request = Request { path, part: Vec::new(), options: Options::default() };
        let mut told = 0;
        let outcome = answer(&request, &mut |_| {
            told += 1;
            Err(io::ErrorKind::BrokenPipe.into())
        });
        assert!(outcome.is_err());
        assert_eq!(told, 1);
    }
}
