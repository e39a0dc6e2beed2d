//! The models that galley knows of, with what each costs, and which of them
//! fit. Joins the list of models with the planner.

use std::path::Path;

use super::{Cost, Machine, Plan, Refusal, Wish, plan};
use crate::models::catalogue;
use crate::models::error::ModelError;
use crate::models::folder::ModelFolder;
use crate::models::resolve::{self, Listed, Resolved, State};
use crate::paths::Paths;

/// A model and what it costs.
#[derive(Debug)]
pub struct Known {
    /// What the person types.
    pub name: String,
    pub cost: Cost,
    /// Whether it has yet to be fetched, so that its cost is an estimate.
    pub is_here: bool,
}

impl Known {
    /// How it is to be run, or why not, with a smaller one of `others` that fits.
    ///
    /// # Errors
    /// [`Refusal`], as [`plan`].
    pub fn plan(&self, others: &[Self], machine: &Machine, wish: &Wish) -> Result<Plan, Refusal> {
        plan(&self.cost, machine, wish).map_err(|refusal| Refusal {
            next_smaller: next_smaller(&self.cost, others, machine, wish),
            ..refusal
        })
    }
}

/// The models of the catalogue and those on this machine whose files can be read.
#[must_use]
pub fn all(paths: &Paths) -> Vec<Known> {
    resolve::list(paths).iter().filter_map(|listed| of_listed(listed).ok()).collect()
}

/// The model that `spec` names, here or only in the catalogue; `None` for no
/// model.
///
/// # Errors
/// As [`resolve::resolve`], and those of reading its header or settings.
pub fn find(spec: &str, paths: &Paths) -> Result<Option<Known>, ModelError> {
    if let Some(listed) = resolve::list(paths).iter().find(|m| m.name.eq_ignore_ascii_case(spec)) {
        return of_listed(listed).map(Some);
    }
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (name, cost, is_here) = match resolve::resolve(spec, paths)? {
        Resolved::Gguf(file) => (stem(&file), Cost::of_gguf(&file)?, true),
        Resolved::Folder(dir) => {
            let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name.clone(), Cost::of_model(&ModelFolder::open(&dir)?, &name)?, true)
        }
        Resolved::NotPulled(entry) => (entry.name.to_owned(), Cost::of_entry(entry), false),
        Resolved::None | Resolved::Server(_) => return Ok(None),
    };
    Ok(Some(Known { name, cost, is_here }))
}

/// The largest of those that fit.
#[must_use]
pub fn best<'a>(known: &'a [Known], machine: &Machine, wish: &Wish) -> Option<&'a Known> {
    let fitting = known.iter().filter(|model| plan(&model.cost, machine, wish).is_ok());
    fitting.max_by_key(|model| weights(&model.cost))
}

fn of_listed(listed: &Listed) -> Result<Known, ModelError> {
    let (path, name) = (listed.path.as_deref(), listed.name.clone());
    let entry = catalogue::find(&listed.name);
    let cost = match (path, listed.state, entry) {
        (Some(dir), State::Imported, _) => Cost::of_model(&ModelFolder::open(dir)?, &listed.title)?,
        (Some(file), _, _) => Cost { title: listed.title.clone(), ..Cost::of_gguf(file)? },
        (None, _, Some(entry)) => Cost::of_entry(entry),
        (None, _, None) => unreachable!("what is not in the catalogue was found by its path"),
    };
    Ok(Known { name, cost, is_here: listed.state != State::NotPulled })
}

fn next_smaller(cost: &Cost, others: &[Known], machine: &Machine, wish: &Wish) -> Option<String> {
    let smaller = others.iter().filter(|other| weights(&other.cost) < weights(cost));
    let fitting = smaller.filter(|other| plan(&other.cost, machine, wish).is_ok());
    fitting.max_by_key(|other| weights(&other.cost)).map(|other| other.name.clone())
}

fn weights(cost: &Cost) -> u64 {
    cost.linear_params.saturating_add(cost.embedding_params)
}
