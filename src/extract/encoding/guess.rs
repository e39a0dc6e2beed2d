//! A guess among the encodings that leave no mark, and the check of the guess.

use encoding_rs::{
    Encoding, IBM866, MACINTOSH, SHIFT_JIS, WINDOWS_1252, WINDOWS_1257, X_MAC_CYRILLIC,
};

use super::pages::{self, CodePage};

/// An encoding that a text can be read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// One of the encoding library.
    Known(&'static Encoding),
    /// One of our own tables.
    Page(CodePage),
}

impl Guess {
    /// The name by which people know it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Known(encoding) if encoding == MACINTOSH => "Mac Roman",
            Self::Known(encoding) if encoding == X_MAC_CYRILLIC => "Mac Cyrillic",
            Self::Known(encoding) if encoding == IBM866 => "IBM866 (DOS, Cyrillic)",
            Self::Known(encoding) if encoding == SHIFT_JIS => "Shift-JIS",
            Self::Known(encoding) => encoding.name(),
            Self::Page(page) => page.name(),
        }
    }

    /// The text, and whether there were bytes that the encoding has no use for.
    pub fn decode(self, source: &[u8]) -> (String, bool) {
        match self {
            Self::Known(encoding) => {
                let (text, damaged) = encoding.decode_without_bom_handling(source);
                (text.into_owned(), damaged)
            }
            Self::Page(page) => {
                let text = page.decode(source);
                let damaged = text.contains(char::REPLACEMENT_CHARACTER);
                (text, damaged)
            }
        }
    }
}

/// What is tried where the detector's guess makes odd words; it knows none of
/// these.
const LATIN: [Guess; 3] =
    [Guess::Page(CodePage::Dos850), Guess::Page(CodePage::Dos852), Guess::Known(MACINTOSH)];
const CYRILLIC: [Guess; 1] = [Guess::Known(X_MAC_CYRILLIC)];

/// How much of a file the check looks at, in bytes.
const SAMPLE: usize = 64 * 1024;

/// The likeliest encoding of a text that is no Unicode.
pub fn guess(source: &[u8]) -> Guess {
    if let Some(page) = pages::ebcdic(source) {
        return Guess::Page(page);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(source, true);
    let first = Guess::Known(detector.guess(None, chardetng::Utf8Detection::Deny));
    let sample = &source[..source.len().min(SAMPLE)];
    let oddity = |guess: Guess| Oddity::of(&guess.decode(sample).0);
    let found = oddity(first);
    if !found.is_odd() {
        return if is_baltic(first, sample) { Guess::Known(WINDOWS_1257) } else { first };
    }
    let others = if found.cyrillic * 2 > found.all { &CYRILLIC[..] } else { &LATIN };
    let others = others.iter().map(|guess| (oddity(*guess), *guess));
    let best = others.min_by_key(|(other, _)| (other.odd, usize::MAX - other.usual));
    match best {
        Some((other, guess)) if !other.is_odd() && other.odd * 2 < found.odd => guess,
        _ => first,
    }
}

/// Whether what was taken for Western European is Lithuanian or Latvian: "š"
/// stands where Icelandic has "ð", and no letter is one that they lack.
fn is_baltic(guess: Guess, sample: &[u8]) -> bool {
    if guess != Guess::Known(WINDOWS_1252) || !sample.contains(&0xF0) {
        return false;
    }
    let (text, _) = Guess::Known(WINDOWS_1257).decode(sample);
    let mut letters = text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic());
    letters.all(|c| "ąčęėįšųūžāēģīķļņĄČĘĖĮŠŲŪŽĀĒĢĪĶĻŅ".contains(c))
}

/// How many of a text's characters beyond ASCII stand where no language has them.
#[derive(Debug, Default)]
struct Oddity {
    all: usize,
    odd: usize,
    /// Those that are letters of everyday words in many languages.
    usual: usize,
    cyrillic: usize,
}

impl Oddity {
    fn of(text: &str) -> Self {
        let mut counted = Self::default();
        let mut before = ' ';
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let after = chars.peek().copied().unwrap_or(' ');
            if !c.is_ascii() {
                counted.all += 1;
                counted.odd += usize::from(is_odd(before, c, after));
                counted.cyrillic += usize::from(('\u{400}'..'\u{530}').contains(&c));
                counted.usual += usize::from("äöüßéèàçñáíóúêâôõãåæøřžšěůąęłśćżő".contains(c));
            }
            before = c;
        }
        counted
    }

    fn is_odd(&self) -> bool {
        self.odd * 30 > self.all
    }
}

/// A symbol in the middle of a word of small letters, a capital after a small
/// letter, a letter of another script among Latin ones, or a control character that was out of use
/// before there was a Unicode.
fn is_odd(before: char, c: char, after: char) -> bool {
    let joins = matches!(c, '’' | '‘' | '–' | '—' | '…' | '·' | '\u{A0}' | '\u{AD}');
    let inside = before.is_lowercase() && after.is_lowercase() && !c.is_lowercase() && !joins;
    let late = before.is_lowercase() && c.is_uppercase();
    let foreign = c.is_alphabetic()
        && c > '\u{370}'
        && before.is_ascii_alphabetic()
        && after.is_ascii_lowercase();
    ('\u{80}'..'\u{A0}').contains(&c) || foreign || inside || late
}
