//! One-line text inputs: which key asks for which edit; the editing is tui-input's.

use std::fmt;

use tui_input::InputRequest as Request;

use super::key::{Code, Key};
use super::state::Input;

/// An input whose text no screen, message or log shows.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Masked(pub Input);

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Masked(…)")
    }
}

impl Masked {
    /// As it is shown: a dot for each letter.
    #[must_use]
    pub fn dots(&self) -> Input {
        let Input { text, cursor } = &self.0;
        Input { text: "•".repeat(text.chars().count()), cursor: *cursor }
    }
}

impl Input {
    #[must_use]
    pub fn with(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.chars().count() }
    }

    /// Applies an editing key; `false` where the key edits nothing.
    pub fn press(&mut self, key: Key) -> bool {
        let request = match (key.ctrl, key.code) {
            (false, Code::Char(c)) => Request::InsertChar(c),
            (false, Code::Backspace) => Request::DeletePrevChar,
            (true, Code::Char('w')) => Request::DeletePrevWord,
            (true, Code::Char('u')) => Request::DeleteFromStart,
            (true, Code::Char('k')) => Request::DeleteTillEnd,
            (false, Code::Delete) => Request::DeleteNextChar,
            (false, Code::Left) => Request::GoToPrevChar,
            (false, Code::Right) => Request::GoToNextChar,
            (false, Code::Home) | (true, Code::Char('a')) => Request::GoToStart,
            (false, Code::End) | (true, Code::Char('e')) => Request::GoToEnd,
            _ => return false,
        };
        self.apply([request]);
        true
    }

    /// Inserts pasted text on one line.
    pub fn paste(&mut self, text: &str) {
        let one_line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
        self.apply(one_line.map(Request::InsertChar));
    }

    fn apply(&mut self, requests: impl IntoIterator<Item = Request>) {
        let mut input =
            tui_input::Input::new(std::mem::take(&mut self.text)).with_cursor(self.cursor);
        for request in requests {
            input.handle(request);
        }
        self.cursor = input.cursor();
        input.value().clone_into(&mut self.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(start: &str, keys: &[&str]) -> Input {
        let mut input = Input::with(start);
        for key in keys {
            input.press(key.parse().expect("a key name"));
        }
        input
    }

    #[test]
    fn letters_go_in_at_the_cursor_whatever_their_width() {
        assert_eq!(typed("äc", &["left", "b"]).text, "äbc");
        assert_eq!(typed("äö", &["left", "backspace"]).text, "ö");
        assert_eq!(typed("äö", &["home", "delete"]).text, "ö");
    }

    #[test]
    fn the_cursor_stays_within_the_text() {
        assert_eq!(typed("a", &["right", "right", "b"]).text, "ab");
        assert_eq!(typed("a", &["left", "left", "b"]).text, "ba");
        assert_eq!(typed("", &["backspace", "delete"]).text, "");
    }

    #[test]
    fn a_masked_input_tells_its_length_and_nothing_else() {
        let masked = Masked(typed("", &["s", "ä", "left"]));
        assert_eq!(masked.dots(), Input { text: "••".into(), cursor: 1 });
        assert_eq!(format!("{masked:?}"), "Masked(…)");
    }

    #[test]
    fn a_paste_of_several_lines_becomes_one() {
        let mut input = Input::default();
        input.paste("one\ntwo");
        assert_eq!(input.text, "one two");
    }
}
