//! The frame around a pane, and putting lines into it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Widget};

use super::{View, text};

/// Columns of a pane's title that stay whatever its note says.
const MIN_TITLE: usize = 8;

/// A count of lines or columns as the screen counts them; more than fit on any
/// screen are as good as the most that fit.
pub fn cells(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Draws a pane's border with a title left and a note right, and gives the
/// room inside. The note matters more: the title is cut first.
pub fn frame(
    view: &View<'_>,
    (title, note): (&str, &str),
    focused: bool,
    area: Rect,
    buf: &mut Buffer,
) -> Rect {
    let theme = view.theme;
    let (border, name) =
        if focused { (theme.border_focus, theme.title_focus) } else { (theme.border, theme.title) };
    // Corners, and a blank on both sides of each title.
    let room = usize::from(area.width).saturating_sub(6);
    let note = text::clip(note, room.saturating_sub(MIN_TITLE));
    let title = text::clip(title, room.saturating_sub(text::width(&note) + 2));
    let mut block = Block::bordered().border_type(BorderType::Rounded).border_style(border);
    if !title.is_empty() {
        block = block.title_top(Line::styled(format!(" {title} "), name));
    }
    if !note.is_empty() {
        block = block.title_top(Line::styled(format!(" {note} "), theme.dim).right_aligned());
    }
    block.render(area, buf);
    inside(area)
}

/// The room inside a pane's border, with a blank column at its right. At its
/// left lists have the cursor's bar, and the rest uses [`prose`].
pub fn inside(area: Rect) -> Rect {
    let inner = area.inner(Margin::new(1, 1));
    Rect { width: inner.width.saturating_sub(1), ..inner }
}

/// The part of a pane's room in which running text lines up with lists.
pub fn prose(inner: Rect) -> Rect {
    let bar = inner.width.min(1);
    Rect { x: inner.x + bar, width: inner.width - bar, ..inner }
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
