//! The terminal loop: keys, messages and the clock go in, frames come out.
//! Generic over where the events come from, so that tests can feed keys.

mod editor;
mod keyboard;
mod keys;
mod screen;

use std::io;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyEventKind};
use futures_util::{Stream, StreamExt};
use ratatui::Terminal;
use ratatui::backend::Backend;
use tokio::sync::mpsc::UnboundedSender;

use super::session::Session;
use crate::app::msg::{Effect, Msg};
use crate::app::state::{EngineState, Level, Millis, Notice};
use crate::paths::Paths;
use keyboard::Keyboard;
pub use screen::Screen;

/// Draws the state; given by the layer above, which knows how.
pub trait Frontend {
    /// Draws one frame.
    ///
    /// # Errors
    /// What the terminal says.
    fn draw<B: Backend>(&mut self, terminal: &mut Terminal<B>, session: &Session) -> io::Result<()>
    where
        io::Error: From<B::Error>;
    /// Takes a key that only moves the view; `true` where it did.
    fn takes(&mut self, session: &Session, key: crate::app::key::Key) -> bool;
    fn set_theme(&mut self, name: &str);
}

/// How often the clock is looked at while something is going on.
const TICK: Duration = Duration::from_millis(250);

/// Runs the workbench on the real terminal until the person leaves.
///
/// # Errors
/// A sentence, where the terminal cannot be used.
pub fn run(session: &mut Session, view: &mut impl Frontend, paths: &Paths) -> Result<(), String> {
    let mut screen = Screen::open().map_err(|e| {
        format!(
            "The terminal cannot be used for a full screen ({e}). Run galley in a terminal window."
        )
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("The event loop could not be started ({e})."))?;
    runtime.spawn(leave_on_signal(session.sender()));
    let began = Instant::now();
    let mut keyboard = Keyboard::open();
    let outcome = loop {
        let events = keyboard.events();
        let pause = runtime.block_on(until_pause(session, view, screen.terminal(), events, began));
        match pause {
            Ok(Pause::Quit) => break Ok(()),
            Ok(Pause::Edit(name)) => {
                let edited = keyboard.paused(|| edit(session, &mut screen, &name, paths));
                if let Err(text) = edited {
                    session.say(Msg::Notice(Notice { level: Level::Error, text }));
                }
                session.executor.load_templates();
            }
            Err(e) => {
                break Err(format!("The terminal failed ({e}); nothing that was decided is lost."));
            }
        }
    };
    drop(screen);
    outcome
}

/// Leaves in order when the system asks the program to end.
async fn leave_on_signal(send: UnboundedSender<Msg>) {
    if asked_to_end().await.is_ok() {
        // The receiver is gone only when the program ends anyway.
        let _ = send.send(Msg::Quit);
    }
}

#[cfg(unix)]
async fn asked_to_end() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Why the loop stopped reading events.
#[derive(Debug, PartialEq, Eq)]
pub enum Pause {
    Quit,
    /// The terminal is wanted for an editor on this template.
    Edit(String),
}

/// Runs the loop until the person leaves or the terminal is wanted elsewhere.
///
/// # Errors
/// What the terminal or the event source says.
pub async fn until_pause<B>(
    session: &mut Session,
    view: &mut impl Frontend,
    terminal: &mut Terminal<B>,
    mut events: impl Stream<Item = io::Result<Event>> + Unpin,
    began: Instant,
) -> io::Result<Pause>
where
    B: Backend,
    io::Error: From<B::Error>,
{
    let mut clock = tokio::time::interval(TICK);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    view.draw(terminal, session)?;
    loop {
        let effects = tokio::select! {
            event = events.next() => match event {
                Some(event) => on_event(session, view, event?),
                // The terminal is gone: keep what was decided and leave.
                None => session.apply(Msg::Quit),
            },
            Some(msg) = session.messages.recv() => {
                let mut effects = session.apply(msg);
                // Messages come in bursts; one frame shows them all.
                while let Ok(msg) = session.messages.try_recv() {
                    effects.extend(session.apply(msg));
                }
                effects
            },
            _ = clock.tick() => {
                let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                let effects = session.apply(Msg::Tick(Millis(millis)));
                if !is_busy(session) {
                    continue;
                }
                effects
            },
        };
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(Pause::Quit),
                Effect::EditTemplate { name } => return Ok(Pause::Edit(name)),
                Effect::SetTheme(name) => view.set_theme(&name),
                _ => {}
            }
        }
        view.draw(terminal, session)?;
    }
}

fn on_event(session: &mut Session, view: &mut impl Frontend, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => match keys::from_terminal(key) {
            Some(key) if view.takes(session, key) => Vec::new(),
            Some(key) => session.apply(Msg::Key(key)),
            None => Vec::new(),
        },
        Event::Paste(text) => session.apply(Msg::Paste(text)),
        _ => Vec::new(),
    }
}

/// Whether something on the screen changes with the clock alone.
fn is_busy(session: &Session) -> bool {
    !session.state.running.is_empty() || matches!(session.state.engine, EngineState::Loading { .. })
}

fn edit(
    session: &mut Session,
    screen: &mut Screen,
    template: &str,
    paths: &Paths,
) -> Result<(), String> {
    let file = session.executor.editable(template)?;
    let command = editor::command(paths)?;
    screen.suspended(|| editor::run(&command, &file))
}
