//! `galley eval`: labels and documents in, tables and JSON out, with recognisers
//! alone and with a server as the model.

use std::fs;

use serde_json::{Value, json};

use crate::support::fake_server::{FakeServer, Nobody, Reply, Request, plain};
use crate::support::program::{Home, Printed};

/// What the person asks for: dates with their roles, and the law by hand.
const JOB: &str = "+++\nname = \"mine\"\ntitle = \"Mine\"\ndescription = \"Dates.\"\nkind = \"extract\"\n\n\
    [[fields]]\nname = \"date\"\ntitle = \"Dates\"\ntype = \"date\"\nroles = [\"agreement_date\"]\n\
    ask = \"Copy every date.\"\n\n\
    [[fields]]\nname = \"person\"\ntitle = \"People\"\ntype = \"person\"\nask = \"Who?\"\n\
    +++\n## user\n{{ sentences }}\n\n---\n{{ field.ask }}\n";

/// A contract of its own number, made on 4 May 2026.
fn contract(number: usize) -> String {
    format!(
        "SERVICES AGREEMENT No. {number}\n\nThis Services Agreement is made as of 4 May 2026 between \
         Halden Marine Ltd and Orsa Pumps GmbH.\n\n1. Deliveries. The first delivery is due on \
         9 June 2026.\n"
    )
}

fn home() -> Home {
    let home = Home::new();
    let prompts = home.root().join("config/prompts");
    fs::create_dir_all(&prompts).expect("a folder");
    fs::write(prompts.join("mine.md"), JOB).expect("a job");
    home
}

/// Writes labels beside the documents' folder and gives their path.
fn labels(home: &Home, lines: &[String]) -> String {
    let path = home.root().join("labels.jsonl");
    fs::create_dir_all(home.root()).expect("a folder");
    fs::write(&path, lines.join("\n")).expect("labels");
    path.into_os_string().into_string().expect("a plain path")
}

fn label(doc: &str, rest: &str) -> String {
    format!("{{\"doc\": \"{doc}\", {rest}}}")
}

fn eval(home: &Home, labels: &str, more: &[&str]) -> Printed {
    let docs = home.docs();
    let mut arguments = vec!["eval", labels, "--docs", docs.to_str().expect("a plain path")];
    arguments.extend(more);
    home.run(&arguments).into()
}

fn json(printed: &Printed) -> Value {
    serde_json::from_str(&printed.out)
        .unwrap_or_else(|e| panic!("{e}: {} {}", printed.out, printed.err))
}

const MAY: &str = "\"field\": \"Agreement Date\", \"iso\": \"2026-05-04\"";
const JUNE: &str = "\"field\": \"Agreement Date\", \"iso\": \"2026-06-09\"";

#[test]
fn recognisers_alone_are_measured_on_one_s_own_labels() {
    let home = home();
    home.document("a.txt", &contract(1));
    home.document("b.txt", "Rotterdam\n\nNothing was agreed.\n");
    let none = label("b.txt", "\"field\": \"Agreement Date\", \"present\": false");
    let law = label("a.txt", "\"field\": \"Governing Law\", \"answer_text\": \"Delft\"");
    let file = labels(&home, &[label("a.txt", MAY), none, law]);
    let printed = eval(&home, &file, &["--model", "none", "--job", "mine", "--json"]);
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
    let report = json(&printed);
    assert_eq!(report["schema"], "galley-eval/1");
    assert_eq!(report["labels"], json!({ "lines": 3, "used": 3, "mistakes": [] }));
    assert_eq!(report["documents"], json!({ "labelled": 2, "found": 2, "not_found": [] }));
    let model = &report["models"][0];
    assert_eq!((&model["model"], &model["documents"]), (&json!("none"), &json!(2)));
    let field = &model["fields"][0];
    assert_eq!(
        (&field["field"], &field["right"], &field["rightly_none"]),
        (&json!("Agreement Date"), &json!(1), &json!(1))
    );
    let role = json!({
        "role": "agreement_date", "labelled": 2, "merged": 2, "model": null, "rules": 2, "first_date": 2,
    });
    assert_eq!(model["roles"][0], role);
    assert_eq!(model["not_asked"], json!([{ "field": "Governing Law", "labels": 1 }]));
    assert_eq!(model["evidence"]["fabricated"], 0);
    let coverage = &model["coverage"];
    let part = |key: &str| coverage[key].as_u64().expect("bytes");
    assert_eq!(part("read") + part("excluded") + part("failed"), part("total"));
    assert_eq!(model["decides"], json!([]), "nothing is kept of recognisers");
    assert!(!home.root().join("data/galley.db").exists(), "the person's results are left alone");
}

#[test]
fn the_tables_fit_a_screen_of_80_columns_with_two_models_side_by_side() {
    let server = FakeServer::start(choosing("9 June 2026"));
    let home = home();
    home.document("a.txt", &contract(1));
    let file = labels(&home, &[label("a.txt", MAY)]);
    let url = server.url();
    let printed = eval(&home, &file, &["--model", "none", "--model", &url, "--job", "mine"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    for line in printed.out.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let row = |head: &str| -> Vec<&str> {
        let line = printed.out.lines().find(|line| line.starts_with(head)).expect(head);
        line[head.len()..].split_whitespace().collect()
    };
    assert_eq!(
        row("agreement date"),
        ["1", "100.0", "100.0", "—", "100.0", "100.0", "0.0", "100.0"]
    );
    assert_eq!(row("Fabricated"), ["0", "0"]);
    assert_eq!(row("Quotes checked").len(), 2);
    let few = "With fake the rules decide on agreement dates: 1 labels are too few to tell, 30 are";
    assert!(printed.out.replace('\n', " ").contains(few), "{}", printed.out);
}

/// Copies nothing, and among options by letter takes the one with these words.
fn choosing(words: &'static str) -> impl Fn(&Request) -> Reply + Send + Sync + 'static {
    move |request| {
        plain(request).unwrap_or_else(|| {
            let mut lines = request.asked().lines();
            let option = lines.find(|line| line.get(1..3) == Some(". ") && line.contains(words));
            let blank = || if request.asked().contains("one letter") { "A" } else { "none" };
            Reply::say(&option.map_or_else(|| blank().to_owned(), |line| line[..1].to_owned()))
        })
    }
}

/// Which date a job gives the role to.
fn agreement_date(home: &Home, model: &str) -> String {
    let document = home.docs().join("0.txt");
    let document = document.to_str().expect("a plain path");
    let arguments = ["run", document, "--job", "mine", "--model", model, "--format", "json"];
    let printed: Printed = home.run(&arguments).into();
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let result = json(&printed);
    let findings = result["jobs"][0]["findings"].as_array().expect("findings");
    let is_it = |finding: &&Value| {
        let claims = finding["roles"].as_array().map(Vec::as_slice).unwrap_or_default();
        claims.iter().any(|c| c["role"] == "agreement_date" && c["overruled"] != true)
    };
    findings.iter().find(is_it).expect("an answer")["value"].as_str().expect("a date").to_owned()
}

#[test]
fn a_model_that_was_measured_to_beat_the_rules_decides_and_no_other_does() {
    let server = FakeServer::start(choosing("9 June 2026"));
    let home = home();
    let docs: Vec<String> = (0..30).map(|n| format!("{n}.txt")).collect();
    for (n, doc) in docs.iter().enumerate() {
        home.document(doc, &contract(n));
    }
    let lines: Vec<String> = docs.iter().map(|doc| label(doc, JUNE)).collect();
    let file = labels(&home, &lines);
    let url = server.url();
    assert_eq!(agreement_date(&home, &url), "2026-05-04", "nothing was measured yet");
    let few = ["--model", &url, "--job", "mine", "--limit", "29"];
    assert_eq!(eval(&home, &file, &few).code, Some(0));
    assert_eq!(agreement_date(&home, &url), "2026-05-04", "29 labels are too few");

    let printed = eval(&home, &file, &["--model", &url, "--job", "mine"]);
    let said = "With fake the model decides on agreement dates (30 of 30 against 0).";
    assert!(printed.out.contains(said), "{} {}", printed.out, printed.err);
    assert_eq!(agreement_date(&home, &url), "2026-06-09");
    assert_eq!(agreement_date(&home, "none"), "2026-05-04");

    let report = json(&eval(&home, &file, &["--model", &url, "--job", "mine", "--json"]));
    let decides =
        json!([{ "role": "agreement_date", "by": "model", "labels": 30, "model": 30, "rules": 0 }]);
    assert_eq!(report["models"][0]["decides"], decides);
    assert_eq!(report["models"][0]["roles"][0]["merged"], 30);
}

#[test]
fn asked_several_times_a_model_s_finds_say_how_often_it_said_them() {
    let server = FakeServer::start(|request: &Request| {
        plain(request).unwrap_or_else(|| {
            Reply::say(if request.asked().ends_with("Copy every date.") {
                "4 May 2026"
            } else {
                "none"
            })
        })
    });
    let home = home();
    let document = home.document("0.txt", &contract(0));
    let document = document.to_str().expect("a plain path");
    let url = server.url();
    let run = |more: &[&str]| -> Printed {
        let arguments = ["run", document, "--job", "mine", "--model", &url, "--format", "json"];
        home.run(&[&arguments[..], more].concat()).into()
    };
    let agreement = |printed: &Printed| {
        let result = json(printed);
        let findings = result["jobs"][0]["findings"].as_array().expect("findings").clone();
        let of = |value: &str| findings.iter().find(|f| f["value"] == value).expect(value).clone();
        (
            of("2026-05-04")["agreement"].clone(),
            of("2026-06-09")["agreement"].clone(),
            findings.iter().all(|f| f["decision"] == "open"),
        )
    };
    assert_eq!(
        agreement(&run(&["--repeat", "3"])),
        (json!({ "said": 3, "of": 3 }), Value::Null, true)
    );
    assert_eq!(agreement(&run(&[])).0, Value::Null);
    fs::write(home.root().join("config/config.toml"), "[jobs]\nrepeat = 2\n").expect("settings");
    assert_eq!(agreement(&run(&[])).0, json!({ "said": 2, "of": 2 }));
    for number in ["0", "10", "many"] {
        let refused = run(&["--repeat", number]);
        assert_eq!(refused.code, Some(2));
        assert!(refused.err.contains("1 to 9 times"), "{}", refused.err);
    }
}

#[test]
fn lines_that_are_no_labels_and_documents_that_are_not_there_are_named() {
    let home = home();
    home.document("a.txt", &contract(1));
    home.document("broken.pdf", "%PDF-1.4\nnothing");
    let lines = [
        label("a.txt", MAY),
        "{\"doc\": \"a.txt\", \"field\": \"Agreement Date\", \"iso\": \"May\"}".to_owned(),
        "nonsense".to_owned(),
        label("gone.txt", MAY),
        label("broken.pdf", MAY),
    ];
    let file = labels(&home, &lines);
    let printed = eval(&home, &file, &["--model", "none", "--job", "mine", "--json"]);
    assert_eq!(printed.code, Some(3), "{}", printed.err);
    for said in [
        "labels.jsonl, line 2:",
        "\"May\"",
        "labels.jsonl, line 3: It is not JSON",
        "gone.txt is labelled",
        "broken.pdf",
    ] {
        assert!(printed.err.contains(said), "{said}: {}", printed.err);
    }
    let report = json(&printed);
    assert_eq!((&report["labels"]["lines"], &report["labels"]["used"]), (&json!(5), &json!(3)));
    assert_eq!(report["documents"]["not_found"], json!(["gone.txt"]));
    let model = &report["models"][0];
    assert_eq!(
        (&model["documents"], &model["failed"][0]["doc"]),
        (&json!(1), &json!("broken.pdf"))
    );
    assert_eq!(model["roles"][0]["labelled"], 1, "what was not read is not measured");
}

#[test]
fn a_conversation_s_speakers_and_topics_are_measured_by_its_lines() {
    let home = home();
    let talk = "Anna Keller: Good morning. We decided to raise the rent to $4,500 on 4 May 2026.\n\
        Tom Berg: Fine.\n\
        Anna Keller: The Supplier shall deliver 40 pumps by 9 June 2026, and Halden Marine Ltd shall pay.\n";
    home.document("call.txt", talk);
    let line = label(
        "call.txt",
        "\"speakers\": [\"Anna Keller\"], \"topics\": [{\"topic\": \"Rent\", \"relevant_text_span\": [[0, 0]]}, {\"topic\": \"Yes\", \"relevant_text_span\": [[7, 9]]}]",
    );
    let file = labels(&home, &[line]);
    let printed = eval(&home, &file, &["--model", "none", "--job", "mine,triage", "--json"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let model = &json(&printed)["models"][0];
    assert_eq!((&model["topics"]["covered"], &model["topics"]["labelled"]), (&json!(1), &json!(2)));
    assert_eq!(model["speakers"]["labelled"], 1);
}

#[test]
fn what_cannot_be_measured_is_refused_with_what_to_do() {
    let home = home();
    home.document("a.txt", &contract(1));
    let good = labels(&home, &[label("a.txt", MAY)]);
    let three = ["--model", "none", "--model", "none", "--model", "none"];
    let refused = eval(&home, &good, &three);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("At most two models"), "{}", refused.err);
    let refused = eval(&home, &good, &["--model", "none", "--job", "nonsense"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("nonsense"), "{}", refused.err);
    let nobody = Nobody::new();
    let refused = eval(&home, &good, &["--model", &nobody.url(), "--job", "mine"]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
    assert!(refused.err.contains("Nothing was measured"), "{}", refused.err);
    let elsewhere = labels(&home, &[label("b.txt", MAY)]);
    let refused = eval(&home, &elsewhere, &["--model", "none"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("--docs"), "{}", refused.err);
    let empty = labels(&home, &["nonsense".to_owned()]);
    let refused = eval(&home, &empty, &["--model", "none"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("no label to measure by"), "{}", refused.err);
}
