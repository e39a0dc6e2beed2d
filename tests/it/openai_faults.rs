//! What a server may do wrong, and what becomes of it: a second try or a
//! sentence, never a wrong answer, a wait without end or the document in a log.

use std::thread;
use std::time::{Duration, Instant};

use galley::domain::prompt::Constraint;
use galley::engine::openai::{Retry, Settings};
use galley::engine::{Cancel, Engine as _, EngineError, Finish, Progress};
use serde_json::json;

use super::openai_engine::{ask, connect, prompt, scripted, settings};
use crate::support::fake_server::{FakeServer, Reply, open_stream, plain};

#[test]
fn an_answer_that_breaks_off_is_asked_for_again_and_never_shown_as_whole() {
    let (server, engine) = scripted([Reply::Dies("half of ".into()), Reply::say("the whole")]);
    let mut seen = Vec::new();
    let answer =
        engine.generate(&prompt("x", Constraint::Free), &Cancel::new(), &mut |p| seen.push(p));
    assert_eq!(answer.expect("the second one").text, "the whole");
    assert_eq!(server.prompts().len(), 2);
    // A prefill after text tells the listener to begin again.
    let lost = seen.iter().position(|p| matches!(p, Progress::Text(_)));
    let again = seen.iter().rposition(|p| *p == Progress::Prefill { done: 0, total: 18 });
    assert!(lost < again, "{seen:?}");
}

#[test]
fn a_stream_that_says_done_without_a_reason_was_broken_off() {
    // As llama-cpp-python does when another request cuts in.
    let cut = "data: {\"choices\":[{\"delta\":{\"content\":\"half\"}}]}\n\ndata: [DONE]\n\n";
    let raw = Reply::Raw("200 OK", String::new(), "text/event-stream", cut.into());
    let (server, engine) = scripted([raw, Reply::say("the whole")]);
    assert_eq!(ask(&engine).expect("the second one").text, "the whole");
    assert_eq!(server.prompts().len(), 2);
}

#[test]
fn what_passes_is_tried_again() {
    let busy = json!({ "code": "rate_limit_exceeded" });
    for first in [
        Reply::error("500 Internal Server Error", "", &json!("a fault")),
        Reply::error("429 Too Many Requests", "Retry-After: 0\r\n", &busy),
        Reply::error("503 Service Unavailable", "", &json!({ "message": "Loading model" })),
    ] {
        let (server, engine) = scripted([first.clone(), first.clone(), Reply::say("fine")]);
        assert_eq!(ask(&engine).expect("the third").text, "fine", "{first:?}");
        assert_eq!(server.prompts().len(), 3, "{first:?}");
    }
}

#[test]
fn what_lasts_is_told_with_the_server_s_name_and_without_the_document() {
    let page = "<html>Acme pays 500.</html>".to_owned();
    let raw = |kind, body| Reply::Raw("200 OK", String::new(), kind, body);
    let echo = json!({ "message": "cannot read: Acme pays 500." });
    let in_stream = json!({ "error": { "code": 400, "message": "cannot read: Acme pays 500." } });
    for (reply, tries, said) in [
        (Reply::Dies(String::new()), 4, "broke off"),
        // Once text has come, one more try is all.
        (Reply::Dies("Acme ".into()), 2, "broke off"),
        (Reply::error("500 Internal Server Error", "", &echo), 4, "500"),
        (Reply::error("429 Too Many Requests", "Retry-After: 3600\r\n", &echo), 1, "3600 s"),
        (Reply::error("401 Unauthorized", "", &echo), 1, "GALLEY_API_KEY"),
        (Reply::error("403 Forbidden", "", &echo), 1, "GALLEY_API_KEY"),
        (Reply::error("404 Not Found", "", &echo), 1, "after #"),
        (Reply::error("400 Bad Request", "", &echo), 1, "400"),
        (Reply::error("413 Payload Too Large", "", &echo), 1, "larger than it takes"),
        (raw("text/html", page.clone()), 1, "a web page"),
        (Reply::Raw("502 Bad Gateway", String::new(), "text/html", page), 4, "502"),
        (raw("application/json", String::new()), 1, "nothing at all"),
        (raw("application/json", "{\"Acme pays 500.".into()), 1, "broken JSON"),
        (raw("text/event-stream", "data: Acme pays 500.\n\n".into()), 1, "no JSON"),
        (raw("text/event-stream", format!("data: {in_stream}\n\n")), 1, "400"),
        (raw("text/event-stream", String::new()), 4, "broke off"),
    ] {
        let (server, engine) = scripted([reply.clone()]);
        let error = ask(&engine).expect_err("a fault");
        let EngineError::Server(why) = &error else { panic!("{reply:?}: {error:?}") };
        assert!(why.contains(said) && why.contains(&server.shown()), "{reply:?}: {why}");
        assert!(!why.contains("Acme"), "{reply:?}: {why}");
        assert_eq!(server.prompts().len(), tries, "{reply:?}");
    }
}

#[test]
fn a_prompt_that_is_too_long_is_told_apart() {
    let error =
        json!({ "type": "exceed_context_size_error", "n_prompt_tokens": 900, "n_ctx": 512 });
    let (server, engine) = scripted([Reply::error("400 Bad Request", "", &error)]);
    assert_eq!(ask(&engine), Err(EngineError::TooLong { prompt: 900, context: 512 }));
    // One that is known to be too long is not even sent.
    let long = prompt(&"word ".repeat(6_000), Constraint::Free);
    let outcome = engine.generate(&long, &Cancel::new(), &mut |_| {});
    assert!(matches!(outcome, Err(EngineError::TooLong { context: 4096, .. })), "{outcome:?}");
    assert_eq!(server.prompts().len(), 1);
}

#[test]
fn a_server_that_hangs_is_given_up() {
    for reply in [Reply::Mute, Reply::Hangs("one ".into())] {
        let server = FakeServer::scripted([reply]);
        let patience = Settings { silence: Duration::from_secs(1), ..settings() };
        let error = ask(&connect(&server, &patience)).expect_err("it hangs").to_string();
        assert!(error.contains("sent nothing for 1 s"), "{error}");
        assert!(error.contains("timeout_seconds"), "{error}");
        assert_eq!(server.prompts().len(), 1);
    }
}

#[test]
fn a_cancel_ends_the_wait_for_a_server_that_hangs() {
    for reply in [Reply::Mute, Reply::Hangs("one ".into())] {
        let (server, engine) = scripted([reply]);
        let cancel = Cancel::new();
        let (outcome, took) = thread::scope(|scope| {
            let asking = scope.spawn(|| {
                let ask = prompt("x", Constraint::Free);
                let outcome = engine.generate(&ask, &cancel, &mut |_| {});
                (outcome, Instant::now())
            });
            while server.prompts().is_empty() {
                thread::yield_now();
            }
            cancel.cancel();
            let cancelled = Instant::now();
            let (outcome, ended) = asking.join().expect("no panic");
            (outcome, ended.saturating_duration_since(cancelled))
        });
        assert_eq!(outcome, Err(EngineError::Cancelled));
        // 20 ms; the rest is for a machine with much else to do.
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
}

/// A stream of one piece with this text and this reason for its end.
fn ends(text: &str, reason: &str) -> String {
    let piece = json!({ "choices": [{ "delta": { "content": text }, "finish_reason": reason }] });
    format!("data: {piece}\n\n")
}

fn events(data: String) -> Reply {
    Reply::Raw("200 OK", String::new(), "text/event-stream", data)
}

#[test]
fn an_empty_reason_for_the_end_is_none() {
    let dies = events(ends("half", ""));
    let (server, engine) = scripted([dies, events(ends("the ", "") + &ends("whole", "stop"))]);
    assert_eq!(ask(&engine).expect("the second one").text, "the whole");
    assert_eq!(server.prompts().len(), 2);
}

#[test]
fn an_answer_that_ended_for_a_bad_reason_is_none() {
    for (reason, tries, said) in [
        ("abort", 2, "(abort)"),
        ("error", 2, "(error)"),
        ("Acme", 2, "(another reason)"),
        ("content_filter", 1, "withheld"),
        ("tool_calls", 1, "called a tool"),
    ] {
        let (server, engine) = scripted([events(ends("half", reason))]);
        let why = ask(&engine).expect_err(reason).to_string();
        assert!(why.contains(said) && why.contains(&server.shown()), "{reason}: {why}");
        assert_eq!(server.prompts().len(), tries, "{reason}");
    }
}

#[test]
fn thoughts_or_calls_of_tools_alone_are_no_answer() {
    let call = json!([{ "function": { "name": "Acme" } }]);
    for (delta, said) in [
        (json!({ "reasoning_content": "Acme" }), "its thoughts"),
        (json!({ "tool_calls": call }), "a call of a tool"),
    ] {
        let piece = json!({ "choices": [{ "delta": delta, "finish_reason": "length" }] });
        // The server is known all the same: it may think as it says hello.
        let data = format!("data: {piece}\n\ndata: [DONE]\n\n");
        let server = FakeServer::start(move |request| {
            let is_list = request.line.starts_with("GET ");
            plain(request).filter(|_| is_list).unwrap_or_else(|| events(data.clone()))
        });
        let why = ask(&connect(&server, &settings())).expect_err("no answer").to_string();
        assert!(why.contains(said) && !why.contains("Acme"), "{why}");
    }
}

#[test]
fn an_answer_is_taken_though_the_mark_of_its_end_never_comes() {
    let (_server, engine) = scripted([Reply::Stuck(open_stream(&ends("fine", "stop")))]);
    let began = Instant::now();
    assert_eq!(ask(&engine).expect("an answer").text, "fine");
    // Two seconds; the server itself would be waited for an hour.
    assert!(began.elapsed() < Duration::from_mins(1));
}

#[test]
fn a_server_that_only_shows_signs_of_life_is_given_up() {
    let empty = json!({ "choices": [{ "delta": { "content": "" }, "finish_reason": null }] });
    let stays = json!({ "choices": [], "prompt_progress": { "total": 9, "processed": 3 } });
    for again in
        [": still here\n\n".to_owned(), format!("data: {empty}\n\n"), format!("data: {stays}\n\n")]
    {
        let start = open_stream("");
        let drip = Reply::Forever { start, again: again.clone(), drips: true };
        let server = FakeServer::scripted([drip]);
        let patience = Settings { silence: Duration::from_secs(1), ..settings() };
        let error = ask(&connect(&server, &patience)).expect_err("it drips").to_string();
        assert!(error.contains("sent nothing for 1 s"), "{again}: {error}");
    }
}

#[test]
fn what_has_no_end_is_given_up() {
    let head = "HTTP/1.1 200 OK\r\n";
    let forever = |start: String, again: &str| Reply::Forever {
        start,
        again: again.repeat(100),
        drips: false,
    };
    let body = format!("{head}Content-Type: application/json\r\n\r\n{{");
    for (reply, said) in [
        (forever(body, "\"Acme\","), "an endless stream"),
        (forever(open_stream(""), ": Acme\n"), "an endless stream"),
        (forever(open_stream("data: "), "Acme"), "an endless line"),
        (forever(head.to_owned(), "X-Acme: Acme\r\n"), "broke off"),
    ] {
        let (_server, engine) = scripted([reply]);
        let why = ask(&engine).expect_err("it has no end").to_string();
        assert!(why.contains(said) && !why.contains("Acme"), "{said}: {why}");
    }
    // An answer without end is cut where it is longer than was asked for.
    let again = (0..500).map(|n| ends(&format!("n{n} "), "")).collect::<String>();
    let start = open_stream("");
    let (_server, engine) = scripted([Reply::Forever { start, again, drips: false }]);
    let answer = ask(&engine).expect("an answer");
    assert!(answer.text.len() < 20_000, "{}", answer.text.len());
    assert_ne!(answer.finish, Finish::Stop);
}

#[test]
fn an_error_is_told_though_its_text_never_comes() {
    let head = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 9\r\n\r\n{";
    let (_server, engine) = scripted([Reply::Stuck(head.to_owned())]);
    let error = ask(&engine).expect_err("an error").to_string();
    assert!(error.contains("401") && error.contains("GALLEY_API_KEY"), "{error}");
}

#[test]
fn a_server_that_fails_three_times_in_a_row_is_not_asked_each_time() {
    let once = Retry { tries: 1, base: Duration::from_hours(1) };
    let error = Reply::error("500 Internal Server Error", "", &json!("a fault"));
    for reply in [error, Reply::Dies(String::new()), Reply::Mute] {
        let server = FakeServer::scripted([reply.clone()]);
        let patience = Settings { retry: once, silence: Duration::from_secs(1), ..settings() };
        let engine = connect(&server, &patience);
        let why = ask(&engine).expect_err("a fault");
        for _ in 0..9 {
            assert_eq!(ask(&engine), Err(why.clone()));
        }
        assert_eq!(server.prompts().len(), 3, "{reply:?}");
    }
}

#[test]
fn a_server_that_was_broken_is_used_again_once_it_is_well() {
    let error = Reply::error("502 Bad Gateway", "", &json!("a fault"));
    let replies = vec![error; 13].into_iter().chain([Reply::say("well")]);
    let (server, engine) = scripted(replies);
    // Three steps of four tries; after that each is one try.
    for tries in [4, 8, 12, 13] {
        ask(&engine).expect_err("a fault");
        assert_eq!(server.prompts().len(), tries);
    }
    assert_eq!(ask(&engine).expect("an answer").text, "well");
}

#[test]
fn a_server_that_wants_to_be_left_alone_is() {
    let long = "Retry-After: 3600\r\n";
    let (server, engine) = scripted([Reply::error("429 Too Many Requests", long, &json!("busy"))]);
    for _ in 0..5 {
        let why = ask(&engine).expect_err("it is busy").to_string();
        assert!(why.contains("3600 s"), "{why}");
    }
    assert_eq!(server.prompts().len(), 1);
}

#[test]
fn a_prompt_that_the_server_has_cut_gets_no_answer() {
    let counted = |n: usize| {
        let usage = json!({ "choices": [], "usage": { "prompt_tokens": n } });
        events(ends("fine", "stop") + &format!("data: {usage}\n\ndata: [DONE]\n\n"))
    };
    let long = prompt(&"Acme shall pay five hundred pounds. ".repeat(200), Constraint::Free);
    for (counted_by_server, is_cut) in [(500, true), (1_000, false), (0, false)] {
        let (_server, engine) = scripted([counted(counted_by_server)]);
        let outcome = engine.generate(&long, &Cancel::new(), &mut |_| {});
        match outcome {
            Err(error) => {
                assert!(is_cut, "{error}");
                let why = error.to_string();
                assert!(why.contains("read only 500") && why.contains("larger context"), "{why}");
            }
            Ok(answer) => assert!(!is_cut, "{answer:?}"),
        }
    }
}
