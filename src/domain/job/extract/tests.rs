use super::*;
use crate::domain::chunk::Chunk;
use crate::domain::document::Document;
use crate::domain::finding::{JobResult, Opinion, Status};
use crate::domain::span::ByteSpan;
use crate::domain::template::Template;

fn said(text: &str) -> Outcome {
    Outcome::Answered { text: text.into(), looped: None, cut: false, other: None }
}

/// A job with one field, on `text` in chunks that end where a blank line does,
/// when the model gives these answers chunk by chunk.
fn asked(kind: &str, text: &str, answers: &[Outcome]) -> JobResult {
    let source = format!(
        "+++\nname = \"one\"\ntitle = \"One\"\nkind = \"extract\"\n[[fields]]\nname = \"it\"\n\
         title = \"It\"\ntype = \"{kind}\"\nmax = 3\nask = \"Copy it.\"\n+++\n## system\nCopy.\n\n\
         ## user\n{{{{ chunk }}}}\n{{{{ field.ask }}}}\n"
    );
    let template = Template::parse(&source, "one", None).expect("a sound template");
    let doc = Document::of_text("/a.txt", text);
    let mut start = 0;
    let cut = text.split_inclusive("\n\n").enumerate().map(|(index, part)| {
        let span = ByteSpan::new(start, start + part.len());
        start = span.end;
        Chunk { index, span, tokens: 10 }
    });
    let chunks: Vec<Chunk> = cut.collect();
    let work = Work::new(&template, &doc, "a.txt", &chunks, None);
    let steps = if answers.is_empty() { Vec::new() } else { work.plan(1).expect("a plan") };
    work.conclude(&steps, answers)
}

fn all(result: &JobResult) -> Vec<(&str, Status, Opinion)> {
    let told = |f: &'_ Finding| (f.status, f.opinion);
    result
        .findings
        .iter()
        .map(|f| {
            let (status, opinion) = told(f);
            (f.text.as_str(), status, opinion)
        })
        .collect()
}

#[test]
fn of_repeated_words_those_after_the_quote_before_count() {
    // The second "the lower fee" is nearer to the deposit that was named before it.
    let text = "One pays the lower fee in May. Two pays in June, and so do all who come after \
        them or before. Three pays the deposit and then the lower fee in July.";
    let places = |answer: &str| -> Vec<usize> {
        let result = asked("text", text, &[said(answer)]);
        result.findings.iter().map(|finding| finding.quotes[0].span.start).collect()
    };
    let (first, deposit) = (text.find("the lower"), text.find("the deposit"));
    let last = text.rfind("the lower");
    assert_eq!(places("the lower fee"), [first.expect("it stands there")]);
    assert_eq!(
        places("the deposit\nthe lower fee"),
        [deposit.expect("it stands there"), last.expect("it stands there")]
    );
}

#[test]
fn of_repeated_words_those_in_the_part_that_was_read_count() {
    let text = "The lower fee is due.\n\nThe lower fee is due.";
    let result = asked("text", text, &[said("none"), said("The lower fee")]);
    assert_eq!(result.findings[0].quotes[0].span, ByteSpan::new(23, 36));
}

#[test]
fn a_quote_counts_once_however_often_an_answer_repeats_it() {
    let text = "The lower fee is due at once.";
    let answer = said("The lower fee\n- The lower fee\n\"The lower fee\"\nThe lower fee");
    let result = asked("text", text, &[answer]);
    assert_eq!(all(&result), [("The lower fee", Status::Anchored, Opinion::Model)]);
    assert_eq!(result.findings[0].quotes.len(), 1);
}

#[test]
fn a_quote_that_differs_in_punctuation_seconds_the_rules_if_it_reads_the_same() {
    let text = "It is dated March 1, 2026 and no later.";
    let found = asked("date", text, &[said("March 1 2026")]);
    assert_eq!(all(&found), [("March 1, 2026", Status::Anchored, Opinion::Both)]);
    let found = asked("date", text, &[said("March 2 2026")]);
    assert_eq!(found.findings.len(), 2, "{found:?}");
    let wrong = found.findings.iter().find(|f| f.text == "March 2 2026").expect("it is shown");
    assert_eq!((wrong.status, wrong.value.as_ref()), (Status::Unverified, None));
    assert!(wrong.why.as_deref().is_some_and(|why| why.contains('2') && why.contains('1')));
}

#[test]
fn a_piece_of_a_figure_is_no_figure_of_its_own() {
    for (kind, text, piece) in [
        ("date", "Signed on 1 May 2026.", "May 2026"),
        ("amount", "The price is $4 million in all.", "$4"),
    ] {
        let result = asked(kind, text, &[said(piece)]);
        let finding = result.findings.iter().find(|f| f.text == piece).expect("it is shown");
        assert_eq!(finding.status, Status::Unverified);
        let why = finding.why.as_deref().unwrap_or_default();
        let is_told = ["It is a piece of “", "The quote cuts a"].map(|said| why.starts_with(said));
        assert!(is_told.contains(&true), "{why}");
        let whole = result.findings.iter().find(|f| f.status == Status::Anchored);
        assert_eq!(whole.map(|f| f.opinion), Some(Opinion::Rules), "it confirms nothing");
    }
}

#[test]
fn a_quote_out_of_which_no_value_comes_is_never_anchored() {
    let text = "The fee is due on delivery of all of the goods to the Buyer in Bergen.";
    for (kind, quote) in [
        ("date", "on delivery"),
        ("amount", "The fee"),
        ("duration", "on delivery of all"),
        ("reference", "the goods"),
        ("definition", "The fee"),
        ("person", "the Buyer"),
        ("organisation", "Bergen"),
    ] {
        let result = asked(kind, text, &[said(quote)]);
        assert_eq!(all(&result), [], "{kind}");
        assert!(result.warnings[0].starts_with("A quote of the model was left out"), "{kind}");
    }
}

#[test]
fn the_number_of_a_list_item_is_no_part_of_the_quote() {
    let result = asked("date", "Signed on May 3, 2026.", &[said("1. May 3, 2026")]);
    assert_eq!(all(&result), [("May 3, 2026", Status::Anchored, Opinion::Both)]);
    let german = "Der Vertrag beginnt am 1. März 2026 und ist auf ein Jahr geschlossen.";
    let result = asked("date", german, &[said("1. März 2026")]);
    assert_eq!(all(&result), [("1. März 2026", Status::Anchored, Opinion::Both)]);
}

#[test]
fn what_one_side_found_comes_first_and_says_why() {
    let text = "Signed by Ola Brandt on 1 May 2026 and paid on 3 May 2026.";
    let result = asked("date", text, &[said("3 May 2026")]);
    let missed = "Only the rules found this; the model read this part and did not name it.";
    assert_eq!(result.findings[0].text, "1 May 2026");
    assert_eq!(result.findings[0].notes.one_sided.as_deref(), Some(missed));
    assert_eq!(result.findings[0].why, None, "it is no doubt of what was found");
    assert_eq!(
        (result.findings[1].opinion, result.findings[1].notes.one_sided.as_ref()),
        (Opinion::Both, None)
    );
    assert_eq!(result.sections[0].findings[0], result.findings[0].id);
}

#[test]
fn without_a_model_or_its_answer_there_is_reading_order_and_no_reproach() {
    let text = "Signed on 1 May 2026.\n\nPaid on 3 May 2026.";
    for answers in [vec![], vec![Outcome::Failed("It broke.".into()), said("3 May 2026")]] {
        let result = asked("date", text, &answers);
        let order: Vec<&str> = result.findings.iter().map(|f| f.text.as_str()).collect();
        assert_eq!(order, ["1 May 2026", "3 May 2026"]);
        assert!(result.findings.iter().all(|f| f.notes.one_sided.is_none()), "{result:?}");
    }
}

#[test]
fn a_full_list_is_not_held_against_the_rules() {
    let text = "On 1 May 2026, 2 May 2026, 3 May 2026 and 4 May 2026.";
    let result = asked("date", text, &[said("1 May 2026\n2 May 2026\n3 May 2026")]);
    assert_eq!(result.findings[0].text, "4 May 2026");
    let why = "Only the rules found this; the model's list was full.";
    assert_eq!(result.findings[0].notes.one_sided.as_deref(), Some(why));
}

#[test]
fn a_flood_of_made_up_lines_is_counted_and_not_listed() {
    let flood: Vec<String> = (1..=40).map(|n| format!("Payment number {n} of many\n")).collect();
    let flood = flood.concat();
    let result = asked("amount", "The price is $4.", &[said(&flood)]);
    let unverified = result.findings.iter().filter(|f| f.status == Status::Unverified).count();
    assert_eq!(unverified, 3, "as many as an answer may have");
    assert_eq!(
        result.warnings,
        ["37 further lines of the model's answers stand nowhere in the source."]
    );
}

#[test]
fn a_duty_without_the_word_that_denies_it_is_doubted() {
    let text = "Neither the agent nor his heirs at law or assigns of any kind whatsoever must pay.";
    let result = asked("text", text, &[said("the agent")]);
    let why = result.findings[0].why.as_deref();
    assert_eq!(why, Some("The source says “neither” before these words."));
}
