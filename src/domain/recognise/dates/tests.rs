use crate::domain::fact::{FactKind, Value};
use crate::domain::recognise::recognise;

/// Words and value of every date in `text`; a date without a value has "-".
fn seen(text: &str) -> Vec<(&str, String)> {
    let facts = recognise(text).into_iter().filter(|fact| fact.kind == FactKind::Date);
    facts
        .map(|fact| {
            let value = match fact.value {
                Some(Value::Text(value)) => value,
                _ => "-".to_owned(),
            };
            (fact.span.slice(text).expect("a span of the text"), value)
        })
        .collect()
}

#[track_caller]
fn assert_dates(text: &str, expected: &[(&str, &str)]) {
    let seen = seen(text);
    let seen: Vec<(&str, &str)> =
        seen.iter().map(|(words, value)| (*words, value.as_str())).collect();
    assert_eq!(seen, expected, "{text}");
}

#[track_caller]
fn assert_doubted(text: &str, is_doubted: bool) {
    let facts = recognise(text);
    let date = facts.iter().find(|fact| fact.kind == FactKind::Date).expect("a date");
    assert_eq!(date.doubt.is_some(), is_doubted, "{text}: {:?}", date.doubt);
}

#[test]
fn ordinals_are_read_however_a_reader_left_them() {
    for (text, words, value) in [
        ("made this 16t h day of May, 2017 by", "16t h day of May, 2017", "2017-05-16"),
        ("made this 19 t h day of May, 2017 by", "19 t h day of May, 2017", "2017-05-19"),
        ("on the 1 st of June 2020.", "1 st of June 2020", "2020-06-01"),
        ("made the 1 4th day of June, 2011.", "1 4th day of June, 2011", "2011-06-14"),
        ("made the [15th] day of [March], 2012.", "15th] day of [March], 2012", "2012-03-15"),
        ("signed on Jan-1-2014 there.", "Jan-1-2014", "2014-01-01"),
        ("signed on 2014-Jan-05 there.", "2014-Jan-05", "2014-01-05"),
        ("made the lst day of June, 2020.", "lst day of June, 2020", "2020-06-01"),
        ("on the third (3rd) day of June, 2020.", "third (3rd) day of June, 2020", "2020-06-03"),
        ("on November19,2012 in", "November19,2012", "2012-11-19"),
        ("the 20th day of Friday, March 2020.", "20th day of Friday, March 2020", "2020-03-20"),
        (
            "the 5th day of the month of July, A.D. 2019.",
            "5th day of the month of July, A.D. 2019",
            "2019-07-05",
        ),
        ("the nineteenth of March it was.", "nineteenth of March", "--03-19"),
        (
            "the first day of May, two thousand and nine.",
            "first day of May, two thousand and nine",
            "2009-05-01",
        ),
        ("From a@b.org Wed Jul 16 06:24:10 +0000 2008", "Jul 16 06:24:10 +0000 2008", "2008-07-16"),
        ("in May '09 he left.", "May '09", "2009-05"),
        ("dated 15 Janaury, 2018.", "15 Janaury, 2018", "2018-01-15"),
    ] {
        assert_dates(text, &[(words, value)]);
        assert_doubted(text, false);
    }
}

#[test]
fn torn_years_and_years_in_front_are_read() {
    for (text, words, value) in [
        ("made on March 5, 20 16 by", "March 5, 20 16", "2016-03-05"),
        ("this 5th day of March, 20 16.", "5th day of March, 20 16", "2016-03-05"),
        ("Since 2000, January 1 it holds.", "2000, January 1", "2000-01-01"),
        ("sent 2019 May 3 to all", "2019 May 3", "2019-05-03"),
        ("came on March 5, 20 people", "March 5", "--03-05"),
        ("came on March 5, 20 16:30 late", "March 5", "--03-05"),
    ] {
        assert_dates(text, &[(words, value)]);
    }
    assert_dates(
        "on May 1, 2000, June 2, 2001 and 3 March 2002, April 4",
        &[
            ("May 1, 2000", "2000-05-01"),
            ("June 2, 2001", "2001-06-02"),
            ("3 March 2002", "2002-03-03"),
            ("April 4", "--04-04"),
        ],
    );
}

#[test]
fn ranges_have_both_ends() {
    for (text, words, value) in [
        ("held on 12–15 March 2024.", "12–15 March 2024", "2024-03-12/2024-03-15"),
        ("from 1 to 5 May 2020.", "1 to 5 May 2020", "2020-05-01/2020-05-05"),
        ("held March 3-5, 2021.", "March 3-5, 2021", "2021-03-03/2021-03-05"),
        ("held March 3 - April 4, 2021.", "March 3 - April 4, 2021", "2021-03-03/2021-04-04"),
        (
            "open December 20 to January 5, 2021.",
            "December 20 to January 5, 2021",
            "2020-12-20/2021-01-05",
        ),
        ("in January to March 2020.", "January to March 2020", "2020-01/2020-03"),
        ("from 2015 to 2018 he was there.", "2015 to 2018", "2015/2018"),
        ("Vom 1. bis 5. Mai 2020 ist das Büro zu.", "1. bis 5. Mai 2020", "2020-05-01/2020-05-05"),
        (
            "Le bureau est ouvert du 1er au 5 mai 2020 et pas après.",
            "1er au 5 mai 2020",
            "2020-05-01/2020-05-05",
        ),
        (
            "La oficina abre del 1 al 5 de mayo de 2020 y no después.",
            "1 al 5 de mayo de 2020",
            "2020-05-01/2020-05-05",
        ),
        ("revenue of Q3 2024 rose.", "Q3 2024", "2024-07/2024-09"),
    ] {
        assert_dates(text, &[(words, value)]);
    }
    assert_dates(
        "5 June 2020 to 1 July 2020",
        &[("5 June 2020", "2020-06-05"), ("1 July 2020", "2020-07-01")],
    );
}

#[test]
fn a_date_of_the_same_year_gets_its_year() {
    assert_dates(
        "It began on March 3, 2020 and ended on April 15 of the same year.",
        &[("March 3, 2020", "2020-03-03"), ("April 15 of the same year", "2020-04-15")],
    );
    assert_dates(
        "The year runs from 1st April to 31st March of each year.",
        &[("1st April", "--04-01"), ("31st March", "--03-31")],
    );
}

#[test]
fn what_is_left_blank_leaves_the_rest() {
    for (text, words, value) in [
        ("made this day of , 2012 between", "day of , 2012", "2012"),
        ("dated as of , 2012 between", "2012", "2012"),
        ("as of [***], 2019 by", "[***], 2019", "2019"),
        ("as of ________, 200__ by", "________, 200__", "-"),
        ("this _______day of , 20 by and between", "_______day", "-"),
        ("as of May 5, 20XX by", "May 5, 20XX", "--05-05"),
    ] {
        assert_dates(text, &[(words, value)]);
        assert_doubted(text, true);
    }
}

#[test]
fn what_was_written_on_a_line_is_read() {
    for (text, words, value) in [
        ("this _5th_ day of __March__, 2019 by", "5th_ day of __March__, 2019", "2019-03-05"),
        ("Agreement dated _July 8, 1996 for", "July 8, 1996", "1996-07-08"),
    ] {
        assert_dates(text, &[(words, value)]);
    }
}

#[test]
fn german_dates_are_read() {
    for (text, words, value) in [
        (
            "Der Vertrag beginnt am ersten Mai 2021 und endet nicht.",
            "ersten Mai 2021",
            "2021-05-01",
        ),
        ("Der Vertrag ist am 30. Juni zu zahlen.", "30. Juni", "--06-30"),
        ("Die Rechnung vom 5.3.21 ist zu zahlen und nicht die andere.", "5.3.21", "2021-03-05"),
        ("Das ist im Mai 2021 der Fall und nicht im Juli.", "Mai 2021", "2021-05"),
        (
            "Er ist am siebzehnten Juni zweitausendneun und nicht am Tag darauf da.",
            "siebzehnten Juni zweitausendneun",
            "2009-06-17",
        ),
    ] {
        assert_dates(text, &[(words, value)]);
    }
}

#[test]
fn french_spanish_italian_and_portuguese_dates_are_read() {
    for (text, words, value) in [
        (
            "Le contrat est conclu le 1er janvier 2020 à Paris par les parties.",
            "1er janvier 2020",
            "2020-01-01",
        ),
        ("Le contrat est signé le 3 mai 2021 par les parties.", "3 mai 2021", "2021-05-03"),
        ("Le prix est dû le 14 juillet et pas avant la livraison.", "14 juillet", "--07-14"),
        (
            "Fait le trois mai deux mille vingt par les parties et les témoins.",
            "trois mai deux mille vingt",
            "2020-05-03",
        ),
        (
            "Le prix est dû le 03/04/2021 au plus tard, dans la monnaie du contrat.",
            "03/04/2021",
            "2021-04-03",
        ),
        (
            "El contrato se firma el 1º de enero de 2020 en la ciudad.",
            "1º de enero de 2020",
            "2020-01-01",
        ),
        (
            "Se firma a los quince días del mes de mayo de dos mil veinte en la sede.",
            "quince días del mes de mayo de dos mil veinte",
            "2020-05-15",
        ),
        (
            "La fecha es 5 de diciembre del 2019 para los pagos.",
            "5 de diciembre del 2019",
            "2019-12-05",
        ),
        ("Il contratto è firmato il 4 giugno 2019 dalle parti.", "4 giugno 2019", "2019-06-04"),
        ("Il pagamento è dovuto il 4 giugno di ogni anno per la merce.", "4 giugno", "--06-04"),
        (
            "Il contratto è firmato il quattro giugno duemilaventi dalla società.",
            "quattro giugno duemilaventi",
            "2020-06-04",
        ),
        (
            "O contrato é assinado em 3 de março de 2021 pela parte.",
            "3 de março de 2021",
            "2021-03-03",
        ),
        (
            "O contrato vigora desde fevereiro de 2020 para as partes.",
            "fevereiro de 2020",
            "2020-02",
        ),
        (
            "O contrato é de quinze de maio de dois mil e vinte, na sede.",
            "quinze de maio de dois mil e vinte",
            "2020-05-15",
        ),
    ] {
        assert_dates(text, &[(words, value)]);
    }
}

#[test]
fn numeric_dates_beyond_the_common_ones_are_read() {
    for (text, words, value) in [
        ("on 2019-9-18 we met", "2019-9-18", "2019-09-18"),
        ("Agreement 04.18.2018 Confidential", "04.18.2018", "2018-04-18"),
        ("Signed:\n30.4.98\nWitness", "30.4.98", "1998-04-30"),
        ("at 2026-03-01 10:30 there", "2026-03-01", "2026-03-01"),
        ("on 15/03/2024 there", "15/03/2024", "2024-03-15"),
        ("on 2024.03.15 there", "2024.03.15", "2024-03-15"),
    ] {
        assert_dates(text, &[(words, value)]);
    }
    assert_dates(
        "for Calendar Years 2018, 2019 and 2020 it is",
        &[("2018", "2018"), ("2019", "2019"), ("2020", "2020")],
    );
}

#[test]
fn what_only_looks_like_a_date_is_none() {
    for text in [
        "the Securities Exchange Act of 1934 applies",
        "the Internal Revenue Code of 1986, as amended",
        "Regulation (EU) 2016/679 applies",
        "Regulation 11/2016 applies",
        "Year 2000 compliance is warranted",
        "They march 5 miles and may 3 times rest.",
        "The parties may 2020 times agree.",
        "see 4.3.11. Enter the record",
        "\n1.2.10\nThe committee meets.",
        "in 2000 units of stock",
        "the agreement of the parties may be made",
        "Mars 2020 landed and the rover is well.",
        "They set 5 goals, ago 3 of them.",
        "fax 212.555.2019",
        "Faktura nr FV 1/2021",
        "received by 2002:a05:6520:b0 with SMTP",
        "a ratio of 10/12 and 3-5",
    ] {
        assert_dates(text, &[]);
    }
}
