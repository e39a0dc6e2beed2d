use proptest::prelude::*;

use super::*;
use crate::domain::fact::{FactKind, Value};

fn facts(text: &str, kind: FactKind) -> Vec<Fact> {
    recognise(text).into_iter().filter(|fact| fact.kind == kind).collect()
}

fn shown(fact: &Fact) -> String {
    match &fact.value {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Amount { amount, currency }) => format!("{amount} {currency}"),
        None => "-".to_owned(),
    }
}

/// Values of one kind, in order.
fn values(text: &str, kind: FactKind) -> Vec<String> {
    facts(text, kind).iter().map(shown).collect()
}

fn quotes(text: &str, kind: FactKind) -> Vec<&str> {
    facts(text, kind)
        .iter()
        .map(|fact| fact.span.slice(text).expect("a span of the text"))
        .collect()
}

#[track_caller]
fn assert_date(text: &str, quote: &str, value: &str) {
    let found: Vec<(&str, String)> = facts(text, FactKind::Date)
        .iter()
        .map(|fact| (fact.span.slice(text).expect("a span of the text"), shown(fact)))
        .collect();
    assert_eq!(found, [(quote, value.to_owned())], "{text}");
}

#[test]
fn written_dates_have_iso_values() {
    assert_date("It begins on March 1, 2026 at noon.", "March 1, 2026", "2026-03-01");
    assert_date("It begins on 1 March 2026.", "1 March 2026", "2026-03-01");
    assert_date("made this 1st day of March, 2026 by", "1st day of March, 2026", "2026-03-01");
    assert_date("Der Vertrag beginnt am 1. März 2026.", "1. März 2026", "2026-03-01");
    assert_date("signed on 5-Mar-09 there", "5-Mar-09", "2009-03-05");
    assert_date("paid Dec. 31, 2025.", "Dec. 31, 2025", "2025-12-31");
    assert_date("until March 2026.", "March 2026", "2026-03");
    assert_date("due on April 1.", "April 1", "--04-01");
    assert_date("due on the 1st of April.", "1st of April", "--04-01");
    assert_date("in august of 2013 we launched", "august of 2013", "2013-08");
}

#[test]
fn spelled_out_dates_are_read() {
    assert_date(
        "on the first day of March, two thousand twenty-six",
        "first day of March, two thousand twenty-six",
        "2026-03-01",
    );
    assert_date(
        "on March twenty-third, nineteen ninety-nine,",
        "March twenty-third, nineteen ninety-nine",
        "1999-03-23",
    );
}

#[test]
fn ordinals_torn_apart_are_mended() {
    assert_date("dated as of the 16t h day of May, 2017,", "16t h day of May, 2017", "2017-05-16");
    assert_date("Hamburg, November 19t h, 2012", "November 19t h, 2012", "2012-11-19");
}

#[test]
fn blanks_make_partial_dates() {
    for (text, quote, value) in [
        ("this ___ day of ______, 2026", "___ day of ______, 2026", "2026"),
        ("as of [●] 2026", "[●] 2026", "2026"),
        ("as of [__] March 2026", "[__] March 2026", "2026-03"),
        ("made this ____ day of March, 2018", "____ day of March, 2018", "2018-03"),
        ("as of March __, 2026", "March __, 2026", "2026-03"),
        ("as of March 5, 20__ by", "March 5, 20__", "--03-05"),
        ("as of the [ ] day of [ ], 2020", "[ ] day of [ ], 2020", "2020"),
        ("this ____ day of ____, 20__", "____ day of ____, 20__", "-"),
    ] {
        assert_date(text, quote, value);
        assert!(facts(text, FactKind::Date)[0].doubt.is_some(), "{text}");
    }
}

#[test]
fn numeric_dates_of_every_custom_are_read() {
    assert_date("on 2026-03-01 there", "2026-03-01", "2026-03-01");
    assert_date("at 2026-03-01T10:30Z", "2026-03-01", "2026-03-01");
    assert_date("am 1.3.2026 beginnt die Frist und der Lauf", "1.3.2026", "2026-03-01");
    assert_date("bis zum 30.06. ist die Rechnung zu zahlen und der Rest", "30.06.", "--06-30");
    assert_date("due 12/31/69 then", "12/31/69", "2069-12-31");
    assert_date("due 12/31/70 then", "12/31/70", "1970-12-31");
    assert_date("valid to 03/2026 only", "03/2026", "2026-03");
}

#[test]
fn the_documents_own_dates_settle_day_and_month() {
    let doubtful = facts("due on 03/11/2026", FactKind::Date);
    assert_eq!(shown(&doubtful[0]), "2026-03-11");
    assert!(doubtful[0].doubt.is_some());
    let text = "The parties met on 25/02/2026 and again on 03/11/2026.";
    assert_eq!(values(text, FactKind::Date), ["2026-02-25", "2026-11-03"]);
    assert!(facts(text, FactKind::Date).iter().all(|fact| fact.doubt.is_none()));
    let german = "Der Lieferant liefert die Ware am 03/11/2026 und nicht vor dem Termin.";
    assert_eq!(values(german, FactKind::Date), ["2026-11-03"]);
}

#[test]
fn other_numbers_are_no_dates() {
    for text in [
        "February 30, 2026",
        "31/31/2026",
        "Section 12.3.1 and clause 12.3.15 apply",
        "version 1.3.2026 of the tool",
        "host 10.1.20.30",
        "call 555-03-2019 now",
        "at 10:30 in room 3/4",
        "within ninety (90) days",
        "the parties may 5 times",
        "sort code 20-12-34",
        "Sections 12.2.14, 12.2.15 and 12.2.16",
    ] {
        assert_eq!(quotes(text, FactKind::Date), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn two_close_dates_stay_two() {
    let text = "Notice goes out on March 1, 2026, the term ends on March 11, 2026.";
    assert_eq!(values(text, FactKind::Date), ["2026-03-01", "2026-03-11"]);
}

#[test]
fn a_date_may_run_over_a_line_and_its_number() {
    let text = "  1   Q.  When was it signed?\n  2   A.  I believe it was on the day of March\n  3   1, 2026, in the afternoon,\n  4   as far as I can remember it.\n  5   Q.  Thank you.\n  6   A.  Yes.\n";
    assert_eq!(values(text, FactKind::Date), ["2026-03-01"]);
    assert_eq!(quotes(text, FactKind::Date), ["March\n  3   1, 2026"]);
}

#[track_caller]
fn assert_amount(text: &str, quote: &str, value: &str) {
    assert_eq!(quotes(text, FactKind::Amount), [quote], "{text}");
    assert_eq!(values(text, FactKind::Amount), [value], "{text}");
}

#[test]
fn amounts_have_one_notation() {
    assert_amount("a fee of $4,500.00.", "$4,500.00", "4500.00 $");
    assert_amount("pays USD 90,000 at once", "USD 90,000", "90000 USD");
    assert_amount("about £3.2 million.", "£3.2 million", "3200000 GBP");
    assert_amount("a $16-billion plan", "$16-billion", "16000000000 $");
    assert_amount("Der Preis ist EUR 48.500,00 und wird gezahlt.", "EUR 48.500,00", "48500.00 EUR");
    assert_amount("Die Summe von 1,5 Mio. EUR ist zu zahlen.", "1,5 Mio. EUR", "1500000 EUR");
    assert_amount(
        "Der Preis ist 48 500 € und der Rest",
        "48 500 €",
        "48500 €".replace('€', "EUR").as_str(),
    );
    assert_amount(
        "four thousand five hundred dollars",
        "four thousand five hundred dollars",
        "4500 $",
    );
    assert_amount(
        "Der Preis von achtundvierzigtausendfünfhundert Euro ist fällig.",
        "achtundvierzigtausendfünfhundert Euro",
        "48500 EUR",
    );
    assert_amount("US$ 1,000.50 is due", "US$ 1,000.50", "1000.50 USD");
    assert_amount("an advance of $500 CAD", "$500 CAD", "500 CAD");
}

#[test]
fn words_and_figures_are_one_amount_and_doubted_where_they_differ() {
    let agreed = "a price of thirty-five thousand dollars ($35,000) is due";
    assert_amount(agreed, "thirty-five thousand dollars ($35,000)", "35000 $");
    assert_eq!(facts(agreed, FactKind::Amount)[0].doubt, None);
    let torn = "a price of thirty-five thousand dollars ($33,500) is due";
    assert_amount(torn, "thirty-five thousand dollars ($33,500)", "33500 $");
    let doubt = facts(torn, FactKind::Amount)[0].doubt.clone().expect("a doubt");
    assert!(doubt.contains("35000") && doubt.contains("33500"), "{doubt}");
    assert_amount(
        "Der Preis von 48.500,00 EUR (in Worten: achtundvierzigtausendfünfhundert Euro) ist fällig.",
        "48.500,00 EUR (in Worten: achtundvierzigtausendfünfhundert Euro)",
        "48500.00 EUR",
    );
}

#[test]
fn other_numbers_are_no_amounts() {
    for text in [
        "a rate of 5% and 5 per cent",
        "ninety (90) days",
        "40 units of 50 pounds each",
        "half a million dollars",
    ] {
        assert_eq!(quotes(text, FactKind::Amount), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn organisations_are_found_by_their_legal_form() {
    for (text, name) in [
        ("This agreement is between Harlow Freight Ltd and the buyer.", "Harlow Freight Ltd"),
        (
            "sold by Northwind Instruments GmbH & Co. KG in Kiel",
            "Northwind Instruments GmbH & Co. KG",
        ),
        ("The court heard Orme & Vale LLP.", "Orme & Vale LLP"),
        ("Lindqvist Marine, Inc., a Delaware corporation", "Lindqvist Marine, Inc."),
        ("a study by the University of Leeds shows", "University of Leeds"),
        ("Supplier Brightwater S.p.A. delivers", "Brightwater S.p.A."),
    ] {
        assert_eq!(quotes(text, FactKind::Organisation), [name], "{text}");
    }
}

#[test]
fn a_defined_party_is_an_organisation() {
    let text = "between Brightwater Analytics (the \"Supplier\") and Marlowe Foods, a company registered in York (the \"Customer\").";
    assert_eq!(quotes(text, FactKind::Organisation), ["Brightwater Analytics", "Marlowe Foods"]);
}

#[test]
fn people_are_found_by_titles_signatures_and_cues() {
    for (text, quote, value) in [
        ("We spoke to Ms. Whitlock today.", "Ms. Whitlock", "Whitlock"),
        ("Frau Dr. Anna Keller ist anwesend.", "Frau Dr. Anna Keller", "Anna Keller"),
        ("By: ____________ \nName: Thora Vance\nTitle: Director", "Thora Vance", "Thora Vance"),
        ("the deposition of Thora Vance was taken", "Thora Vance", "Thora Vance"),
        ("Attn: Thora Vance, Legal", "Thora Vance", "Thora Vance"),
        ("signed by Dana Whitlock yesterday", "Dana Whitlock", "Dana Whitlock"),
    ] {
        assert_eq!(quotes(text, FactKind::Person), [quote], "{text}");
        assert_eq!(values(text, FactKind::Person), [value], "{text}");
    }
}

#[test]
fn a_speaker_counts_once() {
    let text = "[00:01:05] Thora Vance: Good morning.\n[00:01:09] Pell Orrin: Morning.\n[00:01:12] Thora Vance: Shall we?\n";
    assert_eq!(quotes(text, FactKind::Person), ["Thora Vance", "Pell Orrin"]);
}

#[test]
fn two_similar_names_stay_two() {
    let text = "Anna Keller and Anne Keller met Jonas Brandt.";
    assert_eq!(values(text, FactKind::Person), ["Anna Keller", "Anne Keller", "Jonas Brandt"]);
}

#[test]
fn headings_months_and_defined_terms_are_no_names() {
    for text in [
        "LIMITATION OF LIABILITY\n\nThe Effective Date is in March and the Confidential Information stays.",
        "Governing Law. This Agreement and any Purchase Order are binding on the Company.",
        "a Nevada Corporation with its Insurance Company in Reno, NV 89501",
        "He lives in Charlotte Street near Victoria Park.",
        "Name: ________ Title: ________",
        "Q. Did you see it? A. Yes.",
    ] {
        let named: Vec<&str> = [FactKind::Person, FactKind::Organisation]
            .into_iter()
            .flat_map(|kind| quotes(text, kind))
            .collect();
        assert_eq!(named, Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn columns_of_signatures_do_not_run_together() {
    let text = "By: Thora Vance          By: Pell Orrin\n";
    assert_eq!(quotes(text, FactKind::Person), ["Thora Vance", "Pell Orrin"]);
}

#[track_caller]
fn assert_duty(text: &str, value: &str, rule: &str) {
    let found = facts(text, FactKind::Obligation);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((shown(&found[0]).as_str(), found[0].rule), (value, rule), "{text}");
}

#[test]
fn obligations_name_who() {
    assert_duty(
        "Upon termination, the Supplier shall return all goods.",
        "the Supplier",
        "obligation.modal",
    );
    assert_duty("Each party must keep the terms secret.", "Each party", "obligation.modal");
    assert_duty("The Buyer agrees to pay the price.", "The Buyer", "obligation.modal");
    assert_duty("The Customer will provide access.", "The Customer", "obligation.modal");
    assert_duty("The Buyer may not assign this agreement.", "The Buyer", "obligation.negated");
    assert_duty("Neither party shall disclose the terms.", "Neither party", "obligation.negated");
    assert_duty(
        "Der Lieferant hat die Ware bis Mai zu liefern.",
        "Der Lieferant",
        "obligation.modal",
    );
    assert_duty(
        "Der Lieferant ist verpflichtet, die Ware zu liefern.",
        "Der Lieferant",
        "obligation.modal",
    );
    assert_duty(
        "Nach Ablauf der Frist verpflichtet sich der Kunde zur Zahlung und ist in Verzug.",
        "der Kunde",
        "obligation.modal",
    );
    assert_duty("Der Kunde darf die Rechte nicht abtreten.", "Der Kunde", "obligation.negated");
}

#[test]
fn definitions_rights_and_talk_are_no_obligations() {
    for text in [
        "\"Goods\" shall mean the items in the list.",
        "The term Service shall have the meaning given below.",
        "The Buyer may assign this agreement.",
        "The Buyer is not required to pay the fee.",
        "The Buyer shall have the right to inspect the goods.",
        "It will rain, I must say.",
        "Must we go?",
        "Der Begriff Ware ist weit zu verstehen.",
    ] {
        assert_eq!(quotes(text, FactKind::Obligation), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn items_of_a_list_share_the_modal_before_it() {
    let text = "3.1 The Supplier shall:\n(a) deliver the goods;\n(b) insure them; and\n(c) report each week.\n3.2 The price is fixed.\n";
    assert_eq!(
        quotes(text, FactKind::Obligation),
        ["The Supplier shall:", "deliver the goods;", "insure them;", "report each week."]
    );
    assert!(values(text, FactKind::Obligation).iter().all(|who| who == "The Supplier"));
}

#[test]
fn an_obligation_over_several_lines_is_one_sentence() {
    let text = "The Supplier shall keep all of the goods in a dry place at its own cost and\nshall insure them against fire, theft and water for as long as they are with\nthe Supplier. The price is fixed.\n";
    assert_eq!(quotes(text, FactKind::Obligation).len(), 1);
    assert!(quotes(text, FactKind::Obligation)[0].ends_with("the Supplier."));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn facts_are_sorted_disjoint_and_inside_the_text(
        parts in prop::collection::vec(prop::sample::select(vec![
            "March", "1", ",", "2026", "$", "4,500", "dollars", "(", ")", "Acme", "Ltd", "Mr.", "Hale", "shall", "\n", " ",
            "ä", "“", "___", "day of", "[●]", "12/11/2025", "thirty", "five", ".", ";", "Dana", "Whitlock", ":", "der", "muss", "€", "\t",
        ]), 0..30),
        spaced in any::<bool>(),
    ) {
        let text = parts.join(if spaced { " " } else { "" });
        let facts = recognise(&text);
        for pair in facts.windows(2) {
            prop_assert!((pair[0].span, pair[0].kind) <= (pair[1].span, pair[1].kind));
        }
        for (at, fact) in facts.iter().enumerate() {
            prop_assert!(fact.span.slice(&text).is_some_and(|quote| !quote.is_empty()));
            prop_assert!(!facts[at + 1..].iter().any(|other| other.kind == fact.kind && other.span.overlaps(fact.span)));
        }
    }

    #[test]
    fn any_text_has_a_view_of_its_own_length(text in "\\PC{0,80}|[ \\n\\t0-9a-z.:<>*_-]{0,120}") {
        prop_assert_eq!(view(&text).len(), text.len());
        prop_assert!(recognise(&text).iter().all(|fact| fact.span.slice(&text).is_some()));
    }
}

#[test]
fn what_contracts_call_everyone_is_no_name() {
    for name in ["P. Sandhu", "Halden Marine", "Carrick Falls", "Anna Keller"] {
        assert!(may_be_a_name(name), "{name}");
    }
    for other in ["Dear Ms Reeves", "Q. The", "Business Days", "Receiving Party", ""] {
        assert!(!may_be_a_name(other), "{other}");
    }
}
