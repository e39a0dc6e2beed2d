//! What galley reads from its environment, and which of it no other process may
//! see.

use std::process::Command;

/// The key that servers may ask for.
pub const API_KEY: &str = "GALLEY_API_KEY";

/// The password of documents that are locked, for scripts.
pub const PASSWORD: &str = "GALLEY_PASSWORD";

/// Keeps secrets from a process that has no use for them: one that reads hostile
/// documents, an editor, a package manager.
pub fn without_secrets(command: &mut Command) -> &mut Command {
    command.env_remove(API_KEY).env_remove(PASSWORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_of_what_a_process_inherits() {
        let mut command = Command::new("x");
        let removed = without_secrets(command.env(API_KEY, "s3cret").env(PASSWORD, "s3cret"));
        let removed: Vec<_> = removed.get_envs().collect();
        assert_eq!(removed, [(API_KEY.as_ref(), None), (PASSWORD.as_ref(), None)]);
    }
}
