//! What each message does to the state. Every branch ends in plain effects.

mod commands;
mod documents;
mod menus;
mod parts;
mod queue;
mod reading;
mod review;
mod runs;

use super::command::{Command, bound};
use super::key::Key;
use super::msg::{Effect, Msg};
use super::state::{Level, Mode, Notice, State};

/// Applies a message and says what the world has to do.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let mut effects = apply(state, msg);
    queue::follow(state);
    // Before all else, so that what is started is also found after a kill.
    effects.splice(0..0, save_queue(state));
    effects
}

/// Has the queue saved where it is no longer as it was saved last.
fn save_queue(state: &mut State) -> Option<Effect> {
    if state.wanted().eq(&state.saved) {
        return None;
    }
    state.saved = state.wanted().cloned().collect();
    Some(Effect::SaveQueue(state.saved.clone()))
}

fn apply(state: &mut State, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => press(state, key),
        Msg::Paste(text) => {
            match &mut state.mode {
                Mode::Search { input } | Mode::Edit { input, .. } => input.paste(&text),
                Mode::Password(asking) => asking.input.0.paste(&text),
                _ => {}
            }
            Vec::new()
        }
        Msg::Tick(now) => {
            state.now = now;
            Vec::new()
        }
        Msg::Folder(Ok(seen)) => documents::listed(state, seen),
        Msg::Folder(Err(problem)) => documents::unlisted(state, problem),
        Msg::FolderChanged => vec![Effect::ListFolder],
        Msg::TemplatesChanged => vec![Effect::LoadTemplates],
        Msg::Renamed { from, to } => documents::renamed(state, &from, &to),
        Msg::Read { doc, generation, outcome, remembered } => {
            documents::read(state, &doc, generation, outcome, remembered)
        }
        Msg::Run { run, msg } => runs::progress(state, run, msg),
        Msg::Hold => queue::hold(state),
        Msg::Engine(engine) => {
            runs::engine_changed(state, engine);
            Vec::new()
        }
        Msg::Templates { templates, problems } => {
            state.template_problems = problems;
            if let Some(problem) = state.template_problems.first() {
                notify(state, Level::Error, problem.clone());
            }
            state.templates = templates;
            Vec::new()
        }
        Msg::Decided { doc, job, id, decision } => {
            review::decided(state, &doc, job.clone(), id.clone(), decision);
            if state.entry().is_some_and(|entry| entry.id == doc) {
                review::go_to(state, &job, &id);
            }
            Vec::new()
        }
        Msg::Notice(notice) => {
            state.notice = Some(notice);
            Vec::new()
        }
        Msg::Enqueue(specs) => runs::enqueue(state, specs),
        Msg::Quit => commands::quit(state),
    }
}

fn press(state: &mut State, key: Key) -> Vec<Effect> {
    if bound(key) == Some(Command::Quit) && key.ctrl {
        return commands::ask_to_quit(state);
    }
    match &state.mode {
        Mode::Normal => {
            state.notice = None;
            bound(key).map_or_else(Vec::new, |command| commands::run(state, command))
        }
        Mode::Info if bound(key).is_some_and(reading::is_for_the_panel) => {
            bound(key).map_or_else(Vec::new, |command| reading::from_the_panel(state, command))
        }
        Mode::Help | Mode::Info => {
            menus::close_on(state, key);
            Vec::new()
        }
        Mode::Password(_) => reading::password(state, key),
        Mode::ConfirmHidden(_) => reading::confirm_hidden(state, key),
        Mode::Queue { .. } => {
            state.notice = None;
            queue::press(state, key)
        }
        Mode::RunMenu { .. } => menus::run_menu(state, key),
        Mode::TemplateMenu { .. } => menus::template_menu(state, key),
        Mode::Search { .. } => menus::search(state, key),
        Mode::Edit { .. } => menus::edit(state, key),
        Mode::ConfirmQuit => menus::confirm_quit(state, key),
    }
}

fn notify(state: &mut State, level: Level, text: impl Into<String>) {
    state.notice = Some(Notice { level, text: text.into() });
}

#[cfg(test)]
mod tests;
