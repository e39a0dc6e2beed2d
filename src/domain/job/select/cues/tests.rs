use super::*;

#[test]
fn words_that_end_in_an_accent_are_told_like_others() {
    for said in [
        "Nous avons décidé de vendre la grue.",
        "Se acordó vender la grúa.",
        "Il a été décidé de vendre.",
    ] {
        assert!(decides(said), "{said}");
    }
    for said in ["El club deberá pagar.", "Il club dovrà pagare.", "O clube deverá pagar."] {
        assert!(has_duty(said) && is_no_account(said), "{said}");
    }
    assert!(denial("Tom negó la deuda.").is_some() && is_no_account("Il club può vendere."));
}

#[test]
fn what_deals_with_risks_is_none() {
    for said in [
        "Kickoff meeting for the vulnerability management group",
        "The incident report came on Monday, as promised.",
        "Das Risikomanagement trifft sich am Montag.",
    ] {
        assert!(risk(said).abs() < f64::EPSILON, "{said}");
    }
    assert!(risk("The incident report came late: two files were lost.") > 1.0);
    assert!(risk("A vulnerability of the server was found.") >= 1.0);
}
