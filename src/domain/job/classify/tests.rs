use super::super::{Outcome, Work};
use super::*;
use crate::domain::chunk::Chunk;
use crate::domain::finding::JobResult;
use crate::domain::span::ByteSpan;

/// One field of three classes, so that D is "none of these".
const KINDS: &str = "+++\nname = \"kinds\"\ntitle = \"Kinds\"\nkind = \"classify\"\n[[fields]]\n\
    name = \"kind\"\ntitle = \"Kind\"\ntype = \"class\"\nask = \"What is it?\"\n\
    [[fields.classes]]\nname = \"contract\"\nsigns = [\"agreement\", \"contract\", \"by and between\"]\n\
    [[fields.classes]]\nname = \"letter\"\nsigns = [\"Dear\", \"Re:\", \"kind regards\", \"don't\"]\n\
    [[fields.classes]]\nname = \"notes\"\nsigns = [\"agenda\", \"action items\"]\n\
    +++\n## user\n{{ sentences }}\n\n{{ field.ask }}\n";

const LETTER: &str = "Dear Ms Okafor,\n\nThe boxes came today.\n\nKind regards\nTom\n";

/// The text in chunks that end where a blank line does.
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

/// The letters' weights as engines give them, from shares in per cent.
fn weights(shares: &[f64]) -> String {
    let line = |(letter, share): (char, &f64)| format!("{letter}\t{}\n", (share / 100.0).ln());
    ('A'..='Z').zip(shares).map(line).collect()
}

/// Concludes where the model gives this to every question, and all letters alike
/// to the one without content; `None` takes no part.
fn concluded(text: &str, shares: Option<&[f64]>) -> JobResult {
    let template = Template::parse(KINDS, "kinds", None).expect("a sound template");
    let doc = Document::of_text("/a.txt", text);
    let chunks = chunks(text);
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let Some(shares) = shares else { return work.conclude(&[], &[]) };
    let steps = work.plan(1).expect("a plan");
    let answer = |step: &Step| {
        let text = if step.reads() { weights(shares) } else { weights(&[25.0; 4]) };
        Outcome::Answered { text, looped: None, cut: false, other: None }
    };
    let outcomes: Vec<Outcome> = steps.iter().map(answer).collect();
    work.conclude(&steps, &outcomes)
}

fn only(result: &JobResult) -> &Finding {
    assert_eq!(result.findings.len(), 1, "{:?}", result.findings);
    &result.findings[0]
}

#[test]
fn signs_alone_name_the_class_and_show_where_they_stand() {
    let result = concluded(LETTER, None);
    let found = only(&result);
    assert_eq!((found.kind.as_str(), found.text.as_str()), ("kind", "letter"));
    assert_eq!(found.value, Some(Value::Text("letter".into())));
    assert_eq!((found.status, found.opinion), (Status::Anchored, Opinion::Rules));
    let quotes: Vec<&str> = found.quotes.iter().map(|quote| quote.text.as_str()).collect();
    assert!(quotes[0].starts_with("Dear Ms Okafor"), "{quotes:?}");
    assert!(quotes.iter().all(|quote| LETTER.contains(quote)));
    assert_eq!(found.why, None);
}

#[test]
fn a_model_that_agrees_is_a_second_opinion() {
    let result = concluded(LETTER, Some(&[10.0, 70.0, 10.0, 10.0]));
    assert_eq!((only(&result).opinion, &only(&result).why), (Opinion::Both, &None));
}

#[test]
fn where_the_model_says_something_else_the_signs_decide_and_both_are_told() {
    let result = concluded(LETTER, Some(&[70.0, 10.0, 10.0, 10.0]));
    let found = only(&result);
    assert_eq!((found.text.as_str(), found.opinion), ("letter", Opinion::Rules));
    let why = found.why.as_deref().expect("a reason");
    assert_eq!(why, "The signs are of \"letter\"; the model says \"contract\" (70 %).");
}

#[test]
fn what_only_the_model_says_is_not_verified() {
    let text = "The boxes came today.";
    let result = concluded(text, Some(&[10.0, 10.0, 70.0, 10.0]));
    let found = only(&result);
    assert_eq!((found.text.as_str(), found.status), ("notes", Status::Unverified));
    assert_eq!(found.opinion, Opinion::Model);
    assert!(found.why.as_deref().is_some_and(|why| why.starts_with("Only the model says so")));
    assert!(found.quotes.is_empty());
}

#[test]
fn that_nothing_speaks_for_any_class_is_said_with_what_was_read() {
    let text = "The boxes came today.";
    let (none, unsure) = ([10.0, 10.0, 10.0, 70.0], [45.0, 20.0, 20.0, 15.0]);
    for shares in [None, Some(none.as_slice()), Some(unsure.as_slice())] {
        let result = concluded(text, shares);
        assert!(result.findings.is_empty(), "{:?}", result.findings);
        assert_eq!(result.sections[0].empty, "None found in 1 of 1 part.");
    }
}

#[test]
fn a_sign_is_whole_words_in_any_case_and_over_a_line_break() {
    for (text, class) in [
        ("The contractor came.", None),
        ("THE CONTRACT", Some("contract")),
        ("made by and\nbetween two", Some("contract")),
        ("Prepared: by agendas", None),
        ("Re: boxes", Some("letter")),
        ("We don’t know.", Some("letter")),
        ("It went to dear old Re: and back.", Some("letter")),
        ("He is dear to us.", None),
    ] {
        let result = concluded(text, None);
        assert_eq!(result.findings.first().map(|f| f.text.as_str()), class, "{text}");
    }
}

#[test]
fn a_sign_in_the_title_weighs_more_than_the_same_far_into_the_text() {
    let filler = "The boxes stood in the yard. ".repeat(200);
    // One sign each: 4 in the title, 1 far away.
    let result = concluded(&format!("AGENDA\n\n{filler}\n\nThe agreement was lost."), None);
    let found = only(&result);
    assert_eq!((found.text.as_str(), &found.why), ("notes", &None));
    // What a title names in small letters is what it is about.
    let result = concluded("Agreement on the agenda.", None);
    assert_eq!((only(&result).text.as_str(), &only(&result).why), ("contract", &None));
    // One sign far into a text is no class yet.
    let result = concluded(&format!("{filler}\n\nThe agreement was lost."), None);
    assert!(result.findings.is_empty(), "{:?}", result.findings);
}

#[test]
fn between_classes_with_as_many_signs_a_model_that_is_sure_chooses() {
    let text = "Agreement on the Agenda.";
    let alone = concluded(text, None);
    assert_eq!(only(&alone).text, "contract", "the template's first");
    let why = only(&alone).why.as_deref();
    assert_eq!(why, Some("There are about as many signs of \"notes\"."));
    let result = concluded(text, Some(&[10.0, 15.0, 70.0, 5.0]));
    let found = only(&result);
    assert_eq!((found.text.as_str(), found.opinion), ("notes", Opinion::Both));
    // Where it is not sure, or of a class without signs, the rules' own choice.
    let unsure = concluded(text, Some(&[20.0, 20.0, 45.0, 15.0]));
    assert_eq!(only(&unsure).text, "contract");
    let result = concluded(text, Some(&[10.0, 60.0, 25.0, 5.0]));
    let found = only(&result);
    assert_eq!((found.text.as_str(), found.opinion), ("contract", Opinion::Rules));
    let why = found.why.as_deref().expect("a reason");
    assert!(why.contains("the model says \"letter\" (60 %)"), "{why}");
}

#[test]
fn of_a_long_document_the_model_is_asked_about_eight_parts_and_that_is_said() {
    let text = "The boxes stood in the yard.\n\n".repeat(40);
    let result = concluded(&text, Some(&[10.0, 10.0, 70.0, 10.0]));
    let told = "The model was shown 20 % of the text, in 8 of 40 parts; the rules read all of it.";
    assert_eq!(result.warnings, [told]);
    assert!(result.coverage.is_complete());
    let asked: Vec<usize> = (0..40).filter(|at| is_asked(*at, 40)).collect();
    // The first three, then one of every 37 / 5 = 7.4.
    assert_eq!(asked, [0, 1, 2, 3, 11, 18, 26, 33]);
    assert_eq!((0..9).filter(|at| is_asked(*at, 9)).count(), 8);
    assert_eq!((0..5).filter(|at| is_asked(*at, 5)).count(), 5);
}

#[test]
fn a_part_is_shown_up_to_a_word() {
    let template = Template::parse(KINDS, "kinds", None).expect("a sound template");
    let text = "Größe über alles ".repeat(300);
    let doc = Document::of_text("/a.txt", &text);
    let chunks = [Chunk { index: 0, span: ByteSpan::new(0, text.len()), tokens: 900 }];
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let shown = shown(&work, 0);
    assert!(shown.len() <= SHOWN && shown.len() > SHOWN - 20, "{}", shown.len());
    assert!(["Größe", "über", "alles"].iter().any(|word| shown.ends_with(word)), "{shown}");
}

#[test]
fn at_most_three_sentences_are_shown_those_with_most_signs_in_their_order() {
    let text = "An agreement.\n\nA contract.\n\nThis agreement is a contract by and between us.\n\n\
        A contract and agreement.\n\nThe agreement, a contract.";
    let result = concluded(text, None);
    let quotes: Vec<&str> = only(&result).quotes.iter().map(|quote| quote.text.as_str()).collect();
    let wanted = [
        "This agreement is a contract by and between us.",
        "A contract and agreement.",
        "The agreement, a contract.",
    ];
    assert_eq!(quotes, wanted);
}

/// Work that grows with the text, not with its square: 80,000 words that are all signs.
#[test]
fn signs_without_end_are_counted_all_the_same() {
    let text = "agreement contract agenda dear ".repeat(20_000);
    assert_eq!(only(&concluded(&text, None)).text, "contract");
}
