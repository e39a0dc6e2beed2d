use proptest::prelude::*;

use super::*;

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
fn spans_point_at_what_is_named() {
    let (source, version) = ("Pay $1,200 now.", "Now pay $1,300.");
    let comparison = compare(source, version);
    let change = &comparison.changes[0];
    let (span, text) = change.source.clone().expect("a source side");
    assert_eq!((span.slice(source), text.as_str()), (Some("$1,200"), "$1,200"));
    let (span, _) = change.version.clone().expect("a version side");
    assert_eq!(span.slice(version), Some("$1,300"));
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

#[test]
fn a_version_without_the_model_fits_its_tone() {
    let source = "Please note that we do not ship for $40.";
    assert_eq!(faithful(source, Tone::Concise), "We do not ship for $40.");
    let warm = faithful(source, Tone::Warm);
    assert!(
        warm.starts_with("Hello,")
            && warm.contains("we don't ship")
            && warm.ends_with("Warm regards"),
        "{warm}"
    );
    let polished = faithful("We can't ship before 3 May 2025.", Tone::Polished);
    assert!(polished.contains("We cannot ship before 3 May 2025."), "{polished}");
    let german = faithful(
        "Wir liefern die Ware nicht vor dem 3. Mai 2025 und sind dafür verantwortlich.",
        Tone::Polished,
    );
    assert!(german.starts_with("Sehr geehrte Damen und Herren,"), "{german}");
}

#[test]
fn filler_that_opens_a_sentence_is_cut() {
    let concise = |source: &str| faithful(source, Tone::Concise);
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
        assert_eq!(faithful(source, Tone::Concise), source);
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
        let version = faithful(body, Tone::Warm);
        assert!(version.contains(body), "{version}");
    }
    let version = faithful("We do not ship, and the fee is not due.", Tone::Warm);
    assert!(version.contains("We don't ship, and the fee isn't due."), "{version}");
}

#[test]
fn a_text_in_an_unknown_language_gets_no_words_of_another() {
    let source = "Le fournisseur livre les marchandises avant midi.";
    for tone in [Tone::Concise, Tone::Warm, Tone::Polished] {
        assert_eq!(faithful(source, tone), source);
    }
}

#[test]
fn a_letter_keeps_its_own_greeting_and_closing() {
    let source = "Dear Ms Hale,\n\nWe ship on 3 May.\n\nKind regards\nAnn Lee";
    let version = faithful(source, Tone::Warm);
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
            let version = faithful(&text, tone);
            prop_assert_eq!(told(&text, &version), Vec::<String>::new(), "{}", version);
        }
    }

    #[test]
    fn no_text_makes_a_comparison_panic(source in "\\PC{0,60}", version in "\\PC{0,60}") {
        for change in compare(&source, &version).changes {
            prop_assert!(change.source.is_none_or(|it| it.0.slice(&source).is_some()));
            prop_assert!(change.version.is_none_or(|it| it.0.slice(&version).is_some()));
        }
    }
}
