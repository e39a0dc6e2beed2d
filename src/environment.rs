//! What galley reads from its environment, and which of it no other process may
//! see.

use std::process::Command;

/// The key that servers may ask for.
pub const API_KEY: &str = "GALLEY_API_KEY";

/// Keeps secrets from a process that has no use for them: one that reads hostile
/// documents, an editor, a package manager.
pub fn without_secrets(command: &mut Command) -> &mut Command {
    command.env_remove(API_KEY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_taken_out_of_what_a_process_inherits() {
        let mut command = Command::new("x");
        let removed = without_secrets(command.env(API_KEY, "s3cret")).get_envs();
        assert_eq!(removed.collect::<Vec<_>>(), [(API_KEY.as_ref(), None)]);
    }
}
