use mistralrs::core::llguidance::{Matcher, ParserFactory, api::TopLevelGrammar, toktrie};
use proptest::prelude::*;
use toktrie::ApproximateTokEnv;

use super::*;
use crate::domain::recognise::language;

/// Whether a constraint lets the whole of `answer` through and end there. Every
/// byte is a token here, which is the hardest case for a grammar.
fn allows(constraint: &Constraint, answer: &str) -> bool {
    let env = ApproximateTokEnv::single_byte_env();
    let factory = ParserFactory::new_simple(&env).expect("a factory");
    let grammar = lark(constraint, &[]).expect("a grammar");
    let parser = factory.create_parser(TopLevelGrammar::from_lark(grammar)).expect("a parser");
    let mut matcher = Matcher::new(Ok(parser));
    let bytes: Vec<u32> = answer.bytes().map(u32::from).collect();
    let taken = matcher.try_consume_tokens(&bytes).expect("no error");
    taken == bytes.len() && (matcher.is_stopped() || matcher.is_accepting().expect("no error"))
}

fn quoting(source: &str) -> Constraint {
    Constraint::Quotes { source: source.to_owned(), max: 3, max_words: 8, shape: Shape::Any }
}

const CLAUSE: &str = "\"Fee\" means $4,500.50 (net), due by\n 12 March 2024; don't pay 5% more.\n\nNext clause\tbegins";

#[test]
fn a_quote_is_a_run_of_whole_words() {
    let c = quoting(CLAUSE);
    for quote in
        ["Fee", "\"Fee\" means", "$4,500.50 (net)", "12 March 2024", "don't pay 5%", "(net), due"]
    {
        assert!(allows(&c, quote), "{quote:?}");
    }
    for wrong in [
        "ee",
        "Fees",
        "4,500.50",
        "4,500",
        "12 March 202",
        "5",
        "Fee means",
        "",
        " Fee",
        "Fee ",
        "due by 12 April",
    ] {
        assert!(!allows(&c, wrong), "{wrong:?}");
    }
}

#[test]
fn a_quote_runs_over_a_wrapped_line_but_not_over_a_blank_one() {
    let c = quoting(CLAUSE);
    assert!(allows(&c, "due by 12 March"));
    assert!(allows(&c, "Next clause begins"));
    assert!(!allows(&c, "more. Next"));
    assert!(!allows(&c, "more.\n\nNext"));
}

#[test]
fn there_are_at_most_so_many_quotes_of_so_many_words() {
    let c = quoting(CLAUSE);
    assert!(allows(&c, "Fee\ndue by\nNext clause"));
    assert!(!allows(&c, "Fee\ndue by\nNext clause\nnet"));
    assert!(allows(&c, "means $4,500.50 (net), due by 12 March 2024;"));
    assert!(!allows(&c, "means $4,500.50 (net), due by 12 March 2024; don't"));
    assert!(allows(&c, NONE));
    assert!(!allows(&c, "none\nFee"));
}

#[test]
fn one_quote_of_one_word_and_one_number_can_be_asked_for() {
    let source = CLAUSE.to_owned();
    for shape in [Shape::Any, Shape::Date] {
        let one = Constraint::Quotes { source: source.clone(), max: 1, max_words: 1, shape };
        assert!(allows(&one, NONE), "{shape:?}");
        assert_eq!(allows(&one, "Fee"), shape == Shape::Any);
        assert!(!allows(&one, "Fee\nFee"));
    }
    for of in [3, 5_000] {
        let one = Constraint::Pick { of, max: 1 };
        assert!(allows(&one, "2") && allows(&one, NONE), "{of}");
        assert!(!allows(&one, "2, 3"), "{of}");
    }
}

#[test]
fn an_empty_source_leaves_only_none() {
    assert!(allows(&quoting(" \n "), NONE));
    assert!(!allows(&quoting(" \n "), " "));
}

#[test]
fn quotes_of_other_scripts_and_odd_characters_work() {
    let source = "Kündigung: §5 Abs. 2 – €1.000 \"\\\" </s> %regex {} \u{7}bell";
    let c = quoting(source);
    for quote in ["Kündigung: §5 Abs. 2 – €1.000", "</s> %regex {}", "\"\\\" </s>", "\u{7}bell"]
    {
        assert!(allows(&c, quote), "{quote:?}");
    }
    assert!(!allows(&c, "K"));
}

#[test]
fn picks_are_different_numbers_in_range() {
    let c = Constraint::Pick { of: 12, max: 3 };
    for answer in ["1", "12", "3, 7", "1, 2, 12", NONE] {
        assert!(allows(&c, answer), "{answer:?}");
    }
    for answer in ["0", "13", "3, 3", "7, 3", "1, 2, 3, 4", "3,7", "", "3, ", "none, 1"] {
        assert!(!allows(&c, answer), "{answer:?}");
    }
    assert!(!allows(&Constraint::Pick { of: 0, max: 3 }, "1"));
}

#[test]
fn a_pick_out_of_very_many_stays_in_range() {
    let c = Constraint::Pick { of: 900, max: 5 };
    assert!(allows(&c, "17, 899, 900"));
    assert!(!allows(&c, "901"));
    assert!(!allows(&c, "1, 2, 3, 4, 5, 6"));
}

fn locking(literals: &[&str]) -> Constraint {
    let literals = literals.iter().map(|l| (*l).to_owned()).collect();
    Constraint::Locked(Lock { literals, ..Lock::default() })
}

#[test]
fn a_locked_paragraph_has_only_the_numbers_it_was_given() {
    let c = locking(&["12 March 2024", "$4,500", "40", "4"]);
    for text in [
        "Please pay $4,500 by 12 March 2024.",
        "They \"failed\" to deliver 40 units (or 4), which isn't fine!",
        "A 40-day term - e.g. this one - ends; is it so?",
        "The client’s U.S. office is well-known.",
    ] {
        assert!(allows(&c, text), "{text:?}");
    }
    for text in [
        "Please pay $4,600 by 12 March 2024.",
        "Pay 404 units.",
        "Pay 4.40 units.",
        "Pay 4,40 units.",
        "Pay $4.",
        "Pay €40.",
        "Pay 40%.",
        "The 4th unit.",
        "See Q4.",
        "It ends without a stop",
        "Two\nparagraphs.",
        "",
    ] {
        assert!(!allows(&c, text), "{text:?}");
    }
}

#[test]
fn a_locked_paragraph_has_only_the_names_it_was_given() {
    let source = "Acme Ltd shall pay Dana O'Neill two fees by 12 March 2024. The NDA ends.";
    let c = Constraint::Locked(crate::domain::factcheck::lock(source, language(source)));
    for text in [
        "Dana O'Neill is paid two fees by Acme Ltd. However, the NDA's term ends by 12 March 2024!",
        "Acme Ltd shall pay. We thank Dana for the NDA-based work (two fees).",
        "Fees are paid by Acme to Dana O'Neill.",
        "“It's late”, says Dana.",
    ] {
        assert!(allows(&c, text), "{text:?}");
    }
    for text in [
        "Bolt Ltd shall pay.",
        "We pay Acme and Bolt.",
        "Dana went to Paris.",
        "Acme pays three fees.",
        "Acme pays twenty-two fees.",
        "Acme pays two million dollars.",
        "Acme pays In time.",
        "Acme pays on Monday.",
        "AcmeBolt pays.",
        "ACME pays.",
        "Acme pays by 13 March 2024.",
    ] {
        assert!(!allows(&c, text), "{text:?}");
    }
}

#[test]
fn a_german_paragraph_keeps_its_nouns_free_and_its_numbers_locked() {
    let source = "Die Firma Halden zahlt am 3. Mai 2025 zwei Raten.";
    let c = Constraint::Locked(crate::domain::factcheck::lock(source, language(source)));
    assert!(allows(&c, "Zwei Raten werden am 3. Mai 2025 von der Firma Halden bezahlt."));
    assert!(allows(&c, "Die Zahlung der zwei Raten erfolgt am 3. Mai 2025."));
    assert!(!allows(&c, "Die Zahlung der drei Raten erfolgt am 3. Mai 2025."));
    assert!(!allows(&c, "Die Zahlung erfolgt am 4. Mai 2025."));
}

#[test]
fn without_literals_a_locked_paragraph_has_no_digits() {
    let c = locking(&["no digits here"]);
    assert!(allows(&c, "All is well."));
    assert!(!allows(&c, "All is 5."));
}

#[test]
fn the_end_ids_are_part_of_the_grammar() {
    let lark = lark(&Constraint::Pick { of: 2, max: 1 }, &[2, 0]).expect("a grammar");
    assert!(lark.starts_with("start: body (<[2,0]>)?\n"), "{lark}");
    assert_eq!(super::lark(&Constraint::Free, &[2]), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_run_of_words_of_any_source_can_be_quoted(
        words in prop::collection::vec("[\\PC&&\\S]{1,6}", 1..12),
        from in 0usize..12,
        len in 1usize..8,
    ) {
        let from = from.min(words.len() - 1);
        let to = (from + len).min(words.len());
        let quote = words[from..to].join(" ");
        prop_assert!(allows(&quoting(&words.join(" ")), &quote));
    }
}

#[test]
fn a_source_too_long_to_lock_leaves_the_answer_free() {
    assert_eq!(lark(&quoting(&"a word ".repeat(40_000)), &[]), None);
}

fn shaped(source: &str, shape: Shape) -> Constraint {
    Constraint::Quotes { source: source.to_owned(), max: 3, max_words: 70, shape }
}

#[test]
fn a_shape_lets_only_its_own_kind_of_quote_through() {
    let source = "On 12 March 2024, the 1st day of May, 2025 and 30.06.2026 Dr. Anna Keller of \
        Halden Marine Ltd paid $4,500.00 and EUR 48.500,00, or two thousand; the Supplier shall \
        deliver within 10 days of March 2027.";
    let cases: [(Shape, &[&str], &[&str]); 4] = [
        (
            Shape::Date,
            &["12 March 2024", "1st day of May, 2025", "30.06.2026", "March 2027"],
            &["10", "12", "10 days", "the Supplier", "within 10 days of March"],
        ),
        (Shape::Amount, &["$4,500.00", "EUR 48.500,00"], &["10", "2024", "or two thousand"]),
        (
            Shape::Name,
            &["Anna Keller", "Halden Marine Ltd", "Anna Keller of Halden"],
            &["the Supplier", "paid", "12 March 2024"],
        ),
        (
            Shape::Duty,
            &[source],
            &["Halden Marine Ltd paid $4,500.00", "the Supplier shall deliver within 10 days"],
        ),
    ];
    for (shape, right, wrong) in cases {
        let c = shaped(source, shape);
        assert!(allows(&c, "none"), "{shape:?}");
        for quote in right {
            assert!(allows(&c, quote), "{shape:?}: {quote}");
        }
        for quote in wrong {
            assert!(!allows(&c, quote), "{shape:?}: {quote}");
        }
    }
}

#[test]
fn a_source_without_anything_of_the_shape_leaves_only_none() {
    let c = shaped("Nothing here has a day or a month.", Shape::Date);
    assert!(allows(&c, "none"));
    assert!(!allows(&c, "Nothing"));
}

#[test]
fn every_shape_is_taken_on_over_a_chunk_of_a_real_contract() {
    let contract = include_str!("../../../../samples/mutual-nda.md");
    let chunk = &contract[..contract.floor_char_boundary(5_000)];
    let duty = "2.2 The Recipient may not copy the Confidential Information except so far as is \
        reasonably necessary for the Purpose.";
    for (shape, quote) in [
        (Shape::Date, "11 March 2026"),
        (Shape::Amount, "none"),
        (Shape::Name, "Halden Marine Ltd"),
        (Shape::Duty, duty),
        (Shape::Any, "a company incorporated in England and Wales"),
    ] {
        assert!(allows(&shaped(chunk, shape), quote), "{shape:?}: {quote}");
    }
}

#[test]
fn duties_and_long_passages_are_taken_on_over_several_thousand_tokens() {
    let clause = |n: usize| {
        format!(
            "{n}.1 The Supplier shall deliver lot {n} of the pumps, valves and gauges listed in \
             Schedule {n} to the Buyer's yard number {n} within {n} days of an order, unless the \
             Buyer agrees to another day or place in writing. {n}.2 The Buyer may refuse lot {n} \
             where it differs from what was ordered.\n\n"
        )
    };
    let source: String = (1..=60).map(clause).collect();
    let duty = "40.1 The Supplier shall deliver lot 40 of the pumps, valves and gauges listed in \
                Schedule 40 to the Buyer's yard number 40 within 40 days of an order, unless the \
                Buyer agrees to another day or place in writing.";
    assert!(source.len() > 15_000);
    assert!(allows(&shaped(&source, Shape::Duty), duty));
    let any = Constraint::Quotes { source, max: 3, max_words: 70, shape: Shape::Any };
    assert!(allows(&any, duty));
    assert!(!allows(&any, "The Supplier shall not deliver lot 40"));
}
