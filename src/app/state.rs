//! The workbench's whole state as plain data. Nothing here does anything;
//! `update` changes it and the views read it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;

pub use super::entry::{DocId, DocState, Entry, Stamp};
pub use super::input::Masked;
pub use super::wish::{Asking, Failure, Wish};
pub use super::work::{JobRef, JobSpec, Phase, QueueRow, Running, Tally};
use crate::domain::document::SourceHash;
use crate::domain::finding::{Decision, Finding, FindingId, JobResult};
use crate::domain::span::ByteSpan;
use crate::domain::template::Template;

/// Milliseconds on the shell's clock, which starts at 0 with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub u64);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineState {
    /// No job has needed it yet, or it was given up to save memory.
    Idle {
        model: String,
    },
    Loading {
        model: String,
        doing: String,
        since: Millis,
    },
    Ready {
        model: String,
        device: String,
    },
    /// Why it is not there. On the screen the jobs wait then; without one,
    /// recognisers go on alone.
    Failed {
        model: String,
        why: String,
    },
    /// The person asked for recognisers alone, or there is no model yet.
    None {
        why: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Info,
    Warning,
    Error,
}

/// A sentence for the person, shown at the foot until the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub level: Level,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    #[default]
    Documents,
    Results,
    Source,
}

/// Whom a job is to run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Selected,
    Marked,
    All,
}

/// A one-line text input; `cursor` counts chars.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Input {
    pub text: String,
    pub cursor: usize,
}

/// What takes the keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mode {
    #[default]
    Normal,
    Help,
    /// The document's page states, warnings, coverage; or why it failed.
    Info,
    /// Choosing a job; row 0 is "all jobs", then the templates in order.
    RunMenu {
        scope: Scope,
        row: usize,
    },
    /// Choosing a template to edit.
    TemplateMenu {
        row: usize,
    },
    /// The jobs that run and wait. `on` is the one under the cursor; it stays
    /// the same one whatever happens to the rows meanwhile, and is `None` once
    /// that job has ended.
    Queue {
        row: usize,
        on: Option<JobRef>,
    },
    Search {
        input: Input,
    },
    /// The person's own wording for a finding, which stays the same one
    /// whatever happens to the rows meanwhile.
    Edit {
        target: Box<Target>,
        input: Input,
    },
    /// Leaving while a job runs: asks once.
    ConfirmQuit,
    /// Giving hidden text to jobs: asks once.
    ConfirmHidden(DocId),
    /// The password of a locked document.
    Password(Asking),
}

/// The finding that a decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub doc: DocId,
    /// The text that the finding was made from.
    pub source: SourceHash,
    pub job: String,
    pub id: FindingId,
    /// The evidence as the person sees it.
    pub quote: String,
}

/// One row of the results pane, made from the state by [`State::rows`].
#[derive(Debug, Clone, PartialEq)]
pub enum Row<'a> {
    /// A job's title with its counts.
    Job {
        job: &'a str,
        title: &'a str,
        result: &'a JobResult,
    },
    Section {
        title: &'a str,
        count: usize,
    },
    Finding {
        job: &'a str,
        finding: &'a Finding,
        decision: Decision,
    },
    /// A section without findings says why.
    Empty {
        text: &'a str,
    },
    Warning {
        text: &'a str,
    },
}

/// Which part of the source is shown as evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Highlight {
    pub span: ByteSpan,
    /// Which of the finding's quotes, or of the search's matches, from 0.
    pub index: usize,
    pub of: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchState {
    pub query: String,
    pub matches: Vec<ByteSpan>,
    pub current: usize,
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not exclude each other")]
pub struct State {
    pub folder: PathBuf,
    /// What stands over the documents when the folder is gone or unreadable.
    pub folder_problem: Option<String>,
    /// The files in the order of their names, each with the documents inside it
    /// right below.
    pub documents: Vec<Entry>,
    pub selected: usize,
    pub marked: BTreeSet<DocId>,
    /// What is wished of documents beyond what holds for all.
    pub wishes: BTreeMap<DocId, Wish>,
    /// What is wished of all the others.
    pub wish: Wish,
    /// The document that is being read with a password.
    pub unlocking: Option<DocId>,
    pub templates: Vec<Template>,
    /// Templates that could not be loaded, each a sentence with file and line.
    pub template_problems: Vec<String>,
    /// The jobs that wait, in their order.
    pub queue: VecDeque<JobSpec>,
    /// The jobs that the next start should find, as they were last handed on
    /// to be saved.
    pub saved: Vec<JobSpec>,
    /// The jobs in progress: on one text, each part of it read once for all of
    /// them. Those that have ended stay until the last one has.
    pub running: Vec<Running>,
    /// Whether no job is to start until the person says so.
    pub paused: bool,
    pub engine: EngineState,
    pub pane: Pane,
    pub mode: Mode,
    /// Row of the results pane under the cursor.
    pub row: usize,
    pub highlight: Option<Highlight>,
    pub search: Option<SearchState>,
    pub auto: bool,
    /// The jobs that are queued for new and changed documents.
    pub auto_jobs: Vec<String>,
    /// How often the model is asked each question of the jobs queued from now
    /// on; 1 or more.
    pub rounds: usize,
    /// Whether the folder was listed once: what comes later is new.
    pub listed: bool,
    pub notice: Option<Notice>,
    /// Name of the theme in force; the themes there are.
    pub theme: String,
    pub themes: Vec<String>,
    pub now: Millis,
    /// The last run number given out.
    pub runs: u64,
    pub quitting: bool,
}

impl State {
    /// An empty workbench on a folder; the first messages fill it.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            folder_problem: None,
            documents: Vec::new(),
            selected: 0,
            marked: BTreeSet::new(),
            wishes: BTreeMap::new(),
            wish: Wish::default(),
            unlocking: None,
            templates: Vec::new(),
            template_problems: Vec::new(),
            queue: VecDeque::new(),
            saved: Vec::new(),
            running: Vec::new(),
            paused: false,
            engine: EngineState::None { why: "No model was chosen.".into() },
            pane: Pane::Documents,
            mode: Mode::Normal,
            row: 0,
            highlight: None,
            search: None,
            auto: false,
            auto_jobs: Vec::new(),
            rounds: 1,
            listed: false,
            notice: None,
            theme: "dark".into(),
            themes: vec!["dark".into(), "light".into()],
            now: Millis(0),
            runs: 0,
            quitting: false,
        }
    }

    /// The document under the cursor.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        self.documents.get(self.selected)
    }

    #[must_use]
    pub fn find(&self, id: &DocId) -> Option<&Entry> {
        self.documents.iter().find(|e| e.id == *id)
    }

    /// What is wished of a document.
    #[must_use]
    pub fn wish_of(&self, id: &DocId) -> Wish {
        self.wishes.get(id).copied().unwrap_or(self.wish)
    }

    #[must_use]
    pub fn template(&self, job: &str) -> Option<&Template> {
        self.templates.iter().find(|t| t.name == job)
    }

    /// The rows of the results pane for the document under the cursor.
    #[must_use]
    pub fn rows(&self) -> Vec<Row<'_>> {
        let Some(entry) = self.entry() else { return Vec::new() };
        entry.results.values().flat_map(|result| self.job_rows(entry, result)).collect()
    }

    fn job_rows<'a>(&'a self, entry: &'a Entry, result: &'a JobResult) -> Vec<Row<'a>> {
        let title = self.template(&result.job).map_or(result.job.as_str(), |t| t.title.as_str());
        let mut rows = vec![Row::Job { job: &result.job, title, result }];
        rows.extend(result.warnings.iter().map(|text| Row::Warning { text }));
        for section in &result.sections {
            rows.push(Row::Section { title: &section.title, count: section.findings.len() });
            if section.findings.is_empty() {
                rows.push(Row::Empty { text: &section.empty });
            }
            for finding in section.findings.iter().filter_map(|id| result.finding(id)) {
                let decision = entry.decision(&result.job, &finding.id);
                rows.push(Row::Finding { job: &result.job, finding, decision });
            }
        }
        rows
    }

    /// The finding under the cursor of the results pane, with its job.
    #[must_use]
    pub fn finding(&self) -> Option<(&str, &Finding)> {
        match self.rows().get(self.row) {
            Some(Row::Finding { job, finding, .. }) => Some((job, finding)),
            _ => None,
        }
    }
}
