//! The frame around a pane, and putting lines into it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Widget};

use super::{View, text};

/// A count of lines or columns as the screen counts them; more than fit on any
/// screen are as good as the most that fit.
pub fn cells(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Draws a pane's border with a title left and a note right, and gives the
/// room inside, one column in from the border.
pub fn frame(
    view: &View<'_>,
    (title, note): (&str, &str),
    focused: bool,
    area: Rect,
    buf: &mut Buffer,
) -> Rect {
    let theme = view.theme;
    let (border, name) = match focused {
        true => (theme.border_focus, theme.title_focus),
        false => (theme.border, theme.title),
    };
    // Corners, and a blank on both sides of each title.
    let room = usize::from(area.width).saturating_sub(6);
    let note = text::clip(note, room / 2);
    let title = text::clip(title, room.saturating_sub(text::width(&note) + 2));
    let mut block = Block::bordered().border_type(BorderType::Rounded).border_style(border);
    if !title.is_empty() {
        block = block.title_top(Line::styled(format!(" {title} "), name));
    }
    if !note.is_empty() {
        block = block.title_top(Line::styled(format!(" {note} "), theme.dim).right_aligned());
    }
    block.render(area, buf);
    area.inner(Margin::new(1, 1))
}

/// Draws one line, cut at the area.
pub fn line(line: &Line<'_>, area: Rect, buf: &mut Buffer) {
    line.render(area, buf);
}

/// Draws lines from the top of an area, as many as fit.
pub fn lines<'a>(lines: impl IntoIterator<Item = &'a Line<'a>>, area: Rect, buf: &mut Buffer) {
    for (each, y) in lines.into_iter().zip(area.top()..area.bottom()) {
        line(each, Rect { y, height: 1, ..area }, buf);
    }
}

/// Text at the left and at the right end of one line. Where both do not fit,
/// the left one is cut.
pub fn both_ends(left: &[(&str, Style)], right: &[(&str, Style)], width: usize) -> Line<'static> {
    let right_width: usize = right.iter().map(|(t, _)| text::width(t)).sum();
    let gap = usize::from(right_width > 0) * 2;
    let mut room = width.saturating_sub(right_width + gap);
    let mut spans = Vec::new();
    for (part, style) in left {
        let cut = text::clip(part, room);
        room -= text::width(&cut).min(room);
        spans.push(Span::styled(cut, *style));
    }
    spans.push(Span::raw(" ".repeat(room + gap)));
    spans.extend(right.iter().map(|(part, style)| text::span(part, *style)));
    Line::from(spans)
}
