//! One running worker as the parent sees it: a file is asked for, a stream of
//! records comes, and more files may follow. Kills and reaps its process
//! whatever happens. How many there are and when one is used again is the
//! pool's matter.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use super::failure::Stopped;
use super::helpers::Family;
use super::limits::Limits;
use super::pool::WorkerCommand;
use super::protocol::{Numbered, Record, Request};
use crate::environment::without_secrets;

/// What came from the worker within the time waited.
pub enum Heard {
    Record(Record),
    Nothing,
    /// The output ended without an end record, is not what a worker writes, or
    /// is more than a worker may write.
    Broken(Stopped),
}

/// How many records may wait: a worker ahead of its parent is held up, so that
/// its pages do not pile up here.
const WAITING: usize = 4;

/// Bytes of standard error that are kept, the last ones.
const COMPLAINT_BYTES: usize = 16 * 1024;
/// How long the last words of a worker that has ended are waited for. A program
/// that it had started may hold its standard error open for longer.
const LAST_WORDS: Duration = Duration::from_secs(2);

pub struct Worker {
    child: Child,
    /// `None` once nothing can be asked any more.
    requests: Option<ChildStdin>,
    lines: Receiver<Line>,
    /// Bytes that the answer to the present request may still take.
    room: Arc<AtomicU64>,
    complaint: Receiver<Option<Complaint>>,
    /// The number of the present request, or of the last one.
    asked: u64,
    memory_limit: u64,
    text_limit: u64,
    /// Whether the present request is not answered to the end.
    is_busy: bool,
    family: Family,
}

/// A line of a worker's output.
enum Line {
    /// A record, with the number of the request that it belongs to.
    Record(Numbered<Record>),
    /// Something else.
    Nonsense,
    /// More than there was room for.
    TooMuch,
}

/// What the run-time library says before it aborts.
#[derive(Clone, Copy)]
enum Complaint {
    Stack,
    Memory,
}

impl Worker {
    /// Starts a worker, which waits for what it is asked.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(command: &WorkerCommand) -> io::Result<Self> {
        let mut process = std::process::Command::new(&command.program);
        let family = Family::new(&mut process);
        let mut child = without_secrets(&mut process)
            .args(&command.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let requests = child.stdin.take();
        let output = child.stdout.take().expect("standard output was asked for");
        let errors = child.stderr.take().expect("standard error was asked for");
        let room = Arc::new(AtomicU64::new(0));
        let (sender, lines) = sync_channel(WAITING);
        let left = Arc::clone(&room);
        thread::spawn(move || forward(output, &left, &sender));
        let (last, complaint) = channel();
        thread::spawn(move || last.send(heard_last(errors)));
        Ok(Self {
            child,
            requests,
            lines,
            room,
            complaint,
            asked: 0,
            memory_limit: 0,
            text_limit: 0,
            is_busy: false,
            family,
        })
    }

    /// Asks for a file; its records can be heard from now on.
    ///
    /// # Errors
    /// When the worker has gone, or said something unasked.
    pub fn ask(&mut self, request: &Request) -> io::Result<()> {
        if self.lines.try_recv().is_ok() {
            return Err(io::Error::other("it spoke without being asked"));
        }
        self.asked += 1;
        self.is_busy = true;
        let limits = &request.options.limits;
        (self.memory_limit, self.text_limit) = (limits.memory_bytes, limits.text_bytes);
        self.room.store(room(limits), Ordering::Release);
        let mut line = serde_json::to_vec(&(self.asked, request))?;
        line.push(b'\n');
        let pipe = self.requests.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        pipe.write_all(&line)?;
        pipe.flush()
    }

    /// The next record, if one comes within `wait`.
    pub fn hear(&mut self, wait: Duration) -> Heard {
        match self.lines.recv_timeout(wait) {
            Ok(Line::Record((asked, record))) if asked == self.asked => {
                self.is_busy &= !matches!(record, Record::End { .. });
                Heard::Record(record)
            }
            Ok(Line::Record(_) | Line::Nonsense) => Heard::Broken(Stopped::Nonsense),
            Ok(Line::TooMuch) => Heard::Broken(Stopped::Text { limit: self.text_limit }),
            Err(RecvTimeoutError::Timeout) => Heard::Nothing,
            Err(RecvTimeoutError::Disconnected) => Heard::Broken(self.autopsy()),
        }
    }

    /// Resident memory of the worker and of what it started, in bytes; 0 where
    /// the system does not say.
    pub fn memory(&mut self) -> u64 {
        self.family.memory(self.child.id())
    }

    /// How many files it was asked for.
    pub fn files(&self) -> u64 {
        self.asked
    }

    /// The system's number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn autopsy(&mut self) -> Stopped {
        self.end();
        match self.complaint.recv_timeout(LAST_WORDS).ok().flatten() {
            Some(Complaint::Memory) => Stopped::Memory { limit: self.memory_limit },
            Some(Complaint::Stack) => Stopped::Depth,
            None => Stopped::Crash,
        }
    }

    fn end(&mut self) {
        self.requests = None;
        // Killing a process that has ended is an error without meaning.
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Between two files it has no helpers.
        if std::mem::take(&mut self.is_busy) {
            self.family.end(self.child.id());
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

/// Bytes of records that an answer may take: escapes double a text at most, and
/// the places of its words take about four times its room.
fn room(limits: &Limits) -> u64 {
    limits.text_bytes.saturating_mul(4).saturating_add(16 * 1024 * 1024)
}

/// Sends each line as a record. Ends with the output, after a line that is
/// none, or when nobody listens.
fn forward(output: ChildStdout, room: &AtomicU64, sender: &SyncSender<Line>) {
    let mut output = BufReader::new(output);
    let mut bytes = Vec::new();
    loop {
        // Before the first byte of a line is there, `room` may be raised.
        if !output.fill_buf().is_ok_and(|ready| !ready.is_empty()) {
            break;
        }
        let most = room.load(Ordering::Acquire);
        let read = output.by_ref().take(most).read_until(b'\n', &mut bytes).unwrap_or(0) as u64;
        let _ = room.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| {
            Some(left.saturating_sub(read))
        });
        let line = if bytes.last() == Some(&b'\n') {
            serde_json::from_slice(&bytes).map_or(Line::Nonsense, Line::Record)
        } else if read >= most {
            Line::TooMuch
        } else {
            // Cut off by the worker's death.
            break;
        };
        let is_last = !matches!(line, Line::Record(_));
        if sender.send(line).is_err() || is_last {
            break;
        }
        bytes.clear();
    }
}

/// Looks for the run-time library's last words and keeps nothing else: what a
/// parser writes may be text of the document.
fn heard_last(mut errors: ChildStderr) -> Option<Complaint> {
    let mut said = Vec::new();
    let mut piece = [0; 4096];
    // All is read, so that a talkative worker is not held up.
    while let Ok(read @ 1..) = errors.read(&mut piece) {
        said.extend_from_slice(&piece[..read]);
        let before = said.len().saturating_sub(COMPLAINT_BYTES);
        said.drain(..before);
    }
    let said = String::from_utf8_lossy(&said);
    if said.contains("has overflowed its stack") {
        Some(Complaint::Stack)
    } else if said.contains("memory allocation of") {
        Some(Complaint::Memory)
    } else {
        None
    }
}
