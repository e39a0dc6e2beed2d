//! Tables: which of a page's tables hold data and which only lay it out, and
//! how the rows of the former are put together. Knows nothing of styles.

use std::collections::{BTreeSet, HashMap, HashSet};

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};

/// A cell with more text than this is a column of a page, not a datum.
const LONGEST_DATUM: usize = 1_000;

/// Cells that a row may claim with `colspan`.
const MOST_SPAN: usize = 50;

/// Cells of one table that spans may add to those that stand in it; a few signs
/// can claim any number.
const MOST_ADDED: usize = 1_000_000;

/// A wider cell is a heading within the table and not one of columns.
const WIDEST_HEADING: usize = 4;

/// Of a table, as far as it has been seen.
#[derive(Default)]
struct Facts {
    /// Its author says that it is layout.
    layout: bool,
    headers: bool,
    nested: bool,
    longest: usize,
    /// Rows of two cells or more with text.
    rows: usize,
    /// Those in which a label ("(a)", "•") stands before one other cell.
    labelled: usize,
    /// Cells with text of the open row, and the beginning of the first.
    filled: usize,
    first: String,
    cell: String,
    cell_length: usize,
    /// The longest cell of the open row; more than any where it holds blocks.
    row_longest: usize,
    /// Rows that could be data, whatever else the table holds.
    plain: Vec<NodeId>,
}

impl Facts {
    fn end_cell(&mut self) {
        let text = self.cell.trim();
        if !text.is_empty() {
            self.filled += 1;
            if self.filled == 1 {
                text.clone_into(&mut self.first);
            }
        }
        self.row_longest = self.row_longest.max(self.cell_length);
        self.cell_length = 0;
        self.cell.clear();
    }

    fn end_row(&mut self, row: NodeId) {
        self.end_cell();
        if self.filled > 1 {
            let labelled = self.filled == 2 && is_label(&self.first);
            self.rows += 1;
            self.labelled += usize::from(labelled);
            if !labelled && self.row_longest <= LONGEST_DATUM {
                self.plain.push(row);
            }
        }
        self.longest = self.longest.max(self.row_longest);
        self.row_longest = 0;
        self.filled = 0;
    }

    fn is_data(&self) -> bool {
        let long = self.longest > LONGEST_DATUM;
        let labels = self.rows > 0 && self.labelled == self.rows;
        self.rows > 0 && !self.layout && !self.nested && (self.headers || !long && !labels)
    }
}

/// The tables whose rows are rows of data, and such rows among others. All
/// others lay out a page: their cells are read one after the other.
pub fn of_data(html: &Html) -> HashSet<NodeId> {
    let mut data = HashSet::new();
    let mut open: Vec<(NodeId, Facts)> = Vec::new();
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(node) => {
                if let Some(element) = ElementRef::wrap(node) {
                    opened(element, node.id(), &mut open);
                } else if let (Some(text), Some((_, facts))) =
                    (node.value().as_text(), open.last_mut())
                {
                    facts.cell_length += text.trim().len();
                    if facts.cell.len() <= LONGEST_LABEL {
                        facts.cell.extend(text.trim_start().chars().take(LONGEST_LABEL + 1));
                    }
                }
            }
            Edge::Close(node) => {
                let Some((id, facts)) = open.last_mut() else {
                    continue;
                };
                match ElementRef::wrap(node).map(|element| element.value().name()) {
                    Some("table") if *id == node.id() => {
                        facts.end_row(*id);
                        if facts.is_data() {
                            data.insert(*id);
                        } else if facts.nested && !facts.layout {
                            data.extend(facts.plain.drain(..));
                        }
                        open.pop();
                    }
                    Some("td" | "th") => facts.end_cell(),
                    Some("tr") => facts.end_row(node.id()),
                    _ => {}
                }
            }
        }
    }
    data
}

fn opened(element: ElementRef<'_>, id: NodeId, open: &mut Vec<(NodeId, Facts)>) {
    let name = element.value().name();
    if let Some((_, outer)) = open.last_mut() {
        match name {
            "table" => {
                outer.nested = true;
                outer.row_longest = usize::MAX;
            }
            "th" => outer.headers = true,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "blockquote" => {
                outer.row_longest = usize::MAX;
            }
            _ => {}
        }
    }
    if name == "table" {
        let layout = matches!(element.value().attr("role"), Some("presentation" | "none"));
        open.push((id, Facts { layout, ..Facts::default() }));
    }
}

/// In characters.
const LONGEST_LABEL: usize = 8;

/// Whether a text is what stands before a paragraph: "(a)", "1.2.", "•", "☐".
pub fn is_label(text: &str) -> bool {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > LONGEST_LABEL {
        return false;
    }
    let sign = |c: char| "•·–—-*●○■□▪☐☑☒✓✔o◦§¤".contains(c);
    if length == 1 {
        return text.chars().all(sign);
    }
    let body = text.trim_start_matches(['(', '[']);
    let closed = body.ends_with([')', ']', '.']);
    closed
        && body.chars().all(|c| c.is_ascii_alphanumeric() || ".)]".contains(c))
        && body.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// A table of data as its cells come in.
#[derive(Debug, Default)]
pub struct Rows {
    /// The last one may still grow.
    done: Vec<Vec<String>>,
    /// For each column, over how many rows yet a cell from above reaches.
    reach: HashMap<usize, usize>,
    /// First columns and widths of cells that reach over several columns.
    wide: BTreeSet<(usize, usize)>,
    /// Cells that only spans made.
    added: usize,
    /// The open cell's column.
    column: usize,
    open: bool,
}

impl Rows {
    pub fn row(&mut self) {
        self.done.push(Vec::new());
        self.open = true;
    }

    pub fn end_row(&mut self) {
        self.open = false;
    }

    /// A cell begins that reaches over so many columns and rows.
    pub fn cell(&mut self, columns: usize, rows: usize) {
        if !self.open {
            self.row();
        }
        let Some(row) = self.done.last_mut() else {
            return;
        };
        let before = row.len();
        while let Some(reach) = self.reach.get_mut(&row.len()).filter(|reach| **reach > 0)
            && self.added + row.len() - before < MOST_ADDED
        {
            *reach -= 1;
            row.push(String::new());
        }
        self.column = row.len();
        let room = MOST_ADDED.saturating_sub(self.added + row.len() - before);
        let columns = columns.clamp(1, MOST_SPAN).min(room + 1);
        row.resize(row.len() + columns, String::new());
        self.added += row.len() - before - 1;
        if rows > 1 {
            self.reach.insert(self.column, rows - 1);
        }
        if columns > 1 && self.column > 0 && columns <= WIDEST_HEADING {
            self.wide.insert((self.column, columns));
        }
    }

    /// Adds text to the open cell.
    pub fn text(&mut self, text: &str) {
        let column = self.column;
        if let Some(cell) = self.done.last_mut().and_then(|row| row.get_mut(column)) {
            cell.push_str(text);
        }
    }

    /// The rows, without columns in which nothing stands.
    pub fn finish(mut self) -> Vec<Vec<String>> {
        for row in &mut self.done {
            join_signs(row);
            // A row has no wide cells beyond its own end.
            let wide = self.wide.range(..(row.len(), 0));
            wide.for_each(|(first, columns)| gather(row, *first, *columns));
        }
        let width = self.done.iter().map(Vec::len).max().unwrap_or_default();
        let mut used = vec![false; width];
        for row in &self.done {
            for (column, cell) in row.iter().enumerate() {
                used[column] |= !cell.trim().is_empty();
            }
        }
        for row in &mut self.done {
            let mut column = 0;
            row.retain(|_| {
                column += 1;
                used[column - 1]
            });
        }
        self.done
    }
}

/// Puts the only filled cell under a wide heading below its beginning.
fn gather(row: &mut [String], first: usize, columns: usize) {
    let end = (first + columns).min(row.len());
    let mut filled = (first..end).filter(|at| !row[*at].trim().is_empty());
    if let (Some(at), None) = (filled.next(), filled.next()) {
        row.swap(first, at);
    }
}

/// Financial tables give the currency sign and the closing bracket cells of
/// their own: `$ | 1,200` and `(300 | )` become one cell each.
fn join_signs(row: &mut [String]) {
    for at in 0..row.len().saturating_sub(1) {
        let (left, right) = row.split_at_mut(at + 1);
        let (left, right) = (&mut left[at], &mut right[0]);
        let number = |text: &str| {
            text.trim_start().starts_with(|c: char| c.is_ascii_digit() || "(.-—".contains(c))
        };
        if matches!(left.trim(), "$" | "€" | "£" | "¥") && number(right) {
            *right = format!("{}{}", left.trim(), right.trim());
            left.clear();
        } else if matches!(right.trim(), ")" | "%" | ")%")
            && number(left.trim_start_matches(['$', '€', '£', '¥']))
        {
            *left = format!("{}{}", left.trim(), right.trim());
            right.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_told_from_words_and_numbers() {
        for label in ["(a)", "1.", "1.2.", "(iv)", "•", "☐", "A.", "[3]"] {
            assert!(is_label(label), "{label}");
        }
        for other in ["", "a", "12", "Total", "Fee.for.all", "$", "Yes, it", "(see a"] {
            assert!(!is_label(other), "{other}");
        }
    }

    fn table(rows: &[&[(usize, usize, &str)]]) -> Vec<Vec<String>> {
        let mut table = Rows::default();
        for row in rows {
            table.row();
            for (columns, down, text) in *row {
                table.cell(*columns, *down);
                table.text(text);
            }
            table.end_row();
        }
        table.finish()
    }

    #[test]
    fn spans_make_no_table_larger_than_it_has_words_for() {
        let mut table = Rows::default();
        for row in 0..100 {
            table.row();
            for _ in 0..1_000 {
                table.cell(50, 1_000_000);
                table.text("a");
            }
            assert!(table.added <= MOST_ADDED, "row {row}");
        }
        let cells: usize = table.done.iter().map(Vec::len).sum();
        assert!(cells <= MOST_ADDED + 100_000, "{cells} cells");
        let words = table.finish().iter().flatten().map(String::len).sum::<usize>();
        assert_eq!(words, 100_000);
    }

    #[test]
    fn cells_that_reach_over_others_keep_the_columns_in_line() {
        let rows = table(&[
            &[(1, 2, "Fee"), (1, 1, ""), (3, 1, "2023"), (3, 1, "2024")],
            &[
                (1, 1, ""),
                (1, 1, "$"),
                (1, 1, "90"),
                (1, 1, ""),
                (1, 1, ""),
                (1, 1, "(80"),
                (1, 1, ")"),
            ],
        ]);
        assert_eq!(rows, [["Fee", "2023", "2024"], ["", "$90", "(80)"]]);
    }
}
