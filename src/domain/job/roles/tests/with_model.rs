//! What is asked of a model about roles, and who decides where it differs.

use super::*;

/// Two dates, of which the rules take the second for the effective one.
const TWO: &str = "This Agreement is made on 1 May 2003 between Lark Ltd and Finch Ltd. This Agreement takes effect on 1 June 2003.\n";

/// The result where the model answers each choice about a role with a letter.
fn with_model(text: &str, trusted: &[Role], letter: &dyn Fn(&str) -> &'static str) -> JobResult {
    let (template, doc, chunks) = (template(), Document::of_text("/a.txt", text), whole(text));
    let work = Work::new(&template, &doc, "a.txt", &chunks, None)
        .trusting(trusted.iter().copied().collect());
    let steps = work.plan(1).expect("a plan");
    let outcomes: Vec<Outcome> = steps
        .iter()
        .map(|step| {
            let text = match step.purpose {
                Purpose::Ask(_) => "none",
                Purpose::Choose(_) => letter(&step.label),
            };
            Outcome::Answered { text: text.to_owned(), looped: None, cut: false, other: None }
        })
        .collect();
    work.conclude(&steps, &outcomes)
}

/// Letters of a model that takes one date for the effective one and is right
/// about the others: A is 1 May, B is 1 June, C is none of these.
fn effective_is(letter: &'static str) -> impl Fn(&str) -> &'static str {
    move |label| match label {
        label if label.contains("agreement date") => "A",
        label if label.contains("effective date") => letter,
        _ => "C",
    }
}

#[test]
fn each_role_is_one_short_question_with_the_sentence_around_each_date() {
    let (template, doc, chunks) = (template(), Document::of_text("/a.txt", TWO), whole(TWO));
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = work.plan(1).expect("a plan");
    let asked: Vec<&Step> =
        steps.iter().filter(|step| step.label == "Dates: effective date").collect();
    let [step] = asked[..] else { panic!("one question: {asked:?}") };
    let prompt = &step.prompt.messages.last().expect("a message").text;
    assert!(
        prompt.ends_with(
            "Which of these dates is the day on which the agreement takes effect?\n\
             A. 2003-05-01: “This Agreement is made on 1 May 2003 between Lark Ltd and Finch Ltd”\n\
             B. 2003-06-01: “This Agreement takes effect on 1 June 2003”\n\
             C. none of these\n\
             Answer with one letter."
        ),
        "{prompt}"
    );
}

#[test]
fn where_both_say_the_same_the_claim_is_of_both() {
    let result = with_model(TWO, &[], &effective_is("B"));
    let claims = claims(&result, Role::EffectiveDate);
    assert_eq!(claims.len(), 1);
    assert_eq!((claims[0].0.as_str(), claims[0].1.opinion), ("2003-06-01", Opinion::Both));
}

#[test]
fn where_they_differ_the_rules_decide_and_the_models_choice_is_shown_as_its_own() {
    let result = with_model(TWO, &[], &effective_is("A"));
    assert_eq!(answer(&result, Role::EffectiveDate), "2003-06-01");
    let claims = claims(&result, Role::EffectiveDate);
    let of = |value: &str| &claims.iter().find(|(of, _)| of == value).expect("a claim").1;
    assert!(of("2003-06-01").why.ends_with("The model chose 2003-05-01 instead."));
    let model = of("2003-05-01");
    assert_eq!((model.opinion, model.overruled), (Opinion::Model, true));
    assert_eq!(model.why, "The model chose it; the rules say 2003-06-01, and they decide.");
}

#[test]
fn a_trusted_model_decides_and_the_rules_are_shown_beside_it() {
    let result = with_model(TWO, &[Role::EffectiveDate], &effective_is("A"));
    assert_eq!(answer(&result, Role::EffectiveDate), "2003-05-01");
    let claims = claims(&result, Role::EffectiveDate);
    let rules = claims.iter().find(|(value, _)| value == "2003-06-01").expect("a claim");
    assert_eq!((rules.1.opinion, rules.1.overruled), (Opinion::Rules, true));
    let none = with_model(TWO, &[Role::EffectiveDate], &effective_is("C"));
    assert_eq!(answer(&none, Role::EffectiveDate), "-", "none of these is an answer, too");
}

#[test]
fn an_answer_stands_before_what_was_overruled() {
    let result = with_model(TWO, &[], &effective_is("A"));
    let made = result.findings.iter().find(|f| f.text == "1 May 2003").expect("found");
    let roles: Vec<(Role, bool)> =
        made.notes.roles.iter().map(|claim| (claim.role, claim.overruled)).collect();
    assert_eq!(roles, [(Role::AgreementDate, false), (Role::EffectiveDate, true)]);
    let labels: Vec<String> = made.notes.roles.iter().map(RoleClaim::label).collect();
    assert_eq!(labels, ["agreement date", "effective date (model, overruled)"]);
}
