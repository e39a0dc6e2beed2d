//! Depositions and pleadings with numbered lines: finds the printed numbers,
//! sets them aside, and marks every line by the page and line that lawyers cite
//! ("112:4"). Goes by the text alone, so it knows no format.

mod printed;
mod rows;
mod sheets;

use super::asides;
use crate::domain::document::Page;
use crate::domain::marks::{AsideKind, Cite, Landmark, Marks};
use crate::domain::span::ByteSpan;
use rows::Row;

/// Marks the numbered lines of `text`, which `pages` tile; does nothing where it
/// is no transcript with numbered lines.
///
/// Line numbers and the layout before them become asides, and so do the lines
/// at the top and the foot of pages. Each numbered line becomes a landmark,
/// unless the printed page numbers are not sure. Numbers that stand apart from
/// the lines, in a column of their own, are set aside and cite nothing. Takes
/// time in proportion to the length of the text.
pub(super) fn mark(text: &str, pages: &[Page], marks: &mut Marks) {
    let rows = rows::rows(text);
    if sheets::are_cited(&rows) {
        let cited =
            rows.iter().filter(|row| row.number.is_some_and(|number| number.page.is_some()));
        let cited: Vec<Row> = cited.copied().collect();
        set_numbers_aside(&cited, marks);
        marks.landmarks = cited.iter().filter_map(|row| landmark(row, row.number?.page?)).collect();
        return;
    }
    let sheets = sheets::sheets(text, &rows);
    if sheets.is_empty() {
        let column: Vec<Row> = sheets::columns(&rows).into_iter().map(|at| rows[at]).collect();
        set_numbers_aside(&column, marks);
        return;
    }
    let numbered: Vec<Row> = sheets.iter().flatten().map(|at| rows[*at]).collect();
    let edges = printed::edges(&rows, &sheets, &breaks(text, pages));
    let furniture = printed::furniture(text, &rows, &edges);
    let furniture: Vec<ByteSpan> =
        furniture.into_iter().map(|at| trimmed(text, &rows[at])).collect();
    set_numbers_aside(&numbered, marks);
    asides::add(marks, &furniture, AsideKind::RunningHead);
    let Some(numbers) = printed::numbers(text, &rows, &edges) else { return };
    let of_sheet = |(sheet, page): (&sheets::Sheet, u32)| -> Vec<Landmark> {
        sheet.iter().filter_map(|at| landmark(&rows[*at], page)).collect()
    };
    marks.landmarks = sheets.iter().zip(numbers).flat_map(of_sheet).collect();
}

fn landmark(row: &Row, page: u32) -> Option<Landmark> {
    let line = row.number?.line;
    Some(Landmark { at: row.span.start, cite: Cite::Line { page, line } })
}

fn set_numbers_aside(rows: &[Row], marks: &mut Marks) {
    let number = |row: &Row| Some(ByteSpan::new(row.span.start, row.number?.end));
    let spans: Vec<ByteSpan> = rows.iter().filter_map(number).collect();
    asides::add(marks, &spans, AsideKind::LineNumber);
}

/// Where pages begin: those of the document, where it has several, and those
/// after a form feed.
fn breaks(text: &str, pages: &[Page]) -> Vec<usize> {
    let mut breaks: Vec<usize> = pages.iter().skip(1).map(|page| page.span.start).collect();
    breaks.extend(text.match_indices('\u{C}').map(|(at, feed)| at + feed.len()));
    breaks.sort_unstable();
    breaks
}

fn trimmed(text: &str, row: &Row) -> ByteSpan {
    let said = row.text(text);
    let start = row.span.start + (said.len() - said.trim_start().len());
    ByteSpan::new(start, start + said.trim().len())
}

#[cfg(test)]
mod tests;
