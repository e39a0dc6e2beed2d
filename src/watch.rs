//! Tells when files of a folder come, change, move or go: debounced, and only
//! once a file is left alone. Knows paths, sizes and times; reads no file, and
//! does not know which files are documents.

mod settle;
mod snapshot;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use notify_debouncer_full::notify::event::{ModifyKind, RemoveKind, RenameMode};
use notify_debouncer_full::notify::{self, Event, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use thiserror::Error;

pub use settle::{QUIET, Settle, Stamp};
use snapshot::Snapshot;

/// Something happened below the watched folder. All paths begin with the folder
/// as it was given to [`Watcher::start`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchEvent {
    /// These files are new or different, and nobody is writing to them now.
    /// Their content may also be what it was: compare the hash.
    Changed(Vec<PathBuf>),
    /// These files have been written to for a second already: show them, but
    /// read them only when they are left alone, which a
    /// [`Changed`](Self::Changed) will say.
    Arriving(Vec<PathBuf>),
    /// These are gone; where one was a folder, so is everything below it.
    Removed(Vec<PathBuf>),
    /// A file moved within the folder. A [`Changed`](Self::Changed) of `to`
    /// follows, since it may have replaced another. An editor may have moved it
    /// to keep it as a copy, and written `from` anew.
    Renamed { from: PathBuf, to: PathBuf },
    /// More happened than can be told path by path: list the folder again.
    Rescan,
    /// The folder itself is gone. Watching goes on; when the folder is back,
    /// [`Rescan`](Self::Rescan) follows.
    FolderGone,
    /// A sentence for the person; watching goes on.
    Trouble(String),
}

/// Why a folder cannot be watched.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WatchError {
    #[error(
        "The folder {} cannot be watched, because it is not there or is no folder. Check the path, \
         or make the folder first.",
        .0.display()
    )]
    NoFolder(PathBuf),
    #[error(
        "The folder {} cannot be watched ({what}). Give yourself the right to read it, or name \
         another folder.",
        .folder.display()
    )]
    Refused { folder: PathBuf, what: String },
}

/// The debouncer's own delay. With [`settle::QUIET`] on top, a change is told
/// well within two seconds.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// How often pending files are looked at.
const TICK: Duration = Duration::from_millis(100);
/// How often the folder itself (without notifications, all that is in it) is
/// looked at.
const LOOK: Duration = Duration::from_secs(1);
/// Polling leaves this many times the time it takes to other work.
const POLL_REST: u32 = 10;

/// A watched folder. Dropping it ends the watching.
#[derive(Debug)]
pub struct Watcher {
    messages: Sender<Message>,
}

impl Watcher {
    /// Watches `folder` and everything below it from now on; `on_event` is
    /// called on the watcher's own thread. Start the watcher first and list the
    /// folder then, so that nothing falls in between.
    ///
    /// # Errors
    /// When there is no such folder or it may not be read. Where the system has
    /// no notifications to give, the folder is polled every second instead and
    /// [`WatchEvent::Trouble`] says so.
    pub fn start(
        folder: &Path,
        on_event: impl Fn(WatchEvent) + Send + 'static,
    ) -> Result<Self, WatchError> {
        let refused = |e: &std::io::Error| WatchError::Refused {
            folder: folder.to_owned(),
            what: e.kind().to_string(),
        };
        if !folder.is_dir() {
            return Err(WatchError::NoFolder(folder.to_owned()));
        }
        fs::read_dir(folder).map_err(|e| refused(&e))?;
        let (messages, inbox) = channel();
        let mut watch = Watch {
            folder: folder.to_owned(),
            root: PathBuf::new(),
            source: Source::Gone,
            settle: Settle::default(),
            messages: messages.clone(),
            on_event: Box::new(on_event),
        };
        watch.connect();
        thread::Builder::new()
            .name("watch".into())
            .spawn(move || watch.run(&inbox))
            .map_err(|e| refused(&e))?;
        Ok(Self { messages })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // The thread may have ended by itself.
        let _ = self.messages.send(Message::Stop);
    }
}

enum Message {
    Notified(DebounceEventResult),
    Stop,
}

/// Where news of the folder comes from.
enum Source {
    Notifications {
        /// Held for its life: dropped, it ends the notifications.
        _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    },
    Polling(Snapshot),
    /// The folder is not there.
    Gone,
}

/// The watcher's thread.
struct Watch {
    /// As the caller named it.
    folder: PathBuf,
    /// As the system names it; some report only such paths.
    root: PathBuf,
    source: Source,
    settle: Settle,
    messages: Sender<Message>,
    on_event: Box<dyn Fn(WatchEvent) + Send>,
}

impl Watch {
    fn run(mut self, inbox: &Receiver<Message>) {
        let mut next_look = Instant::now() + LOOK;
        loop {
            let wait = if self.settle.is_empty() { LOOK } else { TICK };
            match inbox.recv_timeout(wait) {
                Ok(Message::Notified(Ok(events))) => {
                    for event in &events {
                        self.notified(event);
                    }
                }
                Ok(Message::Notified(Err(errors))) => self.failed(&errors),
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
            let now = Instant::now();
            if now >= next_look {
                self.look();
                next_look = now + LOOK.max(now.elapsed() * POLL_REST);
            }
            self.tell_settled();
        }
    }

    /// Connects to the system's notifications, or else starts polling.
    fn connect(&mut self) {
        self.root = fs::canonicalize(&self.folder).unwrap_or_else(|_| self.folder.clone());
        let messages = self.messages.clone();
        let notified = move |result| {
            // After the watcher has stopped nobody wants to know.
            let _ = messages.send(Message::Notified(result));
        };
        let connected = new_debouncer(DEBOUNCE, None, notified).and_then(|mut debouncer| {
            debouncer.watch(&self.root, RecursiveMode::Recursive)?;
            Ok(debouncer)
        });
        match connected {
            Ok(debouncer) => self.source = Source::Notifications { _debouncer: debouncer },
            Err(error) => self.poll(&error),
        }
    }

    /// Polls from now on.
    fn poll(&mut self, error: &notify::Error) {
        let why = match &error.kind {
            notify::ErrorKind::MaxFilesWatch => {
                "the system's limit of watched folders is used up".to_owned()
            }
            notify::ErrorKind::Io(e) => e.kind().to_string(),
            _ => "the system refused".to_owned(),
        };
        self.tell(WatchEvent::Trouble(format!(
            "Changes in {} are looked for every second, because it cannot be watched ({why}). \
             Raise the limit (on Linux fs.inotify.max_user_watches) and start again, or leave it \
             so.",
            self.folder.display()
        )));
        self.source = Source::Polling(Snapshot::take(&self.folder));
    }

    fn failed(&mut self, errors: &[notify::Error]) {
        let full = |e: &&notify::Error| matches!(e.kind, notify::ErrorKind::MaxFilesWatch);
        if let (Some(error), Source::Notifications { .. }) =
            (errors.iter().find(full), &self.source)
        {
            self.poll(error);
        }
        // Something was missed, whatever the error says.
        self.tell(WatchEvent::Rescan);
    }

    fn notified(&mut self, event: &Event) {
        if event.need_rescan() {
            self.tell(WatchEvent::Rescan);
            return;
        }
        let paths: Vec<PathBuf> = event.paths.iter().map(|p| self.as_named(p)).collect();
        if paths.first() == Some(&self.folder) {
            self.root_changed(event.kind);
            return;
        }
        match (event.kind, paths.as_slice()) {
            // Reading a file is no change; the writing that ends with a close
            // was told as a change of its data.
            (EventKind::Access(_) | EventKind::Other, _) => {}
            (EventKind::Modify(ModifyKind::Name(RenameMode::Both)), [from, to]) => {
                self.renamed(from, to);
            }
            (EventKind::Remove(RemoveKind::Folder), _) => self.tell(WatchEvent::Rescan),
            (_, paths) => paths.iter().for_each(|path| self.touched(path)),
        }
    }

    /// The folder was moved, removed or replaced.
    fn root_changed(&mut self, kind: EventKind) {
        if matches!(kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
            self.source = Source::Gone;
            if self.folder.is_dir() {
                self.connect();
                self.tell(WatchEvent::Rescan);
            } else {
                self.lost();
            }
        }
    }

    fn renamed(&mut self, from: &Path, to: &Path) {
        self.settle.forget(from);
        if to.is_dir() {
            self.tell(WatchEvent::Rescan);
            return;
        }
        self.tell(WatchEvent::Renamed { from: from.to_owned(), to: to.to_owned() });
        self.touched(to);
    }

    /// Something happened at `path`; what is there now says what.
    fn touched(&mut self, path: &Path) {
        if let Some(stamp) = Stamp::of(path) {
            self.settle.note(path.to_owned(), stamp, Instant::now());
        } else if path.is_dir() {
            self.tell(WatchEvent::Rescan);
        } else {
            self.settle.forget(path);
            self.tell(WatchEvent::Removed(vec![path.to_owned()]));
        }
    }

    /// Looks after what no notification tells.
    fn look(&mut self) {
        let there = self.folder.is_dir();
        match &self.source {
            Source::Gone if there => {
                self.connect();
                self.tell(WatchEvent::Rescan);
            }
            Source::Gone => {}
            _ if !there => self.lost(),
            Source::Polling(before) => {
                let next = Snapshot::take(&self.folder);
                let difference = before.difference(&next);
                let now = Instant::now();
                for (path, stamp) in difference.changed {
                    self.settle.note(path, stamp, now);
                }
                if !difference.removed.is_empty() {
                    self.tell(WatchEvent::Removed(difference.removed));
                }
                self.source = Source::Polling(next);
            }
            Source::Notifications { .. } => {}
        }
    }

    fn lost(&mut self) {
        self.source = Source::Gone;
        self.settle = Settle::default();
        self.tell(WatchEvent::FolderGone);
    }

    fn tell_settled(&mut self) {
        let outcome = self.settle.check(Instant::now(), Stamp::of);
        for (paths, event) in [
            (outcome.gone, WatchEvent::Removed as fn(Vec<PathBuf>) -> WatchEvent),
            (outcome.restless, WatchEvent::Arriving),
            (outcome.settled, WatchEvent::Changed),
        ] {
            if !paths.is_empty() {
                self.tell(event(paths));
            }
        }
    }

    /// `path`, which begins as the system names the folder, as the caller does.
    fn as_named(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.root) {
            Ok(below) if below.as_os_str().is_empty() => self.folder.clone(),
            Ok(below) => self.folder.join(below),
            Err(_) => path.to_owned(),
        }
    }

    fn tell(&self, event: WatchEvent) {
        (self.on_event)(event);
    }
}
