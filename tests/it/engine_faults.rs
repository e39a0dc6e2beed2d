//! What the engine does when something is amiss: each fault is an error that says
//! what it was, and what comes after it goes well.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use galley::domain::prompt::Constraint;
use galley::engine::mistral::{MistralEngine, Settings};
use galley::engine::supervise::Supervised;
use galley::engine::{Cancel, Engine, EngineError, Progress};

use crate::support::tiny_engine::{Model, SETTINGS, ask, passage, quiet};

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
            None => MistralEngine::load(&spec, &SETTINGS)?,
        };
        Ok(Box::new(engine))
    })
    .expect("built");
    assert_eq!(quiet(&engine, &prompt), expected);
}

/// Without this the system would end the whole program in the middle of it.
#[test]
fn a_prompt_for_which_there_is_no_memory_is_refused_with_the_numbers() {
    static FREE: AtomicU64 = AtomicU64::new(u64::MAX);
    let model = Model::new();
    let settings = Settings { free_memory: || FREE.load(Ordering::SeqCst), ..SETTINGS };
    let engine = MistralEngine::load(&model.spec, &settings).expect("a whole model");
    let long = ask(&passage(900), Constraint::Free, 8);
    let short = ask("What?", Constraint::Free, 8);
    let enough = quiet(&engine, &long);
    let kept = engine.retained_bytes();
    assert!(kept > 0);
    FREE.store(1_000_000, Ordering::SeqCst);
    let refusal = engine.generate(&long, &Cancel::new(), &mut |_| {}).expect_err("no memory");
    assert!(matches!(refusal, EngineError::NoMemory { free: 1_000_000, .. }), "{refusal:?}");
    assert!(refusal.to_string().contains("1.0 MB are free"), "{refusal}");
    assert!(engine.retained_bytes() < kept, "what was kept is given back first");
    FREE.store(u64::MAX, Ordering::SeqCst);
    assert_eq!(quiet(&engine, &long), enough);
    assert!(!quiet(&engine, &short).is_empty());
}

#[test]
fn whoever_waits_for_the_engine_can_be_cancelled() {
    let engine = Model::new().load();
    let long = ask(&passage(1_600), Constraint::Free, 8);
    let (first, second) = (Cancel::new(), Cancel::new());
    let mut waited = None;
    let end = engine.generate(&long, &first, &mut |p| {
        if waited.is_none() && matches!(p, Progress::Prefill { .. }) {
            // The engine is ours: another call can only wait.
            waited = Some(std::thread::scope(|scope| {
                let call = scope.spawn(|| engine.generate(&long, &second, &mut |_| {}));
                second.cancel();
                call.join().expect("no panic")
            }));
        }
    });
    assert_eq!(waited, Some(Err(EngineError::Cancelled)));
    assert!(end.is_ok(), "{end:?}");
}
