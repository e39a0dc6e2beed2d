//! Sets stretches of a text aside beside what is set aside already. Knows no
//! reason to do so.

use crate::domain::marks::{Aside, AsideKind, Marks};
use crate::domain::span::ByteSpan;

/// Sets `spans` aside but for what is set aside in them already; the asides
/// stay in order and overlap nowhere. `spans` stand in the order of the text
/// and do not overlap either.
pub(super) fn add(marks: &mut Marks, spans: &[ByteSpan], kind: AsideKind) {
    let mut new = Vec::new();
    for span in spans {
        let mut start = span.start;
        for taken in marks.asides_within(*span) {
            new.push(ByteSpan::new(start, taken.span.start));
            start = start.max(taken.span.end);
        }
        new.push(ByteSpan::new(start, span.end));
    }
    let new = new.into_iter().filter(|span| !span.is_empty());
    marks.asides.extend(new.map(|span| Aside { span, kind }));
    marks.asides.sort_by_key(|aside| aside.span);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_aside_already_keeps_its_kind() {
        let hidden = |start, end| Aside {
            span: ByteSpan::new(start, end),
            kind: AsideKind::ControlCharacters,
        };
        let mut marks = Marks { asides: vec![hidden(4, 6), hidden(8, 12)], ..Marks::default() };
        let spans = [ByteSpan::new(0, 10), ByteSpan::new(20, 22)];
        add(&mut marks, &spans, AsideKind::RunningHead);
        let all: Vec<_> = marks.asides.iter().map(|a| (a.span.start, a.span.end, a.kind)).collect();
        let (head, control) = (AsideKind::RunningHead, AsideKind::ControlCharacters);
        let expected =
            [(0, 4, head), (4, 6, control), (6, 8, head), (8, 12, control), (20, 22, head)];
        assert_eq!(all, expected);
    }
}
