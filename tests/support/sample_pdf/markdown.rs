//! The dialect of Markdown the sample is written in.

use super::PT;
use super::times::{Face, Line, win_ansi};

pub enum Block {
    Heading { level: usize, text: Line },
    Paragraph { indent: i64, hang: i64, label: Line, text: Line, last: bool },
    Table { right: Vec<bool>, rows: Vec<Vec<Line>> },
    NewPage,
}

/// The blocks of a document, in order.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut out = Vec::new();
    for chunk in markdown.split("\n\n") {
        let chunk = chunk.trim();
        if chunk.is_empty() {
            continue;
        }
        let level = chunk.bytes().take_while(|&byte| byte == b'#').count();
        if chunk == "---" {
            out.push(Block::NewPage);
        } else if level > 0 {
            let text = chunk[level..].trim();
            out.push(Block::Heading { level, text: glyphs(text, Face::Bold) });
        } else if chunk.starts_with('|') {
            out.push(table(chunk));
        } else {
            let parts: Vec<&str> = chunk.split("\\\n").collect();
            for (index, part) in parts.iter().enumerate() {
                out.push(paragraph(part, index + 1 == parts.len()));
            }
        }
    }
    out
}

fn paragraph(part: &str, last: bool) -> Block {
    let joined = part.split_whitespace().collect::<Vec<_>>().join(" ");
    let (label, text, indent, hang) = match joined.split_once(' ') {
        Some((label, text)) if is_clause_number(label) => (label, text, 0, 32 * PT),
        Some((label, text)) => match list_depth(label) {
            Some(depth) => (label, text, (32 + 26 * depth) * PT, 26 * PT),
            None => ("", joined.as_str(), 0, 0),
        },
        None => ("", joined.as_str(), 0, 0),
    };
    Block::Paragraph {
        indent,
        hang,
        label: glyphs(label, Face::Roman),
        text: glyphs(text, Face::Roman),
        last,
    }
}

/// `4.2`, but not `2026` and not `3.` at the start of a sentence.
fn is_clause_number(word: &str) -> bool {
    word.split_once('.').is_some_and(|(clause, sub)| {
        [clause, sub].iter().all(|part| {
            (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

/// How deep `(a)` (0) or `(ii)` (1) stands. A list that reaches its ninth letter would be
/// taken for a Roman one; the sample has none that long.
fn list_depth(word: &str) -> Option<i64> {
    let inner = word.strip_prefix('(')?.strip_suffix(')')?;
    if !inner.is_empty() && inner.bytes().all(|byte| b"ivx".contains(&byte)) {
        Some(1)
    } else if inner.len() == 1 && inner.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Some(0)
    } else {
        None
    }
}

fn table(chunk: &str) -> Block {
    let mut right = Vec::new();
    let mut rows = Vec::new();
    for (index, line) in chunk.lines().enumerate() {
        let cells = line.trim().trim_matches('|').split('|').map(str::trim);
        if index == 1 {
            right = cells.map(|cell| cell.ends_with(':')).collect();
        } else {
            let face = if index == 0 { Face::Bold } else { Face::Roman };
            rows.push(cells.map(|cell| glyphs(cell, face)).collect());
        }
    }
    Block::Table { right, rows }
}

/// The characters of `text`, its `**` marks turned into faces.
pub fn glyphs(text: &str, base: Face) -> Line {
    let mut out = Vec::new();
    for (index, run) in text.split("**").enumerate() {
        let face = if index % 2 == 1 { Face::Bold } else { base };
        out.extend(run.chars().map(|character| (face, win_ansi(character))));
    }
    out
}
