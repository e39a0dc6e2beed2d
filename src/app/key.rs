//! Keys as the workbench knows them, whatever terminal library reads them.

use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// One key press. Shift is part of the character ("G"), never a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
}

impl Key {
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false }
    }

    #[must_use]
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }
}

const NAMED: [(&str, Code); 15] = [
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("shift-tab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
    ("space", Code::Char(' ')),
];

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if let Some((name, _)) = NAMED.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "f{n}"),
            _ => unreachable!("every other code has a name in NAMED"),
        }
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("ctrl-") {
            return rest.parse().map(|key: Self| Self { ctrl: true, ..key });
        }
        if let Some((_, code)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(Self::plain(*code));
        }
        let mut chars = text.chars();
        match (chars.next(), chars.as_str()) {
            (Some(c), "") => Ok(Self::char(c)),
            (Some('f'), n) => n
                .parse()
                .map(|n| Self::plain(Code::F(n)))
                .map_err(|_| format!("{text:?} is not a key.")),
            _ => Err(format!("{text:?} is not a key.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_as_they_are_written() {
        for name in ["a", "G", "ctrl-c", "enter", "space", "shift-tab", "f1", "pgdn", "?"] {
            let key: Key = name.parse().expect("a key name");
            assert_eq!(key.to_string(), name);
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!("hyper-x".parse::<Key>().is_err());
        assert!("".parse::<Key>().is_err());
    }
}
