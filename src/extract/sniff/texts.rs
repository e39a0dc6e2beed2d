//! Kinds of text told by how they begin: mark-up, mails, mailboxes, subtitles.
//! Works on decoded text, so that the encoding makes no difference.

/// What a text is by its own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Vtt,
    Srt,
    Html,
    /// A Word document in one XML file.
    FlatWord,
    /// An `OpenDocument` text in one XML file.
    FlatOpenDocument,
    Rtf,
    Mail,
    Mailbox,
}

/// The kind of a text that begins with `head`; `None` where it does not say.
pub fn kind(head: &str) -> Option<Kind> {
    let text = head.trim_start_matches('\u{FEFF}').trim_start();
    if text.starts_with("{\\rtf") {
        return Some(Kind::Rtf);
    }
    if is_vtt(text) {
        return Some(Kind::Vtt);
    }
    if text.starts_with('<') {
        return markup(text);
    }
    if is_mailbox(text) {
        return Some(Kind::Mailbox);
    }
    if is_mail(text) {
        return Some(Kind::Mail);
    }
    is_srt(text).then_some(Kind::Srt)
}

fn is_vtt(text: &str) -> bool {
    // The header is the word alone or followed by white space (WebVTT, section 4.1).
    text.strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

fn markup(text: &str) -> Option<Kind> {
    let name = root(text)?.to_ascii_lowercase();
    match name.as_str() {
        "html" | "head" | "body" => Some(Kind::Html),
        "pkg:package" | "w:worddocument" => Some(Kind::FlatWord),
        "office:document" if text.contains("vnd.oasis.opendocument.text") => {
            Some(Kind::FlatOpenDocument)
        }
        _ => None,
    }
}

/// The name of the first element, or of the document type, behind declarations
/// and comments.
fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->")?.1;
        } else if let Some(instruction) = rest.strip_prefix("<?") {
            rest = instruction.split_once('>')?.1;
        } else if let Some(declaration) = rest.strip_prefix("<!") {
            let (declared, after) = declaration.split_once('>')?;
            let mut words = declared.split_whitespace();
            let is_type = words.next().is_some_and(|word| word.eq_ignore_ascii_case("doctype"));
            match words.next() {
                Some(name) if is_type && name.eq_ignore_ascii_case("html") => return Some("html"),
                _ => rest = after,
            }
        } else {
            let tag = rest.strip_prefix('<')?;
            let end = tag.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
            return Some(&tag[..end]);
        }
    }
}

/// Header fields that people know (RFC 5322, section 3.6).
const BY_PEOPLE: [&str; 7] = ["from", "to", "cc", "bcc", "subject", "date", "reply-to"];
/// Those that only programs write (RFC 5322, RFC 2045, RFC 5321).
const BY_PROGRAMS: [&str; 10] = [
    "message-id",
    "received",
    "return-path",
    "delivered-to",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "in-reply-to",
    "references",
    "dkim-signature",
];

/// A memo may begin with "From:", "To:" and "Subject:" and is a text; what only
/// mail programs write makes a mail.
fn is_mail(text: &str) -> bool {
    let (mut known, mut by_programs) = (0, 0);
    for line in text.lines() {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some(name) = field_name(line) else { return false };
        let name = name.to_ascii_lowercase();
        let program = BY_PROGRAMS.contains(&name.as_str());
        by_programs += u32::from(program);
        known += u32::from(program || BY_PEOPLE.contains(&name.as_str()));
    }
    known >= 2 && by_programs >= 1
}

/// The name of a header field, printable ASCII up to the colon.
fn field_name(line: &str) -> Option<&str> {
    let name = line.split_once(':')?.0.trim_end();
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic())).then_some(name)
}

/// A mailbox begins with a line "From sender date", and a header follows
/// (RFC 4155, appendix A).
fn is_mailbox(text: &str) -> bool {
    let mut lines = text.lines();
    let Some(line) = lines.next().and_then(|line| line.strip_prefix("From ")) else {
        return false;
    };
    let digits = |word: &str, most: usize| {
        (1..=most).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())
    };
    let is_clock = |word: &str| {
        let parts: Vec<&str> = word.split(':').collect();
        (2..=3).contains(&parts.len()) && parts.iter().all(|part| digits(part, 2))
    };
    let is_year = |word: &str| word.len() == 4 && digits(word, 4);
    let dated = line.split_whitespace().any(is_clock) && line.split_whitespace().any(is_year);
    dated && lines.next().is_some_and(|line| field_name(line).is_some())
}

/// The first cue: its number, which may be missing, and a line of two times.
fn is_srt(text: &str) -> bool {
    let mut lines = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    let Some(mut line) = lines.next() else { return false };
    if line.bytes().all(|b| b.is_ascii_digit()) {
        let Some(next) = lines.next() else { return false };
        line = next;
    }
    line.split_once("-->").is_some_and(|(start, end)| {
        let end = end.split_whitespace().next().unwrap_or("");
        is_time(start.trim()) && is_time(end)
    })
}

/// "00:01:02,345", with a comma or a full stop.
fn is_time(time: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let Some((clock, fraction)) = time.split_once([',', '.']) else { return false };
    clock.split(':').count() == 3 && clock.split(':').all(is_number) && is_number(fraction)
}
