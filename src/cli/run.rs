//! `galley run PATH... --job A,B`: the jobs without a screen.

use std::collections::BTreeSet;
use std::path::{PathBuf, absolute};

use clap::Args;

use super::observer::{Progress, any_readable};
use super::output::{complain, print};
use super::reading::ReadingArguments;
use super::{COULD_NOT_RUN, DONE, SOME_FAILED, USAGE};
use crate::app::state::{Entry, JobSpec, State, Wish};
use crate::domain::report::ReportFormat;
use crate::extract::Limits;
use crate::paths::Paths;
use crate::runtime::batch;
use crate::runtime::config::{Config, MOST_ROUNDS};
use crate::runtime::export::{self, Saved};
use crate::runtime::model::ModelChoice;
use crate::runtime::session::{Options, Session};
use crate::runtime::templates::Library;
use crate::runtime::watching;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Files and folders to work on.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Jobs to run, by template name.
    #[arg(long, value_delimiter = ',', required = true)]
    job: Vec<String>,
    #[command(flatten)]
    model: super::ModelArgument,
    /// Folder for result files; without it results are printed.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// md, json, jsonl, csv, docx, ics; several are joined by commas.
    #[arg(long, value_delimiter = ',', default_value = "md")]
    format: Vec<ReportFormat>,
    #[command(flatten)]
    repeat: RepeatArgument,
    #[command(flatten)]
    reading: ReadingArguments,
    /// Give hidden text and comments to the jobs too.
    #[arg(long)]
    include_hidden: bool,
    /// Go on: run the jobs on every document that comes or changes.
    #[arg(long)]
    watch: bool,
}

/// How often the same is asked, as an argument of several commands.
#[derive(Debug, Args)]
pub struct RepeatArgument {
    /// Ask the model each question N times, 1 to 9, and rank what it found by
    /// how often it said so; nothing is accepted for that. Without it as
    /// "repeat" under [jobs] in config.toml says, or once.
    #[arg(long = "repeat", value_name = "N", value_parser = rounds)]
    rounds: Option<usize>,
}

impl RepeatArgument {
    /// As the person asks for it here.
    #[must_use]
    pub fn rounds(&self) -> Option<usize> {
        self.rounds
    }

    /// What holds in a session that was opened with the person's settings.
    pub fn apply(&self, state: &mut State) {
        state.rounds = self.rounds.unwrap_or(state.rounds);
    }
}

fn rounds(number: &str) -> Result<usize, String> {
    let rounds = number.parse().ok().filter(|n| (1..=MOST_ROUNDS).contains(n));
    rounds.ok_or_else(|| format!("the model can be asked 1 to {MOST_ROUNDS} times"))
}

/// The model named, or configured, or the best one that is there.
///
/// # Errors
/// A sentence, where the model named is not there.
pub fn chosen_model(named: Option<&str>, paths: &Paths) -> Result<ModelChoice, String> {
    let (config, _) = Config::load(paths);
    ModelChoice::find(named.or(config.model.as_deref()), paths)
}

pub fn main(arguments: &Arguments, paths: &Paths) -> Result<u8, String> {
    if let Some(mistake) = mistake(arguments, paths) {
        complain(&mistake);
        return Ok(USAGE);
    }
    let roots = roots(&arguments.paths)?;
    let model = chosen_model(arguments.model.model.as_deref(), paths)?;
    if !model.has_model() && arguments.model.model.is_none() {
        complain(
            "There is no model here, so recognisers work alone; `galley models pull starter` \
             fetches a small one.",
        );
    }
    let watched = roots.clone();
    let reading = arguments.reading.options(Limits::default())?;
    let wish = Wish { view: reading.view, ocr: reading.ocr, with_hidden: arguments.include_hidden };
    let options =
        Options { roots, model, wish, password: reading.password, resume: false, forgets: false };
    let mut session = Session::open(options, paths)?;
    arguments.repeat.apply(&mut session.state);
    let watching =
        arguments.watch.then(|| watching::start_all(&watched, &paths.prompts(), &session.sender()));
    session.state.auto = arguments.watch;
    session.state.auto_jobs.clone_from(&arguments.job);
    let mut saved = Saved::default();
    let mut finished = |state: &State, spec: &JobSpec, received: &BTreeSet<String>| {
        deliver(arguments, &watched, &mut saved, state, spec, received)
    };
    let mut progress = Progress::new(&mut finished);
    let first = |state: &State| specs(state, &arguments.job);
    batch::run(&mut session, arguments.watch, first, &mut progress);
    let (failed, without_model) = (progress.failed, progress.without_model);
    drop(watching);
    Ok(exit_code(&session.state, failed, without_model))
}

/// What is wrong with the arguments together, as a sentence.
fn mistake(arguments: &Arguments, paths: &Paths) -> Option<String> {
    let binary = arguments.format.iter().find(|format| format.is_binary());
    if let Some(format) = binary.filter(|_| arguments.out.is_none()) {
        let format = format.extension();
        return Some(format!(
            "The format {format} is a file of its own; name a folder for it with --out."
        ));
    }
    unknown_job(&arguments.job, paths)
}

/// That a job is not there, as a sentence.
pub fn unknown_job(jobs: &[String], paths: &Paths) -> Option<String> {
    let (templates, problems) = Library::new(&paths.prompts()).load();
    let unknown = jobs.iter().find(|job| !templates.iter().any(|t| t.name == **job))?;
    let known: Vec<&str> = templates.iter().map(|t| t.name.as_str()).collect();
    let mut mistake = format!("There is no job {unknown:?}; there are {}.", known.join(", "));
    for problem in problems {
        mistake.push('\n');
        mistake.push_str(&problem);
    }
    Some(mistake)
}

fn exit_code(state: &State, failed: usize, without_model: bool) -> u8 {
    if state.folder_problem.is_some() || without_model {
        COULD_NOT_RUN
    } else if state.documents.is_empty() {
        complain("There is no document to work on.");
        COULD_NOT_RUN
    } else if failed > 0 || !any_readable(state) {
        SOME_FAILED
    } else {
        DONE
    }
}

fn roots(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    paths
        .iter()
        .map(|path| {
            if !path.exists() {
                return Err(format!("There is no file or folder {}.", path.display()));
            }
            absolute(path).map_err(|e| format!("{} is no usable path ({e}).", path.display()))
        })
        .collect()
}

/// The jobs on every document that could be read.
fn specs(state: &State, jobs: &[String]) -> Vec<JobSpec> {
    let readable = state.documents.iter().filter(|entry| entry.document().is_some());
    let spec = |entry: &Entry, job: &String| JobSpec {
        rounds: state.rounds,
        ..JobSpec::whole(&entry.id, job)
    };
    readable.flat_map(|entry| jobs.iter().map(move |job| spec(entry, job))).collect()
}

/// Prints a job's result, or writes the document's files once more with it.
fn deliver(
    arguments: &Arguments,
    roots: &[PathBuf],
    saved: &mut Saved,
    state: &State,
    spec: &JobSpec,
    received: &BTreeSet<String>,
) -> Result<(), String> {
    let Some(entry) = state.find(&spec.doc) else { return Ok(()) };
    if !received.contains(&spec.job) {
        return Ok(());
    }
    let jobs: BTreeSet<&str> = received.iter().map(String::as_str).collect();
    if let Some(dir) = &arguments.out {
        return saved.write(dir, entry, roots, &jobs, &arguments.format);
    }
    arguments.format.iter().try_for_each(|format| print_job(entry, &spec.job, *format))
}

/// Prints one job's result on standard output.
///
/// # Errors
/// A sentence.
pub fn print_job(entry: &Entry, job: &str, format: ReportFormat) -> Result<(), String> {
    let text = export::job_text(entry, job, format)?;
    print(&text);
    Ok(())
}
