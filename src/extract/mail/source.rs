//! A mail's bytes made ready for the parser: encodings of the whole file, what
//! mailboxes put before a mail, and letters in heads that no standard allows.

use std::borrow::Cow;

use crate::extract::encoding;
use crate::extract::failure::ReadError;

/// The mail from its first header on, in bytes that ASCII is part of.
///
/// # Errors
/// [`ReadError::Blank`] where there is nothing but white space.
pub fn prepared(source: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    let mut source = Cow::Borrowed(source);
    let head = &source[..source.len().min(256)];
    if head.contains(&0) || head.starts_with(b"\xEF\xBB\xBF") {
        // UTF-16, or a byte-order mark.
        source = Cow::Owned(encoding::decode(&source)?.text.into_bytes());
    }
    let start = source.len() - source.trim_ascii_start().len();
    if start == source.len() {
        return Err(ReadError::Blank);
    }
    let after = after_envelope(&source[start..]);
    let start = source.len() - after.len();
    let source = match source {
        Cow::Borrowed(source) => Cow::Borrowed(&source[start..]),
        Cow::Owned(mut source) => {
            source.drain(..start);
            Cow::Owned(source)
        }
    };
    Ok(with_readable_head(source))
}

/// Without the line that a mailbox puts before a mail.
fn after_envelope(mail: &[u8]) -> &[u8] {
    if !mail.starts_with(b"From ") {
        return mail;
    }
    let end = mail.iter().position(|byte| *byte == b'\n');
    end.map_or(mail, |end| &mail[end + 1..])
}

/// Letters beyond ASCII stand in heads raw, in whatever encoding the sender's
/// machine had; they are made UTF-8, which the parser takes.
fn with_readable_head(mail: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let end = end_of_head(&mail);
    if str::from_utf8(&mail[..end]).is_ok() {
        return mail;
    }
    match encoding::decode(&mail[..end]) {
        Ok(head) => Cow::Owned([head.text.as_bytes(), &mail[end..]].concat()),
        Err(_) => mail,
    }
}

/// Where the first empty line begins.
fn end_of_head(mail: &[u8]) -> usize {
    let ends = [&b"\n\n"[..], b"\n\r\n"];
    let found = ends.iter().filter_map(|end| mail.windows(end.len()).position(|w| w == *end));
    found.min().map_or(mail.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_around_a_mail_is_taken_off() {
        let utf16: Vec<u8> = "To: a\n\nb".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for source in [
            &b"To: a\n\nb"[..],
            b"\xEF\xBB\xBFTo: a\n\nb",
            b"\r\n \nTo: a\n\nb",
            b"From a@b Wed Jul 16 06:24:10 2008\nTo: a\n\nb",
            &utf16,
        ] {
            assert_eq!(
                &*prepared(source).expect("a mail"),
                b"To: a\n\nb",
                "{}",
                source.escape_ascii()
            );
        }
        assert_eq!(prepared(b" \r\n\n"), Err(ReadError::Blank));
    }

    #[test]
    fn raw_letters_in_the_head_are_read_and_the_body_stays() {
        let mail = prepared(b"To: M\xFCller\r\n\r\nM\xFCller").expect("a mail");
        assert_eq!(&*mail, "To: Müller\r\n\r\nM".bytes().chain(*b"\xFCller").collect::<Vec<_>>());
    }
}
