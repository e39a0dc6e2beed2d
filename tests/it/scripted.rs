//! Whole job runs with an engine whose answers are written down.

use std::collections::BTreeSet;
use std::sync::Mutex;

use galley::app::msg::{Ended, RunMsg};
use galley::app::state::{DocId, JobSpec};
use galley::assets;
use galley::domain::body::Body;
use galley::domain::document::Document;
use galley::domain::finding::{JobResult, Opinion, Status};
use galley::domain::template::Template;
use galley::engine::scripted::{ScriptedEngine, Turn};
use galley::engine::{Cancel, EngineError};
use galley::runtime::group::Group;
use galley::runtime::job_run::{Job, Shared};
use galley::store::Store;

use crate::support::document::{source, text_file};

const TEXT: &str = "Halden Marine Ltd delivered 40 units on 12 March 2024. \
    The invoice of $4,500 was not paid, and Dr. Anna Keller wrote to the Supplier twice about it. \
    The Supplier shall answer within ten days of the letter.\n";

fn document() -> Document {
    text_file("/case/letter.txt".as_ref(), TEXT)
}

fn template(name: &str) -> Template {
    let asset = assets::prompts().into_iter().find(|a| a.name == name).expect("a built-in job");
    Template::parse(asset.text, asset.name, None).expect("a sound template")
}

/// Runs a job; gives how it ended and the last result it reported.
fn run(
    job: &str,
    engine: &ScriptedEngine,
    store: &Mutex<Store>,
    cancel: &Cancel,
) -> (Ended, JobResult) {
    let doc = document();
    let spec = JobSpec { doc: DocId(doc.path.clone()), job: job.into(), within: None, rounds: 1 };
    let (last, ended) = (Mutex::new(None), Mutex::new(None));
    let send = |msg| match msg {
        RunMsg::Partial(result) => *last.lock().expect("sound") = Some(*result),
        RunMsg::Ended(how) => *ended.lock().expect("sound") = Some(how),
        _ => {}
    };
    let template = template(job);
    let body = Body::of(&doc, false);
    let shared = Shared {
        body: &body,
        name: "letter.txt",
        engine,
        store,
        notes: vec![],
        stands_in: false,
        trusted: BTreeSet::new(),
    };
    let job = Job { spec: &spec, template: &template, cancel, send: &send };
    assert!(Group { shared, jobs: vec![job] }.run(), "no fault of galley's own");
    let (ended, last) = (ended.into_inner().expect("sound"), last.into_inner().expect("sound"));
    (ended.expect("an end"), last.expect("a result"))
}

fn store() -> Mutex<Store> {
    Mutex::new(Store::open_in_memory().expect("a store"))
}

/// The six fields of `extract`: dates, amounts, periods, people, organisations, obligations.
const ANSWERS: [&str; 6] = [
    "12 March 2024\n13 March 2024",
    "$4,500",
    "none",
    "none",
    "Halden Marine Ltd",
    "The Supplier shall answer within ten days of the letter.",
];

#[test]
fn model_and_recognisers_are_merged_and_an_invented_quote_is_never_shown_as_found() {
    let engine = ScriptedEngine::saying(ANSWERS);
    let (ended, result) = run("extract", &engine, &store(), &Cancel::new());
    assert_eq!(ended, Ended::Done);
    let opinion = |text: &str| {
        let found = result.findings.iter().find(|f| f.text == text && f.status == Status::Anchored);
        found.map(|f| f.opinion)
    };
    assert_eq!(opinion("12 March 2024"), Some(Opinion::Both));
    assert_eq!(opinion("$4,500"), Some(Opinion::Both));
    assert_eq!(opinion("Dr. Anna Keller"), Some(Opinion::Rules), "the model said none");
    assert_eq!(opinion("13 March 2024"), None, "it is not in the source");
    let invented = result.findings.iter().find(|f| f.text == "13 March 2024").expect("it is told");
    assert_eq!(invented.status, Status::Unverified);
    assert!(invented.why.as_deref().is_some_and(|why| why.contains("13")), "{:?}", invented.why);
    assert_eq!(result.coverage.read, TEXT.len());
}

#[test]
fn a_second_run_asks_the_engine_nothing() {
    let store = store();
    let first = run("extract", &ScriptedEngine::saying(ANSWERS), &store, &Cancel::new()).1;
    let silent = ScriptedEngine::new([]);
    let (ended, second) = run("extract", &silent, &store, &Cancel::new());
    assert_eq!(ended, Ended::Done);
    assert_eq!(silent.prompts().len(), 0);
    assert_eq!(second.findings, first.findings);
}

#[test]
fn a_step_that_fails_is_a_warning_and_its_text_does_not_count_as_read() {
    let mut turns = ANSWERS.map(|a| Turn::Say(a.to_owned()));
    turns[1] = Turn::Fail(EngineError::Refused("It would not.".into()));
    let engine = ScriptedEngine::new(turns);
    let (ended, result) = run("extract", &engine, &store(), &Cancel::new());
    assert_eq!(ended, Ended::Done);
    assert!(result.warnings.iter().any(|w| w.contains("It would not.")), "{:?}", result.warnings);
    assert_eq!((result.coverage.read, result.coverage.failed), (0, TEXT.len()));
    assert!(result.findings.iter().any(|f| f.text == "$4,500"), "recognisers go on");
}

#[test]
fn a_cancelled_run_keeps_what_the_recognisers_found() {
    let cancel = Cancel::new();
    cancel.cancel();
    let engine = ScriptedEngine::saying(ANSWERS);
    let store = store();
    let (ended, result) = run("extract", &engine, &store, &cancel);
    assert_eq!(ended, Ended::Cancelled);
    assert!(result.findings.iter().any(|f| f.text == "12 March 2024"));
    assert_eq!(result.coverage.failed, TEXT.len());
    let kept = store.into_inner().expect("sound").results("/case/letter.txt".as_ref(), &source());
    assert_eq!(kept.expect("readable").len(), 1);
}

#[test]
fn a_version_that_changes_a_fact_is_not_clean_and_the_change_is_said() {
    const REFUND: &str = "We are sorry! A refund of $1,200 is on its way to you, and we wish you \
        all the best for the days ahead.";
    // What is not right is asked for once more.
    let engine = ScriptedEngine::saying([
        "Halden Marine Ltd delivered 40 units on 12 March 2024. The $4,500 invoice was not paid. Dr. Anna Keller wrote to the Supplier twice about it. The Supplier shall answer within ten days of the letter.",
        REFUND,
        REFUND,
        "none of it",
        "none of it",
    ]);
    let (_, result) = run("rewrite", &engine, &store(), &Cancel::new());
    let by_model = |kind: &str| {
        let found = result.findings.iter().find(|f| f.kind == kind && f.opinion == Opinion::Model);
        found.expect("the model's version is shown")
    };
    assert_eq!(by_model("concise").status, Status::Anchored, "{:?}", by_model("concise").why);
    let warm = by_model("warm");
    assert_eq!(warm.status, Status::Unverified);
    assert!(
        warm.why.as_deref().is_some_and(|w| w.contains("1,200") && w.contains("4,500")),
        "{:?}",
        warm.why
    );
    assert_eq!(by_model("polished").status, Status::Unverified, "most of the source is gone");
    let faithful = result.findings.iter().find(|f| f.kind == "warm" && f.opinion == Opinion::Rules);
    let asked = engine.prompts();
    let again = asked[2].messages.last().expect("a message");
    assert!(again.text.contains("$4,500"), "the fault is named: {}", again.text);
    let faithful = faithful.expect("a version made by code stands beside it");
    assert!(faithful.text.contains("$4,500") && faithful.status == Status::Anchored);
}

#[test]
fn triage_is_made_of_the_sources_own_sentences() {
    let engine = ScriptedEngine::saying(["1, 2", "2", "1"]);
    let (_, result) = run("triage", &engine, &store(), &Cancel::new());
    for finding in &result.findings {
        assert_eq!(finding.quotes[0].span.slice(TEXT), Some(finding.quotes[0].text.as_str()));
    }
    let event = result.findings.iter().find(|f| f.kind == "event").expect("a chronology");
    assert!(event.text.contains("12 March 2024"), "{}", event.text);
    assert_eq!(event.opinion, Opinion::Both);
    let key: Vec<_> = result.findings.iter().filter(|f| f.kind == "key_fact").collect();
    assert!(key.iter().any(|f| f.text.contains("$4,500")), "{key:?}");
}
