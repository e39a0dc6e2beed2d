//! The one thread on which jobs run, with the engine they share.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::msg::{Ended, Msg, RunMsg};
use crate::app::state::JobSpec;
use crate::domain::document::Document;
use crate::domain::template::Template;
use crate::engine::Cancel;
use crate::runtime::job_run::{JobRun, SharedStore};
use crate::runtime::model::{Loaded, ModelChoice};

#[derive(Debug)]
pub struct RunTask {
    pub run: u64,
    pub spec: JobSpec,
    pub name: String,
    pub doc: Arc<Document>,
    pub template: Box<Template>,
    pub cancel: Cancel,
}

/// How long the engine keeps memory for a next job that does not come.
const IDLE: Duration = Duration::from_secs(5);

pub fn start(
    store: SharedStore,
    choice: ModelChoice,
    send: UnboundedSender<Msg>,
) -> mpsc::Sender<RunTask> {
    let (give, tasks) = mpsc::channel();
    thread::spawn(move || work(&store, &choice, &send, &tasks));
    give
}

fn work(
    store: &SharedStore,
    choice: &ModelChoice,
    send: &UnboundedSender<Msg>,
    tasks: &mpsc::Receiver<RunTask>,
) {
    let mut loaded: Option<Loaded> = None;
    let mut idle = true;
    loop {
        let task = if idle {
            tasks.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            tasks.recv_timeout(IDLE)
        };
        match task {
            Ok(task) => {
                let run = task.run;
                let say = |msg| {
                    let _ = send.send(Msg::Run { run, msg });
                };
                // A panic must end this job and not the workbench.
                let ended = catch_unwind(AssertUnwindSafe(|| {
                    let engine = loaded.get_or_insert_with(|| {
                        choice.load(&|engine| drop(send.send(Msg::Engine(engine))))
                    });
                    one(&task, engine, store, &say)
                }));
                say(RunMsg::Ended(ended.unwrap_or_else(|_| {
                    loaded = None;
                    Ended::Failed(
                        "A fault inside galley stopped it; what was found before is kept. \
                         The log says where it happened."
                            .to_owned(),
                    )
                })));
                // A model that could not be loaded is tried again at the next job.
                if loaded.as_ref().is_some_and(|loaded| loaded.retry) {
                    loaded = None;
                }
                idle = false;
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some(loaded) = &loaded {
                    loaded.engine.release();
                }
                idle = true;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
}

fn one(task: &RunTask, loaded: &Loaded, store: &SharedStore, send: &dyn Fn(RunMsg)) -> Ended {
    JobRun {
        spec: &task.spec,
        name: &task.name,
        doc: &task.doc,
        template: &task.template,
        engine: &*loaded.engine,
        store,
        cancel: &task.cancel,
        notes: loaded.note.iter().cloned().collect(),
        stands_in: loaded.note.is_some(),
        send,
    }
    .run()
}
