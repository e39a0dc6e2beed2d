//! Jobs that run together on one document, with an engine whose answers are
//! written down: the order of the questions, and what one job's end means to
//! the others.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use galley::app::msg::{Ended, RunMsg};
use galley::app::state::{DocId, JobSpec};
use galley::assets;
use galley::domain::body::Body;
use galley::domain::document::Document;
use galley::domain::finding::JobResult;
use galley::domain::prompt::Prompt;
use galley::domain::template::Template;
use galley::engine::rules::RulesEngine;
use galley::engine::scripted::{ScriptedEngine, Turn};
use galley::engine::{Answer, Cancel, Engine, EngineError, EngineInfo, Progress};
use galley::runtime::group::Group;
use galley::runtime::job_run::{Job, Shared, lock};
use galley::store::Store;

use crate::support::document::text_file;

/// Two parts, each too long to stand with the other in one chunk.
fn document() -> Document {
    let part = |word: &str| {
        let sentence = format!("The {word} pump was delivered to the harbour on 12 March 2024. ");
        format!("{}\n\n", sentence.repeat(6))
    };
    text_file("/case/pumps.txt".as_ref(), &[part("first"), part("second")].concat())
}

/// An engine whose window takes one of the two parts at a time.
fn engine(reply: impl FnMut(&Prompt) -> Turn + Send + 'static) -> ScriptedEngine {
    ScriptedEngine::with(reply).described(|info| info.window = 80)
}

fn template(name: &str) -> Template {
    let asset = assets::prompts().into_iter().find(|a| a.name == name).expect("a built-in job");
    Template::parse(asset.text, asset.name, None).expect("a sound template")
}

/// What came of one of the jobs.
#[derive(Debug, Default)]
struct Told {
    ends: Vec<Ended>,
    last: Option<JobResult>,
    steps: usize,
    reused: usize,
}

/// Runs jobs together; `cancels` has a flag for each of them.
fn together(
    jobs: &[&str],
    engine: &dyn Engine,
    cancels: &[Cancel],
    store: &Mutex<Store>,
) -> Vec<Told> {
    let doc = document();
    let templates: Vec<Template> = jobs.iter().map(|job| template(job)).collect();
    let specs: Vec<JobSpec> =
        jobs.iter().map(|job| JobSpec::whole(&DocId(doc.path.clone()), job)).collect();
    let told: Vec<Mutex<Told>> = jobs.iter().map(|_| Mutex::default()).collect();
    let sends: Vec<_> = told
        .iter()
        .map(|told| {
            move |msg| {
                let mut told = told.lock().expect("sound");
                match msg {
                    RunMsg::Partial(result) => told.last = Some(*result),
                    RunMsg::Ended(how) => told.ends.push(how),
                    RunMsg::StepDone { reused, .. } => {
                        told.steps += 1;
                        told.reused += usize::from(reused);
                    }
                    _ => {}
                }
            }
        })
        .collect();
    let body = Body::of(&doc, false);
    let shared = Shared {
        body: &body,
        name: "pumps.txt",
        engine,
        store,
        notes: vec![],
        stands_in: false,
        trusted: BTreeSet::new(),
    };
    let job = |at: usize| Job {
        spec: &specs[at],
        template: &templates[at],
        cancel: &cancels[at],
        send: &sends[at],
    };
    assert!(Group { shared, jobs: (0..jobs.len()).map(job).collect() }.run());
    drop(sends);
    told.into_iter().map(|told| told.into_inner().expect("sound")).collect()
}

fn store() -> Mutex<Store> {
    Mutex::new(Store::open_in_memory().expect("a store"))
}

fn flags(n: usize) -> Vec<Cancel> {
    (0..n).map(|_| Cancel::new()).collect()
}

fn user(prompt: &Prompt) -> &str {
    prompt.messages.last().map_or("", |message| message.text.as_str())
}

/// The part and the job that a prompt is about.
fn about(prompt: &Prompt) -> (&'static str, &'static str) {
    // What is asked once more has the first answer and its faults after it.
    let text: String = prompt.messages.iter().map(|message| message.text.as_str()).collect();
    let part = if text.contains("first pump") { "first" } else { "second" };
    let job = if text.contains("Rewrite the text") {
        "rewrite"
    } else if text.contains("Answer with their numbers") {
        "triage"
    } else {
        "extract"
    };
    (part, job)
}

fn none() -> Turn {
    Turn::Say("none".to_owned())
}

#[test]
fn all_questions_on_a_part_come_before_those_on_the_next() {
    let engine = engine(|_| none());
    let told = together(&["extract", "rewrite", "triage"], &engine, &flags(3), &store());
    assert!(told.iter().all(|told| told.ends == [Ended::Done]), "{told:?}");
    let mut order: Vec<_> = engine.prompts().iter().map(about).collect();
    order.dedup();
    let together =
        [("first", "extract"), ("first", "triage"), ("second", "extract"), ("second", "triage")];
    let apart = [("first", "rewrite"), ("second", "rewrite")];
    assert_eq!(order, [&together[..], &apart[..]].concat(), "paragraphs share no reading");
    assert_eq!(engine.released(), 4, "once for each part that was read");
}

#[test]
fn the_built_in_jobs_that_read_parts_differ_only_in_the_question() {
    let engine = engine(|_| none());
    together(&["extract", "triage"], &engine, &flags(2), &store());
    let prompts = engine.prompts();
    let first: Vec<&Prompt> = prompts.iter().filter(|p| about(p).0 == "first").collect();
    assert_eq!(first.len(), 9, "six questions and three");
    let (common, _) = user(first[0]).split_once("---").expect("a rule before the question");
    assert!(common.contains("first pump"));
    for prompt in first {
        assert_eq!(prompt.messages[0], prompts[0].messages[0], "the same system message");
        assert!(user(prompt).starts_with(common), "{}", user(prompt));
    }
}

#[test]
fn a_failure_in_one_job_leaves_the_others() {
    let broken = engine(|prompt| match about(prompt) {
        (_, "extract") => Turn::Fail(EngineError::Load("It is gone.".into())),
        _ => none(),
    });
    let told = together(&["extract", "triage"], &broken, &flags(2), &store());
    assert!(matches!(&told[0].ends[..], [Ended::Failed(why)] if why.contains("gone")), "{told:?}");
    assert_eq!(told[1].ends, [Ended::Done]);
    let coverage = &told[1].last.as_ref().expect("a result").coverage;
    assert_eq!((coverage.failed, coverage.read), (0, coverage.total - coverage.excluded));
}

#[test]
fn a_panic_in_one_job_leaves_the_others() {
    let broken = engine(|prompt| {
        assert!(about(prompt) != ("second", "extract"), "a fault");
        if user(prompt).contains("every date") {
            return Turn::Say("12 March 2024".to_owned());
        }
        none()
    });
    let doc = document();
    let (templates, cancel) = (["extract", "triage"].map(template), Cancel::new());
    let specs = ["extract", "triage"].map(|job| JobSpec::whole(&DocId(doc.path.clone()), job));
    let ends = Mutex::new(Vec::new());
    let send = |msg| {
        if let RunMsg::Ended(how) = msg {
            ends.lock().expect("sound").push(how);
        }
    };
    let store = store();
    let body = Body::of(&doc, false);
    let shared = Shared {
        body: &body,
        name: "pumps.txt",
        engine: &broken,
        store: &store,
        notes: vec![],
        stands_in: false,
        trusted: BTreeSet::new(),
    };
    let jobs = specs.iter().zip(&templates);
    let jobs = jobs.map(|(spec, template)| Job { spec, template, cancel: &cancel, send: &send });
    assert!(!Group { shared, jobs: jobs.collect() }.run(), "the engine is not to be trusted");
    let ends = ends.into_inner().expect("sound");
    assert!(matches!(&ends[..], [Ended::Failed(_), Ended::Done]), "{ends:?}");
    let kept = lock(&store).results(&doc.path, &doc.source).expect("they can be read");
    let kept = kept.iter().find(|result| result.job == "extract").expect("it is kept");
    assert_eq!(kept.model, "scripted");
    assert!(kept.coverage.read > 0 && kept.coverage.failed > 0, "{:?}", kept.coverage);
    let note = "Not finished: 6 of 12 steps are done; the rest was not read.";
    assert_eq!(kept.warnings[0], note);
}

#[test]
fn what_a_model_found_in_a_part_is_not_hidden_by_what_recognisers_made_of_the_whole() {
    let store = store();
    let rules = together(&["extract"], &RulesEngine::new(), &flags(1), &store);
    let whole = &rules[0].last.as_ref().expect("a result").coverage;
    assert_eq!((rules[0].ends.as_slice(), whole.failed), (&[Ended::Done][..], 0));
    let cancels = flags(1);
    let (stop, mut asked) = (cancels[0].clone(), 0);
    let stopped = engine(move |_| {
        asked += 1;
        if asked == 7 {
            stop.cancel();
        }
        none()
    });
    let told = together(&["extract"], &stopped, &cancels, &store);
    assert_eq!(told[0].ends, [Ended::Cancelled]);
    let doc = document();
    let kept = lock(&store).results(&doc.path, &doc.source).expect("they can be read");
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].engine, "scripted");
    assert!(kept[0].coverage.read > 0 && kept[0].coverage.read < whole.read);
}

#[test]
fn a_result_counts_the_time_that_earlier_runs_spent_on_its_steps() {
    let (store, doc) = (store(), document());
    together(&["extract"], &Slow(engine(|_| none())), &flags(1), &store);
    let again = together(&["extract"], &Slow(engine(|_| none())), &flags(1), &store);
    assert_eq!(again[0].reused, 12);
    let kept = lock(&store).results(&doc.path, &doc.source).expect("they can be read");
    assert!((84.0..90.0).contains(&kept[0].seconds), "twelve times 7 s: {}", kept[0].seconds);
}

/// An engine that says that each answer took it seven seconds.
struct Slow(ScriptedEngine);

impl Engine for Slow {
    fn info(&self) -> &EngineInfo {
        self.0.info()
    }

    fn count(&self, text: &str) -> usize {
        self.0.count(text)
    }

    fn generate(
        &self,
        prompt: &Prompt,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, EngineError> {
        let answer = self.0.generate(prompt, cancel, progress)?;
        Ok(Answer { prefill: Duration::from_secs(3), decode: Duration::from_secs(4), ..answer })
    }
}

#[test]
fn one_job_is_cancelled_and_the_others_go_on() {
    let cancels = flags(2);
    let triage = cancels[1].clone();
    let mut asked = 0;
    let engine = engine(move |_| {
        asked += 1;
        if asked == 2 {
            triage.cancel();
        }
        none()
    });
    let told = together(&["extract", "triage"], &engine, &cancels, &store());
    assert_eq!((&told[0].ends[..], told[0].steps), (&[Ended::Done][..], 12));
    assert_eq!((&told[1].ends[..], told[1].steps), (&[Ended::Cancelled][..], 0));
    assert!(engine.prompts().iter().all(|prompt| about(prompt).1 == "extract"));
    let kept = told[1].last.as_ref().expect("what the rules found is kept");
    let note = "Not finished: 0 of 6 steps are done; the rest was not read.";
    assert_eq!(kept.warnings[0], note);
}

#[test]
fn when_all_are_cancelled_nothing_more_is_asked_and_the_memory_is_given_back() {
    let cancels = flags(2);
    let both = cancels.clone();
    let engine = engine(move |_| {
        both.iter().for_each(Cancel::cancel);
        none()
    });
    let told = together(&["extract", "triage"], &engine, &cancels, &store());
    assert!(told.iter().all(|told| told.ends == [Ended::Cancelled]), "{told:?}");
    assert_eq!((engine.prompts().len(), engine.released()), (1, 1));
}

#[test]
fn jobs_that_were_stopped_go_on_from_there() {
    let (store, cancels) = (store(), flags(2));
    let both = cancels.clone();
    let mut asked = 0;
    let stopped = engine(move |_| {
        asked += 1;
        if asked == 8 {
            both.iter().for_each(Cancel::cancel);
            return Turn::CancelAfter("two words".to_owned());
        }
        none()
    });
    together(&["extract", "triage"], &stopped, &cancels, &store);
    let again = engine(|_| none());
    let told = together(&["extract", "triage"], &again, &flags(2), &store);
    assert!(told.iter().all(|told| told.ends == [Ended::Done]), "{told:?}");
    assert_eq!((told[0].reused, told[1].reused), (6, 1));
    assert_eq!(again.prompts().len(), 11, "eighteen steps, seven of them known");
}

/// An engine that answers only when two other prompts are put to it meanwhile.
struct Sociable {
    scripted: ScriptedEngine,
    waiting: Mutex<usize>,
    came: Condvar,
}

impl Engine for Sociable {
    fn info(&self) -> &EngineInfo {
        self.scripted.info()
    }

    fn count(&self, text: &str) -> usize {
        self.scripted.count(text)
    }

    fn parallel(&self) -> usize {
        3
    }

    fn generate(
        &self,
        prompt: &Prompt,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, EngineError> {
        let mut count = self.waiting.lock().expect("sound");
        *count += 1;
        let trio = count.div_ceil(3) * 3;
        self.came.notify_all();
        let limit = Duration::from_mins(1);
        let (count, alone) =
            self.came.wait_timeout_while(count, limit, |count| *count < trio).expect("sound");
        drop(count);
        assert!(!alone.timed_out(), "no other prompt came");
        self.scripted.generate(prompt, cancel, progress)
    }
}

#[test]
fn an_engine_that_takes_several_prompts_at_once_gets_them_and_the_results_are_the_same() {
    let answer = |prompt: &Prompt| match user(prompt) {
        text if text.contains("every date") => Turn::Say("12 March 2024".to_owned()),
        text if text.contains("happened") => Turn::Say("1, 2".to_owned()),
        _ => none(),
    };
    let one = together(&["extract", "triage"], &engine(answer), &flags(2), &store());
    let two = Sociable { scripted: engine(answer), waiting: Mutex::new(0), came: Condvar::new() };
    let two = together(&["extract", "triage"], &two, &flags(2), &store());
    for (one, two) in one.iter().zip(&two) {
        assert_eq!((&one.ends, one.steps), (&two.ends, two.steps));
        let findings = |told: &Told| told.last.as_ref().expect("a result").findings.clone();
        assert_eq!(findings(one), findings(two));
        assert!(!findings(one).is_empty());
    }
}
