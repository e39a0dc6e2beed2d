//! The programs that a worker starts in turn (another reader of PDF, character
//! recognition): counted with it, and ended with it however it ended. They are
//! known by a mark in their environment, which they inherit, since the system
//! forgets whose they were once the worker is gone. Knows none of them.

use std::ffi::OsString;
use std::io;
use std::mem;
use std::process::{self, Child, Command};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

/// The variable that carries the mark.
const VARIABLE: &str = "GALLEY_WORKER";

/// How often helpers are looked for: all processes of the machine are gone
/// through for it.
const GLANCE: Duration = Duration::from_secs(1);

/// Held while a helper is being started.
static STARTING: Mutex<()> = Mutex::new(());

/// Starts a helper of this process.
///
/// # Errors
/// Where the program is not there or may not be run.
pub fn start(command: &mut Command) -> io::Result<Child> {
    let _held = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    command.spawn()
}

/// Ends the helpers of this process, a worker, which starts no more of them:
/// the last thing that it does.
pub fn end_own() {
    // Never given back.
    mem::forget(STARTING.lock().unwrap_or_else(PoisonError::into_inner));
    if let Some(mark) = std::env::var_os(VARIABLE) {
        Family::of_mark(mark).end(process::id());
    }
}

/// A worker and its helpers.
pub struct Family {
    /// As it stands in the environment: `GALLEY_WORKER=…`.
    mark: OsString,
    /// Of the worker and its helpers alone.
    system: System,
    helpers: Vec<Pid>,
    looked: Instant,
}

impl Family {
    /// The family of the worker that `command` is about to start.
    pub fn new(command: &mut Command) -> Self {
        static STARTED: AtomicU64 = AtomicU64::new(0);
        let n = STARTED.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{n}", process::id());
        command.env(VARIABLE, &mark);
        Self::of_mark(mark.into())
    }

    fn of_mark(mark: OsString) -> Self {
        let mut entry = OsString::from(VARIABLE);
        entry.push("=");
        entry.push(mark);
        let (system, helpers, looked) = (System::new(), Vec::new(), Instant::now());
        Self { mark: entry, system, helpers, looked }
    }

    /// Resident memory of `worker` and its helpers in bytes; 0 where the system
    /// does not say. A helper counts from its second second on.
    pub fn memory(&mut self, worker: u32) -> u64 {
        let worker = Pid::from_u32(worker);
        if self.looked.elapsed() >= GLANCE {
            self.looked = Instant::now();
            self.helpers = self.find(worker).1;
        }
        let mut all = self.helpers.clone();
        all.push(worker);
        let what = ProcessRefreshKind::nothing().with_memory().without_tasks();
        self.system.refresh_processes_specifics(ProcessesToUpdate::Some(&all), true, what);
        all.iter().filter_map(|pid| self.system.process(*pid)).map(Process::memory).sum()
    }

    /// Ends the helpers of `worker`. Where it may still start some, it has to
    /// be ended first.
    pub fn end(&self, worker: u32) {
        let (system, helpers) = self.find(Pid::from_u32(worker));
        for helper in helpers {
            // One that has ended by itself meanwhile is not killed.
            let _ = system.process(helper).is_some_and(Process::kill);
        }
    }

    /// The helpers among the processes of the machine. What stands in the
    /// environment of others is not kept for longer than that.
    fn find(&self, worker: Pid) -> (System, Vec<Pid>) {
        let mut system = System::new();
        let what = ProcessRefreshKind::nothing().with_environ(UpdateKind::Always);
        let (all, what) = (ProcessesToUpdate::All, what.without_tasks());
        system.refresh_processes_specifics(all, true, what);
        let is_helper = |(pid, process): &(&Pid, &Process)| {
            **pid != worker && process.environ().contains(&self.mark)
        };
        let helpers = system.processes().iter().filter(is_helper);
        let helpers = helpers.map(|(pid, _)| *pid).collect();
        (system, helpers)
    }
}
