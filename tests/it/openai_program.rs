//! The program with a server as its model: the tests' own, and a real one.

use std::fs;
use std::path::Path;

use galley::domain::prompt::{Constraint, Message, Prompt, Role, Sampling, Shape};
use galley::engine::openai::{OpenAiEngine, Settings};
use galley::engine::{Cancel, Engine as _};
use serde_json::{Value, json};

use crate::support::fake_server::{FakeServer, Nobody, Reply, Request, plain};
use crate::support::program::{Home, Printed};

fn run(home: &Home, arguments: &[&str]) -> Printed {
    home.run(arguments).into()
}

const LETTER: &str = "Rotterdam, 4 May 2026\n\nHalden Marine Ltd shall pay EUR 48,500.00 to \
    Dr. Anna Keller by 11 May 2026.\n";

/// Asks for the letter's facts by a server, with these settings.
fn extract(home: &Home, model: &str, settings: &str) -> Printed {
    let letter = home.document("letter.txt", LETTER);
    let config = home.root().join("config");
    fs::create_dir_all(&config).expect("a folder");
    fs::write(config.join("config.toml"), settings).expect("settings");
    let letter = letter.to_str().expect("a plain path");
    let arguments = ["run", letter, "--job", "extract", "--model", model, "--format", "json"];
    let mut command = home.command(&arguments);
    command.env("GALLEY_API_KEY", "s3cret");
    command.output().expect("the program starts").into()
}

fn asks_for_dates(request: &Request) -> bool {
    request.asked().to_lowercase().contains("date")
}

/// Copies the dates, and finds nothing else.
fn copies_dates(request: &Request) -> Reply {
    let dates = "4 May 2026\n11 May 2026\n12 June 2031";
    plain(request)
        .unwrap_or_else(|| Reply::say(if asks_for_dates(request) { dates } else { "none" }))
}

/// The files under a folder that hold these bytes.
fn holding(folder: &Path, wanted: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, wanted));
        } else if let Ok(bytes) = fs::read(&path)
            && bytes.windows(wanted.len()).any(|part| part == wanted.as_bytes())
        {
            found.push(path.display().to_string());
        }
    }
    found
}

fn findings(printed: &Printed) -> Vec<Value> {
    let result: Value = serde_json::from_str(&printed.out).expect("JSON");
    result["jobs"][0]["findings"].as_array().expect("findings").clone()
}

#[test]
fn a_server_s_quotes_are_checked_like_any_other_model_s() {
    let server = FakeServer::start(copies_dates);
    let home = Home::new();
    let printed = extract(&home, &server.url(), "");
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let result: Value = serde_json::from_str(&printed.out).expect("JSON");
    assert_eq!(result["model"]["engine"], "openai");
    assert_eq!(result["model"]["name"], "fake");
    let findings = findings(&printed);
    let of = |text: &str| findings.iter().find(|f| f["text"] == text).expect(text);
    assert_eq!(of("4 May 2026")["opinion"], "both");
    assert_eq!(of("4 May 2026")["status"], "anchored");
    assert_eq!(of("12 June 2031")["status"], "unverified");
    // Nothing is asked twice: the answers are kept under the server's model.
    let asked = server.prompts().len();
    assert!(asked > 0);
    assert_eq!(extract(&home, &server.url(), "").code, Some(0));
    assert_eq!(server.prompts().len(), asked);
    let log = fs::read_to_string(home.root().join("data/galley.log")).expect("the log");
    assert!(log.contains("connected") && !log.contains("Keller"), "{log}");
    // The key is sent, and stands nowhere; the text stands in the store.
    assert_eq!(holding(&home.root(), "s3cret"), Vec::<String>::new());
    assert!(!holding(&home.root(), "Keller").is_empty());
    assert!(!printed.out.contains("s3cret") && !printed.err.contains("s3cret"));
    let sent = server.requests();
    assert!(sent.iter().all(|r| r.headers.to_lowercase().contains("bearer s3cret")));
}

#[test]
fn a_step_that_the_server_refuses_is_named_and_the_rest_goes_on() {
    let server = FakeServer::start(|request| {
        if plain(request).is_none() && asks_for_dates(request) {
            let echo = json!({ "message": format!("cannot: {}", request.asked()) });
            return Reply::error("400 Bad Request", "", &echo);
        }
        copies_dates(request)
    });
    let home = Home::new();
    let printed = extract(&home, &server.url(), "");
    assert_eq!(printed.code, Some(3), "{}", printed.err);
    let result: Value = serde_json::from_str(&printed.out).expect("JSON");
    let warnings = result["jobs"][0]["warnings"].to_string();
    assert!(warnings.contains(&server.shown()) && warnings.contains("400"), "{warnings}");
    assert!(!warnings.contains("Keller"), "{warnings}");
    // The rules go on, and the other questions were asked.
    let values: Vec<Value> = findings(&printed).iter().map(|f| f["value"].clone()).collect();
    assert!(values.contains(&json!("2026-05-04")), "{values:?}");
    assert!(server.prompts().len() > 1);
    assert!(server.prompts().iter().any(|r| !asks_for_dates(r)));
}

#[test]
fn a_server_that_is_not_there_leaves_the_rules_and_says_so() {
    let nobody = Nobody::new();
    let printed = extract(&Home::new(), &nobody.url(), "");
    assert_eq!(printed.code, Some(1), "{}", printed.err);
    assert!(printed.err.contains("No connection to the server"), "{}", printed.err);
    assert!(findings(&printed).iter().any(|f| f["value"] == "2026-05-04"));
}

#[test]
fn text_goes_to_another_machine_only_where_it_is_allowed_and_then_it_is_said() {
    let home = Home::new();
    let printed = extract(&home, "https://gpu.invalid/v1", "");
    assert_eq!(printed.code, Some(1));
    assert!(printed.err.contains("allow_hosts = [\"gpu.invalid\"]"), "{}", printed.err);
    assert!(printed.out.is_empty(), "{}", printed.out);
    // To galley 0.0.0.0 is another machine; the system takes it for this one, so
    // that no network is needed.
    let server = FakeServer::start(copies_dates);
    let there = server.url().replace("127.0.0.1", "0.0.0.0");
    let allowed = "[engine]\nallow_hosts = [\"http://0.0.0.0\"]\n";
    let printed = extract(&home, &there, allowed);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(!server.prompts().is_empty());
    assert_eq!(printed.err.matches("sent to 0.0.0.0").count(), 1, "{}", printed.err);
    let result: Value = serde_json::from_str(&printed.out).expect("JSON");
    let warnings = result["jobs"][0]["warnings"].to_string();
    assert!(warnings.contains("sent to 0.0.0.0"), "{warnings}");
    for address in [
        "http://me:s3cret@127.0.0.1:1",
        " http://me:s3cret@127.0.0.1:1",
        "http:me:s3cret@127.0.0.1:1",
        "http://127.0.0.1:1?key=s3cret",
    ] {
        let printed = extract(&home, address, allowed);
        assert_eq!(printed.code, Some(1));
        assert!(printed.err.contains("GALLEY_API_KEY"), "{}", printed.err);
        assert!(!printed.err.contains("s3cret") && !printed.out.contains("s3cret"));
        assert_eq!(holding(&home.root(), "s3cret"), Vec::<String>::new());
    }
}

#[test]
fn a_proxy_of_the_environment_gets_nothing() {
    let server = FakeServer::start(copies_dates);
    let proxy = FakeServer::start(copies_dates);
    let home = Home::new();
    let letter = home.document("letter.txt", LETTER);
    let letter = letter.to_str().expect("a plain path");
    let url = server.url();
    let mut command = home.command(&["run", letter, "--job", "extract", "--model", &url]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        command.env(name, proxy.url());
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    let printed: Printed = command.output().expect("the program starts").into();
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(!server.prompts().is_empty());
    assert!(proxy.requests().is_empty());
}

#[test]
fn a_machine_without_certificates_reaches_a_server_over_http_and_is_told_of_them_over_https() {
    let server = FakeServer::start(copies_dates);
    let home = Home::new();
    let letter = home.document("letter.txt", LETTER);
    let letter = letter.to_str().expect("a plain path");
    let none = home.document("none.pem", "");
    let run = |address: &str| -> Printed {
        let mut command = home.command(&["run", letter, "--job", "extract", "--model", address]);
        command.env("SSL_CERT_FILE", &none).env_remove("SSL_CERT_DIR");
        command.output().expect("the program starts").into()
    };
    let printed = run(&server.url());
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(!server.prompts().is_empty());
    let printed = run(&server.url().replace("http:", "https:"));
    assert_eq!(printed.code, Some(1));
    assert!(printed.err.contains("ca-certificates"), "{}", printed.err);
}

/// Where `.ci/run` has started llama-cpp-python's server with the starter model.
fn real_server() -> String {
    std::env::var("GALLEY_TEST_SERVER").expect("GALLEY_TEST_SERVER holds the server's address")
}

#[test]
#[ignore = "needs a real server; .ci/run starts one and asks for this test"]
fn a_real_server_holds_to_a_grammar_and_its_quotes_are_anchored() {
    let home = Home::new();
    let nda = home.sample("mutual-nda.md");
    let text = fs::read_to_string(&nda).expect("the sample");
    let nda = nda.to_str().expect("a plain path");
    let arguments = ["run", nda, "--job", "extract", "--model", &real_server(), "--format", "json"];
    let printed = run(&home, &arguments);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let result: Value = serde_json::from_str(&printed.out).expect("JSON");
    assert_eq!(result["model"]["engine"], "openai");
    let findings = findings(&printed);
    let anchored: Vec<&Value> = findings.iter().filter(|f| f["status"] == "anchored").collect();
    for quote in anchored.iter().flat_map(|f| f["quotes"].as_array().expect("quotes")) {
        assert!(text.contains(quote["text"].as_str().expect("text")), "{quote}");
    }
    assert!(anchored.iter().any(|f| f["opinion"] != "rules"), "the model took part");
    let log = fs::read_to_string(home.root().join("data/galley.log")).expect("the log");
    assert!(log.contains("grammar"), "it takes grammars, and that was seen: {log}");
}

#[test]
#[ignore = "needs a real server; .ci/run starts one and asks for this test"]
fn a_real_server_answers_the_same_each_time_and_in_the_form_asked_for() {
    let settings = Settings::default();
    let engine = OpenAiEngine::connect(&real_server(), &settings, &Cancel::new()).expect("up");
    let ask = |text: &str, constraint: Constraint| {
        let prompt = Prompt {
            messages: vec![Message { role: Role::User, text: text.to_owned() }],
            constraint,
            sampling: Sampling::GREEDY,
            max_tokens: 24,
            round: 0,
        };
        engine.generate(&prompt, &Cancel::new(), &mut |_| {}).expect("an answer")
    };
    let opposite = ask("What is the opposite of hot?", Constraint::Free);
    assert!(opposite.text.contains("cold"), "{opposite:?}");
    assert_eq!(ask("What is the opposite of hot?", Constraint::Free).text, opposite.text);
    let picked = ask("Name some numbers.", Constraint::Pick { of: 5, max: 2 }).text;
    let numbers: Vec<&str> = picked.split(", ").collect();
    assert!(picked == "none" || numbers.iter().all(|n| ["1", "2", "3", "4", "5"].contains(n)));
    let source = "Signed on 4 May 2026, paid on 11 May 2026.".to_owned();
    let dates = Constraint::Quotes { source, max: 2, max_words: 10, shape: Shape::Date };
    let quoted = ask("Copy the dates: signed on 4 May 2026, paid on 11 May 2026.", dates).text;
    assert!(quoted.lines().all(|l| ["4 May 2026", "11 May 2026", "none"].contains(&l)), "{quoted}");
}
