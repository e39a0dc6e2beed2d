//! A workbench at work: the state, its executor and the messages between them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::config::Config;
use super::executor::{self, Executor, World};
use super::job_run::SharedStore;
use super::model::ModelChoice;
use crate::app::msg::{Effect, Msg};
use crate::app::state::{Level, Notice, State, Wish};
use crate::app::update;
use crate::extract::{self, Password, WorkerCommand, Workers};
use crate::paths::Paths;
use crate::store::Store;

/// What a session is opened with.
#[derive(Debug)]
pub struct Options {
    /// Absolute paths of folders and files; the first is the workbench's folder.
    pub roots: Vec<PathBuf>,
    pub model: ModelChoice,
    /// How all documents are read, unless something else is wished of one.
    pub wish: Wish,
    /// For documents that are locked; kept as long as the session runs.
    pub password: Option<Password>,
    /// Whether the queue of the last session on these roots goes on, and this
    /// one's is kept for the next.
    pub resume: bool,
    /// Whether nothing is kept: the store is gone with the session.
    pub forgets: bool,
}

#[derive(Debug)]
pub struct Session {
    pub state: State,
    pub executor: Executor,
    pub messages: UnboundedReceiver<Msg>,
    send: UnboundedSender<Msg>,
}

impl Session {
    /// Opens the store and starts the executor; the first listing is asked for.
    ///
    /// # Errors
    /// A sentence, where the store cannot be opened or the program not be found.
    pub fn open(options: Options, paths: &Paths) -> Result<Self, String> {
        let (config, config_problem) = Config::load(paths);
        let opened = if options.forgets {
            Store::open_in_memory().map(|store| (store, None))
        } else {
            Store::open(&paths.database())
        };
        let (store, store_warning) = opened.map_err(|e| e.to_string())?;
        let store: SharedStore = Arc::new(Mutex::new(store));
        let worker = WorkerCommand::this_program()
            .map_err(|e| format!("galley cannot find its own program file ({e})."))?;
        let (send, messages) = unbounded_channel();
        let mut state = State::new(options.roots.first().cloned().unwrap_or_default());
        state.auto_jobs = config.auto_jobs;
        state.rounds = config.jobs.repeat;
        state.engine = options.model.state();
        state.wish = options.wish;
        if options.resume {
            state.wishes = executor::remembered_wishes(&store, &options.roots);
        }
        state.auto = executor::remembered_auto(&store, &options.roots);
        if let Some(theme) = config.theme.or_else(|| executor::remembered_theme(&store)) {
            state.theme = theme;
        }
        state.paused = options.resume && executor::remembered_pause(&store, &options.roots);
        let (waiting, queue_problem) = if options.resume {
            executor::remembered_queue(&store, &options.roots)
        } else {
            (Vec::new(), None)
        };
        let elsewhere = options.model.warning();
        let world = World {
            roots: options.roots,
            store,
            templates: paths.prompts(),
            exports: paths.data.join("results"),
            workers: Workers::new(worker),
            reading: extract::Options {
                password: options.password,
                ..extract::Options::within(config.reading)
            },
            model: options.model,
            keeps_queue: options.resume,
        };
        let mut executor = Executor::start(world, send.clone());
        executor.load_templates();
        executor.perform(Effect::ListFolder);
        let mut session = Self { state, executor, messages, send };
        if queue_problem.is_some() {
            // Told once: what is damaged is gone from the store then.
            session.executor.perform(Effect::SaveQueue(waiting.clone()));
        }
        let problems = [config_problem, store_warning, elsewhere, queue_problem];
        for text in problems.into_iter().flatten() {
            session.say(Msg::Notice(Notice { level: Level::Warning, text }));
        }
        if !waiting.is_empty() {
            session.say(Msg::Enqueue(waiting));
        }
        Ok(session)
    }

    /// Sends a message to the session itself.
    pub fn say(&self, msg: Msg) {
        // The receiver is in this very struct.
        let _ = self.send.send(msg);
    }

    /// A sender for those who watch the world: the folder, the keyboard.
    #[must_use]
    pub fn sender(&self) -> UnboundedSender<Msg> {
        self.send.clone()
    }

    /// Applies a message and carries out what comes of it; gives back the
    /// effects that are the shell's.
    pub fn apply(&mut self, msg: Msg) -> Vec<Effect> {
        let effects = update(&mut self.state, msg);
        effects.into_iter().filter_map(|effect| self.executor.perform(effect)).collect()
    }
}
