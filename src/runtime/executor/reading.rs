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
use crate::app::state::{DocId, Failure};
use crate::domain::document::{Document, SourceHash};
use crate::extract::{
    self, Location, Options, READER_VERSION, ReadError, ReadFailure, Reason, Workers, guard, locate,
};
use crate::runtime::job_run::{SharedStore, lock};
use crate::store::TextKey;
use crate::watch::Stamp;
use gate::Gate;

#[derive(Debug)]
pub struct ReadTask {
    pub doc: DocId,
    pub generation: u64,
    /// How it is to be read.
    pub options: Options,
}

/// How often files that are being written are looked at.
const GLANCE: Duration = Duration::from_millis(100);

pub fn start(
    store: &SharedStore,
    workers: &Workers,
    send: &UnboundedSender<Msg>,
) -> mpsc::Sender<ReadTask> {
    let (give, asked) = mpsc::channel();
    let (pass, tasks) = mpsc::channel();
    thread::spawn(move || hold_back(&asked, &pass));
    let tasks = Arc::new(Mutex::new(tasks));
    for _ in 0..workers.most() {
        let (tasks, send) = (Arc::clone(&tasks), send.clone());
        let (store, workers) = (Arc::clone(store), workers.clone());
        thread::spawn(move || {
            loop {
                let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(ReadTask { doc, generation, options }) = task else { break };
                let outcome = read(&doc.0, &store, &workers, &options, &|| send.is_closed());
                let remembered = remember(&doc.0, outcome.as_ref().ok(), &store);
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
                let stamp = stamp(&task.doc.0);
                ready.extend(gate.pass(task, stamp, Instant::now(), SystemTime::now()));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        ready.extend(gate.open(Instant::now(), stamp));
        if ready.into_iter().any(|task| pass.send(task).is_err()) {
            break;
        }
    }
}

/// The stamp of the file that a document is, or is in.
fn stamp(document: &Path) -> Option<Stamp> {
    Stamp::of(&locate(document).file)
}

/// Reads a document, unless this very content was read before in the same way.
///
/// # Errors
/// A sentence.
pub fn read(
    path: &Path,
    store: &SharedStore,
    workers: &Workers,
    options: &Options,
    cancel: &dyn Fn() -> bool,
) -> Result<Document, Failure> {
    let Location { file, parts } = locate(path);
    let hash = || hash(&file, options);
    let key = |source| TextKey {
        source,
        parts: parts.clone(),
        reader: READER_VERSION,
        reading: options.key(),
    };
    let before = hash();
    if let Some(source) = &before
        && let Ok(Some(document)) = lock(store).text(&key(source.clone()), path)
    {
        return Ok(document);
    }
    let ask = |options: &Options| guard::read(path, workers, options, cancel);
    let (document, is_open) = unlocked(options, ask).map_err(|why| failure(&why))?;
    // Of a part, the file must still be the one that the key is made of.
    let source = if parts.is_empty() {
        Some(document.source.clone())
    } else {
        before.filter(|before| hash().is_some_and(|now| now == *before))
    };
    if let Some(source) = source.filter(|_| is_open) {
        keep(&key(source), &document, store);
    }
    Ok(document)
}

/// Reads without the password first, so that only what is locked is given it.
/// Also tells whether the document was open: what a person locked is not to be
/// laid open in the store.
fn unlocked(
    options: &Options,
    ask: impl Fn(&Options) -> Result<Document, ReadFailure>,
) -> Result<(Document, bool), ReadFailure> {
    let without = Options { password: None, ..options.clone() };
    match ask(&without) {
        Err(why) if options.password.is_some() && needs_password(&why) => {
            ask(options).map(|document| (document, false))
        }
        outcome => outcome.map(|document| (document, true)),
    }
}

fn needs_password(why: &ReadFailure) -> bool {
    matches!(&why.reason, Reason::Refused(ReadError::Password | ReadError::WrongPassword))
}

fn failure(why: &ReadFailure) -> Failure {
    Failure { text: why.to_string(), needs_password: needs_password(why) }
}

/// The hash of a file that is not too large to be read.
fn hash(file: &Path, options: &Options) -> Option<SourceHash> {
    let limits = &options.limits;
    let fits = |data: fs::Metadata| data.is_file() && data.len() <= limits.source_bytes;
    if !fs::metadata(file).is_ok_and(fits) {
        return None;
    }
    extract::source_hash(file, limits).ok()
}

/// Keeps a text, unless it is one that a later reading may better: one that
/// ended early, or lacks pages. A text that cannot be kept is read again.
fn keep(key: &TextKey, document: &Document, store: &SharedStore) {
    if document.warning.is_none()
        && let Err(e) = lock(store).put_text(key, document)
    {
        tracing::warn!(error = %e, "the text of a document was not kept");
    }
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
        ask.send(ReadTask { doc: DocId(path.clone()), generation: 1, options: Options::default() })
            .expect("asked");
        let task = passed.recv_timeout(Duration::from_secs(20)).expect("it is passed on");
        assert_eq!(task.doc.0, path);
        drop(ask);
        gate.join().expect("it ends with those who ask");
    }

    /// Workers of which none can be started: only what is kept can be had.
    fn no_workers() -> Workers {
        let command =
            extract::WorkerCommand { program: "no/such/program".into(), args: Vec::new() };
        Workers::new(command)
    }

    #[test]
    fn a_text_is_found_again_by_its_file_its_name_in_it_and_how_it_was_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let mail = folder.path().join("mail.eml");
        fs::write(&mail, "first").expect("written");
        let part = mail.join("contract.pdf");
        let store: SharedStore = Arc::new(Mutex::new(Store::open_in_memory().expect("a store")));
        let options = Options::default();
        let key = TextKey {
            source: hash(&mail, &options).expect("it is there"),
            parts: vec!["contract.pdf".into()],
            reader: READER_VERSION,
            reading: options.key(),
        };
        let doc = Document { path: part.clone(), ..agreement().doc };
        keep(&key, &doc, &store);

        let text = |path: &Path, options: &Options| {
            read(path, &store, &no_workers(), options, &|| false).map(|doc| doc.text)
        };
        assert_eq!(text(&part, &options), Ok(doc.text.clone()));
        assert!(text(&mail, &options).is_err(), "the mail itself");
        assert!(text(&mail.join("other.pdf"), &options).is_err(), "another part");
        let ocr = Options { ocr: true, ..options.clone() };
        assert!(text(&part, &ocr).is_err(), "read in another way");
        fs::write(&mail, "second").expect("written");
        assert!(text(&part, &options).is_err(), "the mail was written anew");
    }

    #[test]
    fn only_what_is_locked_is_given_the_password_and_then_it_is_not_kept() {
        let with = Options {
            password: Some(extract::Password::new("open sesame".into())),
            ..Options::default()
        };
        let doc = agreement().doc;
        let open = |options: &Options| {
            assert_eq!(options.password, None, "an open document needs none");
            Ok(doc.clone())
        };
        assert!(unlocked(&with, open).expect("it is open").1);
        let locked = |options: &Options| {
            let refused = ReadFailure { path: "a".into(), reason: ReadError::Password.into() };
            options.password.as_ref().map(|_| doc.clone()).ok_or(refused)
        };
        assert!(!unlocked(&with, locked).expect("it was opened").1);
        let why = unlocked(&Options::default(), locked).expect_err("it is locked");
        assert!(failure(&why).needs_password);
    }

    #[test]
    fn what_ended_early_is_read_anew() {
        let store: SharedStore = Arc::new(Mutex::new(Store::open_in_memory().expect("a store")));
        let doc = Document { warning: Some("Reading ended early.".into()), ..agreement().doc };
        let key = TextKey {
            source: doc.source.clone(),
            parts: Vec::new(),
            reader: READER_VERSION,
            reading: Options::default().key(),
        };
        keep(&key, &doc, &store);
        assert_eq!(lock(&store).text(&key, &doc.path).expect("readable"), None);
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
