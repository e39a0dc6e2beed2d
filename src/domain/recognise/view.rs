//! A copy of a text, byte for byte as long as the text itself, in which the traces of
//! layout are spaces. It knows nothing of facts; whoever reads it gets spans that hold
//! for the text as well.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::recognise::pattern;

/// A line that opens something of its own, so that the line before it ends there.
static OPENS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)^\s*(?:
            [-*+•·▪‣–—]\s | \#{1,6}\s | \| | > | <v[\s.]
          | \(?(?:\d{1,3}|\p{L}|[ivxIVX]{1,5})[.)]\s
          | \d{1,2}(?:\.\d{1,2}){1,3}\.?\s
          | \[?\d{1,2}:\d{2}
          | [QA][.:]?\s{2} | [QA][.:]\s
          | \p{Lu}[\p{L}\p{N}.'’\ -]{0,40}:(?:\s|$)
        )",
    )
});

static LINE_NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(\d{1,2})(?:\s+|$)"));

/// Tags, emphasis marks and drawn rules: layout, not text. "<ann@lee.example>" is no tag:
/// it tells that the words before it name somebody.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"</?[A-Za-z][A-Za-z0-9:.-]*(?:[\s/][^<>\n]{0,200})?>|\*+|-{4,}|={4,}|[\u{a0}\u{2000}-\u{200a}\u{202f}\u{3000}\u{feff}]",
    )
});

/// One line of the text without its line break.
struct Line<'a> {
    start: usize,
    /// Where what is written begins: behind white space and a line number.
    body: usize,
    text: &'a str,
}

impl Line<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn content(&self) -> &str {
        self.text.get(self.body - self.start..).unwrap_or_default().trim_end()
    }
}

/// The same text with line numbers, tags, emphasis marks, drawn rules and odd spaces
/// blanked out. A line break inside a paragraph is a space; a `\n` that is left ends a
/// paragraph, an item, a heading or a speaker's turn; a `\t` that is left begins a wide
/// gap inside a line, as between the columns of a table or of signatures.
pub(crate) fn view(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for found in MARKUP.find_iter(text) {
        blank(&mut bytes, found.range());
    }
    let lines = lines(text);
    for line in &lines {
        blank(&mut bytes, line.start..line.body);
    }
    join(&mut bytes, &lines);
    mark_columns(&mut bytes, &lines, text);
    String::from_utf8(bytes).expect("only whole characters were replaced, by spaces")
}

fn blank(bytes: &mut [u8], range: Range<usize>) {
    bytes[range].fill(b' ');
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for piece in text.split('\n') {
        let indent = piece.len() - piece.trim_start().len();
        lines.push(Line { start, body: start + indent, text: piece });
        start += piece.len() + 1;
    }
    skip_line_numbers(&mut lines);
    lines
}

/// Moves the body of numbered lines behind the number. Numbers count as line numbers
/// where six lines on end carry 1, 2, 3…; once a text has such a page, a shorter last
/// page that begins with 1 counts too.
fn skip_line_numbers(lines: &mut [Line<'_>]) {
    let numbered: Vec<(usize, u32, usize)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.text.trim().is_empty())
        .map(|(at, line)| match LINE_NUMBER.captures(line.text) {
            Some(found) => (at, found[1].parse().unwrap_or(0), found[0].len()),
            None => (at, 0, 0),
        })
        .collect();
    let runs: Vec<&[(usize, u32, usize)]> =
        numbered.chunk_by(|a, b| a.1 > 0 && b.1 == a.1 + 1).collect();
    let is_page = |run: &&[(usize, u32, usize)]| run.len() >= 6 && run[0].1 > 0;
    if !runs.iter().any(is_page) {
        return;
    }
    for run in runs.iter().filter(|run| is_page(run) || run[0].1 == 1) {
        for &(at, _, width) in *run {
            lines[at].body = lines[at].start + width;
        }
    }
}

/// Turns the breaks inside paragraphs into spaces.
fn join(bytes: &mut [u8], lines: &[Line<'_>]) {
    let full = full_width(lines);
    let written: Vec<(usize, &Line<'_>)> = lines
        .iter()
        .filter(|line| !is_underline(line.content()))
        .enumerate()
        .filter(|(_, line)| !line.content().is_empty())
        .collect();
    for pair in written.windows(2) {
        let ((before, above), (after, below)) = (pair[0], pair[1]);
        let gap = above.end()..below.start;
        // Double-spaced numbered lines have empty lines between them that mean nothing.
        let numbered = above.body > above.start && below.body > below.start;
        let apart = after - before > 1 && !(numbered && has_number(above) && has_number(below));
        if !apart && continues(above, below, full) {
            blank(bytes, gap);
        }
    }
    for byte in bytes {
        if matches!(byte, b'\r' | b'\t' | 0x0b | 0x0c) {
            *byte = b' ';
        }
    }
}

/// Puts a `\t` at the head of the gaps inside a line that part columns: those of four and
/// more white spaces, and those of two or three that end where one of the line above or
/// below ends.
fn mark_columns(bytes: &mut [u8], lines: &[Line<'_>], text: &str) {
    const WIDE: usize = 4;
    let written: Vec<&Line<'_>> = lines.iter().filter(|line| !line.content().is_empty()).collect();
    let gaps: Vec<Vec<Gap>> = written.iter().map(|line| gaps(line, text.as_bytes())).collect();
    for (at, line) in written.iter().enumerate() {
        let beside = || [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        for gap in &gaps[at] {
            let is_aligned = || {
                let lines = beside().filter_map(|at| gaps.get(at));
                lines.flatten().any(|other| !other.is_stop && other.column == gap.column)
            };
            if gap.width >= WIDE || !gap.is_stop && is_aligned() {
                bytes[line.body + gap.at] = b'\t';
            }
        }
    }
}

/// Two and more white spaces between two words of one line.
struct Gap {
    /// Where it begins, in bytes behind the line's body.
    at: usize,
    width: usize,
    /// Where the next word begins, in characters from the head of the line.
    column: usize,
    /// Whether it stands behind a mark or a label, where typists leave two spaces.
    is_stop: bool,
}

fn gaps(line: &Line<'_>, source: &[u8]) -> Vec<Gap> {
    /// Columns of one line that are looked at; a longer line is no row of a table.
    const MOST: usize = 40;
    let mut found: Vec<Gap> = Vec::new();
    let lead = line.body - line.start;
    let (mut width, mut column) = (0, lead);
    let mut last = ' ';
    for (at, c) in line.content().char_indices() {
        column += 1;
        if c.is_ascii_whitespace() {
            width += 1;
            continue;
        }
        // What was underlined in a typescript goes on behind the drawn line.
        let underline = source[line.body + at..].starts_with(b"---");
        if width > 1 && !underline && (width > 3 || found.len() < MOST) {
            let is_stop = matches!(last, '.' | '!' | '?' | ':' | ';' | ')' | ',' | '*' | '-');
            found.push(Gap { at: at - width, width, column, is_stop });
        }
        (width, last) = (0, c);
    }
    found
}

/// The place `by` bytes back, at most, between two characters. Rules look back no
/// further, so that a text of one long line is read in time.
pub(super) fn back(view: &str, at: usize, by: usize) -> usize {
    (at.saturating_sub(by)..=at).find(|&it| view.is_char_boundary(it)).unwrap_or(at)
}

/// The place `by` bytes on, at most, between two characters.
pub(super) fn ahead(view: &str, from: usize, by: usize) -> usize {
    let end = (from + by).min(view.len());
    (end..view.len()).find(|&at| view.is_char_boundary(at)).unwrap_or(view.len())
}

/// The line under underlined words of a typewritten text: short, or it parts sections.
fn is_underline(content: &str) -> bool {
    content.len() > 1
        && content.len() < 40
        && content.bytes().all(|b| matches!(b, b'-' | b' '))
        && !content.contains("- ")
}

fn has_number(line: &Line<'_>) -> bool {
    line.text.get(..line.body - line.start).is_some_and(|lead| !lead.trim().is_empty())
}

/// Width from which a line counts as filled to the margin, in bytes.
fn full_width(lines: &[Line<'_>]) -> usize {
    let mut widths: Vec<usize> =
        lines.iter().map(|line| line.content().len()).filter(|&width| width > 0).collect();
    widths.sort_unstable();
    let typical = widths.get(widths.len() * 9 / 10).copied().unwrap_or(0);
    typical.clamp(40, 110) * 6 / 10
}

fn continues(above: &Line<'_>, below: &Line<'_>, full: usize) -> bool {
    let (over, under) = (above.content(), below.content());
    if OPENS.is_match(under) || over.contains("-->") || over.starts_with('#') {
        return false;
    }
    over.len() >= full || under.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_paragraph_is_one_line_and_as_long_as_before() {
        let text = "The Supplier shall deliver the goods to the warehouse no later than March\n1, 2026 and at its own cost.\n\nNext paragraph.";
        let seen = view(text);
        assert_eq!(seen.len(), text.len());
        assert!(seen.contains("March 1, 2026"), "{seen}");
        assert!(seen.contains("cost.\n\nNext"), "{seen}");
    }

    #[test]
    fn line_numbers_of_a_deposition_are_blanked() {
        let text = " 1      Q.  When did you arrive?\n 2      A.  I came on the twelfth of\n 3  March and I stayed with the others\n 4  until the evening of that same day\n 5      Q.  Thank you.\n 6      A.  Yes.\n";
        let seen = view(text);
        assert_eq!(seen.len(), text.len());
        assert!(!seen.contains(|c: char| c.is_ascii_digit()), "{seen}");
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines: Vec<String> = seen.lines().map(words).collect();
        assert_eq!(
            lines[1],
            "A. I came on the twelfth of March and I stayed with the others until the evening of that same day"
        );
        assert_eq!(lines[2], "Q. Thank you.");
    }

    #[test]
    fn columns_of_one_line_stay_apart() {
        assert_eq!(view("By: Ann Lee      By: Bo Dahl"), "By: Ann Lee\t     By: Bo Dahl");
    }

    #[test]
    fn narrow_columns_that_stand_under_each_other_stay_apart() {
        assert_eq!(
            view("Acme Inc   Ohio  sold\nBlue Ltd   Utah  kept\n"),
            "Acme Inc\t  Ohio\t sold\nBlue Ltd\t  Utah\t kept\n"
        );
        // Two spaces behind a stop, and those of a justified line, part nothing.
        let typed = "It was late.  We left.\nNobody cared.  It rained.\n";
        assert_eq!(view(typed), typed);
        assert_eq!(
            view("the  Carrier delivers\nthe crates  today\n"),
            "the  Carrier delivers the crates  today\n"
        );
    }

    #[test]
    fn an_address_is_no_tag() {
        assert_eq!(view("Ann Lee <ann@lee.example> <b>"), "Ann Lee <ann@lee.example>    ");
    }

    #[test]
    fn a_list_of_dates_is_not_taken_for_line_numbers() {
        let text = "1 March 2026\n5 April 2026\n6 May 2026\n";
        assert_eq!(view(text), text);
    }

    #[test]
    fn tags_and_emphasis_are_blank() {
        let text = "<b>Supplier</b> **shall** pay";
        assert_eq!(view(text), "   Supplier       shall   pay");
    }
}
