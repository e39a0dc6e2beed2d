//! The commands without a screen, as scripts use them, with recognisers only.

use std::collections::BTreeSet;
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
    let Proved { result, text, .. } = proved(&home, &nda, "extract,triage", &[]);
    assert_eq!(result["schema"], "galley/1");
    assert!(findings(&result).len() > 20, "only {} findings", findings(&result).len());
    assert_eq!(text, fs::read_to_string(&nda).expect("the sample"), "a text file is its own text");
    assert_eq!(result["coverage"]["read"], text.len());
}

/// The result files of a document, of which every quote was looked up in the
/// text that is printed, and the ledger added up.
struct Proved {
    result: Value,
    text: String,
    /// For people.
    markdown: String,
}

/// `reading` says how it is read.
fn proved(home: &Home, document: &std::path::Path, jobs: &str, reading: &[&str]) -> Proved {
    let out = home.docs().join("out");
    let (document_path, out_path) = (path(document), path(&out));
    let mut arguments = vec!["run", document_path, "--job", jobs, "--model", "none"];
    arguments.extend(["--out", out_path, "--format", "json,md"]);
    arguments.extend(reading);
    let printed = run(home, &arguments);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    let name = document.file_name().and_then(|name| name.to_str()).expect("a plain name");
    let file = |ending: &str| {
        fs::read_to_string(out.join(format!("{name}.galley.{ending}"))).expect("the result")
    };
    let result: Value = serde_json::from_str(&file("json")).expect("JSON");
    let view = reading.iter().filter(|argument| **argument != "--include-hidden");
    let extract: Vec<&str> =
        ["extract", document_path, "--json"].into_iter().chain(view.copied()).collect();
    let text: Value = serde_json::from_str(&run(home, &extract).out).expect("JSON");
    let text = text["text"].as_str().expect("the text").to_owned();
    let all = findings(&result);
    let quotes: Vec<&Value> =
        all.iter().flat_map(|finding| finding["quotes"].as_array().expect("quotes")).collect();
    for quote in &quotes {
        let at =
            |key: &str| usize::try_from(quote[key].as_u64().expect("an offset")).expect("fits");
        assert_eq!(quote["text"], text[at("start")..at("end")]);
    }
    assert!(!quotes.is_empty(), "nothing was found");
    let coverage = &result["coverage"];
    let part = |key: &str| coverage[key].as_u64().expect("bytes");
    assert_eq!(part("read") + part("excluded") + part("failed"), part("total"));
    let sum = |key: &str| {
        let parts = coverage[key].as_object();
        parts.map_or(0, |parts| parts.values().filter_map(Value::as_u64).sum())
    };
    assert_eq!(sum("by_state"), part("total"));
    assert_eq!(sum("set_aside"), part("excluded"), "nothing else was left out of these");
    Proved { result, text, markdown: file("md") }
}

fn findings(result: &Value) -> Vec<&Value> {
    let jobs = result["jobs"].as_array().expect("jobs").iter();
    jobs.flat_map(|job| job["findings"].as_array().expect("findings")).collect()
}

/// The finding whose words, on one line, are these.
fn finding<'a>(result: &'a Value, words: &str) -> &'a Value {
    let said = |finding: &Value| {
        let text = finding["text"].as_str().expect("a text");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let all = findings(result);
    let found = all.iter().find(|finding| said(finding) == words);
    found.unwrap_or_else(|| panic!("{words:?} was not found whole"))
}

#[test]
fn a_sentence_of_a_deposition_is_one_quote_over_line_numbers_and_a_page() {
    let home = Home::new();
    let deposition = home.sample("deposition.txt");
    let Proved { result, text, markdown } = proved(&home, &deposition, "extract", &[]);
    let words = "It says every technician shall call the customer the same day a part is put on \
                 order, and shall write down the name of the person he spoke to.";
    let quote = &finding(&result, words)["quotes"][0];
    assert_eq!(quote["cite"], "8:24–9:1");
    let own = quote["text"].as_str().expect("a text");
    assert!(own.lines().any(|line| line.trim() == "9"), "the file's own bytes: {own}");
    assert!(markdown.contains(&format!("“{words}”")), "{markdown}");
    assert!(markdown.contains("(8:24–9:1)"), "{markdown}");
    let set_aside = result["coverage"]["set_aside"].as_object().expect("what was set aside");
    let kinds: BTreeSet<&str> = set_aside.keys().map(String::as_str).collect();
    assert_eq!(kinds, BTreeSet::from(["line-number", "running-head"]));
    assert_eq!(text, fs::read_to_string(&deposition).expect("the sample"));
}

#[test]
fn a_sentence_of_a_pdf_is_one_quote_over_the_foot_of_a_page() {
    let home = Home::new();
    let agreement = home.sample("services-agreement.pdf");
    let Proved { result, markdown, .. } = proved(&home, &agreement, "extract", &[]);
    let words = "The Supplier may not appoint another subcontractor without the prior written \
                 consent of the Council, and remains liable for the work of the Permitted \
                 Subcontractor as if it were its own.";
    let quote = &finding(&result, words)["quotes"][0];
    let own = quote["text"].as_str().expect("a text");
    assert!(own.contains("Page 2 of 9"), "the document's own text: {own}");
    assert!(markdown.contains(&format!("“{words}”")), "{markdown}");
    let boxes = quote["boxes"].as_array().expect("boxes");
    let pages: Vec<f64> = boxes.iter().filter_map(|line| line[0].as_f64()).collect();
    assert!(pages.contains(&2.0) && pages.contains(&3.0), "{pages:?}");
    let hanging = "The Supplier shall provide the Services from the Service Commencement Date \
                   until this Agreement ends, with reasonable skill and care and in accordance \
                   with Schedules 1 and 3.";
    finding(&result, hanging);
}

#[test]
fn each_view_of_tracked_changes_has_results_of_its_own_text() {
    let home = Home::new();
    let amendment = home.sample("first-amendment.docx");
    let read = |view| proved(&home, &amendment, "extract", &["--view", view]);
    let (accepted, original, again) = (read("accepted"), read("original"), read("accepted"));
    assert_ne!(accepted.text, original.text);
    let said = |proved: &Proved| {
        findings(&proved.result).iter().map(|f| f["text"].clone()).collect::<Vec<_>>()
    };
    assert_ne!(said(&accepted), said(&original), "a change is in what was found");
    assert_eq!(said(&accepted), said(&again));
    assert!(!again.markdown.contains("read in another way"), "{}", again.markdown);
}

#[test]
fn hidden_text_gives_findings_only_when_asked_for_and_the_result_says_so() {
    let home = Home::new();
    let page = "<p>The fee is due on 3 March 2026.</p>\
                <p style=\"display:none\">The fee is due on 9 May 2027.</p>";
    let page = home.document("page.html", page);
    let without = proved(&home, &page, "extract", &[]);
    assert!(!without.markdown.contains("2027"), "{}", without.markdown);
    let with = proved(&home, &page, "extract", &["--include-hidden"]);
    let found = "“9 May 2027” [2027-05-09] (line 3), from invisible text";
    assert!(with.markdown.contains(found), "{}", with.markdown);
    let said = "This job was given what is set aside otherwise: invisible text.";
    assert!(with.markdown.contains(said), "{}", with.markdown);
    let again = proved(&home, &page, "extract", &[]);
    assert!(!again.markdown.contains("2027"), "{}", again.markdown);
    assert!(!again.markdown.contains(said), "{}", again.markdown);
}

#[test]
fn attachments_have_results_of_their_own_and_are_named_where_they_cannot_be_read() {
    let home = Home::new();
    let mail = "From: Ada <ada@example.com>\r\nSubject: Two files\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=x\r\n\r\n\
        --x\r\nContent-Type: text/plain\r\n\r\nPlease see both by 2 March 2026.\r\n\
        --x\r\nContent-Type: text/plain\r\n\
        Content-Disposition: attachment; filename=\"b.txt\"\r\n\r\nDue on 4 April 2026.\r\n\
        --x\r\nContent-Type: application/octet-stream\r\n\
        Content-Disposition: attachment; filename=\"c.bin\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nAAECAwQFBgcAAQIDBAUGBw==\r\n--x--\r\n";
    home.document("a.eml", mail);
    home.document("a.eml.b.txt", "Due on 5 May 2026.\n");
    let out = home.root().join("out");
    let docs = home.docs();
    let arguments =
        ["run", path(&docs), "--job", "extract", "--model", "none", "--out", path(&out)];
    let printed = run(&home, &arguments);
    assert_eq!(printed.code, Some(3), "{}", printed.err);
    assert!(printed.err.contains("a.eml/c.bin could not be read"), "{}", printed.err);
    let mut said: Vec<String> = fs::read_dir(&out)
        .expect("results")
        .map(|file| fs::read_to_string(file.expect("a file").path()).expect("a result"))
        .collect();
    said.sort_unstable();
    let dates = ["2 March 2026", "4 April 2026", "5 May 2026"];
    assert_eq!(said.len(), dates.len(), "{said:?}");
    for date in dates {
        assert!(said.iter().any(|result| result.contains(date)), "{date} is in no result");
    }
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
