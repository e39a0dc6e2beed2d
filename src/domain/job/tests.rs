use super::*;
use crate::domain::document::{Page, PageState};
use crate::domain::finding::Opinion;

fn document(text: &str) -> Document {
    Document::of_text("/a.txt", text)
}

/// The text as chunks that end where a blank line does.
fn chunks(text: &str) -> Vec<Chunk> {
    let mut start = 0;
    text.split_inclusive("\n\n")
        .enumerate()
        .map(|(index, part)| {
            let span = ByteSpan::new(start, start + part.len());
            start = span.end;
            Chunk { index, span, tokens: 10 }
        })
        .collect()
}

/// The built-in extraction's questions on one chunk, in order.
const DATES: usize = 0;
const PEOPLE: usize = 3;
const ORGANISATIONS: usize = 4;
const OBLIGATIONS: usize = 5;
const FIELDS: usize = 6;

fn built_in(name: &str) -> Template {
    let source = match name {
        "triage" => include_str!("../../../prompts/triage.md"),
        "rewrite" => include_str!("../../../prompts/rewrite.md"),
        _ => include_str!("../../../prompts/extract.md"),
    };
    Template::parse(source, name, None).expect("a sound template")
}

fn said(text: &str) -> Outcome {
    Outcome::Answered { text: text.into(), looped: None, cut: false, other: None }
}

/// Concludes a job whose steps got these answers, in order.
fn concluded(job: &str, text: &str, answers: &[Outcome]) -> JobResult {
    let (template, doc, chunks) = (built_in(job), document(text), chunks(text));
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = if answers.is_empty() { Vec::new() } else { work.plan(1).expect("a plan") };
    work.conclude(&steps, answers)
}

fn texts<'a>(result: &'a JobResult, kind: &str) -> Vec<&'a str> {
    result.findings.iter().filter(|f| f.kind == kind).map(|f| f.text.as_str()).collect()
}

#[test]
fn steps_on_one_chunk_follow_each_other_and_share_what_comes_before_the_question() {
    let text = "One was signed on 1 May 2026.\n\nTwo was signed on 2 May 2026.";
    let (template, doc, chunks) = (built_in("extract"), document(text), chunks(text));
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = work.plan(1).expect("a plan");
    let order: Vec<usize> = steps.iter().map(|s| s.chunk).collect();
    assert_eq!(order, [[0; FIELDS], [1; FIELDS]].concat());
    let user = |at: usize| steps[at].prompt.messages.last().expect("a message").text.clone();
    assert!(user(0).starts_with("1. One was signed on 1 May 2026."), "the document comes first");
    assert!(user(0).contains("every date") && user(1).contains("every amount"));
    assert_eq!(steps[FIELDS].label, "Dates, part 2 of 2");
}

#[test]
fn absence_is_claimed_only_of_the_parts_that_were_read() {
    let text = "Nothing here.\n\nNothing there.";
    let mut answers = vec![said("none"); 2 * FIELDS];
    answers[2 * FIELDS - 1] = Outcome::Failed("It broke.".into());
    let result = concluded("extract", text, &answers);
    let empty = |at: usize| result.sections[at].empty.as_str();
    assert_eq!(empty(OBLIGATIONS), "None found in 1 of 2 parts.");
    assert_eq!(empty(0), "None found in 2 of 2 parts.", "this field was answered in both");
    assert_eq!(result.warnings, ["Obligations, part 2 of 2: It broke."]);
    assert_eq!((result.coverage.read, result.coverage.failed), (15, 14));
    let result = concluded("extract", text, &[]);
    assert_eq!(result.sections[0].empty, "None found in 2 of 2 parts.");
}

#[test]
fn a_field_that_the_model_never_answered_claims_no_absence() {
    let text = "Nothing here.\n\nNothing there.";
    let (template, doc, chunks) = (built_in("extract"), document(text), chunks(text));
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = work.plan(1).expect("a plan");
    let unseen = "The rules found none; the model has not looked at any part.";
    for section in work.conclude(&steps, &[]).sections {
        assert_eq!(section.empty, unseen);
    }
    let result = work.conclude(&steps, &[said("none")]);
    assert_eq!(result.sections[0].empty, "None found in 1 of 2 parts.");
    assert!(result.sections[1..].iter().all(|s| s.empty == unseen), "{:?}", result.sections);
}

#[test]
fn a_field_that_no_rule_knows_claims_no_absence_without_a_model() {
    let source = "+++\nname = \"risks\"\ntitle = \"Risks\"\nkind = \"extract\"\n[[fields]]\n\
        name = \"risk\"\ntitle = \"Risks\"\ntype = \"text\"\nask = \"Copy every risk.\"\n+++\n\
        ## system\nYou copy.\n\n## user\n{{ chunk }}\n{{ field.ask }}\n";
    let template = Template::parse(source, "risks", None).expect("a sound template");
    let (doc, chunks) = (document("Nothing here."), chunks("Nothing here."));
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let empty = |steps: &[Step], answers: &[Outcome]| {
        work.conclude(steps, answers).sections[0].empty.clone()
    };
    assert_eq!(empty(&[], &[]), "Only a model can look for this, and none took part.");
    let steps = work.plan(1).expect("a plan");
    assert_eq!(empty(&steps, &[]), "The model has not looked at any part.");
    assert_eq!(empty(&steps, &[said("none")]), "None found in 1 of 1 part.");
}

#[test]
fn absence_is_not_claimed_of_pages_that_were_not_read() {
    let mut doc = document("Nothing here.");
    for n in 2..=3 {
        let end = ByteSpan::new(doc.text.len(), doc.text.len());
        let state = if n == 2 { PageState::Failed } else { PageState::Empty };
        doc.pages.push(Page { n, state, span: end, ..doc.pages[0].clone() });
    }
    let (template, chunks) = (built_in("extract"), chunks("Nothing here."));
    let result = Work::new(&template, &doc, "a.pdf", &chunks, None).conclude(&[], &[]);
    let empty = "None found in 1 of 1 part; 1 of 3 pages could not be read.";
    assert_eq!(result.sections[0].empty, empty);
    assert!(!result.coverage.is_complete());
}

/// The texts of one kind with who found each, when the model gives this answer
/// to the field asked for in step `at`.
fn opinions(text: &str, kind: &str, at: usize, answer: &str) -> Vec<(String, Opinion)> {
    let mut answers = vec![said("none"); FIELDS];
    answers[at] = said(answer);
    let found = concluded("extract", text, &answers).findings.into_iter();
    found.filter(|f| f.kind == kind).map(|f| (f.text, f.opinion)).collect()
}

#[test]
fn a_piece_of_a_name_does_not_confirm_the_whole_name() {
    let text = "Northern Depot Holdings Ltd signed this agreement.";
    let whole = "Northern Depot Holdings Ltd".to_owned();
    for piece in ["Northern Depot", "Holdings Ltd", "Depot"] {
        let found = opinions(text, "organisation", ORGANISATIONS, piece);
        assert!(found.contains(&(whole.clone(), Opinion::Rules)), "{piece}: {found:?}");
    }
    for same in ["Northern Depot Holdings Ltd", "Northern Depot Holdings Ltd signed"] {
        let found = opinions(text, "organisation", ORGANISATIONS, same);
        assert_eq!(found, [(whole.clone(), Opinion::Both)], "{same}");
    }
}

#[test]
fn a_quote_confirms_a_find_that_differs_in_title_or_surroundings_alone() {
    let found =
        opinions("It was signed by Ms Dana Reeves on Monday.", "person", PEOPLE, "Dana Reeves");
    assert!(matches!(found.as_slice(), [(_, Opinion::Both)]), "{found:?}");
    let text = "Signed on 1 May 2026.";
    let found = opinions(text, "date", DATES, "on 1 May 2026");
    assert_eq!(found, [("1 May 2026".to_owned(), Opinion::Both)]);
    let found = opinions("The keys were given to Ms Reeves.", "person", PEOPLE, "Reeves");
    assert!(matches!(found.as_slice(), [(_, Opinion::Both)]), "{found:?}");
    let twice = "The fee is four thousand five hundred euro (EUR 4,500.00) a month.";
    let found = concluded("extract", twice, &[said("none"), said("EUR 4,500.00")]).findings;
    let fee = found.iter().find(|f| f.kind == "amount").expect("the fee");
    assert_eq!((fee.opinion, fee.quotes.len()), (Opinion::Both, 1), "one place: {fee:?}");
    let period = "It runs from 1 May 2026 to 3 May 2027.";
    let found = opinions(period, "date", DATES, "from 1 May 2026 to 3 May 2027");
    let both = |date: &str| (date.to_owned(), Opinion::Both);
    assert_eq!(found, [both("1 May 2026"), both("3 May 2027")]);
    let found = opinions(text, "date", DATES, "May 2026");
    assert!(found.contains(&("1 May 2026".to_owned(), Opinion::Rules)), "{found:?}");
}

#[test]
fn a_clause_confirms_the_duty_of_its_sentence() {
    let text = "On receipt of the invoice the Buyer shall pay the price within ten days.";
    let found = opinions(text, "obligation", OBLIGATIONS, "the Buyer shall pay the price");
    assert!(matches!(found.as_slice(), [(_, Opinion::Both)]), "{found:?}");
    let found = opinions(text, "obligation", OBLIGATIONS, "within ten days");
    assert!(matches!(found.as_slice(), [(_, Opinion::Rules)]), "{found:?}");
}

#[test]
fn one_value_is_one_finding_with_all_its_places() {
    let text = "Signed on 1 May 2026.\n\nIn force from May 1, 2026 on.";
    let result = concluded("extract", text, &[]);
    assert_eq!(texts(&result, "date"), ["1 May 2026"]);
    assert_eq!(result.findings[0].quotes.len(), 2);
}

#[test]
fn a_quote_that_is_no_answer_is_counted_and_not_shown() {
    let text = "The Supplier delivers on time.";
    let mut answers = vec![said("none"); FIELDS];
    answers[0] = said("on time");
    let result = concluded("extract", text, &answers);
    assert!(texts(&result, "date").is_empty());
    assert!(result.warnings[0].starts_with("A quote of the model was left out"));
}

#[test]
fn repeats_are_told_once_for_all_answers() {
    let text = "Signed on 1 May 2026.";
    let looped = Outcome::Answered {
        text: "none".into(),
        looped: Some("x".into()),
        cut: false,
        other: None,
    };
    let result = concluded("extract", text, &[looped.clone(), looped, said("none")]);
    assert_eq!(result.warnings.len(), 1);
    assert!(result.warnings[0].starts_with("2 of 3 answers"), "{:?}", result.warnings);
}

#[test]
fn a_rule_that_says_not_is_no_dispute_and_a_person_who_says_so_is() {
    let rules = "The Supplier was not bound to keep it secret. It may never be assigned.";
    assert!(texts(&concluded("triage", rules, &[]), "disputed_point").is_empty());
    let people = "I did not agree to that price. The Buyer disputes the invoice of May.";
    assert_eq!(texts(&concluded("triage", people, &[]), "disputed_point").len(), 2);
}

#[test]
fn a_chronology_is_in_the_order_of_its_dates() {
    let text = "The contract ended on 3 March 2026. It was signed on 1 March 2025. It was renewed \
        in 2024.";
    let result = concluded("triage", text, &[]);
    let events = texts(&result, "event");
    let years: Vec<&str> = events.iter().map(|e| &e[e.len() - 5..e.len() - 1]).collect();
    assert_eq!(years, ["2024", "2025", "2026"]);
}

#[test]
fn the_same_finding_keeps_its_id_when_text_before_it_changes() {
    let id = |text: &str| concluded("extract", text, &[]).findings[0].id.clone();
    assert_eq!(id("Signed on 1 May 2026."), id("A new line.\n\nSigned on 1 May 2026."));
    assert_ne!(id("Signed on 1 May 2026."), id("Signed on 2 May 2026."));
}

#[test]
fn without_a_model_each_paragraph_has_a_version_by_code_that_keeps_the_facts() {
    let text = "# Letter\n\nIn order to settle it, we paid $4,500 on 12 March 2024 to Ms Reeves.";
    let result = concluded("rewrite", text, &[]);
    let shown: Vec<(&str, &str)> =
        result.findings.iter().map(|f| (f.kind.as_str(), f.text.as_str())).collect();
    let kinds = ["concise", "warm", "polished"];
    assert_eq!(shown[..3], kinds.map(|kind| (kind, "# Letter")), "the title stays");
    assert_eq!(shown[3..].iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), kinds);
    for (_, text) in &shown[3..] {
        assert!(text.contains("$4,500") && !text.contains("Hello"), "{text}");
    }
    for finding in &result.findings {
        assert_eq!((finding.opinion, finding.status), (Opinion::Rules, Status::Anchored));
    }
}

const LONG: &str = "The parties met on 12 March 2024 in the harbour office and talked about the \
    delivery of the looms, the price of the spare parts and the date of the next meeting.";

/// The versions in one tone when the model answers its step like this.
fn versions(answer: Outcome) -> JobResult {
    concluded("rewrite", LONG, &[answer])
}

#[test]
fn a_decision_on_one_version_does_not_pass_to_another() {
    let id = |result: &JobResult, opinion| {
        let found = result.findings.iter().find(|f| f.opinion == opinion);
        found.map(|f| f.id.clone()).expect("there is one")
    };
    let first = "On 12 March 2024 the parties met in the harbour office; they spoke of the looms.";
    let second = "The parties spoke in the harbour office on 12 March 2024, about looms and more.";
    let model = |text: &str| id(&versions(said(text)), Opinion::Model);
    assert_eq!(model(first), model(first));
    assert_ne!(model(first), model(second));
    let code = id(&versions(Outcome::Failed("It broke.".into())), Opinion::Rules);
    assert_eq!(code, id(&concluded("rewrite", LONG, &[]), Opinion::Rules));
    assert_ne!(
        code,
        id(&concluded("rewrite", &LONG.replace("looms", "mills"), &[]), Opinion::Rules)
    );
}

#[test]
fn what_is_said_of_a_faulty_version_is_what_is_wrong_with_it() {
    let whole = "The parties met on 12 March 2024 in the harbour office and talked about looms.";
    let told = |answer: Outcome| {
        let result = versions(answer);
        let by_code = result.findings.iter().find(|f| f.opinion == Opinion::Rules);
        let why = by_code.and_then(|f| f.why.clone()).expect("it stands beside a faulty one");
        let title = result.sections.last().map(|s| s.title.clone()).expect("a section");
        (why, title)
    };
    let cut = Outcome::Answered { text: whole.into(), looped: None, cut: true, other: None };
    let (why, title) = told(cut);
    assert!(why.starts_with("The model's version was cut off; this one was made "), "{why}");
    assert_eq!(title, "Versions that are not whole: do not use as is");
    let looped =
        Outcome::Answered { text: whole.into(), looped: Some("x".into()), cut: false, other: None };
    assert!(told(looped).0.starts_with("The model's version repeats itself; "));
    let (why, title) = told(said(&whole.replace("12 March", "13 March")));
    assert!(why.starts_with("The model's version changes a fact; "), "{why}");
    assert_eq!(title, "Versions that change a fact: do not use as is");
    let both = Outcome::Answered {
        text: "On 13 March 2024.".into(),
        looped: None,
        cut: true,
        other: None,
    };
    let (why, _) = told(both);
    let gists = "changes a fact, was cut off and leaves out most of the source; this one was";
    assert!(why.contains(gists), "{why}");
}

#[test]
fn a_version_by_code_says_what_was_added_around_the_source() {
    let whys = |text: &str| -> Vec<String> {
        concluded("rewrite", text, &[]).findings.into_iter().filter_map(|f| f.why).collect()
    };
    let own = "It was made without the model, from the source's own sentences";
    let both = format!("{own}, with an opening and a closing added.");
    let unchanged = format!("{own}; it is the source unchanged.");
    assert_eq!(whys(LONG), [unchanged, both.clone(), both]);
    let clause = format!("4.2 {LONG}");
    assert!(
        whys(&clause).iter().all(|why| !why.contains("added")),
        "no letter is made of a clause"
    );
    let greeted = format!("Dear Ms Reeves, {}", LONG.replace("The parties", "the parties"));
    assert_eq!(whys(&greeted)[1], format!("{own}, with a closing added."));
}

#[test]
fn a_long_paragraph_may_have_an_answer_as_long_as_itself_and_half_again() {
    let (template, doc) = (built_in("rewrite"), document(LONG));
    let limit = |tokens: usize| {
        let span = ByteSpan::new(0, LONG.len());
        let chunk = Chunk { index: 0, span, tokens };
        let chunks = [chunk];
        let work = Work::new(&template, &doc, "a.txt", &chunks, None);
        work.plan(1).expect("a plan")[0].prompt.max_tokens
    };
    assert_eq!(limit(40), template.max_tokens);
    assert_eq!(limit(800), 1_200);
    assert_eq!(limit(50_000), crate::domain::template::MAX_ANSWER_TOKENS);
}
