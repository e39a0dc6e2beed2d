//! What happens to the workbench (`Msg`) and what it asks the world to do (`Effect`).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::key::Key;
use super::state::{DocId, EngineState, Entry, JobSpec, Millis, Notice, Stamp};
use super::wish::{Failure, ReadOptions, Wish};
use crate::domain::document::{Document, SourceHash};
use crate::domain::finding::{Decision, FindingId, JobResult};
use crate::domain::template::Template;

/// A file found in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub id: DocId,
    pub name: String,
    pub stamp: Stamp,
}

/// What the store knows of a document from earlier.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Remembered {
    /// The latest of each job, made from the present source or an earlier one.
    pub results: Vec<JobResult>,
    pub decisions: HashMap<(String, FindingId), Decision>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    Done,
    Cancelled,
    /// A sentence.
    Failed(String),
}

/// Progress of the run numbered `run`.
#[derive(Debug, Clone, PartialEq)]
pub enum RunMsg {
    Planned {
        steps: usize,
    },
    Step {
        doing: String,
    },
    Prefill {
        done: usize,
        total: usize,
    },
    Text(String),
    /// A step is done; `reused` when the store had its answer, `aloud` when
    /// it is the one whose words were told.
    StepDone {
        reused: bool,
        aloud: bool,
    },
    /// What is known so far; replaces what was shown.
    Partial(Box<JobResult>),
    Ended(Ended),
}

#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a message is moved a few times and kept nowhere")]
pub enum Msg {
    Key(Key),
    /// Text pasted into an input.
    Paste(String),
    Tick(Millis),
    /// The folder's files, all of them; or why it cannot be listed.
    Folder(Result<Vec<Seen>, String>),
    /// Something changed in the folder.
    FolderChanged,
    /// Something changed among the person's own templates.
    TemplatesChanged,
    /// A file was renamed; its results move along.
    Renamed {
        from: DocId,
        to: DocId,
    },
    Read {
        doc: DocId,
        generation: u64,
        outcome: Result<Document, Failure>,
        remembered: Remembered,
    },
    Run {
        run: u64,
        msg: RunMsg,
    },
    Engine(EngineState),
    Templates {
        templates: Vec<Template>,
        problems: Vec<String>,
    },
    /// The store wrote a decision back, after undo.
    Decided {
        doc: DocId,
        job: String,
        id: FindingId,
        decision: Decision,
    },
    Notice(Notice),
    /// Asked for from outside (headless runs, the queue of an earlier session).
    Enqueue(Vec<JobSpec>),
    /// The program must end (a signal, the terminal is gone).
    /// The model cannot be loaded: the queue waits for the person.
    Hold,
    Quit,
}

/// One of the jobs that are started together.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    pub run: u64,
    pub spec: JobSpec,
    pub template: Box<Template>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    ListFolder,
    Read {
        doc: DocId,
        generation: u64,
        options: ReadOptions,
    },
    /// Starts jobs that run together on a document that is ready; all of them
    /// are on the same part of it.
    Start {
        name: String,
        doc: Arc<Document>,
        /// Whether hidden text and comments are given to the jobs.
        with_hidden: bool,
        jobs: Vec<Start>,
    },
    CancelRun {
        run: u64,
    },
    /// Gives the engine's memory back until a job needs it again.
    Unload,
    /// `source` is the text that the finding was made from.
    Decide {
        doc: DocId,
        source: SourceHash,
        job: String,
        id: FindingId,
        quote: String,
        decision: Decision,
    },
    Undo {
        doc: DocId,
    },
    /// The queue as it should be found at the next start.
    SaveQueue(Vec<JobSpec>),
    SavePaused(bool),
    /// Of all documents of which something is wished.
    SaveWishes(Vec<(DocId, Wish)>),
    LoadTemplates,
    /// Opens a template in the person's editor; a built-in one is copied first.
    EditTemplate {
        name: String,
    },
    /// Saves a document's results with the decisions on them.
    Export {
        entry: Box<Entry>,
    },
    SetTheme(String),
    SaveAuto(bool),
    MoveResults {
        from: PathBuf,
        to: PathBuf,
    },
    Quit,
}
