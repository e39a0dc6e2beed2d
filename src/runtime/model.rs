//! From what the person calls a model to an engine that answers.

use std::path::{Path, PathBuf};

use crate::app::state::{EngineState, Millis};
use crate::engine::mistral::{LoadSpec, MistralEngine, Settings};
use crate::engine::rules::RulesEngine;
use crate::engine::supervise::Supervised;
use crate::engine::{Engine, EngineError};
use crate::models::resolve::{Resolved, resolve};
use crate::models::{
    ImportProgress, ImportStage, ModelFolder, catalogue, import_entry, import_gguf,
};
use crate::paths::Paths;

/// Catalogue names in the order of preference, where no model was named.
const PREFERRED: [&str; 2] = ["llama-3.2-1b", "starter"];

/// Which model to work with, decided before anything is loaded.
#[derive(Debug, Clone)]
pub struct ModelChoice {
    /// What the person or the configuration named, or the default found.
    name: String,
    what: Resolved,
    models: PathBuf,
}

/// An engine, and what its results must say on top.
pub struct Loaded {
    pub engine: Box<dyn Engine>,
    /// Why recognisers work alone, though a model was wanted.
    pub note: Option<String>,
    /// Whether loading should be tried again at the next job.
    pub retry: bool,
}

impl ModelChoice {
    /// Finds the model named, or the best one that is there, or none.
    ///
    /// # Errors
    /// A sentence, where a model was named that is not there.
    pub fn find(named: Option<&str>, paths: &Paths) -> Result<Self, String> {
        let models = paths.models();
        if let Some(name) = named {
            let what = resolve(name, paths).map_err(|e| e.to_string())?;
            if let Resolved::NotPulled(entry) = what {
                return Err(format!(
                    "The model {} is not on this machine yet; fetch it with `galley models pull {}`.",
                    entry.name, entry.name
                ));
            }
            return Ok(Self { name: name.to_owned(), what, models });
        }
        let there = PREFERRED.iter().find_map(|name| match resolve(name, paths) {
            Ok(what @ (Resolved::Gguf(_) | Resolved::Folder(_))) => Some((*name, what)),
            _ => None,
        });
        let (name, what) = there.unwrap_or(("none", Resolved::None));
        Ok(Self { name: name.to_owned(), what, models })
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
    pub fn load(&self, say: &dyn Fn(EngineState)) -> Loaded {
        if !self.has_model() {
            say(self.state());
            return Loaded { engine: Box::new(RulesEngine::new()), note: None, retry: false };
        }
        let loading =
            |doing: String| EngineState::Loading { model: self.name(), doing, since: Millis(0) };
        say(loading("starting".into()));
        match self.start(&|doing| say(loading(doing))) {
            Ok(engine) => {
                let device = engine.info().device.clone();
                say(EngineState::Ready { model: self.name(), device });
                Loaded { engine: Box::new(engine), note: None, retry: false }
            }
            Err(why) => {
                say(EngineState::Failed { model: self.name(), why: why.clone() });
                Loaded {
                    engine: Box::new(RulesEngine::new()),
                    note: Some(format!("Recognisers only, since the model is not there: {why}")),
                    retry: true,
                }
            }
        }
    }

    fn start(&self, doing: &dyn Fn(String)) -> Result<Supervised, String> {
        let spec = self.spec(doing)?;
        doing("loading the weights".into());
        supervised(spec).map_err(|e| e.to_string())
    }

    /// The model's native folder as the engine wants it, imported if need be.
    ///
    /// # Errors
    /// A sentence; also where there is no model.
    pub fn spec(&self, doing: &dyn Fn(String)) -> Result<LoadSpec, String> {
        let folder = match &self.what {
            Resolved::Gguf(gguf) => self.import(gguf, doing)?,
            // Answers are kept under the model's hash: without one, those of
            // other weights under the same name would be taken for its own.
            Resolved::Folder(dir) => ModelFolder::open(dir)
                .and_then(|folder| {
                    let mut told = PerCent::new("checking the files", doing);
                    folder.identified(&self.models, &mut |done, total| told.tell(done, total))
                })
                .map_err(|e| e.to_string())?,
            Resolved::None | Resolved::NotPulled(_) => {
                return Err("A model is needed for this; name one with --model.".into());
            }
        };
        Ok(LoadSpec {
            dir: folder.dir,
            name: self.name(),
            sha256: folder.meta.sha256,
            context: folder.meta.context,
            end_tokens: folder.meta.end_tokens,
            bos: folder.meta.bos,
            add_bos: folder.meta.add_bos,
            layers: folder.meta.layers,
            kv_bytes_per_token: folder.meta.kv_bytes_per_token_f32 as u64,
        })
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

/// An engine on a native folder that is built anew when it dies.
///
/// # Errors
/// As [`MistralEngine::load`].
pub fn supervised(spec: LoadSpec) -> Result<Supervised, EngineError> {
    let settings = Settings::default();
    Supervised::start(move || {
        Ok(Box::new(MistralEngine::load(&spec, &settings)?) as Box<dyn Engine>)
    })
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
