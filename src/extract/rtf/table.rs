//! A row of a table as its cells come in, and the rows of a table inside one
//! of them. Knows no control word.

/// Where text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Text,
    Cell,
    /// In a cell of a table that stands in a cell.
    Inner,
}

/// The row that is open.
#[derive(Debug, Default)]
pub struct Row {
    cells: Vec<String>,
    cell: String,
    /// Of a table in a cell: its rows, and the one that is open.
    inner: Vec<Vec<String>>,
    inner_cells: Vec<String>,
    inner_cell: String,
}

impl Row {
    /// Whether nothing came yet.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
            && self.cell.is_empty()
            && self.inner.is_empty()
            && self.inner_cells.is_empty()
            && self.inner_cell.is_empty()
    }

    /// Which cell is open, from 0.
    pub fn index(&self) -> usize {
        self.cells.len()
    }

    /// Adds text to the open cell, of the inner table where that is its place.
    pub fn push(&mut self, text: &str, place: Place) {
        match place {
            Place::Inner => self.inner_cell.push_str(text),
            Place::Cell | Place::Text => self.cell.push_str(text),
        }
    }

    pub fn end_cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
    }

    pub fn end_inner_cell(&mut self) {
        self.inner_cells.push(std::mem::take(&mut self.inner_cell));
    }

    /// Ends the row of the inner table; words after its last cell are one more.
    pub fn end_inner_row(&mut self) {
        if !self.inner_cell.trim().is_empty() {
            self.end_inner_cell();
        }
        self.inner_cell.clear();
        if !self.inner_cells.is_empty() {
            self.inner.push(std::mem::take(&mut self.inner_cells));
        }
    }

    /// The cells, and the rows of tables inside them; words after the last cell
    /// are one more.
    pub fn take(&mut self) -> (Vec<String>, Vec<Vec<String>>) {
        self.end_inner_row();
        if !self.cell.trim().is_empty() {
            self.end_cell();
        }
        let row = std::mem::take(self);
        (row.cells, row.inner)
    }
}
