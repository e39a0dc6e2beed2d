//! The line numbers that depositions and pleadings print at the left edge.
//! Told from numbers in the text by their running on from line to line.

use crate::domain::span::ByteSpan;

/// The printed number at the start of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Prefix {
    /// Bytes from the line's start to the end of the number; 0 where there is none.
    pub len: usize,
    /// Whether the numbers begin anew here: a new page.
    pub turns_page: bool,
}

/// A number that might be a line number.
#[derive(Clone, Copy)]
struct Candidate {
    line: usize,
    number: u32,
    len: usize,
    /// Set off from the text by more than one space, or alone on its line.
    wide: bool,
}

/// Numbers in a row before they count as line numbers in a longer text.
const RUN: usize = 4;

/// Most lines on a numbered page; court reporters print 25, some courts 28.
const LINES_PER_PAGE: u32 = 32;

/// The printed line number of each line of `lines`.
///
/// Numbers count as printed where at least [`RUN`] of them follow each other,
/// or, for the few lines of a quoted piece, where every line after the first
/// has one, each set off by more than one space.
pub(super) fn prefixes(text: &str, lines: &[ByteSpan]) -> Vec<Prefix> {
    let mut found = vec![Prefix::default(); lines.len()];
    let mut run: Vec<Candidate> = Vec::new();
    let filled = |line: &ByteSpan| !text[line.start..line.end].trim().is_empty();
    let total = lines.iter().filter(|line| filled(line)).count();
    let mut seen = 0;
    let mut opened_at = 0;
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| filled(line)) {
        let candidate = candidate(&text[line.start..line.end], i);
        let follows = match (run.last(), candidate) {
            (Some(last), Some(here)) => {
                here.number == last.number + 1 || (here.number == 1 && last.number > 4)
            }
            _ => false,
        };
        // A lone page number stands between the last line of a page and line 1.
        let page = !follows
            && candidate.is_none_or(|c| c.len == text[line.start..line.end].trim_end().len())
            && run.last().is_some_and(|last| last.number > 4)
            && lone_number(&text[line.start..line.end]);
        if page {
            seen += 1;
            continue;
        }
        if !follows {
            settle(&run, opened_at, total, &mut found);
            run.clear();
            opened_at = seen;
        }
        run.extend(candidate);
        seen += 1;
    }
    settle(&run, opened_at, total, &mut found);
    found
}

/// Accepts a finished run. `opened_at` counts the filled lines before it.
fn settle(run: &[Candidate], opened_at: usize, total: usize, found: &mut [Prefix]) {
    let covers_piece =
        total > 1 && opened_at <= 1 && opened_at + run.len() >= total && run.iter().all(|c| c.wide);
    if run.len() < RUN && !covers_piece {
        return;
    }
    let mut last = 0;
    for candidate in run {
        found[candidate.line] = Prefix { len: candidate.len, turns_page: candidate.number <= last };
        last = candidate.number;
    }
}

fn candidate(line: &str, i: usize) -> Option<Candidate> {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let digits = line[indent..].bytes().take_while(u8::is_ascii_digit).count();
    let number: u32 = line[indent..indent + digits].parse().ok()?;
    let rest = &line[indent + digits..];
    let gap = rest.len() - rest.trim_start().len();
    let alone = gap == rest.len();
    let wide = alone || gap > 1 || rest.starts_with('\t');
    ((1..=LINES_PER_PAGE).contains(&number) && gap > 0 || alone && number <= LINES_PER_PAGE)
        .then_some(Candidate { line: i, number, len: indent + digits, wide })
}

fn lone_number(line: &str) -> bool {
    let digits = line.trim();
    !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lens(text: &str) -> Vec<usize> {
        let mut at = 0;
        let lines: Vec<ByteSpan> = text
            .split_inclusive('\n')
            .map(|line| {
                at += line.len();
                ByteSpan::new(at - line.len(), at)
            })
            .collect();
        prefixes(text, &lines).iter().map(|p| p.len).collect()
    }

    #[test]
    fn numbers_that_run_on_from_line_to_line_are_printed_line_numbers() {
        assert_eq!(lens(" 1 Q. One\n 2 A. Two\n 3\n 4 Q. Four\n"), [2, 2, 2, 2]);
    }

    #[test]
    fn a_page_number_between_two_pages_does_not_end_the_numbering() {
        let text = " 4  a\n 5  b\n\n      13\n\n 1  c\n 2  d\n";
        assert_eq!(lens(text), [2, 2, 0, 0, 0, 2, 2]);
    }

    #[test]
    fn a_number_at_the_start_of_a_wrapped_line_is_text() {
        assert_eq!(lens("The fee falls due within\n30 days of the invoice,\nor 45.\n"), [0, 0, 0]);
    }

    #[test]
    fn clause_numbers_are_not_line_numbers() {
        assert_eq!(lens("1. One\n2. Two\n3. Three\n4. Four\n"), [0, 0, 0, 0]);
    }

    #[test]
    fn a_quoted_piece_of_a_deposition_has_line_numbers_from_its_second_line_on() {
        assert_eq!(lens("full name for the\n   8      record."), [0, 4]);
    }
}
