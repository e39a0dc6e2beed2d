//! A trial of one model on labelled documents: they are read and worked on as in
//! any other session, but in a store that is gone with it, so that nothing of it
//! stands among the person's own results and no answer is an older one's. What
//! the answers are worth is measured by the domain.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf, absolute};
use std::time::{Duration, Instant};

use super::batch::{self, Observer};
use super::model::ModelChoice;
use super::session::{Options, Session};
use crate::app::msg::{Msg, RunMsg};
use crate::app::state::{DocId, DocState, EngineState, JobSpec, Notice, State, Wish};
use crate::domain::finding::{JobResult, Role};
use crate::domain::measure::{self, Labels, Measured, RoleScore, Studied};
use crate::extract::Password;
use crate::models::judged::{self, Judged, Judgements};
use crate::paths::Paths;

/// Jobs that are run where none are named: on every document, and on
/// conversations with labelled topics.
const JOBS: [&str; 1] = ["extract"];
const JOBS_OF_TALKS: [&str; 4] = ["extract", "triage", "minutes", "summary"];

/// Labelled documents by where they are.
#[derive(Debug, Default)]
pub struct Located {
    /// The labels' names with the documents' paths.
    pub found: Vec<(String, PathBuf)>,
    pub not_found: Vec<String>,
    /// The files that hold them.
    files: Vec<PathBuf>,
}

impl Located {
    /// Looks for the documents of the labels below `folder`; one may also be a
    /// part of another ("mail.eml/contract.pdf").
    ///
    /// # Errors
    /// A sentence, where the folder cannot be named absolutely.
    pub fn of(labels: &Labels, folder: &Path) -> Result<Self, String> {
        let folder = absolute(folder)
            .map_err(|e| format!("{} is no usable path ({e}).", folder.display()))?;
        let mut located = Self::default();
        let mut files = BTreeSet::new();
        for doc in labels.documents() {
            let path = folder.join(doc);
            match path.ancestors().find(|above| above.is_file()) {
                Some(file) => {
                    if files.insert(file.to_owned()) {
                        located.files.push(file.to_owned());
                    }
                    located.found.push((doc.to_owned(), path));
                }
                None => located.not_found.push(doc.to_owned()),
            }
        }
        Ok(located)
    }
}

/// What is the same for every model that is tried.
#[derive(Debug)]
pub struct Trial<'a> {
    pub labels: &'a Labels,
    pub located: &'a Located,
    /// By template name; `None` takes those that suit the labels.
    pub jobs: Option<Vec<String>>,
    pub wish: Wish,
    pub password: Option<Password>,
    /// How often each question is asked; `None` as the person's settings say.
    pub rounds: Option<usize>,
}

/// What came of a trial.
#[derive(Debug)]
pub struct Tried {
    pub model: String,
    pub engine: String,
    /// Empty without a model.
    pub sha256: String,
    pub rounds: usize,
    /// Documents that were worked on.
    pub read: usize,
    /// The labels' names of those that were not, each with the reason.
    pub failed: Vec<(String, String)>,
    /// From the first job to the last, without the loading of the model.
    pub wall: Duration,
    /// Seconds of work by job.
    pub seconds: BTreeMap<String, f64>,
    pub measured: Measured,
    /// What is known by now of how well the model tells roles.
    pub judged: Judgements,
}

impl Tried {
    /// Whether a model took part.
    #[must_use]
    pub fn has_model(&self) -> bool {
        !self.sha256.is_empty()
    }
}

/// Tries a model. What is measured of how it tells roles is kept among the
/// models, where every later job finds it.
///
/// # Errors
/// A sentence, where the session cannot be opened, the model not be loaded, or
/// no document be read.
pub fn run(
    trial: &Trial<'_>,
    model: ModelChoice,
    paths: &Paths,
    observer: &mut dyn Observer,
) -> Result<Tried, String> {
    let wants_model = model.has_model();
    let options = Options {
        roots: trial.located.files.clone(),
        model,
        wish: trial.wish,
        password: trial.password.clone(),
        resume: false,
        forgets: true,
    };
    let mut session = Session::open(options, paths)?;
    session.state.auto = false;
    session.state.rounds = trial.rounds.unwrap_or(session.state.rounds);
    let mut timed = Timed { observer, began: None, why: None };
    batch::run(&mut session, false, |state| specs(trial, state), &mut timed);
    let wall = timed.began.map(|began| began.elapsed()).unwrap_or_default();
    if let Some(why) = timed.why {
        return Err(format!("{why} Nothing was measured of it."));
    }
    let mut tried = tried(trial, &session.state, wants_model)?;
    tried.wall = wall;
    if tried.has_model() {
        tried.judged = keep(paths, &tried)?;
    }
    Ok(tried)
}

/// The jobs on each labelled document that could be read.
fn specs(trial: &Trial<'_>, state: &State) -> Vec<JobSpec> {
    let mut specs = Vec::new();
    for (doc, path) in &trial.located.found {
        let id = DocId(path.clone());
        if state.find(&id).is_none_or(|entry| entry.document().is_none()) {
            continue;
        }
        let job = |job: &str| JobSpec { rounds: state.rounds, ..JobSpec::whole(&id, job) };
        specs.extend(jobs(trial, state, doc).iter().map(|name| job(name)));
    }
    specs
}

fn jobs(trial: &Trial<'_>, state: &State, doc: &str) -> Vec<String> {
    if let Some(jobs) = &trial.jobs {
        return jobs.clone();
    }
    let has_topics = trial.labels.talks.iter().any(|t| t.doc == doc && !t.topics.is_empty());
    let jobs: &[&str] = if has_topics { &JOBS_OF_TALKS } else { &JOBS };
    let known = jobs.iter().filter(|job| state.template(job).is_some());
    known.map(|job| (*job).to_owned()).collect()
}

fn tried(trial: &Trial<'_>, state: &State, wants_model: bool) -> Result<Tried, String> {
    let mut failed = Vec::new();
    let mut read = Vec::new();
    for (doc, path) in &trial.located.found {
        let entry = state.find(&DocId(path.clone()));
        let why = match entry.map(|entry| &entry.state) {
            Some(DocState::Ready(document)) => {
                let results = entry.map(|entry| entry.results.values().cloned().collect());
                let results: Vec<JobResult> = results.unwrap_or_default();
                read.push((doc, document, results));
                continue;
            }
            Some(DocState::Failed(why)) => why.text.clone(),
            Some(DocState::Waiting | DocState::Reading) | None => {
                "There is no such document inside the file.".to_owned()
            }
        };
        failed.push((doc.clone(), why));
    }
    let Some(first) = read.iter().find_map(|(_, _, results)| results.first()) else {
        return Err("None of the labelled documents could be worked on.".to_owned());
    };
    let (model, engine) = (first.model.clone(), first.engine.clone());
    let sha256 = if wants_model { first.model_sha256.clone() } else { String::new() };
    let mut seconds = BTreeMap::new();
    for result in read.iter().flat_map(|(_, _, results)| results) {
        *seconds.entry(result.job.clone()).or_default() += result.seconds;
    }
    let studied: Vec<Studied<'_>> =
        read.iter().map(|(doc, document, results)| Studied { doc, document, results }).collect();
    let measured = measure::measure(trial.labels, &studied, &state.templates, wants_model);
    let (rounds, read) = (state.rounds, studied.len());
    let (wall, judged) = (Duration::ZERO, Judgements::new());
    Ok(Tried { model, engine, sha256, rounds, read, failed, wall, seconds, measured, judged })
}

/// Keeps how often the model and the rules were right about each role.
fn keep(paths: &Paths, tried: &Tried) -> Result<Judgements, String> {
    let judged = |score: &RoleScore| -> Option<(Role, Judged)> {
        let RoleScore { role, labelled: labels, rules, .. } = *score;
        Some((role, Judged { labels, model: score.model?, rules }))
    };
    let measured: Judgements = tried.measured.roles.iter().filter_map(judged).collect();
    judged::remember(&paths.models(), &tried.sha256, &measured).map_err(|e| {
        format!(
            "What was measured could not be kept in {} ({e}), so jobs would not go by it.",
            paths.models().display()
        )
    })
}

/// Notes when the first job begins, and why there is no model.
struct Timed<'a> {
    observer: &'a mut dyn Observer,
    began: Option<Instant>,
    why: Option<String>,
}

impl Observer for Timed<'_> {
    fn message(&mut self, state: &State, msg: &Msg) {
        match msg {
            Msg::Run { msg: RunMsg::Planned { .. }, .. } => {
                self.began.get_or_insert_with(Instant::now);
            }
            Msg::Engine(EngineState::Failed { why, .. }) => self.why = Some(why.clone()),
            _ => {}
        }
        self.observer.message(state, msg);
    }

    fn notice(&mut self, notice: &Notice) {
        self.observer.notice(notice);
    }

    fn job_ended(&mut self, state: &State, spec: &JobSpec) {
        self.observer.job_ended(state, spec);
    }
}
