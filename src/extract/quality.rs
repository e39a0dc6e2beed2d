//! The quality gate: whether what came off a PDF page is text that a person could
//! read, and which of two readings of a page is the better one. Counts characters
//! and words; understands none of them.

use crate::domain::document::PageState;

/// Fewer visible characters than this beside an image are a stamp on a scan.
const FEW: usize = 25;
/// An image that covers no more of a page than this is no scan of it, where
/// there is some text; where there is none, it has to be next to nothing.
const MOST_OF_PAGE: f32 = 0.3;
const STAIN: f32 = 0.02;
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
/// Above these shares a page passes, but somebody else is asked as well.
const DOUBTFUL_NOISE: f64 = 0.002;
const DOUBTFUL_SINGLE: f64 = 0.12;
/// Letters that only ever end a Hebrew or an Arabic word: where words begin with
/// them, they stand the other way round.
const ENDINGS: &str =
    "\u{5DA}\u{5DD}\u{5DF}\u{5E3}\u{5E5}\u{629}\u{649}\u{FE93}\u{FE94}\u{FEEF}\u{FEF0}";
/// Shares of fewer letters or words than these mean nothing.
const ENOUGH_LETTERS: u32 = 200;
const ENOUGH_WORDS: u32 = 30;

/// The state of a page of which `text` was read, and what to say of it.
/// `images`: the share of the page that images cover.
pub fn judge(text: &str, images: f32) -> (PageState, Option<String>) {
    let visible = text.chars().filter(|c| !c.is_whitespace()).count();
    let most_of_page = if visible == 0 { STAIN } else { MOST_OF_PAGE };
    if visible < FEW && images > most_of_page {
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

/// Whether a page that passes the gate is so close to it that another reader
/// should be asked.
pub fn is_doubtful(text: &str) -> bool {
    let counts = Counts::of(text);
    share(counts.noise, counts.visible) > DOUBTFUL_NOISE
        || counts.words >= ENOUGH_WORDS && share(counts.single, counts.words) > DOUBTFUL_SINGLE
        || fault(text).is_some()
}

/// What a reading of a page is worth beside another reading of the same page:
/// about the number of characters that a person could read.
pub fn worth(text: &str) -> f64 {
    let counts = Counts::of(text);
    // A character that is lost spoils the word around it.
    let readable = f64::from(counts.visible.saturating_sub(6 * counts.noise));
    let pieces = 1.0 - share(counts.single, counts.words);
    let meant = if counts.latin < 20 {
        1.0
    } else {
        // From letters at random to those of a language.
        ((share(counts.common, counts.latin) - 0.25) / 0.25).clamp(0.05, 1.0)
    };
    let turned = if counts.begun > counts.ended { 0.1 } else { 1.0 };
    readable * pieces * meant * turned
}

fn fault(text: &str) -> Option<&'static str> {
    let counts = Counts::of(text);
    if share(counts.noise, counts.visible) > MOST_NOISE {
        return Some("The fonts of this page do not say which letters many of its characters are.");
    }
    if counts.words >= ENOUGH_WORDS && share(counts.single, counts.words) > MOST_SINGLE {
        return Some("The words of this page fell apart into single letters.");
    }
    if counts.begun > counts.ended {
        return Some(
            "This page is written from right to left, and its letters came out the other way round.",
        );
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
    /// Words that begin, and words that end, with one of the [`ENDINGS`].
    begun: u32,
    ended: u32,
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
            let mut letters = word.chars().filter(|c| c.is_alphabetic());
            let ends = |c: Option<char>| u32::from(c.is_some_and(|c| ENDINGS.contains(c)));
            counts.begun += ends(letters.next());
            counts.ended += ends(letters.next_back());
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
        self.spaced += u32::from(c.is_alphabetic() && (c < '\u{780}' || is_backward(c)));
        if c.is_ascii_alphabetic() {
            self.latin += 1;
            self.common += u32::from(COMMON.contains(c.to_ascii_lowercase()));
        }
    }
}

/// Hebrew to Arabic, and the Arabic and Hebrew forms that fonts name.
fn is_backward(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
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
        judge(text, 0.0).0
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
        assert_eq!(judge(" \n", 0.1).0, PageState::Scan);
        assert_eq!(judge("Page 3 of 9", 0.9).0, PageState::Scan);
        assert_eq!(judge("Exhibit 10.1", 0.1).0, PageState::Text);
        assert_eq!(judge(CLAUSE, 1.0).0, PageState::Text);
        assert_eq!(judge(" \n", 0.01), (PageState::Empty, None));
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
    fn print_from_right_to_left_is_not_passed_on_backwards() {
        assert_eq!(state("םולש םלוע"), PageState::Garbled);
        assert_eq!(state("שלום עולם"), PageState::Text);
        assert_eq!(state("The word שלום means peace in Hebrew."), PageState::Text);
        assert_eq!(state("ةغللا ةيبرعلا"), PageState::Garbled);
        assert_eq!(state("اللغة العربية"), PageState::Text);
    }

    #[test]
    fn the_better_of_two_readings_is_the_one_that_a_person_could_read_more_of() {
        let lost = CLAUSE.replace(['e', 't'], "\u{FFFD}");
        let half = &CLAUSE[..CLAUSE.len() / 2];
        let pieces: String = CLAUSE.chars().filter(|c| *c != ' ').flat_map(|c| [c, ' ']).collect();
        let shifted: String = CLAUSE
            .chars()
            .map(|c| if c.is_ascii_lowercase() { (c as u8 + 3) as char } else { c })
            .collect();
        for worse in [&lost, half, &pieces, &shifted, ""] {
            assert!(worth(CLAUSE) > worth(worse), "{worse}");
        }
        assert!(worth("שלום עולם") > worth("םלוע םולש"));
    }

    #[test]
    fn a_page_with_some_lost_characters_passes_in_doubt() {
        let some = CLAUSE.replacen('v', "\u{FFFD}", 2);
        assert_eq!(state(&some), PageState::Text);
        assert!(is_doubtful(&some) && !is_doubtful(CLAUSE));
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
