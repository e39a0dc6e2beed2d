//! The program on a real pseudo-terminal, read back as a screen.

use std::ffi::OsString;
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
    parser: Mutex<(vt100::Parser, bool)>,
    changed: Condvar,
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
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let shared = Arc::new(Shared {
            parser: Mutex::new((vt100::Parser::new(cells(rows), cells(columns), 0), false)),
            changed: Condvar::new(),
        });
        let feed = Arc::clone(&shared);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut parser = feed.parser.lock().expect("no panic while parsing");
                if read == 0 {
                    parser.1 = true;
                } else {
                    parser.0.process(&buffer[..read]);
                }
                feed.changed.notify_all();
                if read == 0 {
                    break;
                }
            }
        });
        Self { shared, master: pair.master, writer, child }
    }

    /// Types keys as a terminal sends them.
    pub fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("the program reads its terminal");
        self.writer.flush().expect("the program reads its terminal");
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.shared
            .parser
            .lock()
            .expect("sound")
            .0
            .screen_mut()
            .set_size(cells(rows), cells(columns));
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
        let mut parser = self.shared.parser.lock().expect("sound");
        loop {
            if holds(parser.0.screen()) {
                return parser.0.screen().contents();
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !parser.1,
                "waited for {wanted}; the screen shows:\n{}",
                parser.0.screen().contents()
            );
            parser = self.shared.changed.wait_timeout(parser, left).expect("sound").0;
        }
    }

    /// Waits until the program has ended; gives whether it ended well, and
    /// the terminal as it left it.
    pub fn wait_for_end(mut self) -> (bool, Left) {
        let until = Instant::now() + PATIENCE;
        let mut parser = self.shared.parser.lock().expect("sound");
        while !parser.1 {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "still running:\n{}", parser.0.screen().contents());
            parser = self.shared.changed.wait_timeout(parser, left).expect("sound").0;
        }
        let screen = parser.0.screen();
        let left = Left {
            alternate: screen.alternate_screen(),
            cursor_hidden: screen.hide_cursor(),
            bracketed_paste: screen.bracketed_paste(),
        };
        drop(parser);
        (self.child.wait().expect("it has ended").success(), left)
    }

    /// Ends the program at once, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        let _ = self.child.wait();
    }
}

/// How a program left its terminal.
#[derive(Debug)]
pub struct Left {
    pub alternate: bool,
    pub cursor_hidden: bool,
    pub bracketed_paste: bool,
}

impl Left {
    pub fn is_clean(&self) -> bool {
        !self.alternate && !self.cursor_hidden && !self.bracketed_paste
    }
}
