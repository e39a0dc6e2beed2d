use jiff::civil::date;

use crate::domain::fact::{FactKind, Value};
use crate::domain::recognise::recognise;

use super::*;

/// Words and value of every period in `text`.
fn seen(text: &str) -> Vec<(String, String)> {
    let facts = recognise(text).into_iter().filter(|fact| fact.kind == FactKind::Duration);
    facts
        .map(|fact| {
            let Some(Value::Text(value)) = fact.value else { panic!("a period has a value") };
            (fact.span.slice(text).expect("a span of the text").to_owned(), value)
        })
        .collect()
}

#[track_caller]
fn assert_period(text: &str, words: &str, value: &str) {
    assert_eq!(seen(text), [(words.to_owned(), value.to_owned())], "{text}");
}

#[test]
fn periods_are_read_in_figures_words_and_both() {
    assert_period("a term of three (3) years.", "three (3) years", "P3Y");
    assert_period("paid in 30 days.", "30 days", "P30D");
    assert_period(
        "a term of twelve (12) full calendar months.",
        "twelve (12) full calendar months",
        "P12M",
    );
    assert_period("it took six weeks.", "six weeks", "P6W");
    assert_period("a ninety (90)-day period", "ninety (90)-day", "P90D");
    assert_period("the 12-month term", "12-month", "P12M");
    assert_period("some 30 (thirty) days later", "30 (thirty) days", "P30D");
    assert_period("a term of two years and six months.", "two years and six months", "P2Y6M");
    assert_period("a term of 2.5 years.", "2.5 years", "P30M");
    assert_period(
        "in one hundred and twenty (120) days.",
        "one hundred and twenty (120) days",
        "P120D",
    );
    assert_period("answers in 24 hours.", "24 hours", "PT24H");
    assert_period("in 30 to 60 days.", "30 to 60 days", "P30D/P60D");
}

#[test]
fn periods_are_read_in_six_languages() {
    for (text, words, value) in [
        ("Die Frist ist 90 Werktage und nicht mehr.", "90 Werktage", "P90D"),
        ("Der Vertrag ist auf zwei (2) Jahre und nicht mehr.", "zwei (2) Jahre", "P2Y"),
        ("Der Vertrag ist mit einer Frist von drei Monaten kündbar.", "drei Monaten", "P3M"),
        ("Le contrat est conclu pour trois (3) ans et pas plus.", "trois (3) ans", "P3Y"),
        ("Le délai est de trente jours ouvrés et pas plus.", "trente jours ouvrés", "P30D"),
        ("El plazo es de seis (6) meses y no más.", "seis (6) meses", "P6M"),
        ("El contrato es de dos años y no más.", "dos años", "P2Y"),
        ("Il contratto è di cinque (5) anni e non di più.", "cinque (5) anni", "P5Y"),
        ("O prazo é de trinta (30) dias úteis e não mais.", "trinta (30) dias úteis", "P30D"),
        ("O contrato é de dois anos e não mais.", "dois anos", "P2Y"),
    ] {
        assert_period(text, words, value);
    }
}

#[test]
fn a_period_names_what_it_is_counted_from() {
    for (text, words, value) in [
        (
            "ends two years from the Effective Date.",
            "two years from the Effective Date",
            "P2Y from the Effective Date",
        ),
        (
            "runs five years after the date of this Agreement unless ended.",
            "five years after the date of this Agreement",
            "P5Y from the date of this Agreement",
        ),
        (
            "until the fifth (5th) anniversary of the Effective Date.",
            "fifth (5th) anniversary of the Effective Date",
            "P5Y from the Effective Date",
        ),
        (
            "pay within 30 days of receipt of the invoice and in full.",
            "30 days of receipt of the invoice",
            "P30D from receipt of the invoice",
        ),
        (
            "at least 30 days before the end of the Term.",
            "30 days before the end of the Term",
            "P30D before the end of the Term",
        ),
        (
            "on sixty (60) days' written notice prior to the end of the Term.",
            "sixty (60) days' written notice prior to the end of the Term",
            "P60D before the end of the Term",
        ),
        ("and for one year thereafter.", "one year thereafter", "P1Y thereafter"),
        (
            "ends two years from January 1, 2018, or sooner.",
            "two years from January 1, 2018",
            "P2Y from January 1, 2018",
        ),
        (
            "It shall commence on the Effective Date and continue for a period of ten (10) years.",
            "ten (10) years",
            "P10Y from the Effective Date",
        ),
        (
            "zwei Jahre ab dem Stichtag, der hier genannt ist.",
            "zwei Jahre ab dem Stichtag",
            "P2Y from dem Stichtag",
        ),
        (
            "It shall commence on the Effective Date and extend for three years thereafter.",
            "three years thereafter",
            "P3Y from the Effective Date",
        ),
        (
            "Die Kündigung ist drei Monate vor Ablauf der Laufzeit zu erklären.",
            "drei Monate vor Ablauf der Laufzeit",
            "P3M before Ablauf der Laufzeit",
        ),
        (
            "Le contrat est conclu pour trois ans à compter de la signature.",
            "trois ans à compter de la signature",
            "P3Y from la signature",
        ),
        (
            "El plazo es de dos años a partir de la firma.",
            "dos años a partir de la firma",
            "P2Y from la firma",
        ),
        (
            "Il termine è di 30 giorni dalla consegna.",
            "30 giorni dalla consegna",
            "P30D from consegna",
        ),
        ("O prazo é de 30 dias após a entrega.", "30 dias após a entrega", "P30D from a entrega"),
    ] {
        assert_period(text, words, value);
    }
}

#[test]
fn what_it_is_counted_from_ends_where_another_clause_begins() {
    for (text, value) in [
        (
            "within 7 days of receipt of the crate return such goods",
            "P7D from receipt of the crate",
        ),
        ("within 7 days of receipt of the claim pursuant to it", "P7D from receipt of the claim"),
        ("60 days after the event giving rise to it", "P60D from the event"),
        ("five years from the Effective Date except for tax", "P5Y from the Effective Date"),
        ("on 30 days' prior written notice from the Buyer", "P30D"),
        ("30 days' notice from the date of the letter", "P30D from the date of the letter"),
        ("within one month of 16", "P1M"),
        ("three months from the earlier of (a) the sale", "P3M"),
        ("within 30 day of receipt", "P30D from receipt"),
        ("30 days after the return of the goods", "P30D from the return of the goods"),
    ] {
        let found = seen(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].1, value, "{text}");
    }
}

#[test]
fn words_and_figures_that_disagree_are_doubted() {
    let facts = recognise("a term of three (2) years.");
    let period = facts.iter().find(|fact| fact.kind == FactKind::Duration).expect("a period");
    assert_eq!(period.value, Some(Value::Text("P2Y".to_owned())));
    let doubt = period.doubt.as_deref().expect("a doubt");
    assert!(doubt.contains('3') && doubt.contains('2'), "{doubt}");
    let agreed = recognise("a term of twenty-four (24) months and of one (I) year.");
    assert!(agreed.iter().all(|fact| fact.doubt.is_none()), "{agreed:?}");
}

#[test]
fn ages_years_and_parts_of_other_numbers_are_no_periods() {
    for text in [
        "she is 18 years of age",
        "a 40 years old machine",
        "the 2019 year in review",
        "$30 days",
        "version 1.30 days",
        "Section 3/2 years",
        "calendar days of the month",
        "made on the 19 day of March, 2004",
        "made on the 19 day of ______, 2004",
    ] {
        assert_eq!(seen(text), [], "{text}");
    }
}

fn formula(text: &str) -> Formula {
    let view = crate::domain::recognise::view(text);
    let found = formulas(&view, Context::of(&view));
    assert_eq!(found.len(), 1, "{found:?}");
    found[0]
}

#[test]
fn dates_are_counted_as_people_count_them() {
    for (text, base, expected) in [
        ("one year from the start", date(2018, 1, 15), Some(date(2019, 1, 15))),
        ("one month after the start", date(2023, 1, 31), Some(date(2023, 2, 28))),
        ("one month after the start", date(2024, 1, 31), Some(date(2024, 2, 29))),
        ("one year from the start", date(2024, 2, 29), Some(date(2025, 2, 28))),
        ("30 days before the end", date(2024, 3, 31), Some(date(2024, 3, 1))),
        ("two weeks after the start", date(2024, 12, 25), Some(date(2025, 1, 8))),
        ("the second anniversary of the start", date(2020, 6, 1), Some(date(2022, 6, 1))),
        ("ten business days after the start", date(2024, 1, 1), None),
        ("48 hours after the start", date(2024, 1, 1), None),
        ("9000 years after the start", date(2024, 1, 1), None),
    ] {
        assert_eq!(formula(text).date_from(base), expected, "{text}");
    }
}

#[test]
fn a_period_between_two_lengths_is_no_formula() {
    let view = "in 30 to 60 days after the start";
    assert_eq!(formulas(view, Context::of(view)), []);
}

#[test]
fn the_words_a_formula_is_counted_from_have_their_place() {
    let text = "It begins on the Effective Date and shall continue for three years.";
    let found = formula(text);
    assert_eq!(found.span.slice(text), Some("three years"));
    assert_eq!(found.base.and_then(|base| base.slice(text)), Some("the Effective Date"));
    assert_eq!((found.years, found.direction), (3, Direction::After));
}
