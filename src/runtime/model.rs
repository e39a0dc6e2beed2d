//! From what the person calls a model to an engine that answers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::app::state::{EngineState, Millis};
use crate::domain::finding::Role;
use crate::engine::rules::RulesEngine;
use crate::engine::{Cancel, Engine, EngineInfo};
use crate::models::resolve::{Resolved, resolve};
use crate::models::{
    ImportProgress, ImportStage, ModelFolder, catalogue, import_entry, import_gguf, judged,
};
use crate::paths::Paths;
use crate::runtime::config::{Config, EngineConfig};
use crate::runtime::prepare::{Measure, Prepared};
use crate::runtime::server;

/// Catalogue names in the order of preference, where no model was named.
const PREFERRED: [&str; 2] = ["llama-3.2-1b", "starter"];

/// Which model to work with, decided before anything is loaded.
#[derive(Debug, Clone)]
pub struct ModelChoice {
    /// What the person or the configuration named, or the default found.
    name: String,
    what: Resolved,
    models: PathBuf,
    /// How models are run.
    engine: EngineConfig,
}

/// An engine, and what its results must say on top.
pub struct Loaded {
    pub engine: Box<dyn Engine>,
    /// Why recognisers work alone, though a model was wanted.
    pub note: Option<String>,
    pub retry: Retry,
    /// Roles in which the model was measured to beat the rules.
    pub trusted: BTreeSet<Role>,
}

impl Loaded {
    /// Recognisers alone.
    fn rules(note: Option<String>, retry: Retry) -> Self {
        Self { engine: Box::new(RulesEngine::new()), note, retry, trusted: BTreeSet::new() }
    }
}

/// Whether loading should be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    No,
    /// It was cancelled.
    AtOnce,
    /// It failed then; a server that is down costs time with every try.
    Later(Instant),
}

/// How long a failure to load is taken for the answer of the next jobs as well.
const PATIENCE: Duration = Duration::from_secs(30);

impl Loaded {
    /// Whether the next job should load anew.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        match self.retry {
            Retry::No => false,
            Retry::AtOnce => true,
            Retry::Later(failed) => failed.elapsed() > PATIENCE,
        }
    }
}

impl ModelChoice {
    /// Finds the model named, or the best one that is there, or none.
    ///
    /// # Errors
    /// A sentence, where a model was named that is not there.
    pub fn find(named: Option<&str>, paths: &Paths) -> Result<Self, String> {
        let models = paths.models();
        let engine = Config::load(paths).0.engine;
        if let Some(name) = named {
            let what = resolve(name, paths).map_err(|e| e.to_string())?;
            if let Resolved::NotPulled(entry) = what {
                return Err(format!(
                    "The model {} is not on this machine yet; fetch it with `galley models pull {}`.",
                    entry.name, entry.name
                ));
            }
            if let Resolved::Server(address) = &what {
                server::check(address, &engine)?;
            }
            return Ok(Self { name: name.to_owned(), what, models, engine });
        }
        let there = PREFERRED.iter().find_map(|name| match resolve(name, paths) {
            Ok(what @ (Resolved::Gguf(_) | Resolved::Folder(_))) => Some((*name, what)),
            _ => None,
        });
        let (name, what) = there.unwrap_or(("none", Resolved::None));
        Ok(Self { name: name.to_owned(), what, models, engine })
    }

    /// The model's name as it is shown: of a path its last part alone.
    #[must_use]
    pub fn name(&self) -> String {
        let named = Path::new(&self.name);
        match &self.what {
            Resolved::Gguf(path) | Resolved::Folder(path) if path == named => {
                let stem = if path.is_dir() { path.file_name() } else { path.file_stem() };
                stem.unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
            }
            _ => self.name.clone(),
        }
    }

    /// What a person must know before anything is done: that text leaves the
    /// machine, if it does.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        match &self.what {
            Resolved::Server(address) => server::warning(address),
            _ => None,
        }
    }

    /// Whether it is a server's.
    #[must_use]
    pub fn is_server(&self) -> bool {
        matches!(self.what, Resolved::Server(_))
    }

    /// Whether a model takes part at all.
    #[must_use]
    pub fn has_model(&self) -> bool {
        !matches!(self.what, Resolved::None | Resolved::NotPulled(_))
    }

    /// What the status line says before anything is loaded.
    #[must_use]
    pub fn state(&self) -> EngineState {
        if self.has_model() {
            EngineState::Idle { model: self.name() }
        } else {
            EngineState::None { why: "No model: recognisers only.".into() }
        }
    }

    /// Loads the engine, saying how it goes. Where the model cannot be loaded
    /// the recognisers stand in, and the reason goes into every result.
    #[must_use]
    pub fn load(&self, say: &dyn Fn(EngineState), cancel: &Cancel) -> Loaded {
        if !self.has_model() {
            say(self.state());
            return Loaded::rules(None, Retry::No);
        }
        let loading =
            |doing: String| EngineState::Loading { model: self.name(), doing, since: Millis(0) };
        say(loading("starting".into()));
        match self.start(&|doing| say(loading(doing)), cancel) {
            Ok(engine) => {
                let EngineInfo { model, device, sha256, .. } = engine.info().clone();
                say(EngineState::Ready { model, device });
                let trusted = judged::trusted(&self.models, &sha256);
                Loaded { engine, note: None, retry: Retry::No, trusted }
            }
            Err(_) if cancel.is_cancelled() => {
                say(self.state());
                let note = "Recognisers only: the job was stopped while the model was made ready.";
                Loaded::rules(Some(note.to_owned()), Retry::AtOnce)
            }
            Err(why) => {
                say(EngineState::Failed { model: self.name(), why: why.clone() });
                let note = format!("Recognisers only, since the model is not there: {why}");
                Loaded::rules(Some(note), Retry::Later(Instant::now()))
            }
        }
    }

    /// The engine, at work: connected, or loaded and built anew when it dies.
    ///
    /// # Errors
    /// A sentence; also where there is no model.
    pub fn start(
        &self,
        doing: &dyn Fn(String),
        cancel: &Cancel,
    ) -> Result<Box<dyn Engine>, String> {
        if let Resolved::Server(address) = &self.what {
            doing("connecting".into());
            return server::connect(address, &self.engine, cancel);
        }
        let prepared = self.prepare(Measure::Once, doing, cancel)?;
        doing("loading the weights".into());
        prepared.start().map_err(|e| e.to_string())
    }

    /// The model on this machine, imported if need be, in the form and with the
    /// window that suit the machine; of its weights nothing is loaded yet.
    ///
    /// # Errors
    /// A sentence; also where there is no model, or it is a server's.
    pub fn prepare(
        &self,
        when: Measure,
        doing: &dyn Fn(String),
        cancel: &Cancel,
    ) -> Result<Prepared, String> {
        let folder = self.folder(doing)?;
        Prepared::of(folder, self.name(), &self.models, &self.engine, when, doing, cancel)
    }

    /// The model's native folder.
    fn folder(&self, doing: &dyn Fn(String)) -> Result<ModelFolder, String> {
        match &self.what {
            Resolved::Gguf(gguf) => self.import(gguf, doing),
            // Answers are kept under the model's hash: without one, those of
            // other weights under the same name would be taken for its own.
            Resolved::Folder(dir) => ModelFolder::open(dir)
                .and_then(|folder| {
                    let mut told = PerCent::new("checking the files", doing);
                    folder.identified(&self.models, &mut |done, total| told.tell(done, total))
                })
                .map_err(|e| e.to_string()),
            Resolved::Server(_) => {
                Err("This needs a model on this machine and not a server.".into())
            }
            Resolved::None | Resolved::NotPulled(_) => {
                Err("A model is needed for this; name one with --model.".into())
            }
        }
    }

    /// A name of the catalogue stands for one file and no other.
    fn import(&self, gguf: &Path, doing: &dyn Fn(String)) -> Result<ModelFolder, String> {
        let mut hashing = PerCent::new("checking the file", doing);
        let mut importing = PerCent::new("importing the weights", doing);
        let mut progress = |p: ImportProgress| match p.stage {
            ImportStage::Hash => hashing.tell(p.done, p.total),
            ImportStage::Weights => importing.tell(p.done, p.total),
        };
        let folder = match catalogue::find(&self.name) {
            Some(entry) => import_entry(entry, gguf, &self.models, &mut progress),
            None => import_gguf(gguf, &self.models, &mut progress),
        };
        folder.map_err(|e| e.to_string())
    }
}

/// Says how far something is, once for each per cent.
struct PerCent<'a> {
    what: &'static str,
    say: &'a dyn Fn(String),
    last: Option<u64>,
}

impl<'a> PerCent<'a> {
    fn new(what: &'static str, say: &'a dyn Fn(String)) -> Self {
        Self { what, say, last: None }
    }

    fn tell(&mut self, done: u64, total: u64) {
        let per_cent = (done * 100).checked_div(total).unwrap_or(100);
        if self.last != Some(per_cent) {
            self.last = Some(per_cent);
            (self.say)(format!("{}, {per_cent} %", self.what));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_named_by_its_path_is_shown_by_its_file_name() {
        let home = tempfile::tempdir().expect("a folder");
        let paths = Paths::under(home.path());
        let file = home.path().join("Llama-3.2-1B.Q4_K_M.gguf");
        std::fs::write(&file, "GGUF").expect("written");
        let choice = ModelChoice::find(file.to_str(), &paths).expect("it is there");
        assert_eq!(choice.name(), "Llama-3.2-1B.Q4_K_M");
        assert_eq!(ModelChoice::find(Some("none"), &paths).expect("none").name(), "none");
    }

    #[test]
    fn a_model_of_the_catalogue_that_is_not_here_says_how_to_fetch_it() {
        let home = tempfile::tempdir().expect("a folder");
        let why = ModelChoice::find(Some("starter"), &Paths::under(home.path()))
            .expect_err("nothing was pulled");
        assert!(why.contains("galley models pull starter"), "{why}");
    }
}
