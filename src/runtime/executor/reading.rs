//! Reading documents on a few threads, through the guarded worker process or
//! from the store, and bringing along what is known of them.

mod gate;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc::UnboundedSender;

use crate::app::msg::{Msg, Remembered};
use crate::app::state::DocId;
use crate::domain::document::Document;
use crate::extract::limits::Limits;
use crate::extract::{self, READER_VERSION, WorkerCommand, guard};
use crate::runtime::job_run::{SharedStore, lock};
use crate::watch::Stamp;
use gate::Gate;

#[derive(Debug)]
pub struct ReadTask {
    pub doc: DocId,
    pub generation: u64,
}

/// Two at once: one core reads while the other has the screen or the model.
const READERS: usize = 2;
/// How often files that are being written are looked at.
const GLANCE: Duration = Duration::from_millis(100);

pub fn start(
    store: SharedStore,
    worker: WorkerCommand,
    limits: Limits,
    send: &UnboundedSender<Msg>,
) -> mpsc::Sender<ReadTask> {
    let (give, asked) = mpsc::channel();
    let (pass, tasks) = mpsc::channel();
    thread::spawn(move || hold_back(&asked, &pass));
    let tasks = Arc::new(Mutex::new(tasks));
    let shared = Arc::new((store, worker, limits));
    for _ in 0..READERS {
        let (tasks, shared, send) = (Arc::clone(&tasks), Arc::clone(&shared), send.clone());
        thread::spawn(move || {
            loop {
                let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(ReadTask { doc, generation }) = task else { break };
                let (store, worker, limits) = &*shared;
                let outcome = read(&doc.0, store, worker, limits, &|| send.is_closed());
                let remembered = remember(&doc.0, outcome.as_ref().ok(), store);
                let msg = Msg::Read { doc, generation, outcome, remembered };
                if send.send(msg).is_err() {
                    break;
                }
            }
        });
    }
    give
}

/// Passes tasks on, those of files that are being written when they are whole.
fn hold_back(asked: &mpsc::Receiver<ReadTask>, pass: &mpsc::Sender<ReadTask>) {
    let mut gate = Gate::default();
    loop {
        let task = if gate.is_empty() {
            asked.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            asked.recv_timeout(GLANCE)
        };
        let mut ready = Vec::new();
        match task {
            Ok(task) => {
                let stamp = Stamp::of(&task.doc.0);
                ready.extend(gate.pass(task, stamp, Instant::now(), SystemTime::now()));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        ready.extend(gate.open(Instant::now(), Stamp::of));
        if ready.into_iter().any(|task| pass.send(task).is_err()) {
            break;
        }
    }
}

/// Reads a file, unless this very content was read before.
///
/// # Errors
/// A sentence.
pub fn read(
    path: &Path,
    store: &SharedStore,
    worker: &WorkerCommand,
    limits: &Limits,
    cancel: &dyn Fn() -> bool,
) -> Result<Document, String> {
    let fits = |data: fs::Metadata| data.is_file() && data.len() <= limits.source_bytes;
    if fs::metadata(path).is_ok_and(fits)
        && let Ok(source) = extract::source_hash(path, limits)
        && let Ok(Some(document)) = lock(store).text(&source, READER_VERSION, path)
    {
        return Ok(document);
    }
    let document = guard::read(path, worker, limits, cancel).map_err(|e| e.to_string())?;
    // A text that cannot be kept is read again next time; a reading that
    // ended early is not kept, since it may go further then.
    if document.warning.is_none()
        && let Err(e) = lock(store).put_text(&document, READER_VERSION)
    {
        tracing::warn!(error = %e, "the text of a document was not kept");
    }
    Ok(document)
}

/// What the store knows of a document: of each job the result on this very
/// text, or else the latest on an earlier one.
fn remember(path: &Path, document: Option<&Document>, store: &SharedStore) -> Remembered {
    if let Some(document) = document {
        follow(path, document, store);
    }
    let store = lock(store);
    let mut results = Vec::new();
    if let Some(Document { source, .. }) = document {
        let stale = store.stale_results(path, source).unwrap_or_default();
        results.extend(stale.into_iter().map(|(_, result)| result));
        results.extend(store.results(path, source).unwrap_or_default());
    }
    Remembered { results, decisions: store.decisions(path).unwrap_or_default() }
}

/// Brings a document's results and decisions along that was moved while nobody
/// watched, or together with its folder: the same bytes were worked on at a
/// path where nothing lies any more.
fn follow(path: &Path, document: &Document, store: &SharedStore) {
    let is_gone = |path: &Path| {
        path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    };
    // The disk is asked without holding the store, since it may be slow.
    let before = lock(store).elsewhere(path, &document.source);
    let moved = before.and_then(|before| match before.iter().find(|path| is_gone(path)) {
        Some(before) => lock(store).rename(before, path),
        None => Ok(()),
    });
    if let Err(e) = moved {
        tracing::warn!(error = %e, "what was found before a document moved was not brought along");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{Decision, FindingId};
    use crate::domain::report::sample::agreement;
    use crate::store::Store;

    #[test]
    fn a_file_that_was_written_just_now_is_read_after_a_moment() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::write(&path, "x").expect("written");
        let ((ask, asked), (pass, passed)) = (mpsc::channel(), mpsc::channel());
        let gate = thread::spawn(move || hold_back(&asked, &pass));
        ask.send(ReadTask { doc: DocId(path.clone()), generation: 1 }).expect("asked");
        let task = passed.recv_timeout(Duration::from_secs(20)).expect("it is passed on");
        assert_eq!(task.doc.0, path);
        drop(ask);
        gate.join().expect("it ends with those who ask");
    }

    #[test]
    fn the_review_of_a_document_follows_it_when_nobody_saw_it_move() {
        let folder = tempfile::tempdir().expect("a folder");
        let (before, after) = (folder.path().join("in/a.pdf"), folder.path().join("out/a.pdf"));
        let (doc, result) = (agreement().doc, agreement().results.remove(0));
        let id = FindingId("1".into());
        let mut store = Store::open_in_memory().expect("a store");
        store.put_result(&before, &doc.source, &result).expect("kept");
        store
            .decide(&before, &doc.source, &result.job, &id, "quote", &Decision::Accepted, 1)
            .expect("kept");
        let store: SharedStore = Arc::new(Mutex::new(store));

        fs::create_dir(folder.path().join("in")).expect("made");
        fs::write(&before, "").expect("written");
        let copy = remember(&after, Some(&doc), &store);
        assert_eq!(copy, Remembered::default(), "a copy beside the first begins afresh");

        fs::remove_file(&before).expect("removed");
        let moved = remember(&after, Some(&doc), &store);
        assert_eq!(moved.results, std::slice::from_ref(&result));
        assert_eq!(moved.decisions[&(result.job, id)], Decision::Accepted);
    }
}
