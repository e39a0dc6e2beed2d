use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::recognise::recognise;

fn amounts(text: &str) -> Vec<Fact> {
    recognise(text).into_iter().filter(|fact| fact.kind == FactKind::Amount).collect()
}

/// What was found: its words, and its value or "-".
fn found(text: &str) -> Vec<(&str, String)> {
    let shown = |fact: &Fact| match &fact.value {
        Some(Value::Amount { amount, currency }) => format!("{amount} {currency}"),
        Some(Value::Text(text)) => text.clone(),
        None => "-".to_owned(),
    };
    amounts(text)
        .iter()
        .map(|fact| (fact.span.slice(text).expect("a span of the text"), shown(fact)))
        .collect()
}

#[track_caller]
fn assert_found(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<(&str, String)> =
        expected.iter().map(|(quote, value)| (*quote, (*value).to_owned())).collect();
    assert_eq!(found(text), expected, "{text}");
}

fn doubt(text: &str) -> String {
    amounts(text)[0].doubt.clone().unwrap_or_default()
}

const GERMAN: &str =
    "Der Preis ist von dem Kunden nach der Lieferung und nicht vor dem Termin zu zahlen: ";
const FRENCH: &str =
    "Le prix est payé par le client après la livraison des biens dans les délais : ";
const SPANISH: &str = "El precio que el cliente paga por los bienes después de la entrega es: ";
const ITALIAN: &str = "Il prezzo che il cliente paga per i beni dopo la consegna della merce è: ";
const PORTUGUESE: &str = "O preço que o cliente paga pelos bens depois da entrega não é outro: ";

#[test]
fn each_language_has_its_own_figures_and_words() {
    for (lead, quote, value) in [
        (GERMAN, "1.250.000,50 EUR", "1250000.50 EUR"),
        (GERMAN, "4.500 Euro", "4500 EUR"),
        (GERMAN, "3,5 Mio. €", "3500000 EUR"),
        (GERMAN, "2 Milliarden US-Dollar", "2000000000 USD"),
        (GERMAN, "120 TEUR", "120000 EUR"),
        (GERMAN, "USD 1,250.00", "1250.00 USD"),
        (GERMAN, "zwei Millionen fünfhunderttausend Euro", "2500000 EUR"),
        (GERMAN, "viertausendfünfhundert Schweizer Franken", "4500 CHF"),
        (FRENCH, "1 250 000,50 €", "1250000.50 EUR"),
        (FRENCH, "4 500 euros", "4500 EUR"),
        (FRENCH, "3 millions d'euros", "3000000 EUR"),
        (FRENCH, "1,5 milliard de dollars américains", "1500000000 USD"),
        (FRENCH, "quatre mille cinq cents euros", "4500 EUR"),
        (FRENCH, "deux millions de francs suisses", "2000000 CHF"),
        (SPANISH, "1.250.000,50 euros", "1250000.50 EUR"),
        (SPANISH, "tres mil quinientos euros", "3500 EUR"),
        (SPANISH, "2 millones de euros", "2000000 EUR"),
        (SPANISH, "US$ 4,500.00", "4500.00 USD"),
        (ITALIAN, "€ 1.250,50", "1250.50 EUR"),
        (ITALIAN, "3 milioni di euro", "3000000 EUR"),
        (ITALIAN, "duemilacinquecento euro", "2500 EUR"),
        (PORTUGUESE, "R$ 1.250,50", "1250.50 BRL"),
        (PORTUGUESE, "2 milhões de reais", "2000000 BRL"),
        (PORTUGUESE, "dois mil e quinhentos reais", "2500 BRL"),
    ] {
        assert_found(&format!("{lead}{quote}, und."), &[(quote, value)]);
    }
}

#[test]
fn small_large_and_shortened_sums_have_their_value() {
    for (quote, value) in [
        ("$.17", "0.17 $"),
        ("$3.5m", "3500000 $"),
        ("£40k", "40000 GBP"),
        ("$2.6billion", "2600000000 $"),
        ("USD 1.2 bn", "1200000000 USD"),
        ("$100 million dollars", "100000000 $"),
        ("$100 US", "100 USD"),
        ("five thousand pounds sterling", "5000 GBP"),
        ("75 cents", "0.75 $"),
        ("four dollars and fifty cents", "4.50 $"),
        ("Rs. 10", "10 INR"),
        ("CHF 1'250.50", "1250.50 CHF"),
        ("SEK 4 500", "4500 SEK"),
    ] {
        assert_found(&format!("They pay {quote} to the other party."), &[(quote, value)]);
    }
}

#[test]
fn the_cells_of_a_row_do_not_run_together() {
    let each = [("£1,250,000", "1250000 GBP"), ("£900", "900 GBP")];
    for row in [
        "Year 2026 £1,250,000 £900",
        "Year 2026    £1,250,000    £900",
        "| 2026 | £1,250,000 | £900 |",
        "Year 2026\t£1,250,000\t£900",
    ] {
        assert_found(row, &each);
    }
    assert_found("| 1,250,000 | £ | 2026 |", &[]);
    assert_found("2026 EUR 900 in all", &[("EUR 900", "900 EUR")]);
    assert_found("EUR 5 EUR 7", &[("EUR 5", "5 EUR"), ("EUR 7", "7 EUR")]);
    assert_found("5€ 10€", &[("5€", "5 EUR"), ("10€", "10 EUR")]);
}

#[test]
fn ranges_are_two_sums_of_one_scale_and_currency() {
    let (low, high) = ("5000000 $", "7000000 $");
    assert_found("from $5 to $7 million", &[("$5", low), ("$7 million", high)]);
    assert_found("between $5 and $7 million", &[("$5", low), ("$7 million", high)]);
    assert_found("a fee of $5-7 million", &[("$5", low), ("7 million", high)]);
    assert_found("some 5 to 7 million dollars", &[("5", low), ("7 million dollars", high)]);
    let german = format!("{GERMAN}5 bis 7 Mio. EUR.");
    assert_found(&german, &[("5", "5000000 EUR"), ("7 Mio. EUR", "7000000 EUR")]);
    assert!(doubt("from $5 to $7 million").contains("range"));
    assert_found("It costs $5 and $7 million is left.", &[("$5", "5 $"), ("$7 million", high)]);
}

#[test]
fn words_and_figures_in_brackets_are_one_sum() {
    for (text, value, agree) in [
        ("thirty-five thousand (35,000) dollars", "35000 $", true),
        ("three (3) million dollars", "3000000 $", true),
        ("thirty-five thousand dollars (35,000)", "35000 $", true),
        ("Five Thousand Dollars ($5,500)", "5500 $", false),
        ("Five Thousand Dollars ($5,000,00)", "5000 $", false),
    ] {
        let text = format!("The fee is {text} a year.");
        let quote = text.trim_start_matches("The fee is ").trim_end_matches(" a year.");
        assert_found(&text, &[(quote, value)]);
        assert_eq!(doubt(&text).is_empty(), agree, "{text}: {}", doubt(&text));
    }
    let quote = "4.500 euros (quatre mille cinq cents euros)";
    assert_found(&format!("{FRENCH}{quote}."), &[(quote, "4500 EUR")]);
    let quote = "R$ 2.500,00 (dois mil e quinhentos reais)";
    assert_found(&format!("{PORTUGUESE}{quote}."), &[(quote, "2500.00 BRL")]);
    assert_eq!(doubt(&format!("{PORTUGUESE}{quote}.")), "");
}

#[test]
fn hundredths_of_the_euro_are_read_in_words_too() {
    let quote = "mille deux cents euros et cinquante centimes";
    assert_found(&format!("{FRENCH}La somme est {quote}."), &[(quote, "1200.50 EUR")]);
    let quote = "dois mil euros e cinco cêntimos";
    assert_found(&format!("{PORTUGUESE}O preço é {quote}."), &[(quote, "2000.05 EUR")]);
    assert_found(&format!("{GERMAN}Es kostet fünfzig Cent."), &[("fünfzig Cent", "0.50 EUR")]);
    assert_found(&format!("{GERMAN}Es kostet 50 Cent."), &[("50 Cent", "0.50 EUR")]);
    assert_found("It costs 50 cents.", &[("50 cents", "0.50 $")]);
}

#[test]
fn a_blank_is_a_sum_without_a_value() {
    for (text, quote) in [
        ("a fee of $____ a month", "$____"),
        ("a fee of $[●] a month", "$[●]"),
        ("a fee of €[***] per kilogram", "€[***]"),
        ("a fee of $ [* * *] a month", "$ [* * *]"),
        ("a sum of [***] USD on March 1", "[***] USD"),
        ("a minimum of [●] dollars", "[●] dollars"),
        ("a cap of USD [amount] in all", "USD [amount]"),
    ] {
        assert_found(text, &[(quote, "-")]);
        assert!(doubt(text).contains("blank"), "{text}");
    }
    assert_found("[●] $[●]", &[("$[●]", "-")]);
    assert_found("[●] US$5 and ____ of them", &[("US$5", "5 USD")]);
}

#[test]
fn what_is_no_sum_is_left_alone() {
    for text in [
        "paid in U.S. Dollars within 30 days",
        "the EUR/USD rate of 1.08",
        "\"$\" means the dollar",
        "5 % of it, 5 per cent, 5 percent",
        "${name} and r#$asm",
        "a bag of 50 pounds",
        "3 to 5 days, and 7 million people",
    ] {
        assert_found(text, &[]);
    }
}

#[test]
fn bare_pounds_in_words_are_sterling_beside_their_sign_and_a_weight_elsewhere() {
    let text = "the sum of twenty-eight thousand five hundred pounds (£25,800) is due.";
    let quote = "twenty-eight thousand five hundred pounds (£25,800)";
    assert_found(text, &[(quote, "25800 GBP")]);
    assert_found("a load of four thousand pounds of flour", &[]);
    assert_found("We pay 1,680 pounds by Friday.", &[("1,680 pounds", "1680 GBP")]);
    assert_found("We pay $5 a bag; each has 50 pounds.", &[("$5", "5 $")]);
}
