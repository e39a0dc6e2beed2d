//! Runs a program of the person's machine on bytes in memory: no shell, no file,
//! an end to its time and to what it may answer. Knows nothing of PDF.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::environment::without_secrets;
use crate::extract::helpers;

/// How a program is asked.
pub struct Tool<'a> {
    /// Looked for on the `PATH`.
    pub program: &'a str,
    pub args: &'a [&'a str],
    /// After this it is killed.
    pub patience: Duration,
    /// Most bytes of an answer; a longer one is none.
    pub most: u64,
}

/// Why a program gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not there, or may not be run.
    Missing,
    /// It failed, took too long, or said too much.
    Failed,
}

impl Tool<'_> {
    /// What the program writes to standard output for `input` on its standard
    /// input. Its complaints go nowhere, since they may quote the document.
    pub fn answer(&self, input: &Arc<[u8]>) -> Result<Vec<u8>, Refusal> {
        let started = Instant::now();
        let mut process = Command::new(self.program);
        without_secrets(&mut process).args(self.args);
        process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Ended(helpers::start(&mut process).map_err(|_| Refusal::Missing)?);
        let mut to = child.0.stdin.take().ok_or(Refusal::Failed)?;
        let from = child.0.stdout.take().ok_or(Refusal::Failed)?;
        let input = Arc::clone(input);
        // A program may stop reading once it knows enough.
        thread::spawn(move || to.write_all(&input));
        let most = self.most;
        let (sender, answer) = channel();
        thread::spawn(move || {
            let mut said = Vec::new();
            let read = from.take(most.saturating_add(1)).read_to_end(&mut said);
            let whole = read.is_ok() && said.len() as u64 <= most;
            let _ = sender.send(whole.then_some(said));
        });
        let said = match answer.recv_timeout(self.patience) {
            Ok(Some(said)) => said,
            Ok(None) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return Err(Refusal::Failed);
            }
        };
        let left = self.patience.saturating_sub(started.elapsed());
        if ended_well(&mut child.0, left) { Ok(said) } else { Err(Refusal::Failed) }
    }
}

/// A process that does not outlive this value.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // Killing a process that has ended is an error without meaning.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether a process that has closed its output ends without complaint.
fn ended_well(child: &mut Child, patience: Duration) -> bool {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if started.elapsed() < patience => thread::sleep(Duration::from_millis(1)),
            _ => return false,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn ask(program: &str, args: &[&str], most: u64) -> Result<Vec<u8>, Refusal> {
        let patience = Duration::from_millis(300);
        let input: Arc<[u8]> = b"said".to_vec().into();
        Tool { program, args, patience, most }.answer(&input)
    }

    #[test]
    fn what_a_program_says_of_its_input_comes_back() {
        assert_eq!(ask("cat", &[], 4), Ok(b"said".to_vec()));
    }

    #[test]
    fn a_program_that_fails_hangs_or_says_too_much_gives_nothing() {
        assert_eq!(ask("cat", &[], 3), Err(Refusal::Failed));
        assert_eq!(ask("false", &[], 9), Err(Refusal::Failed));
        assert_eq!(ask("sleep", &["60"], 9), Err(Refusal::Failed));
    }

    #[test]
    fn a_program_that_is_not_there_is_told_from_one_that_fails() {
        assert_eq!(ask("galley-has-no-such-program", &[], 9), Err(Refusal::Missing));
    }
}
