//! From an imported model to a loaded engine: in which form its weights fit and
//! are fastest here, and how much of a document one prompt carries. Speeds are
//! measured once for each model and machine. Knows nothing of jobs.

mod measure;

use std::path::{Path, PathBuf};

use super::config::EngineConfig;
use super::hardware;
use crate::engine::mistral::{LoadSpec, MistralEngine, Settings, gpu_memory};
use crate::engine::supervise::Supervised;
use crate::engine::{Cancel, Engine, EngineError};
use crate::models::fit::{self, Cost, Device, Machine, Plan, Wish};
use crate::models::speed::{self, Speeds};
use crate::models::{Form, ModelError, ModelFolder, Staged};

/// When a model's speed is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Where it is not known of before.
    Once,
    /// In any case.
    Again,
}

/// A model that is ready to be loaded, as often as need be.
#[derive(Debug)]
pub struct Prepared {
    folder: ModelFolder,
    name: String,
    plan: Plan,
    /// What takes the least room on the disk while it loads.
    spare: Option<Plan>,
    /// What was measured of the forms that fit.
    speeds: Speeds,
    /// Where the engine's files are made.
    scratch: PathBuf,
}

impl Prepared {
    /// Plans the model of `folder`, called `name`, for this machine: in the form and
    /// with the window wished for, or the fastest of those that fit. What has to be
    /// measured for that is kept in `models`; `say` is told of it.
    ///
    /// # Errors
    /// A sentence, where the model does not fit or cannot be loaded.
    pub fn of(
        folder: ModelFolder,
        name: String,
        models: &Path,
        wish: &EngineConfig,
        when: Measure,
        say: &dyn Fn(String),
        cancel: &Cancel,
    ) -> Result<Self, String> {
        let planner = Planner::new(&folder, &name)?;
        let candidates = planner.candidates(&folder, wish.form)?;
        let machine = hardware::fingerprint();
        let mut speeds = speed::recall(models, &machine, &folder.meta.sha256);
        let is_known =
            |form: &Form| when == Measure::Once && candidates.iter().any(|plan| plan.form == *form);
        speeds.retain(|form, _| is_known(form));
        let unknown: Vec<Plan> =
            candidates.iter().filter(|plan| !speeds.contains_key(&plan.form)).copied().collect();
        if planner.machine.device == Device::Cpu && !unknown.is_empty() {
            let loaded = |plan: &Plan| load(&folder, &name, plan, models);
            let measured = measure::all(&unknown, &loaded, say, cancel)?;
            if let Err(e) = speed::remember(models, &machine, &folder.meta.sha256, &measured) {
                tracing::warn!(error = %e, "the measured speeds were not kept");
            }
            speeds.extend(measured);
        }
        let most = folder.meta.context / 2;
        let form = speed::fastest(&speeds, most).unwrap_or(candidates[0].form);
        let fastest = || speeds.get(&form).map(|speed| speed.best_window(most));
        let window = wish.window.map(|window| window.max(1)).or_else(fastest);
        let plan = planner.plan(Some(form), window)?;
        let spare = planner.plan(Some(Form::Blocks), window).ok();
        let spare = spare.filter(|spare| spare.form != plan.form);
        Ok(Self { folder, name, plan, spare, speeds, scratch: models.to_owned() })
    }

    /// How the weights will stand in memory.
    #[must_use]
    pub fn form(&self) -> Form {
        self.plan.form
    }

    /// What was measured of the forms that fit; nothing on a GPU.
    #[must_use]
    pub fn speeds(&self) -> &Speeds {
        &self.speeds
    }

    /// The files that [`Self::load`] loads, for as long as they are needed.
    ///
    /// # Errors
    /// As [`ModelFolder::stage`].
    pub fn stage(&self) -> Result<Staged, ModelError> {
        self.folder.stage(self.plan.form, &self.scratch, &mut |_, _| {})
    }

    /// Loads the engine; with the weights as blocks where the disk has no room for
    /// the floats to be made.
    ///
    /// # Errors
    /// [`EngineError::Load`].
    pub fn load(&self) -> Result<MistralEngine, EngineError> {
        let load = |plan| load(&self.folder, &self.name, plan, &self.scratch);
        let loaded = match (load(&self.plan), &self.spare) {
            (Err(NotLoaded::NotMade(why)), Some(spare)) => {
                tracing::warn!(error = %why, "the floats were not made; blocks are taken");
                load(spare)
            }
            (loaded, _) => loaded,
        };
        loaded.map_err(EngineError::from)
    }

    /// Loads the engine, to be built anew whenever it dies.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn start(self) -> Result<Box<dyn Engine>, EngineError> {
        let load = move || self.load().map(|engine| Box::new(engine) as Box<dyn Engine>);
        Supervised::start(load).map(|engine| Box::new(engine) as _)
    }
}

/// What is known before a form is chosen.
struct Planner {
    cost: Cost,
    machine: Machine,
}

impl Planner {
    fn new(folder: &ModelFolder, name: &str) -> Result<Self, String> {
        let cost = Cost::of_model(folder, name).map_err(|e| e.to_string())?;
        let device = gpu_memory().map_or(Device::Cpu, |free| Device::Gpu { free });
        Ok(Self { cost, machine: Machine { device, ..Machine::read() } })
    }

    fn plan(&self, form: Option<Form>, window: Option<usize>) -> Result<Plan, String> {
        let wish = Wish::default();
        let wish = Wish { form, window: window.unwrap_or(wish.window), ..wish };
        fit::plan(&self.cost, &self.machine, &wish)
            .map_err(|refusal| fit::refusal(&self.cost.title, &refusal))
    }

    /// The forms worth measuring, each with its plan; at least one. Floats count
    /// only where they leave most of the memory to others.
    fn candidates(&self, folder: &ModelFolder, wanted: Option<Form>) -> Result<Vec<Plan>, String> {
        let least = self.plan(wanted, None)?;
        if self.machine.device != Device::Cpu || wanted.is_some() {
            return Ok(vec![least]);
        }
        let others = folder.forms().iter().filter(|form| **form != least.form);
        let fitting = others.filter_map(|form| {
            let plan = self.plan(Some(*form), None).ok()?;
            let is_modest = *form == Form::Blocks || plan.parts.is_modest(&self.machine);
            (plan.form == *form && is_modest).then_some(plan)
        });
        Ok(std::iter::once(least).chain(fitting).collect())
    }
}

/// Why a form was not loaded.
#[derive(Debug, thiserror::Error)]
enum NotLoaded {
    /// Its files were not made: the disk is full, or the import damaged.
    #[error("{0}")]
    NotMade(ModelError),
    #[error("{0}")]
    Engine(EngineError),
}

impl From<NotLoaded> for EngineError {
    fn from(error: NotLoaded) -> Self {
        match error {
            NotLoaded::NotMade(error) => Self::Load(error.to_string()),
            NotLoaded::Engine(error) => error,
        }
    }
}

fn load(
    folder: &ModelFolder,
    name: &str,
    plan: &Plan,
    scratch: &Path,
) -> Result<MistralEngine, NotLoaded> {
    let staged = folder.stage(plan.form, scratch, &mut |_, _| {}).map_err(NotLoaded::NotMade)?;
    let meta = &folder.meta;
    let spec = LoadSpec {
        dir: staged.dir.clone(),
        uqff: staged.uqff.clone(),
        weights: plan.form.to_string(),
        name: name.to_owned(),
        sha256: meta.sha256.clone(),
        context: plan.context,
        window: plan.window,
        end_tokens: meta.end_tokens.clone(),
        bos: meta.bos,
        add_bos: meta.add_bos,
        kv_bytes_per_token: meta.kv_bytes_per_token_f32 as u64,
    };
    let settings =
        Settings { kv_budget: plan.parts.prefixes, free_memory: || Machine::read().available };
    MistralEngine::load(&spec, &settings).map_err(NotLoaded::Engine)
}
