//! What was measured, for people: tables of at most 80 columns, with two models
//! in columns beside each other.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::Read;
use crate::domain::finding::Role;
use crate::domain::measure::{FieldScore, Measured, Recall, RoleScore, share};
use crate::domain::words::grouped;
use crate::models::judged::{FEWEST_LABELS, Judged};
use crate::runtime::eval::{Located, Tried};

/// Columns of the whole, of what a row is about, and of one model.
const WIDTH: usize = 80;
const HEAD: usize = 23;
const MODEL: usize = 25;

pub(super) fn report(read: &Read, located: &Located, tried: &[Tried]) -> String {
    let mut out = summary(read, located);
    out += &models(tried);
    out += &fields(tried);
    out += &roles(tried);
    out += &evidence(tried);
    out += &not_asked(tried);
    for one in tried {
        out += &decisions(one);
    }
    out
}

fn summary(read: &Read, located: &Located) -> String {
    let (used, lines) = (grouped(read.used() as u64), grouped(read.labels.lines as u64));
    let documents = located.found.len() + located.not_found.len();
    let mut said = format!("{used} of {lines} lines of labels used, {documents} documents");
    if located.not_found.is_empty() {
        said += ", all of them there.";
    } else {
        let _ = write!(said, ", {} of them not there.", located.not_found.len());
    }
    wrapped(&said)
}

/// The models over their columns.
fn models(tried: &[Tried]) -> String {
    let mut line = String::from("\n") + &padded("", HEAD + 6);
    for one in tried {
        let name = if one.rounds > 1 {
            format!("{} ×{}", one.model, one.rounds)
        } else {
            one.model.clone()
        };
        line += &right(&cut(&name, MODEL - 1), MODEL);
    }
    line + "\n"
}

/// One row for each label of all models: those may have other fields.
fn rows<'a, T>(
    tried: &'a [Tried],
    all: impl Fn(&'a Measured) -> Vec<&'a T>,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<Vec<Option<&'a T>>> {
    let mut heads: Vec<&T> = Vec::new();
    for item in tried.iter().flat_map(|one| all(&one.measured)) {
        if !heads.iter().any(|head| same(head, item)) {
            heads.push(item);
        }
    }
    let of =
        |one: &'a Tried, head: &T| all(&one.measured).into_iter().find(|item| same(item, head));
    heads.into_iter().map(|head| tried.iter().map(|one| of(one, head)).collect()).collect()
}

fn fields(tried: &[Tried]) -> String {
    let rows = rows(tried, field_scores, |a, b| a.field == b.field);
    if rows.is_empty() {
        return String::new();
    }
    let mut out = padded("Field", HEAD) + &right("labels", 6);
    for _ in tried {
        let _ = write!(out, "{:>6}{:>6}{:>6}{:>7}", "prec", "rec", "F1", "none");
    }
    out.push('\n');
    for row in rows {
        let Some(first) = row.iter().flatten().next() else { continue };
        out += &padded(&cut(&first.field, HEAD), HEAD);
        out += &right(&first.labelled.to_string(), 6);
        for score in &row {
            out += &score.map_or_else(|| right("—", MODEL), field);
        }
        out.push('\n');
    }
    out + &wrapped(
        "prec: share of what was found that is right; rec: share of the labels that was found; \
         none: documents rightly left without, of those that have none.",
    )
}

fn field_scores(measured: &Measured) -> Vec<&FieldScore> {
    measured.fields.iter().chain(&measured.speakers).collect()
}

fn field(score: &FieldScore) -> String {
    let none = score.rightly_none + score.wrongly_found;
    let none = if none == 0 { "—".to_owned() } else { format!("{}/{none}", score.rightly_none) };
    [(score.precision, 6), (score.recall, 6), (score.f1, 6)]
        .map(|(share, width)| right(&per_cent(share), width))
        .concat()
        + &right(&none, 7)
}

fn roles(tried: &[Tried]) -> String {
    let rows = rows(
        tried,
        |measured| measured.roles.iter().collect(),
        |a: &RoleScore, b| a.role == b.role,
    );
    if rows.is_empty() {
        return String::new();
    }
    let mut out =
        String::from("\n") + &padded("Role", 16) + &right("labels", 6) + &right("first", 7);
    for _ in tried {
        let _ = write!(out, "{:>9}{:>8}{:>8}", "merged", "model", "rules");
    }
    out.push('\n');
    for row in &rows {
        let Some(first) = row.iter().flatten().next() else { continue };
        out += &role_row(first.role.title(), first, row);
    }
    let dates: Vec<Option<RoleScore>> =
        tried.iter().map(|one| all_dates(&one.measured.roles)).collect();
    if let Some(first) = dates.iter().flatten().next() {
        out += &role_row("all dates", first, &dates.iter().map(Option::as_ref).collect::<Vec<_>>());
    }
    out + &wrapped(
        "How often each side was right, that there is none included. merged: as results show it; \
         first: the first date in the document is its agreement and effective date, and it has \
         no expiration date.",
    )
}

fn role_row(title: &str, first: &RoleScore, row: &[Option<&RoleScore>]) -> String {
    let of = |part: usize, score: &RoleScore| per_cent(share(part, score.labelled));
    let mut out = padded(title, 16) + &right(&first.labelled.to_string(), 6);
    out += &right(&first.first_date.map_or("—".into(), |right| of(right, first)), 7);
    for score in row {
        out += &score.map_or_else(
            || right("—", MODEL),
            |score| {
                let model = score.model.map_or("—".into(), |model| of(model, score));
                right(&of(score.merged, score), 9)
                    + &right(&model, 8)
                    + &right(&of(score.rules, score), 8)
            },
        );
    }
    out + "\n"
}

/// The three roles of dates together.
fn all_dates(scores: &[RoleScore]) -> Option<RoleScore> {
    let mut dates = scores.iter().filter(|score| score.role != Role::Party).copied();
    let first = dates.next()?;
    let both = |a: Option<usize>, b: Option<usize>| Some(a? + b?);
    Some(dates.fold(first, |sum, score| RoleScore {
        role: sum.role,
        labelled: sum.labelled + score.labelled,
        merged: sum.merged + score.merged,
        model: both(sum.model, score.model),
        rules: sum.rules + score.rules,
        first_date: both(sum.first_date, score.first_date),
    }))
}

fn evidence(tried: &[Tried]) -> String {
    let mut out = String::from("\n");
    let mut row = |title: &str, of: &dyn Fn(&Tried) -> String| {
        out += &padded(&cut(title, HEAD + 6), HEAD + 6);
        for one in tried {
            out += &right(&of(one), MODEL);
        }
        out.push('\n');
    };
    let any = |of: fn(&Measured) -> bool| tried.iter().any(|one| of(&one.measured));
    if any(|m| m.dates.labelled > 0) {
        row("Role dates among all dates", &|one| recall(&one.measured.dates));
    }
    if any(|m| m.names.labelled > 0) {
        row("Parties among all names", &|one| recall(&one.measured.names));
    }
    if any(|m| m.topics.is_some()) {
        row("Topics with a quote", &|one| {
            let topics = one.measured.topics.as_ref();
            topics.map_or("—".into(), |t| counted(t.covered, t.labelled))
        });
    }
    row("Quotes checked", &|one| grouped(one.measured.evidence.quotes as u64));
    row("Fabricated", &|one| grouped(one.measured.evidence.fabricated as u64));
    row("Findings not verified", &|one| {
        counted(one.measured.evidence.unverified, one.measured.evidence.findings)
    });
    row("Bytes read", &|one| grouped(one.measured.coverage.read as u64));
    row("Bytes left out", &|one| grouped(one.measured.coverage.excluded as u64));
    row("Bytes failed", &|one| grouped(one.measured.coverage.failed as u64));
    row("Warnings", &|one| grouped(one.measured.warnings as u64));
    row("Documents failed", &|one| counted(one.failed.len(), one.failed.len() + one.read));
    row("Seconds, all jobs", &|one| format!("{:.1}", one.wall.as_secs_f64()));
    let mut jobs: Vec<&String> = tried.iter().flat_map(|one| one.seconds.keys()).collect();
    jobs.sort();
    jobs.dedup();
    for job in jobs {
        let of = |one: &Tried| one.seconds.get(job).map_or("—".into(), |s| format!("{s:.1}"));
        row(&format!("Seconds, {job}"), &of);
    }
    out
}

fn recall(recall: &Recall) -> String {
    counted(recall.found, recall.labelled)
}

/// "73 of 75, 97.3 %"; the decimal keeps 96.6 from being read as 97.
fn counted(part: usize, of: usize) -> String {
    let per_cent = share(part, of).map(|share| format!(", {:.1} %", share * 100.0));
    format!("{} of {}{}", grouped(part as u64), grouped(of as u64), per_cent.unwrap_or_default())
}

fn not_asked(tried: &[Tried]) -> String {
    let mut said: Vec<String> = Vec::new();
    for field in tried.iter().flat_map(|one| &one.measured.not_asked) {
        let words = format!("{} ({})", field.field, field.labels);
        if !said.contains(&words) {
            said.push(words);
        }
    }
    if said.is_empty() {
        return String::new();
    }
    let fields = said.join(", ");
    format!(
        "\n{}",
        wrapped(&format!("Labels of what no job asked for, and their number: {fields}."))
    )
}

/// What follows from what was measured, by role.
fn decisions(tried: &Tried) -> String {
    let judged: Vec<String> =
        tried.judged.iter().map(|(role, judged)| decision(&tried.model, *role, *judged)).collect();
    if judged.is_empty() {
        return String::new();
    }
    let told: String = judged.iter().map(|sentence| wrapped(sentence)).collect();
    format!("\n{told}")
}

fn decision(model: &str, role: Role, judged: Judged) -> String {
    let Judged { labels, model: by_model, rules } = judged;
    let what = match role {
        Role::Party => "parties".to_owned(),
        date => format!("{}s", date.title()),
    };
    if labels < FEWEST_LABELS {
        return format!(
            "With {model} the rules decide on {what}: {labels} labels are too few to tell, \
             {FEWEST_LABELS} are needed ({rules} right against {by_model})."
        );
    }
    let (side, more, less) = if judged.model_decides() {
        ("model", by_model, rules)
    } else {
        ("rules", rules, by_model)
    };
    format!(
        "With {model} the {side} decide{} on {what} ({more} of {labels} against {less}).",
        if side == "model" { "s" } else { "" }
    )
}

fn per_cent(share: Option<f64>) -> String {
    share.map_or("—".to_owned(), |share| format!("{:.1}", share * 100.0))
}

fn wrapped(text: &str) -> String {
    textwrap::fill(text, WIDTH) + "\n"
}

fn padded(text: &str, columns: usize) -> String {
    text.to_owned() + &" ".repeat(columns.saturating_sub(text.width()))
}

fn right(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(text.width())) + text
}

/// A text that takes no more than `columns`.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        if short.width() + 2 > columns {
            break;
        }
        short.push(c);
    }
    short + "…"
}
