//! Screens as runs of roles: a change of colours reads in a snapshot without
//! any colour in it.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;

use super::Theme;

/// Roles that stand under others, told by their background.
const GROUNDS: [&str; 2] = ["selection", "cursor"];
/// The first colour number that stands for a role.
const FIRST: usize = 16;

/// A theme in which every role has a colour of its own.
pub fn telling() -> Theme {
    let roles = Theme::default().roles();
    let lines = roles.iter().enumerate().map(|(n, (name, _))| {
        let ground = if GROUNDS.contains(name) { "bg" } else { "fg" };
        format!("{name} = {{ {ground} = \"{}\" }}", n + FIRST)
    });
    let source = lines.collect::<Vec<_>>().join("\n");
    let (theme, warnings) = Theme::parse("dark", &source, &|_| None);
    assert_eq!(warnings, Vec::<String>::new());
    theme
}

/// The rows that hold one of `words`, each run of cells behind its role.
pub fn rows_with(buf: &Buffer, words: &[&str]) -> String {
    let mut out = String::new();
    for row in buf.area.rows() {
        let cells: Vec<&Cell> = row.columns().map(|at| &buf[(at.x, at.y)]).collect();
        let line: String = cells.iter().map(|cell| cell.symbol()).collect();
        if !words.iter().any(|word| line.contains(word)) {
            continue;
        }
        for run in cells.chunk_by(|a, b| name(a) == name(b)) {
            let text: String = run.iter().map(|cell| cell.symbol()).collect();
            if !text.trim().is_empty() {
                writeln!(out, "{:>22} {:?}", name(run[0]), text.trim_end())
                    .expect("a string takes everything");
            }
        }
        out.push('\n');
    }
    out
}

fn name(cell: &Cell) -> String {
    let roles = Theme::default().roles();
    let role = |colour| match colour {
        Color::Indexed(n) => roles.get(usize::from(n) - FIRST).map(|(name, _)| *name),
        _ => None,
    };
    let parts = [role(cell.fg), role(cell.bg)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" on ")
}
