//! The program on a real pseudo-terminal, read back as a screen.

use std::ffi::OsString;
use std::fmt;
use std::io::{Read as _, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a screen may take on a busy machine to show what is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
}

/// What came from the program so far.
struct Seen {
    parser: vt100::Parser,
    /// Every byte of it, also what was painted over since.
    printed: Vec<u8>,
    ended: bool,
}

/// A screen has a row and a column at least.
fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a size above zero")
}

/// A program on a terminal of its own.
pub struct Screen {
    shared: Arc<Shared>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// The terminal's modes before the program had it.
    modes: String,
}

/// How a terminal treats what is typed (echo, line by line or raw), in words
/// to be compared; empty where the platform does not tell.
fn modes(master: &dyn MasterPty) -> String {
    #[cfg(unix)]
    {
        let modes = master.get_termios().expect("a terminal has modes");
        format!("{:?} {:?} {:?}", modes.input_flags, modes.output_flags, modes.local_flags)
    }
    #[cfg(not(unix))]
    {
        let _ = master;
        String::new()
    }
}

impl Screen {
    /// Starts `program` with `arguments` and an environment on top of the
    /// test's own, on a terminal of `columns` by `rows`.
    pub fn start(
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, OsString)],
        columns: u16,
        rows: u16,
    ) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        for (name, value) in environment {
            command.env(name, value);
        }
        let modes = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        let shared = Arc::new(Shared {
            seen: Mutex::new(Seen { parser, printed: Vec::new(), ended: false }),
            changed: Condvar::new(),
        });
        let feed = Arc::clone(&shared);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut seen = feed.seen.lock().expect("no panic while parsing");
                if read == 0 {
                    seen.ended = true;
                } else {
                    seen.parser.process(&buffer[..read]);
                    seen.printed.extend_from_slice(&buffer[..read]);
                }
                feed.changed.notify_all();
                if read == 0 {
                    break;
                }
            }
        });
        Self { shared, master: pair.master, writer, child, modes }
    }

    /// Types keys as a terminal sends them.
    pub fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("the program reads its terminal");
        self.writer.flush().expect("the program reads its terminal");
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let mut seen = self.shared.seen.lock().expect("sound");
        seen.parser.screen_mut().set_size(cells(rows), cells(columns));
        drop(seen);
        self.master.resize(size).expect("a terminal can be resized");
    }

    /// Waits until the screen shows all of `texts`, and gives it.
    pub fn wait_for(&self, texts: &[&str]) -> String {
        self.wait(&format!("{texts:?}"), |screen| {
            let shown = screen.contents();
            texts.iter().all(|text| shown.contains(text))
        })
    }

    /// Waits until a condition holds; prints the screen when it does not.
    pub fn wait(&self, wanted: &str, holds: impl Fn(&vt100::Screen) -> bool) -> String {
        let until = Instant::now() + PATIENCE;
        let mut seen = self.shared.seen.lock().expect("sound");
        loop {
            if holds(seen.parser.screen()) {
                return seen.parser.screen().contents();
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !seen.ended,
                "waited for {wanted}; the screen shows:\n{}",
                seen.parser.screen().contents()
            );
            seen = self.shared.changed.wait_timeout(seen, left).expect("sound").0;
        }
    }

    /// Whether the program has the terminal to itself: keys come one by one
    /// and are not echoed.
    pub fn is_taken_over(&self) -> bool {
        modes(&*self.master) != self.modes
    }

    /// Sends the program a signal by its name, such as `TERM`.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("it runs").to_string();
        let told = std::process::Command::new("kill").args(["-s", name, &id]).status();
        assert!(told.expect("kill is there").success());
    }

    /// Waits until the program has ended; gives whether it ended well, and
    /// the terminal as it left it.
    pub fn wait_for_end(mut self) -> (bool, Left) {
        let until = Instant::now() + PATIENCE;
        let mut seen = self.shared.seen.lock().expect("sound");
        while !seen.ended {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "still running:\n{}", seen.parser.screen().contents());
            seen = self.shared.changed.wait_timeout(seen, left).expect("sound").0;
        }
        let screen = seen.parser.screen();
        let left = Left {
            alternate: screen.alternate_screen(),
            cursor_hidden: screen.hide_cursor(),
            bracketed_paste: screen.bracketed_paste(),
            raw: modes(&*self.master) != self.modes,
            shows: screen.contents(),
            printed: String::from_utf8_lossy(&seen.printed).into_owned(),
        };
        drop(seen);
        (self.child.wait().expect("it has ended").success(), left)
    }

    /// Ends the program at once, as a power cut would.
    pub fn kill(mut self) {
        // The terminal's own way would ask before it kills.
        #[cfg(unix)]
        self.signal("KILL");
        #[cfg(not(unix))]
        self.child.kill().expect("it runs");
        let _ = self.child.wait();
    }
}

/// How a program left its terminal.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the terminal's own")]
pub struct Left {
    pub alternate: bool,
    pub cursor_hidden: bool,
    pub bracketed_paste: bool,
    /// Keys are still read one by one, without echo.
    pub raw: bool,
    /// What stands on it.
    pub shows: String,
    /// All that was ever sent to it, escape sequences and all.
    pub printed: String,
}

impl Left {
    pub fn is_clean(&self) -> bool {
        !self.alternate && !self.cursor_hidden && !self.bracketed_paste && !self.raw
    }
}

impl fmt::Debug for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Left")
            .field("alternate", &self.alternate)
            .field("cursor_hidden", &self.cursor_hidden)
            .field("bracketed_paste", &self.bracketed_paste)
            .field("raw", &self.raw)
            .field("shows", &self.shows)
            .finish_non_exhaustive()
    }
}
