use proptest::prelude::*;

use super::*;
use crate::domain::recognise::{Language, language};

/// The changes as sentences.
fn told(source: &str, version: &str) -> Vec<String> {
    compare(source, version).changes.iter().map(FactChange::describe).collect()
}

#[track_caller]
fn assert_clean(source: &str, version: &str) {
    assert_eq!(told(source, version), Vec::<String>::new(), "{version}");
}

#[track_caller]
fn assert_told(source: &str, version: &str, sentence: &str) {
    let told = told(source, version);
    assert!(told.iter().any(|it| it == sentence), "wanted {sentence:?} among {told:?}");
}

const LATE: &str = "Harlow Freight failed to deliver 40 units by 12 March 2024, so Dana Whitlock \
is not paying the invoice of $4,500.";

#[test]
fn the_same_facts_in_other_words_are_clean() {
    assert_clean(
        LATE,
        "Dana Whitlock will not pay the $4,500 invoice, because Harlow Freight did not deliver the 40 units by March 12, 2024.",
    );
    assert_clean(
        LATE,
        "Hello, and thank you for your patience. Harlow Freight failed to deliver forty units by the 12th of March 2024. Whitlock is therefore not paying the invoice of 4,500 dollars. Best regards",
    );
    assert_clean(
        "The fee is 5% of sales and is due within ten (10) days.",
        "Within 10 days, five per cent of sales falls due as the fee.",
    );
    assert_clean("We met on Friday, 7 June 2024.", "Our meeting took place on 7 June 2024.");
    assert_clean("The Supplier shall deliver the goods.", "The Supplier must deliver the goods.");
    assert_clean("The Supplier shall deliver the goods.", "The supplier will deliver the goods.");
    assert_clean("The tenant may not sublet the flat.", "The tenant must not sublet the flat.");
    assert_clean("No payment was received.", "The payment was not received.");
    assert_clean("I think Monday works.", "Monday would work.");
    assert_clean("Please write to us.", "Please do not hesitate to write to us.");
    assert_clean(
        "Der Mieter darf die Wohnung nicht untervermieten.",
        "Die Wohnung darf vom Mieter nicht untervermietet werden.",
    );
}

#[test]
fn a_text_is_clean_beside_itself() {
    assert_clean(LATE, LATE);
}

#[test]
fn the_usual_faults_of_a_small_model_are_told() {
    let version = "I'm sorry for your loss. Harlow Freight owes you a refund of $1,200 since March 20th last year.";
    assert_told(LATE, version, "The amount $4,500 became $1,200.");
    assert_told(LATE, version, "The date 12 March 2024 became March 20th.");
    assert_told(LATE, version, "The number 40 is missing.");
    assert_told(LATE, version, "The name Dana Whitlock is missing.");
    assert_told(LATE, version, "The source says “not” here and the version does not.");
}

#[test]
fn lost_added_and_altered_values_are_told() {
    assert_told("Pay $1,200 by 3 May 2025.", "Pay by 3 May 2025.", "The amount $1,200 is missing.");
    assert_told(
        "Pay by 3 May 2025.",
        "Pay $1,200 by 3 May 2025.",
        "The amount $1,200 is not in the source.",
    );
    assert_told("Pay by 3 May 2025.", "Pay by 3 May.", "The date 3 May 2025 became 3 May.");
    assert_told(
        "Pay by 3 May 2025.",
        "Pay by 30 May 2025.",
        "The date 3 May 2025 became 30 May 2025.",
    );
    assert_told("Pay $1,200.", "Pay 1,200.", "The amount $1,200 became 1,200.");
    assert_told("It grew by 5%.", "It grew by 5.", "The number 5% became 5.");
    assert_told("They sent three boxes.", "They sent four boxes.", "The number three became four.");
    assert_told("We start in March.", "We start in April.", "The date March became April.");
    assert_told("We start on Friday.", "We start on Monday.", "The date Friday became Monday.");
    assert_told(
        "Order INV-2024-001 is open.",
        "Order INV-2024-010 is open.",
        "The number INV-2024-001 became INV-2024-010.",
    );
}

#[test]
fn names_are_told_when_swapped_invented_or_confused() {
    let source = "In May, Dana Whitlock wrote to Jonas Harlow about the plan.";
    assert_clean(source, "In May, Whitlock sent Harlow a letter about the plan.");
    assert_told(
        source,
        "In May, Dana Whitmore wrote to Jonas Harlow.",
        "The name Dana Whitlock became Dana Whitmore.",
    );
    assert_told(
        source,
        "In May, Dana Whitlock wrote to Jonas Harlow and Priya Nair.",
        "The name Priya Nair is not in the source.",
    );
    assert_told(
        source,
        "In May, Dana Harlow wrote to Whitlock about the plan.",
        "The name Dana Harlow is not in the source.",
    );
    assert_told("Mr Hale called.", "Ms Hale called.", "The name Mr Hale became Ms Hale.");
    assert_told(
        "We called him.",
        "We called him. Best regards, [Your Name]",
        "The name [Your Name] is not in the source.",
    );
    assert_told(
        "The goods go to the Buyer.",
        "The goods go to the Seller.",
        "The name Buyer became Seller.",
    );
}

#[test]
fn people_who_share_a_surname_need_their_first_names() {
    let source = "Both Anna Keller and Anja Keller signed.";
    assert_clean(source, "Anna Keller and Anja Keller signed.");
    assert_told(source, "Anna Keller signed.", "The name Anja Keller is missing.");
}

#[test]
fn negations_and_modals_are_told_when_they_turn() {
    assert_told(
        "The buyer may not assign this agreement.",
        "The buyer may assign this agreement.",
        "The source says “not” here and the version does not.",
    );
    assert_told(
        "The buyer may assign this agreement.",
        "The buyer may not assign this agreement.",
        "The version says “not” where the source does not.",
    );
    assert_told(
        "The buyer must pay the fee.",
        "The buyer may pay the fee.",
        "“must” became “may”.",
    );
    assert_told(
        "The buyer may pay the fee.",
        "The buyer must pay the fee.",
        "“may” became “must”.",
    );
    assert_told(
        "The firm failed to deliver the goods.",
        "The firm delivered the goods.",
        "The source says “failed” here and the version does not.",
    );
    assert_told(
        "It is no more than 5 days.",
        "It is more than 5 days.",
        "“no more than” became “more than”.",
    );
    assert_told("Der Käufer muss zahlen.", "Der Käufer kann zahlen.", "“muss” became “kann”.");
    assert_told(
        "Der Käufer darf nicht kündigen.",
        "Der Käufer darf kündigen.",
        "The source says “nicht” here and the version does not.",
    );
    assert_told(
        "We did not sign and we paid the fee.",
        "We signed and did not pay the fee.",
        "The source says “not” here and the version does not.",
    );
}

#[test]
fn a_negation_may_become_a_limit_or_another_word_that_denies() {
    let clean = [
        ("The budget must not exceed 2,000 euros.", "The budget must stay within 2,000 euros."),
        ("No charge is due for holidays.", "Holidays are free of charge."),
        ("He has not decided whether to run.", "He has yet to decide whether to run."),
        ("The fault was not avoidable.", "The fault was unavoidable."),
        (
            "The move cannot start before all exits are approved.",
            "The move can only start once all exits are approved.",
        ),
        (
            "Haustiere sind nur mit Zustimmung der Firma erlaubt.",
            "Ohne Zustimmung der Firma sind Haustiere nicht erlaubt.",
        ),
        (
            "Wir können das nicht vor dem 17. Oktober liefern.",
            "Es ist uns nicht möglich, das vor dem 17. Oktober zu liefern.",
        ),
    ];
    for (source, version) in clean {
        assert_clean(source, version);
    }
    let told = "“not exceed” became “exceed”.";
    assert_told("It must not exceed 2,000 euros.", "It must exceed 2,000 euros.", told);
}

#[test]
fn a_denial_may_be_put_as_what_stays_or_must_come_first() {
    let stays = "Notice does not affect rights that arose earlier.";
    assert_clean(stays, "Rights that arose earlier stay in place after notice.");
    let told = "The source says “not” here and the version does not.";
    assert_told(stays, "Notice affects rights that arose earlier, which stay as they are.", told);
    let first = "The Tenant shall not alter the house without written consent.";
    assert_clean(first, "Before altering the house, the Tenant must obtain written consent.");
    assert_told(first, "The Tenant shall alter the house without written consent.", told);
    let late = "Finish by 3 May. If it is not finished then, pay $50 for each day of delay.";
    assert_clean(late, "Finish by 3 May, or pay $50 for each day of delay.");
    assert_told(late, "Finish by 3 May. If it is finished then, pay $50 for each day late.", told);
}

#[test]
fn a_denial_may_be_put_with_another_word_that_denies() {
    let clean = [
        ("Members voted not to raise the fee.", "Members voted against raising the fee."),
        ("You must not sell other goods.", "You undertake to refrain from selling other goods."),
        ("If the pump cannot be repaired, call us.", "If the pump is beyond repair, call us."),
        (
            "You must not copy, lend or resell the files.",
            "Copying, lending or reselling the files is prohibited.",
        ),
        ("Shares fell by 12% on Monday.", "Shares declined by 12% on Monday."),
    ];
    for (source, version) in clean {
        assert_clean(source, version);
    }
    assert!(
        !told("Members voted not to raise the fee.", "Members voted to raise the fee.").is_empty()
    );
    assert!(!told("The firm declined to pay.", "The firm paid.").is_empty());
}

#[test]
fn ordinary_words_are_no_condition_limit_or_party() {
    let clean = [
        ("Safety boots will be provided by us.", "We supply safety boots."),
        ("We pay up to $7,000 in total.", "We pay, subject to an overall limit of $7,000."),
        ("It should not take more than four hours.", "It should take no more than four hours."),
        ("There is no need to decide yet.", "There is no need to decide just yet."),
        ("Please keep it between us.", "Please keep it between the two of us."),
        (
            "Paula Renner will leave the company after eleven years with us.",
            "After eleven years with us, Paula Renner is leaving the company.",
        ),
    ];
    for (source, version) in clean {
        assert_clean(source, version);
    }
    let condition = "We pay, provided the goods arrive.";
    let told = "The source says “provided” here and the version does not.";
    assert_told(condition, "We pay.", told);
}

#[test]
fn another_rate_at_the_same_figure_is_told_beside_a_rate_that_stays() {
    let source = "The salary is $72,000 per year, payable monthly.";
    assert_clean(source, "The salary of $72,000 a year is paid each month.");
    let told = "“per year” became “per month”.";
    assert_told(source, "The salary is $72,000 per month, payable monthly.", told);
}

#[test]
fn a_fall_is_told_where_another_thing_falls_in_the_same_sentence() {
    let source = "Shares fell 12% on Monday after the firm cut its forecast.";
    let told = "“fell” became “rose”.";
    assert_told(source, "Shares rose 12% on Monday after the firm cut its forecast.", told);
}

#[test]
fn an_old_and_a_new_amount_may_stand_in_either_order() {
    let source = "The firm cut its forecast from £310 million to £260 million.";
    assert_clean(source, "The firm expects £260 million, rather than £310 million.");
    assert!(
        !told(source, "The firm cut its forecast from £260 million to £310 million.").is_empty()
    );
}

#[test]
fn words_that_exclude_one_another_are_told() {
    let told = "“spring” became “autumn”.";
    assert_told("We wait until spring.", "We wait until autumn.", told);
    let told = "“at the earliest” became “at the latest”.";
    assert_told(
        "We expect it by then at the earliest.",
        "We expect it by then at the latest.",
        told,
    );
    let told = "“frühestens” became “spätestens”.";
    assert_told("Er kommt frühestens am Abend.", "Er kommt spätestens am Abend.", told);
    assert_clean("Flights are banned here.", "Flights are not allowed here.");
}

#[test]
fn times_and_ranges_of_days_are_told_by_value() {
    assert_clean("We meet at 6.40 p.m. sharp.", "We meet at 18:40 sharp.");
    assert_told(
        "We meet at 6.40 a.m.",
        "We meet at 6.40 p.m.",
        "The number 6.40 a.m. became 6.40 p.m.",
    );
    assert_clean("Interviews are from 8 to 12 May.", "Interviews are between 8 and 12 May.");
    assert_told("From 8 to 12 May.", "Between 8 and 13 May.", "The date 12 May became 13 May.");
}

#[test]
fn another_surname_and_another_person_greeted_are_told() {
    let told = "The name Demir became Yilmaz.";
    assert_told("Der Antrag von Yusuf Demir war da.", "Der Antrag von Yusuf Yilmaz war da.", told);
    let told = "The name Lohmann became Seidel.";
    let swapped = "Sehr geehrte Frau Seidel, Herr Lohmann ruft an.";
    assert_told("Sehr geehrter Herr Lohmann, Frau Seidel ruft an.", swapped, told);
    assert_clean("Dear Anna Keller, thank you.", "Dear Keller, thank you.");
}

#[test]
fn parties_that_swap_what_the_contract_calls_them_are_told() {
    let source = "This is between Snow Tools LLC, a company of 12 Hill Road (the \"Company\"), and \
        Brightwater Corp., of 40 Mill Lane (the \"Distributor\").";
    let swapped = source
        .replace("Snow Tools LLC", "*")
        .replace("Brightwater Corp.", "Snow Tools LLC")
        .replace('*', "Brightwater Corp.");
    assert!(!told(source, &swapped).is_empty());
    assert_clean(source, source);
}

#[test]
fn spans_point_at_what_is_named() {
    let (source, version) = ("Pay $1,200 now.", "Now pay $1,300.");
    let comparison = compare(source, version);
    let change = &comparison.changes[0];
    let words = change.source.clone().expect("a source side");
    assert_eq!((&source[words.start..words.end], words.text.as_str()), ("$1,200", "$1,200"));
    let words = change.version.clone().expect("a version side");
    assert_eq!(&version[words.start..words.end], "$1,300");
}

#[test]
fn literals_are_verbatim_and_each_once() {
    assert_eq!(
        literals(
            "On March 1,\n2026 we pay thirty-five thousand dollars ($35,000) and 5% of 40 units, so 40 units by March 1, 2026."
        ),
        ["March 1, 2026", "$35,000", "5%", "40"]
    );
}

/// The version by code of a text that is all there is.
fn alone(source: &str, tone: Tone) -> String {
    faithful(source, tone, language(source), true)
}

#[test]
fn between_other_paragraphs_nothing_is_added_around_one() {
    let source = "The Buyer shall pay 40 euros to the Seller.";
    for tone in [Tone::Concise, Tone::Warm, Tone::Polished] {
        assert_eq!(faithful(source, tone, Language::English, false), source);
    }
}

#[test]
fn an_opening_is_in_the_language_of_the_document_whatever_the_names_in_it() {
    let version = faithful(
        "Frau van der Berg und die Albers AG agreed.",
        Tone::Warm,
        Language::English,
        true,
    );
    assert!(version.starts_with("Hello,") && version.ends_with("Warm regards"), "{version}");
}

#[test]
fn a_version_without_the_model_fits_its_tone() {
    let source = "Please note that we do not ship for $40.";
    assert_eq!(alone(source, Tone::Concise), "We do not ship for $40.");
    let warm = alone(source, Tone::Warm);
    assert!(
        warm.starts_with("Hello,")
            && warm.contains("we don't ship")
            && warm.ends_with("Warm regards"),
        "{warm}"
    );
    let polished = alone("We can't ship before 3 May 2025.", Tone::Polished);
    assert!(polished.contains("We cannot ship before 3 May 2025."), "{polished}");
    let german = alone(
        "Wir liefern die Ware nicht vor dem 3. Mai 2025 und sind dafür verantwortlich.",
        Tone::Polished,
    );
    assert!(german.starts_with("Sehr geehrte Damen und Herren,"), "{german}");
}

#[test]
fn filler_that_opens_a_sentence_is_cut() {
    let concise = |source: &str| alone(source, Tone::Concise);
    assert_eq!(
        concise("In order to save time, we met on 3 May. Um, the rest is open."),
        "To save time, we met on 3 May. The rest is open."
    );
    assert_eq!(
        concise("I am writing to let you know that the lease ends due to the fact that it rained."),
        "The lease ends because it rained."
    );
}

/// Each of these once lost or turned its meaning to a phrase taken for filler.
#[test]
fn words_that_carry_meaning_are_no_filler() {
    for source in [
        "The price is payable at the end of the day on which the goods arrive.",
        "The buyer shall pay {amount} to the seller.",
        "Die Zahlung erfolgt um zehn Uhr.",
        "Er nimmt die Unterlagen mit, um, wie vereinbart, sie zu prüfen.",
        "The seller is liable with respect to the loss actually incurred.",
        "It is open to review whether as a matter of fact or law.",
        "For the purpose of Section 3, this is essentially the same.",
        "Guests who took part in the event that was held in May are free to go.",
        "It was sold for what it's worth, as you know, by the owner.",
        "All of it is in order to the best of my knowledge.",
        "The firm failed in order to save the tax.",
        "The client was to be advised that the claim lapsed.",
        "As a large number of shares was sold, the board met.",
        "At this point in time the driver left the car.",
        "I paid ten. I mean, I paid twelve of the bills.",
        "Please note that date and sign the form.",
        "Please note that we are closed on Monday and confirm the date.",
        "It was late due to the fact that it rained and the fact that it froze.",
        "He said, “it was due to the fact that I do not drive”.",
    ] {
        assert_eq!(alone(source, Tone::Concise), source);
    }
}

#[test]
fn a_contraction_is_only_made_where_it_means_the_same() {
    for body in [
        "The board shall have not less than five of the members.",
        "This is the work that we are to do not later than 3 May.",
        "Schedule I will apply to the goods.",
        "The fee is due of his own free will not by force.",
        "The sign on the door says: 'We do not open.'",
    ] {
        let version = alone(body, Tone::Warm);
        assert!(version.contains(body), "{version}");
    }
    let version = alone("We do not ship, and the fee is not due.", Tone::Warm);
    assert!(version.contains("We don't ship, and the fee isn't due."), "{version}");
}

#[test]
fn a_text_in_an_unknown_language_gets_no_words_of_another() {
    let source = "Dostawca dostarcza towary przed południem.";
    for tone in [Tone::Concise, Tone::Warm, Tone::Polished] {
        assert_eq!(alone(source, tone), source);
    }
}

#[test]
fn a_text_gets_an_opening_in_its_own_language() {
    for (source, opening) in [
        (
            "Le client paie la facture avant le 3 mai 2025 et le vendeur livre les chaises.",
            "Bonjour",
        ),
        (
            "El cliente paga la factura antes del 3 de mayo y el vendedor entrega las sillas.",
            "Hola",
        ),
        (
            "Il cliente paga la fattura entro il 3 maggio e il venditore consegna le sedie.",
            "Buongiorno",
        ),
        ("O cliente paga a fatura até 3 de maio e o vendedor não entrega as cadeiras.", "Olá"),
    ] {
        let version = alone(source, Tone::Warm);
        assert!(version.starts_with(opening) && version.contains(source), "{version}");
    }
}

#[test]
fn a_letter_keeps_its_own_greeting_and_closing() {
    let source = "Dear Ms Hale,\n\nWe ship on 3 May.\n\nKind regards\nAnn Lee";
    let version = alone(source, Tone::Warm);
    assert!(version.starts_with("Dear Ms Hale,") && !version.contains("Warm regards"), "{version}");
}

/// Sentences put together from parts that carry facts, and stray characters.
fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "Dana Whitlock",
        "Ms Hale",
        "may not",
        "must",
        "12 March 2024",
        "$4,500",
        "ten (10)",
        "No.",
        "failed to deliver",
        "the Supplier",
        "in order to",
        "do not",
        "can't",
        "Friday",
        "5%",
        "3/4/2025",
        "Please note that",
        "ä",
        "“quoted”",
        ".",
        ",",
        "\n",
        "\n\n",
        "[●]",
        "1st day of",
        "Acme Ltd",
        "I",
        "we are",
        "thirty-five thousand dollars ($33,500)",
        "it pays",
        "darf nicht",
        "und die",
        "May",
    ]);
    prop::collection::vec(part, 0..14).prop_map(|parts| parts.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_is_clean_beside_itself(text in text()) {
        prop_assert_eq!(told(&text, &text), Vec::<String>::new());
    }

    #[test]
    fn every_version_without_the_model_is_clean(text in text()) {
        for tone in [Tone::Concise, Tone::Warm, Tone::Polished] {
            let version = alone(&text, tone);
            prop_assert_eq!(told(&text, &version), Vec::<String>::new(), "{}", version);
        }
    }

    #[test]
    fn no_text_makes_a_comparison_panic(source in "\\PC{0,60}", version in "\\PC{0,60}") {
        for change in compare(&source, &version).changes {
            prop_assert!(change.source.is_none_or(|it| source.get(it.start..it.end).is_some()));
            prop_assert!(change.version.is_none_or(|it| version.get(it.start..it.end).is_some()));
        }
    }
}
