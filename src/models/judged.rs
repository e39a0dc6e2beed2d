//! How well each model tells who plays which role, measured against the rules on
//! a person's own labels: what was measured, kept between starts, and in which
//! roles the model is believed for it. Knows numbers, not how they came about.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::book::{self, Entries};
use crate::domain::finding::Role;

/// The file in the models folder that keeps what was measured.
const FILE: &str = "roles.json";

/// Labels below which better may be mere luck.
pub const FEWEST_LABELS: usize = 30;

/// How often the model and the rules were right about a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub labels: usize,
    pub model: usize,
    pub rules: usize,
}

impl Judged {
    /// Whether the model decides where the two say different things.
    #[must_use]
    pub fn model_decides(&self) -> bool {
        self.labels >= FEWEST_LABELS && self.model > self.rules
    }
}

/// What was measured of one model, by role.
pub type Judgements = BTreeMap<Role, Judged>;

/// The roles in which a model of this hash is believed; none where nothing was
/// measured, or the file is missing or damaged.
#[must_use]
pub fn trusted(models_dir: &Path, sha256: &str) -> BTreeSet<Role> {
    let judged = recall(models_dir, sha256).into_iter();
    judged.filter(|(_, judged)| judged.model_decides()).map(|(role, _)| role).collect()
}

/// What was measured of a model before. A role that this galley does not know is
/// left out.
#[must_use]
pub fn recall(models_dir: &Path, sha256: &str) -> Judgements {
    if sha256.is_empty() {
        return Judgements::new();
    }
    let book = book::read(models_dir, FILE);
    let roles = book.get(sha256).and_then(Value::as_object);
    roles.into_iter().flatten().filter_map(understood).collect()
}

fn understood((role, judged): (&String, &Value)) -> Option<(Role, Judged)> {
    let role = Role::deserialize(StrDeserializer::<Error>::new(role)).ok()?;
    Some((role, Judged::deserialize(judged).ok()?))
}

/// Keeps what was measured of a model, but where more labels were measured
/// before: a short trial says less. Gives what is kept now.
///
/// # Errors
/// Those of writing the file.
pub fn remember(models_dir: &Path, sha256: &str, measured: &Judgements) -> io::Result<Judgements> {
    if sha256.is_empty() {
        return Ok(Judgements::new());
    }
    let mut kept = Judgements::new();
    book::change(models_dir, FILE, |book| {
        let before = book.get(sha256).and_then(Value::as_object);
        kept = before.into_iter().flatten().filter_map(understood).collect();
        for (role, judged) in measured {
            if kept.get(role).is_none_or(|known| known.labels <= judged.labels) {
                kept.insert(*role, *judged);
            }
        }
        let entries = kept.iter().filter_map(|(role, judged)| {
            Some((role.name().to_owned(), serde_json::to_value(judged).ok()?))
        });
        book.insert(sha256.to_owned(), Value::Object(entries.collect::<Entries>()));
        true
    })?;
    Ok(kept)
}

/// Drops what was measured of the model whose hash begins with `digits`.
///
/// # Errors
/// Those of writing the file.
pub(super) fn forget(models_dir: &Path, digits: &str) -> io::Result<()> {
    if !models_dir.join(FILE).is_file() {
        return Ok(());
    }
    book::change(models_dir, FILE, |book| {
        let before = book.len();
        book.retain(|sha256, _| !sha256.starts_with(digits));
        book.len() != before
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(labels: usize, model: usize, rules: usize) -> Judged {
        Judged { labels, model, rules }
    }

    #[test]
    fn a_model_is_believed_where_it_beat_the_rules_on_enough_labels() {
        assert!(judged(30, 20, 19).model_decides());
        assert!(!judged(29, 29, 0).model_decides(), "too few labels");
        assert!(!judged(40, 20, 20).model_decides(), "as good is not better");
    }

    #[test]
    fn what_was_measured_is_found_again_by_the_model_s_hash_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let measured = Judgements::from([
            (Role::AgreementDate, judged(40, 18, 33)),
            (Role::ExpirationDate, judged(40, 35, 20)),
        ]);
        assert_eq!(remember(dir.path(), "aa11", &measured).expect("kept"), measured);
        assert_eq!(recall(dir.path(), "aa11"), measured);
        assert_eq!(trusted(dir.path(), "aa11"), BTreeSet::from([Role::ExpirationDate]));
        assert_eq!(trusted(dir.path(), "bb22"), BTreeSet::new());
        forget(dir.path(), "aa").expect("forgotten");
        assert_eq!(recall(dir.path(), "aa11"), Judgements::new());
    }

    #[test]
    fn a_short_trial_does_not_take_the_place_of_a_longer_one() {
        let dir = tempfile::tempdir().expect("a folder");
        let of = |labels, model| Judgements::from([(Role::Party, judged(labels, model, 10))]);
        remember(dir.path(), "aa", &of(40, 30)).expect("kept");
        assert_eq!(remember(dir.path(), "aa", &of(5, 0)).expect("kept"), of(40, 30));
        assert_eq!(remember(dir.path(), "aa", &of(40, 2)).expect("kept"), of(40, 2));
    }

    #[test]
    fn nothing_is_kept_of_a_model_without_a_hash_and_a_damaged_file_says_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let measured = Judgements::from([(Role::Party, judged(40, 30, 10))]);
        assert_eq!(remember(dir.path(), "", &measured).expect("kept"), Judgements::new());
        assert_eq!(trusted(dir.path(), ""), BTreeSet::new());
        std::fs::write(dir.path().join(FILE), "{\"aa\": {\"party\": 3, \"witness\": {}}}")
            .expect("written");
        assert_eq!(recall(dir.path(), "aa"), Judgements::new());
    }
}
