use super::*;
use crate::domain::chunk::ChunkHash;
use crate::domain::document::{Format, Page, PageState, SourceHash};
use crate::domain::finding::Opinion;

fn document(text: &str) -> Document {
    let page = Page {
        n: 1,
        state: PageState::Text,
        span: ByteSpan::new(0, text.len()),
        reader: "text".into(),
        note: None,
    };
    Document {
        path: "/a.txt".into(),
        format: Format::Txt,
        source: SourceHash("aa".into()),
        bytes: text.len() as u64,
        text: text.into(),
        pages: vec![page],
        warning: None,
    }
}

/// The text as chunks that end where a blank line does.
fn chunks(text: &str) -> Vec<Chunk> {
    let mut start = 0;
    text.split_inclusive("\n\n")
        .enumerate()
        .map(|(index, part)| {
            let span = ByteSpan::new(start, start + part.len());
            start = span.end;
            Chunk { index, span, tokens: 10, hash: ChunkHash::of(part) }
        })
        .collect()
}

fn built_in(name: &str) -> Template {
    let source = match name {
        "triage" => include_str!("../../../prompts/triage.md"),
        "rewrite" => include_str!("../../../prompts/rewrite.md"),
        _ => include_str!("../../../prompts/extract.md"),
    };
    Template::parse(source, name, None).expect("a sound template")
}

fn said(text: &str) -> Outcome {
    Outcome::Answered { text: text.into(), looped: None, cut: false }
}

/// Concludes a job whose steps got these answers, in order.
fn concluded(job: &str, text: &str, answers: &[Outcome]) -> JobResult {
    let (template, doc, chunks) = (built_in(job), document(text), chunks(text));
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = if answers.is_empty() { Vec::new() } else { work.plan().expect("a plan") };
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
    let steps = work.plan().expect("a plan");
    let order: Vec<usize> = steps.iter().map(|s| s.chunk).collect();
    assert_eq!(order, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    let user = |at: usize| steps[at].prompt.messages.last().expect("a message").text.clone();
    assert!(user(0).starts_with("One was signed on 1 May 2026."), "the document comes first");
    assert!(user(0).contains("every date") && user(1).contains("every amount"));
    assert_eq!(steps[5].label, "Dates, part 2 of 2");
}

#[test]
fn absence_is_claimed_only_of_the_parts_that_were_read() {
    let text = "Nothing here.\n\nNothing there.";
    let mut answers = vec![said("none"); 10];
    answers[9] = Outcome::Failed("It broke.".into());
    let result = concluded("extract", text, &answers);
    assert_eq!(result.sections[0].empty, "None found in 1 of 2 parts.");
    assert_eq!(result.warnings, ["Obligations, part 2 of 2: It broke."]);
    assert_eq!((result.coverage.read, result.coverage.failed), (15, 14));
    let result = concluded("extract", text, &[]);
    assert_eq!(result.sections[0].empty, "None found in 2 of 2 parts.");
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
    let mut answers = vec![said("none"); 5];
    answers[0] = said("on time");
    let result = concluded("extract", text, &answers);
    assert!(texts(&result, "date").is_empty());
    assert!(result.warnings[0].starts_with("A quote of the model was left out"));
}

#[test]
fn repeats_are_told_once_for_all_answers() {
    let text = "Signed on 1 May 2026.";
    let looped = Outcome::Answered { text: "none".into(), looped: Some("x".into()), cut: false };
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
fn a_pick_of_the_model_alone_counts_only_where_its_picks_are_mostly_shared() {
    let text = "The sky was blue over the harbour that day. The Buyer disputes the invoice. \
        The Supplier denies every word of it. The gulls were loud over the harbour.";
    let disputed = |picks: &str| {
        let result = concluded("triage", text, &[said("none"), said(picks), said("none")]);
        let found = result.findings.into_iter().filter(|f| f.kind == "disputed_point");
        found.map(|f| (f.text.clone(), f.opinion)).collect::<Vec<_>>()
    };
    let astray = disputed("1, 4");
    assert!(astray.iter().all(|(_, opinion)| *opinion == Opinion::Rules), "{astray:?}");
    let trusted = disputed("2, 3, 4");
    let alone = trusted.iter().find(|(_, opinion)| *opinion == Opinion::Model);
    assert!(alone.is_some_and(|(text, _)| text.contains("gulls")), "{trusted:?}");
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
    let kinds: Vec<&str> = result.findings.iter().map(|f| f.kind.as_str()).collect();
    assert_eq!(kinds, ["concise", "warm", "polished"]);
    for finding in &result.findings {
        assert_eq!((finding.opinion, finding.status), (Opinion::Rules, Status::Anchored));
        assert!(finding.text.contains("$4,500"), "{}", finding.text);
    }
}
