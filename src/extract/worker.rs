//! The worker's side: one process reads one file that nobody vouches for. It
//! limits itself, streams what it finds, and may die at any time.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use super::failure::ReadError;
use super::limits::Limits;
use super::protocol::{Record, SourceRecord};
use super::{extractor, format_of, hash};

/// Enough for every honest file's nesting also in an unoptimised build. A file
/// that needs more kills this process, which is what the process is for.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Exit code of a worker that ended well, whatever it thought of the file.
const DONE: u8 = 0;
/// Exit code of a worker whose reader crashed.
const CRASHED: u8 = 101;

/// The body of the hidden subcommand `__extract PATH [LIMITS]`: reads the file
/// at `path` and writes a [`Record`] a line to standard output.
///
/// Changes the whole process (resource limits, panic hook): nothing else may
/// run in it, and no logger may be set up, since the parsers' own messages hold
/// text of the document.
#[must_use]
pub fn main(path: &Path, limits: &Limits) -> ExitCode {
    confine(limits);
    // A panic message quotes the object it stumbled over.
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = thread::scope(|scope| {
        let work = || stream(path, limits, &mut io::stdout().lock());
        let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        thread.map(|handle| handle.join().is_ok())
    });
    ExitCode::from(if matches!(outcome, Ok(true)) { DONE } else { CRASHED })
}

/// Puts the process under the system's own limits. Where one cannot be set (no
/// `RLIMIT_AS` on macOS, say) the parent's watch over memory and time remains.
#[cfg(unix)]
fn confine(limits: &Limits) {
    use rlimit::{Resource, setrlimit};
    let _ = setrlimit(Resource::AS, limits.memory_bytes, limits.memory_bytes);
    let _ = setrlimit(Resource::CPU, limits.seconds_in_all, limits.seconds_in_all);
    // A core file would hold the document.
    let _ = setrlimit(Resource::CORE, 0, 0);
}

#[cfg(not(unix))]
fn confine(_: &Limits) {}

fn stream(path: &Path, limits: &Limits, out: &mut dyn Write) {
    let error = read(path, limits, out).err();
    // Where the parent has gone there is nobody left to tell.
    let _ = send(out, &Record::End { error });
}

fn read(path: &Path, limits: &Limits, out: &mut dyn Write) -> Result<(), ReadError> {
    let mut source = Vec::new();
    let opened = File::open(path);
    let read = opened.and_then(|file| file.take(limits.source_bytes).read_to_end(&mut source));
    let bytes = read.map_err(|e| ReadError::Io { what: e.kind().to_string() })? as u64;
    let format = format_of(path, &source)?;
    let blake3 = hash::of_bytes(&source);
    let told = send(out, &Record::Source(SourceRecord { format, blake3, bytes }));
    if told.is_err() {
        return Ok(());
    }
    extractor(format).read(&source, limits, &mut |page| match send(out, &Record::Page(page)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    })
}

fn send(out: &mut dyn Write, record: &Record) -> io::Result<()> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(path: &Path) -> Vec<Record> {
        let mut out = Vec::new();
        stream(path, &Limits::default(), &mut out);
        let lines = out.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).expect("a record a line")).collect()
    }

    #[test]
    fn source_pages_and_end_come_in_this_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "one\u{C}two").expect("written");
        let records = records(&path);
        let [Record::Source(source), Record::Page(one), Record::Page(two), Record::End { error }] =
            &records[..]
        else {
            panic!("{records:?}")
        };
        assert_eq!(source.bytes, 7);
        assert_eq!((one.text.as_str(), two.text.as_str()), ("one\u{C}", "two"));
        assert_eq!(error, &None);
    }

    #[test]
    fn an_unreadable_path_is_an_end_with_an_error() {
        let records = records(Path::new("no/such/file.txt"));
        assert!(
            matches!(&records[..], [Record::End { error: Some(ReadError::Io { .. }) }]),
            "{records:?}"
        );
    }
}
