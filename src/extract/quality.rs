//! The quality gate: whether what came off a page is text that a person could
//! read. Counts characters and words; understands none of them.

use crate::domain::document::PageState;

/// Fewer visible characters than this beside an image are a stamp on a scan.
const FEW: usize = 25;
/// The share of U+FFFD, private-use and control characters of a broken font.
const MOST_NOISE: f64 = 0.05;
/// The share of one-letter words where glyphs were taken for words.
const MOST_SINGLE: f64 = 0.18;
/// Below this share of the letters that lead in every language written in Latin
/// ([`COMMON`]: about 66 % of English and German, 55 % of Polish and Hungarian)
/// the letters are not those that were meant; at random they would have 31 %.
const LEAST_COMMON: f64 = 0.40;
const COMMON: &str = "aeionrst";
/// Below this share of white space the words have run together (ordinary text
/// has about 16 %).
const LEAST_SPACE: f64 = 0.03;
/// Shares of fewer letters or words than these mean nothing.
const ENOUGH_LETTERS: u32 = 200;
const ENOUGH_WORDS: u32 = 30;
/// Of text that takes two bytes a character (or one, and half of it spaces)
/// every third character is read at least, or the page was not.
const LEAST_READ: usize = 6;
const ENOUGH_BYTES: usize = 60;

/// What a page draws, apart from what could be read of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Whether it draws any image.
    pub images: bool,
    /// Bytes of text that it shows, one or two a character; 0 where nobody
    /// counted.
    pub bytes: usize,
}

/// The state of a page of which `text` was read, and what to say of it.
pub fn judge(text: &str, drawn: &Drawn) -> (PageState, Option<String>) {
    let visible = text.chars().filter(|c| !c.is_whitespace()).count();
    if drawn.bytes >= ENOUGH_BYTES && visible * LEAST_READ < drawn.bytes {
        let note = "Most of the text of this page could not be decoded: its fonts do not say which \
                    letters they show.";
        return (PageState::Garbled, Some(note.to_owned()));
    }
    if visible < FEW && drawn.images {
        let note = "This page is an image without text: it needs character recognition (OCR).";
        return (PageState::Scan, Some(note.to_owned()));
    }
    if visible == 0 {
        return (PageState::Empty, None);
    }
    match fault(text) {
        Some(fault) => (PageState::Garbled, Some(fault.to_owned())),
        None => (PageState::Text, None),
    }
}

fn fault(text: &str) -> Option<&'static str> {
    let counts = Counts::of(text);
    if share(counts.noise, counts.visible) > MOST_NOISE {
        return Some("Many characters of this page have no meaning outside of its own fonts.");
    }
    if counts.words >= ENOUGH_WORDS && share(counts.single, counts.words) > MOST_SINGLE {
        return Some("The words of this page fell apart into single letters.");
    }
    if counts.latin >= ENOUGH_LETTERS && share(counts.common, counts.latin) < LEAST_COMMON {
        return Some("The letters of this page are not those that its print shows.");
    }
    if counts.spaced >= ENOUGH_LETTERS
        && share(counts.spaces, counts.spaces + counts.spaced) < LEAST_SPACE
    {
        return Some("The words of this page ran together.");
    }
    None
}

#[derive(Default)]
struct Counts {
    visible: u32,
    noise: u32,
    spaces: u32,
    /// Letters of scripts that put spaces between words.
    spaced: u32,
    /// Unaccented Latin letters, and those of them that are in [`COMMON`].
    latin: u32,
    common: u32,
    words: u32,
    /// Words that are a single Latin letter.
    single: u32,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for c in text.chars() {
            counts.count(c);
        }
        for word in text.split_whitespace().filter(|w| w.contains(char::is_alphabetic)) {
            counts.words += 1;
            counts.single += u32::from(word.len() == 1);
        }
        counts
    }

    fn count(&mut self, c: char) {
        if c.is_whitespace() {
            self.spaces += 1;
            return;
        }
        self.visible += 1;
        self.noise += u32::from(c == '\u{FFFD}' || c.is_control() || is_private(c));
        // Latin to Arabic; scripts further on may be written without spaces.
        self.spaced += u32::from(c.is_alphabetic() && c < '\u{780}');
        if c.is_ascii_alphabetic() {
            self.latin += 1;
            self.common += u32::from(COMMON.contains(c.to_ascii_lowercase()));
        }
    }
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAUSE: &str = "Either party may terminate this Agreement for convenience upon ninety \
        (90) days' prior written notice to the other party, provided that the Supplier shall \
        complete all work in progress and that all fees accrued before the date of termination \
        remain payable in accordance with Section 4.";

    fn state(text: &str) -> PageState {
        judge(text, &Drawn::default()).0
    }

    #[test]
    fn ordinary_language_passes() {
        assert_eq!(state(CLAUSE), PageState::Text);
        assert_eq!(state("Page 1"), PageState::Text);
        assert_eq!(state(&"Przeprowadzka wstrzymała źdźbło trzciny. ".repeat(10)), PageState::Text);
        assert_eq!(state(&"本合同自双方签字盖章之日起生效。".repeat(30)), PageState::Text);
        assert_eq!(state(&"Настоящий договор вступает в силу. ".repeat(10)), PageState::Text);
    }

    #[test]
    fn an_image_with_no_text_or_only_a_stamp_is_a_scan() {
        let image = Drawn { images: true, bytes: 0 };
        assert_eq!(judge(" \n", &image).0, PageState::Scan);
        assert_eq!(judge("Page 3 of 9", &image).0, PageState::Scan);
        assert_eq!(judge(CLAUSE, &image).0, PageState::Text);
        assert_eq!(judge(" \n", &Drawn::default()), (PageState::Empty, None));
    }

    #[test]
    fn a_page_that_shows_much_more_than_was_read_is_garbled() {
        let shown = |bytes| Drawn { images: false, bytes };
        assert_eq!(judge("", &shown(2_000)).0, PageState::Garbled);
        assert_eq!(judge("A headline", &shown(2_000)).0, PageState::Garbled);
        assert_eq!(judge("A headline", &shown(10)).0, PageState::Text);
        assert_eq!(judge(CLAUSE, &shown(CLAUSE.len() * 2)).0, PageState::Text);
    }

    #[test]
    fn glyph_numbers_of_broken_fonts_are_garbled() {
        let broken: String =
            CLAUSE.chars().map(|c| if c == 'e' { '\u{F065}' } else { c }).collect();
        assert_eq!(state(&broken), PageState::Garbled);
        assert_eq!(state(&CLAUSE.replace('a', "\u{FFFD}")), PageState::Garbled);
    }

    #[test]
    fn words_in_pieces_or_run_together_are_garbled() {
        let pieces: String = CLAUSE.chars().filter(|c| *c != ' ').flat_map(|c| [c, ' ']).collect();
        assert_eq!(state(&pieces), PageState::Garbled);
        assert_eq!(state(&CLAUSE.replace(' ', "").repeat(2)), PageState::Garbled);
    }

    #[test]
    fn letters_that_spell_nothing_are_garbled() {
        // Every letter three further on, as a font with a shifted encoding shows.
        let shifted: String = CLAUSE
            .chars()
            .map(|c| {
                if c.is_ascii_lowercase() { ((c as u8 - b'a' + 3) % 26 + b'a') as char } else { c }
            })
            .collect();
        assert_eq!(state(&shifted), PageState::Garbled);
    }
}
