//! Rows of tables that lost their rules: lines whose cells stand apart by wide gaps,
//! as readers of pages give them. Knows layout, nothing of what a table says.

use crate::domain::sentence::line::Line;
use crate::domain::span::ByteSpan;

/// Rows that make a table, at least; one such line may be anything.
const ROWS: usize = 2;

/// Cells that the first rows of a table have, at least: a label and its value are two.
const CELLS: usize = 3;

/// A sentence as it is read: row by row where it runs over the rows of a table, with
/// whether each piece is such a row; else whole. `sentence` and what comes back are
/// spans of `text`, in order.
pub(super) fn pieces(text: &str, lines: &[Line], sentence: ByteSpan) -> Vec<(ByteSpan, bool)> {
    let first = lines.partition_point(|line| line.span.end <= sentence.start);
    let lines = lines[first..].iter().take_while(|line| line.span.start < sentence.end);
    let parts: Vec<ByteSpan> = lines
        .filter(|line| line.has_words())
        .map(Line::words)
        .map(|words| ByteSpan::new(words.start.max(sentence.start), words.end.min(sentence.end)))
        .filter(|part| part.start < part.end)
        .collect();
    let is_row = rows(text, &parts);
    if !is_row.contains(&true) {
        return vec![(sentence, false)];
    }
    let mut pieces: Vec<(ByteSpan, bool)> = Vec::new();
    for (part, is_row) in parts.into_iter().zip(is_row) {
        match pieces.last_mut() {
            Some((open, false)) if !is_row => open.end = part.end,
            _ => pieces.push((part, is_row)),
        }
    }
    pieces
}

/// For each line whether it is a row of a table.
fn rows(text: &str, parts: &[ByteSpan]) -> Vec<bool> {
    let cells: Vec<usize> =
        parts.iter().map(|part| cells(part.slice(text).unwrap_or_default())).collect();
    let mut rows = vec![false; parts.len()];
    let mut at = 0;
    while at < cells.len() {
        let full = cells[at..].iter().take_while(|cells| **cells >= CELLS).count();
        if full < ROWS {
            at += full.max(1);
            continue;
        }
        // A sum has fewer cells than what it adds up.
        let all = cells[at..].iter().take_while(|cells| **cells >= CELLS - 1).count();
        rows[at..at + all].fill(true);
        at += all;
    }
    rows
}

/// How many cells a line has: what two spaces or a tab part, behind no stop, which wide
/// spaces follow in some texts. None where the last cell holds no figure, so that words
/// that were spread over a line are no row.
fn cells(line: &str) -> usize {
    let mut cells: Vec<&str> = Vec::new();
    for cell in line.split("  ").flat_map(|part| part.split('\t')) {
        let cell = cell.trim();
        if !cell.is_empty() {
            cells.push(cell);
        }
    }
    let stops = cells.iter().take(cells.len().saturating_sub(1));
    let running = stops.into_iter().any(|cell| cell.ends_with(['.', '?', '!', ':', ';', ',']));
    let last = cells.last().copied().unwrap_or_default();
    let figure = last.contains(|c: char| c.is_ascii_digit()) && !last.ends_with(['.', ';', ',']);
    if running || !figure { 0 } else { cells.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sentence::line::classify;

    fn cut(text: &str) -> Vec<(&str, bool)> {
        let whole = ByteSpan::new(0, text.trim_end().len());
        let pieces = pieces(text, &classify(text), whole).into_iter();
        pieces.map(|(span, is_row)| (span.slice(text).expect("a span of it"), is_row)).collect()
    }

    #[test]
    fn a_table_is_cut_into_its_rows_and_what_stands_over_them() {
        let text = "Part B: Dates\nStage  Date  Charge\nHull dry  1 May 2026  £500\n\
            Mast up  3 June 2026  £900\nAll stages  £1,400\n";
        let head = "Part B: Dates\nStage  Date  Charge";
        let rows =
            ["Hull dry  1 May 2026  £500", "Mast up  3 June 2026  £900", "All stages  £1,400"];
        let wanted: Vec<(&str, bool)> =
            [(head, false)].into_iter().chain(rows.map(|row| (row, true))).collect();
        assert_eq!(cut(text), wanted);
    }

    #[test]
    fn running_text_is_no_table_whatever_its_gaps() {
        for text in [
            "The  Owner  lets the\nboat  for  4 May\n2026 to the  Tenant.\n",
            "It was late.  We left.  On page 4\nit rained.  We stayed.  On page 5\n",
            "Place:  Cork\nDate:  1 May 2026\n",
            "Hull dry  1 May 2026  £500\nand no more was said of it.\n",
        ] {
            assert_eq!(cut(text), [(text.trim_end(), false)]);
        }
    }
}
