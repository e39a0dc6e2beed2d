use super::*;

/// The parties with their short names.
fn read(text: &str) -> Vec<(String, String)> {
    let view = super::super::view(text);
    parties(&view, Context::of(&view))
        .into_iter()
        .map(|it| {
            assert!(
                it.span.slice(&view).is_some_and(|words| fold(words).contains(&fold(&it.name)))
            );
            (it.name, it.alias.map(|(_, short)| short).unwrap_or_default())
        })
        .collect()
}

#[track_caller]
fn assert_parties(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<(String, String)> =
        expected.iter().map(|(name, short)| ((*name).into(), (*short).into())).collect();
    assert_eq!(read(text), expected, "{text}");
}

#[test]
fn a_preamble_names_the_parties_and_their_short_names() {
    assert_parties(
        "This agreement is made by and between Harlow Freight, Inc., a Delaware corporation with offices at 4 Quay Road, Reno, NV 89501 (the \"Carrier\"), and Kestrel Foods LLC, a subsidiary of Kestrel Holdings plc (\"Kestrel\"). WHEREAS, Orme Bank plc lends money.",
        &[("Harlow Freight, Inc.", "Carrier"), ("Kestrel Foods LLC", "Kestrel")],
    );
}

#[test]
fn parties_without_short_names_are_found_behind_between() {
    assert_parties(
        "SUPPLY AGREEMENT BETWEEN HARLOW FREIGHT, INC. AND KESTREL FOODS LLC\n\nTABLE OF CONTENTS\n",
        &[("HARLOW FREIGHT, INC.", ""), ("KESTREL FOODS LLC", "")],
    );
}

#[test]
fn parties_are_found_without_any_between() {
    assert_parties(
        "Harlow Freight, Inc. (\"HFI\") and Kestrel Foods LLC (\"Kestrel\") agree as follows: Orme Bank plc (\"Orme\") pays.",
        &[("Harlow Freight, Inc.", "HFI"), ("Kestrel Foods LLC", "Kestrel")],
    );
}

#[test]
fn who_signs_is_a_party_where_no_preamble_says_so() {
    assert_parties(
        "Terms of delivery.\n\nIN WITNESS WHEREOF the undersigned have signed.\n\nHARLOW FREIGHT, INC.\nBy: ____________\nName: Thora Vance\n\nKESTREL FOODS LLC\nBy: ____________\nName: Pell Orrin\n",
        &[("HARLOW FREIGHT, INC.", ""), ("KESTREL FOODS LLC", "")],
    );
}

#[test]
fn a_representative_or_a_parent_company_is_no_party() {
    assert_parties(
        "Vertrag zwischen der Falk Optik GmbH, vertreten durch den Geschäftsführer Herrn Dr. Jens Möller (nachfolgend „Lieferant“ genannt), und Frau Annegret Voss, wohnhaft in Bremen („Kundin“).",
        &[("Falk Optik GmbH", "Lieferant"), ("Annegret Voss", "Kundin")],
    );
}

#[test]
fn preambles_of_other_languages_are_read() {
    assert_parties(
        "Entre les soussignés : la société Boréal Conseil SARL, au capital de 10 000 euros, représentée par Mme Solène Vasseur, gérante (ci-après « le Prestataire »), et Mme Claire Dupont, demeurant à Nantes (ci-après dénommée « la Cliente »).",
        &[("Boréal Conseil SARL", "Prestataire"), ("Claire Dupont", "Cliente")],
    );
    assert_parties(
        "REUNIDOS: De una parte, Talleres Ribera, S.L., con domicilio en Sevilla, representada por D. Álvaro Núñez de la Torre (en adelante, \"el Proveedor\"), y de otra parte, Doña Lucía Ferrán Ochoa, mayor de edad (en lo sucesivo, «la Clienta»).",
        &[("Talleres Ribera, S.L.", "Proveedor"), ("Lucía Ferrán Ochoa", "Clienta")],
    );
    assert_parties(
        "CONTRATTO tra Officine Brenta S.r.l., con sede in Padova, rappresentata dall'amministratore delegato dott. Matteo Zorzi (di seguito \"Fornitore\") e Aurora Lenzi, nata a Siena (di seguito denominata la \"Committente\").",
        &[("Officine Brenta S.r.l.", "Fornitore"), ("Aurora Lenzi", "Committente")],
    );
    assert_parties(
        "CONTRATO entre Navegar do Sul, Lda., com sede em Faro, representada por Rui Tavares Pinto (doravante \"Prestadora\") e Helena Duarte Simões, residente em Évora (doravante designada \"Cliente\").",
        &[("Navegar do Sul, Lda", "Prestadora"), ("Helena Duarte Simões", "Cliente")],
    );
}

#[test]
fn lists_of_three_deeds_and_lists_of_parties_are_read() {
    assert_parties(
        "This Agreement is made by and among Halden Optics AS, a Norwegian company, Mirador Sensors, Inc., a California corporation, and Orme Bank plc.",
        &[("Halden Optics AS", ""), ("Mirador Sensors, Inc.", ""), ("Orme Bank plc", "")],
    );
    assert_parties(
        "PARTIES\n\n(1) FENWICK MARINE LIMITED incorporated in England with company number 04567891 (Supplier); and\n\n(2) JONATHAN PAUL REEVES of 7 Hill Lane, Wexmoor WX1 2AB (Customer).\n\nBACKGROUND\n",
        &[("FENWICK MARINE LIMITED", "Supplier"), ("JONATHAN PAUL REEVES", "Customer")],
    );
    assert_parties(
        "THIS DEED is made BETWEEN WEXMOOR BOROUGH COUNCIL of Town Hall, Wexmoor (hereinafter called \"the Council\") of the one part and GORDON ELIAS PIKE of 2 Orchard Close, Wexmoor (hereinafter called \"the Tenant\") of the other part.",
        &[("WEXMOOR BOROUGH COUNCIL", "Council"), ("GORDON ELIAS PIKE", "Tenant")],
    );
}

#[test]
fn trusts_traders_and_banks_keep_their_own_short_names() {
    assert_parties(
        "by and between the Whitby Family Trust, dated May 2, 2001, by Eleanor Whitby, its trustee (\"Lender\"), and Quillan Farms, L.P. (\"Borrower\")",
        &[("Whitby Family Trust", "Lender"), ("Quillan Farms, L.P.", "Borrower")],
    );
    assert_parties(
        "between Rosewater Events, LLC d/b/a Rosewater Festival (\"Festival\") and Lucas Ferro d/b/a Ferro Sound (\"Contractor\")",
        &[("Rosewater Events, LLC", "Festival"), ("Lucas Ferro", "Contractor")],
    );
    assert_parties(
        "between SILVERPINE BANK, a Pennsylvania state-chartered bank (the \"Bank\") and JEROME T. HASKELL (the \"Executive\")",
        &[("SILVERPINE BANK", "Bank"), ("JEROME T. HASKELL", "Executive")],
    );
}

#[test]
fn descriptions_may_begin_with_a_street_or_end_in_an_accent() {
    assert_parties(
        "zwischen\n\nNordlicht Energie AG, Hafenstraße 12, 20457 Hamburg, vertreten durch Dr. Henrike Saalfeld\n– nachfolgend „Auftraggeberin“ –\n\nund\n\nHerrn Bastian Krüger, Lindenweg 3, 04109 Leipzig\n– nachfolgend „Auftragnehmer“ –\n",
        &[("Nordlicht Energie AG", "Auftraggeberin"), ("Bastian Krüger", "Auftragnehmer")],
    );
    assert_parties(
        "Entre :\nL'Association Les Jardins du Midi, dont le siège est à Nîmes, représentée par sa présidente Mme Odette Fabre,\nci-après « l'Employeur »\net\nM. Baptiste Lemoine, né à Lyon, demeurant à Arles,\nci-après « le Salarié »\n",
        &[("Association Les Jardins du Midi", "Employeur"), ("Baptiste Lemoine", "Salarié")],
    );
}

#[test]
fn roles_as_labels_name_the_parties() {
    assert_parties(
        "CONTRATANTE: Padaria Estrela Ltda., com sede em Curitiba.\n\nCONTRATADA: Beatriz Amaral Fontes, residente em Curitiba.\n",
        &[("Padaria Estrela Ltda", ""), ("Beatriz Amaral Fontes", "")],
    );
    assert_parties(
        "Party A: Lumen Works Ltd, Hull\nParty B: Prof. Adaeze Obi, Leeds\n",
        &[("Lumen Works Ltd", ""), ("Adaeze Obi", "")],
    );
    assert_parties("Client: Lumen Works Ltd\nPrice: low\n", &[]);
    assert_parties("Host: Ann Lee\nOwner: Lumen Works Ltd\n", &[]);
}

#[test]
fn talk_and_letters_have_no_parties() {
    assert_parties("Dear Ms Reeves, the bridge between Ostmouth and Wexmoor is shut.", &[]);
    assert_parties("THORA VANCE: Good morning.\nPELL ORRIN: Morning.\n", &[]);
}
