use super::*;
use crate::domain::document::Place;
use crate::domain::finding::{Notes, Quote};
use crate::domain::span::ByteSpan;

/// Picks the most telling sentences, two at most, and those with a date.
fn template() -> Template {
    let source = "+++\nname = \"picks\"\ntitle = \"Picks\"\nkind = \"select\"\n\
        [[fields]]\nname = \"key\"\ntitle = \"Key facts\"\ntype = \"key\"\nmax = 2\nask = \"Which?\"\n\
        [[fields]]\nname = \"event\"\ntitle = \"Chronology\"\ntype = \"chronology\"\nmax = 9\nask = \"When?\"\n\
        +++\n## user\n{{ sentences }}\n{{ field.ask }}\n";
    Template::parse(source, "picks", None).expect("a sound template")
}

/// A finding named after its text, which stands at `at`.
fn finding(kind: &str, text: &str, at: usize, opinion: Opinion) -> Finding {
    let quote = Quote {
        span: ByteSpan::new(at, at + text.len()),
        text: text.into(),
        place: Place { page: 1, line: 1 },
        cite: String::new(),
        boxes: Vec::new(),
    };
    Finding {
        id: FindingId(text.into()),
        kind: kind.into(),
        text: text.into(),
        value: None,
        quotes: vec![quote],
        status: Status::Anchored,
        why: None,
        opinion,
        notes: Notes::default(),
    }
}

fn dated(iso: &str, text: &str, at: usize, opinion: Opinion) -> Finding {
    Finding { value: Some(Value::Text(iso.into())), ..finding("event", text, at, opinion) }
}

/// A round's conclusion; a section that has none says so.
fn round(findings: Vec<Finding>, warnings: &[&str]) -> Conclusion {
    let section = |title: &str, kind: &str| Section {
        title: title.into(),
        findings: findings.iter().filter(|f| f.kind == kind).map(|f| f.id.clone()).collect(),
        empty: "None found in 1 of 1 part.".into(),
    };
    let sections = vec![section("Key facts", "key"), section("Chronology", "event")];
    Conclusion { sections, findings, warnings: warnings.iter().map(|w| (*w).into()).collect() }
}

fn listed<'a>(merged: &'a Conclusion, title: &str) -> Vec<&'a str> {
    let section = merged.sections.iter().find(|s| s.title == title).expect("the section");
    section.findings.iter().map(|id| id.0.as_str()).collect()
}

fn agreement(merged: &Conclusion, text: &str) -> Option<String> {
    let finding = merged.findings.iter().find(|f| f.text == text).expect(text);
    finding.notes.agreement.map(|agreement| agreement.to_string())
}

#[test]
fn one_round_is_left_as_it_is() {
    let merged =
        merged(&template(), vec![round(vec![finding("key", "a", 0, Opinion::Model)], &[])]);
    assert_eq!(agreement(&merged, "a"), None);
}

#[test]
fn what_the_model_said_most_often_stands_first_and_says_how_often() {
    let merged = merged(
        &template(),
        vec![
            round(vec![finding("key", "once", 0, Opinion::Model)], &[]),
            round(vec![finding("key", "twice", 9, Opinion::Both)], &[]),
            round(vec![finding("key", "twice", 9, Opinion::Model)], &[]),
        ],
    );
    assert_eq!(listed(&merged, "Key facts"), ["twice", "once"]);
    assert_eq!(agreement(&merged, "twice").as_deref(), Some("said 2 of 3 times"));
    assert_eq!(agreement(&merged, "once").as_deref(), Some("said 1 of 3 times"));
    let twice = merged.findings.iter().find(|f| f.text == "twice").expect("it is there");
    assert_eq!(twice.opinion, Opinion::Both, "in one round the rules found it too");
    assert_eq!(listed(&merged, "Chronology"), [""; 0]);
}

#[test]
fn what_rules_alone_found_has_no_agreement_and_comes_behind() {
    let rules = || finding("event", "by rules", 0, Opinion::Rules);
    let merged = merged(
        &template(),
        vec![
            round(vec![Finding { kind: "key".into(), ..rules() }], &[]),
            round(
                vec![
                    Finding { kind: "key".into(), ..rules() },
                    finding("key", "said", 5, Opinion::Model),
                ],
                &[],
            ),
        ],
    );
    assert_eq!(listed(&merged, "Key facts"), ["said", "by rules"]);
    assert_eq!(agreement(&merged, "by rules"), None);
}

#[test]
fn what_only_one_side_found_stays_first_however_often_the_rest_was_said() {
    let agreed = || finding("key", "agreed", 0, Opinion::Both);
    let by_rules = || {
        let mut alone = finding("key", "by rules", 5, Opinion::Rules);
        alone.notes.one_sided = Some("The model did not name it.".into());
        alone
    };
    let round = || round(vec![agreed(), by_rules()], &[]);
    let merged = merged(&template(), vec![round(), round()]);
    assert_eq!(listed(&merged, "Key facts"), ["by rules", "agreed"]);
}

#[test]
fn a_chronology_stays_by_date_however_often_an_entry_was_said() {
    let merged = merged(
        &template(),
        vec![
            round(
                vec![
                    dated("2024-03", "march", 50, Opinion::Rules),
                    dated("2026-01-02", "last", 0, Opinion::Both),
                ],
                &[],
            ),
            round(
                vec![
                    dated("2024-03-12", "the twelfth", 70, Opinion::Model),
                    dated("2026-01-02", "last", 0, Opinion::Both),
                ],
                &[],
            ),
        ],
    );
    assert_eq!(listed(&merged, "Chronology"), ["march", "the twelfth", "last"]);
}

#[test]
fn no_field_has_more_than_it_may_have_and_the_least_said_goes() {
    let key = |text: &str, at| finding("key", text, at, Opinion::Model);
    let merged = merged(
        &template(),
        vec![
            round(vec![key("a", 0), key("b", 1)], &[]),
            round(vec![key("c", 2), key("b", 1)], &[]),
            round(vec![key("c", 2)], &[]),
        ],
    );
    assert_eq!(listed(&merged, "Key facts"), ["b", "c"]);
    assert!(merged.findings.iter().all(|finding| finding.text != "a"));
}

#[test]
fn a_warning_of_every_round_is_said_once() {
    let merged = merged(
        &template(),
        vec![round(vec![], &["It was cut."]), round(vec![], &["It was cut.", "It looped."])],
    );
    assert_eq!(merged.warnings, ["It was cut.", "It looped."]);
    let said: Vec<&str> = merged.sections.iter().map(|s| s.empty.as_str()).collect();
    assert_eq!(said, ["None found in 1 of 1 part."; 2]);
}

#[test]
fn who_plays_a_role_is_taken_whole_from_what_most_rounds_say() {
    let with = |text: &str, opinions: &[Opinion]| {
        let mut finding = finding("event", text, 0, Opinion::Both);
        let claim = |opinion: &Opinion| RoleClaim {
            role: Role::EffectiveDate,
            opinion: *opinion,
            overruled: false,
            why: String::new(),
        };
        finding.notes.roles = opinions.iter().map(claim).collect();
        finding
    };
    let split =
        || round(vec![with("may", &[Opinion::Rules]), with("june", &[Opinion::Model])], &[]);
    let agreed = round(vec![with("may", &[Opinion::Both]), with("june", &[])], &[]);
    let merged = merged(&template(), vec![agreed, split(), split()]);
    let opinions = |text: &str| -> Vec<Opinion> {
        let finding = merged.findings.iter().find(|f| f.text == text).expect(text);
        finding.notes.roles.iter().map(|claim| claim.opinion).collect()
    };
    assert_eq!(opinions("may"), [Opinion::Rules]);
    assert_eq!(opinions("june"), [Opinion::Model]);
}

#[test]
fn proof_found_in_one_round_counts_over_doubt_in_another() {
    let doubtful = Finding {
        status: Status::Unverified,
        why: Some("It is only near.".into()),
        ..finding("key", "a", 0, Opinion::Model)
    };
    let proved = finding("key", "a", 0, Opinion::Model);
    let merged = merged(&template(), vec![round(vec![doubtful], &[]), round(vec![proved], &[])]);
    assert_eq!((merged.findings[0].status, &merged.findings[0].why), (Status::Anchored, &None));
}

#[test]
fn a_document_keeps_the_one_class_that_most_rounds_came_to() {
    let source = "+++\nname = \"kinds\"\ntitle = \"Kinds\"\nkind = \"classify\"\n\
        [[fields]]\nname = \"kind\"\ntitle = \"Kind\"\ntype = \"class\"\nask = \"What?\"\n\
        [[fields.classes]]\nname = \"letter\"\nsigns = [\"Dear\"]\n\
        [[fields.classes]]\nname = \"notes\"\nsigns = [\"agenda\"]\n\
        +++\n## user\n{{ sentences }}\n{{ field.ask }}\n";
    let template = Template::parse(source, "kinds", None).expect("a sound template");
    let came_to = |class: &str| {
        let findings = vec![finding("kind", class, 0, Opinion::Rules)];
        let listed = findings.iter().map(|finding| finding.id.clone()).collect();
        let section = Section { title: "Kind".into(), findings: listed, empty: String::new() };
        Conclusion { findings, sections: vec![section], warnings: Vec::new() }
    };
    let merged = merged(&template, vec![came_to("letter"), came_to("notes"), came_to("notes")]);
    assert_eq!(listed(&merged, "Kind"), ["notes"]);
    let [kept] = &merged.findings[..] else { panic!("one class: {:?}", merged.findings) };
    assert_eq!(kept.why.as_deref(), Some("In other rounds it came out as \"letter\"."));
}

#[test]
fn later_rounds_vary_and_the_first_is_as_the_template_says() {
    let greedy = Sampling::GREEDY;
    assert_eq!(sampling(greedy, 0), greedy);
    assert!(sampling(greedy, 1).temperature > 0.0);
    let warm = Sampling { temperature: 0.9, ..greedy };
    assert_eq!(sampling(warm, 1), warm);
}
