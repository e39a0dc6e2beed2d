//! `galley models remove`: shows what will be deleted, asks, deletes.

use std::io::{self, BufRead as _, IsTerminal as _};

use super::super::output::{complain, print_line};
use super::super::{DONE, USAGE};
use crate::domain::words;
use crate::models::kept::{self, Item, Kept};
use crate::models::remove::remove;
use crate::paths::Paths;

/// Exit 2 where nobody agreed: there is no terminal to ask on and no `--yes`.
pub fn main(model: &str, yes: bool, paths: &Paths) -> Result<u8, String> {
    let kept = kept::find(model, paths, &mut |_, _| ()).map_err(|e| e.to_string())?;
    if kept.pieces.is_empty() {
        print_line(&format!("Nothing of {} is kept; there is nothing to delete.", kept.title));
        say_what_stays(&kept);
        return Ok(DONE);
    }
    show(&kept);
    if !yes && !io::stdin().is_terminal() {
        complain("Nothing was deleted. Add --yes to delete it without being asked.");
        return Ok(USAGE);
    }
    if !yes && !agrees()? {
        print_line("Nothing was deleted.");
        return Ok(DONE);
    }
    remove(&kept, paths).map_err(|e| e.to_string())?;
    print_line(&format!("Deleted; {} are free again.", words::size(kept.bytes())));
    Ok(DONE)
}

fn show(kept: &Kept) {
    print_line(&format!("To be deleted of {}:", kept.title));
    for piece in &kept.pieces {
        let what = match piece.item {
            Item::Pulled(_) => "fetched file",
            Item::Imported => "import",
        };
        let size = words::size(piece.bytes);
        print_line(&format!("  {what:<13} {size:>9}  {}", piece.path.display()));
    }
    say_what_stays(kept);
}

fn say_what_stays(kept: &Kept) {
    if let Some(own) = &kept.own {
        print_line(&format!("Your own file stays: {}", own.display()));
    }
}

fn agrees() -> Result<bool, String> {
    complain("Delete this? [y/N]");
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|e| format!("The answer could not be read ({e}); add --yes to delete it."))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
