//! The workbench's behaviour, message by message: whole effect lists are compared.

use std::collections::HashMap;
use std::path::PathBuf;

use super::update;
use crate::app::key::Key;
use crate::app::msg::{Effect, Ended, Msg, Remembered, RunMsg, Seen, Start};
use crate::app::state::{
    DocId, DocState, Failure, JobSpec, Level, Millis, Mode, Pane, Scope, Stamp, State, Tally,
};
use crate::app::wish::ReadOptions;
use crate::domain::document::{Document, Page, PageState, Place, SourceHash};
use crate::domain::finding::{
    Basis, Decision, Finding, FindingId, JobResult, Notes, Opinion, Quote, Section, Status,
};
use crate::domain::ledger::Coverage;
use crate::domain::span::ByteSpan;
use crate::domain::template::Template;

mod parts;
mod queue;
mod review;
mod wishes;

const TEXT: &str = "Signed on 1 March 2026. The Supplier shall deliver. Ended 1 March 2027.";

fn id(name: &str) -> DocId {
    DocId(PathBuf::from("/case").join(name))
}

fn seen(name: &str, modified: i128) -> Seen {
    Seen { id: id(name), name: name.into(), stamp: Stamp { bytes: 10, modified } }
}

fn document(name: &str) -> Document {
    Document::of_text(id(name).0, TEXT)
}

fn quote(text: &str) -> Quote {
    let start = TEXT.find(text).expect("the quote is in the text");
    Quote {
        span: ByteSpan::new(start, start + text.len()),
        text: text.into(),
        place: Place { page: 1, line: 1 },
        cite: String::new(),
        boxes: Vec::new(),
    }
}

fn finding(text: &str) -> Finding {
    Finding {
        id: FindingId(text.into()),
        kind: "date".into(),
        text: text.into(),
        value: None,
        quotes: vec![quote(text)],
        status: Status::Anchored,
        why: None,
        opinion: Opinion::Rules,
        notes: Notes::default(),
    }
}

fn result(findings: Vec<Finding>) -> JobResult {
    let section = Section {
        title: "Dates".into(),
        findings: findings.iter().map(|f| f.id.clone()).collect(),
        empty: "None.".into(),
    };
    JobResult {
        job: "extract".into(),
        template_sha256: String::new(),
        seconds: 1.0,
        findings,
        sections: vec![section],
        warnings: vec![],
        coverage: Coverage::default(),
        source: SourceHash("aa".into()),
        basis: Basis::default(),
        model: "none".into(),
        engine: "rules".into(),
        model_sha256: String::new(),
    }
}

fn template(name: &str) -> Template {
    let source = format!(
        "+++\nname = \"{name}\"\ntitle = \"{name}\"\nkind = \"extract\"\n[[fields]]\n\
         name = \"date\"\ntitle = \"Dates\"\nask = \"Copy.\"\n+++\n## user\n{{{{ chunk }}}}"
    );
    Template::parse(&source, name, None).expect("a sound template")
}

/// A workbench with two documents that were read.
fn ready() -> State {
    let mut state = State::new("/case".into());
    let templates = vec![template("extract"), template("triage")];
    update(&mut state, Msg::Templates { templates, problems: vec![] });
    update(&mut state, Msg::Folder(Ok(vec![seen("b.txt", 1), seen("a.txt", 1)])));
    for name in ["a.txt", "b.txt"] {
        read(&mut state, name, 1);
    }
    state
}

fn read(state: &mut State, name: &str, generation: u64) -> Vec<Effect> {
    let outcome = Ok(document(name));
    let remembered = Remembered::default();
    update(state, Msg::Read { doc: id(name), generation, outcome, remembered })
}

/// A reading as nobody wished it otherwise.
fn reading(name: &str, generation: u64) -> Effect {
    Effect::Read { doc: id(name), generation, options: ReadOptions::default() }
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

/// The start of jobs on one document, numbered from `run` on.
fn start(state: &State, run: u64, name: &str, jobs: &[&str]) -> Effect {
    let jobs = jobs.iter().zip(run..).map(|(job, run)| Start {
        run,
        spec: spec(name, job),
        template: Box::new(state.template(job).expect("the template").clone()),
    });
    Effect::Start {
        name: name.into(),
        doc: std::sync::Arc::new(document(name)),
        with_hidden: false,
        jobs: jobs.collect(),
    }
}

/// What runs, by document and job.
fn running(state: &State) -> Vec<JobSpec> {
    state.running.iter().map(|running| running.spec.clone()).collect()
}

fn run(state: &mut State, run: u64, msg: RunMsg) -> Vec<Effect> {
    update(state, Msg::Run { run, msg })
}

#[test]
fn documents_are_listed_by_name_and_read() {
    let mut state = State::new("/case".into());
    let effects = update(&mut state, Msg::Folder(Ok(vec![seen("b", 1), seen("a", 1)])));
    assert_eq!(effects, [reading("a", 1), reading("b", 1)]);
}

#[test]
fn a_changed_file_is_read_again_and_what_the_older_reading_brings_is_dropped() {
    let mut state = ready();
    let effects = update(&mut state, Msg::Folder(Ok(vec![seen("a.txt", 2), seen("b.txt", 1)])));
    assert_eq!(effects, [reading("a.txt", 2)]);
    read(&mut state, "a.txt", 1);
    assert_eq!(state.documents[0].state, DocState::Reading);
    read(&mut state, "a.txt", 2);
    assert!(state.documents[0].document().is_some());
}

#[test]
fn a_file_that_is_gone_leaves_the_list_and_the_queue() {
    let mut state = ready();
    press(&mut state, "* r enter");
    let effects = update(&mut state, Msg::Folder(Ok(vec![seen("b.txt", 1)])));
    let kept = vec![spec("b.txt", "extract"), spec("b.txt", "triage")];
    let cancel = |run| Effect::CancelRun { run };
    assert_eq!(effects, [Effect::SaveQueue(kept), cancel(1), cancel(2)]);
    assert_eq!(state.queue, [spec("b.txt", "extract"), spec("b.txt", "triage")]);
    assert_eq!(state.documents.len(), 1);
    assert!(!state.marked.contains(&id("a.txt")));
}

#[test]
fn a_folder_that_vanishes_keeps_what_is_known_and_says_why() {
    let mut state = ready();
    update(&mut state, Msg::Folder(Err("There is no folder /case.".into())));
    assert_eq!(state.documents.len(), 2);
    assert_eq!(state.folder_problem.as_deref(), Some("There is no folder /case."));
    update(&mut state, Msg::Folder(Ok(vec![seen("a.txt", 1)])));
    assert_eq!(state.folder_problem, None);
}

#[test]
fn one_job_runs_on_the_selected_document() {
    let mut state = ready();
    let effects = press(&mut state, "j r j j enter");
    let queued = Effect::SaveQueue(vec![spec("b.txt", "triage")]);
    assert_eq!(effects, [queued, start(&state, 1, "b.txt", &["triage"])]);
}

#[test]
fn all_jobs_run_on_the_marked_documents_one_document_after_the_other() {
    let mut state = ready();
    press(&mut state, "space space");
    assert!(matches!(press_menu(&mut state), Mode::RunMenu { scope: Scope::Marked, row: 0 }));
    press(&mut state, "enter");
    assert_eq!(running(&state), [spec("a.txt", "extract"), spec("a.txt", "triage")]);
    assert_eq!(state.queue, [spec("b.txt", "extract"), spec("b.txt", "triage")]);
}

fn press_menu(state: &mut State) -> Mode {
    press(state, "r");
    state.mode.clone()
}

#[test]
fn the_same_job_is_not_queued_twice() {
    let mut state = ready();
    press(&mut state, "r j enter r j enter r j j enter r j j enter");
    assert_eq!(state.queue, [spec("a.txt", "triage")]);
}

#[test]
fn when_a_job_ends_the_next_one_starts() {
    let mut state = ready();
    press(&mut state, "r j enter r j j enter");
    let effects = run(&mut state, 1, RunMsg::Ended(Ended::Done));
    let saved = Effect::SaveQueue(vec![spec("a.txt", "triage")]);
    assert_eq!(effects, [saved, start(&state, 2, "a.txt", &["triage"])]);
    let effects = run(&mut state, 2, RunMsg::Ended(Ended::Done));
    assert_eq!(effects, [Effect::SaveQueue(vec![])]);
    assert_eq!(state.running, []);
}

#[test]
fn messages_of_an_earlier_run_change_nothing() {
    let mut state = ready();
    press(&mut state, "r j enter r j j enter");
    run(&mut state, 1, RunMsg::Ended(Ended::Done));
    let before = state.running.clone();
    run(&mut state, 1, RunMsg::Text("late".into()));
    assert_eq!(run(&mut state, 1, RunMsg::Ended(Ended::Done)), []);
    assert_eq!(state.running, before);
}

#[test]
fn cancel_stops_the_run_and_keeps_what_was_found() {
    let mut state = ready();
    press(&mut state, "r j enter");
    run(&mut state, 1, RunMsg::Partial(Box::new(result(vec![finding("1 March 2026")]))));
    let effects = press(&mut state, "x");
    assert_eq!(effects, [Effect::SaveQueue(vec![]), Effect::CancelRun { run: 1 }]);
    run(&mut state, 1, RunMsg::Ended(Ended::Cancelled));
    assert_eq!(state.documents[0].results["extract"].findings.len(), 1);
    assert!(state.notice.as_ref().is_some_and(|n| n.text.contains("stopped")));
}

#[test]
fn a_document_that_changes_while_a_job_runs_is_worked_on_again() {
    let mut state = ready();
    press(&mut state, "r j enter");
    update(&mut state, Msg::Folder(Ok(vec![seen("a.txt", 2), seen("b.txt", 1)])));
    assert_eq!(state.queue, [spec("a.txt", "extract")]);
    run(&mut state, 1, RunMsg::Ended(Ended::Cancelled));
    assert_eq!(state.running, [], "it waits for the new reading");
    let effects = read(&mut state, "a.txt", 2);
    assert!(effects.contains(&start(&state, 2, "a.txt", &["extract"])), "{effects:?}");
}

#[test]
fn auto_queues_its_jobs_for_new_and_changed_documents_only() {
    let mut state = ready();
    state.auto_jobs = vec!["extract".into()];
    assert_eq!(press(&mut state, "A"), [Effect::SaveAuto(true)]);
    assert_eq!(state.running, []);
    let all = vec![seen("a.txt", 1), seen("b.txt", 1), seen("c.txt", 1)];
    update(&mut state, Msg::Folder(Ok(all)));
    let effects = read(&mut state, "c.txt", 1);
    assert!(effects.contains(&start(&state, 1, "c.txt", &["extract"])), "{effects:?}");
    assert!(state.queue.is_empty());
}

#[test]
fn leaving_while_a_job_runs_asks_once() {
    let mut state = ready();
    press(&mut state, "r enter");
    assert_eq!(press(&mut state, "q"), []);
    assert_eq!(state.mode, Mode::ConfirmQuit);
    assert_eq!(
        press(&mut state, "n q y"),
        [Effect::CancelRun { run: 1 }, Effect::CancelRun { run: 2 }, Effect::Quit]
    );
}

#[test]
fn a_queue_from_an_earlier_session_waits_until_its_documents_are_read() {
    let mut state = State::new("/case".into());
    let templates = vec![template("extract")];
    update(&mut state, Msg::Templates { templates, problems: vec![] });
    update(&mut state, Msg::Enqueue(vec![spec("a.txt", "extract")]));
    update(&mut state, Msg::Folder(Ok(vec![seen("a.txt", 1)])));
    assert_eq!(state.running, []);
    let effects = read(&mut state, "a.txt", 1);
    assert!(effects.contains(&start(&state, 1, "a.txt", &["extract"])), "{effects:?}");
}

#[test]
fn a_document_that_cannot_be_read_leaves_the_queue_with_a_word() {
    let mut state = ready();
    state.documents[0].state = DocState::Failed(Failure::new("It is encrypted."));
    press(&mut state, "r j enter");
    assert_eq!(state.running, []);
    let notice = state.notice.as_ref().expect("a notice");
    assert!(notice.text.contains("a.txt cannot be read"), "{}", notice.text);
}

#[test]
fn a_template_with_a_mistake_is_told() {
    let mut state = ready();
    let problems = vec!["mine.md, line 3: wrong.".to_owned()];
    update(&mut state, Msg::Templates { templates: vec![template("extract")], problems });
    assert!(state.notice.as_ref().is_some_and(|n| n.text.contains("mine.md, line 3")));
}

#[test]
fn time_left_counts_only_steps_that_took_time() {
    let mut state = ready();
    press(&mut state, "r j enter");
    run(&mut state, 1, RunMsg::Planned { steps: 10 });
    for reused in [true, true, false, false] {
        run(&mut state, 1, RunMsg::StepDone { reused, aloud: true });
    }
    let tally = Tally::of(&state.running);
    assert_eq!(tally.estimate(Millis(8_000)), Some(24_000), "two steps took 8 s, six are left");
}

#[test]
fn a_reload_tries_failed_documents_again() {
    let mut state = ready();
    state.documents[1].state = DocState::Failed(Failure::new("It was locked."));
    let again = reading("b.txt", 2);
    assert_eq!(press(&mut state, "f5"), [Effect::LoadTemplates, Effect::ListFolder, again]);
}
