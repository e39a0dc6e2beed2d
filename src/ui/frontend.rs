//! The workbench's face for the terminal loop: it draws the state, takes the
//! keys that only move the view, and finds the themes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use ratatui::Terminal;
use ratatui::backend::Backend;

use super::{Theme, UiState, draw};
use crate::app::command::{Command, bound};
use crate::app::key::Key;
use crate::app::state::{Mode, Pane, State};
use crate::assets;
use crate::paths::Paths;
use crate::runtime::session::Session;
use crate::runtime::terminal::Frontend;

const DEFAULT: &str = "dark";

/// Theme sources by name; the person's own override the built-in ones.
#[derive(Debug)]
struct Themes(BTreeMap<String, String>);

/// The workbench on a screen.
#[derive(Debug)]
pub struct Workbench {
    ui: UiState,
    theme: Theme,
    themes: Themes,
    colours: bool,
}

impl Workbench {
    /// A workbench in the theme named. Also gives a sentence for each mistake
    /// in that theme; what cannot be understood falls back to its parent.
    #[must_use]
    pub fn new(paths: &Paths, theme: &str) -> (Self, Vec<String>) {
        let (themes, mut problems) = Themes::load(&paths.themes());
        // See no-color.org: any value that is not empty switches colours off.
        let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let (theme, mistakes) = themes.find(theme, colours);
        problems.extend(mistakes);
        (Self { ui: UiState::new(), theme, themes, colours }, problems)
    }

    /// The names of all themes.
    #[must_use]
    pub fn themes(&self) -> Vec<String> {
        self.themes.0.keys().cloned().collect()
    }
}

impl Frontend for Workbench {
    fn draw<B: Backend>(&mut self, terminal: &mut Terminal<B>, session: &Session) -> io::Result<()>
    where
        io::Error: From<B::Error>,
    {
        terminal.draw(|frame| draw(frame, &session.state, &mut self.ui, &self.theme))?;
        Ok(())
    }

    fn takes(&mut self, session: &Session, key: Key) -> bool {
        takes(&mut self.ui, &session.state, key)
    }

    fn set_theme(&mut self, name: &str) {
        self.theme = self.themes.find(name, self.colours).0;
    }
}

/// Applies a key that only moves the view; `false` where it means more.
fn takes(ui: &mut UiState, state: &State, key: Key) -> bool {
    let Some(command) = bound(key) else { return false };
    match (&state.mode, state.pane) {
        (Mode::Help | Mode::Info, _) => {
            let page = ui.overlay_rows();
            motion(command, page).is_some_and(|delta| {
                ui.scroll_overlay(delta);
                true
            })
        }
        (Mode::Normal, Pane::Source) => {
            let page = ui.page_rows(Pane::Source);
            motion(command, page).is_some_and(|delta| {
                ui.scroll_source(delta);
                true
            })
        }
        (Mode::Normal, Pane::Results) => match command {
            Command::Up => ui.scroll_row(-1),
            Command::Down => ui.scroll_row(1),
            _ => false,
        },
        _ => false,
    }
}

/// Lines that a motion goes, or `None` for other commands.
fn motion(command: Command, page: usize) -> Option<isize> {
    let page = isize::try_from(page).unwrap_or(isize::MAX);
    match command {
        Command::Up => Some(-1),
        Command::Down => Some(1),
        Command::PageUp => Some(-page),
        Command::PageDown => Some(page),
        Command::Top => Some(isize::MIN),
        Command::Bottom => Some(isize::MAX),
        _ => None,
    }
}

impl Themes {
    fn load(folder: &Path) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let mut themes: BTreeMap<String, String> = assets::themes()
            .into_iter()
            .map(|asset| (asset.name.to_owned(), asset.text.to_owned()))
            .collect();
        let own = fs::read_dir(folder).into_iter().flatten().filter_map(|e| Some(e.ok()?.path()));
        for file in own.filter(|file| file.extension().is_some_and(|e| e == "toml")) {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            match fs::read_to_string(&file) {
                Ok(text) => drop(themes.insert(stem, text)),
                Err(e) => problems.push(format!("{} cannot be read ({e}).", file.display())),
            }
        }
        (Self(themes), problems)
    }

    fn find(&self, name: &str, colours: bool) -> (Theme, Vec<String>) {
        let mut problems = Vec::new();
        let name = if self.0.contains_key(name) {
            name
        } else {
            problems.push(format!("There is no theme {name:?}; {DEFAULT} is used."));
            DEFAULT
        };
        let source = self.0.get(name).map(String::as_str).unwrap_or_default();
        let (theme, mistakes) = Theme::parse(name, source, &|parent| self.0.get(parent).cloned());
        problems.extend(mistakes);
        (if colours { theme } else { theme.monochrome() }, problems)
    }
}
