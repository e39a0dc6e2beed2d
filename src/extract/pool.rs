//! The workers of one program: at most one a core at a time, used again from
//! file to file, ended when they have grown large or old, and never used again
//! after anything went wrong. Knows no file.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::process::Worker;

/// How a worker is started; what it is to read it is told later.
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

/// A worker that holds more than this after a file has kept what it should have
/// given back, in bytes.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// After so many files a new worker takes over, whatever the readers may have
/// let leak.
const MOST_FILES: u64 = 200;
/// How long a worker without work is kept.
const KEPT: Duration = Duration::from_secs(20);
/// How often somebody who waits for a worker is asked whether they still do.
const TICK: Duration = Duration::from_millis(50);

/// The workers. Cheap to clone; they end with the last clone.
#[derive(Clone)]
pub struct Workers(Arc<Pool>);

struct Pool {
    command: WorkerCommand,
    most: usize,
    most_memory: u64,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Idle>,
    busy: usize,
    /// Whether a thread looks after the idle ones.
    watched: bool,
    started: usize,
}

struct Idle {
    worker: Worker,
    since: Instant,
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers").field("command", &self.0.command).finish_non_exhaustive()
    }
}

impl Workers {
    /// Workers that `command` starts, as many at a time as there are cores.
    #[must_use]
    pub fn new(command: WorkerCommand) -> Self {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::bounded(command, cores, MOST_MEMORY)
    }

    /// As [`Workers::new`], with at most `most` workers at a time, none of
    /// which is used again when it holds more than `most_memory` bytes.
    #[must_use]
    pub fn bounded(command: WorkerCommand, most: usize, most_memory: u64) -> Self {
        let (state, freed) = (Mutex::default(), Condvar::new());
        Self(Arc::new(Pool { command, most: most.max(1), most_memory, state, freed }))
    }

    /// How many may be at work at a time.
    #[must_use]
    pub fn most(&self) -> usize {
        self.0.most
    }

    /// How many processes were started so far.
    #[must_use]
    pub fn started(&self) -> usize {
        self.0.lock().started
    }

    /// The process ids of the workers that wait for work.
    #[must_use]
    pub fn idle(&self) -> Vec<u32> {
        self.0.lock().idle.iter().map(|idle| idle.worker.id()).collect()
    }

    /// A worker to oneself, when one is free; `None` when `cancel` says so
    /// first, which is asked every 50 ms.
    ///
    /// # Errors
    /// When a new worker cannot be started.
    pub(super) fn lease(&self, cancel: &dyn Fn() -> bool) -> io::Result<Option<Lease>> {
        let mut state = self.0.lock();
        while state.busy >= self.0.most {
            let waited = self.0.freed.wait_timeout(state, TICK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            if cancel() {
                return Ok(None);
            }
        }
        state.busy += 1;
        let idle = state.idle.pop().map(|idle| idle.worker);
        drop(state);
        // From here on the place is given back when the lease is dropped.
        let mut lease = Lease { pool: Arc::clone(&self.0), worker: idle, is_sound: false };
        if lease.worker.is_none() {
            lease.renew()?;
        }
        Ok(Some(lease))
    }
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a worker that has just done well may go on.
    fn keeps(&self, worker: &mut Worker) -> bool {
        worker.files() < MOST_FILES && worker.memory() <= self.most_memory
    }

    /// Takes a worker back, or only its place.
    fn take_back(self: &Arc<Self>, worker: Option<Worker>) {
        let mut state = self.lock();
        state.busy -= 1;
        if let Some(worker) = worker {
            state.idle.push(Idle { worker, since: Instant::now() });
            if !state.watched {
                state.watched = true;
                let pool = Arc::downgrade(self);
                thread::spawn(move || watch(&pool));
            }
        }
        drop(state);
        self.freed.notify_one();
    }
}

/// Ends workers that were not needed for a while; ends itself when none waits.
fn watch(pool: &Weak<Pool>) {
    loop {
        thread::sleep(KEPT);
        let Some(pool) = pool.upgrade() else { return };
        let mut state = pool.lock();
        let old =
            state.idle.extract_if(.., |idle| idle.since.elapsed() >= KEPT).collect::<Vec<_>>();
        let is_done = state.idle.is_empty();
        state.watched = !is_done;
        drop(state);
        // Reaped without holding anybody up.
        drop(old);
        if is_done {
            return;
        }
    }
}

/// A worker for one file. It is ended when this is dropped, unless it was said
/// to have done well.
pub(super) struct Lease {
    pool: Arc<Pool>,
    /// `Some` but while it is being started.
    worker: Option<Worker>,
    is_sound: bool,
}

impl Lease {
    /// Puts a new worker in the place of this one.
    ///
    /// # Errors
    /// When none can be started.
    pub fn renew(&mut self) -> io::Result<()> {
        self.worker = None;
        self.worker = Some(Worker::start(&self.pool.command)?);
        self.pool.lock().started += 1;
        Ok(())
    }

    /// The file was answered to the end: the worker waits for another one.
    pub fn done(mut self) {
        self.is_sound = true;
    }
}

impl Deref for Lease {
    type Target = Worker;

    fn deref(&self) -> &Worker {
        self.worker.as_ref().expect("a lease that was handed out has a worker")
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Worker {
        self.worker.as_mut().expect("a lease that was handed out has a worker")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let sound = self.worker.take().filter(|_| self.is_sound);
        let kept = sound.and_then(|mut worker| self.pool.keeps(&mut worker).then_some(worker));
        self.pool.take_back(kept);
    }
}
