use crate::domain::chunk::Chunk;
use crate::domain::document::Document;
use crate::domain::finding::{Finding, JobResult, Opinion};
use crate::domain::job::{Outcome, Step, Work};
use crate::domain::span::ByteSpan;
use crate::domain::template::Template;

fn built_in(name: &str) -> Template {
    let source = match name {
        "triage" => include_str!("../../../../prompts/triage.md"),
        "organise" => include_str!("../../../../prompts/organise.md"),
        "minutes" => include_str!("../../../../prompts/minutes.md"),
        _ => include_str!("../../../../prompts/summary.md"),
    };
    Template::parse(source, name, None).expect("a sound template")
}

/// A built-in job on a text in one part, with these answers to its questions.
pub(super) fn concluded(job: &str, text: &str, answers: &[&str]) -> JobResult {
    let (template, doc) = (built_in(job), Document::of_text("/a.txt", text));
    let chunks = [Chunk { index: 0, span: ByteSpan::new(0, text.len()), tokens: 100 }];
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps: Vec<Step> =
        if answers.is_empty() { Vec::new() } else { work.plan(1).expect("a plan") };
    let said = |text: &&str| Outcome::Answered {
        text: (*text).into(),
        looped: None,
        cut: false,
        other: None,
    };
    work.conclude(&steps, &answers.iter().map(said).collect::<Vec<_>>())
}

pub(super) fn of<'a>(result: &'a JobResult, kind: &str) -> Vec<&'a Finding> {
    result.findings.iter().filter(|finding| finding.kind == kind).collect()
}

pub(super) fn texts(result: &JobResult, kind: &str) -> Vec<String> {
    of(result, kind).into_iter().map(|finding| finding.text.clone()).collect()
}

fn quotes(finding: &Finding) -> Vec<&str> {
    finding.quotes.iter().map(|quote| quote.text.as_str()).collect()
}

fn values(result: &JobResult) -> Vec<String> {
    let value = |finding: &&Finding| serde_json::to_value(&finding.value).expect("a value");
    let all = of(result, "event").iter().map(value).collect::<Vec<_>>();
    all.into_iter().map(|value| value.as_str().unwrap_or_default().to_owned()).collect()
}

const MEETING: &str = "\
Ann Berg: Good morning, everyone.

Tom Lund: Yeah.

Ann Berg: The roof of the boathouse leaks over the workshop. What does a new roof cost?

Tom Lund: The builder asks for 14,000 euro. We agreed in May that we pay half of it.

Ann Berg: No, that's not right. We agreed to pay a third of it, and the club pays the rest.

Tom Lund: When does the builder start the work on the roof?

Ann Berg: I don't know. I have to ask him.

Tom Lund: I'll send the offer to the members by Friday.

Ann Berg: We decided to close the workshop until the roof is dry.

Tom Lund: Did you close the windows of the boathouse?

Ann Berg: Yes, all the windows of the boathouse are closed and locked.
";

#[test]
fn minutes_hold_what_was_decided_what_is_to_be_done_and_what_was_not_answered() {
    let result = concluded("minutes", MEETING, &[]);
    let decided = texts(&result, "decision");
    assert!(
        decided
            .contains(&"Ann Berg: We decided to close the workshop until the roof is dry.".into()),
        "{decided:?}"
    );
    let tasks = texts(&result, "action");
    assert_eq!(tasks, ["Tom Lund: I'll send the offer to the members by Friday."]);
    let open = texts(&result, "question");
    assert_eq!(open, ["Tom Lund: When does the builder start the work on the roof?"]);
}

#[test]
fn greetings_and_fillers_are_in_no_job() {
    for job in ["triage", "organise", "minutes", "summary"] {
        for finding in concluded(job, MEETING, &[]).findings {
            assert!(!finding.text.contains("Good morning") && !finding.text.ends_with("Yeah."));
        }
    }
}

#[test]
fn a_sentence_in_the_middle_of_a_turn_is_shown_with_who_says_it_and_quoted_as_it_stands() {
    let result = concluded("triage", MEETING, &[]);
    let disputed = of(&result, "disputed_point");
    let [point] = disputed.as_slice() else { panic!("one point: {disputed:?}") };
    assert!(point.text.starts_with("Tom Lund: We agreed in May"), "{}", point.text);
    assert_eq!(quotes(point)[0], "We agreed in May that we pay half of it.");
    assert!(quotes(point)[1].contains("that's not right"));
    assert_eq!(point.why.as_deref(), Some("Ann Berg objects to what Tom Lund says."));
}

#[test]
fn items_under_a_heading_are_what_the_heading_says() {
    let notes = "# Board\n\n## Attendees\n\n- Ann Berg\n- Tom Lund\n\n## Decisions\n\n\
        - The jetty is closed for the winter\n\n## Action items\n\n- [ ] Tom: new lock for the gate\n\
        - [x] Ann: letter to the bank\n- price list, Ann\n\n## Offene Punkte\n\n\
        - Wer zahlt die Rechnung für das Tor?\n";
    let result = concluded("minutes", notes, &[]);
    assert_eq!(texts(&result, "decision"), ["The jetty is closed for the winter"]);
    let tasks = texts(&result, "action");
    assert_eq!(tasks.len(), 2, "what is ticked is done: {tasks:?}");
    assert!(tasks[0].contains("new lock") && tasks[1].contains("price list"), "{tasks:?}");
    assert_eq!(texts(&result, "question"), ["Wer zahlt die Rechnung für das Tor?"]);
}

#[test]
fn what_is_not_agreed_yet_is_no_decision() {
    let text = "We have not agreed on the price. If it is approved we shall start. \
        Es wurde beschlossen, das Tor zu erneuern. Il a été décidé de fermer le hangar. \
        Se acordó pintar el barco pequeño.";
    let decided = texts(&concluded("minutes", text, &[]), "decision");
    assert_eq!(decided.len(), 3, "{decided:?}");
    assert!(decided[0].starts_with("Es wurde"), "{decided:?}");
}

#[test]
fn a_short_word_that_settles_a_proposal_is_quoted_with_it() {
    let text = "Ann Berg: The keys stay in the office until the lock is changed and everybody \
        shall sign for them.\n\nTom Lund: No objection.\n\nMia Holm: None from me.\n\n\
        Tom Lund: Decided, then.\n\nAnn Berg: Next, the boats.\n";
    let result = concluded("minutes", text, &[]);
    let decided = of(&result, "decision");
    let [decision] = decided.as_slice() else { panic!("one decision: {decided:?}") };
    assert!(decision.text.starts_with("Ann Berg: The keys stay"), "{}", decision.text);
    assert_eq!(quotes(decision)[1], "Tom Lund: Decided, then.");
}

/// A contract of twelve articles that each say something of their own, several times.
fn long_contract() -> String {
    let subjects = [
        "boathouse",
        "slipway",
        "workshop",
        "crane",
        "fuel",
        "insurance",
        "mooring",
        "winter",
        "electricity",
        "parking",
        "visitors",
        "garbage",
    ];
    let article = |(at, subject): (usize, &&str)| {
        let filler = |n: usize| {
            format!("The {subject} of plot {n} belongs to keeper {subject}{n} of row {n}. ")
        };
        let all: String = (1..=20).map(filler).collect();
        format!(
            "# Article {}\n\n{all}The Tenant shall keep the {subject} clean. The Tenant shall keep \
             the {subject} clean.\n\n",
            at + 1
        )
    };
    subjects.iter().enumerate().map(article).collect()
}

#[test]
fn a_summary_has_something_of_each_part_in_the_order_of_the_text_and_nothing_twice() {
    let text = long_contract();
    let result = concluded("summary", &text, &[]);
    let found = of(&result, "summary");
    let starts: Vec<usize> = found.iter().map(|finding| finding.quotes[0].span.start).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    let articles: Vec<usize> = text.match_indices("# Article").map(|(at, _)| at).collect();
    for (n, from) in articles.iter().enumerate() {
        let to = articles.get(n + 1).copied().unwrap_or(text.len());
        assert!(starts.iter().any(|at| (*from..to).contains(at)), "article {}", n + 1);
    }
    let mut texts: Vec<&str> = found.iter().map(|finding| finding.text.as_str()).collect();
    texts.sort_unstable();
    assert!(texts.windows(2).all(|two| two[0] != two[1]), "{texts:?}");
}

#[test]
fn a_longer_text_gets_a_longer_summary() {
    let short: String = long_contract().chars().take(1_500).collect();
    let count = |text: &str| concluded("summary", text, &[]).findings.len();
    let (few, many) = (count(&short), count(&long_contract()));
    assert!((2..10).contains(&few) && many > few && many <= 30, "{few} and {many}");
}

#[test]
fn key_facts_are_of_different_kinds() {
    let text = "This agreement is made between Halden Marine Ltd and Corrib Boats Ltd. \
        Halden Marine Ltd pays 4,000 euro on 1 May 2026. Halden Marine Ltd pays 5,000 euro on \
        1 June 2026. Halden Marine Ltd pays 6,000 euro on 1 July 2026. Halden Marine Ltd pays \
        7,000 euro on 1 August 2026. Halden Marine Ltd pays 8,000 euro on 1 September 2026. \
        The term of this agreement is two years from the first payment and it shall renew. \
        Corrib Boats Ltd shall keep the engines in good repair.";
    let facts = texts(&concluded("triage", text, &[]), "key_fact");
    for part in ["is made between", "The term of this", "shall keep the engines"] {
        assert!(facts.iter().any(|fact| fact.contains(part)), "{part}: {facts:?}");
    }
}

#[test]
fn a_rule_and_a_condition_are_no_dispute() {
    let text = "If the Buyer disputes an invoice it shall say so within ten days. Any dispute is \
        settled by arbitration. The Seller may reject an order. Neither party shall assign this \
        agreement. The fee of the first year is 100 euro. The fee of the second year is 120 euro.";
    let result = concluded("triage", text, &[]);
    assert!(of(&result, "disputed_point").is_empty(), "{:?}", texts(&result, "disputed_point"));
    assert_eq!(result.sections[1].empty, "None found in 1 of 1 part.");
}

#[test]
fn a_disputed_point_is_two_quotes_that_oppose_each_other() {
    for (text, first, second) in [
        (
            "The Seller says that it delivered 40 looms in March, but the Buyer counted 38 looms.",
            "The Seller says that it delivered 40 looms in March",
            "the Buyer counted 38 looms.",
        ),
        (
            "The Seller claims that the goods were inspected. The Buyer denies that the goods were \
             inspected.",
            "The Seller claims that the goods were inspected.",
            "The Buyer denies that the goods were inspected.",
        ),
        (
            "The driver delivered the spare wheels to the northern depot. It rained that day. \
             Nobody was at home and the dog slept. The neighbours saw it. \
             The driver never delivered the spare wheels to the northern depot.",
            "The driver delivered the spare wheels to the northern depot.",
            "The driver never delivered the spare wheels to the northern depot.",
        ),
    ] {
        let result = concluded("triage", text, &[]);
        let points = of(&result, "disputed_point");
        let [point] = points.as_slice() else { panic!("{text}: {points:?}") };
        assert_eq!(quotes(point), [first, second]);
        assert!(point.why.is_some());
    }
}

#[test]
fn words_and_figures_of_a_sum_that_disagree_are_a_pair() {
    let text = "The Owner pays four thousand five hundred dollars ($4,800) for the crane.";
    let result = concluded("triage", text, &[]);
    let points = of(&result, "disputed_point");
    let [point] = points.as_slice() else { panic!("{points:?}") };
    assert_eq!(quotes(point), ["four thousand five hundred dollars", "$4,800"]);
}

const DEPOSITION: &str = "\
     Q.   Did your company use a subcontractor at the warehouse?
     A.   No. We did not use one there at any time.
     Q.   What did you do on 3 March 2026?
     A.   I was at home.
     Q.   When did the alarm sound?
     A.   On 5 March 2026.
     Q.   Did you sign the work order on 7 March 2026?
     A.   Yes, I did.
     Q.   A few minutes ago you told me that you did not use a subcontractor at the warehouse.
     A.   I'd like to correct that. We used Harrow for one night.
";

#[test]
fn a_witness_who_says_something_else_later_is_a_disputed_point() {
    let result = concluded("triage", DEPOSITION, &[]);
    let points = of(&result, "disputed_point");
    let [point] = points.as_slice() else { panic!("{points:?}") };
    assert_eq!(quotes(point)[0], "We did not use one there at any time.");
    assert!(quotes(point)[1].contains("We used Harrow for one night."), "{point:?}");
}

#[test]
fn a_question_is_an_event_only_where_the_answer_affirms_it() {
    let result = concluded("triage", DEPOSITION, &[]);
    assert_eq!(values(&result), ["2026-03-05", "2026-03-07"]);
    let events = of(&result, "event");
    assert_eq!(events[0].text, "Q. When did the alarm sound? A. On 5 March 2026.");
    assert_eq!(events[1].quotes.len(), 2, "the question and the answer: {:?}", events[1]);
}

#[test]
fn a_partial_date_comes_before_the_days_in_it_and_each_date_of_a_sentence_has_its_entry() {
    let text = "The pump was repaired on 4 May 2026. The boat was built in 2026. The harbour was \
        closed in May 2026. The crane was ordered on 2 January 2026 and came on 3 June 2026. The \
        boat was launched from 10 March 2026 to 12 March 2026.";
    let found = values(&concluded("triage", text, &[]));
    let starts: Vec<&str> = found.iter().map(|iso| iso.split('/').next().unwrap_or("")).collect();
    let wanted = ["2026", "2026-01-02", "2026-03-10", "2026-05", "2026-05-04", "2026-06-03"];
    let kept: Vec<&&str> = starts.iter().filter(|iso| **iso != "2026-03-12").collect();
    assert_eq!(kept.into_iter().copied().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_year_is_put_in_only_where_the_document_settles_it() {
    let one = "The lease was signed on 1 March 2026. The keys were handed over on 3 March.";
    let result = concluded("triage", one, &[]);
    assert_eq!(values(&result), ["2026-03-01", "2026-03-03"]);
    let keys = of(&result, "event")[1];
    assert!(keys.notes.derived && keys.why.is_some(), "{keys:?}");
    let two = "The lease was signed on 1 March 2024. It was renewed on 1 March 2026. The keys were \
        handed over on 3 March.";
    let result = concluded("triage", two, &[]);
    let last = *of(&result, "event").last().expect("three events");
    assert_eq!(values(&result)[2], "--03-03", "at the end, and no year is made up");
    assert_eq!(last.why.as_deref(), Some("The text gives this date no year."));
    assert!(!last.text.contains("--03"), "{}", last.text);
    // 3 March was a Tuesday in 2026 and a Sunday in 2024.
    let weekday = two.replace("on 3 March", "on Tuesday 3 March");
    assert_eq!(values(&concluded("triage", &weekday, &[]))[2], "2026-03-03");
}

#[test]
fn the_same_event_told_twice_is_one_entry_with_both_quotes() {
    let text = "The old crane fell into the harbour on 4 May 2026. Nobody was hurt. \
        On 4 May 2026 the old crane fell into the harbour.";
    let result = concluded("triage", text, &[]);
    let events = of(&result, "event");
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(event.quotes.len(), 2);
}

#[test]
fn themes_are_the_sections_where_there_are_headings_and_else_what_comes_back() {
    let headed = "# Agreement\n\n## Rent\n\nThe tenant pays the rent of the boathouse each month.\n\n\
        ## Repairs\n\nThe owner repairs the roof of the boathouse at once.\n\n\
        ## Notices\n\nLetters are sent to the address of the owner's office.\n";
    assert_eq!(texts(&concluded("organise", headed, &[]), "theme"), ["Rent", "Repairs", "Notices"]);
    let talk = "Ann Berg: The delay payment was not in the budget of the harbour.\n\n\
        Tom Lund: The delay payment comes to 500 euro for the month of May.\n\n\
        Ann Berg: Our lawyer looked at the delay payment in June and found it too high.\n\n\
        Tom Lund: The lawyer of the builder calls the delay payment fair.\n";
    let result = concluded("organise", talk, &[]);
    let theme = of(&result, "theme")[0];
    assert_eq!(theme.text, "delay payment");
    assert!((2..=4).contains(&theme.quotes.len()), "{theme:?}");
}

#[test]
fn what_may_go_wrong_is_a_risk() {
    let text = "The Supplier delivers on Mondays. The Supplier is liable for a penalty if delivery \
        is delayed. The boxes are blue. Der Mieter haftet für jeden Schaden am Tor.";
    let risks = texts(&concluded("organise", text, &[]), "risk");
    assert_eq!(risks.len(), 2, "{risks:?}");
    assert!(risks[0].contains("penalty") && risks[1].contains("haftet"));
}

#[test]
fn a_pick_of_the_model_alone_counts_only_where_its_picks_are_mostly_shared() {
    let text = "The sky was blue over the harbour that day. It was decided to sell the crane. \
        We agreed to buy the smaller boat. The gulls were loud over the harbour.";
    let decided = |picks: &str| {
        let result = concluded("minutes", text, &[picks, "none", "none"]);
        of(&result, "decision").iter().map(|f| (f.text.clone(), f.opinion)).collect::<Vec<_>>()
    };
    let astray = decided("1, 4");
    assert_eq!(astray.len(), 2);
    assert!(astray.iter().all(|(_, opinion)| *opinion == Opinion::Rules), "{astray:?}");
    let trusted = decided("2, 3, 4");
    let alone = trusted.iter().find(|(_, opinion)| *opinion == Opinion::Model);
    assert!(alone.is_some_and(|(text, _)| text.contains("gulls")), "{trusted:?}");
}

#[test]
fn the_model_s_vote_makes_no_disputed_point_by_itself() {
    let text = "The sky was blue over the harbour that day. The gulls were loud over the harbour.";
    let result = concluded("triage", text, &["none", "1, 2", "none"]);
    assert!(of(&result, "disputed_point").is_empty());
}

#[test]
fn broken_and_empty_texts_are_read_without_a_fault() {
    for text in
        ["", "?", "Q.", "A: \n\nB:", "[00:00:01] \n[00:00:02] X:", "— but: ;", "((((", "…\u{0}…"]
    {
        for job in ["triage", "organise", "minutes", "summary"] {
            concluded(job, text, &[]);
        }
    }
}
