//! Ends of cells and rows: which rows are data, which are layout, and what
//! follows them.

use super::Writer;
use crate::extract::html::is_label;
use crate::extract::rtf::table::Place;

/// A cell with more text than this, in bytes, makes its row layout.
const LONGEST_DATUM: usize = 1_000;

impl Writer<'_> {
    /// A cell's end; text after the last one belongs to the next.
    pub fn end_cell(&mut self) {
        self.close_bracket(Place::Cell);
        self.label.clear();
        self.row.end_cell();
    }

    /// The same of a table inside a cell.
    pub fn end_inner_cell(&mut self) {
        self.close_bracket(Place::Inner);
        self.label.clear();
        self.row.end_inner_cell();
    }

    pub fn end_inner_row(&mut self) {
        self.close_bracket(Place::Inner);
        self.row.end_inner_row();
    }

    pub fn end_row(&mut self) {
        self.put_hidden();
        let (row, inner) = self.row.take();
        let filled: Vec<&String> = row.iter().filter(|cell| !cell.trim().is_empty()).collect();
        let long = row.iter().any(|cell| cell.len() > LONGEST_DATUM);
        let labelled = filled.len() == 2 && is_label(filled[0]);
        if labelled {
            self.flow.end_block();
            self.flow.words(&format!("{} ", filled[0].trim()));
            self.blocks(filled[1].trim_start());
        } else if long || row.len().max(self.columns) == 1 {
            self.flow.end_block();
            for cell in filled {
                self.blocks(cell);
            }
        } else {
            self.flow.row(&row);
            self.after_row = true;
        }
        self.put_inner(&inner);
        for (kind, words) in std::mem::take(&mut self.asides) {
            self.flow.aside(kind, &format!(" {words} "));
        }
        self.put_boxes();
        self.waiting = 0;
    }

    /// The rows of tables that stood in cells of the row before.
    fn put_inner(&mut self, rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        self.flow.end_block();
        for row in rows {
            self.flow.row(row);
        }
        self.flow.end_block();
    }
}
