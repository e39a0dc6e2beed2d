//! Where things stand on a screen of any size.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::{View, pane, text};
use crate::app::state::Pane;

/// The smallest screen on which everything can be reached and read.
const MIN_WIDTH: u16 = 60;
const MIN_HEIGHT: u16 = 15;
/// From this width on, all three panes stand side by side.
const WIDE: u16 = 100;
/// Columns of the documents pane, beside two other panes and beside one.
const DOCUMENTS_WIDE: u16 = 30;
const DOCUMENTS_NARROW: u16 = 28;

/// The parts of the screen; a pane without an area is out of sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// All panes together.
    pub panes: Rect,
    pub documents: Option<Rect>,
    pub results: Option<Rect>,
    pub source: Option<Rect>,
    pub status: Rect,
}

impl Areas {
    /// On a narrow screen two panes are in sight: while a document is chosen,
    /// the documents and the results; from then on the results beside their
    /// source, which is what reviewing needs.
    pub fn new(area: Rect, status_height: u16, focus: Pane) -> Self {
        let rows = [Constraint::Min(0), Constraint::Length(status_height)];
        let [panes, status] = Layout::vertical(rows).areas(area);
        let mut areas = Self { panes, documents: None, results: None, source: None, status };
        if area.width >= WIDE {
            let results = (area.width - DOCUMENTS_WIDE) * 45 / 100;
            let [documents, results, source] = Layout::horizontal([
                Constraint::Length(DOCUMENTS_WIDE),
                Constraint::Length(results),
                Constraint::Min(0),
            ])
            .areas(panes);
            areas.documents = Some(documents);
            areas.results = Some(results);
            areas.source = Some(source);
        } else if focus == Pane::Documents {
            let columns = [Constraint::Length(DOCUMENTS_NARROW), Constraint::Min(0)];
            let [documents, results] = Layout::horizontal(columns).areas(panes);
            areas.documents = Some(documents);
            areas.results = Some(results);
        } else {
            let [results, source] = Layout::horizontal([Constraint::Fill(1); 2]).areas(panes);
            areas.results = Some(results);
            areas.source = Some(source);
        }
        areas
    }
}

pub fn is_large_enough(area: Rect) -> bool {
    area.width >= MIN_WIDTH && area.height >= MIN_HEIGHT
}

/// Says how large the window has to be, in the middle of what there is.
pub fn draw_too_small(view: &View<'_>, area: Rect, buf: &mut Buffer) {
    let sentence = format!(
        "The terminal is {}×{}; galley needs at least {MIN_WIDTH}×{MIN_HEIGHT}. Make the window larger.",
        area.width, area.height
    );
    let lines = text::paragraph(&sentence, usize::from(area.width), 0, view.theme.text);
    let height = pane::cells(lines.len()).min(area.height);
    let top = area.y + (area.height - height) / 2;
    for (line, y) in lines.into_iter().zip(top..area.bottom()) {
        let row = Rect { y, height: 1, ..area };
        pane::line(&line.centered(), row, buf);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(width: u16, focus: Pane) -> Areas {
        Areas::new(Rect::new(0, 0, width, 24), 2, focus)
    }

    #[test]
    fn a_wide_screen_shows_all_three_panes() {
        let areas = areas(120, Pane::Source);
        assert!(areas.documents.is_some() && areas.results.is_some() && areas.source.is_some());
    }

    #[test]
    fn a_narrow_screen_shows_results_beside_documents_or_beside_their_source() {
        let choosing = areas(80, Pane::Documents);
        assert!(choosing.documents.is_some() && choosing.results.is_some());
        assert_eq!(choosing.source, None);
        for focus in [Pane::Results, Pane::Source] {
            let reviewing = areas(80, focus);
            assert!(reviewing.results.is_some() && reviewing.source.is_some());
            assert_eq!(reviewing.documents, None);
        }
    }
}
