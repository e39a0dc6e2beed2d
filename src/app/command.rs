//! The command table: the one list behind the keymap, the help and the README.

use super::key::Key;

/// Everything a key can ask for outside a text input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    Up,
    Down,
    PageUp,
    PageDown,
    Top,
    Bottom,
    NextPane,
    PreviousPane,
    Open,
    Back,
    Mark,
    MarkAll,
    Run,
    RunAll,
    Cancel,
    CancelAll,
    Pause,
    Queue,
    MoveUp,
    MoveDown,
    MoveFirst,
    Accept,
    Reject,
    Edit,
    Undo,
    NextQuote,
    PreviousQuote,
    Search,
    Templates,
    Export,
    Auto,
    Revisions,
    Recognise,
    GiveHidden,
    Unlock,
    Theme,
    Reload,
    Reason,
    Help,
    Quit,
}

/// A row of the table. `group` orders the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    pub command: Command,
    /// Key names as [`Key`] reads them; the first is shown in hints.
    pub keys: &'static [&'static str],
    /// Two words for the hint line.
    pub hint: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
    pub group: &'static str,
}

const fn row(
    group: &'static str,
    command: Command,
    keys: &'static [&'static str],
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding { command, keys, hint, help, group }
}

pub const BINDINGS: &[Binding] = &[
    row("Move", Command::Down, &["j", "down"], "down", "Go down a row or a line."),
    row("Move", Command::Up, &["k", "up"], "up", "Go up a row or a line."),
    row("Move", Command::PageDown, &["pgdn", "ctrl-d"], "page down", "Go down a page."),
    row("Move", Command::PageUp, &["pgup", "ctrl-u"], "page up", "Go up a page."),
    row("Move", Command::Top, &["g", "home"], "top", "Go to the first row."),
    row("Move", Command::Bottom, &["G", "end"], "bottom", "Go to the last row."),
    row("Move", Command::NextPane, &["tab", "l", "right"], "next pane", "Go to the next pane."),
    row(
        "Move",
        Command::PreviousPane,
        &["shift-tab", "h", "left"],
        "previous pane",
        "Go to the previous pane.",
    ),
    row(
        "Move",
        Command::Open,
        &["enter"],
        "open",
        "Open the document, or show the quote in its source.",
    ),
    row("Move", Command::Back, &["esc"], "back", "Close what is open, or go back a pane."),
    row(
        "Work",
        Command::Run,
        &["r"],
        "run",
        "Choose a job for this document, or for the marked ones.",
    ),
    row(
        "Work",
        Command::RunAll,
        &["R"],
        "run all",
        "Choose a job for every document in the folder.",
    ),
    row("Work", Command::Mark, &["space"], "mark", "Mark or unmark the document."),
    row("Work", Command::MarkAll, &["*"], "mark all", "Mark every document, or unmark all."),
    row(
        "Work",
        Command::Cancel,
        &["x"],
        "cancel",
        "Stop the running jobs, or the one job chosen in the queue; what was found is kept.",
    ),
    row(
        "Work",
        Command::CancelAll,
        &["X"],
        "cancel all",
        "Stop the running jobs and empty the queue.",
    ),
    row(
        "Work",
        Command::Pause,
        &["p"],
        "pause",
        "Pause all jobs at once, also over a restart, or go on where they were.",
    ),
    row("Work", Command::Queue, &["Q"], "queue", "Show the jobs that run and wait."),
    row("Work", Command::MoveUp, &["K"], "sooner", "In the queue: move the job up."),
    row("Work", Command::MoveDown, &["J"], "later", "In the queue: move the job down."),
    row("Work", Command::MoveFirst, &["f"], "first", "In the queue: make the job the next one."),
    row(
        "Work",
        Command::Auto,
        &["A"],
        "auto",
        "Run the jobs on every new or changed document, or stop doing so.",
    ),
    row("Work", Command::Reload, &["f5"], "reload", "Look at the folder and the templates again."),
    row("Review", Command::Accept, &["a"], "accept", "Accept the finding; again takes it back."),
    row("Review", Command::Reject, &["d"], "reject", "Reject the finding; again takes it back."),
    row("Review", Command::Edit, &["e"], "edit", "Accept the finding with your own wording."),
    row(
        "Review",
        Command::Undo,
        &["u"],
        "undo",
        "Take back the last decision on this document, also after a restart.",
    ),
    row(
        "Review",
        Command::NextQuote,
        &["n"],
        "next quote",
        "Show the next place of the finding, or the next match.",
    ),
    row(
        "Review",
        Command::PreviousQuote,
        &["N"],
        "previous quote",
        "Show the previous place of the finding, or the previous match.",
    ),
    row("Review", Command::Search, &["/"], "search", "Search in the source."),
    row(
        "Review",
        Command::Export,
        &["s"],
        "save",
        "Save this document's results as Markdown and JSON.",
    ),
    row(
        "Reading",
        Command::Reason,
        &["i"],
        "info",
        "Tell all about this document: pages, changes, what was set aside, coverage; or why it \
         failed.",
    ),
    row(
        "Reading",
        Command::Revisions,
        &["v"],
        "view",
        "Tracked changes: read the text accepted, original, or marked.",
    ),
    row("Reading", Command::Recognise, &["o"], "read scans", "Read scanned pages with tesseract."),
    row(
        "Reading",
        Command::GiveHidden,
        &["H"],
        "hidden text",
        "Give hidden text and comments to jobs, or stop doing so; asks before.",
    ),
    row("Reading", Command::Unlock, &["P"], "password", "Enter the password of a locked document."),
    row("Program", Command::Templates, &["t"], "templates", "Edit a template in your editor."),
    row("Program", Command::Theme, &["T"], "theme", "Change between the themes."),
    row("Program", Command::Help, &["?", "f1"], "help", "Show the keys."),
    row(
        "Program",
        Command::Quit,
        &["q", "ctrl-c"],
        "quit",
        "Leave; a running job goes on at the next start.",
    ),
];

/// The command bound to a key.
#[must_use]
pub fn bound(key: Key) -> Option<Command> {
    BINDINGS.iter().find(|b| b.keys.iter().any(|k| k.parse() == Ok(key))).map(|b| b.command)
}

/// The table's row of a command.
///
/// # Panics
/// Never: a test holds that every command has a row.
#[must_use]
pub fn binding(command: Command) -> &'static Binding {
    BINDINGS
        .iter()
        .find(|b| b.command == command)
        .expect("the table has a row for every command, held by a test")
}

/// The key that stands for a command where it is named in a sentence.
#[must_use]
pub fn key(command: Command) -> &'static str {
    binding(command).keys.first().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_in_the_table_can_be_pressed_and_means_one_thing() {
        let mut seen = BTreeSet::new();
        for binding in BINDINGS {
            for name in binding.keys {
                let key: Key = name.parse().expect("a key name");
                assert!(seen.insert(key), "{name} is bound twice");
                assert_eq!(bound(key), Some(binding.command));
            }
        }
    }

    #[test]
    fn every_help_text_is_a_sentence() {
        for binding in BINDINGS {
            assert!(binding.help.ends_with('.'), "{}", binding.help);
        }
    }
}
