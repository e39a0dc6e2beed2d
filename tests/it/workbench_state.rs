//! What the workbench makes of things that happen at bad moments: a rename, an
//! emptied queue, a change under "auto", an undo. Through the public interface.

use std::collections::HashMap;
use std::path::PathBuf;

use galley::app::key::Key;
use galley::app::msg::{Effect, Ended, Msg, Remembered, RunMsg, Seen};
use galley::app::state::{DocId, Entry, JobSpec, Stamp, State};
use galley::app::update;
use galley::domain::document::{Document, Place};
use galley::domain::finding::{
    Basis, Decision, Finding, FindingId, JobResult, Notes, Opinion, Quote, Section, Status,
};
use galley::domain::ledger::Coverage;
use galley::domain::span::ByteSpan;
use galley::domain::template::Template;

use crate::support::document::{source, text_file};

const TEXT: &str = "Signed on 1 March 2026. Ended 1 March 2027.";
const DATES: [&str; 2] = ["1 March 2026", "1 March 2027"];

fn id(name: &str) -> DocId {
    DocId(PathBuf::from("/case").join(name))
}

fn seen(name: &str, modified: i128) -> Seen {
    Seen { id: id(name), name: name.into(), stamp: Stamp { bytes: 10, modified } }
}

fn list(state: &mut State, files: &[Seen]) -> Vec<Effect> {
    update(state, Msg::Folder(Ok(files.to_vec())))
}

fn document(id: &DocId) -> Document {
    text_file(&id.0, TEXT)
}

fn finding(text: &str) -> Finding {
    let start = TEXT.find(text).expect("a date of the text");
    let span = ByteSpan::new(start, start + text.len());
    Finding {
        id: FindingId(text.into()),
        kind: "date".into(),
        text: text.into(),
        value: None,
        quotes: vec![Quote {
            span,
            text: text.into(),
            place: Place { page: 1, line: 1 },
            cite: String::new(),
            boxes: Vec::new(),
        }],
        status: Status::Anchored,
        why: None,
        opinion: Opinion::Rules,
        notes: Notes::default(),
    }
}

/// What the store has of a document: both dates, the second one accepted.
fn remembered() -> Remembered {
    let findings: Vec<Finding> = DATES.map(finding).into();
    let section = Section {
        title: "Dates".into(),
        findings: findings.iter().map(|f| f.id.clone()).collect(),
        empty: "None.".into(),
    };
    let result = JobResult {
        job: "extract".into(),
        template_sha256: String::new(),
        seconds: 1.0,
        findings,
        sections: vec![section],
        warnings: vec![],
        coverage: Coverage::default(),
        source: source(),
        basis: Basis::default(),
        model: "none".into(),
        engine: "rules".into(),
        model_sha256: String::new(),
    };
    let key = ("extract".to_owned(), FindingId(DATES[1].into()));
    Remembered { results: vec![result], decisions: HashMap::from([(key, Decision::Accepted)]) }
}

/// Does the readings that were asked for, and gives what comes of them.
fn read(state: &mut State, asked: &[Effect]) -> Vec<Effect> {
    let mut effects = Vec::new();
    for effect in asked {
        if let Effect::Read { doc, generation, .. } = effect {
            let (doc, generation) = (doc.clone(), *generation);
            let outcome = Ok(document(&doc));
            let remembered = remembered();
            effects.extend(update(state, Msg::Read { doc, generation, outcome, remembered }));
        }
    }
    effects
}

/// A workbench with two documents that were read and have results.
fn ready() -> State {
    let mut state = State::new("/case".into());
    let templates = ["extract", "triage"].map(|name| {
        let source = format!(
            "+++\nname = \"{name}\"\ntitle = \"{name}\"\nkind = \"extract\"\n[[fields]]\n\
             name = \"date\"\ntitle = \"Dates\"\nask = \"Copy.\"\n+++\n## user\n{{{{ chunk }}}}"
        );
        Template::parse(&source, name, None).expect("a sound template")
    });
    update(&mut state, Msg::Templates { templates: templates.into(), problems: vec![] });
    let asked = list(&mut state, &[seen("a.txt", 1), seen("b.txt", 1)]);
    read(&mut state, &asked);
    state
}

fn press(state: &mut State, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in keys.split_whitespace() {
        let key: Key = key.parse().expect("a key name");
        effects.extend(update(state, Msg::Key(key)));
    }
    effects
}

fn spec(name: &str, job: &str) -> JobSpec {
    JobSpec { doc: id(name), job: job.into(), within: None, rounds: 1 }
}

fn started(effects: &[Effect]) -> Vec<JobSpec> {
    let starts = effects.iter().filter_map(|effect| match effect {
        Effect::Start { jobs, .. } => Some(jobs),
        _ => None,
    });
    starts.flatten().map(|job| job.spec.clone()).collect()
}

fn end(state: &mut State, ended: Ended) -> Vec<Effect> {
    let run = state.running.first().expect("a job at work").run;
    update(state, Msg::Run { run, msg: RunMsg::Ended(ended) })
}

#[test]
fn a_renamed_document_keeps_its_results_its_mark_and_its_place_in_the_queue() {
    let mut state = ready();
    press(&mut state, "R enter");
    press(&mut state, "j space");
    assert!(state.marked.contains(&id("b.txt")));
    let asked = update(&mut state, Msg::Renamed { from: id("b.txt"), to: id("c.txt") });
    let moved = Effect::MoveResults { from: id("b.txt").0, to: id("c.txt").0 };
    let position = |wanted: &Effect| asked.iter().position(|effect| effect == wanted);
    let (moved, listed) = (position(&moved), position(&Effect::ListFolder));
    assert!(moved.is_some() && moved < listed, "{asked:?}");
    read(&mut state, &asked);
    let asked = list(&mut state, &[seen("a.txt", 1), seen("c.txt", 1)]);
    read(&mut state, &asked);
    let names: Vec<&str> = state.documents.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["a.txt", "c.txt"]);
    let entry = state.find(&id("c.txt")).expect("it is listed");
    assert!(entry.document().is_some());
    assert_eq!(entry.reviewed(), (2, 1));
    assert_eq!(state.marked, [id("c.txt")].into());
    assert_eq!(state.queue, [spec("c.txt", "extract"), spec("c.txt", "triage")]);
}

#[test]
fn a_job_on_a_document_that_is_renamed_begins_again_under_the_new_name() {
    let mut state = ready();
    let run = started(&press(&mut state, "r j enter"));
    assert_eq!(run, [spec("a.txt", "extract")]);
    let asked = update(&mut state, Msg::Renamed { from: id("a.txt"), to: id("z.txt") });
    let mut effects = read(&mut state, &asked);
    effects.extend(end(&mut state, Ended::Cancelled));
    let asked = list(&mut state, &[seen("b.txt", 1), seen("z.txt", 1)]);
    effects.extend(read(&mut state, &asked));
    assert_eq!(started(&effects), [spec("z.txt", "extract")]);
}

#[test]
fn cancel_all_stops_the_job_and_empties_the_queue_also_for_the_next_start() {
    let mut state = ready();
    press(&mut state, "R enter");
    assert_eq!((state.running.len(), state.queue.len()), (2, 2));
    let effects = press(&mut state, "X");
    let cancelled = state.running.iter().map(|r| Effect::CancelRun { run: r.run });
    assert!(cancelled.clone().count() == 2 && cancelled.clone().all(|c| effects.contains(&c)));
    let saved = effects.iter().rfind(|effect| matches!(effect, Effect::SaveQueue(_)));
    assert_eq!(saved, Some(&Effect::SaveQueue(vec![])));
    for run in state.running.clone() {
        let ended = RunMsg::Ended(Ended::Cancelled);
        let effects = update(&mut state, Msg::Run { run: run.run, msg: ended });
        assert_eq!(started(&effects), []);
    }
    assert!(state.running.is_empty() && state.queue.is_empty());
}

#[test]
fn cancel_all_drops_what_waits_for_a_reading() {
    let mut state = ready();
    let asked = list(&mut state, &[seen("a.txt", 2), seen("b.txt", 1)]);
    press(&mut state, "r j enter");
    assert_eq!(state.queue, [spec("a.txt", "extract")]);
    assert_eq!(press(&mut state, "X"), [Effect::SaveQueue(vec![])]);
    assert_eq!(started(&read(&mut state, &asked)), []);
}

#[test]
fn auto_runs_its_jobs_once_on_a_document_that_changes() {
    let mut state = ready();
    state.auto_jobs = vec!["extract".into()];
    let changed = [seen("a.txt", 2), seen("b.txt", 1)];
    let asked = list(&mut state, &changed);
    assert_eq!(started(&read(&mut state, &asked)), [], "auto is off");
    press(&mut state, "A");
    let changed = [seen("a.txt", 3), seen("b.txt", 1)];
    let asked = list(&mut state, &changed);
    assert_eq!(started(&read(&mut state, &asked)), [spec("a.txt", "extract")]);
    end(&mut state, Ended::Done);
    // Listed once more, as after every sign from the folder.
    let asked = list(&mut state, &changed);
    assert_eq!(asked, []);
    // Read once more for another reason.
    let asked = update(&mut state, Msg::Renamed { from: id("a.txt"), to: id("c.txt") });
    assert_eq!(started(&read(&mut state, &asked)), []);
}

#[test]
fn an_undo_asks_the_store_and_shows_what_it_gives_back() {
    let mut state = ready();
    press(&mut state, "enter");
    assert_eq!(state.finding().map(|(_, f)| f.text.as_str()), Some(DATES[0]));
    assert_eq!(press(&mut state, "u"), [Effect::Undo { doc: id("a.txt") }]);
    let back = |name: &str| Msg::Decided {
        doc: id(name),
        job: "extract".into(),
        id: FindingId(DATES[1].into()),
        decision: Decision::Open,
    };
    update(&mut state, back("b.txt"));
    assert_eq!(state.find(&id("b.txt")).map(Entry::reviewed), Some((2, 0)));
    assert_eq!(state.find(&id("a.txt")).map(Entry::reviewed), Some((2, 1)), "another's");
    assert_eq!(state.finding().map(|(_, f)| f.text.as_str()), Some(DATES[0]));
    update(&mut state, back("a.txt"));
    assert_eq!(state.find(&id("a.txt")).map(Entry::reviewed), Some((2, 0)));
    assert_eq!(state.finding().map(|(_, f)| f.text.as_str()), Some(DATES[1]), "it is shown");
}
