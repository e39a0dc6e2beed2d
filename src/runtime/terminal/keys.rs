//! From the terminal library's keys to the workbench's.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::key::{Code, Key};

/// `None` for keys the workbench has no name for.
pub(super) fn from_terminal(event: KeyEvent) -> Option<Key> {
    if event.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    Some(Key { code, ctrl: event.modifiers.contains(KeyModifiers::CONTROL) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_shift_arrive_as_the_command_table_writes_them() {
        let press = |code, modifiers| from_terminal(KeyEvent::new(code, modifiers));
        let key = press(KeyCode::Char('c'), KeyModifiers::CONTROL).expect("a key");
        assert_eq!(key.to_string(), "ctrl-c");
        let key = press(KeyCode::Char('G'), KeyModifiers::SHIFT).expect("a key");
        assert_eq!(key.to_string(), "G");
        assert_eq!(press(KeyCode::Char('x'), KeyModifiers::ALT), None);
    }
}
