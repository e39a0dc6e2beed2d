//! `galley [FOLDER]`: the workbench.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use super::DONE;
use crate::app::msg::Msg;
use crate::app::state::{Level, Notice, Wish};
use crate::paths::Paths;
use crate::runtime::model::ModelChoice;
use crate::runtime::session::{Options, Session};
use crate::runtime::{terminal, watching};
use crate::ui::Workbench;

pub fn main(folder: Option<PathBuf>, model: Option<&str>, paths: &Paths) -> Result<u8, String> {
    let folder = folder.unwrap_or_else(|| PathBuf::from("."));
    let model = super::run::chosen_model(model, paths)?;
    open(&folder, model, paths)
}

/// Opens the workbench on a folder and stays until the person leaves.
///
/// # Errors
/// A sentence.
pub fn open(folder: &Path, model: ModelChoice, paths: &Paths) -> Result<u8, String> {
    let folder = std::path::absolute(folder)
        .map_err(|e| format!("{} is no usable path ({e}).", folder.display()))?;
    crate::extract::list(&folder).map_err(|e| e.to_string())?;
    if !io::stdout().is_terminal() {
        return Err(
            "The workbench needs a terminal; for work without a screen use `galley run`.".into()
        );
    }
    let roots = vec![folder.clone()];
    let wish = Wish::default();
    let options = Options { roots, model, wish, password: None, resume: true, forgets: false };
    let mut session = Session::open(options, paths)?;
    let (mut view, problems) = Workbench::new(paths, &session.state.theme);
    session.state.themes = view.themes();
    for text in problems {
        session.say(Msg::Notice(Notice { level: Level::Warning, text }));
    }
    let watching = watching::start(&folder, &paths.prompts(), &session.sender());
    // What happened between the first listing and the watching is seen now.
    session.say(Msg::FolderChanged);
    let outcome = terminal::run(&mut session, &mut view, paths);
    drop(watching);
    outcome.map(|()| DONE)
}
