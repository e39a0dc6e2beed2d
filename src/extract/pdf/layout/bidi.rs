//! Lines with letters that are written from right to left: from the order in
//! which they stand on the page, left to right, to that in which they are
//! read (the way back from Unicode Standard Annex 9). Knows no places.

use unicode_bidi::{BidiClass, bidi_class};

/// What a glyph or a gap does to the direction of its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Forward,
    Backward,
    Digit,
    /// Between digits, as the point of 3.5 or the stroke of a date.
    Separator,
    /// Beside digits, as a percent sign.
    Terminator,
    Neutral,
}

/// The class of what a glyph spells.
pub fn class(spelled: &str) -> Class {
    let mut class = Class::Neutral;
    for c in spelled.chars() {
        class = match bidi_class(c) {
            BidiClass::R | BidiClass::AL => return Class::Backward,
            BidiClass::L => Class::Forward,
            BidiClass::EN | BidiClass::AN if class != Class::Forward => Class::Digit,
            BidiClass::CS | BidiClass::ES if class == Class::Neutral => Class::Separator,
            BidiClass::ET if class == Class::Neutral => Class::Terminator,
            _ => class,
        };
    }
    class
}

/// Whether letters that are written from right to left are more than others.
pub fn is_backward(classes: impl Iterator<Item = Class>) -> bool {
    let (mut forward, mut backward) = (0_u32, 0_u32);
    for class in classes {
        forward += u32::from(class == Class::Forward);
        backward += u32::from(class == Class::Backward);
    }
    backward > forward
}

/// The order in which the items of a line are read, whose classes are given
/// from left to right. `backward`: whether the line as a whole goes from right
/// to left.
pub fn reading_order(classes: &[Class], backward: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..classes.len()).collect();
    if backward {
        order.reverse();
        restore_forward(&mut order, classes);
        return order;
    }
    let mut at = 0;
    while let Some(from) = (at..order.len()).find(|i| classes[*i] == Class::Backward) {
        let end = (from..order.len()).find(|i| classes[*i] == Class::Forward);
        let end = end.unwrap_or(order.len());
        let last = (from..end).rev().find(|i| classes[*i] == Class::Backward).unwrap_or(from);
        // Digits behind, that is to the left of, the first letters: they are
        // told after them only if they are part of the same stretch.
        let stretch = &mut order[from..=last];
        stretch.reverse();
        restore_forward(stretch, classes);
        at = last + 1;
    }
    order
}

/// Turns Latin words and numbers in a reversed stretch round again.
fn restore_forward(order: &mut [usize], classes: &[Class]) {
    let class = |at: usize, order: &[usize]| classes[order[at]];
    let mut at = 0;
    while at < order.len() {
        let end = match class(at, order) {
            Class::Forward => forward_end(order, classes, at),
            Class::Digit | Class::Terminator => number_end(order, classes, at),
            _ => at + 1,
        };
        order[at..end].reverse();
        at = end;
    }
}

/// Behind the last Latin letter or number of the stretch that begins at `at`.
fn forward_end(order: &[usize], classes: &[Class], at: usize) -> usize {
    let mut end = at + 1;
    for next in at + 1..order.len() {
        match classes[order[next]] {
            Class::Backward => break,
            Class::Forward | Class::Digit => end = next + 1,
            _ => {}
        }
    }
    end
}

/// Behind a number with its separators and signs. Latin letters that follow
/// belong with it.
fn number_end(order: &[usize], classes: &[Class], at: usize) -> usize {
    let class = |at: usize| order.get(at).map(|item| classes[*item]);
    let mut end = at + 1;
    let mut has_digit = class(at) == Some(Class::Digit);
    loop {
        match (class(end), class(end + 1)) {
            (Some(Class::Digit), _) => (has_digit, end) = (true, end + 1),
            (Some(Class::Terminator), _) => end += 1,
            (Some(Class::Separator), Some(Class::Digit)) if has_digit => end += 2,
            (Some(Class::Forward), _) if has_digit => return forward_end(order, classes, end),
            _ if has_digit => return end,
            _ => return at + 1,
        }
    }
}

/// The bracket that faces the other way.
pub fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read where `shown` stands on the page from left to right.
    fn read(shown: &str, backward: bool) -> String {
        let letters: Vec<char> = shown.chars().collect();
        let classes: Vec<Class> = letters.iter().map(|c| class(&c.to_string())).collect();
        reading_order(&classes, backward).into_iter().map(|at| letters[at]).collect()
    }

    #[test]
    fn hebrew_is_read_from_right_to_left_and_its_numbers_are_not() {
        assert_eq!(read("12.5 הנש םולש", true), "שלום שנה 12.5");
        assert_eq!(read("15% לש תיביר", true), "ריבית של 15%");
        assert_eq!(read("01/02/2024 :ךיראת", true), "תאריך: 01/02/2024");
    }

    #[test]
    fn latin_words_in_hebrew_keep_their_order() {
        assert_eq!(read("ךכו Acme Corp תרבח", true), "חברת Acme Corp וכך");
    }

    #[test]
    fn hebrew_words_in_english_are_turned_round_alone() {
        assert_eq!(read("The word םולש םלוע means", false), "The word עולם שלום means");
        assert_eq!(read("no such letters 12", false), "no such letters 12");
    }
}
