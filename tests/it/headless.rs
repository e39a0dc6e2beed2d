//! The commands without a screen, as scripts use them, with recognisers only.

use std::fs;

use rusqlite::Connection;
use serde_json::Value;

use crate::support::program::{Home, Printed};

fn run(home: &Home, arguments: &[&str]) -> Printed {
    home.run(arguments).into()
}

fn path(path: &std::path::Path) -> &str {
    path.to_str().expect("a plain path")
}

const LETTER: &str = "Rotterdam, 4 May 2026\n\nHalden Marine Ltd shall pay EUR 48,500.00 to \
    Dr. Anna Keller by 11 May 2026.\n\nThe Supplier may not assign this agreement.\n";

#[test]
fn every_quote_in_a_result_file_stands_in_the_text_that_extract_prints() {
    let home = Home::new();
    let nda = home.sample("mutual-nda.md");
    let out = home.docs().join("out");
    let arguments = [
        "run",
        path(&nda),
        "--job",
        "extract,triage",
        "--model",
        "none",
        "--out",
        path(&out),
        "--format",
        "json,md",
    ];
    let printed = run(&home, &arguments);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(out.join("mutual-nda.md.galley.md").is_file());
    let json = fs::read_to_string(out.join("mutual-nda.md.galley.json")).expect("the result");
    let result: Value = serde_json::from_str(&json).expect("JSON");
    let text: Value =
        serde_json::from_str(&run(&home, &["extract", path(&nda), "--json"]).out).expect("JSON");
    let text = text["text"].as_str().expect("the text").to_owned();
    assert_eq!(result["schema"], "galley/1");
    assert_eq!(text, fs::read_to_string(&nda).expect("the sample"), "a text file is its own text");
    let mut quotes = 0;
    for job in result["jobs"].as_array().expect("jobs") {
        for finding in job["findings"].as_array().expect("findings") {
            for quote in finding["quotes"].as_array().expect("quotes") {
                let at = |key: &str| {
                    usize::try_from(quote[key].as_u64().expect("an offset")).expect("fits")
                };
                assert_eq!(quote["text"], text[at("start")..at("end")]);
                quotes += 1;
            }
        }
    }
    assert!(quotes > 20, "only {quotes} quotes");
    let part = |key: &str| result["coverage"][key].as_u64().expect("bytes");
    assert_eq!(part("read") + part("excluded") + part("failed"), part("total"));
    assert_eq!(part("read"), text.len() as u64);
}

#[test]
fn a_letter_gives_its_facts() {
    let home = Home::new();
    let letter = home.document("letter.txt", LETTER);
    let printed = run(
        &home,
        &["run", path(&letter), "--job", "extract", "--model", "none", "--format", "json"],
    );
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let result: Value = serde_json::from_str(&printed.out).expect("JSON");
    let findings = result["jobs"][0]["findings"].as_array().expect("findings").clone();
    let values: Vec<&Value> = findings.iter().map(|f| &f["value"]).collect();
    for wanted in ["2026-05-04", "2026-05-11", "Halden Marine Ltd"] {
        assert!(values.iter().any(|v| **v == wanted), "{wanted} is missing in {values:?}");
    }
    assert!(
        values.iter().any(|v| v["amount"] == "48500.00" && v["currency"] == "EUR"),
        "{values:?}"
    );
    let texts: Vec<&str> = findings.iter().filter_map(|f| f["text"].as_str()).collect();
    assert!(texts.iter().any(|t| t.contains("may not assign")), "{texts:?}");
}

#[test]
fn a_document_that_fails_is_named_and_the_others_are_done() {
    let home = Home::new();
    home.document("good.txt", LETTER);
    home.document("empty.txt", "");
    let docs = home.docs();
    let printed = run(&home, &["run", path(&docs), "--job", "extract", "--model", "none"]);
    assert_eq!(printed.code, Some(3), "{}", printed.err);
    assert!(printed.err.contains("empty.txt"), "{}", printed.err);
    assert!(printed.out.contains("Halden Marine Ltd"), "{}", printed.out);
}

#[test]
fn what_could_not_run_says_why_and_a_usage_mistake_is_told_apart() {
    let home = Home::new();
    let letter = home.document("letter.txt", LETTER);
    let cases: [(&[&str], i32, &str); 4] = [
        (&["run", "no/such/folder", "--job", "extract"], 1, "no/such/folder"),
        (&["run", path(&letter), "--job", "extrakt", "--model", "none"], 2, "extrakt"),
        (&["run", path(&letter), "--job", "extract", "--model", "no-such"], 1, "no-such"),
        (
            &["run", path(&letter), "--job", "extract", "--model", "starter"],
            1,
            "models pull starter",
        ),
    ];
    for (arguments, code, said) in cases {
        let printed = run(&home, arguments);
        assert_eq!(printed.code, Some(code), "{arguments:?}: {}", printed.err);
        assert!(printed.err.contains(said), "{arguments:?}: {}", printed.err);
    }
    assert_eq!(run(&home, &["run"]).code, Some(2), "a usage mistake");
}

#[test]
fn a_template_with_a_mistake_is_told_with_file_and_line() {
    let home = Home::new();
    let prompts = home.root().join("config/prompts");
    fs::create_dir_all(&prompts).expect("a folder");
    assert_eq!(run(&home, &["jobs", "check"]).code, Some(0));
    fs::write(prompts.join("mine.md"), "+++\nname = \"mine\"\ntitel = \"x\"\n+++\n## user\n")
        .expect("a template");
    let printed = run(&home, &["jobs", "check"]);
    assert_eq!(printed.code, Some(1));
    assert!(printed.err.contains("mine.md, line 3"), "{}", printed.err);
}

#[test]
fn tokens_are_estimated_without_a_model_and_said_to_be() {
    let home = Home::new();
    let letter = home.document("letter.txt", LETTER);
    let printed = run(&home, &["tokens", path(&letter), "--json"]);
    let line: Value = serde_json::from_str(&printed.out).expect("JSON");
    let tokens = line["tokens"].as_u64().expect("a count");
    assert!((40..120).contains(&tokens), "{tokens}");
    assert_eq!(line["ids_sha256"], Value::Null);
    assert!(run(&home, &["tokens", path(&letter)]).out.contains("estimate"));
}

#[test]
fn trying_without_a_model_says_so_and_goes_on() {
    let home = Home::new();
    let printed = run(&home, &["try"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(printed.err.contains("without a model"), "{}", printed.err);
    for heading in ["Dates", "Amounts", "Obligations", "Key facts", "Disputed points", "Chronology"]
    {
        assert!(printed.out.contains(heading), "{heading} is missing in\n{}", printed.out);
    }
    for tone in ["Concise and direct", "Warm and conversational", "Polished and client-facing"] {
        assert!(printed.out.contains(tone), "{tone} is missing in\n{}", printed.out);
    }
}

#[test]
fn the_doctor_finds_a_fresh_home_sound() {
    let home = Home::new();
    let printed = run(&home, &["doctor"]);
    assert_eq!(printed.code, Some(0), "{}{}", printed.out, printed.err);
    assert!(printed.out.contains("Nothing is wrong."), "{}", printed.out);
}

#[test]
fn sources_are_never_written_to() {
    let home = Home::new();
    let letter = home.document("letter.txt", LETTER);
    let before = fs::metadata(&letter).expect("there").modified().expect("a time");
    let docs = home.docs();
    let printed =
        run(&home, &["run", path(&docs), "--job", "extract,triage,rewrite", "--model", "none"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert_eq!(fs::read_to_string(&letter).expect("there"), LETTER);
    assert_eq!(fs::metadata(&letter).expect("there").modified().expect("a time"), before);
    let names: Vec<_> =
        fs::read_dir(&docs).expect("listed").flatten().map(|e| e.file_name()).collect();
    assert_eq!(names, ["letter.txt"]);
}

#[test]
fn no_document_text_is_logged() {
    let home = Home::new();
    let model = home.model();
    let first = home.document("first.txt", "Nothing was agreed.\n");
    let begun = run(&home, &["run", path(&first), "--job", "extract", "--model", "none"]);
    assert_eq!(begun.code, Some(0), "{}", begun.err);
    // A store that takes no texts and no answers, so that there is something to log.
    let store = Connection::open(home.root().join("data/galley.db")).expect("the store");
    for table in ["texts", "steps"] {
        let refuse = format!(
            "CREATE TRIGGER no_{table} BEFORE INSERT ON {table}
             BEGIN SELECT RAISE(ABORT, 'no room'); END"
        );
        store.execute_batch(&refuse).expect("a table of the store");
    }
    drop(store);
    home.document("letter.txt", LETTER);
    home.document("broken.pdf", "%PDF-1.4 Zanzibar garbage");
    let docs = home.docs();
    let printed = run(&home, &["run", path(&docs), "--job", "extract", "--model", &model]);
    assert_eq!(printed.code, Some(3), "{}", printed.err);
    assert!(printed.out.contains("Halden Marine Ltd"), "{}", printed.out);
    let log = fs::read_to_string(home.root().join("data/galley.log")).expect("a log");
    for entry in ["the text of a document was not kept", "a step's answer was not kept"] {
        assert!(log.contains(entry), "{entry:?} is not in the log:\n{log}");
    }
    for word in ["Zanzibar", "Keller", "48,500", "Halden", "assign"] {
        assert!(!log.contains(word), "{word} is in the log:\n{log}");
    }
}
