//! The printed pages of a transcript, found by the numbers of their lines,
//! which begin with 1 on each. False finds are worse than misses: a contract
//! or a list must not be taken for one.

use std::ops::RangeInclusive;

use super::rows::Row;

/// One printed page: the indices of its numbered rows, in order.
pub type Sheet = Vec<usize>;

/// Lines on a full page: 25 in depositions, 28 in pleadings, a few more or less
/// elsewhere.
pub const LINES: RangeInclusive<u32> = 20..=30;
/// So many full pages at least.
const FEWEST: usize = 3;
/// A page of fewer numbered lines is none (the last of a transcript is short).
const SHORTEST: usize = 3;
/// Lines without a number that may stand between two numbered ones: something
/// that was stamped on the page.
const STRAYS: usize = 2;

/// In bytes with its number; the lines of an excerpt are mostly longer.
const LONG_LINE: usize = 50;

/// More numbered lines than these (40,000 pages) are no transcript.
const MOST: usize = 1_000_000;

/// The pages of `rows`, the lines of `text`; none where it is no transcript with
/// numbered lines.
pub fn sheets(text: &str, rows: &[Row]) -> Vec<Sheet> {
    let mut sheets = runs(rows);
    for sheet in &mut sheets {
        drop_page_number(rows, sheet);
    }
    sheets.retain(|sheet| sheet.len() >= SHORTEST);
    let few = sheets.iter().map(Vec::len).sum::<usize>() <= MOST;
    if few && is_transcript(text, rows, &sheets) { sheets } else { Vec::new() }
}

/// The foot of a page, or the head of the next, may be a page number that goes
/// on with the lines' ("26" after 25 of them): it stands further off than they
/// do from each other.
fn drop_page_number(rows: &[Row], sheet: &mut Sheet) {
    let gaps: Vec<usize> = sheet.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let Some((last, others)) = gaps.split_last() else { return };
    let is_bare = sheet.last().is_some_and(|at| !rows[*at].has_words);
    if is_bare && others.iter().max().is_some_and(|usual| last > usual) {
        sheet.pop();
    }
}

/// Rows numbered 1, 2, 3 and so on with next to nothing between them.
fn runs(rows: &[Row]) -> Vec<Sheet> {
    let mut runs: Vec<Sheet> = Vec::new();
    let mut expected = 0;
    let mut strays = 0;
    for (at, row) in rows.iter().enumerate() {
        let line = row.number.filter(|number| number.page.is_none()).map(|number| number.line);
        match (line, runs.last_mut()) {
            (Some(line), Some(run)) if line == expected && strays <= STRAYS => run.push(at),
            (Some(1), _) => runs.push(vec![at]),
            _ => {
                strays += usize::from(!row.is_blank());
                continue;
            }
        }
        strays = 0;
        expected = line.map_or(0, |line| line + 1);
    }
    runs
}

/// Most pages are full and end with the same number, nearly every line between
/// the first page and the last has a number, and the numbers stand beside words.
/// An excerpt of fewer pages is one where its sentences run on from line to line.
fn is_transcript(text: &str, rows: &[Row], sheets: &[Sheet]) -> bool {
    let mut lengths: Vec<usize> = sheets.iter().map(Vec::len).collect();
    lengths.sort_unstable();
    let runs = lengths.chunk_by(|a, b| a == b).map(|run| (run.len(), run[0]));
    let Some((full, length)) = runs.max() else { return false };
    let is_full = u32::try_from(length).is_ok_and(|length| LINES.contains(&length));
    if full * 3 < sheets.len() * 2 || !is_full {
        return false;
    }
    if full < FEWEST && !runs_on(text, rows, sheets) {
        return false;
    }
    let numbered = || sheets.iter().flatten();
    let (Some(first), Some(last)) = (numbered().min(), numbered().max()) else { return false };
    let said = rows[*first..=*last].iter().filter(|row| !row.is_blank()).count();
    let beside_words = numbered().filter(|at| rows[**at].has_words).count();
    numbered().count() * 10 >= said * 7 && beside_words * 2 >= numbered().count()
}

/// Whether the numbered lines are prose that was set in lines of one width: most
/// are long and end in the middle of a sentence, as items of a list do not.
fn runs_on(text: &str, rows: &[Row], sheets: &[Sheet]) -> bool {
    let numbered = sheets.iter().flatten().map(|at| rows[*at]).filter(|row| row.has_words);
    let lines: Vec<&str> = numbered.map(|row| row.text(text).trim_end()).collect();
    let closing = |c| matches!(c, '.' | ';' | ':' | '!' | '?' | '”' | '"' | ')');
    let goes_on = |line: &&&str| line.len() >= LONG_LINE && !line.ends_with(closing);
    lines.iter().filter(goes_on).count() * 5 >= lines.len() * 3
}

/// Rows of numbers alone that a reader took off the edge of the paper of a
/// pleading, one column a page; none where there are not several that end with
/// the same number.
pub fn columns(rows: &[Row]) -> Vec<usize> {
    let mut columns: Vec<Vec<(usize, u32)>> = Vec::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_blank()) {
        let alone = row.number.filter(|number| number.page.is_none() && !row.has_words);
        let line = alone.map(|number| number.line);
        match (line, columns.last_mut()) {
            (Some(line), Some(column)) if follows(column, line) => column.push((at, line)),
            (Some(line), _) => columns.push(vec![(at, line)]),
            // A row of words ends the column.
            (None, _) => columns.push(Vec::new()),
        }
    }
    // The first number or two may have gone with a line of words.
    columns.retain(|column| {
        column.last().is_some_and(|(_, last)| LINES.contains(last))
            && column.first().is_some_and(|(_, first)| *first <= 3)
    });
    let last = |column: &Vec<(usize, u32)>| column.last().map(|(_, last)| *last);
    let alike = columns.iter().all(|column| last(column) == last(&columns[0]));
    if columns.len() < FEWEST || !alike {
        return Vec::new();
    }
    columns.into_iter().flatten().map(|(at, _)| at).collect()
}

fn follows(column: &[(usize, u32)], line: u32) -> bool {
    column.last().is_some_and(|(_, last)| last + 1 == line)
}

/// Whether the rows are numbered "112:4": page and line at once.
pub fn are_cited(rows: &[Row]) -> bool {
    let cited = rows.iter().filter_map(|row| row.number);
    let cited: Vec<(u32, u32)> =
        cited.filter_map(|number| Some((number.page?, number.line))).collect();
    let follows = |pair: &&[(u32, u32)]| {
        let ((page, line), next) = (pair[0], pair[1]);
        next == (page, line + 1) || (next.0 > page && next.1 == 1)
    };
    let in_order = cited.windows(2).filter(follows).count();
    let turns = cited.windows(2).filter(|pair| pair[0].0 < pair[1].0).count();
    let most = cited.iter().map(|(_, line)| *line).max().unwrap_or_default();
    let said = rows.iter().filter(|row| !row.is_blank()).count();
    turns + 1 >= FEWEST
        && cited.len() <= MOST
        && LINES.contains(&most)
        && cited.len() * 10 >= said * 7
        && in_order * 20 >= (cited.len() - 1) * 19
}
