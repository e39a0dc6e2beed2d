use super::*;
use crate::domain::chunk::Chunk;
use crate::domain::document::Document;
use crate::domain::span::ByteSpan;
use crate::domain::template::Template;

const TEMPLATE: &str = "+++\nname = \"t\"\ntitle = \"T\"\nkind = \"extract\"\n[[fields]]\n\
    name = \"date\"\ntitle = \"Dates\"\ntype = \"date\"\nask = \"Copy them.\"\n+++\n\
    ## system\nYou read {{ document }}.\n\n## user\n{{ sentences }}\n---\n{{ field.ask }}\n";

const TOPIC: Topic = Topic { field: 0, about: About::Role(Role::EffectiveDate), number: 3 };

fn question(content: &str, round: usize) -> Question {
    Question {
        chunk: 0,
        unit: 0,
        label: "Effective date".into(),
        topic: TOPIC,
        reads: false,
        content: content.into(),
        ask: "Which date?".into(),
        offers: vec![
            Offer::Content("1 May 2026".into()),
            Offer::Content("2 May 2026".into()),
            Offer::Fixed("none of these".into()),
        ],
        round,
    }
}

fn steps(template: &str, questions: Vec<Question>) -> Vec<Step> {
    let template = Template::parse(template, "t", None).expect("a sound template");
    let doc = Document::of_text("/a.txt", "Signed on 1 May 2026.");
    let chunks = [Chunk { index: 0, span: ByteSpan::new(0, 21), tokens: 10 }];
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    questions.into_iter().map(|question| step(&work, question).expect("it renders")).collect()
}

fn texts(step: &Step) -> Vec<&str> {
    step.prompt.messages.iter().map(|message| message.text.as_str()).collect()
}

fn said(text: &str) -> Outcome {
    Outcome::Answered { text: text.into(), looped: None, cut: false, other: None }
}

/// Weights of A, B and C as engines give them.
fn weighed(shares: [f64; 3]) -> Outcome {
    let [a, b, c] = shares.map(f64::ln);
    said(&format!("A\t{a}\nB\t{b}\nC\t{c}"))
}

fn near(weights: Option<Vec<f64>>, shares: [f64; 3]) {
    let weights = weights.expect("weights");
    let same =
        weights.iter().zip(shares).all(|(weight, share)| (weight.exp() - share).abs() < 1e-9);
    assert!(same, "{weights:?} for {shares:?}");
}

#[test]
fn the_content_comes_first_then_the_question_with_its_options() {
    let steps = steps(TEMPLATE, vec![question("Signed on 1 May 2026.", 0)]);
    let asked = "Signed on 1 May 2026.\n---\nWhich date?\nA. 1 May 2026\nB. 2 May 2026\n\
        C. none of these\nAnswer with one letter.";
    assert_eq!(texts(&steps[0]), ["You read a.txt.", asked]);
    assert_eq!(steps[0].prompt.constraint, Constraint::Choose { of: 3 });
}

#[test]
fn a_template_that_leaves_the_question_out_is_asked_it_all_the_same() {
    let steps = steps(&TEMPLATE.replace("{{ field.ask }}", "Go on."), vec![question("Text.", 0)]);
    assert!(texts(&steps[0])[2].starts_with("Which date?\nA. 1 May 2026"));
}

#[test]
fn each_round_begins_with_another_option_and_is_read_in_the_options_own_order() {
    let steps = steps(TEMPLATE, vec![question("Text.", 1)]);
    assert!(texts(&steps[0])[1].contains("A. 2 May 2026\nB. none of these\nC. 1 May 2026"));
    let answer = weighed([0.5, 0.3, 0.2]);
    near(weights(&[(&steps[0], &answer)], TOPIC), [0.2, 0.5, 0.3]);
}

#[test]
fn a_twin_has_nothing_of_the_document_and_is_asked_once() {
    let asked =
        steps(TEMPLATE, vec![question("One.", 0), question("Two.", 0), question("One.", 1)]);
    let twins = blanks(&asked, 0);
    assert_eq!(twins.len(), 1, "the third is of another round");
    let blank = "N/A\n---\nWhich date?\nA. N/A\nB. N/A\nC. none of these\nAnswer with one letter.";
    assert_eq!(texts(&twins[0]), ["You read N/A.", blank]);
    assert_eq!(twins[0].prompt.constraint, asked[0].prompt.constraint);
    assert!(!twins[0].reads() && blanks(&twins, 0).is_empty());
    assert_eq!(blanks(&asked, 1).len(), 1);
}

#[test]
fn what_the_model_would_say_anyway_is_divided_out() {
    let asked = steps(TEMPLATE, vec![question("One.", 0)]);
    let twins = blanks(&asked, 0);
    let (answer, anyway) = (weighed([0.6, 0.3, 0.1]), weighed([0.6, 0.2, 0.2]));
    // 0.6/0.6, 0.3/0.2 and 0.1/0.2 are 1, 1.5 and 0.5 of 3.
    let both = [(&asked[0], &answer), (&twins[0], &anyway)];
    near(weights(&both, TOPIC), [1.0 / 3.0, 0.5, 1.0 / 6.0]);
    assert_eq!(weights(&both, Topic { number: 4, ..TOPIC }), None);
}

#[test]
fn without_the_twin_s_answer_or_with_a_bare_letter_the_answer_stands_alone() {
    let asked = steps(TEMPLATE, vec![question("One.", 0)]);
    let twins = blanks(&asked, 0);
    let answer = weighed([0.6, 0.3, 0.1]);
    near(weights(&[(&asked[0], &answer)], TOPIC), [0.6, 0.3, 0.1]);
    let failed = Outcome::Failed("It broke.".into());
    near(weights(&[(&asked[0], &answer), (&twins[0], &failed)], TOPIC), [0.6, 0.3, 0.1]);
    near(weights(&[(&asked[0], &said("B")), (&twins[0], &said("B"))], TOPIC), [0.0, 1.0, 0.0]);
    assert_eq!(weights(&[(&asked[0], &said("?")), (&twins[0], &answer)], TOPIC), None);
}
