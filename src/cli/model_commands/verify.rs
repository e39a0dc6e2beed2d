//! `galley models verify`: model files read again from start to end.

use std::path::Path;

use super::super::output::{complain, print_line};
use super::super::{DONE, SOME_FAILED};
use super::bar;
use crate::models::catalogue;
use crate::models::kept::{self, Item, Kept};
use crate::models::verify::{self, Checked, Verdict};
use crate::paths::Paths;

/// Exit 0 where every file is what it must be; 3 where one is not.
pub fn main(model: Option<&str>, paths: &Paths) -> Result<u8, String> {
    let all = match model {
        Some(spec) => vec![find(spec, paths)?],
        None => kept::all(paths),
    };
    if all.is_empty() {
        print_line("No model is on this machine yet; `galley models pull starter` fetches one.");
        return Ok(DONE);
    }
    let mut wrong = false;
    for kept in &all {
        wrong |= check(kept, paths);
    }
    Ok(if wrong { SOME_FAILED } else { DONE })
}

fn find(spec: &str, paths: &Paths) -> Result<Kept, String> {
    let bar = bar();
    let mut progress = |done, total| {
        bar.set_message("reading");
        bar.set_length(total);
        bar.set_position(done);
    };
    let kept = kept::find(spec, paths, &mut progress);
    bar.finish_and_clear();
    let kept = kept.map_err(|e| e.to_string())?;
    if !kept.pieces.is_empty() || kept.own.is_some() {
        return Ok(kept);
    }
    let fetch = catalogue::find(spec)
        .map(|entry| format!(" Fetch it with `galley models pull {}`.", entry.name))
        .unwrap_or_default();
    Err(format!("Nothing of {} is on this machine.{fetch}", kept.title))
}

/// Verifies a model and says what was found; whether something is wrong.
fn check(kept: &Kept, paths: &Paths) -> bool {
    let bar = bar();
    bar.set_message("reading");
    let mut progress = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let checked = verify::model(kept, &paths.models(), &mut progress);
    bar.finish_and_clear();
    print_line(&kept.title);
    match checked {
        Ok(checked) => report(kept, &checked),
        Err(error) => {
            complain(&format!("  {error}"));
            complain(&format!("  {}", mend(kept)));
            true
        }
    }
}

fn report(kept: &Kept, checked: &[Checked]) -> bool {
    for one in checked {
        print_line(&format!("  {:<10} {}", word(&one.verdict), one.file.display()));
        match &one.verdict {
            Verdict::Damaged { expected, found } => complain(&format!(
                "  The SHA-256 of {} is {found} and must be {expected}.",
                one.file.display()
            )),
            Verdict::Unreadable(why) => complain(&format!("  {why}")),
            Verdict::Whole | Verdict::Missing | Verdict::Unrecorded => {}
        }
    }
    if checked.iter().any(|one| one.verdict == Verdict::Unrecorded) {
        print_line(
            "  \"unrecorded\": it can be read to its end, but galley has no record of what it must \
             be, so damage would not show.",
        );
    }
    let is_wrong = checked.iter().any(|one| one.verdict.is_wrong());
    if is_wrong {
        let is_own = |one: &Checked| Some(&one.file) == kept.own.as_ref();
        let only_own = checked.iter().all(|one| is_own(one) || !one.verdict.is_wrong());
        let own = kept.own.as_ref().filter(|_| only_own);
        complain(&format!("  {}", own.map_or_else(|| mend(kept), |file| fetch_again(kept, file))));
    }
    is_wrong
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Whole => "ok",
        Verdict::Damaged { .. } => "damaged",
        Verdict::Missing => "missing",
        Verdict::Unreadable(_) => "unreadable",
        Verdict::Unrecorded => "unrecorded",
    }
}

/// What to do where nothing but the person's own file is damaged.
fn fetch_again(kept: &Kept, file: &Path) -> String {
    let usable = if kept.pieces.is_empty() {
        ""
    } else {
        " What galley imported of it before is whole and can still be used by its name."
    };
    format!("Fetch {} again from where you had it.{usable}", file.display())
}

/// What to do about a damaged model.
fn mend(kept: &Kept) -> String {
    let entry = kept.pieces.iter().find_map(|piece| match piece.item {
        Item::Pulled(entry) => Some(entry.name),
        Item::Imported => catalogue::find(&kept.name).map(|entry| entry.name),
    });
    match (entry, &kept.own) {
        (Some(name), _) => format!(
            "Run `galley models remove {name}`, then `galley models pull {name}`; if it happens again, check the disk."
        ),
        (None, Some(own)) => format!(
            "Run `galley models remove {:?}`; it is imported again from {} when it is next used. If that file is damaged itself, fetch it again from where you had it.",
            kept.name,
            own.display()
        ),
        (None, None) => {
            format!("Run `galley models remove {:?}` and import its GGUF again.", kept.name)
        }
    }
}
