//! One running worker as the parent sees it: a stream of records, a memory
//! reading, an end. Kills and reaps its process whatever happens.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

use super::failure::Stopped;
use super::guard::WorkerCommand;
use super::limits::Limits;
use super::protocol::Record;
use crate::environment::without_secrets;

/// What came from the worker within the time waited.
pub enum Heard {
    Record(Record),
    Nothing,
    /// The output ended without an end record, or is not what a worker writes.
    Broken(Stopped),
}

/// How many records may wait: a worker ahead of its parent is held up, so that
/// its pages do not pile up here.
const WAITING: usize = 4;

/// Most bytes of standard error that are looked at.
const COMPLAINT_BYTES: u64 = 64 * 1024;

pub struct Worker {
    child: Child,
    records: Receiver<Option<Record>>,
    complaint: Option<JoinHandle<Option<Complaint>>>,
    memory_limit: u64,
    system: System,
}

/// What the run-time library says before it aborts.
#[derive(Clone, Copy)]
enum Complaint {
    Stack,
    Memory,
}

impl Worker {
    /// Starts `command` on the file at `path`, which has to be absolute.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(command: &WorkerCommand, path: &Path, limits: &Limits) -> io::Result<Self> {
        let mut process = Command::new(&command.program);
        let mut child = without_secrets(&mut process)
            .args(&command.args)
            .arg(path)
            .arg(limits.to_argument())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().expect("standard output was asked for");
        let errors = child.stderr.take().expect("standard error was asked for");
        let (sender, records) = sync_channel(WAITING);
        // Escapes double the text at most; the rest is the records' frames.
        let most = limits.text_bytes.saturating_mul(2).saturating_add(16 * 1024 * 1024);
        thread::spawn(move || forward(output, most, &sender));
        let complaint = Some(thread::spawn(move || complaint(errors)));
        let memory_limit = limits.memory_bytes;
        Ok(Self { child, records, complaint, memory_limit, system: System::new() })
    }

    /// The next record, if one comes within `wait`.
    pub fn hear(&mut self, wait: Duration) -> Heard {
        match self.records.recv_timeout(wait) {
            Ok(Some(record)) => Heard::Record(record),
            Ok(None) => Heard::Broken(Stopped::Nonsense),
            Err(RecvTimeoutError::Timeout) => Heard::Nothing,
            Err(RecvTimeoutError::Disconnected) => Heard::Broken(self.autopsy()),
        }
    }

    /// Resident memory of the worker in bytes; 0 where the system does not say.
    pub fn memory(&mut self) -> u64 {
        let pid = Pid::from_u32(self.child.id());
        let what = ProcessRefreshKind::nothing().with_memory();
        self.system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, what);
        self.system.process(pid).map_or(0, sysinfo::Process::memory)
    }

    fn autopsy(&mut self) -> Stopped {
        self.end();
        let complaint = self.complaint.take().and_then(|thread| thread.join().ok()).flatten();
        match complaint {
            Some(Complaint::Memory) => Stopped::Memory { limit: self.memory_limit },
            Some(Complaint::Stack) => Stopped::Depth,
            None => Stopped::Crash,
        }
    }

    fn end(&mut self) {
        // Killing a process that has ended is an error without meaning.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

/// Sends each line as a record, `None` for one that is not a record. Ends with
/// the output, after `most` bytes, or when nobody listens.
fn forward(output: ChildStdout, most: u64, sender: &SyncSender<Option<Record>>) {
    let mut lines = BufReader::new(output.take(most));
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // A line without an end was cut off by the worker's death.
        if line.last() != Some(&b'\n') {
            break;
        }
        let record = serde_json::from_slice(&line).ok();
        let broken = record.is_none();
        if sender.send(record).is_err() || broken {
            break;
        }
        line.clear();
    }
}

/// Looks for the run-time library's last words and keeps nothing else: what a
/// parser writes may be text of the document.
fn complaint(mut errors: ChildStderr) -> Option<Complaint> {
    let mut said = Vec::new();
    let _ = errors.by_ref().take(COMPLAINT_BYTES).read_to_end(&mut said);
    // The pipe is emptied so that a talkative worker is not held up.
    let _ = io::copy(&mut errors, &mut io::sink());
    let said = String::from_utf8_lossy(&said);
    if said.contains("has overflowed its stack") {
        Some(Complaint::Stack)
    } else if said.contains("memory allocation of") {
        Some(Complaint::Memory)
    } else {
        None
    }
}
