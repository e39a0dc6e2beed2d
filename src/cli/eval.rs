//! `galley eval LABELS --docs DIR`: how well jobs do on documents that people
//! labelled by eye, for one model or two side by side.

mod json;
mod table;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::observer::Progress;
use super::output::{complain, print};
use super::reading::ReadingArguments;
use super::run::{RepeatArgument, chosen_model, unknown_job};
use super::{DONE, SOME_FAILED, USAGE};
use crate::app::state::{JobSpec, State, Wish};
use crate::domain::measure::Labels;
use crate::extract::Limits;
use crate::paths::Paths;
use crate::runtime::eval::{self, Located, Trial, Tried};
use crate::runtime::model::ModelChoice;

/// Models that fit side by side on a screen.
const MOST_MODELS: usize = 2;

/// What stands under the arguments in the help.
const MANUAL: &str = "\
Labels are JSON lines, one answer a line. Needed are \"doc\", the document's name
below DIR, \"field\", and what is there:
  {\"doc\": \"lease.txt\", \"field\": \"Effective Date\", \"iso\": \"2026-05-04\"}
  {\"doc\": \"lease.txt\", \"field\": \"Parties\", \"answer_text\": \"Halden Marine Ltd\"}
  {\"doc\": \"lease.txt\", \"field\": \"Expiration Date\", \"present\": false}
\"iso\": null says that there is no date to the day. Where the answer stands may be
said by \"start\" and \"end\" in characters, or \"byte_start\" and \"byte_end\". Of a
conversation with one turn on each line:
  {\"doc\": \"call.txt\", \"speakers\": [\"Ann Berg\"],
   \"topics\": [{\"topic\": \"Price\", \"relevant_text_span\": [[0, 27]]}]}
A line that cannot be used is told and left out; other keys are ignored.

The fields \"Agreement Date\", \"Effective Date\", \"Expiration Date\" and \"Parties\" are
compared with the roles that jobs give; any other with the field of a job that has
that name or title: by its date, by its value, or by whether a quote stands in the
same place. What is not verified counts as not found. \"First date\" is a simple rule
to compare with: the first date in the document is its agreement and effective
date, and it has no expiration date.

The documents are worked on in a store of their own, so that the results of the
workbench stay as they are and every second was really spent. Of a model it is
kept how often it was right about each role; from 30 labels on, and where it was
right more often than the rules, it decides in every later job.

Exit codes: 0 all done; 1 could not run; 2 usage; 3 some documents were missing or
failed, or some lines could not be used (named on standard error).";

#[derive(Debug, Args)]
#[command(after_long_help = MANUAL)]
pub struct Arguments {
    /// Files of labels, JSON lines; --help shows their form.
    #[arg(required = true)]
    labels: Vec<PathBuf>,
    /// The folder under which the labelled documents lie.
    #[arg(long, value_name = "DIR")]
    docs: PathBuf,
    /// As for other commands; twice for two models side by side.
    #[arg(long, value_name = "MODEL")]
    model: Vec<String>,
    /// Jobs to run, by template name; without it `extract`, and on
    /// conversations with labelled topics `triage`, `minutes` and `summary` too.
    #[arg(long, value_delimiter = ',')]
    job: Vec<String>,
    #[command(flatten)]
    repeat: RepeatArgument,
    /// The first N labelled documents alone.
    #[arg(long, value_name = "N")]
    limit: Option<std::num::NonZeroUsize>,
    /// One JSON object in place of the tables.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: ReadingArguments,
}

/// Labels of all files together.
#[derive(Debug, Default)]
struct Read {
    labels: Labels,
    /// A sentence for each line that could not be used.
    mistakes: Vec<String>,
}

pub fn main(arguments: &Arguments, paths: &Paths) -> Result<u8, String> {
    if arguments.model.len() > MOST_MODELS {
        complain("At most two models stand side by side; name --model once or twice.");
        return Ok(USAGE);
    }
    if let Some(mistake) = unknown_job(&arguments.job, paths) {
        complain(&mistake);
        return Ok(USAGE);
    }
    let read = read(arguments)?;
    read.mistakes.iter().for_each(|mistake| complain(mistake));
    let located = located(arguments, &read)?;
    let models = models(arguments, paths)?;
    let reading = arguments.reading.options(Limits::default())?;
    let trial = Trial {
        labels: &read.labels,
        located: &located,
        jobs: (!arguments.job.is_empty()).then(|| arguments.job.clone()),
        wish: Wish { view: reading.view, ocr: reading.ocr, with_hidden: false },
        password: reading.password,
        rounds: arguments.repeat.rounds(),
    };
    let (mut tried, mut failed) = (Vec::new(), 0);
    for model in models {
        let (one, faults) = try_one(&trial, model, paths)?;
        failed += faults;
        tried.push(one);
    }
    print(&if arguments.json {
        json::report(&read, &located, &tried)
    } else {
        table::report(&read, &located, &tried)
    });
    let all_there = located.not_found.is_empty() && read.mistakes.is_empty();
    Ok(if failed == 0 && all_there { DONE } else { SOME_FAILED })
}

/// Tries a model, and gives how many documents or jobs failed.
fn try_one(trial: &Trial<'_>, model: ModelChoice, paths: &Paths) -> Result<(Tried, usize), String> {
    let mut finished = |_: &State, _: &JobSpec, _: &BTreeSet<String>| Ok(());
    let mut progress = Progress::new(&mut finished);
    let tried = eval::run(trial, model, paths, &mut progress)?;
    Ok((tried, progress.failed))
}

fn read(arguments: &Arguments) -> Result<Read, String> {
    let mut read = Read::default();
    for file in &arguments.labels {
        let name = file.display();
        let text = fs::read_to_string(file)
            .map_err(|e| format!("The labels {name} cannot be read ({e})."))?;
        let labels = Labels::parse(&text);
        let told = labels.mistakes.iter();
        read.mistakes.extend(told.map(|m| format!("{name}, line {}: {}", m.line, m.message)));
        read.labels.lines += labels.lines;
        read.labels.labels.extend(labels.labels);
        read.labels.talks.extend(labels.talks);
    }
    if read.labels.documents().is_empty() {
        let told = read.mistakes.iter().take(1).map(String::as_str);
        let first: String = told.collect();
        return Err(format!("There is no label to measure by. {first}").trim_end().to_owned());
    }
    if let Some(limit) = arguments.limit {
        read.labels.limit(limit.get());
    }
    Ok(read)
}

impl Read {
    /// Lines that became labels, of all that are not empty. What a limit leaves
    /// out was read all the same.
    fn used(&self) -> usize {
        self.labels.lines - self.mistakes.len()
    }
}

fn located(arguments: &Arguments, read: &Read) -> Result<Located, String> {
    let located = Located::of(&read.labels, &arguments.docs)?;
    if located.found.is_empty() {
        let first = located.not_found.first().map_or("", String::as_str);
        return Err(format!(
            "None of the labelled documents is there, {} to begin with; name the folder that \
             they lie under with --docs.",
            arguments.docs.join(first).display()
        ));
    }
    for doc in &located.not_found {
        let path = arguments.docs.join(doc);
        complain(&format!("{} is labelled and is not there; it was left out.", path.display()));
    }
    Ok(located)
}

fn models(arguments: &Arguments, paths: &Paths) -> Result<Vec<ModelChoice>, String> {
    if arguments.model.is_empty() {
        return Ok(vec![chosen_model(None, paths)?]);
    }
    arguments.model.iter().map(|name| chosen_model(Some(name), paths)).collect()
}
