//! Everything the full-screen workbench shows, as a function of the state.
//! Changes nothing but its own [`UiState`]; knows no terminal, file or engine.

mod documents;
mod finding;
mod frontend;
mod help;
mod info;
mod input;
mod layout;
mod live;
mod menus;
mod overlay;
mod pane;
mod queue;
mod results;
mod set_aside;
mod source;
mod status;
#[cfg(test)]
mod tests;
mod text;
pub mod theme;
mod uistate;
mod versions;
mod words;
mod wrap;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use crate::app::state::{Mode, Pane, State};
pub use frontend::Workbench;
use layout::Areas;
pub use theme::Theme;
pub use uistate::UiState;

/// What every view reads.
#[derive(Clone, Copy)]
struct View<'a> {
    state: &'a State,
    theme: &'a Theme,
}

impl View<'_> {
    /// Whether a pane takes the keys; under an overlay none does.
    fn has_focus(&self, pane: Pane) -> bool {
        let covered = matches!(
            self.state.mode,
            Mode::Help
                | Mode::Info
                | Mode::Queue { .. }
                | Mode::RunMenu { .. }
                | Mode::TemplateMenu { .. }
                | Mode::ConfirmQuit
                | Mode::ConfirmHidden(_)
        );
        self.state.pane == pane && !covered
    }
}

/// Draws the workbench. Any state and any size of the frame can be drawn.
pub fn draw(frame: &mut Frame, state: &State, ui: &mut UiState, theme: &Theme) {
    let area = frame.area();
    let view = View { state, theme };
    let buf = frame.buffer_mut();
    Clear.render(area, buf);
    buf.set_style(area, theme.text);
    if !layout::is_large_enough(area) {
        layout::draw_too_small(&view, area, buf);
        return;
    }
    let foot = status::Foot::new(&view, area);
    let areas = Areas::new(area, foot.height(), state.pane);
    draw_panes(&view, ui, &areas, buf);
    let cursor = foot.draw(areas.status, buf);
    draw_overlay(&view, ui, areas.panes, buf);
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

fn draw_panes(view: &View<'_>, ui: &mut UiState, areas: &Areas, buf: &mut Buffer) {
    if let Some(area) = areas.documents {
        documents::draw(view, &mut ui.documents, area, buf);
    }
    if let Some(area) = areas.results {
        results::draw(view, &mut ui.results, area, buf);
    }
    if let Some(area) = areas.source {
        source::draw(view, &mut ui.source, area, buf);
    }
}

fn draw_overlay(view: &View<'_>, ui: &mut UiState, area: Rect, buf: &mut Buffer) {
    match &view.state.mode {
        Mode::Normal | Mode::Search { .. } | Mode::Edit { .. } | Mode::Password(_) => {
            ui.overlay.name = "";
        }
        Mode::Help => help::draw(view, &mut ui.overlay, area, buf),
        Mode::Info => info::draw(view, &mut ui.overlay, area, buf),
        Mode::Queue { row, on } => {
            queue::draw(view, *row, on.is_some(), area, buf);
        }
        Mode::RunMenu { scope, row } => menus::draw_run(view, *scope, *row, area, buf),
        Mode::TemplateMenu { row } => menus::draw_templates(view, *row, area, buf),
        Mode::ConfirmQuit => menus::draw_quit(view, area, buf),
        Mode::ConfirmHidden(doc) => menus::draw_hidden(view, doc, area, buf),
    }
}
