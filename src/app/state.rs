//! The workbench's whole state as plain data. Nothing here does anything;
//! `update` changes it and the views read it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::document::{Document, SourceHash};
use crate::domain::finding::{Decision, Finding, FindingId, JobResult};
use crate::domain::span::ByteSpan;
use crate::domain::template::Template;

/// A document by its absolute path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocId(pub PathBuf);

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

/// A job on one document, waiting or running.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobSpec {
    pub doc: DocId,
    pub job: String,
    /// Only this passage of the text, where the person chose one.
    pub within: Option<ByteSpan>,
}

impl JobSpec {
    /// A job on a whole document.
    #[must_use]
    pub fn whole(doc: &DocId, job: &str) -> Self {
        Self { doc: doc.clone(), job: job.to_owned(), within: None }
    }
}

/// Milliseconds on the shell's clock, which starts at 0 with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub u64);

/// The job in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    pub spec: JobSpec,
    /// Tells this run's messages from those of an earlier one.
    pub run: u64,
    pub started: Millis,
    /// Steps finished, of all; 0 of 0 until the plan is made.
    pub done: usize,
    pub steps: usize,
    /// Of the finished steps, those that were found in the store.
    pub reused: usize,
    /// What the step in flight asks for ("Dates, chunk 2 of 5").
    pub doing: String,
    /// Prompt tokens of the step in flight read so far, of all.
    pub prefill: (usize, usize),
    /// The answer so far.
    pub live: String,
    pub cancelling: bool,
}

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
    /// Why it is not there; recognisers go on without it.
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
    pub queue: VecDeque<JobSpec>,
    pub running: Option<Running>,
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
            running: None,
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

    /// Jobs waiting or running on a document.
    #[must_use]
    pub fn pending(&self, id: &DocId) -> usize {
        let running = self.running.iter().filter(|r| r.spec.doc == *id).count();
        running + self.queue.iter().filter(|s| s.doc == *id).count()
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

impl Running {
    /// Share of the work that is done, from 0 to 1: whole steps, and half of
    /// the step in flight for its prefill.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "step and token counts are far below 2^52")]
    pub fn progress(&self) -> f64 {
        if self.steps == 0 {
            return 0.0;
        }
        let (read, of) = self.prefill;
        let part = if of == 0 { 0.0 } else { 0.5 * read as f64 / of as f64 };
        ((self.done as f64 + part) / self.steps as f64).min(1.0)
    }

    /// Time left in milliseconds, once enough was done to tell. Steps that
    /// came from the store took no time and say nothing about the rest.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate, positive and far below 2^52"
    )]
    pub fn estimate(&self, now: Millis) -> Option<u64> {
        let worked = self.done.checked_sub(self.reused).filter(|n| *n > 0)?;
        let each = now.0.saturating_sub(self.started.0) as f64 / worked as f64;
        Some((each * self.steps.saturating_sub(self.done) as f64) as u64)
    }
}
