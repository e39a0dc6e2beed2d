//! What is remembered for drawing only: how far each view is scrolled, how
//! large it was, the source as it was wrapped. Losing it loses nothing.

use super::wrap::Wrapped;
use crate::app::state::{DocId, Highlight, Pane};

/// Scroll offsets and caches; [`super::draw`] keeps them in step with the state.
#[derive(Debug, Default)]
pub struct UiState {
    pub(super) documents: ListView,
    pub(super) results: ResultsView,
    pub(super) source: SourceView,
    pub(super) overlay: OverlayView,
}

#[derive(Debug, Default)]
pub(super) struct ListView {
    /// First entry shown.
    pub top: usize,
    /// Entries that fit, at the last drawing.
    pub page: usize,
}

#[derive(Debug, Default)]
pub(super) struct ResultsView {
    /// Document whose results were drawn.
    pub doc: Option<DocId>,
    /// Row under the cursor at the last drawing.
    pub row: usize,
    /// First row shown, and how many of its lines are scrolled away.
    pub top: usize,
    pub skip: usize,
    /// Rows that fitted, at the last drawing.
    pub page: usize,
    /// Lines of the row under the cursor that lie above and below the view.
    pub hidden: (usize, usize),
}

#[derive(Debug, Default)]
pub(super) struct SourceView {
    /// First wrapped line shown.
    pub top: usize,
    /// Lines that fit, at the last drawing.
    pub page: usize,
    /// The quote that the view last went to.
    pub followed: Option<(DocId, Highlight)>,
    pub wrapped: Option<Wrapped>,
}

#[derive(Debug, Default)]
pub(super) struct OverlayView {
    /// Which overlay was drawn, so that another one starts at its top.
    pub name: &'static str,
    pub top: usize,
    pub page: usize,
}

impl UiState {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How far "page down" goes in a pane, at least 1: documents and results
    /// in rows, the source in lines, one of which stays in view.
    #[must_use]
    pub fn page_rows(&self, pane: Pane) -> usize {
        let rows = match pane {
            Pane::Documents => self.documents.page,
            Pane::Results => self.results.page,
            Pane::Source => self.source.page.saturating_sub(1),
        };
        rows.max(1)
    }

    /// Lines that fit into the help or the info, at least 1.
    #[must_use]
    pub fn overlay_rows(&self) -> usize {
        self.overlay.page.saturating_sub(1).max(1)
    }

    /// Scrolls the source by wrapped lines; `isize::MIN` and `isize::MAX` go
    /// to its ends.
    pub fn scroll_source(&mut self, delta: isize) {
        let last = self.source.wrapped.as_ref().map_or(0, |w| w.lines.len().saturating_sub(1));
        self.source.top = self.source.top.saturating_add_signed(delta).min(last);
    }

    /// Scrolls the help or the info by lines.
    pub fn scroll_overlay(&mut self, delta: isize) {
        self.overlay.top = self.overlay.top.saturating_add_signed(delta);
    }

    /// Scrolls within the result row under the cursor where it is taller than
    /// the pane. `false` where there is no more of it in that direction: the
    /// key is then for the next row.
    pub fn scroll_row(&mut self, delta: isize) -> bool {
        let (above, below) = self.results.hidden;
        let step = delta.unsigned_abs();
        if delta < 0 && above > 0 {
            let step = step.min(above);
            self.results.skip -= step.min(self.results.skip);
            self.results.hidden = (above - step, below + step);
            return true;
        }
        if delta > 0 && below > 0 {
            let step = step.min(below);
            self.results.skip += step;
            self.results.hidden = (above + step, below - step);
            return true;
        }
        false
    }
}
