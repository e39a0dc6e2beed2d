//! Words in quotation marks of any custom, also where a mark was lost or came out of a
//! conversion as two strokes. It knows nothing of what is quoted.

use crate::domain::span::ByteSpan;

/// Longest text between two marks that is still a term, in bytes.
const LONGEST: usize = 100;

/// A text between quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quoted {
    /// What stands between the marks.
    pub inner: ByteSpan,
    /// With the marks, as far as they are there.
    pub outer: ByteSpan,
}

fn is_double(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‟')
}

fn is_single(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’' | '‚' | '‹' | '›' | '`')
}

/// A mark that stands at `at`: how many bytes it takes and whether it is a double one.
fn mark(view: &str, at: usize) -> Option<(usize, bool)> {
    let mut rest = view[at..].chars();
    let first = rest.next()?;
    if is_double(first) {
        return Some((first.len_utf8(), true));
    }
    if !is_single(first) {
        return None;
    }
    match rest.next() {
        Some(second) if is_single(second) => Some((first.len_utf8() + second.len_utf8(), true)),
        _ => Some((first.len_utf8(), false)),
    }
}

/// The quoted texts of a view, in order. In brackets a lost mark is made up for by the
/// bracket's end or by the capitals before the mark that is left.
pub(super) fn quoted(view: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut skip = 0;
    for (at, c) in view.char_indices() {
        if at < skip || !(is_double(c) || is_single(c)) {
            continue;
        }
        let Some((width, double)) = mark(view, at) else { continue };
        let before = view[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',')) {
            // Behind a word a mark closes, unless its partner was lost.
            if double && let Some(lost) = unopened(view, at, width, skip) {
                found.push(lost);
            }
            skip = at + width;
            continue;
        }
        if let Some(quote) = close(view, at, width, double) {
            skip = quote.outer.end;
            found.push(quote);
        }
    }
    found
}

/// The quote that a mark opens.
fn close(view: &str, open: usize, width: usize, double: bool) -> Option<Quoted> {
    let start = open + width;
    let mut depth = 0;
    for (at, c) in view[start..].char_indices() {
        let at = start + at;
        match c {
            '\n' => return None,
            _ if at - start > LONGEST => return None,
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            // The closing mark was lost and the bracket ends.
            ')' => return quote(view, (open, start), (at, at)),
            _ => {
                let Some((wide, closes)) = mark(view, at) else { continue };
                let inside = view[at + wide..].chars().next().is_some_and(char::is_alphanumeric);
                if closes == double && (double || !inside) {
                    return quote(view, (open, start), (at, at + wide));
                }
            }
        }
    }
    None
}

/// `or Joint Venturer" if`: the capitalised words before a mark whose partner was lost.
fn unopened(view: &str, mark: usize, width: usize, floor: usize) -> Option<Quoted> {
    let from = floor.max(mark.saturating_sub(LONGEST));
    let from = (from..=mark).find(|&at| view.is_char_boundary(at))?;
    let mut start = mark;
    let mut words = view[from..mark].split_inclusive([' ', '\n', '(', '-']).rev();
    while let Some(word) = words.next()
        && word.starts_with(char::is_uppercase)
    {
        start -= word.len();
    }
    (start < mark).then(|| quote(view, (start, start), (mark, mark + width))).flatten()
}

fn quote(view: &str, open: (usize, usize), close: (usize, usize)) -> Option<Quoted> {
    let text = view.get(open.1..close.0)?;
    let inner = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let start = open.1
        + (text.len()
            - text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).len());
    (!inner.is_empty()).then(|| Quoted {
        inner: ByteSpan::new(start, start + inner.len()),
        outer: ByteSpan::new(open.0, close.1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(view: &str) -> Vec<&str> {
        quoted(view).iter().map(|it| &view[it.inner.start..it.inner.end]).collect()
    }

    #[test]
    fn marks_of_every_custom_are_read() {
        assert_eq!(
            texts("\"A\" “B” „C“ «D» « E » 'F' ‘G’ ''H'' ``I'' ‹J›"),
            ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"]
        );
    }

    #[test]
    fn an_apostrophe_is_no_mark() {
        assert_eq!(texts("Hale's dog and the dogs' bowls, \"Papa Hale's\""), ["Papa Hale's"]);
    }

    #[test]
    fn a_lost_mark_is_made_up_for() {
        assert_eq!(texts("(hereinafter, \"Acme). Then \"Beta\""), ["Acme", "Beta"]);
        assert_eq!(texts("or the \"Party\" or Joint Venturer\" if"), ["Party", "Joint Venturer"]);
    }
}
