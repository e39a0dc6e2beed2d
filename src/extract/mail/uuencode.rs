//! Files that stand in the text of a mail as lines of letters, as was usual
//! before MIME (uuencode, POSIX.1-2017). Knows no mail.

use std::borrow::Cow;
use std::ops::Range;

/// A file in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Packed<'t> {
    /// As the text calls it.
    pub name: &'t str,
    pub bytes: Vec<u8>,
    /// Its lines, the first and the last among them, in bytes of the text.
    at: Range<usize>,
}

/// The files in a text, in order. Lines that only begin as a file does are text.
pub fn files(text: &str) -> Vec<Packed<'_>> {
    let mut found: Vec<Packed<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let free = found.last().is_none_or(|last| at >= last.at.end);
        if free && let Some(name) = opened(line) {
            let from = at + line.len();
            if let Some((bytes, length)) = unpacked(&text[from..]) {
                found.push(Packed { name, bytes, at: at..from + length });
            }
        }
        at += line.len();
    }
    found
}

/// The text without the files in it.
pub fn without(text: &str) -> Cow<'_, str> {
    let files = files(text);
    if files.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut from = 0;
    for file in files {
        out.push_str(&text[from..file.at.start]);
        from = file.at.end;
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

/// The name in "begin 644 name".
fn opened(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let octal = (3..=4).contains(&mode.len()) && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    Some(name.trim()).filter(|name| octal && !name.is_empty())
}

/// The bytes up to the line "end", and how long the lines are with it; `None`
/// where a line is not of this kind or the end is missing.
fn unpacked(text: &str) -> Option<(Vec<u8>, usize)> {
    let mut bytes = Vec::new();
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        length += line.len();
        let line = line.trim_end();
        if line == "end" {
            return Some((bytes, length));
        }
        unpack_line(line.as_bytes(), &mut bytes)?;
    }
    None
}

/// A line says first how many bytes it holds, then has four letters for each
/// three; blanks at its end may be lost.
fn unpack_line(line: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    let value = |letter: &u8| letter.checked_sub(b' ').filter(|v| *v <= 64).map(|v| v & 63);
    let Some((first, letters)) = line.split_first() else {
        return Some(());
    };
    let count = usize::from(value(first)?);
    let groups = count.div_ceil(3);
    // Some programs add a letter that proves the line.
    if letters.len() > groups * 4 + 1 {
        return None;
    }
    let mut left = count;
    for group in 0..groups {
        let letter = |n: usize| letters.get(group * 4 + n).map_or(Some(0), value);
        let [a, b, c, d] = [letter(0)?, letter(1)?, letter(2)?, letter(3)?];
        let three = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
        bytes.extend(&three[..left.min(3)]);
        left = left.saturating_sub(3);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_a_text_is_unpacked_and_its_lines_leave_the_text() {
        let text = "Dear Bo,\nbegin 644 cat.txt\n#0V%T\n`\nend\nYours\n";
        let found = files(text);
        assert_eq!((found[0].name, found[0].bytes.as_slice()), ("cat.txt", &b"Cat"[..]));
        assert_eq!(without(text), "Dear Bo,\nYours\n");
        // Four bytes, a lost blank at the end, and two files in a row.
        let two = "begin 0644 a b.bin\r\n$0V%T\r\n\r\nend\r\nbegin 755 c\n#0V%T\nend";
        let found = files(two);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name, found[0].bytes.as_slice()), ("a b.bin", &b"Cat\0"[..]));
        assert_eq!(without(two), "");
    }

    #[test]
    fn words_that_only_look_like_a_file_stay() {
        for text in [
            "begin 644 words of ours\nThat is all that we have to say to this.\nend\n",
            "begin 644 cat.txt\n#0V%T\n",
            "begin here 1\n#0V%T\nend\n",
            "begin 644 \n#0V%T\nend\n",
            "We begin 644 x\n#0V%T\nend\n",
        ] {
            assert_eq!(files(text), [], "{text}");
            assert_eq!(without(text), text);
        }
    }
}
