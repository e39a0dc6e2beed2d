//! How documents are to be read, as arguments that several commands share.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal;

use crate::domain::document::RevisionView;
use crate::environment;
use crate::extract::{Limits, Options, Password};

/// No password is longer, and a file named by mistake may be.
const MOST_PASSWORD: u64 = 4096;

#[derive(Debug, Args)]
pub struct ReadingArguments {
    /// Of a text with tracked changes: "accepted", as if all were accepted;
    /// "original", as if none were made; "marked", both.
    #[arg(long, value_name = "VIEW", default_value = "accepted", value_parser = view)]
    view: RevisionView,
    /// Put pages that are images through character recognition; needs the
    /// program tesseract.
    #[arg(long)]
    ocr: bool,
    /// The password of a locked document; behind the file and without a value
    /// it is asked for. Others on this machine can see a value given here:
    /// the environment's `GALLEY_PASSWORD`, or --password-file, is safer.
    #[arg(long, value_name = "PASSWORD", num_args = 0..=1, default_missing_value = "")]
    password: Option<String>,
    /// A file whose first line is the password; "-" is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "password")]
    password_file: Option<PathBuf>,
}

fn view(name: &str) -> Result<RevisionView, String> {
    match name {
        "accepted" => Ok(RevisionView::Accepted),
        "original" => Ok(RevisionView::Original),
        "marked" => Ok(RevisionView::Marked),
        _ => Err("the views are accepted, original and marked".to_owned()),
    }
}

impl ReadingArguments {
    /// What the arguments ask for, within `limits`. Asks for a password on the
    /// terminal where the arguments say so.
    ///
    /// # Errors
    /// A sentence, where no password can be had although one was promised.
    pub fn options(&self, limits: Limits) -> Result<Options, String> {
        let password = self.password()?.map(Password::new);
        Ok(Options { limits, view: self.view, ocr: self.ocr, password })
    }

    fn password(&self) -> Result<Option<String>, String> {
        match (&self.password, &self.password_file) {
            (Some(asked), _) if asked.is_empty() => ask().map(Some),
            (Some(given), _) => Ok(Some(given.clone())),
            (None, Some(file)) => from_file(file).map(Some),
            (None, None) => Ok(std::env::var(environment::PASSWORD).ok().filter(|p| !p.is_empty())),
        }
    }
}

/// The first line of `file`.
fn from_file(file: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().lock().take(MOST_PASSWORD).read_to_end(&mut bytes)
    } else {
        fs::File::open(file).and_then(|f| f.take(MOST_PASSWORD).read_to_end(&mut bytes))
    };
    read.map_err(|e| format!("The password could not be read from {} ({e}).", file.display()))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("{} does not hold UTF-8 text, so no password.", file.display()))?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(format!(
            "The first line of {} is empty; put the password there.",
            file.display()
        ));
    }
    Ok(line.to_owned())
}

/// Asks at the terminal, and shows nothing of the answer.
fn ask() -> Result<String, String> {
    if !io::stdin().is_terminal() {
        return Err(
            "There is no terminal to ask for the password on. Put it into the environment \
                    as GALLEY_PASSWORD, or name a file with --password-file."
                .to_owned(),
        );
    }
    eprint!("Password: ");
    let typed = terminal::enable_raw_mode().and_then(|()| {
        let typed = typed_line(event::read);
        terminal::disable_raw_mode().and(typed)
    });
    eprintln!();
    match typed {
        Ok(Some(password)) if !password.is_empty() => Ok(password),
        Ok(_) => Err("No password was given, so nothing was read.".to_owned()),
        Err(e) => Err(format!(
            "The terminal could not be asked for the password ({e}). Put it into the environment \
             as GALLEY_PASSWORD."
        )),
    }
}

/// A line that is typed unseen, of the events that `next` gives; `None` when
/// the person gives up.
fn typed_line(mut next: impl FnMut() -> io::Result<Event>) -> io::Result<Option<String>> {
    let mut line = String::new();
    loop {
        match next()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                // With Alt it is how some keyboards write "@" or "{".
                let is_command = key.modifiers.contains(KeyModifiers::CONTROL)
                    && !key.modifiers.contains(KeyModifiers::ALT);
                match key.code {
                    KeyCode::Enter => return Ok(Some(line)),
                    KeyCode::Esc => return Ok(None),
                    KeyCode::Char('c' | 'd') if is_command => return Ok(None),
                    KeyCode::Char('u') if is_command => line.clear(),
                    KeyCode::Char(c) if !is_command => line.push(c),
                    KeyCode::Backspace => {
                        line.pop();
                    }
                    _ => {}
                }
            }
            Event::Paste(text) => line.push_str(text.trim_end_matches(['\r', '\n'])),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use crossterm::event::KeyEvent;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        file: PathBuf,
        #[command(flatten)]
        reading: ReadingArguments,
    }

    fn options(arguments: &[&str]) -> Result<Options, String> {
        let line = Line::try_parse_from(["galley", "a.pdf"].iter().chain(arguments));
        line.map_err(|e| e.to_string())?.reading.options(Limits::default())
    }

    #[test]
    fn what_is_asked_for_is_what_is_read() {
        let given = options(&["--view", "marked", "--ocr", "--password", "open sesame"]);
        let given = given.expect("good arguments");
        assert_eq!((given.view, given.ocr), (RevisionView::Marked, true));
        assert_eq!(given.password, Some(Password::new("open sesame".into())));
        let said = options(&["--view", "final"]).expect_err("no such view");
        assert!(said.contains("accepted, original and marked"), "{said}");
        assert!(options(&["--password", "x", "--password-file", "y"]).is_err());
        let said = options(&["--password-file", "no/such/file"]).expect_err("no such file");
        assert!(said.contains("could not be read from no/such/file"), "{said}");
    }

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    /// What is taken from these events and, behind them, Enter.
    fn typed(events: Vec<Event>) -> Option<String> {
        let mut events = events.into_iter();
        let enter = || key(KeyCode::Enter, KeyModifiers::NONE);
        typed_line(|| Ok(events.next().unwrap_or_else(enter))).expect("events come")
    }

    #[test]
    fn a_password_is_typed_letter_by_letter_and_can_be_mended_or_given_up() {
        let letter = |c| key(KeyCode::Char(c), KeyModifiers::NONE);
        let control = |c| key(KeyCode::Char(c), KeyModifiers::CONTROL);
        let back = || key(KeyCode::Backspace, KeyModifiers::NONE);
        let (shift, alt_gr) = (KeyModifiers::SHIFT, KeyModifiers::CONTROL | KeyModifiers::ALT);
        let let_go =
            KeyEvent::new_with_kind(KeyCode::Char('x'), KeyModifiers::NONE, KeyEventKind::Release);
        let line = vec![
            key(KeyCode::Char('P'), shift),
            letter('q'),
            back(),
            letter('ä'),
            key(KeyCode::Char('@'), alt_gr),
            Event::Key(let_go),
            control('a'),
            Event::Resize(80, 24),
            Event::Paste("ss wort\r\n".into()),
        ];
        assert_eq!(typed(line).as_deref(), Some("Pä@ss wort"));
        assert_eq!(typed(vec![letter('a'), control('u'), letter('b')]).as_deref(), Some("b"));
        assert_eq!(typed(vec![back()]).as_deref(), Some(""));
        for stop in [control('c'), control('d'), key(KeyCode::Esc, KeyModifiers::NONE)] {
            assert_eq!(typed(vec![letter('a'), stop]), None);
        }
        let gone = typed_line(|| Err(io::ErrorKind::BrokenPipe.into()));
        assert!(gone.is_err(), "a terminal that is gone");
    }

    #[test]
    fn a_password_is_the_first_line_of_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        fs::write(&file, "open sesame \r\nsecond").expect("written");
        assert_eq!(from_file(&file).as_deref(), Ok("open sesame "));
        fs::write(&file, "\n").expect("written");
        let said = from_file(&file).expect_err("an empty line");
        assert!(said.contains("is empty"), "{said}");
    }
}
