//! The parent's side: reads a file through a worker process and lives through
//! whatever the file does to it. Pages that came before a crash, a hang or a
//! limit are kept. Knows no format.

use std::path::{self, Path};
use std::time::{Duration, Instant};

use super::assemble::{End, Taken};
use super::failure::{ReadFailure, Reason, Stopped};
use super::hash;
use super::locate::{Location, Stamp, locate, look, openable, trouble};
use super::options::Options;
use super::pool::{Lease, Workers};
use super::process::{Heard, Worker};
use super::protocol::{Record, Request, SourceRecord};
use crate::domain::document::Document;

/// How often the person's cancelling, the clock and the memory are looked at.
const TICK: Duration = Duration::from_millis(50);

/// Reads the document at `path` by one of `workers`. Blocks, first until one of
/// them is free; `cancel` is asked about every 50 ms.
///
/// A path below a file names a document inside it: "mail.eml/contract.pdf".
/// Symbolic links are followed to regular files. A file that changes while it
/// is read is read once more.
///
/// # Errors
/// When not one page came out of the file, or the person cancelled.
pub fn read(
    path: &Path,
    workers: &Workers,
    options: &Options,
    cancel: &dyn Fn() -> bool,
) -> Result<Document, ReadFailure> {
    for _ in 0..2 {
        match read_once(path, workers, options, cancel) {
            Err(Reason::Changing) => {}
            outcome => return outcome.map_err(|reason| ReadFailure::new(path, reason)),
        }
    }
    Err(ReadFailure::new(path, Reason::Changing))
}

fn read_once(
    path: &Path,
    workers: &Workers,
    options: &Options,
    cancel: &dyn Fn() -> bool,
) -> Result<Document, Reason> {
    let limits = &options.limits;
    let location = locate(path);
    location.check_depth()?;
    let Location { file, parts } = location;
    let before = Stamp::of(&openable(&file, limits)?);
    let absolute = path::absolute(&file).map_err(|e| Reason::Io(e.kind().to_string()))?;
    let request = Request { path: absolute, part: parts, options: options.clone() };
    let taken = ask(workers, &request, cancel)?;
    if Stamp::of(&look(&file)?) != before {
        return Err(Reason::Changing);
    }
    let Some(source) = &taken.source else {
        return Err(taken.end.reason());
    };
    // Size and time can be the same where a file was overwritten in one tick.
    let now = hash::of_file(&file, limits.source_bytes).map_err(|e| trouble(&e))?;
    if !is_of(source, &now) {
        return Err(Reason::Changing);
    }
    taken.into_document(path)
}

/// Whether what was read is the file, or in the file, that has this hash and
/// this many bytes.
fn is_of(source: &SourceRecord, (blake3, bytes): &(String, u64)) -> bool {
    match &source.container {
        Some(container) => container == blake3,
        None => source.blake3 == *blake3 && source.bytes == *bytes,
    }
}

/// Has a worker answer. What a file does to a worker must not depend on the
/// files that it read before: one that dies of something else than a first file
/// is asked again in the person of a new one.
fn ask(workers: &Workers, request: &Request, cancel: &dyn Fn() -> bool) -> Result<Taken, Reason> {
    let no_worker = |e: std::io::Error| Reason::NoWorker(e.kind().to_string());
    let mut lease = workers.lease(cancel).map_err(no_worker)?.ok_or(Reason::Cancelled)?;
    let was_used = lease.files() > 0;
    let asked = lease.ask(request);
    if asked.is_ok() || !was_used {
        let taken = take(&mut lease, &request.options, cancel)?;
        let is_dead = matches!(
            taken.end,
            End::Stopped(
                Stopped::Crash | Stopped::Depth | Stopped::Memory { .. } | Stopped::Nonsense
            )
        );
        if !(was_used && is_dead) {
            settle(lease, &taken);
            return Ok(taken);
        }
    }
    lease.renew().map_err(no_worker)?;
    // A worker that cannot be asked has ended, which is heard next.
    let _ = lease.ask(request);
    let taken = take(&mut lease, &request.options, cancel)?;
    settle(lease, &taken);
    Ok(taken)
}

/// Gives a worker back that came to the end of its answer; ends any other.
fn settle(lease: Lease, taken: &Taken) {
    if !matches!(taken.end, End::Stopped(_)) {
        lease.done();
    }
}

/// Listens to a worker until it is through or has to be ended.
fn take(
    worker: &mut Worker,
    options: &Options,
    cancel: &dyn Fn() -> bool,
) -> Result<Taken, Reason> {
    let limits = &options.limits;
    let patience = limits.patience(options.ocr);
    let mut taken =
        Taken { source: None, pages: Vec::new(), markup: None, parts: Vec::new(), end: End::Whole };
    let started = Instant::now();
    let (mut headway, mut looked) = (started, started);
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
            Heard::Record(Record::Markup(markup)) => taken.markup = Some(markup),
            Heard::Record(Record::Part(part)) => taken.parts.push(part),
            Heard::Nothing => {}
            Heard::Broken(stopped) => break stopped,
        }
        if headway.elapsed() >= patience {
            break Stopped::Time { seconds: patience.as_secs() };
        }
        let wall = limits.wall(taken.pages.len(), options.ocr);
        if started.elapsed() >= wall {
            break Stopped::Slow { seconds: wall.as_secs() };
        }
        if looked.elapsed() >= TICK {
            looked = Instant::now();
            if worker.memory() > limits.memory_bytes {
                break Stopped::Memory { limit: limits.memory_bytes };
            }
        }
    };
    taken.end = End::Stopped(stopped);
    Ok(taken)
}
