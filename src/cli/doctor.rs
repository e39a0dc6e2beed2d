//! `galley doctor`: what this machine can run, where things live, what is wrong.

use std::process::Command;

use super::extract::Reader;
use super::model_commands::fit;
use super::output::print_line;
use super::{COULD_NOT_RUN, DONE};
use crate::assets;
use crate::domain::words;
use crate::environment::without_secrets;
use crate::models::fit::{Machine, Wish, known};
use crate::models::resolve;
use crate::paths::Paths;
use crate::runtime::config::Config;
use crate::runtime::hardware;
use crate::runtime::model::ModelChoice;
use crate::runtime::templates::Library;
use crate::store::Store;
use crate::ui::Workbench;

pub fn main(paths: &Paths) -> u8 {
    let mut problems = Vec::new();
    let machine = Machine::read();
    hardware(&machine);
    helpers();
    places(paths);
    models(paths);
    fitting(&machine, paths);
    store(paths, &mut problems);
    templates(paths, &mut problems);
    reading(paths, &mut problems);
    settings(paths, &mut problems);
    if problems.is_empty() {
        print_line("\nNothing is wrong.");
        return DONE;
    }
    print_line("\nWhat is wrong:");
    for problem in &problems {
        print_line(&format!("- {problem}"));
    }
    COULD_NOT_RUN
}

/// What the settings name but is not there.
fn settings(paths: &Paths, problems: &mut Vec<String>) {
    let (config, mistake) = Config::load(paths);
    problems.extend(mistake);
    if let Err(why) = ModelChoice::find(config.model.as_deref(), paths) {
        problems.push(format!("config.toml names a model: {why}"));
    }
    let (workbench, _) = Workbench::new(paths, "dark");
    if let Some(theme) = config.theme.filter(|theme| !workbench.themes().contains(theme)) {
        problems.push(format!("config.toml names the theme {theme:?}, which is not there."));
    }
    let (templates, _) = Library::new(&paths.prompts()).load();
    for job in config.auto_jobs.iter().filter(|job| !templates.iter().any(|t| t.name == **job)) {
        problems.push(format!("auto_jobs in config.toml names {job:?}, which is no template."));
    }
}

fn row(name: &str, value: &str) {
    print_line(&format!("{name:<12} {value}"));
}

fn hardware(machine: &Machine) {
    let cores = machine.cpus;
    row("machine", &format!("{cores} cores, {} memory", words::size(machine.total)));
    row("memory", &format!("{} free", words::size(machine.available)));
    row("vectors", hardware::vectors());
    let mut python = Command::new("python3");
    let python = without_secrets(&mut python).args(["-m", "pip", "--version"]).output();
    let has_pip = python.is_ok_and(|output| output.status.success());
    let pip = if has_pip {
        "python3 with pip is here (the starter's second source)"
    } else {
        "python3 with pip is not here; the starter can only come from the hub"
    };
    row("pip", pip);
}

/// The programs of others that read what galley cannot read by itself.
fn helpers() {
    let version = |program: &str, flag: &str| {
        let mut command = Command::new(program);
        without_secrets(&mut command).arg(flag).output().is_ok()
    };
    let scans = if version("tesseract", "--version") {
        "tesseract is here: scans can be read (--ocr, or o)"
    } else {
        "tesseract is not here: scans cannot be read (Debian: apt install tesseract-ocr)"
    };
    row("scans", scans);
    let pdf = if version("pdftotext", "-v") {
        "pdftotext is here, for pages that read badly"
    } else {
        "pdftotext is not here; it helps with pages that read badly (Debian: apt install \
         poppler-utils)"
    };
    row("pdf", pdf);
}

fn places(paths: &Paths) {
    row("settings", &paths.config.join("config.toml").display().to_string());
    row("templates", &paths.prompts().display().to_string());
    row("themes", &paths.themes().display().to_string());
    row("store", &paths.database().display().to_string());
    row("log", &paths.log().display().to_string());
    row("models", &paths.models().display().to_string());
}

fn models(paths: &Paths) {
    for model in resolve::list(paths) {
        row("model", &super::model_commands::line(&model));
    }
}

/// Which of the models fit into the memory that is free now.
fn fitting(machine: &Machine, paths: &Paths) {
    let (all, wish) = (known::all(paths), Wish::default());
    for model in &all {
        row("fit", &fit::summary(model, &model.plan(&all, machine, &wish)));
    }
}

fn store(paths: &Paths, problems: &mut Vec<String>) {
    match Store::open(&paths.database()) {
        Ok((store, warning)) => {
            problems.extend(warning);
            match store.usage() {
                Ok(bytes) => row("stored", &words::size(bytes)),
                Err(e) => problems.push(e.to_string()),
            }
        }
        Err(e) => problems.push(e.to_string()),
    }
}

fn templates(paths: &Paths, problems: &mut Vec<String>) {
    let (templates, mistakes) = Library::new(&paths.prompts()).load();
    row("jobs", &templates.iter().map(|t| t.name.as_str()).collect::<Vec<_>>().join(", "));
    problems.extend(mistakes);
}

/// Reads a sample the way every document is read.
fn reading(paths: &Paths, problems: &mut Vec<String>) {
    let outcome = tempfile::tempdir().map_err(|e| e.to_string()).and_then(|folder| {
        assets::copy_samples(folder.path()).map_err(|e| e.to_string())?;
        Reader::new(paths)?.read(&folder.path().join("services-agreement.pdf"))
    });
    match outcome {
        Ok(document) => row("reading", &format!("works ({} pages of PDF)", document.pages.len())),
        Err(why) => problems.push(format!("Reading a sample failed: {why}")),
    }
}
