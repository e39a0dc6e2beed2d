//! The real adapter on a tiny model that the test writes itself: from a GGUF to
//! tokens, with everything that has to hold on the way. What the model says is
//! noise; that the same prompt gives the same noise is what is tested.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;

use galley::domain::prompt::{Constraint, Message, NONE, Prompt, Role, Sampling, Shape};
use galley::engine::mistral::{LoadSpec, MistralEngine, Settings};
use galley::engine::supervise::Supervised;
use galley::engine::{Cancel, Engine, EngineError, Finish, Progress};
use galley::models::{ModelFolder, import_gguf};
use tempfile::TempDir;

use crate::support::tiny_gguf;

/// A model folder, alive as long as this is.
struct Model {
    _dir: TempDir,
    spec: LoadSpec,
}

impl Model {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let gguf = dir.path().join("tiny.gguf");
        tiny_gguf::write(&gguf, 7).expect("written");
        let folder = import_gguf(&gguf, &dir.path().join("models"), &mut |_| {}).expect("imported");
        let spec = spec_of(folder);
        Self { _dir: dir, spec }
    }

    fn load(&self) -> MistralEngine {
        MistralEngine::load(&self.spec, &Settings::default()).expect("a whole model")
    }
}

fn spec_of(folder: ModelFolder) -> LoadSpec {
    let ModelFolder { dir, meta } = folder;
    LoadSpec {
        dir,
        name: meta.name,
        sha256: meta.sha256,
        context: meta.context,
        end_tokens: meta.end_tokens,
        bos: meta.bos,
        add_bos: meta.add_bos,
        layers: meta.layers,
        kv_bytes_per_token: meta.kv_bytes_per_token_f32 as u64,
    }
}

fn ask(text: &str, constraint: Constraint, max_tokens: usize) -> Prompt {
    Prompt {
        messages: vec![Message { role: Role::User, text: text.to_owned() }],
        constraint,
        sampling: Sampling::GREEDY,
        max_tokens,
    }
}

/// A text of somewhat more than so many tokens, no two stretches of it alike.
fn passage(tokens: usize) -> String {
    let mut text = String::new();
    let mut n = 0_u32;
    while text.len() < tokens * 2 {
        n += 1;
        write!(text, "{:x} the {n} and ", n.wrapping_mul(2_654_435_761)).expect("a string");
    }
    text
}

fn quiet(engine: &impl Engine, prompt: &Prompt) -> String {
    engine.generate(prompt, &Cancel::new(), &mut |_| {}).expect("an answer").text
}

#[test]
fn a_gguf_becomes_tokens_with_progress_on_the_way() {
    let engine = Model::new().load();
    assert_eq!(engine.info().engine, "mistralrs");
    assert_eq!(engine.info().sha256.len(), 64);
    assert!(engine.info().device.starts_with("CPU"));
    let mut seen = Vec::new();
    let prompt = ask(&passage(1_200), Constraint::Free, 12);
    let answer =
        engine.generate(&prompt, &Cancel::new(), &mut |p| seen.push(p)).expect("an answer");
    assert!(answer.prompt_tokens > 1_000 && answer.answer_tokens <= 12, "{answer:?}");
    let read: Vec<usize> = seen
        .iter()
        .filter_map(|p| match p {
            Progress::Prefill { done, total } => {
                assert_eq!(*total, answer.prompt_tokens);
                Some(*done)
            }
            Progress::Text(_) => None,
        })
        .collect();
    assert!(read.len() >= 4 && read.is_sorted(), "{read:?}");
    assert_eq!((read.first(), read.last()), (Some(&0), Some(&answer.prompt_tokens)));
    let streamed: String = seen
        .iter()
        .filter_map(|p| if let Progress::Text(t) = p { Some(t.as_str()) } else { None })
        .collect();
    assert_eq!(streamed.trim(), answer.text);
    assert!(engine.retained_bytes() > 0);
    let draw = || {
        let ids = engine.prompt_ids(&prompt).expect("a template that takes it");
        engine.generate_ids(&ids, 12, true, &Cancel::new()).expect("tokens")
    };
    let before = draw();
    engine.release();
    assert_eq!(engine.retained_bytes(), 0);
    assert_eq!(draw(), before, "the same after memory was given back");
}

/// The tokens that an engine with nothing in its cache draws after `ids`.
fn fresh(model: &Model, ids: &[u32], n: usize) -> Vec<u32> {
    model.load().generate_ids(ids, n, true, &Cancel::new()).expect("tokens")
}

#[test]
fn what_is_reused_of_earlier_prompts_changes_no_answer() {
    let model = Model::new();
    let engine = model.load();
    let ids = |text: &str| {
        engine.prompt_ids(&ask(text, Constraint::Free, 8)).expect("a template that takes it")
    };
    let document = passage(900);
    let first = ids(&format!("{document} What?"));
    let second = ids(&format!("{document} Who is it then?"));
    let draw = |ids: &[u32], n| engine.generate_ids(ids, n, true, &Cancel::new()).expect("tokens");
    let answer = draw(&first, 10);
    assert_eq!(answer, fresh(&model, &first, 10));
    let held = engine.retained_bytes();
    assert_eq!(draw(&second, 10), fresh(&model, &second, 10));
    assert!(engine.retained_bytes() > held, "what the first prompt left was not given back");
    // The same prompt once more.
    assert_eq!(draw(&second, 10), fresh(&model, &second, 10));
}

/// mistralrs lists the last token of a finished request in its cache without
/// having computed it, and gives zeros for it to a prompt that goes on from
/// there. Short prompts, in which one token weighs.
#[test]
fn a_prompt_may_go_on_after_a_whole_earlier_answer() {
    let model = Model::new();
    let engine = model.load();
    let draw = |ids: &[u32], n| engine.generate_ids(ids, n, true, &Cancel::new()).expect("tokens");
    for start in 0..8 {
        let mut ids = vec![start, start + 40];
        ids.extend(draw(&ids, 3));
        ids.push(start + 80);
        assert_eq!(draw(&ids, 24), fresh(&model, &ids, 24), "after {ids:?}");
    }
}

#[test]
fn a_run_is_cancelled_while_it_reads_and_while_it_answers() {
    let model = Model::new();
    let engine = model.load();
    let source = passage(1_600);
    let long = ask(
        &source,
        Constraint::Quotes { source: source.clone(), max: 3, max_words: 9, shape: Shape::Any },
        64,
    );
    let cancel = Cancel::new();
    let mut furthest = 0;
    let result = engine.generate(&long, &cancel, &mut |p| {
        if let Progress::Prefill { done, .. } = p {
            furthest = done;
            if done > 0 {
                cancel.cancel();
            }
        }
    });
    assert_eq!(result, Err(EngineError::Cancelled));
    assert!(furthest < 1_100, "one step after the first, not the whole: {furthest}");
    let cancel = Cancel::new();
    let mut pieces = 0;
    let result = engine.generate(&long, &cancel, &mut |p| {
        if matches!(p, Progress::Text(_)) {
            pieces += 1;
            cancel.cancel();
        }
    });
    assert_eq!((result, pieces), (Err(EngineError::Cancelled), 1));
    let ids = engine.prompt_ids(&ask("the end", Constraint::Free, 8)).expect("taken");
    let after = engine.generate_ids(&ids, 16, true, &Cancel::new());
    assert_eq!(after, Ok(fresh(&model, &ids, 16)), "the cancelled run is not in the way");
}

#[test]
fn answers_keep_to_the_form_that_was_asked_for() {
    let engine = Model::new().load();
    let source =
        "The \"Fee\" is $4,500.\nIt is due on 12 March 2024 and not\nlater.\n\nNo <|eot_id|> here.";
    let locked =
        Constraint::Quotes { source: source.into(), max: 3, max_words: 6, shape: Shape::Any };
    let flat = "The \"Fee\" is $4,500. It is due on 12 March 2024 and not later.";
    for question in ["What?", "When?", "Who?"] {
        let prompt = ask(&format!("{source}\n\n{question}"), locked.clone(), 200);
        let answer = engine.generate(&prompt, &Cancel::new(), &mut |_| {}).expect("an answer");
        assert_ne!(answer.finish, Finish::Length, "{answer:?}");
        for line in answer.text.lines() {
            let known = flat.contains(line) || "No <|eot_id|> here.".contains(line);
            assert!(line == NONE || known, "{line:?} is not in the source");
            assert!(line.split(' ').count() <= 6, "{line:?}");
        }
        let pick = ask(question, Constraint::Pick { of: 9, max: 3 }, 200);
        let picked = quiet(&engine, &pick);
        let numbers: Option<Vec<u32>> = picked.split(", ").map(|n| n.parse().ok()).collect();
        let fits =
            |n: &[u32]| n.len() <= 3 && n.is_sorted() && n.iter().all(|n| (1..=9).contains(n));
        assert!(picked == NONE || numbers.is_some_and(|n| fits(&n)), "{picked:?}");
    }
}

#[test]
fn a_prompt_beyond_the_context_is_refused_before_it_is_read() {
    let mut model = Model::new();
    model.spec.context = 600;
    let engine = model.load();
    let long = ask(&passage(900), Constraint::Free, 8);
    let result = engine.generate(&long, &Cancel::new(), &mut |p| panic!("{p:?}"));
    assert!(matches!(result, Err(EngineError::TooLong { context: 600, .. })), "{result:?}");
    // And an answer ends where the context does.
    let near = ask(&passage(380), Constraint::Free, 5_000);
    let answer = engine.generate(&near, &Cancel::new(), &mut |_| {}).expect("an answer");
    assert!(answer.prompt_tokens + answer.answer_tokens <= 600, "{answer:?}");
}

#[test]
fn an_engine_that_died_is_built_anew() {
    let model = Model::new();
    let wrecked = model.load();
    // An id that the model has no row for.
    let death = wrecked.generate_ids(&[1, 9_999_999], 4, false, &Cancel::new());
    assert!(matches!(death, Err(EngineError::Died(_))), "{death:?}");
    let prompt = ask("and then", Constraint::Pick { of: 9, max: 3 }, 8);
    let still = wrecked.generate(&prompt, &Cancel::new(), &mut |_| {});
    assert!(matches!(still, Err(EngineError::Died(_))), "{still:?}");
    let expected = quiet(&model.load(), &prompt);
    assert!(!expected.is_empty());
    let first = Mutex::new(Some(wrecked));
    let spec = model.spec.clone();
    let engine = Supervised::start(move || {
        let built = first.lock().expect("not poisoned").take();
        let engine = match built {
            Some(wrecked) => wrecked,
            None => MistralEngine::load(&spec, &Settings::default())?,
        };
        Ok(Box::new(engine))
    })
    .expect("built");
    assert_eq!(quiet(&engine, &prompt), expected);
}

#[test]
fn reference_tokens_of_another_implementation_are_met() {
    let shared = Path::new("../shared/reference");
    let Ok(reference) = std::fs::read_to_string(shared.join("tiny-rope.json")) else {
        eprintln!("skipped: {} is not there", shared.display());
        return;
    };
    let dir = tempfile::tempdir().expect("a folder");
    let folder =
        import_gguf(&shared.join("tiny-rope.gguf"), dir.path(), &mut |_| {}).expect("imported");
    let spec = spec_of(folder);
    let engine = MistralEngine::load(&spec, &Settings::default()).expect("a whole model");
    let reference: serde_json::Value = serde_json::from_str(&reference).expect("JSON");
    let ids: Vec<u32> =
        serde_json::from_value(reference["prompt_ids"].clone()).expect("a list of ids");
    // The two shortest: the longer ones are for `galley models check`.
    for case in reference["cases"].as_array().expect("cases").iter().take(2) {
        let n = usize::try_from(case["prompt_tokens"].as_u64().expect("a number")).expect("small");
        let greedy: Vec<u32> = serde_json::from_value(case["greedy"].clone()).expect("ids");
        let drawn = engine.generate_ids(&ids[..n], greedy.len(), true, &Cancel::new());
        assert_eq!(drawn.expect("tokens"), greedy, "after {n} tokens");
    }
}
