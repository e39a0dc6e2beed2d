use super::*;
use crate::domain::chunk::Chunk;
use crate::domain::document::Document;
use crate::domain::finding::JobResult;
use crate::domain::span::ByteSpan;
use crate::domain::template::Template;

const PARAGRAPH: &str = "Harlow Freight failed to deliver 40 units by 12 March 2024, so Dana \
    Whitlock is not paying the invoice of $4,500.";

const RIGHT: &str = "Dana Whitlock is not paying the $4,500 invoice, since Harlow Freight failed \
    to deliver 40 units by 12 March 2024.";

fn template() -> Template {
    let source = include_str!("../../../../prompts/rewrite.md");
    Template::parse(source, "rewrite", None).expect("a sound template")
}

fn said(text: &str) -> Outcome {
    Outcome::Answered { text: text.into(), looped: None, cut: false, other: None }
}

/// What becomes of a paragraph whose first tone gets these answers; the second is asked for
/// only where the first has faults.
fn tried(first: &str, second: &str) -> (Option<String>, JobResult) {
    let (template, doc) = (template(), Document::of_text("/a.txt", PARAGRAPH));
    let chunks = [Chunk { index: 0, span: ByteSpan::new(0, PARAGRAPH.len()), tokens: 30 }];
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = work.plan(1).expect("a plan");
    let again = work.retry(&steps[0], &said(first));
    let request = again.as_ref().and_then(|it| it.prompt.messages.last()).map(|it| it.text.clone());
    if let Some(again) = &again {
        assert_eq!(again.prompt.messages.len(), steps[0].prompt.messages.len() + 2);
        assert_ne!(again.prompt, steps[0].prompt);
    }
    let outcome = match again {
        Some(_) => work.better(&steps[0], said(first), said(second)),
        None => said(first),
    };
    (request, work.conclude(&steps, &[outcome]))
}

#[test]
fn a_faithful_version_is_asked_for_once() {
    let (request, result) = tried(RIGHT, "");
    assert_eq!(request, None);
    assert_eq!(result.findings[0].status, Status::Anchored);
    assert_eq!(result.findings[0].why, None);
    assert!(result.findings[0].notes.changes.is_empty());
}

#[test]
fn a_version_that_says_much_more_than_its_source_is_not_clean() {
    let longer =
        format!("{RIGHT} {}", "We hope that this finds you well and in good spirits. ".repeat(6));
    let (request, _) = tried(&longer, RIGHT);
    assert!(request.is_some_and(|it| it.contains("It says much that the text does not.")));
}

#[test]
fn a_version_that_has_nothing_of_its_source_or_repeats_the_question_is_not_clean() {
    let source = "We hope that the new garden gives the neighbours a quiet place to meet and rest.";
    let why = |version: &str| -> Vec<String> {
        let (template, doc) = (template(), Document::of_text("/a.txt", source));
        let chunks = [Chunk { index: 0, span: ByteSpan::new(0, source.len()), tokens: 20 }];
        let work = Work::new(&template, &doc, "a.txt", &chunks, None);
        let faults = faults_of(&work, source, &said(version)).expect("an answer");
        faults.iter().map(Fault::sentence).collect()
    };
    let foreign = "The version is about something else than the source.";
    let parroted = "The version repeats the instructions to the model.";
    assert!(
        why("Our shop sells bread, cheese and fresh fruit on every market day.")
            .contains(&foreign.to_owned())
    );
    let parrot = why("so that it is polished and fit for a client.");
    assert!(parrot.contains(&foreign.to_owned()) && parrot.contains(&parroted.to_owned()));
    let both = why(&format!("{source} Keep every name, date, number and amount of the text."));
    assert_eq!(both, [parroted]);
    let free =
        "It is our hope that neighbours will meet and rest in the new garden, a quiet place.";
    assert_eq!(why(free), Vec::<String>::new());
}

#[test]
fn a_whole_version_with_two_changed_facts_stays_before_one_of_another_text() {
    let wrong = RIGHT.replace("$4,500", "$1,200").replace("40 units", "14 units");
    let (_, result) = tried(&wrong, "Rewrite the text above so that it is concise and direct.");
    let first = &result.findings[0];
    assert_eq!(first.text, wrong);
    let why = first.why.as_deref().unwrap_or_default();
    let other = "The second version changes a fact, is about something else and repeats the \
         instructions; this is the first.";
    assert!(why.ends_with(other), "{why}");
}

#[test]
fn the_second_try_names_what_the_first_got_wrong_and_the_better_one_stays() {
    let wrong = RIGHT.replace("$4,500", "$1,200").replace("is not paying", "is paying");
    let (request, result) = tried(&wrong, RIGHT);
    let request = request.expect("a second try");
    assert!(request.contains("The amount $4,500 became $1,200."), "{request}");
    assert!(request.contains("“not”"), "{request}");
    let first = &result.findings[0];
    assert_eq!((first.text.as_str(), first.status), (RIGHT, Status::Anchored));
    assert_eq!(first.why.as_deref(), Some("The first version changes a fact; this is the second."));

    let worse = wrong.replace("40 units", "14 units");
    let (_, result) = tried(&wrong, &worse);
    assert_eq!(
        (result.findings[0].text.as_str(), result.findings[0].status),
        (wrong.as_str(), Status::Unverified)
    );
    assert_eq!(result.findings[1].opinion, Opinion::Rules);
}

#[test]
fn a_change_says_what_became_of_which_words() {
    let wrong = RIGHT.replace("12 March", "13 March");
    let (_, result) = tried(&wrong, &wrong);
    let finding = &result.findings[0];
    let change = &finding.notes.changes[0];
    let (source, version) =
        (change.source.as_ref().expect("old"), change.version.as_ref().expect("new"));
    assert_eq!(&PARAGRAPH[source.start..source.end], "12 March 2024");
    assert_eq!(&finding.text[version.start..version.end], "13 March 2024");
}

#[test]
fn a_draft_of_sixty_paragraphs_is_rewritten_whole_and_in_order() {
    let text: Vec<String> = (1..=60)
        .map(|n| {
            format!("Crew {n} repaired the pier near dock {n} and asked for {n}00 planks of oak.")
        })
        .collect();
    let (template, doc) = (template(), Document::of_text("/a.txt", &text.join("\n\n")));
    let chunks = crate::domain::chunk::chunks(&doc, None, 200, &|text| text.len() / 4);
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = work.plan(1).expect("a plan");
    assert_eq!(steps.len(), 180);
    let outcomes: Vec<Outcome> = steps
        .iter()
        .map(|step| {
            let n = step.unit + 1;
            said(&format!(
                "For {n}00 planks of oak asked crew {n}, which repaired the pier near dock {n}."
            ))
        })
        .collect();
    let result = work.conclude(&steps, &outcomes);
    for tone in ["concise", "warm", "polished"] {
        let of: Vec<&Finding> = result.findings.iter().filter(|it| it.kind == tone).collect();
        assert_eq!(of.len(), 60);
        assert!(of.windows(2).all(|pair| pair[0].quotes[0].span < pair[1].quotes[0].span));
        assert!(of.iter().all(|it| it.status == Status::Anchored), "{:?}", of[0].why);
    }
}

const LETTER: &str = "Marlow & Finch LLP\n9 Quay Street, Hull HU1 2AB\n\n4 May 2027\n\n\
    Dear Ms. van der Velde,\n\nRe: Lease of Unit 12, Orchard Yard (our client: Hartwell-Moss Ltd)\n\n\
    Our client never received the deposit of £9,100. Unless it is paid within 14 days, we shall \
    issue proceedings in the County Court.\n\nOur client would extend the lease by two years. This \
    offer is open until 20 May 2027.\n\nYours sincerely,\n\nAnn Finch\nPartner\n";

/// A letter's questions, and its result with the answer to each.
fn letter(answer: impl Fn(&Step) -> Outcome, by_code: bool) -> (Vec<Step>, JobResult) {
    let (template, doc) = (template(), Document::of_text("/a.txt", LETTER));
    let chunks = [Chunk { index: 0, span: ByteSpan::new(0, LETTER.len()), tokens: 100 }];
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = if by_code { Vec::new() } else { work.plan(1).expect("a plan") };
    let outcomes: Vec<Outcome> = steps.iter().map(answer).collect();
    let result = work.conclude(&steps, &outcomes);
    (steps, result)
}

fn in_tone<'a>(result: &'a JobResult, tone: &str) -> Vec<&'a Finding> {
    let title = ["Concise", "Warm", "Polished"].into_iter().find(|it| it.to_lowercase() == tone);
    let title = title.expect("a tone");
    let section = result.sections.iter().find(|it| it.title.starts_with(title)).expect("there");
    let find = |id: &FindingId| result.findings.iter().find(|it| it.id == *id).expect("a finding");
    section.findings.iter().map(find).collect()
}

#[test]
fn a_letter_made_without_the_model_is_its_own_words_in_order_and_none_between_them() {
    let (_, result) = letter(|_| said(""), true);
    for tone in ["concise", "warm", "polished"] {
        let parts: Vec<&str> = in_tone(&result, tone).iter().map(|it| it.text.as_str()).collect();
        assert_eq!(parts.join("\n\n"), LETTER.trim(), "{tone}");
    }
    assert_eq!(result.coverage.failed, 0);
    let why = in_tone(&result, "concise")[4].why.as_deref();
    assert!(why.is_some_and(|why| why.ends_with("; it is the source unchanged.")), "{why:?}");
}

#[test]
fn a_model_is_asked_about_the_running_text_of_a_letter_only_and_the_rest_is_kept() {
    let (steps, result) = letter(|_| said("none of it"), false);
    let labels: Vec<&str> = steps.iter().map(|step| step.label.as_str()).collect();
    assert_eq!(labels.len(), 6, "{labels:?}");
    assert_eq!(labels[0], "Concise and direct, part 1 of 2");
    assert_eq!(labels[5], "Polished and client-facing, part 2 of 2");
    let warm = in_tone(&result, "warm");
    let whole: Vec<&str> = warm.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(whole.join("\n\n"), LETTER.trim());
    let kept =
        |it: &&&Finding| it.why.as_deref() == Some("Kept as it is: this is no running text.");
    assert_eq!(warm.iter().filter(kept).count(), 6);
    assert_eq!(result.coverage.failed, 0, "what is kept counts as read");
}

#[test]
fn nothing_is_kept_in_a_tone_before_it_has_an_answer() {
    let (template, doc) = (template(), Document::of_text("/a.txt", LETTER));
    let chunks = [Chunk { index: 0, span: ByteSpan::new(0, LETTER.len()), tokens: 100 }];
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = work.plan(1).expect("a plan");
    assert_eq!(work.conclude(&steps, &[]).findings, []);
}

#[test]
fn a_short_line_that_is_all_there_is_is_asked_about() {
    let (template, doc) = (template(), Document::of_text("/a.txt", "Lunch at noon"));
    let chunks = [Chunk { index: 0, span: ByteSpan::new(0, 13), tokens: 3 }];
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    assert_eq!(work.plan(1).expect("a plan").len(), 3);
}

#[test]
fn a_second_try_that_fails_leaves_the_first_answer_and_is_told() {
    let wrong = RIGHT.replace("$4,500", "$1,200");
    let (template, doc) = (template(), Document::of_text("/a.txt", PARAGRAPH));
    let chunks = [Chunk { index: 0, span: ByteSpan::new(0, PARAGRAPH.len()), tokens: 30 }];
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = work.plan(1).expect("a plan");
    let failed = Outcome::Failed("The engine did not answer.".into());
    let outcome = work.better(&steps[0], said(&wrong), failed);
    let first = &work.conclude(&steps, &[outcome]).findings[0];
    assert_eq!((first.text.as_str(), first.status), (wrong.as_str(), Status::Unverified));
    let why = first.why.as_deref().unwrap_or_default();
    assert!(why.contains("$4,500 became $1,200"), "{why}");
    assert!(
        why.ends_with("It was to be written once more, which failed: The engine did not answer."),
        "{why}"
    );
}

#[test]
fn quotation_marks_around_a_whole_answer_are_not_part_of_the_version() {
    let (request, result) = tried(&format!("“{RIGHT}”"), "");
    assert_eq!(request, None);
    assert_eq!(result.findings[0].text, RIGHT);
    assert_eq!(unwrapped("“So.”", "“So it is.”"), "“So it is.”", "the source has them");
    assert_eq!(unwrapped("So.", "\"So\" and \"so\""), "\"So\" and \"so\"");
}

#[test]
fn at_most_five_faults_are_told_each_once_and_the_rest_counted() {
    let change = |text: &str| {
        let wording = factcheck::Wording { start: 0, end: 0, text: text.to_owned() };
        Fault::Fact(factcheck::FactChange {
            kind: factcheck::ChangeKind::Added,
            what: factcheck::FactClass::Name,
            source: None,
            version: Some(wording),
        })
    };
    let mut faults: Vec<Fault> = ["“Hale”", "Hale", "Hale"].map(change).into();
    let hale = "The name Hale is not in the source.";
    assert_eq!(told(&faults, Fault::sentence), [hale], "marks are no part of a name");
    faults.extend(["Ames", "Bell", "Cole", "Dunn", "Eads"].map(change));
    faults.push(Fault::Looped);
    let told = told(&faults, Fault::sentence);
    assert_eq!(told[..2], ["The model repeated itself and was stopped.", hale]);
    assert_eq!(told[5..], ["And 2 more."]);
}
