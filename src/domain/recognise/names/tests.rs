use crate::domain::fact::{FactKind, Value};
use crate::domain::recognise::{Context, names, view};

fn values(text: &str, kind: FactKind) -> Vec<String> {
    let seen = view(text);
    names(&seen, Context::of(&seen))
        .into_iter()
        .filter(|fact| fact.kind == kind)
        .filter_map(|fact| match fact.value {
            Some(Value::Text(name)) => Some(name),
            _ => None,
        })
        .collect()
}

#[track_caller]
fn assert_organisations(text: &str, expected: &[&str]) {
    assert_eq!(values(text, FactKind::Organisation), expected, "{text}");
}

#[track_caller]
fn assert_people(text: &str, expected: &[&str]) {
    assert_eq!(values(text, FactKind::Person), expected, "{text}");
}

#[test]
fn legal_forms_of_many_countries_close_a_name() {
    for name in [
        "Harlow Freight Co., Ltd.",
        "Harlow Freight Pty Ltd",
        "Brightwater Capital L.P.",
        "Falk Optik GmbH & Co. KG",
        "Falk Optik UG",
        "Boréal Conseil SARL",
        "Atelier Morvan S.A.S.",
        "Talleres Ribera, S.L.",
        "Grupo Alzada S.A. de C.V.",
        "Vetreria Dogale S.p.A.",
        "Navegar do Sul, Lda",
        "Lindqvist Marine AB",
        "Fjord Laks A/S",
        "Van Houten Kaas B.V.",
        "iTrail.com, Inc.",
        "D4 Systems LLC",
        "HARLOW FREIGHT LTD",
    ] {
        assert_organisations(&format!("The crates came from {name} by sea"), &[name]);
    }
}

#[test]
fn public_bodies_are_found_in_six_languages() {
    for (text, name) in [
        ("Wexmoor District Council of 1 Market Street wrote.", "Wexmoor District Council"),
        ("the Department of Transport wrote", "Department of Transport"),
        ("a loan of the Marsh Development Bank of Canada", "Marsh Development Bank of Canada"),
        ("Die Universität Rostock schreibt.", "Universität Rostock"),
        ("et l'Université de Nantes écrit", "Université de Nantes"),
        ("il Comune di Lucca scrive", "Comune di Lucca"),
        ("La Universidad de Granada escribe.", "Universidad de Granada"),
        ("O Banco Atlântico escreve.", "Banco Atlântico"),
    ] {
        assert_organisations(text, &[name]);
    }
}

#[test]
fn addresses_and_articles_of_association_are_no_organisations() {
    for text in [
        "at 1 Market Street, Ostmouth OS4 7PD (\"the Landlord\")",
        "at 5 Desert Road, Reno Nevada 89501 (the \"Buyer\")",
        "under the Articles of Association of the firm",
        "the Delaware General Corporation Law applies",
    ] {
        assert_organisations(text, &[]);
    }
}

#[test]
fn a_short_name_is_a_name_and_a_role_is_none() {
    assert_organisations(
        "Kestrel Ocean Foods LLC (\"KOF\") sells. Later KOF pays.",
        &["Kestrel Ocean Foods LLC", "KOF", "KOF"],
    );
    assert_organisations(
        "Kestrel Ocean Foods LLC (the \"Company\") sells. Later the Company pays.",
        &["Kestrel Ocean Foods LLC"],
    );
    assert_organisations(
        "Kestrel Ocean Foods LLC (the \"Plan\") sells under the Plan.",
        &["Kestrel Ocean Foods LLC"],
    );
}

#[test]
fn the_name_of_a_trade_and_a_shouted_name_are_found() {
    assert_organisations("Orla Quinn d/b/a Quinn Sound plays.", &["Quinn Sound"]);
    assert_organisations(
        "Wexmoor District Council of 1 Quay Road\n\nWEXMOOR DISTRICT COUNCIL\nBy: ____",
        &["Wexmoor District Council", "Wexmoor District Council"],
    );
}

#[test]
fn a_name_has_one_value_in_whatever_letters_it_stands() {
    let text = "KESTREL FOODS, INC.\n\nKestrel Foods, Inc. sells. By: KESTREL FOODS INC.\n";
    assert_organisations(text, &["Kestrel Foods, Inc."; 3]);
    assert_organisations("KESTREL FOODS, INC. sells.", &["KESTREL FOODS, INC."]);
}

#[test]
fn what_runs_into_a_company_is_cut_off_where_the_company_stands_elsewhere() {
    let rest = "Harbour Pipes Ltd is here, and so is Kestrel Foods LLC.";
    assert_organisations(
        &format!("{rest}\n\nAnn Lee Harbour Pipes Ltd\n\nDelaware Kestrel Foods LLC\n"),
        &["Harbour Pipes Ltd", "Kestrel Foods LLC", "Harbour Pipes Ltd", "Kestrel Foods LLC"],
    );
    // Without the company elsewhere nobody can tell.
    assert_organisations("Delaware North Foods LLC is here.", &["Delaware North Foods LLC"]);
}

#[test]
fn acts_ordinary_words_and_other_firms_are_no_part_of_a_name() {
    for (text, name) in [
        ("the Common Seal of Organic Preparations INC. was affixed", "Organic Preparations INC."),
        ("Re: Engagement of Kestrel Capital LLC", "Kestrel Capital LLC"),
        ("A. Harlow Foods owns it.\n\nB. Orme Pharma a.s. leases it.\n", "Orme Pharma a.s."),
        (
            "sold by the Business Development Bank of Ostland",
            "Business Development Bank of Ostland",
        ),
        ("firms like Orrin and Western Union pay", "Western Union"),
        ("made by Fold Water and Kestrel Pharmaceuticals, Inc.", "Kestrel Pharmaceuticals, Inc."),
        ("Quillan Farms, LP, a seller", "Quillan Farms, LP"),
        ("Halden Optics AS, a Norwegian company", "Halden Optics AS"),
        ("the Regents of the University of Ostland agree", "Regents of the University of Ostland"),
    ] {
        assert_organisations(text, &[name]);
    }
    for text in [
        "GHVFKPFNW LP %HUHLFK",
        "The Branded Travel Agency sells trips.",
        "KNOWN AS, IN SHORT, NOTHING",
    ] {
        assert_organisations(text, &[]);
    }
}

#[test]
fn organisations_in_brackets_behind_several_people_are_found() {
    assert_organisations(
        "* Ann Lee [Harbour]\n* Tom Orme [Harbour]\n* Jane Vale [remote]\n* Eva Dahl [remote]\n",
        &["Harbour", "Harbour"],
    );
    assert_organisations("* Ann Lee [Harbour]\n* Tom Orme\n", &[]);
}

#[test]
fn people_in_the_head_of_a_mail_are_found() {
    assert_people(
        "From: Thora Vance <thora@v.example>\nTo: \"Orrin, Pell\" <pell@o.example>, Ada Obi <a@o.example>\n",
        &["Thora Vance", "Pell Orrin", "Ada Obi"],
    );
    assert_people("font-family: MS Mincho", &[]);
}

#[test]
fn people_of_six_languages_are_found_by_their_titles() {
    for (text, name) in [
        ("We saw Dr. George D. Greene today.", "George D. Greene"),
        ("Der Vertrag mit Herrn Dr. Jens Möller ist da und gilt.", "Jens Möller"),
        ("Le contrat est signé par Mme Dupont pour la société.", "Dupont"),
        ("El contrato que firma Doña Lucía Ferrán Ochoa en la ciudad.", "Lucía Ferrán Ochoa"),
        ("Il contratto che firma il dott. Matteo Zorzi per la società.", "Matteo Zorzi"),
        ("O contrato que assina a Dra. Sílvia Mourão para a empresa.", "Sílvia Mourão"),
        (
            "El contrato lo firma D. Álvaro Núñez de la Torre en la ciudad.",
            "Álvaro Núñez de la Torre",
        ),
    ] {
        assert_people(text, &[name]);
    }
}

#[test]
fn people_beside_their_addresses_are_found() {
    assert_people("From: Thora Vance <thora@vance.example>", &["Thora Vance"]);
    assert_people("* Pell Orrin (@pellorrin)", &["Pell Orrin"]);
}

#[test]
fn a_letters_head_and_labels_are_no_people() {
    assert_people("Dear Ms Reeves", &["Reeves"]);
    for text in [
        "Content-Type: text/plain\nContent-Disposition: inline\n",
        "School Name: Grade Level: Number of Classes:",
        "Governing Law. Entire Agreement. Payment Terms.",
        "Subject: Boats\nFrom: us\nTo: you\n",
    ] {
        assert_people(text, &[]);
    }
}
