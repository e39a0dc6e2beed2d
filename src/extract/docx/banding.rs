//! What a table's style puts behind its cells: all of them, the first row or
//! column, every second row (ECMA-376 part 1, 17.7.6). Knows no text.

use crate::extract::look::Ink;
use crate::extract::xml::Tag;

/// Cells that a style has a shade of its own for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    All,
    FirstRow,
    FirstColumn,
    OddRows,
    EvenRows,
    /// Last rows and columns, bands of columns, corners: where they are is only
    /// known when the whole table is.
    Elsewhere,
}

impl Cells {
    /// By the name that a style has for them.
    pub fn of(name: &str) -> Self {
        match name {
            "wholeTable" => Self::All,
            "firstRow" => Self::FirstRow,
            "firstCol" => Self::FirstColumn,
            "band1Horz" => Self::OddRows,
            "band2Horz" => Self::EvenRows,
            _ => Self::Elsewhere,
        }
    }
}

/// Which of its style's shades a table takes.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the format")]
#[derive(Debug, Clone, Copy)]
struct Taken {
    first_row: bool,
    first_column: bool,
    bands: bool,
    elsewhere: bool,
}

/// A table that is open.
#[derive(Debug)]
pub struct Table {
    /// What its style has, in the order in which the later ones win.
    pub shades: Vec<(Cells, Ink)>,
    taken: Taken,
    /// Rows that have begun.
    rows: usize,
}

impl Default for Table {
    fn default() -> Self {
        let taken = Taken { first_row: true, first_column: true, bands: true, elsewhere: true };
        Self { shades: Vec::new(), taken, rows: 0 }
    }
}

impl Table {
    /// Takes in a `w:tblLook`: switches by name, or their sum in hexadecimal.
    pub fn look(&mut self, tag: &Tag<'_>) {
        let sum = tag.attr("val").and_then(|sum| u32::from_str_radix(&sum, 16).ok());
        let is = |name: &str, bit: u32| match tag.attr(name) {
            Some(said) => !matches!(said.as_str(), "0" | "false" | "off"),
            None => sum.is_some_and(|sum| sum & bit != 0),
        };
        self.taken = Taken {
            first_row: is("firstRow", 0x20),
            first_column: is("firstColumn", 0x80),
            bands: !is("noHBand", 0x200),
            elsewhere: is("lastRow", 0x40) || is("lastColumn", 0x100) || !is("noVBand", 0x400),
        };
    }

    pub fn begin_row(&mut self) {
        self.rows += 1;
    }

    /// What is behind the cell that is the `column`th of the open row, from
    /// zero; `None` where nothing is.
    pub fn ground(&self, column: usize) -> Option<Ink> {
        let row = self.rows.saturating_sub(1);
        let headed = self.taken.first_row && self.has(Cells::FirstRow);
        let banded = row.checked_sub(usize::from(headed));
        let applies = |cells: Cells| match cells {
            Cells::All => true,
            Cells::FirstRow => self.taken.first_row && row == 0,
            Cells::FirstColumn => self.taken.first_column && column == 0,
            Cells::OddRows => self.taken.bands && banded.is_some_and(|row| row.is_multiple_of(2)),
            Cells::EvenRows => self.taken.bands && banded.is_some_and(|row| !row.is_multiple_of(2)),
            Cells::Elsewhere => self.taken.elsewhere,
        };
        let mut of_cell = self.shades.iter().filter(|(cells, _)| applies(*cells));
        if of_cell.clone().any(|(cells, _)| *cells == Cells::Elsewhere) {
            return Some(Ink::Unknown);
        }
        of_cell.next_back().map(|(_, ink)| *ink)
    }

    fn has(&self, cells: Cells) -> bool {
        self.shades.iter().any(|(of, _)| *of == cells)
    }
}

/// Puts shades into the order in which the later ones win.
pub fn in_order(shades: &mut [(Cells, Ink)]) {
    shades.sort_by_key(|(cells, _)| match cells {
        Cells::All => 0,
        Cells::OddRows | Cells::EvenRows => 1,
        Cells::FirstColumn => 2,
        Cells::FirstRow => 3,
        Cells::Elsewhere => 4,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: Ink = Ink::Rgb([0, 0, 128]);
    const BAND: Ink = Ink::Rgb([200, 200, 255]);

    fn grounds(table: &mut Table) -> Vec<[Option<Ink>; 2]> {
        let mut row = || {
            table.begin_row();
            [table.ground(0), table.ground(1)]
        };
        vec![row(), row(), row()]
    }

    #[test]
    fn a_style_shades_only_the_cells_that_it_names() {
        let shades = vec![(Cells::OddRows, BAND), (Cells::FirstRow, HEAD)];
        let taken = Taken { first_row: true, first_column: true, bands: true, elsewhere: false };
        let mut table = Table { shades: shades.clone(), taken, rows: 0 };
        assert_eq!(grounds(&mut table), [[Some(HEAD); 2], [Some(BAND); 2], [None; 2]]);
        let taken = Taken { first_row: false, bands: false, ..taken };
        let mut plain =
            Table { shades: [shades, vec![(Cells::FirstColumn, HEAD)]].concat(), taken, rows: 0 };
        assert_eq!(grounds(&mut plain), [[Some(HEAD), None]; 3]);
    }

    #[test]
    fn where_nobody_knows_the_cells_nobody_knows_the_ground() {
        let mut table = Table { shades: vec![(Cells::Elsewhere, HEAD)], ..Table::default() };
        assert_eq!(grounds(&mut table), [[Some(Ink::Unknown); 2]; 3]);
    }
}
