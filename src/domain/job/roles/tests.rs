//! Contracts made for these tests, with the days that a person finds in them.

use super::super::*;
use crate::domain::finding::{Opinion, RoleClaim};

mod of_others;
mod with_model;

const TEMPLATE: &str = "\
+++
name = \"who\"
title = \"Who and when\"
description = \"Roles.\"
kind = \"extract\"
[[fields]]
name = \"date\"
title = \"Dates\"
type = \"date\"
roles = [\"agreement_date\", \"effective_date\", \"expiration_date\"]
ask = \"Copy every date.\"
[[fields]]
name = \"organisation\"
title = \"Organisations\"
type = \"organisation\"
roles = [\"party\"]
ask = \"Copy every organisation.\"
+++
## system
Read.
## user
{{ sentences }}
---
{{ field.ask }}
";

fn template() -> Template {
    Template::parse(TEMPLATE, "who", None).expect("a sound template")
}

fn whole(text: &str) -> Vec<Chunk> {
    vec![Chunk { index: 0, span: ByteSpan::new(0, text.len()), tokens: 10 }]
}

fn by_rules(text: &str) -> JobResult {
    let (template, doc, chunks) = (template(), Document::of_text("/a.txt", text), whole(text));
    Work::new(&template, &doc, "a.txt", &chunks, None).conclude(&[], &[])
}

/// The claims of a role with the values of their findings.
fn claims(result: &JobResult, role: Role) -> Vec<(String, RoleClaim)> {
    let of = |finding: &Finding| -> Vec<(String, RoleClaim)> {
        let value = match &finding.value {
            Some(crate::domain::fact::Value::Text(value)) => value.clone(),
            _ => "?".to_owned(),
        };
        let claims = finding.notes.roles.iter().filter(|claim| claim.role == role);
        claims.map(|claim| (value.clone(), claim.clone())).collect()
    };
    result.findings.iter().flat_map(of).collect()
}

/// The answer for a role: "-" where there is none, "?" where it has no value.
fn answer(result: &JobResult, role: Role) -> String {
    let claims = claims(result, role);
    let mut answers = claims.iter().filter(|(_, claim)| !claim.overruled);
    let answer = answers.next().map_or("-".to_owned(), |(value, _)| value.clone());
    assert_eq!(answers.count(), 0, "one answer at most: {claims:?}");
    answer
}

/// Agreement, effective and expiration date.
fn days(text: &str) -> [String; 3] {
    let result = by_rules(text);
    Role::DATES.map(|role| answer(&result, role))
}

#[track_caller]
fn assert_days(text: &str, expected: [&str; 3]) {
    assert_eq!(days(text), expected, "{text}");
}

#[test]
fn the_preamble_gives_the_agreement_date_in_all_its_forms() {
    let forms = [
        "This Agreement is made and entered into as of the 3rd day of June, 2019, by and between",
        "THIS AGREEMENT, dated June 3, 2019, between",
        "This Agreement (the \"Agreement\") is executed on this 3rd day of June 2019 between",
        "SUPPLY AGREEMENT dated as of June 3, 2019 between",
        "This Agreement is entered into by and between Fenwick plc, a company of England, and",
    ];
    for form in &forms[..4] {
        let text = format!("SUPPLY AGREEMENT\n\n{form} Harbour Tools Ltd. and Mill Lane Inc.\n");
        assert_days(&text, ["2019-06-03", "-", "-"]);
    }
    let text = format!("{} Dale Works Ltd, on June 3, 2019.\n", forms[4]);
    assert_days(&text, ["2019-06-03", "-", "-"]);
}

#[test]
fn an_effective_date_in_brackets_is_that_of_the_preamble() {
    assert_days(
        "SERVICES AGREEMENT\n\nThis Services Agreement is made as of June 3, 2019 (the \"Effective Date\") between Harbour Tools Ltd. and Mill Lane Inc.\n",
        ["2019-06-03", "2019-06-03", "-"],
    );
}

#[test]
fn a_lease_begins_and_ends_on_days_of_its_own() {
    assert_days(
        "LEASE\n\nTHIS LEASE, dated March 1, 2018, between Alder Homes LLC (\"Landlord\") and Joan Pike (\"Tenant\").\n\n1. Term. The lease term begins on April 1, 2018 and ends on March 31, 2021.\n2. The tenant moved from a flat under that certain Lease Agreement dated May 2, 2012.\n",
        ["2018-03-01", "2018-04-01", "2021-03-31"],
    );
}

#[test]
fn dates_of_other_agreements_and_of_payments_have_no_role() {
    assert_days(
        "AGREEMENT, dated as of September 30, 2008, among Petal Corp., Stem Corp. and Root Corp.\n\nWHEREAS, Petal and Stem are parties to a Credit Agreement dated as of January 5, 2005 (the \"Credit Agreement\"), effective as of January 6, 2005;\n\nThe payments under this Agreement begin on October 1, 2008 and the warranty period ends on May 1, 2010.\n",
        ["2008-09-30", "-", "-"],
    );
}

#[test]
fn an_amendment_has_its_own_date_and_not_that_of_what_it_amends() {
    assert_days(
        "AMENDMENT NO. 2\n\nThis Amendment No. 2 to the Supply Agreement dated May 4, 2010 (the \"Original Agreement\") is entered into on July 9, 2012 by Bolt Co. and Nut Ltd.\n",
        ["2012-07-09", "-", "-"],
    );
}

#[test]
fn a_blank_day_is_said_as_far_as_it_is_written_and_nothing_takes_its_place() {
    assert_days(
        "CONSULTING AGREEMENT\n\nTHIS AGREEMENT is made this ____ day of ________, 2016, between Oak Inc. and Elm LLC. It takes effect on May 1, 2016 and shall remain in force until April 30, 2017.\n",
        ["2016", "2016-05-01", "2017-04-30"],
    );
}

#[test]
fn the_last_signature_counts_where_the_document_says_so() {
    let text = "DISTRIBUTION AGREEMENT\nbetween Rhine Foods GmbH and Tern Imports Inc.\n\n1. This Agreement becomes effective on the date of the last signature below (the \"Effective Date\").\n2. This Agreement shall expire on the second anniversary of the Effective Date.\n\nRHINE FOODS GMBH\nBy: /s/ A. Vogel\nName: A. Vogel\nDate: 4 March 2015\n\nTERN IMPORTS INC.\nBy: /s/ B. Cole\nName: B. Cole\nDate: 9 March 2015\n";
    assert_days(text, ["2015-03-09", "2015-03-09", "2017-03-09"]);
}

#[test]
fn definitions_outweigh_everything_else() {
    assert_days(
        "MASTER AGREEMENT\n\nThis Master Agreement is made on 14 February 2020 between Fenwick plc and Dale Works Ltd.\n\n1. Definitions. \"Commencement Date\" means 1 March 2020. \"Expiry Date\" means 28 February 2023. The term shall begin on 5 May 2020.\n",
        ["2020-02-14", "2020-03-01", "2023-02-28"],
    );
}

#[test]
fn what_refers_to_the_opening_words_has_their_date() {
    assert_days(
        "CO-BRANDING AGREEMENT\n\nThis agreement is made on 1 May 2003 between Lark Ltd and Finch Ltd. It is agreed that this agreement is effective as of the date first above written.\n",
        ["2003-05-01", "2003-05-01", "-"],
    );
}

#[test]
fn other_languages_have_the_usual_phrases() {
    assert_days(
        "Dienstleistungsvertrag\n\nzwischen der Nordwind GmbH und der Kastanie AG, geschlossen am 12. März 2021.\n\nDieser Vertrag tritt am 1. April 2021 in Kraft und endet am 31. März 2024.\n",
        ["2021-03-12", "2021-04-01", "2024-03-31"],
    );
    assert_days(
        "CONTRAT DE PRESTATION\n\nLe présent contrat entre en vigueur le 1er janvier 2022 et prend fin le 31 décembre 2023.\n\nFait à Lyon, le 15 décembre 2021\n",
        ["2021-12-15", "2022-01-01", "2023-12-31"],
    );
    assert_days(
        "El presente contrato, celebrado el 10 de mayo de 2019 entre Olivo S.A. y Roble S.L., entrará en vigor el 1 de junio de 2019 y permanecerá vigente hasta el 31 de mayo de 2021.\n",
        ["2019-05-10", "2019-06-01", "2021-05-31"],
    );
    assert_days(
        "Il presente contratto è stipulato in data 3 luglio 2018 tra Alfa S.p.A. e Beta S.r.l. Esso decorre dal 1 settembre 2018 e scade il 31 agosto 2020.\n",
        ["2018-07-03", "2018-09-01", "2020-08-31"],
    );
    assert_days(
        "O presente contrato, celebrado em 2 de fevereiro de 2017 entre Alfa Ltda. e Beta Ltda., entra em vigor em 1 de março de 2017 e termina em 28 de fevereiro de 2019.\n",
        ["2017-02-02", "2017-03-01", "2019-02-28"],
    );
}

const FOR_FIVE_YEARS: &str = "HOSTING AGREEMENT\n\nThis agreement is made on 12 May 2003 between Lark Ltd and Finch Ltd.\n\nThis agreement shall be for a term of five years from the date of this document. For two years after its termination the parties keep records.\n";

#[test]
fn a_term_without_a_date_is_computed_with_its_evidence() {
    let result = by_rules(FOR_FIVE_YEARS);
    let computed = result.findings.iter().find(|f| f.notes.derived).expect("a computed date");
    assert_eq!(answer(&result, Role::ExpirationDate), "2008-05-12");
    let quotes: Vec<&str> = computed.quotes.iter().map(|quote| quote.text.as_str()).collect();
    assert_eq!(quotes, ["five years from the date of this document", "12 May 2003"]);
    assert_eq!(
        computed.why.as_deref(),
        Some(
            "Computed: five years from the date of this document, counted from 2003-05-12; the document does not give this date itself."
        )
    );
    assert_eq!((computed.kind.as_str(), computed.opinion), ("date", Opinion::Rules));
    assert!(result.sections[0].findings.contains(&computed.id), "it stands among the dates");
}

#[test]
fn a_term_from_an_open_day_has_no_computed_date_and_says_so() {
    let text = "NETWORK AGREEMENT\n\nThis Network Agreement is made as of March 14, 2011 between Reef LLC and Kelp Inc. The Effective Date will be on or about ____________.\n\nThe term of this Agreement shall continue for five (5) years from the Effective Date.\n";
    let result = by_rules(text);
    assert_eq!(answer(&result, Role::ExpirationDate), "?");
    let (_, claim) = &claims(&result, Role::ExpirationDate)[0];
    assert!(claim.why.contains("leaves open"), "{}", claim.why);
}

#[test]
fn an_amendment_that_extends_the_term_says_until_when() {
    assert_days(
        "FIRST AMENDMENT\n\nThis First Amendment to Lease Agreement is made as of November 12, 2014 between Alder Homes LLC and Mill Lane Inc. and amends that certain Lease Agreement dated January 1, 2012.\n\nWHEREAS, the term of the Lease Agreement expires on December 31, 2014;\n\n1. The term of the Lease Agreement is hereby extended until December 31, 2017. It may be extended until December 31, 2020.\n",
        ["2014-11-12", "-", "2017-12-31"],
    );
    assert_days(
        "AMENDMENT NO. 1\n\nThis Amendment No. 1 to the Service Agreement is entered into on May 22, 2007 by Bolt Co. and Nut Ltd.\n\nThe expiration date of the Service Agreement is hereby extended from June 30, 2007 to March 31, 2009.\n",
        ["2007-05-22", "-", "2009-03-31"],
    );
    assert_days(
        "AMENDMENT NO. 1\n\nThis Amendment No. 1 to the Service Agreement is entered into on May 22, 2007 by Bolt Co. and Nut Ltd.\n\nSection 9 is amended by deleting the expiration date \"June 30, 2007\" and inserting \"March 31, 2009\" in its place.\n",
        ["2007-05-22", "-", "2009-03-31"],
    );
}

#[test]
fn a_right_to_extend_is_no_end() {
    assert_days(
        "LEASE\n\nThis Lease is made on 1 May 2003 between Lark Ltd and Finch Ltd. If the tenant so elects, the term of this Lease shall be further extended until 1 May 2010.\n",
        ["2003-05-01", "-", "-"],
    );
}

#[test]
fn the_later_of_two_signatures_is_the_effective_date_where_it_is_defined_so() {
    let text = "OUTSOURCING AGREEMENT\n\nThis Outsourcing Agreement is between Hallam Insurance Group, Inc. and Datum Hosting Corporation and is effective as of the later of the dates of signature below (the \"Effective Date\").\n\nThe term of this Agreement begins on the Effective Date and continues for five (5) years.\n\nHALLAM INSURANCE GROUP, INC.\nBy: /s/ J. Whitlock\nDate: July 2, 2008\n\nDATUM HOSTING CORPORATION\nBy: /s/ P. Sorel\nDate: June 27, 2008\n";
    assert_days(text, ["2008-07-02", "2008-07-02", "2013-07-02"]);
}

#[test]
fn an_engagement_by_letter_begins_and_ends() {
    assert_days(
        "May 9, 2011\n\nMr. Simon Treece\n\nDear Mr. Treece:\n\nThis letter agreement confirms our engagement. The engagement under this letter agreement will begin on May 16, 2011 and end on May 15, 2012. Our letter of February 2, 2010 expired on February 1, 2011.\n",
        ["2011-05-09", "2011-05-16", "2012-05-15"],
    );
}

#[test]
fn a_list_of_conditions_gives_the_term_in_its_row() {
    assert_days(
        "LICENCE AGREEMENT\n\nThis licence agreement is made on December 3, 2019 between Nova Shoes Inc. and Ann Tomlin.\n\nTerm: January 1, 2020 through December 31, 2022.\nFirst payment: January 15, 2020 to the account of Ann Tomlin.\n",
        ["2019-12-03", "2020-01-01", "2022-12-31"],
    );
}

#[test]
fn the_end_is_found_behind_an_aside_and_in_a_year_of_accounts() {
    assert_days(
        "LEASE\n\nThis Lease is made as of February 11, 2005 between Dock Street LLC and Wren Mills, Inc. The Lease Term shall commence on March 1, 2005 and shall expire, unless sooner terminated, at 11:59 p.m. on February 28, 2010.\n",
        ["2005-02-11", "2005-03-01", "2010-02-28"],
    );
    assert_days(
        "CONCESSION\n\nThis Concession Agreement is made as of July 18, 2003 between Tolland Port Inc. and Mayfair Caterers LLC. The term runs through the end of the fiscal year ending June 30, 2008. Reports are due for the fiscal year ending June 30, 2004.\n",
        ["2003-07-18", "-", "2008-06-30"],
    );
}

#[test]
fn the_day_before_an_anniversary_is_one_day_earlier() {
    for end in [
        "on the day preceding the fifth anniversary of the Commencement Date",
        "on the fifth anniversary of the Commencement Date less one day",
    ] {
        let text = format!(
            "SPONSORSHIP AGREEMENT\n\nThis Agreement is made as of November 21, 2016 between Arena Partners LP and Moss Insurance Co. The term of this Agreement shall commence on January 1, 2017 (the \"Commencement Date\") and shall end {end}.\n"
        );
        assert_days(&text, ["2016-11-21", "2017-01-01", "2021-12-31"]);
    }
}

#[test]
fn a_day_alone_over_the_signatures_dates_what_has_no_other_date() {
    assert_days(
        "Wartungsvertrag\n\nzwischen der Stadtwerke Erlau GmbH und der Klimatec AG\n\nDer Vertrag beginnt am 1. September 2020 und endet am 31. August 2022.\n\nErlau, den 24. August 2020\n\n_______________            _______________\nStadtwerke Erlau GmbH      Klimatec AG\n",
        ["2020-08-24", "2020-09-01", "2022-08-31"],
    );
}

#[test]
fn an_agreement_without_an_end_says_where_it_says_so() {
    let text = "LICENCE\n\nThis Licence Agreement is made on 1 May 2003 between Lark Ltd and Finch Ltd. This Agreement shall continue in effect until terminated by either party.\n";
    let result = by_rules(text);
    assert_eq!(answer(&result, Role::ExpirationDate), "-");
    let section = result.sections.iter().find(|s| s.title == "Expiration date").expect("a section");
    assert_eq!(
        section.empty,
        "The rules found none. It runs until it is ended: “This Agreement shall continue in effect until terminated by either party”."
    );
}

#[test]
fn what_is_no_agreement_has_no_roles() {
    let text = "Minutes of 3 May 2022\n\nPresent: Ann, Ben. The budget runs until 1 June 2022. Ann signed on 4 May 2022.\n";
    let result = by_rules(text);
    assert!(result.findings.iter().all(|finding| finding.notes.roles.is_empty()));
    assert!(result.sections.iter().all(|section| section.title != "Agreement date"));
}

#[test]
fn dates_of_attached_forms_do_not_outweigh_the_agreement() {
    let body =
        "The goods are delivered as ordered and paid as agreed between the parties. ".repeat(90);
    let text = format!(
        "SUPPLY AGREEMENT\n\nThis Supply Agreement is made on 5 May 2011 between Kelp Inc. and Reef LLC. It is agreed that this Supply Agreement is effective as of the date first above written.\n\n{body}\n\nIN WITNESS WHEREOF the parties have signed.\n\n{body}\n\nEXHIBIT A\n\nThis Escrow Agreement is made on 6 June 2012 (the \"Effective Date\").\n"
    );
    assert_days(&text, ["2011-05-05", "2011-05-05", "-"]);
}

#[test]
fn parties_are_told_with_their_short_names() {
    let text = "LICENSE AGREEMENT\n\nThis License Agreement is made on 5 May 2011 by and between Quill Holdings Ltd (\"Licensor\") and Nib Works LLC (\"Licensee\"). The goods come from Harbour Tools Inc. of Ohio.\n";
    let result = by_rules(text);
    let parties: Vec<(String, String)> =
        claims(&result, Role::Party).into_iter().map(|(name, claim)| (name, claim.why)).collect();
    assert_eq!(
        parties,
        [
            (
                "Quill Holdings Ltd".to_owned(),
                "Named in the preamble, called “Licensor”.".to_owned()
            ),
            ("Nib Works LLC".to_owned(), "Named in the preamble, called “Licensee”.".to_owned()),
        ]
    );
}

#[test]
fn hostile_lengths_are_read_in_time_and_without_panic() {
    let texts = [
        "This Agreement is made on ".repeat(20_000),
        "1 May 2003 ".repeat(30_000) + "this agreement",
        "this agreement (".repeat(30_000) + "1 May 2003",
        "ünïcödé — this agreement commences 1 May 2003 “Effective Date” ".repeat(3_000),
    ];
    for text in texts {
        let started = std::time::Instant::now();
        let _ = by_rules(&text);
        assert!(started.elapsed().as_secs() < 60, "{}", &text[..20]);
    }
}
