//! One mail of RFC 5322 and MIME: its text, and its attachments as parts.

use std::borrow::Cow;
use std::collections::HashSet;
use std::panic::catch_unwind;

use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use super::names::{self, Names};
use super::{Read, body, head};
use crate::domain::document::Part;
use crate::extract::encoding;
use crate::extract::failure::ReadError;
use crate::extract::flow::Flow;

/// Adds the mail to `flow` and tells what else is in it. `source` is as
/// [`super::source::prepared`] gives it.
pub fn write(source: &[u8], flow: &mut Flow) -> Read {
    let Some(mail) = parse(source) else {
        return as_it_stands(source, flow);
    };
    head::write(&mail, flow);
    let read = body::chosen(&mail);
    let mut notes = body::write(&mail, &read, flow);
    notes.extend(encrypted(&mail));
    let attached = attachments(&mail, &read);
    notes.extend(attached.iter().filter_map(|(name, attached)| unopened(name, attached)));
    let parts = attached
        .into_iter()
        .map(|(name, attached)| Part { name, bytes: attached.bytes(&mail).len() as u64 });
    Read { parts: parts.collect(), notes }
}

/// The bytes of the attachment that [`write`] called `name`.
pub fn part(source: &[u8], name: &str) -> Result<Vec<u8>, ReadError> {
    let mail = parse(source).ok_or(ReadError::NoPart)?;
    let mut parts = attachments(&mail, &body::chosen(&mail)).into_iter();
    let (_, attached) = parts.find(|(taken, _)| taken == name).ok_or(ReadError::NoPart)?;
    Ok(attached.bytes(&mail).into_owned())
}

/// A document that came with a mail.
enum Attached<'a, 'x> {
    Part(&'a MessagePart<'x>),
    /// It stood in the text as letters.
    Packed(Vec<u8>),
}

impl Attached<'_, '_> {
    fn bytes<'b>(&'b self, mail: &'b Message<'_>) -> Cow<'b, [u8]> {
        match self {
            Self::Part(part) => body::bytes(mail, part),
            Self::Packed(bytes) => Cow::Borrowed(bytes),
        }
    }
}

/// What is to be said of Outlook's own package of attachments ([MS-OXTNEF]).
fn unopened(name: &str, attached: &Attached<'_, '_>) -> Option<String> {
    let Attached::Part(part) = attached else {
        return None;
    };
    let is_package =
        matches!(kind(part).as_str(), "application/ms-tnef" | "application/vnd.ms-tnef")
            || name.eq_ignore_ascii_case("winmail.dat");
    is_package.then(|| {
        format!(
            "Its attachment “{name}” is a package of Outlook's own, and what lies in it is not \
             read. Ask the sender to send the files without Outlook's Rich Text."
        )
    })
}

/// Mails inside mails, and lists of them, that the parser is given; its time
/// and stack grow with how deep they lie in one another.
const MOST_INSIDE: usize = 4_000;

/// The parser promises not to panic; a promise of a parser is not relied upon.
fn parse(source: &[u8]) -> Option<Message<'_>> {
    if mails_inside(source) > MOST_INSIDE {
        return None;
    }
    let parsed = catch_unwind(|| MessageParser::default().parse(source)).ok()??;
    (!parsed.parts.is_empty()).then_some(parsed)
}

/// How often a mail says that a part of it is a mail, or a list of mails.
fn mails_inside(source: &[u8]) -> usize {
    let says = |at: usize, name: &[u8]| {
        source.get(at..at + name.len()).is_some_and(|is| is.eq_ignore_ascii_case(name))
    };
    let slashes = source.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    let inside = slashes.filter(|(at, _)| {
        at.checked_sub(7).is_some_and(|at| says(at, b"message/"))
            || at.checked_sub(9).is_some_and(|at| says(at, b"multipart/digest"))
    });
    inside.count()
}

fn as_it_stands(source: &[u8], flow: &mut Flow) -> Read {
    let text = encoding::decode(source).map(|decoded| decoded.text);
    flow.literal(&text.unwrap_or_else(|_| String::from_utf8_lossy(source).into_owned()));
    flow.end_block();
    let note = "It is not built as a mail is; it stands here as it is in the file.";
    Read { parts: Vec::new(), notes: vec![note.to_owned()] }
}

/// Whose body can only be read with a key.
fn encrypted(mail: &Message<'_>) -> Option<String> {
    let kind = mail.root_part().content_type()?;
    let subtype = kind.subtype().unwrap_or_default().to_ascii_lowercase();
    let enveloped = kind.attribute("smime-type").is_none_or(|kind| kind == "enveloped-data");
    let locked = match subtype.as_str() {
        "encrypted" => true,
        "pkcs7-mime" | "x-pkcs7-mime" => enveloped,
        _ => false,
    };
    locked.then(|| {
        "The mail is encrypted; only its head was read. Open it in your mail program and save \
         it without encryption."
            .to_owned()
    })
}

/// The parts that are documents of their own, with their names.
fn attachments<'a, 'x>(mail: &'a Message<'x>, read: &[u32]) -> Vec<(String, Attached<'a, 'x>)> {
    let mut names = Names::default();
    let mut found = Vec::new();
    let body: HashSet<&u32> = read.iter().collect();
    for id in mail.attachments.iter().filter(|id| !body.contains(id)) {
        let part = mail.parts.get(*id as usize);
        if let Some(part) = part.filter(|part| !is_decoration(part)) {
            let wish = wished_name(part);
            let fallback = format!("part {}{}", found.len() + 1, names::ending(&kind(part)));
            found.push((names.take(&wish, &fallback), Attached::Part(part)));
        }
    }
    for (wish, bytes) in body::packed(mail, read) {
        let fallback = format!("part {}.bin", found.len() + 1);
        found.push((names.take(&wish, &fallback), Attached::Packed(bytes)));
    }
    found
}

/// An image that only the text refers to, or a part that holds nothing.
fn is_decoration(part: &MessagePart<'_>) -> bool {
    let attached = part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment);
    let image = kind(part).starts_with("image/");
    let empty_text = part.text_contents().is_some_and(|text| text.trim().is_empty());
    !attached && (image && part.content_id().is_some() || empty_text)
}

/// "image/png", in lower case; empty where it is not said.
fn kind(part: &MessagePart<'_>) -> String {
    if matches!(part.body, PartType::Message(_)) {
        return "message/rfc822".into();
    }
    let kind = part.content_type();
    let kind = kind.map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
    kind.unwrap_or_else(|| "text/plain".into()).to_ascii_lowercase()
}

fn wished_name(part: &MessagePart<'_>) -> String {
    let name = part.attachment_name().unwrap_or_default();
    let PartType::Message(inner) = &part.body else {
        return name.to_owned();
    };
    let subject = || names::clean(&head::value(inner, &HeaderName::Subject));
    let name = if name.trim().is_empty() { subject() } else { names::clean(name) };
    let has_ending = name.len() > 4 && name.to_lowercase().ends_with(".eml");
    if name.is_empty() || has_ending { name } else { format!("{name}.eml") }
}

/// Who wrote the mail, when, and about what.
pub struct Summary {
    pub date: String,
    pub from: String,
    pub subject: String,
}

/// The head of a mail of a mailbox; empty where there is none.
pub fn summary(source: &[u8]) -> Summary {
    let head = catch_unwind(|| MessageParser::default().parse_headers(source)).ok().flatten();
    // A mail whose head alone was parsed has no part to hold its headers.
    let head = head.filter(|head| !head.parts.is_empty());
    let value = |name| head.as_ref().map(|head| head::value(head, &name)).unwrap_or_default();
    Summary {
        date: value(HeaderName::Date),
        from: value(HeaderName::From),
        subject: value(HeaderName::Subject),
    }
}
