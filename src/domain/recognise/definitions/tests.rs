use super::*;

/// Terms with the name that each stands for and its sentence.
fn read(text: &str) -> Vec<(String, String, String)> {
    let view = super::super::view(text);
    let context = super::super::Context::of(&view);
    let words = |span: ByteSpan| span.slice(text).expect("inside the text").to_owned();
    definitions(&view, context)
        .into_iter()
        .map(|it| (it.term, it.of.map(words).unwrap_or_default(), words(it.sentence)))
        .collect()
}

#[track_caller]
fn assert_terms(text: &str, expected: &[&str]) {
    let terms: Vec<String> = read(text).into_iter().map(|it| it.0).collect();
    assert_eq!(terms, expected, "{text}");
}

#[track_caller]
fn assert_stands_for(text: &str, term: &str, name: &str) {
    let all = read(text);
    let of = all.iter().find(|it| it.0 == term).map(|it| it.1.as_str());
    assert_eq!(of, Some(name), "{text}");
}

#[test]
fn short_names_in_brackets_are_terms() {
    for (text, term) in [
        ("Harlow Freight Ltd (the \"Carrier\") delivers.", "Carrier"),
        ("Harlow Freight Ltd (\"HFL\") delivers.", "HFL"),
        ("Harlow Freight Ltd ('HFL') delivers.", "HFL"),
        ("Harlow Freight Ltd (“HFL”) delivers.", "HFL"),
        ("Harlow Freight Ltd (''HFL'') delivers.", "HFL"),
        ("Harlow Freight Ltd (hereinafter referred to as \"HFL\") delivers.", "HFL"),
        ("Harlow Freight Ltd (hereinafter, \"HFL) delivers.", "HFL"),
        ("Harlow Freight Ltd (together with its affiliates, \"HFL\") delivers.", "HFL"),
        ("Die Nordlicht GmbH (nachfolgend „Anbieter“ genannt) liefert.", "Anbieter"),
        ("La société Boréal SARL (ci-après « le Prestataire ») livre.", "Prestataire"),
        ("Talleres Ribera, S.L. (en adelante, \"el Proveedor\") entrega.", "Proveedor"),
        ("Officine Brenta S.r.l. (di seguito \"Fornitore\") consegna.", "Fornitore"),
        ("Navegar, Lda. (doravante \"Prestadora\") entrega.", "Prestadora"),
        ("the Marsh Birds Survey (MBS) was late", "MBS"),
        ("hereinafter referred to as Kestrel — and others", "Kestrel"),
    ] {
        assert_terms(text, &[term]);
    }
}

#[test]
fn one_bracket_may_give_several_terms() {
    assert_terms(
        "A and B (the \"Parties\" or \"Venturers\" together, or the \"Party\" or Venturer\" alone) agree.",
        &["Parties", "Venturers", "Party", "Venturer"],
    );
    assert_terms(
        "This is hereinafter called \"Ferro\" and/or \"Supplier\".",
        &["Ferro", "Supplier"],
    );
}

#[test]
fn sentences_that_say_what_a_term_means_define_it() {
    for (text, term) in [
        ("\"Confidential Information\" means all data.", "Confidential Information"),
        ("The term \"Works\" shall mean the bridge.", "Works"),
        ("\"Fees\" has the meaning set out in Schedule 2.", "Fees"),
        ("„Vertrauliche Informationen“ bezeichnet alle Daten.", "Vertrauliche Informationen"),
        ("« Données » désigne les fichiers.", "Données"),
        ("\"Información\" significa todos los datos.", "Información"),
        ("\"Dati\" indica tutti i documenti.", "Dati"),
        ("\"Dados\" significa todos os documentos.", "Dados"),
        ("1.1 Delivery Date shall mean the day of arrival.", "Delivery Date"),
        ("A Delivery Date@ shall mean the day of arrival.", "Delivery Date"),
    ] {
        assert_terms(text, &[term]);
    }
    assert_terms("\"Affiliate\" or \"Affiliates\" means any firm.", &["Affiliate", "Affiliates"]);
}

#[test]
fn a_list_of_terms_under_its_heading_defines_them() {
    assert_terms(
        "Definitions\n\nGoods: the crates listed below.\n\nSite: the quay at Ostmouth.\n\nDelivery\n\nNote: bring gloves to the quay.\n",
        &["Goods", "Site"],
    );
    assert_terms("Goods: the crates listed below.\n", &[]);
}

#[test]
fn quotations_and_examples_define_nothing() {
    for text in [
        "She said \"Good morning\" and left.",
        "fruit (e.g. \"Braeburn\") is cold",
        "see the list (Exhibit \"A\" attached hereto)",
        "Brexit means Brexit.",
        "a crate (marked \"Fragile\") fell",
        "Partner Ltd works in Peru (Peru).",
    ] {
        assert_terms(text, &[]);
    }
}

#[test]
fn a_short_name_leads_to_its_name_through_the_description() {
    let text = "This agreement is between Harlow Freight Ltd, a company registered in England whose office is at 4 Quay Road, Ostmouth OS4 7PD (the \"Carrier\"), and Dana Whitlock, an individual residing in York (\"Client\").";
    assert_stands_for(text, "Carrier", "Harlow Freight Ltd");
    assert_stands_for(text, "Client", "Dana Whitlock");
    let text = "Falk Optik GmbH, vertreten durch den Geschäftsführer Herrn Jens Möller (nachfolgend „Lieferant“ genannt), liefert.";
    assert_stands_for(text, "Lieferant", "Falk Optik GmbH");
}

#[test]
fn things_stand_for_nobody() {
    let text = "This contract with Harlow Freight Ltd (the \"Agreement\") of May 2 (the \"Effective Date\").";
    assert_stands_for(text, "Agreement", "");
    assert_stands_for(text, "Effective Date", "");
}

#[test]
fn the_sentence_of_a_definition_is_whole() {
    let text =
        "The fee is due. \"Goods\" means: (a) crates; (b) barrels; and (c) sacks. They are heavy.";
    assert_eq!(read(text)[0].2, "\"Goods\" means: (a) crates; (b) barrels; and (c) sacks.");
    let text = "It rains. Harlow Freight Ltd (the \"Carrier\") delivers the crates. It stops.";
    assert_eq!(read(text)[0].2, "Harlow Freight Ltd (the \"Carrier\") delivers the crates.");
}

#[test]
fn a_text_of_nothing_but_marks_is_read_in_time() {
    for piece in ["(\"", "\"", "('", "“A", "(the \"A", "A means "] {
        let text = piece.repeat(200_000 / piece.len());
        let view = super::super::view(&text);
        terms(&view);
    }
}
