//! The engine that asks a server, against a server that does as the tests say:
//! answers, and the forms they are held to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use galley::domain::prompt::{Constraint, Message, Prompt, Role, Sampling, Shape};
use galley::engine::openai::{Key, OpenAiEngine, Retry, Settings};
use galley::engine::{Answer, Cancel, Engine, EngineError, Finish, Progress, rules};
use serde_json::json;

use crate::support::fake_server::{FakeServer, Reply, Request, plain};

/// No pauses, and no end of patience.
pub fn settings() -> Settings {
    Settings {
        retry: Retry { tries: 4, base: Duration::ZERO },
        silence: Duration::from_hours(1),
        ..Settings::default()
    }
}

pub fn connect(server: &FakeServer, settings: &Settings) -> OpenAiEngine {
    OpenAiEngine::connect(&server.url(), settings, &Cancel::new()).expect("a server")
}

pub fn prompt(text: &str, constraint: Constraint) -> Prompt {
    Prompt {
        messages: vec![Message { role: Role::User, text: text.to_owned() }],
        constraint,
        sampling: Sampling::GREEDY,
        max_tokens: 64,
        round: 0,
    }
}

pub fn ask(engine: &OpenAiEngine) -> Result<Answer, EngineError> {
    engine.generate(&prompt("Acme pays 500.", Constraint::Free), &Cancel::new(), &mut |_| {})
}

pub fn scripted(replies: impl IntoIterator<Item = Reply>) -> (FakeServer, OpenAiEngine) {
    let server = FakeServer::scripted(replies);
    let engine = connect(&server, &settings());
    (server, engine)
}

#[test]
fn an_answer_streams_in_piece_by_piece() {
    let (server, engine) = scripted([Reply::say("Ä first answer.")]);
    let mut seen = Vec::new();
    let answer = engine
        .generate(&prompt("Hello?", Constraint::Free), &Cancel::new(), &mut |p| seen.push(p))
        .expect("an answer");
    assert_eq!((answer.text.as_str(), answer.finish), ("Ä first answer.", Finish::Stop));
    assert_eq!((answer.prompt_tokens, answer.answer_tokens), (100, 3));
    assert!(matches!(seen[0], Progress::Prefill { done: 0, total } if total > 0), "{seen:?}");
    assert!(matches!(seen[1], Progress::Prefill { done, total } if done == total), "{seen:?}");
    let text: Vec<Progress> =
        ["Ä ", "first ", "answer."].map(|t| Progress::Text(t.to_owned())).into();
    assert_eq!(seen[2..], text);
    let body = &server.prompts()[0].body;
    assert_eq!(body["model"], "fake");
    assert_eq!(body["messages"], json!([{ "role": "user", "content": "Hello?" }]));
    assert_eq!((&body["max_tokens"], &body["temperature"]), (&json!(64), &json!(0.0)));
    let info = engine.info();
    assert_eq!((info.engine, info.model.as_str()), ("openai", "fake"));
    assert_eq!(info.device, format!("server {}", server.shown()));
    assert_eq!(info.leaves_machine, None);
}

#[test]
fn a_server_that_does_not_stream_is_understood_too() {
    let whole = json!({ "choices": [{ "message": { "content": "All at once." },
        "finish_reason": "length" }], "usage": { "prompt_tokens": 9, "completion_tokens": 3 } });
    let (_server, engine) = scripted([Reply::json(&whole)]);
    let answer = ask(&engine).expect("an answer");
    assert_eq!((answer.text.as_str(), answer.finish), ("All at once.", Finish::Length));
    assert_eq!((answer.prompt_tokens, answer.answer_tokens), (9, 3));
}

#[test]
fn nothing_follows_a_redirect_and_the_key_goes_to_its_server_alone() {
    let elsewhere = FakeServer::scripted([Reply::say("from elsewhere")]);
    let to = format!("Location: {}/v1/chat/completions\r\n", elsewhere.url());
    let redirect = Reply::Raw("307 Temporary Redirect", to, "text/plain", String::new());
    let server = FakeServer::scripted([Reply::say("here"), redirect]);
    let key = Key::new("s3cret").expect("a key");
    let engine = connect(&server, &Settings { key: Some(key), ..settings() });
    assert_eq!(ask(&engine).expect("an answer").text, "here");
    let error = ask(&engine).expect_err("a redirect").to_string();
    assert!(error.contains("another address") && !error.contains("s3cret"), "{error}");
    assert!(elsewhere.requests().is_empty());
    for request in server.requests() {
        let header = request.headers.to_lowercase();
        assert!(header.contains("authorization: bearer s3cret"), "{}", request.line);
    }
    let keyless = connect(&server, &settings());
    ask(&keyless).expect_err("a redirect");
    let last = server.prompts().pop().expect("a request");
    assert!(!last.headers.to_lowercase().contains("authorization"));
}

#[test]
fn repeats_are_stopped_and_cut_off_answers_are_said_to_be() {
    let again = "The same words again.\n".repeat(5);
    let (_server, engine) =
        scripted([Reply::say(&again), Reply::Stream("cut of".into(), "length")]);
    let answer = ask(&engine).expect("an answer");
    assert!(matches!(answer.finish, Finish::Loop { .. }), "{answer:?}");
    assert_eq!(answer.text, "The same words again.");
    assert_eq!(ask(&engine).expect("an answer").finish, Finish::Length);
}

/// Counts callers in, and lets them go once all are there. Waits ten seconds.
fn meet(count: &(Mutex<usize>, Condvar), all: usize) -> bool {
    let (count, changed) = count;
    let mut count = count.lock().expect("not poisoned");
    *count += 1;
    changed.notify_all();
    let patience = Duration::from_secs(10);
    let waited = changed.wait_timeout_while(count, patience, |count| *count < all);
    !waited.expect("not poisoned").1.timed_out()
}

#[test]
fn four_threads_are_answered_at_once_and_each_with_its_own() {
    let count = (Mutex::new(0), Condvar::new());
    let server = FakeServer::start(move |request| {
        plain(request).unwrap_or_else(|| {
            let met = if meet(&count, 4) { "" } else { " alone" };
            Reply::say(&format!("answer to {}{met}", request.asked()))
        })
    });
    let engine = connect(&server, &Settings { parallel: 4, ..settings() });
    assert_eq!(engine.parallel(), 4);
    thread::scope(|scope| {
        for n in 0..4 {
            let engine = &engine;
            scope.spawn(move || {
                let text = format!("question {n}");
                let ask = prompt(&text, Constraint::Free);
                let answer = engine.generate(&ask, &Cancel::new(), &mut |_| {});
                assert_eq!(answer.expect("an answer").text, format!("answer to {text}"));
            });
        }
    });
    assert_eq!(server.prompts().len(), 4);
    for (parallel, used) in [(0, 1), (9_999, 64)] {
        assert_eq!(connect(&server, &Settings { parallel, ..settings() }).parallel(), used);
    }
}

#[test]
fn tokens_are_counted_in_the_server_s_measure_without_sending_text() {
    let server = FakeServer::start(|request| match request.line.as_str() {
        "POST /extras/tokenize/count" => {
            let text = request.body["input"].as_str().expect("a text");
            Reply::json(&json!({ "count": rules::estimate(text) * 2 }))
        }
        _ => plain(request).unwrap_or_else(|| Reply::say("fine")),
    });
    let engine = connect(&server, &settings());
    let before = server.requests().len();
    let text = "The parties agree to the terms of this agreement. ".repeat(50);
    // Twice as many, and a tenth on top.
    let expected = (rules::estimate(&text) * 22).div_ceil(10);
    assert!(engine.count(&text).abs_diff(expected) <= 1, "{}", engine.count(&text));
    assert_eq!(engine.count(""), 0);
    assert_eq!(server.requests().len(), before);
    let plain = connect(&FakeServer::scripted([Reply::say("x")]), &settings());
    assert_eq!(plain.count(&text), rules::estimate(&text));
}

#[test]
fn how_far_llama_server_has_read_is_passed_on() {
    let read = json!({ "choices": [{ "delta": {} }],
        "prompt_progress": { "total": 1000, "cache": 0, "processed": 512, "time_ms": 9 } });
    let end = json!({ "choices": [{ "delta": { "content": "fine" }, "finish_reason": "stop" }] });
    let stream = format!("data: {read}\n\ndata: {end}\n\ndata: [DONE]\n\n");
    let server = FakeServer::start(move |request| match request.line.as_str() {
        "GET /props" => Reply::json(&json!({ "default_generation_settings": { "n_ctx": 4096 } })),
        _ => plain(request).unwrap_or_else(|| {
            Reply::Raw("200 OK", String::new(), "text/event-stream", stream.clone())
        }),
    });
    let mut seen = Vec::new();
    let ask = prompt("?", Constraint::Free);
    let answer =
        connect(&server, &settings()).generate(&ask, &Cancel::new(), &mut |p| seen.push(p));
    assert_eq!(answer.expect("an answer").text, "fine");
    assert!(seen.contains(&Progress::Prefill { done: 512, total: 1000 }), "{seen:?}");
    assert_eq!(server.prompts()[0].body["return_progress"], true);
}

fn quotes(shape: Shape) -> Constraint {
    let source = "Paid on 4 May 2026 and on 5 May 2026.".to_owned();
    Constraint::Quotes { source, max: 3, max_words: 10, shape }
}

/// The word that a server is got to know by, where it takes `field`.
fn held_to(request: &Request, field: &str) -> Option<&'static str> {
    (request.asked() == "Say hello." && request.body[field].to_string().contains("q7"))
        .then_some("q7")
}

#[test]
fn a_grammar_is_used_where_the_server_obeys_one() {
    let server = FakeServer::start(|request| match held_to(request, "grammar") {
        Some(word) => Reply::say(word),
        None => plain(request).unwrap_or_else(|| Reply::say("4 May 2026\n5 May 2026")),
    });
    let engine = connect(&server, &settings());
    let answer = engine.generate(&prompt("?", quotes(Shape::Date)), &Cancel::new(), &mut |_| {});
    assert_eq!(answer.expect("an answer").text, "4 May 2026\n5 May 2026");
    let body = server.prompts()[0].body.clone();
    let grammar = body["grammar"].as_str().expect("a grammar");
    assert!(grammar.contains("\"4 May 2026\" | \"5 May 2026\""), "{grammar}");
    assert_eq!(body["repeat_penalty"], 1.0);
}

#[test]
fn a_schema_is_used_where_that_is_what_the_server_obeys() {
    let server = FakeServer::start(|request| {
        if request.body.get("grammar").is_some() {
            return Reply::error("400 Bad Request", "", &json!({ "message": "unknown field" }));
        }
        if held_to(request, "response_format").is_some() {
            return Reply::say("{\"answer\": [\"q7\"]}");
        }
        plain(request).unwrap_or_else(|| Reply::say("{\"answer\": [\"4 May 2026\"]}"))
    });
    let engine = connect(&server, &settings());
    let answer = engine.generate(&prompt("?", quotes(Shape::Date)), &Cancel::new(), &mut |_| {});
    assert_eq!(answer.expect("an answer").text, "4 May 2026");
    let format = server.prompts()[0].body["response_format"].to_string();
    assert!(format.contains("\"enum\":[\"4 May 2026\",\"5 May 2026\"]"), "{format}");
}

#[test]
fn a_form_that_is_refused_for_a_prompt_is_left_out_and_that_is_remembered() {
    for status in ["400 Bad Request", "422 Unprocessable Entity", "500 Internal Server Error"] {
        let server = FakeServer::start(move |request| match held_to(request, "grammar") {
            Some(word) => Reply::say(word),
            None if request.body.get("grammar").is_some() => {
                Reply::error(status, "", &json!({ "message": "failed to parse grammar" }))
            }
            None => plain(request).unwrap_or_else(|| Reply::say("4 May 2026")),
        });
        let engine = connect(&server, &settings());
        let dates = prompt("?", quotes(Shape::Date));
        let ask = || engine.generate(&dates, &Cancel::new(), &mut |_| {}).expect("an answer").text;
        assert_eq!(ask(), "4 May 2026");
        let asked = server.prompts().len();
        assert_eq!(ask(), "4 May 2026");
        assert_eq!(server.prompts().len(), asked + 1, "{status}");
        // Other kinds of questions are still asked in their form.
        let pick = prompt("?", Constraint::Pick { of: 4, max: 2 });
        let _ = engine.generate(&pick, &Cancel::new(), &mut |_| {});
        assert!(server.prompts()[asked + 1].body.get("grammar").is_some(), "{status}");
    }
}

#[test]
fn a_server_that_is_busy_when_its_forms_are_tried_is_asked_again_and_others_are_not_failed() {
    let busy = AtomicUsize::new(2);
    let server = FakeServer::start(move |request| {
        let is_busy = |_: &&'static str| {
            busy.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok()
        };
        match held_to(request, "grammar") {
            Some(word) if is_busy(&word) => {
                Reply::error("503 Service Unavailable", "", &json!({ "message": "busy" }))
            }
            Some(word) => Reply::say(word),
            None => plain(request).unwrap_or_else(|| Reply::say("4 May 2026")),
        }
    });
    let dates = prompt("?", quotes(Shape::Date));
    connect(&server, &settings()).generate(&dates, &Cancel::new(), &mut |_| {}).expect("an answer");
    assert!(server.prompts()[0].body.get("grammar").is_some());
    // A server that dies over each form holds none, and is of use all the same.
    let server = FakeServer::start(|request| {
        let has_form =
            ["grammar", "response_format"].iter().any(|f| request.body.get(*f).is_some());
        if has_form {
            return Reply::Dies(String::new());
        }
        plain(request).unwrap_or_else(|| Reply::say("4 May 2026"))
    });
    let engine = connect(&server, &settings());
    engine.generate(&dates, &Cancel::new(), &mut |_| {}).expect("an answer");
}

#[test]
fn a_server_that_ignores_every_form_is_asked_freely() {
    let (server, engine) = scripted([Reply::say("Sentences 2 and 3.")]);
    let pick = prompt("?", Constraint::Pick { of: 4, max: 2 });
    let answer = engine.generate(&pick, &Cancel::new(), &mut |_| {}).expect("an answer");
    assert_eq!(answer.text, "2, 3");
    let body = server.prompts()[0].body.clone();
    assert!(body.get("grammar").is_none() && body.get("response_format").is_none(), "{body}");
}
