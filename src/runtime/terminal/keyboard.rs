//! The one reader of the terminal's events. It can be paused, so that an
//! editor has the keyboard for itself: an event stream of the terminal library
//! goes on reading for a while after it was dropped.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crossterm::event::{Event, poll, read};
use futures_util::Stream;
use futures_util::stream::poll_fn;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long the reader may take to notice that it shall pause. Keys are
/// reported at once all the same.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
struct Gate {
    /// What is wanted.
    paused: bool,
    /// What is: the reader stands at the gate and touches nothing.
    waiting: bool,
    closed: bool,
}

#[derive(Debug, Default)]
struct Shared {
    gate: Mutex<Gate>,
    changed: Condvar,
}

impl Shared {
    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the gate and waits until the reader has come to it or left it.
    fn set(&self, paused: bool) {
        let mut gate = self.gate();
        gate.paused = paused;
        self.changed.notify_all();
        while gate.waiting != paused && !gate.closed {
            gate = self.changed.wait(gate).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Stands at the gate while it is shut; `false` when the reader shall end.
    fn pass(&self) -> bool {
        let mut gate = self.gate();
        while gate.paused && !gate.closed {
            gate.waiting = true;
            self.changed.notify_all();
            gate = self.changed.wait(gate).unwrap_or_else(PoisonError::into_inner);
        }
        gate.waiting = false;
        self.changed.notify_all();
        !gate.closed
    }

    fn close(&self) {
        self.gate().closed = true;
        self.changed.notify_all();
    }
}

/// The terminal's events as they come; dropping it ends the reading.
#[derive(Debug)]
pub(super) struct Keyboard {
    shared: Arc<Shared>,
    events: UnboundedReceiver<io::Result<Event>>,
}

impl Keyboard {
    /// Begins to read.
    pub(super) fn open() -> Self {
        let shared = Arc::new(Shared::default());
        let (send, events) = unbounded_channel();
        let reader = Arc::clone(&shared);
        thread::spawn(move || {
            read_all(&reader, &send);
            reader.close();
        });
        Self { shared, events }
    }

    pub(super) fn events(&mut self) -> impl Stream<Item = io::Result<Event>> + Unpin + '_ {
        poll_fn(|context| self.events.poll_recv(context))
    }

    /// Leaves the keyboard to `work`.
    pub(super) fn paused<T>(&self, work: impl FnOnce() -> T) -> T {
        self.shared.set(true);
        let outcome = work();
        self.shared.set(false);
        outcome
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.shared.close();
    }
}

fn read_all(shared: &Shared, send: &UnboundedSender<io::Result<Event>>) {
    while shared.pass() {
        let event = match poll(LOOK) {
            Ok(false) => continue,
            Ok(true) => read(),
            Err(e) => Err(e),
        };
        let is_over = event.is_err();
        if send.send(event).is_err() || is_over {
            break;
        }
    }
}
