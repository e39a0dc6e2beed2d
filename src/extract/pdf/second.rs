//! The second reader, `pdf_oxide`, in a process of its own: on some files it
//! overflows its stack, and that must not cost the pages that are read
//! already. This side starts it, asks page by page, and lives on without it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::options::Password;
use crate::domain::marks::Marks;
use crate::environment::without_secrets;
use crate::extract::helpers;

mod process;

pub use process::main;

pub const READER: &str = "pdf_oxide";

/// The hidden subcommand that is [`main`].
pub const SUBCOMMAND: &str = "__second-reader";

/// How long it may take to open a file, or for one page of it. The worker
/// itself is given up after a wait not much longer.
const PATIENCE: Duration = Duration::from_secs(8);

/// How often it is started for one file.
const MOST_STARTS: u32 = 3;

/// What a process of it is told first; the file's bytes follow.
#[derive(Serialize, Deserialize)]
struct Hello {
    bytes: u64,
    password: Option<Password>,
    /// Most bytes of a page's text.
    room: u64,
}

/// One line of its answers. The first is about the file, the others about a page.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Opened { pages: u32 },
    Page { text: String, marks: Marks },
    Failed,
}

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Tells which program has the [`SUBCOMMAND`]. Until it is told there is no
/// second reader: any other program may be a test, which would start itself.
pub fn is_in(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// The second reader of one file.
pub struct Second {
    source: Arc<[u8]>,
    password: Option<Password>,
    room: u64,
    running: Option<Running>,
    starts: u32,
}

impl Second {
    pub fn new(source: Arc<[u8]>, password: Option<Password>, room: u64) -> Self {
        Self { source, password, room, running: None, starts: 0 }
    }

    /// How many pages it finds in the file; `None` where it cannot open it.
    pub fn pages(&mut self) -> Option<u32> {
        self.run().map(|running| running.pages)
    }

    /// Page `n`, counted from 1; `None` where it cannot read it.
    pub fn page(&mut self, n: u32) -> Option<(String, Marks)> {
        let running = self.run().filter(|running| n <= running.pages)?;
        match running.ask(n) {
            Some(Answer::Page { text, marks }) => Some((text, marks)),
            Some(_) => None,
            None => {
                // It died of this page or hangs in it; the next one is asked anew.
                self.running = None;
                None
            }
        }
    }

    fn run(&mut self) -> Option<&mut Running> {
        if self.running.is_none() && self.starts < MOST_STARTS {
            self.starts += 1;
            self.running = Running::start(&self.source, self.password.clone(), self.room);
            if self.running.is_none() {
                // What it cannot open it will not open the next time.
                self.starts = MOST_STARTS;
            }
        }
        self.running.as_mut()
    }
}

struct Running {
    child: Child,
    /// Its end is the process's sign to end, also where this process is killed.
    to: ChildStdin,
    answers: Receiver<Answer>,
    pages: u32,
}

impl Running {
    fn start(source: &[u8], password: Option<Password>, room: u64) -> Option<Self> {
        let mut process = Command::new(PROGRAM.get()?);
        without_secrets(&mut process).arg(SUBCOMMAND);
        process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = helpers::start(&mut process).ok()?;
        let (to, from) = (child.stdin.take()?, child.stdout.take()?);
        let (sender, answers) = channel();
        thread::spawn(move || {
            let lines = BufReader::new(from).lines().map_while(Result::ok);
            let answers = lines.map_while(|line| serde_json::from_str(&line).ok());
            // Ends with the process, at nonsense, or when nobody listens.
            let _ = answers.map_while(|answer| sender.send(answer).ok()).count();
        });
        let mut running = Self { child, to, answers, pages: 0 };
        let hello = Hello { bytes: source.len() as u64, password, room };
        let mut line = serde_json::to_vec(&hello).ok()?;
        line.push(b'\n');
        running.to.write_all(&line).and_then(|()| running.to.write_all(source)).ok()?;
        match running.answers.recv_timeout(PATIENCE) {
            Ok(Answer::Opened { pages }) => {
                running.pages = pages;
                Some(running)
            }
            _ => None,
        }
    }

    fn ask(&mut self, n: u32) -> Option<Answer> {
        writeln!(self.to, "{n}").ok()?;
        self.answers.recv_timeout(PATIENCE).ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Killing a process that has ended is an error without meaning.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
