//! The one thread on which jobs run, with the engine they share.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::msg::{Ended, Msg, RunMsg, Start};
use crate::domain::body::Body;
use crate::domain::document::Document;
use crate::engine::Cancel;
use crate::runtime::group::{FAULT, Group};
use crate::runtime::job_run::{Job, Shared, SharedStore};
use crate::runtime::model::{Loaded, ModelChoice};

/// What the thread is asked to do, one after the other.
#[derive(Debug)]
pub enum Task {
    Run(RunTask),
    /// The engine's memory is wanted back until the next job.
    Unload,
}

/// Jobs that run together on one document.
#[derive(Debug)]
pub struct RunTask {
    pub name: String,
    pub doc: Arc<Document>,
    /// Whether hidden text and comments are given to the jobs.
    pub with_hidden: bool,
    pub jobs: Vec<RunJob>,
}

#[derive(Debug)]
pub struct RunJob {
    pub job: Start,
    pub cancel: Cancel,
}

pub fn start(
    store: SharedStore,
    choice: ModelChoice,
    send: UnboundedSender<Msg>,
    is_attended: bool,
) -> mpsc::Sender<Task> {
    let (give, tasks) = mpsc::channel();
    let mut runner = Runner { store, choice, send, is_attended, loaded: None };
    thread::spawn(move || {
        for task in tasks {
            match task {
                Task::Run(task) => runner.run(&task),
                Task::Unload => runner.unload(),
            }
        }
    });
    give
}

struct Runner {
    store: SharedStore,
    choice: ModelChoice,
    send: UnboundedSender<Msg>,
    /// Whether a person is there to decide what happens without the model.
    is_attended: bool,
    loaded: Option<Loaded>,
}

impl Runner {
    /// A panic must end these jobs and not the workbench.
    fn run(&mut self, task: &RunTask) {
        self.loaded.take_if(|loaded| loaded.is_stale());
        let (store, send, choice, loaded) =
            (&self.store, &self.send, &self.choice, &mut self.loaded);
        let stop = Cancel::when_all(task.jobs.iter().map(|job| job.cancel.clone()).collect());
        let tell = |engine| drop(send.send(Msg::Engine(engine)));
        let end_all = |ended: &Ended| {
            for RunJob { job, .. } in &task.jobs {
                say(send, job.run, RunMsg::Ended(ended.clone()));
            }
        };
        let is_attended = self.is_attended;
        let well = catch_unwind(AssertUnwindSafe(|| {
            let loaded = loaded.get_or_insert_with(|| choice.load(&tell, &stop));
            // What recognisers alone would make of it now must not stand as a
            // result that was asked of the model.
            if stop.is_cancelled() {
                end_all(&Ended::Cancelled);
                return !loaded.is_stale();
            }
            // Nor must a mistyped model use the queue up.
            if is_attended && loaded.note.is_some() {
                let _ = send.send(Msg::Hold);
                end_all(&Ended::Cancelled);
                return false;
            }
            together(task, loaded, store, send)
        }));
        if well.is_err() {
            end_all(&Ended::Failed(FAULT.to_owned()));
        }
        if !matches!(well, Ok(true)) {
            self.loaded = None;
        }
    }

    /// Drops the engine; the next job loads it again.
    fn unload(&mut self) {
        let Some(loaded) = self.loaded.take() else { return };
        if catch_unwind(AssertUnwindSafe(|| drop(loaded))).is_err() {
            tracing::warn!("the engine broke while it was given up");
        }
        let _ = self.send.send(Msg::Engine(self.choice.state()));
    }
}

/// Gives whether all went without a fault of galley's own.
fn together(
    task: &RunTask,
    loaded: &Loaded,
    store: &SharedStore,
    send: &UnboundedSender<Msg>,
) -> bool {
    let body = Body::of(&task.doc, task.with_hidden);
    let shared = Shared {
        body: &body,
        name: &task.name,
        engine: &*loaded.engine,
        store,
        notes: loaded.note.iter().cloned().collect(),
        stands_in: loaded.note.is_some(),
        trusted: loaded.trusted.clone(),
    };
    let tell = |run: u64| move |msg: RunMsg| say(send, run, msg);
    let tells: Vec<_> = task.jobs.iter().map(|RunJob { job, .. }| tell(job.run)).collect();
    let jobs = task.jobs.iter().zip(&tells).map(|(RunJob { job, cancel }, tell)| Job {
        spec: &job.spec,
        template: &job.template,
        cancel,
        send: tell,
    });
    Group { shared, jobs: jobs.collect() }.run()
}

fn say(send: &UnboundedSender<Msg>, run: u64, msg: RunMsg) {
    // The receiver is gone only when the program ends.
    let _ = send.send(Msg::Run { run, msg });
}
