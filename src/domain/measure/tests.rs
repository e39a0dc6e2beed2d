use super::*;
use crate::domain::fact::Value;
use crate::domain::finding::{
    Basis, Finding, FindingId, Notes, Opinion, Quote, Role, RoleClaim, Status,
};
use crate::domain::ledger::Coverage;
use crate::domain::span::ByteSpan;

const TEXT: &str = "On 4 May 2026 Halden Marine Ltd and Dr. Anna Keller agreed.\n\
    It ends on 30 June 2028.\n";

fn document() -> Document {
    Document::of_text("/a.txt", TEXT)
}

/// Dates with their roles, names, parties, and a field of the person's own.
fn templates() -> Vec<Template> {
    let field = |name: &str, title: &str, kind: &str, more: &str| {
        format!(
            "[[fields]]\nname = \"{name}\"\ntitle = \"{title}\"\ntype = \"{kind}\"\n{more}ask = \"Which?\"\n"
        )
    };
    let dates = "roles = [\"agreement_date\", \"effective_date\", \"expiration_date\"]\n";
    let extract = [
        "+++\nname = \"extract\"\ntitle = \"E\"\nkind = \"extract\"\n".to_owned(),
        field("date", "Dates", "date", dates),
        field("organisation", "Organisations", "organisation", "roles = [\"party\"]\n"),
        field("person", "People", "person", "roles = [\"party\"]\n"),
        field("governing_law", "Law of the contract", "text", ""),
        "+++\n## user\n{{ sentences }}\n{{ field.ask }}\n".to_owned(),
    ]
    .concat();
    let picks = extract
        .replace("\"extract\"", "\"picks\"")
        .replace("kind = \"picks\"", "kind = \"select\"")
        .split("[[fields]]")
        .next()
        .map(|head| {
            format!(
                "{head}{}+++\n## user\n{{{{ sentences }}}}\n{{{{ field.ask }}}}\n",
                field("key", "Key", "key", "")
            )
        })
        .expect("a head");
    [("extract", extract), ("picks", picks)]
        .map(|(name, source)| Template::parse(&source, name, None).expect("a sound template"))
        .into()
}

/// A finding of these words of the text.
fn found(kind: &str, words: &str, value: Option<&str>) -> Finding {
    let start = TEXT.find(words).expect("it stands in the text");
    let quote = Quote::of(&document(), ByteSpan::new(start, start + words.len()));
    Finding {
        id: FindingId(format!("{kind}:{words}")),
        kind: kind.into(),
        text: words.into(),
        value: value.map(|value| Value::Text(value.into())),
        quotes: vec![quote],
        status: Status::Anchored,
        why: None,
        opinion: Opinion::Both,
        notes: Notes::default(),
    }
}

fn claimed(mut finding: Finding, role: Role, opinions: &[Opinion]) -> Finding {
    // The rules decide: what the model says alone is overruled.
    let claim = |opinion: &Opinion| RoleClaim {
        role,
        opinion: *opinion,
        overruled: *opinion == Opinion::Model,
        why: String::new(),
    };
    finding.notes.roles.extend(opinions.iter().map(claim));
    finding
}

fn result(job: &str, findings: Vec<Finding>) -> JobResult {
    let document = document();
    let read = TEXT.len();
    JobResult {
        job: job.into(),
        template_sha256: String::new(),
        seconds: 1.0,
        findings,
        sections: Vec::new(),
        warnings: vec!["It was cut.".into()],
        coverage: Coverage { read, total: read, ..Coverage::default() },
        source: document.source.clone(),
        basis: Basis::default(),
        model: "none".into(),
        engine: "rules".into(),
        model_sha256: String::new(),
    }
}

/// Measures these findings of `extract` by labels of the document "a.txt".
fn measured(labels: &[&str], findings: Vec<Finding>) -> Measured {
    of(labels, &[result("extract", findings)])
}

fn of(labels: &[&str], results: &[JobResult]) -> Measured {
    let lines: Vec<String> =
        labels.iter().map(|l| format!("{{\"doc\": \"a.txt\", {l}}}\n")).collect();
    let labels = Labels::parse(&lines.concat());
    assert_eq!(labels.mistakes, []);
    let document = document();
    let studied = Studied { doc: "a.txt", document: &document, results };
    measure(&labels, &[studied], &templates(), true)
}

fn field<'a>(measured: &'a Measured, name: &str) -> &'a FieldScore {
    measured.fields.iter().find(|score| score.field == name).expect(name)
}

const SIGNED: &str =
    r#""field": "Agreement Date", "answer_text": "4 May 2026", "iso": "2026-05-04""#;
const ENDS: &str =
    r#""field": "Expiration Date", "answer_text": "30 June 2028", "iso": "2028-06-30""#;
const NO_END: &str = r#""field": "Expiration Date", "present": false"#;

fn may() -> Finding {
    found("date", "4 May 2026", Some("2026-05-04"))
}

fn june() -> Finding {
    found("date", "30 June 2028", Some("2028-06-30"))
}

#[test]
fn a_date_of_a_role_is_right_where_the_merged_answer_is_the_labelled_day() {
    let right = claimed(may(), Role::AgreementDate, &[Opinion::Rules]);
    let wrong = claimed(june(), Role::AgreementDate, &[Opinion::Both]);
    let score = |finding| measured(&[SIGNED], vec![finding]);
    let of = |m: &Measured| {
        let score = field(m, "Agreement Date");
        (score.labelled, score.found, score.right, score.wrong, score.missed)
    };
    assert_eq!(of(&score(right)), (1, 1, 1, 0, 0));
    assert_eq!(of(&score(wrong)), (1, 1, 0, 1, 1));
    assert_eq!(of(&score(may())), (1, 0, 0, 0, 1), "found, and given no role");
}

#[test]
fn each_side_s_answer_is_judged_by_itself_and_so_is_the_first_date() {
    // The rules say May, the model says June: the rules' answer is shown.
    let findings = vec![
        claimed(may(), Role::AgreementDate, &[Opinion::Rules]),
        claimed(june(), Role::AgreementDate, &[Opinion::Model]),
    ];
    let measured = measured(&[SIGNED], findings);
    let expected = RoleScore {
        role: Role::AgreementDate,
        labelled: 1,
        merged: 1,
        model: Some(0),
        rules: 1,
        first_date: Some(1),
    };
    assert_eq!(measured.roles, [expected]);
}

#[test]
fn that_there_is_none_is_an_answer_that_can_be_right_or_wrong() {
    let none = measured(&[NO_END], vec![may()]);
    assert_eq!(field(&none, "Expiration Date").rightly_none, 1);
    assert_eq!(none.roles[0].merged, 1);
    assert_eq!(none.roles[0].first_date, Some(1), "the simple rule never gives one");
    let some = measured(&[NO_END], vec![claimed(june(), Role::ExpirationDate, &[Opinion::Rules])]);
    let score = field(&some, "Expiration Date");
    assert_eq!((score.wrongly_found, score.wrong, score.precision), (1, 1, Some(0.0)));
    assert_eq!(some.roles[0].merged, 0);
    let missed = measured(&[ENDS], vec![june()]);
    assert_eq!((missed.roles[0].merged, missed.roles[0].first_date), (0, Some(0)));
}

#[test]
fn a_date_without_a_day_counts_as_none() {
    let label =
        r#""field": "Agreement Date", "present": true, "answer_text": "May 2026", "iso": null"#;
    let partial =
        claimed(found("date", "May 2026", Some("2026-05")), Role::AgreementDate, &[Opinion::Rules]);
    assert_eq!(measured(&[label], vec![partial]).roles[0].merged, 1);
    let whole = claimed(may(), Role::AgreementDate, &[Opinion::Rules]);
    assert_eq!(measured(&[label], vec![whole]).roles[0].merged, 0);
}

#[test]
fn a_label_without_iso_means_the_one_date_in_its_words() {
    let label = r#""field": "Agreement Date", "answer_text": "this 4th day of May, 2026""#;
    let right = claimed(may(), Role::AgreementDate, &[Opinion::Rules]);
    assert_eq!(measured(&[label], vec![right]).roles[0].merged, 1);
    let two = r#""field": "Agreement Date", "answer_text": "4 May 2026 or 5 May 2026""#;
    assert_eq!(measured(&[two], vec![may()]).roles, [], "nothing to compare with");
}

#[test]
fn labelled_dates_with_digits_are_looked_for_among_all_dates() {
    let spelled =
        r#""field": "Effective Date", "answer_text": "the fourth of May", "iso": "2026-05-04""#;
    let recall = measured(&[SIGNED, ENDS, spelled], vec![may()]).dates;
    assert_eq!((recall.labelled, recall.found), (2, 1));
    assert_eq!(recall.missed[0].answer, "2028-06-30");
    let range = found("date", "4 May 2026", Some("2026-05-01/2026-05-04"));
    assert_eq!(measured(&[SIGNED], vec![range]).dates.found, 1, "the end of a range");
}

#[test]
fn parties_are_those_called_so_and_names_all_that_were_found() {
    let labels = [
        r#""field": "Parties", "answer_text": "HALDEN MARINE, LTD.""#,
        r#""field": "Parties", "answer_text": "Dr. Anna Keller""#,
        r#""field": "Parties", "answer_text": "both of them (the \"Parties\")""#,
    ];
    let party =
        claimed(found("organisation", "Halden Marine Ltd", None), Role::Party, &[Opinion::Rules]);
    let person = found("person", "Dr. Anna Keller", Some("Anna Keller"));
    let measured = measured(&labels, vec![party, person]);
    let score = field(&measured, "Parties");
    assert_eq!((score.labelled, score.found, score.right, score.missed), (3, 1, 1, 2));
    assert_eq!((measured.names.labelled, measured.names.found), (3, 2));
    // The company is rightly called a party by the rules, the other two by none.
    let party = &measured.roles[0];
    assert_eq!((party.labelled, party.merged, party.rules, party.model), (3, 1, 1, None));
    assert_eq!(party.first_date, None);
}

#[test]
fn calling_something_a_party_that_is_none_counts_against_the_side_that_does() {
    let label = r#""field": "Parties", "answer_text": "Halden Marine Ltd""#;
    let findings = vec![
        claimed(found("organisation", "Halden Marine Ltd", None), Role::Party, &[Opinion::Both]),
        claimed(found("person", "Dr. Anna Keller", None), Role::Party, &[Opinion::Model]),
    ];
    let party = measured(&[label], findings).roles[0];
    assert_eq!((party.labelled, party.merged, party.rules, party.model), (2, 2, 2, Some(1)));
}

#[test]
fn a_party_also_goes_by_what_the_document_calls_it() {
    let label = r#""field": "Parties", "answer_text": "the “Supplier”""#;
    let mut party =
        claimed(found("organisation", "Halden Marine Ltd", None), Role::Party, &[Opinion::Rules]);
    assert_eq!(measured(&[label], vec![party.clone()]).names.found, 0);
    party.notes.roles[0].why = "Named in the preamble, called “Supplier”.".into();
    assert_eq!(measured(&[label], vec![party]).names.found, 1);
}

#[test]
fn a_passage_gives_the_names_that_stand_in_it_and_a_name_is_no_part_of_another() {
    let passage = r#""field": "Parties", "answer_text": "between Halden Marine Ltd, a company with its seat in Delft, and others""#;
    let longer = r#""field": "Parties", "answer_text": "Halden Marine Ltd Holding""#;
    let name = || vec![found("organisation", "Halden Marine Ltd", None)];
    assert_eq!(measured(&[passage], name()).names.found, 1);
    assert_eq!(measured(&[longer], name()).names.found, 0);
}

#[test]
fn a_field_of_one_s_own_goes_by_name_or_title_and_by_value_or_place() {
    let law = |words, value| found("governing_law", words, value);
    let at = |start: usize| {
        format!(
            r#""field": "Governing Law", "answer_text": "x", "start": {start}, "end": {}"#,
            start + 3
        )
    };
    let ends = TEXT.find("30 June").expect("there");
    let scored = |label: &str, finding: Finding| {
        let measured = measured(&[label], vec![finding]);
        let score = measured.fields.into_iter().next().expect("a score");
        (score.right, score.wrong, score.missed)
    };
    assert_eq!(scored(&at(ends), law("30 June 2028", None)), (1, 0, 0), "the same place");
    assert_eq!(scored(&at(0), law("30 June 2028", None)), (0, 1, 1), "another place");
    let value = r#""field": "law of the contract", "answer_text": "x", "normalized": "Delft""#;
    assert_eq!(scored(value, law("It ends", Some("DELFT"))), (1, 0, 0));
    let words = r#""field": "governing-law", "answer_text": "ends on 30 June""#;
    assert_eq!(scored(words, law("30 June", None)), (1, 0, 0));
    assert_eq!(scored(words, law("4 May 2026", None)), (0, 1, 1));
}

#[test]
fn what_nothing_asked_for_is_listed_and_what_is_not_verified_counts_as_not_found() {
    let measured = measured(
        &[r#""field": "Insurance", "present": false"#, SIGNED],
        vec![Finding {
            status: Status::Unverified,
            ..claimed(may(), Role::AgreementDate, &[Opinion::Model])
        }],
    );
    assert_eq!(measured.not_asked, [NotAsked { field: "Insurance".into(), labels: 1 }]);
    assert_eq!(field(&measured, "Agreement Date").found, 0);
    assert_eq!((measured.evidence.unverified, measured.evidence.findings), (1, 1));
}

#[test]
fn a_quote_that_is_not_the_text_at_its_place_is_fabricated() {
    let mut moved = may();
    moved.quotes[0].span = moved.quotes[0].span.shifted(1);
    let invented = Finding { text: "5 May 2026".into(), ..may() };
    let both = Finding {
        text: "4 May 2026 — 30 June 2028".into(),
        quotes: [may().quotes, june().quotes].concat(),
        ..may()
    };
    let fabricated = |finding| {
        let evidence = measured(&[SIGNED], vec![finding]).evidence;
        (evidence.quotes, evidence.fabricated)
    };
    assert_eq!(fabricated(may()), (1, 0));
    assert_eq!(fabricated(both), (2, 0), "two passages set against each other");
    let mut noted = found("date", "4 May 2026", None);
    noted.text = "4 {pause} May 2026".into();
    assert_eq!(fabricated(noted), (1, 0), "a transcriber's note is no word");
    let ends = "It ends: 30 June 2028";
    assert_eq!(fabricated(Finding { text: ends.into(), ..june() }), (1, 1), "nobody of that name");
    assert_eq!(fabricated(invented), (1, 1));
    assert!(fabricated(moved).1 > 0);
    let doubtful =
        Finding { status: Status::Unverified, text: "5 May".into(), quotes: vec![], ..may() };
    assert_eq!(fabricated(doubtful), (0, 0), "it says itself that it is not proved");
}

#[test]
fn the_name_of_a_speaker_before_a_quote_is_proved_by_the_line_that_begins_with_it() {
    let text = "Ann Berg: Good morning. It is cold.\nTom Vos: It is.\n";
    let document = Document::of_text("/a.txt", text);
    let at = text.find("It is cold.").expect("it is said");
    let said_by = |name: &str| {
        let quote = Quote::of(&document, ByteSpan::new(at, at + "It is cold.".len()));
        let text = format!("{name}: It is cold.");
        let finding = Finding { text, quotes: vec![quote], ..may() };
        let results = [result("picks", vec![Finding { kind: "key".into(), ..finding }])];
        let studied = Studied { doc: "a.txt", document: &document, results: &results };
        measure(&Labels::default(), &[studied], &templates(), false).evidence.fabricated
    };
    assert_eq!(said_by("Ann Berg"), 0);
    assert_eq!(said_by("Tom Vos"), 1, "his turn comes later");
    assert_eq!(said_by("Eve Ray"), 1);
}

#[test]
fn speakers_are_people_that_were_found_and_topics_lines_that_were_picked() {
    let talk = r#""speakers": ["Anna Keller", "Tom Berg"], "topics": [
        {"topic": "beginning", "relevant_text_span": [[0, 0]]},
        {"topic": "end", "relevant_text_span": [["1", "9"]]},
        {"topic": "nowhere", "relevant_text_span": [[5, 6]]}]"#
        .replace('\n', " ");
    let results = [
        result("extract", vec![found("person", "Dr. Anna Keller", Some("Anna Keller"))]),
        result("picks", vec![found("key", "It ends on 30 June 2028.", None)]),
    ];
    let measured = of(&[&talk], &results);
    let speakers = measured.speakers.expect("speakers");
    assert_eq!((speakers.labelled, speakers.right, speakers.missed), (2, 1, 1));
    assert_eq!(measured.topics.map(|topics| (topics.covered, topics.labelled)), Some((1, 3)));
    let without = of(&[&talk], &results[..1]);
    assert_eq!(without.topics, None, "no job picked anything");
}

#[test]
fn coverage_and_warnings_are_summed_over_all_results() {
    let results = [result("extract", vec![]), result("picks", vec![])];
    let measured = of(&[SIGNED], &results);
    let read = 2 * TEXT.len();
    assert_eq!(measured.coverage, Bytes { read, excluded: 0, failed: 0, total: read });
    assert_eq!(measured.warnings, 2);
}

#[test]
fn precision_and_recall_make_one_figure_and_nothing_makes_none() {
    assert_eq!(f1(Some(0.5), Some(1.0)).map(|f1| (f1 * 100.0).round()), Some(67.0));
    assert_eq!(f1(Some(0.0), Some(0.0)), Some(0.0));
    assert_eq!((share(1, 4), share(0, 0), f1(None, Some(1.0))), (Some(0.25), None, None));
}
