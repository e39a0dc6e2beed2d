use crate::domain::fact::{FactKind, Value};
use crate::domain::recognise::recognise;

/// Who must do it ("-" where that is not said) and whether it is forbidden.
fn duties(text: &str) -> Vec<(String, bool)> {
    let found = recognise(text).into_iter().filter(|fact| fact.kind == FactKind::Obligation);
    found
        .map(|fact| {
            let who = match fact.value {
                Some(Value::Text(who)) => who,
                _ => "-".to_owned(),
            };
            (who, fact.rule == "obligation.negated")
        })
        .collect()
}

#[track_caller]
fn assert_duty(text: &str, who: &str, negated: bool) {
    assert_eq!(duties(text), [(who.to_owned(), negated)], "{text}");
}

/// Enough words for the language to be told; it obliges nobody.
const FRENCH: &str =
    "Le contrat est conclu entre les parties pour la vente des biens dans le pays.\n\n";
const SPANISH: &str =
    "El contrato se celebra entre las partes por la venta de los bienes en el país.\n\n";
const ITALIAN: &str = "Il contratto è concluso tra le parti per la vendita dei beni nel paese.\n\n";
const PORTUGUESE: &str =
    "O contrato é celebrado entre as partes para a venda dos bens no país.\n\n";
const GERMAN: &str =
    "Der Vertrag ist zwischen den Parteien über die Ware geschlossen und gilt.\n\n";

#[test]
fn duties_name_who_has_them() {
    for (text, who, negated) in [
        ("The Supplier shall deliver the goods.", "The Supplier", false),
        ("The Buyer hereby undertakes to pay.", "The Buyer", false),
        ("Each of the Parties covenants not to compete.", "Each of the Parties", true),
        ("The Agent is prohibited from selling the goods.", "The Agent", true),
        ("No Shareholder shall sell its shares.", "No Shareholder", true),
        ("The Tenant must not keep pets.", "The Tenant", true),
        ("The Supplier shall be required to insure the goods.", "The Supplier", false),
        ("Payment shall be made within thirty days.", "-", false),
        ("All taxes shall be paid by the Buyer when due.", "the Buyer", false),
        ("The goods may not be resold by either Party.", "either Party", true),
    ] {
        assert_duty(text, who, negated);
    }
}

#[test]
fn who_has_a_duty_is_somebody_and_no_word_of_another_phrase() {
    for (text, who) in [
        ("The list shall be added to.", "-"),
        ("Such goods must carry a mark.", "-"),
        ("The Products shall carry a mark.", "-"),
        ("Any delay in payment by the Buyer shall bear interest.", "-"),
        ("The officers of the Seller shall keep it secret.", "The officers of the Seller"),
        ("The Party receiving the data shall keep it.", "The Party receiving the data"),
        ("It is due, and the Seller promptly shall pay.", "the Seller"),
        ("Upon notice of such Claim and the Seller shall pay.", "the Seller"),
        ("During the Term Acme shall pay.", "Acme"),
        ("In no event shall it be assigned.", "-"),
        ("Escalations shall be answered at once.", "-"),
        ("The Foundation shall pay the fee.", "The Foundation"),
        ("Use of the Product must comply with the law.", "-"),
        ("iForm shall pay the fee.", "iForm"),
    ] {
        let found = duties(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].0, who, "{text}");
    }
}

#[test]
fn a_duty_begins_behind_the_heading_that_runs_into_it() {
    let text = "Sale of Goods The Seller covenants not to sell any goods elsewhere.\n";
    let found = recognise(text);
    let duty = found.iter().find(|fact| fact.kind == FactKind::Obligation).expect("a duty");
    let words = duty.span.slice(text);
    assert_eq!(words, Some("The Seller covenants not to sell any goods elsewhere."));
}

#[test]
fn six_languages_have_their_duties() {
    for (lead, text, who, negated) in [
        (FRENCH, "Le Fournisseur doit livrer les biens dans le délai.", "Le Fournisseur", false),
        (FRENCH, "L'Acheteur s'engage à payer le prix des biens.", "L'Acheteur", false),
        (FRENCH, "Aucune partie ne peut céder le contrat.", "Aucune partie", true),
        (SPANISH, "El Vendedor deberá entregar los bienes en el plazo.", "El Vendedor", false),
        (SPANISH, "El Comprador se obliga a pagar el precio de los bienes.", "El Comprador", false),
        (SPANISH, "El Agente no podrá ceder el contrato por su cuenta.", "El Agente", true),
        (ITALIAN, "Il Fornitore deve consegnare i beni nel termine.", "Il Fornitore", false),
        (ITALIAN, "Il Cliente si impegna a pagare il prezzo dei beni.", "Il Cliente", false),
        (ITALIAN, "Il Cliente non può cedere il contratto.", "Il Cliente", true),
        (PORTUGUESE, "O Fornecedor deverá entregar os bens no prazo.", "O Fornecedor", false),
        (PORTUGUESE, "O Comprador obriga-se a pagar o preço dos bens.", "O Comprador", false),
        (PORTUGUESE, "O Agente não poderá ceder o contrato.", "O Agente", true),
        (GERMAN, "Der Lieferant hat die Ware bis Mai zu liefern.", "Der Lieferant", false),
        (GERMAN, "Die Rechnung ist innerhalb von zehn Tagen zu zahlen.", "-", false),
    ] {
        assert_duty(&format!("{lead}{text}\n"), who, negated);
    }
}

#[test]
fn what_happens_by_itself_or_only_perhaps_obliges_nobody() {
    for text in [
        "This Agreement shall terminate on the last day of the Term.",
        "The term shall commence on the Effective Date.",
        "This Agreement shall be governed by the laws of Norway.",
        "This Section shall survive the end of the agreement.",
        "Nothing herein shall affect the rights of the parties.",
        "Neither party shall be liable for lost profits.",
        "The Buyer shall not be required to pay the fee.",
        "The services may not be available at all times.",
        "The notice shall be deemed received on the next day.",
        "If the Buyer shall fail to pay, the price rises.",
        "\"Vested Shares\" means the shares which the Buyer shall purchase.",
        "The Buyer shall have the right to inspect the goods.",
        "The Buyer shall own all rights in the goods.",
        "The Seller shall have full charge of the works.",
        "The seat of the Joint Venture shall be at Bergen.",
        "In no event shall either Party be liable for it.",
        "The Buyer shall not be held criminally or civilly liable for it.",
        "The Buyer shall be relieved of this duty.",
        "This agreement shall renew automatically each year.",
        "Such provision shall be severable from the rest.",
        "The Buyer will no longer have any right to the goods.",
        "The Buyer shall receive a notice of it.",
    ] {
        assert_eq!(duties(text), [], "{text}");
    }
}

#[test]
fn the_items_of_a_lead_in_have_its_subject() {
    let list = "The Supplier shall:\n(a) deliver the goods;\n(b) insure them.\n";
    assert_eq!(duties(list), vec![("The Supplier".to_owned(), false); 3]);
    let french =
        format!("{FRENCH}Le Fournisseur s'engage à :\n(a) livrer les biens ;\n(b) les assurer.\n");
    assert_eq!(duties(&french), vec![("Le Fournisseur".to_owned(), false); 3]);
}
