//! Carries out effects: each becomes work on a thread of its own kind, and
//! what comes of it comes back as messages.

mod reading;
mod runner;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use tokio::sync::mpsc::UnboundedSender;

use super::job_run::{SharedStore, lock};
use super::model::ModelChoice;
use super::templates::Library;
use super::{export, folder};
use crate::app::msg::{Effect, Msg, Start};
use crate::app::state::{DocId, Entry, JobSpec, Level, Notice, Wish};
use crate::app::wish::ReadOptions;
use crate::domain::document::Document;
use crate::domain::report::ReportFormat;
use crate::engine::Cancel;
use crate::extract::{Options, Workers};
use reading::ReadTask;
use runner::{RunJob, RunTask, Task};

/// What the executor needs to know of the world.
#[derive(Debug)]
pub struct World {
    /// Folders and files whose documents are worked on.
    pub roots: Vec<PathBuf>,
    pub store: SharedStore,
    pub templates: PathBuf,
    /// Where results are saved when asked for on the screen.
    pub exports: PathBuf,
    pub workers: Workers,
    /// How documents are read, unless something else is asked for.
    pub reading: Options,
    pub model: ModelChoice,
    /// Whether the queue is kept for the next start on these roots.
    pub keeps_queue: bool,
}

pub struct Executor {
    send: UnboundedSender<Msg>,
    store: SharedStore,
    roots: Vec<PathBuf>,
    exports: PathBuf,
    library: Library,
    listings: mpsc::Sender<()>,
    reads: mpsc::Sender<ReadTask>,
    reading: Options,
    runs: mpsc::Sender<Task>,
    /// Of the jobs started last.
    current: Vec<(u64, Cancel)>,
    keeps_queue: bool,
}

impl std::fmt::Debug for Executor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Executor").field("roots", &self.roots).finish_non_exhaustive()
    }
}

impl Executor {
    /// Starts the threads; they end when the executor is dropped.
    #[must_use]
    pub fn start(world: World, send: UnboundedSender<Msg>) -> Self {
        let reads = reading::start(&world.store, &world.workers, &send);
        let runs = {
            let store = Arc::clone(&world.store);
            runner::start(store, world.model, send.clone(), world.keeps_queue)
        };
        Self {
            listings: start_listing(world.roots.clone(), send.clone()),
            library: Library::new(&world.templates),
            send,
            store: world.store,
            roots: world.roots,
            exports: world.exports,
            reads,
            reading: world.reading,
            runs,
            current: Vec::new(),
            keeps_queue: world.keeps_queue,
        }
    }

    /// Carries out an effect, or gives it back where it is the shell's.
    pub fn perform(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::ListFolder => {
                let _ = self.listings.send(());
            }
            Effect::Read { doc, generation, options } => {
                let ReadOptions { view, ocr, password } = options;
                let password = password.or_else(|| self.reading.password.clone());
                let options = Options { view, ocr, password, ..self.reading.clone() };
                let _ = self.reads.send(ReadTask { doc, generation, options });
            }
            Effect::Start { name, doc, with_hidden, jobs } => {
                self.start_jobs(name, doc, with_hidden, jobs);
            }
            Effect::CancelRun { run } => {
                if let Some((_, cancel)) = self.current.iter().find(|(now, _)| *now == run) {
                    cancel.cancel();
                }
            }
            Effect::Unload => {
                let _ = self.runs.send(Task::Unload);
            }
            Effect::Decide { doc, source, job, id, quote, decision } => {
                let kept = lock(&self.store).decide(
                    &doc.0,
                    &source,
                    &job,
                    &id,
                    &quote,
                    &decision,
                    unix_now(),
                );
                if let Err(e) = kept {
                    // The screen must not show what is not kept.
                    let before = lock(&self.store).decisions(&doc.0).unwrap_or_default();
                    let decision =
                        before.get(&(job.clone(), id.clone())).cloned().unwrap_or_default();
                    self.say(Msg::Decided { doc, job, id, decision });
                    self.tell_failure(Err(format!("The decision could not be kept: {e}")));
                }
            }
            Effect::Undo { doc } => self.undo(doc),
            Effect::SaveQueue(queue) => self.save_queue(&queue),
            Effect::LoadTemplates => self.load_templates(),
            Effect::Export { entry } => self.export(&entry),
            Effect::SaveAuto(on) => {
                self.save_setting(&of_roots("auto", &self.roots), if on { "on" } else { "off" });
            }
            Effect::SavePaused(paused) => self.save_paused(paused),
            Effect::SaveWishes(wishes) => self.save_wishes(&wishes),
            Effect::MoveResults { from, to } => {
                let moved = lock(&self.store).rename(&from, &to);
                self.tell_failure(moved.map_err(|e| e.to_string()));
            }
            Effect::SetTheme(name) => {
                self.save_setting("theme", &name);
                return Some(Effect::SetTheme(name));
            }
            effect @ (Effect::EditTemplate { .. } | Effect::Quit) => return Some(effect),
        }
        None
    }

    /// The file in which a template can be edited.
    ///
    /// # Errors
    /// A sentence.
    pub fn editable(&self, template: &str) -> Result<PathBuf, String> {
        self.library.editable(template)
    }

    pub fn load_templates(&mut self) {
        let (templates, problems) = self.library.load();
        self.say(Msg::Templates { templates, problems });
    }

    fn say(&self, msg: Msg) {
        // The receiver is gone only when the program ends.
        let _ = self.send.send(msg);
    }

    fn tell_failure(&self, outcome: Result<(), String>) {
        if let Err(text) = outcome {
            self.say(Msg::Notice(Notice { level: Level::Error, text }));
        }
    }

    fn undo(&self, doc: DocId) {
        let undone = lock(&self.store).undo(&doc.0, unix_now());
        match undone {
            Ok(Some((job, id, decision))) => {
                self.say(Msg::Decided { doc, job, id, decision });
                let text = "The last decision was taken back.".to_owned();
                self.say(Msg::Notice(Notice { level: Level::Info, text }));
            }
            Ok(None) => {
                let text = "There is no decision to take back on this document.".to_owned();
                self.say(Msg::Notice(Notice { level: Level::Info, text }));
            }
            Err(e) => self.tell_failure(Err(e.to_string())),
        }
    }

    fn save_setting(&self, key: &str, value: &str) {
        let kept = lock(&self.store).set_setting(key, value);
        self.tell_failure(kept.map_err(|e| e.to_string()));
    }

    fn save_queue(&self, queue: &[JobSpec]) {
        if !self.keeps_queue {
            return;
        }
        match serde_json::to_string(queue) {
            Ok(json) => self.save_setting(&of_roots("queue", &self.roots), &json),
            Err(e) => self
                .tell_failure(Err(format!("The queue could not be kept for the next start: {e}"))),
        }
    }

    fn save_paused(&self, paused: bool) {
        if self.keeps_queue {
            self.save_setting(&of_roots("paused", &self.roots), if paused { "on" } else { "off" });
        }
    }

    fn save_wishes(&self, wishes: &[(DocId, Wish)]) {
        if !self.keeps_queue {
            return;
        }
        match serde_json::to_string(wishes) {
            Ok(json) => self.save_setting(&of_roots("wishes", &self.roots), &json),
            Err(e) => self.tell_failure(Err(format!(
                "How the document is to be read could not be kept for the next start: {e}"
            ))),
        }
    }

    fn start_jobs(
        &mut self,
        name: String,
        doc: Arc<Document>,
        with_hidden: bool,
        jobs: Vec<Start>,
    ) {
        let jobs: Vec<RunJob> =
            jobs.into_iter().map(|job| RunJob { job, cancel: Cancel::new() }).collect();
        self.current =
            jobs.iter().map(|RunJob { job, cancel }| (job.run, cancel.clone())).collect();
        let _ = self.runs.send(Task::Run(RunTask { name, doc, with_hidden, jobs }));
    }

    fn export(&self, entry: &Entry) {
        let formats = [ReportFormat::Md, ReportFormat::Json];
        let saved = export::document(entry, &self.roots, &self.exports, &formats);
        let notice = match saved {
            Ok(files) => {
                let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
                Notice { level: Level::Info, text: format!("Saved {}.", names.join(" and ")) }
            }
            Err(text) => Notice { level: Level::Error, text },
        };
        self.say(Msg::Notice(notice));
    }
}

/// Under which name something of these roots alone is kept.
fn of_roots(what: &str, roots: &[PathBuf]) -> String {
    let names: Vec<_> = roots.iter().map(|root| root.to_string_lossy()).collect();
    format!("{what}:{}", names.join("\n"))
}

/// Seconds since the epoch, for the log of decisions.
fn unix_now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}

/// Lists the roots whenever asked; requests that came meanwhile are one.
fn start_listing(roots: Vec<PathBuf>, send: UnboundedSender<Msg>) -> mpsc::Sender<()> {
    let (ask, asked) = mpsc::channel();
    thread::spawn(move || {
        while asked.recv().is_ok() {
            while asked.try_recv().is_ok() {}
            let told = match folder::look(&roots) {
                Ok(look) => {
                    for text in look.troubles {
                        let notice = Notice { level: Level::Warning, text };
                        let _ = send.send(Msg::Notice(notice));
                    }
                    send.send(Msg::Folder(Ok(look.seen)))
                }
                Err(problem) => send.send(Msg::Folder(Err(problem))),
            };
            if told.is_err() {
                break;
            }
        }
    });
    ask
}

/// The theme chosen last, on whatever folder.
#[must_use]
pub fn remembered_theme(store: &SharedStore) -> Option<String> {
    lock(store).setting("theme").ok().flatten()
}

/// Whether "auto" was on when these roots were last worked on.
#[must_use]
pub fn remembered_auto(store: &SharedStore, roots: &[PathBuf]) -> bool {
    let value = lock(store).setting(&of_roots("auto", roots)).ok().flatten();
    value.as_deref() == Some("on")
}

/// Whether the queue was paused when these roots were last worked on.
#[must_use]
pub fn remembered_pause(store: &SharedStore, roots: &[PathBuf]) -> bool {
    let value = lock(store).setting(&of_roots("paused", roots)).ok().flatten();
    value.as_deref() == Some("on")
}

/// What was wished of the documents under these roots; nothing where that
/// cannot be read, since it is only how they were looked at last.
#[must_use]
pub fn remembered_wishes(store: &SharedStore, roots: &[PathBuf]) -> BTreeMap<DocId, Wish> {
    let kept = lock(store).setting(&of_roots("wishes", roots)).ok().flatten();
    let wishes: Option<Vec<(DocId, Wish)>> = kept.and_then(|json| serde_json::from_str(&json).ok());
    wishes.unwrap_or_default().into_iter().collect()
}

/// The jobs that were waiting when these roots were last worked on, and a
/// sentence where some or all of them could not be read.
#[must_use]
pub fn remembered_queue(store: &SharedStore, roots: &[PathBuf]) -> (Vec<JobSpec>, Option<String>) {
    match lock(store).setting(&of_roots("queue", roots)) {
        Ok(json) => json.map_or_else(Default::default, |json| waiting(&json)),
        Err(e) => {
            let problem = format!(
                "The queue of the last session could not be read: {e} Queue its jobs again."
            );
            (Vec::new(), Some(problem))
        }
    }
}

/// The jobs of a queue that was saved, each by itself: one that is damaged
/// takes no other along.
fn waiting(json: &str) -> (Vec<JobSpec>, Option<String>) {
    let Ok(entries) = serde_json::from_str::<Vec<serde_json::Value>>(json) else {
        let problem = "The queue of the last session is damaged; queue its jobs again.";
        return (Vec::new(), Some(problem.to_owned()));
    };
    let all = entries.len();
    let read = entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok());
    let jobs: Vec<JobSpec> = read.collect();
    let lost = all - jobs.len();
    let problem = (lost > 0).then(|| {
        format!(
            "{lost} of the {all} jobs of the last session's queue are damaged; queue them again."
        )
    });
    (jobs, problem)
}

/// The root that a document lies under, for its name in reports.
#[must_use]
pub fn root_of<'a>(roots: &'a [PathBuf], file: &Path) -> Option<&'a Path> {
    roots.iter().map(PathBuf::as_path).find(|root| file.starts_with(root))
}

#[cfg(test)]
mod tests;
