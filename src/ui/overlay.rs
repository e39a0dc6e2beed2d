//! Boxes over the panes: a frame in the middle, and scrolling text in it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::uistate::OverlayView;
use super::{View, pane, text};

/// Columns between a box's border and its text, on both sides together.
pub const PADDING: u16 = 4;

/// Clears a box of the given room inside, in the middle of `area` and no larger
/// than it, and gives that room.
pub fn boxed(
    view: &View<'_>,
    title: &str,
    (width, height): (usize, usize),
    area: Rect,
    buf: &mut Buffer,
) -> Rect {
    let width = pane::cells(width).saturating_add(PADDING).min(area.width);
    let height = pane::cells(height).saturating_add(2).min(area.height);
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    cut_wide(place, buf);
    Clear.render(place, buf);
    buf.set_style(place, view.theme.text);
    pane::frame(view, (title, ""), true, place, buf);
    place.inner(Margin::new(PADDING / 2, 1))
}

/// Takes away the wide characters that reach into a box from its left: their
/// second half would hide its border.
fn cut_wide(place: Rect, buf: &mut Buffer) {
    let Some(x) = place.x.checked_sub(1) else { return };
    for y in place.rows().map(|row| row.y) {
        if let Some(cell) = buf.cell_mut((x, y)).filter(|cell| text::width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
}

/// Columns of text in an overlay that may take the whole of `area`.
pub fn text_width(area: Rect) -> usize {
    usize::from(area.width.saturating_sub(PADDING))
}

/// Draws columns of lines in a box, scrolled together.
pub fn draw_scrolled(
    view: &View<'_>,
    overlay: &mut OverlayView,
    (name, title): (&'static str, &str),
    columns: &[(usize, Vec<Line<'static>>)],
    area: Rect,
    buf: &mut Buffer,
) {
    if overlay.name != name {
        *overlay = OverlayView { name, ..OverlayView::default() };
    }
    let height = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
    let width = columns.iter().map(|(width, _)| width).sum();
    let inner = boxed(view, title, (width, height), area, buf);
    overlay.page = usize::from(inner.height);
    overlay.top = overlay.top.min(height.saturating_sub(overlay.page));
    let mut x = inner.x;
    for (width, lines) in columns {
        let column = Rect { x, width: pane::cells(*width), ..inner }.intersection(inner);
        pane::lines(lines.iter().skip(overlay.top), column, buf);
        x = x.saturating_add(pane::cells(*width));
    }
    let below = height.saturating_sub(overlay.top + overlay.page);
    if below > 0 {
        let label = Line::styled(format!(" {below} more below "), view.theme.accent);
        let width = pane::cells(label.width()).min(inner.width);
        let place = Rect { x: inner.right() - width, y: inner.bottom(), width, height: 1 };
        pane::line(&label, place.intersection(area), buf);
    }
}
