//! The commands: their arguments, and one thin file for each.

mod bench;
mod doctor;
mod eval;
mod extract;
mod jobs;
mod model_commands;
mod observer;
mod output;
mod reading;
mod run;
mod setup;
mod tokens;
mod try_samples;
mod workbench;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::extract::worker;
use crate::extract::{SECOND_READER, second_reader};
use crate::paths::Paths;
use output::complain;

/// All documents were worked on.
const DONE: u8 = 0;
/// It could not run at all.
const COULD_NOT_RUN: u8 = 1;
/// The arguments do not go together; clap gives the same for its own.
const USAGE: u8 = 2;
/// Some documents failed; they were named on standard error.
const SOME_FAILED: u8 = 3;

/// A workbench for confidential documents: jobs by a small local model, each
/// result beside its source. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "galley", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// The folder to work on; without it, the current one.
    folder: Option<PathBuf>,
    #[command(flatten)]
    model: ModelArgument,
}

#[derive(Debug, Args)]
struct ModelArgument {
    /// A catalogue name, a GGUF file, a native model folder, or "none" for
    /// recognisers only.
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try galley on sample documents; fetches the starter model if it is missing.
    Try {
        /// Fetch the starter model without asking.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        model: ModelArgument,
    },
    /// Run jobs on files and folders without a screen.
    Run(run::Arguments),
    /// Measure jobs and models on documents that you labelled.
    Eval(eval::Arguments),
    /// Print the text of a document.
    Extract(extract::Arguments),
    /// Count the tokens of files.
    Tokens {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        model: ModelArgument,
        /// A JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// List the job templates, or check them.
    Jobs {
        #[command(subcommand)]
        action: Option<jobs::Action>,
    },
    /// List, fetch, import and check models.
    Models {
        #[command(subcommand)]
        action: Option<model_commands::Action>,
    },
    /// Measure a model's speed and memory on this machine.
    Bench {
        #[command(flatten)]
        model: ModelArgument,
        #[arg(long)]
        json: bool,
    },
    /// Tell what this machine can run, where things live and what is wrong.
    Doctor,
    /// The guarded worker process that reads files.
    #[command(name = "__extract", hide = true)]
    ExtractWorker,
    /// The process in which the second reader of PDF runs.
    #[command(name = SECOND_READER, hide = true)]
    SecondReader,
}

/// Parses the arguments, runs the command, gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    setup::quiet_panics();
    let cli = Cli::parse();
    if let Some(Command::SecondReader) = cli.command {
        return second_reader();
    }
    if let Some(Command::ExtractWorker) = cli.command {
        return worker::main();
    }
    let Some(paths) = Paths::from_environment() else {
        complain("This system names no home folder; set GALLEY_HOME to a folder of your choice.");
        return ExitCode::from(COULD_NOT_RUN);
    };
    setup::logging(&paths);
    setup::threads();
    let outcome = match cli.command {
        None => workbench::main(cli.folder, cli.model.model.as_deref(), &paths),
        Some(Command::Try { yes, model }) => try_samples::main(yes, model.model.as_deref(), &paths),
        Some(Command::Run(arguments)) => run::main(&arguments, &paths),
        Some(Command::Eval(arguments)) => eval::main(&arguments, &paths),
        Some(Command::Extract(arguments)) => extract::main(&arguments, &paths),
        Some(Command::Tokens { files, model, json }) => {
            tokens::main(&files, model.model.as_deref(), json, &paths)
        }
        Some(Command::Jobs { action }) => Ok(jobs::main(action, &paths)),
        Some(Command::Models { action }) => model_commands::main(action, &paths),
        Some(Command::Bench { model, json }) => bench::main(model.model.as_deref(), json, &paths),
        Some(Command::Doctor) => Ok(doctor::main(&paths)),
        Some(Command::ExtractWorker | Command::SecondReader) => {
            unreachable!("it was answered above")
        }
    };
    ExitCode::from(outcome.unwrap_or_else(|why: String| {
        complain(&why);
        COULD_NOT_RUN
    }))
}
