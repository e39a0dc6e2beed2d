//! What the executor keeps of a queue, and jobs that are stopped before the
//! engine is there.

use std::sync::Mutex;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;
use crate::app::msg::{Ended, RunMsg};
use crate::app::state::EngineState;
use crate::assets;
use crate::domain::document::Document;
use crate::domain::finding::JobResult;
use crate::domain::marks::{Aside, AsideKind};
use crate::domain::span::ByteSpan;
use crate::domain::template::Template;
use crate::extract::WorkerCommand;
use crate::paths::Paths;
use crate::store::Store;

fn store() -> SharedStore {
    Arc::new(Mutex::new(Store::open_in_memory().expect("a store")))
}

fn roots() -> Vec<PathBuf> {
    vec![PathBuf::from("/case")]
}

fn world(store: &SharedStore) -> World {
    let nowhere = Paths::under("/nowhere".as_ref());
    World {
        roots: roots(),
        store: Arc::clone(store),
        templates: nowhere.prompts(),
        exports: nowhere.data.clone(),
        workers: Workers::new(WorkerCommand { program: "false".into(), args: Vec::new() }),
        reading: Options::default(),
        model: ModelChoice::find(Some("none"), &nowhere).expect("recognisers alone"),
        keeps_queue: true,
    }
}

fn executor(store: &SharedStore) -> (Executor, UnboundedReceiver<Msg>) {
    let (send, messages) = unbounded_channel();
    (Executor::start(world(store), send), messages)
}

fn spec(name: &str) -> JobSpec {
    JobSpec::whole(&DocId(Path::new("/case").join(name)), "extract")
}

#[cfg(unix)]
#[test]
fn a_queue_outlives_the_program_whatever_its_files_are_called() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let odd = Path::new("/case").join(OsStr::from_bytes(b"caf\xe9.txt"));
    assert_eq!(odd.to_str(), None, "no UTF-8");
    let passage = JobSpec { within: Some(ByteSpan::new(3, 9)), ..spec("a.txt") };
    let queue = vec![spec("b.txt"), JobSpec::whole(&DocId(odd), "triage"), passage];
    let store = store();
    let (mut executor, mut messages) = executor(&store);
    assert_eq!(executor.perform(Effect::SaveQueue(queue.clone())), None);
    assert_eq!(remembered_queue(&store, &roots()), (queue, None));
    assert!(messages.try_recv().is_err(), "there is nothing to tell");
}

#[test]
fn a_damaged_job_takes_no_other_out_of_the_queue_and_is_told() {
    let good = spec("b.txt");
    let json = serde_json::to_string(&good).expect("plain data");
    assert!(json.contains("\"/case/b.txt\""), "paths that are text are kept as text: {json}");
    let (jobs, problem) = waiting(&format!("[{json},{{\"doc\":7}},{json}]"));
    assert_eq!(jobs, [good.clone(), good]);
    assert!(problem.is_some_and(|text| text.starts_with("1 of the 3 jobs")));
    let (jobs, problem) = waiting("[{\"doc\":");
    assert!(jobs.is_empty() && problem.is_some_and(|text| text.contains("damaged")));
    assert_eq!(waiting("[]"), (Vec::new(), None));
}

fn document() -> Document {
    Document::of_text(spec("a.txt").doc.0, "Signed on 12 March 2024 in the harbour.")
}

/// Runs the extraction on a thread that also loads the engine; gives what was
/// told up to its end, and how many results were kept.
fn told(is_cancelled: bool) -> (Vec<Msg>, usize) {
    let store = store();
    let model = world(&store).model;
    told_of(&store, model, false, is_cancelled)
}

fn told_of(
    store: &SharedStore,
    model: ModelChoice,
    is_attended: bool,
    is_cancelled: bool,
) -> (Vec<Msg>, usize) {
    let (send, mut messages) = unbounded_channel();
    let tasks = runner::start(Arc::clone(store), model, send, is_attended);
    let prompt = assets::prompts().into_iter().find(|a| a.name == "extract").expect("built in");
    let template = Template::parse(prompt.text, prompt.name, None).expect("a sound template");
    let cancel = Cancel::new();
    if is_cancelled {
        cancel.cancel();
    }
    let doc = Arc::new(document());
    let job = Start { run: 1, spec: spec("a.txt"), template: Box::new(template) };
    let jobs = vec![RunJob { job, cancel }];
    let task = RunTask { name: "a.txt".into(), doc: Arc::clone(&doc), with_hidden: false, jobs };
    tasks.send(Task::Run(task)).expect("the thread runs");
    let mut told = Vec::new();
    while let Some(msg) = messages.blocking_recv() {
        let is_end = matches!(msg, Msg::Run { msg: RunMsg::Ended(_), .. });
        told.push(msg);
        if is_end {
            break;
        }
    }
    let kept = lock(store).results(&doc.path, &doc.source).expect("they can be read");
    (told, kept.len())
}

#[test]
fn a_job_that_is_stopped_before_the_engine_is_there_leaves_no_result() {
    let (said, kept) = told(true);
    let runs: Vec<&Msg> = said.iter().filter(|msg| matches!(msg, Msg::Run { .. })).collect();
    assert_eq!(runs, [&Msg::Run { run: 1, msg: RunMsg::Ended(Ended::Cancelled) }]);
    assert_eq!(kept, 0);
    let (said, kept) = told(false);
    assert_eq!(said.last(), Some(&Msg::Run { run: 1, msg: RunMsg::Ended(Ended::Done) }));
    assert_eq!(kept, 1);
}

#[test]
fn a_model_that_cannot_be_loaded_holds_the_queue_where_a_person_is_there_to_decide() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("broken.gguf");
    std::fs::write(&file, "no model").expect("written");
    let model = || ModelChoice::find(file.to_str(), &Paths::under(home.path())).expect("a file");
    let held = |said: &[Msg]| said.iter().any(|msg| matches!(msg, Msg::Hold));
    let store = store();
    let (said, kept) = told_of(&store, model(), true, false);
    assert!(held(&said), "{said:?}");
    assert_eq!(said.last(), Some(&Msg::Run { run: 1, msg: RunMsg::Ended(Ended::Cancelled) }));
    assert_eq!(kept, 0);
    // Nobody is there to decide: the recognisers do what can be done.
    let (said, kept) = told_of(&store, model(), false, false);
    assert!(!held(&said), "{said:?}");
    assert_eq!(
        (said.last(), kept),
        (Some(&Msg::Run { run: 1, msg: RunMsg::Ended(Ended::Done) }), 1)
    );
}

#[test]
fn an_engine_that_is_given_up_is_told() {
    let store = store();
    let (send, mut messages) = unbounded_channel();
    let tasks = runner::start(Arc::clone(&store), world(&store).model, send, false);
    let (name, doc) = ("a.txt".to_owned(), Arc::new(document()));
    let task = RunTask { name, doc, with_hidden: false, jobs: Vec::new() };
    // Nothing was loaded yet, so that the first one has nothing to tell.
    for task in [Task::Unload, Task::Run(task), Task::Unload] {
        tasks.send(task).expect("the thread runs");
    }
    drop(tasks);
    let mut told = 0;
    while let Some(msg) = messages.blocking_recv() {
        assert!(matches!(msg, Msg::Engine(EngineState::None { .. })), "{msg:?}");
        told += 1;
    }
    assert_eq!(told, 2, "when it was loaded, and when it was given up");
}

/// What the recognisers find in a text of which the second date is hidden.
fn found(with_hidden: bool) -> JobResult {
    let store = store();
    let (send, mut messages) = unbounded_channel();
    let tasks = runner::start(Arc::clone(&store), world(&store).model, send, false);
    let prompt = assets::prompts().into_iter().find(|a| a.name == "extract").expect("built in");
    let template = Template::parse(prompt.text, prompt.name, None).expect("a sound template");
    let text = "Signed on 1 March 2026.\n\nEnds on 5 May 2031.\n\nPaid on 2 April 2026.\n";
    let hidden = text.find("Ends").expect("it is there");
    let aside = Aside { span: ByteSpan::new(hidden, hidden + 19), kind: AsideKind::SameColour };
    let mut doc = document();
    doc.text = text.into();
    doc.pages[0].span = ByteSpan::new(0, text.len());
    doc.marks.asides = vec![aside];
    let job = Start { run: 1, spec: spec("a.txt"), template: Box::new(template) };
    let jobs = vec![RunJob { job, cancel: Cancel::new() }];
    let task = RunTask { name: "a.txt".into(), doc: Arc::new(doc.clone()), with_hidden, jobs };
    tasks.send(Task::Run(task)).expect("the thread runs");
    let mut last = None;
    while let Some(msg) = messages.blocking_recv() {
        match msg {
            Msg::Run { msg: RunMsg::Partial(result), .. } => last = Some(*result),
            Msg::Run { msg: RunMsg::Ended(_), .. } => break,
            _ => {}
        }
    }
    let result = last.expect("a result");
    for quote in result.findings.iter().flat_map(|finding| &finding.quotes) {
        assert_eq!(quote.span.slice(text), Some(quote.text.as_str()), "in the document's text");
        assert_eq!(quote.cite, doc.cite(quote.span));
    }
    result
}

#[test]
fn hidden_text_is_given_to_a_job_only_when_the_person_said_so_and_the_result_says_it() {
    let dates = |result: &JobResult| -> Vec<String> {
        result.findings.iter().filter(|f| f.kind == "date").map(|f| f.text.clone()).collect()
    };
    let without = found(false);
    assert_eq!(dates(&without), ["1 March 2026", "2 April 2026"]);
    assert_eq!(without.findings[1].quotes[0].cite, "line 5");
    assert_eq!(without.warnings, Vec::<String>::new());
    assert_eq!(without.coverage.set_aside[&AsideKind::SameColour], 21, "with its empty line");
    assert_eq!(without.coverage.excluded, 21);
    let with = found(true);
    assert_eq!(dates(&with), ["1 March 2026", "5 May 2031", "2 April 2026"]);
    let said = "This job was given what is set aside otherwise: text in the colour of its \
                background.";
    assert_eq!(with.warnings, [said]);
    assert!(with.coverage.set_aside.is_empty());
}
