//! From bytes to text. UTF-8 stays as it is, byte for byte; anything else is
//! recognised and turned into UTF-8, and what was guessed is said.

mod guess;
mod pages;
mod wide;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use super::failure::ReadError;
use guess::Guess;
pub use pages::CodePage;

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
    decode_as(source, None)
}

/// Decodes a text that names its encoding `hint` (the charset of a web page or
/// of a mail, a label of the WHATWG Encoding Standard). The hint counts where
/// the bytes say nothing else and fit it.
///
/// # Errors
/// As [`decode`].
pub fn decode_as(source: &[u8], hint: Option<&str>) -> Result<Decoded, ReadError> {
    let decoded =
        decode_as_found(source, hint.and_then(|hint| Encoding::for_label(hint.trim().as_bytes())));
    if is_noise(&decoded.text) {
        Err(ReadError::Binary)
    } else if decoded.note.is_some() && !has_words(&decoded.text) {
        Err(ReadError::Encoding)
    } else {
        Ok(decoded)
    }
}

/// The beginning of a text in any Unicode encoding, at least `most` bytes of it
/// where there are so many; of other encodings only what is ASCII is right.
/// For telling formats apart.
pub fn head(source: &[u8], most: usize) -> String {
    let source = &source[..source.len().min(most & !3)];
    if let Some((order, length)) = utf32(source) {
        return order.decode(&source[length..]).0;
    }
    let (encoding, length) = Encoding::for_bom(source)
        .or_else(|| Some((wide::utf16_without_mark(source)?, 0)))
        .unwrap_or((UTF_8, 0));
    encoding.decode_without_bom_handling(&source[length..]).0.into_owned()
}

fn decode_as_found(source: &[u8], hint: Option<&'static Encoding>) -> Decoded {
    if let Some((order, length)) = utf32(source) {
        let (text, whole) = order.decode(&source[length..]);
        let note = (length == 0).then(|| assumed(order.name()));
        return noted(text, !whole, order.name(), note);
    }
    if let Some((encoding, length)) = Encoding::for_bom(source) {
        return with(encoding, &source[length..], None);
    }
    if let Some(encoding) = wide::utf16_without_mark(source) {
        let note = (hint != Some(encoding)).then(|| assumed(encoding.name()));
        return with(encoding, source, note);
    }
    if is_iso_2022_jp(source) {
        let note = (hint != Some(ISO_2022_JP)).then(|| assumed("ISO-2022-JP"));
        return with(ISO_2022_JP, source, note);
    }
    if let Ok(text) = str::from_utf8(source) {
        return Decoded::plain(text.to_owned());
    }
    by_hint(source, hint).or_else(|| damaged_utf8(source)).unwrap_or_else(|| guessed(source))
}

/// UTF-32, and the length of its mark, which may be missing.
fn utf32(source: &[u8]) -> Option<(wide::Order, usize)> {
    let marked = wide::utf32_mark(source).map(|order| (order, 4));
    marked.or_else(|| Some((wide::utf32_without_mark(source)?, 0)))
}

fn assumed(name: &str) -> String {
    format!("The file does not say its encoding; it was read as {name}.")
}

fn with(encoding: &'static Encoding, source: &[u8], note: Option<String>) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(source);
    noted(text.into_owned(), damaged, encoding.name(), note)
}

fn noted(text: String, damaged: bool, name: &str, note: Option<String>) -> Decoded {
    let damage =
        damaged.then(|| format!("Some bytes are not {name} text; they stand as \u{FFFD} here."));
    let note = match (note, damage) {
        (Some(note), Some(damage)) => Some(format!("{note} {damage}")),
        (note, damage) => note.or(damage),
    };
    Decoded { text, note }
}

/// What the file says of itself, where that makes text of all its bytes. UTF-16
/// was looked for already: a file that claims it and has no zero byte is wrong.
fn by_hint(source: &[u8], hint: Option<&'static Encoding>) -> Option<Decoded> {
    let hint = hint.filter(|hint| ![UTF_16LE, UTF_16BE].contains(hint))?;
    let text = hint.decode_without_bom_handling_and_without_replacement(source)?;
    (!is_noise(&text)).then(|| Decoded::plain(text.into_owned()))
}

/// ISO-2022-JP is ASCII to the eye of a machine, but for the escapes by which
/// it changes to Japanese letters (RFC 1468).
fn is_iso_2022_jp(source: &[u8]) -> bool {
    const ESCAPES: [&[u8]; 4] = [b"\x1B$B", b"\x1B$@", b"\x1B(J", b"\x1B(I"];
    source.is_ascii()
        && source.contains(&0x1B)
        && source.windows(3).any(|bytes| ESCAPES.contains(&bytes))
        && !ISO_2022_JP.decode_without_bom_handling(source).1
}

/// UTF-8 with a few broken bytes (a torn copy, a pasted snippet) is still UTF-8:
/// a guess would turn every one of its accents into two wrong letters.
fn damaged_utf8(source: &[u8]) -> Option<Decoded> {
    let (mut broken, mut whole) = (0_usize, 0_usize);
    for chunk in source.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    (broken * 10 <= whole).then(|| with(UTF_8, source, None))
}

fn guessed(source: &[u8]) -> Decoded {
    let guess: Guess = guess::guess(source);
    let (text, damaged) = guess.decode(source);
    let name = guess.name();
    let note =
        format!("The file does not say its encoding; it was read as {name}, which is a guess.");
    noted(text, damaged, name, Some(note))
}

/// A guess can be wrong without a single wrong byte: a cipher read as
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
mod tests;
