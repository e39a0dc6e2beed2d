//! The person's editor.

use std::path::Path;
use std::process::Command;

use crate::environment::without_secrets;
use crate::paths::Paths;
use crate::runtime::config::Config;

/// The editor's command line: from the configuration, $VISUAL, $EDITOR, or vi.
///
/// # Errors
/// A sentence, where the setting is not a command line.
pub(super) fn command(paths: &Paths) -> Result<Vec<String>, String> {
    let (config, _) = Config::load(paths);
    let variable = |name| std::env::var(name).ok().filter(|v| !v.trim().is_empty());
    let line = config
        .editor
        .or_else(|| variable("VISUAL"))
        .or_else(|| variable("EDITOR"))
        .unwrap_or_else(|| if cfg!(windows) { "notepad".into() } else { "vi".into() });
    shlex::split(&line).filter(|words| !words.is_empty()).ok_or_else(|| {
        format!("The editor {line:?} is not a command; set $EDITOR, or editor in config.toml.")
    })
}

/// Runs the editor on a file until it ends.
///
/// # Errors
/// A sentence.
pub(super) fn run(command: &[String], file: &Path) -> Result<(), String> {
    let (program, arguments) = command.split_first().expect("the command is not empty");
    let mut editor = Command::new(program);
    let status = without_secrets(&mut editor).args(arguments).arg(file).status().map_err(|e| {
        format!(
            "The editor {program} could not be started ({e}); set $EDITOR to one that is here. \
             The template is {}.",
            file.display()
        )
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("The editor {program} ended with {status}; the template was read again."))
    }
}
