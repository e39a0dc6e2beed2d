//! Getting to know a server: its model, its context, and whether it is still
//! the same one later.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use galley::engine::openai::{OpenAiEngine, Settings};
use galley::engine::{Cancel, Engine as _, EngineError};
use serde_json::json;

use super::openai_engine::{ask, connect, settings};
use crate::support::fake_server::{FakeServer, Nobody, Reply, plain};

fn refused(address: &str, settings: &Settings) -> String {
    OpenAiEngine::connect(address, settings, &Cancel::new()).err().expect("no server").to_string()
}

/// A server that says this of its models and has these pages.
fn with_pages(
    models: serde_json::Value,
    pages: &'static [(&'static str, &'static str)],
) -> FakeServer {
    FakeServer::start(move |request| {
        if request.line == "GET /v1/models" {
            return Reply::json(&json!({ "data": models }));
        }
        if let Some((_, body)) = pages.iter().find(|(line, _)| *line == request.line) {
            return Reply::json(&serde_json::from_str(body).expect("JSON"));
        }
        plain(request).unwrap_or_else(|| Reply::say("fine"))
    })
}

/// Pages of llama-cpp-python, and of Ollama with a model that is loaded or set.
const PYTHON: &[(&str, &str)] = &[("POST /extras/tokenize/count", r#"{"count": 300}"#)];
const LOADED: &[(&str, &str)] =
    &[("GET /api/ps", r#"{"models":[{"name":"m:latest","context_length":8192}]}"#)];
const SET: &[(&str, &str)] =
    &[("POST /api/show", r#"{"parameters":"temperature 1\nnum_ctx   16384\n"}"#)];

#[test]
fn the_context_is_what_the_server_says_or_the_settings_or_small() {
    let plain = || with_pages(json!([{ "id": "m" }]), &[]);
    let llama = || {
        let page = r#"{"default_generation_settings": {"n_ctx": 2048}, "model_path": "m.gguf"}"#;
        let pages: &[(&str, &str)] = Box::leak(Box::new([("GET /props", page)]));
        with_pages(json!([{ "id": "m", "owned_by": "llamacpp" }]), pages)
    };
    let python = || with_pages(json!([{ "id": "m", "owned_by": "me" }]), PYTHON);
    let vllm = || with_pages(json!([{ "id": "m", "max_model_len": 32_768 }]), &[]);
    let ollama = |pages| with_pages(json!([{ "id": "m:latest", "owned_by": "library" }]), pages);
    for (server, set, context) in [
        (plain(), None, 4_096),
        (plain(), Some(9_000), 9_000),
        (llama(), None, 2_048),
        (llama(), Some(9_000), 2_048),
        (vllm(), None, 32_768),
        (vllm(), Some(9_000), 9_000),
        (ollama(LOADED), None, 8_192),
        (ollama(SET), None, 16_384),
        (ollama(&[]), None, 4_096),
        (python(), None, 2_048),
        (python(), Some(9_000), 9_000),
    ] {
        let engine = connect(&server, &Settings { context: set, ..settings() });
        let info = engine.info();
        assert_eq!(info.context, context);
        assert_eq!(info.window, (context / 3).min(3_000));
    }
}

#[test]
fn a_model_is_chosen_by_name_or_is_the_first() {
    let models = json!([{ "id": "first" }, { "id": "llama3.2:latest" }]);
    let server = with_pages(models, &[]);
    let model = |fragment: &str| {
        let url = format!("{}/v1{fragment}", server.url());
        let engine = OpenAiEngine::connect(&url, &settings(), &Cancel::new());
        engine.map(|engine| engine.info().model.clone()).map_err(|e| e.to_string())
    };
    assert_eq!(model(""), Ok("first".into()));
    assert_eq!(model("#llama3.2"), Ok("llama3.2:latest".into()));
    let missing = model("#other").expect_err("it has no such model");
    assert!(missing.contains("\"other\"") && missing.contains("\"first\""), "{missing}");
}

#[test]
fn a_server_that_is_not_there_or_not_allowed_is_told_at_once() {
    let nobody = Nobody::new();
    let error = refused(&nobody.url(), &settings());
    assert!(error.contains("No connection") && error.contains(&nobody.shown()), "{error}");
    let error = refused("https://gpu.example.org", &settings());
    assert!(error.contains("allow_hosts"), "{error}");
}

#[test]
fn a_list_of_models_that_drips_in_is_given_up() {
    let start = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[".to_owned();
    let drip = Reply::Forever { start, again: "1,".into(), drips: true };
    let server = FakeServer::start(move |_| drip.clone());
    let patience = Settings { silence: Duration::from_millis(300), ..settings() };
    let error = refused(&server.url(), &patience);
    assert!(error.contains("0.3 s"), "{error}");
}

#[test]
fn pages_that_a_server_need_not_have_are_not_waited_for_long() {
    let server = FakeServer::start(|request| {
        let is_known = request.line.ends_with("/models") || request.line.ends_with("/completions");
        if is_known { plain(request).unwrap_or_else(|| Reply::say("fine")) } else { Reply::Mute }
    });
    let patience = Settings { silence: Duration::from_secs(1), ..settings() };
    assert_eq!(ask(&connect(&server, &patience)).expect("an answer").text, "fine");
}

#[test]
fn a_cancel_ends_the_connecting() {
    for path in ["/v1/models", "/props", "/v1/chat/completions"] {
        let (say, said) = std::sync::mpsc::channel();
        let server = FakeServer::start(move |request| {
            if request.line.ends_with(path) {
                let _ = say.send(());
                return Reply::Mute;
            }
            plain(request).unwrap_or_else(|| Reply::say("fine"))
        });
        let cancel = Cancel::new();
        let outcome = thread::scope(|scope| {
            let connecting =
                scope.spawn(|| OpenAiEngine::connect(&server.url(), &settings(), &cancel).err());
            said.recv().expect("it is asked");
            cancel.cancel();
            connecting.join().expect("no panic")
        });
        assert_eq!(outcome, Some(EngineError::Cancelled), "{path}");
    }
}

#[test]
fn a_context_that_nothing_fits_into_is_refused() {
    let server = with_pages(json!([{ "id": "m", "max_model_len": 1 }]), &[]);
    let error = refused(&server.url(), &settings());
    assert!(error.contains("is 1 tokens") && error.contains("larger context"), "{error}");
    let server = with_pages(json!([{ "id": "m" }]), &[]);
    for (context, is_refused) in [(0, true), (511, true), (512, false)] {
        let set = Settings { context: Some(context), ..settings() };
        let engine = OpenAiEngine::connect(&server.url(), &set, &Cancel::new());
        assert_eq!(engine.is_err(), is_refused, "{context}");
    }
}

/// Which model a server says it has; the tests change it as it runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Has {
    First,
    /// The same name and other weights.
    Second,
    /// The same in all it lists, and another name in its answers.
    Third,
}

/// A server whose model is what `has` holds.
fn switched(has: &Arc<Mutex<Has>>, first_reply: Option<Reply>) -> FakeServer {
    let has = Arc::clone(has);
    let first_reply = Mutex::new(first_reply);
    FakeServer::start(move |request| {
        let has = *has.lock().expect("not poisoned");
        let parameters = if has == Has::Second { 2 } else { 1 };
        let name = if has == Has::Third { "third" } else { "m" };
        if request.line == "GET /v1/models" {
            let models = json!([{ "id": "m", "meta": { "n_params": parameters } }]);
            return Reply::json(&json!({ "data": models }));
        }
        if !request.line.ends_with("/completions") {
            return plain(request).expect("an error");
        }
        let is_hello = plain(request).is_some();
        let first = first_reply.lock().expect("not poisoned").take_if(|_| !is_hello);
        first.unwrap_or_else(|| {
            let message = json!({ "message": { "content": "fine" }, "finish_reason": "stop" });
            Reply::json(&json!({ "model": name, "choices": [message] }))
        })
    })
}

#[test]
fn answers_of_different_models_are_kept_apart() {
    let has = Arc::new(Mutex::new(Has::First));
    let server = switched(&has, None);
    let hash = |set: &Settings| connect(&server, set).info().sha256.clone();
    let first = hash(&settings());
    assert_eq!(first.len(), 64);
    assert_eq!(hash(&settings()), first);
    // A smaller context may have cut what a larger one holds.
    assert_ne!(hash(&Settings { context: Some(2_048), ..settings() }), first);
    for other in [Has::Second, Has::Third] {
        *has.lock().expect("not poisoned") = other;
        assert_ne!(hash(&settings()), first);
    }
    let both = with_pages(json!([{ "id": "a" }, { "id": "b" }]), &[]);
    let named = |name: &str| {
        let url = format!("{}#{name}", both.url());
        let engine = OpenAiEngine::connect(&url, &settings(), &Cancel::new()).expect("a server");
        engine.info().sha256.clone()
    };
    assert_ne!(named("a"), named("b"));
}

#[test]
fn a_server_that_comes_back_with_another_model_is_not_asked_for_the_first_one_s_answers() {
    for (now, prompts) in [(Has::First, 2), (Has::Second, 1), (Has::Third, 2)] {
        let has = Arc::new(Mutex::new(Has::First));
        let server = switched(&has, Some(Reply::Dies(String::new())));
        let engine = connect(&server, &settings());
        *has.lock().expect("not poisoned") = now;
        let outcome = ask(&engine);
        assert_eq!(server.prompts().len(), prompts);
        match outcome {
            Ok(answer) => assert!(now == Has::First, "{answer:?}"),
            Err(error) => {
                assert!(now != Has::First, "{error}");
                assert!(error.to_string().contains("another model now"), "{error}");
                // And so it stays until galley gets to know the new one.
                assert_eq!(ask(&engine), Err(error));
            }
        }
    }
}

#[test]
fn ollama_is_asked_for_its_context_once_the_model_is_loaded() {
    let is_loaded = AtomicBool::new(false);
    let server = FakeServer::start(move |request| {
        let is_hello = request.line.ends_with("/completions");
        let is_loaded = is_loaded.fetch_or(is_hello, Ordering::SeqCst);
        match request.line.as_str() {
            "GET /v1/models" => {
                Reply::json(&json!({ "data": [{ "id": "m", "owned_by": "library" }] }))
            }
            "GET /api/ps" => {
                let model = json!({ "name": "m", "context_length": 8_192 });
                let models: Vec<_> = Some(model).filter(|_| is_loaded).into_iter().collect();
                Reply::json(&json!({ "models": models }))
            }
            _ => plain(request).unwrap_or_else(|| Reply::say("fine")),
        }
    });
    assert_eq!(connect(&server, &settings()).info().context, 8_192);
}

#[test]
fn a_name_that_no_model_has_is_not_taken_from_a_server() {
    let long = "x".repeat(201);
    let server = with_pages(json!([{ "id": long }, { "id": "a\u{1b}[2J" }, { "id": "m" }]), &[]);
    assert_eq!(connect(&server, &settings()).info().model, "m");
    let error = refused(&format!("{}#other", server.url()), &settings());
    assert!(error.ends_with("it has \"m\"."), "{error}");
}
