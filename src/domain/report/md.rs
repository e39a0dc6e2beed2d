//! Blocks as Markdown (`CommonMark`). Text from documents, models and templates
//! is escaped: it can make no heading, list, link, image, table or HTML.

use super::Report;
use super::layout::{Block, Layout, Line, Run, Style};
use crate::domain::finding::JobResult;

pub(super) fn document(report: &Report<'_>) -> String {
    print(&Layout::new(report).document())
}

pub(super) fn job(report: &Report<'_>, result: &JobResult) -> String {
    print(&Layout::new(report).job(result))
}

/// Blocks with a blank line between them, but for the items of a list.
pub(super) fn print(blocks: &[Block]) -> String {
    let mut printed = String::new();
    let mut in_list = false;
    for block in blocks {
        let text = match block {
            Block::Heading { level, text } => {
                format!("{} {}\n", "#".repeat(*level), escape(text))
            }
            Block::Paragraph(lines) => verse(lines, "", ""),
            Block::Item(lines) => verse(lines, "- ", "  "),
            Block::Quote(line) => verse(std::slice::from_ref(line), "> ", ""),
            Block::Ledger(_) => continue,
        };
        let is_item = matches!(block, Block::Item(_));
        let set_off = !(in_list && is_item);
        if set_off && !printed.is_empty() {
            printed.push('\n');
        }
        printed.push_str(&text);
        in_list = is_item;
    }
    printed
}

/// Lines that stay lines: two spaces at the end are a break.
fn verse(lines: &[Line], first: &str, further: &str) -> String {
    let lines = lines.iter().enumerate().map(|(at, line)| {
        let lead = if at == 0 { first } else { further };
        format!("{lead}{}", guard(&line.iter().map(run).collect::<String>()))
    });
    lines.collect::<Vec<_>>().join("  \n") + "\n"
}

fn run(run: &Run) -> String {
    let text = escape(&run.text);
    match run.style {
        Style::Plain => text,
        Style::Strong => format!("**{text}**"),
        Style::Emphasis => format!("*{text}*"),
        Style::Value => format!("[{text}]"),
    }
}

/// Takes every sign that means something inside a line out of force.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, sign) in text.char_indices() {
        let rest = &text[at + sign.len_utf8()..];
        let means_something = match sign {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' => true,
            '_' => may_emphasise(text[..at].trim_end_matches('_'), rest.trim_start_matches('_')),
            // An entity such as &lt; would be shown as what it stands for.
            '&' => {
                rest.starts_with(|c: char| c == '#' || c.is_ascii_alphabetic())
                    && rest.split_once(';').is_some_and(|(name, _)| {
                        name.chars().all(|c| c == '#' || c.is_alphanumeric())
                    })
            }
            // Bare addresses become links in many readers.
            ':' => rest.starts_with("//"),
            '.' => {
                let word = text[..at].rsplit(|c: char| !c.is_ascii_alphabetic()).next();
                word.is_some_and(|word| word.eq_ignore_ascii_case("www"))
            }
            _ => false,
        };
        if means_something {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// Whether underscores between these two can be emphasis: not inside a word,
/// and not where a form leaves room to write.
fn may_emphasise(before: &str, after: &str) -> bool {
    let in_word =
        before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
    let alone = (before.is_empty() || before.ends_with(' '))
        && (after.is_empty() || after.starts_with(' '));
    !in_word && !alone
}

/// Takes a sign that means something at the start of a line out of force: of
/// headings, lists, quotes, rules and tables.
fn guard(line: &str) -> String {
    let line = line.trim_start();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if line.starts_with(['#', '+', '-', '=', '>', '_', '|', ':']) {
        format!("\\{line}")
    } else if digits > 0 && line[digits..].starts_with(['.', ')']) {
        format!("{}\\{}", &line[..digits], &line[digits..])
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests;
