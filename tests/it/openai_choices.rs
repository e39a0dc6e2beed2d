//! Choices by letter put to a server: what it makes of each letter where it
//! says so, and a bare letter where it does not.

use galley::domain::prompt::{Constraint, Prompt, letter_weights};
use galley::engine::openai::OpenAiEngine;
use galley::engine::{Cancel, Engine, Progress};
use serde_json::{Value, json};

use super::openai_engine::{connect, prompt, settings};
use crate::support::fake_server::{FakeServer, Reply, Request, plain};

fn choice() -> Prompt {
    prompt("A contract.\nA. Contract\nB. Letter\nC. Other", Constraint::Choose { of: 3 })
}

fn chosen(engine: &OpenAiEngine) -> String {
    engine.generate(&choice(), &Cancel::new(), &mut |_| {}).expect("an answer").text
}

/// An answer of one token with the likeliest ones in its place.
fn with_tops(token: &str, tops: &Value) -> Reply {
    let likely = json!({ "content": [{ "token": token, "top_logprobs": tops }] });
    Reply::json(&json!({ "choices": [
        { "message": { "content": token }, "logprobs": likely, "finish_reason": "length" }
    ], "usage": { "prompt_tokens": 20, "completion_tokens": 1 } }))
}

fn asks_for_weights(request: &Request) -> bool {
    request.body.get("logprobs").is_some()
}

#[test]
fn a_server_that_gives_probabilities_is_asked_for_one_token_and_what_else_it_might_be() {
    // A half, a quarter, and nothing of C.
    let tops = json!([
        { "token": " B", "logprob": -0.7 },
        { "token": "The", "logprob": -1.6 },
        { "token": "A", "logprob": -1.4 },
    ]);
    let server = FakeServer::scripted([with_tops(" B", &tops)]);
    let engine = connect(&server, &settings());
    let mut seen = Vec::new();
    let answer = engine.generate(&choice(), &Cancel::new(), &mut |p| seen.push(p));
    let answer = answer.expect("an answer");
    assert_eq!(answer.text, "A\t-1.4000\nB\t-0.7000\nC\t-2.6000");
    let weights = letter_weights(&answer.text, 3).expect("weights");
    assert!(weights[1] > weights[0] && weights[0] > weights[2], "{weights:?}");
    assert!(!seen.iter().any(|p| matches!(p, Progress::Text(_))), "{seen:?}");
    let body = &server.prompts()[0].body;
    assert_eq!((&body["max_tokens"], &body["top_logprobs"]), (&json!(1), &json!(20)));
}

#[test]
fn a_server_without_probabilities_gives_a_letter_and_is_not_asked_for_them_again() {
    let refuses = |request: &Request| {
        asks_for_weights(request)
            .then(|| Reply::error("400 Bad Request", "", &json!({ "message": "no logprobs" })))
    };
    let is_silent = |_: &Request| None;
    let servers: [fn(&Request) -> Option<Reply>; 2] = [refuses, is_silent];
    for odd in servers {
        let server = FakeServer::start(move |request| {
            plain(request)
                .unwrap_or_else(|| odd(request).unwrap_or_else(|| Reply::say("B. Letter")))
        });
        let engine = connect(&server, &settings());
        assert_eq!(chosen(&engine), "B");
        let asked = server.prompts().len();
        assert_eq!(chosen(&engine), "B");
        assert_eq!(server.prompts().len(), asked + 1);
        assert!(!asks_for_weights(server.prompts().last().expect("a prompt")));
    }
}

#[test]
fn where_no_letter_is_among_the_likeliest_the_answer_itself_is_asked_for() {
    let server = FakeServer::start(|request| match plain(request) {
        Some(reply) => reply,
        None if asks_for_weights(request) => {
            with_tops("The", &json!([{ "token": "The", "logprob": -0.01 }]))
        }
        None => Reply::say("The answer is C."),
    });
    let engine = connect(&server, &settings());
    assert_eq!(chosen(&engine), "C");
    assert_eq!(chosen(&engine), "C");
    assert_eq!(server.prompts().len(), 4, "the next prompt may be another matter");
}
