//! Keys while a menu, an input or a question is open.

use regex::RegexBuilder;

use super::{commands, notify, review, runs};
use crate::app::command::{Command, bound};
use crate::app::key::{Code, Key};
use crate::app::msg::Effect;
use crate::app::state::{DocId, Highlight, Level, Mode, Pane, Scope, SearchState, State};
use crate::domain::span::ByteSpan;

/// More matches than this help nobody, and marking them would be slow.
const MOST_MATCHES: usize = 5_000;

/// Closes what only shows something; motions are the view's.
pub(super) fn close_on(state: &mut State, key: Key) {
    let closes = [Command::Back, Command::Open, Command::Quit, Command::Help, Command::Reason];
    if bound(key).is_some_and(|command| closes.contains(&command)) {
        state.mode = Mode::Normal;
    }
}

/// What a key does in a menu of `rows` rows.
enum Choice {
    Moved(usize),
    Taken,
    Closed,
    Nothing,
}

fn choose(row: usize, rows: usize, key: Key) -> Choice {
    let Some(command) = bound(key) else { return Choice::Nothing };
    match command {
        Command::Open => Choice::Taken,
        Command::Back | Command::Quit => Choice::Closed,
        _ => motion(row, rows, command).map_or(Choice::Nothing, Choice::Moved),
    }
}

/// The row that a motion leads to in a list of `rows` rows.
pub(super) fn motion(row: usize, rows: usize, command: Command) -> Option<usize> {
    let last = rows.saturating_sub(1);
    match command {
        Command::Up => Some(row.saturating_sub(1)),
        Command::Down => Some((row + 1).min(last)),
        Command::PageUp => Some(row.saturating_sub(commands::PAGE)),
        Command::PageDown => Some((row + commands::PAGE).min(last)),
        Command::Top => Some(0),
        Command::Bottom => Some(last),
        _ => None,
    }
}

pub(super) fn run_menu(state: &mut State, key: Key) -> Vec<Effect> {
    let Mode::RunMenu { scope, row } = state.mode else { return Vec::new() };
    match choose(row, state.templates.len() + 1, key) {
        Choice::Moved(row) => state.mode = Mode::RunMenu { scope, row },
        Choice::Closed => state.mode = Mode::Normal,
        Choice::Nothing => {}
        Choice::Taken => {
            state.mode = Mode::Normal;
            let jobs = chosen_jobs(state, row);
            let specs = runs::specs(state, &documents(state, scope), &jobs);
            return runs::enqueue(state, specs);
        }
    }
    Vec::new()
}

fn chosen_jobs(state: &State, row: usize) -> Vec<String> {
    let all = state.templates.iter().map(|t| t.name.clone());
    match row.checked_sub(1) {
        None => all.collect(),
        Some(at) => all.skip(at).take(1).collect(),
    }
}

fn documents(state: &State, scope: Scope) -> Vec<DocId> {
    match scope {
        Scope::Selected => state.entry().map(|e| e.id.clone()).into_iter().collect(),
        Scope::Marked => state
            .documents
            .iter()
            .filter(|e| state.marked.contains(&e.id))
            .map(|e| e.id.clone())
            .collect(),
        Scope::All => state.documents.iter().map(|e| e.id.clone()).collect(),
    }
}

pub(super) fn template_menu(state: &mut State, key: Key) -> Vec<Effect> {
    let Mode::TemplateMenu { row } = state.mode else { return Vec::new() };
    match choose(row, state.templates.len(), key) {
        Choice::Moved(row) => state.mode = Mode::TemplateMenu { row },
        Choice::Closed => state.mode = Mode::Normal,
        Choice::Nothing => {}
        Choice::Taken => {
            state.mode = Mode::Normal;
            let name = state.templates.get(row).map(|t| t.name.clone());
            return name.map(|name| Effect::EditTemplate { name }).into_iter().collect();
        }
    }
    Vec::new()
}

pub(super) fn search(state: &mut State, key: Key) -> Vec<Effect> {
    match key.code {
        Code::Esc => state.mode = Mode::Normal,
        Code::Enter => {
            let query = match std::mem::take(&mut state.mode) {
                Mode::Search { input } => input.text,
                _ => String::new(),
            };
            find(state, query);
        }
        _ => {
            if let Mode::Search { input } = &mut state.mode {
                input.press(key);
            }
        }
    }
    Vec::new()
}

/// Finds `query` in the source without regard to case and shows the first match.
fn find(state: &mut State, query: String) {
    let Some(doc) = state.entry().and_then(|e| e.document()).cloned() else { return };
    if query.is_empty() {
        state.search = None;
        return review::follow_cursor(state);
    }
    // Words may be parted by any white space in the source.
    let words: Vec<String> = query.split_whitespace().map(regex::escape).collect();
    let pattern = RegexBuilder::new(&words.join(r"\s+")).case_insensitive(true).build();
    let Ok(pattern) = pattern else {
        return notify(state, Level::Error, "The search is too long; try fewer words.");
    };
    let matches: Vec<ByteSpan> = pattern
        .find_iter(&doc.text)
        .filter(|m| !m.is_empty())
        .map(|m| ByteSpan::new(m.start(), m.end()))
        .take(MOST_MATCHES)
        .collect();
    match matches.first() {
        Some(first) => {
            state.highlight = Some(Highlight { span: *first, index: 0, of: matches.len() });
            state.pane = Pane::Source;
            state.search = Some(SearchState { query, matches, current: 0 });
        }
        None => notify(state, Level::Info, format!("\"{query}\" is not in this document.")),
    }
}

pub(super) fn edit(state: &mut State, key: Key) -> Vec<Effect> {
    match key.code {
        Code::Esc => state.mode = Mode::Normal,
        Code::Enter => {
            if let Mode::Edit { target, input } = std::mem::take(&mut state.mode) {
                let text = input.text.trim().to_owned();
                if !text.is_empty() {
                    return review::finish_edit(state, *target, text);
                }
                notify(state, Level::Warning, "An empty text was not taken; press d to reject.");
            }
        }
        _ => {
            if let Mode::Edit { input, .. } = &mut state.mode {
                input.press(key);
            }
        }
    }
    Vec::new()
}

pub(super) fn confirm_quit(state: &mut State, key: Key) -> Vec<Effect> {
    let yes = matches!(key.code, Code::Enter | Code::Char('y' | 'q'));
    if yes {
        return commands::quit(state);
    }
    if matches!(key.code, Code::Esc | Code::Char('n')) {
        state.mode = Mode::Normal;
    }
    Vec::new()
}
