//! From bytes to text. UTF-8 stays as it is, byte for byte; anything else is
//! recognised and turned into UTF-8, and what was guessed is said.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::failure::ReadError;

/// A decoded file.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// A sentence where the encoding was guessed or bytes did not fit it.
    pub note: Option<String>,
}

impl Decoded {
    fn plain(text: String) -> Self {
        Self { text, note: None }
    }
}

/// The share of control characters and U+FFFD above which a file is no text.
const MOST_NOISE: f64 = 0.05;

/// Decodes a whole file.
///
/// # Errors
/// [`ReadError::Binary`] where no encoding makes it text,
/// [`ReadError::Encoding`] where the best guess makes no words of it.
pub fn decode(source: &[u8]) -> Result<Decoded, ReadError> {
    let decoded = decode_as_found(source);
    if is_noise(&decoded.text) {
        Err(ReadError::Binary)
    } else if decoded.note.is_some() && !has_words(&decoded.text) {
        Err(ReadError::Encoding)
    } else {
        Ok(decoded)
    }
}

fn decode_as_found(source: &[u8]) -> Decoded {
    if let Some((encoding, length)) = Encoding::for_bom(source) {
        return with(encoding, &source[length..], None);
    }
    if let Some(encoding) = utf16_without_mark(source) {
        let note =
            format!("The file does not say its encoding; it was read as {}.", encoding.name());
        return with(encoding, source, Some(note));
    }
    if let Ok(text) = str::from_utf8(source) {
        return Decoded::plain(text.to_owned());
    }
    damaged_utf8(source).unwrap_or_else(|| guessed(source))
}

fn with(encoding: &'static Encoding, source: &[u8], note: Option<String>) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(source);
    let damage = damaged.then(|| {
        format!("Some bytes are not {} text; they stand as \u{FFFD} here.", encoding.name())
    });
    let note = match (note, damage) {
        (Some(note), Some(damage)) => Some(format!("{note} {damage}")),
        (note, damage) => note.or(damage),
    };
    Decoded { text: text.into_owned(), note }
}

/// UTF-16 of mostly Latin text has a zero in every other byte.
fn utf16_without_mark(source: &[u8]) -> Option<&'static Encoding> {
    let head = &source[..source.len().min(4096) & !1];
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |at: usize| head.iter().skip(at).step_by(2).filter(|b| **b == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    if first == 0 && second * 2 > pairs {
        Some(UTF_16LE)
    } else if second == 0 && first * 2 > pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// UTF-8 with a few broken bytes (a torn copy, a pasted snippet) is still UTF-8:
/// a guess would turn every one of its accents into two wrong letters.
fn damaged_utf8(source: &[u8]) -> Option<Decoded> {
    let (mut broken, mut whole) = (0_usize, 0_usize);
    for chunk in source.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    (broken * 10 <= whole).then(|| with(encoding_rs::UTF_8, source, None))
}

fn guessed(source: &[u8]) -> Decoded {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(source, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Deny);
    let note = format!(
        "The file does not say its encoding; it was read as {}, which is a guess.",
        encoding.name()
    );
    with(encoding, source, Some(note))
}

/// A guess can be wrong without a single wrong byte: EBCDIC read as
/// windows-1252 is all punctuation.
fn has_words(text: &str) -> bool {
    let visible = text.chars().filter(|c| !c.is_whitespace()).count();
    let words = text.chars().filter(|c| c.is_alphanumeric()).count();
    visible < 100 || words * 3 > visible
}

fn is_noise(text: &str) -> bool {
    let (mut all, mut noise) = (0_u32, 0_u32);
    for c in text.chars() {
        if c == '\0' {
            return true;
        }
        all = all.saturating_add(1);
        noise += u32::from(c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace()));
    }
    f64::from(noise) > f64::from(all) * MOST_NOISE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(source: &[u8]) -> String {
        decode(source).expect("it is text").text
    }

    #[test]
    fn utf8_keeps_its_own_bytes_after_the_mark() {
        assert_eq!(text(b"\xEF\xBB\xBFone\r\ntwo\r\n"), "one\r\ntwo\r\n");
        assert_eq!(decode("Österreich\n".as_bytes()), Ok(Decoded::plain("Österreich\n".into())));
    }

    #[test]
    fn utf16_is_read_with_a_mark_and_without() {
        let words = "Überlassung der Räume";
        let little: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&[b"\xFF\xFE", &little[..]].concat()), words);
        assert_eq!(text(&[b"\xFE\xFF", &big[..]].concat()), words);
        assert_eq!(text(&little), words);
        assert_eq!(text(&big), words);
    }

    #[test]
    fn an_old_encoding_is_recognised_and_the_guess_is_said() {
        let decoded = decode(b"Die K\xFCndigung ist gem\xE4\xDF \xA7 4 m\xF6glich.").expect("text");
        assert_eq!(decoded.text, "Die Kündigung ist gemäß § 4 möglich.");
        assert!(decoded.note.expect("a note").contains("windows-1252, which is a guess"));
        let (russian, ..) = encoding_rs::WINDOWS_1251
            .encode("Настоящий договор вступает в силу с момента его подписания сторонами.");
        assert_eq!(
            text(&russian),
            "Настоящий договор вступает в силу с момента его подписания сторонами."
        );
    }

    #[test]
    fn one_torn_character_does_not_spoil_the_others() {
        let torn = ["Ärger über Öl, übrigens größer als möglich".as_bytes(), b"\xC3"].concat();
        let torn = [&torn[..], " und schöner, süßer Äpfel für".as_bytes()].concat();
        let decoded = decode(&torn).expect("text");
        assert!(decoded.text.starts_with("Ärger über Öl"), "{}", decoded.text);
        assert!(decoded.note.expect("a note").contains("not UTF-8"));
    }

    #[test]
    fn binary_data_is_refused() {
        assert_eq!(decode(b"MZ\x90\0\x03\0\0\0\x04\0"), Err(ReadError::Binary));
        assert_eq!(decode(b"text with a \0 in it, but otherwise fine"), Err(ReadError::Binary));
        let noise: Vec<u8> = (1..=30_u8).cycle().take(2_000).collect();
        assert_eq!(decode(&noise), Err(ReadError::Binary));
    }

    #[test]
    fn an_encoding_that_nobody_knows_is_refused_and_not_guessed_into_punctuation() {
        let ebcdic: Vec<u8> = "The supplier shall deliver the goods within thirty days. "
            .repeat(20)
            .bytes()
            .map(|c| match c {
                b'a'..=b'i' => c - b'a' + 0x81,
                b'j'..=b'r' => c - b'j' + 0x91,
                b's'..=b'z' => c - b's' + 0xA2,
                b'T' => 0xE3,
                b'.' => 0x4B,
                _ => 0x40,
            })
            .collect();
        assert_eq!(decode(&ebcdic), Err(ReadError::Encoding));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(source in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(decoded) = decode(&source) {
                prop_assert!(!decoded.text.contains('\0'));
            }
        }

        #[test]
        fn text_in_utf8_is_never_changed(source in "[^\\p{C}\u{FFFD}]{0,200}") {
            prop_assert_eq!(text(source.as_bytes()), source);
        }
    }
}
