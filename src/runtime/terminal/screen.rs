//! The real terminal: taken over, given back, and given back also in a panic.

use std::io::{self, Stdout, stdout};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

/// Holds the terminal; dropping it gives the terminal back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// What the terminal says; it is given back then.
    pub fn open() -> io::Result<Self> {
        restore_on_panic();
        enter().inspect_err(|_| leave())?;
        let terminal = Terminal::new(CrosstermBackend::new(stdout())).inspect_err(|_| leave())?;
        Ok(Self { terminal })
    }

    pub fn terminal(&mut self) -> &mut Terminal<CrosstermBackend<Stdout>> {
        &mut self.terminal
    }

    /// Gives the terminal to `work` and takes it back afterwards.
    ///
    /// # Errors
    /// What `work` says, or a sentence where the terminal does not come back.
    pub fn suspended(&mut self, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
        leave();
        let outcome = work();
        self.take_back().map_err(|e| format!("The screen could not be taken back ({e})."))?;
        outcome
    }
}

impl Screen {
    /// Starts on an empty screen of which nothing is remembered, so that the
    /// next frame paints all of it.
    fn take_back(&mut self) -> io::Result<()> {
        enter()?;
        execute!(stdout(), Clear(ClearType::All))?;
        self.terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// Whether the terminal is taken over now: leaving twice would put the cursor
/// back over what was printed in between.
static TAKEN: AtomicBool = AtomicBool::new(false);

fn enter() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
}

/// Best effort: there is nothing to be done about a terminal that is gone.
fn leave() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = disable_raw_mode();
    let _ =
        execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, crossterm::cursor::Show);
}

/// A panic on the thread that draws would leave its message on the screen
/// that is about to vanish; panics elsewhere are caught where they happen.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let drawing = std::thread::current().id();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() == drawing {
                leave();
                before(info);
            } else {
                // The message may hold document text; the place does not.
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                tracing::error!(place, "a thread panicked");
            }
        }));
    });
}
