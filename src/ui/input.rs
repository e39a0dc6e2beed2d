//! Text inputs at the foot of the screen, wrapped, with their cursor in view.

use ratatui::layout::Position;
use ratatui::text::{Line, Span};

use super::{View, pane, text};
use crate::app::state::Input;

/// An input as lines, and where among them the cursor stands.
pub struct InputLines {
    pub lines: Vec<Line<'static>>,
    /// Column and line, from the first line's start.
    pub cursor: Position,
}

impl InputLines {
    /// Lays out `label` and the text beside it, in at most `most` lines around
    /// the cursor. One column stays free for a cursor behind the last letter.
    pub fn new(view: &View<'_>, label: &str, input: &Input, width: usize, most: usize) -> Self {
        let label = text::clip(label, width / 2);
        let indent = text::width(&label) + 1;
        let room = width.saturating_sub(indent + 1).max(1);
        let lines = text::wrap(&input.text, room);
        let offset =
            input.text.char_indices().nth(input.cursor).map_or(input.text.len(), |(i, _)| i);
        let line = lines.partition_point(|range| range.start <= offset).saturating_sub(1);
        let before = lines.get(line).and_then(|range| input.text.get(range.start..offset));
        let column = indent + text::width(before.unwrap_or_default()).min(room);
        let first = (line + 1).saturating_sub(most.max(1));
        let shown = lines.into_iter().skip(first).take(most.max(1)).enumerate();
        let lines = shown.map(|(n, range)| {
            let mut line = text::styled(&input.text[range], room, |_| view.theme.text);
            let head = if n == 0 { format!("{label} ") } else { " ".repeat(indent) };
            line.spans.insert(0, Span::styled(head, view.theme.accent));
            line
        });
        Self {
            lines: lines.collect(),
            cursor: Position::new(pane::cells(column), pane::cells(line - first)),
        }
    }
}
