//! `galley try`: the first look, on sample documents with the starter model.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use super::model_commands::pull_with_progress;
use super::observer::Progress;
use super::output::{complain, print_line};
use super::run::print_job;
use super::{DONE, SOME_FAILED, workbench};
use crate::app::state::{DocId, JobSpec, State, Wish};
use crate::assets;
use crate::domain::chunk::paragraphs;
use crate::domain::report::ReportFormat;
use crate::domain::span::ByteSpan;
use crate::domain::words;
use crate::models::catalogue;
use crate::paths::Paths;
use crate::runtime::batch;
use crate::runtime::model::ModelChoice;
use crate::runtime::session::{Options, Session};

/// The samples that are worked on where there is no terminal, and the one of
/// which a passage is rewritten, with the heading it stands under.
const SHOWN: [&str; 2] = ["mutual-nda.md", "project-notes.md"];
const REWRITTEN: (&str, &str) = ("project-notes.md", "## Draft to the supplier");
const STARTER: &str = "starter";

pub fn main(yes: bool, model: Option<&str>, paths: &Paths) -> Result<u8, String> {
    let folder = paths.data.join("samples");
    assets::copy_samples(&folder)
        .map_err(|e| format!("The samples could not be copied to {} ({e}).", folder.display()))?;
    let model = match model {
        Some(_) => super::run::chosen_model(model, paths)?,
        None => model_for_trying(yes, paths)?,
    };
    if io::stdout().is_terminal() {
        workbench::open(&folder, model, paths)
    } else {
        show(&folder, model, paths)
    }
}

/// The best model that is there, the starter if it can be had, or none.
fn model_for_trying(yes: bool, paths: &Paths) -> Result<ModelChoice, String> {
    let there = super::run::chosen_model(None, paths)?;
    if there.has_model() {
        return Ok(there);
    }
    let entry = catalogue::find(STARTER).expect("the catalogue has the starter, held by a test");
    if !yes && !agrees(entry.bytes)? {
        complain("Going on without a model: recognisers, review and search work all the same.");
        return Ok(there);
    }
    match pull_with_progress(entry, paths) {
        Ok(_) => ModelChoice::find(Some(STARTER), paths),
        Err(why) => {
            complain(&why);
            complain("Going on without a model: recognisers, review and search work all the same.");
            Ok(there)
        }
    }
}

/// Asks whether the starter may be fetched; where nobody can answer, no.
fn agrees(bytes: u64) -> Result<bool, String> {
    let size = words::size(bytes);
    if !io::stdin().is_terminal() {
        complain(&format!("The starter model ({size}) is missing; `galley try --yes` fetches it."));
        return Ok(false);
    }
    eprint!("Fetch the starter model, {size}, from the internet? Nothing is sent. [Y/n] ");
    io::stderr().flush().map_err(|e| e.to_string())?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|e| e.to_string())?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

/// Runs the three jobs on two samples and prints each result when it is ready.
fn show(folder: &Path, model: ModelChoice, paths: &Paths) -> Result<u8, String> {
    let roots = SHOWN.iter().map(|name| folder.join(name)).collect();
    print_line(&format!("# galley on two of its samples, model: {}\n", model.name()));
    let wish = Wish::default();
    let options = Options { roots, model, wish, password: None, resume: false, forgets: false };
    let mut session = Session::open(options, paths)?;
    let mut finished = |state: &State, spec: &JobSpec, received: &BTreeSet<String>| match state
        .find(&spec.doc)
        .filter(|_| received.contains(&spec.job))
    {
        Some(entry) => print_job(entry, &spec.job, ReportFormat::Md),
        None => Ok(()),
    };
    let mut progress = Progress::new(&mut finished);
    batch::run(&mut session, false, specs, &mut progress);
    let failed = progress.failed;
    Ok(if failed > 0 { SOME_FAILED } else { DONE })
}

fn specs(state: &State) -> Vec<JobSpec> {
    let mut specs = Vec::new();
    for entry in &state.documents {
        for job in ["extract", "triage"] {
            specs.push(JobSpec::whole(&entry.id, job));
        }
    }
    specs.extend(passage(state).map(|(doc, span)| JobSpec {
        doc,
        job: "rewrite".to_owned(),
        within: Some(span),
        rounds: 1,
    }));
    specs
}

/// The paragraph that is rewritten; where the person has changed the sample,
/// its first paragraph.
fn passage(state: &State) -> Option<(DocId, ByteSpan)> {
    let entry = state.documents.iter().find(|e| e.name == REWRITTEN.0)?;
    let text = &entry.document()?.text;
    let heading = text.find(REWRITTEN.1).unwrap_or(0);
    let span = paragraphs(text).into_iter().find(|span| span.start >= heading)?;
    Some((entry.id.clone(), span))
}
