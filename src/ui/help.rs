//! The help: every key, straight from the command table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::uistate::OverlayView;
use super::{View, overlay, text};
use crate::app::command::{BINDINGS, Binding};

/// Columns for the names of a command's keys.
const KEYS: usize = 20;
/// From this width on the groups stand in two columns.
const TWO_COLUMNS: usize = 100;
const GAP: usize = 3;

pub fn draw(view: &View<'_>, scroll: &mut OverlayView, area: Rect, buf: &mut Buffer) {
    let width = overlay::text_width(area);
    let columns = if width >= TWO_COLUMNS {
        let each = (width - GAP) / 2;
        let (left, right) = halves(groups(view, each));
        vec![(each + GAP, left), (each, right)]
    } else {
        vec![(width, joined(&groups(view, width)))]
    };
    overlay::draw_scrolled(view, scroll, ("help", "Help"), &columns, area, buf);
}

/// The table's groups in its order, each as lines under its heading.
fn groups(view: &View<'_>, width: usize) -> Vec<Vec<Line<'static>>> {
    let mut groups: Vec<(&str, Vec<Line<'static>>)> = Vec::new();
    for binding in BINDINGS {
        let lines = binding_lines(view, binding, width);
        match groups.last_mut() {
            Some((name, group)) if *name == binding.group => group.extend(lines),
            _ => {
                let mut group = vec![Line::styled(binding.group, view.theme.heading)];
                group.extend(lines);
                groups.push((binding.group, group));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn binding_lines(view: &View<'_>, binding: &Binding, width: usize) -> Vec<Line<'static>> {
    let keys = text::clip(&binding.keys.join(", "), KEYS - 1);
    let mut lines = text::paragraph(binding.help, width, KEYS, view.theme.text);
    if let Some(pad) = lines.first_mut().and_then(|line| line.spans.first_mut()) {
        *pad = Span::styled(format!("{keys:KEYS$}"), view.theme.key);
    }
    lines
}

/// Splits the groups into two columns of about the same height.
fn halves(groups: Vec<Vec<Line<'static>>>) -> (Vec<Line<'static>>, Vec<Line<'static>>) {
    let total: usize = groups.iter().map(|g| g.len() + 1).sum();
    let mut height = 0;
    let (left, right): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| {
        let is_left = height + group.len() / 2 < total / 2;
        height += group.len() + 1;
        is_left
    });
    (joined(&left), joined(&right))
}

fn joined(groups: &[Vec<Line<'static>>]) -> Vec<Line<'static>> {
    groups.join(&Line::default())
}
