//! Text on its way to the terminal: made harmless, measured, wrapped, cut.
//! The only way for words of a document, a model or a file name onto the
//! screen. Knows nothing of what the words mean.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns between tab stops.
const TAB: usize = 4;
const SPACES: &str = "    ";
/// Unicode's pictures of the 32 control characters, three bytes each.
const PICTURES: &str = "␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟";
/// Stands for what must not reach the terminal and has no picture.
const REPLACEMENT: &str = "\u{fffd}";
/// Most characters of one grapheme that are shown; a letter needs a few marks,
/// while a hundred of them only smear the screen.
const MAX_MARKS: usize = 8;

/// What one grapheme of a text looks like on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Byte offset of the grapheme in the text.
    pub at: usize,
    /// Safe to print: no control characters, no bidi overrides.
    pub shown: &'a str,
    /// Columns, at least 1.
    pub width: usize,
}

/// The text as it is shown from a column on; the column matters to tabs.
pub fn pieces(text: &str, mut column: usize) -> impl Iterator<Item = Piece<'_>> {
    text.grapheme_indices(true).filter_map(move |(at, grapheme)| {
        let (shown, width) = look(grapheme, column);
        column += width;
        (width > 0).then_some(Piece { at, shown, width })
    })
}

fn look(grapheme: &str, column: usize) -> (&str, usize) {
    let Some(first) = grapheme.chars().next() else { return ("", 0) };
    match first {
        ' '..='~' if grapheme.len() == 1 => (grapheme, 1),
        '\t' => {
            let width = TAB - column % TAB;
            (&SPACES[..width], width)
        }
        '\n' | '\u{2028}' | '\u{2029}' => (" ", 1),
        '\r' if grapheme.len() > 1 => (" ", 1),
        '\0'..='\u{1f}' => {
            let at = first as usize * 3;
            (&PICTURES[at..at + 3], 1)
        }
        '\u{7f}' => ("␡", 1),
        // A soft hyphen is no mark of the text, and terminals disagree on its width.
        '\u{ad}' => ("", 0),
        _ if first.is_control() || reorders(first) => (REPLACEMENT, 1),
        _ => {
            let shown = match grapheme.char_indices().nth(MAX_MARKS) {
                Some((end, _)) => &grapheme[..end],
                None => grapheme,
            };
            (shown, shown.width())
        }
    }
}

/// Invisible characters that make a terminal show text in another order, or
/// hide a note in it: what is reviewed must be what is there.
fn reorders(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

/// Columns that the text takes on one line.
#[must_use]
pub fn width(text: &str) -> usize {
    advance(text, 0)
}

/// The column after the text when it starts at `column`.
fn advance(text: &str, column: usize) -> usize {
    if is_plain(text) {
        return column + text.len();
    }
    pieces(text, column).fold(column, |sum, piece| sum + piece.width)
}

/// Whether every byte is one printable column.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
}

/// Wraps a text of several lines to `width` columns. The ranges are byte
/// offsets; they leave out the line ends and nothing else.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let shown = line.strip_suffix('\r').unwrap_or(line);
        wrap_line(shown, width, |range| all.push(start + range.start..start + range.end));
        start += line.len() + 1;
    }
    all
}

/// Wraps one line at the places where its script allows it, and within a word
/// that is longer than the line. An empty line is one empty range.
pub fn wrap_line(line: &str, width: usize, mut push: impl FnMut(Range<usize>)) {
    let plain = is_plain(line);
    if width == 0 || plain && line.len() <= width {
        push(0..line.len());
        return;
    }
    let separator =
        if plain { WordSeparator::AsciiSpace } else { WordSeparator::UnicodeBreakProperties };
    let (mut start, mut at, mut column) = (0, 0, 0);
    for word in separator.find_words(line) {
        if column > 0 && advance(word.word, column) > width {
            push(start..at);
            (start, column) = (at, 0);
        }
        let after = advance(word.word, column);
        if after <= width {
            column = after;
        } else {
            for (offset, grapheme) in word.word.grapheme_indices(true) {
                if column > 0 && column + look(grapheme, column).1 > width {
                    push(start..at + offset);
                    (start, column) = (at + offset, 0);
                }
                column += look(grapheme, column).1;
            }
        }
        // Spaces at the end of a line hang over its edge.
        column += word.whitespace.len();
        at += word.word.len() + word.whitespace.len();
    }
    push(start..line.len());
}

/// One line of at most `width` columns, styled byte by byte.
#[must_use]
pub fn styled(text: &str, width: usize, style_at: impl Fn(usize) -> Style) -> Line<'static> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut run = String::new();
    let mut run_style = Style::new();
    let mut column = 0;
    for piece in pieces(text, 0) {
        if column + piece.width > width {
            break;
        }
        column += piece.width;
        let style = style_at(piece.at);
        if style != run_style && !run.is_empty() {
            spans.push(Span::styled(std::mem::take(&mut run), run_style));
        }
        run_style = style;
        run.push_str(piece.shown);
    }
    if !run.is_empty() {
        spans.push(Span::styled(run, run_style));
    }
    Line::from(spans)
}

/// A span of harmless text, in full.
#[must_use]
pub fn span(text: &str, style: Style) -> Span<'static> {
    let shown: String = pieces(text, 0).map(|p| p.shown).collect();
    Span::styled(shown, style)
}

/// A paragraph wrapped to `width` columns, every line `indent` columns in.
#[must_use]
pub fn paragraph(text: &str, width: usize, indent: usize, style: Style) -> Vec<Line<'static>> {
    let room = width.saturating_sub(indent).max(1);
    let lines = wrap(text, room);
    let pad = || Span::raw(" ".repeat(indent));
    lines
        .into_iter()
        .map(|range| {
            let mut line = styled(&text[range], room, |_| style);
            if indent > 0 {
                line.spans.insert(0, pad());
            }
            line
        })
        .collect()
}

/// A paragraph behind a sign, its further lines in line with the first.
#[must_use]
pub fn signed(sign: &str, text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    let indent = self::width(sign) + 1;
    let mut lines = paragraph(text, width, indent, style);
    if let Some(pad) = lines.first_mut().and_then(|line| line.spans.first_mut()) {
        *pad = Span::styled(format!("{sign} "), style);
    }
    lines
}

/// The beginning of a text, with an ellipsis where it is cut.
#[must_use]
pub fn clip(text: &str, width: usize) -> String {
    clip_middle(text, width, 0)
}

/// The end of a text, with an ellipsis where it is cut: of a path, say.
#[must_use]
pub fn clip_start(text: &str, width: usize) -> String {
    clip_middle(text, width, width.saturating_sub(1))
}

/// A text cut to `width` columns in its middle; `tail` columns of its end stay.
#[must_use]
pub fn clip_middle(text: &str, width: usize, tail: usize) -> String {
    let pieces: Vec<Piece<'_>> = pieces(text, 0).collect();
    let total: usize = pieces.iter().map(|p| p.width).sum();
    if total <= width {
        return pieces.iter().map(|p| p.shown).collect();
    }
    if width == 0 {
        return String::new();
    }
    let tail = tail.min(width - 1);
    let head = width - 1 - tail;
    let mut sum = 0;
    let front = pieces.iter().take_while(|p| {
        sum += p.width;
        sum <= head
    });
    let front: String = front.map(|p| p.shown).collect();
    let mut sum = 0;
    let back = pieces.iter().rev().take_while(|p| {
        sum += p.width;
        sum <= tail
    });
    let mut back: Vec<&str> = back.map(|p| p.shown).collect();
    back.reverse();
    format!("{front}…{}", back.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        pieces(text, 0).map(|p| p.shown).collect()
    }

    fn wrapped(text: &str, width: usize) -> Vec<&str> {
        wrap(text, width).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn nothing_that_steers_a_terminal_gets_through() {
        assert_eq!(shown("a\u{1b}[31mb"), "a␛[31mb");
        assert_eq!(shown("\u{7}\u{7f}\u{9b}"), "␇␡\u{fffd}");
        assert_eq!(shown("pay \u{202e}001\u{202c}"), "pay \u{fffd}001\u{fffd}");
        assert_eq!(shown("a\r\nb\rc"), "a b␍c");
    }

    #[test]
    fn tabs_go_to_the_next_stop() {
        assert_eq!(shown("a\tb"), "a   b");
        assert_eq!(shown("abcd\te"), "abcd    e");
    }

    #[test]
    fn widths_are_those_of_a_terminal() {
        assert_eq!(width("naïve"), 5);
        assert_eq!(width("nai\u{308}ve"), 5);
        assert_eq!(width("契約書"), 6);
        assert_eq!(width("\u{200b}\u{ad}"), 0);
        let smear = format!("a{}", "\u{301}".repeat(100));
        assert_eq!(shown(&smear).chars().count(), MAX_MARKS);
    }

    #[test]
    fn lines_break_between_words_and_within_what_is_too_long() {
        assert_eq!(wrapped("The term is three years", 9), ["The term ", "is three ", "years"]);
        assert_eq!(wrapped("abcdefghij kl", 4), ["abcd", "efgh", "ij ", "kl"]);
        assert_eq!(wrapped("契約書契約書", 4), ["契約", "書契", "約書"]);
        assert_eq!(wrapped("one\n\ntwo\r\n", 9), ["one", "", "two", ""]);
        assert_eq!(wrapped("  indented line", 10), ["  indented ", "line"]);
    }

    #[test]
    fn a_cut_text_keeps_the_end_that_matters() {
        assert_eq!(clip("services agreement", 9), "services…");
        assert_eq!(clip_start("/home/ann/matters", 9), "…/matters");
        assert_eq!(clip_middle("services-agreement.pdf", 14, 6), "service…nt.pdf");
        assert_eq!(clip("ab", 2), "ab");
        assert_eq!(clip("abc", 0), "");
        assert_eq!(clip("契約書", 4), "契…");
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing_and_keeps_to_the_width(
            text in "[a-z äß契\\t\\u{1b}\\u{301}\\n-]{0,80}", width in TAB..20,
        ) {
            let lines = wrap(&text, width);
            let mut at = 0;
            for range in &lines {
                prop_assert!(text[at..range.start].chars().all(|c| c == '\n'));
                at = range.end;
                let line = text[range.clone()].trim_end_matches(' ');
                prop_assert!(super::width(line) <= width, "{line:?} in {width}");
            }
            prop_assert_eq!(at, text.len());
        }

        #[test]
        fn no_text_at_all_brings_a_control_character_to_the_screen(text in any::<String>()) {
            for piece in pieces(&text, 0) {
                prop_assert!(!piece.shown.chars().any(|c| c.is_control() || reorders(c)));
                prop_assert_eq!(piece.shown.width(), piece.width);
            }
        }

        #[test]
        fn a_cut_text_fits(text in any::<String>(), width in 0usize..30, tail in 0usize..30) {
            prop_assert!(super::width(&clip_middle(&text, width, tail)) <= width);
        }
    }
}
