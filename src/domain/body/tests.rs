use proptest::prelude::*;

use super::*;
use crate::domain::document::{Format, PageState};
use crate::domain::finding::{Finding, FindingId, Notes, Opinion, Status};
use crate::domain::marks::AsideKind;
use crate::domain::sentence::sentences;

/// A document of one page for each text; `asides` are the first of these words.
fn document(pages: &[&str], asides: &[(&str, AsideKind)]) -> Document {
    let pages: Vec<_> = pages.iter().map(|page| (*page, PageState::Text)).collect();
    let mut doc = Document::of_pages("a.pdf", Format::Pdf, &pages);
    let mut from = 0;
    let asides = asides.iter().map(|(words, kind)| {
        let at = from + doc.text[from..].find(words).expect("the words stand there in this order");
        from = at + words.len();
        Aside { span: ByteSpan::new(at, from), kind: *kind }
    });
    doc.marks.asides = asides.collect();
    doc
}

fn read(doc: &Document) -> String {
    Body::of(doc, false).document().text.clone()
}

const HEAD: AsideKind = AsideKind::RunningHead;

#[test]
fn a_sentence_that_goes_on_over_a_running_head_is_one_sentence() {
    let pages = [
        "ACME\n\nThe Tenant shall pay the rent on the\n\nPage 1\n\n",
        "ACME\n\nfirst day of each month.\n\nThe end.\n",
    ];
    let doc = document(&pages, &[("ACME", HEAD), ("Page 1", HEAD), ("ACME", HEAD)]);
    let body = Body::of(&doc, false);
    let text = &body.document().text;
    assert_eq!(
        text,
        "The Tenant shall pay the rent on the\nfirst day of each month.\n\nThe end.\n"
    );
    let found = sentences(text);
    assert_eq!(
        found[0].slice(text),
        Some("The Tenant shall pay the rent on the\nfirst day of each month.")
    );
    let quoted = body.span(found[0]).slice(&doc.text).expect("it fits the document");
    assert!(quoted.starts_with("The Tenant") && quoted.ends_with("each month."), "{quoted}");
    assert!(quoted.contains("Page 1\n\nACME"), "the source's own bytes: {quoted}");
}

#[test]
fn what_ended_before_a_running_head_stays_ended() {
    let pages = ["It ends here.\n\nPage 1\n\n", "ACME\n\nThe next one.", "\n\nACME\n\nTITLE\n"];
    let doc = document(&pages, &[("Page 1", HEAD), ("ACME", HEAD), ("ACME", HEAD)]);
    assert_eq!(read(&doc), "It ends here.\n\nThe next one.\n\nTITLE\n");
    let title = document(&["LEASE\n\nACME\n\nThis is made"], &[("ACME", HEAD)]);
    assert_eq!(read(&title), "LEASE\n\nThis is made");
}

#[test]
fn pages_stay_where_their_own_text_is() {
    let pages = ["One two three four five six\n\nPage 1\n\n", "ACME\n\nseven.\n\n", "ACME"];
    let asides = [("Page 1", HEAD), ("ACME", HEAD), ("ACME", HEAD)];
    let doc = document(&pages, &asides);
    let body = Body::of(&doc, false);
    let read = body.document();
    let texts: Vec<_> = read.pages.iter().map(|page| page.span.slice(&read.text)).collect();
    assert_eq!(texts, [Some("One two three four five six\n"), Some("seven."), Some("")]);
}

#[test]
fn a_printed_line_number_leaves_one_line_end() {
    let text = " 1  Q. Did you see\n 2      the letter?\n 3\n 4  A. Yes.\n";
    let number = AsideKind::LineNumber;
    let asides = [(" 1 ", number), (" 2     ", number), (" 3", number), (" 4 ", number)];
    let doc = document(&[text], &asides);
    assert_eq!(read(&doc), "Q. Did you see\nthe letter?\n\nA. Yes.\n");
}

#[test]
fn hidden_words_go_and_words_beside_them_stay_apart() {
    let hidden = AsideKind::SameColour;
    let blocks = document(&["The fee is 90.\n\nnot\n\nNext"], &[("not", hidden)]);
    assert_eq!(read(&blocks), "The fee is 90.\n\nNext");
    let inline = document(&["pay not now"], &[("not", hidden)]);
    assert_eq!(read(&inline), "pay now");
    let glued = document(&["paynotnow"], &[("not", hidden)]);
    assert_eq!(read(&glued), "pay now");
    let lines = document(&["the fee\nnot\nis 90"], &[("not", hidden)]);
    assert_eq!(read(&lines), "the fee\nis 90");
}

#[test]
fn a_zero_width_character_parts_no_word() {
    let doc = document(&["pay\u{200b}ment due"], &[("\u{200b}", AsideKind::ControlCharacters)]);
    assert_eq!(read(&doc), "payment due");
}

#[test]
fn a_person_may_have_hidden_text_given_but_no_furniture() {
    let asides = [("not", AsideKind::Tiny), ("ACME", HEAD)];
    let doc = document(&["Pay not now.\n\nACME\n"], &asides);
    let body = Body::of(&doc, true);
    assert_eq!(body.document().text, "Pay not now.");
    assert!(body.basis().with_hidden);
    let said = body.given_beside();
    let wanted = "This job was given what is set aside otherwise: text too small to see.";
    assert_eq!(said.as_deref(), Some(wanted));
    let plain = document(&["Pay now.\n\nACME\n"], &[("ACME", HEAD)]);
    let body = Body::of(&plain, true);
    assert!(!body.basis().with_hidden, "there was nothing to give");
    assert_eq!(body.given_beside(), None);
    let asides = [("not", AsideKind::Comment), ("ever", AsideKind::Tiny)];
    let two = document(&["Pay not ever now."], &asides);
    let said = Body::of(&two, true).given_beside().expect("both were given");
    assert!(said.ends_with(": comments and text too small to see."), "{said}");
}

#[test]
fn a_document_without_asides_is_not_copied() {
    let doc = document(&["Pay now."], &[]);
    assert!(matches!(Body::of(&doc, false).read, Cow::Borrowed(_)));
}

fn result(body: &Body<'_>, words: &str) -> JobResult {
    let text = &body.document().text;
    let at = text.find(words).expect("the words are in the body");
    let span = ByteSpan::new(at, at + words.len());
    let finding = Finding {
        id: FindingId("1".into()),
        kind: "text".into(),
        text: words.into(),
        value: None,
        quotes: vec![Quote::of(body.document(), span)],
        status: Status::Anchored,
        why: None,
        opinion: Opinion::Rules,
        notes: Notes::default(),
    };
    JobResult {
        job: "extract".into(),
        template_sha256: String::new(),
        seconds: 0.0,
        findings: vec![finding],
        sections: Vec::new(),
        warnings: Vec::new(),
        coverage: Coverage::of(body.document(), None, &[ByteSpan::new(0, text.len())]),
        source: body.source().source.clone(),
        basis: Basis::default(),
        model: String::new(),
        engine: String::new(),
        model_sha256: String::new(),
    }
}

#[test]
fn a_result_comes_back_with_the_documents_own_bytes_and_all_of_them_accounted_for() {
    let pages = ["The term is three years and it\n\nPage 1\n\n", "renews.\n\nmine\n"];
    let doc = document(&pages, &[("Page 1", HEAD), ("mine", AsideKind::Comment)]);
    let body = Body::of(&doc, false);
    let result = body.restore(result(&body, "years and it\nrenews"), None);
    let quote = &result.findings[0].quotes[0];
    assert_eq!(quote.text, "years and it\n\nPage 1\n\nrenews");
    assert_eq!(quote.span.slice(&doc.text), Some(quote.text.as_str()));
    assert_eq!(quote.cite, "p. 1, line 1");
    assert_eq!(result.basis, Basis::of(&doc, false));
    let sum = result.coverage;
    assert_eq!(sum.total, doc.text.len());
    assert_eq!(sum.read + sum.excluded + sum.failed, sum.total);
    assert_eq!(sum.set_aside[&HEAD], "Page 1\n\n\n".len(), "with the layout that goes with it");
    assert_eq!(sum.set_aside.values().sum::<usize>(), sum.excluded);
    assert_eq!(sum.by_state[&PageState::Text], sum.total);
}

#[test]
fn what_was_set_aside_is_counted_as_what_it_is_and_adds_up() {
    let hidden = AsideKind::Tiny;
    let pages = ["The fee is 90.\n\nPage 1\n\n", "do not pay\n\nThe paynotnow end."];
    let doc = document(&pages, &[("Page 1", HEAD), ("do not pay", hidden), ("not", hidden)]);
    let body = Body::of(&doc, false);
    assert_eq!(body.document().text, "The fee is 90.\n\nThe pay now end.");
    let sum = body.restore(result(&body, "pay now"), None).coverage;
    let layout = "\n\n\n\n".len();
    assert_eq!(sum.set_aside[&HEAD], "Page 1".len() + layout);
    let blank = 1;
    assert_eq!(sum.set_aside[&hidden], "do not pay".len() + "not".len() - blank);
    assert_eq!(sum.set_aside.values().sum::<usize>(), sum.excluded);
}

#[test]
fn what_is_chosen_of_a_document_is_found_in_its_body() {
    let doc = document(&["One two.\n\nACME\n\nThree four."], &[("ACME", HEAD)]);
    let body = Body::of(&doc, false);
    let chosen = |words: &str| {
        let at = doc.text.find(words).expect("it is there");
        body.passage(ByteSpan::new(at, at + words.len())).slice(&body.document().text)
    };
    assert_eq!(chosen("two.\n\nACME\n\nThree"), Some("two.\n\nThree"));
    assert_eq!(chosen("ACME"), Some(""));
    let glued = document(&["paynotnow"], &[("not", AsideKind::Tiny)]);
    let body = Body::of(&glued, false);
    assert_eq!(body.passage(ByteSpan::new(0, 3)), ByteSpan::new(0, 3), "no blank behind it");
}

#[test]
fn marks_that_do_not_fit_the_text_harm_nothing() {
    let mut doc = document(&["älter"], &[]);
    for (start, end) in [(1, 3), (3, 99), (50, 60)] {
        let span = ByteSpan::new(start, end);
        doc.marks.asides = vec![Aside { span, kind: HEAD }];
        assert_eq!(read(&doc), "älter");
    }
}

fn kinds() -> impl Strategy<Value = AsideKind> {
    prop_oneof![
        Just(HEAD),
        Just(AsideKind::LineNumber),
        Just(AsideKind::Tiny),
        Just(AsideKind::ControlCharacters),
    ]
}

proptest! {
    #[test]
    fn every_span_of_the_body_is_found_in_the_document_and_back(
        pieces in proptest::collection::vec(
            ("[a-zä. \\n]{0,12}", proptest::option::of(kinds())), 1..8,
        ),
        ends in (0.0..1.0f64, 0.0..1.0f64),
    ) {
        let texts: Vec<&str> = pieces.iter().map(|(text, _)| text.as_str()).collect();
        let mut doc = document(&texts, &[]);
        for (page, (_, kind)) in doc.pages.iter().zip(&pieces) {
            let aside = kind.filter(|_| !page.span.is_empty());
            doc.marks.asides.extend(aside.map(|kind| Aside { span: page.span, kind }));
        }
        let body = Body::of(&doc, false);
        let text = &body.document().text;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
        let at = |share: f64| text.floor_char_boundary((share * (text.len() + 1) as f64) as usize);
        let (a, b) = (at(ends.0), at(ends.1));
        let span = ByteSpan::new(a.min(b), a.max(b));
        let there = body.span(span);
        let own = there.slice(&doc.text);
        prop_assert!(own.is_some(), "{there:?} does not fit {:?}", doc.text);
        // The words are the same ones, apart from what was set aside between them.
        let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let quoted = span.slice(text).map(letters).unwrap_or_default();
        let mut rest = own.map(letters).unwrap_or_default();
        let mut wanted = quoted.chars().peekable();
        rest.retain(|c| wanted.next_if_eq(&c).is_none());
        prop_assert_eq!(wanted.next(), None);
        // What has letters at both ends comes back as it was.
        let is_inked = |s: &str| s.trim() == s && !s.is_empty();
        if span.slice(text).is_some_and(is_inked) {
            prop_assert_eq!(body.passage(there), span);
        }
        let pages: usize = body.document().pages.iter().map(|page| page.span.len()).sum();
        prop_assert_eq!(pages, text.len(), "the pages tile the body");
        let restored = body.restore(JobResult {
            coverage: Coverage::of(body.document(), None, &[ByteSpan::new(0, text.len())]),
            ..empty(&doc)
        }, None);
        let sum = restored.coverage;
        prop_assert_eq!(sum.read + sum.excluded + sum.failed, doc.text.len());
        prop_assert_eq!(sum.by_state.values().sum::<usize>(), doc.text.len());
        prop_assert_eq!(sum.set_aside.values().sum::<usize>(), sum.excluded);
        // Of a passage all is read but what was set aside in it.
        let within = body.passage(there);
        let whole = [ByteSpan::new(0, text.len())];
        let coverage = Coverage::of(body.document(), Some(within), &whole);
        let result = JobResult { coverage, ..empty(&doc) };
        let sum = body.restore(result, Some(there)).coverage;
        let set_aside: usize = sum.set_aside.values().sum();
        prop_assert_eq!(sum.read + set_aside, there.len());
    }
}

fn empty(doc: &Document) -> JobResult {
    let whole = Body::of(doc, true);
    let mut result = JobResult {
        job: String::new(),
        template_sha256: String::new(),
        seconds: 0.0,
        findings: Vec::new(),
        sections: Vec::new(),
        warnings: Vec::new(),
        coverage: Coverage::default(),
        source: doc.source.clone(),
        basis: Basis::default(),
        model: String::new(),
        engine: String::new(),
        model_sha256: String::new(),
    };
    result.basis = whole.basis().clone();
    result
}
