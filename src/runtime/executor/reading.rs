//! Reading documents on a few threads, through the guarded worker process or
//! from the store, and bringing along what is known of them.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::msg::{Msg, Remembered};
use crate::app::state::DocId;
use crate::domain::document::Document;
use crate::extract::limits::Limits;
use crate::extract::{self, READER_VERSION, WorkerCommand, guard};
use crate::runtime::job_run::{SharedStore, lock};

#[derive(Debug)]
pub struct ReadTask {
    pub doc: DocId,
    pub generation: u64,
}

/// Two at once: one core reads while the other has the screen or the model.
const READERS: usize = 2;

pub fn start(
    store: SharedStore,
    worker: WorkerCommand,
    limits: Limits,
    send: &UnboundedSender<Msg>,
) -> mpsc::Sender<ReadTask> {
    let (give, tasks) = mpsc::channel::<ReadTask>();
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
    let store = lock(store);
    let mut results = Vec::new();
    if let Some(Document { source, .. }) = document {
        let stale = store.stale_results(path, source).unwrap_or_default();
        results.extend(stale.into_iter().map(|(_, result)| result));
        results.extend(store.results(path, source).unwrap_or_default());
    }
    Remembered { results, decisions: store.decisions(path).unwrap_or_default() }
}
