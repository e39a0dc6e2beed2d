//! Characters that nobody sees: of zero width, turning the direction of what
//! follows, or carrying hidden words. Marks them in a text of any format; what
//! a script or an emoji needs them for is left alone.

use crate::domain::marks::{Aside, AsideKind, Marks};
use crate::domain::span::ByteSpan;

/// More runs than these are no writing; the marks of the others would only take
/// memory.
const MOST: usize = 100_000;

/// Adds an aside for each run of characters in `text` that hide something or
/// break a word unseen, at most 100,000. The asides of `marks` stay in order;
/// what is inside one of them already gets no second.
pub fn mark(text: &str, marks: &mut Marks) {
    let mut found = runs(text);
    if found.is_empty() {
        return;
    }
    // Both are in order: what overlaps lies beside each other.
    let mut taken = marks.asides.iter().map(|aside| aside.span).peekable();
    found.retain(|run| {
        while taken.next_if(|aside| aside.end <= run.start).is_some() {}
        taken.peek().is_none_or(|aside| aside.start >= run.end)
    });
    let kind = AsideKind::ControlCharacters;
    marks.asides.extend(found.into_iter().map(|span| Aside { span, kind }));
    marks.asides.sort_by_key(|aside| aside.span.start);
}

/// What a character is for, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Seen, or white space.
    Seen,
    /// No text needs it.
    None,
    /// Joins or parts letters, U+200C and U+200D.
    Joiner,
    /// Allows a line to break, U+200B: needed where no spaces are written.
    Break,
    /// Says on which side a sign stands, U+061C, U+200E and U+200F.
    Side,
    /// Says where a word may be cut, U+00AD.
    Hyphen,
    /// Chooses a look of the character before it.
    Look,
    /// Spells a region after a flag, U+E0020 to U+E007F.
    Tag,
}

fn use_of(c: char) -> Use {
    match c {
        '\u{200C}' | '\u{200D}' => Use::Joiner,
        '\u{200B}' => Use::Break,
        '\u{061C}' | '\u{200E}' | '\u{200F}' => Use::Side,
        '\u{AD}' => Use::Hyphen,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Use::Look,
        '\u{E0020}'..='\u{E007F}' => Use::Tag,
        // Directions, invisible operators and fillers, and what is left of tags.
        '\u{180E}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E001F}' => Use::None,
        _ => Use::Seen,
    }
}

/// The runs of unseen characters that are not needed where they stand.
fn runs(text: &str) -> Vec<ByteSpan> {
    let mut found: Vec<ByteSpan> = Vec::new();
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next().filter(|_| found.len() < MOST) {
        if use_of(c) == Use::Seen {
            before = Some(c);
            continue;
        }
        let mut run = vec![(start, c)];
        while let Some(next) = chars.next_if(|(_, next)| use_of(*next) != Use::Seen) {
            run.push(next);
        }
        let after = chars.peek().map(|(_, c)| *c);
        let end = run.last().map_or(start, |(at, c)| at + c.len_utf8());
        let leftward = is_near_right_to_left(text, start, end);
        let needless = needless(&run, before, after, leftward);
        for ((start, c), needless) in run.into_iter().zip(needless) {
            let end = start + c.len_utf8();
            match found.last_mut() {
                _ if !needless => {}
                Some(last) if last.end == start => last.end = end,
                _ => found.push(ByteSpan::new(start, end)),
            }
        }
    }
    found
}

/// For each character of a run of unseen ones whether it is of no use between
/// `before` and `after`, in words from right to left if `leftward`.
fn needless(
    run: &[(usize, char)],
    before: Option<char>,
    after: Option<char>,
    leftward: bool,
) -> Vec<bool> {
    let beside = |test: fn(char) -> bool| before.is_some_and(test) || after.is_some_and(test);
    let flag = is_flag(run, before);
    // The look of a character comes first behind it; an emoji may have one and
    // a joiner to the next emoji.
    let looked = run.first().is_some_and(|(_, c)| use_of(*c) == Use::Look);
    let short = run.len() <= 1 + usize::from(looked);
    let useless = |at: usize, c: char| match use_of(c) {
        Use::Seen => false,
        Use::None => true,
        Use::Joiner => {
            let emoji = before.is_some_and(is_pictograph) && after.is_some_and(is_pictograph);
            !short || !(emoji || beside(joins_letters))
        }
        Use::Break => !short || !beside(writes_without_spaces),
        Use::Side => !leftward || run.len() > 2,
        Use::Hyphen => !short,
        Use::Look => at > 0 || before.is_none_or(char::is_whitespace),
        Use::Tag => !flag,
    };
    run.iter().enumerate().map(|(at, (_, c))| useless(at, *c)).collect()
}

/// How far the next letter is looked for, in characters.
const NEAR: usize = 16;

/// Whether the nearest letter before `start` or after `end` is written from
/// right to left; signs and digits between are what the marks are for.
fn is_near_right_to_left(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().rev().take(NEAR).find(|c| c.is_alphabetic());
    let after = text[end..].chars().take(NEAR).find(|c| c.is_alphabetic());
    before.is_some_and(is_right_to_left) || after.is_some_and(is_right_to_left)
}

/// A black flag with the region spelled out in small letters and digits and
/// closed by U+E007F: England, Scotland and Wales (UTS #51, annex C).
fn is_flag(run: &[(usize, char)], before: Option<char>) -> bool {
    let spelled = |c: char| matches!(c, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}');
    let Some(((_, last), region)) = run.split_last() else { return false };
    before == Some('\u{1F3F4}')
        && *last == '\u{E007F}'
        && (3..=6).contains(&region.len())
        && region.iter().all(|(_, c)| spelled(*c))
}

/// Pictures that join to others, and the skin tones behind them.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2190}'..='\u{2BFF}')
}

/// Letters of scripts that use joiners: Arabic and its kin, Syriac, N'Ko, the
/// scripts of India and South-East Asia, Mongolian.
fn joins_letters(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{7FF}' | '\u{860}'..='\u{DFF}' | '\u{1000}'..='\u{109F}'
        | '\u{1780}'..='\u{18AF}' | '\u{1B00}'..='\u{1BFF}' | '\u{A8E0}'..='\u{A8FF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{11000}'..='\u{11FFF}')
}

/// Thai, Lao, Tibetan, Myanmar, Khmer, Chinese and Japanese.
fn writes_without_spaces(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{2E80}'..='\u{9FFF}')
}

/// Letters and signs of Hebrew, Arabic and the other scripts from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(text: &str) -> Vec<&str> {
        let mut marks = Marks::default();
        mark(text, &mut marks);
        let kinds = marks.asides.iter().map(|aside| aside.kind);
        assert!(kinds.into_iter().all(|kind| kind == AsideKind::ControlCharacters));
        marks.asides.iter().map(|aside| aside.span.slice(text).expect("in the text")).collect()
    }

    #[test]
    fn what_hides_words_or_breaks_them_unseen_is_marked() {
        assert_eq!(marked("pay\u{200B}ment"), ["\u{200B}"]);
        assert_eq!(marked("a\u{2060}\u{FEFF}b c\u{200D}d"), ["\u{2060}\u{FEFF}", "\u{200D}"]);
        assert_eq!(marked("user\u{202E}fdp.exe\u{202C}"), ["\u{202E}", "\u{202C}"]);
        assert_eq!(marked("a \u{2066}b\u{2069}"), ["\u{2066}", "\u{2069}"]);
        assert_eq!(marked("left\u{200E} and\u{200F}"), ["\u{200E}", "\u{200F}"]);
    }

    #[test]
    fn words_spelled_in_tag_characters_are_one_aside() {
        let hidden: String =
            "ignore all".chars().filter_map(|c| char::from_u32(0xE0000 + c as u32)).collect();
        assert_eq!(marked(&format!("Hello{hidden}.")), [hidden.as_str()]);
        // Also bytes spelled in looks, of which a character can have only one.
        assert_eq!(marked("😀\u{FE0F}\u{E0101}\u{E0120}!"), ["\u{E0101}\u{E0120}"]);
        assert_eq!(marked("a\u{200C}\u{200D}\u{200C}ب"), ["\u{200C}\u{200D}\u{200C}"]);
    }

    #[test]
    fn what_a_script_or_an_emoji_needs_is_left_alone() {
        for needed in [
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "👩\u{200D}👩\u{200D}👧 👍🏽 ❤\u{FE0F} ❤\u{FE0F}\u{200D}🔥",
            "שלום\u{200F}!",
            "\u{200E}(א",
            "ภาษา\u{200B}ไทย",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "葛\u{E0100}飾",
            "Ver\u{AD}trags\u{AD}strafe",
            "plain",
            "",
        ] {
            assert_eq!(marked(needed), [] as [&str; 0], "{needed}");
        }
        assert_eq!(marked("soft\u{AD}\u{AD}\u{AD}ly").len(), 1);
    }

    #[test]
    fn what_is_set_aside_already_is_not_set_aside_twice() {
        let text = "a\u{200B}b hidden\u{200B} words c\u{200B}d";
        let start = text.find("hidden").expect("it is there");
        let hidden = ByteSpan::new(start, start + "hidden\u{200B} words".len());
        let kind = AsideKind::SameColour;
        let mut marks = Marks { asides: vec![Aside { span: hidden, kind }], ..Marks::default() };
        mark(text, &mut marks);
        let spans: Vec<_> = marks.asides.iter().map(|aside| aside.span.slice(text)).collect();
        let zero = Some("\u{200B}");
        assert_eq!(spans, [zero, Some("hidden\u{200B} words"), zero]);
    }

    proptest! {
        #[test]
        fn asides_stay_in_order_and_apart(text in "[a\u{200B}\u{200D}ب👩\u{FE0F}\u{E0041}\u{AD} ]{0,40}") {
            let mut marks = Marks::default();
            mark(&text, &mut marks);
            prop_assert!(marks.asides.is_sorted_by(|a, b| a.span.end < b.span.start));
            prop_assert!(marks.asides.iter().all(|aside| aside.span.slice(&text).is_some()));
        }
    }
}
