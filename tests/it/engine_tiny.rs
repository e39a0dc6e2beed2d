//! The real adapter on a tiny model that the test writes itself: from a GGUF to
//! tokens, with everything that has to hold on the way. What the model says is
//! noise; that the same prompt gives the same noise is what is tested.

use std::path::Path;

use galley::domain::prompt::{Constraint, NONE, Shape};
use galley::engine::mistral::MistralEngine;
use galley::engine::{Cancel, Engine, EngineError, Finish, Progress};
use galley::models::import_gguf;

use crate::support::tiny_engine::{Model, SETTINGS, ask, passage, quiet, spec_of};

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

/// Logits may not depend on what was computed before, not in their last bit: a
/// draw between two close tokens would fall otherwise.
#[test]
fn the_order_of_questions_and_a_cancelled_one_change_no_answer() {
    let model = Model::new();
    let document = passage(700);
    let questions: Vec<Vec<u32>> = ["What?", "Who is it then?", "Which of the 7 was it, and when?"]
        .iter()
        .map(|question| {
            let prompt = ask(&format!("{document} {question}"), Constraint::Free, 8);
            model.load().prompt_ids(&prompt).expect("a template that takes it")
        })
        .collect();
    let alone: Vec<Vec<u32>> = questions.iter().map(|ids| fresh(&model, ids, 24)).collect();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let engine = model.load();
        let cancelled = Cancel::new();
        let stopped = ask(&format!("{document} And {}?", passage(300)), Constraint::Free, 8);
        let end = engine.generate(&stopped, &cancelled, &mut |p| {
            if matches!(p, Progress::Prefill { done: 1.., .. }) {
                cancelled.cancel();
            }
        });
        assert_eq!(end, Err(EngineError::Cancelled));
        for n in order {
            let drawn = engine.generate_ids(&questions[n], 24, true, &Cancel::new());
            assert_eq!(drawn.as_ref(), Ok(&alone[n]), "question {n} of {order:?}");
        }
    }
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
fn a_choice_weighs_every_letter_and_changes_no_later_answer() {
    let model = Model::new();
    let document = passage(700);
    let choice = |text: &str| {
        let asked = format!("{text}\nA. This.\nB. That.\nC. Neither.\nAnswer with one letter.");
        ask(&asked, Constraint::Choose { of: 3 }, 4)
    };
    let questions = [choice(&document), choice("N/A"), choice(&format!("{document} Which?"))];
    let alone: Vec<String> = questions.iter().map(|p| quiet(&model.load(), p)).collect();
    for text in &alone {
        let share = |letter: char| -> f64 {
            let line = text.lines().find_map(|line| line.strip_prefix(letter)?.strip_prefix('\t'));
            line.expect("a line for each letter").parse::<f64>().expect("a number").exp()
        };
        let shares = ['A', 'B', 'C'].map(share);
        assert!(shares.iter().all(|share| *share > 0.0), "{text}");
        assert!(shares.iter().sum::<f64>() < 1.0, "the rest of the vocabulary has some: {text}");
        assert!((shares[0] - shares[1]).abs() > 1e-9, "{text}");
    }
    assert_ne!(alone[0], alone[1], "they depend on the prompt");
    let free = model.load().prompt_ids(&choice(&format!("{document} And then?"))).expect("taken");
    let after = fresh(&model, &free, 16);
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let engine = model.load();
        for n in order {
            let mut streamed = false;
            let answer = engine.generate(&questions[n], &Cancel::new(), &mut |p| {
                streamed |= matches!(p, Progress::Text(_));
            });
            let answer = answer.expect("an answer");
            assert_eq!(
                (answer.text.as_str(), streamed),
                (alone[n].trim(), false),
                "{n} of {order:?}"
            );
            assert_eq!(answer.finish, Finish::Stop);
        }
        let drawn = engine.generate_ids(&free, 16, true, &Cancel::new());
        assert_eq!(drawn.as_ref(), Ok(&after), "after {order:?}");
    }
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
    let engine = MistralEngine::load(&spec, &SETTINGS).expect("a whole model");
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
