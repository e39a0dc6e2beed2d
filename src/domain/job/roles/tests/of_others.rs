//! Dates that belong to something else than the agreement: to a tender, to what
//! is amended, to a right that nobody has used yet.

use super::{assert_days, by_rules};

#[test]
fn a_tender_in_the_recitals_does_not_date_the_agreement() {
    assert_days(
        "SERVICES AGREEMENT\nbetween\nMarl District Council\nand\nTern Scanning Limited\nEffective Date: 1 May 2024\nSigned by the last Party on 9 May 2024\n\nBackground\n\n(a) Tern Scanning Limited submitted a tender dated 3 November 2023, which the Council accepted.\n\n1. This Agreement is governed by the law of England.\n",
        ["2024-05-09", "2024-05-01", "-"],
    );
    assert_days(
        "Werkvertrag\n\nDieser Vertrag beruht auf dem Angebot vom 3. November 2023 und wurde unterzeichnet von beiden Parteien am 9. Mai 2024.\n",
        ["2024-05-09", "-", "-"],
    );
}

#[test]
fn the_effective_date_of_what_is_amended_is_not_the_amendments() {
    assert_days(
        "FIRST AMENDMENT\n\nThis amendment is made on 4 June 2024 between Marl Council and Tern Ltd. It amends the Services Agreement with the Effective Date 1 May 2023 (the “Agreement”).\n\nThe Agreement goes on.\n",
        ["2024-06-04", "-", "-"],
    );
    assert_days(
        "FIRST AMENDMENT\n\nThis amendment is made on 4 June 2024 between Marl Council and Tern Ltd. The Effective Date of the Agreement is 1 May 2023.\n\n1.2 This amendment takes effect on 15 July 2024.\n",
        ["2024-06-04", "2024-07-15", "-"],
    );
}

#[test]
fn a_right_to_a_longer_term_does_not_move_its_end() {
    assert_days(
        "Beratungsvertrag\n\n(1) Der Vertrag wird am 4. Mai 2021 unterzeichnet.\n\n(2) Er endet mit Ablauf des 30.06.2022, ohne dass es einer Kündigung bedarf.\n\n(3) Die Auftraggeberin kann die Laufzeit einmalig bis zum 31.08.2022 verlängern.\n\n(4) Die Laufzeit wird, wenn beide es wünschen, bis zum 30.11.2022 verlängert.\n",
        ["2021-05-04", "-", "2022-06-30"],
    );
    assert_days(
        "LEASE\n\nThis Lease is made on 1 May 2003 between Lark Ltd and Finch Ltd. The tenant may, as it wishes, extend the term until 1 May 2010. The term ends on 1 May 2008.\n",
        ["2003-05-01", "-", "2008-05-01"],
    );
    assert_days(
        "Nachtrag\n\nDieser Nachtrag wird am 4. Mai 2022 geschlossen. Die Laufzeit des Vertrags wird bis zum 31.08.2023 verlängert.\n",
        ["2022-05-04", "-", "2023-08-31"],
    );
}

#[test]
fn a_term_said_of_a_pronoun_is_reckoned() {
    assert_days(
        "Non-Disclosure Agreement\n\nEffective Date: 1 March 2016\n\nSigned on: 11 March 2016\n\n8.1 This Agreement takes effect on the Effective Date.\n\n8.2 It continues for two years from the Effective Date unless it is ended earlier.\n",
        ["2016-03-11", "2016-03-01", "2018-03-01"],
    );
}

#[test]
fn what_a_witness_reads_out_makes_no_agreement_of_a_record() {
    // Lines that are all alike would be taken for a page's running head.
    let line = |n: u32| format!("  {n:2}   Q.   Did Owner sign this Agreement, page {n}?\n");
    let lines = (1..15).map(line).collect::<Vec<String>>().concat();
    let result =
        by_rules(&format!("DEPOSITION OF ANN PIKE\n\n{lines}\n   Dated January 21, 2019.\n"));
    assert!(result.findings.iter().all(|finding| finding.notes.roles.is_empty()));
}

#[test]
fn verbs_with_accented_letters_are_read() {
    assert_days(
        "CONTRAT\n\nLe présent contrat est régi par la loi. Établi à Lyon le 3 mai 2021\n",
        ["2021-05-03", "-", "-"],
    );
    assert_days(
        "ADDENDUM\n\nQuesto accordo è stipulato il 3 luglio 2018 tra Alfa S.p.A. e Beta S.r.l. La durata del contratto è prorogata fino al 31 agosto 2020.\n",
        ["2018-07-03", "-", "2020-08-31"],
    );
    assert_days(
        "Este contrato, celebrado em 2 de fevereiro de 2017 entre Alfa Ltda. e Beta Ltda., vigorará por dois anos a partir da data de assinatura.\n",
        ["2017-02-02", "-", "2019-02-02"],
    );
}
