//! Names of parts: what a mail calls its attachments, made into names that
//! stand in a path as one component and are told apart.

use std::collections::HashMap;

/// In characters; file systems take 255 bytes.
const LONGEST: usize = 80;

/// Names that were given so far.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, usize>);

impl Names {
    /// `wish` as one component of a path, different from all before it also
    /// where capital letters do not count.
    pub fn take(&mut self, wish: &str, fallback: &str) -> String {
        let cleaned = clean(wish);
        let name = if cleaned.is_empty() { fallback.to_owned() } else { cleaned };
        let mut candidate = name.clone();
        loop {
            let times = self.0.entry(candidate.to_lowercase()).or_default();
            *times += 1;
            if *times == 1 {
                return candidate;
            }
            let times = *times;
            let (stem, ending) = split(&name);
            candidate = format!("{stem} ({times}){ending}");
        }
    }
}

/// A text as one component of a path; empty where nothing of it can stand.
pub fn clean(wish: &str) -> String {
    let mut out = String::new();
    for c in wish.chars() {
        match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => out.push('_'),
            c if c.is_control() || c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            // Characters that are not seen or turn the direction of reading
            // can make "gpj.exe" look like "exe.jpg".
            '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{AD}' => {}
            c => out.push(c),
        }
    }
    let out = out.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    let (stem, ending) = split(out);
    let room = LONGEST.saturating_sub(ending.chars().count());
    let stem: String = stem.chars().take(room).collect();
    format!("{}{ending}", stem.trim_end())
}

/// A name and its ending with the dot, where it has one of ordinary length.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && (2..=8).contains(&name[at..].len()) => name.split_at(at),
        _ => (name, ""),
    }
}

/// The ending that a file of this type has, with its dot.
pub fn ending(kind: &str) -> &'static str {
    match kind {
        "text/html" => ".html",
        "text/csv" => ".csv",
        "text/rtf" | "application/rtf" => ".rtf",
        "text/calendar" => ".ics",
        "text/vcard" | "text/x-vcard" => ".vcf",
        "message/rfc822" | "message/global" => ".eml",
        "application/pdf" => ".pdf",
        "application/msword" => ".doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => ".docx",
        "application/vnd.oasis.opendocument.text" => ".odt",
        "application/zip" => ".zip",
        "image/png" => ".png",
        "image/jpeg" | "image/jpg" => ".jpg",
        "image/gif" => ".gif",
        // Reports of what became of a mail are text too.
        _ if kind.starts_with("text/") || kind.starts_with("message/") => ".txt",
        _ => ".bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_component_without_tricks() {
        for (wish, expected) in [
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\temp\\a.pdf", "C__temp_a.pdf"),
            (".hidden", "hidden"),
            ("a\r\n b\u{0}c.pdf", "a b c.pdf"),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
            ("..", ""),
            (" . ", ""),
            ("Überweisung 3.4.pdf", "Überweisung 3.4.pdf"),
        ] {
            assert_eq!(clean(wish), expected, "{wish:?}");
        }
        let long = clean(&format!("{}.docx", "ä".repeat(500)));
        assert_eq!((long.chars().count(), split(&long).1), (LONGEST, ".docx"));
    }

    #[test]
    fn names_are_told_apart() {
        let mut names = Names::default();
        let taken =
            ["a.pdf", "A.pdf", "a.pdf", "a (2).pdf", ""].map(|wish| names.take(wish, "part 5"));
        assert_eq!(taken, ["a.pdf", "A (2).pdf", "a (3).pdf", "a (2) (2).pdf", "part 5"]);
    }
}
