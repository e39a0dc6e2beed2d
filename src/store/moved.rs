//! Documents that moved: what was found and decided goes along to the new path.
//! Knows paths as names only and never looks at the disk.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rusqlite::{Transaction, TransactionBehavior, params};

use super::{Store, StoreError, encode, path_key, path_of};
use crate::domain::document::SourceHash;
use crate::domain::finding::Decision;

/// A decision that was not taken back.
struct Standing {
    id: i64,
    job: String,
    finding: String,
    /// As it is kept, in JSON.
    decision: String,
}

impl Store {
    /// Moves a document's results to its new path, and with them the decisions
    /// that stand, in their order, so that they can be taken back there one by
    /// one. At the old path they no longer stand; its log keeps their entries.
    ///
    /// # Errors
    /// Where the store cannot be written; nothing has moved then.
    pub fn rename(&mut self, from: &Path, to: &Path) -> Result<(), StoreError> {
        let (from, to) = (path_key(from), path_key(to));
        if from == to {
            return Ok(());
        }
        let open = encode(&Decision::Open)?;
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute("UPDATE OR REPLACE results SET path = ?2 WHERE path = ?1", [&from, &to])?;
        let mut begun = HashSet::new();
        for entry in standing(&change, &from)? {
            let (finding, opens) = ((entry.job, entry.finding), entry.decision == open);
            // Opening what nothing was decided on says nothing, and taking it
            // back would change nothing.
            if !opens || begun.contains(&finding) {
                copy(&change, entry.id, &to)?;
            }
            if !opens {
                begun.insert(finding);
            }
            close(&change, entry.id, &open)?;
        }
        change.commit()?;
        Ok(())
    }

    /// Other paths at which there are results or standing decisions on these
    /// bytes, those with decisions first, then the latest; none where `path`
    /// has results or decisions of its own. One of them is where the document
    /// lay before, if it was moved unseen.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn elsewhere(&self, path: &Path, source: &SourceHash) -> Result<Vec<PathBuf>, StoreError> {
        let mut query = self.db.prepare_cached(
            "WITH kept AS NOT MATERIALIZED (
                 SELECT path, source, 0 AS decided, id FROM results
                 UNION ALL
                 SELECT path, source, 1, id FROM decisions AS made
                 WHERE undoes IS NULL
                   AND NOT EXISTS (SELECT 1 FROM decisions WHERE undoes = made.id)
             )
             SELECT path FROM kept
             WHERE source = ?2 AND NOT EXISTS (SELECT 1 FROM kept WHERE path = ?1)
             GROUP BY path ORDER BY MAX(decided) DESC, MAX(id) DESC",
        )?;
        let rows = query.query_map(params![path_key(path), source.0], |row| row.get(0))?;
        let found: Vec<Vec<u8>> = rows.collect::<Result<_, _>>()?;
        Ok(found.into_iter().filter_map(path_of).collect())
    }
}

/// All standing decisions on a document, the oldest first.
fn standing(change: &Transaction<'_>, path: &[u8]) -> Result<Vec<Standing>, StoreError> {
    let mut query = change.prepare_cached(
        "SELECT id, job, finding, decision FROM decisions AS made
         WHERE path = ?1 AND undoes IS NULL
           AND NOT EXISTS (SELECT 1 FROM decisions WHERE undoes = made.id)
         ORDER BY id",
    )?;
    let rows = query.query_map([path], |row| {
        Ok(Standing {
            id: row.get(0)?,
            job: row.get(1)?,
            finding: row.get(2)?,
            decision: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Enters a decision at another path, with the time at which it was made.
fn copy(change: &Transaction<'_>, id: i64, to: &[u8]) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO decisions (path, source, job, finding, quote, decision, at)
         SELECT ?2, source, job, finding, quote, decision, at FROM decisions WHERE id = ?1",
        params![id, to],
    )?;
    Ok(())
}

/// Enters at its own path that a decision no longer stands.
fn close(change: &Transaction<'_>, id: i64, open: &str) -> Result<(), StoreError> {
    change.execute(
        "INSERT INTO decisions (path, source, job, finding, quote, decision, at, undoes)
         SELECT path, source, job, finding, quote, ?2, unixepoch(), id
         FROM decisions WHERE id = ?1",
        params![id, open],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::FindingId;

    fn source() -> SourceHash {
        SourceHash("aa".into())
    }

    fn decide(store: &mut Store, path: &str, finding: &str, decision: &Decision) {
        let (path, id) = (Path::new(path), FindingId(finding.into()));
        store.decide(path, &source(), "extract", &id, "quote", decision, 1).expect("kept");
    }

    fn decision(store: &Store, path: &str, finding: &str) -> Decision {
        let all = store.decisions(Path::new(path)).expect("readable");
        all.get(&("extract".into(), FindingId(finding.into()))).cloned().unwrap_or_default()
    }

    fn undone(store: &mut Store, path: &str) -> Option<(String, Decision)> {
        let undone = store.undo(Path::new(path), 2).expect("undone");
        undone.map(|(_, id, decision)| (id.0, decision))
    }

    fn renamed(store: &mut Store, from: &str, to: &str) {
        store.rename(Path::new(from), Path::new(to)).expect("moved");
    }

    fn elsewhere(store: &Store, path: &str) -> Vec<PathBuf> {
        store.elsewhere(Path::new(path), &source()).expect("readable")
    }

    #[test]
    fn decisions_move_along_and_are_taken_back_step_by_step() {
        let mut store = Store::open_in_memory().expect("a store");
        decide(&mut store, "/a.md", "1", &Decision::Rejected);
        decide(&mut store, "/a.md", "2", &Decision::Accepted);
        decide(&mut store, "/a.md", "1", &Decision::Accepted);
        renamed(&mut store, "/a.md", "/b.md");
        assert_eq!(decision(&store, "/b.md", "1"), Decision::Accepted);
        assert_eq!(undone(&mut store, "/b.md"), Some(("1".into(), Decision::Rejected)));
        assert_eq!(undone(&mut store, "/b.md"), Some(("2".into(), Decision::Open)));
        assert_eq!(undone(&mut store, "/b.md"), Some(("1".into(), Decision::Open)));
        assert_eq!(undone(&mut store, "/b.md"), None);
    }

    #[test]
    fn what_was_taken_back_stays_so_and_leaves_nothing_to_take_back() {
        let mut store = Store::open_in_memory().expect("a store");
        decide(&mut store, "/a.md", "1", &Decision::Accepted);
        decide(&mut store, "/a.md", "2", &Decision::Accepted);
        undone(&mut store, "/a.md");
        renamed(&mut store, "/a.md", "/b.md");
        assert_eq!(decision(&store, "/b.md", "2"), Decision::Open);
        assert_eq!(undone(&mut store, "/b.md"), Some(("1".into(), Decision::Open)));
        assert_eq!(undone(&mut store, "/b.md"), None);
    }

    #[test]
    fn a_finding_that_the_person_opened_again_stays_open() {
        let mut store = Store::open_in_memory().expect("a store");
        decide(&mut store, "/a.md", "1", &Decision::Open);
        decide(&mut store, "/a.md", "1", &Decision::Accepted);
        decide(&mut store, "/a.md", "1", &Decision::Open);
        renamed(&mut store, "/a.md", "/b.md");
        assert_eq!(decision(&store, "/b.md", "1"), Decision::Open);
        assert_eq!(undone(&mut store, "/b.md"), Some(("1".into(), Decision::Accepted)));
        assert_eq!(undone(&mut store, "/b.md"), Some(("1".into(), Decision::Open)));
        assert_eq!(undone(&mut store, "/b.md"), None, "the first opening said nothing");
    }

    #[test]
    fn there_and_back_again_counts_no_decision_twice() {
        let mut store = Store::open_in_memory().expect("a store");
        decide(&mut store, "/a.md", "1", &Decision::Accepted);
        renamed(&mut store, "/a.md", "/a.md");
        renamed(&mut store, "/a.md", "/b.md");
        assert_eq!(decision(&store, "/a.md", "1"), Decision::Open, "it is decided at b now");
        renamed(&mut store, "/b.md", "/a.md");
        assert_eq!(decision(&store, "/a.md", "1"), Decision::Accepted);
        assert_eq!(undone(&mut store, "/a.md"), Some(("1".into(), Decision::Open)));
        assert_eq!(undone(&mut store, "/a.md"), None);
    }

    #[test]
    fn a_path_without_history_is_told_where_the_same_bytes_were_worked_on() {
        let mut store = Store::open_in_memory().expect("a store");
        assert!(elsewhere(&store, "/new.md").is_empty());
        for path in ["/first.md", "/second.md"] {
            let result = super::super::tests::result("extract", 1.0);
            store.put_result(Path::new(path), &source(), &result).expect("kept");
        }
        decide(&mut store, "/first.md", "1", &Decision::Accepted);
        let both = ["/first.md", "/second.md"].map(PathBuf::from);
        assert_eq!(elsewhere(&store, "/new.md"), both, "decisions weigh more than results");
        let other = SourceHash("bb".into());
        assert_eq!(store.elsewhere(Path::new("/new.md"), &other).expect("readable"), both[..0]);
        assert_eq!(elsewhere(&store, "/second.md"), both[..0], "it has results of its own");
    }

    #[test]
    fn a_copy_does_not_get_what_went_with_a_rename() {
        let mut store = Store::open_in_memory().expect("a store");
        decide(&mut store, "/a.md", "1", &Decision::Accepted);
        renamed(&mut store, "/a.md", "/b.md");
        assert_eq!(elsewhere(&store, "/copy.md"), [PathBuf::from("/b.md")]);
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_utf8_is_told_whole() {
        use std::os::unix::ffi::OsStrExt;
        let odd = Path::new(std::ffi::OsStr::from_bytes(b"/a\xff.md"));
        let mut store = Store::open_in_memory().expect("a store");
        let result = super::super::tests::result("extract", 1.0);
        store.put_result(odd, &source(), &result).expect("kept");
        assert_eq!(elsewhere(&store, "/new.md"), [odd]);
    }
}
