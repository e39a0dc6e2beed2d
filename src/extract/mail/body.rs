//! A mail's words: the plain text where there is one worth the name, else the
//! web page in which the same was sent.

use std::borrow::Cow;

use encoding_rs::Encoding as Charset;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders as _, PartType};

use super::uuencode;
use crate::extract::encoding;
use crate::extract::flow::Flow;
use crate::extract::html::{self, Title};

/// A plain text of fewer words than this may be one that only says that the
/// mail is to be looked at elsewhere.
const STUB: usize = 60;

/// Adds the parts that were [`chosen`] to `flow`, and gives what is to be said
/// of them.
pub fn write(mail: &Message<'_>, chosen: &[u32], flow: &mut Flow) -> Vec<String> {
    let mut notes = Vec::new();
    for id in chosen {
        let Some(part) = mail.parts.get(*id as usize) else {
            continue;
        };
        let (text, note) = text_of(mail, part);
        notes.extend(note);
        match part.body {
            PartType::Html(_) => notes.extend(html::write(&text, Title::LeftOut, flow)),
            _ => flow.literal(&unflowed(part, &uuencode::without(&text))),
        }
        flow.end_block();
    }
    notes.dedup();
    notes
}

/// The files that stand in the body as letters: what it calls them, and their bytes.
pub fn packed(mail: &Message<'_>, chosen: &[u32]) -> Vec<(String, Vec<u8>)> {
    let parts = chosen.iter().filter_map(|id| mail.parts.get(*id as usize));
    let plain = parts.filter(|part| !matches!(part.body, PartType::Html(_)));
    let of_part = |part| {
        let (text, _) = text_of(mail, part);
        let files = uuencode::files(&text).into_iter();
        files.map(|file| (file.name.to_owned(), file.bytes)).collect::<Vec<_>>()
    };
    plain.flat_map(of_part).collect()
}

/// The ids of the parts that are the body.
pub fn chosen(mail: &Message<'_>) -> Vec<u32> {
    let is_text = |id: &&u32| {
        mail.parts
            .get(**id as usize)
            .is_some_and(|part| matches!(part.body, PartType::Text(_) | PartType::Html(_)))
    };
    let plain: Vec<u32> = mail.text_body.iter().filter(is_text).copied().collect();
    let page: Vec<u32> = mail.html_body.iter().filter(is_text).copied().collect();
    if plain.is_empty() && page.is_empty() {
        // A mail of several parts that does not say where they begin.
        let whole = mail.parts.first().filter(|part| matches!(part.body, PartType::Text(_)));
        return whole.map(|_| 0).into_iter().collect();
    }
    let words = words(mail, &plain);
    let stub = words < STUB && page_words(mail, &page) > words.saturating_mul(5);
    if words == 0 || stub { page } else { plain }
}

fn words(mail: &Message<'_>, ids: &[u32]) -> usize {
    let texts = ids.iter().filter_map(|id| mail.parts.get(*id as usize)?.text_contents());
    texts.map(|text| text.split_whitespace().count()).sum()
}

fn page_words(mail: &Message<'_>, ids: &[u32]) -> usize {
    let mut flow = Flow::new(64 * 1024);
    for id in ids {
        if let Some(PartType::Html(text)) = mail.parts.get(*id as usize).map(|part| &part.body) {
            html::write(text, Title::LeftOut, &mut flow);
        }
    }
    flow.finish().0.split_whitespace().count()
}

/// The decoded bytes of a part, before its letters are.
pub fn bytes<'a>(mail: &'a Message<'_>, part: &'a MessagePart<'_>) -> Cow<'a, [u8]> {
    if let PartType::Binary(bytes) | PartType::InlineBinary(bytes) = &part.body {
        return Cow::Borrowed(bytes);
    }
    if let PartType::Message(inner) = &part.body
        && part.encoding != Encoding::None
    {
        return Cow::Borrowed(&inner.raw_message);
    }
    let span = part.offset_body as usize..part.offset_end as usize;
    let Some(raw) = mail.raw_message.get(span) else {
        return Cow::Borrowed(part.contents());
    };
    let decoded = match part.encoding {
        Encoding::None => return Cow::Borrowed(raw),
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    };
    decoded.map_or_else(|| Cow::Borrowed(part.contents()), Cow::Owned)
}

/// A text part's letters. The sender's word for the encoding is not always
/// true, and the parser believes it.
fn text_of<'a>(mail: &'a Message<'_>, part: &'a MessagePart<'_>) -> (Cow<'a, str>, Option<String>) {
    let label = part.content_type().and_then(|kind| kind.attribute("charset"));
    let parsed = part.text_contents().unwrap_or_default();
    let known = label.is_none_or(|label| Charset::for_label(label.trim().as_bytes()).is_some());
    if !known && !parsed.contains('\u{FFFD}') {
        // UTF-7, for one.
        return (Cow::Borrowed(parsed), None);
    }
    match encoding::decode_as(&bytes(mail, part), label) {
        Ok(decoded) => (Cow::Owned(decoded.text), decoded.note),
        Err(_) => (Cow::Borrowed(parsed), None),
    }
}

/// Lines that were only broken to be sent are whole again (RFC 3676).
fn unflowed<'a>(part: &MessagePart<'_>, text: &'a str) -> Cow<'a, str> {
    let kind = part.content_type();
    let attribute = |name| kind.and_then(|kind| kind.attribute(name)).unwrap_or_default();
    if !attribute("format").eq_ignore_ascii_case("flowed") {
        return Cow::Borrowed(text);
    }
    let delete = attribute("delsp").eq_ignore_ascii_case("yes");
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open == Some(depth) && content != "-- " {
            out.push_str(content);
        } else {
            if open.is_some() {
                out.push('\n');
            }
            out.push_str(&line[..depth]);
            if depth > 0 {
                out.push(' ');
            }
            out.push_str(content);
        }
        open = (content.ends_with(' ') && content != "-- ").then_some(depth);
        if open.is_none() {
            out.push('\n');
        } else if delete {
            out.pop();
        }
    }
    Cow::Owned(out)
}
