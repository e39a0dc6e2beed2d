//! A mailbox: where one mail ends and the next begins (RFC 4155 and the older
//! ways of writing it), and the list of its mails.

use std::borrow::Cow;

use super::{eml, names, source};
use crate::domain::document::Part;
use crate::extract::failure::ReadError;
use crate::extract::flow::Flow;

/// The mails of a mailbox, each without the line before it; none where the
/// file is no mailbox.
pub fn mails(source: &[u8]) -> Vec<&[u8]> {
    let mut mails = Vec::new();
    let mut start: Option<usize> = None;
    let mut at = 0;
    let mut after_empty = true;
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        let next = at + line.len();
        if after_empty && is_separator(line, &source[next..]) {
            if let Some(start) = start {
                mails.push(&source[start..at]);
            }
            start = Some(next);
        } else if start.is_none() && !line.trim_ascii().is_empty() {
            return Vec::new();
        }
        after_empty = line.trim_ascii().is_empty();
        at = next;
    }
    mails.extend(start.map(|start| &source[start..]));
    mails
}

/// "From ", a sender, and a time; where the time is not there, a header on the
/// next line. "From here on …" in a letter is neither.
fn is_separator(line: &[u8], next: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    let words = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let words: Vec<&[u8]> = words.collect();
    let time =
        |word: &&&[u8]| word.len() >= 4 && word[1..].contains(&b':') && word[0].is_ascii_digit();
    let year = |word: &&&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    if words.iter().any(|word| time(&word)) && words.iter().any(|word| year(&word)) {
        return true;
    }
    words.len() == 1 && is_header(next)
}

fn is_header(line: &[u8]) -> bool {
    let name =
        line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    name > 1 && line.get(name) == Some(&b':')
}

/// A mail as it was before it was put into the mailbox: one `>` goes before
/// each "From " that begins a line.
fn unescaped(mail: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(mail.len());
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let escaped = marks > 0 && line[marks..].starts_with(b"From ");
        out.extend_from_slice(&line[usize::from(escaped)..]);
    }
    out
}

fn name(number: usize, of: usize, subject: &str) -> String {
    let width = of.to_string().len().max(4);
    let subject: String = names::clean(subject).chars().take(60).collect();
    let subject = subject.trim_end_matches([' ', '.']);
    let subject = if subject.is_empty() { "without a subject" } else { subject };
    format!("{number:0width$} {subject}.eml")
}

fn summary(mail: &[u8]) -> eml::Summary {
    let head = &mail[..mail.len().min(64 * 1024)];
    eml::summary(&source::prepared(head).unwrap_or(Cow::Borrowed(head)))
}

/// Adds the list of mails to `flow`, one a line, and gives them as parts.
pub fn list(mails: &[&[u8]], flow: &mut Flow) -> (Vec<Part>, Option<String>) {
    let mut parts = Vec::new();
    let mut empty = 0;
    for (number, mail) in (1..).zip(mails) {
        if mail.trim_ascii().is_empty() {
            empty += 1;
            continue;
        }
        let summary = summary(mail);
        let from = summary.from;
        flow.row(&[number.to_string(), summary.date, from, summary.subject.clone()]);
        let name = name(number, mails.len(), &summary.subject);
        parts.push(Part { name, bytes: unescaped(mail).len() as u64 });
    }
    flow.end_block();
    let note = (empty > 0).then(|| format!("{empty} of its mails are empty and left out."));
    (parts, note)
}

/// The mail that [`list`] called `name`.
pub fn part(mails: &[&[u8]], wanted: &str) -> Result<Vec<u8>, ReadError> {
    let digits = wanted.split(' ').next().unwrap_or_default();
    let number = digits.parse::<usize>().ok().filter(|number| (1..=mails.len()).contains(number));
    let mail = number.map(|number| (number, mails[number - 1])).ok_or(ReadError::NoPart)?;
    if name(mail.0, mails.len(), &summary(mail.1).subject) != wanted {
        return Err(ReadError::NoPart);
    }
    Ok(unescaped(mail.1))
}
