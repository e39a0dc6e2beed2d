//! A mail as Outlook saves it ([MS-OXMSG]): head, body, attachments, and mails
//! inside it.

use std::path::{Path, PathBuf};

use super::compound::{Compound, TOP_HEADER};
use super::names::{self, Names};
use super::properties::Properties;
use super::{MOST_PARTS, Read, head, lzfu};
use crate::domain::document::Part;
use crate::extract::encoding;
use crate::extract::failure::ReadError;
use crate::extract::flow::Flow;
use crate::extract::html::{self, Title};
use crate::extract::options::Options;
use crate::extract::rtf::{self, Charset};

/// Bytes before the properties of an attachment or a recipient.
const HEADER: usize = 8;

/// More recipients than this are not looked at one by one.
const MOST_RECIPIENTS: usize = 2_000;

// Numbers of properties as [MS-OXPROPS] has them.
const SUBJECT: u16 = 0x0037;
const SUBMITTED: u16 = 0x0039;
const DELIVERED: u16 = 0x0E06;
const BODY: u16 = 0x1000;
const BODY_RTF: u16 = 0x1009;
const BODY_HTML: u16 = 0x1013;
const DISPLAY_NAME: u16 = 0x3001;
const ADDRESS: u16 = 0x3003;
const SMTP_ADDRESS: u16 = 0x39FE;
const RECIPIENT_TYPE: u16 = 0x0C15;
const ATTACHED: u16 = 0x3701;
const FILE_NAME: u16 = 0x3704;
const LONG_FILE_NAME: u16 = 0x3707;
const MIME_TYPE: u16 = 0x370E;
const CONTENT_ID: u16 = 0x3712;
const ATTACH_FLAGS: u16 = 0x3714;
const ATTACHMENT_HIDDEN: u16 = 0x7FFE;

/// Of [`ATTACH_FLAGS`]: the body shows it in its place.
const SHOWN_IN_BODY: i32 = 4;

fn root() -> PathBuf {
    PathBuf::from("/")
}

/// Adds the mail to `flow` and tells what else is in it.
///
/// # Errors
/// Where the file is too damaged to hold a mail.
pub fn write(source: &[u8], options: &Options, flow: &mut Flow) -> Result<Read, ReadError> {
    let mut file = Compound::open(source)?;
    let mail = Properties::of(&mut file, &root(), TOP_HEADER, Charset::DEFAULT);
    write_head(&mut file, &mail, flow);
    let mut read = Read::default();
    read.notes.extend(write_body(&mut file, &mail, options, flow));
    let (attachments, missing) = attachments(&mut file, &mail);
    if missing > 0 {
        read.notes.push(format!(
            "{missing} of its attachments are only named in it, and their content is elsewhere \
             or lost. Ask the sender for the files."
        ));
    }
    for (name, attachment) in attachments {
        if let Some(bytes) = attachment.bytes(&mut file) {
            read.parts.push(Part { name, bytes: bytes.len() as u64 });
        } else {
            read.notes.push(format!("Its attachment “{name}” is damaged and was left out."));
        }
    }
    Ok(read)
}

/// The bytes of the attachment that [`write`] called `name`.
pub fn part(source: &[u8], name: &str) -> Result<Vec<u8>, ReadError> {
    let mut file = Compound::open(source)?;
    let mail = Properties::of(&mut file, &root(), TOP_HEADER, Charset::DEFAULT);
    let mut found = attachments(&mut file, &mail).0.into_iter();
    let (_, attachment) = found.find(|(taken, _)| taken == name).ok_or(ReadError::NoPart)?;
    attachment.bytes(&mut file).ok_or(ReadError::NoPart)
}

fn write_head(file: &mut Compound<'_>, mail: &Properties, flow: &mut Flow) {
    head::line("From", &sender(file, mail), flow);
    let recipients = recipients(file, mail);
    for (kind, name, display) in [(1, "To", 0x0E04), (2, "Cc", 0x0E03), (3, "Bcc", 0x0E02)] {
        let of_kind = recipients.iter().filter(|(is, _)| *is == kind);
        let listed: Vec<&str> = of_kind.map(|(_, person)| person.as_str()).collect();
        let all = if listed.is_empty() { mail.text(file, display) } else { listed.join(", ") };
        head::line(name, &all, flow);
    }
    let date = mail.time(SUBMITTED).or_else(|| mail.time(DELIVERED));
    head::line("Date", &date.unwrap_or_default(), flow);
    head::line("Subject", &mail.text(file, SUBJECT), flow);
    flow.end_block();
}

/// Whoever the mail is from, else whoever sent it.
fn sender(file: &mut Compound<'_>, mail: &Properties) -> String {
    let [from, by] = [[0x0042, 0x5D02, 0x0065], [0x0C1A, 0x5D01, 0x0C1F]].map(|ids| {
        let [name, smtp, address] = ids.map(|id| mail.text(file, id));
        head::person(&name, internet_address(&[&smtp, &address]))
    });
    if from.is_empty() { by } else { from }
}

/// The first that is an address on the internet and not of Exchange's own.
fn internet_address<'a>(addresses: &[&'a str]) -> &'a str {
    addresses.iter().find(|address| address.contains('@')).copied().unwrap_or_default()
}

fn recipients(file: &mut Compound<'_>, mail: &Properties) -> Vec<(i32, String)> {
    let storages = file.storages(&root(), "__recip_version1.0_", MOST_RECIPIENTS);
    let recipients = storages.iter().map(|path| {
        let recipient = Properties::of(file, path, HEADER, mail.charset());
        let [name, smtp, address] =
            [DISPLAY_NAME, SMTP_ADDRESS, ADDRESS].map(|id| recipient.text(file, id));
        let kind = recipient.number(RECIPIENT_TYPE).unwrap_or(1) & 0xF;
        (kind, head::person(name.trim_matches('\''), internet_address(&[&smtp, &address])))
    });
    recipients.filter(|(_, person)| !person.is_empty()).collect()
}

/// The plain text, else the web page, else the Rich Text; where the first is
/// there the others say the same.
fn write_body(
    file: &mut Compound<'_>,
    mail: &Properties,
    options: &Options,
    flow: &mut Flow,
) -> Option<String> {
    let plain = mail.text(file, BODY);
    if !plain.trim().is_empty() {
        flow.literal(&plain);
        flow.end_block();
        return None;
    }
    if let Some(page) = page(file, mail) {
        return html::write(&page, Title::LeftOut, flow);
    }
    let packed = mail.bytes(file, BODY_RTF)?;
    let most = usize::try_from(options.limits.text_bytes).unwrap_or(usize::MAX);
    match lzfu::unpacked(&packed, most) {
        Some(rich) => {
            rtf::write(&rich, options.view, flow);
            None
        }
        None => Some("Its text is packed in a way that this version does not know.".into()),
    }
}

fn page(file: &mut Compound<'_>, mail: &Properties) -> Option<String> {
    let page = match mail.bytes(file, BODY_HTML) {
        Some(bytes) => {
            let label = html::label(&bytes);
            let decoded = encoding::decode_as(&bytes, label.as_deref());
            decoded.map_or_else(|_| mail.charset().decode(&bytes), |decoded| decoded.text)
        }
        None => mail.text(file, BODY_HTML),
    };
    (!page.trim().is_empty()).then_some(page)
}

enum Attachment {
    File(PathBuf),
    /// A storage: a message, or an object of another program.
    Inside(PathBuf),
}

impl Attachment {
    fn bytes(&self, file: &mut Compound<'_>) -> Option<Vec<u8>> {
        match self {
            Self::File(path) => file.stream(path),
            Self::Inside(path) => file.extracted(path),
        }
    }
}

/// The attachments with their names, and how many have no content.
fn attachments(file: &mut Compound<'_>, mail: &Properties) -> (Vec<(String, Attachment)>, usize) {
    let mut missing = 0;
    let mut names = Names::default();
    let storages = file.storages(&root(), "__attach_version1.0_", MOST_PARTS + 1);
    let found = storages.iter().zip(1..).filter_map(|(path, number)| {
        let attachment = Properties::of(file, path, HEADER, mail.charset());
        let content = content(file, &attachment).or_else(|| {
            missing += 1;
            None
        })?;
        let kind = attachment.text(file, MIME_TYPE).to_ascii_lowercase();
        let ending = match &content {
            Attachment::Inside(path) if is_message(file, path) => ".msg",
            _ => names::ending(&kind),
        };
        let wish = wished_name(file, &attachment, &content);
        let name = names.take(&wish, &format!("part {number}{ending}"));
        let shown = !attachment.text(file, CONTENT_ID).is_empty()
            && attachment.number(ATTACH_FLAGS).unwrap_or(0) & SHOWN_IN_BODY != 0;
        let image = kind.starts_with("image/") || is_image(&name);
        (!(attachment.flag(ATTACHMENT_HIDDEN) || shown) || !image).then_some((name, content))
    });
    let found = found.collect();
    (found, missing)
}

fn content(file: &Compound<'_>, attachment: &Properties) -> Option<Attachment> {
    let stream = attachment.place(ATTACHED, 0x0102);
    if file.is_stream(&stream) {
        return Some(Attachment::File(stream));
    }
    let storage = attachment.place(ATTACHED, 0x000D);
    file.is_storage(&storage).then_some(Attachment::Inside(storage))
}

fn is_message(file: &Compound<'_>, storage: &Path) -> bool {
    file.is_stream(&storage.join(super::compound::PROPERTIES))
}

fn is_image(name: &str) -> bool {
    let name = name.to_lowercase();
    [".png", ".gif", ".jpg", ".jpeg", ".bmp"].iter().any(|ending| name.ends_with(ending))
}

fn wished_name(file: &mut Compound<'_>, attachment: &Properties, content: &Attachment) -> String {
    let names = [LONG_FILE_NAME, FILE_NAME, DISPLAY_NAME].map(|id| attachment.text(file, id));
    let name = names.into_iter().find(|name| !name.trim().is_empty()).unwrap_or_default();
    let name = names::clean(&name);
    match content {
        Attachment::Inside(path) if !name.is_empty() && is_message(file, path) => {
            let stem = name.strip_suffix(".msg").unwrap_or(&name);
            format!("{stem}.msg")
        }
        _ => name,
    }
}
