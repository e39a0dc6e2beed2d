//! The workbench's whole state as plain data. Nothing here does anything;
//! `update` changes it and the views read it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use super::work::{JobRef, JobSpec, Phase, QueueRow, Running, Tally};
use crate::domain::document::{Document, SourceHash};
use crate::domain::finding::{Decision, Finding, FindingId, JobResult};
use crate::domain::span::ByteSpan;
use crate::domain::template::Template;

/// A document by its absolute path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocId(#[serde(with = "super::any_path")] pub PathBuf);

/// What is known of a file from the folder alone: enough to tell that it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub bytes: u64,
    /// Nanoseconds since the epoch, as the file system has it.
    pub modified: i128,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocState {
    /// Seen in the folder, not read yet.
    Waiting,
    Reading,
    Ready(Arc<Document>),
    /// Why it cannot be read, as a sentence.
    Failed(String),
}

/// One document of the folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: DocId,
    /// Path below the folder, as shown.
    pub name: String,
    pub stamp: Stamp,
    pub state: DocState,
    /// Counts the readings; what an older reading brings is dropped.
    pub generation: u64,
    /// Whether it came or changed after the folder was first listed.
    pub arrived_late: bool,
    /// By job name, in the order of the templates' names.
    pub results: BTreeMap<String, JobResult>,
    pub decisions: HashMap<(String, FindingId), Decision>,
}

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
    /// In the order of their names.
    pub documents: Vec<Entry>,
    pub selected: usize,
    pub marked: BTreeSet<DocId>,
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

impl Entry {
    #[must_use]
    pub fn document(&self) -> Option<&Arc<Document>> {
        match &self.state {
            DocState::Ready(doc) => Some(doc),
            DocState::Waiting | DocState::Reading | DocState::Failed(_) => None,
        }
    }

    #[must_use]
    pub fn decision(&self, job: &str, id: &FindingId) -> Decision {
        self.decisions.get(&(job.to_owned(), id.clone())).cloned().unwrap_or_default()
    }

    /// Findings over all jobs, and those with a decision.
    #[must_use]
    pub fn reviewed(&self) -> (usize, usize) {
        let all: usize = self.results.values().map(|r| r.findings.len()).sum();
        let decided = self
            .results
            .values()
            .flat_map(|r| r.findings.iter().map(move |f| self.decision(&r.job, &f.id)))
            .filter(|d| *d != Decision::Open)
            .count();
        (all, decided)
    }

    /// Whether a result was made from another text than the present one.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.document()
            .is_some_and(|doc| self.results.values().any(|result| result.source != doc.source))
    }
}
