use std::fs;
use std::sync::{Arc, Barrier};

use super::*;
use crate::domain::document::{Document, Format, Page, PageState, SourceHash};
use crate::domain::finding::{Basis, Decision, FindingId, JobResult};
use crate::domain::ledger::Coverage;
use crate::domain::span::ByteSpan;

fn hash(name: &str) -> SourceHash {
    SourceHash(name.to_owned())
}

fn finding(name: &str) -> FindingId {
    FindingId(name.to_owned())
}

pub(super) fn result(job: &str, seconds: f64) -> JobResult {
    JobResult {
        job: job.to_owned(),
        template_sha256: "00".into(),
        seconds,
        findings: Vec::new(),
        sections: Vec::new(),
        warnings: Vec::new(),
        coverage: Coverage::default(),
        source: hash("aa"),
        basis: Basis::default(),
        model: "none".into(),
        engine: "rules".into(),
        model_sha256: String::new(),
    }
}

fn document(path: &Path) -> Document {
    Document {
        path: path.to_owned(),
        format: Format::Txt,
        source: hash("aa"),
        bytes: 4,
        text: "täxt".into(),
        pages: vec![Page {
            n: 1,
            state: PageState::Text,
            span: ByteSpan::new(0, 5),
            reader: "test".into(),
            note: None,
        }],
        marks: crate::domain::marks::Marks::default(),
        markup: None,
        parts: Vec::new(),
        warning: Some("The rest is missing.".into()),
    }
}

fn open(path: &Path) -> Store {
    let (store, warning) = Store::open(path).expect("the store opens");
    assert_eq!(warning, None);
    store
}

/// A path in a fresh folder, which lives as long as the first part.
fn fresh() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("data").join("galley.db");
    (folder, path)
}

fn accept(store: &mut Store, doc: &str, id: &str, decision: &Decision) {
    store
        .decide(Path::new(doc), &hash("aa"), "extract", &finding(id), "the quote", decision, 7)
        .expect("the decision is saved");
}

fn decision(store: &Store, doc: &str, id: &str) -> Decision {
    let all = store.decisions(Path::new(doc)).expect("decisions can be read");
    all.get(&("extract".to_owned(), finding(id))).cloned().unwrap_or_default()
}

#[test]
fn decisions_survive_a_restart() {
    let (_folder, path) = fresh();
    let mut store = open(&path);
    accept(&mut store, "/a.txt", "1", &Decision::Accepted);
    accept(&mut store, "/a.txt", "2", &Decision::Edited("my words".into()));
    accept(&mut store, "/a.txt", "1", &Decision::Rejected);
    accept(&mut store, "/b.txt", "1", &Decision::Accepted);
    drop(store);
    let store = open(&path);
    assert_eq!(decision(&store, "/a.txt", "1"), Decision::Rejected);
    assert_eq!(decision(&store, "/a.txt", "2"), Decision::Edited("my words".into()));
    assert_eq!(store.decisions(Path::new("/a.txt")).expect("readable").len(), 2);
}

#[test]
fn undo_goes_back_step_by_step_and_lasts() {
    let (_folder, path) = fresh();
    let doc = Path::new("/a.txt");
    let mut store = open(&path);
    accept(&mut store, "/a.txt", "1", &Decision::Accepted);
    accept(&mut store, "/a.txt", "2", &Decision::Rejected);
    accept(&mut store, "/a.txt", "1", &Decision::Edited("new".into()));
    let back = |id: &str, decision| Some(("extract".to_owned(), finding(id), decision));
    assert_eq!(store.undo(doc, 8).expect("undone"), back("1", Decision::Accepted));
    drop(store);

    let mut store = open(&path);
    assert_eq!(decision(&store, "/a.txt", "1"), Decision::Accepted);
    assert_eq!(store.undo(doc, 9).expect("undone"), back("2", Decision::Open));
    accept(&mut store, "/a.txt", "2", &Decision::Accepted);
    assert_eq!(store.undo(doc, 9).expect("undone"), back("2", Decision::Open));
    assert_eq!(store.undo(doc, 9).expect("undone"), back("1", Decision::Open));
    assert_eq!(store.undo(doc, 9).expect("nothing is left"), None);
    drop(store);
    assert_eq!(decision(&open(&path), "/a.txt", "1"), Decision::Open);
}

#[test]
fn undo_leaves_other_documents_alone() {
    let mut store = Store::open_in_memory().expect("opens");
    accept(&mut store, "/a.txt", "1", &Decision::Accepted);
    assert_eq!(store.undo(Path::new("/b.txt"), 1).expect("nothing to undo"), None);
    assert_eq!(decision(&store, "/a.txt", "1"), Decision::Accepted);
}

#[test]
fn the_log_of_decisions_cannot_be_changed_or_shortened() {
    let mut store = Store::open_in_memory().expect("opens");
    accept(&mut store, "/a.txt", "1", &Decision::Accepted);
    assert!(store.db.execute("UPDATE decisions SET decision = '\"rejected\"'", []).is_err());
    assert!(store.db.execute("DELETE FROM decisions", []).is_err());
    store.undo(Path::new("/a.txt"), 1).expect("undone");
    let entries: i64 = store
        .db
        .query_row("SELECT COUNT(*) FROM decisions", [], |row| row.get(0))
        .expect("counted");
    assert_eq!(entries, 2);
}

#[test]
fn the_latest_result_of_each_job_counts() {
    let (_folder, path) = fresh();
    let doc = Path::new("/a.txt");
    let mut store = open(&path);
    for (source, job, seconds) in [
        ("old", "extract", 1.0),
        ("new", "extract", 2.0),
        ("new", "triage", 3.0),
        ("new", "extract", 4.0),
    ] {
        store.put_result(doc, &hash(source), &result(job, seconds)).expect("saved");
    }
    drop(store);
    let store = open(&path);
    let found = store.results(doc, &hash("new")).expect("readable");
    assert_eq!(found, [result("triage", 3.0), result("extract", 4.0)]);
    assert_eq!(store.results(Path::new("/b.txt"), &hash("new")).expect("readable"), []);
    let stale = store.stale_results(doc, &hash("new")).expect("readable");
    assert_eq!(stale, [(hash("old"), result("extract", 1.0))]);
}

/// The key of [`document`] as this version of the reader reads it.
fn key(reader: u32) -> TextKey {
    TextKey { source: hash("aa"), parts: Vec::new(), reader, reading: "accepted".into() }
}

#[test]
fn texts_of_parts_and_of_other_ways_to_read_are_kept_apart() {
    let mut store = Store::open_in_memory().expect("opens");
    let doc = document(Path::new("/a.txt"));
    let original = TextKey { reading: "original".into(), ..key(3) };
    let part = TextKey { parts: vec!["b.eml".into(), "c.txt".into()], ..key(3) };
    let said = |text: &str| Document { text: text.into(), ..doc.clone() };
    store.put_text(&key(3), &doc).expect("saved");
    store.put_text(&original, &said("original")).expect("saved");
    store.put_text(&part, &said("part")).expect("saved");
    let text = |key: &TextKey| store.text(key, &doc.path).expect("readable").map(|doc| doc.text);
    assert_eq!(text(&key(3)), Some(doc.text.clone()));
    assert_eq!(text(&original).as_deref(), Some("original"));
    assert_eq!(text(&part).as_deref(), Some("part"));
    assert_eq!(text(&TextKey { reading: "marked".into(), ..key(3) }), None);
    assert_eq!(text(&TextKey { parts: vec!["b.eml".into()], ..key(3) }), None);
}

#[test]
fn a_text_is_found_again_wherever_the_same_file_lies() {
    let mut store = Store::open_in_memory().expect("opens");
    let doc = document(Path::new("/a.txt"));
    store.put_text(&key(3), &doc).expect("saved");
    let moved = Path::new("/elsewhere/b.TXT");
    let found = store.text(&key(3), moved).expect("readable");
    assert_eq!(found, Some(Document { path: moved.to_owned(), ..doc }));
    assert_eq!(store.text(&key(3), Path::new("/a.md")).expect("readable"), None);
    assert_eq!(store.text(&key(4), Path::new("/a.txt")).expect("readable"), None);
}

#[test]
fn texts_of_an_older_reader_are_dropped() {
    let mut store = Store::open_in_memory().expect("opens");
    let doc = document(Path::new("/a.txt"));
    store.put_text(&key(3), &doc).expect("saved");
    store.put_text(&key(4), &doc).expect("saved");
    assert_eq!(store.text(&key(3), &doc.path).expect("readable"), None);
    assert_eq!(store.text(&key(4), &doc.path).expect("readable"), Some(doc));
}

#[cfg(unix)]
#[test]
fn a_file_name_that_is_not_utf8_is_kept_apart_from_others() {
    use std::os::unix::ffi::OsStrExt;
    let odd = Path::new(std::ffi::OsStr::from_bytes(b"/a\xff.txt"));
    let other = Path::new(std::ffi::OsStr::from_bytes(b"/a\xfe.txt"));
    let mut store = Store::open_in_memory().expect("opens");
    store.put_text(&key(1), &document(odd)).expect("saved");
    store.put_result(odd, &hash("aa"), &result("extract", 1.0)).expect("saved");
    assert_eq!(store.text(&key(1), odd).expect("readable"), Some(document(odd)));
    assert_eq!(store.results(odd, &hash("aa")).expect("readable").len(), 1);
    assert_eq!(store.results(other, &hash("aa")).expect("readable").len(), 0);
}

#[test]
fn an_answer_is_found_by_its_step() {
    let mut store = Store::open_in_memory().expect("opens");
    let key = StepKey("ab".into());
    let answer = StoredAnswer {
        text: "1, 4".into(),
        finish: "stop".into(),
        prompt_tokens: 900,
        answer_tokens: 4,
        seconds: 1.5,
    };
    assert_eq!(store.step(&key).expect("readable"), None);
    store.put_step(&key, &answer).expect("saved");
    assert_eq!(store.step(&key).expect("readable"), Some(answer));
}

/// A store with a decision and a text of many pages in it, closed.
fn filled(path: &Path) {
    let mut store = open(path);
    accept(&mut store, "/a.txt", "1", &Decision::Accepted);
    let doc = document(Path::new("/a.txt"));
    store.put_text(&key(1), &Document { text: "x".repeat(200_000), ..doc }).expect("saved");
}

/// Asserts that the damaged store is set aside and that a fresh one works.
#[track_caller]
fn is_set_aside(path: &Path, damaged: &[u8], name: &str) {
    let (mut store, warning) = Store::open(path).expect("a fresh store opens");
    let kept = path.with_file_name(name);
    assert!(warning.expect("there is a warning").contains(&*kept.to_string_lossy()));
    assert_eq!(fs::read(&kept).expect("the damaged file is kept"), damaged);
    assert_eq!(decision(&store, "/a.txt", "1"), Decision::Open);
    accept(&mut store, "/a.txt", "1", &Decision::Rejected);
    drop(store);
    assert_eq!(decision(&open(path), "/a.txt", "1"), Decision::Rejected);
}

#[test]
fn a_torn_file_is_set_aside_and_never_deleted() {
    let (_folder, path) = fresh();
    filled(&path);
    let whole = fs::read(&path).expect("readable");
    let torn = &whole[..whole.len() / 2];
    fs::write(&path, torn).expect("written");
    is_set_aside(&path, torn, "galley.db.damaged-1");
    fs::write(&path, b"this is no database, but long enough to be looked at twice")
        .expect("written");
    let junk = fs::read(&path).expect("readable");
    is_set_aside(&path, &junk, "galley.db.damaged-2");
}

#[test]
fn a_file_with_an_overwritten_page_is_set_aside() {
    let (_folder, path) = fresh();
    filled(&path);
    let mut bytes = fs::read(&path).expect("readable");
    bytes[4_096..12_288].fill(0xa5);
    fs::write(&path, &bytes).expect("written");
    is_set_aside(&path, &bytes, "galley.db.damaged-1");
}

#[test]
fn a_store_of_a_newer_galley_is_refused_and_left_as_it_is() {
    let (_folder, path) = fresh();
    filled(&path);
    let db = Connection::open(&path).expect("opens");
    // A journal that this galley would change, were it to go on.
    db.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).expect("set");
    db.pragma_update(None, "user_version", schema::VERSION + 1).expect("set");
    drop(db);
    let before = fs::read(&path).expect("readable");
    let error = Store::open(&path).expect_err("it is refused");
    let newer = |found| found == schema::VERSION + 1;
    assert!(
        matches!(error, StoreError::Newer { found, known: schema::VERSION, .. } if newer(found)),
        "{error:?}"
    );
    assert!(error.to_string().contains("newer galley"));
    assert_eq!(fs::read(&path).expect("readable"), before);
}

#[test]
fn two_programs_can_have_the_store_open_and_write() {
    let (_folder, path) = fresh();
    let openers: Vec<_> = (0..4)
        .map(|n| {
            let path = path.clone();
            std::thread::spawn(move || {
                let mut store = open(&path);
                for i in 0..10 {
                    accept(&mut store, "/a.txt", &format!("{n}-{i}"), &Decision::Accepted);
                }
            })
        })
        .collect();
    for opener in openers {
        opener.join().expect("no opener fails");
    }
    assert_eq!(open(&path).decisions(Path::new("/a.txt")).expect("readable").len(), 40);
}

#[test]
fn several_programs_that_find_a_damaged_store_set_it_aside_once() {
    for _ in 0..10 {
        let (_folder, path) = fresh();
        filled(&path);
        let mut bytes = fs::read(&path).expect("readable");
        bytes[4_096..12_288].fill(0xa5);
        fs::write(&path, &bytes).expect("written");
        let start = Arc::new(Barrier::new(8));
        let openers: Vec<_> = (0..8)
            .map(|n| {
                let (path, start) = (path.clone(), Arc::clone(&start));
                std::thread::spawn(move || {
                    start.wait();
                    let (mut store, warning) = Store::open(&path).expect("a store opens");
                    accept(&mut store, "/b.txt", &n.to_string(), &Decision::Accepted);
                    usize::from(warning.is_some())
                })
            })
            .collect();
        let warned: usize = openers.into_iter().map(|o| o.join().expect("no opener fails")).sum();
        assert_eq!(warned, 1);
        assert_eq!(open(&path).decisions(Path::new("/b.txt")).expect("readable").len(), 8);
        assert!(!path.with_file_name("galley.db.damaged-2").exists());
    }
}

#[test]
fn a_full_disk_is_said_and_what_was_saved_stays() {
    let (_folder, path) = fresh();
    let mut store = open(&path);
    accept(&mut store, "/a.txt", "1", &Decision::Accepted);
    let pages: i64 =
        store.db.pragma_query_value(None, "page_count", |row| row.get(0)).expect("counted");
    store.db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).expect("limited");
    let big = Document { text: "x".repeat(100_000), ..document(Path::new("/a.txt")) };
    let error = store.put_text(&key(1), &big).expect_err("there is no room");
    assert!(matches!(error, StoreError::Full), "{error:?}");
    assert!(error.to_string().starts_with("The disk is full"));
    drop(store);
    assert_eq!(decision(&open(&path), "/a.txt", "1"), Decision::Accepted);
}

#[test]
fn a_store_that_may_only_be_read_is_said_to_be() {
    let (_folder, path) = fresh();
    let mut store = open(&path);
    store.db.pragma_update(None, "query_only", true).expect("set");
    let error = store.put_result(Path::new("/a"), &hash("aa"), &result("extract", 1.0));
    assert!(matches!(error, Err(StoreError::ReadOnly)), "{error:?}");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    let error = Store::open(&file.join("galley.db")).expect_err("a file is no folder");
    assert!(matches!(error, StoreError::Folder { .. }), "{error:?}");
    assert!(error.to_string().contains("file"), "{error}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_what_is_stored() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = fresh();
    let mut store = open(&path);
    accept(&mut store, "/a.txt", "1", &Decision::Accepted);
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&open::beside(&path, "-wal")), 0o600);
    assert_eq!(mode(path.parent().expect("it has a folder")), 0o700);
}

#[test]
fn usage_grows_with_what_is_stored() {
    let (_folder, path) = fresh();
    let mut store = open(&path);
    let before = store.usage().expect("known");
    let big = Document { text: "x".repeat(100_000), ..document(Path::new("/a.txt")) };
    store.put_text(&key(1), &big).expect("saved");
    assert!(store.usage().expect("known") >= before + 100_000);
}
